//! Front ends and who is logged in on them: login, forced login, log-off,
//! idle time, drafts.

use super::event::Action;
use super::staff::Attempt;
use super::state::{Desk, Session};
use crate::central::call::{Answer, Fault, Token};
use crate::domain::account::Staff;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::{Field, Problem};
use crate::domain::outcome::Outcome;
use crate::domain::secret::Secret;
use crate::domain::staff::Judge;
use crate::link::message::{FrontId, LogoutReason, Ticket, ToFront, VERSION, Welcome};
use crate::store::record::What;
use jiff::Timestamp;
use std::time::Duration;

/// A user id longer than this is cut in the audit line.
pub(super) const USER_CHARS: usize = 32;

impl Desk {
    pub(super) fn hello(&mut self, front: FrontId, version: u32, origin: String) {
        if version != VERSION {
            self.tell(front, ToFront::Mismatch { version: VERSION });
            self.out.push(Action::Close { front });
            return;
        }
        let welcome = Welcome {
            version: VERSION,
            desk: self.called(&origin).unwrap_or(&self.config.desk).to_owned(),
            facility: self.config.facility.clone(),
            institution_code: self.config.institution_code.clone(),
            simulated: self.config.simulated,
            demo: self.config.demo,
            search: self.config.capabilities.search,
            challenge: self.config.challenge,
            rules: Box::new(self.config.rules.clone()),
            paper: self.config.paper,
            idle_minutes: self.config.idle.as_secs().div_ceil(60),
            hide_names: self.config.hide_names,
            blank_seconds: self.config.blank.as_secs(),
            sync_confirm: self.config.sync_confirm,
            now: self.now,
        };
        let state = self.fronts.entry(front).or_default();
        state.welcome = true;
        state.origin = origin;
        self.tell(front, ToFront::Welcome(Box::new(welcome)));
        let status = self.status();
        if self.told.as_ref() == Some(&status) {
            self.tell(front, ToFront::Status(Box::new(status)));
        }
    }

    pub(super) fn login(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        user: &str,
        password: Secret,
        force: bool,
    ) {
        let user = user.trim().to_owned();
        let mut problems = Vec::new();
        for (field, missing) in [
            (Field::User, user.is_empty()),
            (Field::Password, password.is_empty()),
        ] {
            if missing {
                let text = "入れてください。".to_owned();
                problems.push(Problem { field, text });
            }
        }
        if !problems.is_empty() {
            self.fail(front, ticket, Failure::Input { problems });
            return;
        }
        self.attempt(Attempt {
            front,
            ticket,
            user,
            password,
            force,
            key: String::new(),
        });
    }

    pub(super) fn login_answered(&mut self, attempt: Attempt, result: Result<Answer, Fault>) {
        let (token, staff) = match result {
            Ok(Answer::LoggedIn { token, staff }) => (token, staff),
            Ok(_) => {
                let fault = Fault::Garbled("ログインの返事ではありません".to_owned());
                return self.login_refused(attempt, fault);
            }
            Err(fault) => return self.login_refused(attempt, fault),
        };
        let key = attempt.key.clone();
        let (front, ticket) = (attempt.front, attempt.ticket);
        let gone = !self.fronts.contains_key(&front);
        if gone || staff.kind.is_machine() {
            // Not left open at the central system, where it would make the
            // next login a forced one.
            self.ask_logout(&staff.user, token);
            let outcome = if gone {
                Outcome::HangUp
            } else {
                Outcome::MachineAccount
            };
            self.audit_login(front, ticket, &staff.user, outcome);
            self.fail(front, ticket, Failure::MachineAccount);
            return self.attempt_over(&key);
        }
        self.accepted(&attempt, &staff);
        self.admit_staff(&attempt, staff, Some(token), None);
        self.attempt_over(&key);
    }

