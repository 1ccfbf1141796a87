//! What the desk wrote down and whom the central system names, item by item,
//! with how well each agrees (DOM-32 to 35): shown side by side, never decided.

use super::entitlement::{Candidate, Eligibility, GivenDate};
use super::era;
use super::name::{Agreement, Named, compare, same_reading};
use super::note::NoteContent;
use super::person::{OutageQuery, Sex};
use crate::text::fold::{katakana, name_key, shown};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Who was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// 氏名.
    pub name: String,
    /// 氏名(カナ).
    pub kana: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別.
    pub sex: Option<Sex>,
    /// 住所, one or several fragments.
    pub address: String,
    /// 保険者名, one or several fragments.
    pub insurer_name: String,
    /// 番号 of the insurance card.
    pub number: String,
    /// 資格確認日.
    pub check_date: Date,
}

impl From<&OutageQuery> for Sought {
    fn from(query: &OutageQuery) -> Self {
        Self {
            name: query.name.clone(),
            kana: query.kana.clone(),
            birth_date: query.birth_date,
            sex: Some(query.sex),
            address: query.address.clone(),
            insurer_name: query.insurer_name.clone(),
            number: String::new(),
            check_date: query.check_date,
        }
    }
}

impl From<&NoteContent> for Sought {
    fn from(content: &NoteContent) -> Self {
        let number = content.insurance.as_ref().map(|card| card.number.clone());
        Self {
            name: content.name.clone(),
            kana: content.kana.clone(),
            birth_date: content.birth_date,
            sex: content.sex,
            address: content.address.clone(),
            insurer_name: content.insurer_name.clone(),
            number: number.unwrap_or_default(),
            check_date: content.visit_date,
        }
    }
}

/// Someone the central system names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As a row of a list.
    pub row: Candidate,
    /// 番号, where the answer has it.
    pub number: String,
}

impl From<&Candidate> for Person {
    fn from(row: &Candidate) -> Self {
        Self {
            row: row.clone(),
            number: String::new(),
        }
    }
}

impl Person {
    /// Whom an answer names, to be confirmed without a key of its own.
    pub fn named_by(answer: &Eligibility) -> Option<Self> {
        let found = answer.entitlements.first()?;
        Some(Self {
            row: Candidate {
                key: String::new(),
                name: found.name.clone(),
                kana: found.kana.clone(),
                birth_date: found.birth_date.clone(),
                sex: found.sex,
                address: found.address.clone(),
                insurer_name: found.insurer_name.clone(),
            },
            number: found.number.clone(),
        })
    }
}

/// How well an item agrees, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The same characters.
    Same,
    /// The same but for spaces and width.
    Spacing,
    /// The same but for variants of kanji or kana (DOM-31, DOM-35).
    Variants,
    /// The same where it can be read (DOM-34).
    Unreadable,
    /// Every fragment that was asked for is there, and more beside it: the
    /// rest is still to be asked (OUT-36).
    Part,
    /// The reading is the same, the kanji are not.
    Reading,
    /// The desk did not write it down.
    NotNoted,
    /// The insurer has not sent it (OUT-43).
    NotSent,
    /// Different.
    Different,
}

impl Level {
    /// Whether nobody has to look (DOM-32).
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Same | Self::Spacing | Self::NotNoted)
    }

    /// The word beside the item.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "同じ",
            Self::Spacing => "空白・幅だけ",
            Self::Variants => "字体が違う",
            Self::Unreadable => "●を確かめる",
            Self::Part => "一部だけ",
            Self::Reading => "漢字が違う",
            Self::NotNoted => "控えなし",
            Self::NotSent => "送られず",
            Self::Different => "違う",
        }
    }

    /// The sign before it, ASCII so that its width is sure.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Same | Self::Spacing => "=",
            Self::Variants | Self::Unreadable | Self::Part => "~",
            Self::NotNoted | Self::NotSent => " ",
            Self::Reading | Self::Different => "!",
        }
    }
}

/// One item of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// 氏名, カナ …
    pub label: &'static str,
    /// What the desk has; empty if nothing.
    pub noted: String,
    /// What was found; empty if nothing.
    pub found: String,
    /// How well they agree.
    pub level: Level,
}

