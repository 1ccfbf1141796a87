//! The index and the shelf: a copy that is believed only as far as the
//! journal bears it out, and notes that are fetched one by one.

use super::*;
use crate::store::index;
use crate::store::record::Progress;

fn index_file(dir: &Path) -> PathBuf {
    dir.join(index::NAME)
}

/// Notes 1 to `count`, the first of them twice, with the index at the end.
fn indexed(dir: &Path, count: u32) {
    filled(dir, count);
    let (mut store, _) = open(dir);
    store.append(&record(1, 2)).unwrap();
}

fn expected(count: u32) -> Vec<(u32, u32)> {
    let mut all = first(count);
    all[0].1 = 2;
    all
}

#[test]
fn an_index_that_is_not_right_is_no_index() {
    let origin = tempfile::tempdir().unwrap();
    indexed(origin.path(), 30);
    let whole = std::fs::read(index_file(origin.path())).unwrap();
    let work = tempfile::tempdir().unwrap();
    let dir = work.path().join("store");
    let mut random = fastrand::Rng::with_seed(7);
    let mut cases: Vec<(String, Option<Vec<u8>>)> = vec![
        ("none".to_owned(), None),
        ("empty".to_owned(), Some(Vec::new())),
    ];
    for cut in [3, 15, 20, whole.len() / 2, whole.len() - 1] {
        cases.push((format!("cut at {cut}"), Some(whole[..cut].to_vec())));
    }
    for _ in 0..60 {
        let bit = random.usize(..whole.len() * 8);
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        cases.push((format!("bit {bit}"), Some(flipped)));
    }
    for (name, bytes) in cases {
        copy(origin.path(), &dir);
        match bytes {
            Some(bytes) => std::fs::write(index_file(&dir), bytes).unwrap(),
            None => std::fs::remove_file(index_file(&dir)).unwrap(),
        }
        assert!(index::read(&dir, &seal(&dir)).is_none(), "{name}");
        let (store, loaded) = open(&dir);
        assert_eq!(numbers(&loaded), expected(30), "{name}");
        assert_eq!(loaded.remarks, [""; 0], "{name}");
        drop(store);
        let written = index::read(&dir, &seal(&dir));
        assert_eq!(written.map(|register| register.len()), Some(30), "{name}");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn an_older_index_is_brought_up_to_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    let old = std::fs::read(index_file(dir.path())).unwrap();
    let (mut store, _) = open(dir.path());
    for number in 6..=9 {
        store.append(&record(number, 1)).unwrap();
    }
    store.append(&record(1, 2)).unwrap();
    drop(store);
    std::fs::write(index_file(dir.path()), old).unwrap();
    let (_store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), expected(9));
    assert_eq!(loaded.remarks, [""; 0], "sled was not behind");
}

#[test]
fn an_index_of_another_journal_is_not_believed() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    filled(one.path(), 8);
    // The same keys, another past.
    drop(open(two.path()));
    for name in ["keys", "keys.spare", "format"] {
        std::fs::copy(one.path().join(name), two.path().join(name)).unwrap();
    }
    std::fs::remove_dir_all(two.path().join("state")).unwrap();
    filled(two.path(), 3);
    std::fs::copy(index_file(one.path()), index_file(two.path())).unwrap();
    assert!(index::read(two.path(), &seal(two.path())).is_some());
    assert_eq!(numbers(&open(two.path()).1), first(3));
}

#[test]
fn what_sled_lacks_is_read_from_the_journal_and_sled_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 6);
    // A sled that claims to be complete and is not.
    let state = dir.path().join("state");
    let view = crate::store::view::View::open(&state, &seal(dir.path())).unwrap();
    view.tree().remove("20261120-0003").unwrap();
    view.sync().unwrap();
    drop(view);
    let (mut store, loaded) = open(dir.path());
    assert_eq!(loaded.remarks, [""; 0]);
    assert_eq!(numbers(&loaded), first(6));
    store.append(&record(7, 1)).unwrap();
    assert!(store.take_remarks()[0].contains("作り直します"));
    drop(store);
    let (_store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(7));
    assert!(
        loaded.remarks[0].contains("作り直しました"),
        "{:?}",
        loaded.remarks
    );
}

