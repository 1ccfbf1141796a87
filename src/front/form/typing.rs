//! A key, a character or a paste in a form: what it changes in the field with
//! the focus, and where the focus goes.

use super::chain::within_a_run;
use super::{Did, Entry, Form};
use crate::domain::number::holds_personal_number;
use crate::front::app::Input;
use crate::front::keys::command::Command;
use crate::front::wording;

impl Form {
    /// Handles a key, a character or a paste.
    pub fn input(&mut self, input: &Input) -> Did {
        let by_itself = std::mem::take(&mut self.moved_by_itself);
        if let Input::Command(command) = input
            && !within_a_run(*command)
        {
            if let Some(refused) = self.refuse_chain() {
                return refused;
            }
            self.break_chain();
        }
        match input {
            Input::Char(c) => self.typed(|entry| entry.insert(*c)),
            // A field shorter than the number would take its first digits.
            Input::Paste(text)
                if holds_personal_number(text)
                    || holds_personal_number(&self.entries[self.focus].folded(text)) =>
            {
                Did::Refused(wording::personal_number(self.entries[self.focus].field))
            }
            Input::Paste(text) => self.typed(|entry| entry.paste(text)),
            Input::Command(command) => match command {
                Command::Submit => {
                    self.leave();
                    Did::Run
                }
                Command::Next if by_itself => Did::Nothing,
                Command::Next if self.focus + 1 == self.entries.len() => {
                    self.leave();
                    Did::Run
                }
                Command::Next => self.forward(),
                Command::Down => self.go(self.focus + 1),
                Command::Up | Command::Previous => self.back(),
                Command::Backspace => self.backspace(),
                Command::ClearField => self.typed(|entry| {
                    entry.empty();
                    Ok(())
                }),
                Command::Undo => self.typed(|entry| {
                    entry.proposed = false;
                    entry.line.undo();
                    Ok(())
                }),
                Command::Delete => self.typed(|entry| {
                    if entry.is_choice() || entry.proposed {
                        entry.empty();
                    } else {
                        entry.line.delete();
                    }
                    Ok(())
                }),
                Command::Left | Command::Right if self.entries[self.focus].is_choice() => {
                    // Turning is looking: the field is left by Enter.
                    let entry = &mut self.entries[self.focus];
                    entry.turn(*command == Command::Right);
                    entry.from_card = false;
                    let field = entry.field;
                    self.problems.retain(|p| p.field != field);
                    Did::Changed
                }
                command => self.within(*command),
            },
        }
    }

    /// Moves the cursor inside the field.
    fn within(&mut self, command: Command) -> Did {
        let entry = &mut self.entries[self.focus];
        let line = &mut entry.line;
        match command {
            Command::Left => {
                line.left();
            }
            Command::Right => {
                line.right();
            }
            Command::WordLeft => {
                line.word_left();
            }
            Command::WordRight => {
                line.word_right();
            }
            Command::Home => line.home(),
            Command::End => line.end(),
            Command::PageUp => return self.go(0),
            Command::PageDown => return self.go(self.entries.len() - 1),
            _ => return Did::Nothing,
        }
        entry.proposed = false;
        Did::Moved
    }

    /// Changes the text of the field with the focus, and sees to what follows
    /// from that.
    fn typed(&mut self, change: impl FnOnce(&mut Entry) -> Result<(), String>) -> Did {
        let entry = &mut self.entries[self.focus];
        let before = entry.line.text().to_owned();
        let field = entry.field;
        let taken = change(entry);
        // The 個人番号 must not be noted anywhere, not even in a draft or in
        // the field's own undo (DOM-44).
        if holds_personal_number(entry.line.text()) {
            entry.forget();
            return Did::Refused(wording::personal_number(field));
        }
        if let Err(why) = taken {
            return Did::Refused(why);
        }
        if !self.may_become_a_date()
            && let Some(refused) = self.refuse_chain()
        {
            return refused;
        }
        let entry = &self.entries[self.focus];
        if entry.line.text() == before {
            return Did::Nothing;
        }
        self.problems.retain(|p| p.field != field);
        self.entries[self.focus].from_card = false;
        let entry = &self.entries[self.focus];
        let grew = entry.line.text().chars().count() > before.chars().count();
        if (entry.is_choice() || grew) && entry.is_complete() && self.focus + 1 < self.entries.len()
        {
            self.go_on();
        }
        Did::Changed
    }

    fn backspace(&mut self) -> Did {
        let entry = &mut self.entries[self.focus];
        if (entry.is_choice() || entry.proposed) && !entry.line.is_empty() {
            return self.typed(|entry| {
                entry.empty();
                Ok(())
            });
        }
        if entry.line.at_start() || entry.is_choice() {
            self.break_chain();
            let moved = self.back();
            self.break_chain();
            return moved;
        }
        self.typed(|entry| {
            entry.line.backspace();
            Ok(())
        })
    }

    /// The next field that there is something to fill in.
    pub(super) fn forward(&mut self) -> Did {
        let next = (self.focus + 1..self.entries.len())
            .find(|at| !self.entries[*at].skipped)
            .unwrap_or(self.entries.len() - 1);
        self.go(next)
    }

    fn back(&mut self) -> Did {
        match (0..self.focus).rev().find(|at| !self.entries[*at].skipped) {
            Some(at) => self.go(at),
            None => Did::Nothing,
        }
    }

    fn go(&mut self, to: usize) -> Did {
        let to = to.min(self.entries.len() - 1);
        self.leave();
        if to == self.focus {
            return Did::Nothing;
        }
        self.focus = to;
        self.entries[to].line.end();
        self.break_chain();
        Did::Moved
    }

    pub(super) fn leave(&mut self) {
        self.entries[self.focus].tidy();
    }
}
