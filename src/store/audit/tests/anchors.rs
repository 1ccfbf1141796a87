//! SEC-30: the anchors beside the store, and what is done to them.

use super::super::anchor::kept::Kept;
use super::super::anchor::{self, Anchor, hex};
use super::super::{Elsewhere, Report, What, verify};
use crate::store::seal::Seal;
use crate::store::tests::{key, moment, record};
use crate::store::{Store, keys};
use std::fs;
use std::path::PathBuf;

struct Rig {
    home: tempfile::TempDir,
    seal: Seal,
}

/// A short opening that writes `count` records.
fn run(dir: &std::path::Path, first: u32, count: u32) {
    let (store, _) = Store::open(dir, &key(), moment(0)).unwrap();
    let mut store = store.keep_anchors();
    for number in first..first + count {
        store.append(&record(number, 1)).unwrap();
    }
    assert_eq!(store.take_remarks(), [""; 0]);
}

/// Two runs of three records: anchors in front of 1, behind 3 and behind 6.
fn rig() -> Rig {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    run(&dir, 1, 3);
    run(&dir, 4, 3);
    let seal = keys::seal(&dir, &key()).unwrap();
    Rig { home, seal }
}

impl Rig {
    fn dir(&self) -> PathBuf {
        self.home.path().join("store")
    }

    fn file(&self) -> PathBuf {
        anchor::path(&self.dir())
    }

    fn journal(&self) -> PathBuf {
        self.dir().join("journal/2026-11.log")
    }

    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn write(&self, lines: &[String]) {
        fs::write(self.file(), lines.join("\n") + "\n").unwrap();
    }

    fn say(&self, key: bool) -> Report {
        verify(
            &self.dir(),
            key.then_some(&self.seal),
            &Elsewhere::default(),
        )
        .unwrap()
    }

    fn wrong(&self, key: bool) -> Vec<What> {
        self.say(key).wrong.iter().map(|w| w.what).collect()
    }

    /// Takes the last records away, and `bytes` of the one before.
    fn cut(&self, records: usize, bytes: u64) {
        let (mut ends, mut at) = (vec![0], 0);
        let whole = fs::read(self.journal()).unwrap();
        while let Some(header) = crate::store::frame::Header::read(&whole[at as usize..]) {
            at += header.size();
            ends.push(at);
            if at == whole.len() as u64 {
                break;
            }
        }
        let end = ends[ends.len() - 1 - records] - bytes;
        let file = fs::OpenOptions::new().write(true).open(self.journal());
        file.unwrap().set_len(end).unwrap();
    }
}

#[test]
fn what_nobody_touched_is_well() {
    let rig = rig();
    assert_eq!(rig.lines().len(), 3);
    for key in [true, false] {
        let report = rig.say(key);
        assert_eq!((report.wrong.as_slice(), report.held), (&[][..], 6));
    }
    // A change of keys leaves the marks right.
    crate::store::rotate::rotate(&rig.dir(), &key(), None, moment(9), &mut |_| Ok(())).unwrap();
    let seal = keys::seal(&rig.dir(), &key()).unwrap();
    let report = verify(&rig.dir(), Some(&seal), &Elsewhere::default()).unwrap();
    assert_eq!((report.wrong.as_slice(), report.held), (&[][..], 6));
}

#[test]
fn a_cut_end_of_a_closed_store_is_found_and_is_not_half_written() {
    for bytes in [0, 1, 40] {
        let rig = rig();
        // The whole last record, or the end of it.
        rig.cut(usize::from(bytes == 0), bytes);
        for key in [true, false] {
            let report = rig.say(key);
            let found: Vec<What> = report.wrong.iter().map(|w| w.what).collect();
            assert_eq!(found, [What::Cut { to: 6 }], "{bytes}");
            assert_eq!((report.unfinished, report.lost_from), (0, Some(6)));
        }
    }
}

#[test]
fn a_file_that_is_gone_is_found_with_and_without_the_key() {
    let rig = rig();
    fs::remove_file(rig.file()).unwrap();
    rig.cut(2, 0);
    for key in [true, false] {
        assert_eq!(rig.wrong(key), [What::NoAnchors]);
    }
    // A new one does not make up for it: the journal knows.
    run(&rig.dir(), 7, 1);
    let told = [1, 2].map(|line| What::AnchorLine { line });
    // Sled knew of the records that were cut off: their numbers stay free.
    assert_eq!(
        rig.wrong(true),
        [[What::Missing { to: 6 }].as_slice(), &told].concat()
    );
}

