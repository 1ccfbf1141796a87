//! Where records go while the journal cannot be written: sealed, checksummed
//! and fsynced files in a folder beside the store or on another disk, taken
//! into the journal when it is back (REL-4).
//!
//! In the folder: `keys` (its own data keys, under the store's key), `reserve`
//! (given up on a full disk), `spill-….log` ([`log`]), `drafts`, `given` (the
//! last numbers given out while the ledger was unknown).

mod log;
mod place;
pub mod take;

use super::keys::KeySource;
use super::record::{Record, StoreError, What};
use super::remark::Remark;
use super::{frame, trouble};
use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId};
use place::{Drafts, Place};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Series of numbers that are remembered.
const MOST_SERIES: usize = 20;

/// Room left in a record: for its seal, a line on a changed number, and the
/// store's word on its anchors.
const ADDED: usize = 4096;

/// What is to be known of the spill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// The folder records go to, as it may be shown; `None` if nothing can be
    /// kept anywhere.
    pub place: Option<String>,
    /// Letter of the numbers given out while the ledger is unknown; each
    /// place has its own.
    pub letter: char,
    /// Notes that wait to be taken into the ledger.
    pub waiting: usize,
    /// Why the ledger cannot be written; `None` when all is well.
    pub trouble: Option<String>,
    /// Notes found in it, left by an earlier run.
    pub notes: Vec<Note>,
    /// Drafts found in it.
    pub drafts: Vec<(String, Draft)>,
    /// Numbers given out before.
    pub given: Vec<NoteId>,
}

/// The spill of one store.
#[derive(Debug)]
pub struct Spill {
    /// Where it may be, in the order of preference.
    candidates: Vec<PathBuf>,
    source: KeySource,
    places: BTreeMap<usize, Place>,
    /// Where new records go.
    home: Option<usize>,
    pending: Vec<Record>,
    drafts: Drafts,
    given: Vec<NoteId>,
}

/// The first of `candidates` that holds something not yet taken in.
pub fn waiting(candidates: &[PathBuf]) -> Option<&PathBuf> {
    candidates.iter().find(|dir| place::holds_something(dir))
}

/// The same, and how many of its records can be read with `source`, or why
/// none can. Changes nothing.
pub fn waits<'a>(
    candidates: &'a [PathBuf],
    source: &KeySource,
) -> Option<(&'a PathBuf, Result<usize, StoreError>)> {
    let held = (candidates.iter()).filter(|dir| place::holds_something(dir));
    let mut looked: Vec<_> = held
        .map(|dir| (dir, place::readable(dir, source)))
        .collect();
    let worst = looked.iter().position(|(_, read)| read.is_err());
    (!looked.is_empty()).then(|| looked.swap_remove(worst.unwrap_or(0)))
}

/// `source` opens the store in `store` from now on: keys in `candidates` that
/// belong to a former one give way, where nothing needs them. Said where it
/// fails, when the folder is made ready.
pub fn renew(candidates: &[PathBuf], store: &Path, source: &KeySource) {
    if super::keys::seal(store, source).is_ok() {
        for dir in candidates {
            let _ = place::renew(dir, source);
        }
    }
}

impl Spill {
    /// In the first of `candidates` that can be written.
    pub fn new(candidates: Vec<PathBuf>, source: KeySource) -> Self {
        Self {
            candidates,
            source,
            places: BTreeMap::new(),
            home: None,
            pending: Vec::new(),
            drafts: Drafts::new(),
            given: Vec::new(),
        }
    }

    /// With another key, as a change of keys has left it.
    pub fn open_with(&mut self, source: KeySource) {
        self.source = source;
    }

