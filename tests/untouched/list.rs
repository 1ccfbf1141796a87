//! What may be asked of a card at all, and the proof that everything else is
//! found. Knows nothing of the program's own lists.

use madoguchi::simulator::card::{App, Asked, Machine, Rack, Trip};

pub const SELECT: u8 = 0xA4;
pub const READ: u8 = 0xB0;
pub const RECORD: u8 = 0xB2;
pub const VERIFY: u8 = 0x20;
pub const SIGN: u8 = 0x2A;
const REST: u8 = 0xC0;

/// Applications that may be selected, whole names as section 2.1 and 6.2 have
/// them; the licence's and the residence card's are 16 bytes.
const NAMES: [&[u8]; 5] = [
    b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
    b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
    b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
    b"1PAY.SYS.DDF01",
    b"2PAY.SYS.DDF01",
];
const LONG: [&[u8]; 3] = [
    b"\xA0\0\0\x02\x31",
    b"\xA0\0\0\x02\x48",
    b"\xD3\x92\xF0\x00\x4F",
];

/// Files that may be selected or named, and what may be done with them.
const FILES: [(App, u16, &[u8]); 8] = [
    (App::Jpki, 0x0006, &[SELECT, READ]),
    (App::Jpki, 0x000A, &[SELECT, READ]),
    (App::Jpki, 0x0017, &[SELECT, SIGN]),
    (App::Jpki, 0x0018, &[SELECT, VERIFY]),
    (App::Text, 0x0002, &[SELECT, READ]),
    (App::Text, 0x0011, &[SELECT, VERIFY]),
    (App::Text, 0x0015, &[SELECT, VERIFY]),
    (App::Common, 0x0001, &[RECORD]),
];

/// The first thing asked that is on no list. `strict`: every answer was the
/// card's own, so that the program knows what is selected, and each file has
/// to be one of its application.
pub fn judge(log: &[Asked], trips: &[Asked], strict: bool) -> Result<(), Asked> {
    if let Some(trip) = trips.first() {
        return Err(trip.clone());
    }
    match log.iter().find(|asked| !fine(asked, strict)) {
        Some(asked) => Err(asked.clone()),
        None => Ok(()),
    }
}

fn fine(asked: &Asked, strict: bool) -> bool {
    if asked.cla != u8::from(asked.ins == SIGN) * 0x80 {
        return false;
    }
    match asked.ins {
        REST => true,
        SELECT if asked.p1 == 0x04 => {
            let name = asked.name.as_slice();
            asked.p2 == 0x0C
                && (NAMES.contains(&name)
                    || (name.len() == 16 && LONG.iter().any(|it| name.starts_with(it))))
        }
        SELECT | READ | RECORD | VERIFY | SIGN => {
            let known = |(app, file, may): &(App, u16, &[u8])| {
                (!strict || asked.app == Some(*app))
                    && (asked.file == Some(*file) || !(strict || names(asked)))
                    && may.contains(&asked.ins)
            };
            FILES.iter().any(known)
        }
        _ => false,
    }
}

/// Whether the command itself says which file it means, rather than the
/// selected one.
fn names(asked: &Asked) -> bool {
    match asked.ins {
        READ => asked.p1 & 0x80 != 0,
        VERIFY | SIGN => asked.p2 & 0x1F != 0,
        RECORD => asked.p2 >> 3 != 0,
        _ => true,
    }
}

fn hex(text: &str) -> Vec<u8> {
    let text = text.replace(' ', "");
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2).unwrap(), 16).unwrap())
        .collect()
}

const JPKI: &str = "00A4040C0A D392F000260100000001";
const TEXT: &str = "00A4040C0A D3921000310001010408";
const FACE: &str = "00A4040C0A D3921000310001010402";
const JUKI: &str = "00A4040C0A D3921000310001010401";

