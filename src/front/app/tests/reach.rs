//! DOM-51, tui-craft B.6: on a screen below the usual size nothing that a pane
//! says is out of reach, and nothing ends at the edge without a mark.

use super::super::screen::SMALLEST;
use super::super::support::{Seat, status};
use crate::domain::account::AccountKind;
use crate::domain::entitlement::{Candidate, Eligibility, Entitlement, GivenDate, Validity};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form;
use crate::domain::note::{Need, Note, NoteState, Way};
use crate::domain::opening::Opening;
use crate::domain::person::Sex;
use crate::domain::readback::{Other, ReadBack};
use crate::front::app::Msg;
use crate::front::canvas::Canvas;
use crate::front::keys::Context;
use crate::front::panes::{Pane, candidates, case, declaration, outage, result, settling};
use crate::front::trial::{candidate, noted, resolution};
use crate::link::message::{LedgerPage, LedgerRow, ToDesk, ToFront};
use crate::text::cells::cells;
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;
use ratatui::buffer::Buffer;

pub(super) const SIZES: [(u16, u16); 5] = [SMALLEST, (60, 24), (66, 18), (70, 20), (80, 24)];
const STREET: &str = "東京都港区〇〇5丁目500-1 新橋サンプルマンション 1203号室";

/// At every size and however wide the terminal draws: what `open` leaves on
/// the screen is read with `keys` (back, on).
fn everywhere(keys: (&str, &str), open: impl Fn(&mut Seat)) {
    for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
        for size in SIZES {
            let mut seat = Seat::with(policy);
            seat.log_in(AccountKind::MedicalViewer, None);
            let (width, height) = size;
            seat.send(Msg::Resize { width, height });
            open(&mut seat);
            read(&mut seat, size, keys);
        }
    }
}

/// What the pane has to say, as it was meant.
fn told(seat: &Seat) -> Vec<String> {
    let (mut buffer, mut pieces, mut cursor) = (Buffer::default(), Vec::new(), None);
    let mut canvas = Canvas::told(&mut buffer, &mut pieces, &mut cursor);
    seat.app.top().view(&seat.app.known, seat.now, &mut canvas);
    let texts: Vec<String> = pieces.into_iter().map(|piece| piece.text).collect();
    // The list of the ledger gives way to what is open below it.
    let open = |text: &String| text == "控えの取消" || text.starts_with("20261120-0007  11/20");
    let below = texts.iter().position(open);
    let texts = texts.into_iter().skip(below.unwrap_or(0));
    texts.filter(|text| !aside(text)).collect()
}

/// Rules, and in the ledger what a search takes, the counts, which the state
/// line has too, and a heading without room.
fn aside(text: &str) -> bool {
    let rule = form::rule(Field::Filter);
    text == rule
        || text == "次にすること"
        || text.starts_with("要確認 0")
        || text.chars().all(|c| c == '-')
}

/// What ends in the last column says that it was cut.
fn edges(rows: &[String], width: u16) {
    for row in rows {
        let line = row.chars().all(|c| matches!(c, '─' | '-' | ' '));
        // The last heading of the ledger fits to the column.
        let ends = row.ends_with('~') || row.ends_with("次にすること");
        let cut = cells(row) < usize::from(width) || ends;
        assert!(line || cut, "{row}\n{rows:#?}");
    }
}

fn read(seat: &mut Seat, (width, height): (u16, u16), (back, on): (&str, &str)) {
    for _ in 0..40 {
        seat.press(back);
    }
    let mut seen = Vec::new();
    for _ in 0..60 {
        let (rows, cursor) = seat.picture(width, height);
        edges(&rows, width);
        let inside = |y: u16| (3..height - 3).contains(&y);
        let placed = cursor.is_some_and(|(_, y)| inside(y));
        assert_eq!(placed, seat.app.has_cursor(), "{rows:#?}");
        let body = rows[3..usize::from(height) - 3].to_vec();
        if seen.ends_with(&body) {
            break;
        }
        seen.extend(body);
        seat.press(on);
    }
    let pairs: Vec<Vec<char>> = seen.iter().map(|row| glyphs(row)).collect();
    let has = |pair: &[char]| pairs.iter().any(|row| row.windows(2).any(|w| w == pair));
    for text in told(seat) {
        // Where it is wrapped, two that were neighbours are not.
        let breaks = 2 + cells(&text) / 12;
        let missing = glyphs(&text).windows(2).filter(|pair| !has(pair)).count();
        let size = (width, height);
        assert!(missing <= breaks, "{missing} of {text} {size:?}\n{seen:#?}");
    }
}

