//! 資格情報確認: the answer of the central system, every item of it
//! (OUT-51 to 86). It says what the answer says and concludes nothing.

mod layout;
#[cfg(test)]
mod tests;
mod top;
mod words;

use super::{Pane, settling};
use crate::domain::entitlement::{Eligibility, GivenDate, Validity};
use crate::domain::era;
use crate::domain::field::{Field, Problem};
use crate::domain::form::{self, Values};
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::{Note, NoteState};
use crate::domain::person::Sex;
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::link::message::{SettlingStep, Ticket, ToDesk, ToFront};
use crate::text::field::LineField;

/// Where the answer came from, which decides where 次の患者 leads (OUT-57).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// 保険証の照会.
    Lookup,
    /// 資格情報照会（システム障害時）.
    Search,
    /// A note of the ledger.
    Note(Box<Note>),
}

/// What is open over the result.
#[derive(Debug, Default)]
enum Mode {
    #[default]
    Reading,
    /// 《編集》 was pressed: the number can be typed (OUT-83).
    Editing(LineField),
    /// 「照会番号登録」 with 《OK》 (OUT-84).
    Told {
        title: &'static str,
        text: &'static str,
    },
}

/// What was asked of the desk service.
#[derive(Debug)]
enum Waiting {
    Register { number: String, update: bool },
    Download,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    answer: Eligibility,
    origin: Origin,
    scroll: Scroll,
    mode: Mode,
    /// A number left with 戻る before it was registered.
    typed: Option<LineField>,
    waiting: Option<(Ticket, Waiting)>,
}

fn step_of(ticket: Ticket, note: &Note, step: SettlingStep) -> ToDesk {
    ToDesk::NoteStep {
        ticket,
        id: note.id.clone(),
        revision: note.revision,
        step,
    }
}

impl State {
    /// Shows `answer`.
    pub fn new(answer: Eligibility, origin: Origin) -> Self {
        Self {
            answer,
            origin,
            scroll: Scroll::default(),
            mode: Mode::Reading,
            typed: None,
            waiting: None,
        }
    }

