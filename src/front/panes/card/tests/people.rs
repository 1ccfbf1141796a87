//! Two people's cards and typed texts never stand in one form.

use super::{Seat, four};
use crate::domain::account::AccountKind;
use crate::domain::card::{Flag, Four, Item, Presence};
use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::person::Sex;
use crate::domain::time::Period;
use crate::front::app::support::status;
use crate::link::message::{Status, ToDesk, ToFront};
use jiff::civil::date;

fn four_of(name: &str, sex: Sex, address: &str) -> Four {
    let mut four = four();
    four.name.text = name.to_owned();
    four.gender.raw = sex.code().to_owned();
    four.gender.sex = Some(sex);
    four.address.text = address.to_owned();
    four.birth.raw = "19790202".to_owned();
    four.birth.date = Some(date(1979, 2, 2));
    four
}

fn other() -> Four {
    four_of("作物　〓太", Sex::Male, "大阪府大阪市北区見本５－６")
}

/// A note that holds the first patient's card, kana and insurance numbers.
fn note_of_the_first() -> Seat {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").insert(1).press("F4").type_face();
    seat.read(1, four()).press("F12").type_in("しけんはなこ");
    for _ in 0..6 {
        seat.press("Down");
    }
    seat.type_in("06139000").type_in("9000").press("Down");
    seat.type_in("10001").remove();
    seat
}

fn draft(seat: &mut Seat) -> Draft {
    seat.sleep(1000);
    let last = seat.said.iter().rev().find_map(|m| match m {
        ToDesk::Draft(draft) => Some(draft.clone()),
        _ => None,
    });
    last.unwrap()
}

#[test]
fn two_people_are_never_mixed_in_one_note() {
    for doubtful in [Flag::Private, Flag::Substitute, Flag::Cleaned] {
        let mut seat = note_of_the_first();
        let mut second = other();
        second.name.flags = vec![doubtful];
        seat.insert(2).press("F4").type_face().read(2, second);
        let text = seat.flat();
        assert!(text.contains("別の方のカードです"), "{text}");
        assert!(!text.contains("[ ]"), "{text}");
        // No single field of it.
        seat.press("1");
        assert!(
            seat.flat().contains("1 つずつは選べません"),
            "{}",
            seat.text()
        );
        seat.press("F12");
        let asked = "入力を消して入れ替えますか";
        assert!(seat.flat().contains(asked), "{}", seat.text());
        seat.press("Enter");
        let text = seat.flat();
        assert!(
            text.contains(asked) && text.contains("決まりません"),
            "{text}"
        );
        seat.press("0");
        assert!(
            seat.flat().contains("入れ替えていません"),
            "{}",
            seat.text()
        );
        seat.press("F12").press("F12");
        let held = draft(&mut seat).fields;
        let get = |field| held.get(&field).map(String::as_str);
        assert_eq!(get(Field::Name), Some("作物　〓太"));
        assert_eq!(get(Field::BirthDate), Some("S54.2.2"));
        assert_eq!(get(Field::Sex), Some("1"));
        assert_eq!(get(Field::Address), Some("大阪府大阪市北区見本５－６"));
        for field in [
            Field::Kana,
            Field::InsurerNumber,
            Field::Symbol,
            Field::Number,
        ] {
            assert_eq!(get(field), None, "{field:?}");
        }
        // One key brings all of the first back.
        seat.press("A-z");
        let held = draft(&mut seat).fields;
        let get = |field| held.get(&field).map(String::as_str);
        assert_eq!(get(Field::Name), Some("試験　花子"));
        assert_eq!(get(Field::Kana), Some("シケンハナコ"));
        assert_eq!(get(Field::InsurerNumber), Some("06139000"));
        assert_eq!(get(Field::Address), Some("東京都千代田区霞が関１－２－３"));
    }
}

#[test]
fn marks_of_another_card_are_another_person_unless_name_or_birth_date_agrees() {
    // Name and birth date were overwritten by hand: sex and address are still
    // those of the first card.
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").insert(1).press("F4").type_face();
    seat.read(1, four()).press("F12").remove();
    seat.press("Up").press("C-u").type_in("作物〓太").insert(2);
    let mut second = other();
    second.birth = four().birth;
    seat.press("F4").type_face().read(2, second);
    assert!(
        seat.flat().contains("別の方のカードです"),
        "{}",
        seat.text()
    );
    // The same card put down again is no other person's.
    let mut seat = note_of_the_first();
    seat.insert(2).press("F4").type_face().read(2, four());
    assert!(!seat.flat().contains("別の方"), "{}", seat.text());
    assert!(!seat.flat().contains("そのまま残る"), "{}", seat.text());
    seat.press("F12");
    assert!(seat.text().contains("シケンハナコ"), "{}", seat.text());
}

#[test]
fn what_stays_beside_the_card_is_named() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .press("Down")
        .type_in("しけんはなこ")
        .press("Down")
        .insert(1);
    seat.press("F4").type_face().read(1, four());
    let text = seat.flat();
    assert!(
        text.contains("そのまま残るもの: 氏名(カナ) シケンハナコ"),
        "{text}"
    );
    assert!(text.contains("確かめてください"), "{text}");
    seat.press("F12").press("F12");
    let text = seat.flat();
    assert!(text.contains("カナは前のままです"), "{text}");
    assert!(!text.contains("券面にない"), "{text}");
}

