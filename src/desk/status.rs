//! What is true now, told to every front end as soon as it changes.

use super::state::{Desk, Store};
use crate::link::message::{FrontId, Status, ToFront};

impl Desk {
    pub(super) fn status(&self) -> Status {
        Status {
            line: self.line.line().clone(),
            reader: self.reader.clone(),
            notes: self.book.counts(),
            unread_notices: self.notices.unread(),
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
            spill: self.spill.shown(),
        }
    }

    /// Tells everyone, if anything changed.
    pub(super) fn broadcast(&mut self) {
        let status = self.status();
        if self.told.as_ref() == Some(&status) {
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
}
