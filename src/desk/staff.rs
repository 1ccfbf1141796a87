//! Who may log in when the desk has to decide: verifiers of accepted logins,
//! waits and locks after wrong passwords. The counts are common to all front
//! ends: the tries of one ユーザID are taken one after the other (SEC-3).

mod keep;
mod locks;

use super::event::Action;
use super::state::{Desk, Writing};
use crate::domain::account::Staff;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::outcome::Outcome;
use crate::domain::secret::Secret;
use crate::domain::staff::{Credential, Judge};
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::What;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// ユーザID that never got in from this desk share so many places, so that
/// typing any number of them does not fill the store.
const PLACES: u64 = 1024;

/// Something slow about a password on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkId(pub u64);

/// One try to log in.
pub(super) struct Attempt {
    pub front: FrontId,
    pub ticket: Ticket,
    pub user: String,
    pub password: Secret,
    pub force: bool,
    /// Where it is counted.
    pub key: String,
}

/// What becomes of slow work.
pub(super) enum Working {
    /// The desk decides about a try.
    Alone {
        attempt: Attempt,
        /// Who it is and until when, if there was a verifier to compare with.
        usable: Option<(Staff, Timestamp)>,
        cause: Option<Unreachable>,
    },
    /// The central system refused a password: is it the one that is kept?
    Doubt { user: String },
    /// The verifier of a login that was accepted at that moment.
    Keep { user: String, at: Timestamp },
}

/// What is told once a credential is on disk.
pub(super) enum Told {
    /// Nothing.
    Nobody,
    /// Why a try came to nothing; the next one may follow.
    Refused { attempt: Attempt, failure: Failure },
    /// Who is still locked.
    Locks(super::state::Asker),
}

/// One ユーザID.
struct Entry {
    kept: Credential,
    /// No try before this moment (monotonic).
    rest: Duration,
    /// The lock ends at this moment (monotonic).
    release: Duration,
    /// A try is under way.
    busy: bool,
    waiting: VecDeque<Attempt>,
}

/// All that are known.
#[derive(Default)]
pub(super) struct Roster {
    entries: BTreeMap<String, Entry>,
    works: BTreeMap<WorkId, Working>,
    next_work: u64,
    /// Who was last said to be able to look notes up.
    told: Vec<Staff>,
}

impl Entry {
    fn new(kept: Credential) -> Self {
        Self {
            kept,
            rest: Duration::ZERO,
            release: Duration::ZERO,
            busy: false,
            waiting: VecDeque::new(),
        }
    }
}

/// FNV-1a: which of the shared places.
fn place(user: &str) -> String {
    let hash = user.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("（未登録）{:04}", hash % PLACES)
}

fn minutes(left: Duration) -> u64 {
    left.as_secs().div_ceil(60).max(1)
}

fn seconds(left: Duration) -> u64 {
    u64::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u64::MAX)
}

/// What is left of `whole` since `since`, by a wall clock that may jump.
fn left(since: Option<Timestamp>, whole: Duration, now: Timestamp) -> Duration {
    let Some(since) = since else {
        return Duration::ZERO;
    };
    let passed = Duration::try_from(now.duration_since(since)).unwrap_or_default();
    whole.saturating_sub(passed)
}

impl Desk {
    /// What the store held. What has been counted since is newer.
    pub(super) fn enroll(&mut self, loaded: Vec<Credential>) {
        let (mono, wall) = (self.now.mono, self.now.wall);
        let policy = self.config.staff;
        for kept in loaded {
            let rest = mono + left(kept.failed, kept.pause(), wall);
            let release = mono + left(kept.locked, policy.release_after, wall);
            self.roster
                .entries
                .entry(kept.user.clone())
                .or_insert(Entry {
                    rest,
                    release,
                    ..Entry::new(kept)
                });
        }
    }

