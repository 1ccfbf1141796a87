use super::look::{Lies, wait};
use super::options::{self, year};
use super::read::here;
use super::words;
use crate::card::ReaderInfo;
use crate::card::job::Report;
use crate::cli::Cli;
use crate::domain::card::{
    Birth, Certificate, Flag, Four, Gender, Glance, Item, Kind, NO_CERTIFICATE, Presence, Seen,
    Trouble, Validity,
};
use crate::domain::person::Sex;
use crate::domain::reader::ReaderState;
use clap::Parser;
use jiff::civil::date;
use std::sync::mpsc::channel;

const READER: &str = "Reader 00 00";

fn glance(kind: Option<Kind>, trouble: Option<Trouble>) -> Glance {
    Glance {
        presence: Presence(7),
        kind,
        validity: None,
        trouble,
        expires: None,
    }
}

fn present(kind: Option<Kind>, trouble: Option<Trouble>) -> ReaderState {
    ReaderState::CardPresent {
        reader: READER.to_owned(),
        glance: Some(glance(kind, trouble)),
    }
}

fn seen() -> Seen {
    Seen {
        presence: Presence(7),
        kind: Kind::MyNumber,
        token: "JPKIAPICCTOKEN2".to_owned(),
        certificate: Some(Certificate {
            not_before: "2024-07-04T00:00:00+09:00".parse().unwrap(),
            not_after: "2027-01-10T23:59:59+09:00".parse().unwrap(),
            test: false,
        }),
        serial: "19088743".to_owned(),
        expiry: Some(date(2033, 7, 4)),
    }
}

