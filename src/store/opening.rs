//! The steps of opening a store: what the index and sled remember, what the
//! journal has beyond them, and what a person is told about the difference.

mod lost;
mod state;
mod told;

pub use lost::back_again;
pub use told::{found, tell, too_open, without_sled};

use super::frame::{HEADER, Header, MAGIC, MAX_PAYLOAD};
use super::guard::{Sick, guarded};
use super::index::{self, Register};
use super::payload;
use super::record::{Progress, Record, StoreError};
use super::remark::{Grade, Remark};
use super::seal::Seal;
use super::shelf::Place;
use super::view::{Drafts, View};
use super::walk::{Finding, Flaw, Item, Walk, segments};
use super::{cure, files, verify};
use crate::domain::note::NoteId;
use jiff::Timestamp;
use lost::Known;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use told::{drafts, trim};

/// The folder of sled inside the store.
pub const STATE: &str = "state";
/// Progress is told after so many records.
const TELL: u64 = 1000;

/// Where and with what a store is opened.
pub struct Reading<'a> {
    /// The store's folder.
    pub dir: &'a Path,
    /// With what it is sealed.
    pub seal: &'a Seal,
    /// Dates what has to be moved aside.
    pub now: Timestamp,
    /// What a person is told.
    pub remarks: &'a mut Vec<Remark>,
    /// Who hears how far a long opening is.
    pub tell: &'a mut dyn FnMut(Progress),
    /// The disk can be written: sled needs that even for reading.
    pub writable: bool,
    /// The store was not there before: what lies beside it is another's.
    pub made: bool,
}

/// What an opened store begins with.
#[derive(Default)]
pub struct Opened {
    /// All notes in outline, up to the journal's last record.
    pub register: Register,
    /// Sled with the same, if it can be used.
    pub view: Option<View>,
    /// The drafts.
    pub drafts: Drafts,
    /// What is wrong with the journal.
    pub findings: Vec<Finding>,
    /// The index has all but this many records.
    pub beyond_index: u64,
    /// The highest number a record is known to have had, in the journal or
    /// not: the next one is higher.
    pub known: u64,
    /// Numbers of notes that are given out, although the notes are gone.
    pub given: Vec<NoteId>,
    /// The journal was read from its first record on.
    pub all_read: bool,
}

