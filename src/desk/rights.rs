//! Which right a message needs. Every message stands in the list: a new one
//! does not compile until somebody has decided (SEC-11). The screens only
//! mirror this.

use crate::domain::account::Right;
use crate::link::message::{AuditUse, ToDesk};

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
        | ToDesk::Audit {
            done: AuditUse::Verify { .. },
            ..
        }
        | ToDesk::DemoOutage { .. } => Needs::Nothing,
        ToDesk::Audit {
            done: AuditUse::Export,
            ..
        } => Needs::Right(Right::Audit),
        ToDesk::Logout | ToDesk::Active { .. } | ToDesk::Draft(_) | ToDesk::DropDraft => {
            Needs::Login
        }
        ToDesk::Lookup { .. } | ToDesk::Register { .. } | ToDesk::Download { .. } => {
            Needs::Right(Right::Lookup)
        }
        ToDesk::Search { .. } | ToDesk::Choose { .. } | ToDesk::ResolveNote { .. } => {
            Needs::Right(Right::OutageSearch)
        }
        ToDesk::SaveNote { .. }
        | ToDesk::CancelNote { .. }
        | ToDesk::RetryNote { .. }
        | ToDesk::SettleNote { .. }
        | ToDesk::AbsentNote { .. }
        | ToDesk::FollowNote { .. }
        | ToDesk::Ledger { .. }
        | ToDesk::OpenNote { .. }
        | ToDesk::Sync { .. } => Needs::Right(Right::Ledger),
        ToDesk::Notices { .. } | ToDesk::NoticeRead { .. } => Needs::Right(Right::Notices),
    }
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
            | ToDesk::Notices { .. }
            | ToDesk::NoticeRead { .. }
    )
}
