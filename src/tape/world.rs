//! The whole program in virtual time: front ends, desk service, a real store
//! in a throw-away folder, and the stand-in central system in process.
//!
//! Nothing here knows a step of a tape; it carries out what the pure cores
//! ask for, as the shells do, only that waiting costs no time.

mod act;
mod frame;
mod lines;
mod marks;
mod steps;
#[cfg(test)]
mod tests;

use super::own;
use super::record::Recorder;
use super::stage::{Done, Trouble};
use super::step::Head;
use super::words;
use crate::desk::event::{Config, Event};
use crate::desk::verifier::Cost;
use crate::desk::{Desk, step};
use crate::domain::secret::Secret;
use crate::domain::time::{Now, jst};
use crate::front::app::{self, App, AppOptions, Effect, Msg};
use crate::front::canvas::Theme;
use crate::front::run::Witness as _;
use crate::link::message::FrontId;
use crate::simulator::card::Rack;
use crate::simulator::card::hand::Reader;
use crate::simulator::core::Core;
use crate::simulator::fixtures::Fixtures;
use crate::simulator::people;
use crate::store::{KeySource, Store};
use crate::text::glyphs::Ambiguous;
use jiff::SignedDuration;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// The desk's own account among the fixtures.
const MACHINE: (&str, &str) = ("A0001", "Onshi*A0001*api");
/// How many lines a failure tells.
const REMEMBERED: usize = 10;
/// More events than this at one moment is a loop, not a story.
const MOST_AT_ONCE: usize = 100_000;

/// One front end.
struct Seat {
    app: App,
    id: FrontId,
    wake: Option<Duration>,
    /// When its screen was drawn: behind a message, and never by time alone.
    drawn: Now,
    size: (u16, u16),
    /// Where lines are told instead of a screen drawn.
    lines: Option<lines::Lines>,
}

#[allow(clippy::large_enum_variant, reason = "only a few wait at a time")]
enum Work {
    Desk(Event),
    Front(FrontId, Msg),
}

/// The world of one tape.
pub struct World {
    head: Head,
    wide: bool,
    /// Signs of ASCII alone.
    ascii: bool,
    now: Now,
    seats: Vec<Seat>,
    current: usize,
    next_front: u64,
    desk: Desk,
    desk_wake: Option<Duration>,
    work: VecDeque<Work>,
    due: BTreeMap<(Duration, u64), Event>,
    next_due: u64,
    core: Core,
    reader: Reader,
    store: Option<Store>,
    folder: tempfile::TempDir,
    key: KeySource,
    last: VecDeque<String>,
    /// The first frame whose cursor was not where it belongs.
    astray: Option<String>,
    /// Looks on at the first front end.
    recorder: Option<Recorder>,
}

impl World {
    /// A desk with one front end, as the tape's head says. `wide` is the
    /// ambiguous-width policy of this run.
    pub fn new(head: &Head, wide: bool) -> Result<Self, String> {
        Self::with(head, wide, false)
    }

    /// The same for a terminal that shall get signs of ASCII alone (setting
    /// `glyphs`).
    pub fn with(head: &Head, wide: bool, ascii: bool) -> Result<Self, String> {
        let folder =
            tempfile::tempdir().map_err(|e| format!("作業フォルダーを作れません（{e}）"))?;
        let now = Now {
            wall: head.clock,
            mono: Duration::ZERO,
        };
        let core = core(head)?;
        let mut world = Self {
            wide,
            ascii,
            now,
            seats: Vec::new(),
            current: 0,
            next_front: 0,
            desk: Desk::new(desk_config(head, &core)),
            desk_wake: None,
            work: VecDeque::new(),
            due: BTreeMap::new(),
            next_due: 0,
            core,
            reader: Reader::new(rack(head)?),
            store: None,
            folder,
            key: KeySource::held().map_err(|e| e.to_string())?,
            last: VecDeque::new(),
            astray: None,
            recorder: None,
            head: head.clone(),
        };
        world.open_store();
        let reports = world.reader.begin(now);
        world.hear(reports);
        world.attach(head.size)?;
        world.settle()?;
        Ok(world)
    }

    /// Lets `recorder` look on, and gives back the one that has.
    pub fn recorded_by(&mut self, recorder: Option<Recorder>) -> Option<Recorder> {
        std::mem::replace(&mut self.recorder, recorder)
    }

    fn open_store(&mut self) {
        self.store = None;
        let result = match Store::open(&self.folder.path().join("store"), &self.key, self.now.wall)
        {
            Ok((store, loaded)) => {
                self.store = Some(store);
                Ok(loaded)
            }
            Err(error) => Err(error),
        };
        self.work.push_back(Work::Desk(Event::Opened(result)));
    }

    fn attach(&mut self, size: (u16, u16)) -> Result<(), String> {
        let keymap = own::keymap(&self.head.keymap)?;
        let app = App::new(AppOptions {
            keymap,
            theme: THEME,
            ambiguous: if self.wide {
                Ambiguous::Wide
            } else {
                Ambiguous::Narrow
            },
            ascii: self.ascii,
            plain: self.head.plain,
            asks: false,
            news: None,
        });
        let id = FrontId(self.next_front);
        self.next_front += 1;
        let effects = App::start();
        self.seats.push(Seat {
            app,
            id,
            wake: None,
            drawn: self.now,
            size,
            lines: self.head.plain.then(lines::Lines::default),
        });
        self.work
            .push_back(Work::Desk(Event::Attached { front: id }));
        self.work.push_back(Work::Front(
            id,
            Msg::Resize {
                width: size.0,
                height: size.1,
            },
        ));
        self.effects(id, effects);
        Ok(())
    }

