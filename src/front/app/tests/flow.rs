//! What is put aside, and what is asked before anything goes.

use crate::domain::account::AccountKind;
use crate::domain::draft::Draft;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::field::Field;
use crate::domain::note::{Note, NoteContent, NoteId, NoteState};
use crate::domain::person::Sex;
use crate::domain::time::Period;
use crate::front::app::support::{Seat, staff, status};
use crate::front::app::{Cx, Go};
use crate::front::panes::{Pane, note};
use crate::link::message::{LogoutReason, Status, ToDesk, ToFront};
use jiff::civil::date;
use std::collections::BTreeMap;

/// As the ledger does on 訂正.
fn correct(seat: &mut Seat, name: &str, number: u32) {
    let note = stored(name, number);
    let go = Go::Push(Pane::Note(Box::new(note::State::edit(&note))));
    let (now, mut effects) = (seat.now, Vec::new());
    seat.app
        .with_top(now, &mut effects, |_, cx: &mut Cx<'_>| cx.go(go));
    seat.sleep(200);
}

fn stored(name: &str, number: u32) -> Note {
    let mut content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
    name.clone_into(&mut content.name);
    content.sex = Some(Sex::Male);
    "東京都".clone_into(&mut content.address);
    Note {
        id: NoteId(format!("20261120-{number:04}")),
        revision: 1,
        desk: "窓口1".to_owned(),
        taken_by: "003".to_owned(),
        taken: "2026-11-20T09:10:00+09:00".parse().unwrap(),
        during_outage: true,
        content,
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
    }
}

fn saved(seat: &Seat) -> Option<NoteId> {
    match seat.said.iter().rfind(|m| m.ticket().is_some()) {
        Some(ToDesk::SaveNote { replaces, .. }) => replaces.clone().map(|(id, _)| id),
        other => panic!("{other:?}\n{}", seat.text()),
    }
}

#[test]
fn a_new_note_never_becomes_the_correction_of_another_patients() {
    let mut seat = Seat::inside(AccountKind::General);
    correct(&mut seat, "佐藤花子", 2);
    let text = seat.text();
    assert!(text.contains("4情報の控え  訂正 20261120-0002"), "{text}");
    assert!(text.contains("F12 訂正"), "{text}");
    seat.type_in("子").sleep(200).press("C-x").press("F2");
    let text = seat.text();
    assert!(!text.contains("佐藤") && !text.contains("訂正"), "{text}");
    seat.type_in("新橋太郎").press("Enter").press("Enter");
    seat.type_in("S29.3.26").press("Enter").type_in("1");
    seat.type_in("東京都").press("F12");
    assert_eq!(saved(&seat), None);
}

#[test]
fn a_correction_comes_back_with_its_note_alone() {
    let mut seat = Seat::inside(AccountKind::General);
    correct(&mut seat, "佐藤花子", 2);
    seat.type_in("甲").press("F1");
    correct(&mut seat, "高橋一郎", 3);
    assert!(!seat.text().contains("佐藤花子甲"), "{}", seat.text());
    seat.type_in("乙").press("F1");
    correct(&mut seat, "佐藤花子", 2);
    let text = seat.text();
    assert!(text.contains("佐藤花子甲"), "{text}");
    assert!(text.contains("訂正の続き"), "{text}");
    // F8 goes back to what the note holds, and can be taken back.
    seat.press("F8");
    let text = seat.text();
    assert!(text.contains("佐藤花子") && !text.contains("甲"), "{text}");
    assert!(text.contains("で戻せます"), "{text}");
    seat.press("A-z");
    assert!(seat.text().contains("佐藤花子甲"), "{}", seat.text());
    seat.press("F8").press("F12");
    assert_eq!(saved(&seat), Some(NoteId("20261120-0002".to_owned())));
}

#[test]
fn a_note_from_a_look_up_does_not_take_the_place_of_one_that_was_begun() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("山田太郎").press("F1");
    seat.press("F3").type_in("06139000").press("F2");
    let text = seat.flat();
    assert!(
        text.contains("書きかけの控え（山田〇〇 09:12 に中断）があります。1 続ける"),
        "{text}"
    );
    // Nothing that was not offered opens anybody's note.
    seat.type_in("2");
    assert!(seat.flat().contains("番号で答えて"), "{}", seat.text());
    seat.type_in("8");
    let text = seat.text();
    assert!(
        text.contains("06139000") && !text.contains("山田太郎"),
        "{text}"
    );
    seat.type_in("鈴木").press("C-x").press("F2");
    let text = seat.flat();
    assert!(text.contains("1 鈴〇〇 09:12 に中断"), "{text}");
    assert!(text.contains("2 山田〇〇 09:12 に中断"), "{text}");
    seat.type_in("2");
    assert!(seat.text().contains("山田太郎"), "{}", seat.text());
    assert!(!seat.text().contains("06139000"), "{}", seat.text());
    seat.press("F1").press("F2").type_in("2");
    assert!(seat.text().contains("鈴木"), "{}", seat.text());
}

