//! What is unusual about a date that may still be right (DOM-25).

use super::{Purpose, full_years};
use jiff::civil::Date;
use std::fmt;

/// Years beyond which a birth date is asked about.
const OLDEST: u16 = 120;

/// What to make sure of; never a refusal. Written out it is a sentence for the
/// message line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// After today.
    Future,
    /// Older than anybody, in full years.
    Age(u16),
}

impl Doubt {
    /// The same in a word, for the field's own line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Future => "未来の日付",
            Self::Age(_) => "120歳超え",
        }
    }

    pub(super) fn of(day: Date, purpose: Purpose, today: Date) -> Option<Self> {
        match purpose {
            _ if day > today => Some(Self::Future),
            Purpose::Birth => full_years(day, today)
                .filter(|&years| years > OLDEST)
                .map(Self::Age),
            Purpose::Check => None,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Future => f.write_str("未来の日付です。確かめてください。"),
            Self::Age(years) => {
                write!(f, "満{years}歳になります。元号と年を確かめてください。")
            }
        }
    }
}
