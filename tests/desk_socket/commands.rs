//! The commands, against real processes: what they print for people and for
//! scripts, and their exit codes.

use super::office::{Office, password};
use rustix::process::Signal;
use serde_json::Value;
use std::process::Output;

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn verdict(check: &Value, name: &str) -> String {
    let points = check["points"].as_array().unwrap();
    let point = points.iter().find(|p| p["name"] == name).unwrap();
    point["verdict"].as_str().unwrap().to_owned()
}

fn json(out: &std::process::Output) -> Value {
    serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{out:?}"))
}

#[test]
fn commands_ask_the_same_service() {
    let office = Office::open();
    drop(office.front());

    let args = [
        "lookup",
        "--user",
        "003",
        "--json",
        "--insurer-number",
        "06139000",
        "--symbol",
        "9000",
        "--number",
        "10001",
        "--birth-date",
        "S29.3.26",
    ];
    let out = office.command(&args, &password("003"));
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    assert_eq!(json(&out)["validity"], "valid");
    assert_eq!(json(&out)["validity_code"], "1");
    assert_eq!(json(&out)["entitlements"][0]["sex"], "male");

    let out = office.command(&args, "wrong");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(json(&out)["error"]["code"], "wrong-password");
    assert!(said(&out).contains("違います"));

    let out = office.command(
        &[
            "notes",
            "add",
            "--user",
            "002",
            "--json",
            "--name",
            "新橋　太郎",
            "--kana",
            "ｼﾝﾊﾞｼ ﾀﾛｳ",
            "--birth-date",
            "1954-03-26",
            "--sex",
            "1",
            "--address",
            "東京都港区",
        ],
        &password("002"),
    );
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let id = json(&out)["note"]["id"].as_str().unwrap().to_owned();

    let out = office.command(
        &["notes", "list", "--user", "002", "--json"],
        &password("002"),
    );
    let rows = json(&out);
    assert_eq!(rows["notes"][0]["id"], id.as_str());
    // Nobody with the right is logged in.
    assert_eq!(rows["notes"][0]["state"], "blocked");

    let out = office.command(
        &[
            "notes",
            "cancel",
            &id,
            "--user",
            "002",
            "--reason",
            "受診しなかった",
        ],
        &password("002"),
    );
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let out = office.command(
        &["notes", "show", &id, "--user", "002", "--json"],
        &password("002"),
    );
    let note = &json(&out)["note"];
    assert_eq!(note["state"], "cancelled");
    assert_eq!(note["cancelled"]["reason"], "受診しなかった");
    assert_eq!(note["content"]["sex"], "male");

    let out = office.command(&["check", "--json"], "");
    let check = json(&out);
    for name in ["keymap", "desk", "store", "line", "certificate"] {
        assert_eq!(verdict(&check, name), "good", "{name}: {check}");
    }
    // Whether this machine's clock is set by a service is its own affair.
    assert_ne!(verdict(&check, "clock"), "bad");
}

#[test]
fn what_cannot_be_reached_or_read_has_its_exit_code() {
    let mut office = Office::open();
    drop(office.front());

    // A second service on the same data is told of the first.
    let out = office.command(&["desk", "--foreground"], "");
    assert_eq!(out.status.code(), Some(1));
    assert!(said(&out).contains("もう動いています"), "{out:?}");

    office.stop_desk();
    let out = office.command(&["notes", "list", "--user", "002"], &password("002"));
    assert_eq!(out.status.code(), Some(3), "{out:?}");

    for args in [
        &["notes", "lsit"][..],
        &["notes", "show", "--user", "002"],
        &[
            "lookup",
            "--user",
            "002",
            "--birth-date",
            "S29.2.30",
            "--insurer-number",
            "06139000",
            "--number",
            "1",
        ],
        &["keymap", "check", "nowhere.toml"],
        &["--keymap", "reciept", "check"],
    ] {
        let out = office.command(args, &password("002"));
        assert_eq!(out.status.code(), Some(2), "{args:?}: {out:?}");
        assert!(out.stdout.is_empty(), "{args:?}");
    }
}

const LIST: [&str; 4] = ["notes", "list", "--user", "002"];

