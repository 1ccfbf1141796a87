//! お知らせ of the operating bodies (OUT-6, ADM-20).

use super::time::Period;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id at the central system.
    pub id: String,
    /// When it was published.
    pub at: Timestamp,
    /// First line.
    pub title: String,
    /// The text; may hold line ends.
    pub body: String,
    /// If it announces the outage function: the period (OUT-5, OUT-6).
    pub opens: Option<Period>,
}
