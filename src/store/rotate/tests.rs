//! A change of keys, ended at every step, and what is left of it.

use super::*;
use crate::domain::secret::Secret;
use crate::store::frame::Hash;
use crate::store::seal::Kind;
use crate::store::tests::{draft, moment, numbers, record};
use crate::store::verify::{self, verify};
use crate::store::walk::{Item, Walk};

/// A store with its key beside it.
struct Desk {
    _folder: tempfile::TempDir,
    dir: PathBuf,
    key: KeySource,
    path: PathBuf,
}

const NOTES: u32 = 12;

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let (dir, path) = (
        folder.path().join("store"),
        folder.path().join("k/store.key"),
    );
    let key = KeySource::File(path.clone());
    let (mut store, _) = Store::open(&dir, &key, moment(0)).unwrap();
    for number in 1..=NOTES {
        let mut record = record(number, 1);
        if number > 8 {
            record.at = "2026-12-01T00:00:00Z".parse().unwrap();
        }
        store.append(&record).unwrap();
    }
    for (user, text) in [("001", "ア"), ("003", "シケ")] {
        store.keep_draft(user, Some(&draft(text))).unwrap();
    }
    Desk {
        _folder: folder,
        dir,
        key,
        path,
    }
}

fn head(dir: &Path) -> Hash {
    let report = verify(dir, None).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.last, u64::from(NOTES));
    report.head
}

/// Nothing is lost, whatever has been cut short.
fn whole(dir: &Path, source: &KeySource, then: Hash) {
    let (store, loaded) = Store::open(dir, source, moment(0)).unwrap();
    let expected: Vec<_> = (1..=NOTES).map(|number| (number, 1)).collect();
    assert_eq!(numbers(&loaded), expected);
    assert_eq!(
        loaded.drafts,
        [
            ("001".to_owned(), draft("ア")),
            ("003".to_owned(), draft("シケ"))
        ]
    );
    drop(store);
    assert_eq!(head(dir), then);
    let seal = keys::seal(dir, source).unwrap();
    let report = verify::verify(dir, Some(&seal)).unwrap();
    assert_eq!((report.findings, report.good), (vec![], u64::from(NOTES)));
}

/// How many journal records `seal` opens.
fn opened_by(dir: &Path, seal: &Seal) -> usize {
    let mut walk = Walk::all(dir).unwrap();
    let mut count = 0;
    while let Some(item) = walk.step().unwrap() {
        if let Item::Record {
            header, payload, ..
        } = item
        {
            count += usize::from(seal.open(Kind::Record(header.seq), &payload).is_ok());
        }
    }
    count
}

fn stop() -> StoreError {
    trouble::other(Path::new("-"), "stopped on purpose")
}

/// Ends the work at the step of this number; all steps there were.
fn cut(desk: &Desk, to: Option<&KeySource>, at: usize) -> (Result<Done, StoreError>, Vec<Step>) {
    let mut steps = Vec::new();
    let done = rotate(&desk.dir, &desk.key, to, moment(0), &mut |step| {
        steps.push(step.clone());
        if steps.len() > at {
            Err(stop())
        } else {
            Ok(())
        }
    });
    (done, steps)
}

fn every_cut(to: impl Fn(&Desk) -> Option<KeySource>) {
    let mut at = 0;
    loop {
        let desk = desk();
        let to = to(&desk);
        let before = head(&desk.dir);
        let old = keys::seal(&desk.dir, &desk.key).unwrap();
        let stolen = desk.path.with_file_name("stolen");
        std::fs::copy(&desk.path, &stolen).unwrap();
        let (done, steps) = cut(&desk, to.as_ref(), at);
        let last = done.is_ok();

        // The former source or the new one, without a person having to know:
        // the settings name one of them.
        let opens = [Some(&desk.key), to.as_ref()]
            .into_iter()
            .flatten()
            .find(|source| keys::seal(&desk.dir, source).is_ok())
            .unwrap_or_else(|| panic!("shut after {steps:?}"))
            .clone();
        whole(&desk.dir, &opens, before);

        let finished = match done {
            Ok(done) => done,
            Err(_) => rotate(&desk.dir, &opens, to.as_ref(), moment(0), &mut |_| Ok(())).unwrap(),
        };
        whole(&desk.dir, &finished.source, before);
        assert_eq!(finished.closed, 0);
        assert_eq!(opened_by(&desk.dir, &old), 0, "after {steps:?}");
        let new = keys::seal(&desk.dir, &finished.source).unwrap();
        assert_eq!(opened_by(&desk.dir, &new), NOTES as usize);
        // A copy of the former key file opens nothing; nothing is left over.
        let key = std::fs::read(&stolen).unwrap();
        assert_ne!(
            std::fs::read(&desk.path).ok().filter(|_| to.is_none()),
            Some(key)
        );
        if to.is_none() {
            // Its place is taken by the new one; a copy elsewhere is another.
            std::fs::rename(&desk.path, desk.path.with_file_name("away")).unwrap();
            assert!(keys::seal(&desk.dir, &KeySource::File(stolen.clone())).is_err());
            std::fs::rename(desk.path.with_file_name("away"), &desk.path).unwrap();
        }
        let mut left: Vec<_> = std::fs::read_dir(&desk.dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [
                "format",
                "index",
                "journal",
                "keys",
                "keys.spare",
                "lock",
                "state"
            ]
        );
        assert!(!desk.path.with_file_name("store.key.next").exists());
        if last {
            assert!(at > 8, "only {steps:?}");
            return;
        }
        at += 1;
    }
}

