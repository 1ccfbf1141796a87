//! What a front end says to the desk service.

use super::{AuditUse, LedgerFilter, Print, SettlingStep, Stretch, Ticket};
use crate::domain::card::{Key, Presence};
use crate::domain::draft::Draft;
use crate::domain::entitlement::Eligibility;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::note::{Note, NoteContent, NoteId};
use crate::domain::opening::Stage;
use crate::domain::paper::Format;
use crate::domain::person::OutageQuery;
use crate::domain::readback::Proof;
use crate::domain::secret::{Secret, digits};
use crate::domain::settling::Item;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// From a front end to the desk service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToDesk {
    /// First message: which version this side speaks.
    Hello {
        /// [`super::VERSION`].
        version: u32,
        /// Where the terminal is: the address of the other end of SSH, or
        /// empty. Only for the audit lines (SEC-29).
        #[serde(default)]
        origin: String,
    },
    /// Staff login.
    Login {
        /// Answered by [`super::ToFront::LoggedIn`] or [`super::ToFront::Failed`].
        ticket: Ticket,
        /// ユーザID.
        user: String,
        /// パスワード.
        #[serde(with = "digits")]
        password: Secret,
        /// 強制的にログイン (QG-37).
        force: bool,
    },
    /// ログアウト.
    Logout,
    /// Keys were pressed; keeps the idle log-off away (QG-14).
    Active {
        /// How long ago the last key was pressed.
        ago_ms: u64,
    },
    /// Look up an insurance card. Answered by [`super::ToFront::LookedUp`].
    Lookup {
        /// Ticket.
        ticket: Ticket,
        /// The question.
        query: LookupQuery,
    },
    /// Search by 4情報. Answered by [`super::ToFront::Searched`].
    Search {
        /// Ticket.
        ticket: Ticket,
        /// The question.
        query: OutageQuery,
    },
    /// Choose a candidate of a search by hand. Answered by
    /// [`super::ToFront::LookedUp`].
    Choose {
        /// Ticket.
        ticket: Ticket,
        /// [`crate::domain::entitlement::Candidate::key`].
        key: String,
        /// 資格確認日 of the search.
        check_date: Date,
        /// What was read back, where another person shares reading and birth
        /// date (DOM-40).
        read_back: Option<Proof>,
    },
    /// Register or replace the 照会番号 (OUT-81 to 85). Answered by
    /// [`super::ToFront::Done`].
    Register {
        /// Ticket.
        ticket: Ticket,
        /// Whose.
        insurance: InsuranceNumbers,
        /// The facility's number.
        reference: String,
    },
    /// Write a result to an XML file (OUT-56). Answered by
    /// [`super::ToFront::Saved`].
    Download {
        /// Ticket.
        ticket: Ticket,
        /// What to write.
        answer: Box<Eligibility>,
    },
    /// Take a note, or change one. Answered by [`super::ToFront::Noted`] only once
    /// it is on disk (REL-1).
    SaveNote {
        /// Ticket.
        ticket: Ticket,
        /// The content.
        content: Box<NoteContent>,
        /// The note and revision it replaces; `None` for a new one.
        replaces: Option<(NoteId, u32)>,
        /// A proposal, not a correction: it becomes the content only if somebody
        /// is found so.
        #[serde(default)]
        trial: bool,
        /// The card that [`NoteContent::from_card`] was taken over from. Only
        /// while it still lies there it marks the note, where returning cards
        /// are recognised.
        #[serde(default)]
        card: Option<Presence>,
    },
    /// Cancel a note. Answered by [`super::ToFront::Noted`].
    CancelNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
        /// Why.
        reason: String,
    },
    /// A person chose one of a note's candidates, or confirmed who was found
    /// by a fall-back. Answered by
    /// [`super::ToFront::Noted`] when the note is resolved.
    ResolveNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
        /// The candidate's key; empty to confirm the one whom a fall-back
        /// found ([`crate::domain::note::Need::Confirm`]).
        key: String,
        /// What was read back, after [`crate::domain::failure::Failure::ReadBack`] (DOM-40).
        read_back: Option<Proof>,
    },
    /// A person made sure that nobody fits (なし). Answered by
    /// [`super::ToFront::Noted`] when the note is resolved as such.
    AbsentNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
    },
    /// Set the day a resolved note is looked up again, or drop it (DOM-91).
    /// Answered by [`super::ToFront::Noted`].
    FollowNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
        /// The day, not before today; `None`: not again.
        day: Option<Date>,
        /// Why; needed to drop it.
        reason: String,
    },
    /// Ask again for a note now. Answered by [`super::ToFront::Noted`].
    RetryNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
    },
    /// One step of working a resolved note off. Answered by
    /// [`super::ToFront::Noted`] when it is done and stands in the note.
    NoteStep {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
        /// What to do.
        step: SettlingStep,
    },
    /// 完了: the resolved note has been worked off. Answered by
    /// [`super::ToFront::Noted`].
    SettleNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// The revision on the screen.
        revision: u32,
        /// What is left undone, as the person was told; refused if that is
        /// not what is left.
        leaving: Vec<Item>,
    },
    /// A window of the ledger. Answered by [`super::ToFront::Page`].
    Ledger {
        /// Ticket.
        ticket: Ticket,
        /// Which notes.
        filter: LedgerFilter,
        /// First row.
        offset: usize,
        /// How many rows at most.
        limit: usize,
    },
    /// One note in full. Answered by [`super::ToFront::Noted`]; audited.
    OpenNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
    },
    /// This front end has a note open to change it: nobody else changes it
    /// meanwhile. Answered by [`super::ToFront::Held`], or by
    /// [`crate::domain::failure::Failure::HeldBy`].
    HoldNote {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        id: NoteId,
        /// From whoever has it: a person has said so. Audited, and a line in
        /// the note's history.
        take: bool,
    },
    /// It is closed here.
    ReleaseNote {
        /// Which.
        id: NoteId,
    },
    /// A page of whole notes, for another machine. Answered by
    /// [`super::ToFront::Exported`]; the first page is audited.
    Export {
        /// Ticket.
        ticket: Ticket,
        /// Behind this note; `None` from the first on.
        after: Option<NoteId>,
    },
    /// Notes from another ledger; at most a few dozen at once. Answered by
    /// [`super::ToFront::Imported`] once they are on disk.
    Import {
        /// Ticket.
        ticket: Ticket,
        /// The notes.
        notes: Vec<Note>,
    },
    /// Print a paper to a file in the download folder. Answered by
    /// [`super::ToFront::Saved`]; audited.
    Print {
        /// Ticket.
        ticket: Ticket,
        /// Which.
        what: Print,
        /// As what kind of file.
        format: Format,
    },
    /// The checklist of how the outage function gets opened (DOM-75).
    /// Answered by [`super::ToFront::Opening`].
    Opening {
        /// Ticket.
        ticket: Ticket,
    },
    /// A step of it is done, or is not. Answered by [`super::ToFront::Opening`] once
    /// that is on disk.
    TickOpening {
        /// Ticket.
        ticket: Ticket,
        /// [`crate::domain::opening::Opening::round`] on the screen.
        round: u32,
        /// Which step.
        stage: Stage,
        /// Done, or not.
        on: bool,
    },
    /// The procedure begins anew. Answered as [`ToDesk::TickOpening`].
    NewOpening {
        /// Ticket.
        ticket: Ticket,
        /// [`crate::domain::opening::Opening::round`] on the screen.
        round: u32,
    },
    /// What is being typed, at most 200 ms behind the keys; kept for the
    /// person who is logged in.
    Draft(Draft),
    /// The draft is no longer wanted.
    DropDraft,
    /// The notices, for a person. Answered by [`super::ToFront::Notices`].
    Notices {
        /// Ticket.
        ticket: Ticket,
    },
    /// A notice's text has been on the screen: it is no longer unread.
    NoticeRead {
        /// [`crate::domain::notice::Notice::id`].
        id: String,
    },
    /// Probe the line now instead of waiting for the next turn.
    ProbeNow,
    /// Work off the notes now (where `sync.confirm` waits for a person), or
    /// stop doing so.
    Sync {
        /// Start or stop.
        run: bool,
    },
    /// Who is locked at this desk. Answered by [`super::ToFront::Locks`].
    Locks {
        /// Ticket.
        ticket: Ticket,
    },
    /// Lets somebody who is locked at this desk try again (SEC-3). Answered
    /// by [`super::ToFront::Locks`] with those who still are.
    Unlock {
        /// Ticket.
        ticket: Ticket,
        /// ユーザID.
        user: String,
    },
    /// The audit lines are about to be read, or have been held against
    /// themselves. Answered by [`super::ToFront::Done`] once that is written down.
    Audit {
        /// Ticket.
        ticket: Ticket,
        /// Which of the two.
        done: AuditUse,
    },
    /// How far the journal reaches, and whose records stood in these stretches
    /// of it: for whoever holds the audit lines against themselves. Answered
    /// by [`super::ToFront::Journal`]; at most [`super::STRETCHES`] at once.
    Journal {
        /// Ticket.
        ticket: Ticket,
        /// Where something is wrong; none yet before the files are read.
        stretches: Vec<Stretch>,
    },
    /// What the card that lies there says without a PIN. Answered by
    /// [`super::ToFront::Card`].
    Card {
        /// Ticket.
        ticket: Ticket,
        /// With its serial number, a lasting mark of a person: audited. It is
        /// empty otherwise.
        serial: bool,
    },
    /// Read the four from the card. Answered by [`super::ToFront::CardRead`];
    /// audited. One reading at a time; the desk keeps nothing of it.
    ReadCard {
        /// Ticket.
        ticket: Ticket,
        /// The card that is meant; `None`: the one that lies there, or the
        /// next that is put down, until [`ToDesk::DropCard`].
        presence: Option<Presence>,
        /// What opens them.
        key: Key,
        /// A person said that it shall be tried with only so many tries left
        /// ([`crate::domain::card::Trouble::FewTries`]).
        confirmed: Option<u8>,
    },
    /// Let the card sign a random challenge and verify it. Answered by
    /// [`super::ToFront::CardProved`]; audited.
    ProveCard {
        /// Ticket.
        ticket: Ticket,
        /// As in [`ToDesk::ReadCard`].
        presence: Option<Presence>,
        /// 利用者証明用の暗証番号.
        #[serde(with = "digits")]
        pin: Secret,
        /// As in [`ToDesk::ReadCard`].
        confirmed: Option<u8>,
    },
    /// This front end no longer waits for a card: what it asked for under
    /// [`ToDesk::ReadCard`] or [`ToDesk::ProveCard`] fails.
    DropCard,
    /// Whose card it is, among today's notes: those with this name and birth
    /// date, and, where returning cards are recognised, those taken with this
    /// card. Answered by [`super::ToFront::Page`]; audited.
    CardNotes {
        /// Ticket.
        ticket: Ticket,
        /// The card that lies there, to recognise it.
        presence: Option<Presence>,
        /// 氏名 as read; empty without.
        name: String,
        /// 生年月日 as read.
        birth_date: Option<Date>,
    },
    /// Demo only: put a card of the built-in fixtures on the simulated
    /// reader, or take it away.
    DemoCard {
        /// Its name; `None` takes the card away.
        card: Option<String>,
    },
    /// Demo only: switch the embedded stand-in's outage on or off.
    DemoOutage {
        /// On or off.
        on: bool,
    },
}
