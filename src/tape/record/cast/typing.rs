//! Texts: masked, and typed with the keys they were typed with.

use super::Writer;
use crate::domain::field::Field;
use crate::tape::record::{Event, Op, Zeroed, letters, text};
use zeroize::Zeroizing;

/// More characters in a row are no choice from a list.
const LONGEST_CHOICE: usize = 2;

impl Writer {
    /// The masked value, typed with the same keys: what was erased again too.
    pub(super) fn visit(&mut self, field: Field, in_card: bool, ops: &Zeroed) {
        // Which characters stay.
        let mut staying: Vec<usize> = Vec::new();
        for (at, op) in ops.0.iter().enumerate() {
            match op {
                Op::Char(_) => staying.push(at),
                Op::Back => drop(staying.pop()),
            }
        }
        let sign = |at: usize| match ops.0.get(at) {
            Some(Op::Char(c)) => Some(*c),
            _ => None,
        };
        let value: Zeroizing<String> =
            Zeroizing::new(staying.iter().filter_map(|at| sign(*at)).collect());
        if in_card && field == Field::BirthDate && !self.demo {
            // It opens the card: that of the invented one.
            self.step("Type \"S55.2.29\"");
            return;
        }
        let made: Vec<char> = self.masks.value(Some(field), &value).chars().collect();
        let mut run = String::new();
        let mut steps = Vec::new();
        let mut erased = 0_usize;
        for (at, op) in ops.0.iter().enumerate() {
            match op {
                Op::Back => {
                    if !run.is_empty() {
                        steps.push(text::typed(&std::mem::take(&mut run)));
                    }
                    erased += 1;
                }
                Op::Char(c) => {
                    if erased > 0 {
                        steps.push(backspace(std::mem::take(&mut erased)));
                    }
                    let stays = staying.iter().position(|kept| *kept == at);
                    match stays.and_then(|place| made.get(place)) {
                        Some(new) => run.push(*new),
                        None => run.push_str(&letters::other(&c.to_string(), at)),
                    }
                }
            }
        }
        if !run.is_empty() {
            steps.push(text::typed(&run));
        }
        if erased > 0 {
            steps.push(backspace(erased));
        }
        for step in steps {
            self.step(&step);
        }
    }

    pub(super) fn secret(&mut self, name: &str) {
        self.note(&format!(
            "{name}は録っていません。作り物のカードのものを打ちます。"
        ));
        match text::opens(&self.card, name) {
            Some(opens) => self.step(&format!("Type {}", text::quoted(&opens))),
            None => self.note("このカードに番号はありません。"),
        }
        self.unseen = true;
    }

    /// Characters where no field is: a number from a list is written, a text
    /// that went astray is not.
    pub(super) fn choices(&mut self, first: &Event, rest: &[Event]) -> usize {
        let more = rest
            .iter()
            .take_while(|event| matches!(event, Event::Choice(_)))
            .count();
        if more + 1 > LONGEST_CHOICE {
            self.note("欄の外で打たれた文字は書きません。");
            return more;
        }
        let mut run = String::new();
        for event in std::iter::once(first).chain(rest.iter().take(more)) {
            if let Event::Choice(c) = event {
                run.push(*c);
            }
        }
        self.before_key(rest.get(more));
        self.step(&text::typed(&run));
        more
    }
}

fn backspace(times: usize) -> String {
    if times == 1 {
        "Backspace".to_owned()
    } else {
        format!("Backspace {times}")
    }
}
