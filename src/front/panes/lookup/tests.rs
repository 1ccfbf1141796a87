use crate::domain::account::AccountKind;
use crate::domain::entitlement::{Eligibility, Entitlement, Validity};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::field::Field;
use crate::domain::line::LineState;
use crate::domain::note::{Note, NoteId, NoteState};
use crate::front::app::support::{Seat, status};
use crate::link::message::{Status, ToDesk, ToFront};
use jiff::civil::date;

fn card(seat: &mut Seat) {
    seat.press("F3");
    seat.type_in("06139000").type_in("9000").press("Enter");
    seat.type_in("10001").press("Enter").type_in("01");
    seat.type_in("S29.3.26");
}

fn answer(validity: Validity, found: bool) -> Eligibility {
    Eligibility {
        validity,
        entitlements: if found {
            vec![Entitlement {
                insurer_number: "06139000".to_owned(),
                name: "新橋　太郎".to_owned(),
                ..Entitlement::default()
            }]
        } else {
            Vec::new()
        },
        check_date: date(2026, 11, 20),
        executed: "20261120091241".to_owned(),
        remark: None,
    }
}

fn asked(seat: &Seat) -> &crate::domain::insurance::LookupQuery {
    match seat.said.iter().rfind(|m| m.ticket().is_some()) {
        Some(ToDesk::Lookup { query, .. }) => query,
        other => panic!("{other:?}\n{}", seat.text()),
    }
}

fn refused(seat: &mut Seat) {
    let ticket = seat.ticket();
    seat.hear(ToFront::Status(Box::new(Status {
        line: LineState::Down {
            since: "2026-11-20T09:11:00+09:00".parse().unwrap(),
            next_probe: "2026-11-20T09:12:11+09:00".parse().unwrap(),
        },
        ..status()
    })));
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Unreachable {
            cause: Unreachable::Refused,
            since: None,
        },
    });
}

#[test]
fn looks_as_designed() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    card(&mut seat);
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  資格情報照会（被保険者証）     サンプル医療機関  003 医療情報閲覧  09:12
     回線 正常    読取機 カード待ち    控え 0    お知らせ 0
    ────────────────────────────────────────────────────────────────────────────────

      *保険者番号  06139000        組合健保・東京  検証番号 一致
       記号        9000
      *番号        10001
       枝番        01
    > *生年月日    S29.3.26            昭和29年3月26日  1954-03-26  満72歳
       限度額情報  0 同意しない    0 同意しない  1 同意する
      *資格確認日  2026/11/20          今日










     すべて入りました。F12 で照会します。
    F1 戻る      F2 控える    F3 -         F4 カード    F5 負担の段  F6 控え帳
    F7 家族      F8 クリア    F9 画面隠す  F10 -        ^G ヘルプ    F12 照会
    "#);
    assert_eq!(seat.cursor(), Some((23, 8)));
}

#[test]
fn an_outage_looks_as_designed() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    refused(&mut seat);
    insta::assert_snapshot!(seat.text(), @r#"
     窓口  資格情報照会（被保険者証）             サンプル医療機関  003 一般  09:12
     回線 障害 09:11 から 1 分    読取機 カード待ち    控え 0    お知らせ 0
    ────────────────────────────────────────────────────────────────────────────────

     ！ 中央システムにつながりません。照会は届いていません。控えれば、復旧後に自動
        で照会します。

        入力した内容は残っています。F2 で 4情報の控えにします（入力し直しはありま
        せん）。

        患者さんへ: マイナポータルの画面、資格情報のお知らせ、前回の保険の口頭確認
        のいずれかで、ふだんの負担割合で受診できます。F5 で見せられるものを選びま
        す（申立書も）。

       保険者番号  06139000   記号  9000   番号  10001   枝番  01
       生年月日    昭和29年3月26日  1954-03-26  満72歳





     次の接続確認は 09:12:11 です。
    F1 戻る      F2 控える    F3 再送      F4 -         F5 負担の段  F6 控え帳
    F7 -         F8 -         F9 画面隠す  F10 -        ^G ヘルプ    F12 -
    "#);
    assert_eq!(seat.cursor(), None);
}

