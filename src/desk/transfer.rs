//! Notes out of the ledger and in from another: in pages, so that neither the
//! link nor the memory holds a whole ledger; nothing that is here is ever
//! overwritten.

use super::state::{Asker, Desk, Writing};
use crate::domain::failure::Failure;
use crate::domain::note::foreign::admit;
use crate::domain::note::merge::{Placed, place};
use crate::domain::note::{Note, NoteId, NoteKey};
use crate::link::message::{FrontId, Incoming, Ticket, ToFront};
use crate::store::record::{StoreError, What};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Notes of one page at most.
const MOST: usize = 64;
/// A page is closed beyond so many bytes (of JSON).
const ENOUGH: usize = 1 << 20;

/// A page of foreign notes on its way to the disk.
pub(super) struct Import {
    asker: Asker,
    /// Writes that are still under way.
    left: usize,
    /// Under which number each note came, and what was done.
    done: Vec<(NoteId, NoteId, Incoming)>,
    trouble: Option<StoreError>,
}

impl Desk {
    /// A page of the ledger behind the note `after`.
    pub(super) fn export(&mut self, front: FrontId, ticket: Ticket, after: Option<&NoteId>) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Some(failure) = self.ledger_failure() {
            return self.reply_failed(&asker, failure);
        }
        let behind = after.map(NoteKey::of);
        let ids: Vec<NoteId> = (self.book.all())
            .filter(|entry| behind.is_none_or(|key| entry.outline.key() > key))
            .take(MOST + 1)
            .map(|entry| entry.outline.id.clone())
            .collect();
        let mut more = ids.len() > MOST;
        let (mut notes, mut unreadable) = (Vec::new(), Vec::new());
        let (mut bytes, mut last) = (0, None);
        for id in ids.into_iter().take(MOST) {
            if bytes >= ENOUGH {
                more = true;
                break;
            }
            match self.book.note(&id) {
                Some(note) => {
                    bytes += serde_json::to_string(&*note).map_or(0, |json| json.len());
                    let mut note = (*note).clone();
                    // Another store's key recognises no card by it.
                    note.forget_card_mark();
                    notes.push(note);
                }
                None => unreadable.push(id.clone()),
            }
            last = Some(id);
        }
        let message = ToFront::Exported {
            ticket,
            notes,
            unreadable,
            last: last.filter(|_| more),
        };
        if after.is_some() {
            return self.reply(&asker, message);
        }
        let what = What::NotesExported {
            notes: self.book.len() as u64,
        };
        self.audit_then(asker, what, message);
    }

    /// A page of notes from another ledger. All are written, or it is said
    /// which came through: sending the page again does no harm.
    pub(super) fn import(&mut self, front: FrontId, ticket: Ticket, notes: Vec<Note>) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Some(failure) = self.ledger_failure() {
            return self.reply_failed(&asker, failure);
        }
        // What is on its way to the disk has its number, and is not in the
        // book yet.
        let on_its_way = |writing: &Writing| {
            matches!(writing, Writing::Note { note, .. }
            if notes.iter().any(|foreign| foreign.id == note.id))
        };
        if self.import.is_some() || self.writes.values().any(on_its_way) {
            return self.reply_failed(&asker, Failure::Busy);
        }
        let (user, at, today) = (asker.user.clone(), self.now.wall, self.now.today());
        let mut fit = Vec::new();
        for note in notes {
            match admit(&note, today) {
                Ok(mut note) => {
                    note.forget_card_mark();
                    fit.push(note);
                }
                Err(why) => return self.reply_failed(&asker, Failure::NotNow { why }),
            }
        }
        let mut import = Import {
            asker,
            left: 0,
            done: Vec::new(),
            trouble: None,
        };
        let mut page: BTreeMap<NoteId, Note> = BTreeMap::new();
        for note in fit {
            let from = note.id.clone();
            let placed = place(note, &user, at, |id| {
                let held = page.get(id).cloned();
                Ok::<_, Infallible>(held.or_else(|| self.book.note(id).map(|n| (*n).clone())))
            });
            let Ok(placed) = placed;
            let (note, how) = match placed {
                Placed::Here(id) => {
                    import.done.push((from, id, Incoming::Here));
                    continue;
                }
                Placed::New(note) => (note, Incoming::New),
                Placed::Newer(note) => (note, Incoming::Newer),
                Placed::Renamed(note) => (note, Incoming::Renamed),
            };
            if self.book.get(&note.id).is_some_and(|entry| entry.writing) {
                let ticket = import.asker.ticket;
                return self.fail(front, ticket, Failure::Busy);
            }
            import.done.push((from, note.id.clone(), how));
            page.insert(note.id.clone(), *note);
        }
        let line = What::NotesImported {
            taken: page.len() as u64,
            here: import
                .done
                .iter()
                .filter(|(_, _, how)| *how == Incoming::Here)
                .count() as u64,
        };
        import.left = page.len() + 1;
        self.import = Some(import);
        for (id, note) in page {
            // Its number is given out from here on.
            self.book.reserve(&id);
            if let Some(entry) = self.book.get_mut(&id) {
                entry.writing = true;
            }
            let note = Box::new(note);
            let writing = Writing::Import(Some(note.clone()));
            self.write(Some(front), &user, What::Note(note), writing);
        }
        self.write(Some(front), &user, line, Writing::Import(None));
    }

    /// One record of the page is on disk, or is not.
    pub(super) fn import_written(&mut self, note: Option<Note>, result: Result<(), StoreError>) {
        if let Some(note) = note {
            let id = note.id.clone();
            if result.is_ok() {
                self.book.put(note);
            }
            if let Some(entry) = self.book.get_mut(&id) {
                entry.writing = false;
            }
            self.landed(&id);
        }
        let Some(import) = &mut self.import else {
            return;
        };
        import.left = import.left.saturating_sub(1);
        import.trouble = import.trouble.take().or(result.err());
        if import.left > 0 {
            return;
        }
        let Some(Import {
            asker,
            done,
            trouble,
            ..
        }) = self.import.take()
        else {
            return;
        };
        self.ledger_changed(None);
        match trouble {
            None => {
                let ticket = asker.ticket;
                self.reply(&asker, ToFront::Imported { ticket, done });
            }
            Some(error) => {
                let what = error.to_string();
                self.reply_failed(&asker, Failure::Store { what });
            }
        }
    }

    /// Reading the whole ledger needs the ledger, not what lies beside it.
    fn ledger_failure(&self) -> Option<Failure> {
        match self.unknown_note() {
            Failure::UnknownNote => self.store_failure(),
            failure => Some(failure),
        }
    }
}
