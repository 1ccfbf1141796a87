//! Questions to the central system, each a task of its own; the log tells
//! their kind and outcome, never what they are about.

use super::{Input, Shell};
use crate::central::call::{Answer, Call, Fault};
use crate::desk::event::{CallId, Event};
use std::sync::Arc;
use tracing::{debug, warn};

impl Shell {
    /// Asks; the answer, or its absence, comes as an event.
    pub(super) fn ask(&self, call: CallId, what: Call) {
        debug!(call = call.0, kind = kind(&what), "asking");
        let central = Arc::clone(&self.central);
        let inbox = self.inbox.clone();
        let asked = tokio::spawn(async move { central.ask(what).await });
        tokio::spawn(async move {
            // A question whose task breaks is answered too (REL-24).
            let result = asked.await.unwrap_or_else(|_| {
                warn!(call = call.0, "question broke");
                Err(Fault::Garbled("内部の誤り".to_owned()))
            });
            debug!(call = call.0, outcome = outcome(&result), "answered");
            let event = Event::Answered { call, result };
            let _ = inbox.send(Input::Event(event)).await;
        });
    }
}

fn kind(call: &Call) -> &'static str {
    match call {
        Call::Login { .. } => "login",
        Call::Logout { .. } => "logout",
        Call::Lookup { .. } => "lookup",
        Call::Search { .. } => "search",
        Call::Choose { .. } => "choose",
        Call::Register { .. } => "register",
        Call::Notices { .. } => "notices",
        Call::Probe => "probe",
    }
}

fn outcome(result: &Result<Answer, Fault>) -> &'static str {
    match result {
        Ok(_) => "answer",
        Err(Fault::Unreachable(_)) => "unreachable",
        Err(Fault::NoAnswer) => "no answer",
        Err(Fault::Garbled(_)) => "garbled",
        Err(Fault::Status { .. }) => "status",
        Err(_) => "refused",
    }
}
