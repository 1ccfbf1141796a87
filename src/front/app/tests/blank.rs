//! The blanked screen (DOM-45, SEC-10): from everywhere, and back for the
//! person who is logged in.

use crate::domain::account::AccountKind;
use crate::domain::failure::Failure;
use crate::front::app::Effect;
use crate::front::app::support::{Seat, staff};
use crate::front::keys::command::Command;
use crate::front::keys::key::Key;
use crate::front::keys::{Context, Keymap, NAMES};
use crate::link::message::{LogoutReason, ToDesk, ToFront};

/// Nothing but the sentence.
fn bare(seat: &Seat) -> bool {
    let rows = seat.screen();
    let filled: Vec<&String> = rows.iter().filter(|row| !row.trim().is_empty()).collect();
    filled.len() == 1 && filled[0].contains("画面を隠しています")
}

#[test]
fn dom_45_one_key_blanks_the_screen_in_every_pane_and_under_every_question() {
    for name in NAMES {
        let keymap = Keymap::builtin(name).unwrap();
        for context in Context::ALL.iter().copied() {
            if matches!(context, Context::Global | Context::Field) {
                continue;
            }
            for typing in [true, false] {
                let key = Key::parse("C-k").unwrap();
                let meant = keymap.resolve(context, typing, key);
                assert_eq!(meant, Some(Command::Blank), "{name} {context:?} {typing}");
            }
        }
    }
}

#[test]
fn dom_45_a_question_is_blanked_too_and_is_still_there() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新橋").sleep(200);
    seat.press("Esc");
    assert!(seat.text().contains("入力を捨てて戻りますか"));
    seat.press("F9");
    assert!(bare(&seat), "{}", seat.text());
    // What comes meanwhile is not shown, and no key goes anywhere.
    seat.hear(ToFront::IdleWarning { seconds: 60 });
    assert!(bare(&seat), "{}", seat.text());
    seat.press("1");
    assert!(
        seat.text().contains("入力を捨てて戻りますか"),
        "{}",
        seat.text()
    );
    assert!(seat.text().contains("新橋"));
}

#[test]
fn sec_10_after_a_while_the_password_brings_the_screen_back_as_it_was() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F2").type_in("新橋太郎").sleep(200);
    seat.press("F9").sleep(59_000);
    seat.press("x");
    assert!(seat.text().contains("新橋太郎"));
    assert!(seat.app.known().staff.is_some());
    seat.press("F9").sleep(60_000);
    seat.press("x");
    let text = seat.text();
    assert!(text.contains("本人か確かめます"), "{text}");
    assert!(!text.contains("新橋"), "{text}");
    assert!(seat.said.contains(&ToDesk::Logout));
    seat.hear(ToFront::LoggedOut(LogoutReason::Asked));
    // A wrong password shows nothing.
    seat.type_in("wrong").press("Enter");
    let ticket = seat.ticket();
    let failure = Failure::WrongPassword { wait: 0 };
    seat.hear(ToFront::Failed { ticket, failure });
    assert!(!seat.text().contains("新橋"), "{}", seat.text());
    seat.type_in("right").press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("003", AccountKind::MedicalViewer),
        draft: None,
        offline: None,
    });
    assert!(seat.text().contains("新橋太郎"), "{}", seat.text());
    assert!(!seat.effects.contains(&Effect::Quit));
}

#[test]
fn sec_10_another_person_gets_nothing_of_it() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F2").type_in("新橋太郎").sleep(200);
    seat.press("F9").sleep(60_000);
    seat.press("x");
    seat.hear(ToFront::LoggedOut(LogoutReason::Asked));
    seat.type_in("right").press("Enter");
    let ticket = seat.ticket();
    seat.hear(ToFront::LoggedIn {
        ticket,
        staff: staff("002", AccountKind::General),
        draft: None,
        offline: None,
    });
    assert!(seat.text().contains("メニュー"), "{}", seat.text());
    seat.press("F2");
    assert!(!seat.text().contains("新橋"), "{}", seat.text());
}
