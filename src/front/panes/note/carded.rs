//! What a note takes over from a card.

use super::State;
use super::fields::form;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::front::app::{Cx, Tone};
use crate::front::form::Carded;
use crate::front::panes::card::FromCard;
use crate::front::wording::card;
use jiff::civil::Date;

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
        self.cleared = Some(Box::new(self.before()));
        if !from.swaps {
            return from.fill(cx, &mut self.form);
        }
        let left = self.begin_anew(cx.now.today());
        self.declared = Values::default();
        // What the form below handed over is no longer what is kept here.
        self.took_over = false;
        from.fill(cx, &mut self.form);
        if let Some(id) = left {
            cx.say(Tone::Warning, card::began_anew(&id, &cx.known.keymap));
        }
    }

    /// The note that is corrected, and what it holds.
    pub fn stored(&self) -> Option<(NoteId, Values)> {
        Some((self.corrects()?.clone(), self.opened_with.clone()))
    }

    /// A correction ends without having changed its note, and the form is that
    /// of a new one.
    fn begin_anew(&mut self, today: Date) -> Option<NoteId> {
        let (id, _) = self.replaces.take()?;
        self.form = form(today);
        self.opened_with = self.form.values();
        self.opened_declared = Values::default();
        self.reading = None;
        self.unread = false;
        self.handed = false;
        Some(id)
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