#[test]
fn at_most_25_keys_from_the_menu() {
    // 後期高齢者: 8 digits, 8 digits, birth date (DOM-15).
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("1").type_in("39131234").type_in("12345678");
    seat.type_in("3030326").press("F12");
    assert_eq!(asked(&seat).insurance.number, "12345678");
    assert!(seat.keys <= 25, "{}", seat.keys);
    // 国保: 6 digits.
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("1").type_in("138057").press("Enter");
    seat.type_in("12")
        .press("Enter")
        .type_in("345")
        .press("Enter");
    seat.press("Enter").type_in("3290326").press("F12");
    assert_eq!(asked(&seat).insurance.number, "345");
    assert!(seat.keys <= 25, "{}", seat.keys);
}

#[test]
fn dom_15_the_elderly_have_no_symbol_and_no_branch_to_pass_through() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3")
        .type_in("39131234")
        .type_in("12345678")
        .press("Enter");
    seat.type_in("3030326").press("F12");
    let query = asked(&seat);
    assert_eq!(query.insurance.symbol, "");
    assert_eq!(query.insurance.number, "12345678");
    assert_eq!(query.birth_date, date(1928, 3, 26));
}

#[test]
fn dom_20_a_full_number_moves_on_and_an_enter_out_of_habit_does_not_skip_the_next() {
    for habit in [false, true] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press("F3").type_in("06139000");
        if habit {
            seat.press("Enter");
        }
        seat.type_in("9000")
            .press("Enter")
            .type_in("1")
            .press("Enter");
        seat.press("Enter").type_in("S29.3.26").press("F12");
        assert_eq!(asked(&seat).insurance.symbol, "9000", "habit {habit}");
    }
}

#[test]
fn dom_20_backspace_at_the_beginning_comes_back() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3")
        .type_in("06139001")
        .press("Backspace")
        .press("Backspace");
    seat.type_in("0");
    assert!(seat.text().contains("06139000"), "{}", seat.text());
}

#[test]
fn dom_29_full_width_digits_and_an_input_method_left_on() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3")
        .type_in("０６１３９０００")
        .type_in("９０００")
        .press("Enter");
    seat.type_in("１０００１").press("Enter").press("Enter");
    seat.type_in("ｓ２９．３．２６").press("F12");
    assert_eq!(asked(&seat).insurance.insurer, "06139000");
    assert_eq!(asked(&seat).birth_date, date(1954, 3, 26));
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").type_in("あ");
    assert!(seat.text().contains("日本語入力がオンです"));
}

#[test]
fn dom_44_a_personal_number_is_refused_in_every_field_and_leaves_nothing() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").press("Down");
    seat.type_in("123456789018").sleep(200);
    assert!(seat.text().contains("個人番号"), "{}", seat.text());
    assert!(!seat.text().contains("12345678901"), "{}", seat.text());
    seat.press("A-z").sleep(200);
    assert!(!seat.text().contains("12345678901"), "no undo either");
}

#[test]
fn out_23_what_is_missing_is_said_and_the_focus_goes_there() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").press("F12");
    assert!(seat.text().contains("！保険者番号: "), "{}", seat.text());
    assert!(!seat.said.iter().any(|m| matches!(m, ToDesk::Lookup { .. })));
    seat.type_in("06139000").press("Enter").press("Enter");
    seat.type_in("5").press("F12");
    assert_eq!(seat.cursor().map(|(_, y)| y), Some(8), "{}", seat.text());
}

#[test]
fn an_answer_opens_the_result_and_back_keeps_the_question() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    assert!(seat.text().contains("照会中。"));
    let ticket = seat.ticket();
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::Valid, true)),
    });
    assert!(
        seat.text().contains("この資格は有効です。"),
        "{}",
        seat.text()
    );
    assert!(seat.said.contains(&ToDesk::DropDraft), "{:?}", seat.said);
    seat.press("F1");
    assert!(seat.text().contains("10001"));
    seat.press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::Invalid, true)),
    });
    assert!(seat.text().contains("この資格は無効です。"));
    seat.press("F2");
    assert!(
        !seat.text().contains("10001"),
        "next patient: {}",
        seat.text()
    );
}

#[test]
fn dom_68_what_is_being_asked_does_not_change_under_the_question() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    seat.press("Backspace").type_in("7");
    assert!(seat.text().contains("S29.3.26"), "{}", seat.text());
    assert!(seat.text().contains("照会中です。"), "{}", seat.text());
    seat.press("Esc").press("Backspace").type_in("7");
    assert!(seat.text().contains("S29.3.27"));
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::Valid, true)),
    });
    assert!(!seat.text().contains("有効です"), "{}", seat.text());
}

