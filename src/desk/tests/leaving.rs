//! A login never overtakes the logout of the same user ID (QG-37).

use super::rig::*;
use crate::central::call::{Answer, Call, Fault};
use crate::desk::event::Event;
use crate::domain::failure::Unreachable;
use crate::link::message::{FrontId, ToDesk, ToFront};

const OTHER: FrontId = FrontId(7);

/// 003 has logged out at ONE, and the central system has not said so yet.
fn logging_out() -> Rig {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.attach(OTHER);
    rig.login(ONE, "003");
    rig.script.hole = true;
    rig.say(ONE, ToDesk::Logout);
    assert!(matches!(rig.open[..], [(_, Call::Logout { .. })]));
    rig.script.hole = false;
    rig
}

/// It has heard of the logout by now.
fn arrives(rig: &mut Rig) {
    for (call, what) in std::mem::take(&mut rig.open) {
        let result = rig.script.answer(&what).unwrap();
        rig.event(Event::Answered { call, result });
    }
}

fn logged_in(rig: &Rig, front: FrontId) -> bool {
    let login = |m: &ToFront| matches!(m, ToFront::LoggedIn { .. });
    rig.last(front, login).is_some()
}

#[test]
fn a_login_waits_for_the_logout_of_the_same_id() {
    for said in [
        Ok(Answer::LoggedOut),
        Err(Fault::Unauthorized),
        Err(Fault::Unreachable(Unreachable::Refused)),
    ] {
        let mut rig = logging_out();
        rig.try_login(OTHER, "003", "right", false);
        assert_eq!(rig.script.count("login"), 1, "it would overtake the logout");
        rig.answer_open(&said);
        assert_eq!(rig.script.count("login"), 2);
    }
    let mut rig = logging_out();
    rig.try_login(OTHER, "003", "right", false);
    arrives(&mut rig);
    assert!(logged_in(&rig, OTHER));
}

#[test]
fn nobody_else_waits_for_it_nor_anybody_for_ever() {
    let mut rig = logging_out();
    rig.try_login(OTHER, "002", "right", false);
    assert!(logged_in(&rig, OTHER));
    let mut rig = logging_out();
    rig.try_login(OTHER, "003", "right", false);
    rig.seconds(2);
    assert_eq!(rig.script.count("login"), 1);
    rig.seconds(2);
    assert_eq!(rig.script.count("login"), 2);
}

#[test]
fn a_front_end_that_hangs_up_meanwhile_leaves_no_login_open() {
    let mut rig = logging_out();
    rig.try_login(OTHER, "003", "right", false);
    rig.event(Event::Detached { front: OTHER });
    arrives(&mut rig);
    // The first logout was asked for twice: once it was not heard.
    assert_eq!(rig.script.count("login"), 2);
    assert_eq!(rig.script.count("logout"), 1 + 2);
}
