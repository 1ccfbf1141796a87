//! What a card says without a PIN: for whoever asks and may, after a line,
//! while it lies there.

use super::*;

fn ask(rig: &mut Rig, front: FrontId) {
    let ticket = rig.ticket();
    rig.say(
        front,
        ToDesk::Card {
            ticket,
            serial: true,
        },
    );
}

#[test]
fn who_asks_is_told_while_the_card_lies_there() {
    let cases: [(&str, ReaderState, Trouble); 4] = [
        ("none", empty(), Trouble::NoCard),
        ("no reader", ReaderState::NoReader, Trouble::NoReader),
        ("no service", ReaderState::NoService, Trouble::NoReader),
        ("mute", glance(B, None, Some(Trouble::Mute)), Trouble::Mute),
    ];
    for (name, state, why) in cases {
        let mut rig = Rig::staffed("003");
        rig.put_card(A, SERIAL);
        ask(&mut rig, ONE);
        // The card itself is asked whether it is still this one.
        assert_eq!(rig.jobs, [Job::Look], "{name}");
        rig.event(Event::Card(Report::Seen(seen(A, SERIAL))));
        assert!(
            matches!(rig.answer(ONE), ToFront::Card { seen, .. } if seen.serial == SERIAL),
            "{name}"
        );
        let line = |what: &&What| {
            matches!(
                what,
                What::CardViewed {
                    kind: Kind::MyNumber
                }
            )
        };
        assert_eq!(rig.audit().into_iter().filter(line).count(), 1, "{name}");
        rig.reader(state);
        assert!(rig.desk.card.seen.is_none(), "{name}: kept");
        ask(&mut rig, ONE);
        assert_eq!(trouble(&rig, ONE), why, "{name}");
        assert!(!serde_json::to_string(&rig.disk).unwrap().contains(SERIAL));
    }
}

#[test]
fn who_asks_too_early_waits_for_the_look() {
    type Then = fn(&mut Rig);
    let cases: [(&str, Then, Option<Trouble>); 5] = [
        ("looked at", |rig| rig.put_card(A, SERIAL), None),
        (
            "mute",
            |rig| rig.reader(glance(A, None, Some(Trouble::Mute))),
            Some(Trouble::Mute),
        ),
        (
            "taken away",
            |rig| rig.reader(empty()),
            Some(Trouble::Lifted),
        ),
        (
            "another one",
            |rig| rig.put_card(B, "7"),
            Some(Trouble::Lifted),
        ),
        (
            "pane left",
            |rig| rig.say(ONE, ToDesk::DropCard),
            Some(Trouble::Dropped),
        ),
    ];
    for (name, then, why) in cases {
        let mut rig = Rig::staffed("003");
        rig.reader(glance(A, None, None));
        rig.forget();
        ask(&mut rig, ONE);
        assert!(rig.last(ONE, |m| m.ticket().is_some()).is_none(), "{name}");
        then(&mut rig);
        match why {
            None => assert!(matches!(rig.answer(ONE), ToFront::Card { .. }), "{name}"),
            Some(why) => assert_eq!(trouble(&rig, ONE), why, "{name}"),
        }
    }
}

#[test]
fn what_is_said_of_another_stay_is_not_heard() {
    let mut rig = Rig::staffed("003");
    rig.reader(glance(B, Some(Kind::MyNumber), None));
    rig.event(Event::Card(Report::Seen(seen(A, SERIAL))));
    assert!(rig.desk.card.seen.is_none());
}

#[test]
fn every_screen_is_told_the_glance_and_no_more() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.put_card(A, SERIAL);
    assert_eq!(
        rig.status(ONE).reader,
        glance(A, Some(Kind::MyNumber), None)
    );
    let told = serde_json::to_string(&rig.told[&ONE]).unwrap();
    assert!(!told.contains(SERIAL) && !told.contains("JPKI"), "{told}");
}

#[test]
fn the_serial_number_crosses_the_link_only_for_who_asked_for_it() {
    // Looked at already, and while it is being looked at.
    for early in [false, true] {
        let mut rig = Rig::staffed("003");
        rig.put_card(A, SERIAL);
        if early {
            rig.reader(glance(B, None, None));
        }
        rig.forget();
        let ticket = rig.ticket();
        rig.say(
            ONE,
            ToDesk::Card {
                ticket,
                serial: false,
            },
        );
        rig.put_card(if early { B } else { A }, SERIAL);
        assert!(matches!(rig.answer(ONE), ToFront::Card { seen, .. }
                if seen.serial.is_empty() && seen.certificate.is_some()));
        let viewed = |what: &&What| matches!(what, What::CardViewed { .. });
        assert_eq!(rig.audit().into_iter().filter(viewed).count(), 0);
        assert!(!serde_json::to_string(&rig.told).unwrap().contains(SERIAL));
        // The desk itself still knows whose card it is.
        assert_eq!(rig.desk.card.seen.as_ref().unwrap().serial, SERIAL);
    }
}
