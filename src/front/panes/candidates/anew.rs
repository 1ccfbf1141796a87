//! What another person may have done with the note meanwhile.

use super::{Purpose, State};
use crate::domain::note::Note;
use crate::front::app::{Cx, Go, Tone};
use crate::front::panes::Pane;
use crate::front::wording;
use crate::link::message::ToDesk;

impl State {
    /// Somebody else had the note open, and has let it go: decided, perhaps.
    /// Whether that is looked up.
    pub fn freed(&mut self, cx: &mut Cx<'_>) -> bool {
        let Purpose::Note { id, .. } = &self.purpose else {
            return false;
        };
        let (ticket, id) = (cx.ticket(), id.clone());
        cx.send(ToDesk::OpenNote { ticket, id });
        self.anew = Some(ticket);
        true
    }

    /// The note as it is now, or that it could not be had.
    pub(super) fn renewed(&mut self, cx: &mut Cx<'_>, note: Option<&Note>) {
        self.anew = None;
        let Purpose::Note { id, .. } = &self.purpose else {
            return;
        };
        let choice = note.map(Self::for_note);
        let same = |choice: &Self| choice.purpose == self.purpose && choice.list == self.list;
        match (note, choice) {
            (Some(note), Some(Some(choice))) if !same(&choice) => {
                cx.say(Tone::Warning, wording::hold::moved_on(note));
                cx.go(Go::Replace(Pane::Candidates(Box::new(choice))));
            }
            (Some(note), Some(None)) => {
                cx.say(Tone::Warning, wording::hold::moved_on(note));
                cx.go(Go::Back);
            }
            _ => cx.say(Tone::Warning, wording::hold::free(id)),
        }
    }
}
