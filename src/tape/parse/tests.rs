use super::*;
use crate::front::keys::key::{Code, Key};
use crate::tape::step::Pattern;

fn steps(text: &str) -> Vec<Step> {
    parse(text, Path::new("t.tape"))
        .unwrap()
        .steps
        .into_iter()
        .map(|p| p.step)
        .collect()
}

fn error(text: &str) -> String {
    parse(text, Path::new("t.tape")).unwrap_err().to_string()
}

#[test]
fn several_steps_stand_on_one_line() {
    assert_eq!(
        steps("Type \"シンバシ\"  Tab 2  F12 # 控える"),
        [
            Step::Type("シンバシ".into()),
            Step::Key(Key::plain(Code::Tab), 2),
            Step::Key(Key::plain(Code::F(12)), 1),
        ]
    );
}

#[test]
fn the_head_is_read() {
    let tape = parse(
        "Set Size 120x40\nSet Clock 2021-01-19T09:00:00+09:00\nSet Keymap tenkey\nSet Ambiguous wide\nSet People 50",
        Path::new("t"),
    )
    .unwrap();
    assert_eq!(tape.head.size, (120, 40));
    assert_eq!(tape.head.keymap, "tenkey");
    assert_eq!(tape.head.wide, Some(true));
    assert_eq!(tape.head.people, 50);
    assert_eq!(crate::domain::time::clock_text(tape.head.clock), "09:00");
}

#[test]
fn a_screen_block_ends_with_end() {
    assert_eq!(
        steps("Screen \"控え帳\" rows 3-4\n|  氏名  |\n| {*}|\nEnd\nF1"),
        [
            Step::Screen {
                name: "控え帳".into(),
                rows: Some((3, 4)),
                cols: None,
                expected: vec!["  氏名  ".into(), " {*}".into()]
            },
            Step::Key(Key::plain(Code::F(1)), 1)
        ]
    );
    let part = steps("Screen \"左\" rows 3-4 cols 0-39\n| a |\nEnd");
    assert!(
        matches!(
            part.first(),
            Some(Step::Screen {
                cols: Some((0, 39)),
                ..
            })
        ),
        "{part:?}"
    );
    assert!(error("Screen cols 6-3\nEnd").contains("桁の範囲"));
    assert!(error("Screen\n| a |").contains("End がありません"));
    assert!(error("Screen\nabc\nEnd").contains("| で始めて"));
}

#[test]
fn the_central_system_is_switched() {
    assert_eq!(
        steps("Central outage"),
        [Step::Central(vec![("outage".into(), "on".into())])]
    );
    assert_eq!(
        steps("Central answer 503"),
        [Step::Central(vec![("status".into(), "503".into())])]
    );
    assert_eq!(
        steps("Central function 2026-11-20..2026-11-25"),
        [Step::Central(vec![(
            "outage-function".into(),
            "2026-11-20..2026-11-25".into()
        )])]
    );
}

#[test]
fn errors_name_the_line_and_the_nearest_word() {
    let told = error("F1\nExpekt \"a\"");
    let begins = "t.tape の 2 行目: 知らない言葉です: Expekt（Expect ですか）";
    assert!(told.starts_with(begins), "{told}");
    assert!(error("Type \"abc").contains("閉じていません"));
    assert!(error("Sleep 3x").contains("単位"));
    assert!(error("Set Colour red").contains("Set Colour はありません"));
    assert!(error("F1\nSet Size 80x24").contains("最初の操作より前"));
    let told = error("Wait /(/");
    assert!(told.contains("/(/ は正規表現として読めません"), "{told}");
    assert!(
        told.contains("例 /\\(/") && told.contains("例 \"(\""),
        "{told}"
    );
    assert!(
        !told.contains("(?m)") && !told.contains("unclosed"),
        "{told}"
    );
}

#[test]
fn keys_have_the_names_of_the_manual() {
    for (name, key_) in [
        ("Ctrl+R", Key::ctrl('r')),
        ("Alt+1", Key::alt('1')),
        ("Shift+Tab", Key::plain(Code::BackTab)),
        ("Escape", Key::plain(Code::Esc)),
        ("F10", Key::plain(Code::F(10))),
    ] {
        assert_eq!(key(name), Some(key_), "{name}");
    }
    assert_eq!(key("F13"), None);
}

#[test]
fn a_slash_and_a_quote_can_be_escaped() {
    assert_eq!(
        steps(r"Expect /a\/b\d/"),
        [Step::Expect(Pattern::Regex(
            regex::Regex::new("(?m)a/b\\d").unwrap()
        ))]
    );
    assert_eq!(steps(r#"Type "a\"b""#), [Step::Type("a\"b".into())]);
}

#[test]
fn files_that_are_no_tape_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let told = |name: &str, bytes: Option<&[u8]>| {
        let path = folder.path().join(name);
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        read(&path).unwrap_err().to_string()
    };
    assert!(told("missing.tape", None).contains("読めません"));
    let latin = told("sjis.tape", Some(b"F1\nType \"\x8eR\x93c\"\n"));
    assert!(latin.contains("2 行目: UTF-8 でない文字"), "{latin}");
    let mark = folder.path().join("mark.tape");
    std::fs::write(&mark, "\u{feff}Set Size 100x30\nF1\n").unwrap();
    assert_eq!(read(&mark).unwrap().head.size, (100, 30));
    for empty in ["", "# ここから書く\n", "\u{feff}", "Set Size 80x24\n"] {
        let empty = told("empty.tape", Some(empty.as_bytes()));
        assert!(empty.contains("手が一つもありません"), "{empty}");
    }
    let keymap = told(
        "keymap.tape",
        Some("# x\nSet Keymap \"none.toml\"\nF1\n".as_bytes()),
    );
    assert!(
        keymap.contains("keymap.tape の 2 行目: キー割り当て"),
        "{keymap}"
    );
    let people = told(
        "people.tape",
        Some("Set Fixtures \"people\"\nF1\n".as_bytes()),
    );
    assert!(people.contains("people.tape の 1 行目: "), "{people}");
    let own = told("own.tape", Some(b"Source own.tape\n"));
    assert!(own.contains("Source が深すぎます"), "{own}");
    let many = "Source many.part\n".repeat(30);
    std::fs::write(folder.path().join("many.part"), "F1\n".repeat(1000)).unwrap();
    assert!(told("many.tape", Some(many.as_bytes())).contains("20000"));
}

#[test]
fn no_step_takes_for_ever() {
    assert!(error("Down 1001").contains("1000 まで"));
    assert!(error("Down 99999999999999999999999").contains("1000 まで"));
    assert!(error("Sleep 99999h").contains("31 日"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = parse(&text, Path::new("t"));
    }
}
