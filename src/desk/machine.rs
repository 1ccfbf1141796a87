//! The desk's own account (WebAPI用): logged in only when notes can be asked
//! for by 方法2 and nobody is there in whose name to ask.

use super::state::{Desk, Purpose};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::outcome::Outcome;
use crate::store::record::What;
use crate::store::remark::Remark;
use std::time::Duration;

/// Title of what is told of it.
const MACHINE: &str = "機械用アカウントについて";

/// Between two logins of the desk's own account: a token that is refused as
/// soon as it is given is not asked for in a circle.
const LOGIN_PAUSE: Duration = Duration::from_secs(60);

/// Where the desk's own account stands.
#[derive(Default)]
pub(super) enum Machine {
    #[default]
    Out,
    LoggingIn,
    In(Token),
    /// Not before this moment (monotonic).
    Resting(Duration),
    /// Wrong password, locked: trying again would only lock it for good.
    Refused,
}

impl Desk {
    /// Whether the desk's own account can be counted on.
    pub(super) fn machine_usable(&self) -> bool {
        self.config.machine.is_some() && !matches!(self.machine, Machine::Refused)
    }

    pub(super) fn machine_token(&self) -> Option<(String, Token)> {
        match (&self.machine, &self.config.machine) {
            (Machine::In(token), Some((user, _))) => Some((user.clone(), token.clone())),
            _ => None,
        }
    }

    /// Something is to be asked in its name: log in, if it may.
    pub(super) fn machine_wanted(&mut self) {
        let may = match self.machine {
            Machine::Out => true,
            Machine::Resting(until) => until <= self.now.mono,
            Machine::LoggingIn | Machine::In(_) | Machine::Refused => false,
        };
        let Some((user, password)) = self.config.machine.clone().filter(|_| may) else {
            return;
        };
        self.machine = Machine::LoggingIn;
        self.machine_last = Some(self.now.mono);
        // Its own account: a session left over from before is its own too.
        let force = true;
        self.ask(
            Call::Login {
                user,
                password,
                force,
            },
            Purpose::MachineLogin,
        );
    }

    pub(super) fn machine_answered(&mut self, result: Result<Answer, Fault>) {
        let user = self
            .config
            .machine
            .as_ref()
            .map_or_else(String::new, |(user, _)| user.clone());
        let outcome = match result {
            Ok(Answer::LoggedIn { token, .. }) => {
                self.machine = Machine::In(token);
                Outcome::Ok
            }
            Err(
                fault @ (Fault::WrongPassword
                | Fault::Unauthorized
                | Fault::Locked
                | Fault::Inactive
                | Fault::NotAllowed
                | Fault::WrongInstitution
                | Fault::Refused { .. }),
            ) => {
                self.machine = Machine::Refused;
                let text = format!(
                    "機械用アカウント {user} でログインできません。{} 職員がログインしている間だけ、控えを自動で照会します。",
                    self.failure(fault.clone())
                );
                self.notices
                    .say(self.now.wall, MACHINE, Remark::known(text));
                super::faults::outcome(&fault)
            }
            Ok(_) | Err(_) => {
                self.machine = Machine::Resting(self.now.mono + LOGIN_PAUSE);
                return;
            }
        };
        let outcome = outcome.code().to_owned();
        self.audit(What::Login { user, outcome });
    }

    /// The central system no longer takes its token.
    pub(super) fn machine_expired(&mut self, token: &Token) {
        if matches!(&self.machine, Machine::In(mine) if mine == token) {
            self.machine = match self.machine_last {
                Some(last) if self.now.mono < last + LOGIN_PAUSE => {
                    Machine::Resting(last + LOGIN_PAUSE)
                }
                _ => Machine::Out,
            };
        }
    }

    /// Whether `user` is the desk's own account, and its last token was refused
    /// as soon as it was given.
    pub(super) fn machine_rests(&self, user: &str) -> bool {
        matches!(self.machine, Machine::Resting(_))
            && (self.config.machine.as_ref()).is_some_and(|(mine, _)| mine == user)
    }

    pub(super) fn next_machine(&self) -> Option<Duration> {
        match self.machine {
            Machine::Resting(until) if until > self.now.mono => Some(until),
            _ => None,
        }
    }
}
