//! What a card or a reader fails with: said, and tried again.

use super::*;

#[test]
fn a_mute_card_is_said_at_once_and_tried_again() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.say(&order, Err(Trouble::Mute));
    assert_eq!(rig.glance().kind, Some(Kind::Mute));
    assert_eq!(rig.glance().trouble, Some(Trouble::Mute));
    rig.pass(1000);
    let order = rig.order();
    rig.say(&order, Ok(Said::Look(look("1"))));
    assert_eq!(rig.glance().kind, Some(Kind::MyNumber));
    assert_eq!(rig.glance().trouble, None);
}

#[test]
fn a_card_just_taken_away_is_not_called_unreadable() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.answer(&order, true, Err(Trouble::Lifted));
    // The service has not noticed yet, but cannot power it up any more.
    for _ in 0..4 {
        let order = rig.order();
        rig.say(&order, Err(Trouble::Mute));
        assert_eq!(rig.glance().trouble, None);
        rig.pass(500);
    }
    rig.readers(&[(NAME, 2)]);
    assert_eq!(rig.said().last(), Some(&waiting()));
    // One that stays is.
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.answer(&order, true, Err(Trouble::Lifted));
    while !rig.orders.is_empty() {
        let order = rig.order();
        rig.say(&order, Err(Trouble::Mute));
        rig.pass(500);
    }
    assert_eq!(rig.glance().trouble, Some(Trouble::Mute));
}

#[test]
fn what_a_look_fails_with_is_said_and_a_job_may_still_be_tried() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    let odd = Trouble::Odd {
        step: "SELECT".to_owned(),
        status: 0x6F00,
    };
    rig.say(&order, Err(odd.clone()));
    assert_eq!(rig.glance().trouble, Some(odd));
    rig.pass(60_000);
    assert_eq!(rig.orders, []);
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    let kind = Kind::Bank;
    rig.say(&order, Err(Trouble::WrongKind { kind }));
    assert_eq!(rig.done(), [(1, Err(Trouble::WrongKind { kind }))]);
    assert_eq!(rig.orders, []);
}
