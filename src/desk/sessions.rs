//! Front ends and who is logged in on them: login, forced login, log-off,
//! idle time, drafts.

use super::event::Action;
use super::state::{Desk, Purpose, Session};
use crate::central::call::{Answer, Call, Fault, Token};
use crate::domain::account::Staff;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::{Field, Problem};
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, LogoutReason, Ticket, ToFront, VERSION, Welcome};
use crate::store::record::What;
use std::time::Duration;

/// A user id longer than this is cut in the audit line.
const USER_CHARS: usize = 32;

impl Desk {
    pub(super) fn hello(&mut self, front: FrontId, version: u32, origin: String) {
        if version != VERSION {
            self.tell(front, ToFront::Mismatch { version: VERSION });
            self.out.push(Action::Close { front });
            return;
        }
        let welcome = Welcome {
            version: VERSION,
            desk: self.config.desk.clone(),
            facility: self.config.facility.clone(),
            institution_code: self.config.institution_code.clone(),
            simulated: self.config.simulated,
            demo: self.config.demo,
            search: self.config.capabilities.search,
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
        self.ask(
            Call::Login {
                user: user.clone(),
                password,
                force,
            },
            Purpose::Login {
                front,
                ticket,
                user,
                forced: force,
            },
        );
    }

    pub(super) fn login_answered(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        user: &str,
        forced: bool,
        result: Result<Answer, Fault>,
    ) {
        let (token, staff) = match result {
            Ok(Answer::LoggedIn { token, staff }) => (token, staff),
            Ok(_) => {
                let fault = Fault::Garbled("ログインの返事ではありません".to_owned());
                return self.login_refused(front, ticket, user, fault);
            }
            Err(fault) => return self.login_refused(front, ticket, user, fault),
        };
        let gone = !self.fronts.contains_key(&front);
        if gone || staff.kind.is_machine() {
            // Not left open at the central system, where it would make the
            // next login a forced one.
            self.ask(Call::Logout { token }, Purpose::Logout);
            let outcome = if gone { "hang-up" } else { "machine-account" };
            self.audit_login(front, ticket, &staff.user, outcome);
            self.fail(front, ticket, Failure::MachineAccount);
            return;
        }
        let outcome = if forced { "forced" } else { "ok" };
        self.audit_login(front, ticket, &staff.user, outcome);
        self.end_other_sessions(front, &staff);
        let other = self
            .session(front)
            .is_some_and(|session| session.staff.user != staff.user);
        self.end_session(front, "asked", other);
        self.sessions += 1;
        let session = Session {
            serial: self.sessions,
            staff: staff.clone(),
            token: Some(token.clone()),
            active: self.now.mono,
            warned: false,
            noting_since_outage: false,
            listed: None,
        };
        if let Some(state) = self.fronts.get_mut(&front) {
            state.session = Some(session);
        }
        let draft = self.drafts.get(&staff.user).cloned();
        self.tell(
            front,
            ToFront::LoggedIn {
                ticket,
                staff,
                draft,
            },
        );
        self.fetch_notices(&token);
    }

    fn login_refused(&mut self, front: FrontId, ticket: Ticket, user: &str, fault: Fault) {
        let outcome = match &fault {
            Fault::WrongPassword | Fault::Unauthorized => "wrong-password",
            Fault::Locked => "locked",
            Fault::Inactive => "inactive",
            Fault::AlreadyLoggedIn => "already-logged-in",
            Fault::Unreachable(_) => "unreachable",
            Fault::NoAnswer => "no-answer",
            _ => "refused",
        };
        self.audit_login(front, ticket, user, outcome);
        let failure = match fault {
            // One text whatever was wrong (SEC-2).
            Fault::Unauthorized => Failure::WrongPassword,
            Fault::NotAllowed => Failure::MachineAccount,
            fault => self.failure(fault),
        };
        self.fail(front, ticket, failure);
    }

    fn audit_login(&mut self, front: FrontId, ticket: Ticket, user: &str, outcome: &str) {
        let user: String = user.chars().take(USER_CHARS).collect();
        let outcome = outcome.to_owned();
        self.accounted(front, ticket);
        self.audit_at(front, &user.clone(), What::Login { user, outcome });
    }

    /// The same person's other sessions end; the central system has ended
    /// their tokens with the new login (QG-37, SEC-9).
    fn end_other_sessions(&mut self, front: FrontId, staff: &Staff) {
        let others: Vec<FrontId> = self
            .fronts
            .iter()
            .filter(|(id, state)| {
                **id != front
                    && state
                        .session
                        .as_ref()
                        .is_some_and(|session| session.staff.user == staff.user)
            })
            .map(|(id, _)| *id)
            .collect();
        for other in others {
            self.end_session(other, "elsewhere", false);
            self.tell(other, ToFront::LoggedOut(LogoutReason::Elsewhere));
        }
    }

    pub(super) fn logout(&mut self, front: FrontId) {
        if self.end_session(front, "asked", true) {
            self.tell(front, ToFront::LoggedOut(LogoutReason::Asked));
        }
    }

    pub(super) fn hung_up(&mut self, front: FrontId) {
        self.end_session(front, "hang-up", true);
        self.fronts.remove(&front);
        self.held.retain(|(from, _)| *from != front);
    }

    /// Ends the session of `front`, here and (if `central`) there. The draft
    /// stays.
    fn end_session(&mut self, front: FrontId, why: &str, central: bool) -> bool {
        let Some(session) = self
            .fronts
            .get_mut(&front)
            .and_then(|state| state.session.take())
        else {
            return false;
        };
        self.audit_at(
            front,
            &session.staff.user,
            What::Logout {
                why: why.to_owned(),
            },
        );
        if central && let Some(token) = session.token {
            self.ask(Call::Logout { token }, Purpose::Logout);
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
            self.end_session(front, "idle", true);
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
