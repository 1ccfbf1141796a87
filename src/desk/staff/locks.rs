//! Who is locked at this desk, for administrators (SEC-3).

use super::{Told, minutes};
use crate::desk::sessions::USER_CHARS;
use crate::desk::state::Desk;
use crate::domain::account::{AccountKind, manages};
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::link::message::{FrontId, LockedUser, Ticket, ToFront};
use crate::store::record::What;

/// Who unlocks an account of this kind, in a line of 80 columns.
fn not_theirs(whose: Option<AccountKind>) -> String {
    let whom = whose.map_or("初めてのユーザID".to_owned(), |kind| {
        format!("{}アカウント", kind.label())
    });
    let by = AccountKind::ALL
        .into_iter()
        .find(|kind| manages(*kind, whose))
        .map_or_else(
            || "時間がたてば解けます。".to_owned(),
            |by| format!("{}アカウントの人が解除します。", by.label()),
        );
    format!("{whom}のロックは、{by}")
}

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

    /// Somebody is let try again by who manages the account (table 8.2). The
    /// time lets everybody go.
    pub(in crate::desk) fn unlock(&mut self, front: FrontId, ticket: Ticket, user: &str) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let user = user.trim();
        let key = self.key(user);
        let entry = self.entry(&key);
        let whose = entry.kept.staff.as_ref().map(|staff| staff.kind);
        let kind = self.session(front).map(|session| session.staff.kind);
        if !kind.is_some_and(|kind| manages(kind, whose)) {
            let why = not_theirs(whose);
            return self.fail(front, ticket, Failure::NotNow { why });
        }
        let by = asker.user.clone();
        let outcome = Outcome::Unlocked.code().to_owned();
        let user: String = user.chars().take(USER_CHARS).collect();
        self.accounted(front, ticket);
        self.audit_at(front, &by, What::Login { user, outcome });
        self.forgive(&key, Told::Locks(asker));
    }
}
