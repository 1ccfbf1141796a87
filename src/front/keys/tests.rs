use super::NAMES;
use super::command::Command;
use super::context::Context;
use super::key::{Code, Key};
use super::map::Keymap;
use proptest::prelude::*;

mod row;
mod shown;

fn receipt() -> Keymap {
    Keymap::builtin("receipt").unwrap()
}

#[test]
fn shipped_files_pass_their_own_checks() {
    for name in NAMES {
        let path = format!("{}/keymaps/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let errors = Keymap::load(&text, &path).err().unwrap_or_default();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
        assert_eq!(Keymap::builtin(name).unwrap().name(), name);
    }
}

#[test]
fn dom_30_every_action_has_a_way_without_a_function_key() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL {
            for binding in map.bindings(context) {
                let way = binding
                    .keys
                    .iter()
                    .any(|key| !key.is_function() && (!context.always_typing() || !key.types()));
                assert!(way, "{name} [{}] {:?}", context.name(), binding.command);
            }
            for command in context.commands() {
                assert!(
                    map.key_for(context, *command).is_some(),
                    "{name} [{}] {command:?}",
                    context.name()
                );
            }
        }
    }
}

#[test]
fn in_text_every_promised_key_types_nothing() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL.into_iter().filter(|c| c.always_typing()) {
            for binding in map.bindings(context) {
                let Some(key) = binding.keys.first() else {
                    continue;
                };
                assert_eq!(
                    map.resolve(context, true, *key),
                    Some(binding.command),
                    "{name} [{}] {}",
                    context.name(),
                    key.shown()
                );
            }
        }
    }
}

#[test]
fn signs_command_the_ledger_and_letters_search_it() {
    let map = Keymap::builtin("tenkey").unwrap();
    let means = |c| map.resolve(Context::Ledger, true, Key::plain(Code::Char(c)));
    assert_eq!(means('-'), Some(Command::Back));
    assert_eq!(means('+'), Some(Command::Submit));
    assert_eq!(means('1'), None);
    assert_eq!(means('ア'), None);
}

#[test]
fn keys_that_type_mean_nothing_else_while_typing() {
    let map = Keymap::builtin("tenkey").unwrap();
    let plus = Key::plain(Code::Char('+'));
    assert_eq!(
        map.resolve(Context::Result, false, plus),
        Some(Command::Submit)
    );
    assert_eq!(map.resolve(Context::Result, true, plus), None);
    let backspace = Key::plain(Code::Backspace);
    assert_eq!(map.resolve(Context::Result, false, backspace), None);
    assert_eq!(
        map.resolve(Context::Reference, true, backspace),
        Some(Command::Backspace)
    );
    assert_eq!(map.resolve(Context::Reference, true, plus), None);
}

#[test]
fn esc_and_a_digit_are_a_second_way_to_the_function_keys() {
    let map = receipt();
    for (digit, command) in [
        ('1', Command::Back),
        ('2', Command::Note),
        ('6', Command::Ledger),
        ('8', Command::Clear),
        ('9', Command::Blank),
    ] {
        assert_eq!(
            map.resolve(Context::Lookup, true, Key::alt(digit)),
            Some(command)
        );
    }
}

#[test]
fn messages_name_the_key_that_is_bound() {
    let own =
        "base = \"receipt\"\n[lookup]\nbind = [ { on = [\"F10\", \"A-0\"], run = \"note\" } ]";
    let map = Keymap::load(own, "own.toml").unwrap();
    for (map, told) in [
        (receipt(), "F2 で控えます。{x} {"),
        (map, "F10 で控えます。{x} {"),
        (Keymap::builtin("letters").unwrap(), "^N で控えます。{x} {"),
    ] {
        assert_eq!(map.fill(Context::Lookup, "{note} で控えます。{x} {"), told);
    }
    assert_eq!(receipt().key_for(Context::Note, Command::Sync), None);
}

#[test]
fn help_prints_every_key() {
    let lines = receipt().describe(Context::Lookup);
    assert!(lines.contains(&("F2  Alt+2  ^N".to_owned(), "控える".to_owned())));
    assert!(lines.contains(&("F12  ^D".to_owned(), "照会".to_owned())));
    assert!(lines.contains(&("下矢印  Tab".to_owned(), "下".to_owned())));
}

#[test]
fn a_file_of_ones_own_names_only_what_it_changes() {
    let own = r#"
base = "receipt"
[lookup]
bind = [ { on = ["F11", "A--"], run = "submit", desc = "検索" } ]
"#;
    let map = Keymap::load(own, "own.toml").unwrap();
    assert_eq!(
        map.resolve(Context::Lookup, true, Key::plain(Code::F(11))),
        Some(Command::Submit)
    );
    assert_eq!(
        map.resolve(Context::Lookup, true, Key::plain(Code::F(12))),
        None
    );
    assert_eq!(
        map.resolve(Context::Note, true, Key::plain(Code::F(12))),
        Some(Command::Submit)
    );
    assert_eq!(
        map.resolve(Context::Lookup, true, Key::plain(Code::F(7))),
        Some(Command::Family)
    );
}

