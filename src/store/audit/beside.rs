//! The spill beside the journal: what still waits there, and what the journal
//! says of what was taken in.

use super::{Waits, What, Wrong};
use crate::domain::note::NoteId;
use crate::store::record::SpillFile;
use crate::store::spill::check::{Flaw, Waiting};
use crate::store::trouble;
use std::collections::BTreeMap;

/// What the journal says of the spill.
#[derive(Default)]
pub struct Told {
    /// The files that were taken in, each as its newest record says.
    files: BTreeMap<String, (u64, SpillFile)>,
    /// By record: an end of the journal that was gone.
    ends: Vec<(u64, u64)>,
}

impl Told {
    /// A record that speaks of it.
    pub fn take(&mut self, seq: u64, files: Vec<SpillFile>, end: Option<u64>) {
        for file in files {
            self.files.insert(file.name.clone(), (seq, file));
        }
        self.ends.extend(end.map(|end| (seq, end)));
    }

    /// What was missing and has not come since.
    pub fn wrong(&self) -> Vec<Wrong> {
        let lost = self.files.values().filter(|(_, file)| file.lost > 0);
        let lost = lost.map(|(seq, file)| {
            let what = What::SpillLost { records: file.lost };
            let mut notes = file.notes.clone();
            notes.sort();
            notes.dedup();
            wrong(&file.name, *seq, 0, what, &notes)
        });
        let end = |(seq, end): &(u64, u64)| wrong("", *seq, 0, What::SpillEnd { end: *end }, &[]);
        lost.chain(self.ends.iter().map(end)).collect()
    }

    fn of(&self, name: &str) -> Option<&SpillFile> {
        self.files.get(name).map(|(_, file)| file)
    }

    /// What of `waiting` is not in the journal: a file stays where it was
    /// taken in while it was looked at, or before a kill.
    pub fn waits(&self, waiting: &Waiting) -> Waits {
        let mut waits = Waits::default();
        for file in &waiting.files {
            let told = self.of(&file.name);
            let waiting = |number: &&u64| told.is_none_or(|told| !told.has(**number));
            let count = file.rows.iter().filter(waiting).count();
            if count > 0 && !waits.folders.contains(&file.folder) {
                waits.folders.push(file.folder.clone());
            }
            waits.records += count as u64;
        }
        waits
    }

    /// Whether the journal has all there is of that file.
    fn has(&self, name: &str, waiting: &Waiting) -> bool {
        let mut rows = (waiting.files.iter())
            .filter(|file| file.name == name)
            .flat_map(|file| &file.rows);
        self.of(name)
            .is_some_and(|told| rows.all(|number| told.has(*number)))
    }
}

/// What is wrong with what waits.
pub fn waiting(waiting: &Waiting, told: &Told) -> Vec<Wrong> {
    let lost = waiting.lost.iter().filter_map(|lost| {
        // What the journal calls lost is a finding of its own.
        let last = told.of(&lost.name).map_or(0, SpillFile::last);
        let records = lost.rows.iter().filter(|number| **number > last).count() as u64;
        let what = What::SpillMissing { records };
        (records > 0).then(|| wrong(&lost.name, 0, 0, what, &lost.notes))
    });
    let flaws = waiting.flaws.iter();
    let flaws = flaws.filter(|(file, _)| !told.has(file, waiting));
    let flaws = flaws.map(|(file, flaw)| match *flaw {
        Flaw::Bad { offset, bytes } => wrong(file, 0, offset, What::SpillBad { bytes }, &[]),
        Flaw::Untold => wrong(file, 0, 0, What::SpillUntold, &[]),
        Flaw::Garbled => wrong(file, 0, 0, What::SpillTally, &[]),
        Flaw::Alone => wrong(file, 0, 0, What::SpillAlone, &[]),
    });
    let closed = waiting.closed.iter();
    let closed = closed.map(|(dir, _)| wrong(&trouble::shown(dir), 0, 0, What::SpillClosed, &[]));
    lost.chain(flaws).chain(closed).collect()
}

fn wrong(segment: &str, seq: u64, offset: u64, what: What, notes: &[NoteId]) -> Wrong {
    Wrong {
        segment: segment.to_owned(),
        offset,
        seq,
        what,
        notes: notes.to_vec(),
    }
}