    fn seat(&self) -> &Seat {
        &self.seats[self.current]
    }

    fn remember(&mut self, line: String) {
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    fn send(&mut self, msg: Msg) -> Done {
        let id = self.seat().id;
        self.work.push_back(Work::Front(id, msg));
        self.settle().map_err(Trouble::Failed)
    }

    /// Works off everything that is due now.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..MOST_AT_ONCE {
            if let Some(work) = self.work.pop_front() {
                match work {
                    Work::Desk(event) => self.desk_event(event),
                    Work::Front(id, msg) => self.front_msg(id, msg),
                }
                continue;
            }
            if !self.fire_due() {
                return Ok(());
            }
        }
        Err("同じ時刻のできごとが終わりません（輪になっています）".into())
    }

    /// Moves what has fallen due into the queue; `false` if nothing had.
    fn fire_due(&mut self) -> bool {
        let mono = self.now.mono;
        if let Some(entry) = self.due.first_entry()
            && entry.key().0 <= mono
        {
            self.work.push_back(Work::Desk(entry.remove()));
            return true;
        }
        if self.reader.due().is_some_and(|at| at <= mono) {
            let reports = self.reader.tick(self.now);
            self.hear(reports);
            return true;
        }
        if self.desk_wake.is_some_and(|at| at <= mono) {
            self.desk_wake = None;
            self.work.push_back(Work::Desk(Event::Woke));
            return true;
        }
        for seat in &mut self.seats {
            if seat.wake.is_some_and(|at| at <= mono) {
                seat.wake = None;
                self.work.push_back(Work::Front(seat.id, Msg::Woke));
                return true;
            }
        }
        false
    }

    fn next_moment(&self) -> Option<Duration> {
        let due = self.due.keys().next().map(|(at, _)| *at);
        due.into_iter()
            .chain(self.desk_wake)
            .chain(self.reader.due())
            .chain(self.seats.iter().filter_map(|s| s.wake))
            .min()
    }

    fn move_to(&mut self, mono: Duration) {
        let mono = mono.max(self.now.mono);
        let wall = SignedDuration::try_from(mono)
            .ok()
            .and_then(|d| self.head.clock.checked_add(d).ok());
        self.now = Now {
            wall: wall.unwrap_or(self.now.wall),
            mono,
        };
    }

    fn front_msg(&mut self, id: FrontId, msg: Msg) {
        let Some(at) = self.seats.iter().position(|s| s.id == id) else {
            return;
        };
        if let Msg::Desk(message) = &msg {
            self.remember(format!(
                "窓口サービスから: {}",
                words::message(&head_of(&format!("{message:?}")))
            ));
        }
        if let Msg::Resize { width, height } = msg {
            self.seats[at].size = (width, height);
        }
        let by_hand = matches!(msg, Msg::Key(_) | Msg::Paste(_));
        let app = &mut self.seats[at].app;
        let recorder = self.recorder.as_mut().filter(|_| at == 0);
        let effects = match recorder {
            Some(recorder) => {
                recorder.before(app, self.now, &msg);
                let effects = app::update(app, self.now, msg);
                recorder.after(app, &effects);
                effects
            }
            None => app::update(app, self.now, msg),
        };
        let (now, seat) = (self.now, &mut self.seats[at]);
        seat.drawn = now;
        if let Some(lines) = &mut seat.lines {
            let again = effects.contains(&Effect::Repaint);
            lines.tell(app::outline(&seat.app, now), by_hand, again);
        }
        self.effects(id, effects);
        self.watch_cursor(at);
    }

    fn effects(&mut self, id: FrontId, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(message) => {
                    self.remember(format!(
                        "窓口サービスへ: {}",
                        words::message(&head_of(&format!("{message:?}")))
                    ));
                    self.work
                        .push_back(Work::Desk(Event::Said { front: id, message }));
                }
                Effect::WakeAt(at) => {
                    if let Some(seat) = self.seats.iter_mut().find(|s| s.id == id) {
                        seat.wake = at;
                    }
                }
                Effect::Repaint => {}
                Effect::Quit => self.remember("画面を終える".into()),
            }
        }
    }

    fn desk_event(&mut self, event: Event) {
        for action in step(&mut self.desk, self.now, event) {
            self.act(action);
        }
    }
}

/// The name of a message, without what it carries.
fn head_of(debug: &str) -> String {
    let end = debug.find(['{', '(']).unwrap_or(debug.len());
    debug.get(..end).unwrap_or(debug).trim().to_owned()
}

/// The looks of the screens on tapes: with colour, so that roles differ.
const THEME: Theme = Theme::COLOUR;

fn rack(head: &Head) -> Result<Rack, String> {
    let today = jst(head.clock).date();
    match &head.fixtures {
        Some(dir) => Rack::load(dir, today).map_err(|e| e.to_string()),
        None => Ok(Rack::built_in(today)),
    }
}

fn core(head: &Head) -> Result<Core, String> {
    let fixtures = match &head.fixtures {
        Some(dir) => Fixtures::load(dir).map_err(|e| e.to_string())?,
        None => Fixtures::built_in(),
    };
    Ok(Core::new(
        fixtures,
        people::generate::generate(head.people, head.seed),
        head.seed,
    ))
}

fn desk_config(head: &Head, core: &Core) -> Config {
    Config {
        desk: "受付1".into(),
        facility: core.facility().name.clone(),
        institution_code: core.facility().code.clone(),
        machine: Some((MACHINE.0.to_owned(), Secret::new(MACHINE.1.to_owned()))),
        simulated: true,
        cost: Cost::CHEAP,
        seed: head.seed,
        ..Config::default()
    }
}
