//! Tells the desk service that somebody is at the keys, sparingly: at once,
//! then at most every ten seconds, and once more after the last key, so that
//! the idle time counts from that key (QG-14).

use crate::link::message::ToDesk;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(10);

/// When the last key was, and what the desk has been told.
#[derive(Debug, Clone, Default)]
pub(super) struct Keeper {
    last_key: Option<Duration>,
    told_at: Option<Duration>,
    untold: bool,
}

impl Keeper {
    /// A key was pressed.
    pub(super) fn touch(&mut self, now: Duration) {
        self.last_key = Some(now);
        self.untold = true;
    }

    /// Nobody is logged in any more: nothing to tell.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// When there is something to tell, if nothing happens before.
    pub(super) fn due(&self) -> Option<Duration> {
        self.untold
            .then(|| self.told_at.map_or(Duration::ZERO, |at| at + EVERY))
    }

    /// What to tell now.
    pub(super) fn tick(&mut self, now: Duration) -> Option<ToDesk> {
        if self.due().is_none_or(|due| now < due) {
            return None;
        }
        self.untold = false;
        self.told_at = Some(now);
        let ago = now.saturating_sub(self.last_key?);
        Some(ToDesk::Active {
            ago_ms: u64::try_from(ago.as_millis()).unwrap_or(u64::MAX),
        })
    }
}
