//! Keys, characters and pastes: who gets them.

use super::question::Question;
use super::{App, Effect, Go, Input, Tone};
use crate::domain::account::Right;
use crate::domain::failure::Failure;
use crate::domain::time::Now;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::keys::key::{Code, Key};
use crate::front::wording;
use crate::link::message::{LogoutReason, ToDesk};
use crate::text::clean::clean;
use crate::text::fold;
use std::time::Duration;

/// The key that takes back in most other programs.
const UNDO_ELSEWHERE: Key = Key::ctrl('z');

/// How long an answer stands before a key can be meant for it.
const UNREAD: Duration = Duration::from_millis(400);

impl App {
    pub(super) fn key(&mut self, now: Now, key: Key, effects: &mut Vec<Effect>) {
        self.activity.touch(now.mono);
        self.recheck.touch(now.mono);
        if let Some(since) = self.blanked.take() {
            effects.push(Effect::Repaint);
            return self.unblanked(now, since, effects);
        }
        let (context, typing) = match &self.asking {
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
        // Where digits choose rows, one pressed too often answers no question.
        let digit = matches!(key.code, Code::Char('0'..='9'));
        if self.asking.is_none() && digit && context == Context::Ask && self.top().numbered() {
            command = None;
        }
        if self.asking.is_some() && command == Some(Command::Blank) {
            return self.blank(now, effects);
        }
        if self.asking.is_some() {
            self.answer(now, command, key, effects);
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
            (None, _) if key == UNDO_ELSEWHERE => self.tell_undo(typing),
            (None, _) => {}
        }
    }

    fn shows_news(&self) -> bool {
        let said = self.message.as_ref().map(|(_, text)| text);
        said.is_some() && said == self.news.as_ref()
    }

    /// What takes back elsewhere does nothing here, and says so.
    fn tell_undo(&mut self, typing: bool) {
        if matches!(self.message, Some((Tone::Error, _))) {
            return;
        }
        let key = typing
            .then(|| self.options.keymap.key_for(Context::Field, Command::Undo))
            .flatten();
        self.say(Tone::Hint, wording::no_undo_there(key.as_deref()));
    }

    /// Says so where nothing more urgent stands: the keys go on.
    pub(super) fn garbled(&mut self, now: Now) {
        if !matches!(self.message, Some((Tone::Error, _))) {
            self.say_for_a_while(now, Tone::Warning, wording::GARBLED);
        }
    }

    pub(super) fn paste(&mut self, now: Now, text: &str, effects: &mut Vec<Effect>) {
        self.activity.touch(now.mono);
        self.recheck.touch(now.mono);
        if self.blanked.is_some() || self.asking.is_some() {
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
        // Text in another code has letters among its bytes: they must not
        // take away what is said of it, which goes by itself.
        if !matches!(&self.message, Some((tone, text)) if *tone == Tone::Error || text == wording::GARBLED)
        {
            self.message = None;
        }
        self.with_top(now, effects, |pane, cx| pane.input(cx, input));
    }

    fn command(&mut self, now: Now, command: Command, effects: &mut Vec<Effect>) {
        if !matches!(command, Command::Submit | Command::Next) {
            self.surprised = None;
        }
        // Bytes in another code hold no such key: a person goes on.
        if matches!(
            command,
            Command::Next | Command::Previous | Command::Up | Command::Down
        ) {
            self.message.take_if(|(_, text)| text == wording::GARBLED);
        }
        match command {
            Command::Blank => self.blank(now, effects),
            Command::Repaint => effects.push(Effect::Repaint),
            Command::Quit => self.quit(effects),
            Command::Back if self.stack.len() == 1 && !self.top().claims(Command::Back) => {
                self.quit(effects);
            }
            Command::Logout if self.known.staff.is_some() => {
                self.question(Question::Logout);
            }
            Command::Logout => {}
            Command::DemoOutage => self.demo_outage(effects),
            Command::Leave if self.shows_news() => {
                self.news = None;
                self.message = None;
            }
            // The first Esc puts away an error, so that nothing is left by
            // mistake while reading it.
            Command::Leave if matches!(self.message, Some((Tone::Error, _))) => {
                self.message = None;
            }
            // ... and nothing typed is thrown away by one key.
            Command::Leave if self.top().leaving_loses() => {
                self.question(Question::Discard);
            }
            // A key pressed before anyone can have read the answer was not
            // meant for it.
            Command::Submit | Command::Next if self.unread(now) => {}
            Command::Submit if self.asks_first(now) => {}
            command
                if self.top().context().decides(command)
                    && self.known.offline.is_some()
                    && !self.allowed(Right::Decide) =>
            {
                self.say(Tone::Warning, Failure::OfflineOnly.to_string());
            }
            command if self.top().claims(command) => {
                self.pass(now, Input::Command(command), effects);
            }
            Command::Ladder => {
                self.message = None;
                self.climb(now, effects);
            }
            Command::Opening
            | Command::Menu
            | Command::Note
            | Command::Lookup
            | Command::Outage
            | Command::Ledger
            | Command::Notices
            | Command::Locks
            | Command::Card
            | Command::DemoCard
            | Command::Help => {
                self.message = None;
                self.apply(now, Go::Open(command), effects);
            }
            command => self.pass(now, Input::Command(command), effects),
        }
    }

    fn blank(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.blanked = Some(now.mono);
        effects.push(Effect::Repaint);
    }

    /// A key brings the screen back; after a while, the person's password
    /// does (SEC-10): whoever pressed it may be another.
    fn unblanked(&mut self, now: Now, since: Duration, effects: &mut Vec<Effect>) {
        let limit = self.known.welcome.as_ref().map(|w| w.blank_seconds);
        let short = limit.is_none_or(|s| now.mono.saturating_sub(since) < Duration::from_secs(s));
        if short || self.known.staff.is_none() {
            return;
        }
        let draft = self.current_draft();
        effects.extend(self.drafts.flush(draft).map(Effect::Send));
        effects.push(Effect::Send(ToDesk::Logout));
        self.open.clear();
        self.relogin_because(Some(wording::AFTER_BLANK.to_owned()));
    }

    /// Whether what an answer opened has been there too short a time to have
    /// been read.
    pub(super) fn unread(&self, now: Now) -> bool {
        self.readable().is_some_and(|at| now.mono < at)
    }

    /// From when on it can have been read.
    pub(super) fn readable(&self) -> Option<Duration> {
        self.surprised.map(|at| at + UNREAD)
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

    /// Asks; where nobody is logged in there is nothing to be lost.
    fn quit(&mut self, effects: &mut Vec<Effect>) {
        if self.known.staff.is_some() || self.current_draft().is_some() {
            self.question(Question::Quit);
        } else {
            self.end(effects);
        }
    }

    pub(super) fn end(&mut self, effects: &mut Vec<Effect>) {
        self.log_out(effects);
        effects.push(Effect::Quit);
    }

    /// The login takes the screen at once: what is typed next is for it.
    pub(super) fn log_out(&mut self, effects: &mut Vec<Effect>) {
        if self.known.staff.is_none() {
            return;
        }
        let draft = self.current_draft();
        effects.extend(self.drafts.flush(draft).map(Effect::Send));
        effects.push(Effect::Send(ToDesk::Logout));
        self.logged_out(LogoutReason::Asked);
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
