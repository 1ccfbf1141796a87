//! `madoguchi record` in a real terminal: what it writes, for whom, and that
//! it plays again.
#![allow(clippy::unwrap_used)]

#[path = "terminal/stage.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod stage;

use rustix::process::Signal;
use stage::Stage;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const F2: &[u8] = b"\x1bOQ";
const F3: &[u8] = b"\x1bOR";
const F12: &[u8] = b"\x1b[24~";

#[test]
fn a_recorded_demo_is_private_masked_and_plays_again() {
    let home = tempfile::tempdir().unwrap();
    let mut stage = Stage::open(home, &["record", "scene.tape", "--demo"], &[]);
    stage.shows(&["ログイン", "サンプル医療機関"]);
    stage.send(b"002\r");
    stage.send(b"Onshi*002*002\r");
    stage.shows(&["メニュー", "002 一般"]);
    stage.send(F3);
    stage.shows(&["資格情報照会（被保険者証）"]);
    stage.send(b"061390009000\r10001\r01S29.3.26");
    stage.shows(&["満72歳"]);
    stage.send(F12);
    stage.shows(&["この資格は有効です"]);
    stage.send(F2);
    stage.shows(&["生年月日 を入れてください"]);
    stage.send(b"\x18");
    stage.shows(&["窓口  メニュー"]);
    stage.send(F2);
    stage.shows(&["4情報の控え"]);
    stage.send("榊原雫玖\rさかきばら\rS36.7.19\r".as_bytes());
    stage.shows(&["サカキバラ", "昭和36年7月19日"]);
    // However it ends, what was done is written.
    stage.signal(Signal::TERM);
    assert_eq!(stage.end(), 128 + 15);
    stage.assert_restored();

    let path = stage.home.path().join("scene.tape");
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    for kept in [
        "Login 002",
        "Type \"06139000\"",
        "新橋　太郎",
        "4情報の控え",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    for canary in [
        "榊原",
        "雫玖",
        "さかきばら",
        "サカキバラ",
        "S36.7.19",
        "昭和36",
        "1961",
        "Onshi",
    ] {
        assert!(!text.contains(canary), "{canary}\n{text}");
    }
    let program = env!("CARGO_BIN_EXE_madoguchi");
    let played = Command::new(program)
        .arg("play")
        .arg(&path)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{told}");
    assert!(told.contains("合格") && !told.contains("違う"), "{told}");

    // Never over another one.
    let home = std::mem::replace(&mut stage.home, tempfile::tempdir().unwrap());
    let mut again = Stage::open(home, &["record", "scene.tape", "--demo"], &[]);
    again.shows(&["もうあります"]);
    assert_eq!(again.end(), 2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}