impl Reading<'_> {
    /// Finds out everything, and brings sled up to it.
    pub fn run(mut self) -> Result<Opened, StoreError> {
        let state = self.dir.join(STATE);
        let stateless = self.writable && !state.join("db").exists();
        let before = self.remarks.len();
        let (index, view) = std::thread::scope(|scope| {
            let index = scope.spawn(|| index::read(self.dir, self.seal));
            let view = self
                .writable
                .then(|| cure::open(&state, self.seal, self.now, self.remarks));
            (index.join().ok().flatten(), view)
        });
        let view = view.and_then(|view| {
            view.map_err(|sick| self.remarks.push(without_sled(self.dir, &sick)))
                .ok()
        });
        let told = (self.remarks.iter().skip(before)).any(|remark| remark.grade == Grade::Loss);
        let owed = view.as_ref().is_some_and(View::owes);
        let drafts = drafts(view.as_ref(), self.remarks);
        let known = Known::of(&self, view.as_ref(), index.as_ref());
        let (index, former) = match index {
            Some(index) if Walk::behind(self.dir, &index.cursor)?.is_some() => (Some(index), None),
            other => (None, other),
        };
        let follows = view.as_ref().and_then(|view| view.following().ok()?);
        let follows = match follows {
            Some(cursor) => Walk::behind(self.dir, &cursor)?.map(|walk| (cursor, walk)),
            None => None,
        };
        if let (None, Some(view)) = (&follows, &view) {
            self.bring_back(view, &known)?;
        }
        let indexed = index.as_ref().map(|index| index.cursor.seq);
        let mut set_aside = false;
        let (base, walk, sled) = match (index, follows, &view) {
            (Some(index), Some((cursor, walk)), _) => {
                // From the one that is further behind; the other hears some
                // records twice, and comes to the same.
                let walk = match Walk::behind(self.dir, &index.cursor)? {
                    Some(earlier) if index.cursor.seq < cursor.seq => earlier,
                    _ => walk,
                };
                (index, walk, Some(cursor.seq))
            }
            (Some(index), None, None) => {
                let walk = Walk::behind(self.dir, &index.cursor)?;
                (index, walk.map_or_else(|| Walk::all(self.dir), Ok)?, None)
            }
            (None, Some((cursor, walk)), Some(view)) => {
                let tell = &mut *self.tell;
                let loaded = view.load(&mut |done, total| {
                    if done % TELL == 0 {
                        tell(Progress { done, total });
                    }
                });
                match loaded {
                    Ok(Some(register)) => (register, walk, Some(cursor.seq)),
                    _ => (Register::default(), Walk::all(self.dir)?, None),
                }
            }
            (index, ..) => {
                set_aside = index.is_some();
                let_go(index);
                (Register::default(), Walk::all(self.dir)?, None)
            }
        };
        let mut opened = Opened {
            known: known.seq,
            register: base,
            view,
            drafts,
            all_read: walk.last().seq == 0,
            ..Opened::default()
        };
        match sled {
            Some(seq) => {
                self.make_up(&mut opened, walk, seq)?;
                if indexed.is_none() {
                    self.relieve(&mut opened);
                }
            }
            None => self.rebuild(&mut opened, walk, stateless || told || owed)?,
        }
        let gone = stateless && opened.register.cursor.seq > 0;
        if (gone || owed) && !told {
            self.remarks.push(Remark::loss(
                "現在の状態の控え（state）がなくなったか壊れたので、作り直しました。入力途中の控えがあったときは、失われています。入れ直してください。",
            ));
        }
        // Read once more only where it has something to tell: beside a ledger
        // that is read anew there is no room for it.
        if set_aside
            && !opened.findings.is_empty()
            && let Some(index) = index::read(self.dir, self.seal)
        {
            self.name_unread(&mut opened, &index);
        }
        opened.beyond_index = opened
            .register
            .cursor
            .seq
            .saturating_sub(indexed.unwrap_or(0));
        self.name_lost(&mut opened, &known, former.as_ref());
        Ok(opened)
    }

    /// Takes over what the walk passes into the register, and hands it on.
    /// How far it is of `total` is told, unless that is 0.
    fn read(
        &mut self,
        opened: &mut Opened,
        mut walk: Walk,
        total: u64,
        each: &mut dyn FnMut(&Opened, Record, Place) -> Result<(), Sick>,
    ) -> Result<(), StoreError> {
        while let Some(item) = walk.step()? {
            match item {
                Item::Flaw(finding) => opened.findings.push(finding),
                // A record that stands behind a newer one would bring back an
                // old state; the walk has named it.
                Item::Record {
                    in_order: false, ..
                } => {}
                Item::Erased { header, .. } => {
                    let flaw = Flaw::Erased { seq: header.seq };
                    opened.findings.push(verify::at(&walk, flaw));
                }
                Item::Record {
                    header, payload, ..
                } => {
                    let last = walk.last();
                    let place = Place::new(header.seq, &last.segment, last.start);
                    if header.seq % TELL == 0 && total > TELL {
                        let done = header.seq;
                        (self.tell)(Progress { done, total });
                    }
                    let read = payload::open_record::<Record>(self.seal, &header, &payload);
                    let Ok(record) = read else {
                        let flaw = Flaw::Content { seq: header.seq };
                        opened.findings.push(verify::at(&walk, flaw));
                        continue;
                    };
                    opened.register.apply(&record.what, place);
                    opened.register.cursor.clone_from(last);
                    if let Err(sick) = each(opened, record, place) {
                        self.remarks.push(without_sled(self.dir, &sick));
                        opened.view = None;
                    }
                }
            }
        }
        opened.register.cursor = walk.last().clone();
        Ok(())
    }
}

/// Drops it on a thread of its own. Glibc keeps for every thread some of what
/// it freed, and crumbs of a ledger all over the heap keep its memory from going
/// back; with the thread they are gone.
fn let_go<T: Send>(what: T) {
    std::thread::scope(|scope| {
        let dropped = scope.spawn(move || {
            guarded(|| {
                drop(what);
                Ok(())
            })
        });
        let _ = dropped.join();
    });
}

/// The head of the journal's newest record, as far as its end tells.
fn newest(dir: &Path) -> io::Result<Option<Header>> {
    let folder = dir.join("journal");
    let Some(name) = segments(&folder)?.pop() else {
        return Ok(None);
    };
    let file = files::private().read(true).open(folder.join(name))?;
    let length = file.metadata()?.len();
    let reach = (HEADER + MAX_PAYLOAD) as u64 * 2;
    let mut bytes = vec![0; length.min(reach) as usize];
    file.read_exact_at(&mut bytes, length.saturating_sub(reach))?;
    Ok(bytes
        .windows(HEADER)
        .rev()
        .filter(|place| place.starts_with(&MAGIC))
        .find_map(Header::read))
}
