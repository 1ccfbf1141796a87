//! The terminal is asked how wide it draws (tui-craft B.3): answered,
//! unanswered, in pieces, too late; and nothing typed meanwhile is lost.

use crate::stage::Stage;
use std::time::Duration;

/// What the program prints when it asks.
const MARK: &str = "▽\x1b[6n\r─\x1b[6n";

/// A demo, up to the moment at which it asks; and the row it asks in.
fn asking() -> (Stage, u32) {
    let mut stage = Stage::open(tempfile::tempdir().unwrap(), &["demo"], &[]);
    let mut row = None;
    while row.is_none() {
        stage.more();
        row = asked(&stage);
    }
    let text = String::from_utf8_lossy(&stage.raw).into_owned();
    let frame = text.find("\x1b[?1049h").unwrap();
    let words = text.find("窓口").unwrap();
    let asked = text.find(MARK).unwrap();
    assert!(
        frame < words && words < asked,
        "the first frame waits: {text:?}"
    );
    (stage, row.unwrap())
}

fn asked(stage: &Stage) -> Option<u32> {
    let text = String::from_utf8_lossy(&stage.raw).into_owned();
    let (before, behind) = text.split_once(MARK)?;
    // All of it, the erasing too.
    behind.contains("\x1b[?2026l").then_some(())?;
    let place = before.rsplit("\x1b[").next()?;
    place.strip_suffix('H')?.parse().ok()
}

fn answer(row: u32, mark: u32, line: u32) -> Vec<u8> {
    format!("\x1b[{row};{}R\x1b[{row};{}R", mark + 1, line + 1).into_bytes()
}

fn rule(stage: &Stage) -> String {
    stage.screen().lines().nth(2).unwrap_or_default().to_owned()
}

fn until_rule(stage: &mut Stage, what: &str, sign: &str) {
    stage.until(what, |screen| {
        screen.contains("ユーザID") && screen.lines().nth(2) == Some(&sign.repeat(80))
    });
}

#[test]
fn b3_it_asks_behind_the_first_frame_and_never_in_row_1() {
    let (stage, row) = asking();
    assert!(row > 1, "{row}");
    assert!(!stage.screen().contains('▽'), "{}", stage.screen());
    // What is shown before the answer is right on any terminal.
    let first = rule(&stage);
    assert!(first.starts_with("-----"), "{first}");
}

#[test]
fn b3_a_narrow_terminal_gets_lines() {
    let (mut stage, row) = asking();
    stage.send(&answer(row, 1, 1));
    until_rule(&mut stage, "lines", "─");
    assert!(stage.screen().contains("窓口"));
}

#[test]
fn b3_a_wide_terminal_keeps_ascii() {
    let (mut stage, row) = asking();
    stage.send(&answer(row, 2, 2));
    // A key shows that the answer was read; what is drawn afterwards is ASCII.
    stage.send(b"Q7");
    stage.shows(&["ユーザID", "Q7"]);
    stage.moment(Duration::from_millis(700));
    until_rule(&mut stage, "ASCII", "-");
    assert!(!stage.screen().contains('R'), "{}", stage.screen());
}

#[test]
fn b3_lines_that_differ_from_marks_are_not_drawn() {
    let (mut stage, row) = asking();
    stage.send(&answer(row, 1, 2));
    stage.send(b"Q7");
    stage.shows(&["ユーザID", "Q7"]);
    stage.moment(Duration::from_millis(700));
    until_rule(&mut stage, "ASCII", "-");
}

#[test]
fn b3_without_an_answer_it_is_narrow() {
    let (mut stage, _) = asking();
    until_rule(&mut stage, "lines", "─");
}

#[test]
fn b3_an_answer_in_pieces_with_keys_between_is_one_answer() {
    let (mut stage, row) = asking();
    let bytes = answer(row, 1, 1);
    // Keys, and the answer torn.
    stage.send(b"Q\x1b");
    stage.moment(Duration::from_millis(10));
    stage.send(&bytes[1..4]);
    stage.moment(Duration::from_millis(10));
    stage.send(&bytes[4..]);
    stage.send(b"7Z");
    until_rule(&mut stage, "lines", "─");
    stage.shows(&["ユーザID", "Q7Z"]);
    assert!(!stage.screen().contains("Q7ZR"));
}

#[test]
fn b3_a_late_answer_still_counts_and_types_nothing() {
    let (mut stage, row) = asking();
    until_rule(&mut stage, "lines", "─");
    stage.moment(Duration::from_millis(300));
    let bytes = answer(row, 2, 2);
    stage.send(&bytes[..3]);
    stage.moment(Duration::from_millis(200));
    stage.send(&bytes[3..]);
    stage.send(b"Q7");
    stage.shows(&["ユーザID", "Q7"]);
    until_rule(&mut stage, "ASCII", "-");
    assert!(!stage.screen().contains(';'), "{}", stage.screen());
}

#[test]
fn keys_typed_before_the_program_is_ready_reach_it_in_order() {
    let mut stage = Stage::open(tempfile::tempdir().unwrap(), &["demo"], &[]);
    stage.send(b"Q1");
    while asked(&stage).is_none() {
        stage.more();
    }
    stage.send(b"Q2");
    stage.moment(Duration::from_millis(150));
    stage.send(b"Z");
    stage.moment(Duration::from_millis(700));
    stage.send(b"Q3");
    stage.shows(&["ユーザID", "Q1Q2ZQ3"]);
}

#[test]
fn a_resize_while_it_asks_is_seen() {
    let (mut stage, _) = asking();
    stage.resize(100, 30);
    stage.until("lines of the new width", |screen| {
        screen.lines().nth(2) == Some(&"─".repeat(100))
    });
}

#[test]
fn settings_that_say_it_ask_nothing() {
    for (width, sign) in [("narrow", '─'), ("wide", '-')] {
        let home = tempfile::tempdir().unwrap();
        let settings = format!("{}\n[theme]\nambiguous = \"{width}\"\n", crate::SETTINGS);
        std::fs::write(home.path().join("madoguchi.toml"), settings).unwrap();
        let mut stage = Stage::open(home, &["--config", "madoguchi.toml"], &[]);
        stage.shows(&["ログイン", "サンプル医療機関"]);
        stage.moment(Duration::from_millis(600));
        let raw = String::from_utf8_lossy(&stage.raw).into_owned();
        assert!(!raw.contains("\x1b[6n"), "{width}");
        assert!(
            rule(&stage).starts_with(sign),
            "{width}: {}",
            stage.screen()
        );
        if let Some(desk) = crate::desk_id(stage.home.path()) {
            crate::stage::kill(desk, rustix::process::Signal::TERM);
        }
    }
}
