//! The current state in sled: notes, people, drafts, and up to which journal
//! record it follows. Only a copy: whatever is wrong with it, the journal makes
//! it anew.
//!
//! Sled 0.34 loses pages silently on some damaged files, so the mark carries a
//! count and a sum over all notes, every value its own checksum and every note
//! the place of its record.

mod cache;
mod drafts;
mod read;

pub use drafts::Drafts;

use super::files;
use super::guard::{Sick, guarded};
use super::index::Summary;
use super::payload::{self, Kind};
use super::record::{Record, What};
use super::seal::Seal;
use super::shelf::{Place, stands};
use super::walk::Cursor;
use crate::domain::note::{Note, NoteId};
use serde::{Deserialize, Serialize};
use sled::{Batch, IVec, Tree};
use std::fs::File;
use std::path::Path;

/// Raised when the meaning of the trees changes; an older one is made anew.
const SCHEMA: u32 = 5;
/// In the tree of the notes, so that both change in one step. No id begins
/// like these.
const MARK: &[u8] = b"\0mark";
const FILLING: &[u8] = b"\0filling";
const STAFF: &[u8] = b"\0staff";
const OPENING: &[u8] = b"\0opening";
const OUTAGE: &[u8] = b"\0outage";
const LOSS: &[u8] = b"\0loss";
/// Drafts may be lost, and nobody may have been told yet.
const OWED: &[u8] = b"\0owed";

/// Up to where the state follows the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Mark {
    schema: u32,
    cursor: Cursor,
    count: u64,
    sum: u64,
}

/// A note as it lies in the tree.
#[derive(Serialize, Deserialize)]
struct Held<N> {
    place: Place,
    note: N,
}

/// The open state.
pub struct View {
    db: sled::Db,
    notes: Tree,
    drafts: Tree,
    /// Sled's own `flush` does not reach the disk on Linux; this does.
    file: File,
    seal: Seal,
}

/// Key and value of one of sled's rows; without a value it goes.
type Row = (Vec<u8>, Option<Vec<u8>>);

impl View {
    /// Opens the state in `folder`.
    pub fn open(folder: &Path, seal: &Seal) -> Result<Self, Sick> {
        files::make_folder(folder)?;
        guarded(|| {
            let fresh = !folder.join("db").exists();
            let db = cache::released(folder)?;
            let view = Self {
                notes: db.open_tree("notes")?,
                drafts: db.open_tree("drafts")?,
                file: File::open(folder.join("db"))?,
                db,
                seal: seal.clone(),
            };
            if fresh {
                files::sync_folder(folder)?;
            }
            Ok(view)
        })
    }

    /// Whether it can be filled as it is: nothing was ever put in, or a
    /// filling was broken off.
    pub fn is_new(&self) -> Result<bool, Sick> {
        guarded(|| {
            let empty = self.notes.is_empty() && self.drafts.is_empty();
            Ok(empty || self.notes.contains_key(FILLING)?)
        })
    }

    /// Where notes are read by [`fetch`].
    pub fn tree(&self) -> Tree {
        self.notes.clone()
    }

    /// The journal record the state follows; nothing if it is new, half
    /// filled or of another schema.
    pub fn following(&self) -> Result<Option<Cursor>, Sick> {
        let mark = guarded(|| Ok(self.notes.get(MARK)?))?;
        let mark = mark.and_then(|value| read_mark(&value));
        Ok(mark.map(|mark| mark.cursor))
    }

    /// Takes over what new records say, and the record it follows then, in one
    /// step, so that a kill leaves both or neither. `at` is the register with
    /// them. Not waited for: the journal has it all.
    pub fn follow(&self, new: &[(Record, Place)], at: &Summary) -> Result<(), Sick> {
        let mark = Mark {
            schema: SCHEMA,
            cursor: at.cursor.clone(),
            count: at.count,
            sum: at.sum,
        };
        let mut batch = self.batch(new)?;
        batch.insert(MARK, write_mark(&mark)?);
        batch.remove(FILLING);
        if (new.iter()).any(|(record, _)| matches!(record.what, What::Loss(_))) {
            batch.remove(OWED);
        }
        guarded(|| {
            self.notes.apply_batch(batch)?;
            for (record, _) in new {
                if let What::Note(note) = &record.what {
                    cache::visit(&self.notes, note.id.0.as_bytes());
                }
            }
            Ok(())
        })
    }

    /// Puts in what records say, without a word on which record it follows:
    /// the next opening makes it anew, unless [`View::follow`] comes after it.
    /// One by one: what sled replaces in one step, it keeps in memory until
    /// long after it.
    pub fn fill(&self, new: &[(Record, Place)]) -> Result<(), Sick> {
        guarded(|| {
            if !self.notes.contains_key(FILLING)? {
                self.notes.insert(FILLING, b"")?;
            }
            Ok(self.notes.remove(MARK)?)
        })?;
        for (record, place) in new {
            if let Some((key, value)) = self.row(record, *place)? {
                guarded(|| match value {
                    Some(value) => Ok(cache::put(&self.notes, &key, value)?),
                    None => Ok(self.notes.remove(key).map(drop)?),
                })?;
            }
        }
        Ok(())
    }