    fn key(&self, user: &str) -> String {
        let known = self.roster.entries.get(user);
        if known.is_some_and(|entry| entry.kept.staff.is_some()) {
            user.to_owned()
        } else {
            place(user)
        }
    }

    fn entry(&mut self, key: &str) -> &mut Entry {
        self.roster
            .entries
            .entry(key.to_owned())
            .or_insert_with(|| Entry::new(Credential::new(key)))
    }

    /// A try: at once, or after those of the same ユーザID before it.
    pub(super) fn attempt(&mut self, mut attempt: Attempt) {
        attempt.key = self.key(&attempt.user);
        let key = attempt.key.clone();
        let entry = self.entry(&key);
        if entry.busy {
            entry.waiting.push_back(attempt);
        } else if !self.take_up(attempt) {
            self.next_attempt(&key);
        }
    }

    /// The try is over; the next one may follow.
    pub(super) fn attempt_over(&mut self, key: &str) {
        self.entry(key).busy = false;
        self.next_attempt(key);
    }

    fn next_attempt(&mut self, key: &str) {
        while let Some(mut attempt) = self.entry(key).waiting.pop_front() {
            if !self.fronts.contains_key(&attempt.front) {
                continue;
            }
            let now = self.key(&attempt.user);
            if now != key {
                // Known by now: counted under its own name.
                self.attempt(attempt);
                continue;
            }
            attempt.key = now;
            if self.take_up(attempt) {
                return;
            }
        }
    }

    /// Whether the try is under way now; else it has been refused.
    fn take_up(&mut self, attempt: Attempt) -> bool {
        let policy = self.config.staff;
        // While the line is down the desk decides, whoever it is: how long it
        // takes must not tell who is known here (SEC-2).
        let down = if policy.offline_days > 0 {
            self.line_refusal()
        } else {
            None
        };
        let mono = self.now.mono;
        let entry = self.entry(&attempt.key);
        if entry.kept.locked.is_some() && entry.release <= mono {
            entry.kept.forgive();
        }
        let refusal = if entry.kept.too_many(down.is_some(), &policy) {
            let minutes = minutes(entry.release.saturating_sub(mono));
            Some((Outcome::LockedHere, Failure::LockedHere { minutes }))
        } else if entry.rest > mono {
            let seconds = seconds(entry.rest.saturating_sub(mono));
            Some((Outcome::TooSoon, Failure::TooSoon { seconds }))
        } else {
            entry.busy = true;
            None
        };
        if let Some((outcome, failure)) = refusal {
            self.audit_login(attempt.front, attempt.ticket, &attempt.user, outcome);
            self.fail(attempt.front, attempt.ticket, failure);
            return false;
        }
        match down {
            Some(Failure::Unreachable { cause, .. }) => self.decide_alone(attempt, Some(cause)),
            Some(_) => self.decide_alone(attempt, None),
            None => self.ask_login(attempt),
        }
        true
    }

    /// The central system is away: the password is compared with what is kept
    /// of the last login, or with nothing, at the same pace (SEC-2).
    pub(super) fn decide_alone(&mut self, attempt: Attempt, cause: Option<Unreachable>) {
        let (now, policy) = (self.now.wall, self.config.staff);
        let mono = self.now.mono;
        let entry = self.entry(&attempt.key);
        if entry.kept.too_many(true, &policy) && entry.release > mono {
            let minutes = minutes(entry.release.saturating_sub(mono));
            let key = attempt.key.clone();
            self.audit_login(
                attempt.front,
                attempt.ticket,
                &attempt.user,
                Outcome::LockedHere,
            );
            self.fail(
                attempt.front,
                attempt.ticket,
                Failure::LockedHere { minutes },
            );
            return self.attempt_over(&key);
        }
        let known = self.entry(&attempt.key).kept.usable(now, &policy);
        let (verifier, usable) = match known {
            Some((staff, verifier, until)) => {
                (Some(verifier.to_owned()), Some((staff.clone(), until)))
            }
            None => (None, None),
        };
        let password = attempt.password.clone();
        let work = self.work(Working::Alone {
            attempt,
            usable,
            cause,
        });
        self.out.push(Action::Verify {
            work,
            password,
            verifier,
            cost: self.config.cost,
        });
    }

