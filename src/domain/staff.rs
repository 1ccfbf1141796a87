//! What the desk keeps of a person who may log in: enough to let the same
//! person in while the central system does not answer, and to count wrong
//! passwords (design: Notes; SEC-3, SEC-6).

use super::account::Staff;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The longest wait after a wrong password (SEC-3).
const LONGEST_PAUSE: u64 = 30;

/// A clock may have been set back this far before a login of yesterday counts
/// as one of the future.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// How strict the desk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Wrong passwords in a row that lock an ユーザID.
    pub lock_after: u32,
    /// The desk lets go by itself after this long: a lock must not close the
    /// last way in.
    pub release_after: Duration,
    /// For how many days after a login that the central system accepted the
    /// desk lets the same person in alone; 0 for never.
    pub offline_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lock_after: 5,
            release_after: Duration::from_secs(30 * 60),
            offline_days: 14,
        }
    }
}

/// Who found a password wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// The central system.
    Central,
    /// The desk alone, by the verifier it keeps.
    Desk,
    /// Nobody: the desk is alone and has nothing to compare with.
    Nobody,
}

/// One ユーザID as the desk knows it. Its newest form is what counts; every
/// form is a journal record, so a count of wrong passwords survives a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The key: ユーザID as typed, trimmed; for one that never got in from
    /// this desk, a place that it may share with others.
    pub user: String,
    /// The ユーザID that was typed last, where [`Credential::user`] is shared.
    #[serde(default)]
    pub typed: Option<String>,
    /// Name and kind at the last login the central system accepted; `None`
    /// for an ユーザID that never got in from this desk.
    pub staff: Option<Staff>,
    /// Argon2id PHC string of the password of that login.
    pub verifier: Option<String>,
    /// When the central system last accepted it.
    pub verified: Option<Timestamp>,
    /// Wrong passwords in a row.
    pub failures: u32,
    /// Those of them that nobody could tell to be wrong: typed while the
    /// central system was away and the desk had nothing to compare with.
    /// They do not count once the central system answers.
    #[serde(default)]
    pub blind: u32,
    /// When the last of them was typed.
    pub failed: Option<Timestamp>,
    /// ロック中 since.
    pub locked: Option<Timestamp>,
}