/// Item by item, in the order of the form.
pub fn side_by_side(sought: &Sought, person: &Person) -> Vec<Item> {
    let row = &person.row;
    let item = |label, noted: &str, found: &str, level| Item {
        label,
        noted: shown(noted),
        found: shown(found),
        level,
    };
    let day = |day: Date| format!("{}\n{}", era::long(day), era::western(day));
    let found_day = match &row.birth_date {
        GivenDate::Day(date) => day(*date),
        GivenDate::NotGiven => String::new(),
        GivenDate::Raw(text) => text.clone(),
    };
    let sex = |sex: Option<Sex>| sex.map_or("", Sex::label);
    let mut items = vec![
        item("氏名", &sought.name, &row.name, name_level(sought, row)),
        item("カナ", &sought.kana, &row.kana, kana_level(sought, row)),
        item(
            "生年月日",
            &day(sought.birth_date),
            &found_day,
            match &row.birth_date {
                GivenDate::Day(date) if *date == sought.birth_date => Level::Same,
                GivenDate::NotGiven => Level::NotSent,
                GivenDate::Day(_) | GivenDate::Raw(_) => Level::Different,
            },
        ),
        item(
            "性別",
            sex(sought.sex),
            sex(row.sex),
            match (sought.sex, row.sex) {
                (None | Some(Sex::Unset), _) => Level::NotNoted,
                (_, None) => Level::NotSent,
                (Some(one), Some(other)) if one == other => Level::Same,
                _ => Level::Different,
            },
        ),
        item(
            "住所",
            &sought.address,
            &row.address,
            fragments(&sought.address, &row.address),
        ),
        item(
            "保険者名",
            &sought.insurer_name,
            &row.insurer_name,
            fragments(&sought.insurer_name, &row.insurer_name),
        ),
    ];
    if !sought.number.is_empty() && !person.number.is_empty() {
        let bare = |text: &str| name_key(text).trim_start_matches('0').to_owned();
        let level = if sought.number == person.number {
            Level::Same
        } else if bare(&sought.number) == bare(&person.number) {
            Level::Spacing
        } else {
            Level::Different
        };
        items.push(item("番号", &sought.number, &person.number, level));
    }
    items
}

fn name_level(sought: &Sought, row: &Candidate) -> Level {
    if row.name.is_empty() {
        return Level::NotSent;
    }
    if sought.name.is_empty() {
        return Level::NotNoted;
    }
    let noted = Named {
        name: &sought.name,
        kana: &sought.kana,
    };
    let found = Named {
        name: &row.name,
        kana: &row.kana,
    };
    match compare(noted, found) {
        Agreement::Same => Level::Same,
        Agreement::Spacing => Level::Spacing,
        Agreement::Variants => Level::Variants,
        Agreement::Unreadable => Level::Unreadable,
        Agreement::Reading => Level::Reading,
        Agreement::Different => Level::Different,
    }
}

fn kana_level(sought: &Sought, row: &Candidate) -> Level {
    let key = |text: &str| katakana(&name_key(text));
    if sought.kana.is_empty() {
        Level::NotNoted
    } else if row.kana.is_empty() {
        Level::NotSent
    } else if sought.kana == row.kana {
        Level::Same
    } else if key(&sought.kana) == key(&row.kana) {
        Level::Spacing
    } else if same_reading(&sought.kana, &row.kana) {
        Level::Variants
    } else {
        Level::Different
    }
}

/// Whether every fragment that was asked for is there (OUT-36).
fn fragments(asked: &str, text: &str) -> Level {
    if asked.trim().is_empty() {
        return Level::NotNoted;
    }
    if text.is_empty() {
        return Level::NotSent;
    }
    if asked == text {
        return Level::Same;
    }
    let text = name_key(text);
    let all = asked
        .split([' ', '\u{3000}'])
        .map(name_key)
        .all(|part| text.contains(&part));
    if name_key(asked) == text {
        Level::Spacing
    } else if all {
        Level::Part
    } else {
        Level::Different
    }
}

/// The items in which those who come into question differ from each other:
/// what to ask the patient for. What an insurer has not sent tells nothing.
pub fn apart(people: &[Person]) -> Vec<&'static str> {
    type Value<'a> = &'a dyn Fn(&Person) -> String;
    let day = |given: &GivenDate| match given {
        GivenDate::Day(day) => day.to_string(),
        GivenDate::NotGiven => String::new(),
        GivenDate::Raw(text) => text.clone(),
    };
    let items: [(&str, Value<'_>); 7] = [
        ("氏名", &|p| name_key(&p.row.name)),
        ("カナ", &|p| katakana(&name_key(&p.row.kana))),
        ("生年月日", &|p| day(&p.row.birth_date)),
        ("性別", &|p| p.row.sex.map_or("", Sex::label).to_owned()),
        ("住所", &|p| name_key(&p.row.address)),
        ("保険者名", &|p| name_key(&p.row.insurer_name)),
        ("番号", &|p| p.number.clone()),
    ];
    items
        .into_iter()
        .filter(|(_, of)| {
            let values: BTreeSet<String> = people.iter().map(of).collect();
            values.iter().filter(|value| !value.is_empty()).count() > 1
        })
        .map(|(label, _)| label)
        .collect()
}

/// How many items a person has to look at.
pub fn differences(items: &[Item]) -> usize {
    items.iter().filter(|item| !item.level.is_silent()).count()
}

#[cfg(test)]
mod tests;
