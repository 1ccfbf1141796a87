//! The audit lines where no desk service runs: who read them out, and that the
//! line of it cannot be cut off.

use super::office::{Office, password};
use super::sample::{content, keep};
use serde_json::Value;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn read_out_without_a_desk_the_line_names_the_machines_user_and_stays() {
    let mut office = Office::open();
    drop(office.front());
    assert_eq!(office.stop_desk(), Some(0));
    let run = |args: &[&str]| office.command(args, &password("001"));

    // Nobody is there who could know them.
    let out = run(&["audit", "export", "--as", "001"]);
    assert_eq!(out.status.code(), Some(2), "{out:?}");
    assert!(text(&out.stderr).contains("確かめられません"), "{out:?}");

    let out = run(&["audit", "export", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let lines: Value = serde_json::from_slice(&out.stdout).unwrap();
    let line = lines["lines"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(line["action"], "audit-export");
    assert_eq!(line["user"], "");
    let uid = format!("（uid {}）", rustix::process::getuid().as_raw());
    assert!(line["result"].as_str().unwrap().ends_with(&uid), "{line}");
    // Once more: enough lines to cut, even if the desk wrote none.
    for _ in 0..2 {
        let out = run(&["audit", "export"]);
        assert!(text(&out.stdout).contains(&uid), "{out:?}");
    }

    let out = run(&["audit", "verify", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    with_a_key_that_cannot_be_used(&office);
    let journal = office.data().join("store/journal");
    let file = std::fs::read_dir(journal).unwrap().next().unwrap().unwrap();
    let whole = std::fs::read(file.path()).unwrap();
    // Within the last line.
    for left in [whole.len() - 1, whole.len() - 300] {
        std::fs::write(file.path(), &whole[..left]).unwrap();
        let out = run(&["audit", "verify"]);
        assert_eq!(out.status.code(), Some(1), "{out:?}");
        assert!(text(&out.stdout).contains("切り取られて"), "{out:?}");
        assert!(!text(&out.stdout).contains("書きかけ"), "{out:?}");
    }
    std::fs::write(file.path(), &whole).unwrap();
    std::fs::remove_file(office.data().join("store.anchors")).unwrap();
    let out = run(&["audit", "verify"]);
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    assert!(
        text(&out.stdout).contains("store.anchors がありません"),
        "{out:?}"
    );
}

/// Contents that could not be checked are not said to be in order; without a
/// key on purpose the chain is all that was asked for.
fn with_a_key_that_cannot_be_used(office: &Office) {
    let home = office.home.path();
    let mut settings = std::fs::read_to_string(home.join("madoguchi.toml")).unwrap();
    settings.push_str("[key]\ncredential = \"not-there\"\n");
    std::fs::write(home.join("other.toml"), settings).unwrap();
    let verify = |more: &[&str]| {
        let args = ["audit", "verify", "--config", "other.toml"];
        office.bare(&[&args, more].concat())
    };
    let out = verify(&[]);
    assert_eq!(out.status.code(), Some(4), "{out:?}");
    let said = text(&out.stdout);
    assert!(said.contains("設定の鍵を使えないので"), "{said}");
    let out = verify(&["--json"]);
    assert_eq!(out.status.code(), Some(4), "{out:?}");
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(json["opened"], false);
    assert!(json["key-trouble"].is_string(), "{json}");
    assert_eq!(verify(&["--no-key"]).status.code(), Some(0));
}

/// What was acknowledged since the last anchor is known to the running desk
/// alone, and so is whose it was.
#[test]
fn sec30_what_is_cut_off_under_a_running_desk_is_missed_and_named() {
    let office = Office::open();
    let mut front = office.front();
    front.enter("003");
    keep(&mut front, content());
    let journal = office.data().join("store/journal");
    let file = std::fs::read_dir(journal).unwrap().next().unwrap().unwrap();
    let before = file.metadata().unwrap().len();
    let saved = keep(&mut front, content());
    let verify = || {
        let out = office.command(&["audit", "verify", "--json"], &password("001"));
        let json: Value = serde_json::from_slice(&out.stdout).unwrap();
        (out.status.code(), json)
    };
    let (code, json) = verify();
    assert_eq!(code, Some(0), "{json}");
    assert_eq!(json["end-checked"], true, "{json}");

    let open = std::fs::OpenOptions::new().write(true).open(file.path());
    open.unwrap().set_len(before).unwrap();
    let (code, json) = verify();
    assert_eq!(code, Some(1), "{json}");
    let cut = &json["findings"][0];
    assert_eq!(cut["what"], "cut", "{json}");
    // The first one's newest record may stand there, too: it was asked for.
    let notes = cut["notes"].as_array().unwrap();
    assert!(notes.contains(&Value::from(saved.id.0)), "{json}");
}
