//! What is true of a note for the moment and stands on no disk: whether its
//! question is on the line, and what keeps it from being asked for.

use super::Book;
use crate::domain::note::{Block, NoteId, NoteKey};
use jiff::Timestamp;

/// What keeps a note from being asked for.
pub(super) struct Kept {
    since: Timestamp,
    block: Block,
    /// The note on disk says so.
    written: bool,
}

impl Book {
    /// Blocks or unblocks a note; whether that changed anything.
    pub fn block(&mut self, id: &NoteId, block: Option<Block>, at: Timestamp) -> bool {
        let key = NoteKey::of(id);
        if let Some(block) = block
            && self.entries.contains_key(&key)
        {
            let kept = self.blocked.entry(key).or_default();
            if !kept.iter().any(|kept| kept.block == block) {
                kept.push(Kept {
                    since: at,
                    block,
                    written: false,
                });
                self.unwritten.insert((at, key));
            }
        }
        let Some(entry) = self.entries.get_mut(&key) else {
            return false;
        };
        if entry.block == block {
            return false;
        }
        let before = entry.group();
        entry.block = block;
        let (row, after) = (entry.row, entry.group());
        self.regroup(key, row, Some(before), after);
        true
    }

    /// Its question is on the line, or not any more; whether that is news.
    pub fn sent(&mut self, id: &NoteId, sent: bool) -> bool {
        let key = NoteKey::of(id);
        let Some(entry) = self.entries.get_mut(&key) else {
            return false;
        };
        let before = entry.group();
        entry.sent = sent;
        let (row, after) = (entry.row, entry.group());
        self.regroup(key, row, Some(before), after);
        before != after
    }

    /// What keeps a note from being asked for, as far as it is on no disk.
    pub fn blocked(&self, id: &NoteId) -> Vec<(Timestamp, Block)> {
        let kept = self.blocked.get(&NoteKey::of(id)).into_iter().flatten();
        kept.filter(|kept| !kept.written)
            .map(|kept| (kept.since, kept.block))
            .collect()
    }

    /// A note was written with all that kept it from being asked for; if it is
    /// asked for now, nothing does any more.
    pub fn told(&mut self, id: &NoteId) {
        let key = NoteKey::of(id);
        for kept in self.blocked.get_mut(&key).into_iter().flatten() {
            if !std::mem::replace(&mut kept.written, true) {
                self.unwritten.remove(&(kept.since, key));
            }
        }
        if self.get(id).is_none_or(|entry| !entry.outline.stage.open()) {
            self.blocked.remove(&key);
        }
    }

    /// The moment since when something that is on no disk keeps a note from
    /// being asked for; the oldest.
    pub fn untold_since(&self) -> Option<Timestamp> {
        self.unwritten.first().map(|(since, _)| *since)
    }

    /// The notes of which that has been true since before `until`, oldest
    /// first; none whose change is on its way and takes it along.
    pub fn untold(&self, until: Timestamp, most: usize) -> Vec<NoteId> {
        (self.unwritten.iter())
            .take_while(|(since, _)| *since <= until)
            .filter_map(|(_, key)| self.entries.get(key))
            .filter(|entry| !entry.writing)
            .take(most)
            .map(|entry| entry.outline.id.clone())
            .collect()
    }
}
