//! The current state in sled: notes, drafts, and up to which journal record it
//! follows. Only a copy: whatever is wrong with it, the journal makes it anew.
//!
//! Sled 0.34 loses pages silently on some damaged files, so the mark carries a
//! count and a sum over all notes, and every value its own checksum.

use super::files;
use super::guard::{Sick, guarded};
use super::payload::{self, Kind};
use super::seal::Seal;
use super::walk::Cursor;
use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId};
use serde::{Deserialize, Serialize};
use sled::transaction::{ConflictableTransactionError, TransactionError};
use sled::{IVec, Transactional, Tree};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// Raised when the meaning of the trees changes; an older one is made anew.
const SCHEMA: u32 = 2;
/// Sled's cache; the ledger is read once at the start.
const CACHE: u64 = 8 << 20;
const MARK: &[u8] = b"mark";

/// Up to where the state follows the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Mark {
    schema: u32,
    cursor: Cursor,
    count: u64,
    sum: u64,
}

/// Notes by id.
pub type Notes = BTreeMap<NoteId, Note>;
/// Drafts by ユーザID.
pub type Drafts = Vec<(String, Draft)>;

/// The open state.
pub struct View {
    db: sled::Db,
    notes: Tree,
    drafts: Tree,
    meta: Tree,
    /// Sled's own `flush` does not reach the disk on Linux; this does.
    file: File,
    mark: Mark,
    seal: Seal,
}

impl View {
    /// Opens the state in `folder`.
    pub fn open(folder: &Path, seal: &Seal) -> Result<Self, Sick> {
        files::make_folder(folder)?;
        guarded(|| {
            let fresh = !folder.join("db").exists();
            let db = sled::Config::new()
                .path(folder)
                .cache_capacity(CACHE)
                .flush_every_ms(None)
                .use_compression(false)
                .open()?;
            let view = Self {
                notes: db.open_tree("notes")?,
                drafts: db.open_tree("drafts")?,
                meta: db.open_tree("meta")?,
                file: File::open(folder.join("db"))?,
                db,
                mark: Mark::default(),
                seal: seal.clone(),
            };
            if fresh {
                files::sync_folder(folder)?;
            }
            Ok(view)
        })
    }

    /// Whether nothing has ever been put in.
    pub fn is_new(&self) -> Result<bool, Sick> {
        guarded(|| Ok(self.notes.is_empty() && self.drafts.is_empty() && self.meta.is_empty()))
    }

    /// The journal record the state follows and all notes; nothing if the
    /// state is new, of another schema, or not whole.
    pub fn load(&mut self) -> Result<Option<(Cursor, Notes)>, Sick> {
        let (meta, tree, seal) = (&self.meta, &self.notes, &self.seal);
        let loaded = guarded(|| {
            let Some(mark) = meta.get(MARK)?.and_then(|value| read_mark(&value)) else {
                return Ok(None);
            };
            let mut notes = Notes::new();
            let (mut count, mut sum) = (0, 0_u64);
            for pair in tree {
                let (key, value) = pair?;
                let Some(note) = unwrap(&value)
                    .and_then(|b| payload::open::<Note>(seal, Kind::Note(&key), b).ok())
                else {
                    return Ok(None);
                };
                count += 1;
                sum = sum.wrapping_add(weight(&key, &value));
                notes.insert(note.id.clone(), note);
            }
            Ok(
                (mark.schema == SCHEMA && (count, sum) == (mark.count, mark.sum))
                    .then_some((mark, notes)),
            )
        })?;
        Ok(loaded.map(|(mark, notes)| {
            let cursor = mark.cursor.clone();
            self.mark = mark;
            (cursor, notes)
        }))
    }

    /// All drafts, and how many could not be read.
    pub fn drafts(&self) -> Result<(Drafts, usize), Sick> {
        guarded(|| {
            let mut drafts = Drafts::new();
            let mut lost = 0;
            for pair in &self.drafts {
                let (key, value) = pair?;
                let draft = unwrap(&value)
                    .and_then(|b| payload::open(&self.seal, Kind::Draft(&key), b).ok());
                match draft {
                    Some(draft) => drafts.push(draft),
                    None => lost += 1,
                }
            }
            drafts.sort_by(|(a, _): &(String, Draft), (b, _)| a.cmp(b));
            Ok((drafts, lost))
        })
    }

