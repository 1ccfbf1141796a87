//! Puts together what a slow line has torn: an Esc that arrives alone is held
//! for a moment, and if `[` or `O` follows it was the beginning of a key.
//!
//! Pure: time comes in as a value.

use crate::front::app::Msg;
use crate::front::keys::key::{Code, Key};
use std::time::Duration;

/// How long a lone Esc is held on a terminal of this machine.
pub const HOLD: Duration = Duration::from_millis(25);

/// How long over SSH.
pub const HOLD_SSH: Duration = Duration::from_millis(100);

/// Once `[` has come it is no person: the rest may take this long.
const REST: Duration = Duration::from_millis(500);

/// No string of a terminal is longer, in keys or in time: behind it keys are
/// keys again, whether its end came or not.
const LONGEST_STRING: usize = 8 * 1024;
const LONGEST_TELLING: Duration = Duration::from_secs(2);

/// Longest sequence that is waited for.
const LONGEST: usize = 32;

/// Bytes of a paste that are kept.
const LONGEST_PASTE: usize = 64 * 1024;

/// Holds what may be the beginning of a key.
#[derive(Debug)]
pub struct Guard {
    hold: Duration,
    state: State,
    due: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Open,
    /// A lone Esc.
    Esc,
    /// `ESC [` and what followed.
    Csi(String),
    /// `ESC O`.
    Ss3,
    /// Inside a bracketed paste whose beginning was torn.
    Paste(String),
    /// What may begin a string of the terminal (`ESC ]` and the like), which
    /// arrives as a letter with Alt.
    Lead(char),
    /// Inside such a string.
    Told(Telling),
}

/// A string of the terminal that is being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Telling {
    /// Its last sign was an Esc.
    esc: bool,
    keys: usize,
    until: Duration,
}

/// What begins a string of the terminal: OSC, DCS, APC, PM, SOS.
const STRINGS: [char; 5] = [']', 'P', '_', '^', 'X'];

impl Guard {
    /// Holds a lone Esc for `hold`.
    pub fn new(hold: Duration) -> Self {
        Self {
            hold,
            state: State::Open,
            due: Duration::ZERO,
        }
    }

    /// Until when something is held.
    pub fn due(&self) -> Option<Duration> {
        (self.state != State::Open).then_some(self.due)
    }

    /// Takes one message of the terminal; what is certain now goes to `out`.
    pub fn feed(&mut self, now: Duration, msg: Msg, out: &mut Vec<Msg>) {
        if self.due().is_some_and(|due| due <= now) {
            self.expire(out);
        }
        let typed = match &msg {
            Msg::Key(Key {
                code: Code::Char(c),
                ctrl: false,
                alt: false,
            }) => Some(*c),
            _ => None,
        };
        match (&mut self.state, typed) {
            (State::Open, _) => {
                if msg == Msg::Key(Key::plain(Code::Esc)) {
                    self.wait(State::Esc, now + self.hold);
                } else if let Some(c) = with_alt(&msg).filter(|c| STRINGS.contains(c)) {
                    self.wait(State::Lead(c), now + self.hold);
                } else {
                    out.push(msg);
                }
            }
            // One without content.
            (State::Lead(_), _) if ends(&msg) => self.state = State::Open,
            (State::Lead(_), Some(_)) => self.told(now),
            (State::Esc, Some(c)) if STRINGS.contains(&c) => self.told(now),
            (State::Told(telling), _) => match &msg {
                Msg::Key(key) => {
                    let telling = Telling {
                        esc: *key == Key::plain(Code::Esc),
                        keys: telling.keys + 1,
                        ..*telling
                    };
                    let was_esc = matches!(&self.state, State::Told(t) if t.esc);
                    if ends(&msg)
                        || (was_esc && typed == Some('\\'))
                        || telling.keys >= LONGEST_STRING
                    {
                        self.state = State::Open;
                    } else {
                        let due = telling.until.min(now + REST);
                        self.wait(State::Told(telling), due);
                    }
                }
                _ => out.push(msg),
            },
            (State::Esc, Some('[')) => self.wait(State::Csi(String::new()), now + REST),
            (State::Esc, Some('O')) => self.wait(State::Ss3, now + REST),
            (State::Ss3, Some(c)) => {
                self.state = State::Open;
                out.extend(ss3(c).map(Msg::Key));
            }
            (State::Csi(text), Some(c)) => {
                text.push(c);
                let last = ('@'..='~').contains(&c) && text != "[";
                let text = text.clone();
                if text == "200~" {
                    self.wait(State::Paste(String::new()), now + REST);
                } else if last || text.len() > LONGEST || !c.is_ascii() {
                    self.state = State::Open;
                    // An unknown sequence is an answer of the terminal or a
                    // key we have no use for; it never becomes text (SEC-37).
                    out.extend(csi(&text).map(Msg::Key));
                }
            }
            (State::Paste(text), _) => {
                match &msg {
                    // No field takes so much; the rest of it goes nowhere.
                    Msg::Key(_) if text.len() > LONGEST_PASTE => {}
                    Msg::Key(Key {
                        code: Code::Char(c),
                        ..
                    }) => text.push(*c),
                    Msg::Key(_) => text.push(' '),
                    _ => {
                        self.expire(out);
                        out.push(msg);
                        return;
                    }
                }
                self.due = now + REST;
            }
            (State::Esc | State::Ss3 | State::Csi(_) | State::Lead(_), _) => {
                self.expire(out);
                self.feed(now, msg, out);
            }
        }
    }

