//! The journal as it is examined: whether every line is there, unchanged and
//! in its place (SEC-30, N-12), and what the lines say.
//!
//! Reads only, and beside a running desk service: a record that is being
//! written at the end is no finding.

pub mod anchor;
pub mod line;
mod wrong;

pub use wrong::{What, Wrong};

use super::frame::{Hash, Header};
use super::record::{Record, StoreError};
use super::walk::{Flaw, Item, Walk, segments};
use super::{payload, trouble};
use crate::domain::time::jst;
use anchor::Anchor;
use jiff::Timestamp;
use std::path::Path;

/// Opens the content of a record; `None` if it is not what was written.
pub type Opener<'a> = &'a dyn Fn(&Header, &[u8]) -> Option<Record>;

/// What the examination came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records whose place in the chain is right.
    pub records: u64,
    /// Whether contents were opened, too.
    pub opened: bool,
    /// Number of the last record.
    pub last: u64,
    /// What a next record would carry: to be noted down elsewhere.
    pub head: Hash,
    /// Bytes of an unfinished record at the end.
    pub unfinished: u64,
    /// Anchors the chain was held against.
    pub anchors: usize,
    /// Everything before this record is as it was written; this one and all
    /// behind it need a look. `None` if nothing is wrong.
    pub lost_from: Option<u64>,
    /// What is wrong, in the order of the files.
    pub wrong: Vec<Wrong>,
}

/// Holds the journal of the store in `dir` against itself and against
/// `anchors`, handing every record in its place to `see`.
pub fn examine(
    dir: &Path,
    anchors: &[Anchor],
    open: Option<Opener>,
    mut see: impl FnMut(&Header, Option<Record>),
) -> Result<Report, StoreError> {
    let newest = segments(&dir.join("journal"))
        .map_err(|error| trouble::from_io(dir, &error))?
        .pop();
    let mut walk = Walk::all(dir)?;
    let mut report = Report {
        records: 0,
        opened: open.is_some(),
        last: 0,
        head: Hash::default(),
        unfinished: 0,
        anchors: anchors.len(),
        lost_from: None,
        wrong: Vec::new(),
    };
    let mut segment = String::new();
    while let Some(item) = walk.step()? {
        let passed = walk.last().seq;
        match item {
            Item::Flaw(finding) => {
                if let Flaw::Torn { bytes } = finding.flaw
                    && newest.as_ref() == Some(&finding.segment)
                {
                    report.unfinished = bytes;
                } else {
                    report.add(Wrong::from_walk(finding, report.last));
                }
            }
            Item::Record {
                header,
                payload,
                in_order,
            } => {
                let place = |what| Wrong {
                    segment: walk.last().segment.clone(),
                    offset: walk.last().start,
                    seq: header.seq,
                    what,
                };
                let first = in_order && segment != walk.last().segment;
                if in_order {
                    segment.clone_from(&walk.last().segment);
                }
                if in_order && misplaced(&segment, header.at, first) {
                    report.add(place(What::Segment));
                }
                let record = open.map(|open| open(&header, &payload));
                if record == Some(None) {
                    report.add(place(What::Content));
                }
                if in_order {
                    report.records += 1;
                    see(&header, record.flatten());
                }
            }
        }
        // Also behind a record whose content is damaged.
        if passed > report.last {
            let last = walk.last();
            for anchor in anchors.iter().filter(|a| a.seq == passed) {
                if !anchor.is_of(&last.head) {
                    report.add(Wrong {
                        segment: last.segment.clone(),
                        offset: last.start,
                        seq: passed,
                        what: What::Anchor,
                    });
                }
            }
            report.last = passed;
            report.head = last.head;
        }
    }
    if let Some(anchor) = anchors.iter().max_by_key(|a| a.seq)
        && anchor.seq > report.last
    {
        let last = walk.last();
        report.add(Wrong {
            segment: last.segment.clone(),
            offset: last.end,
            seq: report.last + 1,
            what: What::Cut { to: anchor.seq },
        });
    }
    Ok(report)
}

impl Report {
    fn add(&mut self, wrong: Wrong) {
        // The link of a record vouches for the one before it.
        let from = match wrong.what {
            What::Link | What::Anchor => wrong.seq.saturating_sub(1).max(1),
            _ => wrong.seq,
        };
        self.lost_from = Some(self.lost_from.map_or(from, |lost| lost.min(from)));
        self.wrong.push(wrong);
    }
}

/// Whether a record of this moment cannot stand in this segment: segments are
/// named after the month of their first record, and a clock that was set back
/// does not lead back to an older one.
fn misplaced(segment: &str, at: i64, first: bool) -> bool {
    let Ok(at) = Timestamp::from_microsecond(at) else {
        return true;
    };
    let day = jst(at).date();
    let month = format!("{:04}-{:02}.log", day.year().max(0), day.month());
    if first {
        month != segment
    } else {
        month.as_str() > segment
    }
}

/// Opens what this program has written.
pub fn opener() -> impl Fn(&Header, &[u8]) -> Option<Record> {
    |header, bytes| payload::open(payload::Kind::Record(header.seq), bytes).ok()
}

#[cfg(test)]
mod tests;
