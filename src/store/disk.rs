//! The store as the desk service uses it: append, keep a draft, and open from
//! whatever a kill, a power cut or a damaged file has left.

mod commit;
mod examine;
mod read_only;
mod search;

pub use examine::Examined;

use super::audit::anchor::{self, keeper::Keeper};
use super::guard::Sick;
use super::journal::Journal;
use super::keys::{self, KeySource};
use super::lock::Lock;
use super::opening::{Reading, tell, too_open, without_sled};
use super::record::{Loaded, Progress, Record, StoreError, What};
use super::remark::Remark;
use super::seal::Seal;
use super::shelf::{Fetch, Library, Place, Shelf};
use super::view::View;
use super::walk::{Cursor, segments};
use super::{files, format, index, rotate, trouble};
use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId, NoteKey};
use examine::Examining;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

/// Number of a journal record, from 1.
pub type Seq = u64;

/// Sled is flushed after so many records at the latest, so that a start after
/// a kill has little to make up for.
const FLUSH_EVERY: usize = 1024;
/// The index is written anew after so many records, or after one for every
/// [`INDEX_SHARE`] notes.
const INDEX_EVERY: u64 = 2048;
const INDEX_SHARE: u64 = 32;

/// An open store.
pub struct Store {
    dir: PathBuf,
    journal: Journal,
    view: Option<View>,
    library: Arc<Library>,
    /// In the journal, not yet in sled.
    behind: Vec<(Record, Place)>,
    /// Sled lacked something: it only goes on until the next opening.
    doubtful: bool,
    /// Records that the index does not have.
    beyond_index: u64,
    indexing: Option<JoinHandle<()>>,
    /// The opening went through the journal from its first record on.
    all_read: bool,
    examining: Option<Examining>,
    unflushed: usize,
    remarks: Vec<Remark>,
    seal: Seal,
    source: KeySource,
    former: Vec<String>,
    /// Heads of the chain, for the audit.
    anchors: Option<Keeper>,
    lock: Lock,
}

impl Store {
    /// Opens the store in `dir` with the key of `source`, making both if they
    /// are not there. A wrong or missing key touches nothing. `now` dates what
    /// has to be moved aside.
    pub fn open(
        dir: &Path,
        source: &KeySource,
        now: Timestamp,
    ) -> Result<(Self, Loaded), StoreError> {
        Self::open_telling(dir, source, now, &mut |_| {})
    }

    /// [`Store::open`]; `progress` hears how far it is when it takes long.
    pub fn open_telling(
        dir: &Path,
        source: &KeySource,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Self, Loaded), StoreError> {
        let failed = |error: std::io::Error| trouble::from_io(dir, &error);
        format::look(dir)?;
        let opened = keys::open(dir, source)?;
        if opened.is_none() {
            keys::ready(dir, source)?;
        }
        files::make_folder(dir).map_err(failed)?;
        let lock = match Lock::take(dir) {
            Err(StoreError::ReadOnly { .. }) => {
                return Self::open_read_only(dir, opened, now, progress);
            }
            lock => lock?,
        };
        let mut remarks = Vec::new();
        remarks.extend(format::check(dir)?);
        let folder = dir.join("journal");
        files::make_folder(&folder).map_err(failed)?;
        remarks.extend(too_open(&folder));
        let made = opened.is_none();
        let ring = match keys::still(dir, source, opened)? {
            Some((ring, remark)) => {
                remarks.extend(remark.map(Remark::known));
                if ring.mend(dir)? {
                    remarks.push(Remark::known("鍵束の控え（keys）を直しました。"));
                }
                ring
            }
            None => keys::create(dir, source)?,
        };
        if ring.changing() {
            remarks.push(Remark::known(
                "鍵の入れ替えが途中です。窓口サービスを止めて、madoguchi key rotate をもう一度実行してください。",
            ));
        }
        let (seal, source) = (ring.seal(), ring.source().clone());
        let former = ring.former().to_vec();

        rotate::settle_state(dir).map_err(failed)?;
        let reading = Reading {
            dir,
            seal: &seal,
            now,
            remarks: &mut remarks,
            tell: progress,
            writable: true,
            made,
        };
        let mut opened = reading.run()?;
        tell(&folder, &mut opened, &mut remarks).map_err(failed)?;
        let names = segments(&folder).map_err(failed)?;
        let last = opened.register.cursor.clone();
        let (outlines, staff) = (opened.register.outlines(), opened.register.staff());
        let opening = opened.register.opening().cloned();
        let (losses, outage) = (opened.register.losses(), opened.register.outage());
        let card_key = seal.card_key();
        let tree = opened.view.as_ref().map(View::tree);
        let library = Arc::new(Library::new(dir, &seal, opened.register, tree));
        let mut journal = Journal::open(dir, last, names.last().map(String::as_str))?;
        journal.leave_out(opened.known);
        let store = Self {
            dir: dir.to_owned(),
            journal,
            view: opened.view,
            library: library.clone(),
            behind: Vec::new(),
            doubtful: false,
            beyond_index: opened.beyond_index,
            indexing: None,
            all_read: opened.all_read,
            examining: None,
            unflushed: 0,
            remarks: Vec::new(),
            seal,
            source,
            former,
            anchors: None,
            lock,
        };
        let loaded = Loaded {
            waiting: Vec::new(),
            outlines,
            shelf: Some(Shelf::new(library)),
            drafts: opened.drafts,
            staff,
            opening,
            losses,
            outage,
            card_key,
            given: opened.given,
            remarks,
        };
        Ok((store, loaded))
    }

