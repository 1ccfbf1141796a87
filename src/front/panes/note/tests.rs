use super::State;
use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::NoteState;
use crate::domain::person::Sex;
use crate::front::app::support::Seat;
use crate::link::message::{ToDesk, ToFront};
use jiff::civil::date;

fn noted(seat: &Seat) -> &crate::domain::note::NoteContent {
    match seat.said.iter().rfind(|m| m.ticket().is_some()) {
        Some(ToDesk::SaveNote { content, .. }) => content,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_note_takes_at_most_45_keys() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .press("Enter")
        .type_in("しんばしたろう")
        .press("Enter");
    seat.type_in("3290326").press("Enter").type_in("1");
    seat.type_in("東京都港区").press("F12");
    let content = noted(&seat);
    assert_eq!(content.kana, "シンバシタロウ");
    assert_eq!(content.birth_date, date(1954, 3, 26));
    assert_eq!(content.sex, Some(Sex::Male));
    assert_eq!(content.address, "東京都港区");
    assert_eq!(content.visit_date, date(2026, 11, 20));
    assert!(seat.keys <= 45, "{}", seat.keys);
}

#[test]
fn a_full_disk_is_said_and_nothing_typed_is_lost() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("新橋太郎")
        .press("Enter")
        .press("Enter");
    seat.type_in("3290326")
        .press("Enter")
        .type_in("1")
        .type_in("東京都")
        .press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Store {
            what: "ディスクがいっぱいです。".to_owned(),
        },
    });
    let text = seat.flat();
    assert!(text.contains("控え帳を使えません"), "{text}");
    assert!(
        text.contains("新橋太郎") && text.contains("東京都"),
        "{text}"
    );
    assert!(!text.contains("控えました"), "{text}");
    seat.press("F12");
    assert!(seat.ticket() > ticket, "it can be tried again");
}

#[test]
fn dom_64_1_8_a_date_beyond_its_era_is_converted_with_a_notice() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .press("Down")
        .press("Down")
        .type_in("S64.1.8");
    assert!(
        seat.text().contains("平成1年1月8日") || seat.text().contains("平成元年1月8日"),
        "{}",
        seat.text()
    );
    assert!(seat.flat().contains("生年月日: "), "{}", seat.flat());
}

#[test]
fn dom_25_an_impossible_date_is_refused_with_the_reason() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("新橋")
        .press("Down")
        .press("Down")
        .type_in("S29.2.30")
        .press("F12");
    assert!(seat.text().contains("！生年月日: "), "{}", seat.text());
    assert!(
        !seat
            .said
            .iter()
            .any(|m| matches!(m, ToDesk::SaveNote { .. }))
    );
    assert!(seat.text().contains("S29.2.30"));
}

#[test]
fn long_names_are_shown_whole_or_cut_with_a_mark() {
    let mut seat = Seat::inside(AccountKind::General);
    let name = "ジョン・ジェイコブ・ジングルハイマー・シュミット・スミス";
    seat.press("F2").type_in(name);
    let (x, _) = seat.cursor().unwrap();
    assert!(x < 80);
    assert!(
        seat.text().contains("スミス"),
        "the cursor's end is in sight"
    );
    seat.press("Down");
    assert!(seat.text().contains(name), "{}", seat.text());
}

const CONSENTS: &str = "限度額情報   1 同意する";

/// 限度額情報 of a look-up stands in the note, is changed there, and goes with
/// the patient.
#[test]
fn the_consent_belongs_to_the_patient() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("前田花").press("F5");
    seat.type_in("H2.1.1").press("Enter").press("Enter");
    seat.type_in("0").press("F12");
    for _ in 0..15 {
        seat.press("Down");
    }
    seat.type_in("1");
    assert!(seat.text().contains(CONSENTS), "{}", seat.text());
    seat.press("F5").press("F8").type_in("S60.5.5");
    seat.press("Enter").press("Enter").type_in("0").press("F12");
    let text = seat.text();
    assert!(text.contains("窓口  4情報の控え"), "{text}");
    assert!(!text.contains(CONSENTS), "{text}");
}

/// What クリア took away of the declaration comes back with it.
#[test]
fn undo_brings_back_what_the_declaration_added() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("前田花").press("F5");
    seat.type_in("H2.1.1").press("Enter").press("Enter");
    seat.type_in("4");
    for _ in 0..5 {
        seat.press("Down");
    }
    seat.type_in("1").press("Down").type_in("サンプル商事");
    seat.press("F12").press("F8").press("A-z");
    for _ in 0..4 {
        seat.press("Up");
    }
    assert!(seat.text().contains("前田花"), "{}", seat.text());
    seat.press("Down").press("Down").press("Down");
    seat.type_in("2").type_in("東京都").press("F12");
    let content = noted(&seat);
    let declaration = content.declaration.as_ref().expect("it was handed on");
    assert_eq!(declaration.employer, "サンプル商事");
    assert!(declaration.cover.is_some());
}

#[test]
fn a_note_that_comes_back_from_a_draft_keeps_what_stands_as_the_card_had_it() {
    let mut note = crate::front::trial::noted(NoteState::Noted);
    note.content.from_card = [Field::Name, Field::Address].into();
    let mut form = State::edit(&note);
    form.form.set(Field::Telephone, "0312345678");
    let draft = form.draft().expect("typed");
    let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
    let mut back = State::new(date(2026, 11, 20));
    back.resume(&kept);
    assert_eq!(back.form.from_card(), note.content.from_card);
    // Opened anew as a correction, it goes on with the same marks.
    let mut anew = State::edit(&note);
    assert!(anew.go_on(&kept));
    assert_eq!(anew.form.from_card(), note.content.from_card);
    // What is changed by hand is typed.
    back.form.set(Field::Name, "別の名前");
    assert_eq!(back.form.from_card(), [Field::Address].into());
}

#[test]
fn a_name_with_digits_is_asked_about_once_and_not_refused() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("境20261121");
    assert!(
        seat.flat().contains("氏名に数字があります"),
        "{}",
        seat.flat()
    );
    seat.press("Enter").press("Enter");
    seat.type_in("3290326").press("Enter").type_in("1");
    seat.type_in("東京都港区").press("F12");
    let text = seat.flat();
    assert!(text.contains("もう一度 F12"), "{text}");
    assert!(
        !seat
            .said
            .iter()
            .any(|m| matches!(m, ToDesk::SaveNote { .. }))
    );
    seat.press("F12");
    assert_eq!(noted(&seat).name, "境20261121");
}

#[test]
fn what_is_starred_and_what_is_said_agree() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("前田零")
        .press("Enter")
        .press("Enter");
    seat.type_in("H3.5.5");
    assert!(seat.text().contains("*性別"), "{}", seat.text());
    for _ in 0..5 {
        seat.press("Down");
    }
    seat.type_in("06139018")
        .type_in("7100")
        .press("Enter")
        .type_in("12345");
    let text = seat.text();
    assert!(!text.contains("*性別"), "{text}");
    let flat = seat.flat();
    assert!(
        flat.contains("控えます（番号で照会）。性別と住所もあると 4情報でも探せます"),
        "{flat}"
    );
    assert!(!flat.contains("そろいました"), "{flat}");
}
