//! Behind an Esc: Alt and a letter, a sequence, or a string of the terminal.

use super::{BEL, Bytes, ESC, LONGEST, REST, State, control, csi_of};
use crate::front::app::Msg;
use crate::front::keys::key::{Code, Key};
use std::time::Duration;

/// Behind an Esc a letter so soon is Alt and the letter, however long Esc is
/// held: no person presses two keys in that time.
const ALT: Duration = Duration::from_millis(25);

/// What begins a string of the terminal: OSC, DCS, APC, PM, SOS.
const STRINGS: [char; 5] = [']', 'P', '_', '^', 'X'];

impl Bytes {
    pub(super) fn escaped(
        &mut self,
        now: Duration,
        byte: u8,
        twice: bool,
        since: Duration,
        out: &mut Vec<Msg>,
    ) {
        let esc = || Msg::Key(Key::plain(Code::Esc));
        match byte {
            b'[' => return self.sequence(now, csi_of(String::new(), twice, false, 0)),
            b'O' => {
                let text = String::new();
                return self.sequence(now, State::Ss3 { text, alt: twice });
            }
            ESC if !twice => {
                let due = now + self.hold;
                return self.wait(State::Esc { twice: true, since }, due);
            }
            _ => {}
        }
        if twice {
            out.push(esc());
        }
        let soon = now < since + ALT;
        match byte {
            0x20..0x7f if STRINGS.contains(&char::from(byte)) && soon => {
                self.wait(State::Lead(char::from(byte)), now + self.hold);
            }
            ..0x80 if byte != ESC && soon => out.push(Msg::Key(Key {
                alt: true,
                ..control(byte)
            })),
            _ => {
                out.push(esc());
                self.open(now, byte, out);
            }
        }
    }

    pub(super) fn told(
        &mut self,
        now: Duration,
        byte: u8,
        length: usize,
        esc: bool,
        out: &mut Vec<Msg>,
    ) {
        match byte {
            BEL => {}
            b'\\' if esc => {}
            // Whatever begins here ends the string.
            _ if esc => self.escaped(now, byte, false, now, out),
            _ if length >= LONGEST => self.open(now, byte, out),
            _ => {
                let told = State::Told {
                    length: length + 1,
                    esc: byte == ESC,
                };
                self.wait(told, (now + REST).min(self.until));
            }
        }
    }
}
