//! What another person may have done with the note meanwhile.

use super::{Purpose, State};
use crate::front::app::{Cx, Go, Tone};
use crate::front::panes::Pane;
use crate::front::wording::hold::{self, Anew};
use crate::link::message::{ToDesk, ToFront};

impl State {
    /// Somebody else had the note open: decided, perhaps. Whether that is
    /// looked up.
    pub fn freed(&mut self, cx: &mut Cx<'_>, why: Anew) -> bool {
        let Purpose::Note { id, .. } = &self.purpose else {
            return false;
        };
        let (ticket, id) = (cx.ticket(), id.clone());
        cx.send(ToDesk::OpenNote { ticket, id });
        self.anew = Some((ticket, why));
        true
    }

    /// The note as it is now, or that it could not be had.
    pub(super) fn renewed(&mut self, cx: &mut Cx<'_>, why: Anew, message: &ToFront) {
        self.anew = None;
        let note = match message {
            ToFront::Noted { note, .. } => note,
            ToFront::Failed { failure, .. } => {
                return cx.say(Tone::Error, failure.to_string());
            }
            _ => return,
        };
        let choice = Self::for_note(note);
        let same = (choice.as_ref())
            .is_some_and(|new| new.purpose == self.purpose && new.list == self.list);
        if let Some(text) = hold::anew(why, note, same, false) {
            cx.say(Tone::Warning, text);
        }
        match choice {
            Some(_) if same => {}
            Some(choice) => cx.go(Go::Replace(Pane::Candidates(Box::new(choice)))),
            None => cx.go(Go::Back),
        }
    }
}
