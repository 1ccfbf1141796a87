//! What must be true of a keymap as a whole; the shipped files are held to the
//! same rules.

use super::command::Command;
use super::context::Context;
use super::key::{Code, Key};
use super::load::{Entry, KeymapError};
use super::map::{Binding, Place, Tables, has_function_keys, named, shown};
use crate::text::cells::cells;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that is wrong, in the order of the file.
pub(super) fn check(tables: &Tables, name: &str) -> Vec<KeymapError> {
    let mut errors = Vec::new();
    let mut clashes = Vec::new();
    for (context, bindings) in &tables.contexts {
        conflicts(*context, bindings, tables, &mut clashes);
        choices(*context, bindings, &mut errors);
        labels(*context, bindings, tables, &mut errors);
        typing(*context, bindings, &mut errors);
        keypad(bindings, &mut errors);
        reachable(*context, bindings, name, &mut errors);
        if tables.tenkey {
            by_tenkey(*context, bindings, &mut errors);
        }
    }
    told_once(clashes, &mut errors);
    errors.sort();
    errors.dedup();
    errors
}

/// A key with two meanings, and the table where it has them.
struct Clash {
    place: Place,
    key: Key,
    context: Context,
    text: String,
}

/// What is written in one line is told once, in however many tables it clashes.
fn told_once(clashes: Vec<Clash>, errors: &mut Vec<KeymapError>) {
    let mut first: Vec<(Clash, Vec<Context>)> = Vec::new();
    // What a line of one's own does to the map below it is told with it.
    let (beneath, own): (Vec<Clash>, Vec<Clash>) =
        (clashes.into_iter()).partition(|c| c.place.file.starts_with("keymaps/"));
    let written = own.len();
    for (at, clash) in own.into_iter().chain(beneath).enumerate() {
        let same = |c: &Clash| {
            let by_own = at >= written && !c.place.file.starts_with("keymaps/");
            c.key == clash.key && (c.place == clash.place || by_own)
        };
        match first.iter_mut().find(|(c, _)| same(c)) {
            Some((_, others)) => others.push(clash.context),
            None => first.push((clash, Vec::new())),
        }
    }
    for (clash, others) in first {
        let more = match others.as_slice() {
            [] => String::new(),
            [one] => format!("（[{}] でも）", one.name()),
            [one, ..] => format!(
                "（[{}] など、ほか {} の画面でも）",
                one.name(),
                others.len()
            ),
        };
        error(errors, &clash.place, format!("{}{more}", clash.text));
    }
}

/// Where entries are chosen by their digit or letter, a key of that name can
/// mean nothing else: the screen prints what it chooses.
fn choices(context: Context, bindings: &[Binding], errors: &mut Vec<KeymapError>) {
    for binding in bindings {
        for key in binding.keys.iter().filter(|key| key.types()) {
            let Code::Char(c) = key.code else { continue };
            let Some(says) = context.chosen_by(c, binding.command) else {
                continue;
            };
            let text = format!(
                "[{}] では {c} は{says}。「{}」は別のキーにしてください。",
                context.name(),
                binding.command.name()
            );
            error(errors, &binding.place, text);
        }
    }
}

/// Columns of one place of the function row at the narrowest screen.
const PLACE: usize = 80 / 6;

/// What stands on the function row fits there beside its key.
fn labels(context: Context, bindings: &[Binding], tables: &Tables, errors: &mut Vec<KeymapError>) {
    if matches!(context, Context::Global | Context::Field) {
        return;
    }
    let functions = has_function_keys(tables);
    for binding in bindings {
        let key = if functions {
            binding.keys.iter().copied().find(|k| k.is_function())
        } else if shown(context, binding.command) {
            named(binding, context, context.always_typing())
        } else {
            None
        };
        let Some(key) = key else { continue };
        let name = key.brief();
        let room = PLACE.saturating_sub(cells(&name) + 2);
        if cells(&binding.label) > room {
            let text = format!(
                "「{}」は画面の下の {name} の所（{room} 桁）に入りきりません。全角 {} 文字までにしてください。",
                binding.label,
                room / 2
            );
            error(errors, &binding.place, text);
        }
    }
}

fn error(errors: &mut Vec<KeymapError>, place: &Place, text: String) {
    errors.push(KeymapError {
        place: place.clone(),
        text,
    });
}

/// The same command named twice in one table.
pub(super) fn twice(entries: &[Entry], errors: &mut Vec<KeymapError>) {
    let mut seen = BTreeMap::new();
    for entry in entries {
        let key = (entry.context, entry.command);
        if let Some(first) = seen.insert(key, &entry.place) {
            let text = format!(
                "「{}」は [{}] の {} 行目にもあります。1 行にまとめてください。",
                entry.command.name(),
                entry.context.name(),
                first.line
            );
            error(errors, &entry.place, text);
        }
    }
}