    /// The password was right: the person is logged in, unless that needs the
    /// question of QG-37 first. `offline` is until when the desk alone goes
    /// on letting this person in.
    pub(super) fn admit_staff(
        &mut self,
        attempt: &Attempt,
        staff: Staff,
        token: Option<Token>,
        offline: Option<Timestamp>,
    ) {
        let (front, ticket) = (attempt.front, attempt.ticket);
        if !self.fronts.contains_key(&front) {
            return self.audit_login(front, ticket, &staff.user, Outcome::HangUp);
        }
        // The central system knows nothing of a session that has no token.
        if !attempt.force && !self.others(front, &staff).is_empty() {
            if let Some(token) = token {
                self.ask_logout(&staff.user, token);
            }
            self.audit_login(front, ticket, &staff.user, Outcome::AlreadyLoggedIn);
            return self.fail(front, ticket, Failure::AlreadyLoggedIn);
        }
        let outcome = match (attempt.force, offline) {
            (false, None) => Outcome::Ok,
            (true, None) => Outcome::Forced,
            (false, Some(_)) => Outcome::Offline,
            (true, Some(_)) => Outcome::ForcedOffline,
        };
        self.audit_login(front, ticket, &staff.user, outcome);
        // A new token has ended the person's others there (QG-37, SEC-9);
        // without one they are logged out, by now or after the outage.
        let replaced = token.is_some();
        self.end_other_sessions(front, &staff, replaced);
        let other = self
            .session(front)
            .is_some_and(|session| session.staff.user != staff.user);
        self.end_session(front, Outcome::Asked, other || !replaced);
        self.sessions += 1;
        let session = Session {
            serial: self.sessions,
            staff: staff.clone(),
            token: token.clone(),
            offline: offline.is_some(),
            active: self.now.mono,
            warned: false,
            noting_since_outage: false,
            listed: None,
            found: Vec::new(),
        };
        if let Some(state) = self.fronts.get_mut(&front) {
            state.session = Some(session);
        }
        self.sync_released();
        let draft = self.drafts.get(&staff.user).cloned();
        self.tell(
            front,
            ToFront::LoggedIn {
                ticket,
                staff,
                draft,
                offline,
            },
        );
        self.tell_able_to(front);
        if let Some(token) = token {
            self.fetch_notices(&token);
        }
    }

    fn login_refused(&mut self, attempt: Attempt, fault: Fault) {
        let alone = self.config.staff.offline_days > 0;
        let failure = match fault {
            // One text whatever was wrong (SEC-2).
            Fault::WrongPassword | Fault::Unauthorized => {
                self.doubt(&attempt);
                let judge = Judge::Central;
                return self.count_wrong(attempt, judge, |wait| Failure::WrongPassword { wait });
            }
            Fault::Unreachable(cause) if alone => return self.decide_alone(attempt, Some(cause)),
            Fault::NoAnswer
            | Fault::Status {
                status: 500..=599, ..
            } if alone => return self.decide_alone(attempt, None),
            Fault::NotAllowed => Failure::MachineAccount,
            fault => {
                let outcome = match &fault {
                    Fault::Locked => Outcome::Locked,
                    Fault::Inactive => Outcome::Inactive,
                    Fault::AlreadyLoggedIn => Outcome::AlreadyLoggedIn,
                    Fault::Unreachable(_) => Outcome::Unreachable,
                    Fault::NoAnswer => Outcome::NoAnswer,
                    _ => Outcome::Refused,
                };
                self.audit_login(attempt.front, attempt.ticket, &attempt.user, outcome);
                if matches!(fault, Fault::Locked | Fault::Inactive) {
                    self.withdraw(&attempt.user);
                }
                self.failure(fault)
            }
        };
        self.fail(attempt.front, attempt.ticket, failure);
        self.attempt_over(&attempt.key);
    }

    pub(super) fn audit_login(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        user: &str,
        outcome: Outcome,
    ) {
        let user: String = user.chars().take(USER_CHARS).collect();
        let outcome = outcome.code().to_owned();
        self.accounted(front, ticket);
        self.audit_at(front, &user.clone(), What::Login { user, outcome });
    }

    /// The same person's sessions at other front ends.
    fn others(&self, front: FrontId, staff: &Staff) -> Vec<FrontId> {
        self.fronts
            .iter()
            .filter(|(id, state)| {
                **id != front
                    && state
                        .session
                        .as_ref()
                        .is_some_and(|session| session.staff.user == staff.user)
            })
            .map(|(id, _)| *id)
            .collect()
    }

    /// They end; `replaced`: there their tokens have ended with the new login.
    fn end_other_sessions(&mut self, front: FrontId, staff: &Staff, replaced: bool) {
        for other in self.others(front, staff) {
            self.end_session(other, Outcome::Elsewhere, !replaced);
            self.tell(other, ToFront::LoggedOut(LogoutReason::Elsewhere));
        }
    }

    pub(super) fn logout(&mut self, front: FrontId) {
        if self.end_session(front, Outcome::Asked, true) {
            self.tell(front, ToFront::LoggedOut(LogoutReason::Asked));
        }
    }

