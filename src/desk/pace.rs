//! How often front ends hear of changes they did not ask for: at once while
//! changes are few, a few times a second while a sync makes hundreds.

use std::time::Duration;

/// Changes told at once before the pace holds.
const BURST: u32 = 24;
/// One more after each of these.
const EVERY: Duration = Duration::from_millis(250);

/// A bucket of turns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pace {
    left: u32,
    /// Since when the bucket fills (monotonic).
    since: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            left: BURST,
            since: Duration::ZERO,
        }
    }
}

impl Pace {
    /// Takes a turn; `false` if it is too early for one.
    pub fn take(&mut self, now: Duration) -> bool {
        let full = now.saturating_sub(self.since).as_millis() / EVERY.as_millis();
        let full = u32::try_from(full).unwrap_or(u32::MAX);
        if self.left.saturating_add(full) >= BURST {
            self.left = BURST;
            self.since = now;
        } else {
            self.left += full;
            self.since += EVERY * full;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    /// When the next turn comes, after one was refused.
    pub fn next(&self) -> Duration {
        self.since + EVERY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_is_thinned() {
        let mut pace = Pace::default();
        let at = Duration::from_millis;
        let taken = (0..10_000).filter(|n| pace.take(at(*n))).count();
        assert_eq!(taken, BURST as usize + 39);
        assert!(!pace.take(at(9_999)));
        let next = pace.next();
        assert!(next > at(9_999) && next <= at(10_249));
        assert!(pace.take(next));
        // A quiet while fills it again.
        let taken = (0..100).filter(|_| pace.take(at(60_000))).count();
        assert_eq!(taken, BURST as usize);
    }
}
