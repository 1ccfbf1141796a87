//! Reading keymap files, strictly: what is not understood is an error with
//! file, line and the nearest name that is known, never a silent default.
//!
//! A file of one's own says `base = "receipt"` and names only what it changes.

use super::check;
use super::command::Command;
use super::context::Context;
use super::key::{Key, NAMED};
use super::map::{Binding, Keymap, Place, Tables};
use crate::text::clean::{clean, is_harmful};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The built-in keymaps.
pub const NAMES: [&str; 3] = ["receipt", "tenkey", "letters"];

/// Files above this size are not keymaps.
const LIMIT: usize = 256 * 1024;

const TEXTS: [&str; 3] = [
    include_str!("../../../keymaps/receipt.toml"),
    include_str!("../../../keymaps/tenkey.toml"),
    include_str!("../../../keymaps/letters.toml"),
];

/// One thing that is wrong with a keymap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeymapError {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub text: String,
}

impl fmt::Display for KeymapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.place.file, self.place.line, self.text)
    }
}

impl std::error::Error for KeymapError {}

/// One line of a file, before it is laid over its base.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub context: Context,
    /// `None`: only the words change; empty: not used there.
    pub keys: Option<Vec<Key>>,
    pub command: Command,
    pub label: Option<String>,
    pub place: Place,
}

// Each is read when it is first wanted: the first frame waits for one.
static BUILTIN: [OnceLock<Option<Keymap>>; 3] = [const { OnceLock::new() }; 3];

fn from_builtin(n: usize) -> Option<Parsed> {
    let path = format!("keymaps/{}.toml", NAMES.get(n)?);
    parse(TEXTS.get(n)?, &path).ok()
}

/// The built-in keymap of that name.
pub(super) fn builtin(name: &str) -> Option<Keymap> {
    let n = NAMES.iter().position(|known| *known == name)?;
    BUILTIN
        .get(n)?
        .get_or_init(|| {
            let parsed = from_builtin(n)?;
            assemble(NAMES.get(n)?, parsed.tenkey, &parsed.entries).ok()
        })
        .clone()
}

/// The default. Tests hold the built-in files to be readable.
pub(super) fn receipt() -> Keymap {
    builtin("receipt").unwrap_or_else(|| {
        Keymap(Arc::new(Tables {
            name: String::new(),
            tenkey: false,
            contexts: BTreeMap::new(),
        }))
    })
}

/// Reads and checks a file.
pub(super) fn load(text: &str, path: &str) -> Result<Keymap, Vec<KeymapError>> {
    let parsed = parse(text, path)?;
    let base = parsed.base.and_then(from_builtin).unwrap_or_default();
    let tenkey = parsed.tenkey || base.tenkey;
    let mut entries = base.entries;
    for entry in parsed.entries {
        let same = |e: &Entry| e.context == entry.context && e.command == entry.command;
        if let Some(old) = entries.iter_mut().find(|e| same(e)) {
            old.place = entry.place;
            if entry.keys.is_some() {
                old.keys = entry.keys;
            }
            if entry.label.is_some() {
                old.label = entry.label;
            }
        } else {
            entries.push(entry);
        }
    }
    assemble(path, tenkey, &entries)
}

/// Lays the tables over [`Context::Global`] and checks the whole.
fn assemble(name: &str, tenkey: bool, entries: &[Entry]) -> Result<Keymap, Vec<KeymapError>> {
    let global: Vec<&Entry> = of(entries, Context::Global).collect();
    let mut contexts = BTreeMap::new();
    for context in Context::ALL {
        let own: Vec<&Entry> = of(entries, context).collect();
        let mut bindings: Vec<Binding> = Vec::new();
        for entry in &own {
            let beneath = global.iter().find(|g| g.command == entry.command);
            let keys = entry
                .keys
                .clone()
                .or_else(|| beneath.and_then(|g| g.keys.clone()))
                .unwrap_or_default();
            bindings.push(binding(entry, keys));
        }
        if !matches!(context, Context::Global | Context::Field) {
            let mut rest: Vec<Binding> = Vec::new();
            for entry in &global {
                if context.inherits(entry.command) && own.iter().all(|o| o.command != entry.command)
                {
                    rest.push(binding(entry, entry.keys.clone().unwrap_or_default()));
                }
            }
            bindings.extend(rest);
        }
        bindings.retain(|b| !b.keys.is_empty());
        contexts.insert(context, bindings);
    }
    let tables = Tables {
        name: name.to_owned(),
        tenkey,
        contexts,
    };
    let errors = check::check(&tables, name);
    if errors.is_empty() {
        Ok(Keymap(Arc::new(tables)))
    } else {
        Err(errors)
    }
}