    /// The number the next record gets.
    pub fn next_seq(&self) -> Seq {
        self.journal.next_seq()
    }

    /// Writes a record. When this returns, the record survives a power cut.
    pub fn append(&mut self, record: &Record) -> Result<Seq, StoreError> {
        let written = self
            .commit(vec![record.clone()])
            .pop()
            .unwrap_or_else(|| Err(trouble::other(&self.dir, "記録がありません")));
        self.catch_up();
        written
    }

    /// Brings sled and the index up to the journal. What goes wrong here loses
    /// nothing: the next opening makes them anew.
    pub fn catch_up(&mut self) {
        let behind = std::mem::take(&mut self.behind);
        if behind.is_empty() {
            return;
        }
        let summary = {
            let mut register = self.library.register();
            for (record, place) in &behind {
                register.apply(&record.what, *place);
            }
            register.cursor.clone_from(self.journal.last());
            register.summary()
        };
        if self.library.take_doubt() && !std::mem::replace(&mut self.doubtful, true) {
            self.remarks.push(Remark::known(
                "現在の状態の控え（state）に壊れたところがあります。控えは記録から読みました。次に始めるとき、状態を作り直します。",
            ));
        }
        let done = match &self.view {
            None => Ok(()),
            Some(view) => {
                self.unflushed += behind.len();
                let done = view.end_drafts(behind.iter().map(|(record, _)| record));
                let done = done.and_then(|()| {
                    if self.doubtful {
                        view.fill(&behind)
                    } else {
                        view.follow(&behind, &summary)
                    }
                });
                if done.is_ok() && self.unflushed >= FLUSH_EVERY {
                    self.unflushed = 0;
                    view.sync()
                } else {
                    done
                }
            }
        };
        match done {
            Ok(()) => self.library.followed(summary.cursor.seq),
            Err(sick) => {
                self.remarks.push(without_sled(&self.dir, &sick));
                self.lose_view();
            }
        }
        self.beyond_index += behind.len() as u64;
        let every = INDEX_EVERY.max(summary.count / INDEX_SHARE);
        let busy = (self.indexing.as_ref()).is_some_and(|thread| !thread.is_finished());
        if self.beyond_index >= every && !busy {
            self.write_index();
        }
    }

    /// Writes the index on a thread of its own. Without it the next opening
    /// only takes longer.
    fn write_index(&mut self) {
        let (dir, library) = (self.dir.clone(), self.library.clone());
        self.beyond_index = 0;
        self.indexing = std::thread::Builder::new()
            .name("index".to_owned())
            .spawn(move || drop(index::write(&dir, &library)))
            .ok();
    }

