//! Noting while the ledger cannot be written: the store keeps records in its
//! spill, and the desk gives out numbers that fit in no ledger it cannot see
//! (REL-4, REL-11).

use super::state::{Desk, Store};
use crate::domain::failure::Failure;
use crate::domain::note::NoteId;
use crate::domain::spill::Spilled;
use crate::domain::time::jst;
use crate::store::spill::News;
use jiff::Timestamp;
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
    numbers: HashMap<String, u32>,
}

impl Spill {
    /// What people are shown of it.
    pub fn shown(&self) -> Option<Spilled> {
        (self.trouble.is_some() || self.waiting > 0).then(|| Spilled {
            notes: self.waiting,
            place: self.place.clone(),
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
        if let Some((series, number)) = series(id) {
            let last = self.numbers.entry(series).or_insert(0);
            *last = (*last).max(number);
        }
    }

    /// `20261120-S001`: told apart from every number of the ledger.
    fn next_id(&mut self, at: Timestamp) -> NoteId {
        let date = jst(at).date();
        let series = format!(
            "{:04}{:02}{:02}-{}",
            date.year(),
            date.month(),
            date.day(),
            self.letter
        );
        let number = self.numbers.entry(series.clone()).or_insert(0);
        *number += 1;
        NoteId(format!("{series}{:03}", *number))
    }
}

/// Day and letter, and the number behind them.
fn series(id: &NoteId) -> Option<(String, u32)> {
    let (day, rest) = id.0.split_once('-')?;
    let letter = rest.chars().next().filter(char::is_ascii_uppercase)?;
    let number = rest.strip_prefix(letter)?.parse().ok()?;
    Some((format!("{day}-{letter}"), number))
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
        if self.spill.trouble.is_none() {
            self.sync_resume();
        }
    }

    /// The number of a new note. Where the ledger is unknown, one that is in
    /// no ledger.
    pub(super) fn next_note_id(&mut self) -> NoteId {
        let unknown = matches!(self.store, Store::Failed(_)) && !self.started;
        if unknown {
            self.spill.next_id(self.now.wall)
        } else {
            self.book.next_id(self.now.wall)
        }
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
