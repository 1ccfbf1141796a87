//! What the desk service asks of the reader, and what it hears of it.

use crate::domain::card::{Four, Key, Presence, Seen, Trouble};
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;

/// A reading under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// What the desk service wants of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Read the four. Answered by [`Report::Done`].
    Read {
        /// Under this number.
        id: JobId,
        /// Only from this card; `None`: from the one there, or the next.
        presence: Option<Presence>,
        /// What opens them.
        key: Key,
        /// So few tries are left, and it shall be tried.
        confirmed: Option<u8>,
    },
    /// Sign a challenge. Answered by [`Report::Done`].
    Prove {
        /// Under this number.
        id: JobId,
        /// As in [`Job::Read`].
        presence: Option<Presence>,
        /// 利用者証明用の暗証番号.
        pin: Secret,
        /// As in [`Job::Read`].
        confirmed: Option<u8>,
    },
    /// Ask the card again what it says without a PIN: another one may lie
    /// there without the reader having said so (section 8.6). Answered by
    /// [`Report::Seen`], or by a state.
    Look,
    /// Nobody waits for this any more: answered with [`Trouble::Dropped`]
    /// unless it is done already.
    Drop {
        /// Which.
        id: JobId,
    },
}

/// What a reading came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The four.
    Four {
        /// Which card.
        presence: Presence,
        /// What it holds.
        four: Box<Four>,
        /// Tries left before the key was tried.
        left: Option<u8>,
    },
    /// The challenge was signed and verified.
    Proved(Box<Seen>),
    /// The key fitted after the job had ended: nobody waited any more, and
    /// what was read is thrown away.
    Late {
        /// Tries left before the key was tried.
        left: Option<u8>,
    },
}

/// What the reader's thread tells the desk service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The reader or the card changed; what every screen may know.
    State(ReaderState),
    /// All that a card said without a PIN, once for each stay and each
    /// [`Job::Look`]. Follows the state that tells of it.
    Seen(Box<Seen>),
    /// A job has ended. Told again where it was given up and the card said
    /// later that its key was tried: [`Outcome::Late`], or that it did not
    /// fit.
    Done {
        /// Which.
        id: JobId,
        /// How.
        result: Result<Outcome, Trouble>,
    },
}

/// Takes jobs for the card; ends when dropped. Never waits: what becomes of a
/// job is reported.
pub trait Hand: Send {
    /// Takes a job.
    fn send(&mut self, job: Job);

    /// Puts a card of that name on a simulated reader, or takes it away; a
    /// real reader does not hear.
    fn put(&mut self, card: Option<&str>) {
        let _ = card;
    }
}

/// Where there is no reader at all: nothing is ever asked of it.
#[derive(Debug, Clone, Copy)]
pub struct NoHand;

impl Hand for NoHand {
    fn send(&mut self, _job: Job) {}
}
