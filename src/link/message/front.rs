//! What the desk service says to a front end.

use super::{Incoming, LedgerPage, LockedUser, LogoutReason, Status, Ticket, Welcome};
use crate::domain::account::Staff;
use crate::domain::card::{Four, Presence, Seen};
use crate::domain::draft::Draft;
use crate::domain::entitlement::{Eligibility, Found};
use crate::domain::failure::Failure;
use crate::domain::hold::Holder;
use crate::domain::note::{Note, NoteId};
use crate::domain::notice::Notice;
use crate::domain::opening::Opening;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// From the desk service to a front end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToFront {
    /// Answer to [`super::ToDesk::Hello`].
    Welcome(Box<Welcome>),
    /// The versions differ; the connection ends.
    Mismatch {
        /// The desk service's version.
        version: u32,
    },
    /// What is true now; sent on every change, to everyone.
    Status(Box<Status>),
    /// Login succeeded.
    LoggedIn {
        /// Ticket.
        ticket: Ticket,
        /// Who.
        staff: Staff,
        /// What this person was typing when last seen.
        draft: Option<Draft>,
        /// Checked by the desk alone, as the central system is away: limited
        /// rights ([`crate::domain::account::access_offline`]), and until
        /// when the desk goes on taking this password.
        offline: Option<Timestamp>,
    },
    /// Who of this desk may look notes up, whoever was here last first: a note
    /// that waits for such a person names them. Behind every login that may
    /// read the ledger, and when it changes.
    Able(Vec<Staff>),
    /// Logged off, and why.
    LoggedOut(LogoutReason),
    /// The idle log-off is near (QG-46).
    IdleWarning {
        /// Seconds left.
        seconds: u64,
    },
    /// Answer to a look-up or a choice.
    LookedUp {
        /// Ticket.
        ticket: Ticket,
        /// The answer.
        answer: Box<Eligibility>,
    },
    /// Answer to a search.
    Searched {
        /// Ticket.
        ticket: Ticket,
        /// What was found.
        found: Found,
    },
    /// Something was done that has no other answer.
    Done {
        /// Ticket.
        ticket: Ticket,
    },
    /// How far the journal reaches, and whose records stood where.
    Journal {
        /// Ticket.
        ticket: Ticket,
        /// The last record; `None` if nobody knows.
        last: Option<u64>,
        /// The notes whose newest record stands there, a stretch after the
        /// other.
        notes: Vec<Vec<NoteId>>,
    },
    /// A file was written.
    Saved {
        /// Ticket.
        ticket: Ticket,
        /// Where.
        path: String,
    },
    /// A note as it is now, on disk.
    Noted {
        /// Ticket.
        ticket: Ticket,
        /// The note.
        note: Box<Note>,
        /// It lies in the spill, not yet in the ledger (REL-4).
        #[serde(default)]
        spilled: bool,
    },
    /// A window of the ledger.
    Page {
        /// Ticket.
        ticket: Ticket,
        /// The rows.
        page: Box<LedgerPage>,
    },
    /// A page of whole notes.
    Exported {
        /// Ticket.
        ticket: Ticket,
        /// The notes, in the order of their numbers.
        notes: Vec<Note>,
        /// Notes of this page that cannot be read.
        unreadable: Vec<NoteId>,
        /// The next page begins behind this note; `None` at the end.
        last: Option<NoteId>,
    },
    /// Notes from another ledger are on disk: the number each came under, the
    /// one it has here, and what was done.
    Imported {
        /// Ticket.
        ticket: Ticket,
        /// One a note.
        done: Vec<(NoteId, NoteId, Incoming)>,
    },
    /// Answer to [`super::ToDesk::HoldNote`]: the note is this person's.
    Held {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision it has now.
        revision: u32,
    },
    /// Somebody else took over a note that was open here.
    TakenOver {
        /// Which.
        id: NoteId,
        /// Who.
        by: Box<Holder>,
    },
    /// The checklist of DOM-75 as it is on disk.
    Opening {
        /// Ticket.
        ticket: Ticket,
        /// All of it.
        opening: Box<Opening>,
    },
    /// The checklist changed; whoever shows it asks again.
    OpeningChanged,
    /// The ledger changed; whoever shows it asks again.
    LedgerChanged,
    /// Answer to [`super::ToDesk::Sync`] that starts: what it can ask for now.
    SyncTaken {
        /// Notes that are or will be asked for in this run.
        notes: usize,
        /// Notes that cannot be asked for as things are (保留).
        blocked: usize,
        /// What unblocks the first of those; empty if there are none.
        advice: String,
    },
    /// The notices, newest first.
    Notices {
        /// Ticket.
        ticket: Ticket,
        /// All of them.
        notices: Vec<Notice>,
        /// Ids of those that nobody has read.
        unread: Vec<String>,
    },
    /// Who is locked at this desk.
    Locks {
        /// Ticket.
        ticket: Ticket,
        /// Longest locked first.
        locked: Vec<LockedUser>,
    },
    /// What the card says without a PIN.
    Card {
        /// Ticket.
        ticket: Ticket,
        /// All of it.
        seen: Box<Seen>,
    },
    /// The four of the card.
    CardRead {
        /// Ticket.
        ticket: Ticket,
        /// Which card it was.
        presence: Presence,
        /// What it holds.
        four: Box<Four>,
        /// Tries its key had left before it was tried; `None` if the card
        /// does not count them.
        left: Option<u8>,
    },
    /// The card signed the challenge and its certificate verifies it: this
    /// chip, this PIN; nothing about revocation (section 5.3).
    CardProved {
        /// Ticket.
        ticket: Ticket,
        /// What it said without the PIN.
        seen: Box<Seen>,
    },
    /// What was asked under this ticket did not happen.
    Failed {
        /// Ticket.
        ticket: Ticket,
        /// Why.
        failure: Failure,
    },
}
