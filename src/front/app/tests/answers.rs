//! Who answers the program's questions, and what is said of a form that comes
//! back.

use super::super::Effect;
use super::in_outage;
use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::front::app::support::{Seat, staff, status, welcome};
use crate::front::keys::NAMES;
use crate::front::panes::Place;
use crate::link::message::{ToDesk, ToFront};
use std::collections::BTreeMap;

fn draft(pane: &str) -> Draft {
    Draft {
        from_card: std::collections::BTreeSet::new(),
        pane: pane.to_owned(),
        note: None,
        fields: BTreeMap::from([
            (Field::Name, "新橋太郎".to_owned()),
            (Field::BirthDate, "H2.1.1".to_owned()),
            (Field::Number, "10001".to_owned()),
        ]),
        focus: None,
        others: Vec::new(),
    }
}

fn offline(draft: Option<Draft>) -> Seat {
    let mut seat = Seat::new();
    in_outage(&mut seat);
    seat.type_in("003").press("Enter").type_in("secret");
    seat.press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::General),
        draft,
        offline: Some("2026-12-04T09:12:00+09:00".parse().unwrap()),
    });
    seat
}

fn forced() -> Seat {
    let mut seat = Seat::new();
    seat.type_in("003").press("Enter").type_in("x");
    seat.press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::AlreadyLoggedIn,
    });
    seat
}

fn begun() -> Seat {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋");
    seat
}

/// What stands there before the question, the question, what it leads to.
type Asked = (fn() -> Seat, &'static str, &'static str, fn(&Seat) -> bool);

const ASKED: [Asked; 5] = [
    (begun, "Esc", "入力を捨てて戻りますか", |seat| {
        seat.text().contains("窓口  メニュー")
    }),
    (
        || Seat::inside(AccountKind::General),
        "F11",
        "ログアウトします",
        |seat| seat.said.contains(&ToDesk::Logout),
    ),
    (
        || Seat::inside(AccountKind::General),
        "F1",
        "終了しますか",
        |seat| seat.effects.contains(&Effect::Quit),
    ),
    (
        forced,
        "Left",
        "強制的にログインしますか",
        |seat| matches!(seat.said.last(), Some(ToDesk::Login { force: true, .. })),
    ),
    (
        || {
            let mut seat = begun();
            seat.sleep(200).press("F1");
            seat
        },
        "F2",
        "書きかけの控え（新〇〇 09:12 に中断）があります",
        |seat| seat.text().contains("窓口  4情報の控え"),
    ),
];

#[test]
fn enter_answers_no_question_and_says_what_does() {
    for name in NAMES {
        let submit = match name {
            "receipt" => ("F12", "F12"),
            "tenkey" => ("+", "+"),
            _ => ("C-d", "^D"),
        };
        for (before, key, question, done) in ASKED {
            let mut seat = before();
            seat.press(key).keymap(name);
            assert!(seat.flat().contains(question), "{name}: {}", seat.text());
            for _ in 0..2 {
                seat.press("Enter");
                let text = seat.flat();
                assert!(!done(&seat), "{name} {question}: {text}");
                assert!(text.contains(question), "{name}: {text}");
                if question.starts_with("書きかけ") {
                    assert!(text.contains("番号で答えて"), "{name}: {text}");
                } else {
                    assert!(text.contains("Enter では決まりません"), "{name}: {text}");
                    let keys = format!("{} か 1 はい", submit.1);
                    assert!(text.contains(&keys), "{name}: {text}");
                }
            }
            for yes in [submit.0, "1"] {
                let mut seat = before();
                seat.press(key).keymap(name).press(yes);
                assert!(done(&seat), "{name} {question} {yes}: {}", seat.text());
            }
            let mut seat = before();
            seat.press(key).keymap(name).press("Enter").press("Up");
            assert!(seat.flat().contains(question), "{name}: {}", seat.text());
            seat.press("0");
            assert!(!done(&seat) && !seat.flat().contains(question), "{name}");
        }
    }
}

#[test]
fn of_several_notes_put_aside_only_a_number_chooses() {
    let mut seat = begun();
    seat.sleep(200).press("F1").press("F2").type_in("8山田");
    seat.sleep(200).press("F1").press("F2");
    for key in ["F12", "Enter"] {
        seat.press(key);
        let text = seat.flat();
        assert!(text.contains("番号で答えて"), "{key}: {text}");
        assert!(text.contains("窓口  メニュー"), "{key}: {text}");
    }
    seat.type_in("2");
    assert!(seat.text().contains("窓口  4情報の控え"), "{}", seat.text());
}

