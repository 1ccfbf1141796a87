//! What is said of the reader and of a card goes with it.

use super::*;
use crate::domain::card::Expiry;
use crate::front::app::Msg;

fn ended() -> ReaderState {
    let ReaderState::CardPresent { reader, glance } = lying(1, Some(Kind::MyNumber)) else {
        unreachable!()
    };
    let glance = glance.map(|glance| Glance {
        validity: Some(Validity::Ended {
            ended: date(2026, 5, 1),
        }),
        ..glance
    });
    ReaderState::CardPresent { reader, glance }
}

#[test]
fn what_was_said_of_a_card_is_not_said_of_the_next() {
    for (state, told) in [
        (ended(), "資格の確認に使えません"),
        (lying(1, Some(Kind::Licence)), "運転免許証です"),
        (ReaderState::NoReader, "読取機がつながっていません"),
        (troubled(Trouble::Slow), "返事がありません"),
    ] {
        // Gone at once, and gone from a form that is covered by another pane.
        let mut seat = Seat::inside(AccountKind::General);
        seat.press("F2").reader(state.clone());
        assert!(seat.flat().contains(told), "{}", seat.text());
        seat.remove();
        assert!(!seat.flat().contains(told), "{}", seat.text());
        seat.insert(2);
        assert!(!seat.flat().contains(told), "{}", seat.text());
        seat.reader(state).press("C-x").remove().insert(3);
        seat.press("Esc");
        assert!(!seat.flat().contains(told), "{}", seat.text());
    }
}

#[test]
fn a_refusal_is_not_said_of_the_next_card() {
    let mut seat = at_card();
    seat.reader(lying(1, Some(Kind::Licence))).type_face();
    assert!(seat.flat().contains("運転免許証です"), "{}", seat.text());
    seat.remove();
    assert!(!seat.flat().contains("運転免許証です"), "{}", seat.text());
    let mut seat = at_card();
    seat.insert(1).type_face().refuse(Trouble::WrongKey {
        key: KeyKind::Face,
        left: Some(9),
    });
    // It is still about the card that was just taken away, and the next has
    // its own count.
    seat.remove();
    assert!(seat.flat().contains("残り 9 回"), "{}", seat.text());
    seat.insert(2);
    assert!(!seat.flat().contains("残り 9 回"), "{}", seat.text());
}

#[test]
fn a_card_without_a_certificate_is_told() {
    let bare = || {
        let ReaderState::CardPresent { reader, glance } = lying(1, Some(Kind::MyNumber)) else {
            unreachable!()
        };
        let glance = glance.map(|glance| Glance {
            validity: None,
            ..glance
        });
        ReaderState::CardPresent { reader, glance }
    };
    let mut seat = Seat::inside(AccountKind::General);
    seat.reader(bare());
    assert!(seat.flat().contains("資格確認書など"), "{}", seat.text());
    seat.press("c");
    assert!(
        seat.text().contains("電子証明書 なし（または読めません）"),
        "{}",
        seat.text()
    );
    seat.insert(2);
    assert!(!seat.text().contains("なし（または"), "{}", seat.text());
}

#[test]
fn sec_17_a_pin_is_typed_for_the_card_that_lies_there() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.remove().press("F2").press("F4").press("F7");
    let early = "カードを置いてから、暗証番号を入れてもらってください";
    seat.type_in("1234").press("F12");
    assert!(seat.flat().contains(early), "{}", seat.text());
    assert!(!seat.text().contains('*'));
    let asked = |seat: &Seat| {
        let read = |said: &&ToDesk| matches!(said, ToDesk::ReadCard { .. });
        seat.said.iter().filter(read).count()
    };
    seat.insert(1).press("F12");
    assert_eq!(asked(&seat), 0);
    seat.type_in("1234").press("F12");
    assert_eq!((asked(&seat), seat.reading().1), (1, Some(Presence(1))));
}

/// The rows below the rule of a screen of 60 columns.
fn small(seat: &Seat, height: u16) -> String {
    seat.picture(60, height).0[3..].join("\n")
}

#[test]
fn the_smallest_screen_shows_the_row_that_is_typed() {
    let mut seat = at_card();
    seat.send(Msg::Resize {
        width: 60,
        height: 16,
    });
    seat.insert(1);
    for (typed, label) in [("S60.7.4", "生年月日"), ("2033", "有効期限の年")] {
        for height in [16, 18] {
            let text = small(&seat, height);
            assert!(text.contains(&format!("> {label}")), "{text}");
        }
        seat.type_in(typed);
        if label == "生年月日" {
            seat.press("Enter");
        }
    }
    seat.type_in("4321").press("F12").refuse(Trouble::WrongKey {
        key: KeyKind::Face,
        left: Some(9),
    });
    for height in [16, 18] {
        let text = small(&seat, height);
        assert!(text.contains("> セキュリティコード"), "{text}");
        assert!(text.contains("残り 9"), "{text}");
    }
    assert!(small(&seat, 16).contains("読取機"), "{}", small(&seat, 16));
    // Every row of what was read comes into sight.
    seat.type_in("4321").press("F12").read(1, four());
    let mut all = small(&seat, 16);
    for _ in 0..12 {
        seat.press("PageDown");
        all += &small(&seat, 16);
    }
    for part in ["試験　花子", "霞が関", "性別", "3 保険証の照会"] {
        assert!(all.contains(part), "{part}\n{all}");
    }
}

#[test]
fn the_cards_own_expiry_is_told_once_and_shown_as_a_warning() {
    let ReaderState::CardPresent { reader, glance } = lying(1, Some(Kind::MyNumber)) else {
        unreachable!()
    };
    let last = date(2026, 12, 31);
    let glance = glance.map(|glance| Glance {
        expires: Some(Expiry::Soon { until: last }),
        ..glance
    });
    let state = ReaderState::CardPresent { reader, glance };
    let told = "カードの有効期限は 2026/12/31 です";
    let mut seat = Seat::inside(AccountKind::General);
    seat.reader(state.clone());
    assert!(seat.flat().contains(told), "{}", seat.text());
    // Another status is no other card.
    seat.press("Down").reader(state);
    assert!(!seat.flat().contains(told), "{}", seat.text());
    seat.press("c");
    let ticket = seat.ticket();
    let seen = Seen {
        presence: Presence(1),
        kind: Kind::MyNumber,
        token: String::new(),
        certificate: None,
        serial: String::new(),
        expiry: Some(last),
    };
    let seen = Box::new(seen);
    seat.hear(ToFront::Card { ticket, seen });
    let text = seat.flat();
    assert!(text.contains("2026/12/31 まで  もうすぐ切れます"), "{text}");
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_desk_service_that_goes_away_may_have_tried_the_key() {
    let mut seat = at_card();
    seat.insert(1).type_face().send(Msg::LinkLost);
    let text = seat.flat();
    assert!(text.contains("1 回試されたかもしれません"), "{text}");
    assert!(text.contains("番号を確かめて"), "{text}");
}
