//! The real program in a pseudo-terminal: that it starts, that every way out
//! puts the terminal back, and that nothing a line does can stop it.
#![allow(clippy::unwrap_used)]

#[path = "terminal/gone.rs"]
mod gone;
#[path = "terminal/keys.rs"]
mod keys;
#[path = "terminal/looks.rs"]
mod looks;
#[path = "terminal/probing.rs"]
mod probing;
#[path = "terminal/stage.rs"]
mod stage;
#[path = "terminal/storm.rs"]
mod storm;

use rustix::process::Signal;
use stage::{Stage, kill, names, wait_until};
use std::time::Duration;

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn demo(variables: &[(&str, &str)]) -> Stage {
    let mut stage = Stage::open(home(), &["demo"], variables);
    stage.shows(&["ログイン", "サンプル医療機関"]);
    stage
}

/// F9, the key that hides the screen.
const F9: &[u8] = b"\x1b[20~";
const HIDDEN: &str = "画面を隠しています";

#[test]
fn the_demo_starts_logs_in_and_leaves_nothing() {
    let mut stage = demo(&[]);
    stage.send(b"003\r");
    stage.send(b"Onshi*003*003\r");
    stage.shows(&["メニュー", "003 医療情報閲覧"]);
    assert_eq!(names(stage.home.path(), "madoguchi-demo").len(), 1);
    stage.signal(Signal::TERM);
    assert_eq!(stage.end(), 128 + 15);
    stage.assert_restored();
    assert_eq!(names(stage.home.path(), "madoguchi-demo"), [""; 0]);
}

#[test]
fn rel_22_signals_put_the_terminal_back() {
    for (signal, code) in [(Signal::INT, 130), (Signal::QUIT, 131), (Signal::HUP, 129)] {
        let mut stage = demo(&[]);
        stage.signal(signal);
        assert_eq!(stage.end(), code);
        stage.assert_restored();
    }
}

#[test]
fn f_55_a_panic_in_any_thread_puts_the_terminal_back() {
    for thread in ["main", "input"] {
        let mut stage = demo(&[("MADOGUCHI_TRIP", thread)]);
        stage.send(b"\x1b!");
        assert_ne!(stage.end(), 0, "{thread}");
        stage.assert_restored();
        let screen = stage.screen();
        assert!(screen.contains("内部の誤りで止まりました"), "{screen}");
        assert!(!screen.contains("tripped"), "{screen}");
        assert_eq!(names(stage.home.path(), "madoguchi-demo"), [""; 0]);
    }
}

#[test]
fn rel_20_any_size_and_back() {
    let mut stage = demo(&[]);
    for (cols, rows) in [(1, 1), (2, 40), (200, 3), (39, 9)] {
        stage.resize(cols, rows);
        stage.moment(Duration::from_millis(50));
    }
    stage.resize(80, 24);
    stage.shows(&["ログイン", "サンプル医療機関", "F12"]);
    stage.resize(120, 40);
    stage.shows(&["ログイン", "サンプル医療機関", "F12"]);
}

#[test]
fn a_key_torn_by_a_slow_line_is_one_key() {
    // Over SSH a lone Esc is held for longer.
    let mut stage = demo(&[("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")]);
    let (esc, rest) = F9.split_at(1);
    stage.send(esc);
    stage.moment(Duration::from_millis(5));
    stage.send(rest);
    stage.shows(&[HIDDEN]);
}

#[test]
fn sec_36_37_pastes_and_answers_of_the_terminal_are_no_keys() {
    let mut stage = demo(&[]);
    // Answers nobody asked for, then a paste with an end of line, a sequence
    // and the beginning of an end within.
    stage.send(b"\x1b[24;80R\x1b[?62;22c\x1b]11;rgb:0000/0000/0000\x1b\\");
    stage.send(b"\x1b[200~ZQ7\rZQ8\x1b[20~\x1b[201~");
    stage.shows(&["ZQ7", "ZQ8"]);
    assert!(!screen_has(&stage, HIDDEN));
    assert!(!screen_has(&stage, "rgb"));
}

