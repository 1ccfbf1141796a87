//! The state read as a whole: everything in outline, or as much as can be
//! read.

use super::{Held, LOSS, MARK, OPENING, OUTAGE, STAFF, View, cache, read_mark, unwrap};
use crate::domain::note::{Note, NoteId};
use crate::domain::opening::Opening;
use crate::domain::staff::Credential;
use crate::store::guard::{Sick, guarded};
use crate::store::index::Register;
use crate::store::payload;
use crate::store::remark::Loss;
use crate::store::seal::Kind;
use crate::store::shelf::Place;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What there is besides notes.
#[derive(Default)]
pub struct Others {
    /// The people.
    pub staff: Vec<Credential>,
    /// The checklist.
    pub opening: Option<Opening>,
    /// Since when the line is down.
    pub outage: Option<Timestamp>,
    /// Possible losses that nobody has read.
    pub losses: Vec<Loss>,
}

impl View {
    /// Everything in outline; nothing if the state is not whole. `tell` hears
    /// how many notes are read, of how many.
    pub fn load(&self, tell: &mut dyn FnMut(u64, u64)) -> Result<Option<Register>, Sick> {
        guarded(|| {
            let Some(mark) = self.notes.get(MARK)?.and_then(|value| read_mark(&value)) else {
                return Ok(None);
            };
            let mut register = Register::default();
            for pair in cache::pairs(&self.notes) {
                let (key, value) = pair?;
                let Some(content) = unwrap(&value) else {
                    return Ok(None);
                };
                if key.starts_with(STAFF) {
                    match payload::open::<Credential>(&self.seal, Kind::Row("staff", &key), content)
                    {
                        Ok(credential) => register.know(credential),
                        Err(_) => return Ok(None),
                    }
                } else if key == OPENING {
                    match payload::open(&self.seal, Kind::Row("opening", &key), content) {
                        Ok(opening) => register.check(opening),
                        Err(_) => return Ok(None),
                    }
                } else if key == OUTAGE {
                    match payload::open(&self.seal, Kind::Row("outage", &key), content) {
                        Ok(since) => register.line(since),
                        Err(_) => return Ok(None),
                    }
                } else if key.starts_with(LOSS) {
                    match payload::open::<Loss>(&self.seal, Kind::Row("loss", &key), content) {
                        Ok(loss) => register.loss(loss),
                        Err(_) => return Ok(None),
                    }
                } else if !key.starts_with(b"\0") {
                    let held = payload::open::<Held<Note>>(&self.seal, Kind::Note(&key), content);
                    let Ok(held) = held else { return Ok(None) };
                    register.put(Arc::new(held.note.outline()), held.place);
                    tell(register.len() as u64, mark.count);
                }
            }
            register.cursor = mark.cursor;
            let whole = (register.len() as u64, register.sum()) == (mark.count, mark.sum);
            Ok(whole.then_some(register))
        })
    }

    /// Whether it is of this store: something in it can be opened.
    pub fn ours(&self) -> bool {
        let found = guarded(|| {
            for pair in &self.notes {
                let (key, value) = pair?;
                let Some(content) = unwrap(&value) else {
                    continue;
                };
                let kind = if key.starts_with(STAFF) {
                    Kind::Row("staff", &key)
                } else if key == OPENING {
                    Kind::Row("opening", &key)
                } else if key == OUTAGE {
                    Kind::Row("outage", &key)
                } else if key.starts_with(LOSS) {
                    Kind::Row("loss", &key)
                } else if key.starts_with(b"\0") {
                    continue;
                } else {
                    Kind::Note(&key)
                };
                if self.seal.open(kind, content).is_ok() {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        found.unwrap_or(false)
    }

    /// The places of all notes' newest records, as far as they can be read.
    pub fn places(&self) -> Result<Vec<(Place, NoteId)>, Sick> {
        guarded(|| {
            let mut places = Vec::new();
            for pair in cache::pairs(&self.notes) {
                let (key, value) = pair?;
                let held = unwrap(&value)
                    .filter(|_| !key.starts_with(b"\0"))
                    .and_then(|content| {
                        payload::open::<Held<Note>>(&self.seal, Kind::Note(&key), content).ok()
                    });
                places.extend(held.map(|held| (held.place, held.note.id)));
            }
            Ok(places)
        })
    }

    /// What there is besides notes, as far as it can be read.
    pub fn others(&self) -> Result<Others, Sick> {
        guarded(|| {
            let staff = self.rows("staff", STAFF)?;
            let losses = self.rows("loss", LOSS)?;
            let opening = self.notes.get(OPENING)?.and_then(|value| {
                payload::open(&self.seal, Kind::Row("opening", OPENING), unwrap(&value)?).ok()
            });
            let outage = self.notes.get(OUTAGE)?.and_then(|value| {
                payload::open(&self.seal, Kind::Row("outage", OUTAGE), unwrap(&value)?).ok()
            });
            Ok(Others {
                staff,
                opening,
                outage: outage.flatten(),
                losses,
            })
        })
    }

    /// What lies under keys that begin with `prefix`, as far as it can be read.
    fn rows<T: DeserializeOwned>(&self, kind: &'static str, prefix: &[u8]) -> sled::Result<Vec<T>> {
        let mut rows = Vec::new();
        for pair in self.notes.scan_prefix(prefix) {
            let (key, value) = pair?;
            let kind = Kind::Row(kind, &key);
            rows.extend(
                unwrap(&value).and_then(|content| payload::open(&self.seal, kind, content).ok()),
            );
        }
        Ok(rows)
    }
}
