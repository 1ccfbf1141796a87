//! 被保険者資格申立書: what a patient can say of their 医療保険, filled with
//! what is known, printed, and handed on to the note (DOM-70 to 74).

#[cfg(test)]
mod tests;

use super::cleared::{Clear, Cleared, emptied, says_nothing};
use super::{Pane, ladder, paper};
use crate::domain::age::burden;
use crate::domain::declaration::{Cover, claim_order};
use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::form::{DECLARATION, DeclarationForm, FormKind, Values};
use crate::domain::note::NoteId;
use crate::domain::time::{Now, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::form::{Did, Entry, Form, Kind, Layout, Mark};
use crate::front::keys::command::Command;
use crate::front::sheet::wrapped;
use crate::front::wording;
use crate::link::message::{Print, ToFront};
use jiff::civil::Date;

/// The two dates the 負担 was last worked out from, and what came of them;
/// empty where income decides.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WorkedOut {
    birth: Option<Date>,
    visit: Date,
    text: String,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    form: Form,
    /// What came along and has no field here: the numbers of a card, 照会番号.
    values: Values,
    /// All it held when it was opened.
    opened_with: Values,
    /// The correction it goes back to.
    replaces: Option<(NoteId, u32)>,
    /// What stood here before クリア.
    cleared: Cleared<State>,
    worked_out: WorkedOut,
    /// 住所, 事業所名, 連絡先 for the claim, each as it stood when the focus was
    /// last elsewhere: the lines below do not move with every character.
    claimed: [String; 3],
    left: bool,
    today: Date,
}

const CLAIMED: [Field; 3] = [Field::Address, Field::Employer, Field::Telephone];

fn form(today: Date) -> Form {
    use Field::{
        Address, BirthDate, Burden, CheckDate, Cover, Employer, InsurerName, Kana, Name, Sex,
        Telephone,
    };
    Form::new(vec![
        Entry::new(Name, Mark::Either1, Kind::Text)
            .width(26)
            .rule("カードの券面のとおり"),
        Entry::new(Kana, Mark::Either1, Kind::Kana)
            .width(26)
            .rule("ひらがなもカタカナに"),
        Entry::new(BirthDate, Mark::Required, Kind::Date),
        Entry::new(Sex, Mark::Free, Kind::Choice(wording::SEXES)),
        Entry::new(Address, Mark::Free, Kind::Text)
            .width(26)
            .rule("券面のとおり"),
        Entry::new(Telephone, Mark::Free, Kind::Code).rule("連絡先"),
        Entry::new(Cover, Mark::Free, Kind::Choice(wording::COVERS)),
        Entry::new(InsurerName, Mark::Free, Kind::Text)
            .width(26)
            .rule("会社の健保、市区町村など"),
        Entry::new(Employer, Mark::Free, Kind::Text)
            .width(26)
            .rule("勤め先。わかれば"),
        Entry::new(Burden, Mark::Free, Kind::Code),
        Entry::new(CheckDate, Mark::Required, Kind::Date)
            .initial(&slash_date(today))
            .rule("受診した日"),
    ])
}

fn worked_out(form: &Form, today: Date) -> WorkedOut {
    let birth = ladder::day(form, Field::BirthDate, today);
    let visit = ladder::day(form, Field::CheckDate, today).unwrap_or(today);
    let text = match birth.map_or(&[][..], |birth| burden(birth, visit).choices()) {
        [only] => format!("{only}割"),
        _ => String::new(),
    };
    WorkedOut { birth, visit, text }
}

impl Clear for State {
    fn is_empty(&self) -> bool {
        says_nothing(&self.form, &self.values) && self.replaces.is_none()
    }

    fn cleared(&mut self) -> &mut Cleared<Self> {
        &mut self.cleared
    }
}

impl State {
    /// Empty.
    pub fn new(today: Date) -> Self {
        Self::of(today, &Values::default(), None)
    }

    /// With what is known already: nothing is typed twice.
    pub fn of(today: Date, values: &Values, replaces: Option<(NoteId, u32)>) -> Self {
        let mut form = form(today);
        for field in FormKind::Declaration.fields() {
            let text = values.get(*field);
            if !text.trim().is_empty() {
                form.set(*field, text);
            }
        }
        let gap = FormKind::Declaration
            .fields()
            .iter()
            .find(|field| form.text(**field).trim().is_empty());
        if let Some(gap) = gap {
            form.focus_on(*gap);
        }
        let mut state = Self {
            opened_with: Values::default(),
            values: values.clone(),
            replaces,
            cleared: Cleared::default(),
            worked_out: worked_out(&form, today),
            claimed: CLAIMED.map(|field| form.text(field).to_owned()),
            form,
            left: false,
            today,
        };
        state.opened_with = state.all();
        state
    }

    /// As it was typed.
    pub fn resume(&mut self, draft: &Draft) {
        let values = Values::new(draft.fields.clone());
        *self = Self::of(self.today, &values, draft.note.clone());
        // Nothing of it stands anywhere else.
        self.opened_with = Values::default();
        if let Some(focus) = draft.focus {
            self.form.focus_on(focus);
        }
    }

    /// What goes back to the ladder below with 戻る: then it stands there.
    pub fn give_back(&mut self) -> Option<Values> {
        self.draft()?;
        self.left = true;
        let mut values = self.all();
        // Only handing on says that the paper was written.
        values.set(Field::Evidence, self.values.get(Field::Evidence));
        Some(values)
    }

