//! Keys that are wrong, few, late or of no form.

use super::*;

#[test]
fn few_tries_blocked_and_wrong_keys_are_said_and_written() {
    let key = KeyKind::Pin;
    let left = |left| Some(left);
    let cases = [
        (
            Trouble::FewTries { key, left: 2 },
            "card-few-tries",
            left(2),
        ),
        (
            Trouble::WrongKey { key, left: left(4) },
            "card-wrong-key",
            left(4),
        ),
        (Trouble::Blocked { key }, "card-blocked", left(0)),
        (Trouble::SlowKey { key }, "card-slow", None),
    ];
    for (why, word, left) in cases {
        let mut rig = with_challenge();
        rig.put_card(A, SERIAL);
        let id = rig.read_card(ONE, Some(A)).unwrap();
        // Whatever the disk does, a person has to know.
        rig.store_error = Some(full());
        rig.done(id, Err(why.clone()));
        assert_eq!(trouble(&rig, ONE), why);
        rig.store_error = None;
        let id = rig.read_confirmed(ONE, Some(A), Some(2)).unwrap();
        assert!(matches!(
            rig.jobs.last(),
            Some(Job::Read {
                confirmed: Some(2),
                presence: Some(A),
                ..
            })
        ));
        rig.done(id, Err(why));
        assert_eq!(rig.used(), [(key, word.to_owned(), left)]);
    }
}

#[test]
fn a_try_that_shows_after_ten_seconds_has_its_line() {
    let key = KeyKind::Pin;
    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.read_card(ONE, Some(A)).unwrap();
    rig.done(id, Err(Trouble::Slow));
    let said = trouble(&rig, ONE);
    assert_eq!(said, Trouble::SlowKey { key });
    assert!(said.to_string().contains("1 回試したことになっているかも"));
    let left = Some(2);
    rig.done(id, Err(Trouble::WrongKey { key, left }));
    let lines = [("card-slow", None), ("card-wrong-key", left)];
    let lines = lines.map(|(word, left)| (key, word.to_owned(), left));
    assert_eq!(rig.used(), lines);
    // The desk may have been told twice: one line each.
    rig.done(id, Err(Trouble::WrongKey { key, left }));
    assert_eq!(rig.used(), lines);
}

#[test]
fn a_key_that_fitted_after_the_person_had_gone_has_its_line_too() {
    let key = KeyKind::Pin;
    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.read_card(ONE, Some(A)).unwrap();
    rig.say(ONE, ToDesk::DropCard);
    rig.done(id, Ok(Outcome::Late { left: Some(3) }));
    assert_eq!(rig.answers(ONE), 0, "nothing of the card");
    let used = rig.used();
    let [(_, dropped, _), fitted] = used.as_slice() else {
        panic!("{used:?}");
    };
    assert_eq!(dropped, "card-dropped");
    assert_eq!(*fitted, (key, "ok".to_owned(), Some(3)));
}

#[test]
fn what_is_not_of_the_card_that_was_meant_is_thrown_away() {
    for (name, wished, lies, read) in [
        ("another card was read", Some(A), A, B),
        ("another card lies there now", Some(A), B, A),
        ("the next card, but another lies there", None, A, B),
    ] {
        let mut rig = with_challenge();
        rig.put_card(A, SERIAL);
        let id = rig.read_card(ONE, wished).unwrap();
        if lies != A {
            rig.put_card(lies, "7");
        }
        rig.read_done(id, read);
        assert_eq!(rig.answers(ONE), 0, "{name}");
        assert_eq!(trouble(&rig, ONE), Trouble::Lifted, "{name}");
    }
    // The four for who asked for a signature, and the other way round.
    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.prove_card(ONE).unwrap();
    rig.read_done(id, A);
    assert_eq!((rig.answers(ONE), trouble(&rig, ONE)), (0, Trouble::Lifted));
    let id = rig.read_card(ONE, None).unwrap();
    rig.done(id, Ok(Outcome::Proved(seen(A, SERIAL))));
    assert_eq!((rig.answers(ONE), trouble(&rig, ONE)), (0, Trouble::Lifted));
}

#[test]
fn a_key_of_the_wrong_form_does_not_reach_the_card() {
    let secret = |text: &str| Secret::new(text.to_owned());
    let born = |birth, year, code: &str| {
        Key::Face(Face {
            birth,
            expiry_year: year,
            code: secret(code),
            western: false,
        })
    };
    let face = |year, code: &str| born(BORN, year, code);
    let tomorrow = TODAY.tomorrow().unwrap();
    for (name, key, good) in [
        ("pin", Key::Pin(secret("1234")), true),
        ("three digits", Key::Pin(secret("123")), false),
        ("five digits", Key::Pin(secret("12345")), false),
        ("none", Key::Pin(secret("")), false),
        ("letters", Key::Pin(secret("12a4")), false),
        ("wide digits", Key::Pin(secret("１２３４")), false),
        ("control characters", Key::Pin(secret("123\n")), false),
        ("a megabyte", Key::Pin(secret(&"1".repeat(1 << 20))), false),
        ("face", face(2033, "4321"), true),
        ("born today", born(TODAY, 2033, "4321"), true),
        ("not born yet", born(tomorrow, 2033, "4321"), false),
        ("short year", face(33, "4321"), false),
        ("short code", face(2033, "432"), false),
        ("year of five digits", face(20331, "4321"), false),
    ] {
        let mut rig = with_challenge();
        rig.put_card(A, SERIAL);
        let kind = key.kind();
        let ticket = rig.ticket();
        let pin = match &key {
            Key::Pin(pin) => Some(pin.clone()),
            Key::Face(_) => None,
        };
        let read = ToDesk::ReadCard {
            ticket,
            presence: Some(A),
            key,
            confirmed: None,
        };
        rig.say(ONE, read);
        assert_eq!(rig.jobs.len(), usize::from(good), "{name}");
        if !good {
            assert_eq!(trouble(&rig, ONE), Trouble::BadKey { key: kind }, "{name}");
        }
        rig.say(ONE, ToDesk::DropCard);
        rig.jobs.clear();
        let Some(pin) = pin else { continue };
        let ticket = rig.ticket();
        let prove = ToDesk::ProveCard {
            ticket,
            presence: Some(A),
            pin,
            confirmed: None,
        };
        rig.say(ONE, prove);
        assert_eq!(rig.jobs.len(), usize::from(good), "{name}");
    }
}
