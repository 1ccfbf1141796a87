//! Which records stand out of place: the smallest set without which the others
//! are in order. A walk from the front alone takes everything behind one that
//! stands too early for misplaced, and what is there for missing.

use super::{What, Wrong};
use std::collections::BTreeSet;

/// Where a record stands.
#[derive(Debug, Clone)]
pub struct Stood {
    pub seq: u64,
    pub segment: String,
    pub offset: u64,
}

/// Says anew what `wrong` says of order and of what is missing, by all records
/// in the order of the files.
pub fn tidy(wrong: &mut Vec<Wrong>, stood: &[Stood]) {
    if !wrong
        .iter()
        .any(|one| matches!(one.what, What::Order { .. }))
    {
        return;
    }
    let there: BTreeSet<u64> = stood.iter().map(|one| one.seq).collect();
    let mut told = Vec::with_capacity(wrong.len());
    for one in wrong.drain(..) {
        match one.what {
            What::Order { .. } => {}
            What::Missing { to } => told.extend(still_missing(&one, to, &there)),
            _ => told.push(one),
        }
    }
    let kept = longest(stood);
    let mut before = 0;
    for (at, one) in stood.iter().enumerate() {
        if kept.contains(&at) {
            before = one.seq;
            continue;
        }
        let twin = |other: &usize| stood.get(*other).is_some_and(|it| it.seq == one.seq);
        let what = if kept.iter().any(twin) {
            What::Order { after: one.seq }
        } else if before > one.seq {
            What::Order { after: before }
        } else {
            let next = kept.range(at..).next().and_then(|next| stood.get(*next));
            What::Early {
                before: next.map_or(one.seq, |next| next.seq),
            }
        };
        told.push(Wrong {
            segment: one.segment.clone(),
            offset: one.offset,
            seq: one.seq,
            what,
            notes: Vec::new(),
        });
    }
    told.sort_by(|a, b| (&a.segment, a.offset).cmp(&(&b.segment, b.offset)));
    *wrong = told;
}

/// What of a gap is nowhere in the files.
fn still_missing(gap: &Wrong, to: u64, there: &BTreeSet<u64>) -> Vec<Wrong> {
    let mut left = Vec::new();
    let mut from = gap.seq;
    let mut part = |from: u64, to: u64| {
        if from <= to {
            let mut part = gap.clone();
            (part.seq, part.what) = (from, What::Missing { to });
            left.push(part);
        }
    };
    for seq in there.range(gap.seq..=to) {
        part(from, seq - 1);
        from = seq + 1;
    }
    part(from, to);
    left
}

/// The places of a longest rising run.
fn longest(stood: &[Stood]) -> BTreeSet<usize> {
    // The last place of the best run of each length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(stood.len());
    for (at, one) in stood.iter().enumerate() {
        let length = ends.partition_point(|end| stood.get(*end).is_some_and(|it| it.seq < one.seq));
        before.push(
            length
                .checked_sub(1)
                .and_then(|last| ends.get(last).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut run = BTreeSet::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        run.insert(place);
        at = before.get(place).copied().flatten();
    }
    run
}
