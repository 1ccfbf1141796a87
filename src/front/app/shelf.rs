//! Forms put aside: each is kept apart, a correction with the note it
//! corrects, so that nothing typed for one patient reaches another's note.

use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::note::NoteId;
use crate::front::panes::Place;

/// A form without a name in a list.
pub(super) const NAMELESS: &str = "氏名なし";

/// What was put aside, newest last.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    drafts: Vec<Draft>,
}

fn is_new_note(draft: &Draft) -> bool {
    draft.pane == Place::Note.name() && draft.note.is_none()
}

impl Shelf {
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

    /// Whom the new notes put aside are about, newest first.
    pub(super) fn notes(&self) -> Vec<String> {
        let notes = self.drafts.iter().rev().filter(|d| is_new_note(d));
        let name = |draft: &Draft| {
            [Field::Name, Field::Kana]
                .iter()
                .filter_map(|field| draft.fields.get(field))
                .find(|text| !text.trim().is_empty())
                .map_or_else(|| NAMELESS.to_owned(), |text| text.trim().to_owned())
        };
        // One digit chooses: the rest is offered once these are done.
        notes.take(8).map(name).collect()
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
    }
}
