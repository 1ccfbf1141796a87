//! Which right a message needs. Every message stands in the list: a new one
//! does not compile until somebody has decided (SEC-11). The screens only
//! mirror this.

use super::state::Session;
use crate::domain::account::{Access, Right, access, access_offline};
use crate::domain::failure::Failure;
use crate::link::message::{AuditUse, SettlingStep, ToDesk};

/// What a front end needs before a message is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: reaches nobody's data (SEC-1).
    Nothing,
    /// Any login.
    Login,
    /// A login with this right.
    Right(Right),
}

/// What `message` needs.
pub(super) fn needs(message: &ToDesk) -> Needs {
    match message {
        ToDesk::Hello { .. }
        | ToDesk::Login { .. }
        | ToDesk::ProbeNow
        | ToDesk::DropCard
        | ToDesk::Journal { .. }
        | ToDesk::Audit {
            done: AuditUse::Verify { .. },
            ..
        }
        | ToDesk::DemoCard { .. }
        | ToDesk::DemoOutage { .. } => Needs::Nothing,
        ToDesk::Audit {
            done: AuditUse::Export,
            ..
        } => Needs::Right(Right::Audit),
        ToDesk::Logout
        | ToDesk::Active { .. }
        | ToDesk::Draft(_)
        | ToDesk::DropDraft
        | ToDesk::ReleaseNote { .. } => Needs::Login,
        ToDesk::Lookup { .. } | ToDesk::Register { .. } | ToDesk::Download { .. } => {
            Needs::Right(Right::Lookup)
        }
        // What goes to the central system or into a file needs the right to
        // look up; ticks are the ledger's own.
        ToDesk::NoteStep {
            step: SettlingStep::Register { .. } | SettlingStep::Download,
            ..
        } => Needs::Right(Right::Lookup),
        ToDesk::Search { .. } | ToDesk::Choose { .. } | ToDesk::ResolveNote { .. } => {
            Needs::Right(Right::OutageSearch)
        }
        // The paper and the telephone call belong to the outage, when nobody
        // can log in but offline.
        ToDesk::SaveNote { .. }
        | ToDesk::Ledger { .. }
        | ToDesk::Print { .. }
        | ToDesk::Opening { .. }
        | ToDesk::TickOpening { .. }
        | ToDesk::NewOpening { .. }
        // Above all for a note, when nothing else works.
        | ToDesk::Card { .. }
        | ToDesk::ReadCard { .. }
        | ToDesk::ProveCard { .. }
        | ToDesk::CardNotes { .. }
        | ToDesk::HoldNote { .. }
        | ToDesk::OpenNote { .. } => Needs::Right(Right::Ledger),
        ToDesk::CancelNote { .. }
        | ToDesk::RetryNote { .. }
        | ToDesk::SettleNote { .. }
        | ToDesk::AbsentNote { .. }
        | ToDesk::FollowNote { .. }
        | ToDesk::NoteStep { .. }
        | ToDesk::Sync { .. } => Needs::Right(Right::Decide),
        ToDesk::Export { .. } | ToDesk::Import { .. } => Needs::Right(Right::Transfer),
        ToDesk::Locks { .. } | ToDesk::Unlock { .. } => Needs::Right(Right::Accounts),
        ToDesk::Notices { .. } | ToDesk::NoticeRead { .. } => Needs::Right(Right::Notices),
    }
}

/// Why a login may not do what takes `right`.
pub(super) fn refused(session: &Session, right: Right) -> Option<Failure> {
    let kind = session.staff.kind;
    if access(kind, right) != Access::Allowed {
        return Some(Failure::NotAllowed { kind, right });
    }
    let limited = session.offline && access_offline(kind, right) != Access::Allowed;
    limited.then_some(Failure::OfflineOnly)
}

/// Whether the message comes of a key press and so keeps the idle log-off
/// away. A ledger that asks again because it changed does not (QG-14).
pub(super) fn from_keys(message: &ToDesk) -> bool {
    !matches!(
        message,
        ToDesk::Hello { .. }
            | ToDesk::Active { .. }
            | ToDesk::Ledger { .. }
            | ToDesk::OpenNote { .. }
            // Asked again when it becomes free.
            | ToDesk::HoldNote { take: false, .. }
            | ToDesk::ReleaseNote { .. }
            | ToDesk::Opening { .. }
            | ToDesk::Notices { .. }
            | ToDesk::NoticeRead { .. }
            // Asked when a card is put down, by nobody's key.
            | ToDesk::Card { .. }
            | ToDesk::CardNotes { .. }
            | ToDesk::DropCard
    )
}
