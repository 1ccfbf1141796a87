//! Reads the rules from TOML, strictly: what is not understood is an error
//! with its line and what to write instead.

use super::{Card, Evidence, Remark, Rules, Visit, Whom};
use crate::text::clean::clean_limited;
use jiff::civil::Date;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Bytes of a file that can be rules.
const LIMIT: usize = 64 * 1024;

/// Entries of a kind: a ladder fits on a screen and has one digit each.
const MOST: usize = 9;

/// Characters of a text; the screen has eighty columns.
const LONGEST: usize = 120;

/// The first thing that is wrong with a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Line, from 1.
    pub line: usize,
    /// What, and what to do.
    pub text: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 行目: {}", self.line, self.text)
    }
}

/// The rules in `text`.
pub fn read(text: &str) -> Result<Rules, RuleError> {
    if text.len() > LIMIT {
        return Err(RuleError {
            line: 1,
            text: "大きすぎます（64 KB まで）。".to_owned(),
        });
    }
    let root = DeTable::parse(text).map_err(|error| RuleError {
        line: line(text, error.span().map_or(0, |span| span.start)),
        text: "TOML として読めません。名前 = \"値\" の形か、引用符が閉じているか確かめてください。"
            .to_owned(),
    })?;
    let top = Part {
        text,
        table: root.get_ref(),
        at: 0..0,
    };
    top.only(&["as-of", "review-by", "evidence", "remark"])?;
    let rules = Rules {
        as_of: top.day("as-of")?.ok_or_else(|| top.missing("as-of"))?,
        review_by: top
            .day("review-by")?
            .ok_or_else(|| top.missing("review-by"))?,
        evidence: top
            .list("evidence")?
            .iter()
            .map(evidence)
            .collect::<Result<_, _>>()?,
        remarks: top
            .list("remark")?
            .iter()
            .map(remark)
            .collect::<Result<_, _>>()?,
    };
    if rules.evidence.is_empty() {
        return Err(top.wrong(&(0..0), "[[evidence]] が一つもありません。"));
    }
    Ok(rules)
}

fn line(text: &str, offset: usize) -> usize {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    before.matches('\n').count() + 1
}

fn evidence(part: &Part<'_>) -> Result<Evidence, RuleError> {
    part.only(&[
        "code", "label", "text", "card", "visit", "opens", "from", "until", "note", "source",
    ])?;
    let code = part.needed("code")?;
    if !code
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err(part.at("code", "code は半角の小文字・数字・- で書いてください。"));
    }
    let label = part.needed("label")?;
    if label.chars().count() > 20 {
        return Err(part.at("label", "label は 20 文字までです。"));
    }
    let (from, until) = part.span()?;
    Ok(Evidence {
        code,
        label,
        text: part.needed("text")?,
        card: part.word("card", &[("with", Card::With), ("without", Card::Without)])?,
        visit: part.word(
            "visit",
            &[
                ("any", Visit::Any),
                ("first", Visit::First),
                ("again", Visit::Again),
            ],
        )?,
        declares: part.table.contains_key("opens")
            && part.word("opens", &[("declaration", true)])?,
        from,
        until,
        note: part.string("note")?.unwrap_or_default(),
        source: part.string("source")?.unwrap_or_default(),
    })
}

fn remark(part: &Part<'_>) -> Result<Remark, RuleError> {
    part.only(&["for", "text", "from", "until", "source"])?;
    let (from, until) = part.span()?;
    Ok(Remark {
        whom: part.word(
            "for",
            &[
                ("anyone", Whom::Anyone),
                ("late-elderly", Whom::LateElderly),
            ],
        )?,
        text: part.needed("text")?,
        from,
        until,
    })
}

/// A table of the file and where it stands.
struct Part<'a> {
    text: &'a str,
    table: &'a DeTable<'a>,
    at: Range<usize>,
}

impl<'a> Part<'a> {
    fn wrong(&self, at: &Range<usize>, text: &str) -> RuleError {
        RuleError {
            line: line(self.text, at.start),
            text: text.to_owned(),
        }
    }

    fn at(&self, key: &str, text: &str) -> RuleError {
        let span = self.table.get(key).map_or(self.at.clone(), Spanned::span);
        self.wrong(&span, text)
    }

    fn missing(&self, key: &str) -> RuleError {
        self.wrong(&self.at, &format!("{key} がありません。書いてください。"))
    }

    fn only(&self, known: &[&str]) -> Result<(), RuleError> {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let shown = clean_limited(name, 40);
                let near = known
                    .iter()
                    .max_by(|a, b| {
                        strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b))
                    })
                    .copied()
                    .unwrap_or_default();
                let text = format!("「{shown}」という名前はありません。「{near}」のことですか。");
                return Err(self.wrong(&key.span(), &text));
            }
        }
        Ok(())
    }

    fn string(&self, key: &str) -> Result<Option<String>, RuleError> {
        match self.table.get(key).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::String(text)) if text.chars().count() <= LONGEST => {
                Ok(Some(clean_limited(text, LONGEST)))
            }
            Some(DeValue::String(_)) => {
                Err(self.at(key, &format!("{key}: {LONGEST} 文字までです。")))
            }
            Some(_) => Err(self.at(key, &format!("{key}: \"…\" の形で書いてください。"))),
        }
    }

    fn needed(&self, key: &str) -> Result<String, RuleError> {
        self.string(key)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| self.missing(key))
    }

    fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<T, RuleError> {
        let text = self.needed(key)?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let list = list.join("、");
            self.at(
                key,
                &format!("{key}: 「{text}」は使えません。使える値: {list}"),
            )
        })
    }

    fn day(&self, key: &str) -> Result<Option<Date>, RuleError> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        let written = match value.get_ref() {
            DeValue::Datetime(day) if day.time.is_none() => day.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let day = written.parse::<Date>().ok();
        day.filter(|day| (1000..=9999).contains(&day.year()))
            .map(Some)
            .ok_or_else(|| {
                self.at(
                    key,
                    &format!("{key}: 日付を 2026-03-31 の形で書いてください。"),
                )
            })
    }

    fn span(&self) -> Result<(Option<Date>, Option<Date>), RuleError> {
        let (from, until) = (self.day("from")?, self.day("until")?);
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            return Err(self.at("until", "until が from より前です。"));
        }
        Ok((from, until))
    }

    fn list(&self, key: &str) -> Result<Vec<Part<'a>>, RuleError> {
        let Some(value) = self.table.get(key) else {
            return Ok(Vec::new());
        };
        let shape = || self.at(key, &format!("[[{key}]] の形で書いてください。"));
        let DeValue::Array(entries) = value.get_ref() else {
            return Err(shape());
        };
        if entries.len() > MOST {
            return Err(self.at(key, &format!("[[{key}]] は {MOST} 個までです。")));
        }
        entries
            .iter()
            .map(|entry| match entry.get_ref() {
                DeValue::Table(table) => Ok(Part {
                    text: self.text,
                    table,
                    at: entry.span(),
                }),
                _ => Err(shape()),
            })
            .collect()
    }
}
