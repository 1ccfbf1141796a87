//! Strict reading of a TOML table: every value is asked for by name, and what
//! nobody asked for is an error with the nearest name.

use std::fmt;
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing that is wrong with a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What, and what to do.
    pub text: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.text)
    }
}

/// Line and column of a byte offset, both from 1.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// What is wrong with a text that is not TOML; `there` is the place itself.
pub fn sentence(message: &str, there: &str) -> String {
    let there: String = crate::text::clean::clean(there).chars().take(40).collect();
    if message.contains("duplicate key") {
        return format!(
            "「{there}」が 2 度書かれています。片方を消すか、1 つの表にまとめてください。"
        );
    }
    let near = match there.trim() {
        "" => String::new(),
        there => format!("「{there}」の辺り。"),
    };
    format!(
        "TOML として読めません。{near}名前 = \"値\" の形か、引用符とかっこが閉じているか確かめてください。"
    )
}

/// The known name nearest to `name`, if one is near.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|k| (strsim::jaro_winkler(name, k), *k))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

/// A table being read.
pub struct Table<'a> {
    source: &'a str,
    name: String,
    at: Range<usize>,
    content: Option<&'a DeTable<'a>>,
    asked: Vec<&'static str>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct At<T> {
    /// The value.
    pub value: T,
    span: Range<usize>,
}

impl<'a> Table<'a> {
    /// The whole document.
    pub fn root(source: &'a str, table: &'a DeTable<'a>) -> Self {
        Self {
            source,
            name: String::new(),
            at: 0..0,
            content: Some(table),
            asked: Vec::new(),
        }
    }

    /// A table within; an absent one reads like an empty one.
    #[must_use]
    pub fn table(&mut self, key: &'static str, wrongs: &mut Vec<Wrong>) -> Table<'a> {
        let found = self.get(key);
        let content = match found.map(Spanned::get_ref) {
            Some(DeValue::Table(table)) => Some(table),
            Some(_) => {
                let at = found.map(Spanned::span).unwrap_or_default();
                let text = format!("[{}] の形で書いてください。", self.full(key));
                wrongs.push(self.wrong(&at, &text));
                None
            }
            None => None,
        };
        let at = found.map_or_else(|| self.at.clone(), Spanned::span);
        Table {
            source: self.source,
            name: self.full(key),
            at,
            content,
            asked: Vec::new(),
        }
    }

    /// Whether the table is there at all.
    pub fn present(&self) -> bool {
        self.content.is_some()
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.content?.get(key)
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    fn wrong(&self, at: &Range<usize>, text: &str) -> Wrong {
        let (line, column) = position(self.source, at.start);
        Wrong {
            line,
            column,
            text: text.to_owned(),
        }
    }

    /// Reports what is wrong with a value that was read.
    pub fn refuse<T>(&self, key: &str, at: &At<T>, why: &str, wrongs: &mut Vec<Wrong>) {
        wrongs.push(self.wrong(&at.span, &format!("{}: {why}", self.full(key))));
    }

    /// A string.
    pub fn string(&mut self, key: &'static str, wrongs: &mut Vec<Wrong>) -> Option<At<String>> {
        let value = self.get(key)?;
        let span = value.span();
        if let DeValue::String(text) = value.get_ref() {
            let value = crate::text::clean::clean(text);
            return Some(At { value, span });
        }
        wrongs.push(self.wrong(
            &span,
            &format!("{}: \"…\" の形で書いてください。", self.full(key)),
        ));
        None
    }

    /// A string that must be there and not be empty.
    pub fn needed(
        &mut self,
        key: &'static str,
        what: &str,
        wrongs: &mut Vec<Wrong>,
    ) -> Option<At<String>> {
        match self.string(key, wrongs) {
            Some(at) if at.value.is_empty() => {
                self.refuse(key, &at, &format!("{what}を書いてください。"), wrongs);
                None
            }
            None if self.content.is_none_or(|t| !t.contains_key(key)) => {
                let text = format!("{} がありません。{what}を書いてください。", self.full(key));
                wrongs.push(self.wrong(&self.at.clone(), &text));
                None
            }
            found => found,
        }
    }

    /// One of a few words; the first is the default.
    pub fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        wrongs: &mut Vec<Wrong>,
    ) -> Option<T> {
        let found = self.string(key, wrongs)?;
        let hit = words.iter().find(|(word, _)| *word == found.value);
        if hit.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let near = nearest(&found.value, &names)
                .map(|n| format!("「{n}」のことですか。"))
                .unwrap_or_default();
            let why = format!(
                "「{}」は使えません。{near}使える値: {}",
                found.value,
                names.join("、")
            );
            self.refuse(key, &found, &why, wrongs);
        }
        hit.map(|(_, value)| *value)
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, default: bool, wrongs: &mut Vec<Wrong>) -> bool {
        let Some(value) = self.get(key) else {
            return default;
        };
        if let DeValue::Boolean(on) = value.get_ref() {
            return *on;
        }
        let text = format!("{}: true か false と書いてください。", self.full(key));
        wrongs.push(self.wrong(&value.span(), &text));
        default
    }