#[test]
fn notes_put_aside_that_would_read_the_same_tell_the_second() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("山田太郎").press("F1");
    seat.sleep(7_000).press("F2");
    seat.type_in("8")
        .type_in("山田花子")
        .press("F1")
        .press("F2");
    let text = seat.flat();
    assert!(text.contains("1 山田〇〇 09:12:07 に中断"), "{text}");
    assert!(text.contains("2 山田〇〇 09:12:00 に中断"), "{text}");
}

/// What the desk service has kept of the typing so far.
fn kept(seat: &Seat) -> Option<Draft> {
    seat.said.iter().rev().find_map(|message| match message {
        ToDesk::Draft(draft) => Some(Some(draft.clone())),
        ToDesk::DropDraft => Some(None),
        _ => None,
    })?
}

#[test]
fn dom_53_all_that_was_begun_is_at_the_desk_and_comes_back_at_another_screen() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("山田太郎").press("F1");
    seat.press("F2").type_in("8").type_in("鈴木").sleep(200);
    let draft = kept(&seat);
    let mut other = Seat::new();
    other.log_in(AccountKind::General, draft);
    assert!(other.text().contains("鈴木"), "{}", other.text());
    assert!(!other.text().contains("山田"), "{}", other.text());
    other.press("F1").press("F2");
    let text = other.flat();
    assert!(
        text.contains("1 鈴〇〇") && text.contains("2 山田〇〇"),
        "{text}"
    );
}

#[test]
fn a_login_for_another_function_does_not_lose_what_the_desk_kept() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("半分次郎").press("F1").sleep(200);
    let draft = kept(&seat);
    let mut seat = Seat::new();
    let period = Period {
        from: date(2026, 11, 20),
        to: date(2026, 11, 25),
    };
    seat.hear(ToFront::Status(Box::new(Status {
        period: Some(period),
        ..status()
    })));
    seat.log_in(AccountKind::General, None);
    seat.press("F7").press("F12");
    seat.type_in("003")
        .press("Enter")
        .type_in("pw")
        .press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::MedicalViewer),
        draft,
        offline: None,
    });
    assert!(seat.text().contains("資格情報照会"), "{}", seat.text());
    seat.type_in("新橋").sleep(200);
    let at_desk = kept(&seat).unwrap();
    assert_eq!(at_desk.others.len(), 1, "the note is still at the desk");
    seat.press("F2");
    assert!(
        seat.flat().contains("書きかけの控え（半分〇〇）"),
        "{}",
        seat.text()
    );
}

#[test]
fn an_error_of_a_pane_goes_with_it() {
    for back in ["F1", "Esc"] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press("F3").press("F12");
        assert!(seat.text().contains("！保険者番号: "), "{}", seat.text());
        seat.press(back);
        if back == "Esc" {
            seat.press(back);
        }
        let text = seat.text();
        assert!(text.contains("窓口  メニュー"), "{back}: {text}");
        assert!(!text.contains("保険者番号"), "{back}: {text}");
    }
    // One that says why nothing is opened stands.
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("5");
    assert!(seat.text().contains('！'), "{}", seat.text());
}

#[test]
fn clear_can_be_taken_back_with_the_key_it_names() {
    for key in ["F2", "F3"] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.press(key).type_in("0613").press("F8");
        assert!(!seat.text().contains("0613"), "{}", seat.text());
        assert!(seat.text().contains("Alt+z で戻せます"), "{}", seat.text());
        seat.press("A-z");
        assert!(seat.text().contains("0613"), "{key}: {}", seat.text());
    }
}

#[test]
fn out_12_the_offer_of_a_login_holds_as_long_as_it_can_be_read() {
    for other in ["Down", "Esc"] {
        let mut seat = Seat::inside(AccountKind::General);
        seat.type_in("5").press(other);
        assert!(!seat.text().contains("ログインの画面へ"), "{}", seat.text());
        seat.press("F12");
        assert!(!seat.said.contains(&ToDesk::Logout), "{other}");
    }
}

