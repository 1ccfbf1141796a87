//! The store on a thread of its own, so that no key ever waits for the disk
//! (REL-17).

use super::disk::Store;
use super::keys::KeySource;
use super::record::{Loaded, Record, StoreError};
use super::spill::News;
use crate::domain::draft::Draft;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Records that share one wait for the disk.
const GROUP: usize = 64;

/// Something for the store to do.
#[derive(Debug)]
pub enum Job {
    /// Write a record; answered by [`Report::Written`].
    Append {
        /// Echoed.
        id: u64,
        /// What.
        record: Box<Record>,
    },
    /// Keep or drop a draft; answered only if it fails.
    Draft {
        /// ユーザID.
        user: String,
        /// The draft, or nothing.
        draft: Option<Draft>,
    },
    /// Open again, after an opening or a write has failed; answered by
    /// [`Report::Opened`].
    Reopen {
        /// The present moment.
        now: Timestamp,
    },
    /// Write out everything and end.
    Stop,
}

/// What the store has to say.
#[derive(Debug)]
pub enum Report {
    /// It is open, or cannot be opened.
    Opened(Result<Loaded, StoreError>),
    /// A record is on disk, or is not and will not be.
    Written {
        /// From [`Job::Append`].
        id: u64,
        /// How it went.
        result: Result<(), StoreError>,
    },
    /// A record is on disk in the spill: the journal cannot be written.
    Spilled {
        /// From [`Job::Append`].
        id: u64,
    },
    /// The spill has changed; said before what depends on it.
    Spill(News),
    /// A draft could not be kept.
    DraftLost(StoreError),
    /// A sentence for a person.
    Remark(String),
}

/// Who hears the reports; called on the store's thread.
pub type Listener = Box<dyn Fn(Report) + Send>;

/// The running thread.
#[derive(Debug)]
pub struct Worker {
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread, which opens the store in `dir` at once.
    pub fn start(
        dir: PathBuf,
        key: KeySource,
        now: Timestamp,
        report: Listener,
    ) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || run(&Bench { dir, key, report }, now, &waiting))?;
        Ok(Self {
            jobs,
            thread: Some(thread),
        })
    }

    /// Hands over a job; `false` if the thread has ended.
    pub fn send(&self, job: Job) -> bool {
        self.jobs.send(job).is_ok()
    }
}

impl Drop for Worker {
    /// Everything handed over before is written first.
    fn drop(&mut self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Bench {
    dir: PathBuf,
    key: KeySource,
    report: Listener,
}

impl Bench {
    fn open(&self, now: Timestamp) -> Result<Store, StoreError> {
        match Store::open(&self.dir, &self.key, now) {
            Ok((store, loaded)) => {
                (self.report)(Report::Opened(Ok(loaded)));
                Ok(store)
            }
            Err(error) => {
                (self.report)(Report::Opened(Err(error.clone())));
                Err(error)
            }
        }
    }

    fn append(&self, store: &mut Result<Store, StoreError>, ids: &[u64], records: Vec<Record>) {
        let results = match store {
            Ok(store) => store.commit(records),
            Err(error) => records.iter().map(|_| Err(error.clone())).collect(),
        };
        for (&id, result) in ids.iter().zip(results) {
            (self.report)(Report::Written {
                id,
                result: result.map(|_| ()),
            });
        }
        if let Ok(store) = store {
            store.catch_up();
        }
    }

    /// Keeps the newest draft of each person.
    fn keep(&self, store: &mut Result<Store, StoreError>, drafts: &[(String, Option<Draft>)]) {
        let newest: Vec<_> = drafts
            .iter()
            .enumerate()
            .filter(|(i, (user, _))| !drafts.iter().skip(i + 1).any(|(later, _)| later == user))
            .map(|(_, (user, draft))| (user.as_str(), draft.as_ref()))
            .collect();
        let kept = match store {
            _ if newest.is_empty() => Ok(()),
            Ok(store) => store.keep_drafts(&newest),
            Err(error) => Err(error.clone()),
        };
        if let Err(error) = kept {
            (self.report)(Report::DraftLost(error));
        }
    }
}

fn run(bench: &Bench, now: Timestamp, jobs: &Receiver<Job>) {
    let mut store = bench.open(now);
    let mut next = None;
    // A closed channel ends the thread like a stop.
    while let Some(job) = next.take().or_else(|| jobs.recv().ok()) {
        let (mut ids, mut records, mut drafts) = (Vec::new(), Vec::new(), Vec::new());
        let mut job = Some(job);
        // What has come in meanwhile goes to the disk together.
        while let Some(one) = job.take() {
            match one {
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
            bench.append(&mut store, &ids, records);
        }
        bench.keep(&mut store, &drafts);
        match next.take() {
            Some(Job::Reopen { now }) => {
                // The lock must be free before it is taken again.
                drop(std::mem::replace(
                    &mut store,
                    Err(super::trouble::other(&bench.dir, "開き直しています")),
                ));
                store = bench.open(now);
            }
            Some(Job::Stop) => break,
            other => next = other,
        }
        if let Ok(store) = &mut store {
            for remark in store.take_remarks() {
                (bench.report)(Report::Remark(remark));
            }
        }
    }
}
