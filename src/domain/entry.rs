//! Free entry of a date: every usual way of writing one is read, while it is
//! still being typed too (DOM-22 to 26).

mod doubt;

pub use doubt::Doubt;

use super::age::full_years;
use super::era::{self, Era};
use crate::text::fold::{is_hyphen, narrow_char};
use jiff::civil::Date;

/// What the date is for, which decides what is unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// 生年月日.
    Birth,
    /// 資格確認日.
    Check,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateReading {
    /// Nothing typed.
    Empty,
    /// Still on the way to a date.
    Incomplete,
    /// A day.
    Day {
        /// The day.
        day: Date,
        /// The era it was written in, if it was.
        era: Option<Era>,
        /// It was written in another era and converted: how (DOM-25).
        converted: Option<String>,
        /// It is unusual: what to make sure of (DOM-25). Never a refusal.
        doubt: Option<Doubt>,
    },
    /// Cannot become a date: why.
    Wrong(String),
}

impl DateReading {
    /// The day, if there is one.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Day { day, .. } => Some(*day),
            _ => None,
        }
    }

    /// Why it is not what a paper or a card prints, where it was set right:
    /// the era it was written in does not have that day.
    pub fn not_of_its_era(&self) -> Option<String> {
        match self {
            Self::Day {
                day,
                era: Some(era),
                converted: Some(_),
                ..
            } => Some(format!(
                "{}にその日はありません（{}になります）。券面の元号と年を確かめてください。",
                era.name(),
                era::long(*day)
            )),
            _ => None,
        }
    }
}

/// Before this day a date in 明治 was one of another calendar, and nobody born
/// then comes to a desk.
const GREGORIAN: Date = Date::constant(1873, 1, 1);

/// Reads `text`. `era` is the era on the screen, taken for six bare digits and
/// for years without a mark (OUT-30: 昭和).
pub fn read_date(text: &str, era: Option<Era>, purpose: Purpose, today: Date) -> DateReading {
    let signs = match signs(text) {
        Ok(signs) if signs.is_empty() => return DateReading::Empty,
        Ok(signs) => signs,
        Err(c) => return DateReading::Wrong(format!("日付に使えない文字「{c}」があります。")),
    };
    match resolve(&signs, era) {
        Step::Incomplete => DateReading::Incomplete,
        Step::Wrong(reason) => DateReading::Wrong(reason),
        Step::Day(written) => match written.day() {
            Ok(day) => DateReading::Day {
                day,
                era: written.era,
                converted: written.converted(day),
                doubt: Doubt::of(day, purpose, today),
            },
            Err(reason) => DateReading::Wrong(reason),
        },
    }
}

/// `昭和29年3月26日  1954-03-26  満72歳` (DOM-26).
pub fn describe(day: Date, today: Date) -> String {
    describe_in(None, day, today)
}

/// [`describe`], in the era as it was written where that is right too.
pub fn describe_in(written: Option<Era>, day: Date, today: Date) -> String {
    let both = format!("{}  {}", era::long_in(written, day), era::western(day));
    match full_years(day, today) {
        Some(years) => format!("{both}  満{years}歳"),
        None => both,
    }
}

/// A text in the small alphabet that dates are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Era(Era),
    Digit(u8),
    Separator,
}

/// Folds widths, kanji and marks; `Err` names a character of no date.
fn signs(text: &str) -> Result<Vec<Sign>, char> {
    let mut out: Vec<Sign> = Vec::new();
    let mut chars = text
        .chars()
        .map(narrow_char)
        .filter(|c| !c.is_whitespace())
        .peekable();
    while let Some(c) = chars.next() {
        if let Some(digit) = c.to_digit(10) {
            out.push(Sign::Digit(digit as u8));
        } else if c == '元' {
            out.push(Sign::Digit(1));
        } else if matches!(
            c,
            '年' | '月' | '日' | '生' | '.' | '/' | '・' | '･' | '．' | '。' | '､' | '、' | ','
        ) || is_hyphen(c)
        {
            out.push(Sign::Separator);
        } else if let Some(era) = Era::from_mark(c) {
            if out.iter().any(|sign| *sign != Sign::Separator) {
                return Err(c);
            }
            let second = era.name().chars().nth(1);
            if c == era.short() {
                chars.next_if(|&next| Some(next) == second);
            }
            out.push(Sign::Era(era));
        } else {
            return Err(c);
        }
    }
    Ok(out)
}