fn asked(commands: &[&str]) -> Machine {
    let rack = Rack::built_in(jiff::civil::date(2026, 11, 20));
    let mut card = rack.named("hanako").unwrap();
    for command in commands {
        card.step(&hex(command));
    }
    card
}

/// Each thing of section 2.6 in each way it can be asked for is found, by the
/// card's wires and by the list.
#[test]
fn what_is_forbidden_is_found() {
    let number = "0020008F 00"; // not a key of ours, of no wire
    let rows: &[(&[&str], Option<Trip>)] = &[
        (&[TEXT, "00A4020C020001"], Some(Trip::Number)),
        (&[TEXT, "00B0810000"], Some(Trip::Number)),
        (&[TEXT, "00A4020C020003"], Some(Trip::Hash)),
        (&[TEXT, "00B0830000"], Some(Trip::Hash)),
        (
            &[TEXT, "00200094 0C 313233343536373839303138"],
            Some(Trip::NumberKey),
        ),
        (
            &[
                TEXT,
                "00A4020C020014",
                "00200080 0C 313233343536373839303138",
            ],
            Some(Trip::NumberKey),
        ),
        (&[FACE, "00A4020C020005"], Some(Trip::Picture)),
        (&[FACE, "00B0850000"], Some(Trip::Picture)),
        (
            &[FACE, "00200093 0C 313233343536373839303138"],
            Some(Trip::NumberKey),
        ),
        (&[JUKI], Some(Trip::Juki)),
        (&[JPKI, "00A4020C020001"], Some(Trip::Signature)),
        (&[JPKI, "00B0810000"], Some(Trip::Signature)),
        (&[JPKI, "00A4020C02001A"], Some(Trip::Signature)),
        (&[JPKI, "00A4020C02001B"], Some(Trip::Signature)),
        (&[JPKI, "0020009B 06 414243313233"], Some(Trip::Signature)),
        (
            &[TEXT, "00A4020C020011", "00240080 04 31323334"],
            Some(Trip::Change),
        ),
        (&[JPKI, "8032008000"], Some(Trip::Change)),
        // Of no wire, and on no list.
        (&[FACE], None),
        (&[TEXT, "00B0870000"], None),
        (&[TEXT, "00A4020C020014"], None),
        (&[JPKI, "00B0820000"], None),
        (&[JPKI, "0084000010"], None),
        (&[TEXT, number], None),
        (&["00A40400 07 D3921000310001"], None),
        (&["00A40000"], None),
    ];
    for (commands, wire) in rows {
        let card = asked(commands);
        assert_eq!(
            card.trips().first().and_then(|it| it.trip),
            *wire,
            "{commands:?}"
        );
        let verdict = judge(card.log(), card.trips(), true);
        assert!(verdict.is_err(), "{commands:?} was not found");
        let verdict = judge(card.log(), card.trips(), false);
        assert!(wire.is_none() || verdict.is_err(), "{commands:?}");
    }
    let fine = asked(&[JPKI, "00B08A0028", TEXT, "00200095", "00B0820000"]);
    assert_eq!(judge(fine.log(), fine.trips(), true), Ok(()));
}

/// One forbidden command among all that the program asks is found.
#[test]
fn one_among_many_is_found() {
    use madoguchi::card::chip::{Broken, Chip};
    use madoguchi::card::reading::Stay;

    /// Slips a command in behind the nth.
    struct Slip<'a>(&'a mut Machine, usize);
    impl Chip for Slip<'_> {
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
            let answer = self.0.transmit(command);
            self.1 = self.1.wrapping_sub(1);
            if self.1 == 0 {
                self.0.step(&hex(TEXT));
                self.0.step(&hex("00B0810000"));
            }
            answer
        }
    }
    for at in 1..8 {
        let mut card = asked(&[]);
        let _ = Stay::new(&mut Slip(&mut card, at)).look(&[]);
        let verdict = judge(card.log(), card.trips(), false);
        assert!(verdict.is_err_and(|it| it.trip == Some(Trip::Number)));
    }
}
