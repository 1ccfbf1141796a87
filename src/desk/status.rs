//! What is true now, told to every front end as soon as it changes.

use super::state::{Desk, Store};
use crate::link::message::{FrontId, Status, ToFront};
use std::time::Duration;

impl Desk {
    pub(super) fn status(&self) -> Status {
        Status {
            line: self.line.line().clone(),
            reader: self.reader.clone(),
            notes: self.book.counts(),
            planned: self.book.planned(),
            unread_notices: self.notices.unread(),
            losses: self.notices.losses(),
            headline: self.notices.headline(self.now.today()),
            period: self.notices.period(),
            period_known: self.notices.fetched(),
            sync: self.sync_state(),
            store_trouble: match &self.store {
                Store::Opening => None,
                Store::Open { trouble } => trouble.as_ref().or(self.spill.trouble()).cloned(),
                Store::Failed(what) => Some(what.clone()),
            },
            store_opening: matches!(self.store, Store::Opening),
            store_progress: match &self.store {
                Store::Opening => self.progress.as_ref().map(|(p, _)| (p.done, p.total)),
                _ => None,
            },
            spill: self.spill.shown(self.ledger_unknown()),
        }
    }

    /// Tells everyone, if anything changed. What a sync changes by the
    /// hundred waits for its turn; anything else goes out at once.
    pub(super) fn broadcast(&mut self) {
        let status = self.status();
        let news = self.told.as_ref() != Some(&status);
        let urgent = news
            && self
                .told
                .as_ref()
                .is_none_or(|told| !only_counts(told, &status));
        let ledger = !self.untold.is_empty();
        self.untold_status = false;
        if !news && !ledger {
            return;
        }
        let turn = self.pace.take(self.now.mono);
        if turn {
            for front in std::mem::take(&mut self.untold) {
                self.tell(front, ToFront::LedgerChanged);
            }
        }
        if !news {
            return;
        }
        if !turn && !urgent {
            self.untold_status = true;
            return;
        }
        let fronts: Vec<FrontId> = self
            .fronts
            .iter()
            .filter(|(_, state)| state.welcome)
            .map(|(front, _)| *front)
            .collect();
        for front in fronts {
            self.tell(front, ToFront::Status(Box::new(status.clone())));
        }
        self.told = Some(status);
    }

    /// When front ends hear of what has waited for its turn.
    pub(super) fn next_told(&self) -> Option<Duration> {
        (self.untold_status || !self.untold.is_empty()).then(|| self.pace.next())
    }
}

/// Whether nothing differs but how many notes stand where.
fn only_counts(told: &Status, now: &Status) -> bool {
    let same_sync = std::mem::discriminant(&told.sync) == std::mem::discriminant(&now.sync);
    let alike = Status {
        notes: told.notes.clone(),
        planned: told.planned,
        sync: told.sync.clone(),
        ..now.clone()
    };
    same_sync && alike == *told
}