fn glyphs(text: &str) -> Vec<char> {
    text.chars().filter(|c| *c != ' ').collect()
}

fn person() -> Entitlement {
    Entitlement {
        insurer_number: "06139000".to_owned(),
        insurer_name: "東京新橋サンプル保険者".to_owned(),
        symbol: "9000".to_owned(),
        number: "10001".to_owned(),
        branch: "01".to_owned(),
        name: "新橋　太郎".to_owned(),
        kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
        sex: Some(Sex::Male),
        birth_date: GivenDate::Day(date(1954, 3, 26)),
        address: STREET.to_owned(),
        ..Entitlement::default()
    }
}

fn answer() -> Eligibility {
    Eligibility {
        validity: Validity::Valid,
        entitlements: vec![person(), person()],
        check_date: date(2026, 11, 20),
        executed: "20261120091241".to_owned(),
        remark: None,
    }
}

fn resolved() -> Note {
    let mut note = noted(NoteState::Resolved(resolution(answer())));
    note.content.evidence = "申立書".to_owned();
    note.content.reference = "4711".to_owned();
    note
}

fn list() -> Vec<Candidate> {
    (1..=5)
        .map(|n| candidate(&n.to_string(), &format!("{STREET}-{n}")))
        .collect()
}

fn several() -> Note {
    let (way, list) = (Way::KanaAlone, list());
    noted(NoteState::NeedsPerson(Need::Candidates { way, list }))
}

pub(super) fn choosing(seat: &mut Seat) {
    let pane = candidates::State::for_note(&several()).unwrap();
    seat.push(Pane::Candidates(Box::new(pane)));
}

pub(super) fn case_of(seat: &mut Seat, need: Need) {
    let pane = case::State::new(&noted(NoteState::NeedsPerson(need))).unwrap();
    seat.push(Pane::Case(Box::new(pane)));
}

fn press(seat: &mut Seat, keys: &[&str]) {
    for key in keys {
        seat.sleep(500).press(key);
    }
}

const PAGES: (&str, &str) = ("PageUp", "PageDown");
const ROWS: (&str, &str) = ("Up", "Down");

#[test]
fn the_candidates_and_each_question_about_them() {
    everywhere(PAGES, choosing);
    everywhere(PAGES, |seat| {
        choosing(seat);
        press(seat, &["5"]);
    });
    for keys in [PAGES, ROWS] {
        everywhere(keys, |seat| {
            choosing(seat);
            press(seat, &["5", "F12"]);
            assert_eq!(seat.app.top().context(), Context::Ask);
        });
        everywhere(keys, |seat| {
            choosing(seat);
            press(seat, &["0"]);
            assert_eq!(seat.app.top().context(), Context::Ask);
        });
        everywhere(keys, |seat| {
            choosing(seat);
            press(seat, &["5", "F12", "F12"]);
            let other = |n: usize| Other {
                known_as: format!("候補 {n}"),
                address: format!("{STREET}-{n}"),
                insurer_name: "東京新橋サンプル保険者".to_owned(),
                number: "06139000 9000 10001".to_owned(),
            };
            let asked = ReadBack::of(&other(5), "03-0000-0000", (1..5).map(other).collect());
            seat.hear(ToFront::Failed {
                ticket: seat.ticket(),
                failure: Failure::ReadBack(Box::new(asked)),
            });
            assert_eq!(seat.app.top().context(), Context::ReadBack);
        });
    }
}

