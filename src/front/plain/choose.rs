//! A digit for the row of a list whose own keys are arrows: it stands for as
//! many arrows as lead there.

use super::outline::Outline;
use crate::front::keys::command::Command;
use crate::front::keys::key::{Code, Key};
use crate::front::keys::{Context, Keymap};
use crate::text::fold;

/// What a key means to somebody who hears lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// These keys.
    Keys(Vec<Key>),
    /// The row that is chosen already.
    Chosen,
}

/// `key` as the program shall hear it. A digit chooses while nothing is typed
/// into the field beside the list.
pub fn meant(outline: &Outline, keymap: &Keymap, context: Context, key: Key) -> Meant {
    let itself = || Meant::Keys(vec![key]);
    let (Code::Char(c), false) = (key.code, key.ctrl || key.alt || outline.asking) else {
        return itself();
    };
    let typed = outline.prompt.as_ref();
    if outline.blanked.is_some() || typed.is_some_and(|prompt| !prompt.value.is_empty()) {
        return itself();
    }
    let Some(number) = fold::digit(c).and_then(|d| d.to_digit(10)) else {
        return itself();
    };
    let rows = || outline.lines.iter().filter(|line| line.number.is_some());
    let to = rows().position(|line| line.number == Some(number as usize));
    let from = rows().position(|line| line.chosen);
    let (Some(to), Some(from)) = (to, from) else {
        return itself();
    };
    let (command, times) = match to.cmp(&from) {
        std::cmp::Ordering::Equal => return Meant::Chosen,
        std::cmp::Ordering::Greater => (Command::Down, to - from),
        std::cmp::Ordering::Less => (Command::Up, from - to),
    };
    let bindings = keymap.bindings(context).iter();
    let arrow = bindings
        .filter(|b| b.command == command)
        .flat_map(|b| b.keys.iter().copied())
        .find(|key| !key.types());
    match arrow {
        Some(arrow) => Meant::Keys(vec![arrow; times]),
        None => itself(),
    }
}
