//! Says so when the desk service owes an answer and gives no sign of life:
//! the clerk must not wait before a screen that will not change.

use super::{App, Tone};
use crate::domain::time::Now;
use crate::front::wording;
use crate::link::message::ToDesk;
use std::time::Duration;

/// For what the desk answers by itself.
const DESK: Duration = Duration::from_secs(10);
/// For what the central system has to answer: behind its own time limits.
const CENTRAL: Duration = Duration::from_secs(45);

/// For a reading: the card may be put down later, and the desk says by itself
/// when it gives no answer.
const CARD: Duration = Duration::from_secs(24 * 60 * 60);

/// A question under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    at: Duration,
    patience: Duration,
}

impl Asked {
    /// Asked now.
    pub(super) fn now(now: Now, question: &ToDesk) -> Self {
        let patience = match question {
            ToDesk::Login { .. }
            | ToDesk::Lookup { .. }
            | ToDesk::Search { .. }
            | ToDesk::Choose { .. }
            | ToDesk::Register { .. }
            | ToDesk::RetryNote { .. } => CENTRAL,
            ToDesk::ReadCard { .. } | ToDesk::ProveCard { .. } => CARD,
            _ => DESK,
        };
        Self {
            at: now.mono,
            patience,
        }
    }
}

/// When the desk was heard last, and whether its silence has been said.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    heard: Duration,
    /// Greeted, not answered yet.
    greeted: Option<Duration>,
    said: bool,
}

impl Keeper {
    /// It was greeted.
    pub(super) fn greeted(&mut self, now: Duration) {
        self.greeted.get_or_insert(now);
    }
}

impl App {
    /// Something was heard.
    pub(super) fn desk_heard(&mut self, now: Now) {
        self.patience.heard = now.mono;
        self.patience.greeted = None;
        if std::mem::take(&mut self.patience.said)
            && matches!(&self.message, Some((_, text)) if text == wording::DESK_SILENT)
        {
            self.message = None;
        }
    }

    /// When the silence has lasted too long, if nothing happens before.
    pub(super) fn desk_due(&self) -> Option<Duration> {
        if self.patience.said {
            return None;
        }
        let heard = self.patience.heard;
        let asked = self
            .open
            .values()
            .filter(|_| self.known.linked)
            .map(|asked| heard.max(asked.at) + asked.patience);
        let greeted = self.patience.greeted.map(|at| at + DESK);
        asked.chain(greeted).min()
    }

    /// Says so when it is time.
    pub(super) fn watch_desk(&mut self, now: Now) {
        if self.known.welcome.is_none() {
            self.patience.greeted(now.mono);
        }
        if self.desk_due().is_some_and(|due| due <= now.mono) {
            self.patience.said = true;
            // Another version of the desk was said already, for one.
            if !matches!(self.message, Some((Tone::Error, _))) {
                self.say(Tone::Warning, wording::DESK_SILENT);
            }
        }
    }
}
