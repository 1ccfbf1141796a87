//! Who has which note open: one person changes a note at a time. Kept in
//! memory alone: a desk that starts again has nobody's notes open.

use super::state::{Asker, Desk};
use super::sync::Wish;
use crate::domain::failure::Failure;
use crate::domain::hold::Holder;
use crate::domain::note::{Change, NoteId};
use crate::link::message::{FrontId, LedgerRow, Ticket, ToDesk, ToFront};
use crate::store::record::What;
use std::collections::BTreeMap;
use std::time::Duration;

/// Notes one person may have open at once; a screen opens one, or a few above
/// each other.
const MOST: usize = 16;

/// All holds: at most one a note.
#[derive(Default)]
pub(super) struct Holds(BTreeMap<NoteId, Hold>);

/// One note, open somewhere.
struct Hold {
    by: Holder,
    at: At,
}

/// Where it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// On this screen.
    Front(FrontId),
    /// Nowhere: the line is gone, and the note is free at this time
    /// (monotonic) unless the person is back.
    Gone(Duration),
}

impl Desk {
    /// The desk whose terminals come from that address, as the settings call
    /// it.
    pub(super) fn called(&self, origin: &str) -> Option<&String> {
        self.config.screens.get(origin)
    }

    /// What people call the desk a screen stands at.
    fn place(&self, front: FrontId) -> String {
        let origin = self.fronts.get(&front).map_or("", |state| &state.origin);
        match self.called(origin) {
            Some(name) => name.clone(),
            None if origin.is_empty() => self.config.desk.clone(),
            None => format!("{}（{origin}）", self.config.desk),
        }
    }

