use crate::domain::account::AccountKind;
use crate::domain::entitlement::{Eligibility, Found, Validity};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::person::Sex;
use crate::domain::time::Period;
use crate::front::app::support::{Seat, status};
use crate::front::trial::candidate;
use crate::link::message::{Status, ToDesk, ToFront};
use jiff::civil::date;

fn open() -> Seat {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.hear(ToFront::Status(Box::new(Status {
        period: Some(Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        }),
        ..status()
    })));
    seat.press("F7");
    seat
}

fn fill(seat: &mut Seat) {
    seat.type_in("新橋太郎").press("Enter").press("Enter");
    seat.type_in("290326")
        .press("Enter")
        .type_in("1")
        .type_in("東京都");
}

fn query(seat: &Seat) -> &crate::domain::person::OutageQuery {
    match seat.said.iter().rfind(|m| m.ticket().is_some()) {
        Some(ToDesk::Search { query, .. }) => query,
        other => panic!("{other:?}"),
    }
}

fn found(seat: &mut Seat, found: Found) {
    let ticket = seat.ticket();
    seat.hear(ToFront::Searched { ticket, found });
}

#[test]
fn out_20_to_22_looks_as_designed() {
    let mut seat = open();
    fill(&mut seat);
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  資格情報照会（システム障害時） サンプル医療機関  003 医療情報閲覧  09:12
     回線 正常    読取機 カード待ち    控え 0    お知らせ 0
    ────────────────────────────────────────────────────────────────────────────────
     ！ 利用が制限された機能であるため、利用状況は実施機関で監視しています。

     検索条件：マイナンバーカード券面情報
     * 必須項目　※1,※2 選択必須項目(どちらか一方はご入力ください)

     ※1氏名         新橋太郎
     ※1氏名(カナ)                                   カタカナ、完全一致
      *生年月日     290326              昭和29年3月26日  1954-03-26  満72歳
      *性別         1 男            1 男  2 女  3 未設定
    >※2住所         東京都
     ※2保険者名                                     特徴のある部分でよく絞れます
      *資格確認日   2026/11/20          今日

       ・障害の間に控えた方を、復旧後に確かめるための検索です。いま窓口にいる方はマ
         イナンバーカードか保険証で確かめてください。
       ・住所と保険者名は一部分でも、空白で区切った複数の語でも検索できます。


     すべて入りました。F12 で検索します。
    F1 戻る      F2 控える    F3 -         F4 カード    F5 負担の段  F6 控え帳
    F7 -         F8 クリア    F9 画面隠す  F10 -        ^G ヘルプ    F12 検索
    "#);
}

#[test]
fn out_5_outside_the_period_the_menu_does_not_work() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F7");
    assert!(seat.text().contains("メニュー"));
    assert!(
        seat.flat().contains("今日は開いていません"),
        "{}",
        seat.text()
    );
}

#[test]
fn out_50_the_worked_example_as_printed() {
    let mut seat = open();
    fill(&mut seat);
    seat.press("Enter")
        .press("Enter")
        .press("C-u")
        .type_in("2021/01/19")
        .press("F12");
    let query = query(&seat);
    assert_eq!(query.name, "新橋太郎");
    assert_eq!(query.birth_date, date(1954, 3, 26));
    assert_eq!(query.sex, Sex::Male);
    assert_eq!(query.address, "東京都");
    assert_eq!(query.check_date, date(2021, 1, 19));
    found(
        &mut seat,
        Found::Several(vec![
            candidate("a", "東京都港区"),
            candidate("b", "東京都足立区"),
        ]),
    );
    let text = seat.flat();
    assert!(
        text.contains("複数の資格該当者が見つかりました。"),
        "{text}"
    );
    assert!(text.contains("2 件"), "{text}");
}

