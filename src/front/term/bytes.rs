//! Bytes of a terminal become keys: torn sequences are put together, what is
//! unknown is passed over, and whatever comes, the next key is understood.
//!
//! Pure: time comes in as a value. crossterm's own reader is not used: it
//! loses the ten-key pad in application mode, forgets a key behind a byte that
//! is no UTF-8, and spins when the terminal is gone (tui-craft B.5).

mod escape;
mod paste;
mod sequence;

use crate::front::app::Msg;
use crate::front::keys::key::{Code, Key};
use paste::{LONGEST_PASTE, PASTE_ENDS, PAUSE, pasted};
use sequence::{Sequence, csi, ss3};
use std::time::Duration;

/// How long a lone Esc is held on a terminal of this machine.
pub const HOLD: Duration = Duration::from_millis(25);

/// How long over SSH.
pub const HOLD_SSH: Duration = Duration::from_millis(100);

/// Once `[` has come it is no person: the rest may take this long.
const REST: Duration = Duration::from_millis(500);

/// Between two bytes of a paste. Longer than a line stalls: what came behind
/// the time would be keys, and an Enter among them.
const STALL: Duration = Duration::from_secs(5);

/// No sequence or string of a terminal is longer, in bytes or in time: behind
/// it keys are keys again, whether its end came or not.
const LONGEST: usize = 8 * 1024;
const LONGEST_TIME: Duration = Duration::from_secs(2);

/// Takes a terminal's bytes as they come.
#[derive(Debug)]
pub struct Bytes {
    hold: Duration,
    state: State,
    /// When what is held is taken for what it looks like.
    due: Duration,
    /// When a sequence has lasted too long.
    until: Duration,
    /// When the last bytes came.
    last: Duration,
    /// When the paste began.
    begun: Duration,
    /// The last byte of the paste is an Esc that came alone.
    lone: bool,
    /// Where the terminal said that its cursor stands: row and column.
    reports: Vec<(u32, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Open,
    /// The beginning of a character.
    Char(Vec<u8>),
    /// An Esc, or two.
    Esc {
        twice: bool,
        since: Duration,
    },
    /// `ESC [` (or U+009B) and what followed.
    Csi {
        text: String,
        alt: bool,
        short: bool,
        length: usize,
    },
    /// `ESC O` and digits that some put before the letter.
    Ss3 {
        text: String,
        alt: bool,
    },
    /// Inside a bracketed paste.
    Paste(Vec<u8>),
    /// What may begin a string of the terminal, or is a letter with Alt.
    Lead(char),
    /// Behind the beginning of a mouse report of the old kind: so many bytes
    /// are still to come.
    Mouse(u8),
    /// Inside such a string.
    Told {
        length: usize,
        esc: bool,
    },
}

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
/// CSI in one byte.
const CSI: u8 = 0x9b;

impl Bytes {
    /// Holds a lone Esc for `hold`.
    pub fn new(hold: Duration) -> Self {
        Self {
            hold,
            state: State::Open,
            due: Duration::ZERO,
            until: Duration::ZERO,
            last: Duration::ZERO,
            begun: Duration::ZERO,
            lone: false,
            reports: Vec::new(),
        }
    }

    /// Until when something is held.
    pub fn due(&self) -> Option<Duration> {
        (self.state != State::Open).then_some(self.due)
    }

    /// Takes what the terminal sent; what is certain now goes to `out`.
    pub fn feed(&mut self, now: Duration, bytes: &[u8], out: &mut Vec<Msg>) {
        if self.due().is_some_and(|due| due <= now) {
            self.expire(out);
        }
        let paused = now >= self.last + PAUSE;
        self.last = now;
        if paused && self.interrupted(now, bytes, out) {
            return;
        }
        for byte in bytes {
            self.byte(now, *byte, out);
        }
    }

    /// Where the terminal has said since the last time that its cursor stands.
    pub fn reports(&mut self) -> Vec<(u32, usize)> {
        std::mem::take(&mut self.reports)
    }

    /// The time has come: what was held is what it looked like.
    pub fn expire(&mut self, out: &mut Vec<Msg>) {
        let esc = Msg::Key(Key::plain(Code::Esc));
        match std::mem::replace(&mut self.state, State::Open) {
            State::Esc { twice, .. } => {
                if twice {
                    out.push(esc.clone());
                }
                out.push(esc);
            }
            State::Paste(mut bytes) => {
                if std::mem::take(&mut self.lone) {
                    bytes.pop();
                }
                out.push(pasted(&bytes));
            }
            State::Lead(c) => out.push(Msg::Key(Key::alt(c))),
            State::Ss3 { text, .. } if text.is_empty() => out.push(Msg::Key(Key::alt('O'))),
            State::Char(_) => out.push(Msg::Garbled),
            // The rest of the sequence never came.
            State::Csi { .. }
            | State::Ss3 { .. }
            | State::Told { .. }
            | State::Mouse(_)
            | State::Open => {}
        }
    }

