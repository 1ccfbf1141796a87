//! What the store holds when it has been opened, and how far a long opening is.

use super::{Record, What};
use crate::domain::draft::Draft;
use crate::domain::note::{Note, NoteId, Outline};
use crate::domain::opening::Opening;
use crate::domain::secret::Secret;
use crate::domain::staff::Credential;
use crate::store::remark::{Loss, Remark, standing};
use crate::store::shelf::Shelf;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far a long opening is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records gone through.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// What the store holds when it has been opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// All notes in outline, in the order of their keys.
    pub outlines: Vec<Arc<Outline>>,
    /// Where the notes are fetched as a whole; `None` if there are none.
    pub shelf: Option<Shelf>,
    /// Notes whose newest form waits in the spill, which the ledger could not
    /// take in yet.
    pub waiting: Vec<Note>,
    /// Drafts by ユーザID.
    pub drafts: Vec<(String, Draft)>,
    /// What is kept of each ユーザID.
    pub staff: Vec<Credential>,
    /// The checklist of DOM-75, if it was ever touched.
    pub opening: Option<Opening>,
    /// Possible losses told before, that nobody has read.
    pub losses: Vec<Loss>,
    /// Since when the line has been down, if the last that was written of it
    /// is an outage.
    pub outage: Option<Timestamp>,
    /// The key that cards are recognised by, if they are; of this store alone,
    /// hex.
    pub card_key: Secret,
    /// Numbers that are given out, although their notes are gone (REL-11).
    pub given: Vec<NoteId>,
    /// Things a person should know: a torn tail cut off, sled rebuilt.
    pub remarks: Vec<Remark>,
}

impl Loaded {
    /// Notes that stay in memory.
    pub fn of(notes: &[Note]) -> Self {
        Self {
            outlines: notes.iter().map(|note| Arc::new(note.outline())).collect(),
            shelf: Some(Shelf::of(notes)),
            ..Self::default()
        }
    }

    /// All notes as a whole, in the order of the outlines; one that cannot be
    /// read is left out, for `outlines` names it.
    pub fn notes(&self) -> Vec<Note> {
        let Some(shelf) = &self.shelf else {
            return Vec::new();
        };
        let notes = self.outlines.iter().map(|outline| shelf.note(&outline.id));
        notes.flatten().collect()
    }

    /// Takes over what was written beside the store and is newer: all but the
    /// notes.
    pub fn catch_up(&mut self, records: &[Record]) {
        for record in records {
            match &record.what {
                What::Staff(kept) => {
                    self.staff.retain(|other| other.user != kept.user);
                    self.staff.push((**kept).clone());
                }
                What::Opening(opening) => self.opening = Some((**opening).clone()),
                What::Line { since, .. } => self.outage = *since,
                _ => {}
            }
        }
        let told = records.iter().filter_map(|record| match &record.what {
            What::Loss(loss) => Some(&**loss),
            _ => None,
        });
        self.losses = standing(self.losses.iter().chain(told));
    }

    /// Takes over notes as they have become since; the shelf has them.
    pub fn take_over(&mut self, notes: &BTreeMap<NoteId, Note>) {
        self.outlines
            .retain(|outline| !notes.contains_key(&outline.id));
        let new = notes.values().map(|note| Arc::new(note.outline()));
        self.outlines.extend(new);
        self.outlines.sort_by_key(|outline| outline.key());
    }

    /// The form of that mark is a note now.
    pub fn end_draft(&mut self, user: &str, mark: u64) {
        let drafts = std::mem::take(&mut self.drafts).into_iter();
        let left = drafts.filter_map(|(of, draft)| {
            if of == user {
                draft.without(mark).map(|draft| (of, draft))
            } else {
                Some((of, draft))
            }
        });
        self.drafts = left.collect();
    }
}
