//! DOM-52, tui-craft B.2: where a person is open, all of name, address, numbers
//! and insurer can be read, on small screens too, if by paging.

use super::{candidates, case, result, settling};
use crate::domain::entitlement::{Eligibility, Entitlement, GivenDate, Validity};
use crate::domain::note::{Need, Note, NoteState};
use crate::domain::person::OutageQuery;
use crate::domain::person::Sex;
use crate::front::app::Input;
use crate::front::canvas::Canvas;
use crate::front::keys::command::Command;
use crate::front::trial::{Trial, candidate, noted, resolution, rows};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

/// Each of them of characters that stand nowhere else.
const NAME: &str = "寿限無五劫擦切海砂利水魚雲来末風食寝処";
const ADDRESS: &str = "北海道札幌市厚別区青葉町南弐丁目柑子団地";
const INSURER: &str = "瀬戸内運輸造船鉄鋼組合連合会共済部";
const NUMBER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (40, 12)];

fn person() -> Entitlement {
    Entitlement {
        insurer_number: "06139000".to_owned(),
        insurer_name: INSURER.to_owned(),
        symbol: "9000".to_owned(),
        number: NUMBER.to_owned(),
        name: NAME.to_owned(),
        insured_name: NAME.to_owned(),
        birth_date: GivenDate::Day(date(1954, 3, 26)),
        address: ADDRESS.to_owned(),
        ..Entitlement::default()
    }
}

fn answer() -> Eligibility {
    Eligibility {
        validity: Validity::Valid,
        entitlements: vec![person()],
        check_date: date(2026, 11, 20),
        executed: "20261120091241".to_owned(),
        remark: None,
    }
}

fn long(state: NoteState) -> Note {
    let mut note = noted(state);
    note.content.name = NAME.to_owned();
    note.content.address = ADDRESS.to_owned();
    note.content.insurer_name = INSURER.to_owned();
    note
}

/// Pages through a pane and holds what was seen against `texts`.
fn read<P>(
    texts: &[&str],
    open: impl Fn(&mut Trial) -> P,
    page: impl Fn(&mut P, &mut Trial),
    draw: impl Fn(&P, &Trial, &mut Canvas<'_>),
) {
    for (width, height) in SIZES {
        for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
            let mut trial = Trial::new();
            trial.known.room = (width.into(), usize::from(height) - 6);
            trial.known.ambiguous = policy;
            let mut pane = open(&mut trial);
            let mut seen = String::new();
            for _ in 0..40 {
                let (drawn, _) = rows(width, height - 6, policy, |canvas| {
                    draw(&pane, &trial, canvas);
                });
                seen += &drawn.join("\n");
                page(&mut pane, &mut trial);
            }
            for text in texts {
                let lost: String = text.chars().filter(|c| !seen.contains(*c)).collect();
                assert_eq!(lost, "", "{width}x{height} {policy:?}\n{seen}");
            }
        }
    }
}

fn down() -> Input {
    Input::Command(Command::PageDown)
}

#[test]
fn dom_52_a_note_that_waits_for_a_person() {
    read(
        &[NAME, ADDRESS, INSURER],
        |_| case::State::new(&long(NoteState::NeedsPerson(Need::NotFound))).unwrap(),
        |pane, trial| trial.with(|cx| pane.input(cx, down())),
        |pane, trial, canvas| pane.view(&trial.known, trial.now, canvas),
    );
}

#[test]
fn dom_52_a_result() {
    read(
        &[NAME, ADDRESS, INSURER, NUMBER],
        |_| result::State::new(answer(), result::Origin::Lookup),
        |pane, trial| trial.with(|cx| pane.input(cx, down())),
        |pane, trial, canvas| pane.view(&trial.known, trial.now, canvas),
    );
}

#[test]
fn dom_52_a_note_to_be_settled() {
    read(
        &[NAME, NUMBER],
        |_| settling::State::new(&long(NoteState::Resolved(resolution(answer())))).unwrap(),
        |pane, trial| trial.with(|cx| pane.input(cx, down())),
        |pane, trial, canvas| pane.view(&trial.known, trial.now, canvas),
    );
}

#[test]
fn dom_52_the_one_of_several_who_is_looked_at() {
    let query = OutageQuery {
        name: "新橋".to_owned(),
        kana: String::new(),
        birth_date: date(1954, 3, 26),
        sex: Sex::Male,
        address: String::new(),
        insurer_name: String::new(),
        check_date: date(2026, 11, 20),
    };
    let mut one = candidate("A", ADDRESS);
    one.name = NAME.to_owned();
    one.insurer_name = INSURER.to_owned();
    read(
        &[NAME, ADDRESS, INSURER],
        |trial| {
            let list = [one.clone(), candidate("B", "")];
            let mut pane = candidates::State::for_search(&query, &list);
            trial.with(|cx| pane.input(cx, Input::Char('1')));
            pane
        },
        |pane, trial| trial.with(|cx| pane.input(cx, down())),
        |pane, trial, canvas| pane.view(&trial.known, trial.now, canvas),
    );
}
