//! Holes in the desk's own number series below what it noted beside its
//! ledger: a cheap sign that something between is missing.

use crate::domain::note::{Note, NoteId};
use crate::domain::time::compact_date;
use crate::store::record::{Record, What};
use std::collections::BTreeSet;

/// More than this is no hole, but another series.
const MOST: u32 = 1000;

/// The numbers right below new notes of `pending` that neither they nor the
/// ledger (`held`) have.
pub fn below(pending: &[Record], held: impl Fn(&NoteId) -> bool) -> Vec<NoteId> {
    let ids: BTreeSet<&NoteId> = pending.iter().filter_map(id).collect();
    let mut holes = BTreeSet::new();
    for note in pending.iter().filter_map(new) {
        let Some(parts) = note.id.parts() else {
            continue;
        };
        // The fingerprints of changed numbers are no series.
        if parts.letter.is_some_and(|letter| letter == 'X') {
            continue;
        }
        let lowest = parts.number.saturating_sub(MOST);
        for number in (lowest.max(1)..parts.number).rev() {
            let day = compact_date(parts.day);
            let id = NoteId(match parts.letter {
                Some(letter) => format!("{day}-{letter}{number:03}"),
                None => format!("{day}-{number:04}"),
            });
            if ids.contains(&id) || held(&id) || !holes.insert(id) {
                break;
            }
        }
    }
    holes.into_iter().collect()
}

fn id(record: &Record) -> Option<&NoteId> {
    match &record.what {
        What::Note(note) => Some(&note.id),
        _ => None,
    }
}

/// A note that was taken with this record; neither changed by it nor brought
/// from elsewhere.
fn new(record: &Record) -> Option<&Note> {
    match &record.what {
        What::Note(note) if note.revision == 1 && note.taken == record.at => Some(note),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{note, record};

    fn taken(number: u32) -> Record {
        Record {
            at: note(number, 1).taken,
            ..record(number, 1)
        }
    }

    #[test]
    fn rel_4_numbers_missing_below_what_was_spilled_are_named() {
        for (held, spilled, expected) in [
            (&[1_u32][..], &[2_u32, 3][..], &[][..]),
            (&[1], &[4], &[2_u32, 3]),
            (&[], &[3], &[1, 2]),
            (&[1, 3], &[2, 6], &[4, 5]),
            (&[1, 9], &[10], &[]),
            (&[], &[1], &[]),
        ] {
            let name = |number: &u32| NoteId(format!("20261120-{number:04}"));
            let held: Vec<NoteId> = held.iter().map(name).collect();
            let pending: Vec<Record> = spilled.iter().map(|number| taken(*number)).collect();
            for record in &pending {
                assert!(new(record).is_some(), "{record:?} is no new note");
            }
            let found = below(&pending, |id| held.contains(id));
            let expected: Vec<NoteId> = expected.iter().map(name).collect();
            assert_eq!(found, expected, "{held:?} {spilled:?}");
        }
        // Changed, or brought from elsewhere: below it is another history.
        let imported = record(5, 1);
        assert_eq!(below(&[record(5, 2), imported], |_| false), []);
    }
}
