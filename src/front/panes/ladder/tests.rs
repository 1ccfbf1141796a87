use crate::domain::account::AccountKind;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::field::Field;
use crate::domain::paper::Format;
use crate::front::app::support::Seat;
use crate::link::message::{Print, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;

/// A look-up of 新橋太郎's card that did not arrive.
fn failed(seat: &mut Seat, birth: &str) {
    seat.press("F3").type_in("06139000");
    seat.type_in("9000").press("Enter").type_in("10001");
    seat.press("Enter")
        .type_in("01")
        .type_in(birth)
        .press("F12");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Unreachable {
            cause: Unreachable::Refused,
            since: None,
        },
    });
}

fn seat() -> Seat {
    Seat::inside(AccountKind::General)
}

/// DOM-70, DOM-71, DOM-73: 再診, two keys to the note.
#[test]
fn dom_70_oral_confirmation_in_two_keys() {
    let mut seat = seat();
    failed(&mut seat, "H2.1.1");
    seat.press("F5");
    assert!(seat.text().contains("窓口  負担の段"), "{}", seat.text());
    assert!(seat.text().contains("負担  3割"), "{}", seat.text());
    assert!(seat.text().contains("10割（全額）は取りません"));
    seat.keys = 0;
    seat.type_in("3").press("F12");
    assert_eq!(seat.keys, 2);
    let text = seat.text();
    assert!(text.contains("窓口  4情報の控え"), "{text}");
    assert!(text.contains("見せたもの   前回の保険の口頭確認"), "{text}");
    assert!(text.contains("負担         3割"), "{text}");
    assert!(text.contains("06139000"), "nothing is typed twice: {text}");
}

/// DOM-28: where income decides, a person chooses.
#[test]
fn dom_28_a_person_chooses_the_share() {
    let mut seat = seat();
    failed(&mut seat, "S29.3.26");
    seat.press("F5").type_in("1");
    assert!(
        seat.flat()
            .contains("割合を選びます: 2 2割  3 3割  0 まだ決めない")
    );
    seat.type_in("1");
    assert!(
        seat.flat().contains("割合の数字を押すか"),
        "1割 is none of them"
    );
    seat.type_in("2");
    assert!(seat.text().contains("負担         2割"), "{}", seat.text());

    let mut seat = self::seat();
    failed(&mut seat, "S29.3.26");
    seat.press("F5").type_in("1").type_in("0");
    assert!(seat.text().contains("窓口  4情報の控え"));
    assert!(
        !seat.text().contains("負担         2割"),
        "nothing was chosen"
    );
}

/// The digit behind Enter is meant for the list, not for a day of the visit
/// that stands there already.
#[test]
fn enter_on_the_birth_date_goes_on_to_the_list() {
    let mut seat = seat();
    seat.type_in("2").type_in("S55.5.5").press("Enter");
    assert!(
        seat.flat().contains("番号を押してください"),
        "{}",
        seat.text()
    );
    seat.type_in("4");
    assert!(
        seat.text().contains("窓口  被保険者資格申立書"),
        "{}",
        seat.text()
    );
    // An unfinished birth date keeps the focus on the dates, and the day of the
    // visit is one key above the list.
    let mut seat = self::seat();
    seat.type_in("2").type_in("S55.5.5").press("Enter");
    seat.press("Up").type_in("2026/11/19");
    assert!(seat.text().contains("1日前"), "{}", seat.text());
}

#[test]
fn half_a_date_is_said_on_its_line_and_goes_nowhere() {
    for key in ["F12", "Enter", "Down", "PageDown"] {
        let mut seat = seat();
        seat.type_in("2").type_in("S55.5.5").press("Enter");
        seat.press("Up").type_in("4").press(key);
        let text = seat.text();
        let row = text.lines().find(|row| row.contains("資格確認日  "));
        let row = row.unwrap_or_else(|| panic!("{text}"));
        assert!(
            !row.contains("受診した日") && row.contains("日付"),
            "{key}: {text}"
        );
        assert!(text.contains("！資格確認日: "), "{key}: {text}");
        seat.type_in("4").press("F12");
        let text = seat.text();
        assert!(text.contains("窓口  負担の段"), "{key}: {text}");
        seat.press("C-u").press("F12");
        let text = seat.text();
        assert!(
            text.contains("！資格確認日: 入れてください"),
            "{key}: {text}"
        );
        seat.type_in("2026/11/20").press("Enter").type_in("4");
        assert!(
            seat.text().contains("被保険者資格申立書"),
            "{}",
            seat.text()
        );
    }
    let mut seat = seat();
    seat.type_in("2").type_in("S55.5").press("Down");
    let text = seat.text();
    let row = text.lines().find(|row| row.contains("S55.5"));
    assert!(row.is_some_and(|row| row.contains("日付")), "{text}");
    seat.press("Down");
    assert!(seat.text().contains("！生年月日: "), "{}", seat.text());
}

