//! Everything the desk service knows, and how it asks for things to be done.

use super::audit::{Act, Listed};
use super::event::{Action, CallId, Config, WriteId};
use crate::central::call::{Call, Token};
use crate::domain::account::Staff;
use crate::domain::breaker::{Breaker, Settings};
use crate::domain::draft::Draft;
use crate::domain::entitlement::{Candidate, Eligibility};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::insurance::LookupQuery;
use crate::domain::note::{Note, NoteId, Way};
use crate::domain::person::OutageQuery;
use crate::domain::readback::Proof;
use crate::domain::reader::ReaderState;
use crate::domain::time::Now;
use crate::link::message::{FrontId, Status, Ticket, ToDesk, ToFront};
use crate::store::record::Masked;
use crate::store::record::Progress;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// The desk service's state. No clock, no I/O: see [`step`](super::step()).
pub struct Desk {
    pub(super) config: Config,
    pub(super) now: Now,
    pub(super) rng: fastrand::Rng,
    pub(super) out: Vec<Action>,
    pub(super) fronts: BTreeMap<FrontId, Front>,
    pub(super) sessions: u64,
    pub(super) drafts: HashMap<String, Draft>,
    pub(super) line: Breaker,
    /// What the last failed connection met, for those not sent on.
    pub(super) cause: Unreachable,
    /// When something was last answered (monotonic).
    pub(super) last_good: Option<Duration>,
    /// Notes taken on an answer too old to say how the line is.
    pub(super) unsure: BTreeSet<NoteId>,
    pub(super) reader: ReaderState,
    pub(super) card: super::card::Board,
    /// Tokens whose logout did not arrive; said again after recovery.
    pub(super) unsaid: Vec<Token>,
    /// Logins that wait for a logout of the same ID.
    pub(super) arriving: Vec<super::staff::Attempt>,
    pub(super) calls: BTreeMap<CallId, Asked>,
    pub(super) next_call: u64,
    pub(super) writes: BTreeMap<WriteId, Writing>,
    pub(super) next_write: u64,
    pub(super) store: Store,
    /// How far its opening is, and when that was said (monotonic).
    pub(super) progress: Option<(Progress, Duration)>,
    pub(super) spill: super::spill::Spill,
    /// Notes from another ledger, on their way to the disk.
    pub(super) import: Option<super::transfer::Import>,
    /// The start has been written down.
    pub(super) started: bool,
    /// What came before the store was open.
    pub(super) held: Vec<(FrontId, ToDesk)>,
    pub(super) held_writes: Vec<Action>,
    pub(super) notices: super::notices::Board,
    pub(super) book: super::book::Book,
    pub(super) sync: super::sync::Sync,
    pub(super) holds: super::hold::Holds,
    pub(super) machine: super::machine::Machine,
    pub(super) opening: super::opening::Board,
    pub(super) roster: super::staff::Roster,
    /// When the desk's own account last logged in (monotonic).
    pub(super) machine_last: Option<Duration>,
    pub(super) told: Option<Status>,
    /// Whoever shows the ledger and has not heard that it changed.
    pub(super) untold: BTreeSet<FrontId>,
    /// The status has changed and waits for its turn.
    pub(super) untold_status: bool,
    /// When a report of nobody that the lines are well, or not, was last
    /// written down (monotonic).
    pub(super) verified: [Option<Duration>; 2],
    pub(super) pace: super::pace::Pace,
    pub(super) wake: Option<Duration>,
}

/// One front end.
#[derive(Default)]
pub(super) struct Front {
    /// The versions agree.
    pub welcome: bool,
    /// Who is logged in on it.
    pub session: Option<Session>,
    /// Questions without an answer, with the line each still owes.
    pub open: BTreeMap<Ticket, Option<Act>>,
    /// Where its terminal is (SEC-29).
    pub origin: String,
}