    /// A person opened a note to change it, or takes it over.
    pub(super) fn hold_note(&mut self, front: FrontId, ticket: Ticket, id: NoteId, take: bool) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let Some(revision) = self.book.get(&id).map(|entry| entry.outline.revision) else {
            return self.reply_failed(&asker, self.unknown_note());
        };
        let before = self.holds.0.get(&id).map(|hold| (hold.by.clone(), hold.at));
        let mine = (before.as_ref()).is_some_and(|(by, _)| by.user == asker.user);
        if !take && let Some(failure) = self.held_from(&asker.user, &id) {
            return self.reply_failed(&asker, failure);
        }
        let count = |hold: &&Hold| hold.by.user == asker.user;
        if !mine && self.holds.0.values().filter(count).count() >= MOST {
            return self.reply_failed(&asker, Failure::Busy);
        }
        let name = self.session(front).map(|s| s.staff.name.clone());
        let since = match &before {
            Some((by, _)) if mine => by.since,
            _ => self.now.wall,
        };
        let by = Holder {
            user: asker.user.clone(),
            name: name.unwrap_or_default(),
            place: self.place(front),
            since,
        };
        let held = ToFront::Held {
            ticket,
            id: id.clone(),
            revision,
        };
        let hold = Hold {
            by: by.clone(),
            at: At::Front(front),
        };
        self.holds.0.insert(id.clone(), hold);
        match before {
            None if take => {
                // A word that was given leaves its line, whatever it took.
                let from = String::new();
                self.ledger_changed(Some(front));
                self.audit_then(asker, What::TakenOver { id, from }, held);
            }
            Some(_) if mine && take => {
                let from = asker.user.clone();
                self.audit_then(asker, What::TakenOver { id, from }, held);
            }
            Some((_, at)) if mine => {
                if at != At::Front(front) {
                    self.ledger_changed(Some(front));
                }
                self.reply(&asker, held);
            }
            None => {
                self.ledger_changed(Some(front));
                self.reply(&asker, held);
            }
            Some((from, at)) => self.taken_over(asker, id, (from, at), by, held),
        }
    }

    /// The one before is told, and it is written down.
    fn taken_over(
        &mut self,
        asker: Asker,
        id: NoteId,
        (from, at): (Holder, At),
        by: Holder,
        held: ToFront,
    ) {
        if let At::Front(other) = at {
            let by = Box::new(by);
            let id = id.clone();
            self.tell(other, ToFront::TakenOver { id, by });
        }
        self.ledger_changed(Some(asker.front));
        if let Some(entry) = self.book.get(&id) {
            let wish = Wish {
                revision: entry.outline.revision,
                change: Change::TakenOver {
                    from: from.user.clone(),
                },
                by: asker.user.clone(),
                asker: None,
                lands: false,
            };
            self.wish(&id, wish);
        }
        let what = What::TakenOver {
            id,
            from: from.user,
        };
        self.audit_then(asker, what, held);
    }

    /// A person closed a note.
    pub(super) fn release_note(&mut self, front: FrontId, id: &NoteId) {
        let Some(session) = self.session(front) else {
            return;
        };
        let user = session.staff.user.clone();
        self.let_go(&user, id);
    }

    /// The note is no longer that person's.
    pub(super) fn let_go(&mut self, user: &str, id: &NoteId) {
        if self
            .holds
            .0
            .get(id)
            .is_some_and(|hold| hold.by.user == user)
        {
            self.holds.0.remove(id);
            self.ledger_changed(None);
        }
    }

    /// A login has ended. Behind a dropped line, or a login elsewhere, the
    /// person is likely to go on: the notes are kept for a while.
    pub(super) fn holds_end(&mut self, front: FrontId, user: &str, why: &str) {
        let until = self.now.mono + self.config.hold;
        let kept = matches!(why, "hang-up" | "elsewhere");
        let mut changed = false;
        self.holds.0.retain(|_, hold| {
            if hold.by.user != user || hold.at != At::Front(front) {
                return true;
            }
            changed |= !kept;
            hold.at = At::Gone(until);
            kept
        });
        if changed {
            self.ledger_changed(Some(front));
        }
    }

    /// Notes nobody has come back to are free.
    pub(super) fn holds_lapse(&mut self) {
        let now = self.now.mono;
        let before = self.holds.0.len();
        self.holds
            .0
            .retain(|_, hold| !matches!(hold.at, At::Gone(until) if until <= now));
        if self.holds.0.len() != before {
            self.ledger_changed(None);
        }
    }

    /// When the next one is.
    pub(super) fn next_lapse(&self) -> Option<Duration> {
        let gone = |hold: &Hold| match hold.at {
            At::Gone(until) => Some(until),
            At::Front(_) => None,
        };
        self.holds.0.values().filter_map(gone).min()
    }

    /// Why `user` may not change that note now.
    pub(super) fn held_from(&self, user: &str, id: &NoteId) -> Option<Failure> {
        let hold = self.holds.0.get(id)?;
        (hold.by.user != user).then(|| Failure::HeldBy {
            id: id.clone(),
            by: Box::new(hold.by.clone()),
        })
    }

    /// The same for what a person is about to say.
    pub(super) fn held_elsewhere(&self, front: FrontId, message: &ToDesk) -> Option<Failure> {
        let (ToDesk::SaveNote {
            replaces: Some((id, _)),
            ..
        }
        | ToDesk::CancelNote { id, .. }
        | ToDesk::ResolveNote { id, .. }
        | ToDesk::AbsentNote { id, .. }
        | ToDesk::FollowNote { id, .. }
        | ToDesk::RetryNote { id, .. }
        | ToDesk::NoteStep { id, .. }
        | ToDesk::SettleNote { id, .. }) = message
        else {
            return None;
        };
        self.held_from(&self.session(front)?.staff.user, id)
    }

    /// Says in the rows of a ledger who else has a note open.
    pub(super) fn mark_held(&self, user: &str, rows: &mut [LedgerRow]) {
        for row in rows {
            row.held = (self.holds.0.get(&row.id))
                .filter(|hold| hold.by.user != user)
                .map(|hold| Box::new(hold.by.clone()));
        }
    }

    /// A hold that came about by nothing, for tests.
    #[cfg(test)]
    pub(super) fn hold_by_hand(&mut self, front: FrontId, user: &str, id: &NoteId) {
        let by = Holder {
            user: user.to_owned(),
            name: String::new(),
            place: String::new(),
            since: self.now.wall,
        };
        let at = At::Front(front);
        self.holds.0.insert(id.clone(), Hold { by, at });
    }

    /// Who holds a note, for tests.
    #[cfg(test)]
    pub(super) fn holder(&self, id: &NoteId) -> Option<&Holder> {
        self.holds.0.get(id).map(|hold| &hold.by)
    }
}
