//! The watch for outages as a state machine: good and bad calls in, the state
//! of the line and the time of the next probe out (REL-15).

use super::line::LineState;
use super::time::Now;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How patient the watch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Between probes during an outage, before jitter.
    pub probe_every: Duration,
    /// Jitter of the probes, each way.
    pub probe_jitter: Duration,
    /// Good answers in a row that end an outage.
    pub probes_to_recover: u32,
    /// Between the probes that confirm a recovery.
    pub confirm_every: Duration,
    /// An answer later than this makes the line 遅い.
    pub slow_after: Duration,
}

/// A change that is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An outage began.
    Down,
    /// It ended.
    Recovered,
}

/// The line, and what is known about it.
#[derive(Debug, Clone)]
pub struct Breaker {
    settings: Settings,
    line: LineState,
    /// When the last outage ended; kept while the line is slow or checked.
    recovered: Option<Timestamp>,
    /// When the next probe is due (monotonic).
    probe_at: Option<Duration>,
    /// Good answers in a row during an outage.
    good: u32,
}

impl Breaker {
    /// Nothing is known yet; the first probe is due at once.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            line: LineState::Unknown,
            recovered: None,
            probe_at: Some(Duration::ZERO),
            good: 0,
        }
    }

    /// The line as the desk shows it.
    pub fn line(&self) -> &LineState {
        &self.line
    }

    /// When the next probe is due.
    pub fn probe_at(&self) -> Option<Duration> {
        self.probe_at
    }

    /// What an earlier run of the desk service left behind: the line was down
    /// since `since`, and nobody has seen it come back. It ends as any outage
    /// does, or has ended if the line has been answering meanwhile.
    pub fn restore(&mut self, now: Now, since: Timestamp) -> Option<Change> {
        let since = since.min(now.wall);
        self.line = match self.line {
            LineState::Down {
                since: seen,
                next_probe,
            } => LineState::Down {
                since: since.min(seen),
                next_probe,
            },
            LineState::Up { .. } | LineState::Slow { .. } => {
                self.recovered = Some(now.wall);
                self.line = self.up();
                return Some(Change::Recovered);
            }
            LineState::Unknown | LineState::Checking { .. } => LineState::Down {
                since,
                next_probe: now.wall,
            },
        };
        None
    }

    /// A probe is on its way.
    pub fn probe_sent(&mut self) {
        self.probe_at = None;
    }

    /// A person wants to know now.
    pub fn probe_now(&mut self, now: Now) {
        self.schedule(now, Duration::ZERO);
    }

    /// In outage mode, and the last probe failed: asking would only make a
    /// person wait for the same answer.
    pub fn closed(&self) -> bool {
        self.line.down() && self.good == 0
    }

    /// Something was answered, after `took`.
    pub fn good(&mut self, now: Now, took: Duration) -> Option<Change> {
        if self.line.down() {
            self.good += 1;
            if self.good < self.settings.probes_to_recover {
                self.schedule(now, self.settings.confirm_every);
                return None;
            }
            self.recovered = Some(now.wall);
            self.line = self.up();
            self.good = 0;
            self.probe_at = None;
            return Some(Change::Recovered);
        }
        if took > self.settings.slow_after {
            self.late(now);
        } else {
            self.line = self.up();
        }
        self.probe_at = None;
        None
    }

    /// A question has been without an answer for longer than `slow_after`.
    pub fn late(&mut self, now: Now) {
        if !matches!(self.line, LineState::Slow { .. } | LineState::Down { .. }) {
            self.line = LineState::Slow { since: now.wall };
        }
    }

    /// A call failed on the way. `probe` says whether it was a probe, `roll`
    /// is a random number for the jitter.
    pub fn bad(&mut self, now: Now, probe: bool, roll: u64) -> Option<Change> {
        self.good = 0;
        match self.line {
            LineState::Unknown | LineState::Up { .. } | LineState::Slow { .. } => {
                self.line = LineState::Checking { since: now.wall };
                self.schedule(now, Duration::ZERO);
                None
            }
            LineState::Checking { .. } if !probe => None,
            LineState::Checking { since } => {
                self.line = LineState::Down {
                    since,
                    next_probe: now.wall,
                };
                self.schedule(now, self.jittered(roll));
                Some(Change::Down)
            }
            LineState::Down { .. } => {
                self.schedule(now, self.jittered(roll));
                None
            }
        }
    }

    fn up(&self) -> LineState {
        LineState::Up {
            recovered: self.recovered,
        }
    }

    fn jittered(&self, roll: u64) -> Duration {
        let jitter = u64::try_from(self.settings.probe_jitter.as_millis()).unwrap_or(0);
        let shift = Duration::from_millis(roll % (2 * jitter + 1));
        (self.settings.probe_every + shift)
            .saturating_sub(self.settings.probe_jitter)
            .max(Duration::from_millis(100))
    }

    fn schedule(&mut self, now: Now, after: Duration) {
        self.probe_at = Some(now.mono + after);
        if let LineState::Down { next_probe, .. } = &mut self.line {
            let wait = SignedDuration::try_from(after).unwrap_or(SignedDuration::ZERO);
            *next_probe = now.wall.checked_add(wait).unwrap_or(now.wall);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            probe_every: Duration::from_secs(15),
            probe_jitter: Duration::from_secs(5),
            probes_to_recover: 3,
            confirm_every: Duration::from_secs(2),
            slow_after: Duration::from_secs(3),
        }
    }

    fn at(seconds: u64) -> Now {
        Now {
            wall: Timestamp::from_second(1_795_000_000 + i64::try_from(seconds).unwrap()).unwrap(),
            mono: Duration::from_secs(seconds),
        }
    }

    fn down() -> Breaker {
        let mut breaker = Breaker::new(settings());
        breaker.good(at(0), Duration::ZERO);
        assert_eq!(breaker.bad(at(1), false, 0), None);
        breaker.probe_sent();
        assert_eq!(breaker.bad(at(2), true, 0), Some(Change::Down));
        breaker
    }

    #[test]
    fn a_failed_call_is_checked_before_it_is_an_outage() {
        let mut breaker = Breaker::new(settings());
        breaker.good(at(0), Duration::ZERO);
        breaker.bad(at(1), false, 0);
        assert_eq!(breaker.line(), &LineState::Checking { since: at(1).wall });
        assert_eq!(breaker.probe_at(), Some(at(1).mono));
        breaker.probe_sent();
        breaker.good(at(2), Duration::from_millis(20));
        assert_eq!(breaker.line(), &LineState::Up { recovered: None });
    }

    #[test]
    fn rel_15_the_outage_begins_with_the_first_failed_call() {
        let breaker = down();
        let LineState::Down { since, .. } = breaker.line() else {
            panic!("not down: {:?}", breaker.line());
        };
        assert_eq!(*since, at(1).wall);
        assert!(breaker.closed());
    }

    #[test]
    fn rel_15_probes_come_every_15_seconds_give_or_take_5() {
        for roll in 0..20_000 {
            let mut breaker = down();
            breaker.bad(at(20), true, roll);
            let wait = breaker.probe_at().unwrap().saturating_sub(at(20).mono);
            assert!((10..=20).contains(&wait.as_secs()), "{wait:?}");
        }
    }

    #[test]
    fn rel_15_three_good_probes_in_a_row_end_it() {
        let mut breaker = down();
        assert_eq!(breaker.good(at(20), Duration::ZERO), None);
        assert!(!breaker.closed() && breaker.line().down());
        assert_eq!(breaker.good(at(22), Duration::ZERO), None);
        assert_eq!(breaker.bad(at(24), true, 0), None);
        assert!(breaker.closed());
        assert_eq!(breaker.good(at(40), Duration::ZERO), None);
        assert_eq!(breaker.good(at(42), Duration::ZERO), None);
        assert_eq!(breaker.probe_at(), Some(at(44).mono));
        assert_eq!(
            breaker.good(at(44), Duration::ZERO),
            Some(Change::Recovered)
        );
        assert_eq!(
            breaker.line(),
            &LineState::Up {
                recovered: Some(at(44).wall)
            }
        );
    }

    #[test]
    fn rel_15_an_outage_known_from_before_goes_on_and_ends_like_any_other() {
        let since = at(1).wall;
        let fresh = || Breaker::new(settings());
        let mut checking = fresh();
        checking.bad(at(100), false, 0);
        let mut down_again = checking.clone();
        down_again.bad(at(101), true, 0);
        for (name, mut breaker) in [
            ("unknown", fresh()),
            ("checking", checking),
            ("down", down_again),
        ] {
            assert_eq!(breaker.restore(at(102), since), None, "{name}");
            let down =
                matches!(breaker.line(), LineState::Down { since: kept, .. } if *kept == since);
            assert!(down, "{name}: {:?}", breaker.line());
            assert!(breaker.probe_at().is_some(), "{name}");
            for n in 0..2 {
                assert_eq!(breaker.good(at(103 + n), Duration::ZERO), None, "{name}");
            }
            let ended = breaker.good(at(110), Duration::ZERO);
            assert_eq!(ended, Some(Change::Recovered), "{name}");
        }
        let mut answered = fresh();
        answered.good(at(100), Duration::ZERO);
        assert_eq!(answered.restore(at(102), since), Some(Change::Recovered));
        assert!(answered.line().usable());
        // A clock that was put back does not make it begin in the future.
        let mut breaker = fresh();
        assert_eq!(breaker.restore(at(0), since), None);
        assert!(matches!(breaker.line(), LineState::Down { since, .. } if *since == at(0).wall));
    }

    #[test]
    fn a_late_answer_is_slow_and_a_quick_one_ends_that() {
        let mut breaker = Breaker::new(settings());
        breaker.good(at(10), Duration::from_secs(4));
        assert_eq!(breaker.line(), &LineState::Slow { since: at(10).wall });
        breaker.good(at(20), Duration::from_secs(4));
        assert_eq!(breaker.line(), &LineState::Slow { since: at(10).wall });
        breaker.good(at(21), Duration::from_millis(100));
        assert_eq!(breaker.line(), &LineState::Up { recovered: None });
    }
}