/// A login.
pub(super) struct Session {
    /// Tells this login from any other on the same front end.
    pub serial: u64,
    pub staff: Staff,
    /// Gone once the central system no longer takes it.
    pub token: Option<Token>,
    /// Only the desk has checked it: limited rights.
    pub offline: bool,
    /// Last key (monotonic).
    pub active: Duration,
    pub warned: bool,
    /// The note being typed was begun during an outage (OUT-17).
    pub noting_since_outage: bool,
    /// What was last shown of the ledger.
    pub listed: Option<Listed>,
    /// Whom the last search named, to be chosen from.
    pub found: Vec<Candidate>,
}

/// Who asked, so that an answer reaches that person and nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asker {
    pub front: FrontId,
    pub ticket: Ticket,
    pub serial: u64,
    pub user: String,
}

/// A question on its way.
pub(super) struct Asked {
    /// When it was sent (monotonic).
    pub at: Duration,
    /// In whose name.
    pub token: Option<Token>,
    pub purpose: Purpose,
}

/// What an answer is for.
pub(super) enum Purpose {
    Login(super::staff::Attempt),
    Logout {
        /// Whose; empty where nobody knows any more.
        user: String,
    },
    Lookup {
        asker: Asker,
        query: LookupQuery,
        /// Other zero forms of the number to try (DOM-13).
        forms: Vec<String>,
        /// The number as typed, and its answer.
        first: Option<(String, Box<Eligibility>)>,
    },
    Search {
        asker: Asker,
        query: OutageQuery,
    },
    Choose {
        asker: Asker,
        check_date: Date,
    },
    Register {
        asker: Asker,
        numbers: Masked,
    },
    /// The same for the entitlement of a resolved note.
    RegisterNote {
        asker: Asker,
        id: NoteId,
        revision: u32,
        numbers: Masked,
    },
    Notices,
    Probe,
    MachineLogin,
    /// For a note, asked by the desk.
    Note(super::enquiry::NoteQuestion),
    /// For a note, a candidate chosen by a person.
    Confirm {
        asker: Asker,
        id: NoteId,
        revision: u32,
        key: String,
        read_back: Option<Proof>,
        check_date: Date,
        birth_date: Date,
    },
}

/// A record or file on its way.
pub(super) enum Writing {
    /// An audit line nobody waits for.
    Audit,
    /// A line that is written before its answer is given.
    Told { asker: Asker, message: ToFront },
    /// A result file.
    File {
        asker: Asker,
        numbers: Masked,
        /// The note it was written for, and its revision.
        note: Option<(NoteId, u32)>,
    },
    /// A note of a page that is taken in; without one, the page's own line.
    Import(Option<Box<Note>>),
    /// A paper.
    Paper { asker: Asker, kind: &'static str },
    /// The checklist of how the outage function gets opened.
    Opening {
        opening: Box<crate::domain::opening::Opening>,
        asker: Option<Asker>,
    },
    /// A possible loss, told or read.
    Loss(super::notices::losses::Due),
    /// What is kept of an ユーザID.
    Staff(super::staff::Told),
    /// A note as it will be.
    Note {
        note: Box<Note>,
        asker: Option<Asker>,
        then: Then,
    },
}

/// How a note that a person wants asked for again comes to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Whether the sync runs or not.
    Now,
    /// With the others.
    InTurn,
}

/// What follows when a note is on disk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Then {
    /// It will be asked for this way.
    pub asked: Option<Way>,
    /// See [`super::sync::Wish`].
    pub lands: bool,
    /// The person is done with it: the next may have it.
    pub frees: bool,
    /// A person wants it asked for again.
    pub again: Option<Again>,
    /// The mark of the draft it was typed in.
    pub ends: Option<u64>,
}

/// The store, as far as the desk knows.
pub(super) enum Store {
    Opening,
    Open {
        /// The last write failed: what to do.
        trouble: Option<String>,
    },
    Failed(String),
}

