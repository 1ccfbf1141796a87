//! The lines of the audit log: one for everything a person does or is refused
//! (SEC-29, DOM-47), written before what it tells of is shown (SEC-32).

use super::event::Action;
use super::state::{Asker, Desk, Store, Writing};
use crate::domain::failure::Failure;
use crate::domain::note::Group;
use crate::link::message::{
    AuditUse, FrontId, LedgerFilter, STRETCHES, SettlingStep, Stretch, Ticket, ToDesk, ToFront,
};
use crate::store::record::{Record, StoreError, What};
use crate::store::whose::Spot;
use std::time::Duration;

/// The ledger is asked for again at every change and every key of a filter:
/// the same person, groups and narrowing make one line in this time.
const LISTED_AGAIN: Duration = Duration::from_secs(15 * 60);

/// Whoever may connect may say that the lines were verified, without a login;
/// of that, one line of each kind is written in this time.
const VERIFIED_AGAIN: Duration = Duration::from_secs(60);

/// Notes named in one answer, so that it stays a small one.
const NAMED: usize = 4096;

/// Serial of who asks without a login; logins count from 1.
const NOBODY: u64 = 0;

/// An action whose line is still to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Act {
    /// Its code.
    pub action: &'static str,
    /// The note it is about, or empty.
    pub note: String,
}

/// The action that `message` asks for. Every message stands in the list: a new
/// one does not compile until somebody has decided whether it leaves a line.
/// None of these without one shows or changes anything of a patient.
pub(super) fn act(message: &ToDesk) -> Option<Act> {
    let (action, note) = match message {
        ToDesk::Hello { .. }
        | ToDesk::Active { .. }
        | ToDesk::Draft(_)
        | ToDesk::DropDraft
        | ToDesk::Notices { .. }
        | ToDesk::NoticeRead { .. }
        | ToDesk::HoldNote { take: false, .. }
        | ToDesk::ReleaseNote { .. }
        | ToDesk::Opening { .. }
        | ToDesk::ProbeNow
        // Tells numbers alone.
        | ToDesk::Journal { .. }
        | ToDesk::DropCard
        | ToDesk::DemoCard { .. }
        | ToDesk::DemoOutage { .. } => return None,
        ToDesk::Login { .. } => ("login", None),
        ToDesk::Logout => ("logout", None),
        ToDesk::Locks { .. } => ("locks", None),
        ToDesk::Unlock { .. } => ("unlock", None),
        ToDesk::Lookup { .. } => ("lookup", None),
        ToDesk::Search { .. } => ("search", None),
        ToDesk::Choose { .. } => ("choose", None),
        ToDesk::Register { .. } => ("register", None),
        ToDesk::Download { .. } => ("download", None),
        ToDesk::SaveNote { replaces: None, .. } => ("note-take", None),
        ToDesk::SaveNote {
            replaces: Some((id, _)),
            ..
        } => ("note-edit", Some(id)),
        ToDesk::CancelNote { id, .. } => ("note-cancel", Some(id)),
        ToDesk::ResolveNote { id, .. } => ("note-confirm", Some(id)),
        ToDesk::AbsentNote { id, .. } => ("note-absent", Some(id)),
        ToDesk::FollowNote { id, .. } => ("note-follow", Some(id)),
        ToDesk::RetryNote { id, .. } => ("note-retry", Some(id)),
        ToDesk::NoteStep { id, step, .. } => {
            let action = match step {
                SettlingStep::Seen => "note-seen",
                SettlingStep::Register { .. } => "note-register",
                SettlingStep::Download => "note-download",
                SettlingStep::DeclarationDestroyed => "note-declaration",
                SettlingStep::Undone { .. } => "note-undone",
            };
            (action, Some(id))
        }
        ToDesk::SettleNote { id, .. } => ("note-settle", Some(id)),
        ToDesk::OpenNote { id, .. } => ("note-view", Some(id)),
        ToDesk::HoldNote { id, .. } => ("note-take-over", Some(id)),
        ToDesk::Export { .. } => ("notes-export", None),
        ToDesk::Import { .. } => ("notes-import", None),
        ToDesk::Print { .. } => ("print", None),
        ToDesk::TickOpening { .. } | ToDesk::NewOpening { .. } => ("opening", None),
        ToDesk::Ledger { .. } => ("ledger", None),
        ToDesk::Sync { .. } => ("sync", None),
        ToDesk::Card { .. } => ("card-view", None),
        ToDesk::ReadCard { .. } => ("card-read", None),
        ToDesk::ProveCard { .. } => ("card-prove", None),
        ToDesk::CardNotes { .. } => ("card-notes", None),
        ToDesk::Audit {
            done: AuditUse::Export,
            ..
        } => ("audit-export", None),
        ToDesk::Audit {
            done: AuditUse::Verify { .. },
            ..
        } => ("audit-verify", None),
    };
    // What a script calls a note could be anything.
    let note = note.filter(|id| id.parts().is_some());
    let note = note.map_or_else(String::new, |id| id.0.clone());
    Some(Act { action, note })
}

/// What was last listed to a person, and when (monotonic).
pub(super) type Listed = (Vec<Group>, bool, Duration);

impl Desk {
    /// Writes a line of the desk's own.
    pub(super) fn audit(&mut self, what: What) {
        self.write(None, "", what, Writing::Audit);
    }

    /// Writes a line about `by` at `front`.
    pub(super) fn audit_at(&mut self, front: FrontId, by: &str, what: What) {
        self.write(Some(front), by, what, Writing::Audit);
    }