impl Credential {
    /// Nothing known of `user` yet.
    pub fn new(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            typed: None,
            staff: None,
            verifier: None,
            verified: None,
            failures: 0,
            blind: 0,
            failed: None,
            locked: None,
        }
    }

    /// A wrong password at `now`. Whether this one locks, by the rule of
    /// [`Credential::too_many`].
    pub fn wrong(&mut self, now: Timestamp, judge: Judge, policy: &Policy) -> bool {
        let blind = judge == Judge::Nobody;
        self.failures = self.failures.saturating_add(1);
        self.blind = self.blind.saturating_add(u32::from(blind));
        self.failed = Some(now);
        let locks = self.counted(judge != Judge::Central) >= policy.lock_after;
        if locks {
            self.locked = Some(now);
        }
        locks
    }

    /// The right password, an administrator, or enough time.
    pub fn forgive(&mut self) {
        self.failures = 0;
        self.blind = 0;
        self.failed = None;
        self.locked = None;
    }

    /// Whether anything is counted against it.
    pub fn blamed(&self) -> bool {
        self.failures > 0 || self.locked.is_some()
    }

    /// Whether so many wrong passwords lock it: all of them count while the
    /// desk alone decides, else only those known to be wrong.
    pub fn too_many(&self, alone: bool, policy: &Policy) -> bool {
        self.locked.is_some() && self.counted(alone) >= policy.lock_after
    }

    fn counted(&self, alone: bool) -> u32 {
        if alone {
            self.failures
        } else {
            self.failures.saturating_sub(self.blind)
        }
    }

    /// The wait after the last of so many wrong passwords: 1, 2, 4 … 30 s.
    pub fn pause(&self) -> Duration {
        let seconds = match self.failures {
            0 => 0,
            n => 1_u64
                .checked_shl(n - 1)
                .map_or(LONGEST_PAUSE, |s| s.clamp(1, LONGEST_PAUSE)),
        };
        Duration::from_secs(seconds)
    }

    /// Name, verifier and end of the days in which the desk may let this
    /// person in alone.
    pub fn usable(&self, now: Timestamp, policy: &Policy) -> Option<(&Staff, &str, Timestamp)> {
        let days = SignedDuration::from_hours(24 * i64::from(policy.offline_days));
        let verified = self.verified?;
        let until = verified.checked_add(days).ok()?;
        let early = verified.checked_sub(SKEW).ok()?;
        let inside = policy.offline_days > 0 && early <= now && now < until;
        let staff = self.staff.as_ref()?;
        let verifier = self.verifier.as_deref()?;
        inside.then_some((staff, verifier, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::AccountKind;

    fn at(hours: i64) -> Timestamp {
        "2026-11-20T00:00:00Z"
            .parse::<Timestamp>()
            .unwrap()
            .checked_add(SignedDuration::from_hours(hours))
            .unwrap()
    }

    fn known() -> Credential {
        Credential {
            staff: Some(Staff {
                user: "003".to_owned(),
                name: "窓口　花子".to_owned(),
                kind: AccountKind::MedicalViewer,
            }),
            verifier: Some("$argon2id$".to_owned()),
            verified: Some(at(0)),
            ..Credential::new("003")
        }
    }

    #[test]
    fn sec_3_the_wait_doubles_up_to_thirty_seconds() {
        let mut kept = known();
        let policy = Policy {
            lock_after: 100,
            ..Policy::default()
        };
        let waits: Vec<u64> = (0..40)
            .map(|_| {
                kept.wrong(at(0), Judge::Desk, &policy);
                kept.pause().as_secs()
            })
            .collect();
        assert_eq!(waits[..7], [1, 2, 4, 8, 16, 30, 30]);
        assert!(waits[7..].iter().all(|wait| *wait == 30));
        kept.forgive();
        assert_eq!(kept.pause(), Duration::ZERO);
    }

    #[test]
    fn sec_3_the_fifth_locks() {
        let mut kept = known();
        let policy = Policy::default();
        let locks: Vec<bool> = (0..5)
            .map(|_| kept.wrong(at(1), Judge::Desk, &policy))
            .collect();
        assert_eq!(locks, [false, false, false, false, true]);
        assert!(kept.too_many(true, &policy) && kept.too_many(false, &policy));
        kept.forgive();
        assert!(!kept.too_many(true, &policy) && !kept.blamed());
    }

    /// Whoever could not be told right from wrong is not kept out once the
    /// central system can tell.
    #[test]
    fn blind_tries_do_not_lock_the_way_to_the_central_system() {
        let mut kept = Credential::new("005");
        let policy = Policy::default();
        for _ in 0..4 {
            kept.wrong(at(1), Judge::Nobody, &policy);
        }
        assert!(kept.wrong(at(1), Judge::Nobody, &policy));
        assert!(kept.too_many(true, &policy));
        assert!(!kept.too_many(false, &policy));
    }

    /// What is said to lock does lock, and the other way round, whoever found
    /// each of the passwords wrong.
    #[test]
    fn sec_3_locked_is_said_by_the_rule_that_locks() {
        use Judge::{Central, Desk, Nobody};
        let policy = Policy::default();
        let judges = [Central, Desk, Nobody];
        for way in 0..3_usize.pow(7) {
            let mut kept = known();
            let mut left = way;
            for _ in 0..7 {
                let judge = judges[left % 3];
                left /= 3;
                let alone = judge != Central;
                let locks = kept.wrong(at(1), judge, &policy);
                assert_eq!(locks, kept.too_many(alone, &policy), "{way} {judge:?}");
            }
        }
    }

    #[test]
    fn the_days_of_a_verifier() {
        let policy = Policy {
            offline_days: 2,
            ..Policy::default()
        };
        for (hours, expected) in [
            // Set back by a day is a clock that is wrong, not a new login.
            (-25, false),
            (-23, true),
            (0, true),
            (47, true),
            (48, false),
        ] {
            let usable = known().usable(at(hours), &policy).is_some();
            assert_eq!(usable, expected, "{hours} h");
        }
        let never = Policy {
            offline_days: 0,
            ..policy
        };
        assert!(known().usable(at(0), &never).is_none());
        let mut without = known();
        without.verifier = None;
        assert!(without.usable(at(0), &policy).is_none());
    }
}
