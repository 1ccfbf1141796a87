//! The journal as it is examined: whether every line is there, unchanged and
//! in its place (SEC-30, N-12), and what the lines say.
//!
//! Reads only, and beside a running desk service: a record that is being
//! written at the end is no finding.

pub mod anchor;
mod beside;
pub mod line;
mod order;
mod wrong;

pub use wrong::{What, Wrong};

use super::frame::{Hash, Header};
use super::record::{self, Record, StoreError};
use super::seal::Seal;
use super::spill::check::Waiting;
use super::walk::{Flaw, Item, Walk, segments};
use super::whose::Spot;
use super::{payload, trouble, whose};
use crate::domain::note::NoteId;
use crate::domain::time::jst;
use anchor::Anchor;
use anchor::kept::{Kept, Noted};
use jiff::Timestamp;
use order::Stood;
use std::path::Path;

/// Opens the content of a record; `None` if it is not what was written.
pub type Opener<'a> = &'a dyn Fn(&Header, &[u8]) -> Option<Record>;

/// What a record in its place holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// This.
    Is(Box<Record>),
    /// It was not opened: no key.
    Sealed,
    /// It is blanked.
    Erased,
    /// It is not what was written.
    Bad,
}

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
    /// The last record that an anchor vouches for, 0 for none.
    pub held: u64,
    /// The last record that the running desk or sled knows of, or the index;
    /// 0 for none.
    pub known: u64,
    /// Whether it is known that the last record was the last.
    pub end: bool,
    /// Everything before this record is as it was written; this one and all
    /// behind it need a look. `None` if nothing is wrong with the records.
    pub lost_from: Option<u64>,
    /// What is wrong, in the order of the files.
    pub wrong: Vec<Wrong>,
    /// What waits in the spill and is not in the journal, as far as that can
    /// be told.
    pub waits: Waits,
}

/// Records that wait in the spill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waits {
    /// The folders they wait in, as they may be shown.
    pub folders: Vec<String>,
    /// How many.
    pub records: u64,
}

/// Holds the journal of the store in `dir` against itself and against
/// `anchors`, handing every record in its place to `see`.
pub fn examine(
    dir: &Path,
    anchors: &[Anchor],
    open: Option<Opener>,
    see: impl FnMut(&Header, Content),
) -> Result<Report, StoreError> {
    examine_to(dir, anchors, 0, open, see)
}

/// The same for a journal that reached to record `known` at least.
fn examine_to(
    dir: &Path,
    anchors: &[Anchor],
    known: u64,
    open: Option<Opener>,
    mut see: impl FnMut(&Header, Content),
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
        held: 0,
        known: 0,
        end: false,
        anchors: anchors.len(),
        lost_from: None,
        wrong: Vec::new(),
        waits: Waits::default(),
    };
    let mut segment = String::new();
    let mut stood: Vec<Stood> = Vec::new();
    while let Some(item) = walk.step()? {
        let passed = walk.last().seq;
        let (header, in_order, content) = match item {
            Item::Flaw(finding) => {
                if let Flaw::Order { seq, .. } | Flaw::Content { seq } = finding.flaw
                    && (stood.last()).is_none_or(|s| {
                        (&s.segment, s.offset) != (&finding.segment, finding.offset)
                    })
                {
                    stood.push(Stood {
                        seq,
                        segment: finding.segment.clone(),
                        offset: finding.offset,
                    });
                }
                match finding.flaw {
                    Flaw::Torn { bytes } if newest.as_ref() == Some(&finding.segment) => {
                        report.unfinished = bytes;
                    }
                    _ => report.add(Wrong::from_walk(finding, report.last)),
                }
                report.pass(&walk, anchors);
                continue;
            }
            Item::Erased { header, in_order } => (header, in_order, Content::Erased),
            Item::Record {
                header,
                payload,
                in_order,
            } => {
                let content = match open.map(|open| open(&header, &payload)) {
                    None => Content::Sealed,
                    Some(None) => Content::Bad,
                    Some(Some(record)) => Content::Is(Box::new(record)),
                };
                (header, in_order, content)
            }
        };
        let last = walk.last();
        if in_order {
            stood.push(Stood {
                seq: header.seq,
                segment: last.segment.clone(),
                offset: last.start,
            });
        }
        let place = |what| Wrong {
            segment: last.segment.clone(),
            offset: last.start,
            seq: header.seq,
            what,
            notes: Vec::new(),
        };
        match content {
            Content::Bad => report.add(place(What::Content)),
            Content::Erased => report.add(place(What::Erased)),
            Content::Is(_) | Content::Sealed => {}
        }
        if in_order && passed == header.seq {
            let first = segment != last.segment;
            segment.clone_from(&last.segment);
            if misplaced(&segment, header.at, first) {
                report.add(place(What::Segment));
            }
            report.records += 1;
            see(&header, content);
        }
        report.pass(&walk, anchors);
    }
    order::tidy(&mut report.wrong, &stood);
    let anchored = anchors.iter().map(|anchor| anchor.seq).max();
    let to = anchored.unwrap_or(0).max(known);
    report.known = known;
    if to > report.last {
        let last = walk.last();
        report.add(Wrong {
            segment: last.segment.clone(),
            offset: last.end,
            seq: report.last + 1,
            what: What::Cut { to },
            notes: Vec::new(),
        });
        // Nothing is being written there: it was whole once.
        report.unfinished = 0;
    }
    Ok(report)
}

