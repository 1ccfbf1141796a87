//! Ages and what follows from them (DOM-27, DOM-28).

use jiff::civil::Date;

/// Full years at `day`; `None` for a birth after that day. Whoever was born
/// on 29 February turns older on 1 March of ordinary years here.
pub fn full_years(birth: Date, day: Date) -> Option<u16> {
    if birth > day {
        return None;
    }
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    u16::try_from(day.year() - birth.year() - i16::from(before_birthday)).ok()
}

/// The 年度 a day belongs to: April to March.
pub fn fiscal_year(day: Date) -> i16 {
    day.year() - i16::from(day.month() < 4)
}

/// 義務教育就学前 at the day of the check (OUT-53, DOM-27).
pub fn is_preschool(birth: Date, check: Date) -> bool {
    (birth.year(), birth.month(), birth.day()) >= (fiscal_year(check) - 6, 4, 2)
}

/// The share a patient pays by age alone; income may raise it (DOM-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Burden {
    /// 2割: 義務教育就学前.
    Preschool,
    /// 3割.
    Ordinary,
    /// 2割か3割: 70 to 74.
    Elderly,
    /// 1割, 2割か3割: 後期高齢者.
    LateElderly,
}

impl Burden {
    /// `2割か3割`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Preschool => "2割",
            Self::Ordinary => "3割",
            Self::Elderly => "2割か3割",
            Self::LateElderly => "1割か2割か3割",
        }
    }
}

impl Burden {
    /// The ratios it can be, in 割. Where there are several, income decides
    /// and a person chooses.
    pub fn choices(self) -> &'static [u8] {
        match self {
            Self::Preschool => &[2],
            Self::Ordinary => &[3],
            Self::Elderly => &[2, 3],
            Self::LateElderly => &[1, 2, 3],
        }
    }

    /// Why, for the clerk.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Preschool => "義務教育就学前",
            Self::Ordinary => "就学後から70歳になる月まで",
            Self::Elderly => "70～74歳（所得で決まる）",
            Self::LateElderly => "75歳から（後期。所得で決まる）",
        }
    }
}

/// The usual share at `day` (DOM-28).
pub fn burden(birth: Date, day: Date) -> Burden {
    if is_preschool(birth, day) {
        return Burden::Preschool;
    }
    if day >= birthday(birth, 75) {
        return Burden::LateElderly;
    }
    // From the month after the 70th birthday, or that month itself for
    // people born on its first day.
    let seventieth = birthday(birth, 70);
    let (mut year, mut month) = (seventieth.year(), seventieth.month());
    if seventieth.day() != 1 {
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    if (day.year(), day.month()) >= (year, month) {
        Burden::Elderly
    } else {
        Burden::Ordinary
    }
}

fn birthday(birth: Date, years: i16) -> Date {
    let year = birth.year().saturating_add(years);
    Date::new(year, birth.month(), birth.day())
        .or_else(|_| Date::new(year, 3, 1))
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn dom_26_full_years() {
        for (birth, day, years) in [
            (date(1954, 3, 26), date(2026, 11, 20), Some(72)),
            (date(1954, 3, 26), date(2026, 3, 25), Some(71)),
            (date(1954, 3, 26), date(2026, 3, 26), Some(72)),
            (date(2024, 2, 29), date(2025, 2, 28), Some(0)),
            (date(2024, 2, 29), date(2025, 3, 1), Some(1)),
            (date(2026, 11, 21), date(2026, 11, 20), None),
        ] {
            assert_eq!(full_years(birth, day), years, "{birth} {day}");
        }
    }

    #[test]
    fn dom_27_preschool() {
        for (check, birth, preschool) in [
            (date(2024, 3, 31), date(2017, 4, 2), true),
            (date(2024, 3, 31), date(2017, 4, 1), false),
            (date(2024, 4, 1), date(2018, 4, 2), true),
            (date(2024, 4, 1), date(2018, 4, 1), false),
        ] {
            assert_eq!(is_preschool(birth, check), preschool, "{check} {birth}");
        }
    }

    #[test]
    fn dom_28_burden() {
        for (birth, day, share) in [
            (date(2022, 5, 1), date(2026, 11, 20), Burden::Preschool),
            (date(1990, 1, 1), date(2026, 11, 20), Burden::Ordinary),
            (date(1956, 11, 2), date(2026, 11, 30), Burden::Ordinary),
            (date(1956, 11, 2), date(2026, 12, 1), Burden::Elderly),
            (date(1956, 11, 1), date(2026, 11, 1), Burden::Elderly),
            (date(1956, 12, 31), date(2027, 1, 1), Burden::Elderly),
            (date(1951, 11, 21), date(2026, 11, 20), Burden::Elderly),
            (date(1951, 11, 20), date(2026, 11, 20), Burden::LateElderly),
            // Born on the 1st, the birthday month itself; on any other day,
            // the month after.
            (date(1956, 11, 1), date(2026, 10, 31), Burden::Ordinary),
            (date(1956, 10, 31), date(2026, 10, 31), Burden::Ordinary),
            (date(1956, 10, 31), date(2026, 11, 1), Burden::Elderly),
            (date(1956, 2, 29), date(2026, 3, 1), Burden::Elderly),
            // The 年度 turns, and so does 就学.
            (date(2020, 4, 2), date(2027, 3, 31), Burden::Preschool),
            (date(2020, 4, 2), date(2027, 4, 1), Burden::Ordinary),
            (date(2020, 4, 1), date(2026, 4, 1), Burden::Ordinary),
            (date(2020, 4, 1), date(2026, 3, 31), Burden::Preschool),
        ] {
            assert_eq!(burden(birth, day), share, "{birth} {day}");
        }
    }

    #[test]
    fn dom_28_what_a_person_chooses_from() {
        for (share, ratios) in [
            (Burden::Preschool, &[2][..]),
            (Burden::Ordinary, &[3]),
            (Burden::Elderly, &[2, 3]),
            (Burden::LateElderly, &[1, 2, 3]),
        ] {
            assert_eq!(share.choices(), ratios);
            for ratio in ratios {
                assert!(share.label().contains(&format!("{ratio}割")));
            }
        }
    }

    proptest! {
        #[test]
        fn a_year_later_is_a_year_older(birth in 0i32..40_000, lived in 0i32..40_000) {
            let birth = date(1900, 1, 1).saturating_add(jiff::Span::new().days(birth));
            let day = birth.saturating_add(jiff::Span::new().days(lived));
            let later = Date::new(day.year() + 1, day.month(), day.day());
            if let (Some(age), Ok(later)) = (full_years(birth, day), later) {
                prop_assert_eq!(full_years(birth, later), Some(age + 1));
            }
        }
    }
}
