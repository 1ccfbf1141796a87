//! What a pane can do while it handles something: ask, say, and go elsewhere.

use super::{Effect, Known};
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::panes::card::FromCard;
use crate::front::panes::{Pane, Place};
use crate::link::message::{Ticket, ToDesk};

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
    /// Back to the form the answer came from, emptied (OUT-57).
    NextPatient,
    /// What a key of that meaning would open (Note, Lookup, Ledger …).
    Open(Command),
    /// Close this pane: what it held is kept elsewhere now. A form below that
    /// handed its content over starts anew.
    Finished,
    /// Close the ladder and what stands on it: what they hold goes to the note
    /// below, or to a new one.
    Hand {
        /// All texts.
        values: Values,
        /// The correction they belong to.
        replaces: Option<(NoteId, u32)>,
    },
    /// Close the card pane: what was read goes to the form below.
    TakeOver(FromCard),
    /// Open a form for what was read.
    CardInto(Place),
    /// Log out, then offer the login; after it, open this (OUT-12).
    Relogin(Command),
}

/// What a pane can do while it handles something.
pub struct Cx<'a> {
    /// The present moment.
    pub now: Now,
    /// What is known of the world.
    pub known: &'a Known,
    pub(in crate::front) next_ticket: &'a mut u64,
    pub(in crate::front) effects: &'a mut Vec<Effect>,
    pub(in crate::front) go: &'a mut Option<Go>,
    pub(in crate::front) message: &'a mut Option<(Tone, String)>,
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

    /// Whether an error stands on the message line.
    pub fn shows_error(&self) -> bool {
        matches!(self.message, Some((Tone::Error, _)))
    }

    /// Takes the sentence off the message line.
    pub fn hush(&mut self) {
        // What is said of bytes goes by itself: they come with letters.
        self.message
            .take_if(|(_, text)| text != crate::front::wording::GARBLED);
    }

    /// What was wrong with a field is being put right: its sentence goes.
    pub fn mended(&mut self, field: Field) {
        let of =
            |text: &str| (text.strip_prefix(field.label())).is_some_and(|t| t.starts_with(": "));
        self.message.take_if(|(_, text)| of(text));
    }
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