    /// Writes the line of what `asker` did; nobody waits for it.
    pub(super) fn audit_of(&mut self, asker: &Asker, what: What) {
        self.accounted(asker.front, asker.ticket);
        self.audit_at(asker.front, &asker.user, what);
    }

    /// Writes the line of what `asker` did, and only then answers: without a
    /// line nothing of a patient is shown (SEC-32).
    pub(super) fn audit_then(&mut self, asker: Asker, what: What, message: ToFront) {
        self.accounted(asker.front, asker.ticket);
        let (front, user) = (asker.front, asker.user.clone());
        let writing = Writing::Told { asker, message };
        self.write(Some(front), &user, what, writing);
    }

    /// The line of [`Desk::audit_then`] is on disk, or is not.
    pub(super) fn audit_written(
        &mut self,
        asker: &Asker,
        message: ToFront,
        result: Result<(), StoreError>,
    ) {
        match result {
            Ok(()) if asker.serial == NOBODY => self.tell(asker.front, message),
            Ok(()) => self.reply(asker, message),
            Err(error) => {
                let what = error.to_string();
                self.fail(asker.front, asker.ticket, Failure::Store { what });
            }
        }
    }

    /// The line of this question has been written.
    pub(super) fn accounted(&mut self, front: FrontId, ticket: Ticket) {
        if let Some(state) = self.fronts.get_mut(&front)
            && let Some(act) = state.open.get_mut(&ticket)
        {
            *act = None;
        }
    }

    /// Something was refused that has no line of its own yet.
    pub(super) fn audit_refused(&mut self, front: FrontId, act: Act, failure: &Failure) {
        let by = self
            .session(front)
            .map_or_else(String::new, |session| session.staff.user.clone());
        let what = What::Refused {
            action: act.action.to_owned(),
            note: act.note,
            why: failure.word().to_owned(),
        };
        self.audit_at(front, &by, what);
    }

    /// Shows the ledger, after a line if this person has none for it yet.
    pub(super) fn audit_listed(&mut self, asker: Asker, filter: &LedgerFilter, message: ToFront) {
        let now = self.now.mono;
        let key = (filter.groups.clone(), !filter.text.trim().is_empty());
        let Some(session) = self.session_mut(asker.front) else {
            return;
        };
        let known = session.listed.as_ref().is_some_and(|(groups, text, at)| {
            (groups, text) == (&key.0, &key.1) && now.saturating_sub(*at) < LISTED_AGAIN
        });
        if known {
            self.accounted(asker.front, asker.ticket);
            return self.reply(&asker, message);
        }
        session.listed = Some((key.0.clone(), key.1, now));
        let what = What::Listed {
            groups: key.0,
            narrowed: key.1,
        };
        self.audit_then(asker, what, message);
    }

    /// The audit lines are read, or were held against themselves.
    pub(super) fn audit_used(&mut self, front: FrontId, ticket: Ticket, done: AuditUse) {
        let what = match done {
            AuditUse::Export => What::AuditExported,
            AuditUse::Verify { findings } => What::AuditVerified { findings },
        };
        let asker = self.asker(front, ticket).unwrap_or(Asker {
            front,
            ticket,
            serial: NOBODY,
            user: String::new(),
        });
        if let (NOBODY, AuditUse::Verify { findings }) = (asker.serial, done)
            && !self.verified_anew(findings > 0)
        {
            self.accounted(front, ticket);
            return self.tell(front, ToFront::Done { ticket });
        }
        self.audit_then(asker, what, ToFront::Done { ticket });
    }

    /// Tells how far the journal reaches and whose records stood where.
    pub(super) fn journal_told(&mut self, front: FrontId, ticket: Ticket, asked: &[Stretch]) {
        let spots: Vec<Spot> = (asked.iter().take(STRETCHES))
            .map(|stretch| {
                let bytes = stretch.bytes.as_ref();
                let bytes = bytes.map(|(segment, from, to)| (segment.as_str(), *from, *to));
                Spot::new(stretch.records, bytes)
            })
            .collect();
        let (last, mut notes) = self.book.stood(&spots);
        let mut left = NAMED;
        for ids in &mut notes {
            ids.truncate(left);
            left -= ids.len();
        }
        self.accounted(front, ticket);
        let told = ToFront::Journal {
            ticket,
            last,
            notes,
        };
        self.tell(front, told);
    }

    /// Whether a report from nobody gets a line. A good one does not keep a bad
    /// one out.
    fn verified_anew(&mut self, bad: bool) -> bool {
        let now = self.now.mono;
        let last = &mut self.verified[usize::from(bad)];
        let anew = last.is_none_or(|last| now.saturating_sub(last) >= VERIFIED_AGAIN);
        if anew {
            *last = Some(now);
        }
        anew
    }

    /// Writes a record, or keeps it until the store is open.
    pub(super) fn write(&mut self, front: Option<FrontId>, by: &str, what: What, writing: Writing) {
        let ends = match &writing {
            Writing::Note { then, .. } => then.ends,
            _ => None,
        };
        let write = self.write_id(writing);
        let origin = front.and_then(|front| self.fronts.get(&front));
        let action = Action::Write {
            write,
            record: Box::new(Record {
                at: self.now.wall,
                by: by.to_owned(),
                desk: self.config.desk.clone(),
                origin: origin.map_or_else(String::new, |front| front.origin.clone()),
                ends,
                what,
                anchors: None,
            }),
        };
        match self.store {
            Store::Opening => self.held_writes.push(action),
            Store::Open { .. } | Store::Failed(_) => self.out.push(action),
        }
    }
}
