//! The line that says that notes may be lost, on the menu and in the ledger.

use crate::domain::account::AccountKind;
use crate::front::app::screen;
use crate::front::app::support::{Seat, status};
use crate::link::message::{Status, ToFront};

/// A desk with so many unread notices of a possible loss.
fn seat(kind: AccountKind, losses: usize) -> Seat {
    let mut seat = Seat::inside(kind);
    told(&mut seat, losses);
    seat
}

fn told(seat: &mut Seat, losses: usize) {
    let status = Status {
        losses,
        unread_notices: 5,
        ..status()
    };
    seat.hear(ToFront::Status(Box::new(status)));
}

const MENU: &str = "控えが失われた可能性があります。「お知らせ」を読んでください。";
const LEDGER: &str = "控えが失われた可能性があります。メニューの「お知らせ」を読んでください。";

#[test]
fn a_possible_loss_stands_whole_on_the_menu_and_in_the_ledger_until_it_is_read() {
    for (keys, line) in [("", MENU), ("6", LEDGER)] {
        let mut seat = seat(AccountKind::General, 2);
        seat.type_in(keys);
        let whole = |seat: &Seat| seat.screen().iter().any(|row| row.trim() == line);
        let lines = |seat: &Seat| screen::outline(&seat.app, seat.now).lines;
        assert!(whole(&seat), "{}", seat.text());
        assert!(lines(&seat).iter().any(|told| told.text == line), "--plain");
        told(&mut seat, 0);
        assert!(!whole(&seat), "{}", seat.text());
        assert!(!seat.text().contains("失われた"), "{}", seat.text());
    }
}

#[test]
fn on_a_narrow_screen_it_takes_two_rows() {
    for keys in ["", "6"] {
        let mut seat = seat(AccountKind::General, 1);
        seat.type_in(keys);
        let rows = seat.picture(60, 24).0;
        let flat: String = rows.iter().map(|row| row.trim()).collect();
        assert!(flat.contains("お知らせ」を読んでください。"), "{rows:#?}");
    }
}

#[test]
fn who_may_not_read_notices_is_not_sent_there() {
    let seat = seat(AccountKind::WebApi, 2);
    assert!(!seat.text().contains("失われた"), "{}", seat.text());
}