    /// Takes over changed notes and the cursor in one step, so that a kill
    /// leaves both or neither. Not waited for: the journal has it all.
    pub fn follow(&mut self, changed: &[&Note], cursor: &Cursor) -> Result<(), Sick> {
        let mut values = Vec::with_capacity(changed.len());
        for note in changed {
            values.push((note.id.0.as_bytes(), wrap_note(&self.seal, note)?));
        }
        let start = &self.mark;
        let trees = (&self.notes, &self.meta);
        self.mark = guarded(|| {
            trees
                .transaction(|(notes, meta)| {
                    let mut mark = Mark {
                        schema: SCHEMA,
                        cursor: cursor.clone(),
                        ..*start
                    };
                    for (key, value) in &values {
                        match notes.insert(*key, value.as_slice())? {
                            Some(old) => mark.sum = mark.sum.wrapping_sub(weight(key, &old)),
                            None => mark.count += 1,
                        }
                        mark.sum = mark.sum.wrapping_add(weight(key, value));
                    }
                    let bytes =
                        write_mark(&mark).map_err(|_| ConflictableTransactionError::Abort(()))?;
                    meta.insert(MARK, bytes)?;
                    Ok(mark)
                })
                .map_err(|error| match error {
                    TransactionError::Storage(error) => error.into(),
                    TransactionError::Abort(()) => Sick::Damaged,
                })
        })?;
        Ok(())
    }

    /// Fills a new state with everything, and waits until it is on disk.
    pub fn fill(&mut self, notes: &Notes, drafts: &Drafts, cursor: &Cursor) -> Result<(), Sick> {
        let mut mark = Mark {
            schema: SCHEMA,
            cursor: cursor.clone(),
            ..Mark::default()
        };
        guarded(|| {
            for (id, note) in notes {
                let key = id.0.as_bytes();
                let value = wrap_note(&self.seal, note)?;
                mark.count += 1;
                mark.sum = mark.sum.wrapping_add(weight(key, &value));
                self.notes.insert(key, value)?;
            }
            for (user, draft) in drafts {
                let key = draft_key(&self.seal, user);
                self.drafts
                    .insert(key, wrap_draft(&self.seal, user, draft)?)?;
            }
            self.meta.insert(MARK, write_mark(&mark)?)?;
            Ok(())
        })?;
        self.mark = mark;
        self.sync()
    }

    /// Keeps or drops a draft; on disk only after [`View::sync`].
    pub fn keep_draft(&self, user: &str, draft: Option<&Draft>) -> Result<(), Sick> {
        guarded(|| {
            let key = draft_key(&self.seal, user);
            match draft {
                Some(draft) => self
                    .drafts
                    .insert(key, wrap_draft(&self.seal, user, draft)?)?,
                None => self.drafts.remove(key)?,
            };
            Ok(())
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

/// Checksum in front of the content.
fn wrap(content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content.len() + 4);
    value.extend_from_slice(&crc32fast::hash(content).to_le_bytes());
    value.extend_from_slice(content);
    value
}

fn unwrap(value: &[u8]) -> Option<&[u8]> {
    let (crc, content) = value.split_first_chunk::<4>()?;
    (u32::from_le_bytes(*crc) == crc32fast::hash(content)).then_some(content)
}

/// Drafts lie under a keyed name, so that the files do not tell who works
/// here.
fn draft_key(seal: &Seal, user: &str) -> [u8; 16] {
    seal.name("draft", user)
}

fn wrap_note(seal: &Seal, note: &Note) -> Result<Vec<u8>, Sick> {
    let content =
        payload::close(seal, Kind::Note(note.id.0.as_bytes()), note).map_err(|_| Sick::Damaged)?;
    Ok(wrap(&content))
}

fn wrap_draft(seal: &Seal, user: &str, draft: &Draft) -> Result<Vec<u8>, Sick> {
    let key = draft_key(seal, user);
    let content =
        payload::close(seal, Kind::Draft(&key), &(user, draft)).map_err(|_| Sick::Damaged)?;
    Ok(wrap(&content))
}

fn write_mark(mark: &Mark) -> Result<IVec, Sick> {
    let content = serde_json::to_vec(mark).map_err(|_| Sick::Damaged)?;
    Ok(wrap(&content).into())
}

fn read_mark(value: &[u8]) -> Option<Mark> {
    serde_json::from_slice(unwrap(value)?).ok()
}

/// What one note adds to the mark's sum.
fn weight(key: &[u8], value: &[u8]) -> u64 {
    let crc = value
        .first_chunk::<4>()
        .map_or(0, |crc| u32::from_le_bytes(*crc));
    let mixed = u64::from(crc32fast::hash(key)) << 32 | u64::from(crc);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
}
