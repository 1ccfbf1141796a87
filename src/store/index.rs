//! The index: a sealed file with an outline of every note, so that opening a
//! store need not read the notes. A copy like sled: it names the journal
//! record it follows, and without it everything is found again.
//!
//! `MJIX`, version and the sequence number of that record (4 and 8 bytes,
//! little endian), then sealed pieces, each behind its length (4 bytes): the
//! notes in the order of their keys, [`CHUNK`] a piece, and last the tail,
//! which says how many there are.

use super::files;
use super::record::What;
use super::remark::{Loss, standing};
use super::seal::{Kind, Seal};
use super::shelf::{Library, Place};
use super::walk::Cursor;
use crate::domain::note::{NoteId, NoteKey, Outline};
use crate::domain::opening::Opening;
use crate::domain::staff::Credential;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

/// The file inside the store.
pub const NAME: &str = "index";
/// Raised when the meaning of the file or of an outline changes; another one
/// is not read.
const VERSION: u32 = 5;
const MAGIC: [u8; 4] = *b"MJIX";
/// Notes in one piece.
const CHUNK: usize = 2048;
/// More than any index: nothing beyond it is read into memory.
const LONGEST: u64 = 1 << 30;

/// What is kept in memory of a note.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Shared with the desk.
    pub outline: Arc<Outline>,
    /// Its newest record.
    pub place: Place,
}

/// Everything that opening a store finds out, up to the record it follows.
#[derive(Debug, Clone, Default)]
pub struct Register {
    notes: BTreeMap<NoteKey, Kept>,
    staff: BTreeMap<String, Credential>,
    opening: Option<Opening>,
    /// Those that nobody has read, by their text.
    losses: BTreeMap<String, Loss>,
    outage: Option<Timestamp>,
    sum: u64,
    /// The last record it knows.
    pub cursor: Cursor,
}

/// What tells whether sled holds the same as a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The last record.
    pub cursor: Cursor,
    /// How many notes there are.
    pub count: u64,
    /// [`Register::sum`].
    pub sum: u64,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    cursor: Cursor,
    notes: usize,
    staff: Vec<Credential>,
    opening: Option<Opening>,
    losses: Vec<Loss>,
    outage: Option<Timestamp>,
}

impl Register {
    /// Takes over what a record says.
    pub fn apply(&mut self, what: &What, place: Place) {
        match what {
            What::Note(note) => self.put(Arc::new(note.outline()), place),
            What::Staff(credential) => self.know(Credential::clone(credential)),
            What::Opening(opening) => self.check(Opening::clone(opening)),
            What::Loss(loss) => self.loss(Loss::clone(loss)),
            What::Line { since, .. } => self.line(*since),
            _ => {}
        }
    }

    /// Takes over a note.
    pub fn put(&mut self, outline: Arc<Outline>, place: Place) {
        let key = outline.key();
        self.sum = self.sum.wrapping_add(weight(key, place));
        let kept = Kept { outline, place };
        if let Some(old) = self.notes.insert(key, kept) {
            self.sum = self.sum.wrapping_sub(weight(key, old.place));
        }
    }

    /// Takes over the notes that `index` knows newer than the journal gave
    /// them: their records are there no more as they were written. Which ones.
    pub fn keep_unread(&mut self, index: &Self) -> Vec<NoteId> {
        let mut unread = Vec::new();
        for (key, kept) in &index.notes {
            if self
                .place(*key)
                .is_none_or(|place| place.seq < kept.place.seq)
            {
                unread.push(kept.outline.id.clone());
                self.put(kept.outline.clone(), kept.place);
            }
        }
        unread
    }

    /// A sum over all notes and their newest records.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// What sled is to be held against.
    pub fn summary(&self) -> Summary {
        Summary {
            cursor: self.cursor.clone(),
            count: self.notes.len() as u64,
            sum: self.sum,
        }
    }

    /// Takes over what is known of a person.
    pub fn know(&mut self, credential: Credential) {
        self.staff.insert(credential.user.clone(), credential);
    }

    /// Takes over the checklist of DOM-75.
    pub fn check(&mut self, opening: Opening) {
        self.opening = Some(opening);
    }

