//! What a note takes over from a card.

use super::State;
use crate::domain::form::Values;
use crate::front::app::Cx;
use crate::front::form::Carded;
use crate::front::panes::card::FromCard;

impl State {
    /// Whether a card could fill something in.
    pub fn wants_card(&self) -> bool {
        !self.saving() && self.form.from_card().is_empty()
    }

    /// Takes over what was read from a card; can be taken back until the note
    /// is kept.
    pub fn take_card(&mut self, cx: &mut Cx<'_>, from: &FromCard) {
        if self.saving() {
            return;
        }
        self.cleared = Some(Box::new((self.form.clone(), self.declared.clone())));
        if from.swaps {
            self.declared = Values::default();
            // What the form below handed over is no longer what is kept here.
            self.took_over = false;
        }
        from.fill(cx, &mut self.form);
    }

    /// What stands here as a card had it.
    pub fn carded(&self) -> Carded {
        self.form.carded()
    }

    /// What was handed over stands as the card had it there.
    pub fn carry_marks(&mut self, carded: &Carded) {
        self.form.carry_marks(carded);
    }
}
