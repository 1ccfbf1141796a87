//! `madoguchi card` with input it cannot use: nothing is asked of the desk
//! service or of a card, and the exit code is 2.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const SETTINGS: &str = r#"
data = "data"
[facility]
name = "サンプル医療機関"
code = "0110113719"
[central]
url = "https://localhost:1"
ca = "ca.pem"
certificate = "desk.pem"
key = "desk.key"
extensions = true
[desk]
autostart = false
[card]
challenge = true
"#;

fn run(args: &[&str], typed: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("madoguchi.toml"), SETTINGS).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_madoguchi"))
        .arg("card")
        .args(args)
        .args(["--config", "madoguchi.toml"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        // Named as nobody should: it is not looked at.
        .env("MADOGUCHI_PIN", "5678")
        .env("MADOGUCHI_SECURITY_CODE", "4321")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that has not read it is none the worse.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

const FACE: [&str; 7] = [
    "basic-four",
    "--user",
    "002",
    "--birth-date",
    "S60.7.4",
    "--expiry-year",
    "2033",
];
const PIN: [&str; 4] = ["basic-four", "--user", "002", "--pin"];
const PROVE: [&str; 3] = ["prove", "--user", "002"];

#[test]
fn bad_input_is_said_and_nothing_is_sent() {
    let with = |at: usize, text: &'static str| {
        let mut args = FACE;
        args[at] = text;
        args
    };
    let short = ["basic-four", "--user", "002"];
    let no_year = ["basic-four", "--user", "002", "--birth-date", "S60.7.4"];
    let rows: &[(&[&str], &str, &str)] = &[
        (&FACE, "", "セキュリティコード"),
        (&FACE, "\n", "標準入力の 1 行目"),
        (&FACE, "432\n", "数字 4 桁"),
        (&FACE, "43210\n", "数字 4 桁"),
        (&FACE, "43a1\n", "数字 4 桁"),
        (&FACE, "４３２１\n", "数字 4 桁"),
        (&FACE, "43 1\n", "数字 4 桁"),
        (&PIN, "", "暗証番号"),
        (&PIN, "123\n", "数字 4 桁"),
        (&PIN, "abcd\n", "カードには送っていません"),
        (&PROVE, "", "暗証番号"),
        (&PROVE, "ABC123\n", "数字 4 桁"),
        (&short, "4321\n", "--birth-date が要ります"),
        (&no_year, "4321\n", "--expiry-year が要ります"),
        (&with(4, "S60.13.4"), "4321\n", "--birth-date"),
        (&with(4, "123456789018"), "4321\n", "--birth-date"),
        (&with(4, "2099-01-01"), "4321\n", "カードには送っていません"),
        (&with(4, ""), "4321\n", "--birth-date"),
        (&with(6, "R15"), "4321\n", "--expiry-year"),
        (&with(6, "33"), "4321\n", "--expiry-year"),
        (&with(6, "1999"), "4321\n", "--expiry-year"),
    ];
    for (args, typed, words) in rows {
        let out = run(args, typed);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?} {typed:?}: {said}");
        assert!(out.stdout.is_empty(), "{args:?} {typed:?}");
        assert!(said.contains(words), "{args:?} {typed:?}: {said}");
        // What was typed is not repeated.
        let typed = typed.trim();
        assert!(typed.len() < 3 || !said.contains(typed), "{typed}: {said}");
    }
}

#[test]
fn sec_17_a_pin_from_a_pipe_waits_for_no_card() {
    for args in [&PIN[..], &PROVE] {
        let out = run(&[args, &["--wait"]].concat(), "5678\n");
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("カードを先に置き"), "{said}");
    }
}

#[test]
fn for_scripts_it_is_one_document() {
    let out = run(&[&FACE[..], &["--json"]].concat(), "12\n");
    let value: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(value["error"]["code"], "usage");
    assert_eq!(out.status.code(), Some(2));
    let out = run(&[&PIN[..], &["--pin=1234", "--json"]].concat(), "");
    assert_eq!(out.status.code(), Some(2));
    let value: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(value["error"]["code"], "usage");
}

#[test]
fn without_a_desk_service_it_cannot_be_reached() {
    for (args, typed) in [(&FACE[..], "4321\n"), (&PIN, "5678\n"), (&PROVE, "1234\n")] {
        let out = run(args, typed);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(3), "{args:?}: {said}");
        assert!(said.contains("窓口サービス"), "{said}");
        assert!(out.stdout.is_empty());
    }
}