/// What the journal is held against besides itself and the anchors beside the
/// store.
#[derive(Default)]
pub struct Elsewhere<'a> {
    /// A copy of the anchors' file that lies on another disk.
    pub copy: Option<&'a Kept>,
    /// Values noted down on paper.
    pub heads: &'a [Anchor],
    /// Who knows how far the journal reached before it was read, and whose
    /// records stood where.
    pub witness: Option<&'a dyn Witness>,
    /// The spill, examined before the journal is.
    pub spill: Option<&'a Waiting>,
}

/// Somebody who follows the journal.
pub trait Witness {
    /// The last record that was there.
    fn last(&self) -> Option<u64>;
    /// Whether it knows that there was none behind it.
    fn sure(&self) -> bool;
    /// The notes whose newest record stands in each of `spots`; `None` if it
    /// cannot tell.
    fn at(&self, spots: &[Spot]) -> Option<Vec<Vec<NoteId>>>;
}

/// [`examine`] against all anchors there are, and the anchors' file and the
/// spill against themselves and what the journal says of them. Without a key
/// neither the marks on the anchors are checked nor that.
pub fn verify(
    dir: &Path,
    seal: Option<&Seal>,
    elsewhere: &Elsewhere,
) -> Result<Report, StoreError> {
    let file = anchor::path(dir);
    let kept = Kept::load(&file, seal).map_err(|error| trouble::from_io(dir, &error))?;
    let all = [kept.as_ref(), elsewhere.copy];
    let mut anchors: Vec<Anchor> = elsewhere.heads.to_vec();
    anchors.extend(
        all.into_iter()
            .flatten()
            .flat_map(|kept| &kept.anchors)
            .cloned(),
    );
    anchors.extend(elsewhere.spill.iter().flat_map(|spill| spill.ends.clone()));
    let mut told: Vec<(u64, Noted)> = Vec::new();
    let mut spilled = beside::Told::default();
    let open = seal.map(opener);
    let open = open.as_ref().map(|open| open as Opener);
    let known = elsewhere.witness.and_then(Witness::last).unwrap_or(0);
    let mut report = examine_to(dir, &anchors, known, open, |header, content| {
        if let Content::Is(record) = content {
            told.extend(record.anchors.map(|noted| (header.seq, noted)));
            if let record::What::SpillTaken { files, end } = record.what {
                spilled.take(header.seq, files, end);
            }
        }
    })?;
    if let Some(copy) = elsewhere.copy {
        report.wrong.extend(copy.wrong(&[]));
        told.push((report.last, copy.noted()));
    }
    match &kept {
        Some(kept) => report.wrong.extend(kept.wrong(&told)),
        // The first record of a store has an anchor in front of it.
        None if report.last > 0 => report.wrong.push(Wrong {
            segment: trouble::shown(&file),
            offset: 0,
            seq: 1,
            what: What::NoAnchors,
            notes: Vec::new(),
        }),
        None => {}
    }
    let anchored = report.held == report.last;
    report.end = anchored || elsewhere.witness.is_some_and(Witness::sure);
    let spots: Vec<Spot> = report.wrong.iter().map(Spot::from).collect();
    // The index knows nothing of what was written since it was.
    let named = (elsewhere.witness.filter(|_| !spots.is_empty())).and_then(|who| who.at(&spots));
    match (named, seal) {
        (Some(named), _) => {
            for (wrong, notes) in report.wrong.iter_mut().zip(named) {
                wrong.notes = notes;
            }
        }
        (None, Some(seal)) => whose::name_wrong(&mut report.wrong, dir, seal),
        (None, None) => {}
    }
    report.wrong.extend(spilled.wrong());
    if let Some(spill) = elsewhere.spill {
        report.wrong.extend(beside::waiting(spill, &spilled));
        report.waits = spilled.waits(spill);
    }
    Ok(report)
}

impl Report {
    /// Takes note of how far the walk is, and of the anchors on its way; also
    /// behind a record whose content is damaged.
    fn pass(&mut self, walk: &Walk, anchors: &[Anchor]) {
        let last = walk.last();
        if last.seq <= self.last {
            return;
        }
        self.last = last.seq;
        self.head = last.head;
        for anchor in anchors.iter().filter(|a| a.seq == last.seq) {
            if anchor.is_of(&last.head) {
                self.held = last.seq;
            } else {
                self.add(Wrong {
                    segment: last.segment.clone(),
                    offset: last.start,
                    seq: last.seq,
                    what: What::Anchor,
                    notes: Vec::new(),
                });
            }
        }
    }

    fn add(&mut self, wrong: Wrong) {
        let from = match wrong.what {
            // A chain that does not hold together here may have been written
            // anew from any place on behind the last anchor that still fits.
            What::Link | What::Anchor => self.held + 1,
            // Up to there everything is in its place.
            What::Order { after } => after + 1,
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

/// Opens contents with the store's key.
pub fn opener(seal: &Seal) -> impl Fn(&Header, &[u8]) -> Option<Record> {
    |header, bytes| payload::open_record(seal, header, bytes).ok()
}

#[cfg(test)]
mod tests;
