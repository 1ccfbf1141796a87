//! Whose a damaged record was: the notes whose newest record stands there, as
//! far as the index or sled says. What is damaged cannot say it itself.

use super::audit::{self, Wrong};
use super::flaw::{Finding, Flaw};
use super::index::{self, Register};
use super::seal::Seal;
use super::shelf::Place;
use crate::domain::note::NoteId;
use std::ops::RangeInclusive;
use std::path::Path;

/// Notes named at most.
const NAMED: usize = 3;

/// Part of a journal.
pub struct Spot {
    /// Records by number.
    seqs: Option<RangeInclusive<u64>>,
    /// Bytes of a segment: its year and month.
    bytes: Option<(u32, RangeInclusive<u64>)>,
}

impl Spot {
    /// Records by number, and bytes of a segment, first and last each.
    pub fn new(seqs: Option<(u64, u64)>, bytes: Option<(&str, u64, u64)>) -> Self {
        Self {
            seqs: seqs.map(|(from, to)| from..=to),
            bytes: bytes.map(|(segment, from, to)| (Place::new(0, segment, 0).month, from..=to)),
        }
    }

    /// The records by number.
    pub fn seqs(&self) -> Option<(u64, u64)> {
        let seqs = self.seqs.as_ref()?;
        Some((*seqs.start(), *seqs.end()))
    }

    /// The segment's name and the bytes in it.
    pub fn bytes(&self) -> Option<(String, u64, u64)> {
        let (month, bytes) = self.bytes.as_ref()?;
        let place = Place {
            month: *month,
            ..Place::default()
        };
        Some((place.segment(), *bytes.start(), *bytes.end()))
    }

    /// Whether a record there is part of it.
    pub fn holds(&self, place: Place) -> bool {
        let within = |(month, bytes): &(u32, RangeInclusive<u64>)| {
            place.month == *month && bytes.contains(&place.start)
        };
        (self.seqs.as_ref()).is_some_and(|seqs| seqs.contains(&place.seq))
            || self.bytes.as_ref().is_some_and(within)
    }
}

impl From<&Finding> for Spot {
    fn from(finding: &Finding) -> Self {
        let from = finding.offset;
        let (seqs, length) = match finding.flaw {
            Flaw::Content { seq } | Flaw::Erased { seq } | Flaw::Order { seq, .. } => {
                (Some(seq..=seq), 0)
            }
            Flaw::Link { seq } => (Some(seq.saturating_sub(1)..=seq), 0),
            Flaw::Missing { from, to } => (Some(from..=to), 0),
            Flaw::Unreadable { bytes } | Flaw::Torn { bytes } => (None, bytes),
        };
        let to = from.saturating_add(length).saturating_sub(1);
        let bytes = (length > 0).then_some((finding.segment.as_str(), from, to));
        Self {
            seqs,
            ..Self::new(None, bytes)
        }
    }
}

impl From<&Wrong> for Spot {
    fn from(wrong: &Wrong) -> Self {
        let (from, to) = wrong.range();
        let (seqs, length) = match wrong.what {
            audit::What::Content
            | audit::What::Erased
            | audit::What::Order { .. }
            | audit::What::Early { .. }
            | audit::What::Missing { .. }
            | audit::What::Cut { .. } => (Some(from..=to), 0),
            audit::What::Link => (Some(from.saturating_sub(1)..=to), 0),
            audit::What::Unreadable { bytes } | audit::What::Torn { bytes } => (None, bytes),
            // Not about a record, or not about what it holds.
            _ => (None, 0),
        };
        let to = wrong.offset.saturating_add(length).saturating_sub(1);
        let bytes = (length > 0).then_some((wrong.segment.as_str(), wrong.offset, to));
        Self {
            seqs,
            ..Self::new(None, bytes)
        }
    }
}

/// Names the notes in `findings`, as far as `register` knows them.
pub fn name(findings: &mut [Finding], register: &Register) {
    for finding in findings {
        finding.notes = register.at(&Spot::from(&*finding));
    }
}

/// The same by the index of the store in `dir`.
pub fn name_by_index(findings: &mut [Finding], dir: &Path, seal: &Seal) {
    if !findings.is_empty()
        && let Some(register) = index::read(dir, seal)
    {
        name(findings, &register);
    }
}

/// The same for what an examination found.
pub fn name_wrong(wrong: &mut [Wrong], dir: &Path, seal: &Seal) {
    if wrong.is_empty() {
        return;
    }
    if let Some(register) = index::read(dir, seal) {
        for wrong in wrong {
            wrong.notes = register.at(&Spot::from(&*wrong));
        }
    }
}

/// What follows a finding; empty if no note is known.
pub fn said(notes: &[NoteId]) -> String {
    let named: Vec<&str> = notes.iter().take(NAMED).map(|id| id.0.as_str()).collect();
    match notes.len() {
        0 => String::new(),
        count if count > NAMED => format!("控え {} など {count} 件の記録です。", named.join("、")),
        _ => format!("控え {} の記録です。", named.join("、")),
    }
}

impl Register {
    /// The notes whose newest record stands there.
    pub fn at(&self, spot: &Spot) -> Vec<NoteId> {
        self.kept()
            .filter(|kept| spot.holds(kept.place))
            .map(|kept| kept.outline.id.clone())
            .collect()
    }
}
