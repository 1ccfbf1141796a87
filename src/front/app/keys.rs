//! Keys, characters and pastes: who gets them.

use super::{App, Effect, Go, Input, Question, Tone};
use crate::domain::time::Now;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::keys::key::{Code, Key};
use crate::front::wording;
use crate::link::message::ToDesk;
use crate::text::clean::clean;
use crate::text::fold;

impl App {
    pub(super) fn key(&mut self, now: Now, key: Key, effects: &mut Vec<Effect>) {
        self.activity.touch(now.mono);
        if self.blanked {
            self.blanked = false;
            effects.push(Effect::Repaint);
            return;
        }
        let (context, typing) = match self.asking {
            Some(_) => (Context::Ask, false),
            None => (self.top().context(), self.top().typing()),
        };
        let keymap = &self.options.keymap;
        let mut key = key;
        let mut command = keymap.resolve(context, typing, key);
        if command.is_none() && !typing {
            // The input method is on outside a field: ａ and １ still mean
            // what is printed on the key (DOM-29).
            key = half_width(key);
            command = keymap.resolve(context, typing, key);
        }
        if let Some(question) = self.asking {
            self.answer(question, command, key, effects);
            return;
        }
        match (command, key.code) {
            (Some(command), _) => self.command(now, command, effects),
            (None, Code::Char(c)) if !key.ctrl && !key.alt => {
                if !typing && !c.is_ascii() {
                    self.say(Tone::Warning, wording::INPUT_METHOD_ON);
                    return;
                }
                self.pass(now, Input::Char(c), effects);
            }
            (None, _) => {}
        }
    }

    pub(super) fn paste(&mut self, now: Now, text: &str, effects: &mut Vec<Effect>) {
        self.activity.touch(now.mono);
        if self.blanked || self.asking.is_some() {
            return;
        }
        if !self.top().typing() {
            self.say(Tone::Warning, wording::PASTE_OUTSIDE);
            return;
        }
        let line = text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
        self.pass(now, Input::Paste(clean(&line)), effects);
    }

    fn pass(&mut self, now: Now, input: Input, effects: &mut Vec<Effect>) {
        if !matches!(self.message, Some((Tone::Error, _))) {
            self.message = None;
        }
        self.with_top(now, effects, |pane, cx| pane.input(cx, input));
    }

    fn command(&mut self, now: Now, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Blank => {
                self.blanked = true;
                effects.push(Effect::Repaint);
            }
            Command::Repaint => effects.push(Effect::Repaint),
            Command::Quit => self.quit(effects),
            Command::Back if self.stack.len() == 1 && !self.top().claims(Command::Back) => {
                self.quit(effects);
            }
            Command::Logout if self.known.staff.is_some() => {
                self.asking = Some(Question::Logout);
            }
            Command::Logout => {}
            Command::DemoOutage => self.demo_outage(effects),
            // The first Esc puts away an error, so that nothing is left by
            // mistake while reading it.
            Command::Leave if matches!(self.message, Some((Tone::Error, _))) => {
                self.message = None;
            }
            command if self.top().claims(command) => {
                self.pass(now, Input::Command(command), effects);
            }
            Command::Menu
            | Command::Note
            | Command::Lookup
            | Command::Outage
            | Command::Ledger
            | Command::Notices
            | Command::Help => {
                self.message = None;
                self.apply(now, Go::Open(command), effects);
            }
            command => self.pass(now, Input::Command(command), effects),
        }
    }

    fn answer(
        &mut self,
        question: Question,
        command: Option<Command>,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let yes = matches!(command, Some(Command::Submit | Command::Next))
            || matches!(half_width(key).code, Code::Char('1' | 'y' | 'Y'));
        let no = matches!(
            command,
            Some(Command::Back | Command::Leave | Command::Backspace)
        ) || matches!(half_width(key).code, Code::Char('0' | '2' | 'n' | 'N'));
        if yes {
            self.asking = None;
            match question {
                Question::Logout => self.log_out(effects),
                Question::Quit => self.end(effects),
            }
        } else if no {
            self.asking = None;
        }
    }

    pub(super) fn demo_outage(&mut self, effects: &mut Vec<Effect>) {
        if !self.known.welcome.as_ref().is_some_and(|w| w.demo) {
            return;
        }
        let on = self
            .known
            .status
            .as_ref()
            .is_none_or(|status| !status.line.down());
        effects.push(Effect::Send(ToDesk::DemoOutage { on }));
        self.say(
            Tone::Warning,
            if on {
                "実演: 中央システムを止めました。照会すると障害になります。"
            } else {
                "実演: 中央システムを動かしました。まもなく復旧します。"
            },
        );
    }

    /// Ends at once when nothing would be lost, else asks.
    fn quit(&mut self, effects: &mut Vec<Effect>) {
        if self.current_draft().is_some() {
            self.asking = Some(Question::Quit);
        } else {
            self.end(effects);
        }
    }

    fn end(&mut self, effects: &mut Vec<Effect>) {
        self.log_out(effects);
        effects.push(Effect::Quit);
    }

    pub(super) fn log_out(&mut self, effects: &mut Vec<Effect>) {
        if self.known.staff.is_none() {
            return;
        }
        let draft = self.current_draft();
        effects.extend(self.drafts.flush(draft).map(Effect::Send));
        effects.push(Effect::Send(ToDesk::Logout));
    }
}

/// Full-width ASCII as the key it came from.
fn half_width(key: Key) -> Key {
    let Code::Char(c) = key.code else {
        return key;
    };
    let mut folded = fold::narrow(c.encode_utf8(&mut [0; 4]))
        .chars()
        .collect::<Vec<_>>();
    match (folded.pop(), folded.is_empty()) {
        (Some(c), true) => Key {
            code: Code::Char(c),
            ..key
        },
        _ => key,
    }
}
