//! What the one who decides ([`super::mind`]) has the talking thread do, and
//! what comes back.

use super::job::Job;
use super::reading::{Look, Mark};
use super::seen::ReaderInfo;
use crate::domain::card::{Four, Key, KeyKind, Presence, Trouble};
use crate::domain::secret::Secret;

/// One thing to do with the card of one stay. Orders of the same stay that
/// follow each other share one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Counted up from 1.
    pub number: u64,
    /// The stay.
    pub presence: Presence,
    /// Where the card lies.
    pub reader: ReaderInfo,
    /// Whose card it has to be, as far as that is known of this stay.
    pub mark: Option<Mark>,
    /// What to do.
    pub work: Work,
}

/// What to do with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Ask it what it says without a PIN.
    Look,
    /// Read the four.
    Four {
        /// What opens them.
        key: Key,
        /// So few tries are left, and it shall be tried.
        confirmed: Option<u8>,
    },
    /// Have a challenge signed.
    Prove {
        /// 利用者証明用の暗証番号.
        pin: Secret,
        /// As in [`Work::Four`].
        confirmed: Option<u8>,
    },
}

impl Work {
    /// What a job has the card do.
    pub fn of(job: &Job) -> Self {
        match job {
            Job::Prove { pin, confirmed, .. } => Self::Prove {
                pin: pin.clone(),
                confirmed: *confirmed,
            },
            Job::Read { key, confirmed, .. } => Self::Four {
                key: key.clone(),
                confirmed: *confirmed,
            },
            Job::Look | Job::Drop { .. } => Self::Look,
        }
    }

    /// For the log: no data.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Four { key, .. } if key.kind() == KeyKind::Face => "four by face",
            Self::Four { .. } => "four by pin",
            Self::Prove { .. } => "prove",
        }
    }
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of which.
    pub number: u64,
    /// A command got no proper answer: whatever was read, another card may
    /// lie there now (section 8.6).
    pub broken: bool,
    /// Whose card it is, as far as it told.
    pub mark: Option<Mark>,
    /// What the card said, or why it did not.
    pub said: Result<Said, Trouble>,
}

impl Answer {
    /// The card was not asked, or not to the end.
    pub fn not(trouble: Trouble) -> Self {
        Self {
            number: 0,
            broken: false,
            mark: None,
            said: Err(trouble),
        }
    }

    /// It may be another card by now.
    pub fn broken(trouble: Trouble) -> Self {
        Self {
            broken: true,
            ..Self::not(trouble)
        }
    }
}

/// What a card said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Without a PIN.
    Look(Look),
    /// The four.
    Four {
        /// What was read.
        four: Box<Four>,
        /// Tries left before the key was tried.
        left: Option<u8>,
    },
    /// The challenge was signed and verified.
    Proved(Look),
}

/// How the talking thread stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Waits until the service gives it the card.
    Connecting,
    /// Waits for an answer of the card.
    Asking,
}
