//! The login pane as it is used.

use crate::front::app::support::Seat;
use crate::link::message::ToDesk;

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