    /// Looks for what earlier runs left; a sentence to `remarks` for what
    /// cannot be read. Whether anything new was found.
    pub fn look(&mut self, remarks: &mut Vec<Remark>) -> bool {
        let before = (self.pending.len(), self.drafts.len());
        for number in 0..self.candidates.len() {
            let Some(dir) = self.candidates.get(number) else {
                continue;
            };
            if !place::left_behind(dir) {
                continue;
            }
            let first = !self.places.contains_key(&number);
            match self.at(number, false) {
                Ok(place) => {
                    let found = place.find(remarks);
                    let drafts = if first {
                        place.drafts(remarks)
                    } else {
                        Drafts::new()
                    };
                    let given = place.given();
                    self.given.extend(given);
                    for (user, draft) in drafts {
                        self.drafts.entry(user).or_insert(draft);
                    }
                    match found {
                        Ok(records) => self.pending.extend(records),
                        Err(error) => remarks.push(unread(&error)),
                    }
                }
                Err(error) => remarks.push(unread(&error)),
            }
        }
        // Killed between a note and the end of its draft.
        for record in &self.pending {
            if let Some(mark) = record.ends
                && let Some(draft) = self.drafts.get_mut(&record.by)
            {
                *draft = draft.take().and_then(|draft| draft.without(mark));
            }
        }
        before != (self.pending.len(), self.drafts.len())
    }

    fn at(&mut self, number: usize, make: bool) -> Result<&mut Place, StoreError> {
        if !self.places.contains_key(&number) {
            let none = PathBuf::new();
            let dir = self.candidates.get(number).unwrap_or(&none);
            let place = Place::open(dir, &self.source, make)?;
            self.places.insert(number, place);
        }
        (self.places.get_mut(&number))
            .ok_or_else(|| trouble::other(std::path::Path::new(""), "予備の場所がありません"))
    }

    /// The store has just been opened with the same key: keys here that belong
    /// to a former one give way, where nothing needs them.
    pub fn renew(&self) {
        for (number, dir) in self.candidates.iter().enumerate() {
            if !self.places.contains_key(&number) {
                // Said when the folder is made ready.
                let _ = place::renew(dir, &self.source);
            }
        }
    }

