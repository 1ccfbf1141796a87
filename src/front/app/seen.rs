//! What somebody sees who looks over the clerk's shoulder: as much as a
//! recorder of tapes needs to know where a key goes.

use super::App;
use crate::domain::field::Field;
use crate::domain::reader::ReaderState;
use crate::domain::time::Period;
use std::time::Duration;

/// A look at a front end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The screen's name, without what it is about.
    pub title: String,
    /// A question stands over it.
    pub asking: bool,
    /// The screen is blanked.
    pub blanked: bool,
    /// The field that characters go into, and its name.
    pub field: Option<(Field, &'static str)>,
    /// The message line, where it is no hint. It may name a person.
    pub message: Option<String>,
    /// Somebody is logged in.
    pub staff: bool,
    /// The line is down; `None` while it is being found out.
    pub down: Option<bool>,
    /// The period of the outage function.
    pub period: Option<Period>,
    /// A card lies on the reader.
    pub card: bool,
    /// From when on (monotonic) a key can be meant for what an answer put
    /// there unexpectedly.
    pub readable: Option<Duration>,
}

impl App {
    /// What is to be seen now.
    pub fn seen(&self) -> Seen {
        let top = self.top();
        let title = top.title();
        let status = self.known.status.as_ref();
        Seen {
            title: title.split("  ").next().unwrap_or_default().to_owned(),
            asking: self.asking.is_some(),
            blanked: self.blanked.is_some(),
            field: if self.asking.is_some() {
                None
            } else {
                top.field()
            },
            message: self.message.as_ref().map(|(_, text)| text.clone()),
            staff: self.known.staff.is_some(),
            down: status.and_then(|s| {
                if s.line.down() {
                    Some(true)
                } else {
                    s.line.usable().then_some(false)
                }
            }),
            period: status.and_then(|s| s.period),
            card: status.is_some_and(|s| matches!(s.reader, ReaderState::CardPresent { .. })),
            readable: self.readable(),
        }
    }

    /// The name of the keymap.
    pub fn keymap_name(&self) -> &str {
        self.options.keymap.name()
    }
}
