//! How it looks: without colours, told in lines, and with a person's own keys.

use super::stage::Stage;
use super::{demo, home};

#[test]
fn plain_tells_lines_and_writes_no_escape_sequence_to_its_end() {
    for (term, keymap) in [
        ("dumb", "receipt"),
        ("vt100", "letters"),
        ("linux", "tenkey"),
    ] {
        let args = ["demo", "--plain", "--keymap", keymap];
        let mut stage = Stage::open(home(), &args, &[("TERM", term)]);
        stage.shows(&["画面: ログイン", "ユーザID"]);
        stage.send("003\rOnshi*003*003\r".as_bytes());
        stage.shows(&["画面: メニュー", "選択中: 1"]);
        stage.send(b"1");
        stage.shows(&["画面: 資格情報照会（被保険者証）", "保険者番号"]);
        stage.send("06139000".as_bytes());
        stage.shows(&["06139000 組合健保・東京"]);
        stage.send("シ\x7fあ".as_bytes());
        if keymap == "receipt" {
            // A function key still works.
            stage.send(b"\x1b[20~");
            stage.shows(&["画面を隠しています"]);
        }
        stage.resize(20, 5);
        stage.resize(80, 24);
        stage.signal(rustix::process::Signal::TERM);
        assert_eq!(stage.end(), 143);
        let text = String::from_utf8(stage.raw.clone()).unwrap();
        let strange = |c: &char| c.is_control() && !matches!(c, '\r' | '\n' | '\u{8}');
        assert_eq!(text.chars().find(strange), None, "{term}: {text:?}");
        // Once: the demo itself names its accounts.
        assert_eq!(text.matches("Onshi*003*003").count(), 1, "{text:?}");
        stage.assert_line_modes();
    }
}

#[test]
fn without_colours_no_colour_code_is_written() {
    let none = [("NO_COLOR", "1")];
    let variables: [&[(&str, &str)]; 4] = [
        &none,
        &[("TERM", "vt100")],
        &[("TERM", "vt220")],
        &[("TERM", "xterm-mono")],
    ];
    for variables in variables {
        let mut stage = Stage::open(home(), &["demo"], variables);
        stage.shows(&["ユーザID", "実演用のアカウント"]);
        stage.send(b"003\rOnshi*003*003\r");
        stage.shows(&["メニュー", "障害の実演"]);
        stage.send(b"9");
        stage.shows(&["中央システムを止めました"]);
        stage.signal(rustix::process::Signal::TERM);
        stage.end();
        let codes = colours(&stage.raw);
        assert_eq!(codes, [0_u16; 0], "{variables:?}");
    }
    // The same screens with colours have some, of the sixteen alone.
    let mut stage = demo(&[]);
    stage.shows(&["ユーザID", "実演用のアカウント"]);
    stage.signal(rustix::process::Signal::TERM);
    stage.end();
    assert!(!colours(&stage.raw).is_empty());
}

/// Every colour code in what was written; 38 and 48 would begin one of more
/// than sixteen.
fn colours(raw: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(raw);
    let mut found = Vec::new();
    for rest in text.split("\x1b[").skip(1) {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';');
        let (codes, tail) = rest.split_at(end.unwrap_or(rest.len()));
        if tail.starts_with('m') {
            let codes = codes.split(';').filter_map(|code| code.parse().ok());
            found.extend(codes.filter(|code: &u16| matches!(code, 30..=49 | 90..=107)));
        }
    }
    assert!(
        !found.iter().any(|code| matches!(code, 38 | 48)),
        "{found:?}"
    );
    found
}

#[test]
fn a_persons_own_keymap_changes_what_it_names_and_a_wrong_one_keeps_nobody_from_work() {
    let place = |home: &tempfile::TempDir, text: &str| {
        let folder = home.path().join(".config/madoguchi");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("keymap.toml"), text).unwrap();
    };
    let right = "base = \"receipt\"\n[menu]\nbind = [ { on = [\"F5\", \"A-5\"], run = \"note\", desc = \"メモ\" } ]\n";
    let own = home();
    place(&own, right);
    let mut stage = Stage::open(own, &["demo"], &[]);
    stage.shows(&["ユーザID", "実演用のアカウント"]);
    stage.send(b"003\rOnshi*003*003\r");
    stage.shows(&["メニュー", "F5 メモ", "F2 -"]);
    stage.send(b"\x1b[15~");
    stage.shows(&["4情報の控え"]);

    let wrong = home();
    place(&wrong, &right.replace("A-5", "C-i"));
    let mut stage = Stage::open(wrong, &["demo", "--plain"], &[]);
    stage.shows(&[
        "keymap.toml:3: ",
        "Ctrl+I",
        "代わりに receipt を使います",
        "画面: ログイン",
    ]);
}

/// Where a terminal has no alternate screen (GNU screen, tmux and PuTTY as some
/// set them), nothing of the shell's text stands between ours.
#[test]
fn the_first_frame_is_clean_without_an_alternate_screen() {
    let stage = demo(&[]);
    let raw = String::from_utf8_lossy(&stage.raw).into_owned();
    let begin = raw.find("\x1b[?1049h").unwrap();
    let ours = raw.get(begin..).unwrap().replace("\x1b[?1049h", "");
    let mut old = vt100::Parser::new(24, 80, 0);
    old.process("$ 山#".repeat(320).as_bytes());
    old.process(ours.as_bytes());
    assert_eq!(old.screen().contents(), stage.screen());
}
