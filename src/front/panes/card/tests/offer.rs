use super::{Seat, at_card, four};
use crate::domain::account::AccountKind;
use crate::domain::card::{Birth, Flag, Item, Presence};
use crate::domain::field::Field;
use crate::domain::person::Sex;
use crate::link::message::{ToDesk, ToFront};
use jiff::civil::date;

#[test]
fn a_note_takes_the_four_over_with_f12_only() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").insert(3);
    assert!(
        seat.flat().contains("F4 で読んで入れられます"),
        "{}",
        seat.text()
    );
    seat.press("F4").type_face().read(3, four());
    let text = seat.text();
    assert!(
        text.contains("試験　花子") && text.contains("1985-07-04"),
        "{text}"
    );
    seat.press("Enter");
    assert!(
        seat.text().contains("カードから読んだ内容"),
        "{}",
        seat.text()
    );
    seat.press("F12");
    let text = seat.text();
    assert!(text.contains("4情報の控え"), "{text}");
    assert!(text.contains("試験　花子 カード"), "{text}");
    seat.type_in("しけんはなこ").press("F12");
    let Some(ToDesk::SaveNote { content, card, .. }) = seat.said.last() else {
        panic!("{:?}", seat.said.last())
    };
    assert_eq!(content.name, "試験　花子");
    assert_eq!(content.kana, "シケンハナコ");
    assert_eq!(content.sex, Some(Sex::Female));
    assert_eq!(*card, Some(Presence(3)));
    assert_eq!(
        content.from_card.iter().copied().collect::<Vec<_>>(),
        [Field::BirthDate, Field::Name, Field::Sex, Field::Address]
    );
}

#[test]
fn a_field_changed_by_hand_is_no_longer_from_the_card() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .insert(1)
        .press("F4")
        .type_face()
        .read(1, four());
    seat.press("F12").press("Up").type_in("x").sleep(1000);
    let draft = seat.said.iter().rev().find_map(|m| match m {
        ToDesk::Draft(draft) => Some(draft.clone()),
        _ => None,
    });
    let draft = draft.unwrap();
    assert!(!draft.from_card.contains(&Field::Name));
    assert!(draft.from_card.contains(&Field::Address));
}

#[test]
fn what_is_typed_is_shown_beside_the_card_and_can_be_kept() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("試驗花子")
        .press("Down")
        .press("Down");
    seat.type_in("S60.7.4").press("F4").insert(1);
    assert!(seat.text().contains("下の入力から"), "{}", seat.text());
    seat.type_in("20334321").press("F12").read(1, four());
    let text = seat.text();
    assert!(
        text.contains("いまの入力: 試驗花子") && text.contains("違います"),
        "{text}"
    );
    assert!(text.contains("同じ"), "{text}");
    // Another name is another person: nothing goes over without an answer.
    seat.press("F12").press("0").press("F1");
    assert!(seat.text().contains("試驗花子"), "{}", seat.text());
    assert!(!seat.text().contains("霞が関"), "{}", seat.text());
    // The same person's fields are taken over one by one.
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("試験花子");
    for _ in 0..4 {
        seat.press("Down");
    }
    seat.type_in("見本区").press("F4").insert(1).type_face();
    seat.read(1, four()).press("4");
    assert!(seat.text().contains("4 [ ]"), "{}", seat.text());
    seat.press("F12");
    assert!(seat.text().contains("見本区"), "{}", seat.text());
    assert!(seat.text().contains("S60.7.4 カード"), "{}", seat.text());
}

#[test]
fn what_cannot_be_read_is_flagged_and_does_not_overwrite() {
    let mut odd = four();
    odd.name.flags = vec![Flag::Private];
    odd.birth = Birth {
        raw: "19850000".to_owned(),
        date: None,
        flags: vec![Flag::Unknown],
    };
    odd.address = Item {
        text: String::new(),
        flags: vec![Flag::Missing],
    };
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .type_in("試驗花子")
        .press("F4")
        .insert(1)
        .type_face();
    seat.read(1, odd);
    let text = seat.text();
    assert!(
        text.contains("外字です") && text.contains("「19850000」"),
        "{text}"
    );
    assert!(text.contains("カードに入っていません"), "{text}");
    assert!(text.contains("別の方のカードです"), "{text}");
    seat.press("F12").press("0").press("F1");
    assert!(seat.text().contains("試驗花子"), "{}", seat.text());
}

