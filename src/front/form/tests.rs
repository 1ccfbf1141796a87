use super::{Did, Entry, Form, Kind, Mark};
use crate::domain::field::{Field, Problem};
use crate::front::app::Input;
use crate::front::keys::command::Command;
use crate::front::wording;
use proptest::prelude::*;

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
