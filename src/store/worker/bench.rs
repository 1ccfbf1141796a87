//! What the store's thread does: the journal while it can be written, else the
//! spill; never both, so that nothing overtakes what waits there.

use super::{Home, Job, Listener, Report};
use crate::domain::draft::Draft;
use crate::domain::note::Note;
use crate::store::disk::{Examined, Store};
use crate::store::keys;
use crate::store::opening::found;
use crate::store::record::{Loaded, Record, StoreError, What};
use crate::store::remark::{Remark, news};
use crate::store::spill::take::take_in;
use crate::store::spill::{Spill, fits};
use crate::store::trouble;
use crate::store::walk::{Cursor, Walk};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender};

/// Records that share one wait for the disk.
const GROUP: usize = 64;

/// The thread's own state.
pub(super) struct Bench {
    home: Home,
    report: Listener,
    /// For what is found out beside the work.
    jobs: Sender<Job>,
    /// When the store was opened last, or written to.
    now: Timestamp,
    store: Result<Store, StoreError>,
    spill: Spill,
    /// The end of the journal this run has worked with (F-09).
    known: Option<Cursor>,
    /// Why records go to the spill.
    trouble: Option<StoreError>,
    /// The last that was said of the spill was a trouble.
    told: bool,
    /// What was remarked before, so that trying again says nothing twice.
    remarked: BTreeSet<Remark>,
}

impl Bench {
    pub(super) fn new(home: Home, report: Listener, jobs: Sender<Job>) -> Self {
        let spill = Spill::new(home.spill.clone(), home.key.clone());
        let store = Err(trouble::other(&home.dir, "まだ開いていません"));
        Self {
            home,
            report,
            jobs,
            now: Timestamp::UNIX_EPOCH,
            store,
            spill,
            known: None,
            trouble: None,
            told: false,
            remarked: BTreeSet::new(),
        }
    }

    pub(super) fn run(&mut self, now: Timestamp, jobs: &Receiver<Job>) {
        self.open(now);
        let mut next = None;
        while let Some(job) = next.take().or_else(|| jobs.recv().ok()) {
            let (mut ids, mut records, mut drafts) = (Vec::new(), Vec::new(), Vec::new());
            let mut job = Some(job);
            // What has come in meanwhile goes to the disk together.
            while let Some(one) = job.take() {
                match one {
                    // The draft that it ends is to lie on disk as it is named.
                    Job::Append { record, id }
                        if record.ends.is_some()
                            && drafts.iter().any(|(user, _)| *user == record.by) =>
                    {
                        next = Some(Job::Append { id, record });
                        break;
                    }
                    Job::Append { id, record } => {
                        ids.push(id);
                        records.push(*record);
                    }
                    Job::Draft { user, draft } => drafts.push((user, draft)),
                    other => {
                        next = Some(other);
                        break;
                    }
                }
                if records.len() + drafts.len() < GROUP {
                    job = jobs.try_recv().ok();
                }
            }
            if !records.is_empty() {
                self.append(&ids, records);
            }
            self.keep(&drafts);
            match next.take() {
                Some(Job::Reopen { now }) => self.again(now),
                Some(Job::Examined(examined)) => self.mend(&examined),
                Some(Job::Stop) => {
                    if let Ok(store) = &mut self.store {
                        store.end();
                        let remarks = store.take_remarks();
                        self.remark(remarks);
                    }
                    break;
                }
                other => next = other,
            }
            let remarks = match &mut self.store {
                Ok(store) => store.take_remarks(),
                Err(_) => Vec::new(),
            };
            self.remark(remarks);
        }
    }

