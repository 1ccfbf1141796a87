//! Undo inside a field: every step, and never to a 個人番号.

use super::*;
use crate::domain::number::holds_personal_number;
use crate::domain::time::slash_date;

const TODAY: jiff::civil::Date = date(2026, 11, 20);

fn whole() -> Form {
    Form::new(vec![
        Entry::new(Field::InsurerNumber, Mark::Required, Kind::Digits)
            .limit(8)
            .moving_on(),
        Entry::new(Field::Symbol, Mark::Free, Kind::Code),
        Entry::new(Field::Number, Mark::Required, Kind::Code),
        Entry::new(Field::BirthDate, Mark::Required, Kind::Date),
        Entry::new(Field::Kana, Mark::Either1, Kind::Kana),
        Entry::new(Field::CheckDate, Mark::Required, Kind::Date).initial(&slash_date(TODAY)),
    ])
}

#[test]
fn undo_brings_back_what_was_cleared_pasted_over_and_folded() {
    let mut form = whole();
    form.focus_on(Field::Kana);
    type_in(&mut form, "ｼﾝﾊﾞｼ");
    press(&mut form, Command::Next);
    press(&mut form, Command::Up);
    assert_eq!(form.text(Field::Kana), "シンバシ", "folded on leaving");
    press(&mut form, Command::ClearField);
    form.input(&Input::Paste("タロウ".to_owned()));
    for text in ["", "シンバシ", "ｼﾝﾊﾞｼ", "ｼﾝﾊﾞ", "ｼﾝﾊ"] {
        press(&mut form, Command::Undo);
        assert_eq!(form.text(Field::Kana), text);
    }
    // What was proposed comes back too.
    form.focus_on(Field::CheckDate);
    type_in(&mut form, "2");
    assert_eq!(form.text(Field::CheckDate), "2");
    press(&mut form, Command::Undo);
    press(&mut form, Command::Undo);
    assert_eq!(form.text(Field::CheckDate), "2026/11/20");
}

#[test]
fn dom_44_undo_never_brings_back_a_personal_number() {
    for field in [Field::Symbol, Field::Number, Field::BirthDate, Field::Kana] {
        let mut form = whole();
        form.focus_on(field);
        type_in(&mut form, "12345678901");
        assert!(matches!(type_in(&mut form, "8"), Did::Refused(_)));
        for _ in 0..20 {
            press(&mut form, Command::Undo);
            assert_eq!(form.text(field), "", "{field:?}");
        }
    }
}

fn input() -> impl Strategy<Value = Input> {
    let commands = prop::sample::select(vec![
        Command::Undo,
        Command::Undo,
        Command::Undo,
        Command::Backspace,
        Command::Delete,
        Command::ClearField,
        Command::Home,
        Command::Left,
        Command::End,
        Command::WordLeft,
        Command::Down,
        Command::Up,
    ]);
    prop_oneof![
        commands.prop_map(Input::Command),
        prop::sample::select("123456789018０1２3-".chars().collect::<Vec<_>>())
            .prop_map(Input::Char),
        prop::sample::select(vec![
            "123456789018",
            "12345",
            "678901",
            "8",
            "1234-5678-901"
        ])
        .prop_map(|text| Input::Paste(text.to_owned())),
    ]
}

proptest! {
    #[test]
    fn dom_44_no_way_of_editing_leaves_one_in_a_field(inputs in prop::collection::vec(input(), 0..60)) {
        let mut form = whole();
        for input in &inputs {
            form.input(input);
            for field in [Field::InsurerNumber, Field::Symbol, Field::Number, Field::BirthDate, Field::Kana, Field::CheckDate] {
                prop_assert!(!holds_personal_number(form.text(field)), "{:?}", field);
            }
        }
    }
}
