//! Bytes of real terminals through the real program: every key torn at every
//! place, pads in both modes, noise and other codes, pastes (tui-craft B.5).

use crate::stage::{Stage, wait_until};
use crate::{HIDDEN, demo};
use rustix::process::Signal;
use std::time::Duration;

/// Between two pieces of a torn key.
const APART: Duration = Duration::from_millis(3);

/// Over SSH a lone Esc is held for longer: torn keys are torn there.
const REMOTE: (&str, &str) = ("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");

/// What stands in the field of the ID.
fn user(screen: &str) -> String {
    let row = screen.lines().find(|row| row.contains("ユーザID"));
    let value = row.and_then(|row| row.split("ユーザID").nth(1));
    let value = value.unwrap_or_default().trim();
    value.split("  ").next().unwrap_or_default().to_owned()
}

/// Keys that arrive in pieces; then the field of the ID holds `wanted`.
fn typed(stage: &mut Stage, pieces: &[&[u8]], wanted: &str) {
    for piece in pieces {
        stage.send(piece);
        stage.moment(APART);
    }
    let what = format!("{wanted:?} after {pieces:02x?}");
    stage.until(&what, |screen| user(screen) == wanted);
    // Ctrl+U empties it.
    stage.send(b"\x15");
    stage.until("an empty field", |screen| user(screen) == "半角の英数字");
}

#[test]
fn every_key_torn_at_every_place_is_that_key() {
    let mut stage = demo(&[REMOTE]);
    // Behind `Q`, the key, and `Z`: what it did shows.
    let keys: [(&[u8], &str); 22] = [
        (b"\x1b[D", "ZQ"),
        (b"\x1bOD", "ZQ"),
        (b"\x1b[H", "ZQ"),
        (b"\x1b[1~", "ZQ"),
        (b"\x1bOF", "QZ"),
        (b"\x1b[4~", "QZ"),
        (b"\x1b[3~", "QZ"),
        (b"\x1b[1;5D", "ZQ"),
        (b"\x9b1~", "ZQ"),
        // The ten-key pad in application mode.
        (b"\x1bOp", "Q0Z"),
        (b"\x1bOs", "Q3Z"),
        (b"\x1bOy", "Q9Z"),
        (b"\x1bOn", "Q.Z"),
        (b"\x1bOm", "Q-Z"),
        (b"\x1bOk", "Q+Z"),
        // What means nothing here, and what terminals answer.
        (b"\x1b[15;2~", "QZ"),
        (b"\x1b[99~", "QZ"),
        (b"\x1b[24;80R", "QZ"),
        (b"\x1b[?62;22c", "QZ"),
        (b"\x1b]11;rgb:0/0/0\x1b\\", "QZ"),
        (b"\x1bP>|t\x1b\\", "QZ"),
        // A key that is let go, from a terminal that was told to say so.
        (b"\x1b[97;1:3u", "QZ"),
    ];
    for (key, wanted) in keys {
        typed(&mut stage, &[b"Q", key, b"Z"], wanted);
        for at in 1..key.len() {
            let (a, b) = key.split_at(at);
            typed(&mut stage, &[b"Q", a, b, b"Z"], wanted);
        }
    }
    let kanji = "\u{ff21}".as_bytes();
    for at in 1..kanji.len() {
        let (a, b) = kanji.split_at(at);
        typed(&mut stage, &[a, b], "A");
    }
}

#[test]
fn function_keys_of_every_terminal_torn_at_every_place() {
    let mut stage = demo(&[REMOTE]);
    // F9 hides the screen, and the next key shows it again.
    for key in [&b"\x1b[20~"[..], b"\x9b20~", b"\x1b9"] {
        for at in 0..key.len() {
            let (a, b) = key.split_at(at);
            stage.send(a);
            stage.moment(APART);
            stage.send(b);
            stage.shows(&[HIDDEN]);
            stage.send(b"Q");
            stage.shows(&["ユーザID"]);
        }
    }
}

#[test]
fn the_enter_of_the_pad_is_enter_and_backspace_is_backspace() {
    let mut stage = demo(&[]);
    typed(&mut stage, &[b"QWE", b"\x7f", b"\x08"], "Q");
    stage.send(b"\x1bOp\x1bOp\x1bOs\x1bOM");
    stage.send(b"Onshi*003*003\x1bOM");
    stage.shows(&["メニュー", "003 医療情報閲覧"]);
    // PF1 of Tera Term's pad is F1: back, and nothing worse.
    stage.send(b"\x1bOP");
    stage.shows(&["終了しますか"]);
    stage.send(b"\x1b");
    stage.until("the menu alone", |screen| !screen.contains("終了しますか"));
}

