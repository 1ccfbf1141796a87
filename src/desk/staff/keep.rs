//! The verifier of the last login that the central system accepted: kept,
//! renewed, withdrawn (SEC-6, SEC-12).

use super::{Attempt, Told, WorkId, Working};
use crate::desk::event::Action;
use crate::desk::state::Desk;
use crate::domain::account::{Access, Right, Staff, access};
use crate::domain::time::jst;
use crate::link::message::{FrontId, ToFront};
use jiff::Timestamp;
use std::time::Duration;

/// People that are named at most.
const MOST_ABLE: usize = 8;

impl Desk {
    /// The central system has accepted a login: what was counted is
    /// forgotten, and its password will do for the next days. Always hashed
    /// anew, so that a changed password and a raised cost are taken over.
    pub(in crate::desk) fn accepted(&mut self, attempt: &Attempt, staff: &Staff) {
        self.forgive(&attempt.key, Told::Nobody);
        let alone = self.config.staff.offline_days > 0
            && access(staff.kind, Right::Ledger) == Access::Allowed;
        let user = attempt.user.clone();
        let at = self.now.wall;
        let entry = self.entry(&user);
        let news = entry.kept.staff.as_ref() != Some(staff);
        if news {
            entry.kept.staff = Some(staff.clone());
        }
        if !alone {
            // Whose it is decides who may unlock it, and when it was who is
            // named first; nothing to log in with.
            let held = entry.kept.verifier.take().is_some();
            let day = |at: Timestamp| jst(at).date();
            let anew = entry.kept.verified.map(day) != Some(day(at));
            entry.kept.verified = Some(at);
            if news || held || anew {
                self.write_credential(&user, Told::Nobody);
            }
            return;
        }
        let work = self.work(Working::Keep { user, at });
        self.out.push(Action::Hash {
            work,
            password: attempt.password.clone(),
            cost: self.config.cost,
        });
    }

    /// Who of this desk may look notes up, whoever was here last first. Nobody
    /// whom the central system has turned away since.
    fn able(&self) -> Vec<Staff> {
        let (now, policy) = (self.now, self.config.staff);
        let mut able: Vec<_> = (self.roster.entries.values())
            .filter(|entry| entry.kept.locked.is_none() || entry.release <= now.mono)
            .filter(|entry| match policy.offline_days {
                0 => entry.kept.verified.is_some(),
                _ => entry.kept.usable(now.wall, &policy).is_some(),
            })
            .filter_map(|entry| Some((entry.kept.verified, entry.kept.staff.clone()?)))
            .filter(|(_, staff)| {
                let may = |right| access(staff.kind, right) == Access::Allowed;
                may(Right::Lookup) || may(Right::OutageSearch)
            })
            .collect();
        able.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        able.truncate(MOST_ABLE);
        able.into_iter().map(|(_, staff)| staff).collect()
    }

    /// Tells a login that may read the ledger.
    pub(in crate::desk) fn tell_able_to(&mut self, front: FrontId) {
        let may = self
            .session(front)
            .is_some_and(|session| access(session.staff.kind, Right::Ledger) == Access::Allowed);
        if may {
            let able = self.able();
            self.tell(front, ToFront::Able(able));
        }
    }

    /// Tells everybody who may be logged in once that has changed, by whatever:
    /// a login, a lock, an administrator, or time.
    pub(in crate::desk) fn tell_able(&mut self) {
        let able = self.able();
        if able == self.roster.told {
            return;
        }
        self.roster.told = able;
        let fronts: Vec<FrontId> = self.fronts.keys().copied().collect();
        for front in fronts {
            self.tell_able_to(front);
        }
    }

    /// When time alone changes who may: a lock ends, or somebody's days do.
    pub(in crate::desk) fn next_able(&self) -> Option<Duration> {
        let (now, policy) = (self.now, self.config.staff);
        let entries = self.roster.entries.values();
        let ends = entries.filter(|entry| entry.kept.staff.is_some());
        ends.flat_map(|entry| {
            let locked = entry.kept.locked.is_some();
            let lock = (locked && entry.release > now.mono).then_some(entry.release);
            let days = (entry.kept.usable(now.wall, &policy))
                .and_then(|(_, _, until)| Duration::try_from(until.duration_since(now.wall)).ok())
                .map(|left| now.mono + left);
            [lock, days].into_iter().flatten()
        })
        .min()
    }

    pub(in crate::desk) fn hashed(&mut self, work: WorkId, verifier: Option<String>) {
        let Some(Working::Keep { user, at }) = self.roster.works.remove(&work) else {
            return;
        };
        let entry = self.entry(&user);
        entry.kept.verified = verifier.is_some().then_some(at);
        entry.kept.verifier = verifier;
        self.write_credential(&user, Told::Nobody);
    }

    /// The central system says ロック中 or 無効: the desk does not know better
    /// while it is away (SEC-12).
    pub(in crate::desk) fn withdraw(&mut self, user: &str) {
        self.roster
            .works
            .retain(|_, work| !matches!(work, Working::Keep { user: kept, .. } if kept == user));
        let key = self.key(user);
        let entry = self.entry(&key);
        let held = entry.kept.verifier.take().is_some();
        if entry.kept.verified.take().is_some() || held {
            self.write_credential(&key, Told::Nobody);
        }
    }

    /// The central system takes another password by now: the old one, if that
    /// was it, is not good enough for the desk either.
    pub(in crate::desk) fn doubt(&mut self, attempt: &Attempt) {
        let Some(verifier) = self.entry(&attempt.key).kept.verifier.clone() else {
            return;
        };
        let user = attempt.user.clone();
        let work = self.work(Working::Doubt { user });
        self.out.push(Action::Verify {
            work,
            password: attempt.password.clone(),
            verifier: Some(verifier),
            cost: self.config.cost,
        });
    }
}
