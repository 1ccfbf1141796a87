//! Word of every change of the readers, from a thread of its own that sleeps
//! in the service's blocking call.

use super::away::Away;
use super::bell::Bell;
use super::seen::ReaderInfo;
use super::service;
use pcsc::{Context, Error};
use std::ffi::CString;
use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Who hears of changes; called on the watch's thread. `None`: the service is
/// not there.
pub type Listener = Box<dyn Fn(Option<Vec<ReaderInfo>>) + Send>;

/// After a change of the readers another look is taken, if nothing else
/// happens before: the second slot of one may come a moment after the first,
/// and older services do not tell of it then.
const SETTLED: Duration = Duration::from_millis(1500);

/// What the watch blocks on, for the one who wants it to end.
#[derive(Clone)]
pub struct Blocked {
    context: Arc<Mutex<Option<Context>>>,
    bell: Arc<Bell>,
}

impl Blocked {
    /// Ends the blocking call and any pause. One that comes a moment before the call is
    /// lost: say it again until the thread has ended.
    pub fn cancel(&self) {
        if let Some(context) = self.get() {
            let _ = context.cancel();
        }
        self.bell.ring();
    }

    fn get(&self) -> Option<Context> {
        self.context
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, context: Option<Context>) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = context;
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
    pub fn new(report: Listener) -> io::Result<(Self, Sender<()>, Blocked)> {
        let (stop, stopped) = std::sync::mpsc::channel();
        let blocked = Blocked {
            context: Arc::default(),
            bell: Arc::new(Bell::new()?),
        };
        let watcher = Self {
            report,
            stopped,
            blocked: blocked.clone(),
        };
        Ok((watcher, stop, blocked))
    }

    /// Runs until it is to end.
    pub fn run(&self) {
        let mut away = Away::new();
        loop {
            if let Ok(context) = service::connect() {
                self.blocked.set(Some(context.clone()));
                let seen = self.follow(&context);
                self.blocked.set(None);
                if seen {
                    away = Away::new();
                }
            }
            if self.ended() {
                return;
            }
            (self.report)(None);
            away.wait(&self.blocked.bell);
            if self.ended() {
                return;
            }
        }
    }

    /// Reports every change until the service is gone or the watch is to end;
    /// whether anything was seen at all.
    fn follow(&self, context: &Context) -> bool {
        let mut before: Option<Vec<CString>> = None;
        let mut settled = false;
        while !self.ended() {
            let Ok(mut view) = service::look(context) else {
                return before.is_some();
            };
            let names = view.names();
            if before.as_ref() != Some(&names) {
                settled = false;
            }
            before = Some(names);
            (self.report)(Some(view.readers()));
            match view.wait(context, (!settled).then_some(SETTLED)) {
                Err(Error::Timeout) => settled = true,
                Ok(()) | Err(Error::Cancelled | Error::UnknownReader) => {}
                Err(_) => return true,
            }
        }
        before.is_some()
    }

    fn ended(&self) -> bool {
        self.stopped.try_recv() != Err(TryRecvError::Empty)
    }
}
