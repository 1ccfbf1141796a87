//! Word of every change of the readers, from a thread of its own that sleeps
//! in the service's blocking call.

use super::seen::{pause, state};
use super::service;
use crate::domain::reader::ReaderState;
use pcsc::{Context, Error};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Who hears of changes; called on the watch's thread.
pub type Listener = Box<dyn Fn(ReaderState) + Send>;

/// The connection the thread blocks on, for the one who wants it to end.
type Shared = Arc<Mutex<Option<Context>>>;

/// A running watch; ends when dropped.
pub struct Watch {
    stop: Option<Sender<()>>,
    ended: Receiver<()>,
    context: Shared,
    thread: Option<JoinHandle<()>>,
}

/// Watches the readers and reports the state at once and at every change.
/// `preferred` is a part of the name of the desk's own reader.
pub fn watch(report: Listener, preferred: Option<String>) -> std::io::Result<Watch> {
    let (stop, stopped) = channel();
    let (end, ended) = channel();
    let context = Shared::default();
    let shared = Arc::clone(&context);
    let thread = std::thread::Builder::new()
        .name("card".to_owned())
        .spawn(move || {
            Watcher {
                report,
                preferred,
                stopped,
                context: shared,
                told: None,
            }
            .run();
            drop(end);
        })?;
    Ok(Watch {
        stop: Some(stop),
        ended,
        context,
        thread: Some(thread),
    })
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A cancel that comes a moment before the blocking call is lost, so
        // it is said again; a service that does not react is left behind
        // with its thread rather than holding up the end of the program.
        for _ in 0..40 {
            if let Some(context) = lock(&self.context).clone() {
                let _ = context.cancel();
            }
            let wait = self.ended.recv_timeout(Duration::from_millis(50));
            if wait != Err(RecvTimeoutError::Timeout) {
                if let Some(thread) = self.thread.take() {
                    let _ = thread.join();
                }
                return;
            }
        }
    }
}

fn lock(shared: &Shared) -> std::sync::MutexGuard<'_, Option<Context>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Watcher {
    report: Listener,
    preferred: Option<String>,
    stopped: Receiver<()>,
    context: Shared,
    told: Option<ReaderState>,
}

impl Watcher {
    fn run(mut self) {
        let mut tries = 0;
        let mut was_there = false;
        loop {
            if let Ok(context) = service::connect() {
                *lock(&self.context) = Some(context.clone());
                let seen = self.follow(&context);
                *lock(&self.context) = None;
                if seen {
                    (tries, was_there) = (0, true);
                }
            }
            if self.ended_within(Duration::ZERO) {
                return;
            }
            self.tell(ReaderState::NoService);
            if self.ended_within(pause(tries, was_there)) {
                return;
            }
            tries += 1;
        }
    }

    /// Reports every change until the service is gone or the watch is to end;
    /// whether anything was seen at all.
    fn follow(&mut self, context: &Context) -> bool {
        let mut seen = false;
        while !self.ended_within(Duration::ZERO) {
            let Ok(mut view) = service::look(context) else {
                return seen;
            };
            seen = true;
            self.tell(state(&view.readers(), self.preferred.as_deref()));
            match view.wait(context) {
                Ok(()) | Err(Error::Cancelled) => {}
                Err(_) => return seen,
            }
        }
        seen
    }

    fn tell(&mut self, state: ReaderState) {
        if self.told.as_ref() != Some(&state) {
            (self.report)(state.clone());
            self.told = Some(state);
        }
    }

    fn ended_within(&self, wait: Duration) -> bool {
        !matches!(
            self.stopped.recv_timeout(wait),
            Err(RecvTimeoutError::Timeout)
        )
    }
}

impl super::job::Hand for Watch {
    fn send(&mut self, _job: super::job::Job) {}
}
