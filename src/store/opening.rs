//! The steps of opening a store: what the index and sled remember, what the
//! journal has beyond them, and what a person is told about the difference.

mod lost;

pub use lost::back_again;

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
use super::whose;
use super::{cure, files, journal, trouble, verify};
use crate::domain::note::NoteId;
use jiff::Timestamp;
use lost::Known;
use std::borrow::Borrow;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The folder of sled inside the store.
pub const STATE: &str = "state";
/// Findings told one by one before only their number is told.
const TOLD: usize = 20;
/// Records that go to sled in one step.
const STEP: usize = 256;
/// Records handed to the thread that fills sled, and how often before one is
/// taken: they are whole, and in memory.
const HANDED: usize = 64;
const WAITING: usize = 4;
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

    /// Takes over into sled what it had not yet when the program ended.
    fn make_up(&mut self, opened: &mut Opened, walk: Walk, seq: u64) -> Result<(), StoreError> {
        let mut behind = 0;
        let mut new = Vec::new();
        let mut ended = false;
        self.read(opened, walk, 0, &mut |opened, record, place| {
            behind += u64::from(place.seq > seq);
            if let Some(view) = opened.view.as_ref()
                && place.seq > seq
                && record.ends.is_some()
            {
                ended = true;
                view.end_drafts(std::iter::once(&record))?;
            }
            if record.what.is_kept() {
                new.push((record, place));
            }
            let Some(view) = opened.view.as_ref().filter(|_| new.len() >= STEP) else {
                return Ok(());
            };
            view.follow(&std::mem::take(&mut new), &opened.register.summary())
        })?;
        if ended {
            // What cannot be read was named when they were read first.
            opened.drafts = drafts(opened.view.as_ref(), &mut Vec::new());
        }
        if behind > 0 {
            self.remarks.push(Remark::known(format!(
                "前回は途中で終わったようです。記録から {behind} 件を補いました。"
            )));
        }
        if opened.register.cursor.seq == seq && new.is_empty() {
            return Ok(());
        }
        let summary = opened.register.summary();
        let done = opened.view.as_ref().map(|view| view.follow(&new, &summary));
        self.lose(opened, done);
        Ok(())
    }

    /// Makes sled anew from what the journal holds. `lost`: drafts may be gone
    /// with the former one.
    fn rebuild(&mut self, opened: &mut Opened, walk: Walk, lost: bool) -> Result<(), StoreError> {
        let fresh = opened.view.as_ref().map(super::view::View::is_new);
        let fresh = fresh.transpose().ok().flatten().unwrap_or(false);
        if !fresh && let Some(view) = opened.view.take() {
            let renewed = self.renew(view, &opened.drafts);
            opened.view = renewed
                .map_err(|sick| self.remarks.push(without_sled(self.dir, &sick)))
                .ok();
        }
        let mut records: u64 = 0;
        let mut new = Vec::new();
        let newest = newest(self.dir).ok().flatten();
        let total = newest.map_or(0, |head| head.seq);
        // A kill on the way must not take the word of it.
        let owes = lost && total > 0;
        if let Some(view) = opened.view.as_ref().filter(|_| owes) {
            let done = view.fill(&[]).and_then(|()| view.owe());
            self.lose(opened, Some(done));
        }
        let view = opened.view.take();
        // Sled is filled on a thread of its own while the journal is read.
        let filled = std::thread::scope(|scope| {
            let (hand, take) = std::sync::mpsc::sync_channel::<Vec<(Record, Place)>>(WAITING);
            let filling = scope.spawn(move || {
                let done = match &view {
                    Some(view) => take.iter().try_for_each(|new| view.fill(&new)),
                    None => Ok(()),
                };
                (view, done)
            });
            let read = self.read(opened, walk, total, &mut |_, record, place| {
                records += 1;
                if record.what.is_kept() {
                    new.push((record, place));
                }
                if new.len() >= HANDED {
                    // Nobody takes it any more where sled has failed.
                    let _ = hand.send(std::mem::take(&mut new));
                }
                Ok(())
            });
            drop(hand);
            read.map(|()| filling.join().unwrap_or((None, Ok(()))))
        });
        let (view, done) = filled?;
        opened.view = view;
        self.lose(opened, Some(done));
        if fresh && opened.register.cursor.seq > 0 {
            self.remarks.push(Remark::known(format!(
                "現在の状態を記録 {records} 件から作り直しました。"
            )));
        }
        let summary = opened.register.summary();
        let done = opened.view.as_ref().map(|view| {
            view.follow(&new, &summary)?;
            if owes { view.owe() } else { view.sync() }
        });
        self.lose(opened, done);
        self.relieve(opened);
        Ok(())
    }

    /// Moves a sled that cannot be trusted aside.
    fn renew(&mut self, view: View, drafts: &Drafts) -> Result<View, Sick> {
        let _ = guarded(|| {
            drop(view);
            Ok(())
        });
        let state = self.dir.join(STATE);
        self.remarks
            .push(Remark::known(cure::set_aside(&state, self.now)?));
        let view = View::open(&state, self.seal)?;
        view.keep_all(drafts)?;
        Ok(view)
    }

    /// Opens sled once more: what it has cached of a whole ledger is not
    /// needed, and would stay in memory.
    fn relieve(&mut self, opened: &mut Opened) {
        let Some(view) = opened.view.take() else {
            return;
        };
        let_go(view);
        let view = View::open(&self.dir.join(STATE), self.seal).and_then(|view| {
            let settled = std::thread::scope(|scope| scope.spawn(|| view.settle()).join());
            settled.unwrap_or(Err(Sick::Damaged)).map(|()| view)
        });
        match view {
            Ok(view) => opened.view = Some(view),
            Err(sick) => self.remarks.push(without_sled(self.dir, &sick)),
        }
    }

    /// Goes on without sled where it failed.
    fn lose(&mut self, opened: &mut Opened, done: Option<Result<(), Sick>>) {
        if let Some(Err(sick)) = done {
            self.remarks.push(without_sled(self.dir, &sick));
            opened.view = None;
        }
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

/// The drafts in sled, if all is whole.
fn drafts(view: Option<&View>, remarks: &mut Vec<Remark>) -> Drafts {
    match view.map(View::drafts) {
        None => Drafts::new(),
        Some(Ok((drafts, lost))) => {
            if lost > 0 {
                let text = format!("入力途中の控え {lost} 件が読めませんでした。");
                remarks.push(Remark::loss(text));
            }
            drafts
        }
        Some(Err(_)) => {
            remarks.push(Remark::loss("入力途中の控えが読めませんでした。"));
            Drafts::new()
        }
    }
}

/// Names what is wrong with the journal, and cuts an unfinished record off its
/// end.
pub fn tell(folder: &Path, opened: &mut Opened, remarks: &mut Vec<Remark>) -> io::Result<()> {
    whose::name(&mut opened.findings, &opened.register);
    let findings = &opened.findings;
    let acknowledged = opened.known > opened.register.cursor.seq;
    trim(folder, findings, acknowledged, remarks)?;
    let others: Vec<&Finding> = (findings.iter())
        .filter(|finding| !matches!(finding.flaw, Flaw::Torn { .. }))
        .collect();
    remarks.extend(found(&others));
    Ok(())
}

/// Cuts an unfinished record off the end of the journal; names those at the
/// end of other segments. `acknowledged`: it had been there as a whole.
fn trim(
    folder: &Path,
    findings: &[Finding],
    acknowledged: bool,
    remarks: &mut Vec<Remark>,
) -> io::Result<()> {
    let newest = segments(folder)?.pop();
    for finding in findings {
        let Flaw::Torn { bytes } = finding.flaw else {
            continue;
        };
        if newest.as_ref() != Some(&finding.segment) {
            remarks.push(Remark::loss(finding.to_string()));
            continue;
        }
        journal::cut(folder, &finding.segment, finding.offset)?;
        remarks.push(if acknowledged {
            Remark::loss(format!(
                "記録の終わりが途中で切れていたので、残りの {bytes} バイトを切り取りました。"
            ))
        } else {
            Remark::known(format!(
                "記録の終わりが書きかけだったので、{bytes} バイトを切り取りました（「控えました」と表示する前の記録です）。"
            ))
        });
    }
    Ok(())
}

/// One sentence for each, or for as many as are told one by one: what is
/// damaged, missing or out of place may have been a note.
pub fn found<F: Borrow<Finding>>(findings: &[F]) -> Vec<Remark> {
    let each = findings.iter().take(TOLD);
    let mut remarks: Vec<Remark> = each
        .map(|finding| Remark::loss(finding.borrow().to_string()))
        .collect();
    if findings.len() > TOLD {
        let count = findings.len();
        remarks.push(Remark::loss(format!(
            "記録に壊れたところが全部で {count} か所あります。"
        )));
    }
    remarks
}

/// What goes on without the state.
pub fn without_sled(dir: &Path, sick: &Sick) -> Remark {
    let why = match sick {
        Sick::System(error) => trouble::from_io(dir, error).to_string(),
        Sick::Damaged => "現在の状態の控え（state）が壊れています。".to_owned(),
    };
    Remark::known(format!(
        "{why}記録（journal）だけで続けます。控えは残りますが、入力途中のものは再起動すると消えます。"
    ))
}

/// A remark if other users of this machine can look into the journal (SEC-22).
pub fn too_open(folder: &Path) -> Option<Remark> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        Remark::known(format!(
            "{} はほかの利用者にも開かれています。chmod 700 で閉じてください。",
            trouble::shown(folder)
        ))
    })
}