#[test]
fn an_answer_does_not_push_itself_before_another_pane() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    seat.press("F6");
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::Valid, true)),
    });
    assert!(
        seat.text().contains("返事が届いています"),
        "{}",
        seat.text()
    );
    seat.press("F1");
    assert!(
        seat.text().contains("この資格は有効です。"),
        "{}",
        seat.text()
    );
}

#[test]
fn nothing_found_offers_what_people_mistype() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3")
        .type_in("06139001")
        .type_in("9000")
        .press("Enter");
    seat.type_in("10001")
        .press("Enter")
        .type_in("01")
        .type_in("S29.3.26");
    seat.press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::NotFound, false)),
    });
    let text = seat.text();
    assert!(text.contains("該当する資格がありません"), "{text}");
    assert!(text.contains("06139000"), "DOM-4: {text}");
    assert!(text.contains("枝番"), "{text}");
    assert!(text.contains("10001"), "nothing is lost: {text}");
}

#[test]
fn an_unreadable_answer_is_never_read_as_invalid() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Garbled {
            what: "JSON".to_owned(),
        },
    });
    assert!(seat.flat().contains("有効とも無効とも言えません"));
    assert!(seat.text().contains("10001"));
}

#[test]
fn f2_makes_the_failed_look_up_a_note_and_nothing_is_typed_twice() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    refused(&mut seat);
    seat.press("F2");
    let text = seat.text();
    for typed in ["06139000", "9000", "10001", "01", "S29.3.26", "4情報の控え"] {
        assert!(text.contains(typed), "{typed}: {text}");
    }
    seat.press("Enter").type_in("しんばし たろう").press("F12");
    let Some(ToDesk::SaveNote {
        ticket, content, ..
    }) = seat.said.iter().rfind(|m| m.ticket().is_some()).cloned()
    else {
        panic!("{}", seat.text());
    };
    assert_eq!(content.kana, "シンバシ タロウ");
    assert_eq!(content.card_query().unwrap().insurance.number, "10001");
    assert!(
        !seat.text().contains("控えました"),
        "REL-1: not before it is on disk"
    );
    let note = Note {
        id: NoteId("20261120-0007".to_owned()),
        revision: 1,
        desk: "窓口1".to_owned(),
        taken_by: "003".to_owned(),
        taken: seat.now.wall,
        during_outage: true,
        content: *content,
        earlier: Vec::new(),
        state: NoteState::Noted,
        attempts: 0,
        tried: Vec::new(),
        follow: None,
        trial: None,
        looks: Vec::new(),
        blocked: Vec::new(),
        settling: crate::domain::settling::Settling::default(),
        history: Vec::new(),
    };
    seat.hear(ToFront::Noted {
        ticket,
        note: Box::new(note),
        spilled: false,
    });
    let text = seat.text();
    assert!(text.contains("控えました  20261120-0007"), "{text}");
    assert!(text.contains("資格情報照会（被保険者証）"), "{text}");
    assert!(!text.contains("06139000"), "next patient: {text}");
    assert!(seat.said.contains(&ToDesk::DropDraft));
}

#[test]
fn f3_sends_the_same_question_again() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let first = asked(&seat).clone();
    refused(&mut seat);
    seat.press("F3");
    assert_eq!(asked(&seat), &first);
    assert!(seat.text().contains("送り直しています。"));
    refused(&mut seat);
    assert!(
        seat.text()
            .contains("もう一度送りましたが届きません（09:12）"),
        "{}",
        seat.text()
    );
    assert_eq!(
        seat.flat().matches("自動で照会").count(),
        1,
        "one promise is enough: {}",
        seat.text()
    );
}

#[test]
fn an_answer_to_a_look_up_that_was_left_waits_for_it() {
    for found in [true, false] {
        let mut seat = Seat::inside(AccountKind::General);
        card(&mut seat);
        seat.press("F12");
        let ticket = seat.ticket();
        seat.press("F1");
        assert!(seat.text().contains("メニュー"));
        let validity = if found {
            Validity::Valid
        } else {
            Validity::NotFound
        };
        seat.hear(ToFront::LookedUp {
            ticket,
            answer: Box::new(answer(validity, found)),
        });
        let text = seat.text();
        assert!(text.contains("メニュー"), "{text}");
        assert!(
            text.contains("照会の返事が来ています。F3 で見られます"),
            "{text}"
        );
        seat.press("F3");
        let words = if found {
            "この資格は有効です。"
        } else {
            "該当する資格がありません"
        };
        assert!(seat.text().contains(words), "{}", seat.text());
    }
}