#[test]
fn a_step_begins_at_its_beginning() {
    let mut seat = Seat::inside(AccountKind::MedicalViewer);
    let (width, height) = SMALLEST;
    seat.send(Msg::Resize { width, height });
    choosing(&mut seat);
    let shows = |seat: &Seat, text: &str| seat.picture(60, 16).0.concat().contains(text);
    press(&mut seat, &["5", "PageDown", "PageDown", "F12"]);
    assert!(shows(&seat, "複数の資格該当者が見つかりました"));
    press(&mut seat, &["PageDown", "PageDown"]);
    assert!(!shows(&seat, "複数の資格該当者が見つかりました"));
    press(&mut seat, &["Esc"]);
    assert!(shows(&seat, "複数の資格該当者が見つかりました"));
    let sent = |m: &ToDesk| matches!(m, ToDesk::ResolveNote { .. } | ToDesk::AbsentNote { .. });
    press(&mut seat, &["F12", "PageDown", "Up", "Down", "PageUp"]);
    assert!(!seat.said.iter().any(sent), "no page key decides");
}

#[test]
fn a_note_that_waits_for_a_person_and_its_end() {
    for need in [Need::NotFound, Need::TooMany] {
        everywhere(PAGES, |seat| case_of(seat, need.clone()));
    }
    for keys in [PAGES, ROWS] {
        everywhere(keys, |seat| {
            case_of(seat, Need::NotFound);
            press(seat, &["0"]);
            assert_eq!(seat.app.top().context(), Context::Ask);
        });
    }
}

pub(super) fn settle(seat: &mut Seat) {
    let pane = settling::State::new(&resolved()).unwrap();
    seat.push(Pane::Settling(Box::new(pane)));
}

#[test]
fn the_steps_until_it_is_settled_and_each_question() {
    everywhere(PAGES, settle);
    for keys in [PAGES, ROWS] {
        everywhere(keys, |seat| {
            settle(seat);
            press(seat, &["F12"]);
            assert_eq!(seat.app.top().context(), Context::Ask);
            let (width, height) = seat.app.size;
            let text = seat.picture(width, height).0.concat();
            assert!(text.contains("このまま完了にしますか"), "{text}");
            assert!(text.contains("残っているもの"), "{text}");
        });
    }
}

#[test]
fn a_result_and_the_box_over_it() {
    let open = |seat: &mut Seat| {
        let pane = result::State::new(answer(), result::Origin::Lookup);
        seat.push(Pane::Result(Box::new(pane)));
    };
    everywhere(PAGES, open);
    everywhere(PAGES, |seat| {
        open(seat);
        press(seat, &["F3"]);
        seat.type_in("4711");
        press(seat, &["F12"]);
        let ticket = seat.ticket();
        seat.hear(ToFront::Done { ticket });
        assert_eq!(seat.app.top().context(), Context::Told);
    });
}

fn row(note: &Note, n: usize) -> LedgerRow {
    LedgerRow {
        id: note.id.clone(),
        revision: note.revision + u32::try_from(n).unwrap(),
        taken: note.taken,
        name: note.content.name.clone(),
        birth_date: note.content.birth_date,
        sex: note.content.sex,
        follow: None,
        group: note.state.group(),
        state: note.state.label(),
        next: "開いて確かめます".to_owned(),
        block: None,
        held: None,
    }
}

pub(super) fn ledger(seat: &mut Seat, note: &Note) {
    press(seat, &["F6"]);
    let rows = vec![row(note, 0)];
    let page = LedgerPage {
        offset: 0,
        matching: 1,
        total: 1,
        rows,
    };
    let ticket = seat.ticket();
    let page = Box::new(page);
    seat.hear(ToFront::Page { ticket, page });
}

#[test]
fn an_opened_note_of_the_ledger_also_under_a_long_sentence() {
    let mut note = noted(NoteState::Noted);
    note.state = NoteState::Cancelled {
        by: "003".to_owned(),
        at: note.taken,
        reason: "二重".to_owned(),
    };
    note.content.address = STREET.to_owned();
    let open = |seat: &mut Seat| {
        ledger(seat, &note);
        press(seat, &["F12"]);
        let ticket = seat.ticket();
        let note = Box::new(note.clone());
        seat.hear(ToFront::Noted {
            ticket,
            note,
            spilled: false,
        });
        assert!(told(seat).iter().any(|text| text.contains(STREET)));
    };
    everywhere(PAGES, open);
    everywhere(PAGES, |seat| {
        let mut low = status();
        low.store_trouble = Some(format!("控えの保管先に書けません: {}", STREET.repeat(3)));
        seat.hear(ToFront::Status(Box::new(low)));
        open(seat);
    });
}