    /// Opens the store, takes the spill in, and says how it went.
    fn open(&mut self, now: Timestamp) {
        self.now = now;
        let mut remarks = Vec::new();
        let opened = self.try_open(now);
        // The key it opens with may lie elsewhere than the settings say.
        let source = match &opened {
            Ok((store, _)) => Some((store.source().clone(), store.former().to_vec())),
            Err(StoreError::Key(_)) => None,
            // Whatever keeps it closed: the key may be known to be its own.
            Err(_) => (keys::open(&self.home.dir, &self.home.key).ok().flatten())
                .map(|(ring, _)| (ring.source().clone(), ring.former().to_vec())),
        };
        let fits = source.is_some();
        if let Some((source, former)) = source {
            self.spill.open_with(source, former);
        }
        if !matches!(opened, Err(StoreError::Key(_))) {
            self.spill.seek_key();
            self.spill.look(&mut remarks);
        }
        match opened {
            Ok((store, mut loaded)) => {
                self.store = Ok(store);
                self.trouble = None;
                self.spill.renew();
                loaded.catch_up(self.spill.pending());
                self.take_in(&mut remarks, Some(&mut loaded));
                loaded.waiting = self.spill.notes().into_values().collect();
                self.take_drafts(&mut remarks, &mut loaded);
                loaded.given.extend(self.spill.taken_numbers().cloned());
                self.prepare(&mut remarks);
                loaded.remarks.extend(remarks);
                self.settled();
                loaded.remarks = news(loaded.remarks, &mut self.remarked);
                if self.trouble.is_some() || !self.spill.pending().is_empty() || self.told {
                    self.tell(true);
                }
                (self.report)(Report::Opened(Ok(loaded)));
                if let Ok(store) = &mut self.store {
                    let jobs = self.jobs.clone();
                    store.examine(move |examined| drop(jobs.send(Job::Examined(examined))));
                }
            }
            Err(error @ StoreError::Key(_)) => {
                let closed = closed(&error);
                self.store = Err(error);
                self.trouble = Some(closed.clone());
                self.tell(true);
                (self.report)(Report::Opened(Err(closed)));
            }
            Err(error) => {
                self.store = Err(error.clone());
                if fits {
                    self.spill.renew();
                }
                let prepared = self.spill.prepare();
                self.trouble = Some(error.clone());
                self.tell(true);
                remarks.extend(self.spill.lost_remarks());
                self.remark(remarks);
                let error = match prepared {
                    Ok(()) if !self.home.spill.is_empty() => error,
                    _ => nowhere(&error),
                };
                (self.report)(Report::Opened(Err(error)));
            }
        }
    }

    fn try_open(&mut self, now: Timestamp) -> Result<(Store, Loaded), StoreError> {
        if let Some(known) = &self.known {
            // An empty folder where the disk was must not become a new store.
            let there = Walk::behind(&self.home.dir, known);
            if !matches!(there, Ok(Some(_))) {
                if let Some(error @ StoreError::Shortened { .. }) = &self.trouble {
                    return Err(error.clone());
                }
                return Err(StoreError::Replaced {
                    dir: trouble::shown(&self.home.dir),
                });
            }
        }
        let (dir, key) = (&self.home.dir, &self.home.key);
        let mut tell = |progress| (self.report)(Report::Progress(progress));
        let (store, loaded) = Store::open_telling(dir, key, now, &mut tell)?;
        self.known = Some(store.last().clone());
        Ok((store.keep_anchors(), loaded))
    }

    /// The store is tried again: only as much of it as has failed.
    fn again(&mut self, now: Timestamp) {
        let sound = (self.store.as_ref()).is_ok_and(|store| store.failed().is_none());
        // A journal that is sound and was only full is not read again.
        if !sound || self.trouble.is_none() {
            if let Ok(store) = &self.store
                && let Some(StoreError::ReadOnly { .. }) = store.failed()
                && !crate::store::files::writable(&self.home.dir)
            {
                return self.tell(false);
            }
            // The lock must be free before it is taken again.
            self.store = Err(trouble::other(&self.home.dir, "開き直しています"));
            return self.open(now);
        }
        let mut remarks = Vec::new();
        let found = self.spill.look(&mut remarks);
        self.trouble = None;
        self.take_in(&mut remarks, None);
        if self.trouble.is_none() {
            self.prepare(&mut remarks);
        }
        self.settled();
        self.tell(found);
        self.remark(remarks);
    }

    /// The folder of the spill and its reserve are made while all is well.
    fn prepare(&mut self, remarks: &mut Vec<Remark>) {
        if !self.home.spill.is_empty()
            && let Err(error) = self.spill.prepare()
        {
            remarks.push(Remark::known(format!(
                "保存先が使えないときの予備の場所を用意できません。{error}"
            )));
        }
    }

