//! Who may look a waiting note up is named to whoever may read the ledger.

use super::rig::*;
use crate::link::message::{FrontId, ToFront};

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
    rig.say(ONE, crate::link::message::ToDesk::Logout);
    assert_eq!(after(&mut rig, wrong), ["002"], "locked here");
    // The half hour is over; nobody did anything.
    let freed = after(&mut rig, |rig| {
        rig.seconds(15 * 60);
        rig.say(TWO, crate::link::message::ToDesk::Active { ago_ms: 0 });
        rig.seconds(15 * 60);
    });
    assert!(freed.contains(&"003".to_owned()), "{freed:?}");
}
