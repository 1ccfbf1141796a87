//! The seam between the stand-in's pure core and its shells: a request as the
//! core sees it, what the core does about it, and the faults it can be set to.
//!
//! The shells (`embedded`, `server`) turn wire messages into
//! these values and back (`codec`); the core never sees a byte.

use crate::domain::account::Staff;
use crate::domain::entitlement::{Eligibility, Found};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::notice::Notice;
use crate::domain::person::OutageQuery;
use crate::domain::secret::Secret;
use crate::domain::time::{Now, Period};
use jiff::civil::Date;
use std::time::Duration;

pub use super::mangle::Mangle;
pub use crate::central::wire::code::Code;

/// One request, decoded. The login token travels beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Staff or machine login; answered by [`Good::LoggedIn`].
    Login {
        /// ユーザID.
        user: String,
        /// パスワード.
        password: Secret,
        /// End the other session of this person first (QG-37).
        force: bool,
    },
    /// Who the token belongs to; the client asks this right after a login.
    /// Answered by [`Good::Account`].
    Account,
    /// Ends the session of the token.
    Logout,
    /// Search by insurance card. Answered by [`Good::Checked`], not found and
    /// several included.
    Lookup {
        /// 医療機関コード of the asker.
        institution: String,
        /// `ArbitraryFileIdentifier`; the codec echoes it.
        id: String,
        /// The question.
        query: LookupQuery,
    },
    /// Search by 4情報. Answered by [`Good::Found`].
    Search {
        /// 医療機関コード of the asker.
        institution: String,
        /// Echoed by the codec.
        id: String,
        /// The question.
        query: OutageQuery,
    },
    /// Open one candidate. Answered by [`Good::Checked`].
    Choose {
        /// 医療機関コード of the asker.
        institution: String,
        /// Echoed by the codec.
        id: String,
        /// [`crate::domain::entitlement::Candidate::key`] of an earlier
        /// search.
        key: String,
        /// 資格確認日.
        check_date: Date,
    },
    /// Register a 照会番号. Answered by [`Good::Registered`].
    Register {
        /// 医療機関コード of the asker.
        institution: String,
        /// Whose entitlement.
        insurance: InsuranceNumbers,
        /// The number; empty removes it.
        reference: String,
    },
    /// Answered by [`Good::Notices`].
    Notices,
    /// Is anybody there? Needs no token. Answered by [`Good::Alive`].
    Probe,
}

/// A request that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Good {
    /// To [`Request::Login`].
    LoggedIn {
        /// The new token; at most 200 printable ASCII characters.
        token: Secret,
    },
    /// To [`Request::Account`].
    Account(Staff),
    /// To [`Request::Logout`].
    LoggedOut,
    /// To [`Request::Lookup`] and [`Request::Choose`]; `check_date` and
    /// `executed` (`YYYYMMDDHHmmss`, Japan) are filled by the core.
    Checked(Box<Eligibility>),
    /// To [`Request::Search`].
    Found(Found),
    /// To [`Request::Register`].
    Registered,
    /// To [`Request::Notices`].
    Notices {
        /// Newest first.
        notices: Vec<Notice>,
        /// The period of the outage function, if announced.
        period: Option<Period>,
    },
    /// To [`Request::Probe`].
    Alive,
}

/// A request that was refused. HTTP status, `SIM…` code and default text come
/// from [`Code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Why.
    pub code: Code,
    /// The text shown with it.
    pub message: String,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
}

impl From<Code> for Bad {
    /// With the code's own text.
    fn from(code: Code) -> Self {
        Self {
            code,
            message: code.text().to_owned(),
            retry_after: None,
        }
    }
}

/// What the core answers.
pub type Reply = Result<Good, Bad>;

/// What becomes of a request, faults included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// An ordinary answer.
    Answer {
        /// Not before this has passed.
        after: Duration,
        /// The answer.
        reply: Reply,
    },
    /// An HTTP status without a message.
    Status {
        /// Not before this has passed.
        after: Duration,
        /// 400 to 599.
        status: u16,
        /// `Retry-After`, as it is sent.
        retry_after: Option<String>,
    },
    /// An answer that comes otherwise than it should.
    Mangled {
        /// Not before this has passed.
        after: Duration,
        /// The answer.
        reply: Reply,
        /// What is done to it.
        mangle: Mangle,
    },
    /// The connection is refused: nothing arrived, nothing was done.
    Refuse,
    /// Accepted and never answered. Whether the request was carried out is
    /// the core's choice; the asker cannot know.
    BlackHole,
    /// Half of the answer's body, then the connection breaks.
    CutOff {
        /// Not before this has passed.
        after: Duration,
        /// The answer that is cut.
        reply: Reply,
    },
    /// Status 200 and a body that is no message.
    Garbage {
        /// Not before this has passed.
        after: Duration,
    },
}

/// One thing that can be set on a running stand-in (`simulator set`, tapes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Connections are refused.
    Outage(bool),
    /// Requests are taken and never answered.
    BlackHole(bool),
    /// Every answer is late by this; zero is off.
    Delay(Duration),
    /// Every request is answered by this HTTP status; `None` is off.
    Status(Option<u16>),
    /// `Retry-After` sent with that status: seconds, or any text.
    RetryAfter(Option<String>),
    /// Answers come otherwise than they should; `None` is off.
    Answer(Option<Mangle>),
    /// Answers break off in the middle.
    CutOff(bool),
    /// Answers are no messages.
    Garbage(bool),
    /// All tokens given so far end now.
    ExpireTokens,
    /// The outage function is open in this period; `None` closes it.
    OutageFunction(Option<Period>),
    /// A new notice with this text.
    Notice(String),
    /// This ユーザID is locked.
    Lock(String),
    /// This ユーザID is unlocked.
    Unlock(String),
}

/// The pure core as the shells use it. No I/O, no clock: the moment comes in
/// as a value, delays go out as values.
pub trait Engine: Send + 'static {
    /// What becomes of one request. `token` is the raw `Authorization`.
    fn handle(&mut self, now: Now, token: Option<&str>, request: Request) -> Reaction;

    /// Changes a fault or a fact. An error is a Japanese sentence (unknown
    /// user to lock, and the like).
    fn set(&mut self, now: Now, setting: Setting) -> Result<(), String>;

    /// Whether connections are refused ([`Setting::Outage`]); then the server
    /// closes its port.
    fn refusing(&self) -> bool;
}