    fn byte(&mut self, now: Duration, byte: u8, out: &mut Vec<Msg>) {
        let rest = (now + REST).min(self.until);
        match std::mem::replace(&mut self.state, State::Open) {
            State::Open => self.open(now, byte, out),
            State::Char(mut held) if (0x80..0xc0).contains(&byte) => {
                held.push(byte);
                if held.len() < length(held[0]) {
                    self.wait(State::Char(held), self.due);
                } else {
                    self.character(now, &held, out);
                }
            }
            State::Char(_) => {
                out.push(Msg::Garbled);
                self.open(now, byte, out);
            }
            State::Esc { twice, since } => self.escaped(now, byte, twice, since, out),
            State::Csi {
                mut text,
                alt,
                short,
                length,
            } => match byte {
                // F1 to F5 of the Linux console: `ESC [ [ A`.
                b'[' if text.is_empty() && !short => {
                    text.push('[');
                    self.wait(csi_of(text, alt, short, length + 1), rest);
                }
                0x20..0x40 if length < LONGEST => {
                    // The longest key has eight; more is an answer.
                    if text.len() < 32 {
                        text.push(char::from(byte));
                    }
                    self.wait(csi_of(text, alt, short, length + 1), rest);
                }
                0x40..0x7f => {
                    let last = char::from(byte);
                    let stray = short && text.is_empty() && !"ABCDFH".contains(last);
                    match csi(&text, last) {
                        // The one byte was a stray one, the letter a key.
                        _ if stray => {
                            out.push(Msg::Garbled);
                            self.open(now, byte, out);
                        }
                        Sequence::Key(key) => out.push(key_of(key, alt)),
                        Sequence::Paste => {
                            self.begun = now;
                            self.lone = false;
                            self.wait(State::Paste(Vec::new()), now + STALL);
                        }
                        Sequence::Cursor(row, column) => {
                            self.reports.truncate(REPORTS);
                            self.reports.push((row, column));
                        }
                        Sequence::Mouse => self.wait(State::Mouse(3), rest),
                        // An unknown sequence is an answer of the terminal or
                        // a key we have no use for; it never becomes text
                        // (SEC-37).
                        Sequence::Nothing => {}
                    }
                }
                _ => {
                    if short && text.is_empty() {
                        out.push(Msg::Garbled);
                    }
                    self.open(now, byte, out);
                }
            },
            State::Ss3 { mut text, alt } => match byte {
                b'0'..=b'9' | b';' if text.len() < 4 => {
                    text.push(char::from(byte));
                    self.wait(State::Ss3 { text, alt }, rest);
                }
                0x20..0x7f => out.extend(ss3(&text, char::from(byte)).map(|k| key_of(k, alt))),
                _ => self.open(now, byte, out),
            },
            // Coordinates are no control characters: a key begins here.
            State::Mouse(_) if byte < b' ' => self.open(now, byte, out),
            State::Mouse(1) => {}
            State::Mouse(left) => self.wait(State::Mouse(left - 1), rest),
            State::Paste(mut held) => {
                self.lone = false;
                held.push(byte);
                if held.ends_with(PASTE_ENDS) {
                    held.truncate(held.len() - PASTE_ENDS.len());
                    out.push(pasted(&held));
                    return;
                }
                // No field takes so much; the rest of it goes nowhere, but
                // for what may be its end.
                if held.len() > LONGEST_PASTE + PASTE_ENDS.len() {
                    held.remove(LONGEST_PASTE);
                }
                self.wait(State::Paste(held), now + STALL);
            }
            State::Lead(_) if byte == BEL => {}
            State::Lead(_) => {
                self.until = now + LONGEST_TIME;
                self.told(now, byte, 1, false, out);
            }
            State::Told { length, esc } => self.told(now, byte, length, esc, out),
        }
    }

    /// A byte where nothing is held.
    fn open(&mut self, now: Duration, byte: u8, out: &mut Vec<Msg>) {
        match byte {
            ESC => self.wait(
                State::Esc {
                    twice: false,
                    since: now,
                },
                now + self.hold,
            ),
            CSI => self.sequence(now, csi_of(String::new(), false, true, 0)),
            0xc2..=0xf4 => self.wait(State::Char(vec![byte]), now + REST),
            0x80.. => out.push(Msg::Garbled),
            _ => out.push(Msg::Key(control(byte))),
        }
    }

    fn character(&mut self, now: Duration, bytes: &[u8], out: &mut Vec<Msg>) {
        match std::str::from_utf8(bytes).map(|text| text.chars().next()) {
            Ok(Some('\u{9b}')) => self.sequence(now, csi_of(String::new(), false, true, 0)),
            Ok(Some(c)) if c.is_control() => {}
            Ok(Some(c)) => out.push(Msg::Key(Key::plain(Code::Char(c)))),
            _ => out.push(Msg::Garbled),
        }
    }

    fn sequence(&mut self, now: Duration, state: State) {
        self.until = now + LONGEST_TIME;
        self.wait(state, now + REST);
    }

    fn wait(&mut self, state: State, due: Duration) {
        self.state = state;
        self.due = due;
    }
}

/// Cursor reports that are kept until somebody asks for them.
const REPORTS: usize = 7;

fn csi_of(text: String, alt: bool, short: bool, length: usize) -> State {
    State::Csi {
        text,
        alt,
        short,
        length,
    }
}

fn key_of(key: Key, alt: bool) -> Msg {
    Msg::Key(Key {
        alt: key.alt || alt,
        ..key
    })
}

/// Bytes of a character that begins so.
const fn length(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        _ => 2,
    }
}

/// A byte of ASCII as the key that sends it.
fn control(byte: u8) -> Key {
    match byte {
        // Enter typed ahead, before the terminal was ours, is a line feed.
        b'\r' | b'\n' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        // Ctrl+H is what many terminals send for Backspace.
        0x08 | 0x7f => Key::plain(Code::Backspace),
        ESC => Key::plain(Code::Esc),
        0 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1f => Key::ctrl(char::from(byte - 0x1c + b'4')),
        _ => Key::plain(Code::Char(char::from(byte))),
    }
}

#[cfg(test)]
mod tests;
