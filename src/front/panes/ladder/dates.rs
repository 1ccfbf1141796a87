//! The two dates that decide, the birth and the visit: typed first, and nothing
//! goes on with half of one.

use super::{Stage, State};
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::era::Era;
use crate::domain::field::{Field, Problem};
use crate::domain::form::{self, Values, settled};
use crate::domain::time::slash_date;
use crate::front::app::{Cx, Input, Tone};
use crate::front::form::{Did, Entry, Form, Kind, Mark};
use crate::front::keys::command::Command;
use jiff::civil::Date;

pub(super) fn dates(values: &Values, today: Date) -> Form {
    let mut form = Form::new(vec![
        Entry::new(Field::BirthDate, Mark::Required, Kind::Date),
        Entry::new(Field::CheckDate, Mark::Required, Kind::Date)
            .initial(&slash_date(today))
            .rule("受診した日"),
    ]);
    for field in [Field::BirthDate, Field::CheckDate] {
        let text = values.get(field);
        if !text.trim().is_empty() {
            form.set(field, text);
        }
    }
    form
}

impl State {
    pub(super) fn birth(&self) -> Option<Date> {
        day(&self.dates, Field::BirthDate, self.today)
    }

    pub(super) fn visit(&self) -> Date {
        day(&self.dates, Field::CheckDate, self.today).unwrap_or(self.today)
    }

    pub(super) fn date(&mut self, cx: &mut Cx<'_>, input: &Input) {
        let down = matches!(input, Input::Command(Command::Down | Command::PageDown));
        let next = matches!(input, Input::Command(Command::Next));
        let from = self.dates.focus();
        if down && from == Field::CheckDate {
            return self.enter_rungs(cx);
        }
        match self.dates.input(input) {
            Did::Run if self.dates.text(Field::BirthDate).trim().is_empty() => {
                self.dates.focus_on(Field::BirthDate);
                cx.say(
                    Tone::Warning,
                    "生年月日: 負担の割合に要ります。{down} で先に見せたものを選べます。",
                );
            }
            Did::Run => self.enter_rungs(cx),
            // The day of the visit stands there already: the next digit is
            // meant for the list and would take its place.
            Did::Moved if next && from == Field::BirthDate && self.unfinished().is_none() => {
                self.enter_rungs(cx);
            }
            Did::Changed => {
                self.share = None;
                cx.hush();
            }
            Did::Refused(why) => cx.say(Tone::Warning, why),
            Did::Moved | Did::Nothing => {}
        }
    }

    fn enter_rungs(&mut self, cx: &mut Cx<'_>) {
        if self.dates_stand(cx) {
            self.stage = Stage::Rungs;
            cx.hush();
        }
    }

    /// Nothing goes on with half a date; a birth date may be missing.
    pub(super) fn dates_stand(&mut self, cx: &mut Cx<'_>) -> bool {
        let problem = self.unfinished();
        if let Some(problem) = &problem {
            self.stage = Stage::Dates;
            cx.say(Tone::Error, problem.to_string());
        }
        let stand = problem.is_none();
        self.dates.set_problems(problem.into_iter().collect());
        stand
    }

    fn unfinished(&self) -> Option<Problem> {
        [Field::BirthDate, Field::CheckDate]
            .into_iter()
            .find_map(|field| {
                let text = self.dates.text(field);
                let said = settled(field, text, self.today);
                let why = match (field, text.trim().is_empty()) {
                    (Field::BirthDate, true) => return None,
                    (_, true) => "入れてください。".to_owned(),
                    _ if said.tone == form::Tone::Bad => said.shown,
                    _ => return None,
                };
                Some(Problem { field, text: why })
            })
    }

    /// With the dates as they stand here.
    pub(super) fn carried(&self, values: &Values) -> Values {
        let mut values = values.clone();
        for field in [Field::BirthDate, Field::CheckDate] {
            values.set(field, self.dates.text(field));
        }
        values
    }
}

/// The day that a form's field of a birth or a visit stands for.
pub(in crate::front::panes) fn day(form: &Form, field: Field, today: Date) -> Option<Date> {
    let (era, purpose) = match field {
        Field::BirthDate => (Some(Era::Showa), Purpose::Birth),
        _ => (None, Purpose::Check),
    };
    match read_date(form.text(field), era, purpose, today) {
        DateReading::Day { day, .. } => Some(day),
        _ => None,
    }
}
