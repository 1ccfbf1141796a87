//! The whole journal held against itself: what is damaged, missing, changed or
//! in the wrong place (SEC-30). Reads only; may run beside the desk service.

use super::frame::{Hash, Header};
use super::payload;
use super::record::{Record, StoreError};
use super::seal::Seal;
use super::walk::{Finding, Flaw, Item, Walk};
use super::whose;
use std::path::Path;

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records whose content is right (without a key: whose bytes are).
    pub good: u64,
    /// Number of the last record.
    pub last: u64,
    /// The hash a next record would carry: to be noted down elsewhere, so that
    /// a cut-off end is found as well.
    pub head: Hash,
    /// What is wrong, in the order of the files.
    pub findings: Vec<Finding>,
}

/// Reads the journal of the store in `dir` from the first record to the last,
/// handing every good record with its number to `see`.
pub fn read(
    dir: &Path,
    seal: &Seal,
    mut see: impl FnMut(u64, Record),
) -> Result<Report, StoreError> {
    walk(dir, |header, payload| {
        let record = payload::open_record(seal, header, payload);
        record.map(|record| see(header.seq, record)).is_ok()
    })
}

/// [`read`], for the findings alone. Without a key the content is not opened:
/// the chain and every checksum are held against each other all the same.
pub fn verify(dir: &Path, seal: Option<&Seal>) -> Result<Report, StoreError> {
    match seal {
        Some(seal) => {
            let mut report = read(dir, seal, |_, _| {})?;
            whose::name_by_index(&mut report.findings, dir, seal);
            Ok(report)
        }
        None => walk(dir, |_, _| true),
    }
}

/// What is wrong with the records up to `upto`; `go_on` is asked before each,
/// and `None` comes of a no.
pub fn until(
    dir: &Path,
    seal: &Seal,
    upto: u64,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<Finding>>, StoreError> {
    let mut walk = Walk::all(dir)?;
    let mut findings = Vec::new();
    while walk.last().seq < upto {
        let Some(item) = walk.step()? else { break };
        if !go_on() {
            return Ok(None);
        }
        match item {
            Item::Flaw(finding) => findings.push(finding),
            Item::Erased { header, .. } => findings.push(at(&walk, erased(&header))),
            Item::Record {
                header, payload, ..
            } => {
                if payload::open_record::<Record>(seal, &header, &payload).is_err() {
                    findings.push(at(&walk, content(&header)));
                }
            }
        }
    }
    Ok(Some(findings))
}

/// What is wrong with the record the walk has just passed.
pub fn at(walk: &Walk, flaw: Flaw) -> Finding {
    Finding {
        segment: walk.last().segment.clone(),
        offset: walk.last().start,
        flaw,
        notes: Vec::new(),
    }
}

fn content(header: &Header) -> Flaw {
    Flaw::Content { seq: header.seq }
}

fn erased(header: &Header) -> Flaw {
    Flaw::Erased { seq: header.seq }
}

fn walk(dir: &Path, mut right: impl FnMut(&Header, &[u8]) -> bool) -> Result<Report, StoreError> {
    let mut walk = Walk::all(dir)?;
    let mut good = 0;
    let mut findings = Vec::new();
    while let Some(item) = walk.step()? {
        match item {
            Item::Flaw(finding) => findings.push(finding),
            Item::Erased { header, .. } => findings.push(at(&walk, erased(&header))),
            Item::Record {
                header, payload, ..
            } => {
                if right(&header, &payload) {
                    good += 1;
                } else {
                    findings.push(at(&walk, content(&header)));
                }
            }
        }
    }
    Ok(Report {
        good,
        last: walk.last().seq,
        head: walk.last().head,
        findings,
    })
}
