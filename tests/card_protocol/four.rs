//! Everybody's four come out as the card has them.

use super::{card, face, pin, rack};
use madoguchi::card::reading::four;
use madoguchi::domain::card::{Flag, Key};
use madoguchi::simulator::card::Machine;

/// Cards that have the four, with what opens them.
fn people() -> Vec<(&'static str, Key)> {
    let key = |name: &'static str| {
        let facts = rack().facts(name)?;
        let four = facts.face.len() == 14 && facts.address.is_some();
        let open = |machine: Machine| {
            use madoguchi::simulator::card::App;
            machine.tries(App::Text, 0x0011) > Some(2)
        };
        (four && open(card(name)) && card(name).manner().removal.is_none())
            .then(|| (name, pin(name)))
    };
    rack().names().filter_map(key).collect()
}

#[test]
fn everybody_is_read_as_written() {
    let people = people();
    assert!(people.len() > 30, "{}", people.len());
    for (name, key) in people {
        let mut machine = card(name);
        let (four, left) = four(&mut machine, &key, None).expect(name);
        let facts = rack().facts(name).unwrap();
        assert_eq!(left, Some(3), "{name}");
        if let Some(text) = facts.full_name
            && !four.name.flags.contains(&Flag::Cleaned)
        {
            assert_eq!(four.name.text, text, "{name}: never normalised");
        }
        if let Some(text) = facts.address
            && !four.address.flags.contains(&Flag::Cleaned)
        {
            assert_eq!(four.address.text, text, "{name}");
        }
        assert_eq!(four.birth.raw, facts.birth.unwrap_or_default(), "{name}");
        assert_eq!(four.gender.raw, facts.sex.unwrap_or_default(), "{name}");
        for text in [&four.name.text, &four.address.text] {
            assert!(!text.contains(char::is_control), "{name}");
        }
        assert!(machine.trips().is_empty(), "{name}");
    }
}

#[test]
fn flags_of_the_difficult() {
    for (name, flags) in [
        ("rare", &[Flag::Rare][..]),
        ("gaiji", &[Flag::Private]),
        ("substitute", &[Flag::Substitute]),
        ("not-utf8", &[Flag::NotUtf8]),
        ("control", &[Flag::Cleaned]),
        ("compatible", &[]),
        ("long-name", &[]),
        ("single-name", &[]),
        ("latin", &[]),
    ] {
        let (four, _) = four(&mut card(name), &pin(name), None).expect(name);
        assert_eq!(four.name.flags, flags, "{name}");
    }
}

#[test]
fn a_card_without_a_certificate_gives_them_too() {
    for name in [
        "no-certificate",
        "missing-certificate",
        "garbled-certificate",
        "bare",
    ] {
        let (four, _) = four(&mut card(name), &face(name), None).expect(name);
        assert_eq!(Some(four.name.text), rack().facts(name).unwrap().full_name);
    }
}
