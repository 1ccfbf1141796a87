//! The state of a front end and the one function that changes it.
//!
//! Keys go where the state says, never where the last drawing was. What a
//! pane cannot know — the stack, the login, the draft, the idle clock, the
//! link — is here; everything else is the pane's.

mod activity;
mod card;
mod climb;
mod cx;
mod draft;
mod hearing;
mod holds;
mod keys;
mod known;
mod open;
mod patience;
mod question;
mod recheck;
mod screen;
mod seen;
mod shelf;
mod stack;
#[cfg(test)]
pub(crate) mod support;
#[cfg(test)]
mod tests;
mod wake;

pub use cx::{Cx, Go, Tone};
pub use known::Known;
pub use screen::{draw, meant, outline};
pub use seen::Seen;

use super::canvas::Theme;
use super::keys::Keymap;
use super::keys::command::Command;
use super::keys::key::Key;
use super::panes::{Pane, Place};
use super::wording;
use crate::domain::time::Now;
use crate::link::message::{Ticket, ToDesk, ToFront, VERSION};
use crate::text::glyphs::{Ambiguous, Widths};
use question::Question;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a sentence stands that goes by itself.
const A_WHILE: Duration = Duration::from_secs(8);

/// Something that happened to a front end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// A bracketed paste: text, never keys (SEC-36).
    Paste(String),
    /// Bytes that are no UTF-8: a terminal set to another code, or noise.
    Garbled,
    /// A paste goes on behind a pause: nothing is seen of what is typed.
    Pasting,
    /// The terminal's size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The terminal said how wide it draws, or did not.
    Widths(Widths),
    /// The desk service said something.
    Desk(Box<ToFront>),
    /// The desk service went away; it is being started again.
    LinkLost,
    /// It is back.
    LinkBack,
    /// The time asked for has come: nothing is asked for any more.
    Woke,
    /// This front end ends, whoever wants it: what the desk service does not
    /// have yet is said now.
    Ending,
}

/// Something a front end wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Say this to the desk service.
    Send(ToDesk),
    /// Wake me at this moment (monotonic); replaces the earlier wish.
    WakeAt(Option<Duration>),
    /// Draw everything anew.
    Repaint,
    /// End the program.
    Quit,
}

/// What a pane is given of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A command of the keymap.
    Command(Command),
    /// A character to be typed.
    Char(char),
    /// Pasted text, cleaned, line ends folded to spaces.
    Paste(String),
}

/// How a front end looks and listens.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// Keys to commands.
    pub keymap: Keymap,
    /// Roles to looks.
    pub theme: Theme,
    /// How wide the terminal draws ambiguous characters.
    pub ambiguous: Ambiguous,
    /// Draw rules and marks in ASCII, whatever the terminal says.
    pub ascii: bool,
    /// Lines are told instead of a screen drawn ([`super::plain`]).
    pub plain: bool,
    /// The terminal is to be asked how wide it draws.
    pub asks: bool,
    /// What has to be read first: it stands until a person puts it away.
    pub news: Option<String>,
}

/// A pane on the stack, and where it wanted to go while it was not on top:
/// an answer must not push itself before what the clerk is doing (DOM-67).
#[derive(Debug)]
struct Layer {
    pane: Pane,
    held: Option<Go>,
    /// What it had to say meanwhile.
    said: Option<(Tone, String)>,
}

impl Layer {
    fn new(pane: Pane) -> Self {
        Self {
            pane,
            held: None,
            said: None,
        }
    }
}

