//! What is true of a note for the moment and stands on no disk: whether its
//! question is on the line, and what keeps it from being asked for.

use super::Book;
use crate::domain::note::{Block, NoteId, NoteKey, Step};
use jiff::Timestamp;

/// Lines of what blocked a note, so that logins and logouts fill no history.
const MOST_BLOCKS: usize = 5;

impl Book {
    /// Blocks or unblocks a note; whether that changed anything.
    pub fn block(&mut self, id: &NoteId, block: Option<Block>, at: Timestamp) -> bool {
        let key = NoteKey::of(id);
        if let Some(block) = block
            && self.entries.contains_key(&key)
        {
            let lines = self.blocked.entry(key).or_default();
            if lines.last().is_none_or(|(_, last)| *last != block) {
                if lines.len() >= MOST_BLOCKS {
                    lines.remove(0);
                }
                lines.push((at, block));
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

    /// The lines of what keeps a note from being asked for.
    pub fn blocked(&self, id: &NoteId) -> Vec<Step> {
        let lines = self.blocked.get(&NoteKey::of(id)).into_iter().flatten();
        let line = |(at, block): &(Timestamp, Block)| Step {
            at: *at,
            by: String::new(),
            text: format!("保留になりました（{}）。", block.reason()),
        };
        lines.map(line).collect()
    }

    /// The same of a note that is asked for now.
    pub fn freed(&mut self, id: &NoteId) -> Vec<Step> {
        let lines = self.blocked(id);
        self.blocked.remove(&NoteKey::of(id));
        lines
    }
}
