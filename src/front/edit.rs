//! What keys do to a line of text, in a form or alone.

use super::app::{self, Cx, Input};
use super::canvas::Role;
use super::keys::command::Command;
use super::wording;
use crate::domain::field::Field;
use crate::domain::form::{Tone, feedback, limit, rule};
use crate::domain::number::holds_personal_number;
use crate::text::field::LineField;
use crate::text::fold;
use jiff::civil::Date;

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

/// A line of its own for `field`, as long as that field may be.
pub fn line(field: Field, text: &str) -> LineField {
    LineField::with_limit(text, limit(field))
}

/// What stands behind a line that stands alone: what it wants while it is
/// empty, else what is wrong with it or how it was understood.
pub fn beside(field: Field, text: &str, today: Date) -> (Role, String) {
    if text.trim().is_empty() {
        return (Role::Dim, rule(field).to_owned());
    }
    let said = feedback(field, text, today);
    (role(said.tone), said.shown)
}

/// How a field's feedback looks.
pub const fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Normal,
        Tone::Good => Role::Good,
        Tone::Warn => Role::Warning,
        Tone::Bad => Role::Error,
    }
}

/// [`typed`], with its refusal on the message line, and without what was said
/// there of this field before. Whether it was taken.
pub fn told(cx: &mut Cx<'_>, line: &mut LineField, field: Field, input: &Input) -> bool {
    match typed(line, field, input) {
        Ok(changed) => {
            if changed {
                cx.mended(field);
            }
            true
        }
        Err(why) => {
            cx.say(app::Tone::Error, why);
            false
        }
    }
}

/// What is typed into a line that stands alone; `false` if the input means
/// nothing to a text.
///
/// # Errors
/// Why it was not taken. A 個人番号 is erased at once, with no way back, as in
/// every form (DOM-44).
pub fn typed(line: &mut LineField, field: Field, input: &Input) -> Result<bool, String> {
    let narrow = field == Field::Reference;
    let taken = match input {
        Input::Command(command) => {
            if !apply(line, *command) {
                return Ok(false);
            }
            true
        }
        Input::Char(c) => {
            let c = if narrow { fold::narrow_char(*c) } else { *c };
            line.insert(c) || !line.is_full()
        }
        Input::Paste(text) if holds_personal_number(text) => {
            return Err(wording::personal_number(field));
        }
        Input::Paste(text) if narrow => line.paste(fold::narrow(text).trim()),
        Input::Paste(text) => line.paste(text),
    };
    if holds_personal_number(line.text()) {
        *line = self::line(field, "");
        return Err(wording::personal_number(field));
    }
    if taken {
        Ok(true)
    } else {
        Err(wording::full(field, limit(field)))
    }
}