/// A front end.
#[derive(Debug)]
pub struct App {
    known: Known,
    stack: Vec<Layer>,
    message: Option<(Tone, String)>,
    /// The error that the pane of this layer said last.
    voiced: Option<(usize, String)>,
    /// What nobody has put away yet: on the message line whenever nothing else
    /// is.
    news: Option<String>,
    /// A sentence that goes by itself, and when (monotonic).
    fading: Option<(Duration, &'static str)>,
    size: (u16, u16),
    options: AppOptions,
    next_ticket: u64,
    open: BTreeMap<Ticket, patience::Asked>,
    /// Asked before the desk service answered for the first time.
    early: Vec<Effect>,
    /// The screen is blanked, since when (monotonic).
    blanked: Option<Duration>,
    asking: Option<Question>,
    /// Something was pressed that answers no question.
    unclear: bool,
    /// How far the list of notes put aside was turned.
    aside_page: usize,
    /// Forms that were left while their question was under way: they go on
    /// listening, and come back with the answer.
    aside: Vec<Layer>,
    /// Forms left with 戻る: opened again as they were.
    shelf: shelf::Shelf,
    /// An answer opened the top pane at this moment.
    surprised: Option<Duration>,
    patience: patience::Keeper,
    after_login: Option<Command>,
    /// Where a person was who has been logged out without asking for it.
    left: Option<(String, Place)>,
    /// The central system is back and a login is to be checked there.
    recheck: recheck::Keeper,
    /// The reading that the pane on top waits for.
    wish: Option<Ticket>,
    /// What was read waits for this form, which a question keeps closed.
    card_waits: Option<Place>,
    drafts: draft::Keeper,
    holds: holds::Keeper,
    activity: activity::Keeper,
    /// When it asked to be woken, as far as that still holds.
    wake: Option<Duration>,
}

impl App {
    /// Whether the terminal is to be asked how wide it draws.
    pub fn asks(&self) -> bool {
        self.options.asks
    }

    /// A front end before its first message.
    pub fn new(options: AppOptions) -> Self {
        Self {
            known: Known {
                keymap: options.keymap.clone(),
                room: screen::room((80, 24)),
                ambiguous: options.ambiguous,
                plain: options.plain,
                ..Known::default()
            },
            stack: vec![Layer::new(Pane::Login(Box::default()))],
            message: None,
            voiced: None,
            news: (options.news.as_deref()).map(wording::until_put_away),
            fading: None,
            size: (80, 24),
            options,
            next_ticket: 0,
            open: BTreeMap::new(),
            early: Vec::new(),
            blanked: None,
            asking: None,
            unclear: false,
            aside_page: 0,
            aside: Vec::new(),
            shelf: shelf::Shelf::default(),
            surprised: None,
            patience: patience::Keeper::default(),
            after_login: None,
            left: None,
            recheck: recheck::Keeper::default(),
            wish: None,
            card_waits: None,
            drafts: draft::Keeper::default(),
            holds: holds::Keeper::default(),
            activity: activity::Keeper::default(),
            wake: None,
        }
    }

    /// What to do first.
    pub fn start() -> Vec<Effect> {
        vec![Effect::Send(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })]
    }

    /// What is known of the world.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// Whether lines are told instead of a screen drawn.
    pub fn is_plain(&self) -> bool {
        self.options.plain
    }

    /// The screen's size as last told.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Says what is soon of no use any more.
    fn say_for_a_while(&mut self, now: Now, tone: Tone, text: &'static str) {
        self.fading = Some((now.mono + A_WHILE, text));
        self.say(tone, text);
    }

    fn fade(&mut self, now: Now) {
        let over = self.fading.filter(|(until, _)| *until <= now.mono);
        if let Some((_, text)) = over {
            self.fading = None;
            self.message.take_if(|(_, said)| said == text);
        }
    }

    fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.message = Some((tone, text.into()));
    }
}

/// Handles one message: the only way the state changes.
pub fn update(app: &mut App, now: Now, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Key(key) => app.key(now, key, &mut effects),
        Msg::Paste(text) => app.paste(now, &text, &mut effects),
        Msg::Garbled => app.garbled(now),
        Msg::Pasting => app.say_for_a_while(now, Tone::Hint, wording::PASTING),
        Msg::Resize { width, height } => {
            app.size = (width, height);
            app.known.room = screen::room(app.size);
            effects.push(Effect::Repaint);
        }
        Msg::Widths(widths) => {
            app.options.ambiguous = widths.ambiguous;
            app.known.ambiguous = widths.ambiguous;
            app.options.ascii |= widths.lines_differ;
        }
        Msg::Desk(message) => app.hear(now, &message, &mut effects),
        Msg::LinkLost => app.link_lost(now, &mut effects),
        Msg::LinkBack => {
            app.patience.greeted(now.mono);
            effects.extend(App::start());
        }
        Msg::Woke => app.woken(),
        Msg::Ending => app.drafts.hurry(),
    }
    app.settle(now, &mut effects);
    effects
}
