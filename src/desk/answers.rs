//! Answers of the central system, each to the purpose it was asked for.
//! An answer under a number that is not open is dropped (REL-14).

use super::event::CallId;
use super::faults::alive;
use super::state::{Asked, Desk, Purpose};
use crate::central::call::{Answer, Fault};

impl Desk {
    pub(super) fn answered(&mut self, call: CallId, result: Result<Answer, Fault>) {
        let Some(Asked { at, token, purpose }) = self.calls.remove(&call) else {
            return;
        };
        let took = self.now.mono.saturating_sub(at);
        self.weigh(&result, took, matches!(purpose, Purpose::Probe));
        if matches!(result, Err(Fault::Unauthorized))
            && let Some(token) = &token
        {
            self.expire(token);
            self.machine_expired(token);
        }
        let barred = matches!(result, Err(Fault::Locked | Fault::Inactive));
        let named = token.clone().filter(|_| barred);
        match purpose {
            Purpose::Login(attempt) => self.login_answered(attempt, result),
            Purpose::Probe => {}
            Purpose::Logout { .. } => {
                // The outage swallowed it; the session there would make the
                // next login a forced one.
                if !alive(&result) {
                    self.unsaid.extend(token);
                }
                self.let_arrive();
            }
            Purpose::Lookup {
                asker,
                query,
                forms,
                first,
            } => self.lookup_answered(asker, token, query, forms, first, result),
            Purpose::Search { asker, query } => self.search_answered(asker, &query, result),
            Purpose::Choose { asker, check_date } => {
                self.choice_answered(asker, check_date, result);
            }
            Purpose::Register { asker, numbers } => {
                self.register_answered(asker, numbers, result);
            }
            Purpose::RegisterNote {
                asker,
                id,
                revision,
                numbers,
            } => self.note_registered(asker, &id, revision, numbers, result),
            Purpose::Notices => self.notices_answered(result),
            Purpose::MachineLogin => self.machine_answered(result),
            Purpose::Note(question) => self.note_answered(question, token, result),
            Purpose::Confirm {
                asker,
                id,
                revision,
                key,
                read_back,
                check_date,
                birth_date,
            } => {
                let (days, choice) = ((check_date, birth_date), (key, read_back));
                self.confirmation_answered(asker, &id, revision, choice, days, result);
            }
        }
        if let Some(token) = named {
            self.bar(&token);
        }
    }
}