    /// The time has come: what was held is what it looked like.
    pub fn expire(&mut self, out: &mut Vec<Msg>) {
        match std::mem::replace(&mut self.state, State::Open) {
            State::Esc => out.push(Msg::Key(Key::plain(Code::Esc))),
            State::Paste(text) => out.push(Msg::Paste(text)),
            State::Lead(c) => out.push(Msg::Key(Key::alt(c))),
            // The rest of the sequence never came.
            State::Csi(_) | State::Ss3 | State::Told(_) | State::Open => {}
        }
    }

    fn told(&mut self, now: Duration) {
        let telling = Telling {
            esc: false,
            keys: 1,
            until: now + LONGEST_TELLING,
        };
        self.wait(State::Told(telling), now + REST);
    }

    fn wait(&mut self, state: State, due: Duration) {
        self.state = state;
        self.due = due;
    }
}

/// The end of a string: BEL, or a whole `ESC \`.
fn ends(msg: &Msg) -> bool {
    matches!(msg, Msg::Key(key) if *key == Key::ctrl('g') || *key == Key::alt('\\'))
}

fn with_alt(msg: &Msg) -> Option<char> {
    match msg {
        Msg::Key(Key {
            code: Code::Char(c),
            ctrl: false,
            alt: true,
        }) => Some(*c),
        _ => None,
    }
}

fn ss3(c: char) -> Option<Key> {
    Some(Key::plain(match c {
        'P'..='S' => Code::F(c as u8 - b'P' + 1),
        'M' => Code::Enter,
        // The numeric pad in application mode.
        'j'..='y' => Code::Char(char::from(c as u8 - b'j' + b'*')),
        _ => return letter(c).map(Key::plain),
    }))
}

fn csi(text: &str) -> Option<Key> {
    // F1 to F5 of the Linux console.
    if let Some(c @ 'A'..='E') = text.strip_prefix('[').and_then(|t| t.chars().next()) {
        return Some(Key::plain(Code::F(c as u8 - b'A' + 1)));
    }
    let last = text.chars().next_back()?;
    let (first, modifier) = {
        let body = text.strip_suffix(last)?;
        let (first, modifier) = body.split_once(';').unwrap_or((body, "1"));
        (first, modifier.parse::<u8>().ok()?)
    };
    let code = if last == '~' {
        match first.parse::<u8>().ok()? {
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
        }
    } else {
        match last {
            'P' | 'Q' | 'S' => Code::F(last as u8 - b'P' + 1),
            'Z' => Code::BackTab,
            _ => letter(last)?,
        }
    };
    let bits = modifier.saturating_sub(1);
    if matches!(code, Code::F(_)) && bits & 1 != 0 {
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

#[cfg(test)]
mod tests;