    /// A trouble that has ended: the next one is told with all it brings.
    fn settled(&mut self) {
        if self.told && self.trouble.is_none() {
            self.remarked.clear();
        }
    }

    /// Takes the spill into the journal, if that goes.
    fn take_in(&mut self, remarks: &mut Vec<Remark>, loaded: Option<&mut Loaded>) {
        let Ok(store) = &mut self.store else { return };
        if let Some(error) = store.failed() {
            self.trouble = Some(error.clone());
            remarks.extend(self.spill.lost_remarks());
            return;
        }
        if self.spill.is_clear() {
            return self.spill.empty(false, remarks);
        }
        let ended: Vec<_> = (self.spill.pending().iter())
            .filter_map(|record| Some((record.by.clone(), record.ends?)))
            .collect();
        match take_in(store, &mut self.spill, self.now, remarks) {
            Ok(taken) => {
                self.known = Some(store.last().clone());
                if let Some(loaded) = loaded {
                    loaded.take_over(&taken.notes);
                    for (user, mark) in ended {
                        loaded.end_draft(&user, mark);
                    }
                } else {
                    let mut news = self.spill.news(None, false);
                    news.notes = taken.notes.into_values().collect();
                    (self.report)(Report::Spill(news));
                }
            }
            Err(error) => self.trouble = Some(error),
        }
    }

    /// Drafts that were kept beside the store are newer than the store's own.
    fn take_drafts(&mut self, remarks: &mut Vec<Remark>, loaded: &mut Loaded) {
        let beside = self.spill.drafts().clone();
        if beside.is_empty() {
            return;
        }
        loaded.drafts.retain(|(user, _)| !beside.contains_key(user));
        let changes: Vec<_> = (beside.iter())
            .map(|(user, draft)| (user.as_str(), draft.as_ref()))
            .collect();
        let kept = self.store.as_mut().map(|store| store.keep_drafts(&changes));
        if let Ok(Ok(())) = kept {
            self.spill.drop_drafts(remarks);
        }
        let beside = beside.into_iter();
        let beside = beside.filter_map(|(user, draft)| Some((user, draft?)));
        loaded.drafts.extend(beside);
    }

    fn append(&mut self, ids: &[u64], records: Vec<Record>) {
        if let Some(first) = records.first() {
            self.now = first.at;
        }
        let mut left = Vec::new();
        match &mut self.store {
            Ok(store) if self.spill.pending().is_empty() => {
                let results = store.commit(records.clone());
                for ((&id, record), result) in ids.iter().zip(records).zip(results) {
                    match result {
                        Ok(_) => (self.report)(Report::Written { id, result: Ok(()) }),
                        Err(error @ StoreError::TooLong) => {
                            self.spill.refuse(&record);
                            let result = Err(error);
                            (self.report)(Report::Written { id, result });
                        }
                        Err(error) => {
                            self.trouble = Some(error);
                            left.push((id, record));
                        }
                    }
                }
                store.catch_up();
                self.known = Some(store.last().clone());
            }
            _ => left = ids.iter().copied().zip(records).collect(),
        }
        if !left.is_empty() {
            self.divert(left);
        }
    }

    /// Records that the journal does not take.
    fn divert(&mut self, left: Vec<(u64, Record)>) {
        let mut left_out = Vec::new();
        let (mut ids, mut records) = (Vec::new(), Vec::new());
        for (id, record) in left {
            let note = match &record.what {
                What::Note(note) => Some(note.id.clone()),
                _ => None,
            };
            // As in the journal: none of the same note behind it.
            if !fits(&record) || (note.is_some() && left_out.contains(&note)) {
                self.spill.refuse(&record);
                left_out.push(note);
                let result = Err(StoreError::TooLong);
                (self.report)(Report::Written { id, result });
            } else {
                ids.push(id);
                records.push(record);
            }
        }
        if records.is_empty() {
            return;
        }
        let spilled = match self.locked() {
            Some(error) => Err(error),
            None => self.spill.append(&records, self.known.as_ref()),
        };
        match spilled {
            Ok(()) => {
                self.tell(false);
                for id in ids {
                    (self.report)(Report::Spilled { id });
                }
            }
            Err(error) => {
                let error = nowhere(self.trouble.as_ref().unwrap_or(&error));
                for record in &records {
                    self.spill.refuse(record);
                }
                for id in ids {
                    let result = Err(error.clone());
                    (self.report)(Report::Written { id, result });
                }
            }
        }
    }

