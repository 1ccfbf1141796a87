//! Where records go while the journal cannot be written: sealed, checksummed
//! and fsynced files in a folder beside the store or on another disk, taken
//! into the journal when it is back (REL-4).
//!
//! In the folder: `keys` (its own data keys, under the store's key), `reserve`
//! (given up on a full disk), `spill-….log` ([`log`]) with a `….tally` each
//! ([`tally`]; a second one lies in another of the known places), `drafts`,
//! `given` (the last numbers given out meanwhile).

pub mod check;
mod keep;
mod keyed;
mod log;
mod look;
mod place;
mod reckon;
mod rows;
pub mod take;
mod tally;

use super::keys::KeySource;
use super::record::{Record, StoreError, What};
use super::remark::{Loss, Remark, standing};
use super::{frame, trouble};
use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId};
use keyed::Keyed;
use place::{Drafts, Place};
use reckon::There;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tally::{Account, Tally};

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
    /// Possible losses told in it, that nobody has read.
    pub losses: Vec<Loss>,
    /// Numbers given out before.
    pub given: Vec<NoteId>,
}

/// The spill of one store.
#[derive(Debug)]
pub struct Spill {
    /// Where it may be, in the order of preference; behind them folders that
    /// the settings do not name and that hold files known here.
    candidates: Vec<PathBuf>,
    /// How many of them the settings name: where anything is written.
    own: usize,
    keyed: Keyed,
    places: BTreeMap<usize, Place>,
    /// Where new records go.
    home: Option<usize>,
    pending: Vec<Record>,
    /// What is known of the files that wait, and which of them are there.
    account: Account,
    there: BTreeMap<String, There>,
    /// Ends of the journal that the files tell of, with their hashes.
    ends: Vec<(u64, String)>,
    /// The tally in another place, of the file that is being written.
    second: Option<(String, usize, Tally)>,
    /// What is to be told of files, by name, unless the journal turns out to
    /// have them.
    doubts: Vec<(String, Remark)>,
    /// Files whose content is in the ledger.
    done: BTreeSet<String>,
    drafts: Drafts,
    given: Vec<NoteId>,
    /// Numbers of new notes that could be kept nowhere, which was said.
    refused: BTreeSet<NoteId>,
}

/// The first of `candidates` that holds something not yet taken in.
pub fn waiting(candidates: &[PathBuf]) -> Option<&PathBuf> {
    candidates.iter().find(|dir| place::holds_something(dir))
}

/// `source` opens the store in `store` from now on: keys in `candidates` that
/// belong to a former one give way, where nothing needs them. Said where it
/// fails, when the folder is made ready.
pub fn renew(candidates: &[PathBuf], store: &Path, source: &KeySource) {
    if let Ok(Some((ring, _))) = super::keys::open(store, source) {
        let mut keyed = Keyed::new(source.clone());
        keyed.settle(ring.source().clone(), ring.former().to_vec());
        for dir in candidates {
            let _ = keyed.renew(dir);
        }
    }
}

impl Spill {
    /// In the first of `candidates` that can be written.
    pub fn new(candidates: Vec<PathBuf>, source: KeySource) -> Self {
        Self {
            own: candidates.len(),
            candidates,
            keyed: Keyed::new(source),
            places: BTreeMap::new(),
            home: None,
            pending: Vec::new(),
            account: Account::new(),
            there: BTreeMap::new(),
            ends: Vec::new(),
            second: None,
            doubts: Vec::new(),
            done: BTreeSet::new(),
            drafts: Drafts::new(),
            given: Vec::new(),
            refused: BTreeSet::new(),
        }
    }

    /// With the key that opens the store, as a change of keys has left it;
    /// `former`: the files it was moved from.
    pub fn open_with(&mut self, source: KeySource, former: Vec<String>) {
        self.keyed.settle(source, former);
        for place in self.places.values_mut() {
            place.follow(&self.keyed);
        }
    }

    /// The store's own keys cannot be read: the folders here may know them.
    pub fn seek_key(&mut self) {
        self.keyed.seek(&self.candidates);
    }

    fn at(&mut self, number: usize, make: bool) -> Result<&mut Place, StoreError> {
        if !self.places.contains_key(&number) {
            let none = PathBuf::new();
            let dir = self.candidates.get(number).unwrap_or(&none);
            let place = Place::open(dir, &self.keyed, &self.candidates, make)?;
            self.places.insert(number, place);
        }
        (self.places.get_mut(&number))
            .ok_or_else(|| trouble::other(std::path::Path::new(""), "予備の場所がありません"))
    }

    /// The store has just been opened with the same key: keys here that belong
    /// to a former one give way, where nothing needs them.
    pub fn renew(&self) {
        for (number, dir) in self.candidates.iter().take(self.own).enumerate() {
            if !self.places.contains_key(&number) {
                // Said when the folder is made ready.
                let _ = self.keyed.renew(dir);
            }
        }
    }

    /// Sees to it that records could be kept: the folder is there, with its
    /// keys and its reserve.
    pub fn prepare(&mut self) -> Result<(), StoreError> {
        let mut why = None;
        for number in 0..self.own {
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

    /// Whether there is nothing that the ledger has to hear of.
    pub fn is_clear(&self) -> bool {
        self.pending.is_empty() && self.lost().is_empty() && self.doubts.is_empty()
    }

    /// All is in the ledger, or what is not (`keep`) stays under another name.
    /// The newest file goes first, and its tallies before it: killed anywhere,
    /// nothing that is left misses anything.
    pub fn empty(&mut self, keep: bool, remarks: &mut Vec<Remark>) {
        self.pending.clear();
        self.second = None;
        let unread = |name: &String| self.there.get(name) == Some(&There::Unread);
        let open = self.places.values().flat_map(Place::names);
        let known = self.account.keys().filter(|name| !unread(name)).cloned();
        let names: BTreeSet<String> = open.chain(known).collect();
        for name in names.iter().rev() {
            for place in self.places.values() {
                place.drop_tally(name);
            }
            for place in self.places.values_mut() {
                place.drop_file(name, keep, remarks);
            }
            self.account.remove(name);
            self.there.remove(name);
        }
        self.ends.clear();
        self.done.extend(names);
    }

    /// What was told, or read, of possible losses while it took the records.
    pub fn losses(&self) -> impl Iterator<Item = &Loss> {
        self.pending()
            .iter()
            .filter_map(|record| match &record.what {
                What::Loss(loss) => Some(&**loss),
                _ => None,
            })
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
            losses: standing(self.losses()),
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

#[cfg(test)]
mod tests;