#[test]
fn a_note_that_cannot_be_read_is_known_and_not_given() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    let second = crate::store::frame::Header::read(&bytes).unwrap().size() as usize;
    bytes[second + crate::store::frame::HEADER + 60] ^= 1;
    std::fs::write(segment(dir.path()), bytes).unwrap();
    let state = dir.path().join("state");
    let view = crate::store::view::View::open(&state, &seal(dir.path())).unwrap();
    view.tree().remove("20261120-0002").unwrap();
    view.sync().unwrap();
    drop(view);
    let (store, loaded) = open(dir.path());
    assert_eq!(loaded.outlines.len(), 3);
    assert_eq!(numbers(&loaded), [(1, 1), (3, 1)]);
    let id = loaded.outlines[1].id.clone();
    assert_eq!(loaded.shelf.as_ref().unwrap().note(&id), None);
    assert!(store.note(&id).is_err());
}

#[test]
fn the_shelf_follows_what_is_written_and_survives_its_store() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, loaded) = open(dir.path());
    let shelf = loaded.shelf.unwrap();
    let id = note(1, 1).id;
    assert_eq!(shelf.note(&id), None);
    for revision in 1..=3 {
        store.append(&record(1, revision)).unwrap();
        assert_eq!(shelf.note(&id), Some(note(1, revision)));
    }
    drop(store);
    assert_eq!(shelf.note(&id), Some(note(1, 3)), "from the journal alone");
    let (_store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), [(1, 3)], "the shelf does not hold sled");
}

#[test]
fn people_the_checklist_and_unread_losses_come_back_by_every_way() {
    use crate::domain::opening::Opening;
    use crate::domain::staff::Credential;
    use crate::store::remark::Loss;
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    let mut known = Credential::new("003");
    for failures in 1..=3 {
        known.failures = failures;
        store
            .append(&Record {
                what: What::Staff(Box::new(known.clone())),
                ..record(1, 1)
            })
            .unwrap();
    }
    let opening = Opening::default();
    store
        .append(&Record {
            what: What::Opening(Box::new(opening.clone())),
            ..record(1, 1)
        })
        .unwrap();
    for since in [Some(moment(10)), None, Some(moment(20))] {
        store
            .append(&Record {
                what: What::line(since),
                ..record(1, 1)
            })
            .unwrap();
    }
    let loss = |text: &str, read| Loss {
        at: moment(5),
        text: text.to_owned(),
        read,
    };
    for told in [
        loss("記録 3", false),
        loss("記録 4", false),
        loss("記録 3", true),
        loss("記録 5", false),
        loss("記録 5", true),
        loss("記録 5", false),
    ] {
        store
            .append(&Record {
                what: What::Loss(Box::new(told)),
                ..record(1, 1)
            })
            .unwrap();
    }
    let losses = [loss("記録 4", false), loss("記録 5", false)];
    drop(store);
    for without in [None, Some("index"), Some("state")] {
        match without {
            Some("index") => std::fs::remove_file(index_file(dir.path())).unwrap(),
            Some(folder) => std::fs::remove_dir_all(dir.path().join(folder)).unwrap(),
            None => {}
        }
        let (store, loaded) = open(dir.path());
        assert_eq!(loaded.staff, [known.clone()], "{without:?}");
        assert_eq!(loaded.opening, Some(opening.clone()), "{without:?}");
        assert_eq!(loaded.outage, Some(moment(20)), "{without:?}");
        assert_eq!(loaded.losses, losses, "{without:?}");
        drop(store);
    }
}

#[test]
fn a_long_rebuild_tells_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    for result in store.commit((1..=2500).map(|n| record(n, 1)).collect()) {
        result.unwrap();
    }
    drop(store);
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    let mut told = Vec::new();
    let progress = &mut |progress| told.push(progress);
    let (_store, loaded) = Store::open_telling(dir.path(), &key(), moment(0), progress).unwrap();
    assert_eq!(loaded.outlines.len(), 2500);
    let total = 2500;
    let at = |done| Progress { done, total };
    assert_eq!(told, [at(1000), at(2000)]);
}
