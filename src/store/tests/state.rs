//! Sled deleted, broken, behind, ahead, of another store: made anew from the
//! journal, and a person is told.

use super::*;
use crate::store::remark::{Grade, Loss};
use crate::store::view::View;

/// Whether a former state was moved aside.
fn set_aside(dir: &Path) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        entry
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("state.20261120-091241")
    })
}

/// Puts on record what is told of losses, as the desk does.
fn tell(store: &mut Store, loaded: &Loaded) {
    for remark in &loaded.remarks {
        if remark.grade == Grade::Loss {
            let loss = Loss {
                at: moment(0),
                text: remark.text.clone(),
                read: false,
            };
            let what = What::Loss(Box::new(loss));
            store
                .append(&Record {
                    what,
                    ..record(1, 1)
                })
                .unwrap();
        }
    }
}

fn opens_with(dir: &Path, count: u32, remark: &str) {
    let (mut store, loaded) = open(dir);
    assert_eq!(numbers(&loaded), first(count));
    assert!(
        loaded.remarks.iter().any(|r| r.contains(remark)),
        "{:?}",
        loaded.remarks
    );
    tell(&mut store, &loaded);
    store.append(&record(count + 1, 1)).unwrap();
    drop(store);
    let (_, again) = open(dir);
    assert_eq!(numbers(&again), first(count + 1));
    assert_eq!(again.remarks, [""; 0]);
}

#[test]
fn dom_53_a_note_ends_its_draft_though_killed_before_sled_has_heard_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (state, before) = (dir.path().join("state"), dir.path().join("before"));
    filled(dir.path(), 3);
    let saved = draft("保存");
    let all = Draft {
        others: vec![draft("別の人")],
        ..saved.clone()
    };
    let (mut store, _) = open(dir.path());
    store.keep_draft("003", Some(&all)).unwrap();
    store.keep_draft("002", Some(&saved)).unwrap();
    drop(store);
    std::fs::rename(&state, &before).unwrap();
    copy(&before, &state);
    let (mut store, _) = open(dir.path());
    let record = Record {
        ends: Some(saved.mark()),
        ..record(4, 1)
    };
    store.append(&record).unwrap();
    drop(store);
    let left = [
        ("002".to_owned(), saved.clone()),
        ("003".to_owned(), draft("別の人")),
    ];
    assert_eq!(open(dir.path()).1.drafts, left);
    // As the kill left it: the note in the journal, sled without.
    std::fs::remove_dir_all(&state).unwrap();
    std::fs::rename(&before, &state).unwrap();
    assert_eq!(open(dir.path()).1.drafts, left);
    // Typed once more, it is a draft again.
    let (mut store, _) = open(dir.path());
    store.keep_draft("003", Some(&saved)).unwrap();
    drop(store);
    let typed = ("003".to_owned(), saved.clone());
    assert!(open(dir.path()).1.drafts.contains(&typed));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn sled_deleted() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    opens_with(dir.path(), 5, "作り直しました");
    assert!(!set_aside(dir.path()));
}

#[test]
fn rel_5_drafts_that_may_be_lost_are_told_until_that_is_on_record() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    let lost = |loaded: &Loaded| {
        (loaded.remarks.iter())
            .filter(|remark| remark.grade == Grade::Loss && remark.contains("入力途中の控え"))
            .count()
    };
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    // Ended each time before anybody wrote it down; once while the state was
    // being made.
    for round in 0..3 {
        if round == 2 {
            let view = View::open(&dir.path().join("state"), &seal(dir.path())).unwrap();
            view.fill(&[]).unwrap();
            view.sync().unwrap();
        }
        let (mut store, loaded) = open(dir.path());
        assert_eq!(lost(&loaded), 1, "{round}: {:?}", loaded.remarks);
        store.append(&record(6 + round, 1)).unwrap();
    }
    let (mut store, loaded) = open(dir.path());
    tell(&mut store, &loaded);
    drop(store);
    let (_store, loaded) = open(dir.path());
    assert_eq!(loaded.remarks, [""; 0]);
    assert_eq!(numbers(&loaded), first(8));
}

