//! Notes: taken, changed, cancelled, resolved by a person, settled. Nothing
//! is said to have happened before it is on disk (REL-1); a note whose change
//! is on its way takes the next one only afterwards.

mod save;

use super::spill::Kept;
use super::state::{Asker, Desk, Store, Then, Writing};
use super::sync::Wish;
use crate::domain::failure::Failure;
use crate::domain::field::{Field, Problem};
use crate::domain::note::{Change, Note, NoteId};
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::{StoreError, What};
use crate::store::remark::Remark;
use std::sync::Arc;

impl Desk {
    /// Why nothing can be read or kept: the store did not open, and nothing
    /// can be kept beside it.
    pub(super) fn store_failure(&self) -> Option<Failure> {
        match &self.store {
            Store::Failed(what) if !self.spill.usable() => {
                Some(Failure::Store { what: what.clone() })
            }
            Store::Failed(_) | Store::Opening | Store::Open { .. } => None,
        }
    }

    /// A person's change to a note that is in the book.
    pub(super) fn person_wishes(
        &mut self,
        asker: Asker,
        id: &NoteId,
        revision: u32,
        change: Change,
    ) {
        if let Some(failure) = self.store_failure() {
            return self.reply_failed(&asker, failure);
        }
        let Some(entry) = self.book.get(id) else {
            return self.reply_failed(&asker, self.unknown_note());
        };
        if let Some(failure) = self.held_from(&asker.user, id) {
            return self.reply_failed(&asker, failure);
        }
        if change == Change::Retry
            && revision == entry.outline.revision
            && let Some(why) = self.not_askable(&entry.outline)
        {
            let why = format!("今は照会できません。{why}");
            return self.reply_failed(&asker, Failure::NotNow { why });
        }
        let wish = Wish {
            revision,
            change,
            by: asker.user.clone(),
            asker: Some(asker),
            lands: false,
        };
        self.wish(id, wish);
    }

    pub(super) fn change_note(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        id: &NoteId,
        revision: u32,
        change: Change,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Change::Cancel { reason } = &change
            && reason.trim().is_empty()
        {
            let problems = vec![Problem {
                field: Field::Reason,
                text: "取り消す理由を入れてください。".to_owned(),
            }];
            return self.reply_failed(&asker, Failure::Input { problems });
        }
        // A person who asks again after the login ended is let in again first:
        // without it nothing would come of the wish.
        let expired = self.session(front).is_some_and(|s| s.token.is_none());
        if matches!(change, Change::Retry) && expired && self.line.line().usable() {
            return self.reply_failed(&asker, Failure::SessionExpired);
        }
        self.person_wishes(asker, id, revision, change);
    }

