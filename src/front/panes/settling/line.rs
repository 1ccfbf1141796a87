//! The lines that are typed on the check list: 照会番号, the day of the next
//! look, why there is none. What is typed stays until it is on disk.

use super::{Mode, State, Waiting};
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::field::Field;
use crate::domain::form::{self, away};
use crate::domain::settling::Item;
use crate::domain::time::compact_date;
use crate::front::app::{Cx, Input, Tone};
use crate::front::canvas::Role;
use crate::front::edit;
use crate::front::keys::command::Command;
use crate::link::message::{SettlingStep, ToDesk};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// What is typed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    /// The 照会番号.
    Reference,
    /// The day it is looked up again (DOM-91).
    Day,
    /// Why it is not looked up again.
    Drop,
}

impl Line {
    pub(super) fn field(self) -> Field {
        match self {
            Self::Reference => Field::Reference,
            Self::Day => Field::CheckDate,
            Self::Drop => Field::Reason,
        }
    }
}

impl State {
    /// Begins or goes on with a line.
    pub(super) fn write(&mut self, cx: &mut Cx<'_>, line: Line, known: &str) {
        cx.hush();
        self.lines
            .entry(line)
            .or_insert_with(|| edit::line(line.field(), known));
        self.mode = Mode::Line(line);
    }

    pub(super) fn text(&self, line: Line) -> &str {
        self.lines
            .get(&line)
            .map_or("", |field| field.text().trim())
    }

    /// A key while a line is typed.
    pub(super) fn edit(&mut self, cx: &mut Cx<'_>, line: Line, input: &Input) {
        match (line, input) {
            // Neither loses anything.
            (_, Input::Command(Command::Back | Command::Leave)) => {
                cx.hush();
                self.mode = Mode::List;
            }
            (Line::Reference, Input::Command(Command::Submit | Command::Next)) => {
                self.reference_given(cx);
            }
            (Line::Day, Input::Command(Command::Submit | Command::Next)) => self.day_given(cx),
            (Line::Drop, Input::Command(Command::Submit | Command::Next)) => {
                self.reason_given(cx);
            }
            (line, input) => {
                let field = self.lines.entry(line).or_default();
                edit::told(cx, field, line.field(), input);
            }
        }
    }

    fn reference_given(&mut self, cx: &mut Cx<'_>) {
        let reference = self.text(Line::Reference).to_owned();
        let said = form::feedback(Field::Reference, &reference, cx.now.today());
        if reference.is_empty() {
            cx.say(
                Tone::Warning,
                "照会番号: 空です。番号を入れるか、{back} でやめてください。",
            );
        } else if said.tone == form::Tone::Bad {
            let why = said.advice.unwrap_or(said.shown);
            cx.say(Tone::Error, format!("照会番号: {why}"));
        } else {
            cx.say(Tone::Hint, "照会番号を送っています。");
            self.mode = Mode::List;
            self.ask(cx, Item::Reference, SettlingStep::Register { reference });
        }
    }

    fn day_given(&mut self, cx: &mut Cx<'_>) {
        let today = cx.now.today();
        match read_date(self.text(Line::Day), None, Purpose::Check, today) {
            DateReading::Empty => self.write(cx, Line::Drop, ""),
            DateReading::Day { day, .. } if day < today => {
                cx.say(Tone::Warning, "今日より前の日は選べません。");
            }
            DateReading::Day { day, .. } => self.follow(cx, Some(day), String::new()),
            DateReading::Wrong(why) => cx.say(Tone::Warning, why),
            DateReading::Incomplete => {
                let text = format!("日付が途中です（{}）。", self.example());
                cx.say(Tone::Warning, text);
            }
        }
    }

    fn reason_given(&mut self, cx: &mut Cx<'_>) {
        let reason = self.text(Line::Drop).to_owned();
        if reason.is_empty() {
            let text = "空です。再照会しない理由を入れてください（例: 患者が保険証を持参）。";
            return cx.say(Tone::Warning, text);
        }
        self.follow(cx, None, reason);
    }

    /// What stands behind a line.
    pub(super) fn beside(&self, line: Line, today: Date) -> (Role, String) {
        let text = self.text(line);
        match line {
            Line::Day if text.is_empty() => {
                (Role::Dim, format!("西暦8桁（例 {}）", self.example()))
            }
            Line::Drop if text.is_empty() => (Role::Dim, "例 患者が保険証を持参".to_owned()),
            Line::Day => match read_date(text, None, Purpose::Check, today) {
                DateReading::Day { day, .. } if day < today => {
                    (Role::Warning, "今日より前の日は選べません".to_owned())
                }
                // A day to come is no doubt here.
                DateReading::Day { day, era, .. } => (Role::Normal, away(era, day, today)),
                _ => edit::beside(line.field(), text, today),
            },
            line => edit::beside(line.field(), text, today),
        }
    }

    /// A day as it may be typed: five days after the visit.
    pub(super) fn example(&self) -> String {
        let visit = self.note.content.visit_date;
        let day = visit.checked_add(5.days()).unwrap_or(visit);
        compact_date(day)
    }

    fn follow(&mut self, cx: &mut Cx<'_>, day: Option<Date>, reason: String) {
        self.mode = Mode::List;
        let ticket = cx.ticket();
        cx.send(ToDesk::FollowNote {
            ticket,
            id: self.note.id.clone(),
            revision: self.note.revision,
            day,
            reason,
        });
        self.waiting = Some((ticket, Waiting::Follow));
    }
}
