//! What a pane holds of a patient: what is typed and nowhere else, what other
//! panes take along from it, and when it starts anew.

use super::{Pane, lookup, note, outage};
use crate::domain::draft::Draft;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::front::app::Cx;

impl Pane {
    /// Whether patients are typed in here.
    pub fn is_form(&self) -> bool {
        matches!(self, Self::Lookup(_) | Self::Note(_) | Self::Outage(_))
    }

    /// Whether it holds something typed that is nowhere else.
    pub fn begun(&self) -> bool {
        match self {
            Self::Note(state) => state.begun(),
            _ => self.draft().is_some(),
        }
    }

    /// What it handed over was not taken: it goes on holding it.
    pub fn stay(&mut self) {
        match self {
            Self::Ladder(state) => state.stay(),
            Self::Declaration(state) => state.stay(),
            _ => {}
        }
    }

    /// Whether やめる would throw something typed away.
    pub fn leaving_loses(&self) -> bool {
        let busy = match self {
            Self::Note(state) => state.saving(),
            Self::Lookup(state) => state.asking() || state.failed(),
            _ => self.asking(),
        };
        !busy && self.begun()
    }

    /// Whether it took over what the form below holds.
    pub fn took_over(&self) -> bool {
        matches!(self, Self::Note(state) if state.took_over())
    }

    /// What is being typed, if anything is.
    pub fn draft(&self) -> Option<Draft> {
        match self {
            Self::Lookup(state) => state.draft(),
            Self::Note(state) => state.draft(),
            Self::Outage(state) => state.draft(),
            Self::Ladder(state) => state.draft(),
            Self::Declaration(state) => state.draft(),
            _ => None,
        }
    }

    /// What the ladder takes along from here: all texts, and the correction
    /// they belong to.
    pub fn carry(&self) -> Option<(Values, Option<(NoteId, u32)>)> {
        match self {
            Self::Lookup(state) => Some((state.values(), None)),
            Self::Outage(state) => Some((state.values(), None)),
            Self::Note(state) => Some((state.values(), state.replaced())),
            _ => None,
        }
    }

    /// The pane above kept what this form handed to it: it starts anew.
    pub fn finished_above(&mut self, cx: &mut Cx<'_>) {
        if self.draft().is_some() {
            self.next_patient(cx);
        }
    }

    /// Emptied for the next patient (OUT-57).
    pub fn next_patient(&mut self, cx: &mut Cx<'_>) {
        let today = cx.now.today();
        match self {
            Self::Lookup(state) => **state = lookup::State::new(today),
            Self::Note(state) => **state = note::State::new(today),
            Self::Outage(state) => **state = outage::State::new(today),
            _ => {}
        }
    }
}
