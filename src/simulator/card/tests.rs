//! The card's answers as tables, named after the sections they come from.

use super::*;
use crate::card::chip::{Broken, Chip};
use jiff::civil::date;
use std::sync::OnceLock;
use std::time::Duration;

mod behaviour;
mod certificates;
mod contents_of_cards;
mod slot;
mod trips;

const JPKI: &str = "D392F000260100000001";
const TEXT: &str = "D3921000310001010408";
const FACE: &str = "D3921000310001010402";
const COMMON: &str = "D3921000310001010100";
const ISSUER: &str = "A0000001510000";
const FACE_KEY: &str = "3630303730343230333334333231";

fn rack() -> &'static Rack {
    static RACK: OnceLock<Rack> = OnceLock::new();
    RACK.get_or_init(|| Rack::built_in(date(2026, 11, 20)))
}

fn card(name: &str) -> Machine {
    rack().named(name).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex
        .chars()
        .filter_map(|letter| letter.to_digit(16))
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

fn ask(machine: &mut Machine, hex: &str) -> Vec<u8> {
    match machine.step(&bytes(hex)) {
        Turn::Answer(answer) => answer,
        Turn::Gone => Vec::new(),
    }
}

fn word(machine: &mut Machine, hex: &str) -> u16 {
    let answer = ask(machine, hex);
    match answer.as_slice() {
        [.., high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    }
}

/// SELECT an application.
fn select(machine: &mut Machine, aid: &str) -> u16 {
    word(machine, &format!("00A4040C{:02X}{aid}", aid.len() / 2))
}

/// SELECT a file.
fn file(machine: &mut Machine, id: &str) -> u16 {
    word(machine, &format!("00A4020C02{id}"))
}

/// All of the selected file, in blocks of 256.
fn content(machine: &mut Machine) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let answer = ask(machine, &format!("00B0{:04X}00", all.len()));
        let (data, status) = answer.split_at(answer.len() - 2);
        if status != [0x90, 0x00] {
            assert_eq!(status, [0x6B, 0x00]);
            return all;
        }
        all.extend(data);
    }
}

/// The object at the front of a DER file, without filler.
fn der(file: &[u8]) -> &[u8] {
    assert_eq!(file[..2], [0x30, 0x82]);
    &file[..4 + usize::from(u16::from_be_bytes([file[2], file[3]]))]
}

