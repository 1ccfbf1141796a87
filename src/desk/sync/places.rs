//! Where every open note stands: to be looked at, ready, parked, waiting for
//! its time or its day. A look takes a slice at a time, so that nobody waits
//! for a hundred thousand notes (REL-17).

use super::Desk;
use crate::domain::note::{Change, Group, NoteId, Stage};
use crate::domain::plan::{self, LONGEST_WAIT};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::time::Duration;

/// Notes looked at in one step: about a millisecond.
const SLICE: usize = 512;

impl super::Sync {
    /// Notes that are or may be asked for in this run.
    pub fn left(&self) -> usize {
        let waiting = self.ready.len() + self.later.len() + self.fresh.len();
        // Asked for alone, they are on their way and nowhere else.
        waiting + self.flight.len().saturating_sub(self.alone.len())
    }

    /// Questions of the run that are on the line.
    pub fn asked_in_run(&self) -> usize {
        let alone = &self.alone;
        self.line.keys().filter(|id| !alone.contains(id)).count()
    }

    fn forget(&mut self, id: &NoteId) {
        self.ready.remove(id);
        self.parked.remove(id);
        self.stale.remove(id);
        self.fresh.remove(id);
        self.withheld.remove(id);
    }
}

impl Desk {
    /// Finds a note its place after a change.
    pub(in crate::desk) fn reconsider(&mut self, id: &NoteId) {
        self.sync.forget(id);
        let Some(entry) = self.book.get(id) else {
            return;
        };
        let due = match entry.outline.stage {
            Stage::Waiting {
                not_before: Some(at),
            } => {
                let left = at.duration_since(self.now.wall);
                let left = Duration::try_from(left).unwrap_or_default();
                Some(self.now.mono + left.min(LONGEST_WAIT)).filter(|due| *due > self.now.mono)
            }
            _ => None,
        };
        let open = !entry.unreadable
            && matches!(
                entry.outline.stage,
                Stage::Noted | Stage::Waiting { .. } | Stage::Asking { .. }
            );
        let follow = entry
            .outline
            .follow
            .filter(|_| !entry.unreadable && entry.outline.stage.group() == Group::Resolved);
        self.set_due(id, due);
        self.set_follow(id, follow);
        if !open {
            self.sync.wanted.remove(id);
            self.sync.askers.remove(id);
            if let Some(run) = &mut self.sync.run {
                run.forget(id);
            }
        }
        if open && due.is_none() {
            self.sync.fresh.insert(id.clone());
        }
    }

    pub(super) fn set_due(&mut self, id: &NoteId, due: Option<Duration>) {
        if let Some(old) = self.sync.due.remove(id) {
            self.sync.later.remove(&(old, id.clone()));
        }
        if let Some(due) = due {
            self.sync.due.insert(id.clone(), due);
            self.sync.later.insert((due, id.clone()));
        }
    }

    fn set_follow(&mut self, id: &NoteId, day: Option<Date>) {
        if let Some(old) = self.sync.follow_day.remove(id) {
            self.sync.follows.remove(&(old, id.clone()));
        }
        if let Some(day) = day {
            self.sync.follow_day.insert(id.clone(), day);
            self.sync.follows.insert((day, id.clone()));
        }
    }

    /// Whether a look would have something to look at.
    pub(super) fn unlooked(&self) -> bool {
        !self.sync.fresh.is_empty()
            || !self.sync.stale.is_empty()
            || (self.sync_writes() && !self.sync.withheld.is_empty())
    }

    /// What has waited for this moment or this day is looked at again.
    pub(super) fn ripen(&mut self) {
        while let Some((due, id)) = self.sync.later.first().cloned()
            && due <= self.now.mono
        {
            self.set_due(&id, None);
            self.sync.fresh.insert(id);
        }
        let today = self.now.today();
        while let Some((day, id)) = self.sync.follows.first().cloned()
            && day <= today
        {
            self.set_follow(&id, None);
            self.sync.fresh.insert(id);
        }
    }

    /// Looks at the next notes under the present world; at all of them, some
    /// at a time, when the world has changed. What would have to be written
    /// waits for the store; that a note is blocked is not written.
    pub(super) fn look(&mut self) {
        let writes = self.sync_writes();
        if writes {
            let mut withheld = std::mem::take(&mut self.sync.withheld);
            self.sync.fresh.append(&mut withheld);
        }
        let world = self.world();
        if self.sync.world.as_ref() != Some(&world) {
            let mut parked = std::mem::take(&mut self.sync.parked);
            if self.sync.stale.is_empty() {
                self.sync.stale = parked;
            } else {
                self.sync.stale.append(&mut parked);
            }
            // What may be asked for is a matter of the moment it is asked.
            let ready = std::mem::take(&mut self.sync.ready);
            if self.sync.fresh.is_empty() {
                self.sync.fresh = ready.into_keys().collect();
            } else {
                self.sync.fresh.extend(ready.into_keys());
            }
            self.sync.world = Some(world.clone());
        }
        let next: BTreeSet<NoteId> = std::iter::from_fn(|| {
            let sync = &mut self.sync;
            sync.fresh.pop_first().or_else(|| sync.stale.pop_first())
        })
        .take(SLICE)
        .collect();
        let mut lost = Vec::new();
        let mut notes = Vec::new();
        for id in &next {
            let Some(entry) = self.book.get(id) else {
                continue;
            };
            // A change on its way, or an old question: looked at afterwards.
            if entry.writing || entry.unreadable || self.sync.flight.contains(id) {
                continue;
            }
            if matches!(entry.outline.stage, Stage::Asking { .. }) {
                lost.push((id.clone(), entry.outline.revision));
            } else {
                notes.push(&*entry.outline);
            }
        }
        let plan = plan::plan(notes, &world);
        let (mut changed, at) = (false, self.now.wall);
        for operation in plan.operations {
            changed |= self.book.block(&operation.id, None, at);
            self.sync.ready.insert(operation.id, operation.way);
        }
        for (id, block) in plan.blocks {
            changed |= self.book.block(&id, Some(block), at);
            if let Some(run) = &mut self.sync.run {
                run.forget(&id);
            }
            self.sync.parked.insert(id);
        }
        for id in plan.held {
            changed |= self.book.block(&id, None, at);
            self.sync.parked.insert(id);
        }
        let of = |change: Change| move |(id, revision)| (id, revision, change.clone());
        let wishes = (plan.exhausted.into_iter().map(of(Change::GiveUp)))
            .chain(plan.again.into_iter().map(of(Change::LookAgain)))
            .chain(lost.into_iter().map(of(Change::Requeue)));
        for (id, revision, change) in wishes {
            if writes {
                self.desk_wishes(&id, revision, change, String::new());
            } else {
                self.sync.withheld.insert(id);
            }
        }
        if changed {
            self.ledger_changed(None);
        }
    }
}
