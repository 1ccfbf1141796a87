//! 資格情報照会（システム障害時）: the search by 4情報 (OUT-19 to 50).

#[cfg(test)]
mod tests;

use super::card::FromCard;
use super::{Pane, candidates, note, result};
use crate::domain::draft::Draft;
use crate::domain::entitlement::Found;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form::{OutageForm, Values};
use crate::domain::person::OutageQuery;
use crate::domain::time::{Now, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::form::{Carded, Did, Entry, Form, Kind, Layout, Mark};
use crate::front::keys::command::Command;
use crate::front::sheet::wrapped;
use crate::front::wording;
use crate::link::message::{Ticket, ToDesk, ToFront};
use jiff::civil::Date;

/// The outage search.
#[derive(Debug)]
pub struct State {
    form: Form,
    asking: Option<(Ticket, OutageQuery)>,
    /// What stood here before クリア, until the form is sent or left.
    cleared: Option<Box<Form>>,
    /// Answered: what stands here is no draft any more, but stays for 戻る
    /// (OUT-58).
    done: bool,
    today: Date,
}

/// OUT-22: this order and these marks.
fn form(today: Date) -> Form {
    use Field::{Address, BirthDate, CheckDate, InsurerName, Kana, Name, Sex};
    Form::new(vec![
        Entry::new(Name, Mark::Either1, Kind::Text).rule("完全一致（空白は問いません）"),
        Entry::new(Kana, Mark::Either1, Kind::Kana).rule("カタカナ、完全一致"),
        Entry::new(BirthDate, Mark::Required, Kind::Date),
        Entry::new(Sex, Mark::Required, Kind::Choice(wording::SEXES)),
        Entry::new(Address, Mark::Either2, Kind::Text).rule("市区町村名がよく絞れます"),
        Entry::new(InsurerName, Mark::Either2, Kind::Text).rule("特徴のある部分でよく絞れます"),
        Entry::new(CheckDate, Mark::Required, Kind::Date)
            .initial(&slash_date(today))
            .rule("受診した日"),
    ])
}

impl State {
    /// An empty form; 資格確認日 is today (OUT-38).
    pub fn new(today: Date) -> Self {
        Self {
            form: form(today),
            asking: None,
            cleared: None,
            done: false,
            today,
        }
    }

    /// As it was typed.
    pub fn resume(&mut self, draft: &Draft) {
        self.form.resume(draft);
    }

    /// What is typed and not answered yet.
    pub fn draft(&self) -> Option<Draft> {
        (!self.done).then(|| self.form.draft("outage")).flatten()
    }

    /// Whether a question is under way.
    pub fn asking(&self) -> bool {
        self.asking.is_some()
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

    /// Whether a card could fill something in.
    pub fn wants_card(&self) -> bool {
        !self.asking() && !self.done && self.form.from_card().is_empty()
    }

    /// Takes over what was read from a card.
    pub fn take_card(&mut self, cx: &mut Cx<'_>, from: &FromCard) {
        if self.asking() {
            return cx.say(Tone::Hint, wording::BEING_ASKED);
        }
        self.cleared = Some(Box::new(self.form.clone()));
        self.done = false;
        from.fill(cx, &mut self.form);
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

    /// A key.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        match input {
            Input::Command(Command::Note) => {
                cx.hush();
                let mut note = note::State::from_form(cx.now.today(), &self.form.values());
                note.carry_marks(&self.form.carded());
                cx.go(Go::Push(Pane::Note(Box::new(note))));
            }
            Input::Command(Command::Back) => {
                self.cleared = None;
                cx.go(Go::Back);
            }
            Input::Command(Command::Leave) if self.asking.is_some() => {
                self.asking = None;
                cx.say(
                    Tone::Hint,
                    "検索の返事を待つのをやめました。入力は残っています。",
                );
            }
            Input::Command(Command::Leave) => {
                self.done = true;
                self.cleared = None;
                cx.go(Go::Back);
            }
            // What stands here is what is being asked (DOM-68).
            Input::Command(Command::Submit | Command::Next) if self.asking() => {
                cx.say(Tone::Hint, "検索中です。返事を待っています。");
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
                }
                self.done = false;
                cx.hush();
            }
            input => match self.form.input(&input) {
                Did::Run => self.run(cx),
                Did::Changed => {
                    self.done = false;
                    cx.hush();
                }
                Did::Refused(why) => cx.say(Tone::Warning, why),
                Did::Moved | Did::Nothing => {}
            },
        }
    }

    fn run(&mut self, cx: &mut Cx<'_>) {
        match OutageForm(self.form.values()).check(cx.now.today()) {
            Ok(query) => {
                cx.hush();
                self.form.set_problems(Vec::new());
                self.cleared = None;
                let ticket = cx.ticket();
                cx.send(ToDesk::Search {
                    ticket,
                    query: query.clone(),
                });
                self.asking = Some((ticket, query));
            }
            Err(problems) => {
                if let Some(first) = problems.first() {
                    cx.say(Tone::Error, first.to_string());
                }
                self.form.set_problems(problems);
            }
        }
    }

    /// The answer to the search on its way, and to no other.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let Some((asked, query)) = &self.asking else {
            return;
        };
        match message {
            ToFront::Searched { ticket, found } if ticket == asked => {
                let query = query.clone();
                self.asking = None;
                self.found(cx, found, &query);
            }
            ToFront::Failed { ticket, failure } if ticket == asked => {
                self.asking = None;
                if let Failure::Input { problems } = failure {
                    self.form.set_problems(problems.clone());
                }
                let keep = match failure {
                    Failure::Unreachable { .. }
                    | Failure::NoAnswer
                    | Failure::Unavailable { .. } => " {note} でこのまま控えにします。",
                    _ => "",
                };
                cx.say(Tone::Error, format!("{failure}{keep}"));
            }
            _ => {}
        }
    }

    fn found(&mut self, cx: &mut Cx<'_>, found: &Found, query: &OutageQuery) {
        match found {
            Found::None => {
                // OUT-32: the sex registered by the insurer may be another.
                self.form.focus_on(Field::Sex);
                cx.say(
                    Tone::Warning,
                    "[検索条件に入力された情報が存在しません] 性別は保険者の登録と違うことがあります。1 男  2 女  3 未設定 を変えて {submit} で検索し直せます。",
                );
            }
            Found::One(answer) => {
                cx.hush();
                self.done = true;
                cx.go(Go::Push(Pane::Result(Box::new(result::State::new(
                    (**answer).clone(),
                    result::Origin::Search,
                )))));
            }
            Found::Several(list) => {
                cx.hush();
                self.done = true;
                cx.go(Go::Push(Pane::Candidates(Box::new(
                    candidates::State::for_search(query, list).carded(&self.form.from_card()),
                ))));
            }
            Found::TooMany => {
                self.form.focus_on(Field::Address);
                cx.say(
                    Tone::Warning,
                    "該当者が 6 件以上のため表示できません。住所（市区町村）か保険者名を足して、検索し直してください。",
                );
            }
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let glyphs = canvas.glyphs();
        canvas.put(1, 0, "！", Role::Warning);
        let room = canvas.width().saturating_sub(5);
        let mut y = 0;
        for line in wrapped(canvas.ambiguous(), wording::MONITORED, room) {
            canvas.put(4, y, &line, Role::Warning);
            y += 1;
        }
        // On a low screen no row is empty above the first field: so all of it
        // is seen from there.
        let gap = usize::from(canvas.page().is_none());
        y += gap;
        canvas.put(1, y, "検索条件：マイナンバーカード券面情報", Role::Heading);
        y += 1;
        let legend = format!(
            "{} 必須項目　{},{} 選択必須項目(どちらか一方はご入力ください)",
            glyphs.required, glyphs.either_1, glyphs.either_2
        );
        for line in wrapped(
            canvas.ambiguous(),
            &legend,
            canvas.width().saturating_sub(2),
        ) {
            canvas.put(1, y, &line, Role::Dim);
            y += 1;
        }
        let layout = Layout {
            top: y + gap,
            height: canvas.height().saturating_sub(y + gap),
            value: 16,
        };
        let mut y = self.form.view(canvas, layout, now.today());
        y += 1;
        let room = canvas.width().saturating_sub(6);
        // OUT-17, OUT-36.
        for text in [
            "障害の間に控えた方を、復旧後に確かめるための検索です。いま窓口にいる方はマイナンバーカードか保険証で確かめてください。",
            "住所と保険者名は一部分でも、空白で区切った複数の語でも検索できます。",
        ] {
            for (i, line) in wrapped(canvas.ambiguous(), text, room).iter().enumerate() {
                canvas.put(3, y, if i == 0 { "・" } else { "" }, Role::Dim);
                canvas.put(5, y, line, Role::Dim);
                y += 1;
            }
        }
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.asking.is_some() {
            return "検索中。  {leave} で待つのをやめます。".to_owned();
        }
        if let Some(advice) = self.form.advice(self.today) {
            return advice;
        }
        let empty = |field| self.form.text(field).is_empty();
        let mut missing = Vec::new();
        if empty(Field::Name) && empty(Field::Kana) {
            missing.push("氏名か氏名(カナ)");
        }
        if empty(Field::BirthDate) {
            missing.push("生年月日");
        }
        if empty(Field::Sex) {
            missing.push("性別");
        }
        if empty(Field::Address) && empty(Field::InsurerName) {
            missing.push("住所か保険者名");
        }
        if !missing.is_empty() {
            return format!("{} が要ります。", missing.join("、"));
        }
        let checked = OutageForm(self.form.values()).check(self.today);
        self.form
            .kept_by(checked)
            .unwrap_or_else(|| "すべて入りました。{submit} で検索します。".to_owned())
    }
}
