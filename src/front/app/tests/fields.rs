//! Fields as the whole front end has them: the cursor, the input method, the
//! wedge, and undo that knows its patient.

use super::*;
use crate::front::keys::key::Key;

#[test]
fn dom_50_the_cursor_is_in_the_field_with_the_focus_or_nowhere() {
    let mut seat = Seat::new();
    assert!(seat.cursor().is_some(), "the login types");
    let mut seat_in = Seat::inside(AccountKind::General);
    assert_eq!(seat_in.cursor(), None, "the menu does not");
    seat_in.press("F3").type_in("061");
    assert_eq!(seat_in.cursor(), Some((18, 4)));
    // A question over it takes the keys.
    seat_in.press("Esc");
    assert!(seat_in.flat().contains("捨てて戻りますか"));
    assert_eq!(seat_in.cursor(), None);
    seat_in.press("Esc");
    seat_in.press("F9");
    assert_eq!(seat_in.cursor(), None, "hidden");
    seat.press("F9");
    assert_eq!(seat.cursor(), None);
}

#[test]
fn dom_29_an_input_method_left_on_is_said_once_and_goes_with_the_next_key() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("しんばし");
    let text = seat.flat();
    assert_eq!(text.matches("日本語入力がオン").count(), 1, "{text}");
    assert!(text.contains("半角/全角キー"), "{text}");
    seat.type_in("１");
    assert!(!seat.flat().contains("日本語入力がオン"));
    // In a number field the digits are taken, a kana is not.
    seat.type_in("０６１");
    assert!(seat.flat().contains("061"));
    seat.type_in("あ");
    let text = seat.flat();
    assert!(
        text.contains("日本語入力がオン") && text.contains("061"),
        "{text}"
    );
}

#[test]
fn a_wedge_moves_on_and_sends_nothing() {
    for (place, read) in [("F3", "0613900012345"), ("F2", "4901234567894")] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press(place);
        seat.said.clear();
        for _ in 0..3 {
            seat.type_in(read).press("Enter");
        }
        let sent = seat
            .said
            .iter()
            .find(|said| matches!(said, ToDesk::Lookup { .. } | ToDesk::SaveNote { .. }));
        assert_eq!(sent, None, "{place}");
    }
}

#[test]
fn undo_never_reaches_another_patient() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋太郎").press("Enter");
    seat.type_in("しんばし");
    // やめる throws it away; the next form begins anew.
    seat.press("Esc").type_in("1").press("F2");
    for _ in 0..40 {
        seat.press("A-z");
    }
    let text = seat.flat();
    assert!(
        !text.contains("新橋") && !text.contains("しんばし"),
        "{text}"
    );
    seat.press("Enter");
    for _ in 0..40 {
        seat.press("A-z");
    }
    assert!(!seat.flat().contains("しんばし"));
}

#[test]
fn bytes_that_are_no_utf_8_are_said_and_take_nothing_away() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").type_in("061");
    seat.send(Msg::Garbled);
    let text = seat.flat();
    assert!(text.contains("文字コードを UTF-8"), "{text}");
    seat.type_in("3");
    let text = seat.flat();
    assert!(text.contains("0613") && text.contains("UTF-8"), "{text}");
    seat.sleep(9_000);
    assert!(!seat.flat().contains("UTF-8"));
    // Or with the next field.
    seat.send(Msg::Garbled);
    assert!(seat.flat().contains("UTF-8"));
    seat.press("Enter");
    assert!(!seat.flat().contains("UTF-8"));
}

#[test]
fn what_takes_back_elsewhere_says_which_key_does_here() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("新")
        .send(Msg::Key(Key::ctrl('z')));
    assert!(
        seat.flat()
            .contains("^Z は使いません。打った字を元に戻すのは Alt+z です"),
        "{}",
        seat.text()
    );
    assert!(seat.text().contains("新"));
    seat.type_in("橋");
    assert!(!seat.text().contains("^Z"), "{}", seat.text());
    let mut seat = Seat::inside(AccountKind::General);
    seat.send(Msg::Key(Key::ctrl('z')));
    assert!(seat.text().contains("^Z は使いません。"), "{}", seat.text());
}
