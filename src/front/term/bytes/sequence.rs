//! What the sequences of terminals mean: xterm, PuTTY, Tera Term, the Linux
//! console, tmux, and the ten-key pad in application mode.

use crate::front::keys::key::{Code, Key};

/// What a sequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    Key(Key),
    /// The beginning of a bracketed paste.
    Paste,
    /// Where the cursor stands: row and column, from 1.
    Cursor(u32, usize),
    /// A mouse report of the old kind; three bytes follow.
    Mouse,
    /// An answer of the terminal, a release, or a key we have no use for.
    Nothing,
}

/// `ESC O`, a modifier that some put there, and a letter: the keys of a VT100
/// in application mode, PF1 to PF4 among them.
pub(super) fn ss3(modifier: &str, c: char) -> Option<Key> {
    let code = match c {
        'P'..='S' => Code::F(c as u8 - b'P' + 1),
        'M' => Code::Enter,
        'I' => Code::Tab,
        'X' => Code::Char('='),
        ' ' => Code::Char(' '),
        // The numeric pad: `*` to `9`.
        'j'..='y' => Code::Char(char::from(c as u8 - b'j' + b'*')),
        _ => letter(c)?,
    };
    let modifier = modifier.rsplit(';').next().unwrap_or_default();
    with(code, if modifier.is_empty() { "1" } else { modifier })
}

/// `ESC [`, its parameters and its last letter.
pub(super) fn csi(text: &str, last: char) -> Sequence {
    if (text, last) == ("200", '~') {
        return Sequence::Paste;
    }
    if (text, last) == ("", 'M') {
        return Sequence::Mouse;
    }
    if let ('R', Some((row, column))) = (last, text.split_once(';'))
        && let (Ok(row), Ok(column)) = (row.parse(), column.parse())
    {
        return Sequence::Cursor(row, column);
    }
    key(text, last).map_or(Sequence::Nothing, Sequence::Key)
}

fn key(text: &str, last: char) -> Option<Key> {
    // F1 to F5 of the Linux console.
    if text == "[" {
        return match last {
            'A'..='E' => Some(Key::plain(Code::F(last as u8 - b'A' + 1))),
            _ => None,
        };
    }
    let mut parts = text.split(';');
    let first = parts.next().unwrap_or_default();
    let modifier = parts.next().filter(|part| !part.is_empty()).unwrap_or("1");
    let code = match last {
        '~' if first == "27" => return sign(parts.next()?, modifier),
        'u' => return sign(first, modifier),
        '~' => match first.parse::<u8>().ok()? {
            1 | 7 => Code::Home,
            2 => Code::Insert,
            3 => Code::Delete,
            4 | 8 => Code::End,
            5 => Code::PageUp,
            6 => Code::PageDown,
            n @ 11..=15 => Code::F(n - 10),
            n @ 17..=21 => Code::F(n - 11),
            n @ 23..=24 => Code::F(n - 12),
            _ => return None,
        },
        _ if !matches!(first, "" | "1") => return None,
        // R would be F3, and is where the cursor stands.
        'P' | 'Q' | 'S' => Code::F(last as u8 - b'P' + 1),
        'Z' => Code::BackTab,
        _ => letter(last)?,
    };
    with(code, modifier)
}

/// A key as a terminal writes it that was told to tell all keys apart: by us
/// never, but it may have been left so.
fn sign(code: &str, modifier: &str) -> Option<Key> {
    let code = match code.split(':').next()?.parse::<u32>().ok()? {
        9 => Code::Tab,
        13 | 57414 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        digit @ 57399..=57408 => Code::Char(char::from_digit(digit - 57399, 10)?),
        other => Code::Char(char::from_u32(other).filter(|c| !c.is_control() && !is_private(*c))?),
    };
    let key = with(code, modifier)?;
    Some(match key.code {
        Code::Tab if shifted(modifier) => Key {
            code: Code::BackTab,
            ..key
        },
        Code::Char('h') if key.ctrl => Key::plain(Code::Backspace),
        Code::Char(c) if shifted(modifier) && !key.ctrl => Key {
            code: Code::Char(c.to_ascii_uppercase()),
            ..key
        },
        _ => key,
    })
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}')
}

fn bits(modifier: &str) -> Option<u16> {
    let mask = modifier.split(':').next()?.parse::<u16>().ok()?;
    Some(mask.saturating_sub(1))
}

fn shifted(modifier: &str) -> bool {
    bits(modifier).is_some_and(|bits| bits & 1 != 0)
}

fn with(code: Code, modifier: &str) -> Option<Key> {
    // The third kind of event is the key being let go.
    if modifier.split(':').nth(1) == Some("3") {
        return None;
    }
    let bits = bits(modifier)?;
    // Super, hyper and meta are the window manager's; Shift and a function
    // key is another number on every terminal.
    if bits & 0b11_1000 != 0 || matches!(code, Code::F(_)) && bits & 1 != 0 {
        return None;
    }
    Some(Key {
        code,
        ctrl: bits & 4 != 0,
        alt: bits & 2 != 0,
    })
}

fn letter(c: char) -> Option<Code> {
    Some(match c {
        'A' => Code::Up,
        'B' => Code::Down,
        'C' => Code::Right,
        'D' => Code::Left,
        'H' => Code::Home,
        'F' => Code::End,
        _ => return None,
    })
}
