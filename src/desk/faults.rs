//! What a fault on the way means: for the person who asked, and for the line.

use super::state::Desk;
use crate::central::call::{Answer, Fault};
use crate::domain::account::{AccountKind, Right};
use crate::domain::failure::Failure;
use crate::domain::line::LineState;
use crate::domain::outcome::Outcome;
use jiff::Timestamp;

/// Whether the central system was there at all: a refusal is a sign of life.
pub(super) fn alive(result: &Result<Answer, Fault>) -> bool {
    !matches!(
        result,
        Err(Fault::Unreachable(_)
            | Fault::NoAnswer
            | Fault::Garbled(_)
            | Fault::Status {
                status: 500..=599,
                ..
            })
    )
}

/// How it went, for an audit line.
pub(super) fn outcome(fault: &Fault) -> Outcome {
    match fault {
        Fault::Unreachable(_) => Outcome::Unreachable,
        Fault::NoAnswer => Outcome::NoAnswer,
        Fault::Garbled(_) => Outcome::Garbled,
        Fault::Status { .. } => Outcome::Status,
        Fault::Unauthorized => Outcome::SessionExpired,
        Fault::WrongPassword => Outcome::WrongPassword,
        Fault::Locked => Outcome::Locked,
        Fault::Inactive => Outcome::Inactive,
        Fault::AlreadyLoggedIn => Outcome::AlreadyLoggedIn,
        Fault::NotAllowed => Outcome::NotAllowed,
        Fault::FunctionClosed => Outcome::FunctionClosed,
        Fault::WrongInstitution => Outcome::WrongInstitution,
        Fault::Refused { .. } => Outcome::Refused,
    }
}

impl Desk {
    /// The failure a person is told.
    pub(super) fn failure(&self, fault: Fault) -> Failure {
        match fault {
            Fault::Unreachable(cause) => Failure::Unreachable {
                cause,
                since: self.down_since(),
            },
            Fault::NoAnswer => Failure::NoAnswer,
            Fault::Garbled(what) => Failure::Garbled { what },
            Fault::Status { status, .. } => Failure::Unavailable { status },
            Fault::Unauthorized => Failure::SessionExpired,
            Fault::WrongPassword => Failure::WrongPassword { wait: 0 },
            Fault::Locked => Failure::AccountLocked,
            Fault::Inactive => Failure::AccountInactive,
            Fault::AlreadyLoggedIn => Failure::AlreadyLoggedIn,
            Fault::NotAllowed => Failure::NotAllowed {
                // Nobody at the desk asked.
                kind: AccountKind::WebApi,
                right: Right::Lookup,
            },
            Fault::FunctionClosed => Failure::FunctionClosed {
                period: self.notices.period(),
            },
            Fault::WrongInstitution => Failure::WrongInstitution {
                code: self.config.institution_code.clone(),
            },
            Fault::Refused { code, message } => Failure::Refused { code, message },
        }
    }

    /// Since when the line is down, if it is.
    pub(super) fn down_since(&self) -> Option<Timestamp> {
        match self.line.line() {
            LineState::Down { since, .. } => Some(*since),
            _ => None,
        }
    }
}
