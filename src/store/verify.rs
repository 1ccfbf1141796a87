//! The whole journal held against itself: what is damaged, missing, changed or
//! in the wrong place (SEC-30). Reads only; may run beside the desk service.

use super::frame::Hash;
use super::payload::{self, Kind};
use super::record::{Record, StoreError};
use super::walk::{Finding, Flaw, Item, Walk};
use std::path::Path;

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records whose content is right.
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
pub fn read(dir: &Path, mut see: impl FnMut(u64, Record)) -> Result<Report, StoreError> {
    let mut walk = Walk::all(dir)?;
    let mut good = 0;
    let mut findings = Vec::new();
    while let Some(item) = walk.step()? {
        match item {
            Item::Flaw(finding) => findings.push(finding),
            Item::Record {
                header, payload, ..
            } => {
                if let Ok(record) = payload::open(Kind::Record(header.seq), &payload) {
                    good += 1;
                    see(header.seq, record);
                } else {
                    findings.push(Finding {
                        segment: walk.last().segment.clone(),
                        offset: walk.last().start,
                        flaw: Flaw::Content { seq: header.seq },
                    });
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

/// [`read`], for the findings alone.
pub fn verify(dir: &Path) -> Result<Report, StoreError> {
    read(dir, |_, _| {})
}
