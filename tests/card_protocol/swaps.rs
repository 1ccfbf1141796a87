//! Two people's cards never mix, wherever one is changed for the other, seen
//! or unseen by the reader (section 8.6).

use super::{attempts, card, face, rack, secret};
use madoguchi::card::prove::prove;
use madoguchi::card::reading::{Look, Stay, four, look};
use madoguchi::domain::card::{Kind, Trouble};
use madoguchi::simulator::card::{App, Machine, Manner, Removal};

/// `first`, which is changed for `second` at `removal`.
fn changed(first: &str, second: &str, removal: Removal, unseen: bool) -> Machine {
    card(first).with(Manner {
        removal: Some(removal),
        next: Some(Box::new(card(second))),
        unseen,
        ..Manner::default()
    })
}

/// Every way to change at command 1 to `last`.
fn ways(last: u32) -> impl Iterator<Item = (Removal, bool)> {
    (1..=last)
        .flat_map(|n| [Removal::During(n), Removal::After(n)])
        .flat_map(|removal| [(removal, false), (removal, true)])
}

#[test]
fn the_four_are_of_one_card() {
    for (removal, unseen) in ways(8) {
        let mut machine = changed("ichinose", "hanako", removal, unseen);
        let result = four(&mut machine, &face("ichinose"), None);
        // Changed without a failed command before the key's application was
        // selected: the key is tried on the second, and does not fit.
        let second = unseen
            && (begins(removal) || matches!(removal, Removal::During(3) | Removal::After(2)));
        match (removal, &result) {
            // The last answer is the last thing that is needed.
            (Removal::After(8), Ok((four, _))) => assert_eq!(four.name.text, "一ノ瀬　薫"),
            (_, Err(Trouble::WrongKey { .. })) => assert!(second, "{removal:?}"),
            (_, Ok(_)) => panic!("{removal:?} {unseen} was not noticed"),
            (_, Err(_)) => {}
        }
        // Unseen, the reader itself says to the second what the first lost.
        let most = if unseen { 2 } else { 1 };
        assert!(attempts(machine.log()) <= most, "{removal:?} {unseen}");
        if machine.name() == "hanako" && !second {
            let left = machine.tries(App::Text, 0x0015);
            assert_eq!(left, Some(10), "{removal:?}: nobody else's try is spent");
        }
        assert!(machine.trips().is_empty());
    }
}

/// The card is changed before it has said whose it is.
fn begins(removal: Removal) -> bool {
    matches!(removal, Removal::During(1 | 2) | Removal::After(1))
}

#[test]
fn the_look_is_of_one_card() {
    let whole = |name| look(&mut card(name), &[]).unwrap();
    let (first, second): (Look, Look) = (whole("ichinose"), whole("hanako"));
    for (removal, unseen) in ways(14) {
        let mut machine = changed("ichinose", "hanako", removal, unseen);
        if let Ok(look) = look(&mut machine, &[]) {
            if look == Look::bare(Kind::UnknownToken) {
                // Nothing of either is told.
                continue;
            }
            let expected = if unseen && begins(removal) {
                &second
            } else {
                &first
            };
            assert_eq!(&look, expected, "{removal:?} {unseen}");
        }
    }
}

#[test]
fn a_proof_is_of_one_card() {
    let pin = secret(&rack().facts("ichinose").unwrap().authentication);
    for (removal, unseen) in ways(14) {
        let mut machine = changed("ichinose", "hanako", removal, unseen);
        if let Ok(look) = prove(&mut machine, &pin, None, [9; 32]) {
            let second = unseen && begins(removal);
            let name = if second { "hanako" } else { "ichinose" };
            let serial = rack().facts(name).unwrap().serial;
            let serial = u128::from_str_radix(&serial, 16).unwrap();
            assert_eq!(look.serial, serial.to_string(), "{removal:?} {unseen}");
        }
    }
}

#[test]
fn a_card_that_was_met_before_is_met_again_before_its_key_is_tried() {
    for (first, second) in [
        ("ichinose", "hanako"),
        ("ichinose", "bare"),
        ("ichinose", "no-certificate"),
        ("bare", "ichinose"),
        ("no-certificate", "ichinose"),
        ("ichinose", "android"),
        ("ichinose", "licence"),
    ] {
        let mut met = card(first);
        let mut stay = Stay::new(&mut met);
        stay.look(&[]).unwrap();
        let mark = stay.mark().expect(first);
        let mut same = card(first);
        let mut stay = Stay::of(&mut same, mark.clone());
        stay.four(&face(first), None).expect(first);
        let mut other = card(second);
        let mut stay = Stay::of(&mut other, mark.clone());
        assert_eq!(
            stay.four(&face(first), None),
            Err(Trouble::NoCard),
            "{first} {second}"
        );
        assert_eq!(attempts(other.log()), 0);
        let mut other = card(second);
        let result = Stay::of(&mut other, mark.clone()).look(&[]);
        assert_eq!(result, Err(Trouble::NoCard), "{first} {second}");
        let mut other = card(second);
        let result = Stay::of(&mut other, mark).prove(&secret("1234"), None, [0; 32]);
        assert!(result.is_err());
        assert_eq!(attempts(other.log()), 0, "{first} {second}");
    }
}
