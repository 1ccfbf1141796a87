use super::State;
use crate::front::app::Input;
use crate::front::keys::command::Command;
use crate::front::keys::{Context, Keymap, NAMES};
use crate::front::trial::{Trial, body, rows, survives};
use crate::text::glyphs::Ambiguous;

#[test]
fn help_prints_the_keymap_it_was_given() {
    let trial = Trial::new();
    for name in NAMES {
        let map = Keymap::builtin(name).unwrap();
        for context in Context::ALL {
            let pane = State::new(&map, context);
            let (rows, _) = rows(80, 90, Ambiguous::Narrow, |c| {
                pane.view(&trial.known, trial.now, c);
            });
            let text = rows.join("\n");
            for (keys, label) in map.describe(context) {
                let first = keys.split("  ").next().unwrap();
                assert!(
                    text.contains(first) && text.contains(&label),
                    "{keys} {label}"
                );
            }
        }
    }
}

#[test]
fn out_87_to_92_contacts_and_out_2_notation() {
    let trial = Trial::new();
    let pane = State::new(&trial.known.keymap, Context::Lookup);
    let (rows, _) = rows(80, 90, Ambiguous::Narrow, |c| {
        pane.view(&trial.known, trial.now, c);
    });
    let text = rows.join("\n");
    for says in [
        "0800-080-4583",
        "いま受付中（18:00 まで）",
        "チャットボット シカク君",
        "問い合わせフォーム",
        "総合ポータルサイト",
        "《 》   ボタンや画面の項目",
        "【 】   キー",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
}

#[test]
fn scrolls_to_the_end_and_back() {
    let mut trial = Trial::new();
    let mut pane = State::new(&trial.known.keymap, Context::Ledger);
    let top = body(|c| pane.view(&trial.known, trial.now, c));
    trial.with(|cx| pane.input(cx, Input::Command(Command::End)));
    let end = body(|c| pane.view(&trial.known, trial.now, c)).join("\n");
    assert!(end.contains("日本語入力がオンのまま"), "{end}");
    assert!(end.contains("ここまで"), "{end}");
    let hint = pane.hint(&trial.known);
    assert!(!end.contains("続き") && !hint.contains("続き"), "{hint}");
    trial.with(|cx| pane.input(cx, Input::Command(Command::Home)));
    assert_eq!(body(|c| pane.view(&trial.known, trial.now, c)), top);
    survives(|c| pane.view(&trial.known, trial.now, c));
}
