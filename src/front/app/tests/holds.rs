//! Notes that somebody else has open.

use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::hold::Holder;
use crate::domain::note::NoteId;
use crate::front::app::support::Seat;
use crate::link::message::{ToDesk, ToFront};

fn id() -> NoteId {
    NoteId("20261120-0002".to_owned())
}

fn other() -> Holder {
    Holder {
        user: "002".to_owned(),
        name: "佐藤".to_owned(),
        place: "窓口2".to_owned(),
        since: "2026-11-20T09:05:00+09:00".parse().unwrap(),
    }
}

/// Logged in again with half a correction, as the desk kept it.
fn resumed(holder: Option<Box<Holder>>) -> Seat {
    let mut seat = Seat::new();
    seat.holder = holder;
    let draft = Draft {
        pane: "note".to_owned(),
        note: Some((id(), 1)),
        fields: [
            (Field::Name, "新橋太郎"),
            (Field::BirthDate, "S29.3.26"),
            (Field::Sex, "1"),
            (Field::Address, "東京都港区"),
            (Field::CheckDate, "2026/11/20"),
        ]
        .map(|(field, text)| (field, text.to_owned()))
        .into(),
        focus: Some(Field::Name),
        ..Draft::default()
    };
    seat.log_in(AccountKind::MedicalViewer, Some(draft));
    seat
}

#[test]
fn a_correction_that_comes_back_takes_its_note_up_again() {
    let mut seat = resumed(None);
    assert!(
        seat.text().contains("訂正 20261120-0002"),
        "{}",
        seat.text()
    );
    let asked =
        |m: &ToDesk| matches!(m, ToDesk::HoldNote { id: held, take: false, .. } if *held == id());
    assert_eq!(seat.held.iter().filter(|m| asked(m)).count(), 1);
    // Left, it is let go.
    seat.press("F1");
    assert_eq!(seat.held.last(), Some(&ToDesk::ReleaseNote { id: id() }));
}

#[test]
fn whoever_else_has_it_is_named_and_f12_takes_it_over_once_it_can_have_been_read() {
    let mut seat = resumed(Some(Box::new(other())));
    let text = seat.flat();
    let said = "窓口2 の 佐藤さん が控え 20261120-0002 を 09:05 から開いています。引き継ぎますか？";
    assert!(text.contains(said), "{text}");
    // Pressed for the pane before.
    seat.press("F12").press("Enter");
    assert!(
        !seat
            .held
            .iter()
            .any(|m| matches!(m, ToDesk::HoldNote { take: true, .. }))
    );
    assert!(seat.flat().contains("引き継ぎますか？"));
    seat.sleep(1000).press("F12");
    assert!(matches!(
        seat.held.last(),
        Some(ToDesk::HoldNote { take: true, .. })
    ));
    assert!(seat.flat().contains("を引き継ぎました"), "{}", seat.text());
    assert!(seat.text().contains("新橋太郎"));
}

#[test]
fn only_looked_at_it_stays_as_typed_and_is_said_to_be_free_again() {
    let mut seat = resumed(Some(Box::new(other())));
    seat.sleep(1000).press("Esc");
    assert!(
        seat.flat()
            .contains("見るだけです。窓口2 の 佐藤さん が開いています"),
        "{}",
        seat.text()
    );
    assert!(seat.text().contains("新橋太郎"));
    // Every change of the ledger is a reason to ask again, quietly.
    seat.hear(ToFront::LedgerChanged);
    assert!(!seat.flat().contains("引き継ぎますか"), "{}", seat.text());
    seat.holder = None;
    seat.hear(ToFront::LedgerChanged);
    assert!(seat.flat().contains("が空きました"), "{}", seat.text());
}

#[test]
fn a_note_taken_over_says_by_whom_and_what_was_typed_stays() {
    let mut seat = resumed(None);
    seat.type_in("甲").sleep(200);
    seat.holder = Some(Box::new(other()));
    let by = Box::new(other());
    seat.hear(ToFront::TakenOver { id: id(), by });
    let text = seat.flat();
    assert!(text.contains("窓口2 の 佐藤さん が 09:05 に控え 20261120-0002 を引き継ぎました。入力は下書きに残っています"), "{text}");
    assert!(text.contains("甲"), "{text}");
    // A change that the desk refuses asks the question.
    seat.said.clear();
    seat.press("Home").type_in("乙").press("F12");
    assert!(
        matches!(seat.said.last(), Some(ToDesk::SaveNote { .. })),
        "{:?}",
        seat.said
    );
    let ticket = seat.ticket();
    let failure = Failure::HeldBy {
        id: id(),
        by: Box::new(other()),
    };
    seat.hear(ToFront::Failed { ticket, failure });
    assert!(seat.flat().contains("引き継ぎますか？"), "{}", seat.text());
    // The question is blanked like all else.
    seat.press("F9");
    assert!(!seat.flat().contains("佐藤"), "{}", seat.text());
}
