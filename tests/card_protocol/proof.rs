//! "This chip, this PIN" (section 5.3).

use super::{attempts, card, rack, secret};
use madoguchi::card::prove::prove;
use madoguchi::card::reading::{Stay, look};
use madoguchi::domain::card::{KeyKind, Kind, PROOF, Trouble};
use madoguchi::domain::secret::Secret;
use madoguchi::simulator::card::App;

const KEY: KeyKind = KeyKind::Authentication;

fn own(name: &str) -> Secret {
    secret(&rack().facts(name).expect(name).authentication)
}

#[test]
fn a_card_proves_itself() {
    for name in [
        "ichinose",
        "hanako",
        "short-reads",
        "exact",
        "fetched",
        "grace",
    ] {
        let mut machine = card(name);
        let proved = prove(&mut machine, &own(name), None, [0xA5; 32]).expect(name);
        let seen = look(&mut card(name), &[]).unwrap();
        assert_eq!(proved.kind, Kind::MyNumber);
        assert_eq!(proved.certificate, seen.certificate, "{name}");
        assert_eq!(proved.serial, seen.serial, "{name}");
        assert!(machine.trips().is_empty(), "{name}");
    }
    assert!(PROOF.contains("失効") && PROOF.contains("分かりません"));
}

#[test]
fn a_phone_shows_its_certificate_after_the_pin() {
    for (name, kind) in [("android", Kind::Android), ("iphone", Kind::Iphone)] {
        let proved = prove(&mut card(name), &own(name), None, [1; 32]).expect(name);
        assert_eq!(proved.kind, kind);
        assert!(proved.certificate.is_some() && !proved.serial.is_empty());
    }
}

/// What a phone shows only after its PIN is no mark of it: without one, it
/// would be taken for another.
#[test]
fn a_phone_that_has_signed_is_the_same_phone_afterwards() {
    for name in ["android", "iphone"] {
        let mut phone = card(name);
        let mut stay = Stay::new(&mut phone);
        stay.prove(&own(name), None, [1; 32]).expect(name);
        assert_eq!(stay.mark(), None, "{name}");
        stay.look(&[]).expect(name);
        assert_eq!(stay.mark(), None, "{name}");
        for round in [2, 3] {
            phone.power_off();
            phone.power_on();
            let mut stay = Stay::new(&mut phone);
            stay.look(&[]).expect(name);
            stay.prove(&own(name), None, [round; 32]).expect(name);
        }
    }
}

#[test]
fn tries_are_kept() {
    let mut machine = card("ichinose");
    let wrong = secret(if own("ichinose").reveal() == "0000" {
        "0001"
    } else {
        "0000"
    });
    let result = prove(&mut machine, &wrong, None, [0; 32]);
    let left = Some(2);
    assert_eq!(result.err(), Some(Trouble::WrongKey { key: KEY, left }));
    assert_eq!(attempts(machine.log()), 1);
    assert_eq!(machine.tries(App::Jpki, 0x0018), left);
    assert_eq!(machine.tries(App::Text, 0x0011), Some(3), "another counter");
    for (name, trouble) in [
        ("two-tries", Trouble::FewTries { key: KEY, left: 2 }),
        ("blocked-authentication", Trouble::Blocked { key: KEY }),
        ("face-only", Trouble::Blocked { key: KEY }),
    ] {
        let mut machine = card(name);
        let result = prove(&mut machine, &secret("1234"), None, [0; 32]);
        assert_eq!(result.err(), Some(trouble), "{name}");
        assert_eq!(attempts(machine.log()), 0, "{name}");
    }
    prove(&mut card("two-tries"), &own("two-tries"), Some(2), [0; 32]).unwrap();
    let mut machine = card("ichinose");
    let result = prove(&mut machine, &secret("12345"), None, [0; 32]);
    assert_eq!(result.err(), Some(Trouble::BadKey { key: KEY }));
    assert!(machine.log().is_empty());
}

#[test]
fn no_pin_is_sent_where_nothing_can_be_proved() {
    for (name, kind) in [
        ("no-certificate", Kind::MyNumberBare),
        ("missing-certificate", Kind::MyNumberBare),
        ("garbled-certificate", Kind::MyNumberBare),
        ("bare", Kind::MyNumberBare),
        ("juki", Kind::Juki),
        ("stranger", Kind::UnknownToken),
        ("licence", Kind::Licence),
    ] {
        let mut machine = card(name);
        let result = prove(&mut machine, &secret("1234"), None, [0; 32]);
        assert_eq!(result.err(), Some(Trouble::WrongKind { kind }), "{name}");
        assert_eq!(attempts(machine.log()), 0, "{name}");
    }
}

#[test]
fn a_signature_of_another_chip_is_no_proof() {
    use madoguchi::card::chip::{Broken, Chip};
    use madoguchi::simulator::card::Machine;

    /// One card's certificate before another card's key.
    struct Forged {
        shown: Machine,
        signing: Machine,
    }
    impl Chip for Forged {
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
            let shown = self.shown.transmit(command);
            let signed = self.signing.transmit(command);
            if command.first() == Some(&0x80) {
                signed
            } else {
                shown
            }
        }
    }
    // The same PIN, another key.
    assert_eq!(own("ichinose").reveal(), own("hanako").reveal());
    let mut forged = Forged {
        shown: card("ichinose"),
        signing: card("hanako"),
    };
    let result = prove(&mut forged, &own("ichinose"), None, [3; 32]);
    assert_eq!(result.err(), Some(Trouble::Unproved));
}
