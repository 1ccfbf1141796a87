//! クリア in panes that hold all of a patient: what stood there can be taken
//! back, until the pane is left.

use crate::domain::form::Values;
use crate::front::app::{Cx, Tone};
use crate::front::form::Form;
use crate::front::wording;

/// What stood in a pane before クリア.
#[derive(Debug)]
pub(super) struct Cleared<T>(Option<Box<T>>);

impl<T> Default for Cleared<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Cleared<T> {
    /// Whether there is something to be taken back.
    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

/// A pane whose content goes as a whole.
pub(super) trait Clear: Sized {
    /// Whether it holds nothing of anybody.
    fn is_empty(&self) -> bool;

    /// Where it keeps what stood there before.
    fn cleared(&mut self) -> &mut Cleared<Self>;

    /// All goes, and `fresh` stands in its place; what was empty is not kept.
    fn clear(&mut self, fresh: Self, cx: &mut Cx<'_>) {
        let mut before = std::mem::replace(self, fresh);
        let earlier = std::mem::take(before.cleared());
        if before.is_empty() {
            *self.cleared() = earlier;
            return cx.hush();
        }
        *self.cleared() = Cleared(Some(Box::new(before)));
        cx.say(Tone::Hint, wording::cleared(&cx.known.keymap));
    }

    /// What was typed since is kept in its place, if anything was.
    fn take_back(&mut self) {
        if let Some(before) = self.cleared().0.take() {
            let since = std::mem::replace(self, *before);
            *self.cleared() = Cleared((!since.is_empty()).then(|| Box::new(since)));
        }
    }
}

/// Whether neither the form nor what came along says anything.
pub(super) fn says_nothing(form: &Form, along: &Values) -> bool {
    form.is_pristine() && along.fields().values().all(String::is_empty)
}

/// A pane below must not keep the earlier patient's beside what comes.
pub(super) fn emptied(values: &Values) -> Values {
    let mut empty = Values::default();
    for field in values.fields().keys() {
        empty.set(*field, "");
    }
    empty
}
