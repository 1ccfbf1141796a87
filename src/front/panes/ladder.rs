//! 負担の段: for the patient who stands here while nothing can be looked up.
//! What can be shown, then the usual share by age, then the declaration or the
//! note (DOM-69 to 74). Chooses nothing that a person has to choose.

mod dates;
mod rungs;
#[cfg(test)]
mod tests;
mod view;

pub(super) use dates::day;

use super::cleared::{Clear, Cleared, emptied, says_nothing};
use crate::domain::age::{Burden, burden};
use crate::domain::draft::Draft;
use crate::domain::evidence::Rules;
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::form::Form;
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::link::message::ToFront;
use crate::text::fold;
use dates::dates;
use jiff::civil::Date;

const CHOOSE_SHARE: &str = "割合の数字を押すか、決められないときは 0 です。";

/// What is chosen of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Rung {
    #[default]
    None,
    /// That nothing can be shown.
    Nothing,
    /// A line of the rules.
    At(usize),
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Into the dates.
    Dates,
    /// To the things that can be shown.
    Rungs,
    /// To the share, where income decides.
    Share,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    /// The two dates that decide: birth and visit.
    dates: Form,
    /// All that came along from another pane.
    values: Values,
    /// The correction it goes back to.
    replaces: Option<(NoteId, u32)>,
    rung: Rung,
    share: Option<u8>,
    stage: Stage,
    /// The page of what is to be minded, where it does not fit.
    page: usize,
    /// Something came back from the declaration that is nowhere else.
    typed: bool,
    left: bool,
    /// It came back with what was left of a patient, and no key has said yet
    /// that it is the one who stands here: a digit meant for the menu chooses
    /// nothing.
    unseen: bool,
    /// What stood here before クリア.
    cleared: Cleared<State>,
    today: Date,
}

impl Clear for State {
    fn is_empty(&self) -> bool {
        says_nothing(&self.dates, &self.values)
            && self.replaces.is_none()
            && self.rung == Rung::None
    }

    fn cleared(&mut self) -> &mut Cleared<Self> {
        &mut self.cleared
    }
}

impl State {
    /// With nothing known yet.
    pub fn new(today: Date) -> Self {
        Self::of(today, Values::default(), None)
    }

    /// With what another pane holds, which goes back there.
    pub fn of(today: Date, values: Values, replaces: Option<(NoteId, u32)>) -> Self {
        let dates = dates(&values, today);
        let mut state = Self {
            dates,
            values,
            replaces,
            rung: Rung::None,
            share: None,
            stage: Stage::Rungs,
            page: 0,
            typed: false,
            left: false,
            unseen: false,
            cleared: Cleared::default(),
            today,
        };
        if state.birth().is_none() {
            state.stage = Stage::Dates;
        }
        state
    }

    /// As it was left.
    pub fn resume(&mut self, draft: &Draft) {
        *self = Self::of(
            self.today,
            Values::new(draft.fields.clone()),
            draft.note.clone(),
        );
        self.typed = true;
        self.unseen = true;
    }

    /// What came from the declaration above.
    pub fn receive(&mut self, values: &Values, replaces: Option<(NoteId, u32)>) {
        let birth = self.birth();
        self.values = values.clone();
        self.dates = dates(values, self.today);
        self.replaces = replaces;
        self.typed = true;
        if self.birth() != birth {
            self.share = None;
        }
        if self.birth().is_none() {
            self.stage = Stage::Dates;
        }
    }

    /// The correction it goes back to.
    pub fn corrects(&self) -> Option<&NoteId> {
        self.replaces.as_ref().map(|(id, _)| id)
    }

    /// What goes back to the note below with 戻る: then it stands there.
    pub fn give_back(&mut self, to_note: bool) -> Option<Values> {
        self.draft()?;
        to_note.then(|| {
            self.left = true;
            self.carried(&self.values)
        })
    }

    /// What is typed here and stands nowhere else.
    pub fn draft(&self) -> Option<Draft> {
        let typed = self.dates.text(Field::BirthDate) != self.values.get(Field::BirthDate);
        ((typed || self.typed) && !self.left).then(|| Draft {
            from_card: std::collections::BTreeSet::new(),
            pane: "ladder".to_owned(),
            note: self.replaces.clone(),
            fields: self.carried(&self.values).into_fields(),
            focus: Some(self.dates.focus()),
            others: Vec::new(),
        })
    }

