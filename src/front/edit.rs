//! What the commands of the keymap's `[field]` table do to a line of text.

use super::keys::command::Command;
use crate::text::field::LineField;

/// Applies an editing command; `false` if it is none.
pub fn apply(field: &mut LineField, command: Command) -> bool {
    match command {
        Command::Left => drop(field.left()),
        Command::Right => drop(field.right()),
        Command::Home => field.home(),
        Command::End => field.end(),
        Command::WordLeft => drop(field.word_left()),
        Command::WordRight => drop(field.word_right()),
        Command::Backspace => drop(field.backspace()),
        Command::Delete => drop(field.delete()),
        Command::ClearField => field.clear(),
        Command::Undo => drop(field.undo()),
        _ => return false,
    }
    true
}