#[test]
fn stray_bytes_and_other_codes_neither_freeze_it_nor_eat_a_key() {
    // Two seconds before the minute.
    let mut stage = demo(&[("MADOGUCHI_CLOCK", "2026-11-20T09:12:56+09:00")]);
    for byte in 0x80..=0xffu8 {
        typed(&mut stage, &[&[byte], b"Q"], "Q");
    }
    // 山田 in Shift_JIS, 山田 in EUC-JP, ﾔﾏﾀﾞ; letters among them are typed.
    for text in [
        &b"\x8e\x52\x93\x63"[..],
        b"\xbb\xb3\xc5\xc4",
        b"\xd4\xcf\xc0\xde",
    ] {
        stage.send(text);
        stage.shows(&["文字コードを UTF-8"]);
        stage.send(b"\x15");
        typed(&mut stage, &[b"Q"], "Q");
    }
    // The clock goes on behind half a character, a half sequence and a half
    // string, and what the desk says comes.
    let mut stage = demo(&[("MADOGUCHI_CLOCK", "2026-11-20T09:12:56+09:00")]);
    stage.send(b"003\rOnshi*003*003\r\xe5");
    stage.shows(&["メニュー", "003 医療情報閲覧"]);
    stage.shows(&["09:13"]);
    for begun in [&b"\xb1"[..], b"\x1b[1", b"\x1b]0;", b"\x1bO", b"\x1bP"] {
        stage.send(begun);
        stage.moment(Duration::from_millis(20));
        stage.send(b"\x1b[20~");
        stage.shows(&[HIDDEN]);
        stage.send(b"Q");
        stage.shows(&["メニュー"]);
    }
    stage.signal(Signal::TERM);
    stage.end();
    stage.assert_restored();
}

#[test]
fn sec_36_a_paste_is_never_a_command_torn_or_with_an_enter_in_it() {
    let mut stage = demo(&[]);
    // An Enter and F9 within; torn inside its beginning and its end.
    let paste = b"\x1b[200~Q7\r\x1b[20~Q8\r\x1b[201~";
    for at in [1, 4, 7, 9, 18, 21] {
        let (a, b) = paste.split_at(at);
        stage.send(a);
        stage.moment(Duration::from_millis(5));
        stage.send(b);
        stage.shows(&["Q7", "Q8"]);
        let screen = stage.screen();
        assert!(!screen.contains(HIDDEN), "{at}: {screen}");
        // The focus is where it was: nothing was Enter.
        typed(&mut stage, &[b"\x15", b"Q"], "Q");
    }
    // Outside a field it is said, and nothing happens.
    stage.send(b"003\rOnshi*003*003\r");
    stage.shows(&["メニュー"]);
    stage.send(b"\x1b[200~1\r6\r\x1b[201~");
    stage.shows(&["貼り付けは入力欄でだけ"]);
}

#[test]
fn dom_29_an_input_method_left_on_is_said_and_does_no_harm() {
    let mut stage = demo(&[]);
    // The ID and the password in full width.
    stage.send("００３\r".as_bytes());
    stage.send("Ｏｎｓｈｉ＊００３＊００３\r".as_bytes());
    stage.shows(&["メニュー", "003 医療情報閲覧"]);
    stage.send("しんばし".as_bytes());
    stage.shows(&["日本語入力がオンです", "半角/全角"]);
    assert_eq!(stage.screen().matches("日本語入力がオン").count(), 1);
    stage.send("１".as_bytes());
    stage.shows(&["保険者番号"]);
    // A number field takes full-width digits.
    stage.send("０６１３９０００".as_bytes());
    stage.shows(&["06139000", "検証番号 一致"]);
}

#[test]
fn a_bar_code_reader_moves_on_and_decides_nothing() {
    let mut stage = demo(&[]);
    stage.send(b"003\rOnshi*003*003\r");
    stage.shows(&["メニュー"]);
    stage.send(b"1");
    stage.shows(&["保険者番号"]);
    // Three reads, as fast as a wedge sends them.
    stage.send(b"06139000\r");
    stage.send(b"9000\r10001\r");
    stage.shows(&["検証番号 一致", "9000", "10001"]);
    stage.moment(Duration::from_millis(50));
    let screen = stage.screen();
    assert!(!screen.contains("照会中"), "{screen}");
    assert!(screen.contains(">  枝番"), "{screen}");
    // A read with no field to go to, over a question: it stands.
    stage.send(b"\x1b");
    wait_until("the question or the menu", || {
        stage.moment(Duration::from_millis(30));
        stage.screen().contains("捨てて戻りますか")
    });
    stage.send(b"\r");
    stage.moment(Duration::from_millis(50));
    assert!(stage.screen().contains("捨てて戻りますか"));
}

#[test]
fn a_locale_that_is_not_utf_8_is_named_whichever_decides() {
    for (variables, words) in [
        (
            vec![("LC_ALL", "ja_JP.eucJP"), ("LANG", "ja_JP.UTF-8")],
            "LC_ALL=ja_JP.eucJP",
        ),
        (
            vec![("LC_CTYPE", "ja_JP.SJIS"), ("LANG", "ja_JP.UTF-8")],
            "LC_CTYPE=ja_JP.SJIS",
        ),
        (vec![("LANG", "C")], "LANG=C"),
        (vec![("LANG", "")], "LANG=ja_JP.UTF-8"),
    ] {
        let mut stage = Stage::open(crate::home(), &["demo"], &variables);
        assert_eq!(stage.end(), 2, "{variables:?}");
        let screen = stage.screen().replace('\n', "");
        assert!(screen.contains(words), "{words}: {screen}");
        assert!(screen.contains("UTF-8"), "{screen}");
    }
}
