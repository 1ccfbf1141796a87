//! Steps as they are written on a tape.

use crate::domain::account::AccountKind;
use crate::front::keys::key::{Code, Key};
use crate::tape::grid::Grid;
use std::time::Duration;

/// The card that stands for whatever lay on a real reader.
pub const CARD: &str = "ichinose";

/// A text in quotation marks.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters: an input method commits what no key types.
pub fn typed(text: &str) -> String {
    let word = if text.is_ascii() { "Type" } else { "Ime" };
    format!("{word} {}", quoted(text))
}

/// A key's name on tapes.
pub fn key(key: Key) -> String {
    let name = match key.code {
        Code::F(n) => format!("F{n}"),
        Code::Char(' ') => "Space".to_owned(),
        Code::Char(c) if key.ctrl => c.to_uppercase().to_string(),
        Code::Char(c) => c.to_string(),
        Code::BackTab => "Shift+Tab".to_owned(),
        Code::Esc => "Escape".to_owned(),
        code => format!("{code:?}"),
    };
    match (key.ctrl, key.alt) {
        (true, _) => format!("Ctrl+{name}"),
        (_, true) => format!("Alt+{name}"),
        _ => name,
    }
}

/// The demo account of that kind.
pub fn account(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Master => "000",
        AccountKind::MasterReset => "009",
        AccountKind::Administrator => "001",
        AccountKind::MedicalViewer => "003",
        _ => "002",
    }
}

/// Whole seconds, at least one.
pub fn sleep(time: Duration) -> String {
    format!("Sleep {}s", time.as_secs().max(1))
}

/// What opens the invented card `name`, by the name of its field.
pub fn opens(card: &str, field: &str) -> Option<String> {
    let listed = crate::front::panes::card::cards::CARDS
        .iter()
        .find(|(name, _)| *name == card)?;
    let mut words = listed.1.split_whitespace().rev();
    let code = words.next()?;
    let year = words.next()?;
    let text = match field {
        "有効期限の年" => year,
        "セキュリティコード" => code,
        "暗証番号" => "5678",
        _ => "1234",
    };
    Some(text.to_owned())
}

/// A `Screen` block of what is shown, with the rows that hold times of day left
/// open from there.
pub fn screen(name: &str, grid: &Grid) -> String {
    let mut out = format!("Screen {}\n", quoted(name));
    for (at, row) in grid.block(None, None).iter().enumerate() {
        let open = if at == 1 {
            row.find("回線 ").map(|place| place + "回線 ".len())
        } else {
            time_of_day(row)
        };
        match open.and_then(|place| row.get(..place)) {
            Some(head) => out.extend(["|", head, "{*}|\n"]),
            None => out.extend(["|", row, "|\n"]),
        }
    }
    out.push_str("End\n");
    out
}

/// Where `12:34` or `12:34:56` begins, in bytes.
fn time_of_day(row: &str) -> Option<usize> {
    let bytes = row.as_bytes();
    (0..bytes.len().saturating_sub(4)).find(|at| {
        let digit = |n: usize| bytes.get(at + n).is_some_and(u8::is_ascii_digit);
        let before = at.checked_sub(1).and_then(|n| bytes.get(n));
        digit(0)
            && digit(1)
            && bytes.get(at + 2) == Some(&b':')
            && digit(3)
            && digit(4)
            && !before.is_some_and(u8::is_ascii_digit)
    })
}

/// The beginning of a message that can be waited for: up to its first number.
pub fn sentence(row: &str) -> Option<String> {
    let text: String = row
        .trim()
        .chars()
        .take_while(|c| !c.is_numeric() && *c != '/')
        .take(20)
        .collect();
    let text = text.trim().to_owned();
    (text.chars().count() >= 3).then(|| regex::escape(&text))
}
