//! Tests, with certificates written by hand: nothing here is signed.

use super::*;
use proptest::prelude::*;

fn object(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        len @ 0..0x80 => out.push(len as u8),
        len => {
            out.push(0x82);
            out.extend((len as u16).to_be_bytes());
        }
    }
    out.extend(content);
    out
}

fn row(objects: &[Vec<u8>]) -> Vec<u8> {
    object(0x30, &objects.concat())
}

/// C=JP, O=`organization`.
fn name(organization: &str) -> Vec<u8> {
    let part = |kind: u8, text: &str| {
        let id = object(0x06, &[0x55, 0x04, kind]);
        object(0x31, &row(&[id, object(0x13, text.as_bytes())]))
    };
    row(&[part(6, "JP"), part(10, organization)])
}

fn certificate(organization: &str, serial: &[u8], until: &str) -> Vec<u8> {
    let null = vec![0x05, 0x00];
    let sha256_rsa = object(0x06, b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B");
    let rsa = object(0x06, b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01");
    let algorithm = row(&[sha256_rsa, null.clone()]);
    let key = row(&[object(0x02, &[0x55; 256]), object(0x02, &[1, 0, 1])]);
    let bits = object(0x03, &[vec![0], key].concat());
    let moment = |text: &str| object(0x17, text.as_bytes());
    let body = row(&[
        vec![0xA0, 0x03, 0x02, 0x01, 0x02],
        object(0x02, serial),
        algorithm.clone(),
        name(organization),
        row(&[moment("210704030000Z"), moment(until)]),
        name("X"),
        row(&[row(&[rsa, null]), bits]),
    ]);
    row(&[body, algorithm, object(0x03, &[0; 257])])
}

fn ordinary() -> Vec<u8> {
    certificate("JPKI", &[0x01, 0x23, 0x45, 0x67], "260704145959Z")
}

#[test]
fn section_5_1_a_certificate() {
    let mut bytes = ordinary();
    let parsed = parse(&bytes).unwrap();
    assert_eq!(parsed.serial, "19088743");
    let moment = |text: &str| text.parse::<Timestamp>().unwrap();
    let found = &parsed.certificate;
    assert_eq!(found.not_before, moment("2021-07-04T03:00:00Z"));
    assert_eq!(found.not_after, moment("2026-07-04T14:59:59Z"));
    assert!(!found.test);
    assert_eq!(parsed.key.len(), 4 + 4 + 256 + 5);
    // Filler up to the size of the file.
    bytes.extend([0xFF; 300]);
    assert_eq!(parse(&bytes).unwrap().serial, "19088743");
    let test = certificate("JPKI-TEST", &[1], "260704145959Z");
    assert!(parse(&test).unwrap().certificate.test);
}

#[test]
fn serial_numbers() {
    let most = [0x7F; 20];
    for (bytes, text) in [
        (&[0][..], "0"),
        (&[1], "1"),
        (&[0x7F], "127"),
        (&[0, 0xFF], "255"),
        (&[0x01, 0x00], "256"),
        (&[0x01, 0x23, 0x45, 0x67], "19088743"),
        // Negative as DER goes; the reference takes the bytes as unsigned.
        (&[0xFF], "255"),
        (&[0x80, 0x00], "32768"),
        (&most, "727885129180488904360266563744972327436484050815"),
    ] {
        assert_eq!(decimal(bytes), text, "{bytes:02X?}");
        let cert = certificate("JPKI", bytes, "260704145959Z");
        if let Some(parsed) = parse(&cert) {
            assert_eq!(parsed.serial, text, "{bytes:02X?}");
        }
    }
    assert_eq!(decimal(&[0x7F; 21]), "", "longer than X.509 allows");
    assert_eq!(decimal(&[]), "");
    assert_eq!(decimal(&[&[0][..], &[0xFF; 20]].concat()).len(), 49);
}

#[test]
fn what_is_no_certificate_is_none() {
    let whole = ordinary();
    for bytes in [
        &b""[..],
        &[0xFF; 64],
        &[0x00; 64],
        &[0x30, 0x00],
        &[0x30, 0x82, 0x01, 0x00, 0x55],
        &whole[..whole.len() - 1],
        &whole[..40],
    ] {
        assert!(parse(bytes).is_none());
    }
    let impossible = certificate("JPKI", &[1], "261304145959Z");
    assert!(parse(&impossible).is_none());
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(bytes in any::<Vec<u8>>()) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_changed_certificate_is_too_much(place in 0usize..600, byte in any::<u8>(), cut in 0usize..900) {
        let mut bytes = ordinary();
        let place = place % bytes.len();
        bytes[place] = byte;
        bytes.truncate(cut);
        let _ = parse(&bytes);
    }

    #[test]
    fn decimal_is_the_number(number in any::<u128>()) {
        prop_assert_eq!(decimal(&number.to_be_bytes()), number.to_string());
    }
}