    /// Names what is wrong with the journal, and writes notes anew whose
    /// newest record is damaged.
    fn mend(&mut self, examined: &Examined) {
        self.remark(found(&examined.findings));
        let Ok(store) = &mut self.store else { return };
        if examined.damaged.is_empty() || !self.spill.pending().is_empty() {
            return;
        }
        let mended = store.mend(&examined.damaged, self.now);
        self.known = Some(store.last().clone());
        let notes: Vec<Note> = (mended.iter())
            .filter_map(|id| store.note(id).ok().flatten())
            .collect();
        if notes.is_empty() {
            return;
        }
        let shown: Vec<&str> = mended.iter().take(10).map(|id| id.0.as_str()).collect();
        let more = if mended.len() > shown.len() {
            " ほか"
        } else {
            ""
        };
        let (count, shown) = (mended.len(), shown.join("、"));
        self.remark(vec![Remark::known(format!(
            "控え {count} 件（{shown}{more}）の記録が壊れていたので、状態の控え（state）から書き直しました。内容を確かめてください。"
        ))]);
        let mut news = self.spill.news(None, false);
        news.notes = notes;
        (self.report)(Report::Spill(news));
    }

    /// Keeps the newest draft of each person.
    fn keep(&mut self, drafts: &[(String, Option<Draft>)]) {
        let newest: Vec<_> = drafts
            .iter()
            .enumerate()
            .filter(|(i, (user, _))| !drafts.iter().skip(i + 1).any(|(later, _)| later == user))
            .map(|(_, (user, draft))| (user.as_str(), draft.as_ref()))
            .collect();
        if newest.is_empty() {
            return;
        }
        let kept = match &mut self.store {
            Ok(store) => store.keep_drafts(&newest),
            Err(error) => Err(error.clone()),
        };
        let kept = match kept {
            Err(error @ StoreError::Key(_)) => Err(closed(&error)),
            // An older one beside the store would be taken for the newer.
            Ok(()) if !self.spill.drafts().is_empty() => {
                let users = newest.iter().map(|(user, _)| *user);
                self.spill.forget_drafts(users)
            }
            Ok(()) => Ok(()),
            Err(error) => self.spill.keep_drafts(&newest).map_err(|_| error),
        };
        if let Err(error) = kept {
            (self.report)(Report::DraftLost(error));
        }
    }

    /// Why nothing is written anywhere, beside the store neither: whoever
    /// holds another key than the store's would seal notes that nobody opens
    /// when the right one is back.
    fn locked(&self) -> Option<StoreError> {
        match &self.store {
            Err(error @ StoreError::Key(_)) => Some(closed(error)),
            _ => None,
        }
    }

    fn tell(&mut self, whole: bool) {
        self.told = self.trouble.is_some();
        let trouble = self.trouble.as_ref().map(ToString::to_string);
        let mut news = self.spill.news(trouble, whole);
        if self.locked().is_some() {
            news.place = None;
        }
        (self.report)(Report::Spill(news));
    }

    fn remark(&mut self, remarks: Vec<Remark>) {
        for remark in news(remarks, &mut self.remarked) {
            (self.report)(Report::Remark(remark));
        }
    }
}

/// A trouble of the key, and what follows from it.
fn closed(error: &StoreError) -> StoreError {
    StoreError::Locked {
        why: error.to_string(),
    }
}

/// The same trouble, where nothing can be kept beside the store either.
fn nowhere(error: &StoreError) -> StoreError {
    match error {
        nowhere @ (StoreError::Nowhere { .. } | StoreError::Locked { .. }) => nowhere.clone(),
        error => StoreError::Nowhere {
            why: error.to_string(),
        },
    }
}