    /// Drafts may be lost with a former state: this is kept on disk until a
    /// loss has been put on record.
    pub fn owe(&self) -> Result<(), Sick> {
        guarded(|| Ok(self.notes.insert(OWED, summed(b"")).map(drop)?))?;
        self.sync()
    }

    /// Whether [`View::owe`] stands.
    pub fn owes(&self) -> bool {
        guarded(|| Ok(self.notes.contains_key(OWED)?)).unwrap_or(false)
    }

    /// Frees what sled has given up.
    pub fn settle(&self) -> Result<(), Sick> {
        guarded(|| {
            cache::settle(&self.notes);
            Ok(())
        })
    }

    fn batch(&self, new: &[(Record, Place)]) -> Result<Batch, Sick> {
        let mut batch = Batch::default();
        for (record, place) in new {
            if let Some((key, value)) = self.row(record, *place)? {
                match value {
                    Some(value) => batch.insert(key, value),
                    None => batch.remove(key),
                }
            }
        }
        Ok(batch)
    }

    /// Key and value of what a record says.
    fn row(&self, record: &Record, place: Place) -> Result<Option<Row>, Sick> {
        Ok(match &record.what {
            What::Note(note) => {
                let key = note.id.0.as_bytes();
                let note = &**note;
                let held = Held { place, note };
                let value = wrap(&self.seal, Kind::Note(key), &held)?;
                Some((key.to_vec(), Some(value)))
            }
            What::Staff(credential) => {
                let key = [STAFF, &self.seal.name("staff", &credential.user)].concat();
                let value = wrap(&self.seal, Kind::Row("staff", &key), credential)?;
                Some((key, Some(value)))
            }
            What::Opening(opening) => {
                let kind = Kind::Row("opening", OPENING);
                Some((OPENING.to_vec(), Some(wrap(&self.seal, kind, opening)?)))
            }
            What::Line { since, .. } => {
                let kind = Kind::Row("outage", OUTAGE);
                Some((OUTAGE.to_vec(), Some(wrap(&self.seal, kind, since)?)))
            }
            What::Loss(loss) => {
                let key = [LOSS, &self.seal.name("loss", &loss.text)].concat();
                let kind = Kind::Row("loss", &key);
                let value = (!loss.read).then(|| wrap(&self.seal, kind, loss));
                Some((key, value.transpose()?))
            }
            _ => None,
        })
    }

    /// Waits until everything is on disk.
    pub fn sync(&self) -> Result<(), Sick> {
        guarded(|| {
            self.db.flush()?;
            Ok(self.file.sync_data()?)
        })
    }
}

/// The note of that id in `tree`, and the record it is from; `None` if it is
/// not there or cannot be read.
pub fn fetch(tree: &Tree, seal: &Seal, id: &NoteId) -> Option<(Place, Note)> {
    let key = id.0.as_bytes();
    let value = guarded(|| {
        let value = tree.get(key)?;
        cache::visit(tree, key);
        Ok(value)
    })
    .ok()??;
    let held: Held<Note> = payload::open(seal, Kind::Note(key), unwrap(&value)?).ok()?;
    Some((held.place, held.note))
}

/// The whole notes in `tree` whose record is not in the journal's folder as it
/// was written. `go_on` is asked before each.
pub fn missing(
    tree: &Tree,
    seal: &Seal,
    journal: &Path,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Vec<(Place, Note)>, Sick> {
    guarded(|| {
        let mut missing = Vec::new();
        for pair in cache::pairs(tree) {
            let (key, value) = pair?;
            if key.starts_with(b"\0") {
                continue;
            }
            if !go_on() {
                break;
            }
            let held = unwrap(&value).and_then(|content| {
                payload::open::<Held<Note>>(seal, Kind::Note(&key), content).ok()
            });
            if let Some(held) = held
                && !stands(journal, held.place)
            {
                missing.push((held.place, held.note));
            }
        }
        Ok(missing)
    })
}

/// The record that sled in `folder` says it follows, without a key.
pub fn follows(folder: &Path) -> Result<Option<u64>, Sick> {
    guarded(|| {
        let mark = cache::released(folder)?.open_tree("notes")?.get(MARK)?;
        Ok(mark
            .and_then(|value| read_mark(&value))
            .map(|mark| mark.cursor.seq))
    })
}

/// Content sealed, behind its checksum.
fn wrap<T: Serialize>(seal: &Seal, kind: Kind, content: &T) -> Result<Vec<u8>, Sick> {
    let content = payload::close(seal, kind, content).map_err(|_| Sick::Damaged)?;
    Ok(summed(&content))
}

fn summed(content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content.len() + 4);
    value.extend_from_slice(&crc32fast::hash(content).to_le_bytes());
    value.extend_from_slice(content);
    value
}

fn unwrap(value: &[u8]) -> Option<&[u8]> {
    let (crc, content) = value.split_first_chunk::<4>()?;
    (u32::from_le_bytes(*crc) == crc32fast::hash(content)).then_some(content)
}

fn write_mark(mark: &Mark) -> Result<IVec, Sick> {
    let content = serde_json::to_vec(mark).map_err(|_| Sick::Damaged)?;
    Ok(summed(&content).into())
}

fn read_mark(value: &[u8]) -> Option<Mark> {
    let mark: Mark = serde_json::from_slice(unwrap(value)?).ok()?;
    (mark.schema == SCHEMA).then_some(mark)
}