impl Desk {
    /// A desk to which nothing has happened yet.
    pub fn new(config: Config) -> Self {
        let line = Breaker::new(Settings {
            probe_every: config.probe_every,
            probe_jitter: config.probe_jitter,
            probes_to_recover: config.probes_to_recover,
            confirm_every: config.confirm_every,
            slow_after: config.slow_after,
        });
        Self {
            now: Now {
                wall: Timestamp::UNIX_EPOCH,
                mono: Duration::ZERO,
            },
            rng: fastrand::Rng::with_seed(config.seed),
            out: Vec::new(),
            fronts: BTreeMap::new(),
            sessions: 0,
            drafts: HashMap::new(),
            line,
            cause: Unreachable::Refused,
            last_good: None,
            unsure: BTreeSet::new(),
            reader: ReaderState::Unknown,
            card: super::card::Board::default(),
            unsaid: Vec::new(),
            arriving: Vec::new(),
            calls: BTreeMap::new(),
            next_call: 1,
            writes: BTreeMap::new(),
            next_write: 1,
            store: Store::Opening,
            progress: None,
            spill: super::spill::Spill::default(),
            import: None,
            started: false,
            held: Vec::new(),
            held_writes: Vec::new(),
            notices: super::notices::Board::default(),
            book: super::book::Book::default(),
            sync: super::sync::Sync::default(),
            holds: super::hold::Holds::default(),
            machine: super::machine::Machine::default(),
            opening: super::opening::Board::default(),
            roster: super::staff::Roster::default(),
            machine_last: None,
            told: None,
            untold: BTreeSet::new(),
            untold_status: false,
            verified: [None; 2],
            pace: super::pace::Pace::default(),
            wake: None,
            config,
        }
    }

    pub(super) fn tell(&mut self, front: FrontId, message: ToFront) {
        if let Some(state) = self.fronts.get_mut(&front) {
            let owed = message
                .ticket()
                .and_then(|ticket| state.open.remove(&ticket).flatten());
            if let (Some(act), ToFront::Failed { failure, .. }) = (owed, &message) {
                self.audit_refused(front, act, failure);
            }
            self.out.push(Action::Tell { front, message });
        }
    }

    pub(super) fn fail(&mut self, front: FrontId, ticket: Ticket, failure: Failure) {
        self.tell(front, ToFront::Failed { ticket, failure });
    }

    /// Answers the person who asked; someone else at the same front end is
    /// told that the question is no longer theirs.
    pub(super) fn reply(&mut self, asker: &Asker, message: ToFront) {
        if self.still_there(asker) {
            self.tell(asker.front, message);
        } else {
            self.fail(asker.front, asker.ticket, Failure::NotLoggedIn);
        }
    }

    /// Whether the person who asked is still logged in at the same place.
    pub(super) fn still_there(&self, asker: &Asker) -> bool {
        self.session(asker.front)
            .is_some_and(|session| session.serial == asker.serial)
    }

    pub(super) fn reply_failed(&mut self, asker: &Asker, failure: Failure) {
        let ticket = asker.ticket;
        self.reply(asker, ToFront::Failed { ticket, failure });
    }

    pub(super) fn session(&self, front: FrontId) -> Option<&Session> {
        self.fronts.get(&front)?.session.as_ref()
    }

    pub(super) fn session_mut(&mut self, front: FrontId) -> Option<&mut Session> {
        self.fronts.get_mut(&front)?.session.as_mut()
    }

    /// Sends a question; in whose name is read from the call itself.
    pub(super) fn ask(&mut self, what: Call, purpose: Purpose) -> CallId {
        let call = CallId(self.next_call);
        self.next_call += 1;
        let token = match &what {
            Call::Logout { token }
            | Call::Lookup { token, .. }
            | Call::Search { token, .. }
            | Call::Choose { token, .. }
            | Call::Register { token, .. }
            | Call::Notices { token } => Some(token.clone()),
            Call::Login { .. } | Call::Probe => None,
        };
        self.calls.insert(
            call,
            Asked {
                at: self.now.mono,
                token,
                purpose,
            },
        );
        self.out.push(Action::Ask { call, what });
        call
    }

    /// Whether the ledger can be written.
    pub(super) fn store_open(&self) -> bool {
        matches!(self.store, Store::Open { .. }) && self.spill.trouble().is_none()
    }

    pub(super) fn write_id(&mut self, writing: Writing) -> WriteId {
        let write = WriteId(self.next_write);
        self.next_write += 1;
        self.writes.insert(write, writing);
        write
    }
}