    fn work(&mut self, working: Working) -> WorkId {
        self.roster.next_work += 1;
        let work = WorkId(self.roster.next_work);
        self.roster.works.insert(work, working);
        work
    }

    pub(super) fn verified(&mut self, work: WorkId, fits: bool) {
        let (attempt, usable, cause) = match self.roster.works.remove(&work) {
            Some(Working::Alone {
                attempt,
                usable,
                cause,
            }) => (attempt, usable, cause),
            Some(Working::Doubt { user }) if fits => return self.withdraw(&user),
            _ => return,
        };
        match usable {
            Some((staff, until)) if fits => self.let_in_alone(&attempt, staff, until),
            usable => {
                let days = self.config.staff.offline_days;
                let judge = usable.map_or(Judge::Nobody, |_| Judge::Desk);
                self.count_wrong(attempt, judge, |wait| Failure::NotKnownHere {
                    days,
                    wait,
                    cause,
                });
            }
        }
    }

    fn let_in_alone(&mut self, attempt: &Attempt, staff: Staff, until: Timestamp) {
        let key = attempt.key.clone();
        self.forgive(&key, Told::Nobody);
        self.admit_staff(attempt, staff, None, Some(until));
        self.attempt_over(&key);
    }

    /// A wrong password: counted on disk before anybody is told (SEC-3).
    pub(super) fn count_wrong(
        &mut self,
        attempt: Attempt,
        judge: Judge,
        failure: impl FnOnce(u64) -> Failure,
    ) {
        let policy = self.config.staff;
        let now = self.now;
        let outcome = match judge {
            Judge::Nobody => Outcome::UnknownOffline,
            Judge::Central | Judge::Desk => Outcome::WrongPassword,
        };
        self.audit_login(attempt.front, attempt.ticket, &attempt.user, outcome);
        let entry = self.entry(&attempt.key);
        if entry.kept.staff.is_none() {
            entry.kept.typed = Some(attempt.user.clone());
        }
        let locks = entry.kept.wrong(now.wall, judge, &policy);
        let pause = entry.kept.pause();
        entry.rest = now.mono + pause;
        let failure = if locks {
            entry.release = now.mono + policy.release_after;
            let minutes = minutes(policy.release_after);
            Failure::LockedHere { minutes }
        } else {
            failure(seconds(pause))
        };
        if locks {
            self.audit_login(
                attempt.front,
                attempt.ticket,
                &attempt.user,
                Outcome::LockedHere,
            );
        }
        let key = attempt.key.clone();
        self.write_credential(&key, Told::Refused { attempt, failure });
    }

    fn forgive(&mut self, key: &str, told: Told) {
        let entry = self.entry(key);
        entry.rest = Duration::ZERO;
        let blamed = entry.kept.blamed();
        entry.kept.forgive();
        if blamed || matches!(told, Told::Locks(_)) {
            self.write_credential(key, told);
        }
    }

    fn write_credential(&mut self, key: &str, told: Told) {
        let kept = self.entry(key).kept.clone();
        let what = What::Staff(Box::new(kept));
        self.write(None, "", what, Writing::Staff(told));
    }

    /// A credential is on disk, or cannot be: then the count holds in memory.
    pub(super) fn credential_written(&mut self, told: Told) {
        match told {
            Told::Nobody => {}
            Told::Refused { attempt, failure } => {
                self.fail(attempt.front, attempt.ticket, failure);
                self.attempt_over(&attempt.key);
            }
            Told::Locks(asker) => {
                let (ticket, locked) = (asker.ticket, self.locked());
                self.reply(&asker, ToFront::Locks { ticket, locked });
            }
        }
    }
}
