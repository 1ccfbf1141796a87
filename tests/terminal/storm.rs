//! What a terminal goes through: sizes, stops, sleep, other programs.

use crate::stage::{Stage, kill, wait_until};
use crate::{demo, home};
use rustix::process::Signal;
use std::time::Duration;

const LOGIN: &[&str] = &["ログイン", "サンプル医療機関"];
/// Ctrl+L.
const REPAINT: &[u8] = b"\x0c";

/// A note that is being typed, in the demo.
fn note() -> Stage {
    let mut stage = demo(&[]);
    stage.send(b"003\rOnshi*003*003\r");
    stage.shows(&["メニュー", "003 医療情報閲覧"]);
    stage.send(b"\x1b[12~");
    // The terminal has not told how wide it draws, and is narrow by now.
    stage.shows(&["4情報の控え", "覚え書き", "※1氏名"]);
    stage
}

fn moment(stage: &mut Stage) {
    stage.moment(Duration::from_millis(150));
}

/// Waits until the screen looks so.
fn assert_looks(stage: &mut Stage, right: &(Vec<String>, (u16, u16))) {
    for _ in 0..100 {
        moment(stage);
        if stage.picture() == *right {
            return;
        }
    }
    assert_eq!(stage.picture(), *right);
}

/// What is on the screen is what a frame drawn anew shows.
fn assert_clean(stage: &mut Stage) {
    moment(stage);
    let before = stage.picture();
    stage.raw.clear();
    stage.send(REPAINT);
    wait_until("a whole frame", || {
        moment(stage);
        stage.raw.windows(4).any(|bytes| bytes == b"\x1b[2J")
    });
    assert_looks(stage, &before);
}

