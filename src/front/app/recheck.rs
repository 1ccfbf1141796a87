//! A login that only the desk has checked is checked by the central system
//! once that is back: the person is asked for the password, but not in the
//! middle of a form or of a word.

use super::{App, Tone};
use crate::domain::line::LineState;
use crate::domain::time::Now;
use crate::front::keys::Context;
use crate::front::wording;
use crate::link::message::LogoutReason;
use std::time::Duration;

/// Nobody types any more after this long.
const QUIET: Duration = Duration::from_secs(1);

/// What is known of the moment.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    /// The last key.
    key: Duration,
    /// That it will be asked for has been said.
    said: bool,
}

impl Keeper {
    pub(super) fn touch(&mut self, now: Duration) {
        self.key = now;
    }
}

impl App {
    fn wants_recheck(&self) -> bool {
        let back = self.known.status.as_ref().is_some_and(|status| {
            matches!(status.line, LineState::Up { .. } | LineState::Slow { .. })
        });
        back && self.known.linked && self.known.offline.is_some() && self.known.staff.is_some()
    }

    /// Whether the screen holds nothing that the question would cut off.
    fn may_be_asked(&self) -> bool {
        let context = self.top().context();
        let typing = matches!(context, Context::Reason | Context::Reference | Context::Ask);
        self.asking.is_none() && self.blanked.is_none() && !typing && !self.top().begun()
    }

    /// When to ask, if nothing happens before.
    pub(super) fn recheck_due(&self) -> Option<Duration> {
        (self.wants_recheck() && self.may_be_asked()).then(|| self.recheck.key + QUIET)
    }

    /// Asks when it is time; says that it will.
    pub(super) fn check_again(&mut self, now: Now) {
        if !self.wants_recheck() {
            self.recheck.said = false;
            return;
        }
        if self.recheck_due().is_some_and(|due| due <= now.mono) {
            self.recheck.said = false;
            self.relogin(LogoutReason::Recovered);
        } else if !std::mem::replace(&mut self.recheck.said, true) {
            self.say(Tone::Good, wording::RECHECK_LATER);
        }
    }
}
