//! Time alone: what goes by itself goes, and nothing wakes for nothing.

use super::any_key;
use crate::domain::account::AccountKind;
use crate::domain::failure::Failure;
use crate::domain::line::LineState;
use crate::domain::reader::ReaderState;
use crate::front::app::Msg;
use crate::front::app::support::{Seat, staff, status, welcome};
use crate::front::keys::key::Key;
use crate::link::message::{LogoutReason, Status, ToDesk, ToFront};
use proptest::prelude::*;
use std::time::Duration;

#[test]
fn sec_3_the_wait_behind_a_wrong_password_ends_by_itself() {
    let mut seat = Seat::new();
    seat.type_in("003").press("Tab").type_in("xyz");
    seat.press("Enter").pass(80);
    let ticket = seat.ticket();
    let failure = Failure::WrongPassword { wait: 2 };
    seat.hear(ToFront::Failed { ticket, failure });
    assert!(seat.shown().contains("あと 2 秒待つと"), "{}", seat.shown());
    seat.pass(1_000);
    assert!(seat.shown().contains("あと 1 秒待つと"), "{}", seat.shown());
    seat.pass(1_000);
    assert!(!seat.shown().contains("秒待つと"), "{}", seat.shown());
}

#[test]
fn the_clock_goes_on_while_the_desk_is_away() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.pass(5_000).send(Msg::LinkLost);
    seat.pass(5_000).press("Down").press("Up");
    assert!(seat.shown().contains("09:12"), "{}", seat.shown());
    seat.pass(60_000);
    assert!(seat.shown().contains("09:13"), "{}", seat.shown());
    seat.pass(60_000);
    assert!(seat.shown().contains("09:14"), "{}", seat.shown());
}

#[test]
fn a_form_half_typed_when_the_desk_goes_does_not_stop_the_clock() {
    let mut seat = Seat::inside(AccountKind::General);
    seat.press("F2").type_in("新").send(Msg::LinkLost);
    seat.type_in("橋").pass(60_000);
    assert!(seat.shown().contains("09:13"), "{}", seat.shown());
}

#[test]
fn a_sentence_that_goes_by_itself_goes_where_nobody_is_logged_in() {
    let mut seat = Seat::new();
    seat.type_in("0").send(Msg::Garbled);
    let said = "文字コード";
    assert!(seat.shown().contains(said), "{}", seat.shown());
    seat.pass(9_000);
    assert!(!seat.shown().contains(said), "{}", seat.shown());
}

#[test]
fn nothing_wakes_where_nothing_is_due() {
    let mut seat = Seat::inside(AccountKind::General);
    // A blanked screen shows no clock.
    seat.press("F9").pass(120_000);
    assert_eq!(seat.wake, None);
}

#[derive(Debug, Clone)]
enum Happens {
    Key(Key),
    Said(Msg),
    Desk(ToFront),
    /// The last question is answered, where it is one of these.
    Fails(u64),
    LogsIn(bool),
    Passes(u64),
}

fn any_happens() -> impl Strategy<Value = Happens> {
    use Happens::{Desk, Fails, LogsIn, Passes, Said};
    let up = LineState::Up { recovered: None };
    let down = LineState::Down {
        since: "2026-11-20T09:08:00+09:00".parse().unwrap(),
        next_probe: "2026-11-20T09:12:11+09:00".parse().unwrap(),
    };
    let lies = ReaderState::CardPresent {
        reader: "R".to_owned(),
        glance: None,
    };
    let idle = status().reader;
    let told = (
        prop::sample::select(vec![up, down]),
        prop::sample::select(vec![lies, idle]),
    )
        .prop_map(|(line, reader)| {
            Desk(ToFront::Status(Box::new(Status {
                line,
                reader,
                ..status()
            })))
        });
    let fixed = prop::sample::select(vec![
        Said(Msg::LinkLost),
        Said(Msg::LinkBack),
        Said(Msg::Garbled),
        Said(Msg::Pasting),
        Said(Msg::Woke),
        Said(Msg::Paste("新橋".to_owned())),
        Desk(ToFront::Welcome(Box::new(welcome(Seat::new().now)))),
        Desk(ToFront::LoggedOut(LogoutReason::Idle)),
        Desk(ToFront::LoggedOut(LogoutReason::Restarted)),
        Desk(ToFront::IdleWarning { seconds: 60 }),
    ]);
    prop_oneof![
        6 => any_key().prop_map(Happens::Key),
        2 => prop::sample::select(vec!["x", "Enter", "F12", "F2", "F9", "c", "7"])
            .prop_map(|key| Happens::Key(Key::parse(key).unwrap())),
        2 => told,
        3 => fixed,
        1 => (0u64..4).prop_map(Fails),
        2 => any::<bool>().prop_map(LogsIn),
        6 => prop_oneof![0u64..400, 0u64..15_000, 0u64..200_000].prop_map(Passes),
    ]
}

impl Seat {
    fn happens(&mut self, what: Happens) {
        let asked = self.said.iter().rev().find_map(ToDesk::ticket);
        match (what, asked) {
            (Happens::Key(key), _) => drop(self.send(Msg::Key(key))),
            (Happens::Said(msg), _) => drop(self.send(msg)),
            (Happens::Desk(message), _) => drop(self.hear(message)),
            (Happens::Fails(wait), Some(ticket)) => {
                let failure = Failure::WrongPassword { wait };
                self.hear(ToFront::Failed { ticket, failure });
            }
            (Happens::LogsIn(alone), Some(ticket)) => {
                let until = self.now.wall + Duration::from_secs(3_600);
                self.hear(ToFront::LoggedIn {
                    ticket,
                    staff: staff("003", AccountKind::General),
                    draft: None,
                    offline: alone.then_some(until),
                });
            }
            (Happens::Passes(ms), _) => drop(self.pass(ms)),
            (_, None) => {}
        }
    }

    /// What is on the screen is what would be drawn anew now.
    fn is_current(&mut self) -> Result<(), TestCaseError> {
        let shown = self.shown();
        self.drawn = self.now;
        prop_assert_eq!(shown, self.shown());
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Time alone changes nothing on a screen before the moment at which it
    /// is woken, and no waking asks for itself again ([`Seat::pass`]): no
    /// screen stands still, and none spins.
    #[test]
    fn no_screen_stands_still_and_none_spins(
        inside in any::<bool>(),
        events in prop::collection::vec(any_happens(), 1..40),
        part in 0.0f64..1.0,
    ) {
        let mut seat = if inside { Seat::inside(AccountKind::MedicalViewer) } else { Seat::new() };
        for event in events {
            seat.happens(event);
            seat.is_current()?;
            let Some(wake) = seat.wake else { continue };
            prop_assert!(wake > seat.now.mono, "{:?} at {:?}", wake, seat.now.mono);
            let before = wake.checked_sub(Duration::from_nanos(1)).unwrap();
            let part = wake.checked_sub(seat.now.mono).unwrap().mul_f64(part);
            seat.go_to((seat.now.mono + part).min(before));
            seat.is_current()?;
        }
    }
}
