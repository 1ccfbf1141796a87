//! What the desk service says, and what happens when it goes away.

use super::patience::Asked;
use super::{App, Effect, Go, Layer, Tone};
use crate::domain::account::Staff;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::time::Now;
use crate::front::panes::{Pane, Place, login};
use crate::front::wording;
use crate::link::message::{LogoutReason, ToDesk, ToFront};
use jiff::Timestamp;

impl App {
    pub(super) fn hear(&mut self, now: Now, message: &ToFront, effects: &mut Vec<Effect>) {
        self.desk_heard(now);
        if let Some(ticket) = message.ticket()
            && self.open.remove(&ticket).is_none()
        {
            return;
        }
        match message {
            ToFront::Welcome(welcome) => {
                let again = self.known.welcome.is_some();
                self.known.welcome = Some((**welcome).clone());
                self.known.linked = true;
                if again {
                    self.relogin(LogoutReason::Restarted);
                    self.say_for_a_while(now, Tone::Good, wording::LINK_BACK);
                } else {
                    let early = std::mem::take(&mut self.early);
                    self.ask(now, early, effects);
                }
            }
            ToFront::Mismatch { version } => {
                self.known.linked = false;
                self.say(Tone::Error, wording::mismatch(*version));
            }
            ToFront::Status(status) => {
                let before = self.known.status.replace((**status).clone());
                self.reader_heard(before.as_ref());
            }
            ToFront::Able(able) => self.known.able.clone_from(able),
            ToFront::LoggedOut(LogoutReason::Restarted) => {
                self.relogin(LogoutReason::Restarted);
            }
            // Logged out here already, and perhaps typing the next login.
            ToFront::LoggedOut(reason)
                if self.known.staff.is_none()
                    && (self.stack.len() == 1 || *reason == LogoutReason::Asked) => {}
            ToFront::LoggedOut(reason) => self.logged_out(*reason),
            ToFront::IdleWarning { seconds } => {
                self.say(Tone::Warning, wording::idle_warning(*seconds));
            }
            _ => {}
        }
        let of_hold = self.hold_heard(now, message, effects);
        self.tell_panes(now, message, effects);
        if !of_hold {
            self.refused_for_hold(now, message);
        }
        match message {
            ToFront::LoggedIn {
                staff,
                draft,
                offline,
                ..
            } => {
                self.logged_in(now, staff, draft.as_ref(), *offline, effects);
                if let Some(until) = offline {
                    // An earlier patient's form is no less here for it.
                    let (tone, said) = self
                        .message
                        .take()
                        .unwrap_or((Tone::Warning, String::new()));
                    let tone = match tone {
                        Tone::Error => tone,
                        _ => Tone::Warning,
                    };
                    self.say(tone, said + &wording::offline(*until));
                }
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
            let before = self.message.clone();
            let asked = self.stack.get(at).is_some_and(|l| l.pane.asking());
            let go = self.with_layer(at, now, effects, |pane, cx| pane.hear(cx, message));
            let answered = asked && self.stack.get(at).is_some_and(|l| !l.pane.asking());
            let covered = self.stack.get(at + 1).is_some();
            if answered && covered && go.is_none() {
                // What it says is about a pane that is not to be seen.
                let said = std::mem::replace(&mut self.message, before);
                if let Some(layer) = self.stack.get_mut(at) {
                    layer.said = said;
                }
                self.say(Tone::Good, wording::ANSWER_WAITS);
            }
            match (go, covered) {
                (Some(go), false) => {
                    if matches!(go, Go::Push(_) | Go::Replace(_)) {
                        self.surprised = Some(now.mono);
                    }
                    return self.apply(now, go, effects);
                }
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
        self.tell_aside(now, message, effects);
    }

    /// Forms that were left while their question was under way.
    fn tell_aside(&mut self, now: Now, message: &ToFront, effects: &mut Vec<Effect>) {
        for at in 0..self.aside.len() {
            // Lent to the stack, so that there is one way to handle a pane.
            let layer = self.aside.remove(at);
            let (asked, place) = (layer.pane.asking(), layer.pane.place());
            self.stack.push(layer);
            let before = self.message.take();
            let top = self.stack.len() - 1;
            let go = self.with_layer(top, now, effects, |pane, cx| pane.hear(cx, message));
            let said = std::mem::replace(&mut self.message, before);
            let Some(mut layer) = self.stack.pop() else {
                return;
            };
            if asked && !layer.pane.asking() {
                layer.held = go;
                layer.said = said;
                let key = place.and_then(|place| {
                    let context = self.top().context();
                    self.options.keymap.key_for(context, place.command())
                });
                self.say(Tone::Good, wording::answer_aside(key.as_deref()));
            }
            self.aside.insert(at, layer);
        }
    }

    fn logged_in(
        &mut self,
        now: Now,
        staff: &Staff,
        draft: Option<&Draft>,
        offline: Option<Timestamp>,
        effects: &mut Vec<Effect>,
    ) {
        self.message = None;
        self.activity.reset();
        self.drafts.reset();
        self.holds.reset();
        self.known.staff = Some(staff.clone());
        self.known.offline = offline;
        self.surprised = None;
        let left = self.left.take().filter(|(user, _)| *user == staff.user);
        let same = matches!(self.top(), Pane::Login(login) if login.resumes(staff));
        if same && self.stack.len() > 1 {
            // What is on the screen is newer than what the desk kept.
            self.stack.pop();
            self.say(Tone::Good, wording::RESUMED);
            return;
        }
        self.reset_to_menu();
        self.drafts.known(draft.cloned());
        for form in draft.into_iter().flat_map(Draft::apart) {
            self.shelf.put(form);
        }
        self.with_top(now, effects, Pane::opened);
        if let Some(command) = self.after_login.take() {
            self.apply(now, Go::Open(command), effects);
            return;
        }
        if let Some(draft) = draft
            && let Some(place) = Place::named(&draft.pane)
            && self.allowed(place.right())
            && let Some(newest) = self.shelf.pop()
        {
            self.push(now, Pane::resume(place, &newest, now), effects);
            self.say(Tone::Warning, wording::going_on(place));
        }
        if let Some((_, place)) = left
            && self.top().place() != Some(place)
            && self.allowed(place.right())
        {
            // What was said of the form below is said when it is seen.
            if let Some(below) = self.stack.last_mut() {
                below.said = self.message.take();
            }
            self.apply(now, Go::Open(place.command()), effects);
        }
    }

    /// Logged off: nothing of the patient stays on this screen; the draft is
    /// at the desk.
    pub(super) fn logged_out(&mut self, reason: LogoutReason) {
        let staff = self.known.staff.take();
        let place = self.stack.iter().rev().find_map(|l| l.pane.place());
        if reason != LogoutReason::Asked
            && let Some(staff) = staff
        {
            self.left = place.map(|place| (staff.user, place));
        }
        self.known.offline = None;
        self.known.able.clear();
        self.shelf.clear();
        self.aside.clear();
        self.message = None;
        self.asking = None;
        self.blanked = None;
        self.open.clear();
        self.surprised = None;
        self.drafts.reset();
        self.holds.reset();
        self.activity.reset();
        let login = if self.after_login.is_some() {
            login::State::other()
        } else {
            login::State::after(self.why_out(reason))
        };
        self.stack.clear();
        self.stack.push(Layer::new(Pane::Login(Box::new(login))));
    }

    /// The login is gone but the person is still here: the login pane comes
    /// on top, and below it everything stays as typed.
    pub(super) fn relogin(&mut self, reason: LogoutReason) {
        let why = self.why_out(reason);
        self.relogin_because(why);
    }

    /// The same; `why` stands on the login pane.
    pub(super) fn relogin_because(&mut self, why: Option<String>) {
        let Some(staff) = self.known.staff.take() else {
            return;
        };
        self.known.offline = None;
        // What was said of the pane below is not about this one.
        self.message = None;
        self.asking = None;
        self.drafts.reset();
        self.holds.reset();
        self.activity.reset();
        let login = login::State::again(why, staff);
        self.stack.push(Layer::new(Pane::Login(Box::new(login))));
    }

    fn why_out(&self, reason: LogoutReason) -> Option<String> {
        let idle = self.known.welcome.as_ref().map(|w| w.idle_minutes);
        wording::logged_out(reason, idle)
    }

    pub(super) fn link_lost(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.known.linked = false;
        self.say(Tone::Warning, wording::LINK_LOST);
        for ticket in std::mem::take(&mut self.open).into_keys() {
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
                    self.open.insert(ticket, Asked::now(now, message));
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
