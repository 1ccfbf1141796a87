//! What keeps notes from being asked for is written when it has stood for a
//! while: each reason once for a note, and ten thousand notes not at once.

use super::Desk;
use crate::domain::note::{Change, Note};
use jiff::SignedDuration;
use std::time::Duration;

/// So long a reason stands before it is written by itself: logins and logouts
/// write nothing.
const STANDS: Duration = Duration::from_secs(60);

/// Notes written at once.
const AT_ONCE: usize = 10;

/// And the next ones after this time.
const PACE: Duration = Duration::from_secs(1);

impl Desk {
    /// Writes what has stood long enough.
    pub(super) fn keep_blocks(&mut self) {
        if self.next_kept().is_none_or(|due| due > self.now.mono) {
            return;
        }
        self.sync.next_kept = self.now.mono + PACE;
        let stands = SignedDuration::try_from(STANDS).unwrap_or_default();
        let until = self.now.wall.checked_sub(stands).unwrap_or(self.now.wall);
        for id in self.book.untold(until, AT_ONCE) {
            let blocks = self.book.blocked(&id);
            let note = self.whole(&id).ok();
            let news = |note: &Note| {
                blocks
                    .iter()
                    .any(|(_, block)| !note.blocked.contains(block))
            };
            match note.filter(|note| news(note)) {
                Some(note) => {
                    let change = Change::Kept(blocks);
                    self.desk_wishes(&id, note.revision, change, String::new());
                }
                // Known since before the last start; or it cannot be read.
                None => self.book.told(&id),
            }
        }
    }

    /// When the next of it is to be written.
    pub(super) fn next_kept(&self) -> Option<Duration> {
        let stood = self.now.wall.duration_since(self.book.untold_since()?);
        let stood = Duration::try_from(stood).unwrap_or_default();
        let due = self.now.mono + STANDS.saturating_sub(stood);
        Some(due.max(self.sync.next_kept))
    }
}