#[test]
fn a_second_f12_does_not_confirm_an_answer_that_nobody_has_read() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12").press("F12");
    assert!(seat.text().contains("返事を待っています"));
    let ticket = seat.ticket();
    seat.hear(ToFront::LookedUp {
        ticket,
        answer: Box::new(answer(Validity::Valid, true)),
    });
    assert!(
        !seat.text().contains("返事を待っています"),
        "{}",
        seat.text()
    );
    seat.press("F12").press("Enter");
    assert!(
        seat.text().contains("この資格は有効です。"),
        "{}",
        seat.text()
    );
    seat.sleep(400).press("F12");
    assert!(
        !seat.text().contains("この資格は有効です。"),
        "{}",
        seat.text()
    );
}

#[test]
fn dom_16_the_next_of_a_family_keeps_insurer_symbol_and_number() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F7")
        .type_in("02")
        .type_in("H2.1.7")
        .press("F12");
    let query = asked(&seat);
    assert_eq!(query.insurance.number, "10001");
    assert_eq!(query.insurance.branch, "02");
    assert_eq!(query.birth_date, date(1990, 1, 7));
}

#[test]
fn a_refusal_of_fields_goes_to_the_fields() {
    use crate::domain::field::Problem;
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Input {
            problems: vec![Problem {
                field: Field::Number,
                text: "番号の形が違います。".to_owned(),
            }],
        },
    });
    assert_eq!(seat.cursor().map(|(_, y)| y), Some(6), "{}", seat.text());
}

#[test]
fn dom_15_the_late_elderly_have_no_family_on_their_card() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F3");
    seat.type_in("39131156")
        .type_in("01234567")
        .type_in("S15.3.26");
    seat.press("F7");
    assert!(seat.text().contains("ひとりずつ別です"), "{}", seat.text());
    assert!(seat.text().contains("S15.3.26"), "nothing is erased");
}

#[test]
fn what_is_wrong_here_is_not_said_over_the_note() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F3").type_in("06139000").press("F12");
    assert!(seat.text().contains("番号: 入れてください"));
    seat.press("F2");
    let text = seat.text();
    assert!(!text.contains("番号: 入れてください"), "{text}");
}

#[test]
fn dom_16_a_family_needs_the_numbers_of_its_card() {
    let mut seat = Seat::inside(AccountKind::General);
    for typed in ["", "06139000"] {
        seat.press("F3").type_in(typed).press("F7");
        let text = seat.text();
        assert!(text.contains("先に保険証の番号を入れて"), "{text}");
        assert!(!text.contains("同じ保険証の次の方"), "{text}");
    }
}

#[test]
fn undo_gets_back_behind_a_clearing_even_after_typing() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F8").type_in("0").press("A-z");
    assert!(!seat.text().contains("10001"), "{}", seat.text());
    seat.press("A-z");
    assert!(seat.text().contains("S29.3.26"), "{}", seat.text());
    // What was typed elsewhere comes back the same way, it is not lost.
    seat.press("F8").type_in("06139000").press("A-z");
    assert!(seat.text().contains("10001"), "{}", seat.text());
}

#[test]
fn a_line_that_is_back_is_said_over_the_question_that_did_not_arrive() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    refused(&mut seat);
    let back = "つながるようになりました。F3 で送り直すか、F2 で控えます。";
    assert!(!seat.text().contains(back), "{}", seat.text());
    seat.hear(ToFront::Status(Box::new(status())));
    let text = seat.text();
    assert!(text.contains(back), "{text}");
    assert!(!text.contains("つながりません"), "{text}");
}

#[test]
fn a_line_not_seen_down_yet_is_not_said_to_be_back() {
    let mut seat = Seat::inside(AccountKind::General);
    card(&mut seat);
    seat.press("F12");
    let ticket = seat.ticket();
    let failure = Failure::NoAnswer;
    seat.hear(ToFront::Failed { ticket, failure });
    let text = seat.text();
    assert!(!text.contains("つながるようになりました"), "{text}");
}
