//! 資格情報照会（被保険者証）: the numbers on an insurance card are asked for
//! (DOM-11 to 16, QG-22 to 27). When the question does not arrive, the same
//! pane says so and hands everything typed to a note with one key.

mod failed;
mod question;
#[cfg(test)]
mod tests;

use super::card::FromCard;
use super::{Pane, note};
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form::{LookupForm, Values};
use crate::domain::insurance::LookupQuery;
use crate::domain::number::no_family;
use crate::domain::time::{Now, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::form::{Carded, Did, Entry, Form, Kind, Layout, Mark};
use crate::front::keys::command::Command;
use crate::front::sheet::wrapped;
use crate::front::wording;
use crate::link::message::Ticket;
use jiff::civil::Date;

#[derive(Debug)]
enum Step {
    Typing,
    Asking {
        ticket: Ticket,
        query: LookupQuery,
        /// Sent once more after it had not arrived.
        again: bool,
    },
    Failed {
        failure: Failure,
        query: LookupQuery,
        /// The line was seen not to carry questions since.
        cut: bool,
    },
}

/// The look-up pane.
#[derive(Debug)]
pub struct State {
    form: Form,
    step: Step,
    /// Answered: what stands here is no draft any more.
    done: bool,
    /// What stood here before クリア, until the form is sent or left.
    cleared: Option<Box<Form>>,
    /// What could be wrong when nothing was found.
    advice: Vec<String>,
    today: Date,
}

fn form(today: Date) -> Form {
    use Field::{BirthDate, Branch, CheckDate, InsurerNumber, LimitConsent, Number, Symbol};
    Form::new(vec![
        Entry::new(InsurerNumber, Mark::Required, Kind::Digits)
            .limit(8)
            .moving_on()
            .rule("8桁。国保は6桁で Enter"),
        Entry::new(Symbol, Mark::Free, Kind::Code),
        Entry::new(Number, Mark::Required, Kind::Code),
        Entry::new(Branch, Mark::Free, Kind::Digits)
            .limit(2)
            .moving_on(),
        Entry::new(BirthDate, Mark::Required, Kind::Date),
        Entry::new(LimitConsent, Mark::Free, Kind::Choice(wording::CONSENT)).initial("0"),
        Entry::new(CheckDate, Mark::Required, Kind::Date).initial(&slash_date(today)),
    ])
}

impl State {
    /// An empty form; 資格確認日 is today.
    pub fn new(today: Date) -> Self {
        Self {
            form: form(today),
            step: Step::Typing,
            done: false,
            cleared: None,
            advice: Vec::new(),
            today,
        }
    }

    /// As it was typed.
    pub fn resume(&mut self, draft: &Draft) {
        self.form.resume(draft);
        self.skip_what_is_not_there();
    }

    /// What is typed and not answered yet.
    pub fn draft(&self) -> Option<Draft> {
        (!self.done).then(|| self.form.draft("lookup")).flatten()
    }

    /// All that is typed.
    pub fn values(&self) -> Values {
        self.form.values()
    }

    /// What stands here as a card had it.
    pub fn carded(&self) -> Carded {
        self.form.carded()
    }

    /// Whether nothing was typed.
    pub fn is_pristine(&self) -> bool {
        self.form.is_pristine()
    }

    /// Whether a question is under way.
    pub fn asking(&self) -> bool {
        matches!(self.step, Step::Asking { .. })
    }

    /// Whether the last question did not arrive.
    pub fn failed(&self) -> bool {
        matches!(self.step, Step::Failed { .. })
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        self.form.focus()
    }

    /// Whether characters go into a field.
    pub fn typing(&self) -> bool {
        !self.failed()
    }

    /// Whether a card could fill something in.
    pub fn wants_card(&self) -> bool {
        matches!(self.step, Step::Typing) && !self.done && self.form.from_card().is_empty()
    }

    /// Takes over what was read from a card: a look-up has room for the birth
    /// date alone.
    pub fn take_card(&mut self, cx: &mut Cx<'_>, from: &FromCard) {
        if self.asking() {
            return cx.say(Tone::Hint, wording::BEING_ASKED);
        }
        self.cleared = Some(Box::new(self.form.clone()));
        from.fill(cx, &mut self.form);
        self.changed();
    }

    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        if self.failed() {
            self.after_failure(cx, &input);
            return;
        }
        match input {
            Input::Command(Command::Note) => self.hand_over(cx),
            Input::Command(Command::Back) => {
                self.cleared = None;
                cx.go(Go::Back);
            }
            Input::Command(Command::Leave) => self.leave(cx),
            // What stands here is what is being asked (DOM-68).
            Input::Command(Command::Submit | Command::Next) if self.asking() => {
                cx.say(Tone::Hint, "照会中です。返事を待っています。");
            }
            _ if self.asking() => cx.say(Tone::Hint, wording::BEING_ASKED),
            Input::Command(Command::Clear) => {
                let before = std::mem::replace(self, Self::new(cx.now.today()));
                cx.hush();
                if before.is_pristine() {
                    self.cleared = before.cleared;
                } else {
                    cx.say(Tone::Hint, wording::cleared(&cx.known.keymap));
                    self.cleared = Some(Box::new(before.form));
                }
            }
            Input::Command(Command::Undo) if self.cleared.is_some() && self.form.is_undone() => {
                if let Some(before) = self.cleared.take() {
                    self.cleared = self.form.restore(*before).map(Box::new);
                    self.changed();
                }
                cx.hush();
            }
            Input::Command(Command::Family) => {
                if let Some(why) = no_family(self.form.text(Field::InsurerNumber)) {
                    return cx.say(Tone::Warning, why);
                }
                // DOM-16: a household shares insurer, 記号 and 番号.
                let numbers = [Field::InsurerNumber, Field::Number];
                if let Some(missing) = numbers
                    .into_iter()
                    .find(|field| self.form.text(*field).trim().is_empty())
                {
                    self.form.focus_on(missing);
                    return cx.say(Tone::Warning, "先に保険証の番号を入れてください。");
                }
                self.form.reset(Field::Branch);
                self.form.reset(Field::BirthDate);
                self.form.focus_on(Field::Branch);
                self.changed();
                cx.say(
                    Tone::Hint,
                    "同じ保険証の次の方: 枝番と生年月日を入れてください。",
                );
            }
            input => match self.form.input(&input) {
                Did::Run => self.run(cx),
                Did::Changed => {
                    self.changed();
                    cx.hush();
                }
                Did::Refused(why) => cx.say(Tone::Warning, why),
                Did::Moved | Did::Nothing => {}
            },
        }
    }

    fn leave(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.step, Step::Asking { .. }) {
            self.step = Step::Typing;
            cx.say(
                Tone::Hint,
                "照会の返事を待つのをやめました。入力は残っています。",
            );
            return;
        }
        self.done = true;
        self.cleared = None;
        cx.go(Go::Back);
    }

    /// The question on its way, if any, was another one: its answer must not
    /// be taken for an answer to what stands here now (DOM-68).
    fn changed(&mut self) {
        self.step = Step::Typing;
        self.done = false;
        self.advice.clear();
        self.skip_what_is_not_there();
    }

    /// DOM-15.
    fn skip_what_is_not_there(&mut self) {
        let insurer = self.form.text(Field::InsurerNumber);
        let elderly = insurer.chars().count() == 8 && insurer.starts_with("39");
        self.form.skip(Field::Symbol, elderly);
        self.form.skip(Field::Branch, elderly);
        self.form.moves_at(Field::Number, elderly.then_some(8));
    }

    fn hand_over(&self, cx: &mut Cx<'_>) {
        // What is wrong here is not wrong there.
        cx.hush();
        let mut note = note::State::from_form(cx.now.today(), &self.form.values());
        note.carry_marks(&self.form.carded());
        cx.go(Go::Push(Pane::Note(Box::new(note))));
    }

    fn after_failure(&mut self, cx: &mut Cx<'_>, input: &Input) {
        match input {
            Input::Command(Command::Note) => self.hand_over(cx),
            Input::Command(Command::Retry) => {
                let again = std::mem::replace(&mut self.step, Step::Typing);
                if let Step::Failed { query, .. } = again {
                    self.ask(cx, query, true);
                    cx.say(Tone::Hint, "送り直しています。");
                }
            }
            Input::Command(
                Command::Back
                | Command::Leave
                | Command::Up
                | Command::Down
                | Command::Previous
                | Command::Backspace,
            ) => {
                self.step = Step::Typing;
                cx.hush();
            }
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        if let Step::Failed {
            failure,
            query,
            cut,
        } = &self.step
        {
            let over = *cut && failed::is_back(known);
            let failure = (!over).then_some(failure);
            failed::view(failure, query, known, now, canvas);
            return;
        }
        // Where not all has room, the advice is met above the first field.
        let above = canvas.page().is_some() && !self.advice.is_empty();
        let top = if above { self.advise_at(canvas, 0) } else { 1 };
        let layout = Layout {
            top,
            height: canvas.height().saturating_sub(top),
            value: 15,
        };
        let y = self.form.view(canvas, layout, now.today());
        if !above {
            self.advise_at(canvas, y + 1);
        }
    }

    fn advise_at(&self, canvas: &mut Canvas<'_>, mut y: usize) -> usize {
        let room = canvas.width().saturating_sub(6);
        for advice in &self.advice {
            for (i, line) in wrapped(canvas.ambiguous(), advice, room).iter().enumerate() {
                canvas.put(3, y, if i == 0 { "・" } else { "" }, Role::Normal);
                canvas.put(5, y, line, Role::Normal);
                y += 1;
            }
        }
        y
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match &self.step {
            Step::Asking { .. } => "照会中。  {leave} で待つのをやめます。".to_owned(),
            Step::Failed { .. } => failed::hint(known),
            Step::Typing => {
                if let Some(advice) = self.form.advice(self.today) {
                    return advice;
                }
                let missing: Vec<&str> = [Field::InsurerNumber, Field::Number, Field::BirthDate]
                    .into_iter()
                    .filter(|field| self.form.text(*field).is_empty())
                    .map(Field::label)
                    .collect();
                if !missing.is_empty() {
                    return format!("{} を入れてください。", missing.join("・"));
                }
                let checked = LookupForm(self.form.values()).check(self.today);
                self.form
                    .kept_by(checked)
                    .unwrap_or_else(|| "すべて入りました。{submit} で照会します。".to_owned())
            }
        }
    }
}
