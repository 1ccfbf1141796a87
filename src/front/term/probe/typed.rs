//! Bytes of the terminal as keys, for the moment in which the probe and not
//! the parser reads it. What begins with Esc goes on piece by piece: the
//! guard behind it puts keys together.

use crate::front::app::Msg;
use crate::front::keys::key::{Code, Key};

const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

/// Bytes that are not yet a key.
#[derive(Debug, Default)]
pub struct Typed {
    waiting: Vec<u8>,
}

impl Typed {
    /// Nothing begun waits for its end.
    pub fn settled(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes bytes; the keys and pastes that are certain now.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Msg> {
        self.waiting.extend_from_slice(bytes);
        let mut out = Vec::new();
        while let Some((msg, used)) = one(&self.waiting, false) {
            out.extend(msg);
            self.waiting.drain(..used);
        }
        out
    }

    /// The time is over: what waits is what it looks like.
    pub fn end(mut self) -> Vec<Msg> {
        let mut out = Vec::new();
        while let Some((msg, used)) = one(&self.waiting, true) {
            out.extend(msg);
            self.waiting.drain(..used.max(1));
        }
        out
    }
}

/// The first key and the bytes it takes; `None` while its end is missing.
fn one(bytes: &[u8], last: bool) -> Option<(Option<Msg>, usize)> {
    let first = *bytes.first()?;
    let key = |key| Some(Msg::Key(key));
    match first {
        0x1b => escape(bytes, last),
        b'\r' | b'\n' => Some((key(Key::plain(Code::Enter)), 1)),
        b'\t' => Some((key(Key::plain(Code::Tab)), 1)),
        0x08 | 0x7f => Some((key(Key::plain(Code::Backspace)), 1)),
        0x01..=0x1a => Some((key(Key::ctrl(char::from(first + b'a' - 1))), 1)),
        0x00 | 0x1c..=0x1f => Some((None, 1)),
        _ => character(bytes, last),
    }
}

fn escape(bytes: &[u8], last: bool) -> Option<(Option<Msg>, usize)> {
    let esc = Some((Some(Msg::Key(Key::plain(Code::Esc))), 1));
    if let Some(rest) = bytes.strip_prefix(PASTE) {
        let end = rest.windows(PASTED.len()).position(|w| w == PASTED);
        let (text, used) = match end {
            Some(end) => (rest.get(..end)?, PASTE.len() + end + PASTED.len()),
            None if last => (rest, bytes.len()),
            None => return None,
        };
        let text = String::from_utf8_lossy(text).into_owned();
        return Some((Some(Msg::Paste(text)), used));
    }
    if last {
        return esc;
    }
    match bytes.get(1) {
        Some(b'[') if PASTE.starts_with(bytes) => None,
        // Alone: its rest may be on the way.
        None => None,
        Some(&c @ b' '..=b'~') if !matches!(c, b'[' | b'O') => {
            Some((Some(Msg::Key(Key::alt(char::from(c)))), 2))
        }
        _ => esc,
    }
}

fn character(bytes: &[u8], last: bool) -> Option<(Option<Msg>, usize)> {
    let whole = match bytes.first()? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let head = bytes.get(..whole.min(bytes.len()))?;
    match std::str::from_utf8(head) {
        Ok(text) => {
            let c = text.chars().next()?;
            Some((Some(Msg::Key(Key::plain(Code::Char(c)))), whole))
        }
        Err(error) if error.error_len().is_none() && !last => None,
        // No character: it types nothing.
        Err(error) => Some((None, error.error_len().unwrap_or(head.len()))),
    }
}
