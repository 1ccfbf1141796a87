//! When a frame is drawn.
//!
//! A key shows at once. What comes with it or right behind it (a paste without
//! brackets, a scanner, a key held down) waits for the next frame, so that a
//! slow line is not sent what nobody can see.

use std::time::Duration;

/// What has to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dirty {
    /// Nothing.
    No,
    /// Something came from the desk service: may wait for the next frame.
    Soon,
    /// Someone is typing.
    Now,
}

/// Frames that no key asked for come at most this often.
const FRAME: Duration = Duration::from_millis(16);

/// Frames that keys asked for: no person types so fast.
const BURST: Duration = Duration::from_millis(3);

/// When the last frame was drawn (monotonic).
#[derive(Debug, Default)]
pub struct Pace(Option<Duration>);

impl Pace {
    /// A frame was drawn.
    pub fn drawn(&mut self, now: Duration) {
        self.0 = Some(now);
    }

    /// From when on the next may be; `None` where there is nothing to draw.
    pub fn due(&self, dirty: Dirty) -> Option<Duration> {
        let gap = match dirty {
            Dirty::No => return None,
            Dirty::Soon => FRAME,
            Dirty::Now => BURST,
        };
        Some(self.0.map_or(Duration::ZERO, |at| at + gap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Frames for keys that come at these moments (µs), each heard as it comes.
    fn frames(keys: &[u64]) -> Vec<Duration> {
        let keys: Vec<Duration> = keys.iter().map(|us| Duration::from_micros(*us)).collect();
        let mut pace = Pace::default();
        pace.drawn(Duration::ZERO);
        let mut drawn = Vec::new();
        for (i, key) in keys.iter().enumerate() {
            let due = pace.due(Dirty::Now).unwrap_or_default().max(*key);
            if keys.get(i + 1).is_none_or(|next| due <= *next) {
                pace.drawn(due);
                drawn.push(due);
            }
        }
        drawn
    }

    #[test]
    fn a_key_after_a_rest_shows_at_once() {
        assert_eq!(
            frames(&[20_000, 60_000]),
            [20, 60].map(Duration::from_millis)
        );
    }

    proptest! {
        /// However 30 keys at once trickle in, two frames show them, the last
        /// one 3 ms after the first at the latest.
        #[test]
        fn thirty_keys_at_once_are_at_most_two_frames(gaps in proptest::collection::vec(0u64..90, 30)) {
            let mut at = 50_000;
            let keys: Vec<u64> = gaps.iter().map(|gap| { at += gap; at }).collect();
            let drawn = frames(&keys);
            prop_assert!((1..=2).contains(&drawn.len()), "{:?}", drawn);
            let last = Duration::from_micros(*keys.last().unwrap());
            prop_assert!(drawn.last().unwrap().saturating_sub(last) <= BURST);
        }
    }

    #[test]
    fn news_of_the_desk_wait_for_the_next_frame_and_nothing_is_never() {
        let mut pace = Pace::default();
        assert_eq!(pace.due(Dirty::Soon), Some(Duration::ZERO));
        pace.drawn(Duration::from_millis(100));
        assert_eq!(pace.due(Dirty::No), None);
        assert_eq!(pace.due(Dirty::Soon), Some(Duration::from_millis(116)));
        assert_eq!(pace.due(Dirty::Now), Some(Duration::from_millis(103)));
    }
}