fn of(entries: &[Entry], context: Context) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |e| e.context == context)
}

fn binding(entry: &Entry, keys: Vec<Key>) -> Binding {
    Binding {
        keys,
        command: entry.command,
        label: entry
            .label
            .clone()
            .unwrap_or_else(|| entry.command.label().to_owned()),
        place: entry.place.clone(),
    }
}

#[derive(Default)]
pub(super) struct Parsed {
    pub base: Option<usize>,
    /// `tenkey = true`: held to the keys of the ten-key pad.
    pub tenkey: bool,
    pub entries: Vec<Entry>,
}

/// The reader of one file, gathering every error instead of the first alone.
struct Reader<'a> {
    text: &'a str,
    file: Arc<str>,
    errors: Vec<KeymapError>,
}

/// Reads a file without looking at what it means as a whole.
pub(super) fn parse(text: &str, path: &str) -> Result<Parsed, Vec<KeymapError>> {
    let mut reader = Reader {
        text,
        file: Arc::from(path),
        errors: Vec::new(),
    };
    if text.len() > LIMIT {
        reader.error(0, "大きすぎます。キー割り当てのファイルではないようです。");
        return Err(reader.errors);
    }
    let parsed = reader.file();
    if reader.errors.is_empty() {
        Ok(parsed)
    } else {
        Err(reader.errors)
    }
}