#[test]
fn out_12_keys_typed_on_while_logging_out_reach_the_login() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F7").press("F12");
    seat.type_in("003")
        .press("Enter")
        .type_in("pw")
        .press("Enter");
    seat.hear(ToFront::LoggedOut(LogoutReason::Asked));
    assert!(
        matches!(seat.said.last(), Some(ToDesk::Login { user, .. }) if user == "003"),
        "{:?}",
        seat.said
    );
    assert!(
        seat.text().contains("ログインしています"),
        "{}",
        seat.text()
    );
}

#[test]
fn a_login_during_an_outage_promises_no_note() {
    let mut seat = Seat::new();
    seat.type_in("003")
        .press("Enter")
        .type_in("x")
        .press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::Failed {
        ticket,
        failure: Failure::Unreachable {
            cause: Unreachable::Refused,
            since: None,
        },
    });
    let text = seat.flat();
    assert!(text.contains("紙に控えてください"), "{text}");
    assert!(!text.contains("自動で照会"), "{text}");
}

/// A desk where the correction of `note` was left half-way.
fn left_half_way(note: &Note) -> Seat {
    let mut seat = Seat::new();
    seat.type_in("003")
        .press("Enter")
        .type_in("pw")
        .press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::General),
        offline: None,
        draft: Some(Draft {
            from_card: std::collections::BTreeSet::new(),
            pane: "note".to_owned(),
            note: Some((note.id.clone(), 1)),
            fields: BTreeMap::from([(Field::Name, "佐藤花子甲".to_owned())]),
            focus: Some(Field::Name),
            others: Vec::new(),
        }),
    });
    seat
}

#[test]
fn a_correction_of_last_time_goes_back_to_what_the_note_holds() {
    let note = stored("佐藤花子", 2);
    let mut seat = left_half_way(&note);
    assert!(
        seat.text().contains("訂正 20261120-0002"),
        "{}",
        seat.text()
    );
    let ticket = seat.ticket();
    seat.hear(ToFront::Noted {
        ticket,
        note: Box::new(note),
        spilled: false,
    });
    assert!(seat.text().contains("佐藤花子甲"), "{}", seat.text());
    seat.press("F8");
    let text = seat.text();
    assert!(text.contains("佐藤花子") && !text.contains("甲"), "{text}");
    assert!(text.contains("東京都"), "{text}");
    seat.press("F12");
    assert_eq!(saved(&seat), Some(NoteId("20261120-0002".to_owned())));
}

#[test]
fn a_correction_of_a_note_that_took_an_end_meanwhile_says_so_at_once() {
    let mut note = stored("佐藤花子", 2);
    note.state = NoteState::Cancelled {
        by: "004".to_owned(),
        at: jiff::Timestamp::UNIX_EPOCH,
        reason: String::new(),
    };
    let mut seat = left_half_way(&note);
    let ticket = seat.ticket();
    seat.hear(ToFront::Noted {
        ticket,
        note: Box::new(note),
        spilled: false,
    });
    let told = "控え 20261120-0002 はその間に「取消」になったので、訂正できません。";
    for key in ["Down", "F12", "Up"] {
        let text = seat.flat();
        assert!(text.contains(told), "{key}: {text}");
        assert!(text.contains("次は F6 の控え帳で"), "{key}: {text}");
        assert!(text.contains("佐藤花子甲"), "{key}: {text}");
        seat.press(key);
    }
    let sent = |said: &ToDesk| matches!(said, ToDesk::SaveNote { .. });
    assert!(!seat.said.iter().any(sent));
    seat.press("F6");
    assert!(seat.text().contains("窓口  控え帳"), "{}", seat.text());
}

#[test]
fn another_persons_login_hides_and_does_not_lose_what_was_begun() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("山田太郎").press("F1");
    seat.press("F2").type_in("8").type_in("鈴木").sleep(200);
    let draft = kept(&seat);
    seat.hear(ToFront::LoggedOut(LogoutReason::Restarted));
    seat.press("Up").press("C-u");
    seat.type_in("004")
        .press("Enter")
        .type_in("pw")
        .press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("004", AccountKind::General),
        draft: None,
        offline: None,
    });
    seat.press("F2");
    let text = seat.text();
    assert!(!text.contains("山田") && !text.contains("鈴木"), "{text}");
    seat.hear(ToFront::LoggedOut(LogoutReason::Idle));
    seat.log_in(AccountKind::General, draft);
    assert!(seat.text().contains("鈴木"), "{}", seat.text());
    seat.press("F1").press("F2");
    assert!(seat.flat().contains("山田〇〇"), "{}", seat.text());
}
