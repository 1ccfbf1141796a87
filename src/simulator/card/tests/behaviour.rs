//! Power, removal, changes of cards.

use super::*;

const OPEN: [Step; 3] = [
    SELECT_TEXT,
    ("0020009104 35363738", 0x9000),
    ("00B0820004", 0x9000),
];

#[test]
fn section_3_3_what_clears_the_status() {
    type Deed = fn(&mut Machine);
    let rows: [(&str, &str, Deed, u16); 8] = [
        (
            "power off and on",
            "hanako",
            |it| {
                it.power_off();
                it.power_on();
            },
            0x6982,
        ),
        (
            "taken away and put back",
            "hanako",
            |it| {
                it.remove();
                it.insert();
            },
            0x6982,
        ),
        ("warm reset", "hanako", Machine::reset, 0x9000),
        (
            "warm reset of a forgetful one",
            "forgetful",
            Machine::reset,
            0x6982,
        ),
        (
            "the same application again",
            "hanako",
            |it| {
                select(it, TEXT);
            },
            0x9000,
        ),
        (
            "another application",
            "hanako",
            |it| {
                select(it, JPKI);
            },
            0x6982,
        ),
        (
            "the issuer's domain",
            "hanako",
            |it| {
                select(it, ISSUER);
            },
            0x6982,
        ),
        (
            "an application that is not there",
            "hanako",
            |it| {
                select(it, "D3920000000000000000");
            },
            0x9000,
        ),
    ];
    for (what, name, deed, status) in rows {
        let mut machine = play(name, &OPEN);
        deed(&mut machine);
        select(&mut machine, TEXT);
        assert_eq!(word(&mut machine, "00B0820004"), status, "{what}");
    }
}

#[test]
fn section_3_3_the_selected_file_and_the_reset() {
    let mut machine = play("hanako", &[SELECT_JPKI, ("00A4020C02 000A", 0x9000)]);
    machine.reset();
    assert_eq!(word(&mut machine, "00B0000004"), 0x9000);
    machine.power_off();
    assert_eq!(machine.step(&bytes("00B0000004")), Turn::Gone);
    machine.power_on();
    assert_eq!(word(&mut machine, "00B0000004"), 0x6986);
}

#[test]
fn section_11_counters_survive_removal() {
    let mut machine = play("hanako", &[SELECT_TEXT, ("0020009104 30303030", 0x63C2)]);
    machine.remove();
    machine.insert();
    select(&mut machine, TEXT);
    assert_eq!(word(&mut machine, "00200091"), 0x63C2);
    assert_eq!(machine.tries(App::Text, 0x0011), Some(2));
    assert_eq!(machine.tries(App::Face, 0x0012), Some(10));
    assert_eq!(machine.tries(App::Text, 0x0002), None);
}

#[test]
fn section_3_2_drowsy_after_each_power_up() {
    let mut machine = card("drowsy");
    for _ in 0..2 {
        assert_eq!(select(&mut machine, JPKI), 0x6F00);
        assert_eq!(
            word(&mut machine, "00B08A0004"),
            0x6A82,
            "the first was not carried out"
        );
        assert_eq!(select(&mut machine, JPKI), 0x9000);
        machine.power_off();
        machine.power_on();
    }
}

#[test]
fn section_8_6_removal_at_every_command() {
    let commands = [
        "00A4040C0A D3921000310001010408",
        "0020009104 30303030",
        "00200091",
        "00200091",
    ];
    for at in 1..=3 {
        for during in [true, false] {
            let removal = if during {
                Removal::During(at)
            } else {
                Removal::After(at)
            };
            let mut machine = card("hanako").with(Manner {
                removal: Some(removal),
                ..Manner::default()
            });
            let answered = commands
                .iter()
                .take_while(|command| machine.transmit(&bytes(command)).is_ok())
                .count();
            let expected = if during { at - 1 } else { at };
            assert_eq!(answered, usize::try_from(expected).unwrap(), "{removal:?}");
            assert!(!machine.lies_there());
            assert_eq!(machine.transmit(&bytes("00200091")), Err(Broken::Lifted));
            // A VERIFY that was not answered has still been counted.
            let left = if at >= 2 { 2 } else { 3 };
            assert_eq!(machine.tries(App::Text, 0x0011), Some(left));
            // Back again, its commands count anew.
            machine.insert();
            assert_eq!(
                machine.transmit(&bytes("00A40400")).is_ok(),
                removal != Removal::During(1)
            );
        }
    }
}

#[test]
fn section_8_6_another_person_takes_over() {
    for unseen in [false, true] {
        let mut machine = card("ichinose").with(Manner {
            removal: Some(Removal::After(2)),
            next: Some(Box::new(card("taro"))),
            unseen,
            ..Manner::default()
        });
        select(&mut machine, JPKI);
        file(&mut machine, "000A");
        let read = bytes("00B0000004");
        let first = machine.transmit(&read);
        if unseen {
            // Nothing of the first card's state is the second's.
            assert_eq!(first, Ok(vec![0x69, 0x86]));
        } else {
            assert_eq!(first, Err(Broken::Lifted));
        }
        assert_eq!(machine.name(), "taro");
        select(&mut machine, JPKI);
        file(&mut machine, "000A");
        assert_eq!(content(&mut machine), content_of("taro"));
        assert_ne!(content_of("taro"), content_of("ichinose"));
        assert_eq!(machine.log()[0].app, Some(App::Jpki), "the log goes on");
        assert!(machine.log().len() > 4);
    }
}

#[test]
fn section_11_manners_from_the_file() {
    assert_eq!(card("slow").manner().delay, Duration::from_millis(25));
    assert_eq!(card("lifted").manner().removal, Some(Removal::During(5)));
    assert_eq!(card("hanako").manner().delay, Duration::ZERO);
}
