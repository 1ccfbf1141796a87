//! Which card is it (section 6.2), and what it says without a PIN.

use super::{TODAY, attempts, card, face, rack, steps};
use madoguchi::card::reading::{four, is_memory, look};
use madoguchi::domain::card::{Kind, Trouble, Validity};

#[test]
fn every_card_of_the_rack_is_what_it_is() {
    for (name, kind, token) in [
        ("ichinose", Kind::MyNumber, "JPKIAPICCTOKEN2"),
        ("menkyo", Kind::MyNumber, "JPKIAPICCTOKEN2"),
        ("contact", Kind::MyNumber, "JPKIAPICCTOKEN2"),
        ("face-only", Kind::MyNumber, "JPKIAPICCTOKEN2"),
        ("drowsy", Kind::MyNumber, "JPKIAPICCTOKEN2"),
        ("bare", Kind::MyNumberBare, ""),
        ("android", Kind::Android, "JPKIAPGPSETOKEN"),
        ("iphone", Kind::Iphone, "JPKIAPIOSTOKEN"),
        ("juki", Kind::Juki, "JPKIAPICCTOKEN"),
        ("stranger", Kind::UnknownToken, "JPKIAPXXXTOKEN9"),
        ("licence", Kind::Licence, ""),
        ("residence", Kind::Residence, ""),
        ("bank", Kind::Bank, ""),
        ("transport", Kind::Memory, ""),
        ("other", Kind::Other, ""),
    ] {
        let mut machine = card(name);
        let atr = machine.atr().to_vec();
        let look = look(&mut machine, &atr).expect(name);
        assert_eq!((look.kind, look.token.as_str()), (kind, token), "{name}");
        assert_eq!(attempts(machine.log()), 0, "{name}");
        assert!(machine.trips().is_empty(), "{name}");
        assert_eq!(kind == Kind::Memory, machine.log().is_empty(), "{name}");
        assert_eq!(kind == Kind::Memory, is_memory(&atr), "{name}");
    }
}

#[test]
fn the_atr_decides_nothing_else() {
    // Every card behind every other card's ATR but that of a memory card.
    let atrs: Vec<Vec<u8>> = rack()
        .names()
        .map(|name| card(name).atr().to_vec())
        .collect();
    for name in ["ichinose", "juki", "licence", "other"] {
        let kind = look(&mut card(name), &[]).unwrap().kind;
        for atr in atrs.iter().filter(|atr| !is_memory(atr)) {
            assert_eq!(look(&mut card(name), atr).unwrap().kind, kind, "{name}");
        }
    }
    // A memory card that a reader announces in another way.
    assert_eq!(look(&mut card("transport"), &[]).unwrap().kind, Kind::Other);
}

#[test]
fn friendly_names_are_asked_only_where_nothing_else_answered() {
    for name in ["ichinose", "menkyo", "bare", "android", "juki"] {
        let mut machine = card(name);
        look(&mut machine, &[]).unwrap();
        let asked = steps(machine.log());
        assert!(
            asked.iter().all(|step| !step.contains("Foreign")),
            "{name} {asked:?}"
        );
    }
}

#[test]
fn certificate_serial_and_expiry() {
    for (name, validity) in [
        ("soon", "soon"),
        ("last-day", "soon"),
        ("grace", "grace"),
        ("ended", "ended"),
        ("early", "early"),
        ("ichinose", "good"),
        ("short-reads", "good"),
        ("exact", "good"),
        ("fetched", "good"),
        ("extended", "good"),
        ("drowsy", "good"),
    ] {
        let look = look(&mut card(name), &[]).expect(name);
        let facts = rack().facts(name).unwrap();
        let certificate = look.certificate.expect(name);
        let found = match Validity::of(&certificate, TODAY) {
            Validity::Good => "good",
            Validity::Soon { .. } => "soon",
            Validity::Grace { .. } => "grace",
            Validity::Ended { .. } => "ended",
            Validity::Early { .. } => "early",
        };
        assert_eq!(found, validity, "{name}");
        let last = madoguchi::domain::time::jst(certificate.not_after).date();
        assert_eq!(last, facts.days.1, "{name}");
        let serial = u128::from_str_radix(&facts.serial, 16).unwrap();
        assert_eq!(look.serial, serial.to_string(), "{name}");
        assert_eq!(look.expiry, facts.expiry, "{name}");
        assert!(!certificate.test, "{name}");
    }
    let test = look(&mut card("test-hierarchy"), &[]).unwrap();
    assert!(test.certificate.unwrap().test);
}

#[test]
fn no_certificate_is_no_error() {
    for name in [
        "no-certificate",
        "missing-certificate",
        "garbled-certificate",
    ] {
        let look = look(&mut card(name), &[]).expect(name);
        assert_eq!(look.kind, Kind::MyNumber, "{name}");
        assert_eq!(look.certificate, None, "{name}");
        assert_eq!(look.serial, "", "{name}");
        assert_eq!(look.expiry, rack().facts(name).unwrap().expiry, "{name}");
    }
    for name in ["android", "iphone"] {
        assert_eq!(look(&mut card(name), &[]).unwrap().certificate, None);
    }
}

#[test]
fn other_kinds_have_no_four_and_are_sent_no_key() {
    for (name, kind) in [
        ("android", Kind::Android),
        ("iphone", Kind::Iphone),
        ("juki", Kind::Juki),
        ("stranger", Kind::UnknownToken),
        ("licence", Kind::Licence),
        ("residence", Kind::Residence),
        ("bank", Kind::Bank),
        ("transport", Kind::Other),
        ("other", Kind::Other),
    ] {
        let mut machine = card(name);
        let result = four(&mut machine, &face("ichinose"), None);
        assert_eq!(result, Err(Trouble::WrongKind { kind }), "{name}");
        assert_eq!(attempts(machine.log()), 0, "{name}");
        assert!(machine.log().iter().all(|asked| asked.ins != 0x20));
    }
}

#[test]
fn a_look_shows_nothing_in_a_log() {
    let look = look(&mut card("hanako"), &[]).unwrap();
    assert_eq!(look.serial, "19088743");
    assert!(!format!("{look:?}").contains("19088743"));
}
