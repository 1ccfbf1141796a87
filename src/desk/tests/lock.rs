//! Wrong passwords: waits and locks (SEC-3).

use super::rig::*;
use super::staff::{outage_after_a_login, outcomes};
use crate::central::call::Fault;
use crate::domain::failure::Failure;
use crate::link::message::{FrontId, ToDesk, ToFront};
use crate::store::record::What;

fn unlock(rig: &mut Rig, front: FrontId, user: &str) {
    let ticket = rig.ticket();
    let user = user.to_owned();
    rig.say(front, ToDesk::Unlock { ticket, user });
}

/// Wrong passwords until the lock, each after its wait.
fn lock(rig: &mut Rig, front: FrontId, user: &str) {
    for _ in 0..5 {
        rig.try_login(front, user, "wrong", false);
        rig.seconds(30);
    }
    assert!(
        outcomes(rig).contains(&"locked-here"),
        "{:?}",
        outcomes(rig)
    );
}

/// SEC-3: the wait, and that a try within it is neither sent nor counted.
#[test]
fn sec_3_a_try_too_soon_is_not_tried() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "wrong", false);
    assert_eq!(rig.failure(ONE), Failure::WrongPassword { wait: 1 });
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::TooSoon { seconds: 1 });
    // Not for another person.
    rig.login(ONE, "002");
    assert_eq!(rig.script.count("login"), 2);
    rig.seconds(1);
    rig.try_login(ONE, "003", "wrong", false);
    assert_eq!(rig.failure(ONE), Failure::WrongPassword { wait: 2 });
    rig.seconds(1);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::TooSoon { seconds: 1 });
    rig.seconds(1);
    rig.login(ONE, "003");
    // The right one has made good for all before.
    rig.say(ONE, ToDesk::Logout);
    rig.try_login(ONE, "003", "wrong", false);
    assert_eq!(rig.failure(ONE), Failure::WrongPassword { wait: 1 });
}

#[test]
fn sec_3_five_wrong_ones_lock_and_the_right_one_is_refused_as_well() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    lock(&mut rig, ONE, "003");
    assert_eq!(rig.script.count("login"), 5);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::LockedHere { minutes: 30 });
    assert_eq!(rig.script.count("login"), 5, "not asked");
    // It lets go by itself: the last way in is never closed.
    rig.seconds(29 * 60);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::LockedHere { minutes: 1 });
    rig.seconds(60);
    rig.login(ONE, "003");
}

/// Nobody hears that a password was wrong before the count is on disk.
#[test]
fn sec_3_the_count_is_on_disk_before_the_answer() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.hold_writes = true;
    rig.try_login(ONE, "003", "wrong", false);
    let failed = |rig: &Rig| {
        rig.last(ONE, |m| matches!(m, ToFront::Failed { .. }))
            .is_some()
    };
    assert!(!failed(&rig));
    rig.hold_writes = false;
    rig.flush();
    assert!(failed(&rig));
}

/// Killed after each try: five tries are five, whoever starts the service.
#[test]
fn sec_3_the_count_and_the_lock_survive_a_restart() {
    let mut rig = Rig::new();
    for n in 0..5 {
        rig.attach(ONE);
        rig.try_login(ONE, "003", "wrong", false);
        let failure = rig.failure(ONE);
        let expected = if n < 4 {
            Failure::WrongPassword { wait: 1 << n }
        } else {
            Failure::LockedHere { minutes: 30 }
        };
        assert_eq!(failure, expected, "{n}");
        rig.restart();
        rig.seconds(30);
    }
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", false);
    assert!(matches!(rig.failure(ONE), Failure::LockedHere { .. }));
    // ... and the wait goes on after a restart too.
    rig.try_login(ONE, "002", "wrong", false);
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "002", "right", false);
    assert_eq!(rig.failure(ONE), Failure::TooSoon { seconds: 1 });
}

/// SEC-3: 20 front ends at once get no more tries than one.
#[test]
fn sec_3_parallel_tries_are_counted_together() {
    for down in [false, true] {
        let mut rig = if down {
            outage_after_a_login("003")
        } else {
            Rig::new()
        };
        let fronts: Vec<FrontId> = (10..30).map(FrontId).collect();
        for front in &fronts {
            rig.attach(*front);
        }
        rig.forget();
        rig.pondered = 0;
        for _ in 0..20 {
            // All are there before the first is answered.
            rig.script.hole = true;
            for front in &fronts {
                rig.try_login(*front, "003", "wrong", false);
            }
            rig.script.hole = false;
            rig.answer_open(&Err(Fault::WrongPassword));
            rig.seconds(31);
        }
        let tried = if down {
            rig.pondered
        } else {
            rig.script.count("login")
        };
        assert_eq!(tried, 5, "down: {down}");
        for front in fronts {
            assert!(matches!(rig.failure(front), Failure::LockedHere { .. }));
        }
    }
}

#[test]
fn sec_3_an_administrator_unlocks() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.attach(TWO);
    lock(&mut rig, ONE, "003");
    unlock(&mut rig, TWO, "003");
    assert_eq!(rig.failure(TWO), Failure::NotLoggedIn);
    rig.login(TWO, "002");
    unlock(&mut rig, TWO, "003");
    assert!(matches!(rig.failure(TWO), Failure::NotAllowed { .. }));
    rig.login(TWO, "001");
    let ticket = rig.ticket();
    rig.say(TWO, ToDesk::Locks { ticket });
    let ToFront::Locks { locked, .. } = rig.answer(TWO).clone() else {
        panic!("{:?}", rig.answer(TWO));
    };
    assert_eq!(locked.len(), 1);
    assert_eq!(locked[0].user, "003");
    unlock(&mut rig, TWO, "003");
    assert!(matches!(rig.answer(TWO), ToFront::Locks { locked, .. } if locked.is_empty()));
    let by: Vec<_> = rig
        .disk
        .iter()
        .filter(|r| matches!(&r.what, What::Login { outcome, .. } if outcome == "unlocked"))
        .map(|r| r.by.as_str())
        .collect();
    assert_eq!(by, ["001"]);
    rig.login(ONE, "003");
}

/// Tries that nobody could judge do not close the way to the central system
/// when that is back.
#[test]
fn a_password_nobody_could_judge_is_not_held_against_its_owner() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    rig.attach(TWO);
    for _ in 0..5 {
        rig.try_login(TWO, "002", "right", false);
        rig.seconds(16);
    }
    assert!(matches!(rig.failure(TWO), Failure::LockedHere { .. }));
    rig.recovery();
    rig.login(TWO, "002");
}

/// 4 that nobody could judge and 1 that was wrong are not 5 wrong ones: what
/// is said, written and done is the same.
#[test]
fn sec_3_who_is_said_to_be_locked_is_locked() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    rig.attach(TWO);
    for _ in 0..4 {
        rig.try_login(TWO, "002", "right", false);
        rig.seconds(16);
    }
    rig.recovery();
    rig.try_login(TWO, "002", "wrong", false);
    assert_eq!(rig.failure(TWO), Failure::WrongPassword { wait: 16 });
    assert!(!outcomes(&rig).contains(&"locked-here"));
    for _ in 0..4 {
        rig.seconds(30);
        rig.try_login(TWO, "002", "wrong", false);
    }
    assert!(matches!(rig.failure(TWO), Failure::LockedHere { .. }));
    rig.seconds(30);
    rig.try_login(TWO, "002", "right", false);
    assert!(matches!(rig.failure(TWO), Failure::LockedHere { .. }));
}
