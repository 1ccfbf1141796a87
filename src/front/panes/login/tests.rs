//! The login pane as it is used.

use crate::domain::spill::Spilled;
use crate::front::app::support::{Seat, status};
use crate::link::message::{Status, ToDesk, ToFront};

#[test]
fn an_empty_id_keeps_the_focus_and_says_so() {
    for key in ["F12", "Enter"] {
        let mut seat = Seat::new();
        let at = seat.cursor();
        seat.press(key);
        let text = seat.text();
        assert!(text.contains("ユーザID: 入れてください。"), "{text}");
        assert_eq!(seat.cursor(), at, "{key}");
        seat.type_in("003");
        assert!(seat.text().contains("003"), "no stars: it is the ID");
        seat.press(key).type_in("secret");
        assert!(!seat.text().contains("secret"), "{key}");
        seat.press("Enter");
        let login = seat.said.iter().any(|m| matches!(m, ToDesk::Login { .. }));
        assert!(login, "{key}");
    }
}

#[test]
fn a_password_without_an_id_is_not_sent() {
    let mut seat = Seat::new();
    let at = seat.cursor();
    seat.press("Down").type_in("secret").press("Enter");
    assert_eq!(seat.cursor(), at);
    assert!(!seat.text().contains("secret"), "{}", seat.text());
    assert!(!seat.said.iter().any(|m| matches!(m, ToDesk::Login { .. })));
}

#[test]
fn what_was_missing_is_no_longer_said_once_it_is_typed() {
    let missing = "入れてください。";
    let mut seat = Seat::new();
    seat.press("Enter");
    assert!(seat.text().contains(missing), "{}", seat.text());
    seat.type_in("0");
    assert!(!seat.text().contains(missing), "{}", seat.text());
    seat.type_in("03").press("Enter").press("Enter");
    assert!(
        seat.text().contains("パスワード: 入れて"),
        "{}",
        seat.text()
    );
    // The other field is not the one.
    seat.press("Up").type_in("1");
    assert!(
        seat.text().contains("パスワード: 入れて"),
        "{}",
        seat.text()
    );
    seat.press("Down").type_in("x");
    assert!(!seat.text().contains(missing), "{}", seat.text());
}

#[test]
fn rel_4_who_logs_in_reads_why_notes_go_to_the_spill_and_what_to_do() {
    let why =
        "保存先 /data/store は読み取り専用です。ディスクの状態を確かめ、書けるようにしてください。";
    let mut seat = Seat::new();
    let spill = Some(Spilled {
        notes: 1,
        place: Some("/data/store-spill".to_owned()),
        unknown: false,
    });
    seat.hear(ToFront::Status(Box::new(Status {
        store_trouble: Some(why.to_owned()),
        spill,
        ..status()
    })));
    let text = seat.flat();
    assert!(text.contains(why), "{text}");
    assert!(
        text.contains("予備のファイルに取れます（今 1 件）"),
        "{text}"
    );
    seat.hear(ToFront::Status(Box::new(status())));
    assert!(!seat.flat().contains("読み取り専用"));
}
