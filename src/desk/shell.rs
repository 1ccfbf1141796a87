//! The desk service's shell: owns the [`Desk`], feeds it events one after the
//! other, and carries its actions out on a runtime of its own.
//!
//! Nothing here waits: a front end that does not read is dropped, a question
//! is a task of its own, the disk is another thread.

mod actions;
mod files;
mod fronts;
mod questions;

use super::event::{Config, Event, WriteId};
use super::{Desk, step};
use crate::card::job::{self, Hand, NoHand};
use crate::central::call::Central;
use crate::clock::{Alarm, Clock};
use crate::link::message::{FrontId, ToFront};
use crate::link::{DeskEnd, socket};
use crate::store::KeySource;
use crate::store::worker::{Home, Job, Report, Worker};
use fronts::listen;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tracing::{info, warn};

/// A variable for the environment a desk service is started in: glibc then
/// shares two heaps among all threads. Left to itself it gives every thread
/// that has a part in opening the store one of its own, and each keeps some of
/// what was freed in it (`benches/RESULTS.md`).
pub const THRIFT: (&str, &str) = ("MALLOC_ARENA_MAX", "2");

/// Events that may wait. Front ends wait when it is full, the desk never.
const INBOX: usize = 1024;

/// A store that failed is opened again after this long.
const REOPEN_AFTER: Duration = Duration::from_secs(5);

/// Hears what the card reader does.
pub type ReaderSink = Box<dyn Fn(job::Report) + Send>;

/// Hears a trouble in words.
pub type Complaint = Box<dyn Fn(&str) + Send>;

/// Starts the thread that watches the reader and talks to cards.
pub type StartReader = Box<dyn FnOnce(ReaderSink) -> Box<dyn Hand> + Send>;

/// What a desk service is made of.
pub struct Parts {
    /// Its settings.
    pub config: Config,
    /// The connection to the central system.
    pub central: Arc<dyn Central>,
    /// The store's folder.
    pub store: PathBuf,
    /// Where the store's key comes from.
    pub key: KeySource,
    /// Folders for what the store cannot take.
    pub spill: Vec<PathBuf>,
    /// Where results are saved as files.
    pub downloads: PathBuf,
    /// The clock.
    pub clock: Clock,
    /// Starts the watch over the card reader; what it returns is held until
    /// the end.
    pub reader: StartReader,
    /// Switches the outage of the demo's stand-in.
    pub demo_outage: Option<Box<dyn Fn(bool) + Send>>,
    /// Hears what is wrong with the store, once: for whoever started the
    /// service by hand.
    pub complain: Option<Complaint>,
    /// Listens for front ends.
    pub listener: Option<socket::Listener>,
}

enum Input {
    Attach(DeskEnd),
    Event(Event),
    Store(Report),
    Reopen,
    Stop,
}

/// A running desk service.
#[derive(Debug)]
pub struct Service {
    inbox: mpsc::Sender<Input>,
    thread: JoinHandle<bool>,
}

impl Service {
    /// Starts a desk service on its own thread.
    pub fn start(parts: Parts) -> io::Result<Self> {
        let (inbox, events) = mpsc::channel(INBOX);
        let own = inbox.clone();
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || {
                let worked = work(parts, own, events);
                if let Err(error) = &worked {
                    warn!(%error, "desk service cannot run");
                }
                worked.is_ok()
            })?;
        Ok(Self { inbox, thread })
    }

    /// Connects a front end; `false` if the service has ended.
    pub fn attach(&self, end: DeskEnd) -> bool {
        self.inbox.blocking_send(Input::Attach(end)).is_ok()
    }

    /// A way to end the service from elsewhere.
    pub fn stopper(&self) -> impl Fn() + Send + use<> {
        let inbox = self.inbox.clone();
        move || {
            let _ = inbox.blocking_send(Input::Stop);
        }
    }

    /// Waits until the service has ended, everything on disk. `false` if it
    /// broke.
    pub fn wait(self) -> bool {
        self.thread.join().unwrap_or(false)
    }

    /// Ends the service: what was handed over is on disk afterwards.
    pub fn stop(self) -> bool {
        let _ = self.inbox.blocking_send(Input::Stop);
        self.wait()
    }
}

struct Shell {
    central: Arc<dyn Central>,
    clock: Clock,
    store: Worker,
    reader: Box<dyn Hand>,
    downloads: PathBuf,
    institution: String,
    demo_outage: Option<Box<dyn Fn(bool) + Send>>,
    complain: Option<Complaint>,
    /// What it has heard last.
    complained: String,
    inbox: mpsc::Sender<Input>,
    fronts: HashMap<FrontId, SyncSender<ToFront>>,
    next_front: u64,
    wake: Option<Duration>,
    reopening: bool,
    queue: VecDeque<Event>,
    /// Passwords are compared one at a time: each takes 19 MiB.
    pondering: Arc<Semaphore>,
}

fn work(
    mut parts: Parts,
    inbox: mpsc::Sender<Input>,
    events: mpsc::Receiver<Input>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reader = std::mem::replace(&mut parts.reader, Box::new(|_| Box::new(NoHand)));
    let workers = employ(
        Home {
            dir: parts.store.clone(),
            key: parts.key.clone(),
            spill: parts.spill.clone(),
        },
        reader,
        parts.clock,
        &inbox,
    )?;
    runtime.block_on(run(parts, workers, inbox, events));
    // A file being written may end; a question may not hold the end up.
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(())
}

