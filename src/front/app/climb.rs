//! Up the ladder and back: what was typed goes along.

use super::question::Question;
use super::{App, Effect, Go, Layer};
use crate::domain::account::Right;
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::panes::{Pane, Place, ladder, note};

impl App {
    /// What was typed on the ladder stays with the pane it came from.
    pub(super) fn give_back(&mut self) {
        let [.., below, top] = self.stack.as_mut_slice() else {
            return;
        };
        let mut replaces = None;
        let Some(values) = (match &mut top.pane {
            Pane::Declaration(state) => {
                replaces = state.replaced();
                state.give_back()
            }
            Pane::Ladder(state) => {
                let same = |note: &note::State| note.corrects() == state.corrects();
                let to_note = matches!(&below.pane, Pane::Note(note) if same(note));
                state.give_back(to_note)
            }
            _ => None,
        }) else {
            return;
        };
        match &mut below.pane {
            Pane::Ladder(state) => state.receive(&values, replaces),
            Pane::Note(state) => state.receive(&values),
            _ => {}
        }
    }

    /// From the ladder to the note.
    pub(super) fn hand(
        &mut self,
        now: Now,
        values: &Values,
        replaces: Option<(NoteId, u32)>,
        effects: &mut Vec<Effect>,
    ) {
        let below = self.below_ladder();
        let id = replaces.as_ref().map(|(id, _)| id);
        if let Some(Layer {
            pane: Pane::Note(note),
            ..
        }) = self.stack.get_mut(below - 1)
            && note.corrects() == id
        {
            note.receive(values);
            self.stack.truncate(below);
            return self.opened(now, effects);
        }
        let new = replaces.is_none();
        let mut note = match replaces {
            Some(replaces) => {
                // What was put aside of it is older than what comes here.
                self.shelf.take_correction(&replaces.0);
                note::State::corrected(now.today(), values, replaces)
            }
            None => note::State::from_closed(now.today(), values),
        };
        // What the form below had from a card and still is so.
        let forms = self.stack.iter().take(below).rev();
        if let Some(form) = forms.clone().find_map(|l| l.pane.for_card()) {
            let mut carded = form.carded;
            carded
                .fields
                .retain(|field| values.get(*field) == form.values.get(*field));
            note.carry_marks(&carded);
        }
        let pane = Pane::Note(Box::new(note));
        if new && !self.shelf.notes().is_empty() {
            // Until that is answered, what was typed stands where it was typed.
            for layer in self.stack.iter_mut().skip(below) {
                layer.pane.stay();
            }
            return self.question(Question::PutAside {
                fresh: Box::new(pane),
                handed: true,
            });
        }
        self.stack.truncate(below);
        self.place_on_top(now, pane, effects);
    }

    /// How many layers lie below the ladder's panes.
    fn below_ladder(&self) -> usize {
        let ladder = |layer: &&Layer| matches!(layer.pane, Pane::Ladder(_) | Pane::Declaration(_));
        let above = self.stack.iter().rev().take_while(ladder).count();
        (self.stack.len() - above).max(1)
    }

    /// The ladder's panes go: a note holds what they held.
    pub(super) fn close_ladder(&mut self) {
        self.stack.truncate(self.below_ladder());
    }

    /// The ladder, with what the panes here hold of the patient. One that was
    /// left half-way goes on.
    pub(super) fn climb(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.allowed(Right::Ledger) {
            return self.apply(now, Go::Open(Command::Ladder), effects);
        }
        let mut below = self.stack.iter().rev();
        let Some((mut values, replaces)) = below.find_map(|layer| layer.pane.carry()) else {
            return self.apply(now, Go::Open(Command::Ladder), effects);
        };
        if let Pane::Result(result) = self.top() {
            result.complete(&mut values);
        }
        if let Some(draft) = self.shelf.take(Place::Ladder) {
            let left = Values::new(draft.fields.clone());
            let same = |field| left.get(field) == values.get(field);
            if same(Field::Name) && same(Field::BirthDate) && same(Field::Number) {
                values = left;
            } else {
                self.shelf.put(draft);
            }
        }
        let ladder = ladder::State::of(now.today(), values, replaces);
        self.place_on_top(now, Pane::Ladder(Box::new(ladder)), effects);
    }
}