/// DOM-88: a rule that ran out says so, and is not taken by a digit alone.
#[test]
fn dom_88_what_ran_out_says_so() {
    let mut seat = seat();
    failed(&mut seat, "H2.1.1");
    seat.press("F5");
    let text = seat.text();
    assert!(
        text.contains("2026/3/31 で終わり。延長は確かめて"),
        "{text}"
    );
    assert!(text.contains("2026/1/31 現在"), "the list is old: {text}");
    seat.type_in("7");
    assert!(seat.flat().contains("期限切れの保険証: 2026/3/31 で終わり"));
    assert!(seat.text().contains("窓口  負担の段"));
}

/// DOM-72: the declaration with what is known, printed, and on to the note.
#[test]
fn dom_72_outage_first_visit_declaration_note() {
    let mut seat = seat();
    failed(&mut seat, "H2.1.1");
    seat.press("F5").type_in("4");
    let text = seat.text();
    assert!(text.contains("窓口  被保険者資格申立書"), "{text}");
    assert!(text.contains("平成2年1月1日"), "{text}");
    assert!(text.contains("負担             3割"), "{text}");
    seat.type_in("新橋太郎")
        .press("Enter")
        .press("Enter")
        .press("Enter");
    seat.type_in("1").type_in("東京都港区").press("Enter");
    seat.type_in("03-0000-0000").press("Enter").type_in("1");
    // The first Enter is the habit behind a digit that moved on.
    seat.press("Enter").press("Enter").type_in("サンプル商事");
    seat.press("F5");
    assert!(
        seat.text().contains("サンプル医療機関 御中"),
        "{}",
        seat.text()
    );
    seat.press("F7").press("F12");
    let Some(ToDesk::Print {
        what,
        format,
        ticket,
    }) = seat.said.last().cloned()
    else {
        panic!("{:?}", seat.said.last());
    };
    let Print::Declaration(sheet) = what else {
        panic!("another paper")
    };
    assert_eq!(format, Format::Text);
    assert_eq!(
        (sheet.name.as_str(), sheet.employer.as_str()),
        ("新橋太郎", "サンプル商事")
    );
    seat.hear(ToFront::Saved {
        ticket,
        path: "download/declaration.txt".to_owned(),
    });
    assert!(
        seat.flat()
            .contains("書き出しました: download/declaration.txt")
    );
    seat.press("F12").press("F12");
    let Some(ToDesk::SaveNote { content, .. }) = seat.said.last() else {
        panic!("{:?}", seat.said.last());
    };
    assert_eq!(content.evidence, "申立書");
    assert_eq!(content.burden, "3割");
    assert_eq!(content.telephone, "03-0000-0000");
    assert_eq!(content.insurance.as_ref().unwrap().number, "10001");
    let declaration = content.declaration.as_ref().unwrap();
    assert_eq!(declaration.employer, "サンプル商事");
}