/// One key, two meanings: in a table, or under it. The later line is told.
fn conflicts(context: Context, bindings: &[Binding], tables: &Tables, clashes: &mut Vec<Clash>) {
    let mut clash = |place: &Place, key: Key, text: String| {
        clashes.push(Clash {
            place: place.clone(),
            key,
            context,
            text,
        });
    };
    let mut seen: BTreeMap<Key, &Binding> = BTreeMap::new();
    for binding in bindings {
        for key in &binding.keys {
            if let Some(other) = seen.insert(*key, binding) {
                let (binding, other) = later(binding, other);
                let text = if other.command == binding.command {
                    format!("{} が 2 回書かれています。", key.shown())
                } else {
                    format!(
                        "{} は [{}] では「{}」（{}:{}）に使われています。どちらかを変えるか、使わないほうを on = [] にしてください。",
                        key.shown(),
                        context.name(),
                        other.command.name(),
                        other.place.file,
                        other.place.line
                    )
                };
                clash(&binding.place, *key, text);
            }
        }
    }
    if !context.always_typing() || context == Context::Field || context.signs_command() {
        return;
    }
    for field in tables.contexts.get(&Context::Field).into_iter().flatten() {
        for key in &field.keys {
            if let Some(binding) = seen.get(key) {
                let text = format!(
                    "{} は文字の入力の「{}」（{}:{}）を隠します。[{}] では別のキーにしてください。",
                    key.shown(),
                    field.command.name(),
                    field.place.file,
                    field.place.line,
                    context.name()
                );
                clash(&binding.place, *key, text);
            }
        }
    }
}

fn later<'a>(a: &'a Binding, b: &'a Binding) -> (&'a Binding, &'a Binding) {
    if (a.place.file == b.place.file && a.place.line >= b.place.line)
        || b.place.file.starts_with("keymaps/")
    {
        (a, b)
    } else {
        (b, a)
    }
}

/// Where text is always being typed, a key that types can mean nothing else.
fn typing(context: Context, bindings: &[Binding], errors: &mut Vec<KeymapError>) {
    if context.types_at_times() {
        beside_a_field(context, bindings, errors);
    }
    if !context.always_typing() {
        return;
    }
    for binding in bindings {
        let sign = |key: &Key| matches!(key.code, Code::Char(c) if c.is_ascii_punctuation());
        for key in binding.keys.iter().filter(|k| k.types()) {
            if context.signs_command() && sign(key) {
                continue;
            }
            let text = format!(
                "[{}] では「{}」は文字として入ります。文字にならないキー（C-d、A-1 など）にしてください。",
                context.name(),
                key.shown()
            );
            error(errors, &binding.place, text);
        }
    }
}

/// Where something is typed at times, every command can be reached meanwhile.
fn beside_a_field(context: Context, bindings: &[Binding], errors: &mut Vec<KeymapError>) {
    for binding in bindings {
        if !binding.keys.is_empty() && binding.keys.iter().all(|key| key.types()) {
            let text = format!(
                "[{}] には文字を打つ欄もあります。「{}」に、文字にならないキー（PageDown、C-d など）を足してください。",
                context.name(),
                binding.command.name()
            );
            error(errors, &binding.place, text);
        }
    }
}

/// Tera Term's numeric pad sends F1 to F4 (tui-craft B.5).
fn keypad(bindings: &[Binding], errors: &mut Vec<KeymapError>) {
    for binding in bindings.iter().filter(|b| b.command.destructive()) {
        for key in &binding.keys {
            if matches!(key.code, Code::F(1..=4)) {
                let text = format!(
                    "{} はテンキーからも届くことがあるので、「{}」のように失うもののある操作には使えません。",
                    key.shown(),
                    binding.command.name()
                );
                error(errors, &binding.place, text);
            }
        }
    }
}

/// Every action has a way without a function key (DOM-30).
fn reachable(context: Context, bindings: &[Binding], name: &str, errors: &mut Vec<KeymapError>) {
    for command in context.commands() {
        let found = bindings.iter().find(|b| b.command == *command);
        let Some(binding) = found else {
            let place = Place {
                file: Arc::from(name),
                line: 1,
            };
            let text = format!(
                "[{}] に「{}」（{}）のキーがありません。どの操作にもキーが要ります。",
                context.name(),
                command.name(),
                command.label()
            );
            error(errors, &place, text);
            continue;
        };
        function_keys_only(binding, errors);
    }
    for binding in bindings {
        function_keys_only(binding, errors);
    }
}

fn function_keys_only(binding: &Binding, errors: &mut Vec<KeymapError>) {
    if binding.keys.iter().all(|k| k.is_function()) {
        let text = format!(
            "「{}」に届くキーがファンクションキーだけです。ファンクションキーが届かない端末のために、もう一つ割り当ててください。",
            binding.command.name()
        );
        error(errors, &binding.place, text);
    }
}

/// In a map for the ten-key pad the hand never has to leave it: where nothing
/// is typed for any command of the table, where something is typed for going
/// on, going back and taking a note. The menu's own list reaches the rest.
fn by_tenkey(context: Context, bindings: &[Binding], errors: &mut Vec<KeymapError>) {
    if matches!(context, Context::Global | Context::Field) {
        return;
    }
    let typing = context.always_typing() && !context.signs_command();
    for binding in bindings {
        let essential = match binding.command {
            Command::Submit | Command::Back | Command::Quit => true,
            Command::Note | Command::Retry if typing => true,
            Command::Ledger | Command::Menu | Command::Help | Command::Repaint => false,
            command => !typing && context != Context::Menu && context.commands().contains(&command),
        };
        let beside = typing
            || context.types_at_times()
                && matches!(binding.command, Command::Submit | Command::Back);
        let reaches = |key: &Key| key.on_tenkey() && !(beside && key.types());
        if essential && !binding.keys.iter().any(reaches) {
            let text = format!(
                "[{}] の「{}」に届くテンキーのキーがありません。+ - * / . Enter Insert Delete Home End PageUp PageDown か矢印を足してください。",
                context.name(),
                binding.command.name()
            );
            error(errors, &binding.place, text);
        }
    }
}
