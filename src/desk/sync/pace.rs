//! How fast a run goes and how long it will still take, with several notes
//! on the line at once.

use super::Sync;
use crate::domain::note::NoteId;
use std::collections::BTreeMap;
use std::time::Duration;

/// Notes that must be through before anything is said: the first to come back
/// are the quick ones.
const FEWEST: usize = 3;

/// One run, for the state line.
pub(super) struct Run {
    began: Duration,
    /// Notes that are through.
    pub done: usize,
    /// How long those were on the line, all in all.
    whole: Duration,
    /// How long each of the others has been, but for where it is now.
    pub spent: BTreeMap<NoteId, Duration>,
}

/// What a run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub per_minute: u64,
    pub seconds_left: u64,
}

impl Run {
    pub fn new(began: Duration) -> Self {
        Self {
            began,
            done: 0,
            whole: Duration::ZERO,
            spent: BTreeMap::new(),
        }
    }

    /// A note is resolved or a person's turn.
    pub fn through(&mut self, id: &NoteId) {
        self.done += 1;
        self.whole += self.spent.remove(id).unwrap_or_default();
    }
}

impl Sync {
    /// What a note takes is known from those that are through, how many are
    /// asked for at once from the time they were on the line; what those on
    /// the line have behind them is not counted again. Without that, a first
    /// answer among eight would promise eight times the time.
    pub(super) fn pace(&self, now: Duration) -> Option<Pace> {
        let run = self.run.as_ref().filter(|run| run.done >= FEWEST)?;
        let on_line: Duration = (self.line.values())
            .map(|since| now.saturating_sub(*since))
            .sum();
        let begun: Duration = run.spent.values().sum::<Duration>() + on_line;
        let took = now.saturating_sub(run.began).as_secs_f64();
        let (whole, begun) = (run.whole.as_secs_f64(), begun.as_secs_f64());
        let at_once = (whole + begun) / took;
        if !at_once.is_normal() || whole <= 0.0 {
            return None;
        }
        #[allow(clippy::cast_precision_loss)]
        let (done, left) = (run.done as f64, self.left() as f64);
        let note = whole / done;
        let seconds = ((left * note - begun) / at_once).max(0.0);
        // A try again has its time.
        let last = self.later.last().map(|(due, _)| due.saturating_sub(now));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and a float's cast saturates"
        )]
        Some(Pace {
            per_minute: (at_once * 60.0 / note).round() as u64,
            seconds_left: (seconds.round() as u64).max(last.unwrap_or_default().as_secs()),
        })
    }
}