type Step = (&'static str, u16);

fn play(name: &str, steps: &[Step]) -> Machine {
    let mut machine = card(name);
    for (number, (command, status)) in steps.iter().enumerate() {
        let found = word(&mut machine, command);
        assert_eq!(
            found, *status,
            "{name}, step {number}: {command}: {found:04X}"
        );
    }
    machine
}

const SELECT_JPKI: Step = ("00A4040C0A D392F000260100000001", 0x9000);
const SELECT_TEXT: Step = ("00A4040C0A D3921000310001010408", 0x9000);
const SELECT_FACE: Step = ("00A4040C0A D3921000310001010402", 0x9000);

#[test]
fn section_2_1_applications() {
    for (aid, status) in [
        (JPKI, 0x9000),
        (TEXT, 0x9000),
        (FACE, 0x9000),
        (COMMON, 0x9000),
        (ISSUER, 0x9000),
        ("A0000002310100000000000000000000", 0x6A82),
        ("D392F0004F0200000000000000000000", 0x6A82),
        ("D392F00026010000000100", 0x6A82),
        ("D392F0002601000000", 0x9000),
        ("D392", 0x6A82),
    ] {
        assert_eq!(select(&mut card("hanako"), aid), status, "{aid}");
    }
}

#[test]
fn section_2_1_a_prefix_can_land_elsewhere() {
    let mut machine = card("hanako");
    assert_eq!(select(&mut machine, "D3921000310001"), 0x9000);
    assert_eq!(machine.log()[0].app, Some(App::Common));
}

type Row = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// Files of each application, and what READ says before and after each key.
#[test]
fn sections_2_2_to_2_4_access() {
    let text = "0020008004 35363738";
    let face = "002000800E 3630303730343230333334333231";
    let number = "002000800C 393039303930393039303930";
    let authentication = "0020008004 31323334";
    let signature = "0020008006 414243313233";
    let birth = "0020008006 363030373034";
    // Application, key file, VERIFY, files that are open then; all others of
    // the list answer 6982.
    let rows: [Row; 11] = [
        (
            JPKI,
            &["0001", "0002", "0006", "0008", "0009", "000A", "000B"],
            "",
            "",
            &["0002", "0006", "0008", "000A", "000B"],
        ),
        (
            JPKI,
            &["0001", "000A", "0009"],
            "0018",
            authentication,
            &["000A"],
        ),
        (
            JPKI,
            &["0001", "000A", "0009"],
            "001B",
            signature,
            &["0001", "000A"],
        ),
        (
            TEXT,
            &["0001", "0002", "0003", "0004", "0005", "0006", "0007"],
            "",
            "",
            &["0004", "0005"],
        ),
        (
            TEXT,
            &["0001", "0002", "0003", "0006", "0007"],
            "0011",
            text,
            &["0001", "0002", "0003", "0006", "0007"],
        ),
        (
            TEXT,
            &["0001", "0002", "0003", "0006", "0007"],
            "0014",
            number,
            &["0001", "0003", "0006", "0007"],
        ),
        (
            TEXT,
            &["0001", "0002", "0003", "0006", "0007"],
            "0015",
            face,
            &["0002", "0003", "0006", "0007"],
        ),
        (
            FACE,
            &["0001", "0002", "0003", "0004", "0005"],
            "",
            "",
            &["0003", "0004"],
        ),
        (FACE, &["0001", "0002", "0005"], "0011", birth, &["0001"]),
        (FACE, &["0001", "0002", "0005"], "0012", face, &["0002"]),
        (
            FACE,
            &["0001", "0002", "0005"],
            "0013",
            number,
            &["0002", "0005"],
        ),
    ];
    for (aid, files, key, verify, open) in rows {
        let mut machine = card("hanako");
        select(&mut machine, aid);
        if !key.is_empty() {
            assert_eq!(file(&mut machine, key), 0x9000);
            assert_eq!(word(&mut machine, verify), 0x9000, "{key}");
        }
        for id in files {
            assert_eq!(file(&mut machine, id), 0x9000, "{id}");
            let expected = if open.contains(id) { 0x9000 } else { 0x6982 };
            assert_eq!(
                word(&mut machine, "00B0000000"),
                expected,
                "{aid} {key} {id}"
            );
        }
    }
}

#[test]
fn section_2_5_the_record_of_the_common_application() {
    let mut machine = card("hanako");
    select(&mut machine, COMMON);
    let by_short = ask(&mut machine, "00B2010C00");
    assert_eq!(by_short[..2], [0x01, 0x1C]);
    let digits = String::from_utf8(by_short[2..30].to_vec()).unwrap();
    assert_eq!(digits, "0000000190887431310120330704");
    assert_eq!(file(&mut machine, "0001"), 0x9000);
    assert_eq!(ask(&mut machine, "00B2010400"), by_short);
    for (command, status) in [
        ("00B2020400", 0x6A83),
        ("00B2000400", 0x6A83),
        ("00B2010500", 0x6A86),
        ("00B0000000", 0x6981),
        ("00B2011400", 0x6A82),
    ] {
        assert_eq!(word(&mut machine, command), status, "{command}");
    }
}

#[test]
fn section_3_1_reading() {
    let rows: &[&[Step]] = &[
        &[("00B0000000", 0x6986)],
        &[SELECT_JPKI, ("00B0000000", 0x6986)],
        &[
            SELECT_JPKI,
            ("00A4020C02 00FF", 0x6A82),
            ("00B0000000", 0x6986),
        ],
        &[SELECT_JPKI, ("00A4000C02 000A", 0x6A86)],
        &[SELECT_JPKI, ("00A4020002 000A", 0x6A86)],
        &[SELECT_JPKI, ("00A4020C01 0A", 0x6700)],
        &[
            SELECT_JPKI,
            ("00A4020C02 0006", 0x9000),
            ("00B0000004", 0x9000),
            ("00B0009F00", 0x9000),
            ("00B000A000", 0x6B00),
            ("00B07FFF00", 0x6B00),
        ],
        &[
            SELECT_JPKI,
            ("00A4020C02 0006", 0x9000),
            ("00B00000", 0x6700),
            ("00B000000100", 0x6700),
            ("00B0000000 01 00", 0x6700),
        ],
        &[
            SELECT_JPKI,
            ("00B08A0004", 0x9000),
            ("00B0000004", 0x9000),
            ("00B0980004", 0x6981),
            ("00B0970004", 0x6981),
        ],
        &[
            SELECT_JPKI,
            ("00B0AA0004", 0x6A86),
            ("00B0800004", 0x6A86),
            ("00B09E0004", 0x6A82),
        ],
        // A failed SELECT leaves what was selected.
        &[
            SELECT_JPKI,
            ("00A4020C02 000A", 0x9000),
            ("00A4040C0A D3920000000000000000", 0x6A82),
            ("00B0000004", 0x9000),
        ],
        // Extended lengths.
        &[
            SELECT_JPKI,
            ("00A4020C02 000A", 0x9000),
            ("00B00000 00 0800", 0x6700),
        ],
    ];
    for steps in rows {
        play("hanako", steps);
    }
    let machine = play("extended", &[SELECT_JPKI, ("00A4020C02 000A", 0x9000)]);
    let mut machine = machine;
    assert!(ask(&mut machine, "00B00000 00 0800").len() > 1000);
    let mut short = card("short-reads");
    select(&mut short, JPKI);
    file(&mut short, "000A");
    assert_eq!(ask(&mut short, "00B0000000").len(), 102);
    assert_eq!(content(&mut short), content_of("short-reads"));
}

fn content_of(name: &str) -> Vec<u8> {
    let mut machine = card(name).with(Manner::default());
    select(&mut machine, JPKI);
    file(&mut machine, "000A");
    content(&mut machine)
}

#[test]
fn section_3_2_class_instruction_channel() {
    for (command, status) in [
        ("0184000008", 0x6881),
        ("03A4040C0A D392F000260100000001", 0x6881),
        ("0CA4040C0A D392F000260100000001", 0x6882),
        ("90A4040C0A D392F000260100000001", 0x6E00),
        ("FFCA000000", 0x6E00),
        ("80A4040C0A D392F000260100000001", 0x6E00),
        ("00FE000000", 0x6D00),
        ("80FC0000", 0x6D00),
        ("00C0000010", 0x6985),
        ("0084000008", 0x9000),
        ("0084010008", 0x6A86),
        ("00840000", 0x6700),
        ("00A404", 0x6700),
        ("", 0x6700),
        ("00A4000000", 0x6A86),
    ] {
        assert_eq!(word(&mut card("hanako"), command), status, "{command}");
    }
    let mut machine = card("hanako");
    select(&mut machine, JPKI);
    assert_eq!(
        word(&mut machine, "00A40000"),
        0x9000,
        "meaningless, section 3.3"
    );
    assert_eq!(word(&mut card("iphone"), "80FC0000"), 0x9000);
    let mut random = card("hanako");
    let first = ask(&mut random, "0084000010");
    assert_eq!(first.len(), 18);
    assert_ne!(ask(&mut random, "0084000010"), first);
}

#[test]
fn section_3_2_verify() {
    let pin = ("00A4020C02 0011", 0x9000);
    let rows: &[&[Step]] = &[
        &[SELECT_TEXT, ("00200080", 0x6986)],
        &[
            SELECT_TEXT,
            ("00A4020C02 0004", 0x9000),
            ("00200080", 0x6981),
        ],
        &[
            SELECT_TEXT,
            pin,
            ("00200180", 0x6A86),
            ("00200000", 0x6A86),
            ("002000C0", 0x6A86),
            ("0020008000", 0x6700),
        ],
        &[
            SELECT_TEXT,
            ("00200091", 0x63C3),
            ("00200080", 0x63C3),
            ("0020009F", 0x6A82),
        ],
        &[
            SELECT_TEXT,
            ("0020009104 35363738", 0x9000),
            ("00B0820004", 0x9000),
        ],
        // The empty VERIFY never says 9000.
        &[
            SELECT_TEXT,
            pin,
            ("0020008004 35363738", 0x9000),
            ("00200080", 0x63C3),
        ],
        // Counted down, set back by the right one.
        &[
            SELECT_TEXT,
            pin,
            ("0020008004 30303030", 0x63C2),
            ("00200080", 0x63C2),
            ("0020008004 30303030", 0x63C1),
            ("0020008004 35363738", 0x9000),
            ("00200080", 0x63C3),
        ],
        // The last try says 63C0, then 6984; the right one does not help.
        &[
            SELECT_TEXT,
            pin,
            ("0020008004 30303030", 0x63C2),
            ("0020008004 30303030", 0x63C1),
            ("0020008004 30303030", 0x63C0),
            ("00200080", 0x63C0),
            ("0020008004 30303030", 0x6984),
            ("0020008004 35363738", 0x6984),
            ("00200080", 0x63C0),
        ],
        // A wrong length costs a try here.
        &[SELECT_TEXT, pin, ("0020008003 353637", 0x63C2)],
        // A wrong one closes what was open.
        &[
            SELECT_TEXT,
            pin,
            ("0020008004 35363738", 0x9000),
            ("0020008004 30303030", 0x63C2),
            ("00B0820004", 0x6982),
        ],
        // Blocked on every card.
        &[
            SELECT_TEXT,
            ("00A4020C02 0012", 0x9000),
            ("00200080", 0x63C0),
            ("0020008004 30303030", 0x6984),
        ],
        &[SELECT_TEXT, ("00200095", 0x63CA), ("0020009501 30", 0x63C9)],
        &[
            SELECT_FACE,
            ("00200092", 0x63CA),
            ("002000920E 3630303730343230333334333231", 0x9000),
        ],
        &[SELECT_JPKI, ("00200098", 0x63C3), ("0020009B", 0x63C5)],
    ];
    for steps in rows {
        play("hanako", steps);
    }
    play(
        "blocked",
        &[
            SELECT_TEXT,
            pin,
            ("00200080", 0x63C0),
            ("0020008004 35363738", 0x6984),
        ],
    );
    play(
        "blocked-iso",
        &[
            SELECT_TEXT,
            pin,
            ("00200080", 0x63C0),
            ("0020008004 35363738", 0x6983),
        ],
    );
    play(
        "blocked-face",
        &[
            SELECT_TEXT,
            ("00200095", 0x63C0),
            ("0020009104 35363738", 0x9000),
        ],
    );
    play(
        "one-try",
        &[
            SELECT_TEXT,
            ("00200091", 0x63C1),
            ("00200095", 0x63C1),
            SELECT_JPKI,
            ("00200098", 0x63C1),
        ],
    );
    play(
        "face-only",
        &[
            SELECT_JPKI,
            ("00200098", 0x63C0),
            ("00B08A0004", 0x9000),
            SELECT_TEXT,
            ("00200091", 0x63C0),
            ("00200095", 0x63CA),
        ],
    );
}

#[test]
fn section_3_2_generic_answers() {
    let mut exact = card("exact");
    select(&mut exact, JPKI);
    file(&mut exact, "0006");
    assert_eq!(word(&mut exact, "00B0000000"), 0x6CA0);
    assert_eq!(ask(&mut exact, "00B00000A0").len(), 162);
    let mut fetched = card("fetched");
    select(&mut fetched, JPKI);
    file(&mut fetched, "0006");
    assert_eq!(word(&mut fetched, "00B0000000"), 0x61A0);
    assert_eq!(ask(&mut fetched, "00C00000A0").len(), 162);
    assert_eq!(word(&mut fetched, "00C00000A0"), 0x6985);
}

proptest::proptest! {
    /// Whatever it is asked, it answers with a status word, and never with
    /// more than was asked for.
    #[test]
    fn any_bytes_are_answered(
        commands in proptest::collection::vec(
            proptest::collection::vec(proptest::num::u8::ANY, 0..24),
            1..12,
        ),
        ins in proptest::sample::select(vec![0xA4, 0xB0, 0xB2, 0x20, 0x2A, 0x84, 0xC0, 0x00]),
        aid in proptest::sample::select(vec![JPKI, TEXT, FACE, COMMON]),
    ) {
        let mut machine = card("hanako");
        select(&mut machine, aid);
        for mut command in commands {
            if ins != 0 && command.len() > 1 {
                command[0] &= 0x80;
                command[1] = ins;
            }
            let Turn::Answer(answer) = machine.step(&command) else {
                panic!("no answer to {command:02X?}");
            };
            proptest::prop_assert!((2..=258).contains(&answer.len()));
        }
    }
}
