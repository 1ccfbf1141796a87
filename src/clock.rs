//! The one module that reads the system clock.
//!
//! Everything else is handed a [`Now`] as a value, so that tapes run in
//! virtual time and any order of faults can be tested without sleeping.
#![allow(clippy::disallowed_methods)]

use crate::domain::time::Now;
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

/// The real clock of this process.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Instant,
    shift: SignedDuration,
}

impl Clock {
    /// Starts counting monotonic time from here.
    pub fn start() -> Self {
        Self {
            origin: Instant::now(),
            shift: SignedDuration::ZERO,
        }
    }

    /// A clock whose wall time begins at `wall` and then runs at the usual
    /// speed. For tapes against real processes (`play --pty`), whose screens
    /// carry a date.
    pub fn starting_at(wall: Timestamp) -> Self {
        Self {
            origin: Instant::now(),
            shift: wall.duration_since(Timestamp::now()),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Now {
        let wall = Timestamp::now();
        Now {
            wall: wall.checked_add(self.shift).unwrap_or(wall),
            mono: self.origin.elapsed(),
        }
    }

    /// How long from now until `mono` (zero if it has passed).
    pub fn until(&self, mono: Duration) -> Duration {
        mono.saturating_sub(self.origin.elapsed())
    }
}
