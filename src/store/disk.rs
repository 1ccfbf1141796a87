//! The store as the desk service uses it: append, keep a draft, and open from
//! whatever a kill, a power cut or a damaged file has left.

use super::guard::Sick;
use super::journal::{Entry, Journal};
use super::keys::{self, KeySource};
use super::lock::Lock;
use super::opening::{STATE, make_up, read, rebuild, recall, tell, too_open, without_sled};
use super::payload;
use super::record::{Loaded, Record, StoreError, What};
use super::seal::Seal;
use super::view::{Notes, View};
use super::walk::{Walk, segments};
use super::{cure, files, format, frame, trouble};
use crate::domain::draft::Draft;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Number of a journal record, from 1.
pub type Seq = u64;

/// Sled is flushed after so many records at the latest, so that a start after
/// a kill has little to make up for.
const FLUSH_EVERY: usize = 1024;

/// An open store.
pub struct Store {
    dir: PathBuf,
    journal: Journal,
    view: Option<View>,
    /// In the journal, not yet in sled.
    behind: Vec<Record>,
    unflushed: usize,
    remarks: Vec<String>,
    seal: Seal,
    _lock: Lock,
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
        let failed = |error: std::io::Error| trouble::from_io(dir, &error);
        format::look(dir)?;
        let opened = keys::open(dir, source)?;
        files::make_folder(dir).map_err(failed)?;
        let lock = Lock::take(dir)?;
        let mut remarks = Vec::new();
        remarks.extend(format::check(dir)?);
        let folder = dir.join("journal");
        files::make_folder(&folder).map_err(failed)?;
        remarks.extend(too_open(&folder));
        let ring = match keys::still(dir, source, opened)? {
            Some((ring, remark)) => {
                remarks.extend(remark);
                if ring.mend(dir)? {
                    remarks.push("鍵束の控え（keys）を直しました。".to_owned());
                }
                ring
            }
            None => keys::create(dir, source)?,
        };
        let seal = ring.seal();

        let state = dir.join(STATE);
        let mut view = match cure::open(&state, &seal, now, &mut remarks) {
            Ok(view) => Some(view),
            Err(sick) => {
                remarks.push(without_sled(dir, &sick));
                None
            }
        };
        let (drafts, known) = recall(view.as_mut(), &mut remarks);
        let tail = match known {
            Some((cursor, notes)) => Walk::behind(dir, &cursor)?.map(|walk| (cursor, notes, walk)),
            None => None,
        };
        let read = if let Some((cursor, notes, walk)) = tail {
            let read = read(&seal, walk, notes)?;
            if read.last != cursor {
                view = make_up(dir, view, &read, &mut remarks);
            }
            read
        } else {
            let read = read(&seal, Walk::all(dir)?, Notes::new())?;
            view = rebuild(dir, &seal, view, &read, &drafts, now, &mut remarks);
            read
        };
        tell(&folder, &read.findings, &mut remarks).map_err(failed)?;
        let names = segments(&folder).map_err(failed)?;
        let store = Self {
            dir: dir.to_owned(),
            journal: Journal::open(dir, read.last, names.last().map(String::as_str))?,
            view,
            behind: Vec::new(),
            unflushed: 0,
            remarks: Vec::new(),
            seal,
            _lock: lock,
        };
        let loaded = Loaded {
            notes: read.notes.into_values().collect(),
            drafts,
            staff: Vec::new(),
            remarks,
        };
        Ok((store, loaded))
    }

    /// The number the next record gets.
    pub fn next_seq(&self) -> Seq {
        self.journal.last().seq + 1
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

    /// Writes several records with as few waits for the disk as possible, and
    /// says of each whether it is on disk. [`Store::catch_up`] belongs after
    /// it, when the caller has passed the word on.
    pub fn commit(&mut self, records: Vec<Record>) -> Vec<Result<Seq, StoreError>> {
        let mut results = Vec::with_capacity(records.len());
        let mut group: Vec<(Record, Entry)> = Vec::new();
        for record in records {
            let seq = self.next_seq() + group.len() as u64;
            let content = payload::close_record(&self.seal, seq, &record);
            let fits = content
                .as_ref()
                .is_ok_and(|content| content.bytes.len() <= frame::MAX_PAYLOAD);
            let same = group.first().is_none_or(|(first, _)| {
                self.journal.segment_for(first.at) == self.journal.segment_for(record.at)
            });
            if !same || !fits {
                self.commit_group(&mut group, &mut results);
            }
            match content {
                Ok(content) if fits => {
                    let entry = (record.at, content);
                    group.push((record, entry));
                }
                _ => results.push(Err(trouble::other(&self.dir, "記録が長すぎます"))),
            }
        }
        self.commit_group(&mut group, &mut results);
        results
    }

    fn commit_group(
        &mut self,
        group: &mut Vec<(Record, Entry)>,
        results: &mut Vec<Result<Seq, StoreError>>,
    ) {
        let (records, entries): (Vec<_>, Vec<_>) = group.drain(..).unzip();
        let first = self.next_seq();
        match self.journal.commit(&entries) {
            Ok(_) => {
                results.extend((first..).take(records.len()).map(Ok));
                self.behind.extend(records);
            }
            Err(error) => results.extend(records.iter().map(|_| Err(error.clone()))),
        }
    }

    /// Brings sled up to the journal. What goes wrong here loses nothing: the
    /// next opening makes sled anew.
    pub fn catch_up(&mut self) {
        let behind = std::mem::take(&mut self.behind);
        let Some(view) = &mut self.view else { return };
        if behind.is_empty() {
            return;
        }
        let changed: Vec<_> = behind
            .iter()
            .filter_map(|record| match &record.what {
                What::Note(note) => Some(&**note),
                _ => None,
            })
            .collect();
        self.unflushed += behind.len();
        let mut done = view.follow(&changed, self.journal.last());
        if done.is_ok() && self.unflushed >= FLUSH_EVERY {
            self.unflushed = 0;
            done = view.sync();
        }
        if let Err(sick) = done {
            self.remarks.push(without_sled(&self.dir, &sick));
            self.view = None;
        }
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
                self.view = None;
                trouble::other(&self.dir, "入力途中の控えを保存できません")
            }
        })
    }

    /// What happened since the last call that a person should know.
    pub fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.catch_up();
        // A failure here costs the next opening a little time, no more.
        if let Some(view) = self.view.take() {
            let _ = view.sync();
            let _ = super::guard::guarded(|| {
                drop(view);
                Ok(())
            });
        }
    }
}
