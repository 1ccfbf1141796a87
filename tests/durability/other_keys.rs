//! A key that is not the store's: the desk says so, touches nothing, ends when
//! it is told to, and goes on when the key is back.

use super::clerk::content;
use super::office::{Front, Office, password};
use super::spilling::{save, spill};
use super::{key, notes, store};
use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{ToDesk, ToFront};
use madoguchi::store::{KeySource, Store};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Everything in the data folder but the log and what a running service
/// needs, and the files beside it.
fn all(office: &Office) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            let name = entry.file_name();
            if entry.file_type().unwrap().is_dir() {
                if !["log", "run"].iter().any(|other| name == *other) {
                    found.insert(path.clone(), Vec::new());
                    walk(&path, found);
                }
            } else if entry.file_type().unwrap().is_file() && name != "central" {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&office.data(), &mut found);
    found
}

fn spoil(path: &Path, how: &str) {
    match how {
        "missing" => {}
        "wrong" => drop(madoguchi::store::keys::make_key_file(path).unwrap()),
        "garbage" => {
            fs::write(path, "garbage").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
        }
        "readable" => {
            fs::copy(path.with_extension("kept"), path).unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        "link" => symlink(path.with_extension("kept"), path).unwrap(),
        "fifo" => {
            let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
            rustix::fs::mkfifoat(rustix::fs::CWD, path, mode).unwrap();
        }
        other => panic!("{other}"),
    }
}

/// Saves where nothing can be kept; what is said.
fn refused(front: &mut Front) -> String {
    let answer = front.ask(|ticket| ToDesk::Login {
        ticket,
        user: "003".to_owned(),
        password: Secret::new(password("003")),
        force: true,
    });
    if let ToFront::Failed { failure, .. } = answer {
        return failure.to_string();
    }
    let answer = front.ask(|ticket| ToDesk::SaveNote {
        trial: false,
        ticket,
        content: Box::new(content("lost")),
        replaces: None,
        card: None,
    });
    match answer {
        ToFront::Failed { failure, .. } => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sec_20_a_key_that_is_not_the_stores_touches_nothing() {
    let mut office = Office::open();
    let mut front = office.front();
    front.enter("003");
    save(&mut front, "before", None);
    drop(front);
    assert_eq!(office.stop_desk(), Some(0));
    let path = office.home.path().join("store.key");
    let kept = path.with_extension("kept");
    fs::rename(&path, &kept).unwrap();
    for how in ["missing", "wrong", "garbage", "readable", "link", "fifo"] {
        spoil(&path, how);
        let before = all(&office);
        office.start_desk();
        let mut front = office.front();
        front.wait_for("the trouble", |status| {
            let trouble = status.store_trouble.as_deref().unwrap_or_default();
            trouble.contains("鍵") && trouble.contains("紙に控えて")
        });
        let said = refused(&mut front);
        assert!(said.contains("紙に控えて"), "{how}: {said}");
        let check = office.command(&["check"], "");
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(said.contains("× 保存先"), "{how}: {said}");
        drop(front);
        assert_eq!(office.stop_desk(), Some(0), "{how}");
        assert!(all(&office) == before, "{how}: something was touched");
        let _ = fs::remove_file(&path);
    }
    fs::rename(&kept, &path).unwrap();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    save(&mut front, "after", None);
    assert_eq!(notes(&store(&office), &key(&office)).len(), 2);
}

#[test]
fn sec_20_what_waits_and_cannot_be_read_is_named_by_the_check_and_the_log() {
    let mut office = Office::open();
    office.front().enter("003");
    assert_eq!(office.stop_desk(), Some(0));
    let names = ["keys", "keys.spare"];
    let away = office.home.path().join("away");
    // Beside a store that cannot be looked at, a wrong key may go unnoticed.
    fs::rename(store(&office), &away).unwrap();
    fs::write(store(&office), "in the way").unwrap();
    let path = office.home.path().join("store.key");
    fs::rename(&path, path.with_extension("kept")).unwrap();
    spoil(&path, "wrong");
    for name in names {
        fs::remove_file(spill(&office).join(name)).unwrap();
    }
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    assert!(save(&mut front, "elsewhere", None).1);
    drop(front);
    assert_eq!(office.stop_desk(), Some(0));
    fs::remove_file(store(&office)).unwrap();
    fs::rename(&away, store(&office)).unwrap();
    fs::rename(path.with_extension("kept"), &path).unwrap();

    office.start_desk();
    let mut front = office.front();
    front.wait_for("the store", |status| !status.store_opening);
    for running in [true, false] {
        if !running {
            assert_eq!(office.stop_desk(), Some(0));
        }
        let check = office.command(&["check"], "");
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        assert_eq!(check.status.code(), Some(1));
        let line = said
            .lines()
            .find(|line| line.contains("予備の場所"))
            .unwrap();
        assert!(
            line.starts_with('×') && line.contains("store-spill"),
            "{line}"
        );
        assert!(
            line.contains("鍵を戻して") || line.contains("鍵束を戻して"),
            "{line}"
        );
    }
    assert!(office.logs().contains("予備のファイルが読めません"));
}

/// The line of the check that speaks of the spill.
fn checked(office: &Office) -> String {
    let said = office.command(&["check"], "").stdout;
    let said = String::from_utf8(said).unwrap();
    let mut lines = said.lines().filter(|line| line.contains("予備の場所"));
    lines.next().unwrap().to_owned()
}

#[test]
fn rel_4_after_the_key_was_moved_what_waits_is_read_by_every_command() {
    let mut office = Office::open();
    office.front().enter("003");
    assert_eq!(office.stop_desk(), Some(0));
    let new = office.home.path().join("k/new.key");
    let rotated = ["key", "rotate", "--to-key-file", new.to_str().unwrap()];
    assert_eq!(office.command(&rotated, "").status.code(), Some(0));
    let status = office.command(&["key", "status"], "").stdout;
    let status = String::from_utf8(status).unwrap();
    assert!(status.contains("store.key では開きません"), "{status}");
    // The settings name the former place still.
    let now = jiff::Timestamp::UNIX_EPOCH;
    let held = Store::open(&store(&office), &KeySource::File(new), now).unwrap();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    assert!(save(&mut front, "elsewhere", None).1);
    drop(front);
    assert_eq!(office.stop_desk(), Some(0));
    drop(held);
    for former in [true, false] {
        let verified = office.command(&["audit", "verify"], "");
        let said = String::from_utf8(verified.stdout).unwrap();
        assert_eq!(verified.status.code(), Some(0), "{former}: {said}");
        assert!(said.contains("まだ控え帳に入れていない記録が"), "{said}");
        let line = checked(&office);
        assert!(line.starts_with('△'), "{former}: {line}");
        let _ = fs::remove_file(office.home.path().join("store.key"));
    }
    office.start_desk();
    let mut front = office.front();
    front.wait_for("the ledger", |status| {
        status.store_trouble.is_none() && !status.store_opening && status.spill.is_none()
    });
    drop(front);
    assert_eq!(office.stop_desk(), Some(0));
    let line = checked(&office);
    assert!(line.starts_with('○'), "{line}");
}

#[test]
fn what_is_not_known_of_what_waits_is_not_said() {
    let mut office = Office::open();
    office.front().enter("003");
    assert_eq!(office.stop_desk(), Some(0));
    let held = Store::open(&store(&office), &key(&office), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let settings = office.home.path().join("madoguchi.toml");
    let with_key = fs::read_to_string(&settings).unwrap();
    let words = format!("{with_key}[key]\npassphrase = true\n");

    fs::write(spill(&office).join("drafts"), "sealed").unwrap();
    fs::write(&settings, &words).unwrap();
    let line = checked(&office);
    assert!(
        line.starts_with('△') && line.contains("見当たりません"),
        "{line}"
    );
    assert!(!line.contains("記録があります"), "{line}");
    fs::remove_file(spill(&office).join("drafts")).unwrap();

    fs::write(&settings, &with_key).unwrap();
    office.start_desk();
    let mut front = office.front();
    front.enter("003");
    assert!(save(&mut front, "elsewhere", None).1);
    drop(front);
    assert_eq!(office.stop_desk(), Some(0));
    drop(held);
    fs::write(&settings, &words).unwrap();
    let line = checked(&office);
    assert!(
        line.starts_with('△') && line.contains("鍵がないので"),
        "{line}"
    );
    assert!(
        line.contains(" 件あります") && !line.contains(" 0 件"),
        "{line}"
    );
}