    /// Shows the answer a note was resolved with, if it was.
    pub fn of_note(note: &Note) -> Option<Self> {
        let (NoteState::Resolved(resolution) | NoteState::Settled(resolution)) = &note.state else {
            return None;
        };
        let origin = Origin::Note(Box::new(note.clone()));
        Some(Self::new(resolution.answer.clone(), origin))
    }

    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        match self.mode {
            Mode::Told { .. } => Context::Told,
            Mode::Editing(_) => Context::Reference,
            Mode::Reading => Context::Result,
        }
    }

    /// Whether characters go into the 照会番号.
    pub fn typing(&self) -> bool {
        matches!(self.mode, Mode::Editing(_))
    }

    /// Whether the number being typed replaces another (OUT-83: 《更新》).
    pub fn updates(&self) -> bool {
        self.typing() && !self.reference().is_empty()
    }

    /// Who it is about, for the ladder: what the form below has is better.
    pub fn complete(&self, values: &mut Values) {
        let Some(found) = self.answer.entitlements.first() else {
            return;
        };
        let birth = match found.birth_date {
            GivenDate::Day(day) => era::letters(day),
            _ => String::new(),
        };
        let sex = found.sex.map_or("", Sex::code);
        for (field, text) in [
            (Field::Name, found.name.as_str()),
            (Field::Kana, found.kana.as_str()),
            (Field::BirthDate, birth.as_str()),
            (Field::Sex, sex),
            (Field::Address, found.address.as_str()),
        ] {
            if values.get(field).trim().is_empty() {
                values.set(field, text);
            }
        }
    }

    /// It came to the top.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match &mut self.mode {
            Mode::Reading => {
                if let Input::Command(command) = input {
                    self.command(cx, command);
                }
            }
            Mode::Editing(_) => self.edit(cx, input),
            Mode::Told { .. } => {
                if matches!(
                    input,
                    Input::Command(Command::Submit | Command::Next | Command::Leave)
                ) {
                    self.mode = Mode::Reading;
                } else if let Input::Command(command) = input {
                    self.scrolled(cx, command);
                }
            }
        }
    }

    fn scrolled(&mut self, cx: &Cx<'_>, command: Command) {
        let (rows, height) = layout::rows(self, cx.known);
        self.scroll.moved(command, rows, height);
    }

    fn command(&mut self, cx: &mut Cx<'_>, command: Command) {
        match command {
            // The form below keeps its conditions (OUT-58).
            Command::Back | Command::Leave => cx.go(Go::Back),
            Command::NextPatient => self.next_patient(cx),
            Command::Submit => match &self.origin {
                // What is left to do with it, one key a step.
                Origin::Note(note) => match settling::State::new(note) {
                    Some(pane) => cx.go(Go::Replace(Pane::Settling(Box::new(pane)))),
                    None => self.next_patient(cx),
                },
                _ => self.next_patient(cx),
            },
            Command::Edit => self.begin_edit(cx),
            Command::Download => {
                let ticket = cx.ticket();
                cx.send(match &self.origin {
                    Origin::Note(note) => step_of(ticket, note, SettlingStep::Download),
                    _ => ToDesk::Download {
                        ticket,
                        answer: Box::new(self.answer.clone()),
                    },
                });
                self.waiting = Some((ticket, Waiting::Download));
            }
            other => self.scrolled(cx, other),
        }
    }

    /// OUT-57: the conditions are cleared. From a note, on to the next note.
    fn next_patient(&self, cx: &mut Cx<'_>) {
        cx.go(match self.origin {
            Origin::Lookup | Origin::Search => Go::NextPatient,
            Origin::Note(_) => Go::Back,
        });
    }

    /// Whose number it would be: the first entitlement that names an insurer.
    fn insurance(&self) -> Option<InsuranceNumbers> {
        let found = self
            .answer
            .entitlements
            .iter()
            .find(|e| !e.insurer_number.is_empty())?;
        Some(InsuranceNumbers {
            insurer: found.insurer_number.clone(),
            symbol: found.symbol.clone(),
            number: found.number.clone(),
            branch: found.branch.clone(),
        })
    }

    /// The stored 照会番号, empty if there is none.
    fn reference(&self) -> &str {
        self.answer
            .entitlements
            .iter()
            .map(|e| e.reference_number.as_str())
            .find(|r| !r.is_empty())
            .unwrap_or_default()
    }

    fn begin_edit(&mut self, cx: &mut Cx<'_>) {
        if self.insurance().is_none() {
            cx.say(
                Tone::Warning,
                "照会番号を付ける資格がありません。照会し直してください。",
            );
            return;
        }
        if self.waiting.is_some() {
            cx.say(Tone::Hint, "返事を待っています。");
            return;
        }
        let typed = self.typed.take();
        let field = typed.unwrap_or_else(|| edit::line(Field::Reference, self.reference()));
        self.mode = Mode::Editing(field);
    }

    fn edit(&mut self, cx: &mut Cx<'_>, input: Input) {
        let Mode::Editing(field) = &mut self.mode else {
            return;
        };
        match input {
            Input::Command(Command::Submit | Command::Next) => self.register(cx),
            Input::Command(Command::Leave) => self.mode = Mode::Reading,
            // 戻る loses nothing: 編集 goes on with it.
            Input::Command(Command::Back) => {
                self.typed = Some(std::mem::take(field));
                self.mode = Mode::Reading;
            }
            input => {
                if edit::told(cx, field, Field::Reference, &input)
                    && let Some(problem) = Self::refusal(field.text(), cx.now)
                {
                    cx.say(Tone::Warning, problem.to_string());
                }
            }
        }
    }

    /// The same rule as for the 照会番号 of a note (OUT-86).
    fn refusal(text: &str, now: Now) -> Option<Problem> {
        let said = form::feedback(Field::Reference, text, now.today());
        (said.tone == form::Tone::Bad).then(|| Problem {
            field: Field::Reference,
            text: said.advice.unwrap_or(said.shown),
        })
    }

    fn register(&mut self, cx: &mut Cx<'_>) {
        let Mode::Editing(field) = &self.mode else {
            return;
        };
        let number = field.text().trim().to_owned();
        if number.is_empty() {
            cx.say(
                Tone::Warning,
                "照会番号: 空です。番号を入れるか、{back} でやめてください。",
            );
            return;
        }
        if let Some(problem) = Self::refusal(&number, cx.now) {
            cx.say(Tone::Error, problem.to_string());
            return;
        }
        let update = !self.reference().is_empty();
        if update && number == self.reference() {
            self.mode = Mode::Reading;
            return;
        }
        let Some(insurance) = self.insurance() else {
            return;
        };
        let ticket = cx.ticket();
        let reference = number.clone();
        cx.send(match &self.origin {
            Origin::Note(note) => step_of(ticket, note, SettlingStep::Register { reference }),
            _ => ToDesk::Register {
                ticket,
                insurance,
                reference,
            },
        });
        self.waiting = Some((ticket, Waiting::Register { number, update }));
        cx.say(Tone::Hint, "照会番号を送っています。");
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let Some((ticket, _)) = &self.waiting else {
            return;
        };
        if message.ticket() != Some(*ticket) {
            return;
        }
        let Some((_, waiting)) = self.waiting.take() else {
            return;
        };
        match (message, waiting) {
            (ToFront::Done { .. }, Waiting::Register { number, update }) => {
                self.registered(&number, update);
                cx.say(Tone::Hint, "");
            }
            (ToFront::Saved { path, .. }, Waiting::Download) => {
                cx.say(Tone::Good, format!("XML に保存しました: {path}"));
            }
            (ToFront::Noted { note, .. }, waiting) => {
                self.origin = Origin::Note(note.clone());
                match waiting {
                    Waiting::Register { number, update } => {
                        self.registered(&number, update);
                        cx.say(Tone::Hint, "");
                    }
                    Waiting::Download => {
                        let told = note.history.last().map_or("", |step| step.text.as_str());
                        cx.say(Tone::Good, told.to_owned());
                    }
                }
            }
            (ToFront::Failed { failure, .. }, _) => cx.say(Tone::Error, failure.to_string()),
            _ => {}
        }
    }

    /// OUT-84, OUT-85: says so, and shows the registered number. The answer
    /// that a note was resolved with stays what it was (REL-13).
    fn registered(&mut self, number: &str, update: bool) {
        let insurance = self.insurance();
        for found in &mut self.answer.entitlements {
            if insurance.as_ref().is_some_and(|i| {
                i.insurer == found.insurer_number
                    && i.number == found.number
                    && i.symbol == found.symbol
                    && i.branch == found.branch
            }) {
                number.clone_into(&mut found.reference_number);
            }
        }
        let (title, text) = if update {
            ("照会番号更新", "照会番号を更新しました。")
        } else {
            ("照会番号登録", "照会番号を登録しました。")
        };
        self.mode = Mode::Told { title, text };
        self.scroll = Scroll::default();
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, known, now, canvas);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        match (&self.mode, &self.origin) {
            (Mode::Editing(_), _) if self.reference().is_empty() => {
                "照会番号を入れ、{next} か {submit} で登録します。{back} でやめます。".to_owned()
            }
            (Mode::Editing(_), _) => {
                "照会番号を直し、{next} か {submit} で更新します。{back} でやめます。".to_owned()
            }
            (Mode::Told { .. }, _) => "番号を確かめ、{next} で閉じます。".to_owned(),
            (Mode::Reading, Origin::Note(note)) => {
                let words = if matches!(note.state, NoteState::Settled(_)) {
                    "は完了しています。{back} で戻ります。"
                } else {
                    "の結果です。{submit} で完了の手順へ。"
                };
                format!("{}控え {} {words}", layout::asked_at(&self.answer), note.id)
            }
            (Mode::Reading, _) => {
                let words = if self.answer.validity == Validity::Valid {
                    "番号と本人・家族の別を確かめ、{submit} で次の患者へ。"
                } else {
                    "{back} で条件を直せます。{next-patient} で次の患者へ。"
                };
                format!("{}{words}", layout::asked_at(&self.answer))
            }
        }
    }
}
