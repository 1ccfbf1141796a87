//! ログイン: user id and password, the question whether to force a login that
//! is still open elsewhere (QG-37), and the reason one was logged off.

#[cfg(test)]
mod tests;
mod view;

use crate::domain::account::Staff;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::number::holds_personal_number;
use crate::domain::secret::Secret;
use crate::domain::time::Now;
use crate::front::app::{Cx, Input, Known, Tone};
use crate::front::canvas::Role;
use crate::front::edit;
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::link::message::{Ticket, ToDesk, ToFront};
use crate::text::field::LineField;
use crate::text::fold;
use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

/// Longest password; room for it is taken once, so that growing leaves no
/// copies behind in memory.
const LONGEST: usize = 256;

const USER_MISSING: &str = "ユーザID: 入れてください。";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Focus {
    #[default]
    User,
    Password,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Step {
    #[default]
    Typing,
    Waiting(Ticket),
    /// QG-37: force?
    Force,
}

/// The login pane.
pub struct State {
    user: LineField,
    password: Zeroizing<String>,
    focus: Focus,
    step: Step,
    /// The field with the focus was left empty.
    missing: bool,
    why: Option<String>,
    resume: Option<Staff>,
    /// No try before this moment (monotonic, SEC-3).
    rest: Duration,
}

impl Default for State {
    fn default() -> Self {
        Self {
            user: LineField::with_limit("", 64),
            password: Zeroizing::new(String::with_capacity(LONGEST * 4)),
            focus: Focus::User,
            step: Step::Typing,
            missing: false,
            why: None,
            resume: None,
            rest: Duration::ZERO,
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("login::State")
            .field("focus", &self.focus)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl State {
    /// After a log-off.
    pub fn after(why: Option<String>) -> Self {
        Self {
            why,
            ..Self::default()
        }
    }

    /// To go on with another user id (OUT-12).
    pub fn other() -> Self {
        Self {
            why: Some("医療情報閲覧か管理のユーザIDでログインしてください。".to_owned()),
            ..Self::default()
        }
    }

    /// The same person again; below, everything stays as typed.
    pub fn again(why: Option<String>, staff: Staff) -> Self {
        Self {
            why,
            user: LineField::with_limit(&staff.user, 64),
            focus: Focus::Password,
            resume: Some(staff),
            ..Self::default()
        }
    }

    /// Seconds of the wait that are left.
    fn wait(&self, now: Now) -> u64 {
        let left = self.rest.saturating_sub(now.mono);
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }

    /// When one second less is left.
    pub fn due(&self, now: Now) -> Option<Duration> {
        let left = self.rest.checked_sub(now.mono)?;
        let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
        let step = if part.is_zero() {
            Duration::from_secs(1)
        } else {
            part
        };
        (!left.is_zero()).then(|| now.mono + step)
    }

    /// The user id of the person who was here.
    pub fn resuming(&self) -> Option<&str> {
        self.resume.as_ref().map(|staff| staff.user.as_str())
    }

    /// Whether this login goes on where that person was.
    pub fn resumes(&self, staff: &Staff) -> bool {
        self.resume.as_ref().is_some_and(|s| s.user == staff.user)
    }

    /// Whether the question of QG-37 is open.
    pub fn asks(&self) -> bool {
        self.step == Step::Force
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        match self.focus {
            Focus::User => Field::User,
            Focus::Password => Field::Password,
        }
    }

    /// Whether characters go into a field.
    pub fn typing(&self) -> bool {
        !self.asks()
    }

    /// Nothing to ask for.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {}

    /// A key.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match &self.step {
            Step::Force => self.answer(cx, &input),
            Step::Waiting(_) => {
                // Esc gives up waiting; anything else waits with us.
                if input == Input::Command(Command::Leave) {
                    self.step = Step::Typing;
                    cx.hush();
                }
            }
            Step::Typing => self.type_in(cx, input),
        }
    }

    fn type_in(&mut self, cx: &mut Cx<'_>, input: Input) {
        match input {
            Input::Char(c) => self.put(cx, c),
            Input::Paste(text) => {
                for c in text.trim().chars() {
                    self.put(cx, c);
                }
            }
            // A password is typed blind: it must not be met by the field of
            // the ID, nor the ID by the field of the password.
            Input::Command(Command::Next | Command::Submit)
                if self.user.text().trim().is_empty() =>
            {
                self.focus = Focus::User;
                self.missing = true;
                cx.say(Tone::Error, USER_MISSING);
            }
            Input::Command(Command::Next | Command::Submit)
                if self.focus == Focus::User && self.password.is_empty() =>
            {
                self.focus = Focus::Password;
            }
            Input::Command(Command::Next) if self.focus == Focus::User => {
                self.focus = Focus::Password;
            }
            Input::Command(Command::Next | Command::Submit) => self.submit(cx, false),
            Input::Command(Command::Down) => self.focus = Focus::Password,
            Input::Command(Command::Up | Command::Previous) => self.focus = Focus::User,
            Input::Command(command) if self.focus == Focus::Password => match command {
                Command::Backspace if self.password.is_empty() => self.focus = Focus::User,
                Command::Backspace => {
                    self.password.pop();
                }
                Command::ClearField | Command::Clear => self.clear_password(),
                _ => {}
            },
            Input::Command(Command::Clear) => self.user.clear(),
            Input::Command(command) => drop(edit::apply(&mut self.user, command)),
        }
    }

    /// What stands behind a field: what it wants, or what is wrong.
    fn beside(&self, of: Focus, now: Now) -> (Role, String) {
        let (field, text) = match of {
            Focus::User => (Field::User, self.user.text()),
            Focus::Password if self.password.is_empty() => (Field::Password, ""),
            Focus::Password => return (Role::Dim, String::new()),
        };
        if self.missing && self.focus == of && text.is_empty() {
            return (Role::Error, "入れてください".to_owned());
        }
        edit::beside(field, text, now.today())
    }

    fn put(&mut self, cx: &mut Cx<'_>, c: char) {
        // Both fields are ASCII: an input method left on does no harm
        // (DOM-29), and nothing else can be meant.
        let c = fold::narrow_char(c);
        if !c.is_ascii() {
            cx.say(Tone::Warning, wording::INPUT_METHOD_ON);
            return;
        }
        if c.is_control() {
            return;
        }
        cx.mended(self.field());
        match self.focus {
            Focus::User => {
                self.user.insert(c);
                self.missing = false;
                if holds_personal_number(self.user.text()) {
                    self.user = LineField::with_limit("", 64);
                    cx.say(Tone::Error, wording::personal_number(Field::User));
                }
            }
            Focus::Password => {
                self.missing = false;
                if self.password.chars().count() < LONGEST {
                    self.password.push(c);
                }
            }
        }
    }

    fn submit(&mut self, cx: &mut Cx<'_>, force: bool) {
        if self.password.is_empty() {
            self.focus = Focus::Password;
            self.missing = true;
            cx.say(Tone::Error, "パスワード: 入れてください。");
            return;
        }
        // How long still is on the screen, counted down.
        if self.wait(cx.now) > 0 {
            return;
        }
        cx.hush();
        let ticket = cx.ticket();
        self.step = Step::Waiting(ticket);
        cx.send(ToDesk::Login {
            ticket,
            user: self.user.text().trim().to_owned(),
            password: Secret::new((*self.password).clone()),
            force,
        });
    }

    fn answer(&mut self, cx: &mut Cx<'_>, input: &Input) {
        match input {
            Input::Char('1') | Input::Command(Command::Submit) => self.submit(cx, true),
            Input::Command(Command::Next) => cx.say(
                Tone::Warning,
                format!("{}{}", wording::DECIDES_NOTHING, wording::YES_OR_NO),
            ),
            Input::Char('0' | '2')
            | Input::Command(Command::Back | Command::Leave | Command::Backspace) => {
                cx.hush();
                self.step = Step::Typing;
                self.clear_password();
                self.focus = Focus::Password;
            }
            _ => {}
        }
    }

    fn clear_password(&mut self) {
        self.password = Zeroizing::new(String::with_capacity(LONGEST * 4));
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let Step::Waiting(waiting) = self.step else {
            return;
        };
        match message {
            ToFront::LoggedIn { ticket, .. } if *ticket == waiting => {
                self.step = Step::Typing;
                self.clear_password();
            }
            ToFront::Failed { ticket, failure } if *ticket == waiting => match failure {
                Failure::AlreadyLoggedIn => self.step = Step::Force,
                failure => {
                    self.step = Step::Typing;
                    if let Failure::WrongPassword { wait: seconds }
                    | Failure::NotKnownHere { wait: seconds, .. }
                    | Failure::TooSoon { seconds } = failure
                    {
                        self.rest = cx.now.mono + Duration::from_secs(*seconds);
                    }
                    if matches!(
                        failure,
                        Failure::WrongPassword { .. }
                            | Failure::NotKnownHere { .. }
                            | Failure::LockedHere { .. }
                            | Failure::AccountLocked
                            | Failure::AccountInactive
                    ) {
                        self.clear_password();
                        self.focus = Focus::Password;
                    }
                    cx.say(Tone::Error, wording::login_failed(failure));
                }
            },
            _ => {}
        }
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match self.step {
            Step::Waiting(_) => "ログインしています。".to_owned(),
            Step::Force => {
                "画面を閉じたままだったときも出ます。心配なければ {submit} か 1 でログインします。"
                    .to_owned()
            }
            Step::Typing if known.welcome.is_none() => "窓口サービスにつないでいます。".to_owned(),
            Step::Typing => "ユーザIDとパスワードを入れて Enter を押してください。".to_owned(),
        }
    }
}
