//! What a patient may show while the 資格 cannot be looked up, and on which
//! days (DOM-69 to 71, 88, 89): rules with dates, read as data.

mod read;
#[cfg(test)]
mod tests;

pub use read::{RuleError, read};

use super::age::{Burden, burden};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The rules as shipped (`fixtures/rules.toml`).
pub const BUILTIN: &str = include_str!("../../fixtures/rules.toml");

/// A rule that runs out within so many days is said to (DOM-88).
const SOON: i32 = 60;

/// Whether the マイナンバーカード is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Card {
    /// Shown together with it.
    With,
    /// In place of it.
    Without,
}

impl Card {
    /// The heading of the ladder.
    pub fn label(self) -> &'static str {
        match self {
            Self::With => "マイナンバーカードがあるとき（カードと一緒に）",
            Self::Without => "マイナンバーカードがないとき",
        }
    }
}

/// For which visit it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visit {
    /// Any.
    Any,
    /// 初診.
    First,
    /// 再診.
    Again,
}

/// One thing that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Short name, as notes keep it.
    pub code: String,
    /// What a note says was shown.
    pub label: String,
    /// The line on the screen.
    pub text: String,
    /// With the card or without.
    pub card: Card,
    /// For which visit.
    pub visit: Visit,
    /// The 申立書 is filled in for it.
    pub declares: bool,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// What to mind.
    pub note: String,
    /// Where it says so.
    pub source: String,
}

/// How a rule stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not before this day.
    NotYet(Date),
    /// It holds, and no end is near.
    Holds,
    /// It holds, and runs out on this day.
    EndsSoon(Date),
    /// It ran out on this day.
    Over(Date),
}

impl Standing {
    /// Whether it may be used.
    pub fn holds(self) -> bool {
        matches!(self, Self::Holds | Self::EndsSoon(_))
    }

    /// Beside the line, empty if there is nothing to say. An end in the past
    /// may have been put off: the program does not know (DOM-88).
    pub fn remark(self) -> String {
        let day = |d: Date| format!("{}/{}/{}", d.year(), d.month(), d.day());
        match self {
            Self::NotYet(from) => format!("{} から使えます", day(from)),
            Self::Holds => String::new(),
            Self::EndsSoon(until) => format!("{} まで（まもなく終わり）", day(until)),
            Self::Over(until) => format!("{} で終わり。延長は確かめて", day(until)),
        }
    }
}

fn standing(from: Option<Date>, until: Option<Date>, day: Date) -> Standing {
    match (from, until) {
        (Some(from), _) if day < from => Standing::NotYet(from),
        (_, Some(until)) if day > until => Standing::Over(until),
        (_, Some(until)) if until.checked_sub(SOON.days()).is_ok_and(|soon| day >= soon) => {
            Standing::EndsSoon(until)
        }
        _ => Standing::Holds,
    }
}

impl Evidence {
    /// How it stands on `day`.
    pub fn standing(&self, day: Date) -> Standing {
        standing(self.from, self.until, day)
    }
}

/// Whom a remark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// Everyone.
    Anyone,
    /// 75 and over.
    LateElderly,
}

/// Something to know between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Whom it is for.
    pub whom: Whom,
    /// One sentence.
    pub text: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The day they were true.
    pub as_of: Date,
    /// The last day on which nobody needs to look for newer ones.
    pub review_by: Date,
    /// In the order of the ladder.
    pub evidence: Vec<Evidence>,
    /// What else there is to know.
    pub remarks: Vec<Remark>,
}

impl Default for Rules {
    /// Those shipped with the program; a test reads them.
    fn default() -> Self {
        read(BUILTIN).unwrap_or(Self {
            as_of: Date::ZERO,
            review_by: Date::ZERO,
            evidence: Vec::new(),
            remarks: Vec::new(),
        })
    }
}

impl Rules {
    /// The code of what a note says was shown; empty for free words.
    pub fn code_of(&self, label: &str) -> &str {
        self.evidence
            .iter()
            .find(|evidence| evidence.label == label)
            .map_or(if label == "なし" { "none" } else { "" }, |found| {
                found.code.as_str()
            })
    }

    /// What there is to know on `day` for someone born on `birth`, if that is
    /// known; first that the list itself is old.
    pub fn remarks_on(&self, day: Date, birth: Option<Date>) -> Vec<String> {
        let mut out = Vec::new();
        if day > self.review_by {
            let of = self.as_of;
            out.push(format!(
                "この一覧は {}/{}/{} 現在です。新しい通知がないか確かめてください。",
                of.year(),
                of.month(),
                of.day()
            ));
        }
        let elderly = birth.is_some_and(|birth| burden(birth, day) == Burden::LateElderly);
        for remark in &self.remarks {
            let meant = remark.whom == Whom::Anyone || elderly;
            if meant && standing(remark.from, remark.until, day).holds() {
                out.push(remark.text.clone());
            }
        }
        out
    }
}
