//! Keys, sizes, numbers and lengths of time as they are written on tapes.

use crate::front::keys::key::{Code, Key};
use std::time::Duration;

/// A key by its name on tapes: `F12`, `Enter`, `Ctrl+R`, `Alt+1`, `Shift+Tab`.
pub fn key(name: &str) -> Option<Key> {
    if let Some(rest) = name.strip_prefix("Ctrl+") {
        return match single(rest) {
            Some(c) => Some(Key::ctrl(c.to_ascii_lowercase())),
            None => key(rest).map(|key| Key { ctrl: true, ..key }),
        };
    }
    if let Some(rest) = name.strip_prefix("Alt+") {
        return match single(rest) {
            Some(c) => Some(Key::alt(c)),
            None => key(rest).map(|key| Key { alt: true, ..key }),
        };
    }
    if let Some(n) = name.strip_prefix('F') {
        let n: u8 = n.parse().ok()?;
        return (1..=12).contains(&n).then(|| Key::plain(Code::F(n)));
    }
    Some(Key::plain(match name {
        "Enter" => Code::Enter,
        "Tab" => Code::Tab,
        "Shift+Tab" => Code::BackTab,
        "Escape" | "Esc" => Code::Esc,
        "Space" => Code::Char(' '),
        "Backspace" => Code::Backspace,
        "Delete" => Code::Delete,
        "Insert" => Code::Insert,
        "Up" => Code::Up,
        "Down" => Code::Down,
        "Left" => Code::Left,
        "Right" => Code::Right,
        "Home" => Code::Home,
        "End" => Code::End,
        "PageUp" => Code::PageUp,
        "PageDown" => Code::PageDown,
        _ => return None,
    }))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

pub(super) fn size(word: &str) -> Result<(u16, u16), String> {
    word.split_once('x')
        .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)))
        .ok_or_else(|| format!("大きさとして読めません: {word}（例 80x24）"))
}

pub(super) fn number<T: std::str::FromStr>(word: &str) -> Result<T, String> {
    word.parse()
        .map_err(|_| format!("数として読めません: {word}"))
}

/// `250ms`, `30s`, `31m`, `2h`.
pub fn duration(word: &str) -> Result<Duration, String> {
    let split = word
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(word.len());
    let (count, unit) = word.split_at(split);
    let count: u64 = count
        .parse()
        .map_err(|_| format!("長さとして読めません: {word}（例 30s）"))?;
    Ok(match unit {
        "ms" => Duration::from_millis(count),
        "s" | "" => Duration::from_secs(count),
        "m" => Duration::from_secs(count.saturating_mul(60)),
        "h" => Duration::from_secs(count.saturating_mul(3600)),
        _ => return Err(format!("長さの単位が分かりません: {word}（ms s m h）")),
    })
}
