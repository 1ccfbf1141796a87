//! Records that were acknowledged and are gone from the journal: named, and
//! their notes taken back from sled.

use super::*;
use crate::store::audit::anchor::{keeper::Keeper, path};
use crate::store::frame::Header;
use crate::store::verify::verify;
use crate::store::walk::Flaw;

/// Bytes of the first record.
fn one(dir: &Path) -> usize {
    let bytes = std::fs::read(segment(dir)).unwrap();
    Header::read(&bytes).unwrap().size() as usize
}

fn cut(dir: &Path, to: usize) {
    let bytes = std::fs::read(segment(dir)).unwrap();
    std::fs::write(segment(dir), &bytes[..to]).unwrap();
}

/// The notes' numbers, and whether each was brought back.
fn notes(loaded: &Loaded) -> Vec<(u32, bool)> {
    let notes = loaded.notes();
    let each = notes.iter().map(|found| {
        let number = found.id.0.rsplit('-').next().unwrap().parse().unwrap();
        let mut before = found.clone();
        let line = before.history.pop();
        if let Some(line) = &line {
            assert!(line.text.contains("書き戻しました"), "{line:?}");
        }
        assert_eq!(before, note(number, found.revision));
        (number, line.is_some())
    });
    each.collect()
}

fn flaws(dir: &Path) -> Vec<Flaw> {
    let report = verify(dir, Some(&seal(dir))).unwrap();
    report.findings.iter().map(|found| found.flaw).collect()
}

fn said(loaded: &Loaded, words: &str) -> bool {
    loaded.remarks.iter().any(|remark| remark.contains(words))
}

#[test]
fn rel1_a_journal_cut_by_several_records_gets_its_notes_back_from_sled() {
    for torn in [0, 20, 150] {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 5);
        cut(dir.path(), 2 * one(dir.path()) + torn);
        let (mut store, loaded) = open(dir.path());
        let all = [(1, false), (2, false), (3, true), (4, true), (5, true)];
        assert_eq!(notes(&loaded), all, "{torn}: {:?}", loaded.remarks);
        assert!(
            said(&loaded, "記録 3～5 が失われています"),
            "{:?}",
            loaded.remarks
        );
        assert!(said(&loaded, "20261120-0005"), "{:?}", loaded.remarks);
        assert!(!said(&loaded, "控えました"), "{:?}", loaded.remarks);
        assert_eq!(said(&loaded, "切り取りました"), torn > 0);
        assert_eq!(store.next_seq(), 9, "no number is given out twice");
        store.append(&record(6, 1)).unwrap();
        drop(store);
        // The gap stays a finding.
        assert_eq!(flaws(dir.path()), [Flaw::Missing { from: 3, to: 5 }]);
        let (_store, loaded) = open(dir.path());
        assert_eq!(notes(&loaded).len(), 6);
    }
}

#[test]
fn rel1_a_journal_that_is_gone_comes_back_from_sled() {
    for file in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 3);
        let (mut store, _) = open(dir.path());
        let staff = crate::domain::staff::Credential::new("003");
        let what = What::Staff(Box::new(staff.clone()));
        store
            .append(&Record {
                what,
                ..record(1, 1)
            })
            .unwrap();
        drop(store);
        if file {
            std::fs::remove_file(segment(dir.path())).unwrap();
        } else {
            std::fs::remove_dir_all(dir.path().join("journal")).unwrap();
        }
        let before = tempfile::tempdir().unwrap();
        copy(&dir.path().join("state"), before.path());
        let (store, loaded) = open(dir.path());
        assert_eq!(notes(&loaded), [(1, true), (2, true), (3, true)]);
        assert_eq!(loaded.staff, [staff]);
        assert!(
            said(&loaded, "記録 1～4 が失われています"),
            "{:?}",
            loaded.remarks
        );
        assert_eq!(store.next_seq(), 9);
        drop(store);
        assert_eq!(flaws(dir.path()), [Flaw::Missing { from: 1, to: 4 }]);

        // Killed before sled was made anew: nothing comes back twice.
        let state = dir.path().join("state");
        std::fs::remove_dir_all(&state).unwrap();
        copy(before.path(), &state);
        let (store, loaded) = open(dir.path());
        assert_eq!(notes(&loaded), [(1, true), (2, true), (3, true)]);
        assert_eq!(store.next_seq(), 9);
    }
}

#[test]
fn rel1_a_damaged_head_at_the_end_does_not_take_the_note_with_it() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    let last = 2 * one(dir.path());
    bytes[last + 10] ^= 1;
    std::fs::write(segment(dir.path()), bytes).unwrap();
    let (_store, loaded) = open(dir.path());
    assert_eq!(notes(&loaded), [(1, false), (2, false), (3, true)]);
    assert!(
        said(&loaded, "記録 3 が失われています"),
        "{:?}",
        loaded.remarks
    );
}

#[test]
fn rel1_what_only_the_anchors_know_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("store");
    filled(&dir, 2);
    let early = folder.path().join("early");
    copy(&dir, &early);
    let (mut store, _) = open(&dir);
    for number in 3..=5 {
        store.append(&record(number, 1)).unwrap();
    }
    let mut keeper = Keeper::new(&dir, &seal(&dir)).unwrap();
    keeper.before(moment(5), store.last()).unwrap();
    drop(store);
    std::fs::remove_dir_all(&dir).unwrap();
    copy(&early, &dir);
    let (mut store, loaded) = open(&dir);
    assert_eq!(numbers(&loaded), first(2));
    assert!(
        said(&loaded, "記録 3～5 が失われています"),
        "{:?}",
        loaded.remarks
    );
    assert_eq!(loaded.given, [NoteId("20261120-0005".to_owned())]);
    assert_eq!(store.append(&record(6, 1)), Ok(6));
    drop(store);
    assert_eq!(flaws(&dir), [Flaw::Missing { from: 3, to: 5 }]);

    // Anchors of a store that lay here before say nothing of this one.
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(path(&dir).exists());
    for _ in 0..2 {
        let (mut store, loaded) = open(&dir);
        assert_eq!(loaded.remarks, [""; 0]);
        store.append(&record(9, store.next_seq() as u32)).unwrap();
    }
}

#[test]
fn rel11_notes_that_only_the_index_knows_keep_their_numbers() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    cut(dir.path(), one(dir.path()));
    let (store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(1));
    assert!(
        said(&loaded, "20261120-0002、20261120-0003"),
        "{:?}",
        loaded.remarks
    );
    let given = ["20261120-0002", "20261120-0003", "20261120-0005"];
    assert_eq!(loaded.given, given.map(|id| NoteId(id.to_owned())));
    assert_eq!(store.next_seq(), 4);
}