#[test]
fn sec20_a_new_key_in_the_same_place_cut_short_anywhere() {
    every_cut(|_| None);
}

#[test]
fn sec20_another_key_file_cut_short_anywhere() {
    every_cut(|desk| Some(KeySource::File(desk.path.with_file_name("other.key"))));
}

#[test]
fn sec20_a_key_in_memory_cut_short_anywhere() {
    every_cut(|_| Some(KeySource::Held([9; 32].into())));
}

#[test]
fn sec20_to_a_passphrase_and_back() {
    let desk = desk();
    let before = head(&desk.dir);
    let words = KeySource::Passphrase(Secret::new("みずうみ の そこ の いし".to_owned()));
    let done = rotate(&desk.dir, &desk.key, Some(&words), moment(0), &mut |_| {
        Ok(())
    })
    .unwrap();
    assert_eq!((done.moved, done.resumed), (true, false));
    assert_eq!(done.records, u64::from(NOTES));
    whole(&desk.dir, &words, before);
    let Err(StoreError::Key(KeyTrouble::Wrong { expected, .. })) =
        Store::open(&desk.dir, &desk.key, moment(0)).map(|_| ())
    else {
        panic!("the key file still opens");
    };
    assert_eq!(expected, "合言葉");
    rotate(&desk.dir, &words, None, moment(0), &mut |_| Ok(())).unwrap();
    whole(&desk.dir, &words, before);
    rotate(&desk.dir, &words, Some(&desk.key), moment(0), &mut |_| {
        Ok(())
    })
    .unwrap();
    whole(&desk.dir, &desk.key, before);
}

#[test]
fn the_settings_may_still_name_the_former_file() {
    let desk = desk();
    let before = head(&desk.dir);
    let other = KeySource::File(desk.path.with_file_name("other.key"));
    rotate(&desk.dir, &desk.key, Some(&other), moment(0), &mut |_| {
        Ok(())
    })
    .unwrap();
    let (store, loaded) = Store::open(&desk.dir, &desk.key, moment(0)).unwrap();
    assert!(loaded.remarks[0].contains("other.key"), "{loaded:?}");
    drop(store);
    // And once more from there: in its own place.
    let done = rotate(&desk.dir, &desk.key, None, moment(0), &mut |_| Ok(())).unwrap();
    assert_eq!(done.source, other);
    whole(&desk.dir, &other, before);
}

#[test]
fn a_change_cut_short_is_said_at_every_opening() {
    let desk = desk();
    cut(&desk, None, 4).0.unwrap_err();
    let (mut store, loaded) = Store::open(&desk.dir, &desk.key, moment(0)).unwrap();
    assert!(loaded.remarks.iter().any(|r| r.contains("key rotate")));
    // Work goes on meanwhile, with the new data key.
    store.append(&record(NOTES + 1, 1)).unwrap();
    drop(store);
    let done = rotate(&desk.dir, &desk.key, None, moment(0), &mut |_| Ok(())).unwrap();
    assert!(done.resumed);
    let (_, loaded) = Store::open(&desk.dir, &desk.key, moment(0)).unwrap();
    assert_eq!(loaded.notes().len(), NOTES as usize + 1);
    assert!(!loaded.remarks.iter().any(|r| r.contains("key rotate")));
}

#[test]
fn damaged_records_and_rubbish_are_carried_over_as_they_are() {
    let desk = desk();
    let segment = desk.dir.join("journal/2026-11.log");
    let mut bytes = std::fs::read(&segment).unwrap();
    let first = usize::try_from(Header::read(&bytes).unwrap().size()).unwrap();
    bytes[first + 200] ^= 1;
    bytes.splice(0..0, *b"rubbish \xf6MJ\n");
    std::fs::write(&segment, &bytes).unwrap();
    let findings = verify(&desk.dir, None).unwrap().findings;
    let done = rotate(&desk.dir, &desk.key, None, moment(0), &mut |_| Ok(())).unwrap();
    assert_eq!(done.records, u64::from(NOTES) - 1);
    assert_eq!((done.closed, done.damaged), (0, 2));
    assert_eq!(verify(&desk.dir, None).unwrap().findings, findings);
    assert_eq!(
        std::fs::metadata(&segment).unwrap().len(),
        bytes.len() as u64
    );
    // Every change says it, also one that finds this segment done already.
    let replaced = |step: &Step| *step == Step::SegmentInPlace;
    rotate(&desk.dir, &desk.key, None, moment(0), &mut |step| {
        if replaced(step) { Err(stop()) } else { Ok(()) }
    })
    .unwrap_err();
    let done = rotate(&desk.dir, &desk.key, None, moment(0), &mut |_| Ok(())).unwrap();
    assert_eq!((done.resumed, done.damaged), (true, 2));
}

#[test]
fn rel6_a_store_in_use_is_left_alone() {
    let desk = desk();
    let (_open, _) = Store::open(&desk.dir, &desk.key, moment(0)).unwrap();
    let refused = rotate(&desk.dir, &desk.key, None, moment(0), &mut |_| Ok(()));
    assert!(matches!(refused, Err(StoreError::InUse { .. })));
}

#[test]
fn a_key_inside_the_store_is_refused() {
    let desk = desk();
    let inside = KeySource::File(desk.dir.join("store.key"));
    let refused = rotate(&desk.dir, &desk.key, Some(&inside), moment(0), &mut |_| {
        Ok(())
    });
    assert!(matches!(
        refused,
        Err(StoreError::Key(KeyTrouble::Inside { .. }))
    ));
    assert_eq!(
        numbers(&Store::open(&desk.dir, &desk.key, moment(0)).unwrap().1).len(),
        12
    );
}
