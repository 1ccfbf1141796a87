//! Word of every change of the readers, from a thread of its own that sleeps
//! in the service's blocking call.

use super::seen::{ReaderInfo, pause};
use super::service;
use pcsc::{Context, Error};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Who hears of changes; called on the watch's thread. `None`: the service is
/// not there.
pub type Listener = Box<dyn Fn(Option<Vec<ReaderInfo>>) + Send>;

/// The connection the watch blocks on, for the one who wants it to end.
#[derive(Clone, Default)]
pub struct Blocked(Arc<Mutex<Option<Context>>>);

impl Blocked {
    /// Ends the blocking call. One that comes a moment before the call is
    /// lost: say it again until the thread has ended.
    pub fn cancel(&self) {
        if let Some(context) = self.get() {
            let _ = context.cancel();
        }
    }

    fn get(&self) -> Option<Context> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, context: Option<Context>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = context;
    }
}

/// Watches the readers and reports them at once and at every change, until
/// the other end of `stopped` is gone.
pub struct Watcher {
    report: Listener,
    stopped: Receiver<()>,
    blocked: Blocked,
}

impl Watcher {
    /// Not running yet.
    pub fn new(report: Listener) -> (Self, Sender<()>, Blocked) {
        let (stop, stopped) = std::sync::mpsc::channel();
        let blocked = Blocked::default();
        let watcher = Self {
            report,
            stopped,
            blocked: blocked.clone(),
        };
        (watcher, stop, blocked)
    }

    /// Runs until it is to end.
    pub fn run(&self) {
        let mut tries = 0;
        let mut was_there = false;
        loop {
            if let Ok(context) = service::connect() {
                self.blocked.set(Some(context.clone()));
                let seen = self.follow(&context);
                self.blocked.set(None);
                if seen {
                    (tries, was_there) = (0, true);
                }
            }
            if self.ended_within(Duration::ZERO) {
                return;
            }
            (self.report)(None);
            if self.ended_within(pause(tries, was_there)) {
                return;
            }
            tries += 1;
        }
    }

    /// Reports every change until the service is gone or the watch is to end;
    /// whether anything was seen at all.
    fn follow(&self, context: &Context) -> bool {
        let mut seen = false;
        while !self.ended_within(Duration::ZERO) {
            let Ok(mut view) = service::look(context) else {
                return seen;
            };
            seen = true;
            (self.report)(Some(view.readers()));
            match view.wait(context) {
                Ok(()) | Err(Error::Cancelled) => {}
                Err(_) => return seen,
            }
        }
        seen
    }

    fn ended_within(&self, wait: Duration) -> bool {
        !matches!(
            self.stopped.recv_timeout(wait),
            Err(RecvTimeoutError::Timeout)
        )
    }
}
