//! Tries: asked before every attempt, spent once, never below two without a
//! person's word.

use super::{attempts, card, face, pin, secret};
use madoguchi::card::reading::{Stay, four};
use madoguchi::domain::card::{Face, Key, KeyKind, Trouble};
use madoguchi::simulator::card::App;

const PIN: KeyKind = KeyKind::Pin;

fn wrong_pin(name: &str) -> Key {
    let Key::Pin(right) = pin(name) else {
        unreachable!("a PIN")
    };
    let wrong = if right.reveal() == "9999" {
        "9998"
    } else {
        "9999"
    };
    Key::Pin(secret(wrong))
}

#[test]
fn a_wrong_key_costs_one_try_and_is_never_repeated() {
    let mut machine = card("ichinose");
    let result = four(&mut machine, &wrong_pin("ichinose"), None);
    let left = Some(2);
    assert_eq!(result, Err(Trouble::WrongKey { key: PIN, left }));
    assert_eq!(attempts(machine.log()), 1);
    assert_eq!(machine.tries(App::Text, 0x0011), left);
    // And the next is not tried without a word.
    machine.power_on();
    let result = four(&mut machine, &pin("ichinose"), None);
    assert_eq!(result, Err(Trouble::FewTries { key: PIN, left: 2 }));
    assert_eq!(attempts(machine.log()), 1);
}

#[test]
fn few_tries_need_the_word_for_just_that_number() {
    for (name, left) in [("one-try", 1), ("two-tries", 2)] {
        for key in [pin(name), face(name)] {
            for confirmed in [None, Some(0), Some(3 - left), Some(10)] {
                let mut machine = card(name);
                let few = Trouble::FewTries {
                    key: key.kind(),
                    left,
                };
                assert_eq!(four(&mut machine, &key, confirmed), Err(few));
                assert_eq!(attempts(machine.log()), 0);
            }
            let (_, before) = four(&mut card(name), &key, Some(left)).expect(name);
            assert_eq!(before, Some(left));
        }
    }
}

#[test]
fn the_last_wrong_try_blocks() {
    let mut machine = card("one-try");
    let result = four(&mut machine, &wrong_pin("one-try"), Some(1));
    // That it was wrong is said as well.
    let used_up = Trouble::WrongKey {
        key: PIN,
        left: Some(0),
    };
    assert_eq!(result, Err(used_up));
    assert_eq!(machine.tries(App::Text, 0x0011), Some(0));
}

#[test]
fn nothing_is_sent_to_a_blocked_key() {
    for (name, key) in [
        ("blocked", pin("blocked")),
        ("blocked-iso", pin("blocked-iso")),
        ("blocked-face", face("blocked-face")),
        ("face-only", Key::Pin(secret("1234"))),
    ] {
        for confirmed in [None, Some(0)] {
            let mut machine = card(name);
            let blocked = Trouble::Blocked { key: key.kind() };
            assert_eq!(four(&mut machine, &key, confirmed), Err(blocked), "{name}");
            assert_eq!(attempts(machine.log()), 0, "{name}");
        }
    }
    // The other key of the same card is another counter.
    four(&mut card("blocked"), &face("blocked"), None).unwrap();
    four(&mut card("face-only"), &face("face-only"), None).unwrap();
    four(&mut card("blocked-face"), &pin("blocked-face"), None).unwrap();
}

#[test]
fn a_key_of_the_wrong_form_sends_nothing_at_all() {
    let Key::Face(right) = face("ichinose") else {
        unreachable!("the face")
    };
    for key in [
        Key::Pin(secret("123")),
        Key::Pin(secret("12345")),
        Key::Pin(secret("12 4")),
        Key::Pin(secret("")),
        Key::Face(Face {
            code: secret("24680"),
            ..right.clone()
        }),
        Key::Face(Face {
            expiry_year: 33,
            ..right
        }),
    ] {
        let mut machine = card("ichinose");
        let bad = Trouble::BadKey { key: key.kind() };
        assert_eq!(four(&mut machine, &key, None), Err(bad));
        assert!(machine.log().is_empty());
    }
}

#[test]
fn after_a_wrong_key_the_card_can_still_be_looked_at() {
    let mut machine = card("ichinose");
    let mut stay = Stay::new(&mut machine);
    stay.four(&wrong_pin("ichinose"), None).unwrap_err();
    assert!(stay.alive());
    assert!(stay.look(&[]).unwrap().certificate.is_some());
}

#[test]
fn what_went_wrong_is_said_with_what_to_do() {
    let key = KeyKind::Face;
    for (trouble, words) in [
        (
            Trouble::WrongKey { key, left: Some(9) },
            &["照合番号B", "残り 9 回", "写真の下の 4 桁"][..],
        ),
        (
            Trouble::FewTries { key: PIN, left: 2 },
            &["2 回", "市区町村"],
        ),
        (
            Trouble::Blocked { key: PIN },
            &["券面の 3 つの数字", "顔認証"],
        ),
        (
            Trouble::Blocked { key },
            &["暗証番号で読むか", "手で入れて", "市区町村の窓口"],
        ),
        (
            Trouble::WrongKey {
                key: PIN,
                left: Some(0),
            },
            &["違いました。これで使えなくなりました", "券面の 3 つの数字"],
        ),
        (Trouble::BadKey { key }, &["送っていません", "確かめて"]),
        (Trouble::Unproved, &["署名", "確かめて"]),
    ] {
        let text = trouble.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
}
