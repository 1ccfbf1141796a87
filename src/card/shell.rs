//! The threads of the card reader: one that watches, one that talks, and one
//! that decides and reports, behind one [`Hand`].

use super::job::{Hand, Job, Report};
use super::mind::{Input, Mind, Wish};
use super::order::{Order, Standing};
use super::talk::{Clock, Pulse, Talker};
use super::watch::{Blocked, Watcher};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// A card that gives no answer for so long is said to be slow; the call itself
/// cannot be ended (section 8.5).
const SLOW: Duration = Duration::from_secs(10);
/// The service makes a program wait while another holds a transaction.
const HELD: Duration = Duration::from_secs(3);
/// How often the talking thread is looked after, while it talks.
const LOOK_AFTER: Duration = Duration::from_millis(500);
/// How long the end of the program may wait for the threads.
const LAST: Duration = Duration::from_millis(900);
/// A call to end the watch's may come too early.
const AGAIN: Duration = Duration::from_millis(50);

/// Who hears what the reader and the card do; called on a thread that may
/// wait.
pub type Listener = Box<dyn Fn(Report) + Send>;

enum Note {
    Input(Input),
    End,
}

/// The running threads; they end when it is dropped.
struct Threads {
    notes: Sender<Note>,
    stop: Option<Sender<()>>,
    pulse: Arc<Pulse>,
    blocked: Blocked,
    ended: Receiver<()>,
    handles: Vec<JoinHandle<()>>,
}

/// Watches the readers and takes jobs. `preferred` is a part of the name of
/// the desk's own reader; `clock` tells the time.
pub fn start(
    report: Listener,
    preferred: Option<String>,
    clock: Clock,
) -> io::Result<impl Hand + use<>> {
    let (notes, inbox) = channel();
    let (end, ended) = channel::<()>();
    let (orders, taken) = channel();
    let pulse = Arc::new(Pulse::new(Arc::clone(&clock)));

    let heard = notes.clone();
    let (watcher, stop, blocked) = Watcher::new(Box::new(move |readers| {
        let _ = heard.send(Note::Input(Input::Readers(readers)));
    }))?;
    let answers = notes.clone();
    let talker = Talker::new(
        Arc::clone(&pulse),
        taken,
        Box::new(move |answer| {
            let _ = answers.send(Note::Input(Input::Answer(answer)));
        }),
    );
    let decider = Decider {
        mind: Mind::new(preferred, clock().wall),
        inbox,
        orders,
        pulse: Arc::clone(&pulse),
        blocked: blocked.clone(),
        clock,
        report,
    };
    let mut threads = Threads {
        notes,
        stop: Some(stop),
        pulse,
        blocked,
        ended,
        handles: Vec::new(),
    };
    threads.spawn("card", end.clone(), move || decider.run())?;
    threads.spawn("card-talk", end.clone(), move || talker.run())?;
    threads.spawn("card-watch", end, move || watcher.run())?;
    Ok(threads)
}

impl Threads {
    fn spawn(
        &mut self,
        name: &str,
        end: Sender<()>,
        run: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let thread = Builder::new().name(name.to_owned()).spawn(move || {
            run();
            drop(end);
        })?;
        self.handles.push(thread);
        Ok(())
    }
}

impl Hand for Threads {
    fn send(&mut self, job: Job) {
        let _ = self.notes.send(Note::Input(Input::Job(job)));
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.pulse.give_up(u64::MAX);
        let _ = self.notes.send(Note::End);
        // Where the service hangs, even this call stands.
        let (ends, goes_on) = channel::<()>();
        let blocked = self.blocked.clone();
        let _ = Builder::new().name("card-end".to_owned()).spawn(move || {
            loop {
                blocked.cancel();
                if goes_on.recv_timeout(AGAIN) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        // A service or a card that does not react is left behind with its
        // thread rather than holding up the end of the program.
        let wait = self.ended.recv_timeout(LAST);
        drop(ends);
        if wait != Err(RecvTimeoutError::Timeout) {
            for thread in self.handles.drain(..) {
                let _ = thread.join();
            }
        }
    }
}

struct Decider {
    mind: Mind,
    inbox: Receiver<Note>,
    orders: Sender<Order>,
    pulse: Arc<Pulse>,
    blocked: Blocked,
    clock: Clock,
    report: Listener,
}

impl Decider {
    fn run(mut self) {
        while let Some(input) = self.wait() {
            let now = (self.clock)();
            for wish in self.mind.step(now, input) {
                match wish {
                    Wish::Tell(report) => (self.report)(report),
                    Wish::Order(order) => {
                        let _ = self.orders.send(order);
                    }
                    Wish::GiveUp(number) => self.pulse.give_up(number),
                    Wish::LookAgain => self.blocked.cancel(),
                }
            }
        }
    }

    /// What comes next; sleeps without end while nothing is under way.
    fn wait(&self) -> Option<Input> {
        loop {
            let now = (self.clock)().mono;
            if self.mind.is_talking()
                && let Some((standing, since)) = self.pulse.standing()
                && now.saturating_sub(since) >= patience(standing)
            {
                return Some(Input::Stalled(standing));
            }
            let due = self.mind.due().map(|at| at.saturating_sub(now));
            if due == Some(Duration::ZERO) {
                return Some(Input::Time);
            }
            let look = self.mind.is_talking().then_some(LOOK_AFTER);
            let wait = due.into_iter().chain(look).min();
            let note = match wait {
                None => self
                    .inbox
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => self.inbox.recv_timeout(wait),
            };
            match note {
                Ok(Note::Input(input)) => return Some(input),
                Ok(Note::End) | Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

fn patience(standing: Standing) -> Duration {
    match standing {
        Standing::Connecting => HELD,
        Standing::Asking => SLOW,
    }
}
