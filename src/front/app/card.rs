//! The card and the stack of panes: which form a card is read for, what goes
//! over to it, what is said when a card is put down, and the end of a reading
//! that nobody waits for any more.

use super::question::Question;
use super::{App, Effect, Tone};
use crate::domain::account::Right;
use crate::domain::field::Field;
use crate::domain::reader::ReaderState;
use crate::domain::time::Now;
use crate::front::panes::card::{self, FromCard};
use crate::front::panes::{Pane, Place};
use crate::front::wording;
use crate::link::message::{Status, ToDesk};

impl App {
    /// The card pane on top learns which form lies below it.
    pub(super) fn lay_card_over(&mut self, now: Now) {
        let [.., below, top] = self.stack.as_mut_slice() else {
            return;
        };
        if let Pane::Card(state) = &mut top.pane {
            state.lies_over(below.pane.for_card(), now.today());
        }
    }

    /// Closes the card pane; what was read goes to the form below.
    pub(super) fn take_over(&mut self, now: Now, from: &FromCard, effects: &mut Vec<Effect>) {
        if self.stack.len() > 1 && matches!(self.top(), Pane::Card(_)) {
            self.stack.pop();
        }
        self.opened(now, effects);
        self.with_top(now, effects, |pane, cx| pane.take_card(cx, from));
    }

    /// Opens a form for what was read. One that holds something there already
    /// is shown beside it first.
    pub(super) fn card_into(&mut self, now: Now, place: Place, effects: &mut Vec<Effect>) {
        self.open(now, place.command(), effects);
        if matches!(self.asking, Some(Question::PutAside { .. })) {
            self.card_waits = Some(place);
        } else {
            self.card_onto(now, place, effects);
        }
    }

    /// The form is open: what was read goes into it, or beside what it holds.
    pub(super) fn card_onto(&mut self, now: Now, place: Place, effects: &mut Vec<Effect>) {
        if self.top().place() != Some(place) {
            return;
        }
        let Some(at) = self
            .stack
            .iter()
            .position(|layer| matches!(layer.pane, Pane::Card(_)))
        else {
            return;
        };
        let mut layer = self.stack.remove(at);
        let form = self.top().for_card();
        let from = if let Pane::Card(state) = &mut layer.pane {
            state.lies_over(form, now.today());
            state.fitting()
        } else {
            None
        };
        if let Some(from) = from {
            self.with_top(now, effects, |pane, cx| pane.take_card(cx, &from));
        } else {
            self.stack.push(layer);
            // What was said of the form is for its own keys.
            self.message = None;
            self.opened(now, effects);
        }
    }

    /// A card that has something to be told is told of once; a reader that
    /// went away, too (DOM-83, DOM-85, DOM-86).
    pub(super) fn reader_heard(&mut self, before: Option<&Status>) {
        let Some(state) = self.known.status.as_ref().map(|status| &status.reader) else {
            return;
        };
        let told = |state: &ReaderState| match state {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => {
                let certificate = || wording::card::standing(glance);
                let said = wording::card::advice(state).or_else(certificate);
                said.map(|said| (Some(glance.presence), said))
            }
            // A desk without a reader is not told of it all day.
            ReaderState::NoReader | ReaderState::NoService => {
                wording::card::advice(state).map(|said| (None, said))
            }
            _ => None,
        };
        let had = before.map(|status| &status.reader);
        let lost = matches!(
            had,
            Some(ReaderState::Waiting { .. } | ReaderState::CardPresent { .. })
        );
        let (old, news) = (had.and_then(told), told(state));
        let lies = |state: &ReaderState| match state {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => Some(glance.presence),
            _ => None,
        };
        let another = lies(state).is_some() && had.and_then(lies) != lies(state);
        if old == news && !another {
            return;
        }
        // What was said of the card before is not true of this one.
        if let Some((_, was)) = old {
            self.unsay(|_, said| *said == was);
        }
        if another && matches!(self.top(), Pane::Card(_)) {
            self.unsay(|tone, _| tone == Tone::Error);
        }
        let Some((presence, said)) = news else {
            return;
        };
        let error = matches!(self.message, Some((Tone::Error, _)));
        if self.known.staff.is_some() && !error && (presence.is_some() || lost) {
            self.say(Tone::Warning, said);
        }
    }

    /// Takes back what was said, on the screen or for a pane that is covered.
    fn unsay(&mut self, which: impl Fn(Tone, &String) -> bool) {
        let layers = self.stack.iter_mut().chain(&mut self.aside);
        let held = layers.map(|layer| &mut layer.said);
        for said in held.chain(std::iter::once(&mut self.message)) {
            said.take_if(|(tone, text)| which(*tone, text));
        }
    }

    /// A form's hint, and that a card lies there that could fill it in.
    /// Nothing is read before that key and the card's own (DOM-46).
    pub(super) fn card_offer(&self, hint: String) -> String {
        let offers = self.known.staff.is_some()
            && self.allowed(Right::Ledger)
            && card::readable(&self.known)
            && self.top().wants_card();
        let Some(form) = self.top().for_card().filter(|_| offers) else {
            return hint;
        };
        // In an empty form it is the first thing to do, and has the line.
        let typed = [Field::Name, Field::Kana, Field::BirthDate, Field::Number];
        if typed.iter().all(|field| form.values.get(*field).is_empty()) {
            wording::card::THERE.to_owned()
        } else {
            hint + " " + wording::card::THERE
        }
    }

    /// A reading whose pane was left or covered ends.
    pub(super) fn mind_card(&mut self, effects: &mut Vec<Effect>) {
        let wish = self.top().wish();
        if let Some(before) = self.wish
            && wish != Some(before)
            && self.open.remove(&before).is_some()
            && self.known.linked
            && self.known.staff.is_some()
        {
            effects.push(Effect::Send(ToDesk::DropCard));
        }
        self.wish = wish;
    }
}