    /// A whole number within limits.
    pub fn number(
        &mut self,
        key: &'static str,
        default: u64,
        limits: Range<u64>,
        wrongs: &mut Vec<Wrong>,
    ) -> u64 {
        let Some(value) = self.get(key) else {
            return default;
        };
        let number = match value.get_ref() {
            DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        match number {
            Some(n) if limits.contains(&n) => n,
            _ => {
                let text = format!(
                    "{}: {} から {} までの整数で書いてください。",
                    self.full(key),
                    limits.start,
                    limits.end - 1
                );
                wrongs.push(self.wrong(&value.span(), &text));
                default
            }
        }
    }

    /// A list of whole numbers within limits.
    pub fn numbers(
        &mut self,
        key: &'static str,
        default: &[u64],
        limits: Range<u64>,
        wrongs: &mut Vec<Wrong>,
    ) -> Vec<u64> {
        let Some(value) = self.get(key) else {
            return default.to_vec();
        };
        let read = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix())
                .ok()
                .filter(|n| limits.contains(n)),
            _ => None,
        };
        let list = match value.get_ref() {
            DeValue::Array(list) => list.iter().map(read).collect::<Option<Vec<u64>>>(),
            _ => None,
        };
        list.unwrap_or_else(|| {
            let text = format!(
                "{}: {} から {} までの整数を [5, 10] のように並べてください。",
                self.full(key),
                limits.start,
                limits.end - 1
            );
            wrongs.push(self.wrong(&value.span(), &text));
            default.to_vec()
        })
    }

    /// A number of seconds within limits.
    pub fn seconds(
        &mut self,
        key: &'static str,
        default: u64,
        limits: Range<u64>,
        wrongs: &mut Vec<Wrong>,
    ) -> Duration {
        Duration::from_secs(self.number(key, default, limits, wrongs))
    }

    /// All of it, where the names are free: each has a string.
    pub fn strings(self, wrongs: &mut Vec<Wrong>) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (key, value) in self.content.into_iter().flatten() {
            let name = crate::text::clean::clean(key.get_ref());
            match value.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    all.push((name, crate::text::clean::clean(text.trim())));
                }
                _ => {
                    let text = format!("{}: \"…\" の形で書いてください。", self.full(&name));
                    wrongs.push(self.wrong(&value.span(), &text));
                }
            }
        }
        all
    }

    /// Reports every name that nobody asked for.
    pub fn finish(self, wrongs: &mut Vec<Wrong>) {
        let Some(table) = self.content else { return };
        for (key, _) in table {
            let name: &str = key.get_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let shown = crate::text::clean::clean(name);
            let advice = match nearest(name, &self.asked) {
                Some(near) => format!("「{near}」のことですか。"),
                None => format!("ここで使える名前: {}", self.asked.join("、")),
            };
            let text = format!("「{}」という設定はありません。{advice}", self.full(&shown));
            wrongs.push(self.wrong(&key.span(), &text));
        }
    }
}
