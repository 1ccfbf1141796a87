//! Windows of the ledger: which one is asked for, and its rows.

use crate::domain::hold::Holder;
use crate::domain::note::{Block, Group, NoteId};
use crate::domain::person::Sex;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which notes a ledger window shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LedgerFilter {
    /// Only these groups; empty for all.
    pub groups: Vec<Group>,
    /// Only notes whose name, kana, id or birth date holds this (folded).
    pub text: String,
    /// Only resolved notes that are to be looked up again (DOM-91).
    #[serde(default)]
    pub follow: bool,
}

/// A window of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// Number of the first row.
    pub offset: usize,
    /// Rows that fit the filter.
    pub matching: usize,
    /// All notes.
    pub total: usize,
    /// The rows.
    pub rows: Vec<LedgerRow>,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The note.
    pub id: NoteId,
    /// Its revision.
    pub revision: u32,
    /// When it was taken.
    pub taken: Timestamp,
    /// Name, or kana where there is no name.
    pub name: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別.
    pub sex: Option<Sex>,
    /// When it is looked up again, if it is.
    pub follow: Option<Date>,
    /// Group, for marks.
    pub group: Group,
    /// The word of the column 状態.
    pub state: String,
    /// The words of the column 次にすること.
    pub next: String,
    /// What keeps it from being asked for.
    #[serde(default)]
    pub block: Option<Block>,
    /// Who else has it open to change it.
    #[serde(default)]
    pub held: Option<Box<Holder>>,
}
