//! SEC-30: what was acknowledged behind the last anchor is missed, and whose
//! it was is said, without the store being opened.

use super::*;
use crate::store::audit::{Elsewhere, Report, What, verify};
use crate::store::frame::Header;
use crate::store::tests::{copy, draft, note, open, record, seal, segment};
use std::fs;

/// A store as a kill leaves it: it ended well at record 3, and sled has
/// followed to record 6. Where each record ends.
fn killed(home: &Path) -> (std::path::PathBuf, Vec<u64>) {
    let (running, dir) = (home.join("running"), home.join("store"));
    for (from, to) in [(1, 3), (4, 6)] {
        let (store, _) = open(&running);
        let mut store = store.keep_anchors();
        for number in from..=to {
            store.append(&record(number, 1)).unwrap();
        }
        store.keep_draft("003", Some(&draft("シ"))).unwrap();
        if to == 6 {
            copy(&running, &dir);
            let anchors = home.join("running.anchors");
            fs::copy(anchors, home.join("store.anchors")).unwrap();
        }
    }
    let bytes = fs::read(segment(&dir)).unwrap();
    let mut ends = vec![0];
    while ends.last() != Some(&(bytes.len() as u64)) {
        let at = ends[ends.len() - 1];
        ends.push(at + Header::read(&bytes[at as usize..]).unwrap().size());
    }
    assert_eq!(ends.len(), 7);
    (dir, ends)
}

fn say(dir: &Path, with_key: bool) -> Report {
    let seal = with_key.then(|| seal(dir));
    let beside = Beside::of(dir, seal.as_ref(), crate::store::tests::moment(0)).unwrap();
    let elsewhere = Elsewhere {
        witness: Some(&beside),
        ..Elsewhere::default()
    };
    verify(dir, seal.as_ref(), &elsewhere).unwrap()
}

#[test]
fn sec30_records_cut_off_behind_the_last_anchor_are_missed() {
    let home = tempfile::tempdir().unwrap();
    let (dir, ends) = killed(home.path());
    let state = fs::read(dir.join("state/db")).unwrap();
    let whole = say(&dir, true);
    assert_eq!((whole.wrong.len(), whole.held, whole.known), (0, 3, 6));
    // Killed: a seventh may have been acknowledged.
    assert!(!whole.end);

    let file = fs::OpenOptions::new()
        .write(true)
        .open(segment(&dir))
        .unwrap();
    file.set_len(ends[4]).unwrap();
    for with_key in [true, false] {
        let report = say(&dir, with_key);
        let cut = &report.wrong[0];
        assert_eq!((cut.seq, cut.what), (5, What::Cut { to: 6 }), "{report:?}");
        assert_eq!(report.wrong.len(), 1);
        let notes: &[NoteId] = if with_key {
            &[note(5, 1).id, note(6, 1).id]
        } else {
            &[]
        };
        assert_eq!(cut.notes, notes);
    }
    // Looked at, not mended.
    assert_eq!(fs::read(dir.join("state/db")).unwrap(), state);
}

#[test]
fn sec30_a_note_saved_since_the_last_index_is_named() {
    let home = tempfile::tempdir().unwrap();
    let (dir, ends) = killed(home.path());
    let mut bytes = fs::read(segment(&dir)).unwrap();
    bytes[ends[5] as usize - 1] ^= 1;
    fs::write(segment(&dir), &bytes).unwrap();
    let report = say(&dir, true);
    assert_eq!(report.wrong[0].notes, [note(5, 1).id]);
}

#[test]
fn a_store_somebody_has_open_is_not_copied() {
    let home = tempfile::tempdir().unwrap();
    let (_store, _) = open(home.path());
    let refused = Beside::of(home.path(), None, crate::store::tests::moment(0));
    assert!(matches!(refused, Err(StoreError::InUse { .. })));
}

#[test]
fn a_store_without_sled_is_known_by_its_index() {
    let home = tempfile::tempdir().unwrap();
    let (dir, _) = killed(home.path());
    fs::remove_dir_all(dir.join(STATE)).unwrap();
    let report = say(&dir, true);
    assert_eq!(
        (report.wrong.len(), report.known, report.end),
        (0, 3, false)
    );
}
