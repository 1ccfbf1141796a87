//! An override shows wherever keys are shown; every command is somewhere.

use crate::front::keys::command::Command;
use crate::front::keys::key::{Key, KeyError};
use crate::front::keys::{Context, Keymap, NAMES, print};

const OWN: &str = r#"
base = "receipt"
[lookup]
bind = [ { on = ["F10", "A-0"], run = "note", desc = "メモ" } ]
"#;

#[test]
fn an_override_shows_on_the_row_in_help_in_messages_and_on_paper() {
    let map = Keymap::load(OWN, "own.toml").unwrap();
    let row = map.row(Context::Lookup);
    let cap = row[9].clone().unwrap();
    assert_eq!((cap.key.as_str(), cap.label.as_str()), ("F10", "メモ"));
    assert!(row[1].is_none(), "the old place is free");
    let pair = ("F10  Alt+0".to_owned(), "メモ".to_owned());
    assert!(map.describe(Context::Lookup).contains(&pair));
    assert_eq!(map.fill(Context::Lookup, "{note} で控える"), "F10 で控える");
    assert!(print::text(&map).contains("  メモ: F10  Alt+0\n"));
    assert!(print::man(&map).contains(".B F10  Alt+0\nメモ\n"));
    assert!(print::man(&map).contains("own.toml"));
}

#[test]
fn paper_has_every_key_of_every_table() {
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        let (text, man) = (print::text(&map), print::man(&map));
        for context in Context::ALL {
            for (keys, label) in map.describe(context) {
                let line = format!("  {label}: {keys}\n");
                assert!(text.contains(&line), "{name} {line}");
            }
            let empty = map.bindings(context).is_empty();
            assert!(empty || man.contains(&format!(".SH {}", context.label())));
        }
        // Nothing that roff would take for a request of its own.
        for line in man.lines().filter(|line| line.starts_with(['.', '\''])) {
            let known = [".TH ", ".SH ", ".TP", ".B "];
            assert!(known.iter().any(|r| line.starts_with(r)), "{name}: {line}");
        }
    }
}

/// What has no key of its own has an entry of the menu, by its sign.
#[test]
fn every_command_is_reached_in_every_set() {
    let of_the_menu = [Command::Locks];
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for command in Command::ALL.iter().filter(|c| !of_the_menu.contains(c)) {
            let ways: Vec<Key> = Context::ALL
                .into_iter()
                .flat_map(|context| map.bindings(context))
                .filter(|binding| binding.command == *command)
                .flat_map(|binding| binding.keys.clone())
                .collect();
            assert!(!ways.is_empty(), "{name} {command:?}");
            assert!(
                ways.iter().any(|key| !key.is_function()),
                "{name} {command:?}"
            );
        }
    }
}

#[test]
fn keys_that_terminals_do_not_tell_apart_are_refused() {
    for name in [
        "C-i",
        "C-m",
        "C-j",
        "C-[",
        "C-h",
        "C-1",
        "C-0",
        "C-D",
        "C-@",
        "C-_",
        "S-F5",
        "S-Left",
        "F13",
        "F24",
        "C-F1",
        "A-F4",
        "A-Enter",
        "C-Enter",
        "C-Tab",
        "A-Tab",
        "A-Esc",
        "C-Space",
        "A-Space",
        "C-Backspace",
        "C-Delete",
        "C-PageUp",
        "A-Left",
        "A-[",
        "A-O",
        "C-A-d",
        "A-あ",
        "C-S-d",
        "C-c",
        "C-z",
        "C-s",
        "C-q",
    ] {
        let found = Key::parse(name);
        assert!(found.is_err(), "{name} {found:?}");
        assert!(!matches!(found, Err(KeyError::Unknown(_))), "{name}");
    }
    for name in [
        "C-Left", "C-Right", "A-b", "A-1", "A--", "C-d", "S-Tab", "F12", "あ",
    ] {
        assert!(Key::parse(name).is_ok(), "{name}");
    }
}
