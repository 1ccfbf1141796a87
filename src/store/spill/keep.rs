//! Keeping records in the spill: in the first place that takes them, with a
//! word of it elsewhere, and their numbers remembered.

use super::log::Head;
use super::place::Place;
use super::reckon::There;
use super::tally::{self, Known};
use super::{Spill, fits, trouble};
use crate::domain::note::NoteId;
use crate::store::audit::anchor::hex;
use crate::store::record::{Record, StoreError, What};
use crate::store::walk::Cursor;
use jiff::civil::Date;

/// Series of numbers that are remembered.
const MOST_SERIES: usize = 20;
/// Refused numbers that are remembered.
const MOST_REFUSED: usize = 1000;

impl Spill {
    /// Keeps records; they are on disk when this returns. None that the
    /// journal would not take later ([`fits`]). `journal` is where that ends,
    /// if it is known.
    pub fn append(
        &mut self,
        records: &[Record],
        journal: Option<&Cursor>,
    ) -> Result<(), StoreError> {
        if !records.iter().all(fits) {
            return Err(StoreError::TooLong);
        }
        let stamp = records
            .first()
            .map_or(0, |record| record.at.as_microsecond());
        let mut why = trouble::other(std::path::Path::new(""), "予備の場所がありません");
        let former = (self.given.clone(), self.refused.clone());
        self.remember(records);
        for id in records.iter().filter_map(new) {
            self.refused.remove(id);
        }
        let order = (self.home.into_iter()).chain(0..self.own);
        for (tried, number) in order.enumerate() {
            if tried > 0 && Some(number) == self.home {
                continue;
            }
            let (given, refused) = (self.given.clone(), self.refused.clone());
            let begins = self.places.get(&number).is_none_or(Place::begins);
            let head = if begins {
                self.head(journal)
            } else {
                Head::default()
            };
            let done = self.at(number, true).and_then(|place| {
                place.remember(&given, &refused);
                place.append(records, stamp, &head)
            });
            match done {
                Ok((name, known)) => {
                    self.home = Some(number);
                    self.pending.extend_from_slice(records);
                    self.witness(&name, number, &known);
                    self.there.insert(name.clone(), There::Own);
                    tally::learn(&mut self.account, &name, known);
                    return Ok(());
                }
                Err(error) if tried == 0 => why = error,
                Err(_) => {}
            }
        }
        (self.given, self.refused) = former;
        Err(why)
    }

    /// What a file that is begun now says of those before it.
    fn head(&self, journal: Option<&Cursor>) -> Head {
        let waits = |(name, _): &(&String, &Known)| !self.done.contains(*name);
        let before = self.account.iter().filter(waits);
        Head {
            journal: (journal.filter(|end| end.seq > 0)).map(|end| (end.seq, hex(&end.head))),
            before: before
                .map(|(name, known)| (name.clone(), known.clone()))
                .collect(),
        }
    }

    /// Notes down in another place what the file `name` in `home` has. Without
    /// it, the tally beside that file and the next file's head are left.
    fn witness(&mut self, name: &str, home: usize, known: &Known) {
        let current = (self.second.as_ref()).is_some_and(|(of, ..)| of == name);
        if !current {
            self.second = None;
            // One that begins in the middle would be taken for the whole.
            if self.account.contains_key(name) {
                return;
            }
            for number in (0..self.own).filter(|number| *number != home) {
                let made = self.at(number, true).and_then(|place| place.witness(name));
                if let Ok(tally) = made {
                    self.second = Some((name.to_owned(), number, tally));
                    break;
                }
            }
        }
        if let Some((_, number, tally)) = &mut self.second
            && let Some(place) = self.places.get(number)
            && place.note_down(tally, known).is_err()
        {
            self.second = None;
        }
    }

    /// Numbers given out while records come here, the last of each series:
    /// known also where the records are lost (REL-11).
    fn remember(&mut self, records: &[Record]) {
        let ids = records.iter().filter_map(|record| match &record.what {
            What::Note(note) => Some(note.id.clone()),
            _ => None,
        });
        self.given(ids.collect());
    }

    pub(super) fn given(&mut self, ids: Vec<NoteId>) {
        for id in ids {
            let Some(series) = series(&id) else {
                continue;
            };
            match self
                .given
                .iter_mut()
                .find(|held| self::series(held) == Some(series))
            {
                Some(held) if number(held) >= number(&id) => {}
                Some(held) => *held = id,
                None => self.given.push(id),
            }
        }
        let over = self.given.len().saturating_sub(MOST_SERIES);
        self.given.drain(..over);
    }

    /// This could be kept nowhere, which is said: its number stays a hole.
    pub fn refuse(&mut self, record: &Record) {
        self.refused.extend(new(record).cloned());
        while self.refused.len() > MOST_REFUSED {
            self.refused.pop_first();
        }
    }

    /// Whether a note of this number was refused.
    pub(super) fn was_refused(&self, id: &NoteId) -> bool {
        self.refused.contains(id)
    }

    /// Numbers that an earlier run noted as refused.
    pub(super) fn refused_before(&mut self, ids: Vec<NoteId>) {
        self.refused.extend(ids);
    }

    /// These numbers are given out, although their notes are lost (REL-11).
    pub(super) fn give_up(&mut self, ids: Vec<NoteId>) {
        if ids.is_empty() {
            return;
        }
        self.given(ids);
        for place in self.places.values() {
            place.remember(&self.given, &self.refused);
        }
    }

    /// Numbers of the ledger's own series that are given out.
    pub fn taken_numbers(&self) -> impl Iterator<Item = &NoteId> {
        let own = |id: &&NoteId| id.parts().is_some_and(|parts| parts.letter.is_none());
        self.given.iter().filter(own)
    }
}

/// The number of a note that is new with this record.
fn new(record: &Record) -> Option<&NoteId> {
    match &record.what {
        What::Note(note) if note.revision == 1 => Some(&note.id),
        _ => None,
    }
}

/// Day and letter of a number; the ledger's own series has none.
fn series(id: &NoteId) -> Option<(Date, Option<char>)> {
    id.parts().map(|parts| (parts.day, parts.letter))
}

fn number(id: &NoteId) -> Option<u32> {
    id.parts().map(|parts| parts.number)
}
