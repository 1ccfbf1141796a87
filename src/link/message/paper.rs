//! Papers a front end has printed to a file.

use crate::domain::declaration::Sheet;
use serde::{Deserialize, Serialize};

/// Which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Print {
    /// 被保険者資格申立書.
    Declaration(Box<Sheet>),
    /// 利用報告書, from what the desk knows (DOM-75).
    Report,
}
