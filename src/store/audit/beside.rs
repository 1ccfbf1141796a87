//! The spill beside the journal: what still waits there, and what the journal
//! says of what was taken in.

use super::{What, Wrong};
use crate::domain::note::NoteId;
use crate::store::record::SpillFile;
use crate::store::spill::check::{Flaw, Waiting};
use crate::store::trouble;
use std::collections::BTreeMap;

/// What the journal says of the spill.
#[derive(Default)]
pub struct Told {
    /// By record: the files that were taken in.
    files: Vec<(u64, SpillFile)>,
    /// By record: an end of the journal that was gone.
    ends: Vec<(u64, u64)>,
}

impl Told {
    /// A record that speaks of it.
    pub fn take(&mut self, seq: u64, files: Vec<SpillFile>, end: Option<u64>) {
        self.files.extend(files.into_iter().map(|file| (seq, file)));
        self.ends.extend(end.map(|end| (seq, end)));
    }

    /// What was missing and has not come since.
    pub fn wrong(&self) -> Vec<Wrong> {
        let mut read: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, file) in &self.files {
            let most = read.entry(&file.name).or_default();
            *most = file.read.max(*most);
        }
        let came = |file: &SpillFile| {
            let most = read.get(file.name.as_str()).copied().unwrap_or(0);
            most >= file.read.saturating_add(file.lost)
        };
        let lost = self.files.iter().filter(|(_, file)| file.lost > 0);
        let lost = lost.filter(|(_, file)| !came(file)).map(|(seq, file)| {
            let what = What::SpillLost { records: file.lost };
            wrong(&file.name, *seq, 0, what, &file.notes)
        });
        let end = |(seq, end): &(u64, u64)| wrong("", *seq, 0, What::SpillEnd { end: *end }, &[]);
        lost.chain(self.ends.iter().map(end)).collect()
    }

    /// Whether the journal has what was in that file: it was taken in while
    /// it was looked at.
    fn has(&self, name: &str) -> bool {
        self.files.iter().any(|(_, file)| file.name == name)
    }
}

/// What is wrong with what waits.
pub fn waiting(waiting: &Waiting, told: &Told) -> Vec<Wrong> {
    let lost = waiting.lost.iter().map(|lost| {
        let what = What::SpillMissing {
            records: lost.records,
        };
        wrong(&lost.name, 0, 0, what, &lost.notes)
    });
    let flaws = waiting.flaws.iter().map(|(file, flaw)| match *flaw {
        Flaw::Bad { offset, bytes } => wrong(file, 0, offset, What::SpillBad { bytes }, &[]),
        Flaw::Untold => wrong(file, 0, 0, What::SpillUntold, &[]),
    });
    let all = lost.chain(flaws).filter(|wrong| !told.has(&wrong.segment));
    let closed = waiting.closed.iter();
    let closed = closed.map(|(dir, _)| wrong(&trouble::shown(dir), 0, 0, What::SpillClosed, &[]));
    all.chain(closed).collect()
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
