use super::*;
use proptest::prelude::*;

fn typed(text: &str) -> LineField {
    let mut field = LineField::default();
    for c in text.chars() {
        field.insert(c);
    }
    field
}

#[test]
fn b4_marks_and_selectors_join_the_cluster_before() {
    let mut field = typed("か\u{3099}");
    assert_eq!(field.text(), "が");
    field = typed("葛\u{E0100}西");
    assert!(field.left() && field.left());
    assert!(field.at_start());
    field.end();
    assert!(field.backspace() && field.backspace());
    assert_eq!(field.text(), "");
    assert!(!field.insert('\u{E0100}'), "a selector alone");
    assert!(!field.insert('\u{1B}'), "a control character");
    assert_eq!(field.text(), "");
}

#[test]
fn editing_in_the_middle() {
    let mut field = typed("新太郎");
    field.home();
    assert!(field.right());
    assert!(field.insert('橋'));
    assert_eq!(field.text(), "新橋太郎");
    assert_eq!(field.cursor_cells(), 4);
    assert!(field.delete());
    assert_eq!(field.text(), "新橋郎");
    assert!(field.undo() && field.undo());
    assert_eq!(field.text(), "新太郎");
    field.clear();
    assert!(field.is_empty());
    assert!(field.undo());
    assert_eq!(field.text(), "新太郎");
    field.set("別\n名");
    assert_eq!(field.text(), "別 名");
}

#[test]
fn words() {
    let mut field = typed("東京都 港区 12");
    assert!(field.word_left());
    assert_eq!(field.cursor_cells(), 12);
    field.home();
    assert!(!field.word_left());
    assert!(field.word_right());
}

#[test]
fn words_end_where_the_script_changes() {
    for (text, words) in [
        (
            "東京都みなとタワー12",
            vec!["東京都", "みなと", "タワー", "12"],
        ),
        ("新橋　太郎", vec!["新橋", "　太郎"]),
        ("ｼﾝﾊﾞｼ ﾀﾛｳ", vec!["ｼﾝﾊﾞｼ", " ﾀﾛｳ"]),
        ("佐々木らーめん", vec!["佐々木", "らーめん"]),
        ("Ａ-4711", vec!["Ａ", "-", "4711"]),
        ("𠮷田葛\u{E0100}西", vec!["𠮷田葛\u{E0100}西"]),
    ] {
        let mut field = typed(text);
        field.home();
        let mut ends = vec![0];
        while field.word_right() {
            ends.push(field.cursor);
        }
        let found: Vec<&str> = ends
            .windows(2)
            .map(|ends| text.get(ends[0]..ends[1]).unwrap())
            .collect();
        assert_eq!(found, words);
        // The same words the other way round, each from its beginning.
        let mut steps = 0;
        while field.word_left() {
            steps += 1;
            assert!(!field.behind().starts_with(char::is_whitespace));
        }
        assert_eq!(steps, words.len(), "{text}");
    }
}

#[test]
fn undo_takes_back_typing_clearing_pasting_and_folding() {
    let mut field = typed("ｶ");
    field.insert('ﾞ');
    field.set("ガ");
    field.paste("ク\n");
    field.backspace();
    field.clear();
    for text in ["ガ", "ガク", "ガ", "ｶﾞ", "ｶ", ""] {
        assert!(field.undo());
        assert_eq!(field.text(), text);
    }
    assert!(!field.undo());
    // What made no difference is no step.
    field.clear();
    field.set("");
    assert!(!field.can_undo());
}

#[test]
fn limit_and_paste() {
    let mut field = LineField::with_limit("", 4);
    assert!(field.paste("山田\n"));
    assert_eq!(field.text(), "山田");
    assert!(!field.paste("太郎次"));
    assert_eq!(field.text(), "山田太郎");
    assert!(field.is_full());
    assert!(!field.insert('x'));
    let mut field = LineField::with_limit("か", 1);
    assert!(field.insert('\u{3099}'), "joins, needs no room");
    assert_eq!(field.text(), "が");
}

#[test]
fn window_follows_the_cursor() {
    let mut field = typed("東京都港区新橋");
    assert_eq!(field.window(20), ("東京都港区新橋".to_owned(), 14));
    assert_eq!(field.window(7), ("区新橋".to_owned(), 6));
    field.home();
    assert_eq!(field.window(7), ("東京都".to_owned(), 0));
    assert_eq!(typed("ｶﾞ").window(10), ("ｶﾞ".to_owned(), 2));
}

#[derive(Debug, Clone)]
enum Step {
    Insert(char),
    Paste(String),
    Key(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<char>().prop_map(Step::Insert),
        prop::sample::select(vec![
            'か',
            '\u{3099}',
            'ｶ',
            'ﾞ',
            '葛',
            '\u{E0100}',
            '🇯',
            '🇵',
            'ᄒ',
            'ᅡ',
            'ᆫ',
            ' ',
            'a',
            '\u{301}'
        ])
        .prop_map(Step::Insert),
        any::<String>().prop_map(Step::Paste),
        (0u8..10).prop_map(Step::Key),
    ]
}

fn apply(field: &mut LineField, step: &Step) {
    match step {
        Step::Insert(c) => {
            field.insert(*c);
        }
        Step::Paste(text) => {
            field.paste(text);
        }
        Step::Key(key) => match key {
            0 => drop(field.backspace()),
            1 => drop(field.delete()),
            2 => drop(field.left()),
            3 => drop(field.right()),
            4 => field.home(),
            5 => field.end(),
            6 => drop(field.word_left()),
            7 => drop(field.word_right()),
            _ => drop(field.undo()),
        },
    }
}

proptest! {
    #[test]
    fn undo_goes_back_step_by_step(steps in prop::collection::vec(step(), 0..40)) {
        let mut field = LineField::with_limit("", 30);
        // What stood there before each change that was made.
        let mut stood = Vec::new();
        for step in &steps {
            let before = (field.text.clone(), field.cursor);
            let undoes = matches!(step, Step::Key(8..));
            apply(&mut field, step);
            if undoes {
                if let Some(last) = stood.pop() {
                    prop_assert_eq!((field.text.clone(), field.cursor), last);
                }
            } else if field.text != before.0 {
                stood.push(before);
            }
        }
        while let Some(last) = stood.pop() {
            prop_assert!(field.undo());
            prop_assert_eq!((field.text.clone(), field.cursor), last);
        }
        prop_assert!(!field.undo());
    }

    #[test]
    fn the_cursor_never_splits_a_cluster(steps in prop::collection::vec(step(), 0..40), columns in 1usize..20) {
        let mut field = LineField::with_limit("", 30);
        for step in &steps {
            apply(&mut field, step);
            let at = field.cursor;
            let whole = field.text.grapheme_indices(true).any(|(i, _)| i == at) || at == field.text.len();
            prop_assert!(whole, "{:?} at {at}", field.text);
            prop_assert_eq!(clean(&field.text), field.text.clone());
            prop_assert!(field.text.chars().count() <= 30);
            let (visible, cursor) = field.window(columns);
            prop_assert!(cells(&visible) <= columns);
            prop_assert!(cursor < columns);
            prop_assert!(field.text.contains(&visible));
        }
    }
}