    /// What is typed and in no note yet.
    pub fn draft(&self) -> Option<Draft> {
        if self.left || self.all() == self.opened_with {
            return None;
        }
        let mut fields = self.all().into_fields();
        fields.retain(|_, text| !text.is_empty());
        Some(Draft {
            from_card: std::collections::BTreeSet::new(),
            pane: "declaration".to_owned(),
            note: self.replaces.clone(),
            fields,
            focus: Some(self.form.focus()),
            others: Vec::new(),
        })
    }

    /// The note and revision it goes back to.
    pub fn replaced(&self) -> Option<(NoteId, u32)> {
        self.replaces.clone()
    }

    /// Everything, as the note will have it.
    fn all(&self) -> Values {
        let mut values = self.values.clone();
        for (field, text) in self.form.values().fields() {
            values.set(*field, text);
        }
        values.set(Field::Evidence, DECLARATION);
        values
    }

    /// It was not left after all.
    pub fn stay(&mut self) {
        self.left = false;
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        self.form.focus()
    }

    /// Always in a field.
    pub fn typing(&self) -> bool {
        true
    }

    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// Nothing the desk service says concerns it.
    pub fn hear(&mut self, _cx: &mut Cx<'_>, _message: &ToFront) {}

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        match input {
            Input::Command(Command::Back) => cx.go(Go::Back),
            Input::Command(Command::Leave) => {
                self.left = true;
                cx.go(Go::Back);
            }
            Input::Command(Command::Print) => self.print(cx),
            Input::Command(Command::Clear) => self.clear_all(cx),
            Input::Command(Command::Undo) if self.cleared.is_some() && self.form.is_undone() => {
                self.take_back();
                cx.hush();
            }
            input => match self.form.input(&input) {
                Did::Run => self.hand_on(cx),
                Did::Changed => {
                    self.typed();
                    cx.hush();
                }
                Did::Refused(why) => cx.say(Tone::Warning, why),
                Did::Moved => self.typed(),
                Did::Nothing => {}
            },
        }
        self.claim();
    }

    fn claim(&mut self) {
        for (field, text) in CLAIMED.into_iter().zip(&mut self.claimed) {
            if field != self.form.focus() {
                self.form.text(field).clone_into(text);
            }
        }
    }

    /// A date is whole when the focus has left it.
    fn typed(&mut self) {
        if !matches!(self.form.focus(), Field::BirthDate | Field::CheckDate) {
            self.work_out();
        }
    }

    /// 負担, where age alone decides and nobody wrote another (DOM-28).
    fn work_out(&mut self) {
        let now = worked_out(&self.form, self.today);
        let before = std::mem::replace(&mut self.worked_out, now.clone());
        let same = (before.birth, before.visit) == (now.birth, now.visit);
        let theirs = self.form.text(Field::Burden);
        if !same && (theirs.trim().is_empty() || theirs == before.text) {
            self.form.set(Field::Burden, &now.text);
        }
    }

    /// All of the patient goes, also what has no field here, and the correction
    /// it belonged to.
    fn clear_all(&mut self, cx: &mut Cx<'_>) {
        let mut fresh = Self::new(self.today);
        fresh.values = emptied(&self.values);
        fresh.opened_with.clone_from(&self.opened_with);
        self.clear(fresh, cx);
    }

    /// As it will be printed.
    fn print(&mut self, cx: &mut Cx<'_>) {
        self.work_out();
        match DeclarationForm(self.form.values()).check(self.today) {
            Ok(sheet) => {
                cx.hush();
                self.form.set_problems(Vec::new());
                let next = paper::State::new(Print::Declaration(Box::new(sheet)), cx.known);
                cx.go(Go::Push(Pane::Paper(Box::new(next))));
            }
            Err(problems) => {
                if let Some(first) = problems.first() {
                    cx.say(Tone::Error, first.to_string());
                }
                self.form.set_problems(problems);
            }
        }
    }

    /// To the note, which is where it is kept.
    fn hand_on(&mut self, cx: &mut Cx<'_>) {
        self.work_out();
        match DeclarationForm(self.form.values()).check(self.today) {
            Ok(_) => {
                cx.hush();
                self.left = true;
                cx.go(Go::Hand {
                    values: self.all(),
                    replaces: self.replaces.clone(),
                });
            }
            Err(problems) => {
                if let Some(first) = problems.first() {
                    cx.say(Tone::Error, first.to_string());
                }
                self.form.set_problems(problems);
            }
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let layout = Layout {
            top: 0,
            height: canvas.height().saturating_sub(7).max(1),
            value: 20,
        };
        let mut y = self.form.view(canvas, layout, now.today()) + 1;
        let cover = Cover::ALL
            .into_iter()
            .find(|cover| cover.digit() == self.form.text(Field::Cover));
        let room = canvas.width().saturating_sub(3);
        let [address, employer, telephone] = &self.claimed;
        for line in claim_order(cover, address, employer, telephone) {
            for line in wrapped(canvas.ambiguous(), &line, room) {
                canvas.put(1, y, &line, Role::Dim);
                y += 1;
            }
        }
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if let Some(advice) = self.form.advice(self.today) {
            return advice;
        }
        "分かるところまでで、{print} 印刷（見てから書き出し）、{submit} で控えに入れます。"
            .to_owned()
    }
}
