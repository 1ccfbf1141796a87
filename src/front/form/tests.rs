mod narrow;
mod undo;

use super::{Did, Entry, Form, Kind, Mark};
use crate::domain::field::{Field, Problem};
use crate::domain::form::{
    DeclarationForm, FormKind, LookupForm, NoteForm, OutageForm, Values, feedback, settled,
};
use crate::domain::number::insurer_corrections;
use crate::front::app::Input;
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn form() -> Form {
    Form::new(vec![
        Entry::new(Field::InsurerNumber, Mark::Required, Kind::Digits)
            .limit(8)
            .moving_on(),
        Entry::new(Field::Kana, Mark::Either1, Kind::Kana),
        Entry::new(Field::Sex, Mark::Required, Kind::Choice(wording::SEXES)),
        Entry::new(Field::Address, Mark::Either2, Kind::Text),
    ])
}

fn type_in(form: &mut Form, text: &str) -> Did {
    text.chars()
        .map(|c| form.input(&Input::Char(c)))
        .last()
        .unwrap()
}

fn press(form: &mut Form, command: Command) -> Did {
    form.input(&Input::Command(command))
}

#[test]
fn six_digits_wait_and_eight_move_on() {
    let mut form = form();
    type_in(&mut form, "138057");
    assert_eq!(form.focus(), Field::InsurerNumber);
    type_in(&mut form, "10");
    assert_eq!(form.focus(), Field::Kana);
    assert_eq!(press(&mut form, Command::Next), Did::Nothing, "habit");
    assert_eq!(press(&mut form, Command::Next), Did::Moved);
}

#[test]
fn correcting_in_the_middle_does_not_move_on_before_it_is_full() {
    let mut form = form();
    type_in(&mut form, "0613900");
    press(&mut form, Command::Home);
    press(&mut form, Command::Delete);
    assert_eq!(form.focus(), Field::InsurerNumber);
    assert_eq!(form.text(Field::InsurerNumber), "613900");
}

#[test]
fn choices_take_their_digits_alone_and_turn() {
    let mut form = form();
    form.focus_on(Field::Sex);
    assert!(matches!(type_in(&mut form, "7"), Did::Refused(why) if why.contains("1 男")));
    press(&mut form, Command::Right);
    press(&mut form, Command::Right);
    assert_eq!(form.text(Field::Sex), "2");
    assert_eq!(form.focus(), Field::Sex, "turning does not leave");
    type_in(&mut form, "１");
    assert_eq!(form.text(Field::Sex), "1");
    assert_eq!(form.focus(), Field::Address);
    assert_eq!(press(&mut form, Command::Backspace), Did::Moved);
    assert_eq!(form.focus(), Field::Sex);
    press(&mut form, Command::Backspace);
    assert_eq!(form.text(Field::Sex), "");
}

#[test]
fn out_27_readings_become_katakana_on_leaving() {
    for typed in ["しんばし", "ｼﾝﾊﾞｼ", "シンバシ"] {
        let mut form = form();
        form.focus_on(Field::Kana);
        type_in(&mut form, typed);
        press(&mut form, Command::Down);
        assert_eq!(form.text(Field::Kana), "シンバシ", "{typed}");
    }
}

#[test]
fn enter_in_the_last_field_runs_and_down_does_not() {
    let mut form = form();
    form.focus_on(Field::Address);
    assert_eq!(press(&mut form, Command::Down), Did::Nothing);
    assert_eq!(press(&mut form, Command::Next), Did::Run);
}

#[test]
fn problems_stay_until_their_field_changes() {
    let mut form = form();
    form.set_problems(vec![Problem {
        field: Field::Address,
        text: "入れてください。".to_owned(),
    }]);
    assert_eq!(form.focus(), Field::Address);
    type_in(&mut form, "東");
    assert!(form.problem(Field::Address).is_none());
}

/// The sample of the official explanation of the check digit.
const PERSONAL: &str = "123456789018";

fn card() -> Form {
    Form::new(vec![
        Entry::new(Field::InsurerNumber, Mark::Required, Kind::Digits)
            .limit(8)
            .moving_on(),
        Entry::new(Field::Symbol, Mark::Free, Kind::Code),
        Entry::new(Field::Number, Mark::Required, Kind::Code),
        Entry::new(Field::Branch, Mark::Free, Kind::Digits)
            .limit(2)
            .moving_on(),
        Entry::new(Field::BirthDate, Mark::Required, Kind::Date),
        Entry::new(Field::CheckDate, Mark::Required, Kind::Date).initial("2026/11/20"),
    ])
}

fn nothing_kept(form: &Form) {
    for field in [
        Field::InsurerNumber,
        Field::Symbol,
        Field::Number,
        Field::Branch,
        Field::BirthDate,
    ] {
        assert_eq!(form.text(field), "", "{field:?}");
    }
    assert_eq!(form.draft("lookup"), None);
}