/// One fault a file, and the words its error must hold.
const BAD: &[(&str, &str, usize, &[&str])] = &[
    (
        "unknown action",
        "[lookup]\nbind = [ { on = [\"F5\", \"A-5\"], run = \"sumbit\" } ]",
        3,
        &["sumbit", "submit"],
    ),
    (
        "unknown key",
        "[lookup]\nbind = [ { on = [\"PgDown\", \"A-5\"], run = \"note\" } ]",
        3,
        &["PgDown", "PageDown"],
    ),
    (
        "unknown context",
        "[lokup]\nbind = []",
        2,
        &["lokup", "lookup"],
    ),
    ("unknown base", "", 1, &["receit", "receipt"]),
    (
        "unknown member",
        "[lookup]\nbind = [ { on = [\"A-5\"], run = \"note\", label = \"x\" } ]",
        3,
        &["label"],
    ),
    (
        "action of another pane",
        "[lookup]\nbind = [ { on = [\"A-5\"], run = \"settle\" } ]",
        3,
        &["settle", "lookup"],
    ),
    (
        "duplicate key",
        "[lookup]\nbind = [ { on = [\"F7\", \"A-5\"], run = \"note\" } ]",
        3,
        &["F7", "family", "keymaps/receipt.toml"],
    ),
    (
        "shadows a global key",
        "[lookup]\nbind = [ { on = [\"F6\", \"A-5\"], run = \"note\" } ]",
        3,
        &["F6", "ledger"],
    ),
    (
        "shadows text editing",
        "[lookup]\nbind = [ { on = [\"Delete\"], run = \"note\" } ]",
        3,
        &["Delete", "文字の入力"],
    ),
    (
        "same command twice",
        "[lookup]\nbind = [ { on = [\"A-5\"], run = \"note\" },\n { on = [\"A-4\"], run = \"note\" } ]",
        4,
        &["note", "3 行目"],
    ),
    (
        "only a function key",
        "[lookup]\nbind = [ { on = [\"F5\"], run = \"note\" } ]",
        3,
        &["note", "ファンクションキー"],
    ),
    (
        "no key at all",
        "[lookup]\nbind = [ { on = [], run = \"note\" } ]",
        1,
        &["note", "キーがありません"],
    ),
    (
        "typing key where text is typed",
        "[lookup]\nbind = [ { on = [\"n\"], run = \"note\" } ]",
        3,
        &["文字として"],
    ),
    (
        "destructive on the keypad's keys",
        "[lookup]\nbind = [ { on = [\"F3\", \"A-3\"], run = \"clear\" } ]",
        3,
        &["F3", "clear"],
    ),
    (
        "Ctrl+I is Tab",
        "[lookup]\nbind = [ { on = [\"C-i\"], run = \"note\" } ]",
        3,
        &["Tab"],
    ),
    (
        "Ctrl+M is Enter",
        "[lookup]\nbind = [ { on = [\"C-m\"], run = \"note\" } ]",
        3,
        &["Enter"],
    ),
    (
        "Ctrl+[ is Esc",
        "[lookup]\nbind = [ { on = [\"C-[\"], run = \"note\" } ]",
        3,
        &["Esc"],
    ),
    (
        "Ctrl+H is Backspace",
        "[lookup]\nbind = [ { on = [\"C-h\"], run = \"note\" } ]",
        3,
        &["Backspace"],
    ),
    (
        "flow control",
        "[lookup]\nbind = [ { on = [\"C-s\"], run = \"note\" } ]",
        3,
        &["^S", "回線"],
    ),
    (
        "Shift+F",
        "[lookup]\nbind = [ { on = [\"S-F5\"], run = \"note\" } ]",
        3,
        &["S-F5"],
    ),
    (
        "no run",
        "[lookup]\nbind = [ { on = [\"A-5\"] } ]",
        3,
        &["run"],
    ),
    (
        "keys not a list",
        "[lookup]\nbind = [ { on = \"A-5\", run = \"note\" } ]",
        3,
        &["on は"],
    ),
    (
        "a letter in the ledger, which searches",
        "[ledger]\nbind = [ { on = [\"n\"], run = \"note\" } ]",
        3,
        &["文字として"],
    ),
    ("tenkey not a truth", "tenkey = 1", 2, &["tenkey"]),
    (
        "no ten-key key in a map for it",
        "tenkey = true\n[result]\nbind = [ { on = [\"A-2\"], run = \"next-patient\" } ]",
        4,
        &["next-patient", "テンキー"],
    ),
    (
        "a key that would be typed into a date on the ladder",
        "[ladder]\nbind = [ { on = [\"+\"], run = \"submit\" } ]",
        3,
        &["submit", "欄もあります"],
    ),
    ("not TOML", "[lookup\nbind = 3", 2, &["TOML"]),
];