/// A date as it was written.
#[derive(Debug, Clone, Copy)]
struct Written {
    /// With the year of that era; without, the western year.
    era: Option<Era>,
    year: i16,
    month: i8,
    day: i8,
}

impl Written {
    fn text(self) -> String {
        let year = self.era.map_or_else(
            || format!("{}年", self.year),
            |era| format!("{}{}", era.name(), Era::year_text(self.year)),
        );
        format!("{year}{}月{}日", self.month, self.day)
    }

    fn western_year(self) -> i16 {
        self.era.map_or(self.year, |era| {
            era.first_year().saturating_add(self.year - 1)
        })
    }

    fn day(self) -> Result<Date, String> {
        if self.year < 1 {
            return Err("年は1から入れてください。元年は1年です。".to_owned());
        }
        if !(1..=12).contains(&self.month) {
            return Err(format!("{}月はありません。", self.month));
        }
        let year = self.western_year();
        let day = Date::new(year, self.month, self.day).map_err(|_| {
            let last = Date::new(year, self.month, 1).map_or(31, Date::days_in_month);
            format!("{}はありません（{last}日まで）。", self.text())
        })?;
        if day < GREGORIAN {
            return Err("明治6年より前の日付は入れられません。".to_owned());
        }
        Ok(day)
    }

    fn converted(self, day: Date) -> Option<String> {
        let era = self.era?;
        (!era.holds(day)).then(|| format!("{}は{}に直しました。", self.text(), era::long(day)))
    }
}

enum Step {
    Incomplete,
    Day(Written),
    Wrong(String),
}

fn resolve(signs: &[Sign], era: Option<Era>) -> Step {
    let mut marked = None;
    let mut groups: Vec<Vec<u8>> = vec![Vec::new()];
    let mut ends = false;
    for sign in signs {
        match sign {
            Sign::Era(mark) => marked = Some(*mark),
            Sign::Digit(digit) => {
                if ends {
                    groups.push(Vec::new());
                }
                ends = false;
                if let Some(group) = groups.last_mut() {
                    group.push(*digit);
                }
            }
            Sign::Separator => ends = groups.last().is_some_and(|group| !group.is_empty()),
        }
    }
    match groups.as_slice() {
        [digits] if !ends => match marked {
            Some(mark) => after_mark(mark, digits),
            None => bare(digits, era),
        },
        [mark, rest @ ..] if marked.is_none() && rest.len() == 3 && mark.len() == 1 => {
            match Era::ALL.into_iter().find(|e| e.digit() == ascii(mark[0])) {
                Some(mark) => parted(Some(mark), rest, None),
                None => Step::Wrong("元号の数字は1から5です（3が昭和）。".to_owned()),
            }
        }
        // A lone 0 is the beginning of 01 to 09.
        [.., last] if !ends && last.as_slice() == [0] => Step::Incomplete,
        groups => parted(marked, groups, era),
    }
}

/// Digits right behind an era mark: `S290326`.
fn after_mark(era: Era, digits: &[u8]) -> Step {
    match digits.len() {
        0..=5 => Step::Incomplete,
        6 => Step::Day(six(Some(era), digits)),
        _ => Step::Wrong("元号のあとは年月日6桁までです。".to_owned()),
    }
}

