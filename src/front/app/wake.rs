//! What follows every message, and when a front end is to be woken if none
//! comes: as early as something changes by itself, and never for nothing.

use super::{App, Effect, Tone, screen};
use crate::domain::time::Now;
use crate::link::message::ToDesk;
use std::time::Duration;

impl App {
    /// What was asked for has come, and holds no more.
    pub(super) fn woken(&mut self) {
        self.wake = None;
    }

    /// Whether the desk service takes what is typed here.
    fn reports(&self) -> bool {
        self.known.linked && self.known.staff.is_some()
    }

    /// After every message: the draft, the idle clock and the next waking.
    pub(super) fn settle(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if self.reports() {
            let draft = self.current_draft();
            // A note goes behind the draft it was typed in, and ends it.
            let saved = |effect: &Effect| matches!(effect, Effect::Send(ToDesk::SaveNote { .. }));
            if let Some(at) = effects.iter().position(saved) {
                let draft = self.drafts.flush(draft).map(Effect::Send);
                effects.splice(at..at, draft);
            } else {
                effects.extend(self.drafts.tick(now.mono, draft).map(Effect::Send));
            }
            effects.extend(self.activity.tick(now.mono).map(Effect::Send));
        }
        self.fade(now);
        self.mind_holds(now, effects);
        self.mind_card(effects);
        self.watch_desk(now);
        self.check_again(now);
        if self.message.is_none() {
            let news = self.news.clone();
            self.message = news.map(|news| (Tone::Warning, news));
        }
        self.known.covered = screen::covered(self);
        let wake = self.next_wake(now);
        if wake != self.wake {
            self.wake = wake;
            effects.push(Effect::WakeAt(wake));
        }
    }

    /// The next moment at which something is to be done. What fell due has
    /// been done above; a moment that has passed all the same would be asked
    /// for again and again, and keep every later one from coming.
    fn next_wake(&self, now: Now) -> Option<Duration> {
        let reports = self.reports();
        [
            self.desk_due(),
            self.drafts.due().filter(|_| reports),
            self.activity.due().filter(|_| reports),
            self.recheck_due(),
            self.top().due(now),
            self.fading.map(|(until, _)| until),
            screen::shows_clock(self).then(|| next_minute(now)),
        ]
        .into_iter()
        .flatten()
        .inspect(|at| debug_assert!(*at > now.mono, "due at {at:?}, not done at {now:?}"))
        .filter(|at| *at > now.mono)
        .min()
    }
}

/// The monotonic moment at which the clock on the screen changes.
fn next_minute(now: Now) -> Duration {
    const MINUTE: Duration = Duration::from_secs(60);
    let into = now.wall.as_nanosecond().rem_euclid(60_000_000_000);
    let into = Duration::from_nanos(u64::try_from(into).unwrap_or_default());
    now.mono + MINUTE.saturating_sub(into)
}
