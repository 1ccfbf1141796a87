//! What a person decides here: whether one of the last tries is used, and what
//! becomes of what was read.

use super::offer::{Doubt, Notes, Offer};
use super::{State, Step};
use crate::domain::note::Note;
use crate::front::app::{Cx, Go, Input, Tone};
use crate::front::keys::command::Command;
use crate::front::panes::{Pane, Place, candidates, case, note, result};
use crate::front::wording::{self, card};
use crate::link::message::ToDesk;
use crate::text::fold;

impl State {
    /// To the question whether one of the last tries shall be used.
    pub(super) fn answer(&mut self, cx: &mut Cx<'_>, input: &Input) {
        match input {
            Input::Char('1') | Input::Command(Command::Submit) => {
                let step = std::mem::take(&mut self.step);
                if let Step::Few {
                    wish,
                    presence,
                    left,
                    ..
                } = step
                {
                    cx.hush();
                    self.ask(cx, wish, Some(presence), Some(left));
                }
            }
            Input::Command(Command::Next) => {
                let keys = format!("{}{}", wording::DECIDES_NOTHING, wording::YES_OR_NO);
                cx.say(Tone::Warning, keys);
            }
            Input::Char('0' | '2')
            | Input::Command(Command::Back | Command::Leave | Command::Backspace) => {
                self.step = Step::Typing;
                cx.say(Tone::Hint, "試しませんでした。回数は減っていません。");
            }
            _ => {}
        }
    }

    /// To the question whether another patient's card takes the place of what
    /// stands in the form, or whether it is the same patient's.
    pub(super) fn exchange(&mut self, cx: &mut Cx<'_>, input: &Input) {
        let Step::Offer(offer) = &mut self.step else {
            return;
        };
        match input {
            Input::Char('1') | Input::Command(Command::Submit) => {
                cx.hush();
                cx.go(Go::TakeOver(offer.taken()));
            }
            Input::Command(Command::Next) => {
                let keys = format!("{}{}", wording::DECIDES_NOTHING, offer.question());
                cx.say(Tone::Warning, keys);
            }
            Input::Char('0' | '2') if !offer.swaps() => {
                let today = cx.now.today();
                offer.is_another(self.below.as_ref(), today);
                cx.say(Tone::Hint, card::AS_ANOTHER);
            }
            Input::Char('0' | '2')
            | Input::Command(Command::Back | Command::Leave | Command::Backspace) => {
                offer.asks = false;
                cx.say(Tone::Hint, card::NOT_EXCHANGED);
            }
            _ => {}
        }
    }

    /// What becomes of the offer.
    pub(super) fn choose(&mut self, cx: &mut Cx<'_>, input: &Input) {
        if let Input::Command(command) = input {
            let rows = self.offered_rows(cx.known);
            let (_, height) = cx.known.room;
            self.scroll.moved(*command, rows, height);
        }
        let Step::Offer(offer) = &mut self.step else {
            return;
        };
        let digit = match input {
            Input::Char(c) => fold::narrow_char(*c).to_digit(10),
            _ => None,
        };
        match (input, self.below.as_ref().map(|below| below.place)) {
            (Input::Command(Command::Next), Some(_)) => cx.say(Tone::Warning, card::F12_TAKES),
            (Input::Command(Command::Submit), Some(_)) => {
                let taken = offer.taken();
                if taken.fields.is_empty() {
                    cx.say(Tone::Warning, "取り込むものがありません。");
                } else if offer.in_question() {
                    offer.asks = true;
                    cx.hush();
                } else {
                    cx.go(Go::TakeOver(taken));
                }
            }
            (Input::Command(Command::Submit | Command::Next), None) => {
                cx.say(Tone::Hint, wording::BY_NUMBER);
            }
            (Input::Char(_), None) => match digit {
                Some(1) => cx.go(Go::CardInto(Place::Note)),
                Some(2) => cx.go(Go::CardInto(Place::Outage)),
                Some(3) => cx.go(Go::CardInto(Place::Lookup)),
                _ => {}
            },
            (Input::Char(_), Some(Place::Lookup)) => {
                if let (Some(n), Notes::Found(rows)) = (digit, &offer.notes)
                    && let Some(row) = (n as usize).checked_sub(1).and_then(|n| rows.get(n))
                {
                    let (ticket, id) = (cx.ticket(), row.id.clone());
                    cx.send(ToDesk::OpenNote { ticket, id });
                    self.opening = Some(ticket);
                }
            }
            (Input::Char('1'..='4' | '１'..='４'), Some(_)) if offer.swaps() => {
                cx.say(Tone::Warning, card::ALL_OR_NONE);
            }
            (Input::Char(_), Some(_)) if offer.swaps() => {}
            (Input::Char(_), Some(_)) if digit.is_some_and(|n| offer.toggle(n as usize)) => {
                cx.hush();
            }
            _ => {}
        }
    }
}

impl Offer {
    /// What is asked before it goes over, and how it is answered.
    pub(super) fn question(&self) -> String {
        match (self.doubt, &self.corrects) {
            (Doubt::Another, Some(id)) => {
                format!("{}{}", card::begins_anew(id), wording::YES_OR_NO)
            }
            (Doubt::Another, None) => format!("{}{}", card::EXCHANGE, wording::YES_OR_NO),
            (Doubt::Name, _) => card::SAME_PERSON.to_owned(),
            (Doubt::None, _) => card::SAME_OWNER.to_owned(),
        }
    }
}

/// A note leads to its answer, its candidates or its ways on; another one to
/// its correction.
pub(super) fn show(cx: &mut Cx<'_>, note: &Note) {
    let pane = if let Some(result) = result::State::of_note(note) {
        Pane::Result(Box::new(result))
    } else if let Some(choice) = candidates::State::for_note(note) {
        Pane::Candidates(Box::new(choice))
    } else if let Some(case) = case::State::new(note) {
        Pane::Case(Box::new(case))
    } else if note.state.closed() {
        let text = format!("控え {}: {}", note.id, note.state.label());
        return cx.say(Tone::Warning, text);
    } else {
        Pane::Note(Box::new(note::State::edit(note)))
    };
    cx.go(Go::Push(pane));
}
