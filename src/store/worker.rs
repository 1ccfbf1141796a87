//! The store on a thread of its own, so that no key ever waits for the disk
//! (REL-17).

mod bench;

use super::disk::Examined;
use super::keys::KeySource;
use super::record::{Loaded, Progress, Record, StoreError};
use super::remark::Remark;
use super::spill::News;
use crate::domain::draft::Draft;
use bench::Bench;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Where a store lies, and what is there when it cannot be used.
#[derive(Debug, Clone)]
pub struct Home {
    /// The store's folder.
    pub dir: PathBuf,
    /// Where its key comes from.
    pub key: KeySource,
    /// Folders for the spill, in the order of preference; none for a store
    /// that is thrown away.
    pub spill: Vec<PathBuf>,
}

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
    /// The journal was examined beside the work, and something is wrong.
    Examined(Examined),
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
    /// How far an opening that takes long is.
    Progress(Progress),
    /// A draft could not be kept.
    DraftLost(StoreError),
    /// A sentence for a person.
    Remark(Remark),
}

/// Who hears the reports; called on the store's thread.
pub type Listener = Box<dyn Fn(Report) + Send>;

/// The running thread.
#[derive(Debug)]
pub struct Worker {
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
    /// Nothing comes here; it is cut off when the thread has ended.
    ended: Receiver<()>,
}

/// The end is not held up for longer by a disk that does not answer: what it
/// has not confirmed by then was never said to be kept.
const PATIENCE: Duration = Duration::from_secs(60);

impl Worker {
    /// Starts the thread, which opens the store at once.
    pub fn start(home: Home, now: Timestamp, report: Listener) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let own = jobs.clone();
        let (alive, ended) = channel();
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                Bench::new(home, report, own).run(now, &waiting);
                drop(alive);
            })?;
        Ok(Self {
            jobs,
            thread: Some(thread),
            ended,
        })
    }

    /// Hands over a job; `false` if the thread has ended.
    pub fn send(&self, job: Job) -> bool {
        self.jobs.send(job).is_ok()
    }
}

impl Drop for Worker {
    /// Everything handed over before is written first, if the disk answers.
    fn drop(&mut self) {
        let _ = self.jobs.send(Job::Stop);
        let waited: Result<(), _> = self.ended.recv_timeout(PATIENCE);
        if let Some(thread) = self.thread.take()
            && waited != Err(RecvTimeoutError::Timeout)
        {
            let _ = thread.join();
        }
    }
}
