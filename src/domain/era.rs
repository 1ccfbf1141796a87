//! 和暦: eras and the two ways of writing a day (DOM-23, DOM-24).

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// 元号.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

struct Row {
    era: Era,
    name: &'static str,
    letter: char,
    digit: char,
    sign: char,
    first: Date,
}

/// A new era is a new row here and a name in [`Era`].
const TABLE: [Row; 5] = [
    Row {
        era: Era::Meiji,
        name: "明治",
        letter: 'M',
        digit: '1',
        sign: '㍾',
        first: date(1868, 1, 25),
    },
    Row {
        era: Era::Taisho,
        name: "大正",
        letter: 'T',
        digit: '2',
        sign: '㍽',
        first: date(1912, 7, 30),
    },
    Row {
        era: Era::Showa,
        name: "昭和",
        letter: 'S',
        digit: '3',
        sign: '㍼',
        first: date(1926, 12, 25),
    },
    Row {
        era: Era::Heisei,
        name: "平成",
        letter: 'H',
        digit: '4',
        sign: '㍻',
        first: date(1989, 1, 8),
    },
    Row {
        era: Era::Reiwa,
        name: "令和",
        letter: 'R',
        digit: '5',
        sign: '㋿',
        first: date(2019, 5, 1),
    },
];

impl Era {
    /// All, oldest first.
    pub const ALL: [Self; 5] = [
        Self::Meiji,
        Self::Taisho,
        Self::Showa,
        Self::Heisei,
        Self::Reiwa,
    ];

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// 昭和
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// 昭
    pub fn short(self) -> char {
        self.name().chars().next().unwrap_or(' ')
    }

    /// S
    pub fn letter(self) -> char {
        self.row().letter
    }

    /// The era digit of 7-digit dates.
    pub fn digit(self) -> char {
        self.row().digit
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.row().first
    }

    /// The western year of its year 1.
    pub fn first_year(self) -> i16 {
        self.first().year()
    }

    /// From the digit 1 to 5, the letter, the short name, or ㍼.
    pub fn from_mark(mark: char) -> Option<Self> {
        let upper = mark.to_ascii_uppercase();
        TABLE
            .iter()
            .find(|row| {
                row.letter == upper
                    || row.digit == mark
                    || row.sign == mark
                    || row.era.short() == mark
            })
            .map(|row| row.era)
    }

    /// The era a day belongs to; on the first day of an era the new one.
    pub fn of(day: Date) -> Option<Self> {
        TABLE
            .iter()
            .rev()
            .find(|row| row.first <= day)
            .map(|row| row.era)
    }

    /// Whether papers may give `day` in this era. The last day of an era is
    /// also the first of the next in 1912 and 1926 (DOM-24).
    pub fn holds(self, day: Date) -> bool {
        let next = TABLE.get(self as usize + 1).map(|row| row.first);
        let ends = next.is_none_or(|next| {
            day < next || day == next && matches!(self, Self::Meiji | Self::Taisho)
        });
        self.first() <= day && ends
    }

    /// 元年, 2年 …
    pub fn year_text(year: i16) -> String {
        if year == 1 {
            "元年".to_owned()
        } else {
            format!("{year}年")
        }
    }
}

/// A day in its era.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Japanese {
    /// The era.
    pub era: Era,
    /// Its year, from 1.
    pub year: i16,
}

/// Era and year of `day`; `None` before 明治.
pub fn to_japanese(day: Date) -> Option<Japanese> {
    let era = Era::of(day)?;
    Some(Japanese {
        era,
        year: day.year() - era.first_year() + 1,
    })
}

/// `昭和29年3月26日`, `令和元年5月1日`; before 明治 `1850年1月1日`.
pub fn long(day: Date) -> String {
    let year = to_japanese(day).map_or_else(
        || format!("{}年", day.year()),
        |j| format!("{}{}", j.era.name(), Era::year_text(j.year)),
    );
    format!("{year}{}月{}日", day.month(), day.day())
}

/// [`long`] in the era as it was written, where the day belongs to it as well:
/// 1912-07-30 is 明治45年7月30日 too (DOM-24).
pub fn long_in(written: Option<Era>, day: Date) -> String {
    match written {
        Some(era) if era.holds(day) => format!(
            "{}{}{}月{}日",
            era.name(),
            Era::year_text(day.year() - era.first_year() + 1),
            day.month(),
            day.day()
        ),
        _ => long(day),
    }
}

/// `昭29.03.26`, always ten columns from 明治 on; before that `1850.01.01`.
pub fn dotted(day: Date) -> String {
    to_japanese(day).map_or_else(
        || format!("{:04}.{:02}.{:02}", day.year(), day.month(), day.day()),
        |j| {
            format!(
                "{}{:02}.{:02}.{:02}",
                j.era.short(),
                j.year,
                day.month(),
                day.day()
            )
        },
    )
}

/// `S29.3.26`, the shortest that can be typed again; before 明治 `1850/1/1`.
pub fn letters(day: Date) -> String {
    to_japanese(day).map_or_else(
        || format!("{}/{}/{}", day.year(), day.month(), day.day()),
        |j| format!("{}{}.{}.{}", j.era.letter(), j.year, day.month(), day.day()),
    )
}

/// `1954-03-26`.
pub fn western(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dom_24_era_boundaries() {
        for (day, text, short) in [
            (date(1868, 1, 24), "1868年1月24日", "1868/1/24"),
            (date(1868, 1, 25), "明治元年1月25日", "M1.1.25"),
            (date(1912, 7, 29), "明治45年7月29日", "M45.7.29"),
            (date(1912, 7, 30), "大正元年7月30日", "T1.7.30"),
            (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
            (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
            (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
            (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
            (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
            (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
            (date(1954, 3, 26), "昭和29年3月26日", "S29.3.26"),
        ] {
            assert_eq!(long(day), text);
            assert_eq!(letters(day), short);
        }
        assert_eq!(dotted(date(1954, 3, 26)), "昭29.03.26");
        assert_eq!(western(date(1954, 3, 26)), "1954-03-26");
    }

    #[test]
    fn dom_24_two_days_belong_to_two_eras() {
        assert!(Era::Meiji.holds(date(1912, 7, 30)) && Era::Taisho.holds(date(1912, 7, 30)));
        assert!(Era::Taisho.holds(date(1926, 12, 25)) && Era::Showa.holds(date(1926, 12, 25)));
        assert!(!Era::Showa.holds(date(1989, 1, 8)) && Era::Heisei.holds(date(1989, 1, 8)));
        assert!(!Era::Heisei.holds(date(2019, 5, 1)) && Era::Reiwa.holds(date(2019, 5, 1)));
    }

    #[test]
    fn dom_23_marks() {
        for (mark, era) in [
            ('s', Some(Era::Showa)),
            ('S', Some(Era::Showa)),
            ('昭', Some(Era::Showa)),
            ('㍼', Some(Era::Showa)),
            ('3', Some(Era::Showa)),
            ('5', Some(Era::Reiwa)),
            ('6', None),
            ('X', None),
        ] {
            assert_eq!(Era::from_mark(mark), era, "{mark}");
        }
    }

    proptest! {
        #[test]
        fn every_day_lies_in_its_era(days in 0i32..70_000) {
            let day = date(1868, 1, 25).saturating_add(jiff::Span::new().days(days));
            let j = to_japanese(day).unwrap();
            prop_assert!(j.era.holds(day));
            prop_assert!(j.year >= 1);
            prop_assert_eq!(j.era.first_year() + j.year - 1, day.year());
        }
    }
}