/// Digits alone: 8 western, 7 with an era digit, 6 under the era on the
/// screen (DOM-23). A beginning that more digits can complete is no mistake.
fn bare(digits: &[u8], era: Option<Era>) -> Step {
    let reading = match digits.len() {
        8 => Some(eight(digits)),
        7 => seven(digits),
        6 => era.map(|era| six(Some(era), digits)),
        0..=5 => return Step::Incomplete,
        _ => return Step::Wrong("数字が多すぎます。西暦なら8桁です。".to_owned()),
    };
    match reading {
        Some(written) if written.day().is_ok() => Step::Day(written),
        _ if may_grow(digits) => Step::Incomplete,
        Some(written) => Step::Day(written),
        None if digits.len() == 7 => {
            Step::Wrong("7桁なら元号の数字（3が昭和）からです。".to_owned())
        }
        None => Step::Wrong("西暦8桁（20261120）で入れてください。".to_owned()),
    }
}

/// Whether some further digits make a date of it.
fn may_grow(digits: &[u8]) -> bool {
    let mut longer: Vec<Vec<u8>> = vec![digits.to_vec()];
    while longer.first().is_some_and(|text| text.len() < 8) {
        longer = longer
            .iter()
            .flat_map(|text| (0..10).map(|next| [text.as_slice(), &[next]].concat()))
            .collect();
        let found = longer.iter().any(|text| match text.len() {
            7 => seven(text).is_some_and(|written| written.day().is_ok()),
            8 => {
                let written = eight(text);
                (1868..2100).contains(&written.year) && written.day().is_ok()
            }
            _ => false,
        });
        if found {
            return true;
        }
    }
    false
}

/// Groups parted by signs: year, month, day.
fn parted(marked: Option<Era>, groups: &[Vec<u8>], on_screen: Option<Era>) -> Step {
    if groups.len() > 3 {
        return Step::Wrong("年・月・日の3つに分けて入れてください。".to_owned());
    }
    let Some(first) = groups.first() else {
        return Step::Incomplete;
    };
    let era = match (marked, first.len()) {
        (Some(era), 0..=2) => Some(era),
        (Some(_), _) => return Step::Wrong("元号の年は2桁までです。".to_owned()),
        (None, 4) => None,
        (None, 0..=2) => match on_screen {
            Some(era) => Some(era),
            None => return Step::Wrong("年は西暦4桁で入れてください。".to_owned()),
        },
        (None, _) => {
            return Step::Wrong("年は西暦4桁か、元号と2桁までで入れてください。".to_owned());
        }
    };
    if groups.iter().skip(1).any(|group| group.len() > 2) {
        return Step::Wrong("月と日は2桁までです。".to_owned());
    }
    let part = |at: usize| groups.get(at).map(|group| number(group));
    let year = part(0).unwrap_or_default();
    match (part(1), part(2)) {
        (Some(month), Some(day)) => Step::Day(Written {
            era,
            year,
            month: month as i8,
            day: day as i8,
        }),
        (Some(month), None) if month > 12 => Step::Wrong(format!("{month}月はありません。")),
        _ => Step::Incomplete,
    }
}

fn eight(digits: &[u8]) -> Written {
    Written {
        era: None,
        year: number(digits.get(..4).unwrap_or_default()),
        month: number(digits.get(4..6).unwrap_or_default()) as i8,
        day: number(digits.get(6..8).unwrap_or_default()) as i8,
    }
}

fn seven(digits: &[u8]) -> Option<Written> {
    let (mark, rest) = digits.split_first()?;
    let era = Era::ALL.into_iter().find(|e| e.digit() == ascii(*mark))?;
    Some(six(Some(era), rest))
}

fn six(era: Option<Era>, digits: &[u8]) -> Written {
    Written {
        era,
        year: number(digits.get(..2).unwrap_or_default()),
        month: number(digits.get(2..4).unwrap_or_default()) as i8,
        day: number(digits.get(4..6).unwrap_or_default()) as i8,
    }
}

/// At most four digits.
fn number(digits: &[u8]) -> i16 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + i16::from(*digit))
}

fn ascii(digit: u8) -> char {
    char::from(b'0' + digit)
}

#[cfg(test)]
mod tests;