/// F1 loses nothing, whichever pane it is pressed in.
#[test]
fn back_and_forth_loses_nothing() {
    let mut seat = seat();
    seat.press("F2").type_in("新橋太郎").press("F5");
    assert!(seat.text().contains("窓口  負担の段"));
    seat.type_in("H2.1.1")
        .press("Enter")
        .press("Enter")
        .type_in("4");
    seat.type_in("シンバシ").press("Down");
    seat.press("F1");
    assert!(seat.text().contains("窓口  負担の段"), "{}", seat.text());
    seat.type_in("4");
    assert!(seat.text().contains("シンバシ"), "{}", seat.text());
    seat.press("F1").press("F1");
    let text = seat.text();
    assert!(text.contains("窓口  4情報の控え"), "{text}");
    for kept in ["新橋太郎", "シンバシ", "平成2年1月1日"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(
        !text.contains("見せたもの   申立書"),
        "it was not handed on: {text}"
    );
}

/// DOM-53: a half-filled declaration is a draft like any other form.
#[test]
fn dom_53_a_half_filled_declaration_survives() {
    let mut seat = seat();
    failed(&mut seat, "H2.1.1");
    seat.press("F5").type_in("4").type_in("新橋");
    seat.sleep(200);
    let draft = seat
        .said
        .iter()
        .rev()
        .find_map(|said| match said {
            ToDesk::Draft(draft) => Some(draft.clone()),
            _ => None,
        })
        .unwrap();
    assert_eq!(draft.pane, "declaration");
    assert_eq!(draft.fields[&Field::Number], "10001");
    let mut next = Seat::new();
    next.log_in(AccountKind::General, Some(draft));
    let text = next.text();
    assert!(text.contains("窓口  被保険者資格申立書"), "{text}");
    assert!(text.contains("新橋"), "{text}");
    next.press("F12");
    assert!(next.text().contains("窓口  4情報の控え"), "{}", next.text());
    assert!(next.text().contains("10001"), "{}", next.text());
}

/// DOM-44: no field of the two panes takes a 個人番号.
#[test]
fn dom_44_no_personal_number_on_the_ladder() {
    let mut seat = seat();
    seat.type_in("2").type_in("123456789018");
    assert!(seat.flat().contains("個人番号"), "{}", seat.text());
    assert!(!seat.text().contains("123456789018"));
    let mut seat = self::seat();
    failed(&mut seat, "H2.1.1");
    seat.press("F5").type_in("4");
    for _ in 0..10 {
        seat.send(crate::front::app::Msg::Paste("123456789018".to_owned()));
        assert!(!seat.text().contains("123456789018"), "{}", seat.text());
        seat.press("Down");
    }
}

#[test]
fn the_ladder_at_80_by_24_in_both_widths() {
    for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
        let mut seat = Seat::with(policy);
        seat.log_in(AccountKind::General, None);
        seat.type_in("2")
            .type_in("S26.3.26")
            .press("Enter")
            .press("Enter");
        seat.type_in("3");
        let text = seat.text();
        for shown in ["1割か2割か3割", "どれもない", "最後", "で終わり"] {
            assert!(shown == "最後" || text.contains(shown), "{shown}: {text}");
        }
        seat.press("Up").type_in("0");
        assert!(seat.text().contains("最後の手段"), "{}", seat.text());
        for (width, height) in [(20, 5), (40, 10), (132, 50)] {
            let _ = seat.picture(width, height);
        }
    }
}

/// DOM-88: that the list is old comes before what one line of it says, and
/// what has no room is marked and can be turned to.
#[test]
fn dom_88_what_is_to_be_minded_is_never_cut_off_unseen() {
    let mut seat = seat();
    failed(&mut seat, "S26.3.26");
    seat.press("F5").press("Down").press("Down").press("Down");
    seat.press("Down");
    let first = seat.text();
    assert!(first.contains("新しい通知がないか"), "{first}");
    let mut told = first.clone();
    for _ in 0..4 {
        told += &seat.press("PageDown").text();
    }
    assert!(told.contains("番号が分かったら"), "{told}");
    assert!(
        first.contains("番号が分かったら") || first.contains("で続き"),
        "{first}"
    );
}

/// F1 in the question of the share goes one step back.
#[test]
fn back_in_the_share_question_is_one_step() {
    let mut seat = seat();
    failed(&mut seat, "S29.3.26");
    seat.press("F5").type_in("1");
    assert!(seat.flat().contains("割合を選びます"), "{}", seat.text());
    seat.press("F1");
    let text = seat.flat();
    assert!(text.contains("窓口  負担の段"), "{text}");
    assert!(!text.contains("割合を選びます"), "{text}");
    seat.press("F1");
    assert!(!seat.text().contains("窓口  負担の段"), "{}", seat.text());
}

#[test]
fn the_hint_is_true_of_both_dates_and_names_the_way_to_the_rungs() {
    let mut seat = seat();
    seat.press("2");
    for _ in 0..2 {
        let text = seat.flat();
        assert!(!text.contains("生年月日を入れ、"), "{text}");
        assert!(text.contains("日付を入れ、Enter で進みます"), "{text}");
        assert!(
            text.contains("下矢印 で見せたものの番号へ下ります"),
            "{text}"
        );
        seat.press("Down");
    }
    assert!(
        seat.text().contains("番号を押してください"),
        "{}",
        seat.text()
    );
}