    fn lose_view(&mut self) {
        self.library.without_state();
        self.view = None;
    }

    /// Keeps or drops the draft of `user`; on disk when this returns.
    pub fn keep_draft(&mut self, user: &str, draft: Option<&Draft>) -> Result<(), StoreError> {
        self.keep_drafts(&[(user, draft)])
    }

    /// [`Store::keep_draft`] for several people with one wait.
    pub fn keep_drafts(&mut self, drafts: &[(&str, Option<&Draft>)]) -> Result<(), StoreError> {
        let Some(view) = &self.view else {
            return Err(trouble::other(&self.dir, "入力途中の控えを保存できません"));
        };
        let kept = drafts
            .iter()
            .try_for_each(|(user, draft)| view.keep_draft(user, *draft))
            .and_then(|()| view.sync());
        self.unflushed = 0;
        kept.map_err(|sick| match sick {
            Sick::System(error) => trouble::from_io(&self.dir, &error),
            Sick::Damaged => {
                self.lose_view();
                trouble::other(&self.dir, "入力途中の控えを保存できません")
            }
        })
    }

    /// Where the key that opened it lies.
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// The files that key was moved from.
    pub fn former(&self) -> &[String] {
        &self.former
    }

    /// The last record in the journal.
    pub fn last(&self) -> &Cursor {
        self.journal.last()
    }

    /// Why nothing more is written until the store is opened again.
    pub fn failed(&self) -> Option<&StoreError> {
        self.journal.failed()
    }

    /// The note as the journal has it, if it does.
    pub fn note(&self, id: &NoteId) -> Result<Option<Note>, StoreError> {
        let behind = self.behind.iter().rev();
        let newest = behind.filter_map(|(record, _)| match &record.what {
            What::Note(note) if note.id == *id => Some(Note::clone(note)),
            _ => None,
        });
        if let Some(note) = newest.into_iter().next() {
            return Ok(Some(note));
        }
        let known = self.library.register().place(NoteKey::of(id)).is_some();
        match self.library.note(id) {
            None if known => Err(trouble::other(&self.dir, "控えの記録が壊れています")),
            note => Ok(note),
        }
    }

    /// What happened since the last call that a person should know.
    pub fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }
}

impl Store {
    /// Notes the chain's head down beside the store from now on, at the end of
    /// each day and when the store is closed (SEC-30). Every opening that
    /// writes for good does.
    #[must_use]
    pub fn keep_anchors(mut self) -> Self {
        let keeper = Keeper::new(&self.dir, &self.seal);
        self.anchors = keeper.map_err(|error| self.unanchored(&error)).ok();
        self
    }

    /// The run ends here, as far as it has come: also where the journal has
    /// failed or vanished (F-09), what was acknowledged is put on record.
    pub fn end(&mut self) {
        if let Some(keeper) = &mut self.anchors
            && let Err(error) = keeper.end(self.journal.last())
        {
            self.unanchored(&error);
        }
    }

    fn unanchored(&mut self, error: &std::io::Error) {
        let file = anchor::path(&self.dir);
        self.remarks.push(Remark::known(format!(
            "操作の記録の照合用の控え {} を書けません（{:?}）。",
            trouble::shown(&file),
            error.kind()
        )));
    }

    /// Closes sled and keeps the lock: nothing is written any more.
    pub(super) fn rest(&mut self) {
        self.examining = None;
        self.catch_up();
        self.end();
        if let Some(thread) = self.indexing.take() {
            let _ = thread.join();
        }
        // A failure here costs the next opening a little time, no more. At
        // the path may be another store by now (F-09).
        let beyond = std::mem::take(&mut self.beyond_index) > 0;
        if beyond && self.journal.ours() && self.lock.stands(&self.dir) {
            let _ = index::write(&self.dir, &self.library);
        }
        self.library.without_state();
        if let Some(view) = self.view.take() {
            let _ = view.sync();
            let _ = super::guard::guarded(|| {
                drop(view);
                Ok(())
            });
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.rest();
    }
}
