//! What is being typed goes to the desk service at most 150 ms behind the
//! keys, and at once when the clerk moves to another field, so that a dropped
//! line loses nothing (DOM-53, QG-46).

use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::link::message::ToDesk;
use std::time::Duration;

const BEHIND: Duration = Duration::from_millis(150);

/// The draft as the desk has it, and when it gets the next one.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    sent: Option<Draft>,
    due: Option<Duration>,
    focus: Option<Field>,
}

impl Keeper {
    /// The desk has none, or another person's: begin anew.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The desk has this one already.
    pub(super) fn known(&mut self, draft: Option<Draft>) {
        self.sent = draft;
        self.due = None;
    }

    /// When something has to be sent, if nothing happens before.
    pub(super) fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Waits no longer.
    pub(super) fn hurry(&mut self) {
        self.due = Some(Duration::ZERO);
    }

    /// Sends now whatever is not sent yet.
    pub(super) fn flush(&mut self, current: Option<Draft>) -> Option<ToDesk> {
        self.due = None;
        if current == self.sent {
            return None;
        }
        self.sent.clone_from(&current);
        Some(current.map_or(ToDesk::DropDraft, ToDesk::Draft))
    }

    /// Compares what is on the screen with what the desk has.
    pub(super) fn tick(&mut self, now: Duration, current: Option<Draft>) -> Option<ToDesk> {
        let focus = current.as_ref().and_then(|draft| draft.focus);
        let before = std::mem::replace(&mut self.focus, focus);
        if current == self.sent {
            self.due = None;
            return None;
        }
        let moved = current.is_none() || before.is_some() && before != focus;
        let due = *self.due.get_or_insert(now + BEHIND);
        (moved || now >= due).then(|| self.flush(current)).flatten()
    }
}