#[test]
fn card_out_before_f12_and_the_offer_is_gone() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .insert(1)
        .press("F4")
        .type_face()
        .read(1, four())
        .remove();
    assert!(
        seat.flat().contains("読んだ内容は消しました"),
        "{}",
        seat.text()
    );
    assert!(!seat.text().contains("試験"));
    seat.press("F12");
    assert!(!seat.text().contains("試験"), "{}", seat.text());
    // What was taken over stays.
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2")
        .insert(1)
        .press("F4")
        .type_face()
        .read(1, four())
        .press("F12")
        .remove();
    assert!(seat.text().contains("試験　花子 カード"), "{}", seat.text());
}

#[test]
fn without_a_form_below_one_key_chooses_it() {
    let mut seat = at_card();
    seat.insert(1).type_face().read(1, four()).press("F12");
    assert!(seat.text().contains("1 控えに入れる"), "{}", seat.text());
    seat.press("1");
    assert!(seat.text().contains("試験　花子 カード"), "{}", seat.text());
    seat.press("F1");
    assert!(
        seat.text().contains("ヘルプ"),
        "back at the menu\n{}",
        seat.text()
    );
}

#[test]
fn at_the_lookup_the_notes_of_the_person_are_listed() {
    use crate::domain::note::{Group, NoteId};
    use crate::link::message::{LedgerPage, LedgerRow};
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F3")
        .insert(1)
        .press("F4")
        .type_face()
        .read(1, four());
    let Some(ToDesk::CardNotes { ticket, name, .. }) = seat.said.last().cloned() else {
        panic!("{:?}", seat.said.last())
    };
    assert_eq!(name, "試験　花子");
    let row = LedgerRow {
        id: NoteId("20261120-0007".to_owned()),
        revision: 1,
        taken: seat.now.wall,
        name: "試験　花子".to_owned(),
        birth_date: date(1985, 7, 4),
        sex: Some(Sex::Female),
        follow: None,
        group: Group::Open,
        state: "未照会".to_owned(),
        next: "復旧を待つ".to_owned(),
        held: None,
        block: None,
    };
    seat.hear(ToFront::Page {
        ticket,
        page: Box::new(LedgerPage {
            offset: 0,
            matching: 1,
            total: 1,
            rows: vec![row],
        }),
    });
    let text = seat.text();
    let listed = text.lines().find(|row| row.contains("1 20261120-0007"));
    let listed = listed.unwrap_or_else(|| panic!("{text}"));
    // DOM-45: in part, as in every list.
    assert!(
        listed.contains("試験　〇〇") && !listed.contains("花子"),
        "{text}"
    );
    seat.press("1");
    assert!(
        matches!(seat.said.last(), Some(ToDesk::OpenNote { id, .. }) if id.0 == "20261120-0007")
    );
    seat.press("F12");
    assert!(seat.text().contains("S60.7.4 カード"), "{}", seat.text());
}

#[test]
fn what_does_not_fit_is_reached_by_scrolling() {
    let long = "北海道札幌市中央区西１０００丁目サンプル集合住宅北側別館１０００号室作物方";
    let mut odd = four();
    odd.name.text = long.repeat(2);
    odd.name.flags = vec![Flag::Rare, Flag::Private, Flag::Substitute, Flag::Cleaned];
    odd.address.text = format!("{}終わり", long.repeat(3));
    odd.address.flags = vec![Flag::Rare, Flag::Cleaned];
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in(&long.repeat(2));
    for _ in 0..4 {
        seat.press("Down");
    }
    seat.type_in(&long.repeat(2)).press("F4").insert(1);
    seat.type_face().read(1, odd);
    assert!(!seat.flat().contains("終わり"), "{}", seat.text());
    assert!(seat.text().contains("PageDown で続き"), "{}", seat.text());
    seat.press("PageDown");
    assert!(seat.flat().contains("終わり"), "{}", seat.text());
}

#[test]
fn f12_is_not_promised_where_it_does_nothing() {
    let mut seat = at_card();
    seat.insert(1).type_face().read(1, four());
    assert!(seat.text().contains("使い道を番号で"), "{}", seat.text());
    assert!(!seat.text().contains("取り込む"), "{}", seat.text());
    assert!(seat.text().contains("F12 -"), "{}", seat.text());
}