#[test]
fn sled_garbage() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    for entry in std::fs::read_dir(dir.path().join("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::write(path, vec![0x5A; 70_000]).unwrap();
        }
    }
    opens_with(dir.path(), 5, "作り直しました");
    assert!(set_aside(dir.path()));
}

#[test]
fn sled_behind_is_caught_up() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let old = tempfile::tempdir().unwrap();
    copy(&dir.path().join("state"), old.path());
    let (mut store, _) = open(dir.path());
    for number in 4..=5 {
        store.append(&record(number, 1)).unwrap();
    }
    drop(store);
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    copy(old.path(), &dir.path().join("state"));
    opens_with(dir.path(), 5, "記録から 2 件を補いました");
    assert!(!set_aside(dir.path()));
}

#[test]
fn sled_of_another_store_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let other = tempfile::tempdir().unwrap();
    let (mut store, _) = open(other.path());
    for revision in 1..=3 {
        store.append(&record(9, revision)).unwrap();
    }
    drop(store);
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    copy(&other.path().join("state"), &dir.path().join("state"));
    opens_with(dir.path(), 3, "作り直しました");
    assert!(set_aside(dir.path()));
}

#[test]
fn a_half_written_snapshot_does_not_keep_sled_shut() {
    for content in [&b""[..], b"half"] {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 3);
        let name = "state/snap.FFFFFFFFFFFFFFF0.generating";
        std::fs::write(dir.path().join(name), content).unwrap();
        let (_store, loaded) = open(dir.path());
        assert_eq!(numbers(&loaded), first(3));
        assert_eq!(loaded.remarks, [""; 0]);
        assert!(
            dir.path()
                .join("state/aside.snap.FFFFFFFFFFFFFFF0.generating")
                .exists()
        );
    }
}

#[test]
fn a_snapshot_newer_than_the_log_is_moved_aside_and_drafts_stay() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (mut store, _) = open(dir.path());
    store.keep_draft("003", Some(&draft("シケ"))).unwrap();
    drop(store);
    drop(open(dir.path()));
    std::fs::write(dir.path().join("state/snap.FFFFFFFFFFFFFFF0"), [7; 64]).unwrap();
    let (_store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(3));
    assert_eq!(loaded.drafts, [("003".to_owned(), draft("シケ"))]);
}

#[test]
fn dom53_drafts_are_kept_by_person_and_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    store.keep_draft("003", Some(&draft("シ"))).unwrap();
    store.keep_draft("003", Some(&draft("シケ"))).unwrap();
    store.keep_draft("001", Some(&draft("カ"))).unwrap();
    drop(store);
    let (mut store, loaded) = open(dir.path());
    assert_eq!(
        loaded.drafts,
        [
            ("001".to_owned(), draft("カ")),
            ("003".to_owned(), draft("シケ"))
        ]
    );
    store.keep_draft("003", None).unwrap();
    drop(store);
    assert_eq!(open(dir.path()).1.drafts.len(), 1);
}

#[test]
fn drafts_outlive_a_sled_that_disagrees() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (mut store, _) = open(dir.path());
    store.keep_draft("003", Some(&draft("シケ"))).unwrap();
    drop(store);
    std::fs::remove_file(segment(dir.path())).unwrap();
    let (store, loaded) = open(dir.path());
    assert_eq!(loaded.notes().len(), 3);
    assert_eq!(loaded.drafts.len(), 1);
    drop(store);
    assert_eq!(open(dir.path()).1.drafts.len(), 1);
}

#[test]
fn rel_6_who_holds_the_store_can_be_asked_without_opening_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let held = crate::store::free(dir.path()).unwrap_err();
    assert!(
        held.to_string().contains(&std::process::id().to_string()),
        "{held}"
    );
    drop(store);
    assert_eq!(crate::store::free(dir.path()), Ok(()));
}