    /// Sees to it that records could be kept: the folder is there, with its
    /// keys and its reserve.
    pub fn prepare(&mut self) -> Result<(), StoreError> {
        let mut why = None;
        for number in 0..self.candidates.len() {
            let ready = self.at(number, true).and_then(|place| place.reserve());
            match ready {
                Ok(()) => {
                    self.home = Some(number);
                    return Ok(());
                }
                // It may still hold a record: the reserve itself is full.
                Err(error @ StoreError::Full { .. }) if self.places.contains_key(&number) => {
                    self.home.get_or_insert(number);
                    why.get_or_insert(error);
                }
                Err(error) => {
                    why.get_or_insert(error);
                }
            }
        }
        match (self.home, why) {
            (None, Some(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Keeps records; they are on disk when this returns. None that the
    /// journal would not take later ([`fits`]).
    pub fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        if !records.iter().all(fits) {
            return Err(StoreError::TooLong);
        }
        let stamp = records
            .first()
            .map_or(0, |record| record.at.as_microsecond());
        let mut why = trouble::other(std::path::Path::new(""), "予備の場所がありません");
        self.remember(records);
        let order = (self.home.into_iter()).chain(0..self.candidates.len());
        for (tried, number) in order.enumerate() {
            if tried > 0 && Some(number) == self.home {
                continue;
            }
            let given = self.given.clone();
            let done = self.at(number, true).and_then(|place| {
                place.remember(&given);
                place.append(records, stamp)
            });
            match done {
                Ok(()) => {
                    self.home = Some(number);
                    self.pending.extend_from_slice(records);
                    return Ok(());
                }
                Err(error) if tried == 0 => why = error,
                Err(_) => {}
            }
        }
        Err(why)
    }

    /// Numbers given out while the ledger was unknown, the last of each
    /// series.
    fn remember(&mut self, records: &[Record]) {
        for record in records {
            let What::Note(note) = &record.what else {
                continue;
            };
            let Some(series) = series(&note.id) else {
                continue;
            };
            self.given.retain(|id| self::series(id) != Some(series));
            self.given.push(note.id.clone());
        }
        let over = self.given.len().saturating_sub(MOST_SERIES);
        self.given.drain(..over);
    }

    /// Keeps or drops drafts; on disk when this returns. One that is dropped
    /// is remembered: the store's own, which is older, is dropped later.
    pub fn keep_drafts(&mut self, changes: &[(&str, Option<&Draft>)]) -> Result<(), StoreError> {
        for (user, draft) in changes {
            self.drafts.insert((*user).to_owned(), draft.cloned());
        }
        self.write_drafts()
    }

    /// The store has newer ones of these people.
    pub fn forget_drafts<'a>(
        &mut self,
        users: impl Iterator<Item = &'a str>,
    ) -> Result<(), StoreError> {
        let before = self.drafts.len();
        for user in users {
            self.drafts.remove(user);
        }
        if self.drafts.len() == before {
            return Ok(());
        }
        self.write_drafts()
    }

    fn write_drafts(&mut self) -> Result<(), StoreError> {
        if self.home.is_none() {
            self.prepare()?;
        }
        let drafts = self.drafts.clone();
        match self.home {
            Some(home) => self.at(home, true)?.keep_drafts(&drafts),
            None => Err(trouble::other(
                std::path::Path::new(""),
                "予備の場所がありません",
            )),
        }
    }

    /// The drafts that are kept here.
    pub fn drafts(&self) -> &Drafts {
        &self.drafts
    }

    /// The drafts are elsewhere now.
    pub fn drop_drafts(&mut self, remarks: &mut Vec<Remark>) {
        self.drafts.clear();
        for place in self.places.values_mut() {
            if let Err(error) = place.keep_drafts(&Drafts::new()) {
                remarks.push(Remark::known(error.to_string()));
            }
        }
    }

    /// What waits to be taken in, in order.
    pub fn pending(&self) -> &[Record] {
        &self.pending
    }

    /// The notes that wait, each in its newest form.
    pub fn notes(&self) -> BTreeMap<NoteId, Note> {
        let mut notes = BTreeMap::new();
        for record in &self.pending {
            if let What::Note(note) = &record.what {
                notes.insert(note.id.clone(), (**note).clone());
            }
        }
        notes
    }

    /// All is in the ledger, or what is not (`keep`) stays under another name.
    pub fn empty(&mut self, keep: bool, remarks: &mut Vec<Remark>) {
        self.pending.clear();
        for place in self.places.values_mut() {
            place.empty(keep, remarks);
        }
    }

    /// What people and the desk are to know.
    pub fn news(&self, trouble: Option<String>, whole: bool) -> News {
        let notes = self.notes();
        let place = (self.home)
            .and_then(|home| self.places.get(&home))
            .map(|place| trouble::shown(place.dir()));
        let letter = (self.home)
            .and_then(|home| ('S'..='W').nth(home))
            .unwrap_or('S');
        News {
            place,
            letter,
            waiting: notes.len(),
            trouble,
            notes: if whole {
                notes.into_values().collect()
            } else {
                Vec::new()
            },
            drafts: if whole {
                (self.drafts.iter())
                    .filter_map(|(user, draft)| Some((user.clone(), draft.clone()?)))
                    .collect()
            } else {
                Vec::new()
            },
            given: self.given.clone(),
        }
    }
}

/// Whether the journal takes a record with all that is added to it on the way
/// there.
pub fn fits(record: &Record) -> bool {
    let room = frame::MAX_PAYLOAD - ADDED;
    serde_json::to_vec(record).is_ok_and(|content| zeroize::Zeroizing::new(content).len() <= room)
}

/// Day and letter of a number that is in no ledger's own series.
fn series(id: &NoteId) -> Option<&str> {
    let letter = id.0.find('-')? + 1;
    let first = id.0.chars().nth(letter)?;
    first
        .is_ascii_uppercase()
        .then(|| id.0.get(..=letter))
        .flatten()
}

fn unread(error: &StoreError) -> Remark {
    Remark::loss(format!("予備のファイルが読めません。{error}"))
}

#[cfg(test)]
mod tests;
