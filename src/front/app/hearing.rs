//! What the desk service says, and what happens when it goes away.

use super::{App, Effect, Go, Layer, Tone};
use crate::domain::account::Staff;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::time::Now;
use crate::front::panes::{Pane, Place, login};
use crate::front::wording;
use crate::link::message::{LogoutReason, ToDesk, ToFront};

impl App {
    pub(super) fn hear(&mut self, now: Now, message: &ToFront, effects: &mut Vec<Effect>) {
        if let Some(ticket) = message.ticket()
            && !self.open.remove(&ticket)
        {
            return;
        }
        match message {
            ToFront::Welcome(welcome) => {
                let again = self.known.welcome.is_some();
                self.known.welcome = Some((**welcome).clone());
                self.known.linked = true;
                if again {
                    self.say(Tone::Good, wording::LINK_BACK);
                    self.relogin(LogoutReason::Restarted);
                } else {
                    let early = std::mem::take(&mut self.early);
                    self.ask(now, early, effects);
                }
            }
            ToFront::Mismatch { version } => {
                self.known.linked = false;
                self.say(Tone::Error, wording::mismatch(*version));
            }
            ToFront::Status(status) => self.known.status = Some((**status).clone()),
            ToFront::LoggedOut(LogoutReason::Restarted) => {
                self.relogin(LogoutReason::Restarted);
            }
            ToFront::LoggedOut(reason) => self.logged_out(*reason),
            ToFront::IdleWarning { seconds } => {
                self.say(Tone::Warning, wording::idle_warning(*seconds));
            }
            _ => {}
        }
        self.tell_panes(now, message, effects);
        match message {
            ToFront::LoggedIn { staff, draft, .. } => {
                self.logged_in(now, staff, draft.as_ref(), effects);
            }
            ToFront::Failed {
                failure: Failure::SessionExpired | Failure::NotLoggedIn,
                ..
            } => self.relogin(LogoutReason::Restarted),
            _ => {}
        }
    }

    fn tell_panes(&mut self, now: Now, message: &ToFront, effects: &mut Vec<Effect>) {
        let mut at = 0;
        // A pane that asks while the desk is away is answered within: the
        // stack may be a lower one afterwards.
        while at < self.stack.len() {
            let go = self.with_layer(at, now, effects, |pane, cx| pane.hear(cx, message));
            match (go, self.stack.get_mut(at + 1).is_some()) {
                (Some(go), false) => return self.apply(now, go, effects),
                (Some(go), true) => {
                    if let Some(layer) = self.stack.get_mut(at) {
                        layer.held = Some(go);
                    }
                    self.say(Tone::Good, wording::ANSWER_WAITS);
                }
                (None, _) => {}
            }
            at += 1;
        }
    }

    fn logged_in(
        &mut self,
        now: Now,
        staff: &Staff,
        draft: Option<&Draft>,
        effects: &mut Vec<Effect>,
    ) {
        self.message = None;
        self.activity.reset();
        self.drafts.reset();
        self.known.staff = Some(staff.clone());
        let same = matches!(self.top(), Pane::Login(login) if login.resumes(staff));
        if same && self.stack.len() > 1 {
            // What is on the screen is newer than what the desk kept.
            self.stack.pop();
            self.say(Tone::Good, wording::RESUMED);
            return;
        }
        self.reset_to_menu();
        self.with_top(now, effects, Pane::opened);
        if let Some(command) = self.after_login.take() {
            self.apply(now, Go::Open(command), effects);
            return;
        }
        if let Some(draft) = draft
            && let Some(place) = Place::named(&draft.pane)
            && self.allowed(place.right())
        {
            self.drafts.known(Some(draft.clone()));
            self.push(now, Pane::resume(place, draft, now), effects);
            self.say(Tone::Warning, wording::GOING_ON);
        }
    }

    /// Logged off: nothing of the patient stays on this screen; the draft is
    /// at the desk.
    fn logged_out(&mut self, reason: LogoutReason) {
        self.known.staff = None;
        self.message = None;
        self.asking = None;
        self.blanked = false;
        self.open.clear();
        self.shelf.clear();
        self.drafts.reset();
        self.activity.reset();
        let login = if self.after_login.is_some() {
            login::State::other()
        } else {
            login::State::after(reason)
        };
        self.stack.clear();
        self.stack.push(Layer {
            pane: Pane::Login(Box::new(login)),
            held: None,
        });
    }

    /// The login is gone but the person is still here: the login pane comes
    /// on top, and below it everything stays as typed.
    fn relogin(&mut self, reason: LogoutReason) {
        let Some(staff) = self.known.staff.take() else {
            return;
        };
        self.asking = None;
        self.drafts.reset();
        self.activity.reset();
        self.stack.push(Layer {
            pane: Pane::Login(Box::new(login::State::again(reason, staff))),
            held: None,
        });
    }

    pub(super) fn link_lost(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.known.linked = false;
        self.say(Tone::Warning, wording::LINK_LOST);
        for ticket in std::mem::take(&mut self.open) {
            let failed = ToFront::Failed {
                ticket,
                failure: Failure::DeskLost,
            };
            self.tell_panes(now, &failed, effects);
        }
    }

    /// Sends what panes asked for. While the desk service is away nothing
    /// can be asked: the answer is known at once.
    pub(super) fn ask(&mut self, now: Now, asked: Vec<Effect>, effects: &mut Vec<Effect>) {
        let mut refused = Vec::new();
        for effect in asked {
            let Effect::Send(message) = &effect else {
                effects.push(effect);
                continue;
            };
            match message.ticket() {
                // Typed faster than the desk service answered for the first
                // time: the keyboard never waits, so the question does.
                _ if self.known.welcome.is_none() => self.early.push(effect),
                _ if !self.known.linked => refused.extend(message.ticket()),
                Some(ticket) => {
                    self.open.insert(ticket);
                    effects.push(effect);
                }
                None => {
                    if matches!(message, ToDesk::Logout) {
                        self.open.clear();
                    }
                    effects.push(effect);
                }
            }
        }
        for ticket in refused {
            let failed = ToFront::Failed {
                ticket,
                failure: Failure::DeskLost,
            };
            self.tell_panes(now, &failed, effects);
        }
    }
}
