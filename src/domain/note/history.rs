//! The lines of a note's history: one for each thing done to it, where its
//! time is.

use super::{Block, Note, Step};
use jiff::Timestamp;

/// Lines of history a note carries along: one that nobody can ask for is put
/// back every few minutes, and a note that grew without end would no longer fit
/// into one of the journal's records.
pub(super) const MOST_STEPS: usize = 300;

impl Note {
    pub(super) fn step(&mut self, at: Timestamp, by: &str, text: &str) {
        self.make_room();
        self.history.push(Step {
            at,
            by: by.to_owned(),
            text: text.to_owned(),
        });
    }

    /// A line of what was before now: it stands where its time is.
    pub(super) fn told(&mut self, step: Step) {
        self.make_room();
        let before = |line: &Step| line.at <= step.at;
        // How it began stays the first.
        let place = self.history.iter().rposition(before).map_or(1, |at| at + 1);
        self.history.insert(place.min(self.history.len()), step);
    }

    fn make_room(&mut self) {
        if self.history.len() >= MOST_STEPS {
            // How it began stays.
            self.history.remove(1);
        }
    }

    /// Lines of what keeps it from being asked for, each reason once until it
    /// is asked for.
    pub fn keep_from_asking(&mut self, blocks: &[(Timestamp, Block)]) {
        for &(at, block) in blocks {
            if self.blocked.contains(&block) {
                continue;
            }
            self.blocked.push(block);
            let text = format!("保留になりました（{}）。", block.reason());
            let by = String::new();
            self.told(Step { at, by, text });
        }
    }
}
