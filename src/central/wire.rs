//! How questions and answers are written on the wire (oqs-wire 3, 5, 6):
//! [`encode()`] and [`decode()`] for the client; the message and the mapping of
//! its parts for whoever stands on the other side.
//!
//! Login and the single search have the published paths and shapes. What the
//! public WebAPI lacks is the stand-in's alone and lies under
//! [`path::OURS`]. Two things of the published functions are not public, and
//! chosen here ("ours"): the field names of the login body (`userId`,
//! `password`, and `force` = `1` to end another session), and what HTTP
//! status accompanies a refusal.

pub mod code;
pub mod decode;
pub mod encode;
pub mod entitlement;
pub mod message;
pub mod outcome;
pub mod retry;
pub mod session;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;

use crate::domain::secret::Secret;

/// Paths. The first two are those of the real system.
pub mod path {
    /// Login (oqs-wire 3.1).
    pub const LOGIN: &str = "/oqs-api-pro/MSA12020/ILI12020SV01/auth";
    /// Single search by insurance card (oqs-wire 3.2).
    pub const LOOKUP: &str = "/oqs-api-pro/MSA01030/ILI01030SV01/search";
    /// Everything below is the stand-in's own.
    pub const OURS: &str = "/madoguchi-sim/v1/";
    /// Who the token belongs to.
    pub const ACCOUNT: &str = "/madoguchi-sim/v1/account";
    /// End of the session.
    pub const LOGOUT: &str = "/madoguchi-sim/v1/logout";
    /// Search by 4情報.
    pub const SEARCH: &str = "/madoguchi-sim/v1/search";
    /// One candidate of a search.
    pub const CHOOSE: &str = "/madoguchi-sim/v1/choose";
    /// Registration of a 照会番号 (`OQSsiimm01` in the folders).
    pub const REGISTER: &str = "/madoguchi-sim/v1/register";
    /// Notices and the period of the outage function.
    pub const NOTICES: &str = "/madoguchi-sim/v1/notices";
    /// Is anybody there?
    pub const PROBE: &str = "/madoguchi-sim/v1/probe";
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads, without a body.
    Get,
    /// Everything with a body.
    Post,
}

/// A request as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// GET or POST.
    pub method: Method,
    /// One of [`path`].
    pub path: &'static str,
    /// `Authorization`, raw, without `Bearer`.
    pub token: Option<Secret>,
    /// JSON, empty for GET. Secret, because a login carries the password.
    pub body: Secret,
}

/// A response as it arrived, body already bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpResponse<'a> {
    /// The status.
    pub status: u16,
    /// `Retry-After` as received.
    pub retry_after: Option<&'a str>,
    /// `Date` as received, against which a `Retry-After` date is read.
    pub date: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}