    /// The checklist of DOM-75, if it was ever touched.
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// Takes over a possible loss that was told, or read.
    pub fn loss(&mut self, loss: Loss) {
        if loss.read {
            self.losses.remove(&loss.text);
        } else {
            self.losses.insert(loss.text.clone(), loss);
        }
    }

    /// Possible losses that nobody has read, the oldest first.
    pub fn losses(&self) -> Vec<Loss> {
        standing(self.losses.values())
    }

    /// Takes over since when the line is down, or that it is not.
    pub fn line(&mut self, since: Option<Timestamp>) {
        self.outage = since;
    }

    /// Since when the line is down, if it is.
    pub fn outage(&self) -> Option<Timestamp> {
        self.outage
    }

    /// Where the newest record of a note stands.
    pub fn place(&self, key: NoteKey) -> Option<Place> {
        self.notes.get(&key).map(|kept| kept.place)
    }

    /// All notes with the places of their newest records.
    pub fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.notes.values()
    }

    /// How many notes there are.
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// All notes in the order of their keys.
    pub fn outlines(&self) -> Vec<Arc<Outline>> {
        self.notes.values().map(|k| k.outline.clone()).collect()
    }

    /// What is known of each person.
    pub fn staff(&self) -> Vec<Credential> {
        self.staff.values().cloned().collect()
    }

    fn behind(&self, key: Option<NoteKey>) -> Vec<(NoteKey, Kept)> {
        let from = key.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self.notes.range((from, Bound::Unbounded));
        rest.take(CHUNK)
            .map(|(key, kept)| (*key, kept.clone()))
            .collect()
    }
}

/// What one note adds to the sum.
fn weight(key: NoteKey, place: Place) -> u64 {
    let mixed = key.number() ^ place.seq.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
}

/// Which piece of the index that follows record `seq`.
fn row(seq: u64, number: usize) -> [u8; 16] {
    let mut row = [0; 16];
    let (left, right) = row.split_at_mut(8);
    left.copy_from_slice(&seq.to_le_bytes());
    right.copy_from_slice(&(number as u64).to_le_bytes());
    row
}

/// Number of the tail's piece.
const TAIL: usize = usize::MAX;

/// Writes the index of the store in `dir`, the old one or the new one, never
/// half. Notes may change meanwhile: what is newer than the record the index
/// follows is read once more from the journal, and comes to the same.
pub fn write(dir: &Path, library: &Library) -> io::Result<()> {
    let mut tail = {
        let register = library.register();
        Tail {
            cursor: register.cursor.clone(),
            notes: 0,
            staff: register.staff(),
            opening: register.opening.clone(),
            losses: register.losses(),
            outage: register.outage,
        }
    };
    let path = dir.join(NAME);
    let new = path.with_extension("new");
    let file = files::private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&new)?;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    out.write_all(&MAGIC)?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&tail.cursor.seq.to_le_bytes())?;
    let seq = tail.cursor.seq;
    let mut piece = |number: usize, content: &[u8]| {
        let row = row(seq, number);
        let sealed = (library.seal())
            .seal(Kind::Row(NAME, &row), content)
            .map_err(|_| io::Error::other("index"))?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        out.write_all(&length.to_le_bytes())?;
        out.write_all(&sealed)
    };
    let mut last = None;
    for number in 0.. {
        // Held for one piece at a time: a save does not wait for it.
        let rows = library.register().behind(last);
        let Some((key, _)) = rows.last() else { break };
        last = Some(*key);
        tail.notes += rows.len();
        let mut content = zeroize::Zeroizing::new(Vec::with_capacity(CHUNK * 192));
        for (_, kept) in &rows {
            content = zeroize::Zeroizing::new(
                postcard::to_extend(&(kept.place, &*kept.outline), std::mem::take(&mut *content))
                    .map_err(io::Error::other)?,
            );
        }
        piece(number, &content)?;
    }
    piece(TAIL, &serde_json::to_vec(&tail)?)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    std::fs::rename(&new, &path)?;
    files::sync_folder(dir)
}