    /// It was not left after all.
    pub fn stay(&mut self) {
        self.left = false;
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        self.dates.focus()
    }

    /// Whether characters go into a date.
    pub fn typing(&self) -> bool {
        self.stage == Stage::Dates
    }

    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// Nothing the desk service says concerns it.
    pub fn hear(&mut self, _cx: &mut Cx<'_>, _message: &ToFront) {}

    fn burden(&self) -> Option<Burden> {
        self.birth().map(|birth| burden(birth, self.visit()))
    }

    /// The ratio, if age alone decides or a person chose.
    fn ratio(&self) -> Option<u8> {
        match self.burden()?.choices() {
            [only] => Some(*only),
            several => self.share.filter(|share| several.contains(share)),
        }
    }

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        self.today = cx.now.today();
        if self.unseen {
            if matches!(input, Input::Char(_) | Input::Paste(_)) {
                return cx.say(Tone::Warning, wording::LADDER_GOES_ON);
            }
            self.unseen = false;
            if matches!(input, Input::Command(Command::Submit | Command::Next)) {
                return cx.hush();
            }
        }
        match (self.stage, input) {
            (_, Input::Command(Command::Ladder)) => {}
            (Stage::Share, Input::Command(Command::Back)) => {
                self.stage = Stage::Rungs;
                cx.hush();
            }
            (_, Input::Command(Command::Back)) => cx.go(Go::Back),
            (_, Input::Command(Command::Leave)) => {
                self.left = true;
                cx.go(Go::Back);
            }
            (Stage::Rungs | Stage::Share, Input::Command(Command::PageDown)) => {
                self.page = self.page.wrapping_add(1);
            }
            (Stage::Rungs | Stage::Share, Input::Command(Command::PageUp)) => {
                self.page = self.page.saturating_sub(1);
            }
            (_, Input::Command(Command::Clear)) => self.clear_all(cx),
            (Stage::Dates, Input::Command(Command::Undo))
                if self.cleared.is_some() && self.dates.is_undone() =>
            {
                self.take_back();
                cx.hush();
            }
            (Stage::Dates, input) => self.date(cx, &input),
            (_, Input::Char(c)) => self.digit(cx, fold::narrow_char(c)),
            (Stage::Share, Input::Command(Command::Up | Command::Previous)) => {
                self.stage = Stage::Rungs;
            }
            (Stage::Share, Input::Command(Command::Submit | Command::Next)) => {
                cx.say(Tone::Warning, CHOOSE_SHARE);
            }
            (_, Input::Command(Command::Submit | Command::Next)) => self.go_on(cx),
            (_, Input::Command(command)) => self.moved(cx, command),
            (_, Input::Paste(_)) => {}
        }
    }

    /// All of the patient goes, the correction it belonged to with it.
    fn clear_all(&mut self, cx: &mut Cx<'_>) {
        let mut fresh = Self::new(self.today);
        fresh.values = emptied(&self.values);
        self.clear(fresh, cx);
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match (self.stage, &self.rung) {
            (Stage::Dates, _) => {
                let advice = self.dates.advice(self.today);
                // True of both dates: a field move draws no new hint.
                let usual = "日付を入れ、{next} で進みます。{down} で見せたものの番号へ下ります。";
                advice.unwrap_or_else(|| usual.to_owned())
            }
            (Stage::Share, _) => {
                let choices = self.burden().map_or(&[][..], Burden::choices);
                let list: Vec<String> = choices.iter().map(|n| format!("{n} {n}割")).collect();
                format!("割合を選びます: {}  0 まだ決めない", list.join("  "))
            }
            (Stage::Rungs, Rung::None) => {
                "見せてもらったものの番号を押してください。{up} で日付へ。".to_owned()
            }
            (Stage::Rungs, Rung::Nothing) => "{submit} で控えに進みます。".to_owned(),
            (Stage::Rungs, Rung::At(_)) => {
                if self.picked(known).is_some_and(|e| e.declares) {
                    "{submit} で申立書に進みます。".to_owned()
                } else {
                    "{submit} で控えに進みます（見せたものと負担が入ります）。".to_owned()
                }
            }
        }
    }
}

fn rules(known: &Known) -> Option<&Rules> {
    known.welcome.as_ref().map(|welcome| &*welcome.rules)
}
