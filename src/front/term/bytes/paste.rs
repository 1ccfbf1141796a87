//! A bracketed paste: how much of it is kept, and what ends it behind a pause.

use super::sequence::{Sequence, csi, ss3};
use super::{Bytes, ESC, REST, State};
use crate::front::app::Msg;
use std::time::Duration;

/// Behind a pause of this length a key that comes alone was pressed by a
/// person: the end of the paste was lost on the line.
pub(super) const PAUSE: Duration = Duration::from_millis(300);

/// From this age on a letter that comes alone ends a paste, too.
const LONGEST_PASTE_TIME: Duration = Duration::from_secs(10);

/// Bytes of a paste that are kept.
pub(super) const LONGEST_PASTE: usize = 64 * 1024;
pub(super) const PASTE_ENDS: &[u8] = b"\x1b[201~";

impl Bytes {
    /// Behind a pause in a paste. A key ends it and does nothing else: what
    /// was typed meanwhile has not been seen by anybody. Returns whether
    /// nothing is left of `bytes`.
    pub(super) fn interrupted(&mut self, now: Duration, bytes: &[u8], out: &mut Vec<Msg>) -> bool {
        let State::Paste(held) = &mut self.state else {
            return false;
        };
        // The end itself may be torn behind its first byte.
        if bytes == [ESC] && held.last() != Some(&ESC) {
            held.push(ESC);
            self.lone = true;
            self.due = now + REST;
            return true;
        }
        let key = alone(bytes);
        let old = now >= self.begun + LONGEST_PASTE_TIME;
        let letter = std::str::from_utf8(bytes).is_ok_and(|text| {
            let mut all = text.chars();
            matches!((all.next(), all.next()), (Some(c), None) if !c.is_control())
        });
        if key || old && letter {
            self.expire(out);
            return key;
        }
        out.push(Msg::Pasting);
        false
    }
}

/// Whether `bytes` are one key that types nothing, and nothing else: a
/// function key, an arrow, a control key. A line end or a tab may be part of a
/// text.
fn alone(bytes: &[u8]) -> bool {
    match bytes {
        [b'\t' | b'\n' | b'\r' | 0x08] => false,
        [0..0x1b] => true,
        [ESC, b'O', last] => ss3("", char::from(*last)).is_some(),
        [ESC, b'[', text @ .., last] => {
            let text: String = text.iter().copied().map(char::from).collect();
            matches!(csi(&text, char::from(*last)), Sequence::Key(_))
        }
        _ => false,
    }
}

pub(super) fn pasted(bytes: &[u8]) -> Msg {
    let kept = bytes.get(..LONGEST_PASTE).unwrap_or(bytes);
    Msg::Paste(String::from_utf8_lossy(kept).into_owned())
}