#[test]
fn no_secret_is_an_option_and_options_that_contradict_are_refused() {
    let four = |more: &[&str]| {
        let args = ["madoguchi", "card", "basic-four", "--user", "002"];
        Cli::try_parse_from(args.iter().chain(more)).is_ok()
    };
    assert!(four(&[]));
    assert!(four(&["--wait", "--confirm", "2", "--json"]));
    assert!(four(&[
        "--birth-date",
        "S60.7.4",
        "--expiry-year",
        "2033",
        "--western"
    ]));
    assert!(four(&["--pin"]));
    for wrong in [
        &["--pin", "1234"][..],
        &["--pin=1234"],
        &["--code", "1234"],
        &["--security-code", "1234"],
        &["--pin", "--birth-date", "S60.7.4"],
        &["--pin", "--expiry-year", "2033"],
        &["--pin", "--western"],
        &["--confirm", "0"],
        &["--confirm", "3"],
        &["--confirm"],
        &["--confirm", "two"],
        &["1234"],
    ] {
        assert!(!four(wrong), "{wrong:?}");
    }
    for wrong in [
        &["card"][..],
        &["card", "basic-four"],
        &["card", "prove"],
        &["card", "prove", "--user", "002", "--pin", "1234"],
        &["card", "certificate", "extra"],
        &["card", "certificate", "--force"],
        &["card", "my-number"],
    ] {
        let args = ["madoguchi"].iter().chain(wrong);
        assert!(Cli::try_parse_from(args).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_birth_date_that_would_have_to_be_set_right_is_no_key() {
    let today = date(2026, 11, 20);
    for (text, want) in [
        ("S60.7.4", Some(date(1985, 7, 4))),
        ("昭和６０年７月４日", Some(date(1985, 7, 4))),
        ("3600704", Some(date(1985, 7, 4))),
        ("1985-07-04", Some(date(1985, 7, 4))),
        ("S64.1.7", Some(date(1989, 1, 7))),
        ("H1.1.8", Some(date(1989, 1, 8))),
        ("H31.4.30", Some(date(2019, 4, 30))),
        ("S99.5.8", None),
        ("S64.1.8", None),
        ("H31.5.1", None),
        ("R1.4.30", None),
        ("S60.2.30", None),
    ] {
        match (options::printed(text, today), want) {
            (Ok(day), Some(want)) => assert_eq!(day, want, "{text}"),
            (Err(fail), None) => assert_eq!(fail.code, 2, "{text}: {}", fail.text),
            (got, _) => panic!("{text}: {:?}", got.map_err(|fail| fail.text)),
        }
    }
    let why = options::printed("S99.5.8", today).err().unwrap().text;
    for part in ["昭和", "令和6年5月8日", "カードには送っていません"] {
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn the_year_as_the_face_has_it() {
    for (text, want) in [
        ("2033", Some(2033)),
        ("２０３３", Some(2033)),
        (" 2033 ", Some(2033)),
        ("2016", Some(2016)),
        ("2015", None),
        ("2100", None),
        ("33", None),
        ("R15", None),
        ("+203", None),
        ("20333", None),
        ("", None),
        ("二〇三三", None),
    ] {
        assert_eq!(year(text).ok(), want, "{text:?}");
        if let Err(fail) = year(text) {
            assert_eq!(fail.code, 2);
            assert!(fail.text.contains("--expiry-year"), "{}", fail.text);
        }
    }
}

#[test]
fn which_card_is_meant() {
    let lies = present(Some(Kind::MyNumber), None);
    let waiting = ReaderState::Waiting {
        reader: READER.to_owned(),
    };
    let ok = |state: &ReaderState, wait| here(state, wait).ok();
    assert_eq!(ok(&lies, false), Some(Some(Presence(7))));
    assert_eq!(ok(&lies, true), Some(Some(Presence(7))));
    assert_eq!(ok(&waiting, true), Some(None));
    for (state, wait, code, word) in [
        (&waiting, false, 1, "no-card"),
        (&ReaderState::NoReader, true, 3, "no-reader"),
        (&ReaderState::NoService, false, 3, "no-service"),
        (&ReaderState::Unknown, false, 3, "unknown"),
    ] {
        let fail = here(state, wait).unwrap_err();
        assert_eq!((fail.code, fail.word), (code, word), "{state:?}");
    }
}

#[test]
fn dom83_what_the_reader_says_of_itself() {
    let said = |reports: Vec<Report>| {
        let (say, heard) = channel();
        for report in reports {
            say.send(report).unwrap();
        }
        drop(say);
        wait(&heard)
    };
    let state = Report::State;
    let waiting = ReaderState::Waiting {
        reader: READER.to_owned(),
    };
    assert!(matches!(said(vec![state(waiting)]), Ok(Lies::Nothing)));
    for (away, word) in [
        (ReaderState::NoService, "no-service"),
        (ReaderState::NoReader, "no-reader"),
    ] {
        let fail = said(vec![state(away)]).unwrap_err();
        assert_eq!((fail.code, fail.word), (3, word));
    }
    let whole = vec![
        state(present(None, None)),
        // Somebody else's look, for a moment.
        state(present(None, Some(Trouble::InUse))),
        state(present(Some(Kind::MyNumber), None)),
        Report::Seen(Box::new(seen())),
    ];
    match said(whole).unwrap() {
        Lies::Seen { reader, seen } => {
            assert_eq!((reader.as_str(), seen.kind), (READER, Kind::MyNumber));
        }
        other => panic!("{other:?}"),
    }
    let slow = vec![
        state(present(None, None)),
        state(present(None, Some(Trouble::Slow))),
    ];
    match said(slow).unwrap() {
        Lies::Unread { trouble, .. } => assert_eq!(trouble, Trouble::Slow),
        other => panic!("{other:?}"),
    }
    // A card that is gone again is none.
    let waiting = ReaderState::Waiting {
        reader: READER.to_owned(),
    };
    let gone = vec![state(present(None, None)), state(waiting)];
    assert!(matches!(said(gone), Ok(Lies::Nothing)));
}

#[test]
fn the_serial_number_is_in_the_certificate_alone() {
    let today = date(2026, 11, 20);
    let seen = seen();
    let readers = [
        ReaderInfo {
            name: READER.to_owned(),
            card: true,
            ..ReaderInfo::default()
        },
        ReaderInfo {
            name: "Other\u{1b}[31m 01 00".to_owned(),
            ..ReaderInfo::default()
        },
    ];
    let lies = Lies::Seen {
        reader: READER.to_owned(),
        seen: Box::new(seen.clone()),
    };
    let status = words::status(&readers, Some((&lies, today)));
    assert!(status.contains("マイナンバーカードです"), "{status}");
    let certificate = seen.certificate.clone().unwrap();
    let sentence = Validity::of(&certificate, today).to_string();
    assert!(status.contains(&sentence), "{status}");
    assert!(!status.contains('\u{1b}'), "{status}");
    let json = words::status_json(&readers, Some((&lies, today)));
    assert_eq!(json["readers"][1]["card"], false);
    assert_eq!(json["card"]["kind"], "my-number");
    assert_eq!(json["card"]["validity"]["state"], "soon");
    assert_eq!(json["card"]["validity"]["valid_to"], "2027-01-10");
    let proved = words::proved_json(&seen, today);
    assert_eq!(proved["proved"], true);
    for text in [
        status,
        json.to_string(),
        proved.to_string(),
        words::proved(&seen, today),
    ] {
        assert!(!text.contains("19088743"), "{text}");
    }
    let json = words::certificate_json(&seen, &certificate, today);
    assert_eq!(json["serial_number"], "19088743");
    assert_eq!(json["card_expiry"], "2033-07-04");
    let text = words::certificate(&seen, &certificate, today);
    assert!(text.contains("発行番号: 19088743"), "{text}");
    // SEC-29: without a login it is not known, and nothing stands for it.
    let unnamed = Seen {
        serial: String::new(),
        ..seen
    };
    let json = words::certificate_json(&unnamed, &certificate, today);
    assert!(json["serial_number"].is_null());
    let text = words::certificate(&unnamed, &certificate, today);
    assert!(
        !text.contains("発行番号") && text.contains("有効終了日"),
        "{text}"
    );

    let unread = Lies::Unread {
        reader: READER.to_owned(),
        trouble: Trouble::InUse,
        desk: false,
    };
    let json = words::status_json(&readers, Some((&unread, today)));
    assert_eq!(json["card"]["error"]["code"], "reader-in-use");
    let text = words::status(&readers, Some((&unread, today)));
    assert!(text.contains(&Trouble::InUse.to_string()), "{text}");
    assert!(words::status_json(&readers, None)["card"].is_null());
    // Our own desk service is no other program.
    let ours = Lies::Unread {
        reader: READER.to_owned(),
        trouble: Trouble::InUse,
        desk: true,
    };
    for text in [
        words::status(&readers, Some((&ours, today))),
        words::status_json(&readers, Some((&ours, today))).to_string(),
    ] {
        assert!(text.contains("窓口サービスがカードを読んでいる"), "{text}");
        assert!(!text.contains("ほかのプログラム"), "{text}");
    }
}

/// DOM-86: a card of ours without a certificate is not another kind of card.
#[test]
fn a_card_without_a_certificate_is_named_as_such() {
    let today = date(2026, 11, 20);
    let readers = [ReaderInfo {
        name: READER.to_owned(),
        card: true,
        ..ReaderInfo::default()
    }];
    let lies = Lies::Seen {
        reader: READER.to_owned(),
        seen: Box::new(Seen {
            certificate: None,
            serial: String::new(),
            ..seen()
        }),
    };
    for text in [
        words::status(&readers, Some((&lies, today))),
        words::status_json(&readers, Some((&lies, today))).to_string(),
    ] {
        assert!(text.contains(NO_CERTIFICATE), "{text}");
    }
    for (kind, word) in [
        (Kind::MyNumber, "card-no-certificate"),
        (Kind::MyNumberBare, "card-no-certificate"),
        (Kind::Licence, "card-wrong-kind"),
        (Kind::Android, "card-wrong-kind"),
    ] {
        assert_eq!(Trouble::WrongKind { kind }.word(), word);
    }
}

#[test]
fn the_four_with_what_is_odd_about_them() {
    let four = Four {
        name: Item {
            text: "𠮷田　花子\u{1b}[2J".to_owned(),
            flags: vec![Flag::Rare],
        },
        address: Item {
            text: String::new(),
            flags: vec![Flag::Missing],
        },
        birth: Birth {
            raw: "19850700".to_owned(),
            date: None,
            flags: vec![Flag::Unknown],
        },
        gender: Gender {
            raw: "2".to_owned(),
            sex: Some(Sex::Female),
            flags: Vec::new(),
        },
    };
    let json = words::four_json(&four, Some(9));
    assert_eq!(json["birth_date"], serde_json::Value::Null);
    assert_eq!(json["birth_date_raw"], "19850700");
    assert_eq!(json["sex"], "female");
    assert_eq!(json["flags"]["name"][0], "rare");
    assert_eq!(json["flags"]["address"][0], "missing");
    assert_eq!(json["tries_left"], 9);
    let text = words::four(&four);
    assert!(text.starts_with("氏名: 𠮷田　花子"), "{text}");
    assert!(text.contains("生年月日: 19850700\n  日付や区分"), "{text}");
    assert!(text.contains("住所: \n  カードに入っていません"), "{text}");
    assert!(!text.contains('\u{1b}') && !json.to_string().contains("u001b"));
}

#[test]
fn a_script_hears_by_the_code_whether_the_card_can_be_used() {
    let there = |seen: Seen| Lies::Seen {
        reader: READER.to_owned(),
        seen: Box::new(seen),
    };
    let licence = Seen {
        kind: Kind::Licence,
        certificate: None,
        ..seen()
    };
    let unread = Lies::Unread {
        reader: READER.to_owned(),
        trouble: Trouble::NoCard,
        desk: false,
    };
    for (lies, today, usable) in [
        (there(seen()), date(2026, 11, 21), true),
        (there(seen()), date(2027, 1, 10), true),
        (there(seen()), date(2027, 1, 11), false),
        (there(seen()), date(2028, 1, 1), false),
        (there(seen()), date(2024, 7, 3), false),
        (there(licence), date(2026, 11, 21), false),
        (unread, date(2026, 11, 21), false),
        (Lies::Nothing, date(2026, 11, 21), false),
    ] {
        assert_eq!(super::usable(&lies, today), usable, "{today}");
    }
}