#[test]
fn dom_44_a_personal_number_does_not_slip_through_fields_that_move_on() {
    for first in [Field::InsurerNumber, Field::Branch] {
        let mut form = card();
        form.focus_on(first);
        let did = type_in(&mut form, PERSONAL);
        assert!(matches!(did, Did::Refused(why) if why.contains("個人番号")));
        assert_eq!(form.focus(), first);
        nothing_kept(&form);
        press(&mut form, Command::Undo);
        nothing_kept(&form);
    }
}

#[test]
fn dom_44_a_paste_is_refused_whole_before_it_is_cut() {
    for text in [PERSONAL, "12345678(9018)", "1234-5678-9018 新橋"] {
        let mut form = card();
        let did = form.input(&Input::Paste(text.to_owned()));
        assert!(matches!(did, Did::Refused(_)), "{text}");
        nothing_kept(&form);
    }
    let mut form = card();
    form.input(&Input::Paste("12345678".to_owned()));
    form.input(&Input::Paste("9018".to_owned()));
    nothing_kept(&form);
}

#[test]
fn dom_44_card_numbers_that_follow_each_other_are_none() {
    // 06139000 and any 記号 of four digits.
    for symbol in 0..10_000 {
        let mut form = card();
        type_in(&mut form, "06139000");
        type_in(&mut form, &format!("{symbol:04}"));
        assert_eq!(form.text(Field::Symbol), format!("{symbol:04}"));
    }
    // A deliberate move parts what would else be one run.
    let mut form = card();
    type_in(&mut form, "12345678");
    press(&mut form, Command::Next);
    type_in(&mut form, "9018");
    assert_eq!(form.text(Field::Symbol), "9018");
}

#[test]
fn dom_44_a_date_behind_a_number_is_a_date() {
    for (typed, kept) in [("19400101", true), ("1940/1/1", true), ("2903", false)] {
        for number in 0..200 {
            let mut form = card();
            form.skip(Field::Symbol, true);
            form.skip(Field::Branch, true);
            form.moves_at(Field::Number, Some(8));
            form.focus_on(Field::Number);
            type_in(&mut form, &format!("{number:08}"));
            assert_eq!(form.focus(), Field::BirthDate);
            type_in(&mut form, typed);
            let run = format!("{number:08}{}", typed.chars().take(4).collect::<String>());
            let personal = crate::domain::number::holds_personal_number(&run);
            press(&mut form, Command::Down);
            let there = form.text(Field::BirthDate) == typed;
            assert_eq!(there, kept || !personal, "{number} {typed}");
        }
    }
}

#[test]
fn dom_44_what_may_be_one_is_withheld_from_the_draft() {
    let mut form = card();
    form.skip(Field::Symbol, true);
    form.skip(Field::Branch, true);
    form.moves_at(Field::Number, Some(8));
    form.focus_on(Field::Number);
    type_in(&mut form, PERSONAL);
    assert_eq!(form.text(Field::BirthDate), "9018");
    assert_eq!(form.values().get(Field::Number), "");
    let draft = form.draft("lookup").unwrap();
    assert!(!draft.fields.contains_key(&Field::Number));
    assert!(!draft.fields.contains_key(&Field::BirthDate));
}

#[test]
fn out_38_what_is_proposed_gives_way_to_the_first_key() {
    let proposed = "2026/11/20";
    let with = |inputs: &[Input]| {
        let mut form = card();
        form.focus_on(Field::CheckDate);
        for input in inputs {
            form.input(input);
        }
        form.text(Field::CheckDate).to_owned()
    };
    let command = Input::Command;
    assert_eq!(with(&[Input::Char('2')]), "2");
    assert_eq!(with(&[Input::Paste("2026/11/19".to_owned())]), "2026/11/19");
    assert_eq!(with(&[command(Command::Backspace)]), "");
    assert_eq!(with(&[command(Command::Delete)]), "");
    assert_eq!(with(&[command(Command::Right)]), proposed);
    assert_eq!(
        with(&[
            command(Command::Left),
            command(Command::Backspace),
            Input::Char('1')
        ]),
        "2026/11/10"
    );
    assert_eq!(
        with(&[
            Input::Char('2'),
            command(Command::Undo),
            command(Command::Undo)
        ]),
        proposed
    );
    let mut form = card();
    form.focus_on(Field::CheckDate);
    assert_eq!(type_in(&mut form, "20261119"), Did::Changed);
    assert_eq!(form.text(Field::CheckDate), "20261119");
    form.clear();
    form.focus_on(Field::CheckDate);
    type_in(&mut form, "1");
    assert_eq!(form.text(Field::CheckDate), "1");
    type_in(&mut form, "23456789018");
    assert_eq!(
        form.text(Field::CheckDate),
        "",
        "typed, twelve digits are refused"
    );
}

/// The fields as the panes have them.
fn entry(field: Field) -> Entry {
    let kind = match field {
        Field::Name
        | Field::Address
        | Field::InsurerName
        | Field::Evidence
        | Field::Employer
        | Field::Remark => Kind::Text,
        Field::Kana => Kind::Kana,
        Field::InsurerNumber | Field::Branch => Kind::Digits,
        Field::BirthDate | Field::CheckDate => Kind::Date,
        Field::Sex => Kind::Choice(wording::SEXES),
        Field::LimitConsent => Kind::Choice(wording::CONSENT),
        Field::Cover => Kind::Choice(wording::COVERS),
        _ => Kind::Code,
    };
    let entry = Entry::new(field, Mark::Free, kind);
    if field == Field::Evidence {
        entry.width(14)
    } else {
        entry
    }
}

