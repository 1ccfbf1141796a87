//! What waits: for a card, which is the first that comes, or for a reader
//! that another program uses.

use super::*;

#[test]
fn what_waits_for_a_card_is_for_the_first_one_alone() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 0)]);
    rig.step(Input::Job(read(1, None)));
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.say(&order, Err(Trouble::InUse));
    assert_eq!(rig.done(), []);
    // Taken away while another program had it.
    rig.readers(&[(NAME, 2)]);
    assert_eq!(rig.done(), [(1, Err(Trouble::NoCard))]);
    rig.orders.clear();
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.orders.len(), 1);
    assert_eq!(rig.order().work, Work::Look);
}

#[test]
fn stays_are_counted_on_from_the_clock() {
    let start = Timestamp::from_second(1_795_133_520).unwrap();
    let mut rig = Rig::new();
    rig.mind = Mind::new(None, start);
    rig.readers(&[(NAME, 1)]);
    assert_eq!(rig.glance().presence, Presence(1_795_133_520_001));
}

#[test]
fn a_reader_in_use_is_said_and_tried_again_but_not_for_ever() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.say(&order, Err(Trouble::InUse));
    // It is tried again by itself: nothing to be said yet.
    assert_eq!(rig.glance().trouble, None);
    let due = rig.mind.due().unwrap().as_millis();
    assert!((700..=1300).contains(&due), "{due}");
    // The other program lets go: the service says so. Another has it then.
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.say(&order, Err(Trouble::InUse));
    assert_eq!(rig.glance().trouble, Some(Trouble::InUse));
    rig.readers(&[(NAME, 1)]);
    let mut order = rig.order();
    let mut tries = 0;
    loop {
        rig.say(&order, Err(Trouble::InUse));
        tries += 1;
        if rig.mind.due().is_none() {
            break;
        }
        rig.pass(1300);
        order = rig.order();
    }
    assert_eq!(tries, 10);
    assert_eq!(rig.glance().trouble, Some(Trouble::InUse));
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.say(&order, Ok(Said::Look(look("1"))));
    assert_eq!(rig.glance().trouble, None);
}

#[test]
fn a_job_waits_for_a_reader_in_use_as_long_as_it_is_tried() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    for refused in 0..9 {
        let order = rig.order();
        rig.say(&order, Err(Trouble::InUse));
        assert_eq!(rig.done(), []);
        let told = (refused > 0).then_some(Trouble::InUse);
        assert_eq!(rig.glance().trouble, told);
        rig.pass(1300);
    }
    let order = rig.order();
    rig.say(&order, Err(Trouble::InUse));
    assert_eq!(rig.done(), [(1, Err(Trouble::InUse))]);
}

#[test]
fn a_reading_is_not_left_for_a_card_on_the_other_reader() {
    const OTHER: &str = "Other 01 00";
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1), (OTHER, 0)]);
    let order = rig.order();
    rig.say(&order, Ok(Said::Look(look("1"))));
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.readers(&[(NAME, 1), (OTHER, 1)]);
    assert_eq!(rig.orders, []);
    rig.say(
        &order,
        Ok(Said::Four {
            four: four(),
            left: None,
        }),
    );
    assert_eq!(rig.done(), [(1, Ok(()))]);
    // Put there anew it is the newest.
    rig.readers(&[(NAME, 1), (OTHER, 3)]);
    assert_eq!(rig.order().reader.name, OTHER);
}

#[test]
fn two_desks_that_wait_for_one_reader_do_not_keep_step() {
    let pauses = |start: i64| {
        let mut rig = Rig::new();
        rig.mind = Mind::new(None, Timestamp::from_millisecond(start).unwrap());
        rig.readers(&[(NAME, 1)]);
        let mut pauses = Vec::new();
        loop {
            let order = rig.order();
            rig.say(&order, Err(Trouble::InUse));
            let Some(due) = rig.mind.due() else {
                return pauses;
            };
            let pause = u64::try_from(due.checked_sub(rig.at).unwrap().as_millis()).unwrap();
            assert!((700..=1300).contains(&pause), "{pause}");
            pauses.push(pause);
            rig.pass(pause);
        }
    };
    let (one, other) = (pauses(1_795_133_520_000), pauses(1_795_133_520_001));
    assert_eq!((one.len(), other.len()), (9, 9));
    assert_ne!(one, other);
    assert!(one.iter().any(|pause| *pause != one[0]), "{one:?}");
}