#[test]
fn a_cancellation_with_the_longest_reason() {
    let note = noted(NoteState::Noted);
    for keys in [PAGES, ROWS] {
        everywhere(keys, |seat| {
            ledger(seat, &note);
            press(seat, &["F8"]);
            seat.type_in(&"二重に控えたため".repeat(15));
            press(seat, &["Enter"]);
            assert_eq!(seat.app.top().context(), Context::Ask);
        });
    }
}

#[test]
fn every_form_of_an_outage() {
    everywhere(ROWS, |seat| {
        let pane = outage::State::new(date(2026, 11, 20));
        seat.push(Pane::Outage(Box::new(pane)));
    });
    everywhere(ROWS, |seat| {
        let pane = declaration::State::new(date(2026, 11, 20));
        seat.push(Pane::Declaration(Box::new(pane)));
    });
}

#[test]
fn dom_75_the_number_to_call_stays_beside_every_step() {
    let open = |seat: &mut Seat| {
        press(seat, &["F6", "F4"]);
        let ticket = seat.ticket();
        let opening = Box::<Opening>::default();
        seat.hear(ToFront::Opening { ticket, opening });
    };
    everywhere(ROWS, open);
    everywhere(ROWS, |seat| {
        open(seat);
        let (width, height) = seat.app.size;
        for _ in 0..9 {
            let rows = seat.picture(width, height).0;
            assert!(rows[3].contains("0800-080-4583"), "{rows:#?}");
            assert!(
                rows[4..].iter().any(|row| row.starts_with('>')),
                "{rows:#?}"
            );
            press(seat, &["Down"]);
        }
    });
}

#[test]
fn every_form_at_the_desk_and_the_ladder() {
    everywhere(ROWS, |seat| press(seat, &["F3"]));
    everywhere(ROWS, |seat| press(seat, &["F2"]));
    everywhere(ROWS, |seat| press(seat, &["F3", "F5"]));
}

#[test]
fn a_look_up_that_did_not_arrive() {
    everywhere(ROWS, |seat| {
        press(seat, &["F3"]);
        for text in ["06139000", "9000", "10001", "01", "S29.3.26"] {
            let press_next = seat.type_in(text);
            press_next.press("Enter");
        }
        press(seat, &["F12"]);
        let ticket = seat.ticket();
        seat.hear(ToFront::Failed {
            ticket,
            failure: Failure::NoAnswer,
        });
        assert_eq!(seat.app.top().context(), Context::Failed);
    });
}

#[test]
fn the_card_by_each_key_to_it() {
    for keys in [&["F4"][..], &["F4", "F7"]] {
        everywhere(ROWS, |seat| press(seat, keys));
    }
}

#[test]
fn what_was_hidden_comes_back_as_it_was() {
    for size in SIZES {
        let (width, height) = size;
        let mut seat = Seat::inside(AccountKind::MedicalViewer);
        seat.send(Msg::Resize { width, height });
        choosing(&mut seat);
        press(&mut seat, &["5", "F12", "PageDown"]);
        let before = seat.picture(width, height);
        press(&mut seat, &["F9"]);
        let hidden = seat.picture(width, height);
        let filled = hidden.0.iter().filter(|row| !row.is_empty());
        assert_eq!((filled.count(), hidden.1), (1, None));
        edges(&hidden.0, width);
        seat.press("a");
        assert_eq!(seat.picture(width, height), before);
    }
}

#[test]
fn the_menu_and_the_notices() {
    everywhere(ROWS, |seat| {
        let mut lost = status();
        lost.losses = 1;
        seat.hear(ToFront::Status(Box::new(lost)));
    });
    everywhere(PAGES, |seat| press(seat, &["F10"]));
}
