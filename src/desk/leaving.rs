//! Logins and logouts at the central system, in their order: a login that
//! overtook the logout of the same user ID would be refused there as a second
//! one (QG-37).

use super::staff::Attempt;
use super::state::{Desk, Purpose};
use crate::central::call::{Call, Token};
use std::time::Duration;

/// A login waits so long for a logout; what does not come by then may not
/// come at all.
const LONGEST: Duration = Duration::from_secs(3);

impl Desk {
    /// Ends a login of `user` at the central system.
    pub(super) fn ask_logout(&mut self, user: &str, token: Token) {
        let user = user.to_owned();
        self.ask(Call::Logout { token }, Purpose::Logout { user });
    }

    /// Asks the central system about a try, once no logout of the same ID is
    /// under way.
    pub(super) fn ask_login(&mut self, attempt: Attempt) {
        if self.leaves(&attempt.user).is_some() {
            return self.arriving.push(attempt);
        }
        let call = Call::Login {
            user: attempt.user.clone(),
            password: attempt.password.clone(),
            force: attempt.force,
        };
        self.ask(call, Purpose::Login(attempt));
    }

    /// Until when a login of `user` waits.
    fn leaves(&self, user: &str) -> Option<Duration> {
        let of = |purpose: &Purpose| matches!(purpose, Purpose::Logout { user: it } if it == user);
        let under_way = self.calls.values().filter(|asked| of(&asked.purpose));
        let until = under_way.map(|asked| asked.at + LONGEST);
        until.filter(|until| *until > self.now.mono).max()
    }

    /// Asks what need not wait any more.
    pub(super) fn let_arrive(&mut self) {
        for attempt in std::mem::take(&mut self.arriving) {
            self.ask_login(attempt);
        }
    }

    pub(super) fn next_arriving(&self) -> Option<Duration> {
        let waits = |attempt: &Attempt| self.leaves(&attempt.user);
        self.arriving.iter().filter_map(waits).min()
    }
}