#[test]
fn sec_37_strings_and_stray_bytes_neither_type_nor_end_it() {
    let mut stage = demo(&[]);
    for string in [
        &b"\x1b]0;ZQtitle\x07"[..],
        b"\x1bP>|ZQtmux 3.3a\x1b\\",
        b"\x1b]11;rgb:ZQZQ/0000/0000\x1b\\",
        b"\x1b_ZQapc\x1b\\",
        b"\x1b^ZQpm\x1b\\",
        b"\x00\x01\x02",
    ] {
        stage.send(string);
    }
    // A key behind it all shows that the program lives and has read it.
    stage.send(b"Q7Q7");
    stage.shows(&["ログイン", "Q7Q7"]);
    assert!(!screen_has(&stage, "ZQ"), "{}", stage.screen());
    assert!(!screen_has(&stage, "tmux"), "{}", stage.screen());
    assert_eq!(stage.ended(), None);
}

fn screen_has(stage: &Stage, text: &str) -> bool {
    stage.screen().contains(text)
}

const SETTINGS: &str = r#"
data = "data"
[facility]
name = "サンプル医療機関"
code = "0110113719"
[central]
url = "https://127.0.0.1:9"
ca = "ca.pem"
certificate = "desk.pem"
key = "desk.key"
"#;

