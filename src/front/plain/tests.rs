use super::{Cause, Line, Outline, Prompt, say};
use crate::front::app::Tone;

fn form(row: usize, label: &str, value: &str) -> Outline {
    Outline {
        title: "4情報の控え".to_owned(),
        prompt: Some(Prompt {
            row,
            label: label.to_owned(),
            value: value.to_owned(),
            before: value.to_owned(),
            ..Prompt::default()
        }),
        ..Outline::default()
    }
}

fn line(text: &str) -> Line {
    Line {
        text: text.to_owned(),
        ..Line::default()
    }
}

#[test]
fn typing_is_echoed_behind_the_name_and_backspace_takes_it_back() {
    let (none, one, two) = (
        form(1, "カナ氏名", ""),
        form(1, "カナ氏名", "シ"),
        form(1, "カナ氏名", "シン"),
    );
    assert_eq!(say(Some(&none), &one, Cause::Key), "シ");
    assert_eq!(say(Some(&one), &two, Cause::Key), "ン");
    assert_eq!(say(Some(&two), &one, Cause::Key), "\u{8}\u{8}  \u{8}\u{8}");
    assert_eq!(say(Some(&one), &one, Cause::Key), "");
}

#[test]
fn a_field_left_is_told_with_what_it_means_and_the_next_is_named() {
    let typed = form(2, "生年月日", "S29.3.26");
    let mut next = form(3, "性別", "");
    next.lines = vec![line("生年月日: S29.3.26 昭和29年3月26日 72歳")];
    assert_eq!(
        say(Some(&typed), &next, Cause::Key),
        "\r\n生年月日: S29.3.26 昭和29年3月26日 72歳\r\n性別: "
    );
    // What says no more than was typed is not said again.
    next.lines = vec![line("生年月日: S29.3.26")];
    assert_eq!(say(Some(&typed), &next, Cause::Key), "\r\n性別: ");
}

#[test]
fn a_change_elsewhere_does_not_lose_what_is_being_typed() {
    let before = form(1, "カナ氏名", "シン");
    let mut after = before.clone();
    after.state = vec!["回線 障害 09:12 から".to_owned()];
    assert_eq!(
        say(Some(&before), &after, Cause::Itself),
        "\r\n回線 障害 09:12 から\r\nカナ氏名: シン"
    );
}

#[test]
fn what_only_counts_on_is_not_told_but_what_a_key_did_is() {
    let at = |seconds: u32| Outline {
        title: "ログイン".to_owned(),
        lines: vec![line(&format!("あと {seconds} 秒"))],
        hint: format!("次の接続確認は 09:12:{seconds} です。"),
        ..Outline::default()
    };
    assert_eq!(say(Some(&at(9)), &at(8), Cause::Itself), "");
    assert_eq!(
        say(Some(&at(9)), &at(8), Cause::Key),
        "あと 8 秒\r\n次に: 次の接続確認は 09:12:8 です。\r\n"
    );
}

#[test]
fn nothing_of_a_secret_is_told() {
    let hidden = |n| Outline {
        prompt: Some(Prompt {
            label: "パスワード".to_owned(),
            hidden: n,
            ..Prompt::default()
        }),
        ..Outline::default()
    };
    assert_eq!(say(Some(&hidden(0)), &hidden(1), Cause::Key), "");
    assert_eq!(say(Some(&hidden(7)), &hidden(6), Cause::Key), "");
    assert!(!say(None, &hidden(5), Cause::Again).contains('*'));
}

#[test]
fn a_hidden_screen_is_pushed_out_of_sight_and_comes_back_whole() {
    let mut shown = form(1, "カナ氏名", "シン");
    shown.lines = vec![line("住所: 東京都")];
    let mut hidden = shown.clone();
    hidden.blanked = Some("画面を隠しています。".to_owned());
    let text = say(Some(&shown), &hidden, Cause::Key);
    assert!(text.matches("\r\n").count() > 50);
    assert!(text.ends_with("画面を隠しています。\r\n"));
    assert!(!text.contains("シン"));
    let text = say(Some(&hidden), &shown, Cause::Key);
    assert!(text.contains("画面: 4情報の控え\r\n"), "{text}");
    assert!(text.contains("住所: 東京都\r\n") && text.ends_with("カナ氏名: シン"));
}

#[test]
fn how_urgent_a_message_is_stands_in_words() {
    for (tone, start) in [
        (Tone::Good, "控えました"),
        (Tone::Warning, "注意: 控えました"),
        (Tone::Error, "エラー: 控えました"),
    ] {
        let before = Outline::default();
        let after = Outline {
            message: Some((tone, "控えました".to_owned())),
            ..Outline::default()
        };
        let text = say(Some(&before), &after, Cause::Itself);
        assert_eq!(text, format!("{start}\r\n"));
    }
}

#[test]
fn no_text_can_bring_an_escape_sequence() {
    let mut bad = form(1, "氏\u{1b}[2J名", "a\u{9b}31m\u{7}");
    bad.lines = vec![line("\u{1b}]0;x\u{7}")];
    bad.message = Some((Tone::Error, "\u{1b}c".to_owned()));
    for before in [None, Some(&Outline::default())] {
        let text = say(before, &bad, Cause::Key);
        let strange = |c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\u{8}');
        assert!(!text.chars().any(strange), "{text:?}");
    }
}
