//! The notes that are held as a whole: those used last. The others are on the
//! disk and fetched from there.

use crate::domain::note::{Note, NoteId, NoteKey};
use crate::store::shelf::Shelf;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Notes that are held.
const MOST: usize = 256;

/// Notes as a whole, as they are on disk.
#[derive(Default)]
pub struct Whole {
    held: HashMap<NoteKey, Held>,
    /// Uses, oldest first; only the last use of a note counts.
    uses: VecDeque<(NoteKey, u64)>,
    used: u64,
    /// Where the others are. Without one all notes are held.
    shelf: Option<Shelf>,
}

struct Held {
    note: Arc<Note>,
    used: u64,
    /// Written since it was fetched: it stays until it can be read back, for
    /// it may lie where the shelf does not look yet.
    written: bool,
}

impl Whole {
    /// From now on the others are fetched here.
    pub fn fetch_from(&mut self, shelf: Option<Shelf>) {
        self.shelf = shelf;
    }

    /// Where the others are fetched.
    pub fn shelf(&self) -> Option<&Shelf> {
        self.shelf.as_ref()
    }

    /// Forgets a note: the disk has another form of it.
    pub fn forget(&mut self, key: NoteKey) {
        self.held.remove(&key);
    }

    /// A note that was written.
    pub fn put(&mut self, key: NoteKey, note: Arc<Note>) {
        self.hold(key, note, true);
    }

    /// The note, held or fetched.
    pub fn get(&mut self, key: NoteKey, id: &NoteId) -> Option<Arc<Note>> {
        if let Some(held) = self.held.get(&key) {
            let note = held.note.clone();
            self.touch(key);
            return Some(note);
        }
        let note = self
            .shelf
            .as_ref()?
            .note(id)
            .filter(|note| note.id == *id)?;
        let note = Arc::new(note);
        self.hold(key, note.clone(), false);
        Some(note)
    }

    fn hold(&mut self, key: NoteKey, note: Arc<Note>, written: bool) {
        let held = Held {
            note,
            used: 0,
            written,
        };
        self.held.insert(key, held);
        self.touch(key);
        self.shrink();
    }

    fn touch(&mut self, key: NoteKey) {
        self.used += 1;
        let used = self.used;
        if let Some(held) = self.held.get_mut(&key) {
            held.used = used;
            self.uses.push_back((key, used));
        }
        if self.uses.len() > 4 * MOST + 2 * self.held.len() {
            let held = &self.held;
            (self.uses).retain(|(key, used)| held.get(key).is_some_and(|h| h.used == *used));
        }
    }

    fn shrink(&mut self) {
        let Some(shelf) = self.shelf.clone() else {
            return;
        };
        // Bounded: what cannot be read back yet is asked for again later.
        for _ in 0..8 {
            if self.held.len() <= MOST {
                return;
            }
            let Some((key, used)) = self.uses.pop_front() else {
                return;
            };
            let Some(held) = self.held.get(&key).filter(|held| held.used == used) else {
                continue;
            };
            if held.written && shelf.note(&held.note.id).as_ref() != Some(&*held.note) {
                self.touch(key);
            } else {
                self.held.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::NoteContent;
    use jiff::Timestamp;
    use jiff::civil::date;

    fn note(number: usize) -> Note {
        let content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
        let id = NoteId(format!("20261120-{number:04}"));
        Note::take(
            id,
            "窓口".to_owned(),
            "003",
            Timestamp::UNIX_EPOCH,
            true,
            content,
        )
    }

    fn key(note: &Note) -> NoteKey {
        NoteKey::of(&note.id)
    }

    #[test]
    fn only_what_can_be_read_back_is_let_go() {
        let notes: Vec<Note> = (0..2000).map(note).collect();
        let (there, elsewhere) = notes.split_at(1700);
        let mut whole = Whole::default();
        whole.fetch_from(Some(Shelf::of(there)));
        for note in &notes {
            whole.put(key(note), Arc::new(note.clone()));
        }
        for note in there {
            assert_eq!(whole.get(key(note), &note.id).as_deref(), Some(note));
        }
        assert!(whole.held.len() <= MOST + elsewhere.len());
        assert!(whole.uses.len() <= 4 * MOST + 2 * whole.held.len());
        for note in elsewhere {
            assert_eq!(whole.get(key(note), &note.id).as_deref(), Some(note));
        }
        let other = NoteId("20261120-9999".to_owned());
        assert_eq!(whole.get(NoteKey::of(&other), &other), None);
    }

    #[test]
    fn without_a_shelf_everything_stays() {
        let mut whole = Whole::default();
        for number in 0..2 * MOST {
            let note = note(number);
            whole.put(key(&note), Arc::new(note));
        }
        assert_eq!(whole.held.len(), 2 * MOST);
    }
}
