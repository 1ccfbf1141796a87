//! Answers whose bytes are wrong on the line: dripping, without end, packed,
//! doubled.

use crate::simulator::mangle::Mangle;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderValue, Response};
use hyper::body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Interval, interval};

/// Between two bytes of a slow answer: often enough to keep a reader waiting,
/// too seldom to get anywhere.
pub const DRIP: Duration = Duration::from_millis(50);

/// The whole of an endless body, for the test's sake.
const ENDLESS: usize = 100 << 20;

/// One piece of it.
const PIECE: usize = 16 * 1024;

/// What leaves past the HTTP machinery.
pub enum Raw {
    /// These bytes, then the end.
    Once(Vec<u8>),
    /// One byte after the other.
    Drip(Vec<u8>),
}

/// The raw form of an answer that HTTP would not let out.
pub fn raw(mangle: Mangle, body: &str) -> Raw {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    if mangle == Mangle::SlowHead {
        return Raw::Drip(head.into_bytes());
    }
    Raw::Once(format!("{head}{body}{head}{body}").into_bytes())
}

/// The answer as it leaves.
pub fn answer(mangle: Mangle, mut response: Response<Body>) -> Response<Body> {
    match mangle {
        Mangle::SlowBody => {
            let headers = response.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("4096"));
            *response.body_mut() = Body::new(Drip(interval(DRIP)));
        }
        Mangle::Big => *response.body_mut() = Body::new(Endless(ENDLESS)),
        Mangle::Gzip => {
            let headers = response.headers_mut();
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            // The beginning of a packed answer that would unpack to no end.
            let mut packed = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xED, 0xC1];
            packed.resize(PIECE, 0);
            *response.body_mut() = Body::from(packed);
        }
        _ => {}
    }
    response
}

struct Drip(Interval);

impl hyper::body::Body for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let due = self.0.poll_tick(context);
        due.map(|_| Some(Ok(Frame::data(Bytes::from_static(b" ")))))
    }
}

struct Endless(usize);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        self.0 = self.0.saturating_sub(PIECE);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; PIECE])))))
    }
}
