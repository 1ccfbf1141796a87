//! The rungs of the ladder and the share: choosing one, and where it leads.

use super::{CHOOSE_SHARE, Rung, Stage, State, rules};
use crate::domain::age::Burden;
use crate::domain::evidence::Evidence;
use crate::domain::field::Field;
use crate::front::app::{Cx, Go, Known, Tone};
use crate::front::keys::command::Command;
use crate::front::panes::{Pane, declaration};

/// 見せたもの where nothing was shown.
const NOTHING: &str = "なし";

impl State {
    pub(super) fn digit(&mut self, cx: &mut Cx<'_>, c: char) {
        let Some(digit) = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) else {
            return;
        };
        cx.hush();
        if self.stage == Stage::Share {
            let choices = self.burden().map_or(&[][..], Burden::choices);
            if digit == 0 || choices.contains(&digit) {
                self.share = (digit > 0).then_some(digit);
                self.stage = Stage::Rungs;
                return self.go_further(cx);
            }
            return cx.say(Tone::Warning, CHOOSE_SHARE);
        }
        let Some(rules) = rules(cx.known) else {
            return;
        };
        let rung = match usize::from(digit) {
            0 => Rung::Nothing,
            n if n <= rules.evidence.len() => Rung::At(n - 1),
            _ => return,
        };
        self.rung = rung;
        self.page = 0;
        self.chosen(cx);
    }

    pub(super) fn moved(&mut self, cx: &mut Cx<'_>, command: Command) {
        let count = rules(cx.known).map_or(0, |rules| rules.evidence.len());
        let at = match &self.rung {
            Rung::None => None,
            Rung::At(at) => Some(*at),
            Rung::Nothing => Some(count),
        };
        let to = match (command, at) {
            (Command::Up | Command::Previous, None | Some(0)) => {
                self.stage = Stage::Dates;
                return;
            }
            (Command::Up | Command::Previous, Some(at)) => at - 1,
            (Command::Down, None) | (Command::Home, _) => 0,
            (Command::Down, Some(at)) => (at + 1).min(count),
            (Command::End, _) => count,
            _ => return,
        };
        cx.hush();
        self.page = 0;
        self.rung = if to == count {
            Rung::Nothing
        } else {
            Rung::At(to)
        };
    }

    /// A digit chose: on to what is still open, the declaration at once.
    fn chosen(&mut self, cx: &mut Cx<'_>) {
        let Some(evidence) = self.picked(cx.known) else {
            return;
        };
        let standing = evidence.standing(self.visit());
        if !standing.holds() {
            let text = format!("{}: {}", evidence.label, standing.remark());
            return cx.say(Tone::Warning, text);
        }
        if evidence.declares {
            return self.go_on(cx);
        }
        if self.ratio().is_none() && self.burden().is_some() {
            self.stage = Stage::Share;
        }
    }

    pub(super) fn picked<'a>(&self, known: &'a Known) -> Option<&'a Evidence> {
        match &self.rung {
            Rung::At(at) => rules(known)?.evidence.get(*at),
            Rung::None | Rung::Nothing => None,
        }
    }

    pub(super) fn go_on(&mut self, cx: &mut Cx<'_>) {
        if self.rung == Rung::None {
            return cx.say(Tone::Hint, "見せてもらったものの番号を押してください。");
        }
        if !self.dates_stand(cx) {
            return;
        }
        let declares = self.picked(cx.known).is_some_and(|e| e.declares);
        let open = self.burden().is_some() && self.ratio().is_none();
        if open && !declares {
            self.stage = Stage::Share;
            return;
        }
        self.go_further(cx);
    }

    /// To the declaration, or to the note.
    fn go_further(&mut self, cx: &mut Cx<'_>) {
        if !self.dates_stand(cx) {
            return;
        }
        let (label, declares) = match self.picked(cx.known) {
            Some(evidence) => (evidence.label.clone(), evidence.declares),
            None => (NOTHING.to_owned(), false),
        };
        let mut values = self.carried(&self.values);
        if !declares {
            // The declaration says so itself, once it is handed on.
            values.set(Field::Evidence, &label);
        }
        if let Some(ratio) = self.ratio() {
            values.set(Field::Burden, &format!("{ratio}割"));
        }
        cx.hush();
        if declares {
            let next = declaration::State::of(self.today, &values, self.replaces.clone());
            cx.go(Go::Push(Pane::Declaration(Box::new(next))));
        } else {
            self.left = true;
            let replaces = self.replaces.clone();
            cx.go(Go::Hand { values, replaces });
        }
    }
}
