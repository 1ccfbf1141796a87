//! What is being typed, kept for the person who types it (DOM-53).

use super::field::Field;
use super::note::NoteId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Fields that still stand as the card had them.
    #[serde(default)]
    pub from_card: BTreeSet<Field>,
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

    /// Tells this form, without the others, from any other: a record names
    /// with it the form it ends. FNV-1a over its pane, note and texts.
    pub fn mark(&self) -> u64 {
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |text: &str| {
            for byte in text.bytes().chain([0xff]) {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        add(&self.pane);
        if let Some((id, revision)) = &self.note {
            add(&id.0);
            add(&revision.to_string());
        }
        for (field, text) in &self.fields {
            add(field.label());
            add(text);
        }
        sum
    }

    /// What is left without the form of that mark; the form itself if it is
    /// not among these.
    #[must_use]
    pub fn without(self, mark: u64) -> Option<Self> {
        let mut left: Vec<Self> = self.apart().filter(|form| form.mark() != mark).collect();
        let mut first = left.pop()?;
        left.reverse();
        first.others = left;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, others: &[Draft]) -> Draft {
        Draft {
            pane: "note".to_owned(),
            fields: [(Field::Name, name.to_owned())].into(),
            others: others.to_vec(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_form_that_ends_leaves_the_others() {
        let (a, b, c) = (form("a", &[]), form("b", &[]), form("c", &[]));
        let all = form("a", &[b.clone(), c.clone()]);
        assert_eq!(all.mark(), a.mark());
        assert_eq!(
            all.clone().without(a.mark()),
            Some(form("b", std::slice::from_ref(&c)))
        );
        assert_eq!(
            all.clone().without(b.mark()),
            Some(form("a", std::slice::from_ref(&c)))
        );
        assert_eq!(all.clone().without(form("d", &[]).mark()), Some(all));
        assert_eq!(a.clone().without(a.mark()), None);
        let correction = Draft {
            note: Some((NoteId("20261120-0001".to_owned()), 1)),
            ..a.clone()
        };
        assert_ne!(correction.mark(), a.mark());
        // Where the focus stands makes no other form of it.
        let elsewhere = Draft {
            focus: Some(Field::Sex),
            ..a.clone()
        };
        assert_eq!(elsewhere.mark(), a.mark());
    }
}
