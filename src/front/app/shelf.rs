//! Forms put aside: each is kept apart, a correction with the note it
//! corrects, so that nothing typed for one patient reaches another's note.

use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::note::NoteId;
use crate::front::panes::Place;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What was put aside, newest last.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    drafts: Vec<Draft>,
    /// When it was put aside here, by its mark.
    since: BTreeMap<u64, Timestamp>,
}

/// A new note in the list of those put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    /// Name or reading, as typed; empty without either.
    pub name: String,
    /// The birth date, as typed.
    pub birth: String,
    /// When it was put aside, if that was here.
    pub at: Option<Timestamp>,
}

fn is_new_note(draft: &Draft) -> bool {
    draft.pane == Place::Note.name() && draft.note.is_none()
}

impl Shelf {
    /// Puts a form aside at that moment.
    pub(super) fn put_at(&mut self, draft: Draft, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.since.insert(draft.mark(), at);
        }
        self.put(draft);
    }

    /// Puts a form aside. Only new notes may be there more than once.
    pub(super) fn put(&mut self, draft: Draft) {
        let id = |draft: &Draft| draft.note.as_ref().map(|(id, _)| id.clone());
        if !is_new_note(&draft) {
            self.drafts
                .retain(|d| d.pane != draft.pane || id(d) != id(&draft));
        }
        self.drafts.push(draft);
    }

    /// The form of a look-up or a search.
    pub(super) fn take(&mut self, place: Place) -> Option<Draft> {
        let at = self.drafts.iter().position(|d| d.pane == place.name())?;
        Some(self.drafts.remove(at))
    }

    /// The correction of a note.
    pub(super) fn take_correction(&mut self, note: &NoteId) -> Option<Draft> {
        let at = self.drafts.iter().position(|d| {
            d.pane == Place::Note.name() && d.note.as_ref().is_some_and(|(id, _)| id == note)
        })?;
        Some(self.drafts.remove(at))
    }

    /// The new notes put aside, newest first.
    pub(super) fn notes(&self) -> Vec<Left> {
        let text = |draft: &Draft, field| draft.fields.get(&field).cloned().unwrap_or_default();
        let left = |draft: &Draft| Left {
            name: [Field::Name, Field::Kana]
                .into_iter()
                .map(|field| text(draft, field).trim().to_owned())
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            birth: text(draft, Field::BirthDate),
            at: self.since.get(&draft.mark()).copied(),
        };
        let notes = self.drafts.iter().rev().filter(|d| is_new_note(d));
        notes.map(left).collect()
    }

    /// One of [`Shelf::notes`].
    pub(super) fn take_note(&mut self, nth: usize) -> Option<Draft> {
        let at = (0..self.drafts.len())
            .rev()
            .filter(|at| self.drafts.get(*at).is_some_and(is_new_note))
            .nth(nth)?;
        Some(self.drafts.remove(at))
    }

    /// All of them, newest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().rev()
    }

    /// The newest, taken off.
    pub(super) fn pop(&mut self) -> Option<Draft> {
        self.drafts.pop()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Nothing is put aside any more.
    pub(super) fn clear(&mut self) {
        self.drafts.clear();
        self.since.clear();
    }
}
