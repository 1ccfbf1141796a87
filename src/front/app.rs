//! The state of a front end and the one function that changes it.

use super::keys::Keymap;
use super::keys::command::Command;
use super::keys::key::Key;
use super::panes::Pane;
use crate::domain::account::Staff;
use crate::domain::time::Now;
use crate::link::message::{Status, Ticket, ToDesk, ToFront, Welcome};
use std::time::Duration;

/// Something that happened to a front end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// A bracketed paste: text, never keys (SEC-36).
    Paste(String),
    /// The terminal's size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The desk service said something.
    Desk(Box<ToFront>),
    /// The desk service went away; it is being started again.
    LinkLost,
    /// It is back.
    LinkBack,
    /// The time asked for has come.
    Woke,
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

/// What panes may know of the world besides their own state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The desk, once it has answered.
    pub welcome: Option<Welcome>,
    /// What is true now.
    pub status: Option<Status>,
    /// Who is logged in here.
    pub staff: Option<Staff>,
    /// Whether the desk service is there.
    pub linked: bool,
    /// The keymap: texts that name a key take it from here
    /// ([`Keymap::fill`], [`Keymap::key_for`]).
    pub keymap: Keymap,
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

/// How urgent a message on the message line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What to do next.
    Hint,
    /// Something succeeded.
    Good,
    /// Something to look at.
    Warning,
    /// Something went wrong; stays until solved or acknowledged.
    Error,
}

/// Where to go.
#[derive(Debug)]
pub enum Go {
    /// Open on top.
    Push(Pane),
    /// Open instead of the present pane.
    Replace(Pane),
    /// Back to the pane before.
    Back,
    /// Back to the menu, closing all above it.
    Menu,
}

/// What a pane can do while it handles something.
pub struct Cx<'a> {
    /// The present moment.
    pub now: Now,
    /// What is known of the world.
    pub known: &'a Known,
    pub(super) next_ticket: &'a mut u64,
    pub(super) effects: &'a mut Vec<Effect>,
    pub(super) go: &'a mut Option<Go>,
    pub(super) message: &'a mut Option<(Tone, String)>,
}

impl Cx<'_> {
    /// A new ticket.
    pub fn ticket(&mut self) -> Ticket {
        *self.next_ticket += 1;
        Ticket(*self.next_ticket)
    }

    /// Says something to the desk service.
    pub fn send(&mut self, message: ToDesk) {
        self.effects.push(Effect::Send(message));
    }

    /// Goes somewhere when the pane is done.
    pub fn go(&mut self, to: Go) {
        *self.go = Some(to);
    }

    /// Puts a sentence on the message line.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        *self.message = Some((tone, text.into()));
    }
}