/// What works on threads of its own; ends when dropped.
struct Workers {
    store: Worker,
    reader: Box<dyn Hand>,
}

/// Not called from within the runtime: a worker may report at once.
fn employ(
    home: Home,
    reader: StartReader,
    clock: Clock,
    inbox: &mpsc::Sender<Input>,
) -> io::Result<Workers> {
    let reports = inbox.clone();
    let store = Worker::start(
        home,
        clock.now().wall,
        Box::new(move |report| {
            let _ = reports.blocking_send(Input::Store(report));
        }),
    )?;
    let states = inbox.clone();
    let reader = reader(Box::new(move |state| {
        let _ = states.blocking_send(Input::Event(Event::Card(state)));
    }));
    Ok(Workers { store, reader })
}

async fn run(
    parts: Parts,
    workers: Workers,
    inbox: mpsc::Sender<Input>,
    mut events: mpsc::Receiver<Input>,
) {
    let institution = parts.config.institution_code.clone();
    let mut desk = Desk::new(parts.config);
    // Held until the end: its socket goes with it.
    let listener = parts.listener;
    if let Some(listener) = &listener {
        listen(listener, inbox.clone());
    }
    let mut shell = Shell {
        central: parts.central,
        clock: parts.clock,
        store: workers.store,
        reader: workers.reader,
        downloads: parts.downloads,
        institution,
        demo_outage: parts.demo_outage,
        complain: parts.complain,
        complained: String::new(),
        inbox,
        fronts: HashMap::new(),
        next_front: 1,
        wake: None,
        reopening: false,
        queue: VecDeque::new(),
        pondering: Arc::new(Semaphore::new(1)),
    };
    let alarm = Alarm::new()
        .inspect_err(|error| warn!(%error, "no timer that runs during suspend"))
        .ok();
    info!("desk service runs");
    let mut stopping = false;
    loop {
        let due = shell.wake.map(|at| shell.clock.until(at));
        let input = tokio::select! {
            input = events.recv() => input,
            () = rest(alarm.as_ref(), due.unwrap_or_default()), if due.is_some() => {
                shell.wake = None;
                Some(Input::Event(Event::Woke))
            }
        };
        match input {
            Some(Input::Event(event)) => {
                if let Event::Detached { front } = event {
                    shell.fronts.remove(&front);
                }
                shell.queue.push_back(event);
            }
            Some(Input::Attach(end)) => shell.attach(end),
            Some(Input::Store(report)) => shell.stored(report),
            Some(Input::Reopen) => {
                shell.reopening = false;
                let now = shell.clock.now().wall;
                shell.store.send(Job::Reopen { now });
            }
            Some(Input::Stop) | None => {
                stopping = true;
                shell.queue.push_back(Event::Stopping);
            }
        }
        while let Some(event) = shell.queue.pop_front() {
            for action in step(&mut desk, shell.clock.now(), event) {
                shell.act(action);
            }
        }
        if stopping {
            break;
        }
    }
    info!("desk service ends");
    // The store reports while it writes out; nobody may be waited for here.
    drop(events);
    drop(listener);
    drop(shell);
}

/// Waits, while the machine is suspended too (SEC-8).
async fn rest(alarm: Option<&Alarm>, time: Duration) {
    let rung = match alarm {
        Some(alarm) => alarm.sleep(time).await.is_ok(),
        None => false,
    };
    if !rung {
        tokio::time::sleep(time).await;
    }
}

impl Shell {
    fn stored(&mut self, report: Report) {
        match report {
            Report::Opened(result) => {
                self.sick(result.as_ref().err().map(ToString::to_string));
                for remark in result.iter().flat_map(|loaded| &loaded.remarks) {
                    info!(%remark, "store");
                }
                self.queue.push_back(Event::Opened(result));
            }
            Report::Written { id, result } => {
                self.sick(result.as_ref().err().map(ToString::to_string));
                let write = WriteId(id);
                self.queue.push_back(Event::Written { write, result });
            }
            Report::Spilled { id } => {
                let write = WriteId(id);
                self.queue.push_back(Event::Spilled { write });
            }
            Report::Spill(news) => {
                self.sick(news.trouble.clone());
                self.queue.push_back(Event::Spill(news));
            }
            Report::Progress(progress) => self.queue.push_back(Event::Progress(progress)),
            Report::DraftLost(error) => {
                warn!(%error, "draft not kept");
                self.sick(Some(error.to_string()));
            }
            Report::Remark(remark) => {
                info!(%remark, "store");
                self.queue.push_back(Event::Remark(remark));
            }
        }
    }

    /// A store that cannot be used is tried again by and by.
    fn sick(&mut self, trouble: Option<String>) {
        let Some(trouble) = trouble else { return };
        warn!(%trouble, "store");
        if let Some(complain) = self
            .complain
            .as_ref()
            .filter(|_| self.complained != trouble)
        {
            complain(&trouble);
            self.complained.clone_from(&trouble);
        }
        if self.reopening {
            return;
        }
        self.reopening = true;
        let inbox = self.inbox.clone();
        tokio::spawn(async move {
            tokio::time::sleep(REOPEN_AFTER).await;
            let _ = inbox.send(Input::Reopen).await;
        });
    }
}

#[cfg(test)]
mod tests;
