//! Which field has the focus: for whoever writes down what is typed and must
//! know what it is (the recorder of tapes).

use super::Pane;
use crate::domain::field::Field;

impl Pane {
    /// The field that characters go into while [`Pane::typing`], and for a key
    /// to a card which one.
    pub fn field(&self) -> Option<(Field, &'static str)> {
        let field = match self {
            Self::Login(state) => state.field(),
            Self::Lookup(state) => state.field(),
            Self::Note(state) => state.field(),
            Self::Outage(state) => state.field(),
            Self::Declaration(state) => state.field(),
            Self::Ladder(state) => state.field(),
            Self::Ledger(state) => state.field(),
            Self::Settling(state) => state.field(),
            Self::Result(_) => Field::Reference,
            Self::Card(state) => return self.typing().then(|| state.field()),
            Self::Menu(_)
            | Self::Case(_)
            | Self::Candidates(_)
            | Self::Notices(_)
            | Self::Locks(_)
            | Self::Help(_)
            | Self::Paper(_)
            | Self::Opening(_)
            | Self::Cards(_) => return None,
        };
        self.typing().then(|| (field, field.label()))
    }
}
