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
#[derive(Default)]
pub(super) struct Run {
    /// How long it went on, all in all, but for now.
    active: Duration,
    /// It goes on since this moment.
    since: Option<Duration>,
    /// Notes that are through.
    pub done: usize,
    /// How long those were on the line, all in all.
    whole: Duration,
    /// Questions that are over, and how long they were on the line.
    trips: u32,
    travelled: Duration,
    /// How long each of the others has been, but for where it is now.
    spent: BTreeMap<NoteId, Duration>,
}

/// What a run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub per_minute: u64,
    pub seconds_left: u64,
}

impl Run {
    /// Whether it goes on from now: a stop, an outage and a wait for the next
    /// try are no time of it.
    pub fn goes(&mut self, on: bool, now: Duration) {
        if on {
            self.since.get_or_insert(now);
        } else if let Some(since) = self.since.take() {
            self.active += now.saturating_sub(since);
        }
    }

    /// A question is over.
    pub fn travelled(&mut self, id: &NoteId, took: Duration) {
        self.trips = self.trips.saturating_add(1);
        self.travelled += took;
        *self.spent.entry(id.clone()).or_default() += took;
    }

    /// A note is resolved or a person's turn.
    pub fn through(&mut self, id: &NoteId) {
        // One asked for alone is none of the run's.
        if let Some(spent) = self.spent.remove(id) {
            self.done += 1;
            self.whole += spent;
        }
    }

    /// It is not asked for any more.
    pub fn forget(&mut self, id: &NoteId) {
        self.spent.remove(id);
    }
}

impl Sync {
    /// What a note takes is known from those that are through, how many are
    /// asked for at once from the time they were on the line while the run
    /// went on. Of those that have begun the rest is left, and never less than
    /// one question: who has several ways to go may take longer than others.
    pub(super) fn pace(&self, now: Duration) -> Option<Pace> {
        let run = self.run.as_ref().filter(|run| run.done >= FEWEST)?;
        let mut spent = run.spent.clone();
        for (id, since) in &self.line {
            if !self.alone.contains(id) {
                *spent.entry(id.clone()).or_default() += now.saturating_sub(*since);
            }
        }
        let begun: Duration = spent.values().sum();
        let active = run.active + run.since.map_or(Duration::ZERO, |s| now.saturating_sub(s));
        let at_once = (run.whole + begun).as_secs_f64() / active.as_secs_f64();
        if !at_once.is_normal() || run.whole.is_zero() {
            return None;
        }
        let done = u32::try_from(run.done).unwrap_or(u32::MAX);
        let (note, trip) = (run.whole / done, run.travelled / run.trips.max(1));
        let unbegun = self.left().saturating_sub(spent.len());
        let rests = spent
            .values()
            .map(|spent| note.saturating_sub(*spent).max(trip));
        let longest = rests.clone().max().unwrap_or_default();
        let longest = if unbegun > 0 {
            longest.max(note)
        } else {
            longest
        };
        let rests: f64 = rests.map(|rest| rest.as_secs_f64()).sum();
        #[allow(clippy::cast_precision_loss, reason = "no number of notes is so large")]
        let all = rests + unbegun as f64 * note.as_secs_f64();
        let seconds = (all / at_once).max(longest.as_secs_f64());
        // A try again has its time.
        let last = self.later.last().map(|(due, _)| due.saturating_sub(now));
        let least = last.unwrap_or_default().as_secs();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and a float's cast saturates"
        )]
        Some(Pace {
            per_minute: (at_once * 60.0 / note.as_secs_f64()).round() as u64,
            seconds_left: (seconds.round() as u64).max(least).max(1),
        })
    }
}
