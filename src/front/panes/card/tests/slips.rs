//! What differs in one thing alone, what stays beside a new name, and what
//! another person's card does to a note that is being corrected.

use super::{Seat, four};
use crate::domain::account::AccountKind;
use crate::domain::field::Field;
use crate::domain::note::{Note, NoteState};
use crate::domain::person::Sex;
use crate::front::panes::{Pane, note};
use crate::front::trial::noted;
use crate::link::message::ToDesk;
use jiff::civil::date;

/// A note with a name, the birth date and sex of the card; the card is read.
fn beside(name: &str, keys: &[&str]) -> Seat {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in(name)
        .press("Down")
        .type_in("しけんはなこ");
    for key in keys {
        seat.press("Down").type_in(key);
    }
    seat.insert(1)
        .press("F4")
        .press("F8")
        .type_face()
        .read(1, four());
    seat
}

fn texts(seat: &mut Seat) -> impl Fn(Field) -> String {
    seat.sleep(1000);
    let last = seat.said.iter().rev().find_map(|m| match m {
        ToDesk::Draft(draft) => Some(draft.fields.clone()),
        _ => None,
    });
    let fields = last.unwrap();
    move |field| fields.get(&field).cloned().unwrap_or_default()
}

#[test]
fn a_slip_in_the_name_is_asked_about_and_may_stay() {
    for keys in [&["S60.7.4", "2"][..], &["S60.7.4"]] {
        let mut seat = beside("試験　花枝", keys);
        let text = seat.flat();
        assert!(text.contains("氏名が違います"), "{text}");
        assert!(!text.contains("別の方のカードです"), "{text}");
        // One field alone can be left out.
        seat.press("1");
        assert!(seat.text().contains("1 [ ]  氏名"), "{}", seat.text());
        seat.press("F12");
        assert!(seat.flat().contains("同じ方ですか"), "{}", seat.text());
        seat.press("Enter");
        assert!(seat.flat().contains("決まりません"), "{}", seat.text());
        // Back, and it has not been decided.
        seat.press("F1");
        assert!(seat.text().contains("1 [ ]  氏名"), "{}", seat.text());
        seat.press("F12").press("1");
        let text = texts(&mut seat);
        assert_eq!(text(Field::Name), "試験　花枝");
        assert_eq!(text(Field::Kana), "シケンハナコ");
        assert_eq!(text(Field::Address), "東京都千代田区霞が関１－２－３");
    }
}

#[test]
fn a_slip_in_the_name_is_put_right_by_the_card() {
    let mut seat = beside("試験　花枝", &["S60.7.4", "2"]);
    seat.press("F12").press("F12");
    let text = texts(&mut seat);
    assert_eq!(text(Field::Name), "試験　花子");
    assert_eq!(text(Field::Kana), "シケンハナコ");
}

#[test]
fn another_with_the_same_birth_date_takes_the_place_of_all_or_nothing() {
    let mut seat = beside("試験　花枝", &["S60.7.4", "2"]);
    seat.press("F12").press("2");
    let text = seat.flat();
    assert!(text.contains("別の方のカードとして扱います"), "{text}");
    seat.press("F12");
    let text = seat.flat();
    assert!(text.contains("入力を消して入れ替えますか"), "{text}");
    seat.press("F12");
    let text = texts(&mut seat);
    assert_eq!(text(Field::Name), "試験　花子");
    assert_eq!(text(Field::Kana), "");
}

#[test]
fn another_sex_or_birth_date_is_another_person() {
    for keys in [&["S60.7.4", "1"][..], &["S60.7.5", "2"], &[]] {
        let seat = beside("試験　花枝", keys);
        let text = seat.flat();
        assert!(text.contains("別の方のカードです"), "{keys:?} {text}");
    }
}

#[test]
fn what_stays_beside_a_new_name_is_asked_about() {
    let mut seat = beside("", &[]);
    assert!(seat.flat().contains("そのまま残るもの"), "{}", seat.text());
    seat.press("F12");
    let text = seat.flat();
    assert!(text.contains("この方のものですか"), "{text}");
    seat.press("F12");
    let text = texts(&mut seat);
    assert_eq!(text(Field::Name), "試験　花子");
    assert_eq!(text(Field::Kana), "シケンハナコ");
    // It is another's: all of it gives way.
    let mut seat = beside("", &[]);
    seat.press("F12").press("2").press("F12").press("F12");
    let text = texts(&mut seat);
    assert_eq!(text(Field::Name), "試験　花子");
    assert_eq!(text(Field::Kana), "");
    // A birth date that agrees says whose it is.
    let mut seat = beside("", &["S60.7.4"]);
    seat.press("F12");
    let text = texts(&mut seat);
    assert_eq!(text(Field::Kana), "シケンハナコ");
}

/// 新橋太郎's note on its correction.
fn correcting() -> (Seat, Note) {
    let mut seat = Seat::inside(AccountKind::General);
    let stored = noted(NoteState::Waiting { not_before: None });
    seat.push(Pane::Note(Box::new(note::State::edit(&stored))));
    seat.sleep(200);
    (seat, stored)
}

/// What was sent to be kept, and instead of which note.
fn saved(seat: &Seat) -> (String, Option<String>) {
    match seat.said.last() {
        Some(ToDesk::SaveNote {
            content, replaces, ..
        }) => (
            content.name.clone(),
            replaces.as_ref().map(|(id, _)| id.0.clone()),
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_persons_card_leaves_the_note_that_is_corrected_alone() {
    for emptied in [false, true] {
        let (mut seat, stored) = correcting();
        if emptied {
            // Nothing on the screen names the stored person any more.
            seat.press("PageUp").press("C-u").press("Down").press("C-u");
            seat.press("Down").press("C-u");
        }
        seat.insert(1)
            .press("F4")
            .press("F8")
            .type_face()
            .read(1, four());
        let id = &stored.id.0;
        let text = seat.flat();
        assert!(
            text.contains(&format!("訂正中の控え {id} とは別の方")),
            "{text}"
        );
        seat.press("F12");
        let text = seat.flat();
        assert!(text.contains(&format!("控え {id} は残し")), "{text}");
        seat.press("F12");
        let text = seat.flat();
        assert!(
            text.contains(&format!("控え {id} は元のまま残しました")),
            "{text}"
        );
        assert!(text.contains("F12 控える"), "{text}");
        seat.press("F12");
        assert_eq!(saved(&seat), ("試験　花子".to_owned(), None));
    }
}

#[test]
fn the_correction_comes_back_whole() {
    let (mut seat, stored) = correcting();
    seat.insert(1)
        .press("F4")
        .press("F8")
        .type_face()
        .read(1, four());
    seat.press("F12").press("F12").press("A-z").press("F12");
    let name = stored.content.name.clone();
    assert_eq!(saved(&seat), (name, Some(stored.id.0)));
}

#[test]
fn a_card_puts_the_stored_persons_own_note_right() {
    let (mut seat, stored) = correcting();
    let mut own = four();
    own.name.text = "新橋　太朗".to_owned();
    own.birth.date = Some(date(1954, 3, 26));
    own.gender.sex = Some(Sex::Male);
    own.gender.raw = "1".to_owned();
    seat.insert(1)
        .press("F4")
        .press("F8")
        .type_face()
        .read(1, own);
    seat.press("F12");
    assert!(seat.flat().contains("同じ方ですか"), "{}", seat.text());
    seat.press("F12").press("F12");
    assert_eq!(saved(&seat), ("新橋　太朗".to_owned(), Some(stored.id.0)));
}
