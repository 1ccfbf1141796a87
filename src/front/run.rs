//! The run loop: waits for whatever comes first, hands it to the pure
//! [`app`], carries out what that wants, and draws when nothing more waits.
//!
//! Nothing here blocks: the terminal is read, written and watched by threads
//! of its own, the desk service is spoken to by another. Between two events
//! the loop sleeps until the moment the front end asked for.

mod line;
mod pace;
mod show;
mod wake;
mod width;

use super::app::{self, App, Effect, Msg};
use super::plain::{self, Meant, Teller};
use super::term::bytes::Bytes;
use super::term::modes::{ENTER, Modes};
use super::term::output::Output;
use super::term::paint::Painter;
use super::term::{input, probe, watch};
use crate::clock::Clock;
use crate::domain::time::Now;
use crate::link::FrontEnd;
use crate::link::message::ToDesk;
use pace::{Dirty, Pace};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use wake::{Alarm, Step, Wake};

/// The size told to the panes where lines are told: they have no edge.
const PAPER: (u16, u16) = (80, 24);

/// Messages taken in before a frame is drawn.
const MOST_AT_ONCE: usize = 4096;

/// A terminal that takes nothing for this long is gone (REL-23).
const STUCK: Duration = Duration::from_secs(10);

/// A waking so much too late means that the machine was suspended.
const OVERSLEPT: Duration = Duration::from_secs(5);

/// How long the last words to the desk service may take at the end.
const FAREWELL: Duration = Duration::from_millis(500);

/// Where this terminal is: the address of the other end of SSH, or empty at
/// the machine itself. For the audit lines alone, and told by the person's own
/// session: a hint, no proof.
pub fn origin() -> String {
    std::env::var("SSH_CONNECTION")
        .ok()
        .and_then(|line| line.split(' ').next()?.parse::<std::net::IpAddr>().ok())
        .map_or_else(String::new, |address| address.to_string())
}

/// Connects to the desk service, starting one if none runs. Called on a
/// thread of its own, again and again until it succeeds.
pub type Connect = Box<dyn FnMut() -> Result<FrontEnd, NoDesk> + Send>;

/// Looks on: a recorder of tapes.
pub trait Witness {
    /// `app` is about to hear this.
    fn before(&mut self, app: &App, now: Now, msg: &Msg);
    /// It has, and wants this done.
    fn after(&mut self, app: &App, effects: &[Effect]);
}

/// Why there is no desk service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoDesk {
    /// For a person: what is wrong, and what to do.
    pub why: String,
    /// The exit code that says it.
    pub code: u8,
    /// Another try can only end the same way.
    pub last: bool,
}

impl NoDesk {
    /// Not there at present; another try may find it.
    pub fn now(why: String) -> Self {
        Self {
            why,
            code: 3,
            last: false,
        }
    }
}

/// Why the front end ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// A person ended it.
    Quit,
    /// A signal did.
    Signal(i32),
    /// The terminal went away or takes nothing any more.
    HangUp,
    /// A thread of ours broke.
    Broken,
    /// No desk service could be reached from the start; why.
    NoDesk(NoDesk),
}

/// Runs a front end on this process's terminal until it ends. `hold` is how
/// long a lone Esc waits for its rest.
pub fn run(
    app: App,
    clock: Clock,
    hold: Duration,
    connect: Connect,
    witness: Option<&mut dyn Witness>,
) -> io::Result<End> {
    let (wakes, waiting) = channel();
    let alarm = Alarm(wakes.clone());
    watch::signals(move |signal| {
        alarm.send(Wake::Signal(signal));
    })?;
    let alarm = Alarm(wakes.clone());
    // A sender in a mutex: the closure is shared between threads.
    let alarm = std::sync::Mutex::new(alarm);
    let out = Output::new(move |fate| {
        if let Ok(alarm) = alarm.lock() {
            alarm.send(Wake::Out(fate));
        }
    })?;
    let modes = Modes::enter(app.is_plain())?;
    let plain = app.is_plain();
    let (width, height) = if plain { PAPER } else { input::size() };
    let mut front = Front {
        app,
        clock,
        modes,
        out,
        painter: Painter::new(width, height),
        bytes: Bytes::new(hold),
        size: (width, height),
        desk: None,
        wake: None,
        stuck_since: None,
        pace: Pace::default(),
        prefix: if plain { b"" } else { ENTER },
        plain: plain.then(Teller::default),
        probe: None,
        late: None,
        witness,
    };
    front.begin();
    // ENTER has emptied the screen.
    front.painter = Painter::new(width, height);
    front.draw()?;
    if front.app.asks() {
        front.ask()?;
    }

    let alarm = Alarm(wakes.clone());
    input::listen(move |bytes| alarm.send(Wake::Heard(bytes)))?;
    let alarm = Alarm(wakes.clone());
    watch::hang_up(move || {
        alarm.send(Wake::Heard(None));
    })?;
    let line = line::hold(Alarm(wakes), connect)?;
    let end = front.run(&waiting);
    let _ = front.update(Msg::Ending);
    front.farewell(&waiting, line);
    end
}

struct Front<'w> {
    app: App,
    clock: Clock,
    modes: Modes,
    out: Output,
    painter: Painter,
    bytes: Bytes,
    size: (u16, u16),
    desk: Option<Sender<ToDesk>>,
    wake: Option<Duration>,
    stuck_since: Option<Duration>,
    pace: Pace,
    prefix: &'static [u8],
    /// What has been told, where lines are told instead of a screen drawn.
    plain: Option<Teller>,
    /// What the terminal was asked, until it has answered.
    probe: Option<probe::Probe>,
    /// What it did not answer in time: a late answer still counts.
    late: Option<probe::Probe>,
    witness: Option<&'w mut dyn Witness>,
}

