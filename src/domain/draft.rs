//! What is being typed, kept for the person who types it (DOM-53).

use super::field::Field;
use super::note::NoteId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
}
