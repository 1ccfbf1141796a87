//! The messages. Every question carries a [`Ticket`]; every answer carries it
//! back; an answer without an open ticket is dropped.

mod desk;
mod front;
mod ledger;
mod paper;
mod state;
mod ticket;

pub use desk::ToDesk;
pub use front::ToFront;
pub use ledger::{LedgerFilter, LedgerPage, LedgerRow};
pub use paper::Print;
pub use state::{LockedUser, LogoutReason, Status, SyncState, Welcome};
pub use ticket::Ticket;

use crate::domain::settling::Item;
use serde::{Deserialize, Serialize};

/// Raised with every incompatible change of the messages.
pub const VERSION: u32 = 14;

/// A front end, as the desk service numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrontId(pub u64);

/// A step of working a resolved note off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettlingStep {
    /// The answer has been read.
    Seen,
    /// Register or replace the 照会番号 of the entitlement.
    Register {
        /// The facility's number.
        reference: String,
    },
    /// Write the answer to an XML file.
    Download,
    /// The 申立書 has been destroyed (DOM-73).
    DeclarationDestroyed,
    /// What was said to be done is not after all ([`Item::is_said`]).
    Undone {
        /// What.
        item: Item,
    },
}

/// Stretches of the journal that may be asked for at once.
pub const STRETCHES: usize = 64;

/// Part of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first and its last record.
    pub records: Option<(u64, u64)>,
    /// A segment's file name, and the first and the last byte in it.
    pub bytes: Option<(String, u64, u64)>,
}

/// What is done with the audit lines; the journal itself is read by whoever
/// may read its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditUse {
    /// Read out; for administrators.
    Export,
    /// Held against themselves.
    Verify {
        /// How much was wrong.
        findings: u64,
    },
}

/// What became of a note from another ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Incoming {
    /// It was not here.
    New,
    /// It was here, and goes on from there.
    Newer,
    /// It is here already.
    Here,
    /// Its number belongs to another note here.
    Renamed,
}
