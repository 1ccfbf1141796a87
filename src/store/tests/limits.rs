//! In use, newer, no permission, full, read-only, replaced: said by name.

use super::*;
use crate::store::record::StoreError;
use std::process::Command;

#[test]
fn rel6_in_use_names_the_holder() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    match Store::open(dir.path(), &key(), moment(0)).map(|_| ()) {
        Err(StoreError::InUse { holder, .. }) => {
            assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        }
        other => panic!("{other:?}"),
    }
    drop(store);
    open(dir.path());
}

#[test]
fn rel7_a_record_of_a_newer_format_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    let payload = crate::store::frame::Sealed {
        hash: [0; 32],
        bytes: b"{}".to_vec(),
    };
    let mut header = crate::store::frame::Header::of(2, 0, &payload, [0; 32]);
    let newer = crate::store::frame::FORMAT + 1;
    header.format = newer;
    header.write(b"{}", &mut bytes);
    std::fs::write(segment(dir.path()), &bytes).unwrap();
    assert!(matches!(
        Store::open(dir.path(), &key(), moment(0)),
        Err(StoreError::Newer { found, .. }) if found == u32::from(newer)
    ));
    assert_eq!(std::fs::read(segment(dir.path())).unwrap(), bytes);
}

#[test]
fn f09_a_journal_replaced_under_the_running_program_acknowledges_nothing() {
    let replace = |dir: &Path| {
        let copy = std::fs::read(segment(dir)).unwrap();
        std::fs::remove_file(segment(dir)).unwrap();
        std::fs::write(segment(dir), copy).unwrap();
    };
    let remove = |dir: &Path| std::fs::remove_file(segment(dir)).unwrap();
    let grow = |dir: &Path| {
        let mut bytes = std::fs::read(segment(dir)).unwrap();
        bytes.push(0);
        std::fs::write(segment(dir), bytes).unwrap();
    };
    for change in [&replace as &dyn Fn(&Path), &remove, &grow] {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, _) = open(dir.path());
        store.append(&record(1, 1)).unwrap();
        change(dir.path());
        store.append(&record(2, 1)).unwrap_err();
        store.append(&record(3, 1)).unwrap_err();
        drop(store);
        let (mut store, _) = open(dir.path());
        store.append(&record(4, 1)).unwrap();
    }
}

#[test]
fn f09_nothing_is_left_in_what_has_taken_the_stores_place() {
    let work = tempfile::tempdir().unwrap();
    let (dir, away) = (work.path().join("store"), work.path().join("away"));
    for other in [false, true] {
        let (mut store, _) = open(&dir);
        store.append(&record(1, 1)).unwrap();
        std::fs::rename(&dir, &away).unwrap();
        if other {
            filled(&dir, 2);
            std::fs::remove_file(dir.join("index")).unwrap();
        } else {
            std::fs::create_dir(&dir).unwrap();
        }
        drop(store);
        assert!(!dir.join("index").exists(), "{other}");
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(numbers(&open(&away).1), first(1));
        std::fs::remove_dir_all(&away).unwrap();
    }
}

#[test]
fn no_place_for_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(Store::open(&file.join("store"), &key(), moment(0)).is_err());
    assert!(Store::open(&file, &key(), moment(0)).is_err());
}

/// A mounted tmpfs, unmounted when dropped.
struct Mount(tempfile::TempDir);

impl Mount {
    /// `None` where this user may not mount.
    fn new(options: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mount = Self(dir);
        mount
            .call(&["-t", "tmpfs", "-o", options, "tmpfs"])
            .then_some(mount)
    }

    fn call(&self, arguments: &[&str]) -> bool {
        Command::new("mount")
            .args(arguments)
            .arg(self.0.path())
            .output()
            .is_ok_and(|output| output.status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[test]
fn f03_full_disk() {
    let Some(mount) = Mount::new("size=3m,mode=0700") else {
        eprintln!("f03_full_disk: skipped, this user may not mount");
        return;
    };
    let dir = mount.0.path().join("store");
    let (mut store, _) = open(&dir);
    store.append(&record(1, 1)).unwrap();
    std::fs::write(mount.0.path().join("filler"), vec![1; 4 << 20]).unwrap_err();
    // What is left in the last page may still take some.
    let mut acknowledged = 1;
    let refused = loop {
        match store.append(&record(acknowledged + 1, 1)) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000);
    };
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
    drop(store);

    // Still full: it opens, and what was acknowledged is readable (REL-4).
    let (mut store, loaded) = open(&dir);
    assert_eq!(numbers(&loaded), first(acknowledged));
    assert!(matches!(
        store.append(&record(acknowledged + 1, 1)),
        Err(StoreError::Full { .. })
    ));
    // Room again: the same store goes on without being opened anew.
    std::fs::remove_file(mount.0.path().join("filler")).unwrap();
    store.append(&record(acknowledged + 1, 1)).unwrap();
    drop(store);
    let (_, loaded) = open(&dir);
    assert_eq!(numbers(&loaded), first(acknowledged + 1));
    assert_eq!(
        crate::store::verify::verify(&dir, None).unwrap().findings,
        []
    );
}

#[test]
fn f05_read_only_disk() {
    let Some(mount) = Mount::new("size=8m,mode=0700") else {
        eprintln!("f05_read_only_disk: skipped, this user may not mount");
        return;
    };
    let dir = mount.0.path().join("store");
    filled(&dir, 2);
    assert!(mount.call(&["-o", "remount,ro"]));
    // Reading works, saving says so.
    let (mut store, loaded) = open(&dir);
    assert_eq!(numbers(&loaded), first(2));
    assert!(matches!(
        store.append(&record(3, 1)),
        Err(StoreError::ReadOnly { .. })
    ));
    drop(store);
    assert_eq!(crate::store::verify::verify(&dir, None).unwrap().good, 2);
}
