//! What a note is called by, and how a text that came from elsewhere is told
//! to be such a number.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Digits of a number at most.
const MOST_DIGITS: usize = 7;

/// `20261120-0007`: the day it was taken and its number on that day. Orders
/// by time, can be said on the telephone, made once and never reused (REL-11).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteId(pub String);

/// An id taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The day it was given out on, a real one.
    pub day: Date,
    /// The letter of a series apart (`20261120-S001`).
    pub letter: Option<char>,
    /// The number, of 7 digits at most.
    pub number: u32,
    /// With how many digits it is written.
    pub width: usize,
}

impl NoteId {
    /// Day, letter and number; `None` if it is not built like ours.
    pub fn parts(&self) -> Option<Parts> {
        let (day, rest) = self.0.split_once('-')?;
        let letter = rest.chars().next().filter(char::is_ascii_uppercase);
        let number = match letter {
            Some(letter) => rest.strip_prefix(letter)?,
            None => rest,
        };
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let width = number.len();
        if day.len() != 8 || !(1..=MOST_DIGITS).contains(&width) || !digits(day) || !digits(number)
        {
            return None;
        }
        let day: u32 = day.parse().ok()?;
        let (month, of_month) = (day / 100 % 100, day % 100);
        Some(Parts {
            day: Date::new(
                i16::try_from(day / 10_000).ok()?,
                i8::try_from(month).ok()?,
                i8::try_from(of_month).ok()?,
            )
            .ok()?,
            letter,
            number: number.parse().ok()?,
            width,
        })
    }
}

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn rel_11_what_is_built_like_ours() {
        let parts = |id: &str| NoteId(id.to_owned()).parts();
        let day = date(2026, 11, 20);
        for (id, letter, number, width) in [
            ("20261120-0007", None, 7, 4),
            ("20261120-7", None, 7, 1),
            ("20261120-9999999", None, 9_999_999, 7),
            ("20261120-S001", Some('S'), 1, 3),
            ("20261120-X9999999", Some('X'), 9_999_999, 7),
        ] {
            let expected = Parts {
                day,
                letter,
                number,
                width,
            };
            assert_eq!(parts(id), Some(expected), "{id}");
        }
        for odd in [
            "",
            "-",
            "x",
            "a-Ä",
            "20261120",
            "20261120-",
            "20261120-S",
            "20261120-SS1",
            "20261120-s001",
            "20261120-+001",
            "20261120-000１",
            "20261120-00000001",
            "20261120-4294967295",
            "2026112-0001",
            "20261320-0001",
            "20260230-0001",
            "+2026112-0001",
            "20261120-0001-1",
        ] {
            assert_eq!(parts(odd), None, "{odd}");
        }
    }
}
