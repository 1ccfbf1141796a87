//! Where records go while the journal cannot be written: sealed, checksummed
//! and fsynced files in a folder beside the store or on another disk, taken
//! into the journal when it is back (REL-4).

use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId};

/// What is to be known of the spill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// The folder records go to, as it may be shown; `None` if nothing can be
    /// kept anywhere.
    pub place: Option<String>,
    /// Letter of the numbers given out while the ledger is unknown; each
    /// place has its own.
    pub letter: char,
    /// Notes that wait to be taken into the ledger.
    pub waiting: usize,
    /// Why the ledger cannot be written; `None` when all is well.
    pub trouble: Option<String>,
    /// Notes found in it, left by an earlier run.
    pub notes: Vec<Note>,
    /// Drafts found in it.
    pub drafts: Vec<(String, Draft)>,
    /// Numbers given out before.
    pub given: Vec<NoteId>,
}
