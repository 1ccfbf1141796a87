//! A source file as the architecture test reads it: without comments, strings
//! and test code.

use super::paths::{self, Paths};
use std::collections::BTreeSet;
use std::path::Path;

/// One file.
pub struct Source {
    /// Path from the package's root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The code alone.
    code: String,
    /// What it names.
    paths: Paths,
}

/// All `.rs` files under `place`, in order.
pub fn read_all(place: &Path, root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(place) else {
        return found;
    };
    for entry in entries {
        let path = entry.expect("a readable directory").path();
        if path.is_dir() {
            found.extend(read_all(&path, root));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("a readable source");
            let name = path.strip_prefix(root).expect("below the root");
            found.push(Source::new(
                &name.to_string_lossy().replace('\\', "/"),
                &text,
            ));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Marks of work that was left for later.
pub fn unfinished(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let words: BTreeSet<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '!')
        .collect();
    [
        "todo",
        "todo!",
        "fixme",
        "xxx",
        "hack",
        "unimplemented!",
        "wip",
    ]
    .into_iter()
    .filter(|word| words.contains(word))
    .collect()
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let code = without_tests(&without_words(text));
        let mut file = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            paths: paths::read(""),
            code,
        };
        file.paths = paths::read(file.tested_code());
        file
    }

    /// Roots of paths that have another name here.
    pub fn renamed(&self) -> &[String] {
        &self.paths.renamed
    }

    /// Its `static` items.
    pub fn statics(&self) -> &[String] {
        &self.paths.statics
    }

    /// What it names of the crate `root`, one level down.
    pub fn named_of(&self, root: &str) -> BTreeSet<&str> {
        let of_root = |path: &&Vec<String>| path.first().is_some_and(|first| first == root);
        self.paths
            .all
            .iter()
            .filter(of_root)
            .filter_map(|path| path.get(1).map(String::as_str))
            .collect()
    }

    /// `src/front/app.rs` belongs to `front`.
    pub fn room(&self) -> &str {
        self.modules().into_iter().next().unwrap_or_default()
    }

    /// Whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        self.modules().contains(&"tests")
    }

    /// Whether the code names this path or crate.
    pub fn names_path(&self, name: &str) -> bool {
        let parts: Vec<&str> = name.split("::").collect();
        let spread = self.paths.all.iter().any(|path| {
            path.windows(parts.len())
                .any(|some| some.iter().zip(&parts).all(|(a, b)| a == b))
        });
        let code = self.tested_code();
        spread
            || code.match_indices(name).any(|(at, _)| {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let before = until(code, at).chars().next_back();
                let after = from(code, at + name.len()).chars().next();
                !before.is_some_and(word) && !after.is_some_and(word)
            })
    }

    /// The rooms that `crate::…`, `super::…` and `madoguchi::…` lead to.
    pub fn rooms_named(&self) -> Vec<String> {
        let code = self.tested_code();
        let depth = self.modules().len();
        let mut rooms = BTreeSet::new();
        for start in ["crate", "madoguchi"] {
            for rest in behind(code, start) {
                rooms.extend(heads(rest));
            }
        }
        for rest in behind(code, "super") {
            let mut rest = rest;
            let mut ups = 1;
            while let Some(more) = rest.strip_prefix("super::") {
                rest = more;
                ups += 1;
            }
            if ups >= depth {
                rooms.extend(heads(rest));
            } else {
                rooms.insert(self.room().to_owned());
            }
        }
        rooms.into_iter().collect()
    }

    fn modules(&self) -> Vec<&str> {
        self.path
            .trim_start_matches("src/")
            .trim_end_matches(".rs")
            .split('/')
            .collect()
    }

    fn tested_code(&self) -> &str {
        if self.is_test() { "" } else { &self.code }
    }
}

/// The text from byte `at` on; nothing if that is no place in it.
fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The text before byte `at`.
fn until(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

/// What stands behind each `start::` that does not follow another `::`.
fn behind<'a>(code: &'a str, start: &str) -> Vec<&'a str> {
    let pattern = format!("{start}::");
    code.match_indices(&pattern)
        .filter(|(at, _)| {
            let before = until(code, *at).chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
        })
        .map(|(at, _)| from(code, at + pattern.len()))
        .collect()
}

/// First names of a path or of a `{…}` group of paths.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let mut level = 0;
    let mut found = vec![name(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level == 0 => break,
            '}' => level -= 1,
            ',' if level == 0 => found.push(name(from(group, at + 1))),
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// Code without comments, string and character literals.
fn without_words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    while at < chars.len() {
        let c = chars[at];
        let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        if c == '/' && is(at + 1, '/') {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if c == '/' && is(at + 1, '*') {
            at += 2;
            while at < chars.len() && !(chars[at] == '*' && is(at + 1, '/')) {
                at += 1;
            }
            at += 2;
        } else if c == 'r' && !in_word && (is(at + 1, '"') || is(at + 1, '#') && raw(&chars, at)) {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            at += hashes + 2;
            while at < chars.len() {
                let closed = chars[at] == '"' && (1..=hashes).all(|n| is(at + n, '#'));
                at += 1;
                if closed {
                    at += hashes;
                    break;
                }
            }
        } else if c == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\'' && is(at + 1, '\\') {
            at += 3;
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else if c == '\'' && is(at + 2, '\'') {
            at += 3;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

fn raw(chars: &[char], at: usize) -> bool {
    chars[at + 1..].iter().find(|c| **c != '#') == Some(&'"')
}

/// Code without the items behind `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        out.push_str(until(rest, at));
        rest = from(rest, at + MARK.len());
        let end = rest.find(['{', ';']).unwrap_or(rest.len());
        if from(rest, end).starts_with('{') {
            let mut level = 0;
            let close = from(rest, end).char_indices().find(|(_, c)| {
                level += i32::from(*c == '{') - i32::from(*c == '}');
                level == 0
            });
            let close = close.map_or(rest.len(), |(at, c)| end + at + c.len_utf8());
            rest = from(rest, close);
        } else {
            rest = from(rest, end + 1);
        }
    }
    out.push_str(rest);
    out
}
