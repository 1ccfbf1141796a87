//! What the store has to tell a person, and how much it weighs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Deref;

/// How much a sentence weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Repaired, or to be known: nothing of a note is lost by it.
    Known,
    /// Notes, or what was being typed, may be lost: somebody has to look.
    Loss,
}

/// One Japanese sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// How much it weighs.
    pub grade: Grade,
    /// The sentence.
    pub text: String,
}

impl Remark {
    /// Repaired, or to be known.
    pub fn known(text: impl Into<String>) -> Self {
        let (grade, text) = (Grade::Known, text.into());
        Self { grade, text }
    }

    /// A loss is possible.
    pub fn loss(text: impl Into<String>) -> Self {
        let (grade, text) = (Grade::Loss, text.into());
        Self { grade, text }
    }
}

impl Deref for Remark {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq<&str> for Remark {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

/// A possible loss as it was told, until a person has read it: it outlives the
/// desk service that told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// When it was told first.
    pub at: Timestamp,
    /// What was told; the same text is the same loss.
    pub text: String,
    /// A person has read it.
    pub read: bool,
}

/// What is left to be read, after all of `losses` in their order.
pub fn standing<'a>(losses: impl IntoIterator<Item = &'a Loss>) -> Vec<Loss> {
    let mut left: BTreeMap<&str, &Loss> = BTreeMap::new();
    for loss in losses {
        left.insert(&loss.text, loss);
    }
    let mut left: Vec<Loss> = (left.into_values().filter(|loss| !loss.read))
        .cloned()
        .collect();
    left.sort_by_key(|loss| loss.at);
    left
}

/// Those of `remarks` that were not `told` before; they are from now on.
pub fn news(remarks: Vec<Remark>, told: &mut BTreeSet<Remark>) -> Vec<Remark> {
    (remarks.into_iter())
        .filter(|remark| told.insert(remark.clone()))
        .collect()
}