#[test]
fn a_data_folder_that_cannot_be_used_ends_it_at_once_with_the_reason() {
    let home = home();
    std::fs::write(home.path().join("madoguchi.toml"), SETTINGS).unwrap();
    std::fs::write(home.path().join("data"), "a file").unwrap();
    let clock = madoguchi::clock::Clock::start();
    let begun = clock.now().mono;
    let mut stage = Stage::open(home, &["--config", "madoguchi.toml"], &[]);
    assert_eq!(stage.end(), 4);
    assert!(clock.now().mono.saturating_sub(begun) < Duration::from_secs(5));
    let screen = stage.screen().replace('\n', "");
    for words in ["フォルダーではありません", "--data"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn a_demo_that_was_killed_is_cleared_away_by_the_next() {
    let mut stage = demo(&[]);
    let folder = stage.home.path().to_owned();
    stage.signal(Signal::KILL);
    stage.end();
    let left = names(&folder, "madoguchi-demo");
    assert_eq!(left.len(), 1);
    // A living one beside it stays.
    let tmp = folder.display().to_string();
    let first = demo(&[("TMPDIR", &tmp)]);
    wait_until("the old one is gone", || {
        !names(&folder, "madoguchi-demo").contains(&left[0])
    });
    let living = names(&folder, "madoguchi-demo");
    assert_eq!(living.len(), 1);
    let second = demo(&[("TMPDIR", &tmp)]);
    let both = names(&folder, "madoguchi-demo");
    assert!(both.len() == 2 && both.contains(&living[0]), "{both:?}");
    drop((first, second));
}

fn desk_id(home: &std::path::Path) -> Option<u32> {
    let lock = home.join("data/run/desk.lock");
    std::fs::read_to_string(lock).ok()?.trim().parse().ok()
}

/// A front end that starts its own desk service, both with real settings.
fn real() -> Stage {
    let home = home();
    std::fs::write(home.path().join("madoguchi.toml"), SETTINGS).unwrap();
    let mut stage = Stage::open(home, &["--config", "madoguchi.toml"], &[]);
    stage.shows(&["ログイン", "サンプル医療機関"]);
    stage
}

#[test]
fn a_killed_desk_service_is_said_and_started_again_even_with_the_input_stuck() {
    let mut stage = real();
    let first = desk_id(stage.home.path()).unwrap();
    // Half a character: the terminal's reader waits for its rest for ever,
    // and nothing else may wait with it.
    stage.send(&[0xe3]);
    stage.raw.clear();
    kill(first, Signal::KILL);
    stage.until("the loss and the return", |screen| {
        screen.contains("窓口サービスが戻りました")
    });
    let said = String::from_utf8_lossy(&stage.raw).into_owned();
    assert!(said.contains("停止"), "{said}");
    let second = desk_id(stage.home.path()).unwrap();
    assert_ne!(first, second);
    stage.signal(Signal::TERM);
    stage.end();
    stage.assert_restored();
    // The service outlives its front ends, until it is told to end.
    let data = stage.home.path().join("data");
    assert_eq!(
        madoguchi::link::socket::running(&data),
        Some(second.to_string())
    );
    kill(second, Signal::TERM);
    wait_until("the end of the service", || {
        madoguchi::link::socket::running(&data).is_none()
    });
}

#[test]
fn a_stray_byte_does_not_stop_what_the_desk_says() {
    let mut stage = Stage::open(home(), &["demo"], &[]);
    stage.send(&[0xb1]);
    stage.shows(&["ログイン", "サンプル医療機関"]);
    stage.send(F9);
    stage.send(F9);
    stage.until("a key that is heard again", |screen| {
        screen.contains(HIDDEN) || screen.contains("ユーザID")
    });
}

#[test]
fn f_53_a_terminal_that_goes_away_in_silence_ends_the_program() {
    // A terminal within the terminal, and the program in a session of its
    // own: when the inner terminal goes, it gets no SIGHUP.
    let program = env!("CARGO_BIN_EXE_madoguchi");
    let command = format!("setsid --wait {program} demo");
    let mut stage = Stage::open_program(home(), "script", &["-qc", &command, "/dev/null"], &[]);
    stage.shows(&["ログイン", "サンプル医療機関"]);
    let folder = stage.home.path().to_owned();
    assert_eq!(names(&folder, "madoguchi-demo").len(), 1);
    stage.signal(Signal::KILL);
    wait_until("the demo's folder is gone", || {
        names(&folder, "madoguchi-demo").is_empty()
    });
}

#[test]
fn f_57_a_terminal_that_takes_nothing_for_ten_seconds_has_hung_up() {
    let mut stage = demo(&[]);
    let folder = stage.home.path().to_owned();
    stage.stop_reading();
    let mut end = None;
    wait_until("the end", || {
        // The whole screen, again and again, until nothing more goes out.
        stage.send(F9);
        end = stage.ended();
        end.is_some()
    });
    assert_eq!(end, Some(129));
    assert_eq!(names(&folder, "madoguchi-demo"), [""; 0]);
}

#[test]
fn terminals_that_cannot_show_it_are_told_why() {
    let locale = ("LANG", "C.UTF-8");
    for (variables, words) in [
        (&[("TERM", "dumb"), locale][..], "TERM"),
        (
            &[("TERM", "linux"), locale, ("SSH_CONNECTION", "there")],
            "kmscon",
        ),
        (
            &[("TERM", "xterm"), ("LANG", "ja_JP.SJIS")],
            "LANG=ja_JP.UTF-8",
        ),
    ] {
        let mut stage = Stage::open(home(), &["demo"], variables);
        assert_eq!(stage.end(), 2);
        assert!(screen_has(&stage, words), "{}", stage.screen());
        assert!(!stage.raw.starts_with(b"\x1b[?1049h"));
    }
}

#[test]
fn a_font_of_its_own_in_a_console_shows_it() {
    // fbterm leaves the console's name as it is.
    let mut stage = demo(&[("TERM", "linux")]);
    stage.signal(Signal::TERM);
    assert_eq!(stage.end(), 128 + 15);
    stage.assert_restored();
}

#[test]
fn without_settings_it_says_what_is_missing_and_offers_the_demo() {
    let mut stage = Stage::open(home(), &[], &[]);
    assert_eq!(stage.end(), 2);
    for words in [
        ".config/madoguchi/madoguchi.toml",
        "/etc/madoguchi",
        "madoguchi demo",
    ] {
        let screen = stage.screen().replace('\n', "");
        assert!(screen.contains(words), "{words}: {screen}");
    }
}
