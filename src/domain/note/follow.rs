//! Follow-up (DOM-91): an insurer may register a change days after the visit,
//! so a note that came out as 無効 or なし is looked up again on set days, with
//! the same visit date.
//!
//! A note is resolved once per question. Looking again is a new question: what
//! it was resolved as before is kept in [`Note::looks`](super::Note::looks),
//! and the note goes through the same states as any other.

use super::{Note, NoteState, Resolution};
use crate::domain::entitlement::Validity;
use crate::domain::settling::Settling;
use crate::domain::time::slash_date;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Answers of earlier questions a note carries along; the older ones are in
/// the journal.
const MOST_LOOKS: usize = 10;

/// When a resolved note is looked up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// On this day, or as soon afterwards as it can be asked for.
    pub day: Date,
    /// ユーザID of who chose the day; empty if the schedule did.
    pub set_by: String,
}

/// The days of the follow-up (`follow-up.days`, `follow-up.month-end`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Days after the visit; none switches the schedule off.
    pub days: Vec<u16>,
    /// Also on the last day of the visit's month: the claims of the month are
    /// sent from the 1st to the 10th of the next.
    pub month_end: bool,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            days: vec![5, 10],
            month_end: true,
        }
    }
}

impl Schedule {
    /// The first day of the schedule later than `today`.
    pub fn next(&self, visit: Date, today: Date) -> Option<Date> {
        if self.days.is_empty() {
            return None;
        }
        let after = |days: &u16| visit.checked_add(Span::new().days(i64::from(*days))).ok();
        self.days
            .iter()
            .filter_map(after)
            .chain(self.month_end.then(|| visit.last_of_month()))
            .filter(|day| *day > today)
            .min()
    }
}

impl Resolution {
    /// Whether a later look may well come out otherwise.
    pub fn may_change(&self) -> bool {
        matches!(
            self.answer.validity,
            Validity::Invalid | Validity::InvalidNewer | Validity::NotFound
        )
    }

    /// A person made sure that the central system knows nobody like this.
    pub fn is_absent(&self) -> bool {
        self.answer.validity == Validity::NotFound
    }
}

impl Note {
    /// Gives a note that has just been resolved its next look-up day.
    pub(super) fn plan_follow(&mut self, schedule: &Schedule, at: Timestamp, today: Date) {
        let NoteState::Resolved(resolution) = &self.state else {
            return;
        };
        self.follow = resolution
            .may_change()
            .then(|| schedule.next(self.content.visit_date, today))
            .flatten()
            .map(|day| Follow {
                day,
                set_by: String::new(),
            });
        if let Some(follow) = &self.follow {
            let text = format!("{} にもう一度照会します。", slash_date(follow.day));
            self.step(at, "", &text);
        }
    }

    /// A person set the day, or dropped it.
    pub(super) fn set_follow(&mut self, day: Option<Date>, reason: &str, by: &str, at: Timestamp) {
        self.follow = day.map(|day| Follow {
            day,
            set_by: by.to_owned(),
        });
        let why = if reason.is_empty() {
            String::new()
        } else {
            format!("（{reason}）")
        };
        let text = match day {
            Some(day) => format!("再照会の日を {} にしました{why}。", slash_date(day)),
            None => format!("再照会をやめました{why}。"),
        };
        self.step(at, by, &text);
    }

    /// The day has come: what it was resolved as is kept, and it waits again.
    pub(super) fn look_again(&mut self, at: Timestamp) {
        self.begin_again();
        self.follow = None;
        // What is to be done belongs to the answer.
        self.settling = Settling::default();
        let waiting = NoteState::Waiting { not_before: None };
        if let NoteState::Resolved(resolution) = std::mem::replace(&mut self.state, waiting) {
            if self.looks.len() >= MOST_LOOKS {
                self.looks.remove(0);
            }
            self.looks.push(*resolution);
        }
        self.step(at, "", "再照会の日になりました。同じ来院日で照会します。");
    }

    /// The note as it is asked again on its day: for the plan.
    #[must_use]
    pub fn reopened(&self) -> Self {
        let mut again = self.clone();
        again.look_again(self.taken);
        again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dom_91_five_and_ten_days_and_before_the_claims() {
        let schedule = Schedule::default();
        let visit = date(2026, 11, 12);
        let mut days = Vec::new();
        let mut today = visit;
        while let Some(day) = schedule.next(visit, today) {
            days.push(day);
            today = day;
        }
        assert_eq!(
            days,
            [date(2026, 11, 17), date(2026, 11, 22), date(2026, 11, 30)]
        );
        // At the end of a month the claims come first.
        let visit = date(2026, 12, 28);
        assert_eq!(schedule.next(visit, visit), Some(date(2026, 12, 31)));
        let off = Schedule {
            days: Vec::new(),
            month_end: true,
        };
        assert_eq!(off.next(visit, visit), None);
    }
}