/// DOM-53: what comes back says so in every pane and keymap, by keys that are
/// there (no `{…}` is left: [`Seat::screen`]).
#[test]
fn dom_53_a_form_that_comes_back_names_the_key_that_clears_it() {
    for name in NAMES {
        for place in Place::ALL {
            let mut seat = Seat::new();
            seat.log_in(AccountKind::MedicalViewer, Some(draft(place.name())));
            seat.keymap(name);
            if !matches!(
                place,
                Place::Lookup | Place::Note | Place::Outage | Place::Ladder | Place::Declaration
            ) {
                continue;
            }
            let text = seat.flat();
            assert!(
                text.contains("で消してください"),
                "{name} {place:?}: {text}"
            );
        }
    }
}

/// The offline login does not hide that the form is an earlier patient's, and
/// a digit meant for the menu chooses nothing on it.
#[test]
fn an_offline_login_says_whose_ladder_came_back() {
    let mut seat = offline(Some(draft("ladder")));
    let text = seat.flat();
    assert!(
        text.contains("窓口 負担の段") || text.contains("窓口  負担の段"),
        "{text}"
    );
    assert!(
        text.contains("前の入力の続きです。同じ患者さんなら"),
        "{text}"
    );
    assert!(text.contains("オフラインのログインです"), "{text}");
    let before = seat.app.current_draft();
    for digit in ["3", "4", "0"] {
        seat.press(digit);
        let text = seat.flat();
        assert!(
            text.contains("前の入力の続きです。同じ患者さんなら"),
            "{text}"
        );
        assert_eq!(seat.app.current_draft(), before, "{digit}");
        assert!(!text.contains("申立書に進みます") && !text.contains("控えに進みます"));
    }
    seat.press("Enter").press("3");
    assert!(seat.flat().contains("控えに進みます"), "{}", seat.text());
}

#[test]
fn the_ladder_is_cleared_and_taken_back() {
    for (name, clear) in [("receipt", "F8"), ("letters", "C-p"), ("tenkey", "*")] {
        let mut seat = Seat::new();
        seat.log_in(AccountKind::General, Some(draft("ladder")));
        seat.keymap(name).press(clear);
        let text = seat.flat();
        assert!(text.contains("入力を消しました"), "{name}: {text}");
        assert!(!text.contains("平成2年1月1日"), "{name}: {text}");
        assert_eq!(seat.app.current_draft(), None, "{name}");
        seat.press("A-z");
        assert!(seat.flat().contains("平成2年1月1日"), "{name}");
        assert_eq!(
            seat.app.current_draft().unwrap().fields[&Field::Name],
            "新橋太郎"
        );
    }
    // What comes after it is nobody's but the new patient's.
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋太郎").press("F5");
    seat.press("F8")
        .type_in("S60.1.1")
        .press("Enter")
        .press("Enter");
    seat.type_in("5").press("F12");
    let text = seat.text();
    assert!(text.contains("昭和60年1月1日"), "{text}");
    assert!(!text.contains("新橋太郎"), "{text}");
}

/// Shown is what is allowed: offline nothing is decided.
#[test]
fn an_offline_row_promises_no_decision() {
    for name in NAMES {
        for (mut seat, allowed) in [
            (offline(None), false),
            (Seat::inside(AccountKind::General), true),
        ] {
            seat.press("F6").keymap(name);
            let rows = seat.screen()[22..].concat();
            for label in ["取消", "再照会", "一括", "完了"] {
                assert_eq!(rows.contains(label), allowed, "{name}: {rows}");
            }
            for label in ["控える", "訂正"] {
                assert!(rows.contains(label), "{name}: {rows}");
            }
        }
    }
}

/// A message of a form below is kept until that form is seen.
#[test]
fn what_is_said_of_the_form_below_waits_for_it() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").sleep(200).press("F6");
    let draft = seat.app.current_draft();
    seat.hear(ToFront::LoggedOut(crate::link::message::LogoutReason::Idle));
    seat.hear(ToFront::Welcome(Box::new(welcome(seat.now))));
    seat.hear(ToFront::Status(Box::new(status())));
    seat.log_in(AccountKind::General, draft);
    let text = seat.text();
    assert!(text.contains("窓口  控え帳"), "{text}");
    assert!(!text.contains("前の入力の続き"), "{text}");
    seat.press("F1");
    assert!(seat.flat().contains("前の入力の続き"), "{}", seat.text());
}
