//! What can be asked of the central system, as values, and the trait of a
//! connection to it.

use crate::domain::account::Staff;
use crate::domain::entitlement::{Eligibility, Found};
use crate::domain::failure::Unreachable;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::notice::Notice;
use crate::domain::person::OutageQuery;
use crate::domain::secret::Secret;
use crate::domain::time::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// The raw token of a login, sent as it is in `Authorization` (oqs-wire 3.2).
pub type Token = Secret;

/// One question. Each is sent once; nothing in this room repeats a request by
/// itself (DOM-67).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Staff or machine login.
    Login {
        /// ユーザID.
        user: String,
        /// パスワード.
        password: Secret,
        /// End the other session of the same person first (QG-37).
        force: bool,
    },
    /// ログアウト.
    Logout {
        /// Whose.
        token: Token,
    },
    /// Single eligibility search by insurance card.
    Lookup {
        /// In whose name.
        token: Token,
        /// `ArbitraryFileIdentifier`, echoed; an answer that does not carry
        /// it is refused (REL-14).
        id: String,
        /// The question.
        query: LookupQuery,
    },
    /// Search by 4情報. Not in the public WebAPI.
    Search {
        /// In whose name.
        token: Token,
        /// Echoed, as above.
        id: String,
        /// The question.
        query: OutageQuery,
    },
    /// Open one candidate of a search. Not in the public WebAPI.
    Choose {
        /// In whose name.
        token: Token,
        /// Echoed, as above.
        id: String,
        /// [`crate::domain::entitlement::Candidate::key`].
        key: String,
        /// 資格確認日.
        check_date: Date,
    },
    /// Register a 照会番号 (`OQSsiimm01` in the real system, DOM-63, DOM-66).
    Register {
        /// In whose name.
        token: Token,
        /// Whose entitlement.
        insurance: InsuranceNumbers,
        /// The number.
        reference: String,
    },
    /// Notices and the period of the outage function. Not in the public
    /// WebAPI.
    Notices {
        /// In whose name.
        token: Token,
    },
    /// Is the system there? Asks nothing about anybody.
    Probe,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Login accepted.
    LoggedIn {
        /// For the calls that follow.
        token: Token,
        /// Who it is, and with which rights.
        staff: Staff,
    },
    /// To [`Call::Logout`].
    LoggedOut,
    /// To [`Call::Lookup`] and [`Call::Choose`]. Not found is an answer too:
    /// see [`Eligibility::validity`].
    Checked(Box<Eligibility>),
    /// To [`Call::Search`].
    Found(Found),
    /// To [`Call::Register`].
    Registered,
    /// To [`Call::Notices`].
    Notices {
        /// Newest first.
        notices: Vec<Notice>,
        /// The period of the outage function, if announced.
        period: Option<Period>,
    },
    /// To [`Call::Probe`].
    Alive {
        /// The stand-in says so of itself (SEC-44).
        simulated: bool,
    },
}

/// What went wrong on the way. None of these says anything about the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The request never arrived.
    Unreachable(Unreachable),
    /// Sent, and no answer in time, or the answer broke off: fate unknown.
    NoAnswer,
    /// An answer that cannot be understood; what, without its content.
    Garbled(String),
    /// An HTTP status that is not an answer.
    Status {
        /// The status.
        status: u16,
        /// Retry-After, capped (REL-15).
        retry_after: Option<Duration>,
    },
    /// 401, or the token has ended.
    Unauthorized,
    /// Wrong user id or password.
    WrongPassword,
    /// ロック中.
    Locked,
    /// 無効 or outside its period.
    Inactive,
    /// Still logged in elsewhere (QG-37).
    AlreadyLoggedIn,
    /// Not with this kind of account.
    NotAllowed,
    /// The outage function is not open.
    FunctionClosed,
    /// 医療機関コード is not ours.
    WrongInstitution,
    /// Refused with a code and text of the central system's own
    /// (`SegmentOfResult` 9 or `ProcessingResultStatus` 2).
    Refused {
        /// Its code.
        code: String,
        /// Its text, cleaned.
        message: String,
    },
}

/// What a connection can do (the public WebAPI and the folders have no search
/// by 4情報).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Single eligibility search.
    pub lookup: bool,
    /// Search by 4情報.
    pub search: bool,
    /// Notices and period.
    pub notices: bool,
    /// 照会番号 registration.
    pub register: bool,
}

impl Capabilities {
    /// Everything: the stand-in.
    pub const ALL: Self = Self {
        lookup: true,
        search: true,
        notices: true,
        register: true,
    };
}

/// The future of an answer.
pub type Pending = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send>>;

/// A connection to a central system.
pub trait Central: Send + Sync + 'static {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Asks once. The future ends by itself within the time limits; dropping
    /// it abandons the question.
    fn ask(&self, call: Call) -> Pending;
}
