//! Fetching one note as a whole, by its id: from sled, or from its record in
//! the journal where sled does not have it as it should.

use super::files;
use super::frame::{HEADER, Header, erased};
use super::index::Register;
use super::payload;
use super::record::{Record, What};
use super::seal::Seal;
use super::view;
use super::whose::Spot;
use crate::domain::note::{Note, NoteId, NoteKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Where a record stands in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Its sequence number.
    pub seq: u64,
    /// Its segment: year and month, 202611.
    pub month: u32,
    /// Where its head begins, in bytes.
    pub start: u64,
}

impl Place {
    /// In the segment of that file name.
    pub fn new(seq: u64, segment: &str, start: u64) -> Self {
        let digits = segment.bytes().filter(u8::is_ascii_digit);
        let month = digits.fold(0, |sum: u32, digit| {
            sum.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'))
        });
        Self { seq, month, start }
    }

    /// The file name of its segment.
    pub fn segment(&self) -> String {
        format!("{:04}-{:02}.log", self.month / 100, self.month % 100)
    }
}

/// Somebody who has notes as a whole.
pub trait Fetch: Send + Sync {
    /// The note as the disk has it now; `None` if there is none, or it cannot
    /// be read.
    fn note(&self, id: &NoteId) -> Option<Note>;

    /// Number of the last record in the journal, if there is one.
    fn last(&self) -> Option<u64> {
        None
    }

    /// The notes whose newest record stands in each of `spots`.
    fn at(&self, spots: &[Spot]) -> Vec<Vec<NoteId>> {
        vec![Vec::new(); spots.len()]
    }
}

/// Where a desk fetches notes from. Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<dyn Fetch>);

impl Shelf {
    /// In front of the notes of a store.
    pub fn new(notes: Arc<dyn Fetch>) -> Self {
        Self(notes)
    }

    /// Of notes that stay in memory.
    pub fn of(notes: &[Note]) -> Self {
        let notes = notes.iter().map(|note| (note.id.clone(), note.clone()));
        Self(Arc::new(Memory(notes.collect())))
    }

    /// The note as the disk has it now; `None` if there is none, or it cannot
    /// be read.
    pub fn note(&self, id: &NoteId) -> Option<Note> {
        self.0.note(id)
    }

    /// Number of the last record in the journal, if there is one.
    pub fn last(&self) -> Option<u64> {
        self.0.last()
    }

    /// The notes whose newest record stands in each of `spots`.
    pub fn at(&self, spots: &[Spot]) -> Vec<Vec<NoteId>> {
        self.0.at(spots)
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}

/// Two shelves are told apart by what they give, not by what they are.
impl PartialEq for Shelf {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Shelf {}

struct Memory(BTreeMap<NoteId, Note>);

impl Fetch for Memory {
    fn note(&self, id: &NoteId) -> Option<Note> {
        self.0.get(id).cloned()
    }
}

/// What an open store shares with those who read from it.
pub struct Library {
    journal: PathBuf,
    seal: Seal,
    register: Mutex<Register>,
    state: RwLock<Option<sled::Tree>>,
    /// The last record that sled has.
    follows: AtomicU64,
    /// Sled did not have what it should have.
    doubt: AtomicBool,
}

impl Library {
    /// Of the store in `dir`.
    pub fn new(dir: &Path, seal: &Seal, register: Register, state: Option<sled::Tree>) -> Self {
        Self {
            journal: dir.join("journal"),
            seal: seal.clone(),
            follows: AtomicU64::new(register.cursor.seq),
            register: Mutex::new(register),
            state: RwLock::new(state),
            doubt: AtomicBool::new(false),
        }
    }

    /// The notes in outline and where their records stand.
    pub fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// With what the store is sealed.
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Sled now has everything up to this record.
    pub fn followed(&self, seq: u64) {
        self.follows.store(seq, Ordering::Release);
    }

    /// Sled is closed, or not to be trusted any more: from now on the journal
    /// alone is read.
    pub fn without_state(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.take();
    }

    /// Whether sled was found without something it should have; said once.
    pub fn take_doubt(&self) -> bool {
        self.doubt.swap(false, Ordering::AcqRel)
    }

    fn in_state(&self, id: &NoteId, place: Place) -> Option<Note> {
        // What is read here is newer than this number, never older.
        let follows = self.follows.load(Ordering::Acquire);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let tree = state.as_ref()?;
        let found = view::fetch(tree, &self.seal, id);
        if let Some((there, note)) = found
            && there.seq == place.seq
        {
            return Some(note);
        }
        if place.seq <= follows {
            self.doubt.store(true, Ordering::Release);
        }
        None
    }
}

/// The note of that id in its record in the journal's folder.
pub fn read_note(journal: &Path, seal: &Seal, id: &NoteId, place: Place) -> Option<Note> {
    let (header, payload) = bytes(journal, place)?;
    let record: Record = payload::open_record(seal, &header, &payload).ok()?;
    match record.what {
        What::Note(note) if note.id == *id => Some(*note),
        _ => None,
    }
}

/// Whether the journal has that record as it was written.
pub fn stands(journal: &Path, place: Place) -> bool {
    bytes(journal, place)
        .is_some_and(|(header, payload)| header.fits(&payload) && !erased(&payload))
}

fn bytes(journal: &Path, place: Place) -> Option<(Header, Vec<u8>)> {
    let path = journal.join(place.segment());
    let file = files::private().read(true).open(path).ok()?;
    let mut head = [0; HEADER];
    file.read_exact_at(&mut head, place.start).ok()?;
    let header = Header::read(&head).filter(|header| header.seq == place.seq)?;
    let mut payload = vec![0; header.length as usize];
    file.read_exact_at(&mut payload, place.start + HEADER as u64)
        .ok()?;
    Some((header, payload))
}

impl Fetch for Library {
    fn note(&self, id: &NoteId) -> Option<Note> {
        let place = self.register().place(NoteKey::of(id))?;
        self.in_state(id, place)
            .or_else(|| read_note(&self.journal, &self.seal, id, place))
    }

    fn last(&self) -> Option<u64> {
        Some(self.register().cursor.seq).filter(|seq| *seq > 0)
    }

    fn at(&self, spots: &[Spot]) -> Vec<Vec<NoteId>> {
        let register = self.register();
        spots.iter().map(|spot| register.at(spot)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_segment() {
        let place = Place::new(7, "2026-11.log", 96);
        assert_eq!(place.month, 202_611);
        assert_eq!(place.segment(), "2026-11.log");
    }
}
