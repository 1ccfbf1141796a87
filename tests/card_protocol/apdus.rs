//! The lists of commands that `card::reading` argues are the shortest.

use super::{attempts, card, face, rack, secret, steps};
use madoguchi::card::prove::prove;
use madoguchi::card::reading::{Stay, four, look};

#[test]
fn the_four_take_eight_commands() {
    let mut ichinose = card("ichinose");
    let (read, left) = four(&mut ichinose, &face("ichinose"), None).unwrap();
    assert_eq!(read.name.text, "一ノ瀬　薫");
    assert_eq!(left, Some(10));
    assert_eq!(
        steps(ichinose.log()),
        [
            "select Jpki",
            "read 000A",
            "select Text",
            "tries 0015",
            "verify 0015",
            "read 0002",
            "select Jpki",
            "read 000A",
        ]
    );
    assert!(ichinose.trips().is_empty());
}

#[test]
fn the_four_after_a_look_take_six() {
    let mut card = card("ichinose");
    let mut stay = Stay::new(&mut card);
    let look = stay.look(&[]).unwrap();
    let (read, _) = stay.four(&face("ichinose"), None).unwrap();
    assert!(stay.alive() && stay.mark().is_some());
    assert_eq!(read.name.text, "一ノ瀬　薫");
    assert_eq!(look.serial, 0x1A2B_3C4D_u32.to_string());
    let all = steps(card.log());
    let after = all.iter().rposition(|step| step == "record 0001").unwrap() + 3;
    assert_eq!(all.len() - after, 6, "{all:?}");
}

#[test]
fn a_look_after_the_four_is_of_the_same_card() {
    let mut card = card("ichinose");
    let mut stay = Stay::new(&mut card);
    stay.four(&face("ichinose"), None).unwrap();
    let look = stay.look(&[]).unwrap();
    assert_eq!(look.serial, 0x1A2B_3C4D_u32.to_string());
}

#[test]
fn the_look_takes_one_command_a_block() {
    let mut ichinose = card("ichinose");
    look(&mut ichinose, &[]).unwrap();
    let all = steps(ichinose.log());
    let (head, rest) = all.split_at(2);
    assert_eq!(head, ["select Jpki", "read 0006"]);
    let blocks = rest.iter().take_while(|step| *step == "read 000A").count();
    let length = ichinose_certificate_length();
    assert_eq!(blocks, length.div_ceil(256), "{length} bytes");
    assert_eq!(
        rest[blocks..],
        ["select Common", "record 0001", "select Jpki", "read 000A"]
    );
    assert_eq!(attempts(ichinose.log()), 0);
}

/// Read by hand from the card.
fn ichinose_certificate_length() -> usize {
    use madoguchi::card::chip::Chip;
    let mut card = card("ichinose");
    let jpki = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
    card.transmit(jpki).expect("JPKI");
    let head = card
        .transmit(&[0, 0xB0, 0x8A, 0, 4])
        .expect("a certificate");
    assert_eq!(head[..2], [0x30, 0x82]);
    usize::from(u16::from_be_bytes([head[2], head[3]])) + 4
}

#[test]
fn a_proof_reads_nothing_of_the_four() {
    let mut ichinose = card("ichinose");
    let pin = secret(&rack().facts("ichinose").unwrap().authentication);
    prove(&mut ichinose, &pin, None, [7; 32]).unwrap();
    let all = steps(ichinose.log());
    assert_eq!(all[..2], ["select Jpki", "read 0006"]);
    assert_eq!(
        all[all.len() - 4..],
        ["tries 0018", "verify 0018", "file 0017", "sign"]
    );
    assert!(all.iter().all(|step| !step.contains("Text")));
    assert!(ichinose.trips().is_empty());
}