    pub(super) fn open_note(&mut self, front: FrontId, ticket: Ticket, id: NoteId) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Some(failure) = self.store_failure() {
            return self.reply_failed(&asker, failure);
        }
        match self.shown(&id) {
            Err(failure) => self.reply_failed(&asker, failure),
            Ok(note) => {
                let noted = ToFront::Noted {
                    ticket,
                    note,
                    spilled: false,
                };
                self.audit_then(asker, What::Viewed(id), noted);
            }
        }
    }

    /// A change to a note: now, or after the one that is on its way.
    pub(super) fn wish(&mut self, id: &NoteId, wish: Wish) {
        let Some(entry) = self.book.get(id) else {
            return;
        };
        if entry.writing {
            self.book.enqueue(id, wish);
        } else {
            self.grant(id, wish);
        }
    }

    /// A note as a whole, as it is on disk. One that cannot be read is marked
    /// and named; nothing is done to it.
    pub(super) fn whole(&mut self, id: &NoteId) -> Result<Arc<Note>, Failure> {
        if let Some(note) = self.book.note(id) {
            return Ok(note);
        }
        if self.book.get(id).is_none() {
            return Err(self.unknown_note());
        }
        if self.book.lost(id) {
            let text = format!("控え {id} が読めません。紙の控えから入れ直してください。");
            self.notices.remark(self.now.wall, vec![Remark::loss(text)]);
            self.ledger_changed(None);
        }
        Err(Failure::UnreadableNote)
    }

    /// A note as a whole, as front ends see it.
    fn shown(&mut self, id: &NoteId) -> Result<Box<Note>, Failure> {
        let note = self.whole(id)?;
        let entry = self.book.get(id).ok_or(Failure::UnknownNote)?;
        Ok(Box::new(entry.view(&note, &self.book.blocked(id))))
    }

    fn grant(&mut self, id: &NoteId, wish: Wish) {
        let now = self.now.wall;
        let Wish {
            revision,
            change,
            by,
            asker,
            lands,
        } = wish;
        let asked = match &change {
            Change::Ask(way) => Some(*way),
            _ => None,
        };
        let ends = match &change {
            Change::Edit(content) => self.typed_in(&by, content, Some(id)),
            _ => None,
        };
        let frees = asker.is_some() && closes(&change);
        let again = asker.as_ref().and_then(|_| self.asks_again(id, &change));
        let line = matches!(
            change,
            Change::TakenOver { .. } | Change::Kept(_) | Change::Unused(_)
        );
        let blocked = self.book.blocked(id);
        let changed = self.whole(id).and_then(|note| {
            let mut note = Arc::unwrap_or_clone(note);
            if !matches!(change, Change::Kept(_)) {
                note.keep_from_asking(&blocked);
            }
            let open = !note.state.closed();
            // Says nothing about the content.
            let revision = if line { note.revision } else { revision };
            let changed = note.changed(revision, change, &by, now)?;
            Ok(if open {
                changed.followed(&self.config.follow_up, now)
            } else {
                changed
            })
        });
        match changed {
            Ok(note) => {
                if let Some(entry) = self.book.get_mut(id) {
                    entry.writing = true;
                }
                let then = Then {
                    asked,
                    lands,
                    frees,
                    again,
                    ends,
                };
                self.write_note(&by, note, asker, then);
            }
            Err(failure) => {
                if lands {
                    self.asking_failed(id);
                }
                if let Some(asker) = asker {
                    self.reply_failed(&asker, failure);
                }
                self.landed(id);
            }
        }
    }

    fn write_note(&mut self, by: &str, mut note: Note, asker: Option<Asker>, then: Then) {
        // Switched off since it was taken: the mark goes with the next change.
        if !self.config.recognise {
            note.forget_card_mark();
        }
        let front = asker.as_ref().map(|asker| {
            self.accounted(asker.front, asker.ticket);
            asker.front
        });
        let note = Box::new(note);
        let writing = Writing::Note {
            note: note.clone(),
            asker,
            then,
        };
        self.write(front, by, What::Note(note), writing);
    }

    /// The change is on disk, or is not.
    pub(super) fn note_written(
        &mut self,
        note: Note,
        asker: Option<Asker>,
        then: Then,
        result: Result<Kept, StoreError>,
    ) {
        let id = note.id.clone();
        let Then {
            asked, lands, ends, ..
        } = then;
        if lands && (asked.is_none() || result.is_err()) {
            self.asking_failed(&id);
        }
        match result {
            Ok(kept) => {
                let revision = note.revision;
                self.book.put(note);
                self.book.told(&id);
                if let (Some(asker), Some(again)) = (&asker, then.again) {
                    self.sync_asked(&id, &asker.user, again);
                }
                if let Some(asker) = asker.as_ref().filter(|_| then.frees) {
                    self.let_go(&asker.user, &id);
                }
                if let (Some(asker), Some(mark)) = (&asker, ends) {
                    self.draft_ended(&asker.user, mark);
                }
                if let Some(asker) = &asker
                    && let Ok(note) = self.shown(&id)
                {
                    let ticket = asker.ticket;
                    let spilled = kept == Kept::Spill;
                    let noted = ToFront::Noted {
                        ticket,
                        note,
                        spilled,
                    };
                    self.reply(asker, noted);
                }
                self.ledger_changed(asker.map(|asker| asker.front));
                match asked {
                    Some(way) => self.asking_written(&id, revision, way),
                    None if lands => self.sync_landed(&id),
                    None => {}
                }
            }
            Err(error) => {
                let what = error.to_string();
                if let Some(asker) = asker {
                    self.reply_failed(&asker, Failure::Store { what });
                }
                self.sync_pause();
            }
        }
        if let Some(entry) = self.book.get_mut(&id) {
            entry.writing = false;
        }
        self.landed(&id);
        // Only now: before, the note would take a second change while the
        // mark of the first is still to be taken off.
        self.decide_unsure();
    }

    /// The note is still: the next change, or its place in the sync.
    pub(super) fn landed(&mut self, id: &NoteId) {
        match self.book.dequeue(id) {
            Some(wish) => self.grant(id, wish),
            None => self.reconsider(id),
        }
    }
}

/// Whether a person who has done this is done with the note.
fn closes(change: &Change) -> bool {
    matches!(
        change,
        Change::Edit(_)
            | Change::Try(_)
            | Change::Cancel { .. }
            | Change::Retry
            | Change::Settle { .. }
            | Change::Confirm { .. }
            | Change::Accept { .. }
            | Change::Absent { .. }
    )
}
