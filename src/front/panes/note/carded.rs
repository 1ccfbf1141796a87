//! What a note takes over from a card.

use super::State;
use crate::domain::field::Field;
use crate::front::app::{Cx, Tone};
use crate::front::panes::card::FromCard;
use crate::front::wording;
use std::collections::BTreeSet;

impl State {
    /// Whether a card could fill something in.
    pub fn wants_card(&self) -> bool {
        !self.saving() && self.form.from_card().is_empty()
    }

    /// Takes over what was read from a card. There is no kana on it.
    pub fn take_card(&mut self, cx: &mut Cx<'_>, from: &FromCard) {
        if self.saving() {
            return;
        }
        for (field, text) in &from.fields {
            self.form.take(*field, text);
        }
        self.card = Some(from.presence);
        self.cleared = None;
        if self.form.text(Field::Kana).is_empty() {
            self.form.focus_on(Field::Kana);
        } else {
            self.focus_first_gap();
        }
        cx.say(Tone::Good, wording::card::taken(&from.fields));
    }

    /// These fields stand as the card had them.
    pub fn mark_from_card(&mut self, fields: &BTreeSet<Field>) {
        self.form.mark_from_card(fields);
    }
}