#[test]
fn each_bad_file_gives_its_error_with_line_and_nearest_name() {
    for (case, text, line, words) in BAD {
        let base = if *case == "unknown base" {
            "receit"
        } else {
            "receipt"
        };
        let text = format!("base = \"{base}\"\n{text}");
        let errors = Keymap::load(&text, "own.toml").expect_err(case);
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let prefix = format!("own.toml:{line}: ");
        assert!(
            told.iter()
                .any(|t| t.starts_with(&prefix) && words.iter().all(|w| t.contains(w))),
            "{case}: {told:#?}"
        );
    }
}

#[test]
fn every_key_name_reads_back() {
    for (name, code) in super::key::NAMED {
        assert_eq!(Key::parse(name), Ok(Key::plain(code)));
    }
    assert_eq!(Key::parse("C-d"), Ok(Key::ctrl('d')));
    assert_eq!(Key::parse("A--"), Ok(Key::alt('-')));
    assert_eq!(Key::parse("S-Tab"), Ok(Key::plain(Code::BackTab)));
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = Keymap::load(&text, "x.toml");
    }

    #[test]
    fn no_message_is_lost_by_naming_keys(text in "[a-z{}控 ]{0,40}") {
        let filled = receipt().fill(Context::Lookup, &text);
        let kept = |s: &str| s.chars().filter(|c| *c == '控').count();
        prop_assert_eq!(kept(&filled), kept(&text));
    }
}

fn told(text: &str) -> Vec<String> {
    let errors = Keymap::load(text, "own.toml").err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn digits_and_letters_that_choose_can_mean_nothing_else() {
    for (table, bind, says) in [
        (
            "ask",
            r#"on = ["1", "Esc"], run = "leave""#,
            "1 は「はい」です",
        ),
        (
            "ask",
            r#"on = ["0", "F12", "C-d"], run = "submit""#,
            "0 は「いいえ」です",
        ),
        (
            "ask",
            r#"on = ["2", "Esc"], run = "leave""#,
            "2 は番号を選びます",
        ),
        ("menu", r#"on = ["1", "i"], run = "notices""#, "1 は「"),
        ("menu", r#"on = ["u", "o"], run = "logout""#, "u は「"),
        (
            "case",
            r#"on = ["3", "F5", "C-r"], run = "retry""#,
            "3 は番号を選びます",
        ),
        (
            "ladder",
            r#"on = ["4", "F8", "C-p"], run = "clear""#,
            "4 は番号を選びます",
        ),
        (
            "candidates",
            r#"on = ["1", "F12", "C-d"], run = "submit""#,
            "1 は番号を選びます",
        ),
    ] {
        let told = told(&format!(
            "base = \"receipt\"\n[{table}]\nbind = [{{ {bind} }}]\n"
        ));
        assert!(
            told.iter().any(|line| line.contains(says)),
            "{table} {bind}: {told:?}"
        );
    }
    // What they choose anyway is no contradiction.
    for (table, bind) in [
        ("ask", r#"on = ["0", "Esc"], run = "leave""#),
        ("menu", r#"on = ["7", "i"], run = "notices""#),
    ] {
        let told = told(&format!(
            "base = \"receipt\"\n[{table}]\nbind = [{{ {bind} }}]\n"
        ));
        assert!(told.is_empty(), "{table} {bind}: {told:?}");
    }
}

#[test]
fn words_that_cannot_be_shown_are_refused() {
    let lookup = |desc: &str| {
        told(&format!(
            "base = \"receipt\"\n[lookup]\nbind = [{{ run = \"family\", desc = \"{desc}\" }}]\n"
        ))
        .concat()
    };
    assert!(lookup("").contains("desc が空です"));
    assert!(lookup("\\u001b[2J").contains("画面に出せない文字"));
    let long = lookup("家族の方を続けて照会");
    assert!(
        long.contains("own.toml:3") && long.contains("全角 4 文字まで"),
        "{long}"
    );
    assert_eq!(lookup("ご家族"), "");
    let extra = told("extra = 1\nbase = \"receipt\"\n").concat();
    assert!(
        extra.contains("own.toml:1: 「extra」は知らない項目です"),
        "{extra}"
    );
}

#[test]
fn one_mistake_is_told_once() {
    let told = told(
        "base = \"receipt\"\n[global]\nbind = [{ on = [\"Enter\", \"F12\", \"C-d\"], run = \"submit\" }]\n",
    );
    assert_eq!(told.len(), 1, "{}", told.join("\n"));
    assert!(told.concat().contains("の画面でも"), "{told:?}");
}
