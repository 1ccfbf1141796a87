//! Writes a tape from live use: keys and texts as they come, screens from the
//! demo's world.
//!
//! Nothing that a real screen shows is ever written. What was typed is kept in
//! memory alone until the front end has ended; then [`cast`] puts invented
//! values in its place ([`mask`]), plays the keys in the demo's world, and
//! writes the screens of that world beside them. Passwords and numbers that
//! open cards are not even kept in memory.

mod cast;
mod dates;
mod letters;
mod mask;
#[cfg(test)]
mod tests;
mod text;

use crate::domain::account::AccountKind;
use crate::domain::field::Field;
use crate::domain::time::{Now, Period};
use crate::front::app::{App, Effect, Msg, Seen};
use crate::front::keys::key::{Code, Key};
use crate::front::run::Witness;
use crate::link::message::{ToDesk, ToFront};
use jiff::Timestamp;
use std::time::Duration;
use zeroize::Zeroizing;

/// A recording is one scene, not a day.
const MOST_EVENTS: usize = 20_000;
/// A pause in which nothing came by itself counts from here on.
const LONG_PAUSE: Duration = Duration::from_secs(300);
/// So long it takes to see what nobody expected; a key before that means
/// nothing (`App::unread`).
const READING: Duration = Duration::from_secs(1);
/// So long a failed question and the outage it shows belong together.
const ONE_STORY: Duration = Duration::from_secs(60);

const LOGIN: &str = "ログイン";
const CARDS: &str = "カードの実演";

/// What is recorded against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The demo, with so many generated people of that seed.
    Demo {
        /// People.
        people: usize,
        /// Seed.
        seed: u64,
    },
    /// A real desk.
    Desk,
}

/// A tape, and how much of it the demo's world could play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The tape.
    pub text: String,
    /// Steps of it.
    pub steps: usize,
    /// Steps that play as they were recorded; the others are comments.
    pub plays: usize,
}

enum Op {
    Char(char),
    Back,
}