/// Texts that somebody types, right and wrong.
const TYPED: &[&str] = &[
    "",
    "0",
    "1",
    "5",
    "52",
    "x",
    "太",
    "シンバシ太郎",
    "123",
    "0613",
    "0613900x",
    "06139000",
    "06159000",
    "01139907",
    "019904",
    "77777777",
    "05139001",
    "S29.3.26",
    "S29.12.26",
    "M38.10.12",
    "2026/12/31",
    "S29.2.30",
    "S29.3",
    "S29.13",
    "S0.1.1",
    "M1.1.1",
    "M45.7.30",
    "S64.1.8",
    "20261231",
    "2026/13/01",
    "20.10.10",
    "195403260",
    "S2903261",
    "6.29.3.26",
    "7290326",
    "18991231",
    "1954.123.1",
    "昭2x",
    "東京都\u{E000}",
    "1234 5678 9018",
    "a@b",
    "03-0000-0000",
    "0.5",
];

#[test]
fn every_text_behind_a_field_fits_80_columns() {
    let today = date(2026, 11, 20);
    let value = 16;
    let mut too_long = BTreeSet::new();
    for kind in [
        FormKind::Lookup,
        FormKind::Outage,
        FormKind::Note,
        FormKind::Declaration,
    ] {
        for &field in kind.fields() {
            for typed in TYPED {
                let mut values = Values::initial(kind, today);
                values.set(field, typed);
                let problems = match kind {
                    FormKind::Lookup => LookupForm(values).check(today).err(),
                    FormKind::Outage => OutageForm(values).check(today).err(),
                    FormKind::Note => NoteForm(values).check(today).err(),
                    FormKind::Declaration => DeclarationForm(values).check(today).err(),
                };
                let problem = problems
                    .unwrap_or_default()
                    .into_iter()
                    .find(|problem| problem.field == field)
                    .map(|problem| problem.text);
                let shown = [feedback(field, typed, today), settled(field, typed, today)]
                    .map(|said| said.shown);
                let entry = entry(field);
                for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
                    let room = 80 - (value + entry.width + 2) - 1;
                    for text in problem.iter().chain(&shown).chain([&entry.rule.to_owned()]) {
                        // Corrections stand there as far as they fit whole.
                        if text.contains("候補") {
                            continue;
                        }
                        let cells = policy.cells(text);
                        if cells > room {
                            too_long.insert(format!("{field:?} {text}: {cells} > {room}"));
                        }
                    }
                }
            }
        }
    }
    assert!(too_long.is_empty(), "{too_long:#?}");
}

#[test]
fn dom_4_corrections_are_never_cut_and_all_are_on_the_message_line() {
    let today = date(2026, 11, 20);
    for number in ["01139907", "06159000", "06139005", "019904", "39131150"] {
        let mut form = card();
        form.set(Field::InsurerNumber, number);
        form.focus_on(Field::Symbol);
        let corrections = insurer_corrections(number);
        let advice = form.advice(today).unwrap();
        for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
            assert!(policy.cells(&advice) <= 78, "{advice}");
            for width in [50, 60, 66, 80] {
                let (rows, _) = crate::front::trial::rows(width, 10, policy, |canvas| {
                    let layout = super::Layout {
                        top: 0,
                        height: 10,
                        value: 15,
                    };
                    form.view(canvas, layout, today);
                });
                let behind = rows[0].split(number).nth(1).unwrap();
                // The mark that it goes on touches no number.
                assert!(
                    !behind.contains(|c: char| c.is_ascii_digit())
                        || !behind.replace(" ~", "").contains('~'),
                    "{behind}"
                );
                for part in behind
                    .split(' ')
                    .filter(|part| part.starts_with(|c: char| c.is_ascii_digit()))
                {
                    assert!(corrections.iter().any(|c| c == part), "{behind}");
                }
            }
        }
        for correction in &corrections {
            assert!(advice.contains(correction.as_str()), "{advice}");
        }
    }
}

proptest! {
    /// DOM-53: a draft brings back what was typed, and the focus.
    #[test]
    fn drafts_come_back(kana in "[ァ-ヴ]{0,12}", address in "[ -~亜-熙]{0,20}", digits in "[0-9]{0,7}") {
        let mut form = form();
        if !digits.is_empty() {
            type_in(&mut form, &digits);
        }
        form.set(Field::Kana, &kana);
        form.set(Field::Address, &address);
        form.focus_on(Field::Address);
        let mut again = self::form();
        match form.draft("note") {
            Some(draft) => again.resume(&draft),
            None => prop_assert!(form.is_pristine()),
        }
        prop_assert_eq!(again.values(), form.values());
    }
}
