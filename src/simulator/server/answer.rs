//! One request over HTTP: through the codec to the core and back, and the
//! core's faults as what they are on a line.

use super::bytes;
use super::line::Hangup;
use crate::central::wire::Method;
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::simulator::codec;
use crate::simulator::embedded::{GARBAGE, id_of, react};
use crate::simulator::mangle::{Before, Mangle};
use crate::simulator::seam::{Code, Engine, Reaction, Reply};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request as HttpRequest, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Method as HttpMethod, Response, StatusCode};
use hyper::body::Frame;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// Largest body of a request.
const LARGEST: usize = 64 * 1024;

#[derive(Clone)]
struct Served {
    engine: Arc<Mutex<dyn Engine>>,
    clock: Clock,
    before: Arc<Mutex<Before>>,
}

/// All paths; which there are is the codec's to know.
pub fn router(engine: Arc<Mutex<dyn Engine>>, clock: Clock) -> Router {
    Router::new().fallback(answer).with_state(Served {
        engine,
        clock,
        before: Arc::default(),
    })
}

async fn answer(
    State(served): State<Served>,
    Extension(hangup): Extension<Hangup>,
    request: HttpRequest,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LARGEST).await;
    let token = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .map(|token| Secret::new(token.to_owned()));
    let asked = match (head.method, body) {
        (HttpMethod::GET, Ok(body)) => codec::decode(Method::Get, head.uri.path(), &body),
        (HttpMethod::POST, Ok(body)) => codec::decode(Method::Post, head.uri.path(), &body),
        (_, Ok(_)) => Err(Code::UnknownPath),
        (_, Err(_)) => Err(Code::BadRequest),
    };
    let now = served.clock.now();
    let reaction = {
        let mut engine = served.engine.lock().unwrap_or_else(PoisonError::into_inner);
        react(&mut *engine, now, token.as_ref(), &asked)
    };
    let write = |reply: &Reply| codec::encode(asked.as_ref().ok(), reply, now);
    match reaction {
        Reaction::Answer { after, reply } => {
            wait(after).await;
            let written = write(&reply);
            let seconds = written.retry_after.map(|seconds| seconds.to_string());
            build(written.status, seconds, written.body)
        }
        Reaction::Status {
            after,
            status,
            retry_after,
        } => {
            wait(after).await;
            build(status, retry_after, String::new())
        }
        Reaction::Garbage { after } => {
            wait(after).await;
            build(200, None, GARBAGE.to_owned())
        }
        Reaction::CutOff { after, reply } => {
            wait(after).await;
            let written = write(&reply);
            cut(written.status, written.body)
        }
        Reaction::Mangled {
            after,
            reply,
            mangle,
        } => {
            wait(after).await;
            let written = write(&reply);
            let body = {
                let mut before = served.before.lock().unwrap_or_else(PoisonError::into_inner);
                before.change(mangle, id_of(&asked), written.body)
            };
            if matches!(mangle, Mangle::Lost) {
                hangup.now();
                return std::future::pending().await;
            }
            if matches!(mangle, Mangle::SlowHead | Mangle::Twice) {
                hangup.raw(bytes::raw(mangle, &body));
                return std::future::pending().await;
            }
            bytes::answer(mangle, build(written.status, None, body))
        }
        Reaction::Refuse => {
            hangup.now();
            std::future::pending().await
        }
        Reaction::BlackHole => std::future::pending().await,
    }
}

async fn wait(after: Duration) {
    if !after.is_zero() {
        tokio::time::sleep(after).await;
    }
}

fn build(status: u16, retry_after: Option<String>, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        axum::http::HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    let wish = retry_after.and_then(|wish| axum::http::HeaderValue::try_from(wish).ok());
    if let Some(wish) = wish {
        headers.insert(RETRY_AFTER, wish);
    }
    response
}

/// Declares the whole body and sends half of it.
fn cut(status: u16, body: String) -> Response<Body> {
    let whole = body.len();
    let mut half = Bytes::from(body);
    half.truncate(whole / 2);
    let mut response = build(status, None, String::new());
    response.headers_mut().insert(CONTENT_LENGTH, whole.into());
    *response.body_mut() = Body::new(Half {
        bytes: Some(half),
        flushed: false,
    });
    response
}

/// A body that ends with an error after its first half has left.
struct Half {
    bytes: Option<Bytes>,
    flushed: bool,
}

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.flushed {
            // Waiting once lets the connection send what it holds.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