#[test]
fn lines_dropped_at_the_end_are_found_by_what_was_written_later() {
    let rig = rig();
    rig.write(&rig.lines()[..1]);
    rig.cut(1, 0);
    let cut = What::AnchorsCut { told: 2, left: 1 };
    assert_eq!(rig.wrong(true), [cut]);
    assert!(!rig.say(true).wrong[0].to_string().is_empty());
}

#[test]
fn a_changed_line_is_found_with_the_key_and_by_the_line_behind_it() {
    let rig = rig();
    for line in 0..3 {
        for at in [3, 30, 90, 150, 200] {
            let lines = rig.lines();
            let mut changed = lines.clone();
            let Some(old) = changed[line].chars().nth(at) else {
                continue;
            };
            let new = if old == '1' { "2" } else { "1" };
            changed[line].replace_range(at..=at, new);
            rig.write(&changed);
            let bad = What::AnchorLine {
                line: line as u64 + 1,
            };
            assert!(rig.wrong(true).contains(&bad), "{line} {at}");
            assert!(line == 2 || !rig.wrong(false).is_empty(), "{line} {at}");
            rig.write(&lines);
        }
    }
    let mut lines = rig.lines();
    lines.remove(1);
    rig.write(&lines);
    for key in [true, false] {
        assert!(rig.wrong(key).contains(&What::AnchorLine { line: 2 }));
    }
}

#[test]
fn a_line_forged_without_the_key_is_found_with_it() {
    let rig = rig();
    rig.cut(1, 0);
    let head = verify(&rig.dir(), None, &Elsewhere::default())
        .unwrap()
        .head;
    let good = rig.lines();
    rig.write(&good[..2]);
    let kept = Kept::load(&rig.file(), None).unwrap().unwrap();
    let last = Anchor {
        at: Some(moment(5)),
        seq: 5,
        place: Some(("2026-11.log".to_owned(), 0)),
        head: hex(&head),
    };
    let other = Seal::new([1; 16], [3; 32].into(), vec![(1, [4; 32].into())]);
    let (forged, _) = kept.next(&last, &other);
    rig.write(&[good[0].clone(), good[1].clone(), forged.trim().to_owned()]);
    assert_eq!(rig.wrong(true), [What::AnchorLine { line: 3 }]);
    assert_eq!(rig.wrong(false), [], "not checked without the key");
}

#[test]
fn a_rollback_of_both_is_found_by_a_copy_elsewhere() {
    let rig = rig();
    let copy = rig.home.path().join("copy");
    fs::copy(rig.file(), &copy).unwrap();
    let head = Anchor::typed(&format!("6:{}", hex(&rig.say(true).head))).unwrap();
    rig.cut(2, 0);
    rig.write(&rig.lines()[..2]);
    assert_eq!(rig.wrong(true), [], "nothing here can know");
    let copy = Kept::load(&copy, Some(&rig.seal)).unwrap();
    let heads = [head];
    for elsewhere in [
        Elsewhere {
            copy: copy.as_ref(),
            ..Elsewhere::default()
        },
        Elsewhere {
            heads: &heads,
            ..Elsewhere::default()
        },
    ] {
        let report = verify(&rig.dir(), Some(&rig.seal), &elsewhere).unwrap();
        let cut = |wrong: &super::super::Wrong| wrong.what == What::Cut { to: 6 };
        assert!(report.wrong.iter().any(cut), "{report:?}");
    }
}

#[test]
fn the_morning_check_wants_the_record_of_the_anchor_as_a_whole() {
    let rig = rig();
    let newest = || {
        let kept = Kept::load(&rig.file(), None).unwrap().unwrap();
        kept.anchors.into_iter().max_by_key(|a| a.seq).unwrap()
    };
    let newest = newest();
    assert!(anchor::stands(&rig.dir(), &newest).unwrap());
    let whole = fs::read(rig.journal()).unwrap();
    let mut turned = whole.clone();
    *turned.last_mut().unwrap() ^= 1;
    let start = newest.place.as_ref().unwrap().1 as usize;
    // Its head is there in each.
    for bytes in [&whole[..whole.len() - 1], &whole[..start + 100], &turned] {
        fs::write(rig.journal(), bytes).unwrap();
        assert!(!anchor::stands(&rig.dir(), &newest).unwrap());
    }
}
