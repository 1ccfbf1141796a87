//! Keys as the bytes an xterm sends.

use crate::front::keys::key::{Code, Key};

/// What arrives at the program.
pub fn bytes(key: Key) -> Vec<u8> {
    let mut out = Vec::new();
    if key.alt {
        out.push(0x1b);
    }
    let plain: &[u8] = match key.code {
        Code::Char(c) => {
            if key.ctrl && c.is_ascii() {
                out.push((c.to_ascii_lowercase() as u8) & 0x1f);
            } else {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            return out;
        }
        Code::F(n) => FUNCTION
            .get(usize::from(n.saturating_sub(1)))
            .copied()
            .unwrap_or_default(),
        Code::Enter => b"\r",
        Code::Tab => b"\t",
        Code::BackTab => b"\x1b[Z",
        Code::Esc => b"\x1b",
        Code::Backspace => b"\x7f",
        Code::Delete => b"\x1b[3~",
        Code::Insert => b"\x1b[2~",
        Code::Left => b"\x1b[D",
        Code::Right => b"\x1b[C",
        Code::Up => b"\x1b[A",
        Code::Down => b"\x1b[B",
        Code::Home => b"\x1b[H",
        Code::End => b"\x1b[F",
        Code::PageUp => b"\x1b[5~",
        Code::PageDown => b"\x1b[6~",
    };
    out.extend_from_slice(plain);
    out
}

const FUNCTION: [&[u8]; 12] = [
    b"\x1bOP",
    b"\x1bOQ",
    b"\x1bOR",
    b"\x1bOS",
    b"\x1b[15~",
    b"\x1b[17~",
    b"\x1b[18~",
    b"\x1b[19~",
    b"\x1b[20~",
    b"\x1b[21~",
    b"\x1b[23~",
    b"\x1b[24~",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_leave_as_an_xterm_sends_them() {
        for (key, sent) in [
            (Key::plain(Code::F(1)), &b"\x1bOP"[..]),
            (Key::plain(Code::F(12)), b"\x1b[24~"),
            (Key::ctrl('r'), b"\x12"),
            (Key::alt('1'), b"\x1b1"),
            (Key::plain(Code::Char('窓')), "窓".as_bytes()),
            (Key::plain(Code::Enter), b"\r"),
        ] {
            assert_eq!(bytes(key), sent, "{key:?}");
        }
    }
}
