//! Who is locked at this desk, for administrators (SEC-3).

use super::{Told, minutes};
use crate::desk::sessions::USER_CHARS;
use crate::desk::state::Desk;
use crate::link::message::{FrontId, LockedUser, Ticket, ToFront};
use crate::store::record::What;

impl Desk {
    pub(super) fn locked(&self) -> Vec<LockedUser> {
        let policy = self.config.staff;
        let mut locked: Vec<LockedUser> = self
            .roster
            .entries
            .values()
            .filter(|entry| entry.kept.too_many(true, &policy) && entry.release > self.now.mono)
            .map(|entry| LockedUser {
                user: entry
                    .kept
                    .typed
                    .clone()
                    .unwrap_or_else(|| entry.kept.user.clone()),
                name: entry
                    .kept
                    .staff
                    .as_ref()
                    .map(|staff| staff.name.clone())
                    .unwrap_or_default(),
                since: entry.kept.locked.unwrap_or(self.now.wall),
                minutes: minutes(entry.release.saturating_sub(self.now.mono)),
            })
            .collect();
        locked.sort_by_key(|user| user.since);
        locked
    }

    pub(in crate::desk) fn show_locks(&mut self, front: FrontId, ticket: Ticket) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let locked = self.locked();
        self.audit_then(asker, What::LocksListed, ToFront::Locks { ticket, locked });
    }

    /// An administrator lets somebody try again.
    pub(in crate::desk) fn unlock(&mut self, front: FrontId, ticket: Ticket, user: &str) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let user = user.trim();
        let key = self.key(user);
        let by = asker.user.clone();
        let outcome = "unlocked".to_owned();
        let user: String = user.chars().take(USER_CHARS).collect();
        self.accounted(front, ticket);
        self.audit_at(front, &by, What::Login { user, outcome });
        self.forgive(&key, Told::Locks(asker));
    }
}