    pub(super) fn hung_up(&mut self, front: FrontId) {
        self.end_session(front, Outcome::HangUp, true);
        self.fronts.remove(&front);
        self.held.retain(|(from, _)| *from != front);
    }

    /// Ends the session of `front`, here and (if `central`) there. The draft
    /// stays.
    fn end_session(&mut self, front: FrontId, why: Outcome, central: bool) -> bool {
        self.drop_card(front);
        let Some(session) = self
            .fronts
            .get_mut(&front)
            .and_then(|state| state.session.take())
        else {
            return false;
        };
        self.forget_handed(front);
        self.holds_end(front, &session.staff.user, why.code());
        self.audit_at(
            front,
            &session.staff.user,
            What::Logout {
                why: why.code().to_owned(),
            },
        );
        if central && let Some(token) = session.token {
            self.ask_logout(&session.staff.user, token);
        }
        true
    }

    /// The central system no longer takes this token. The person stays at the
    /// desk's own functions, and nothing typed is lost.
    pub(super) fn expire(&mut self, token: &Token) {
        for state in self.fronts.values_mut() {
            if let Some(session) = &mut state.session
                && session.token.as_ref() == Some(token)
            {
                session.token = None;
            }
        }
    }

    /// The central system says of a running login that the account is locked
    /// or not valid any more: it ends here too, with its draft kept (SEC-12).
    pub(super) fn bar(&mut self, token: &Token) {
        self.machine_expired(token);
        let fronts: Vec<(FrontId, String)> = self
            .fronts
            .iter()
            .filter_map(|(front, state)| {
                let session = state.session.as_ref()?;
                let mine = session.token.as_ref() == Some(token);
                mine.then(|| (*front, session.staff.user.clone()))
            })
            .collect();
        for (front, user) in fronts {
            self.withdraw(&user);
            self.end_session(front, Outcome::Barred, false);
            self.tell(front, ToFront::LoggedOut(LogoutReason::Barred));
        }
    }

    /// A key was pressed `ago_ms` ago.
    pub(super) fn touch(&mut self, front: FrontId, ago_ms: u64) {
        let at = self.now.mono.saturating_sub(Duration::from_millis(ago_ms));
        if let Some(session) = self.session_mut(front)
            && at > session.active
        {
            session.active = at;
            session.warned = false;
        }
    }

    /// Warns before the idle log-off, and carries it out (QG-14, QG-46). By
    /// monotonic time: a wall clock set anew changes nothing (SEC-8).
    pub(super) fn log_off_idle(&mut self) {
        let (idle, warning) = (self.config.idle, self.config.idle_warning);
        let mut warn = Vec::new();
        let mut end = Vec::new();
        for (front, state) in &mut self.fronts {
            let Some(session) = &mut state.session else {
                continue;
            };
            let quiet = self.now.mono.saturating_sub(session.active);
            if quiet >= idle {
                end.push(*front);
            } else if quiet + warning >= idle && !session.warned {
                session.warned = true;
                warn.push((*front, idle.saturating_sub(quiet)));
            }
        }
        for (front, left) in warn {
            let seconds = u64::try_from(left.as_millis().div_ceil(1000)).unwrap_or(0);
            self.tell(front, ToFront::IdleWarning { seconds });
        }
        for front in end {
            self.end_session(front, Outcome::Idle, true);
            self.tell(front, ToFront::LoggedOut(LogoutReason::Idle));
        }
    }

    pub(super) fn next_idle(&self) -> Option<Duration> {
        self.fronts
            .values()
            .filter_map(|state| state.session.as_ref())
            .map(|session| {
                let end = session.active + self.config.idle;
                if session.warned {
                    end
                } else {
                    end.saturating_sub(self.config.idle_warning)
                }
            })
            .min()
    }

    pub(super) fn keep_draft(&mut self, front: FrontId, draft: Option<Draft>) {
        let outage = self.outage();
        let Some(session) = self.session_mut(front) else {
            return;
        };
        let user = session.staff.user.clone();
        match &draft {
            Some(draft) if draft.pane == "note" => session.noting_since_outage |= outage,
            _ => session.noting_since_outage = false,
        }
        match &draft {
            Some(draft) => self.drafts.insert(user.clone(), draft.clone()),
            None => self.drafts.remove(&user),
        };
        self.out.push(Action::KeepDraft { user, draft });
    }
}
