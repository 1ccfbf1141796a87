//! Noting while the ledger cannot be written: the store keeps records in its
//! spill, and the desk gives out numbers that fit in no ledger it cannot see
//! (REL-4, REL-11).

use super::state::{Desk, Store, Writing};
use crate::domain::failure::Failure;
use crate::domain::note::NoteId;
use crate::domain::spill::Spilled;
use crate::domain::time::{compact_date, jst};
use crate::store::spill::News;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;

/// Where a record has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Into the journal.
    Ledger,
    /// Into the spill.
    Spill,
}

/// The spill, as far as the desk knows.
#[derive(Default)]
pub(super) struct Spill {
    /// Where records go; `None` if nothing can be kept.
    place: Option<String>,
    /// Notes that wait in it.
    waiting: usize,
    /// Why the ledger cannot be written.
    trouble: Option<String>,
    /// Letter of the place's numbers.
    letter: char,
    /// The last number given out, by day and letter.
    numbers: HashMap<(Date, char), u32>,
}

impl Spill {
    /// What people are shown of it.
    pub fn shown(&self, unknown: bool) -> Option<Spilled> {
        (self.trouble.is_some() || self.waiting > 0 || unknown).then(|| Spilled {
            notes: self.waiting,
            place: self.place.clone(),
            unknown,
        })
    }

    /// Why the ledger cannot be written.
    pub fn trouble(&self) -> Option<&String> {
        self.trouble.as_ref()
    }

    /// Whether notes can be kept in it.
    pub fn usable(&self) -> bool {
        self.place.is_some()
    }

    /// A number that is taken.
    pub fn seen(&mut self, id: &NoteId) {
        if let Some(parts) = id.parts()
            && let Some(letter) = parts.letter
        {
            let last = self.numbers.entry((parts.day, letter)).or_insert(0);
            *last = (*last).max(parts.number);
        }
    }

    /// `20261120-S001`: told apart from every number of the ledger.
    fn next_id(&mut self, at: Timestamp) -> NoteId {
        let (day, letter) = (jst(at).date(), self.letter);
        let number = self.numbers.entry((day, letter)).or_insert(0);
        *number = number.saturating_add(1);
        NoteId(format!("{}-{letter}{:03}", compact_date(day), *number))
    }
}

impl Desk {
    /// What the store says of its spill.
    pub(super) fn spill_news(&mut self, news: News) {
        self.spill.place = news.place;
        self.spill.waiting = news.waiting;
        self.spill.trouble = news.trouble;
        self.spill.letter = news.letter;
        for id in &news.given {
            self.spill.seen(id);
        }
        for (user, draft) in news.drafts {
            // What was typed in this run is newer.
            self.drafts.entry(user).or_insert(draft);
        }
        for note in news.notes {
            let id = note.id.clone();
            self.spill.seen(&id);
            self.book.put(note);
            self.reconsider(&id);
        }
        self.notices.restore(news.losses);
        if self.spill.trouble.is_none() {
            self.notices.retry();
            self.sync_resume();
        }
    }

    /// The number of a new note. Where the ledger is unknown, one that is in
    /// no ledger.
    pub(super) fn next_note_id(&mut self) -> NoteId {
        if self.ledger_unknown() {
            self.spill.next_id(self.now.wall)
        } else {
            let on_its_way = |id: &NoteId| {
                self.writes.values().any(|writing| match writing {
                    Writing::Note { note, .. } => note.id == *id,
                    Writing::Import(note) => note.as_ref().is_some_and(|note| note.id == *id),
                    _ => false,
                })
            };
            self.book.next_id(self.now.wall, on_its_way)
        }
    }

    /// The store has not opened yet, in this run.
    pub(super) fn ledger_unknown(&self) -> bool {
        matches!(self.store, Store::Failed(_)) && !self.started
    }

    /// A note that is not in the book: nowhere, or in a ledger that cannot be
    /// read.
    pub(super) fn unknown_note(&self) -> Failure {
        match &self.store {
            Store::Failed(what) => Failure::Store { what: what.clone() },
            Store::Opening | Store::Open { .. } => Failure::UnknownNote,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rel_11_numbers_of_the_spill_are_a_series_of_their_own() {
        let mut spill = Spill {
            letter: 'S',
            ..Spill::default()
        };
        let at = "2026-11-20T00:00:00Z".parse().unwrap();
        assert_eq!(spill.next_id(at).0, "20261120-S001");
        for id in [
            "20261120-S007",
            "20261120-T009",
            "20261120-0012",
            "20261120-S4294967295",
            "x",
            "-",
            "a-Ä",
        ] {
            spill.seen(&NoteId(id.to_owned()));
        }
        assert_eq!(spill.next_id(at).0, "20261120-S008");
        let next = "2026-11-20T15:00:00Z".parse().unwrap();
        assert_eq!(spill.next_id(next).0, "20261121-S001");
    }
}