enum Event {
    /// Characters typed into a field without leaving it.
    Visit {
        field: Field,
        in_card: bool,
        ops: Zeroed,
    },
    /// A text pasted into a field, or outside of any.
    Paste {
        field: Option<Field>,
        text: Zeroizing<String>,
    },
    /// Something that opens a card, by the name of its field.
    Secret(&'static str),
    /// A character outside of a field.
    Choice(char),
    Key(Key),
    Login {
        kind: AccountKind,
        user: String,
    },
    Central(&'static str),
    Function(Period),
    Card(Option<String>),
    Pause(Duration),
    Resize(u16, u16),
    /// Another screen, or a question.
    Shown(String),
    /// An answer came and the screen stayed; what it said.
    Said,
    /// The line went down or came back.
    Line(bool),
}

/// Wiped when dropped.
#[derive(Default)]
struct Zeroed(Vec<Op>);

impl Drop for Zeroed {
    fn drop(&mut self) {
        for op in &mut self.0 {
            *op = Op::Back;
        }
    }
}

/// Looks on and keeps what happens.
pub struct Recorder {
    against: Against,
    begun: Option<Timestamp>,
    size: (u16, u16),
    keymap: String,
    events: Vec<Event>,
    before: Seen,
    now: Duration,
    /// When something was last kept.
    last: Duration,
    /// Something came by itself since.
    came: bool,
    /// A key was meant for what had surprised; and the newest such surprise
    /// that a tape waits for already.
    read: bool,
    surprise: Option<Duration>,
    /// The newest question: the place of its key, and when.
    asked: Option<(usize, Duration)>,
    pending: Option<Pending>,
    line: Option<bool>,
    /// The person has ended it: what follows is the front end's own.
    ended: bool,
}

/// A message on its way through the front end.
enum Pending {
    Key(Key),
    Paste(Zeroizing<String>),
    Resize(u16, u16),
    Login { kind: AccountKind, user: String },
    Answer,
    Other { moves: bool },
}

impl Recorder {
    /// Before the first message.
    pub fn new(against: Against) -> Self {
        Self {
            against,
            begun: None,
            size: (80, 24),
            keymap: "receipt".to_owned(),
            events: Vec::new(),
            before: Seen::default(),
            now: Duration::ZERO,
            last: Duration::ZERO,
            came: false,
            read: false,
            surprise: None,
            asked: None,
            pending: None,
            line: None,
            ended: false,
        }
    }

    fn demo(&self) -> bool {
        matches!(self.against, Against::Demo { .. })
    }

    fn push(&mut self, event: Event) {
        if self.ended || self.events.len() >= MOST_EVENTS {
            return;
        }
        let gap = self.now.saturating_sub(self.last);
        let counts = gap >= LONG_PAUSE || (self.came && gap >= Duration::from_secs(1));
        let read = std::mem::take(&mut self.read);
        if counts && !self.events.is_empty() {
            self.events.push(Event::Pause(gap));
        } else if read {
            self.events.push(Event::Pause(READING));
        }
        self.last = self.now;
        self.came = false;
        self.events.push(event);
    }

    fn key(&mut self, key: Key) {
        let before = std::mem::take(&mut self.before);
        if before.blanked {
            // Which key lit the screen up is nobody's business.
            self.push(Event::Key(Key::plain(Code::Enter)));
            return;
        }
        match (before.field, key.code) {
            (Some((Field::Password, name)), code) if key.types() || code == Code::Backspace => {
                if !matches!(self.events.last(), Some(Event::Secret(last)) if *last == name) {
                    self.push(Event::Secret(name));
                }
            }
            (Some((field, _)), Code::Char(c)) if key.types() => {
                self.typed(field, before.title == "マイナンバーカード", Op::Char(c));
            }
            (Some((field, _)), Code::Backspace) if self.erases(field) => {
                self.typed(field, false, Op::Back);
            }
            (None, Code::Char(c)) if key.types() => self.push(Event::Choice(c)),
            _ => self.push(Event::Key(key)),
        }
    }

    /// Whether an erasing key takes back a character of the visit.
    fn erases(&self, field: Field) -> bool {
        match self.events.last() {
            Some(Event::Visit { field: at, ops, .. }) if *at == field => {
                let left = ops.0.iter().fold(0_usize, |left, op| match op {
                    Op::Char(_) => left + 1,
                    Op::Back => left.saturating_sub(1),
                });
                left > 0
            }
            _ => false,
        }
    }

    fn typed(&mut self, field: Field, in_card: bool, op: Op) {
        if let Some(Event::Visit { field: at, ops, .. }) = self.events.last_mut()
            && *at == field
        {
            ops.0.push(op);
            self.last = self.now;
            return;
        }
        let ops = Zeroed(vec![op]);
        self.push(Event::Visit {
            field,
            in_card,
            ops,
        });
    }

    /// What the key made the front end want, where that says more than the key.
    fn instead(&mut self, effects: &[Effect]) -> bool {
        for effect in effects {
            match effect {
                Effect::Quit => {
                    self.ended = true;
                    return true;
                }
                Effect::Send(ToDesk::DemoOutage { on }) => {
                    self.push(Event::Central(if *on { "outage" } else { "recover" }));
                    return true;
                }
                Effect::Send(ToDesk::DemoCard { card }) => {
                    self.push(Event::Card(card.clone()));
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    fn line(&mut self, seen: &Seen) {
        if seen.down.is_none() || seen.down == self.line {
            return;
        }
        let first = self.line.is_none();
        self.line = seen.down;
        let down = seen.down == Some(true);
        if first && !down {
            return;
        }
        if !self.demo() {
            let word = Event::Central(if down { "outage" } else { "recover" });
            match self.asked {
                Some((at, when)) if down && self.now.saturating_sub(when) < ONE_STORY => {
                    self.events.insert(at.min(self.events.len()), word);
                }
                _ => self.push(word),
            }
        }
        self.push(Event::Line(down));
    }
}

impl Witness for Recorder {
    fn before(&mut self, app: &App, now: Now, msg: &Msg) {
        if self.begun.is_none() {
            self.begun = Some(now.wall);
            app.keymap_name().clone_into(&mut self.keymap);
        }
        self.now = now.mono;
        self.before = app.seen();
        if matches!(msg, Msg::Key(_))
            && let Some(at) = self.before.readable
            && self.surprise != Some(at)
            && self.now >= at
        {
            self.surprise = Some(at);
            self.read = true;
        }
        self.pending = Some(match msg {
            Msg::Key(key) => Pending::Key(*key),
            Msg::Paste(text) => Pending::Paste(Zeroizing::new(text.clone())),
            Msg::Resize { width, height } => Pending::Resize(*width, *height),
            Msg::Desk(message) => match &**message {
                ToFront::LoggedIn { staff, .. } => Pending::Login {
                    kind: staff.kind,
                    user: staff.user.clone(),
                },
                message if message.ticket().is_some() => Pending::Answer,
                message => Pending::Other {
                    moves: matches!(message, ToFront::LedgerChanged | ToFront::Status(_)),
                },
            },
            _ => Pending::Other { moves: false },
        });
    }

    fn after(&mut self, app: &App, effects: &[Effect]) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        let (before, seen) = (self.before.clone(), app.seen());
        let moved = before.title != seen.title || before.asking != seen.asking;
        let in_cards = before.title == CARDS || seen.title == CARDS;
        let answered = matches!(pending, Pending::Answer);
        match pending {
            Pending::Key(key) => {
                let place = self.events.len();
                let at_login = before.title == LOGIN && !moved && before.blanked == seen.blanked;
                if !self.instead(effects) && !in_cards && !at_login {
                    self.key(key);
                }
                let asks = |e: &Effect| matches!(e, Effect::Send(m) if m.ticket().is_some());
                if effects.iter().any(asks) {
                    self.asked = Some((place, self.now));
                }
            }
            Pending::Paste(text) => match before.field {
                _ if before.title == LOGIN => {}
                Some((Field::Password, name)) => self.push(Event::Secret(name)),
                field => self.push(Event::Paste {
                    field: field.map(|(field, _)| field),
                    text,
                }),
            },
            Pending::Resize(width, height) if self.events.is_empty() => {
                self.size = (width, height);
                app.keymap_name().clone_into(&mut self.keymap);
            }
            Pending::Resize(width, height) => self.push(Event::Resize(width, height)),
            Pending::Login { kind, user } => self.push(Event::Login { kind, user }),
            Pending::Other { moves } => self.came |= moves,
            Pending::Answer => {}
        }
        if moved && !in_cards {
            self.push(Event::Shown(seen.title.clone()));
        } else if answered && before.message != seen.message && seen.title != LOGIN {
            self.push(Event::Said);
        }
        if !self.demo()
            && seen.period != before.period
            && let Some(period) = seen.period
        {
            self.push(Event::Function(period));
        }
        if !self.demo() && seen.card != before.card {
            self.push(Event::Card(seen.card.then(|| text::CARD.to_owned())));
        }
        self.line(&seen);
    }
}
