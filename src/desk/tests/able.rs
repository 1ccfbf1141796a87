//! Who may look a waiting note up is named to whoever may read the ledger.

use super::rig::*;
use crate::central::call::Fault;
use crate::desk::event::Config;
use crate::domain::staff::Policy;
use crate::link::message::{FrontId, ToDesk, ToFront};

fn able(rig: &Rig, front: FrontId) -> Option<Vec<String>> {
    match rig.last(front, |m| matches!(m, ToFront::Able(_)))? {
        ToFront::Able(staff) => Some(staff.iter().map(|one| one.user.clone()).collect()),
        _ => None,
    }
}

#[test]
fn out_9_who_has_the_right_is_named_to_those_who_are_logged_in() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.attach(TWO);
    rig.login(TWO, "002");
    rig.ponder();
    rig.seconds(60);
    rig.login(ONE, "003");
    rig.ponder();
    assert_eq!(
        able(&rig, TWO),
        Some(vec!["003".to_owned(), "002".to_owned()]),
        "a new person is told to those who are there"
    );
    rig.restart();
    rig.attach(ONE);
    rig.attach(TWO);
    assert_eq!(able(&rig, ONE), None, "nobody's name without a login");
    rig.try_login(TWO, "002", "right", true);
    rig.ponder();
    let mut told = able(&rig, TWO).unwrap();
    told.sort();
    assert_eq!(told, ["002", "003"]);
    assert_eq!(able(&rig, ONE), None);
}

fn after(rig: &mut Rig, what: impl FnOnce(&mut Rig)) -> Vec<String> {
    what(rig);
    rig.ponder();
    able(rig, TWO).unwrap_or_default()
}

fn wrong(rig: &mut Rig) {
    for _ in 0..5 {
        rig.try_login(ONE, "003", "wrong", false);
        rig.ponder();
        rig.seconds(40);
    }
}

#[test]
fn out_9_a_lock_and_its_end_change_who_is_named() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.attach(TWO);
    rig.login(TWO, "002");
    rig.login(ONE, "003");
    rig.ponder();
    rig.say(ONE, ToDesk::Logout);
    assert_eq!(after(&mut rig, wrong), ["002"], "locked here");
    // The half hour is over; nobody did anything.
    let freed = after(&mut rig, |rig| {
        rig.seconds(15 * 60);
        rig.say(TWO, crate::link::message::ToDesk::Active { ago_ms: 0 });
        rig.seconds(15 * 60);
    });
    assert!(freed.contains(&"003".to_owned()), "{freed:?}");
}

/// Front ends 1 and 2, and 002 at the second, who is told.
fn desk(config: Config) -> Rig {
    let mut rig = Rig::with(config);
    rig.attach(ONE);
    rig.attach(TWO);
    rig.login(TWO, "002");
    rig.ponder();
    rig
}

fn came(rig: &mut Rig, user: &str) -> Vec<String> {
    rig.seconds(60);
    rig.login(ONE, user);
    rig.ponder();
    rig.say(ONE, ToDesk::Logout);
    after(rig, |_| {})
}

#[test]
fn out_9_only_kinds_that_may_look_up_are_named() {
    let mut rig = desk(config());
    assert_eq!(came(&mut rig, "000"), ["002"], "マスタ may not");
    assert_eq!(came(&mut rig, "001"), ["001", "002"], "管理 may");
    assert_eq!(
        came(&mut rig, "003"),
        ["003", "001", "002"],
        "the newest first"
    );
}

#[test]
fn out_9_without_offline_logins_whoever_was_here_is_named() {
    let mut rig = desk(Config {
        staff: Policy {
            offline_days: 0,
            ..Policy::default()
        },
        ..config()
    });
    assert_eq!(came(&mut rig, "003"), ["003", "002"]);
    rig.seconds(60 * 24 * 60 * 60);
    rig.restart();
    rig.attach(TWO);
    rig.try_login(TWO, "002", "right", true);
    rig.ponder();
    assert_eq!(able(&rig, TWO).unwrap(), ["002", "003"], "no days run out");
}

#[test]
fn out_9_whose_days_are_over_is_not_named() {
    let mut rig = desk(config());
    assert_eq!(came(&mut rig, "003"), ["003", "002"]);
    rig.seconds(15 * 24 * 60 * 60);
    rig.try_login(TWO, "002", "right", true);
    rig.ponder();
    assert_eq!(able(&rig, TWO).unwrap(), ["002"]);
}

#[test]
fn sec_12_whom_the_central_system_turns_away_is_not_named() {
    for fault in [Fault::Locked, Fault::Inactive] {
        let mut rig = desk(config());
        assert_eq!(came(&mut rig, "003"), ["003", "002"]);
        rig.script.hole = true;
        rig.try_login(ONE, "003", "right", false);
        rig.answer_open(&Err(fault.clone()));
        rig.ponder();
        assert_eq!(able(&rig, TWO).unwrap(), ["002"], "{fault:?}");
    }
}

#[test]
fn out_11_who_may_not_read_the_ledger_is_told_no_names() {
    let mut rig = desk(config());
    rig.login(ONE, "000");
    rig.ponder();
    assert_eq!(able(&rig, ONE), None);
    assert_eq!(able(&rig, TWO).unwrap(), ["002"]);
}
