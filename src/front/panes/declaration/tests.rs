use crate::domain::account::AccountKind;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::note::NoteContent;
use crate::front::app::support::Seat;
use crate::link::message::{ToDesk, ToFront};

/// A look-up with a consent that did not arrive, on the declaration.
fn declaring() -> Seat {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").type_in("06139000");
    seat.type_in("9000").press("Enter").type_in("10001");
    seat.press("Enter").type_in("01").type_in("H2.1.1");
    seat.press("Enter").type_in("1").press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Unreachable {
            cause: Unreachable::Refused,
            since: None,
        },
    });
    seat.press("F5").type_in("4");
    assert!(
        seat.text().contains("窓口  被保険者資格申立書"),
        "{}",
        seat.text()
    );
    seat
}

/// 新橋太郎, typed into the empty declaration.
fn another(seat: &mut Seat) {
    seat.type_in("新橋太郎").press("Enter").press("Enter");
    seat.type_in("S60.5.5").press("Enter").type_in("1");
    seat.type_in("東京都港区").press("Enter");
}

fn noted(seat: &Seat) -> &NoteContent {
    match seat.said.iter().rfind(|m| m.ticket().is_some()) {
        Some(ToDesk::SaveNote { content, .. }) => content,
        other => panic!("{other:?}"),
    }
}

/// OUT-57, DOM-72: nothing of the earlier patient reaches the next one's note.
#[test]
fn a_cleared_declaration_keeps_nothing_of_the_patient() {
    let mut seat = declaring();
    seat.press("F8");
    another(&mut seat);
    seat.press("F12").press("F12");
    let content = noted(&seat);
    assert_eq!(content.name, "新橋太郎");
    assert_eq!(content.insurance, None);
    assert!(!content.limit_consent);
    assert_eq!(content.evidence, "申立書");
}

/// The same over a note that was begun, which gets the texts back.
#[test]
fn a_note_below_keeps_nothing_of_the_cleared_patient() {
    for back in [false, true] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press("F2").type_in("前田花");
        for _ in 0..7 {
            seat.press("Down");
        }
        seat.type_in("06139000").type_in("9000").press("Down");
        seat.type_in("10001").press("F5");
        seat.type_in("H2.1.1").press("Enter").press("Enter");
        seat.type_in("4").press("F8");
        another(&mut seat);
        if back {
            seat.press("F1").press("F1");
        } else {
            seat.press("F12");
        }
        let text = seat.text();
        assert!(text.contains("窓口  4情報の控え"), "{text}");
        assert!(text.contains("新橋太郎"), "{text}");
        for gone in ["前田花", "06139000", "10001"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
    }
}

/// What was cleared comes back as a whole.
#[test]
fn clear_can_be_taken_back() {
    let mut seat = declaring();
    seat.type_in("佐藤花子").press("F8").press("A-z");
    assert!(seat.text().contains("佐藤花子"), "{}", seat.text());
    seat.press("Enter").press("Enter").press("Enter");
    seat.type_in("2").type_in("東京都港区").press("F12");
    seat.press("F12");
    let content = noted(&seat);
    assert_eq!(content.name, "佐藤花子");
    assert_eq!(content.insurance.as_ref().unwrap().number, "10001");
    assert!(content.limit_consent);
}

/// DOM-28: the share follows from a birth date that is typed here, where age
/// alone decides; what a person wrote stays.
#[test]
fn dom_28_the_share_follows_from_the_birth_date() {
    let mut seat = declaring();
    seat.press("F8").type_in("新橋太郎");
    seat.press("Enter").press("Enter").type_in("H2.1.1");
    seat.press("Enter");
    assert!(
        seat.text().contains("負担             3割"),
        "{}",
        seat.text()
    );
    seat.press("Up").press("C-u").type_in("S26.3.26");
    seat.press("Enter");
    assert!(!seat.text().contains("3割"), "{}", seat.text());
    for _ in 0..6 {
        seat.press("Down");
    }
    seat.type_in("2");
    for _ in 0..7 {
        seat.press("Up");
    }
    seat.press("C-u").type_in("H2.1.1").press("Enter");
    assert!(!seat.text().contains("3割"), "{}", seat.text());
}
