//! What is told of a loss, and what of a repair.

use super::*;
use crate::store::remark::{Grade, Remark};
use crate::store::view::View;
use std::fs;

/// The grades of the remarks in which `words` stand.
fn grades(remarks: &[Remark], words: &str) -> Vec<Grade> {
    (remarks.iter())
        .filter(|remark| remark.contains(words))
        .map(|remark| remark.grade)
        .collect()
}

fn cut(dir: &Path, bytes: u64) {
    let file = fs::OpenOptions::new()
        .write(true)
        .open(segment(dir))
        .unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length - bytes).unwrap();
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// What is done to a store, and what is told of it.
type Case = (&'static str, fn(&Path), &'static str, Grade);

#[test]
fn rel_5_what_may_be_lost_is_told_apart_from_what_is_repaired() {
    let cases: [Case; 9] = [
        (
            "the end that was acknowledged is cut off",
            |dir| cut(dir, 20),
            "失われています",
            Grade::Loss,
        ),
        (
            "and so is what is left of its record",
            |dir| cut(dir, 20),
            "切り取りました",
            Grade::Loss,
        ),
        (
            "an unfinished record behind the last",
            |dir| {
                let mut bytes = fs::read(segment(dir)).unwrap();
                bytes.extend_from_slice(&bytes.clone()[..60]);
                fs::write(segment(dir), bytes).unwrap();
            },
            "切り取りました",
            Grade::Known,
        ),
        (
            "a record in the middle is damaged, and nothing else knows it",
            |dir| {
                fs::remove_dir_all(dir.join("state")).unwrap();
                let _ = fs::remove_file(dir.join("index"));
                let length = fs::read(segment(dir)).unwrap().len();
                flip(&segment(dir), length / 2);
            },
            "がありません",
            Grade::Loss,
        ),
        (
            "the state with the drafts cannot be opened",
            |dir| {
                for entry in fs::read_dir(dir.join("state")).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_file() {
                        fs::write(path, vec![0x5A; 70_000]).unwrap();
                    }
                }
            },
            "入力途中の控えがあったとき",
            Grade::Loss,
        ),
        (
            "the state with the drafts is deleted",
            |dir| fs::remove_dir_all(dir.join("state")).unwrap(),
            "入力途中の控えがあったとき",
            Grade::Loss,
        ),
        (
            "a filling of the state was broken off",
            |dir| {
                let view = View::open(&dir.join("state"), &seal(dir)).unwrap();
                view.fill(&[]).unwrap();
                view.sync().unwrap();
                drop(view);
                let _ = fs::remove_file(dir.join("index"));
            },
            "作り直しました",
            Grade::Known,
        ),
        (
            "the format",
            |dir| fs::write(dir.join("format"), "").unwrap(),
            "format",
            Grade::Known,
        ),
        (
            "the copy of the keys",
            |dir| fs::remove_file(dir.join("keys.spare")).unwrap(),
            "鍵束",
            Grade::Known,
        ),
    ];
    for (name, harm, words, grade) in cases {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 4);
        harm(dir.path());
        let (_store, loaded) = open(dir.path());
        let found = grades(&loaded.remarks, words);
        assert!(!found.is_empty(), "{name}: {:?}", loaded.remarks);
        assert!(
            found.iter().all(|found| *found == grade),
            "{name}: {:?}",
            loaded.remarks
        );
    }
}

#[test]
fn rel_5_a_new_store_has_lost_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (store, loaded) = open(dir.path());
    assert_eq!(loaded.remarks, [""; 0]);
    drop(store);
    // Killed before its first record, with the folder or without.
    fs::remove_dir_all(dir.path().join("state")).unwrap();
    let (_store, loaded) = open(dir.path());
    assert_eq!(loaded.remarks, [""; 0]);
}