impl Reader<'_> {
    fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or_default();
        Place {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
        }
    }

    fn error(&mut self, at: usize, text: impl Into<String>) {
        self.errors.push(KeymapError {
            place: self.place(at),
            text: text.into(),
        });
    }

    fn file(&mut self) -> Parsed {
        let mut parsed = Parsed::default();
        let table = match DeTable::parse(self.text) {
            Ok(table) => table,
            Err(e) => {
                let at = e.span().map_or(0, |span| span.start);
                self.error(at, format!("TOML として読めません（{}）。", e.message()));
                return parsed;
            }
        };
        for (name, value) in table.get_ref() {
            let (key, at) = (name.get_ref().as_ref(), name.span().start);
            if key == "base" {
                parsed.base = self.base(value);
            } else if key == "tenkey" {
                match value.get_ref().as_bool() {
                    Some(tenkey) => parsed.tenkey = tenkey,
                    None => self.error(at, "tenkey は true か false です。"),
                }
            } else if let Some(context) = Context::ALL.into_iter().find(|c| c.name() == key) {
                self.context(context, value, &mut parsed.entries);
            } else if value.get_ref().as_table().is_none() {
                let text = format!(
                    "「{key}」は知らない項目です。{}",
                    nearest(key, ["base", "tenkey"])
                );
                self.error(at, text);
            } else {
                let known = Context::ALL.iter().map(|c| c.name());
                let text = format!("[{key}] という画面はありません。{}", nearest(key, known));
                self.error(at, text);
            }
        }
        parsed.entries.sort_by_key(|e| e.place.line);
        check::twice(&parsed.entries, &mut self.errors);
        parsed
    }

    fn base(&mut self, value: &Spanned<DeValue<'_>>) -> Option<usize> {
        let name = value.get_ref().as_str().unwrap_or_default();
        let found = NAMES.iter().position(|known| *known == name);
        if found.is_none() {
            let text = format!(
                "base = \"{name}\" という割り当てはありません。{}",
                nearest(name, NAMES)
            );
            self.error(value.span().start, text);
        }
        found
    }

    fn context(
        &mut self,
        context: Context,
        value: &Spanned<DeValue<'_>>,
        entries: &mut Vec<Entry>,
    ) {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            self.error(
                at,
                "表ではありません。[画面] の下に bind = [ … ] と書きます。",
            );
            return;
        };
        for (name, value) in table {
            let key = name.get_ref().as_ref();
            if key != "bind" {
                let text = format!("「{key}」は知らない項目です。{}", nearest(key, ["bind"]));
                self.error(name.span().start, text);
                continue;
            }
            let Some(list) = value.get_ref().as_array() else {
                self.error(value.span().start, "bind は [ { … }, … ] と書きます。");
                continue;
            };
            for item in list {
                let found = self.entry(context, item);
                entries.extend(found);
            }
        }
    }

    fn entry(&mut self, context: Context, item: &Spanned<DeValue<'_>>) -> Option<Entry> {
        let at = item.span().start;
        let Some(table) = item.get_ref().as_table() else {
            self.error(
                at,
                "{ on = [\"F12\"], run = \"submit\", desc = \"照会\" } の形で書きます。",
            );
            return None;
        };
        let (mut keys, mut command, mut label) = (None, None, None);
        let before = self.errors.len();
        for (name, value) in table {
            let at = value.span().start;
            match name.get_ref().as_ref() {
                "on" => keys = Some(self.keys(value)),
                "run" => command = self.command(context, value),
                "desc" => match value.get_ref().as_str() {
                    Some(text) if text.trim().is_empty() => self.error(
                        at,
                        "desc が空です。画面に出すことばを書くか、desc を書かないでください。",
                    ),
                    Some(text) if text.chars().any(is_harmful) => self.error(
                        at,
                        "desc に画面に出せない文字（制御文字など）があります。取り除いてください。",
                    ),
                    Some(text) => label = Some(clean(text)),
                    None => self.error(at, "desc は \"言葉\" と書きます。"),
                },
                other => {
                    let text = format!(
                        "「{other}」は知らない項目です。{}",
                        nearest(other, ["on", "run", "desc"])
                    );
                    self.error(name.span().start, text);
                }
            }
        }
        if self.errors.len() > before {
            return None;
        }
        let Some(command) = command else {
            self.error(at, "run = \"操作\" がありません。");
            return None;
        };
        Some(Entry {
            context,
            keys,
            command,
            label,
            place: self.place(at),
        })
    }

    fn keys(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<Key> {
        let Some(list) = value.get_ref().as_array() else {
            self.error(
                value.span().start,
                "on は [\"F12\", \"C-d\"] のように書きます。",
            );
            return Vec::new();
        };
        let mut keys = Vec::new();
        for item in list {
            let at = item.span().start;
            let Some(name) = item.get_ref().as_str() else {
                self.error(at, "キーは \"F12\" のように引用符で囲みます。");
                continue;
            };
            match Key::parse(name) {
                Ok(key) => keys.push(key),
                Err(e @ super::key::KeyError::Unknown(_)) => {
                    let bare = name.trim_start_matches("C-").trim_start_matches("A-");
                    let near = nearest(bare, NAMED.iter().map(|(known, _)| *known));
                    self.error(at, format!("{e}。{near}"));
                }
                Err(e) => self.error(at, format!("{e}。")),
            }
        }
        keys
    }

    fn command(&mut self, context: Context, value: &Spanned<DeValue<'_>>) -> Option<Command> {
        let at = value.span().start;
        let name = value.get_ref().as_str().unwrap_or_default();
        let Some(command) = Command::from_name(name) else {
            let known = Command::ALL.iter().map(|c| c.name());
            let text = format!("「{name}」という操作はありません。{}", nearest(name, known));
            self.error(at, text);
            return None;
        };
        let everywhere = Context::Global.commands().contains(&command) && context != Context::Field;
        if !context.commands().contains(&command) && !everywhere {
            let known = context.commands().iter().map(|c| c.name());
            let text = format!(
                "「{name}」は [{}] にはない操作です。{}",
                context.name(),
                nearest(name, known)
            );
            self.error(at, text);
            return None;
        }
        Some(command)
    }
}

/// 「もしかして…」, when a known name is near enough to have been meant.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let lower = name.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(&lower, &k.to_lowercase()), k))
        .filter(|(score, _)| *score > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, k)| format!("「{k}」のことですか。"))
}
