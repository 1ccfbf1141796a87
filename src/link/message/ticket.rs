//! The ticket that ties an answer to its question, and which messages carry
//! one.

use super::{ToDesk, ToFront};
use serde::{Deserialize, Serialize};

/// Ties an answer to its question. Given out by the front end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(pub u64);

impl ToDesk {
    /// The ticket of a question; `None` for what is not answered.
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Login { ticket, .. }
            | Self::Lookup { ticket, .. }
            | Self::Search { ticket, .. }
            | Self::Choose { ticket, .. }
            | Self::Register { ticket, .. }
            | Self::Download { ticket, .. }
            | Self::SaveNote { ticket, .. }
            | Self::CancelNote { ticket, .. }
            | Self::ResolveNote { ticket, .. }
            | Self::AbsentNote { ticket, .. }
            | Self::FollowNote { ticket, .. }
            | Self::RetryNote { ticket, .. }
            | Self::NoteStep { ticket, .. }
            | Self::SettleNote { ticket, .. }
            | Self::Ledger { ticket, .. }
            | Self::OpenNote { ticket, .. }
            | Self::HoldNote { ticket, .. }
            | Self::Export { ticket, .. }
            | Self::Import { ticket, .. }
            | Self::Print { ticket, .. }
            | Self::Opening { ticket }
            | Self::TickOpening { ticket, .. }
            | Self::NewOpening { ticket, .. }
            | Self::Locks { ticket }
            | Self::Unlock { ticket, .. }
            | Self::Audit { ticket, .. }
            | Self::Journal { ticket, .. }
            | Self::Card { ticket, .. }
            | Self::ReadCard { ticket, .. }
            | Self::ProveCard { ticket, .. }
            | Self::CardNotes { ticket, .. }
            | Self::Notices { ticket } => Some(*ticket),
            Self::Hello { .. }
            | Self::Logout
            | Self::Active { .. }
            | Self::Draft(_)
            | Self::DropDraft
            | Self::NoticeRead { .. }
            | Self::ProbeNow
            | Self::Sync { .. }
            | Self::DropCard
            | Self::ReleaseNote { .. }
            | Self::DemoCard { .. }
            | Self::DemoOutage { .. } => None,
        }
    }
}

impl ToFront {
    /// The ticket this answers; `None` for what nobody asked.
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::LoggedIn { ticket, .. }
            | Self::LookedUp { ticket, .. }
            | Self::Searched { ticket, .. }
            | Self::Done { ticket }
            | Self::Saved { ticket, .. }
            | Self::Noted { ticket, .. }
            | Self::Held { ticket, .. }
            | Self::Page { ticket, .. }
            | Self::Exported { ticket, .. }
            | Self::Journal { ticket, .. }
            | Self::Imported { ticket, .. }
            | Self::Opening { ticket, .. }
            | Self::Notices { ticket, .. }
            | Self::Locks { ticket, .. }
            | Self::Card { ticket, .. }
            | Self::CardRead { ticket, .. }
            | Self::CardProved { ticket, .. }
            | Self::Failed { ticket, .. } => Some(*ticket),
            Self::Welcome(_)
            | Self::Mismatch { .. }
            | Self::Status(_)
            | Self::Able(_)
            | Self::LoggedOut(_)
            | Self::IdleWarning { .. }
            | Self::SyncTaken { .. }
            | Self::TakenOver { .. }
            | Self::OpeningChanged
            | Self::LedgerChanged => None,
        }
    }
}
