//! A spill and the key of the store it belongs to: whatever is wrong with the
//! key, nothing is made, forgotten or written.

use super::*;
use crate::store::keys;
use crate::store::remark::Remark;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

fn key_file(office: &Office) -> PathBuf {
    office.dir.path().join("keys/store.key")
}

fn start(office: &Office) -> Desk {
    office.start_with(KeySource::File(key_file(office)))
}

/// All files of the office but the key, with what they hold.
fn all(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if !kind.is_file() && !kind.is_dir() {
            found.insert(path, Vec::new());
        } else if kind.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.append(&mut all(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// What is wrong with the key, and a word of the sentence that says so.
const WRONGS: [&str; 7] = [
    "missing", "wrong", "garbage", "open", "link", "folder", "fifo",
];

fn spoil(key: &Path, how: &str) {
    let kept = key.with_file_name("kept");
    fs::rename(key, &kept).unwrap();
    match how {
        "missing" => {}
        "wrong" => drop(keys::make_key_file(key).unwrap()),
        "garbage" => {
            fs::write(key, "garbage").unwrap();
            fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
        }
        "open" => {
            fs::copy(&kept, key).unwrap();
            fs::set_permissions(key, Permissions::from_mode(0o644)).unwrap();
        }
        "link" => symlink(&kept, key).unwrap(),
        "fifo" => {
            let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
            rustix::fs::mkfifoat(rustix::fs::CWD, key, mode).unwrap();
        }
        "folder" => fs::create_dir(key).unwrap(),
        other => panic!("{other}"),
    }
}

fn put_back(key: &Path) {
    let _ = fs::remove_dir(key);
    let _ = fs::remove_file(key);
    fs::rename(key.with_file_name("kept"), key).unwrap();
}

#[test]
fn sec_20_a_key_that_is_not_the_stores_touches_nothing_and_takes_no_note() {
    for how in WRONGS {
        let office = Office::new();
        let key = key_file(&office);
        let mut desk = start(&office);
        desk.opened().unwrap();
        desk.written(1, 1);
        drop(desk);
        spoil(&key, how);
        let before = all(office.dir.path());

        let mut desk = start(&office);
        let said = desk.opened().unwrap_err().to_string();
        assert!(
            said.contains("鍵") && said.contains("紙に控えて"),
            "{how}: {said}"
        );
        match desk.append(record(2, 1)) {
            Report::Written { result, .. } => {
                let said = result.unwrap_err().to_string();
                assert!(said.contains("紙に控えて"), "{how}: {said}");
            }
            other => panic!("{how}: {other:?}"),
        }
        let (user, lost) = ("003".to_owned(), Some(draft("シ")));
        desk.worker.send(Job::Draft { user, draft: lost });
        assert!(matches!(desk.next(), Report::DraftLost(_)), "{how}");
        assert_eq!(desk.news.clone().unwrap().place, None, "{how}");
        desk.reopen();
        desk.opened().unwrap_err();
        drop(desk);
        assert!(
            all(office.dir.path()) == before,
            "{how}: something was touched"
        );

        put_back(&key);
        let mut desk = start(&office);
        let loaded = desk.opened().unwrap();
        assert_eq!(loaded.remarks, [""; 0], "{how}");
        assert_eq!(notes(&loaded).len(), 1);
    }
}

#[test]
fn sec_20_a_new_store_is_not_begun_with_what_is_no_key() {
    for how in WRONGS {
        let office = Office::new();
        let key = key_file(&office);
        keys::make_key_file(&key).unwrap();
        spoil(&key, how);
        let before = all(office.dir.path());
        let opened = start(&office).opened();
        // Without a store no key is the wrong one.
        if ["missing", "wrong"].contains(&how) {
            opened.unwrap();
        } else {
            let said = opened.unwrap_err().to_string();
            assert!(said.contains("鍵"), "{how}: {said}");
            assert!(all(office.dir.path()) == before, "{how}");
        }
    }
}

/// Until now the spill could have been given keys under a wrong one.
#[test]
fn sec_20_what_was_written_under_another_key_is_kept_and_named() {
    let office = Office::new();
    let key = key_file(&office);
    drop(start(&office).opened().unwrap());
    keys::forget(&office.spill()).unwrap();
    spoil(&key, "wrong");
    fs::rename(office.store(), office.dir.path().join("away")).unwrap();
    fs::write(office.store(), "in the way").unwrap();
    let mut desk = start(&office);
    desk.opened().unwrap_err();
    desk.spilled(2, 1);
    drop(desk);
    let other = key.with_file_name("other");
    fs::copy(&key, &other).unwrap();
    put_back(&key);
    office.unblock();
    fs::rename(office.dir.path().join("away"), office.store()).unwrap();

    let held = all(&office.spill());
    let remarks = start(&office).opened().unwrap().remarks;
    let named =
        |text: &Remark| text.contains("予備のファイルが読めません") && text.contains("spill");
    assert!(remarks.iter().any(named), "{remarks:?}");
    assert!(all(&office.spill()) == held);
    let spill = [office.spill()];
    let (right, wrong) = (KeySource::File(key), KeySource::File(other));
    let read = |source| crate::store::spill::check::examine(&spill, Some(source)).unwrap();
    assert_eq!(read(&right).closed.len(), 1);
    assert_eq!((read(&wrong).closed, read(&wrong).records()), (vec![], 1));
}

#[test]
fn keys_of_a_spill_follow_a_change_of_the_stores_key_once_it_has_opened() {
    let office = Office::new();
    drop(start(&office).opened().unwrap());
    let to = KeySource::File(office.dir.path().join("keys/new.key"));
    let from = KeySource::File(key_file(&office));
    crate::store::rotate::rotate(
        &office.store(),
        &from,
        Some(&to),
        moment(0),
        &mut |_| Ok(()),
    )
    .unwrap();
    fs::remove_file(key_file(&office)).unwrap();
    let mut desk = office.start_with(to.clone());
    assert_eq!(desk.opened().unwrap().remarks, [""; 0]);
    assert!(keys::seal(&office.spill(), &to).is_ok());
}

#[test]
fn rel_4_after_a_change_of_keys_a_start_that_fails_for_another_reason_has_a_spill() {
    let office = Office::new();
    drop(start(&office).opened().unwrap());
    let to = KeySource::File(office.dir.path().join("keys/new.key"));
    let from = KeySource::File(key_file(&office));
    let store = office.store();
    let rotate = crate::store::rotate::rotate;
    rotate(&store, &from, Some(&to), moment(0), &mut |_| Ok(())).unwrap();
    fs::remove_file(key_file(&office)).unwrap();
    assert!(
        keys::seal(&office.spill(), &to).is_err(),
        "still of the former"
    );
    let held = crate::store::Store::open(&store, &to, moment(0)).unwrap();
    let mut desk = office.start_with(to.clone());
    let error = desk.opened().unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    desk.spilled(2, 1);
    drop(desk);
    drop(held);
    let loaded = office.start_with(to).opened().unwrap();
    let ids: Vec<_> = loaded.outlines.iter().map(|one| one.id.clone()).collect();
    assert_eq!(ids, [tests::note(2, 1).id], "taken in");
}

/// An office whose key was moved while the settings still name its former
/// place; its desk has run since.
fn moved(spare: bool) -> (Office, KeySource) {
    let mut office = Office::new();
    office.spare = spare;
    drop(start(&office).opened().unwrap());
    let to = KeySource::File(office.dir.path().join("keys/new.key"));
    let from = KeySource::File(key_file(&office));
    let store = office.store();
    crate::store::rotate::rotate(&store, &from, Some(&to), moment(0), &mut |_| Ok(())).unwrap();
    crate::store::spill::renew(&office.places(), &store, &to);
    (office, to)
}

/// The store's keys cannot be read, without being wrong; and back.
fn unreadable(office: &Office, unreadable: bool) {
    let at = |name: &str| office.store().join(name);
    for name in [keys::KEYS, keys::SPARE] {
        let away = office.dir.path().join(format!("{name}.away"));
        if unreadable {
            fs::rename(at(name), away).unwrap();
            fs::create_dir(at(name)).unwrap();
        } else {
            fs::remove_dir(at(name)).unwrap();
            fs::rename(away, at(name)).unwrap();
        }
    }
}

fn numbers(loaded: &Loaded) -> Vec<String> {
    (loaded.outlines.iter().map(|one| one.id.0.clone())).collect()
}

#[test]
fn rel_4_a_moved_key_is_followed_by_the_spill_while_the_stores_own_keys_cannot_be_read() {
    for (spare, deleted) in [(false, false), (false, true), (true, false), (true, true)] {
        let (office, to) = moved(spare);
        if deleted {
            fs::remove_file(key_file(&office)).unwrap();
        }
        unreadable(&office, true);
        let mut desk = start(&office);
        let error = desk.opened().unwrap_err();
        assert!(!matches!(error, StoreError::Key(_)), "{error}");
        desk.spilled(1, 1);
        desk.spilled(2, 1);
        drop(desk);
        // None was made under the former key.
        for dir in office.places() {
            assert!(keys::seal(&dir, &to).is_ok(), "{spare} {deleted}");
        }
        unreadable(&office, false);
        let loaded = start(&office).opened().unwrap();
        assert_eq!(numbers(&loaded).len(), 2, "{:?}", loaded.remarks);
        assert!(office.logs().is_empty());
    }
}

/// Rings of a place that was away when the key was moved are of the former.
#[test]
fn rel_4_what_lies_under_the_former_key_is_taken_in_and_handed_over_to_the_new() {
    let (mut office, to) = moved(false);
    office.spare = true;
    // A ring of the spare place under the former key, as one made before.
    fs::create_dir(office.spare()).unwrap();
    fs::set_permissions(office.spare(), Permissions::from_mode(0o700)).unwrap();
    let former = KeySource::File(key_file(&office));
    keys::create_beside(&office.spare(), &former, &[]).unwrap();
    unreadable(&office, true);
    let away = office.dir.path().join("spill-away");
    fs::rename(office.spill(), &away).unwrap();
    fs::write(office.spill(), "in the way").unwrap();
    let mut desk = start(&office);
    desk.opened().unwrap_err();
    desk.spilled(1, 1);
    drop(desk);
    assert!(keys::seal(&office.spare(), &to).is_err(), "no former key");
    fs::remove_file(office.spill()).unwrap();
    fs::rename(&away, office.spill()).unwrap();
    unreadable(&office, false);
    let loaded = start(&office).opened().unwrap();
    assert_eq!(numbers(&loaded).len(), 1, "{:?}", loaded.remarks);
    assert!(keys::seal(&office.spare(), &to).is_ok());
    assert!(keys::seal(&office.spare(), &former).is_ok(), "followed");
    fs::remove_file(key_file(&office)).unwrap();
    assert!(keys::seal(&office.spare(), &to).is_ok());
}

#[test]
fn sec_20_no_new_keys_are_made_while_those_of_another_place_deny_the_key() {
    let mut office = Office::new();
    let key = key_file(&office);
    drop(start(&office).opened().unwrap());
    office.spare = true;
    fs::rename(&key, key.with_file_name("kept")).unwrap();
    keys::make_key_file(&key).unwrap();
    unreadable(&office, true);
    let mut desk = start(&office);
    desk.opened().unwrap_err();
    match desk.append(record(1, 1)) {
        Report::Written { result, .. } => {
            let said = result.unwrap_err().to_string();
            assert!(said.contains("紙に控えて"), "{said}");
        }
        other => panic!("{other:?}"),
    }
    assert!(!keys::there(&office.spare()));
    drop(desk);
    unreadable(&office, false);
    put_back(&key);
    let loaded = start(&office).opened().unwrap();
    assert_eq!(loaded.remarks, [""; 0]);
}

#[test]
fn a_place_that_does_not_open_is_called_what_it_is() {
    let (office, _) = moved(false);
    let other = KeySource::File(office.dir.path().join("other.key"));
    let KeySource::File(path) = &other else {
        return;
    };
    keys::make_key_file(path).unwrap();
    let (store, spill) = (office.store(), office.spill());
    let said = keys::open_beside(&spill, &[&other])
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains(&format!("は予備の場所 {} の鍵", spill.display())),
        "{said}"
    );
    let said = keys::seal(&store, &other)
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains(&format!("は保存先 {} の鍵", store.display())),
        "{said}"
    );
    fs::remove_file(path).unwrap();
    let said = keys::open_beside(&spill, &[&other])
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains(&format!("。予備の場所 {} はこの鍵", spill.display())),
        "{said}"
    );
}
