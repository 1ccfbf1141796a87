//! The stand-in inside our own process: every call goes through the same wire
//! messages as over the network, only the transport is left out.

use super::codec;
use super::mangle::{Before, Mangle};
use super::seam::{Bad, Code, Engine, Reaction, Reply, Request};
use crate::central::call::{Answer, Call, Capabilities, Central, Fault, Pending};
use crate::central::wire::{self, HttpRequest, HttpResponse};
use crate::clock::Clock;
use crate::domain::failure::Unreachable;
use crate::domain::secret::Secret;
use crate::domain::time::Now;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the asker waits for an answer before its fate counts as unknown
/// (SEC-40: first byte).
pub const PATIENCE: Duration = Duration::from_secs(10);

/// One call in virtual time: how long the answer takes, and the answer; `None`
/// is a request that is never answered (the caller gives up after
/// [`PATIENCE`]). A login's two requests are both asked at `now`, and their
/// times added.
pub fn ask_now(
    engine: &mut dyn Engine,
    now: Now,
    call: &Call,
    institution: &str,
) -> (Duration, Option<Result<Answer, Fault>>) {
    let first = exchange(engine, now, &wire::encode(call, institution));
    let (waited, reached) = match first {
        Exchange::Never => return (PATIENCE, None),
        Exchange::Failed(waited, fault) => return (waited, Some(Err(fault))),
        Exchange::Answered(waited, response) => (waited, response),
    };
    if !matches!(call, Call::Login { .. }) {
        let answer = wire::decode(call, institution, view(&reached));
        return (waited, Some(answer));
    }
    let token = match wire::decode::login(view(&reached)) {
        Ok(token) => token,
        Err(fault) => return (waited, Some(Err(fault))),
    };
    match exchange(engine, now, &wire::encode::account(&token)) {
        Exchange::Never => (waited + PATIENCE, None),
        Exchange::Failed(more, fault) => (waited + more, Some(Err(fault))),
        Exchange::Answered(more, response) => {
            let answer = wire::decode::account(token, view(&response));
            (waited + more, Some(answer))
        }
    }
}

enum Exchange {
    Answered(Duration, Arrived),
    Failed(Duration, Fault),
    Never,
}

/// A response as it comes out of the transport.
struct Arrived {
    status: u16,
    retry_after: Option<String>,
    body: String,
}

fn view(arrived: &Arrived) -> HttpResponse<'_> {
    HttpResponse {
        status: arrived.status,
        retry_after: arrived.retry_after.as_deref(),
        date: None,
        body: arrived.body.as_bytes(),
    }
}

fn exchange(engine: &mut dyn Engine, now: Now, sent: &HttpRequest) -> Exchange {
    let request = codec::decode(sent.method, sent.path, sent.body.reveal().as_bytes());
    let reaction = react(engine, now, sent.token.as_ref(), &request);
    let answered = |after, reply: &Reply| {
        let written = codec::encode(request.as_ref().ok(), reply, now);
        Exchange::Answered(
            after,
            Arrived {
                status: written.status,
                retry_after: written.retry_after.map(|seconds| seconds.to_string()),
                body: written.body,
            },
        )
    };
    match reaction {
        Reaction::Answer { after, reply } => answered(after, &reply),
        Reaction::Status {
            after,
            status,
            retry_after,
        } => Exchange::Answered(
            after,
            Arrived {
                status,
                retry_after,
                body: String::new(),
            },
        ),
        Reaction::Garbage { after } => Exchange::Answered(
            after,
            Arrived {
                status: 200,
                retry_after: None,
                body: GARBAGE.to_owned(),
            },
        ),
        // The bytes of a line are the server's to mangle; here the text is.
        Reaction::Mangled {
            after,
            reply,
            mangle,
        } => match mangle {
            Mangle::Lost | Mangle::SlowHead | Mangle::SlowBody => {
                Exchange::Failed(after, Fault::NoAnswer)
            }
            Mangle::Big | Mangle::Gzip | Mangle::Swapped | Mangle::Stranger => Exchange::Answered(
                after,
                Arrived {
                    status: 200,
                    retry_after: None,
                    body: GARBAGE.to_owned(),
                },
            ),
            mangle => {
                let mut written = answered(after, &reply);
                if let Exchange::Answered(_, arrived) = &mut written {
                    let body = std::mem::take(&mut arrived.body);
                    arrived.body = Before::default().change(mangle, id_of(&request), body);
                }
                written
            }
        },
        Reaction::Refuse => {
            Exchange::Failed(Duration::ZERO, Fault::Unreachable(Unreachable::Refused))
        }
        Reaction::CutOff { after, .. } => Exchange::Failed(after, Fault::NoAnswer),
        Reaction::BlackHole => Exchange::Never,
    }
}

/// The id that the answer of a question about people echoes, or empty.
pub(crate) fn id_of(request: &Result<Request, Code>) -> &str {
    match request {
        Ok(
            Request::Lookup { id, .. } | Request::Search { id, .. } | Request::Choose { id, .. },
        ) => id,
        _ => "",
    }
}

/// A body that is no message: markup, half a string, control characters.
pub const GARBAGE: &str = "<html><body>\u{1b}[2J{\"XmlMsg\":{\"MessageHeader\":\"\u{7}";

/// The core's reaction; a request that cannot be read is refused without it,
/// but not past its faults: those are asked with a probe.
pub(crate) fn react(
    engine: &mut dyn Engine,
    now: Now,
    token: Option<&Secret>,
    request: &Result<Request, Code>,
) -> Reaction {
    match request {
        Ok(request) => engine.handle(now, token.map(Secret::reveal), request.clone()),
        Err(code) => match engine.handle(now, None, Request::Probe) {
            Reaction::Answer { after, .. } => Reaction::Answer {
                after,
                reply: Err(Bad::from(*code)),
            },
            fault => fault,
        },
    }
}

/// A connection to a core in this process, with real waits.
pub struct Embedded {
    engine: Arc<Mutex<dyn Engine>>,
    clock: Clock,
    institution: String,
}

impl Embedded {
    /// Connects. `institution` is our 医療機関コード.
    pub fn new(engine: Arc<Mutex<dyn Engine>>, clock: Clock, institution: &str) -> Self {
        Self {
            engine,
            clock,
            institution: institution.to_owned(),
        }
    }
}

impl Central for Embedded {
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    fn ask(&self, call: Call) -> Pending {
        let engine = Arc::clone(&self.engine);
        let (clock, institution) = (self.clock, self.institution.clone());
        Box::pin(async move {
            let (after, answer) = {
                let mut engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
                ask_now(&mut *engine, clock.now(), &call, &institution)
            };
            match answer {
                Some(answer) if after < PATIENCE => {
                    tokio::time::sleep(after).await;
                    answer
                }
                _ => {
                    tokio::time::sleep(PATIENCE).await;
                    Err(Fault::NoAnswer)
                }
            }
        })
    }
}

#[cfg(test)]
mod tests;
