//! A loaded keymap and the questions it answers.

use super::command::Command;
use super::context::Context;
use super::key::{Code, Key};
use super::load;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One command with the keys it has in a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys, the one to be named in messages first.
    pub keys: Vec<Key>,
    /// What they mean.
    pub command: Command,
    /// The words for it here.
    pub label: String,
    /// File and line, for messages about the map itself.
    pub place: Place,
}

/// Where a binding is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The file.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

/// One place of the function row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The key's name.
    pub key: String,
    /// What it does.
    pub label: String,
    /// What it runs.
    pub command: Command,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tables {
    pub name: String,
    /// Made for the ten-key pad alone: checked so, and printed so.
    pub tenkey: bool,
    pub contexts: BTreeMap<Context, Vec<Binding>>,
}

/// A keymap. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Keymap(pub(super) Arc<Tables>);

impl fmt::Debug for Keymap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keymap({})", self.0.name)
    }
}

impl Default for Keymap {
    fn default() -> Self {
        load::receipt()
    }
}

impl Keymap {
    /// A keymap that is built in: `receipt`, `tenkey` or `letters`.
    pub fn builtin(name: &str) -> Option<Self> {
        load::builtin(name)
    }

    /// Reads a keymap file; `path` is for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file and line.
    pub fn load(text: &str, path: &str) -> Result<Self, Vec<load::KeymapError>> {
        load::load(text, path)
    }

    /// Its name: that of the built-in map, or the path of the file.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Everything bound in a context, those of [`Context::Global`] that hold
    /// there included.
    pub fn bindings(&self, context: Context) -> &[Binding] {
        self.0.contexts.get(&context).map_or(&[], Vec::as_slice)
    }

    /// What `key` means. With the focus in a text field, keys that type
    /// something mean nothing else, but for [`Context::signs_command`].
    pub fn resolve(&self, context: Context, text_focus: bool, key: Key) -> Option<Command> {
        if text_focus && key.types() && !context.signs_command() {
            return None;
        }
        let find = |context| {
            self.bindings(context)
                .iter()
                .find(|b| b.keys.contains(&key))
                .map(|b| b.command)
        };
        find(context).or_else(|| text_focus.then(|| find(Context::Field)).flatten())
    }

    /// The name of the key for a command, for messages that tell which to
    /// press.
    pub fn key_for(&self, context: Context, command: Command) -> Option<String> {
        self.key_beside(context, false, command)
    }

    fn key_beside(&self, context: Context, typing: bool, command: Command) -> Option<String> {
        let binding = self
            .bindings(context)
            .iter()
            .find(|b| b.command == command)?;
        named(binding, context, typing).map(Key::shown)
    }

    /// `text` with every `{command}` replaced by the name of its key in
    /// `context`: 「{note} で控えます」 becomes 「F2 で控えます」. Braces that
    /// name no bound command stay as they are.
    pub fn fill(&self, context: Context, text: &str) -> String {
        self.fill_while(context, false, text)
    }

    /// The same; while something is being typed no key is named that would be
    /// typed too.
    pub fn fill_while(&self, context: Context, typing: bool, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let key = after.split_once('}').and_then(|(name, tail)| {
                let command = Command::from_name(name)?;
                Some((self.key_beside(context, typing, command)?, tail))
            });
            if let Some((key, tail)) = key {
                out.push_str(&key);
                rest = tail;
            } else {
                out.push('{');
                rest = after;
            }
        }
        out.push_str(rest);
        out
    }

    /// Whether the row has the places of F1 to F12. A map made for the
    /// ten-key pad or for letters prints the keys that its clerks press.
    pub fn has_function_keys(&self) -> bool {
        has_function_keys(&self.0)
    }

    /// The function row of a context with everything on it.
    pub fn row(&self, context: Context) -> [Option<Cap>; 12] {
        self.row_for(context, false, |_| true)
    }

    /// The function row with what is `allowed`: F1 to F12 in their places, or
    /// the first key of each command, in the order of the file; while
    /// something is being typed the first that is not typed with it.
    pub fn row_for(
        &self,
        context: Context,
        typing: bool,
        allowed: impl Fn(Command) -> bool,
    ) -> [Option<Cap>; 12] {
        let mut row: [Option<Cap>; 12] = Default::default();
        let bindings = || self.bindings(context).iter().filter(|b| allowed(b.command));
        if self.has_function_keys() {
            for binding in bindings() {
                for key in &binding.keys {
                    if let Code::F(n @ 1..=12) = key.code
                        && let Some(place) = row.get_mut(usize::from(n) - 1)
                    {
                        *place = Some(cap(binding, *key));
                    }
                }
            }
            // Help has a place of its own where no function key asks for it
            // (DOM-30): the last that is free.
            let help = bindings().find(|b| b.command == Command::Help);
            if let Some(help) = help
                && !row.iter().flatten().any(|cap| cap.command == Command::Help)
                && let Some(key) = named(help, context, typing)
                && let Some(place) = row.iter_mut().take(11).rev().find(|place| place.is_none())
            {
                *place = Some(cap(help, key));
            }
            return row;
        }
        let worth_showing = bindings()
            .filter(|b| shown(context, b.command))
            .filter_map(|b| named(b, context, typing).map(|key| cap(b, key)));
        for (place, cap) in row.iter_mut().zip(worth_showing) {
            *place = Some(cap);
        }
        row
    }

    /// Every binding of a context as help prints it: keys, words.
    pub fn describe(&self, context: Context) -> Vec<(String, String)> {
        self.bindings(context)
            .iter()
            .map(|b| {
                let keys: Vec<String> = b.keys.iter().map(|k| k.shown()).collect();
                (keys.join("  "), b.label.clone())
            })
            .collect()
    }
}

pub(super) fn has_function_keys(tables: &Tables) -> bool {
    let everywhere = tables.contexts.get(&Context::Global);
    !tables.tenkey
        && everywhere
            .into_iter()
            .flatten()
            .any(|b| b.keys.iter().any(|k| k.is_function()))
}

/// The key by which a command is called.
pub(super) fn named(binding: &Binding, context: Context, typing: bool) -> Option<Key> {
    let typed = |key: &Key| typing && key.types() && !context.signs_command();
    binding.keys.iter().copied().find(|key| !typed(key))
}

fn cap(binding: &Binding, key: Key) -> Cap {
    Cap {
        key: key.brief(),
        label: binding.label.clone(),
        command: binding.command,
    }
}

/// Moving about needs no place on the row; いいえ does.
pub(super) fn shown(context: Context, command: Command) -> bool {
    match command {
        Command::Leave => context == Context::Ask,
        // 戻る leads there, and the row is full of what is done with a note.
        Command::Menu => context != Context::Ledger,
        Command::Next
        | Command::Previous
        | Command::Up
        | Command::Down
        | Command::Left
        | Command::Right
        | Command::Home
        | Command::End
        | Command::PageUp
        | Command::PageDown
        | Command::Repaint
        // The row of the ledger is full; help has it.
        | Command::Reveal => false,
        _ => true,
    }
}
