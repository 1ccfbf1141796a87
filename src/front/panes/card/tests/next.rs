//! A key is for the card it was typed for, and for no later one.

use super::*;

#[test]
fn a_key_typed_for_one_card_is_not_sent_to_the_next() {
    // A PIN, and the card goes.
    let mut seat = at_card();
    seat.insert(1).press("F7").type_in("1111");
    assert!(seat.text().contains("****"), "{}", seat.text());
    seat.remove();
    assert!(!seat.text().contains("****"), "{}", seat.text());
    assert!(seat.flat().contains("番号を消しました"), "{}", seat.text());
    seat.insert(2).press("F12");
    assert_eq!(seat.readings(), 0, "{}", seat.text());
    // ... or another one is there at once, or while the pane is covered.
    let mut seat = at_card();
    seat.insert(1).press("F7").type_in("1111").insert(2);
    seat.press("F12");
    assert_eq!(seat.readings(), 0, "{}", seat.text());
    let mut seat = at_card();
    seat.insert(1).press("F7").type_in("1111").press("C-g");
    seat.remove().insert(2).press("Esc").press("F12");
    assert_eq!(seat.readings(), 0, "{}", seat.text());
    // Before a card lies there none is taken at all.
    let mut seat = at_card();
    seat.press("F7").type_in("1111").insert(1).press("F12");
    assert_eq!(seat.readings(), 0, "{}", seat.text());
}

#[test]
fn the_numbers_of_the_face_before_have_to_be_looked_at() {
    let typed = || {
        let mut seat = at_card();
        seat.insert(1).type_in("S60.7.4").press("Enter");
        seat.type_in("20334321").remove().insert(2);
        seat
    };
    let mut seat = typed();
    let text = seat.text();
    assert_eq!(text.matches("前のカードの分です").count(), 2, "{text}");
    // Neither of them is sent as it stands.
    seat.press("F12");
    assert!(seat.flat().contains("前のカードのとき"), "{}", seat.text());
    for _ in 0..2 {
        seat.press("Down");
    }
    seat.type_in("4321").press("F12");
    assert_eq!(seat.readings(), 0, "{}", seat.text());
    // Looked at one by one, or typed anew.
    let mut seat = typed();
    seat.press("Enter").press("Enter").type_in("4321");
    assert!(!seat.text().contains("前のカード"), "{}", seat.text());
    seat.press("F12");
    assert_eq!(seat.reading().1, Some(Presence(2)));
    let mut seat = typed();
    seat.type_in("S29.3.26").press("Enter");
    seat.type_in("20311357").press("F12");
    let key = seat.said.iter().find_map(|m| match m {
        ToDesk::ReadCard { key, .. } => Some(key.clone()),
        _ => None,
    });
    let digits = key.and_then(|key| key.digits()).unwrap();
    assert_eq!(digits.reveal(), "29032620311357");
}

#[test]
fn a_key_sent_ahead_says_what_it_is_for_and_is_given_up() {
    let mut seat = at_card();
    seat.type_face();
    let flat = seat.flat();
    assert!(flat.contains("次に置かれたカードに"), "{}", seat.text());
    assert!(flat.contains("60 秒置かれないとき"), "{}", seat.text());
    seat.refuse(Trouble::Dropped);
    assert!(seat.flat().contains("60 秒待っても"), "{}", seat.text());
    seat.insert(1).press("F12");
    assert_eq!(seat.readings(), 1);
    // The reader goes meanwhile: nothing asks for a card any more.
    let mut seat = at_card();
    seat.type_face().reader(ReaderState::NoReader);
    seat.refuse(Trouble::NoReader);
    assert!(!seat.text().contains("カードを置いて"), "{}", seat.text());
}

#[test]
fn a_card_that_goes_before_the_last_tries_was_not_tried() {
    let few = || Trouble::FewTries {
        key: KeyKind::Face,
        left: 2,
    };
    let mut seat = at_card();
    seat.insert(1).type_face().refuse(few()).remove();
    assert!(seat.flat().contains("試していません"), "{}", seat.text());
    assert!(!seat.flat().contains("捨てました"), "{}", seat.text());
    // Sent ahead, and gone when the question comes.
    let mut seat = at_card();
    seat.type_face().insert(1).remove().refuse(few());
    assert!(seat.flat().contains("試していません"), "{}", seat.text());
    seat.insert(2).press("1");
    assert_eq!(seat.readings(), 1, "{}", seat.text());
}
