//! What is being typed, kept for the person who types it (DOM-53).

use super::field::Field;
use super::note::NoteId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Half-filled forms of one person that are kept.
pub const MOST: usize = 16;

/// A half-filled form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The pane's name: `lookup`, `note`, `outage`.
    pub pane: String,
    /// The note being changed, if any, and its revision.
    pub note: Option<(NoteId, u32)>,
    /// Raw texts as typed.
    pub fields: BTreeMap<Field, String>,
    /// The field with the focus.
    pub focus: Option<Field>,
    /// Other forms the same person has put aside, newest first.
    #[serde(default)]
    pub others: Vec<Draft>,
}

impl Draft {
    /// This form and the others, each by itself, oldest first.
    pub fn apart(&self) -> impl Iterator<Item = Draft> {
        let alone = |draft: &Draft| Draft {
            others: Vec::new(),
            ..draft.clone()
        };
        let mut all = vec![alone(self)];
        all.extend(self.others.iter().map(alone));
        all.into_iter().rev()
    }
}