#[test]
fn a_search_and_a_look_up_are_exchanged_as_a_whole() {
    for (key, birth) in [("F3", 4), ("F7", 2)] {
        let mut seat = Seat::inside(AccountKind::MedicalViewer);
        seat.hear(ToFront::Status(Box::new(Status {
            period: Some(Period {
                from: date(2026, 11, 20),
                to: date(2026, 11, 25),
            }),
            ..status()
        })));
        seat.press(key);
        if key == "F3" {
            seat.type_in("06139000").type_in("9000");
        } else {
            seat.press("Down").type_in("しけんはなこ");
        }
        seat.press("PageUp");
        for _ in 0..birth {
            seat.press("Down");
        }
        seat.type_in("S60.7.4").press("F4").insert(1);
        seat.press("F8").type_face().read(1, other());
        assert!(
            seat.flat().contains("別の方のカードです"),
            "{}",
            seat.text()
        );
        seat.press("F12").press("F12");
        let held = draft(&mut seat).fields;
        assert_eq!(
            held.get(&Field::BirthDate).map(String::as_str),
            Some("S54.2.2")
        );
        assert!(!held.contains_key(&Field::Kana), "{held:?}");
        assert!(!held.contains_key(&Field::InsurerNumber), "{held:?}");
    }
}

#[test]
fn the_birth_date_of_another_card_opens_no_card() {
    let mut seat = note_of_the_first();
    seat.insert(2).press("F4");
    assert!(!seat.text().contains("S60.7.4"), "{}", seat.text());
    assert!(!seat.text().contains("下の入力から"), "{}", seat.text());
    seat.type_in("S54.2.2");
    assert!(seat.text().contains("S54.2.2"), "{}", seat.text());
}

#[test]
fn what_the_card_has_not_is_named_and_has_the_focus() {
    let mut odd = four();
    odd.name = Item {
        text: String::new(),
        flags: vec![Flag::Missing],
    };
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .insert(1)
        .press("F4")
        .type_face()
        .read(1, odd);
    seat.press("F12");
    let text = seat.flat();
    assert!(
        text.contains("氏名は入っていません。券面を見て入れてください。"),
        "{text}"
    );
    seat.type_in("試験花子").press("Enter");
    assert_eq!(draft(&mut seat).fields[&Field::Name], "試験花子");
}

#[test]
fn a_note_put_aside_keeps_no_card_from_going_on() {
    for (answer, beside) in [("1", true), ("8", false)] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press("F2")
            .type_in("見本桃子")
            .press("F1")
            .press("F4")
            .insert(1);
        seat.type_face().read(1, four()).press("1");
        assert!(seat.flat().contains("書きかけの控え"), "{}", seat.text());
        seat.press(answer);
        let text = seat.flat();
        if beside {
            assert!(text.contains("いまの入力: 見本桃子"), "{text}");
        } else {
            assert!(text.contains("試験　花子 カード"), "{text}");
        }
        assert_eq!(seat.readings(), 1);
    }
    // Asked for no more.
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("見本桃子")
        .press("F1")
        .press("F4")
        .insert(1);
    seat.type_face().read(1, four()).press("1").press("0");
    assert!(
        seat.text().contains("まだどこにも入っていません"),
        "{}",
        seat.text()
    );
}

#[test]
fn what_came_over_reads_from_its_beginning_and_keeps_its_doubt() {
    let mut odd = four();
    odd.name.text = "作物　\u{e000}子".to_owned();
    odd.name.flags = vec![Flag::Private];
    odd.address.text = "東京都千代田区見本町サンプル１丁目２番３号見本集合住宅".to_owned();
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").insert(1).press("F4").type_face();
    seat.read(1, odd);
    let text = seat.text();
    assert!(text.contains("文字コード: U+E000"), "{text}");
    seat.press("F12");
    let text = seat.text();
    assert!(text.contains("作物　〓子 ！カード"), "{text}");
    assert!(text.contains("外字です"), "{text}");
    assert!(!text.contains('\u{e000}'), "{text}");
    for _ in 0..3 {
        seat.press("Down");
    }
    let text = seat.text();
    assert!(text.contains('~'), "cut at the left with a mark\n{text}");
    seat.press("Home");
    let text = seat.text();
    assert!(text.contains("東京都千代田区"), "{text}");
    // Changed by hand, it is the clerk's.
    seat.press("PageUp").press("End").type_in("x");
    let text = seat.text();
    assert!(
        text.contains("〓子x") && !text.contains("外字です"),
        "{text}"
    );
    assert_eq!(draft(&mut seat).fields[&Field::Name], "作物　\u{e000}子x");
}

#[test]
fn what_a_look_up_had_from_a_card_is_so_behind_the_ladder_too() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").insert(7).press("F4").type_face();
    seat.read(7, four()).press("F12").press("F5");
    seat.type_in("3").press("F12");
    let text = seat.text();
    assert!(text.contains("窓口  4情報の控え"), "{text}");
    assert!(text.contains("S60.7.4 カード"), "{text}");
}

#[test]
fn what_a_search_had_from_a_card_is_so_in_the_note_too() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").insert(7).press("F4").type_face();
    seat.read(7, four()).press("F12").press("F2");
    assert!(seat.text().contains("S60.7.4 カード"), "{}", seat.text());
    seat.type_in("試験花子")
        .press("Down")
        .press("Down")
        .press("Down");
    seat.type_in("2").type_in("見本区").press("F12");
    let Some(ToDesk::SaveNote { card, content, .. }) = seat.said.last() else {
        panic!("{:?}", seat.said.last())
    };
    assert_eq!(*card, Some(Presence(7)));
    assert!(content.from_card.contains(&Field::BirthDate));
}
