//! The spill: where notes go while the ledger cannot be written, as people are
//! told of it (REL-4).

use serde::{Deserialize, Serialize};

/// What is kept outside the ledger, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spilled {
    /// Notes that wait to be taken into the ledger.
    pub notes: usize,
    /// The folder, as it may be shown; `None` if nothing can be kept anywhere.
    pub place: Option<String>,
    /// The ledger could not be read in this run: what is shown are the notes
    /// of the spill alone.
    #[serde(default)]
    pub unknown: bool,
}