/// Takes the index of the store in `dir` away, durably.
pub fn remove(dir: &Path) -> io::Result<()> {
    let path = dir.join(NAME);
    for path in [path.with_extension("new"), path] {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    files::sync_folder(dir)
}

/// The record the index in `dir` says it follows, without a key.
pub fn follows(dir: &Path) -> Option<u64> {
    let bytes = files::read_small(&dir.join(NAME), 16).ok()?;
    let (magic, rest) = bytes.split_first_chunk::<4>()?;
    let (version, rest) = rest.split_first_chunk::<4>()?;
    let known = *magic == MAGIC && u32::from_le_bytes(*version) == VERSION;
    let (seq, _) = rest.split_first_chunk::<8>()?;
    known.then_some(u64::from_le_bytes(*seq))
}

/// Reads the index of the store in `dir`; `None` if there is none, or it is
/// not whole, of another version or sealed with another key.
pub fn read(dir: &Path, seal: &Seal) -> Option<Register> {
    let file = files::private().read(true).open(dir.join(NAME)).ok()?;
    let length = file.metadata().ok()?.len();
    let mut rest = BufReader::with_capacity(1 << 16, file).take(length.min(LONGEST));
    let mut head = [0; 16];
    rest.read_exact(&mut head).ok()?;
    let (magic, behind) = head.split_first_chunk::<4>()?;
    let (version, seq) = behind.split_first_chunk::<4>()?;
    if *magic != MAGIC || u32::from_le_bytes(*version) != VERSION {
        return None;
    }
    let seq = u64::from_le_bytes(seq.try_into().ok()?);
    // Each on its own: glibc keeps twice as much unused as the largest block
    // that was ever given back.
    let mut pieces = Vec::new();
    while rest.limit() > 0 {
        let mut size = [0; 4];
        rest.read_exact(&mut size).ok()?;
        let size = u64::from(u32::from_le_bytes(size));
        if size > rest.limit() {
            return None;
        }
        let mut piece = vec![0; size as usize];
        rest.read_exact(&mut piece).ok()?;
        pieces.push(piece);
    }
    let tail = pieces.pop()?;
    let tail = seal.open(Kind::Row(NAME, &row(seq, TAIL)), &tail).ok()?;
    let tail: Tail = serde_json::from_slice(&tail).ok()?;
    let rows = unpack(seal, seq, &pieces)?;
    if tail.notes != rows.len() || tail.cursor.seq != seq {
        return None;
    }
    let sum = rows.iter().map(|(key, kept)| weight(*key, kept.place));
    let mut register = Register {
        sum: sum.fold(0, u64::wrapping_add),
        notes: rows.into_iter().collect(),
        staff: BTreeMap::new(),
        opening: tail.opening,
        losses: BTreeMap::new(),
        outage: tail.outage,
        cursor: tail.cursor,
    };
    for credential in tail.staff {
        register.know(credential);
    }
    for loss in tail.losses {
        register.loss(loss);
    }
    Some(register)
}

/// The notes of all pieces, in order, on as many threads as there are.
fn unpack(seal: &Seal, seq: u64, pieces: &[Vec<u8>]) -> Option<Vec<(NoteKey, Kept)>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = pieces.len().div_ceil(threads.min(4)).max(4);
    let one = |(number, piece): (usize, &Vec<u8>)| {
        let content = seal.open(Kind::Row(NAME, &row(seq, number)), piece).ok()?;
        let mut rest = &content[..];
        let mut rows = Vec::with_capacity(CHUNK);
        while !rest.is_empty() {
            let ((place, outline), behind) =
                postcard::take_from_bytes::<(Place, Outline)>(rest).ok()?;
            let outline = Arc::new(outline);
            rows.push((outline.key(), Kept { outline, place }));
            rest = behind;
        }
        Some(rows)
    };
    let numbered: Vec<_> = pieces.iter().enumerate().collect();
    let parts: Option<Vec<Vec<_>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = numbered
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    let rows: Option<Vec<_>> = part.iter().copied().map(one).collect();
                    Some(rows?.into_iter().flatten().collect::<Vec<_>>())
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().ok()?).collect()
    });
    Some(parts?.into_iter().flatten().collect())
}
