//! Another day in the place of a birth date, written in the same way.

use super::letters::digit_like;
use crate::domain::entry::{Purpose, read_date};
use crate::domain::era::Era;
use crate::text::fold;
use jiff::civil::Date;

/// The day that `text` means as a birth date.
pub fn day(text: &str, today: Date) -> Option<Date> {
    read_date(text, Some(Era::Showa), Purpose::Birth, today).day()
}

/// `text` with another day in it: no part of it stays, but the era, and how
/// many digits each part has. `None` if it is not a whole date.
pub fn other(text: &str, nth: usize, today: Date) -> Option<String> {
    let real = day(text, today)?;
    (0..60).find_map(|turn| {
        let new = moved(real, nth + turn)?;
        let written = written(text, real, new)?;
        (day(&written, today) == Some(new) && new <= today).then_some(written)
    })
}

fn moved(real: Date, nth: usize) -> Option<Date> {
    let nth = i16::try_from(nth % 1000).ok()?;
    let years = [1, -1, 2, -2, 3, -3, 4, -4][usize::try_from(nth % 8).ok()?];
    let month = turned(real.month(), 9, 12, i8::try_from(nth % 7).ok()? + 1);
    let day = turned(real.day(), 9, 28, i8::try_from(nth % 5).ok()? + 1);
    Date::new(real.year() + years, month, day).ok()
}

/// Another number with as many digits.
fn turned(value: i8, short: i8, long: i8, by: i8) -> i8 {
    let (from, to) = if value <= short {
        (1, short)
    } else {
        (short + 1, long)
    };
    let span = to - from + 1;
    let at = from + (value.min(to) - from + by) % span;
    if at == value {
        from + (at - from + 1) % span
    } else {
        at
    }
}

fn written(text: &str, real: Date, new: Date) -> Option<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for (at, c) in signs.iter().enumerate() {
        match (fold::digit(*c), open) {
            (Some(_), true) => groups.last_mut()?.push(at),
            (Some(_), false) => groups.push(vec![at]),
            (None, _) => {}
        }
        open = fold::digit(*c).is_some();
    }
    if let [all] = groups.as_slice() {
        // Without signs: year, month and day in two digits each, or more for
        // the year.
        let year = all.len().checked_sub(4)?;
        let (year, rest) = all.split_at(year);
        let (month, day) = rest.split_at(2);
        groups = vec![year.to_vec(), month.to_vec(), day.to_vec()];
        // A digit for the era before the two of the year stays.
        if groups[0].len() == 3 {
            groups[0].remove(0);
        }
    }
    let [year, month, day] = groups.as_slice() else {
        return None;
    };
    let number = |group: &[usize]| -> Option<i16> {
        let text: String = group
            .iter()
            .filter_map(|at| fold::digit(signs[*at]))
            .collect();
        text.parse().ok()
    };
    let new_year = number(year)? + new.year() - real.year();
    let mut out = signs.clone();
    for (group, value) in [
        (year, new_year),
        (month, new.month().into()),
        (day, new.day().into()),
    ] {
        let width = group.len();
        let text = format!("{value:0width$}");
        if text.len() != width {
            return None;
        }
        for (at, digit) in group.iter().zip(text.chars()) {
            out[*at] = digit_like(signs[*at], digit);
        }
    }
    Some(out.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_becomes_another_one_written_alike() {
        let today = date(2026, 11, 20);
        for text in [
            "S29.3.26",
            "290326",
            "19540326",
            "昭和29年3月26日",
            "1954/03/26",
            "Ｓ２９．３．２６",
            "3290326",
            "H1.1.8",
            "R8.11.1",
            "S64.1.7",
        ] {
            let real = day(text, today).unwrap();
            for nth in 0..40 {
                let Some(new) = other(text, nth, today) else {
                    continue;
                };
                assert_eq!(new.chars().count(), text.chars().count(), "{new}");
                let day = day(&new, today).unwrap();
                assert!(
                    day.year() != real.year()
                        && day.month() != real.month()
                        && day.day() != real.day(),
                    "{text} {new}"
                );
            }
            if !matches!(text, "R8.11.1" | "S64.1.7" | "H1.1.8") {
                assert!(other(text, 3, today).is_some(), "{text}");
            }
        }
        assert_eq!(other("S29.13.26", 0, today), None);
        assert_eq!(other("S29.", 0, today), None);
    }
}