#[test]
fn f_51_a_storm_of_sizes_loses_no_key() {
    let mut stage = note();
    let mut dice = fastrand::Rng::with_seed(51);
    let typed = "一二三四五六七八九十百千万";
    let mut keys = typed.chars();
    for i in 0..600 {
        let (cols, rows) = match i % 8 {
            0 => (1, 1),
            1 => (500, 200),
            2 => (dice.u16(1..=12), dice.u16(1..=200)),
            _ => (dice.u16(1..=500), dice.u16(1..=200)),
        };
        stage.resize_unseen(cols, rows);
        if let Some(key) = (i % 40 == 7).then(|| keys.next()).flatten() {
            stage.send(key.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if i % 8 == 0 {
            stage.unseen(Duration::from_millis(1));
        }
    }
    assert_eq!(keys.next(), None);
    stage.unseen(Duration::from_millis(300));
    stage.resize(80, 24);
    stage.shows(&["4情報の控え", "覚え書き", "F12", typed]);
    assert_eq!(stage.ended(), None);
    assert_clean(&mut stage);
}

#[test]
fn what_other_programs_wrote_goes_with_ctrl_l() {
    let mut stage = note();
    stage.send("新橋".as_bytes());
    stage.shows(&["新橋"]);
    moment(&mut stage);
    let before = stage.picture();
    stage.scribble(
        "\x1b[2;5H\x1b[7mBroadcast message 山\r\n\n\x1b[m zzz\x1b[20;70H橋橋橋橋橋橋\x1b[4m"
            .as_bytes(),
    );
    assert_ne!(stage.picture().0, before.0);
    stage.send(REPAINT);
    assert_looks(&mut stage, &before);
}

#[test]
fn after_standing_still_everything_is_drawn_anew() {
    let mut stage = note();
    stage.send("新橋".as_bytes());
    stage.shows(&["新橋"]);
    moment(&mut stage);
    let before = stage.picture();
    stage.signal(Signal::STOP);
    stage.scribble(b"\x1b[2J\x1b[5;5Hsomething else\x1b[?1049l");
    stage.signal(Signal::CONT);
    assert_looks(&mut stage, &before);
    assert!(stage.alternate());
    stage.send("太郎".as_bytes());
    stage.shows(&["新橋太郎"]);
    assert_clean(&mut stage);
}

/// The program below a shell, found by its name.
fn below(id: u32, name: &str) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
    children.split_whitespace().find_map(|child| {
        let child: u32 = child.parse().ok()?;
        let called = std::fs::read_to_string(format!("/proc/{child}/comm")).ok()?;
        if called.trim() == name {
            Some(child)
        } else {
            below(child, name)
        }
    })
}

#[test]
fn a_shell_may_stop_it_and_let_it_go_on() {
    let program = env!("CARGO_BIN_EXE_madoguchi");
    let mut stage = Stage::open_program(
        home(),
        "bash",
        &["--norc", "--noprofile", "-i"],
        &[("PS1", "prompt> ")],
    );
    stage.shows(&["prompt>"]);
    stage.send(format!("{program} demo\n").as_bytes());
    stage.shows(LOGIN);
    stage.send(b"Q7");
    stage.shows(&["Q7"]);
    let id = below(stage.id(), "madoguchi").unwrap();
    for round in 0..2 {
        kill(id, Signal::TSTP);
        // What the shell wrote last time is there again before it has its turn.
        stage.until("the shell", |screen| {
            screen.matches("Stopped").count() > round && screen.trim_end().ends_with("prompt>")
        });
        assert!(!stage.alternate());
        assert!(!stage.screen().contains("ログイン"), "{}", stage.screen());
        // The shell edits lines again, and echoes what is typed.
        stage.send(format!("echo r$((40 + {round}))\n").as_bytes());
        stage.shows(&[&format!("r4{round}")]);
        stage.send(b"fg\n");
        stage.shows(LOGIN);
        stage.shows(&["Q7"]);
        assert!(stage.alternate());
    }
    stage.send(b"Z");
    stage.shows(&["Q7Z"]);
    kill(id, Signal::TERM);
    stage.until("the shell again", |screen| {
        screen.contains("prompt>") && !screen.contains("ログイン")
    });
    assert!(!stage.alternate());
}

#[test]
fn a_shell_may_end_it_while_it_stands_still() {
    let program = env!("CARGO_BIN_EXE_madoguchi");
    let shell = ["--norc", "--noprofile", "-i"];
    for keys in ["kill %1", "kill -HUP %1"] {
        let mut stage = Stage::open_program(home(), "bash", &shell, &[("PS1", "prompt> ")]);
        stage.shows(&["prompt>"]);
        stage.send(format!("{program} demo\n").as_bytes());
        stage.shows(LOGIN);
        let id = below(stage.id(), "madoguchi").unwrap();
        kill(id, Signal::TSTP);
        stage.until("the shell", |screen| {
            screen.contains("Stopped") && screen.trim_end().ends_with("prompt>")
        });
        // The terminal stays the shell's: nothing is drawn, no key is taken.
        stage.send(b"bg\n");
        stage.shows(&["demo &"]);
        // The shell tells of a stop with its next prompt.
        wait_until("stopped again", || {
            stage.send(b"\n");
            moment(&mut stage);
            stage.screen().matches("Stopped").count() > 1
        });
        stage.send(b"echo r$((40 + 3))\n");
        stage.shows(&["r43"]);
        stage.send(format!("{keys}\n").as_bytes());
        wait_until("it has ended", || below(stage.id(), "madoguchi").is_none());
        stage.send(b"\n");
        stage.shows(&["r43"]);
        assert!(!stage.screen().contains("ログイン"), "{}", stage.screen());
        assert!(!stage.alternate());
    }
}

#[test]
fn told_in_lines_a_shell_may_stop_it_too() {
    let program = env!("CARGO_BIN_EXE_madoguchi");
    let shell = ["--norc", "--noprofile", "-i"];
    let told = [("PS1", "prompt> "), ("TERM", "dumb")];
    let mut stage = Stage::open_program(home(), "bash", &shell, &told);
    stage.shows(&["prompt>"]);
    stage.send(format!("{program} demo --plain\n").as_bytes());
    stage.shows(&["画面: ログイン"]);
    stage.send(b"Q7");
    stage.shows(&["Q7"]);
    let id = below(stage.id(), "madoguchi").unwrap();
    kill(id, Signal::TSTP);
    stage.until("the shell", |screen| {
        screen.contains("Stopped") && screen.trim_end().ends_with("prompt>")
    });
    stage.send(b"echo r$((40 + 2))\n");
    stage.shows(&["r42"]);
    let before = stage.raw.len();
    stage.send(b"fg\n");
    // From the beginning: nobody remembers what was told before.
    stage.until("told again", |_| true);
    stage.send(b"Z");
    stage.shows(&["Q7Z"]);
    let after = String::from_utf8_lossy(&stage.raw[before..]).into_owned();
    assert!(after.contains("画面: ログイン"), "{after:?}");
    assert!(!after.contains('\u{1b}'), "{after:?}");
    kill(id, Signal::TERM);
    stage.until("the shell again", |screen| {
        screen.trim_end().ends_with("prompt>")
    });
}

#[test]
fn alone_on_its_terminal_it_does_not_stand_still() {
    // Nobody could let it go on.
    let mut stage = demo(&[]);
    stage.signal(Signal::TSTP);
    stage.send(b"Q7");
    stage.shows(&["Q7", "ログイン"]);
    wait_until("it lives", || stage.ended().is_none());
    let (now, before) = stage.line_modes();
    assert_ne!(now, before);
}

#[test]
fn in_a_container_nobody_inside_has_begun_the_session() {
    let new = ["--user", "--map-root-user", "--pid", "--fork"];
    let possible = std::process::Command::new("unshare")
        .args(new)
        .arg("true")
        .stderr(std::process::Stdio::null())
        .status();
    if !possible.is_ok_and(|ended| ended.success()) {
        eprintln!("skipped: this machine makes no process namespaces");
        return;
    }
    let program = [env!("CARGO_BIN_EXE_madoguchi"), "demo"];
    let mut stage = Stage::open_program(home(), "unshare", &[&new[..], &program].concat(), &[]);
    stage.shows(LOGIN);
    let id = below(stage.id(), "madoguchi").unwrap();
    kill(id, Signal::TSTP);
    stage.send(b"Q7");
    stage.shows(&["Q7", "ログイン"]);
    kill(id, Signal::CONT);
    stage.send(b"Z");
    stage.shows(&["Q7Z", "ログイン"]);
    kill(id, Signal::TERM);
    wait_until("it has ended", || below(stage.id(), "madoguchi").is_none());
}
