//! When the コールセンター answers (OUT-92): working days 8:00 to 18:00,
//! Saturdays 8:00 to 16:00, closed on Sundays, holidays and from 29 December
//! to 3 January.
//!
//! Holidays by the rules of the 国民の祝日に関する法律 as they stand since
//! 2022; the two equinoxes by the usual approximation, good for 1980 to 2099.

use crate::domain::time::jst;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

/// Whether the telephone is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::front::panes) enum State {
    /// Until this hour today.
    Open {
        /// The hour.
        until: i8,
    },
    /// Not now.
    Closed {
        /// When it opens next.
        next: String,
    },
}

/// First hour of every day it is open.
const OPENS: i8 = 8;

/// Whether it is open at `at`.
pub(in crate::front::panes) fn state(at: Timestamp) -> State {
    let here = jst(at);
    let today = here.date();
    if let Some(until) = closes(today) {
        if (OPENS..until).contains(&here.hour()) {
            return State::Open { until };
        }
        if here.hour() < OPENS {
            return State::Closed {
                next: format!("今日 {OPENS}:00"),
            };
        }
    }
    let mut day = today;
    // Never more than the turn of the year with its Sundays.
    for _ in 0..14 {
        let Ok(next) = day.checked_add(1.day()) else {
            break;
        };
        day = next;
        if closes(day).is_some() {
            return State::Closed {
                next: format!("{}/{}（{}）{OPENS}:00", day.month(), day.day(), word(day)),
            };
        }
    }
    State::Closed {
        next: "次の平日".to_owned(),
    }
}

fn word(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

/// The hour it closes on that day; `None` for a day it does not open.
fn closes(day: Date) -> Option<i8> {
    let turn = (day.month() == 12 && day.day() >= 29) || (day.month() == 1 && day.day() <= 3);
    if turn || is_holiday(day) {
        return None;
    }
    match day.weekday() {
        Weekday::Sunday => None,
        Weekday::Saturday => Some(16),
        _ => Some(18),
    }
}

/// A 国民の祝日, or a day off because of one.
fn is_holiday(day: Date) -> bool {
    named(day) || substitute(day) || between(day)
}

fn named(day: Date) -> bool {
    let (year, month, of_month) = (day.year(), day.month(), day.day());
    let monday = |nth: i8| day.weekday() == Weekday::Monday && (of_month - 1) / 7 + 1 == nth;
    match month {
        1 => of_month == 1 || monday(2),
        2 => of_month == 11 || of_month == 23,
        3 => of_month == equinox(year, 20_843_100),
        4 => of_month == 29,
        5 => (3..=5).contains(&of_month),
        7 => monday(3),
        8 => of_month == 11,
        9 => monday(3) || of_month == equinox(year, 23_248_800),
        10 => monday(2),
        11 => of_month == 3 || of_month == 23,
        _ => false,
    }
}

/// The day of the month, from its millionths in 1980.
fn equinox(year: i16, base: i64) -> i8 {
    let years = i64::from(year) - 1980;
    let day = (base + 242_194 * years) / 1_000_000 - years.div_euclid(4);
    i8::try_from(day).unwrap_or(0)
}

/// 振替休日: the first day after a holiday on a Sunday that is none itself.
fn substitute(day: Date) -> bool {
    if named(day) {
        return false;
    }
    let mut before = day;
    while let Ok(earlier) = before.checked_sub(1.day()) {
        if !named(earlier) {
            return false;
        }
        if earlier.weekday() == Weekday::Sunday {
            return true;
        }
        before = earlier;
    }
    false
}

/// 国民の休日: a day between two holidays.
fn between(day: Date) -> bool {
    let named_at = |by: i64| day.checked_add(by.days()).is_ok_and(named);
    !named(day) && named_at(-1) && named_at(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_of_three_years() {
        let of = |year: i16| {
            let mut days = Vec::new();
            let mut day = date(year, 1, 1);
            while day.year() == year {
                if is_holiday(day) {
                    days.push(format!("{}/{}", day.month(), day.day()));
                }
                day = day.tomorrow().unwrap();
            }
            days.join(" ")
        };
        assert_eq!(
            of(2024),
            "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23"
        );
        assert_eq!(
            of(2025),
            "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24"
        );
        assert_eq!(
            of(2026),
            "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23"
        );
    }

    #[test]
    fn out_92_open_now() {
        let at = |text: &str| state(text.parse().unwrap());
        let closed = |next: &str| State::Closed {
            next: next.to_owned(),
        };
        for (time, expected) in [
            ("2026-11-20T08:00:00+09:00", State::Open { until: 18 }),
            ("2026-11-20T17:59:59+09:00", State::Open { until: 18 }),
            ("2026-11-20T07:59:59+09:00", closed("今日 8:00")),
            ("2026-11-20T18:00:00+09:00", closed("11/21（土）8:00")),
            ("2026-11-21T15:59:00+09:00", State::Open { until: 16 }),
            ("2026-11-21T16:00:00+09:00", closed("11/24（火）8:00")),
            ("2026-11-22T10:00:00+09:00", closed("11/24（火）8:00")),
            ("2026-12-28T18:00:00+09:00", closed("1/4（月）8:00")),
            ("2026-12-29T10:00:00+09:00", closed("1/4（月）8:00")),
        ] {
            assert_eq!(at(time), expected, "{time}");
        }
    }
}