impl Front<'_> {
    fn begin(&mut self) {
        let (width, height) = self.size;
        // Asks for nothing yet but its waking.
        let _ = self.update(Msg::Resize { width, height });
    }

    fn run(&mut self, waiting: &Receiver<Wake>) -> io::Result<End> {
        let mut dirty = Dirty::No;
        let mut heard = Vec::new();
        loop {
            let first = match self.due(dirty) {
                None => waiting.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => waiting.recv_timeout(self.clock.until(at)),
            };
            match first {
                Ok(first) => {
                    let (link, rest): (Vec<_>, Vec<_>) = std::iter::once(first)
                        .chain(waiting.try_iter().take(MOST_AT_ONCE))
                        .partition(|wake| {
                            matches!(wake, Wake::Linked(_) | Wake::Said(_) | Wake::Lost)
                        });
                    for wake in link {
                        if let Some(end) = self.linked(wake) {
                            return Ok(end);
                        }
                        dirty = dirty.max(Dirty::Soon);
                    }
                    for wake in rest {
                        match self.local(wake, &mut heard)? {
                            Step::End(end) => return Ok(end),
                            Step::Draw(how) => dirty = dirty.max(how),
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Broken),
            }
            let now = self.clock.now().mono;
            if self.probe.as_ref().is_some_and(|probe| probe.due() <= now) {
                self.answered(&mut heard);
            }
            if self.bytes.due().is_some_and(|due| due <= now) {
                self.bytes.expire(&mut heard);
            }
            for msg in heard.drain(..) {
                dirty = Dirty::Now;
                if self.press(msg)? {
                    return Ok(End::Quit);
                }
            }
            if let Some(due) = self.wake.take_if(|due| *due <= now) {
                if now.saturating_sub(due) > OVERSLEPT {
                    // The machine slept; who knows what the terminal did.
                    self.painter.forget(self.size.0, self.size.1);
                }
                dirty = dirty.max(Dirty::Soon);
                if self.update(Msg::Woke) {
                    return Ok(End::Quit);
                }
            }
            if let Some(since) = self.stuck_since {
                if now.saturating_sub(since) >= STUCK {
                    return Ok(End::HangUp);
                }
            } else if self.pace.due(dirty).is_some_and(|due| due <= now) {
                self.draw()?;
                dirty = Dirty::No;
            }
        }
    }

    /// The next moment at which there is something to do by itself.
    fn due(&self, dirty: Dirty) -> Option<Duration> {
        let frame = match self.stuck_since {
            None => self.pace.due(dirty),
            Some(_) => None,
        };
        let stuck = self.stuck_since.map(|since| since + STUCK);
        let probe = self.probe.as_ref().map(probe::Probe::due);
        [self.wake, self.bytes.due(), probe, frame, stuck]
            .into_iter()
            .flatten()
            .min()
    }

    /// What came from the hands. Where lines are told, each key is told before
    /// the next one: nothing that was typed goes unheard.
    fn press(&mut self, msg: Msg) -> io::Result<bool> {
        let Some(told) = &mut self.plain else {
            return Ok(self.update(msg));
        };
        told.pressed();
        let Msg::Key(key) = msg else {
            return Ok(self.update(msg));
        };
        match app::meant(&self.app, self.clock.now(), key) {
            Meant::Keys(keys) => {
                for key in keys {
                    if self.update(Msg::Key(key)) {
                        return Ok(true);
                    }
                }
                if self.stuck_since.is_none() {
                    self.draw()?;
                }
            }
            Meant::Chosen => {
                let outline = app::outline(&self.app, self.clock.now());
                let text = plain::say::chosen(&outline);
                if self.stuck_since.is_none() {
                    self.put(text.as_bytes())?;
                }
            }
        }
        Ok(false)
    }

    /// Returns whether the program shall end.
    fn update(&mut self, msg: Msg) -> bool {
        #[cfg(debug_assertions)]
        super::term::trip::trip_at("main", &msg);
        let mut quit = false;
        let now = self.clock.now();
        if let Some(witness) = &mut self.witness {
            witness.before(&self.app, now, &msg);
        }
        let effects = app::update(&mut self.app, now, msg);
        if let Some(witness) = &mut self.witness {
            witness.after(&self.app, &effects);
        }
        for effect in effects {
            match effect {
                Effect::Send(mut message) => {
                    if let ToDesk::Hello { origin: place, .. } = &mut message {
                        *place = origin();
                    }
                    if let Some(desk) = &self.desk {
                        // A lost connection is told by the other thread.
                        let _ = desk.send(message);
                    }
                }
                Effect::WakeAt(at) => self.wake = at,
                Effect::Repaint => match &mut self.plain {
                    Some(told) => told.again(),
                    None => self.painter.forget(self.size.0, self.size.1),
                },
                Effect::Quit => quit = true,
            }
        }
        quit
    }

    /// Lets the last words reach the desk service.
    fn farewell(&mut self, waiting: &Receiver<Wake>, line: line::Line) {
        line.end();
        if self.desk.take().is_none() {
            return;
        }
        let until = self.clock.now().mono + FAREWELL;
        while let Ok(wake) = waiting.recv_timeout(self.clock.until(until)) {
            if matches!(wake, Wake::Lost) {
                return;
            }
        }
    }
}
