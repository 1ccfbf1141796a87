//! Writing records in groups: one wait for the disk for each, and no record
//! before one that was handed over earlier.

use super::{Seq, Store};
use crate::store::audit::anchor::kept::Noted;
use crate::store::journal::Entry;
use crate::store::record::{Record, StoreError, What};
use crate::store::shelf::Place;
use crate::store::{frame, payload};

type Results = Vec<Result<Seq, StoreError>>;

impl Store {
    /// Writes several records with as few waits for the disk as possible, and
    /// says of each whether it is on disk. [`Store::catch_up`] belongs after
    /// it, when the caller has passed the word on. Nothing overtakes: behind
    /// the first that the disk did not take none is written, and behind one
    /// that is too long none of the same note.
    pub fn commit(&mut self, mut records: Vec<Record>) -> Results {
        let noted = self.anchor(&mut records);
        let mut results = Vec::with_capacity(records.len());
        let mut group: Vec<(Record, Entry)> = Vec::new();
        let mut stopped = None;
        let mut left_out = Vec::new();
        for record in records {
            let note = match &record.what {
                What::Note(note) => Some(note.id.clone()),
                _ => None,
            };
            // The number is sealed in.
            let seq = self.next_seq() + group.len() as u64;
            let content = payload::close_record(&self.seal, seq, &record).ok();
            let fits = content.filter(|content| content.bytes.len() <= frame::MAX_PAYLOAD);
            let Some(content) = fits.filter(|_| note.is_none() || !left_out.contains(&note)) else {
                stopped = stopped.or(self.commit_group(&mut group, &mut results));
                left_out.push(note);
                results.push(Err(StoreError::TooLong));
                continue;
            };
            let same = group.first().is_none_or(|(first, _)| {
                self.journal.segment_for(first.at) == self.journal.segment_for(record.at)
            });
            if !same {
                stopped = stopped.or(self.commit_group(&mut group, &mut results));
            }
            if let Some(error) = &stopped {
                results.push(Err(StoreError::clone(error)));
            } else {
                let entry = (record.at, content);
                group.push((record, entry));
            }
        }
        self.commit_group(&mut group, &mut results);
        if let (Some(noted), Some(Ok(_)), Some(keeper)) =
            (noted, results.first(), &mut self.anchors)
        {
            keeper.told(noted);
        }
        results
    }

    /// Puts the head that `records` follow on record where that is due; the
    /// first of them tells of it.
    fn anchor(&mut self, records: &mut [Record]) -> Option<Noted> {
        let (keeper, first) = (self.anchors.as_mut()?, records.first_mut()?);
        if self.journal.failed().is_some() {
            return None;
        }
        let kept = keeper.before(first.at, self.journal.last());
        let noted = keeper.news();
        first.anchors.clone_from(&noted);
        if let Err(error) = kept {
            self.unanchored(&error);
        }
        noted
    }

    /// Writes what belongs to one segment, and returns why it could not.
    fn commit_group(
        &mut self,
        group: &mut Vec<(Record, Entry)>,
        results: &mut Results,
    ) -> Option<StoreError> {
        if group.is_empty() {
            return None;
        }
        let (records, entries): (Vec<_>, Vec<_>) = group.drain(..).unzip();
        let first = self.next_seq();
        match self.journal.commit(&entries) {
            Ok(last) => {
                results.extend((first..).take(records.len()).map(Ok));
                let whole = |(_, payload): &Entry| (frame::HEADER + payload.bytes.len()) as u64;
                let mut start = last.end - entries.iter().map(whole).sum::<u64>();
                for ((record, entry), seq) in records.into_iter().zip(&entries).zip(first..) {
                    let place = Place::new(seq, &last.segment, start);
                    start += whole(entry);
                    self.behind.push((record, place));
                }
                None
            }
            Err(error) => {
                results.extend(records.iter().map(|_| Err(error.clone())));
                Some(error)
            }
        }
    }
}
