//! What the journal's line says of each file that is taken in: how much of it
//! was there, and what is still missing of what had been acknowledged.

use super::super::Spill;
use super::super::reckon::{How, Lost, There};
use super::super::tally::Known;
use crate::domain::note::NoteId;
use crate::store::record::SpillFile;
use std::collections::{BTreeMap, BTreeSet};

/// Notes that are named of one file, and stretches of lost rows.
const NAMED: usize = 1000;

/// Of each file what is new to the journal, which has said `before`, and how
/// the records were lost.
pub fn of(spill: &Spill, before: &BTreeMap<String, SpillFile>) -> Vec<(SpillFile, How)> {
    let lost = spill.lost();
    let files = spill.account.iter().filter_map(|(name, known)| {
        let how = lost.iter().find(|lost| lost.name == *name);
        let how = how.map(|lost| lost.how);
        let read: BTreeSet<u64> = match spill.there.get(name) {
            _ if spill.done.contains(name) => return None,
            Some(There::Unread) => return None,
            Some(There::Own) => (1..=known.records).collect(),
            Some(There::Read(read)) => read.keys().copied().collect(),
            None => BTreeSet::new(),
        };
        let changed = how == Some(How::Changed);
        let file = one(name, known, &read, changed, before.get(name))?;
        Some((file, how.unwrap_or(How::Cut)))
    });
    files.collect()
}

fn one(
    name: &str,
    known: &Known,
    read: &BTreeSet<u64>,
    changed: bool,
    before: Option<&SpillFile>,
) -> Option<SpillFile> {
    let none = SpillFile::default();
    let had = before.unwrap_or(&none);
    let new = read.iter().any(|number| !had.has(*number));
    if had.changed() || (changed && before.is_some() && !new) {
        return None;
    }
    let top = known.records.max(had.last());
    let missing = |number: &u64| !read.contains(number) && !had.has(*number);
    let lost: BTreeSet<u64> = (1..=top).filter(|n| changed || missing(n)).collect();
    let rows = if changed {
        Vec::new()
    } else {
        stretches(&lost)
    };
    let count = lost.len() as u64;
    let read = if changed {
        read.len() as u64
    } else {
        top - count
    };
    if top == 0 || (read, count, &rows) == (had.read, had.lost, &had.rows) {
        return None;
    }
    let told = had.at.iter().copied().zip(had.notes.iter().cloned());
    let notes: BTreeMap<u64, NoteId> = told.chain(known.notes.iter().cloned()).collect();
    let notes = notes
        .into_iter()
        .filter(|(number, _)| lost.contains(number));
    let (at, notes) = notes.take(NAMED).unzip();
    Some(SpillFile {
        name: name.to_owned(),
        read,
        lost: count,
        rows,
        notes,
        at,
    })
}

/// Numbers as stretches. What lies between those beyond the last that is told
/// counts as lost with them.
fn stretches(numbers: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut found: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        let full = found.len() == NAMED;
        match found.last_mut() {
            Some((_, to)) if full || *to + 1 == *number => *to = *number,
            _ => found.push((*number, *number)),
        }
    }
    found
}

/// What people are told of it.
pub fn lost(spill: &Spill, file: &SpillFile, how: How) -> Lost {
    let mut notes = file.notes.clone();
    notes.sort();
    notes.dedup();
    let known = spill.account.get(&file.name);
    Lost {
        name: file.name.clone(),
        folder: known.map(|known| known.folder.clone()).unwrap_or_default(),
        how,
        records: file.lost,
        rows: BTreeSet::new(),
        notes,
    }
}