#[test]
fn out_23_to_25_what_is_missing_is_refused() {
    for (name, keys) in [
        ("OUT-24", "/S29.3.26/1/東京都/"),
        ("OUT-23 birth", "新橋///1東京都/"),
        ("OUT-25", "新橋//S29.3.26/1//"),
    ] {
        let mut seat = open();
        for c in keys.chars() {
            match c {
                '/' => seat.press("Enter"),
                c => seat.type_in(&c.to_string()),
            };
        }
        seat.press("F12");
        assert!(
            !seat.said.iter().any(|m| matches!(m, ToDesk::Search { .. })),
            "{name}"
        );
        assert!(seat.text().contains('！'), "{name}");
    }
}

#[test]
fn out_32_and_46_nothing_found_offers_the_other_sexes_and_keeps_the_conditions() {
    let mut seat = open();
    fill(&mut seat);
    seat.press("F12");
    found(&mut seat, Found::None);
    let text = seat.flat();
    assert!(
        text.contains("検索条件に入力された情報が存在しません"),
        "{text}"
    );
    assert!(text.contains("3 未設定"), "{text}");
    seat.type_in("3").press("F12");
    assert_eq!(query(&seat).sex, Sex::Unset);
    assert_eq!(query(&seat).name, "新橋太郎");
}

#[test]
fn out_39_too_many_goes_to_the_address() {
    let mut seat = open();
    fill(&mut seat);
    seat.press("F12");
    found(&mut seat, Found::TooMany);
    assert!(seat.flat().contains("6 件以上"));
    seat.type_in("港区").press("F12");
    assert_eq!(query(&seat).address, "東京都港区");
}

#[test]
fn out_45_57_58_one_hit_back_keeps_and_next_patient_clears() {
    let one = || {
        Found::One(Box::new(Eligibility {
            validity: Validity::Valid,
            entitlements: vec![crate::domain::entitlement::Entitlement::default()],
            check_date: date(2026, 11, 20),
            executed: String::new(),
            remark: None,
        }))
    };
    let mut seat = open();
    fill(&mut seat);
    seat.press("F12");
    found(&mut seat, one());
    assert!(
        seat.text().contains("この資格は有効です。"),
        "{}",
        seat.text()
    );
    seat.press("F1");
    assert!(seat.text().contains("新橋太郎"), "OUT-58");
    seat.press("F12");
    found(&mut seat, one());
    seat.press("F2");
    let text = seat.text();
    assert!(text.contains("システム障害時"), "OUT-57: {text}");
    assert!(!text.contains("新橋太郎"), "OUT-57: {text}");
}

#[test]
fn out_47_clear_goes_back_to_the_initial_values() {
    let mut seat = open();
    fill(&mut seat);
    seat.press("F8");
    assert!(!seat.text().contains("新橋太郎"));
    assert!(seat.text().contains("2026/11/20"), "OUT-38");
}

#[test]
fn a_search_that_does_not_arrive_becomes_a_note_with_one_key() {
    let mut seat = open();
    fill(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Unreachable {
            cause: Unreachable::NoRoute,
            since: None,
        },
    });
    assert!(seat.flat().contains("F2 でこのまま控え"), "{}", seat.flat());
    seat.press("F2").press("F12");
    assert!(
        matches!(seat.said.iter().rfind(|m| m.ticket().is_some()), Some(ToDesk::SaveNote { content, .. })
        if content.name == "新橋太郎" && content.address == "東京都")
    );
}

#[test]
fn undo_gets_back_behind_a_clearing_even_after_typing() {
    let mut note = Seat::inside(AccountKind::General);
    note.press("F2");
    for mut seat in [open(), note] {
        seat.type_in("新橋　太郎");
        assert!(seat.text().contains("新橋　太郎"), "{}", seat.text());
        seat.press("F8").type_in("田").press("A-z");
        assert!(!seat.text().contains("新橋　太郎"));
        seat.press("A-z");
        assert!(seat.text().contains("新橋　太郎"), "{}", seat.text());
    }
}
