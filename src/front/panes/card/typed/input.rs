//! A key, a character or a paste while the keys to a card are typed.

use super::{BIRTH, FOUR, Slot, Typed, blank};
use crate::domain::number::holds_personal_number;
use crate::front::app::Input;
use crate::front::edit;
use crate::front::form::Did;
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::text::field::LineField;
use crate::text::fold;

impl Typed {
    /// A key.
    pub(in crate::front::panes::card) fn input(&mut self, input: &Input) -> Did {
        let by_itself = std::mem::take(&mut self.moved_by_itself);
        match input {
            Input::Command(Command::Next) if by_itself => Did::Nothing,
            Input::Char(c) => self.put(*c),
            Input::Paste(text) => self.paste(text),
            Input::Command(command) => self.command(*command),
        }
    }

    fn put(&mut self, c: char) -> Did {
        let c = fold::narrow_char(c);
        if self.focus == Slot::Birth {
            self.give_way();
            if !self.birth.insert(c) && self.birth.is_full() {
                return Did::Refused(format!("生年月日: {BIRTH} 文字までです。"));
            }
            return self.checked();
        }
        let label = self.focus.label();
        if !c.is_ascii() {
            return Did::Refused(wording::INPUT_METHOD_ON.to_owned());
        }
        if !c.is_ascii_digit() {
            return Did::Refused(format!("{label}: 数字で入れてください。"));
        }
        self.give_way();
        let full = || Did::Refused(format!("{label}: {FOUR} 桁です。"));
        match self.focus {
            Slot::Year => {
                if !self.year.insert(c) {
                    return full();
                }
                if self.year.is_full() {
                    self.focus = Slot::Code;
                    self.moved_by_itself = true;
                }
            }
            Slot::Code if self.hidden(Slot::Code) < FOUR => self.code.push(c),
            Slot::Pin if self.hidden(Slot::Pin) < FOUR => self.pin.push(c),
            _ => return full(),
        }
        Did::Changed
    }

    /// What stands there for somebody else, or from the form below, makes way
    /// for what is typed.
    fn give_way(&mut self) {
        let old = self.looked_at(self.focus);
        match self.focus {
            Slot::Birth if std::mem::take(&mut self.offered) || old => self.birth.clear(),
            Slot::Year if old => self.year.clear(),
            _ => {}
        }
    }

    fn paste(&mut self, text: &str) -> Did {
        if holds_personal_number(text) {
            return Did::Refused(refused());
        }
        if self.focus == Slot::Birth {
            self.give_way();
            self.birth.paste(fold::narrow(text).trim());
            return self.checked();
        }
        // A number of another length is not cut to fit.
        let digits: Vec<char> = text.trim().chars().collect();
        let focus = self.focus;
        if digits.len() > FOUR {
            let label = focus.label();
            return Did::Refused(format!("{label}: {FOUR} 桁です。"));
        }
        let mut did = Did::Nothing;
        for c in digits {
            did = self.put(c);
            if self.focus != focus || matches!(did, Did::Refused(_)) {
                break;
            }
        }
        did
    }

    /// DOM-44.
    fn checked(&mut self) -> Did {
        if holds_personal_number(self.birth.text()) {
            self.birth = LineField::with_limit("", BIRTH);
            return Did::Refused(refused());
        }
        Did::Changed
    }

    fn command(&mut self, command: Command) -> Did {
        let slots = self.slots();
        let at = slots.iter().position(|slot| *slot == self.focus);
        let at = at.unwrap_or(0);
        match command {
            Command::Submit => return Did::Run,
            Command::Next if at + 1 == slots.len() => return Did::Run,
            Command::Next | Command::Down => {
                if command == Command::Next {
                    self.looked_at(self.focus);
                }
                self.focus = slots[(at + 1).min(slots.len() - 1)];
                return Did::Moved;
            }
            Command::Up | Command::Previous => {
                self.focus = slots[at.saturating_sub(1)];
                return Did::Moved;
            }
            _ => {}
        }
        let back = command == Command::Backspace;
        let old = self.is_old(self.focus);
        let line = match self.focus {
            Slot::Birth => &mut self.birth,
            Slot::Year => &mut self.year,
            Slot::Code | Slot::Pin => {
                let secret = if self.focus == Slot::Code {
                    &mut self.code
                } else {
                    &mut self.pin
                };
                match command {
                    Command::Backspace if secret.is_empty() && at > 0 => {
                        self.focus = slots[at - 1];
                        return Did::Moved;
                    }
                    Command::Backspace => drop(secret.pop()),
                    Command::ClearField | Command::Delete => *secret = blank(),
                    _ => return Did::Nothing,
                }
                return Did::Changed;
            }
        };
        if back && old {
            line.clear();
            self.looked_at(self.focus);
            return Did::Changed;
        }
        if back && line.at_start() && at > 0 {
            self.focus = slots[at - 1];
            return Did::Moved;
        }
        if self.focus == Slot::Birth && std::mem::take(&mut self.offered) && back {
            self.birth.clear();
            return Did::Changed;
        }
        if edit::apply(line, command) {
            self.looked_at(self.focus);
            Did::Changed
        } else {
            Did::Nothing
        }
    }
}

fn refused() -> String {
    "個人番号（12 桁）は使いません。欄から消しました。券面の表の番号だけを入れてください。"
        .to_owned()
}
