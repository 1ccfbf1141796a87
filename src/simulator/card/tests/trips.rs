//! Everything that touches section 2.6 is written down.

use super::*;

const NUMBER: &str = "393039303930393039303930";

#[test]
fn section_2_6_every_wire_trips() {
    let rows: [(&str, &str, &str, Option<Trip>); 24] = [
        (
            "number selected",
            TEXT,
            "00A4020C020001",
            Some(Trip::Number),
        ),
        (
            "number read by short identifier",
            TEXT,
            "00B0810000",
            Some(Trip::Number),
        ),
        ("hash selected", TEXT, "00A4020C020003", Some(Trip::Hash)),
        (
            "hash read by short identifier",
            TEXT,
            "00B0830000",
            Some(Trip::Hash),
        ),
        (
            "number sent as a key",
            TEXT,
            &format!("002000940C{NUMBER}"),
            Some(Trip::NumberKey),
        ),
        ("its counter asked", TEXT, "00200094", None),
        (
            "picture selected",
            FACE,
            "00A4020C020005",
            Some(Trip::Picture),
        ),
        (
            "picture read by short identifier",
            FACE,
            "00B0850000",
            Some(Trip::Picture),
        ),
        (
            "number sent as a key",
            FACE,
            &format!("002000930C{NUMBER}"),
            Some(Trip::NumberKey),
        ),
        ("its counter asked", FACE, "00200093", None),
        (
            "juki selected",
            JPKI,
            "00A4040C0AD3921000310001010401",
            Some(Trip::Juki),
        ),
        (
            "juki by a prefix",
            JPKI,
            "00A4040C09D39210003100010104",
            Some(Trip::Juki),
        ),
        (
            "PIN changed",
            TEXT,
            "002400910831323334 35363738",
            Some(Trip::Change),
        ),
        ("key changed", JPKI, "80320097 00", Some(Trip::Change)),
        (
            "signature certificate",
            JPKI,
            "00A4020C020001",
            Some(Trip::Signature),
        ),
        (
            "signature key",
            JPKI,
            "00A4020C02001A",
            Some(Trip::Signature),
        ),
        (
            "signature password",
            JPKI,
            "00A4020C02001B",
            Some(Trip::Signature),
        ),
        (
            "signature password by short identifier",
            JPKI,
            "0020009B",
            Some(Trip::Signature),
        ),
        (
            "signed with it",
            JPKI,
            "802A009A 01 00 00",
            Some(Trip::Signature),
        ),
        ("the four", TEXT, "00A4020C020002", None),
        ("the PIN", TEXT, "0020009104 35363738", None),
        ("the certificate", JPKI, "00B08A0000", None),
        ("the record", COMMON, "00B2010C00", None),
        ("the face", FACE, "00A4020C020002", None),
    ];
    for (what, aid, command, trip) in rows {
        let mut machine = card("hanako");
        select(&mut machine, aid);
        ask(&mut machine, command);
        assert_eq!(machine.log().last().unwrap().trip, trip, "{what}");
        assert_eq!(machine.trips().len(), usize::from(trip.is_some()), "{what}");
    }
}

#[test]
fn section_2_6_nothing_is_changed_by_a_change() {
    let mut machine = card("hanako");
    select(&mut machine, TEXT);
    word(&mut machine, "0020009104 35363738");
    assert_eq!(word(&mut machine, "0024009108 35363738 30303030"), 0x6982);
    assert_eq!(word(&mut machine, "0020009104 35363738"), 0x9000);
}

#[test]
fn section_2_6_the_trap_is_no_number_of_anybody() {
    // The check digit of the 個人番号 (eleven digits, weights 6 5 4 3 2 7 6 5 4 3 2).
    let digits: Vec<u32> = contents::TRAP
        .chars()
        .filter_map(|it| it.to_digit(10))
        .collect();
    let sum: u32 = digits
        .iter()
        .zip([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    assert_eq!(digits.len(), 12);
    assert_ne!(digits[11], check);
}

#[test]
fn section_10_the_log_holds_no_data() {
    let mut machine = card("hanako");
    select(&mut machine, TEXT);
    word(&mut machine, "0020009104 35363738");
    let asked = machine.log().last().unwrap();
    assert_eq!(
        (asked.app, asked.file, asked.sent, asked.status),
        (Some(App::Text), Some(0x0011), 4, 0x9000)
    );
    assert!(asked.name.is_empty() && asked.attempts());
    let told = format!("{:?} {machine:?}", machine.log());
    assert!(
        !told.contains("5678") && !told.contains("53, 54, 55, 56"),
        "{told}"
    );
    assert_eq!(machine.log()[0].name, bytes(TEXT));
}