/// One document on standard output, its code, and the exit code.
fn failed(office: &Office, args: &[&str], code: i32, word: &str) -> String {
    let out = office.command(&[args, &["--json"]].concat(), &password("002"));
    assert_eq!(out.status.code(), Some(code), "{args:?}: {out:?}");
    let value = json(&out);
    assert_eq!(value["error"]["code"], word, "{args:?}: {value}");
    value["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_store_that_does_not_open_is_no_empty_ledger() {
    let mut office = Office::open();
    drop(office.front());
    office.stop_desk();
    let store = office.data().join("store");
    std::fs::remove_dir_all(&store).unwrap();
    std::fs::write(&store, "in the way").unwrap();
    office.start_desk();
    office
        .front()
        .wait_for("the trouble", |status| status.store_trouble.is_some());
    for args in [
        &LIST[..],
        &["notes", "sync", "--user", "002"],
        &["notes", "show", "20261120-0001", "--user", "002"],
        &[
            "notes",
            "cancel",
            "20261120-0001",
            "--user",
            "002",
            "--reason",
            "x",
        ],
    ] {
        let why = failed(&office, args, 4, "store");
        assert!(why.contains("store"), "{why}");
    }
    let out = office.command(&["check", "--json"], "");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(verdict(&json(&out), "store"), "bad");
}

#[test]
fn a_data_folder_that_is_none_is_said_at_once() {
    let mut office = Office::open();
    drop(office.front());
    office.stop_desk();
    std::fs::remove_dir_all(office.data()).unwrap();
    std::fs::write(office.data(), "a file").unwrap();
    let why = failed(&office, &LIST, 4, "store");
    let out = office.command(&["desk", "--foreground"], "");
    assert_eq!(out.status.code(), Some(4), "{out:?}");
    for why in [why, said(&out)] {
        for words in ["フォルダーではありません", "data", "--data"] {
            assert!(why.contains(words), "{words}: {why}");
        }
        assert!(!why.contains("os error"), "{why}");
    }
    let out = office.command(&["check", "--json"], "");
    assert_eq!(out.status.code(), Some(1));
    for name in ["desk", "store"] {
        assert_eq!(verdict(&json(&out), name), "bad", "{name}");
    }
}

#[test]
fn a_desk_service_that_hangs_is_said_by_the_check() {
    let office = Office::open();
    drop(office.front());
    office.signal_desk(Signal::STOP);
    let out = office.command(&["check", "--json"], "");
    office.signal_desk(Signal::CONT);
    assert_eq!(out.status.code(), Some(1));
    let check = json(&out);
    assert_eq!(verdict(&check, "desk"), "bad");
    assert!(check.to_string().contains("返事がありません"), "{check}");
}

#[test]
fn settings_of_a_stand_in_have_their_exit_codes() {
    let office = Office::open();
    for (data, setting, code, words) in [
        ("central", "outag=on", 2, "outage"),
        ("central", "outage=perhaps", 2, "outage"),
        ("central", "lock=nobody", 2, "nobody"),
        ("nowhere", "outage=on", 3, "madoguchi simulator central"),
        ("nowhere", "outag=on", 2, "outage"),
    ] {
        let out = office.bare(&["simulator", "set", setting, "--data", data]);
        assert_eq!(out.status.code(), Some(code), "{setting}: {out:?}");
        assert!(said(&out).contains(words), "{setting}: {}", said(&out));
        assert!(!said(&out).contains("os error"), "{}", said(&out));
    }
}

#[test]
fn words_for_people_without_a_screen() {
    let office = Office::open();
    drop(office.front());
    office.set("outage=on");
    let why = failed(&office, &LIST, 3, "not-known-here");
    assert!(!why.contains("控えれば"), "{why}");
    office.set("outage=off");

    failed(&office, &["notes", "lsit"], 2, "usage");
    let home = office.home.path().display().to_string();
    for (args, words) in [
        (&["--config", &home, "check"][..], "フォルダーです"),
        (&["keymap", "check", &home], "フォルダーです"),
        (
            &["simulator", "central", "--listen", "nonsense"],
            "127.0.0.1:8443",
        ),
    ] {
        let out = office.bare(args);
        assert_eq!(out.status.code(), Some(2), "{args:?}: {out:?}");
        assert!(said(&out).contains(words), "{args:?}: {}", said(&out));
    }
    let out = office.bare(&["notes", "--help"]);
    let help = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(help.contains("needs-person"), "{help}");
    assert!(!help.contains("OPTIONS"), "{help}");

    // The settings name files: they are looked at too.
    let out = office.command(&["settings", "check"], "");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let file = office.home.path().join("other.toml");
    let good = std::fs::read_to_string(office.home.path().join("madoguchi.toml")).unwrap();
    for (from, to, words) in [
        (
            "certificate = \"",
            "certificate = \"no-",
            "central.certificate",
        ),
        ("[desk]", "[desk]\nautostart = true", "autostart"),
    ] {
        std::fs::write(&file, good.replace(from, to)).unwrap();
        let out = office.bare(&["settings", "check", "--config", "other.toml"]);
        assert_eq!(out.status.code(), Some(2), "{out:?}");
        assert!(said(&out).contains(words), "{}", said(&out));
        assert!(!said(&out).contains("duplicate"), "{}", said(&out));
    }
}

#[test]
fn sec_20_the_check_tries_the_key_and_lost_keys_are_no_new_store() {
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    drop(front);
    office.stop_desk();
    let key = |office: &Office| {
        let out = office.command(&["check", "--json"], "");
        verdict(&json(&out), "key")
    };
    assert_eq!(key(&office), "good");
    let file = office.home.path().join("store.key");
    let away = office.home.path().join("away.key");
    std::fs::rename(&file, &away).unwrap();
    assert_eq!(key(&office), "bad", "no key");
    std::fs::rename(&away, &file).unwrap();
    let store = office.data().join("store");
    for name in ["keys", "keys.spare"] {
        std::fs::write(store.join(name), "no keys").unwrap();
    }
    assert_eq!(key(&office), "bad", "both damaged");
    for name in ["keys", "keys.spare"] {
        std::fs::remove_file(store.join(name)).unwrap();
    }
    assert_eq!(key(&office), "bad", "both gone");
    for command in ["status", "rotate"] {
        let out = office.command(&["key", command], "");
        assert_eq!(out.status.code(), Some(4), "{out:?}");
        let said = [out.stdout, out.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("鍵束"), "{said}");
        assert!(!said.contains("まだありません"), "{said}");
    }
}

#[test]
fn sec_20_whoever_starts_the_service_by_hand_hears_of_a_wrong_key() {
    use std::io::{BufRead, BufReader};
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    drop(front);
    office.stop_desk();
    let file = office.home.path().join("store.key");
    std::fs::write(&file, "no key").unwrap();
    let mut desk = office.desk_with("madoguchi.toml");
    let lines = BufReader::new(desk.stderr.take().unwrap()).lines();
    // It runs on, so that a person can put the right key back.
    let told = lines.map(Result::unwrap).find(|line| line.contains("鍵"));
    assert!(told.is_some());
    desk.kill().unwrap();
    desk.wait().unwrap();
}

/// Every file below `folder` with its content.
fn files(folder: &std::path::Path) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A copy of settings, data and key elsewhere is opened with its own key or
/// not at all, from whichever folder the command is run.
#[test]
fn sec_20_a_copy_is_not_opened_with_the_key_of_the_folder_a_command_runs_in() {
    use std::os::unix::fs::PermissionsExt;
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    drop(front);
    office.stop_desk();
    let home = office.home.path();
    let there = home.join("t");
    let store = there.join("data/store");
    for (path, content) in files(&home.join("data/store")) {
        let to = store.join(path.strip_prefix(home.join("data/store")).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, content).unwrap();
    }
    for folder in ["data/store", "data/store/journal", "data/store/state"] {
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(there.join(folder), mode).unwrap();
    }
    std::fs::copy(home.join("madoguchi.toml"), there.join("madoguchi.toml")).unwrap();
    std::os::unix::fs::symlink(home.join("central"), there.join("central")).unwrap();
    let key = there.join("store.key");
    let status = |config: &str| office.bare(&["key", "status", "--config", config]);
    std::fs::copy(home.join("store.key"), &key).unwrap();
    let absolute = there.join("madoguchi.toml").display().to_string();
    for config in ["t/madoguchi.toml", absolute.as_str()] {
        let out = status(config);
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.starts_with("設定の鍵で開きます: "), "{text}");
        assert!(text.contains(&key.display().to_string()), "{text}");
    }
    for (how, says) in [
        ("missing", "がありません"),
        ("open", "chmod 600"),
        ("wrong", "の鍵ではありません"),
    ] {
        let _ = std::fs::remove_file(&key);
        match how {
            "open" => {
                std::fs::copy(home.join("store.key"), &key).unwrap();
                let mode = std::fs::Permissions::from_mode(0o644);
                std::fs::set_permissions(&key, mode).unwrap();
            }
            "wrong" => {
                std::fs::write(&key, [7; 32]).unwrap();
                let mode = std::fs::Permissions::from_mode(0o600);
                std::fs::set_permissions(&key, mode).unwrap();
            }
            _ => {}
        }
        let before = files(&store);
        for config in ["t/madoguchi.toml", absolute.as_str()] {
            let out = status(config);
            assert_eq!(out.status.code(), Some(4), "{how}: {out:?}");
            assert!(said(&out).contains(says), "{how}: {}", said(&out));
            assert!(out.stdout.is_empty(), "{how}: {out:?}");
        }
        let mut desk = office.desk_with("t/madoguchi.toml");
        let mut front = Office::front_at(&there.join("data"));
        front.wait_for("the key's trouble", |status| {
            (status.store_trouble.as_ref()).is_some_and(|why| why.contains(says))
        });
        drop(front);
        let id = rustix::process::Pid::from_raw(desk.id().cast_signed()).unwrap();
        rustix::process::kill_process(id, Signal::TERM).unwrap();
        desk.wait().unwrap();
        assert_eq!(files(&store), before, "{how}");
    }
}
