//! DOM-51, tui-craft B.6: from the smallest size on every pane has its field,
//! what the field wants and its keys on the screen.

use super::super::screen::SMALLEST;
use super::super::support::{Seat, status};
use crate::domain::account::AccountKind;
use crate::domain::field::Field;
use crate::domain::form::FormKind;
use crate::domain::line::LineState;
use crate::domain::note::Group;
use crate::domain::reader::ReaderState;
use crate::front::app::Msg;
use crate::link::message::{Status, ToFront};
use crate::text::glyphs::Ambiguous;

/// From the smallest size up to the usual one.
const SIZES: [(u16, u16); 5] = [SMALLEST, (60, 24), (66, 18), (70, 20), (80, 24)];

fn sized(seat: &mut Seat, (width, height): (u16, u16)) {
    seat.send(Msg::Resize { width, height });
}

/// The screen without its breaks and blanks.
fn flat(seat: &Seat, (width, height): (u16, u16)) -> String {
    let rows = seat.picture(width, height).0;
    rows.concat().replace(' ', "")
}

fn each(act: impl Fn(&mut Seat, (u16, u16))) {
    for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
        for size in SIZES {
            let mut seat = Seat::with(policy);
            seat.log_in(AccountKind::MedicalViewer, None);
            sized(&mut seat, size);
            act(&mut seat, size);
        }
    }
}

#[test]
fn below_the_smallest_size_one_line_says_so_whole() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    seat.press("F2").type_in("新橋太郎");
    for size in [(59, 24), (80, 15), (40, 12), (30, 5), (16, 1)] {
        sized(&mut seat, size);
        let (rows, cursor) = seat.picture(size.0, size.1);
        let said: Vec<&String> = rows.iter().filter(|row| !row.is_empty()).collect();
        assert_eq!(said.len(), 1, "{rows:#?}");
        assert!(said[0].starts_with("画面が狭すぎます"), "{rows:#?}");
        assert!(!said[0].contains('~'), "{rows:#?}");
        assert_eq!(cursor, None);
    }
    sized(&mut seat, SMALLEST);
    assert!(flat(&seat, SMALLEST).contains("新橋太郎"));
}

/// A reader that reads nothing is known on every screen; when the line came
/// back, and that there is no notice, make way for it.
#[test]
fn a_reader_in_trouble_stays_on_the_state_line() {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let lines = [
        LineState::Up {
            recovered: Some(now),
        },
        LineState::Slow { since: now },
        LineState::Down {
            since: now,
            next_probe: now,
        },
    ];
    for (reader, word) in [
        (ReaderState::NoService, "読取機停止"),
        (ReaderState::NoReader, "読取機なし"),
    ] {
        for line in &lines {
            for unread in [0, 12] {
                each(|seat, size| {
                    seat.hear(ToFront::Status(Box::new(Status {
                        line: line.clone(),
                        reader: reader.clone(),
                        notes: [(Group::Open, 120), (Group::NeedsPerson, 34)].into(),
                        unread_notices: unread,
                        ..status()
                    })));
                    let row = seat.picture(size.0, size.1).0[1].replace(' ', "");
                    assert!(row.contains(word), "{size:?} {row}");
                    assert!(row.contains("控え"), "{size:?} {row}");
                });
            }
        }
    }
}

#[test]
fn every_field_of_every_form_shows_its_label_its_value_and_what_it_wants() {
    for (key, kind) in [("F3", FormKind::Lookup), ("F2", FormKind::Note)] {
        each(|seat, size| {
            seat.press(key);
            for _ in kind.fields() {
                let (field, label) = seat.app.top().field().unwrap();
                let (rows, cursor) = seat.picture(size.0, size.1);
                let (_, y) = cursor.expect("a field has the focus");
                let row = &rows[usize::from(y)];
                assert!(row.contains(label), "{label} {size:?}\n{rows:#?}");
                // Behind the value or below it, and whole.
                let told = row.split(label).nth(1).unwrap_or_default().trim();
                let below = rows[usize::from(y) + 1].as_str();
                assert!(!row.contains('~'), "{label} {size:?}\n{rows:#?}");
                let below = below.starts_with(&" ".repeat(15)) && !below.contains('行');
                let wants = field != Field::Branch;
                assert!(
                    !wants || !told.is_empty() || below,
                    "{label} {size:?}\n{rows:#?}"
                );
                seat.press("Down");
            }
        });
    }
}

#[test]
fn what_a_date_means_and_what_is_wrong_with_it_is_read_whole() {
    each(|seat, size| {
        seat.press("F2");
        while seat.app.top().field().unwrap().1 != "生年月日" {
            seat.press("Down");
        }
        seat.type_in("S29.3.26");
        let text = flat(seat, size);
        for part in ["1954", "昭和29年3月26日", "満72歳"] {
            assert!(text.contains(part), "{part} {size:?}\n{text}");
        }
        seat.press("Backspace").press("Backspace").type_in("32");
        let text = flat(seat, size);
        assert!(
            text.contains("3月は31日まで") || text.contains("ありません"),
            "{size:?}\n{text}"
        );
    });
}

#[test]
fn a_choice_shows_all_it_offers() {
    each(|seat, size| {
        seat.press("F2");
        while seat.app.top().field().unwrap().1 != "性別" {
            seat.press("Down");
        }
        let text = flat(seat, size);
        for part in ["1男", "2女", "3未設定"] {
            assert!(text.contains(part), "{part} {size:?}\n{text}");
        }
    });
}

#[test]
fn the_login_shows_both_fields_and_why_one_was_logged_off() {
    for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
        for size in SIZES {
            let mut seat = Seat::with(policy);
            sized(&mut seat, size);
            for _ in 0..2 {
                let text = flat(&seat, size);
                let shown = text.contains("ユーザID") && text.contains("パスワード");
                assert!(shown, "{size:?}\n{text}");
                assert!(seat.picture(size.0, size.1).1.is_some(), "{size:?}");
                seat.type_in("003").press("Enter");
            }
        }
    }
}

#[test]
fn the_chosen_entry_of_every_list_is_in_sight() {
    each(|seat, size| {
        seat.hear(ToFront::Status(Box::new(status())));
        for _ in 0..14 {
            seat.press("Down");
            let (rows, _) = seat.picture(size.0, size.1);
            let chosen = |row: &String| row.contains("> ") && row.chars().count() > 6;
            assert!(rows[3..].iter().any(chosen), "{size:?}\n{rows:#?}");
        }
    });
}

#[test]
fn no_key_of_the_function_row_has_a_mark_for_its_label() {
    each(|seat, size| {
        for key in ["F2", "F3"] {
            seat.press(key);
            let (rows, _) = seat.picture(size.0, size.1);
            let below = rows[rows.len() - 2..].concat();
            assert!(
                !below.split(' ').any(|word| word == "~"),
                "{size:?}\n{below}"
            );
            seat.press("Esc");
        }
    });
}
