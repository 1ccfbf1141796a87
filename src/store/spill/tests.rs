//! The store's thread while the store cannot be used (REL-4, F-03, F-05, F-08,
//! F-09).

mod keys;
mod leftover;
mod long;
mod losses;
mod missing;
mod order;
mod tallies;

use crate::domain::note::{Note, Step};
use crate::store::KeySource;
use crate::store::record::{Loaded, Record, StoreError, What};
use crate::store::spill::News;
use crate::store::tests::{self, draft, key, moment};
use crate::store::verify::verify;
use crate::store::worker::{Home, Job, Report, Worker};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The common note, with a line of history for each revision, as all notes
/// have.
fn note(number: u32, revision: u32) -> Note {
    let mut note = tests::note(number, revision);
    note.history = (1..=revision)
        .map(|revision| Step {
            at: moment(0),
            by: "003".to_owned(),
            text: revision.to_string(),
        })
        .collect();
    note
}

fn record(number: u32, revision: u32) -> Record {
    Record {
        what: What::Note(Box::new(note(number, revision))),
        ..tests::record(number, revision)
    }
}

/// A desk's folders: `store`, and `spill` beside it.
struct Office {
    dir: tempfile::TempDir,
    /// Name of the first place.
    first: &'static str,
    /// There is a second place.
    spare: bool,
}

struct Desk {
    worker: Worker,
    told: Receiver<Report>,
    news: Option<News>,
}

impl Office {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let spare = false;
        let first = "spill";
        Self { dir, first, spare }
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    fn spill(&self) -> PathBuf {
        self.dir.path().join(self.first)
    }

    fn spare(&self) -> PathBuf {
        self.dir.path().join("spare")
    }

    fn places(&self) -> Vec<PathBuf> {
        let spare = self.spare.then(|| self.spare());
        [self.spill()].into_iter().chain(spare).collect()
    }

    fn logs(&self) -> Vec<PathBuf> {
        super::log::all(&self.spill()).unwrap()
    }

    fn start(&self) -> Desk {
        self.start_with(key())
    }

    fn start_with(&self, key: KeySource) -> Desk {
        let (tell, told) = channel();
        let home = Home {
            dir: self.store(),
            key,
            spill: self.places(),
        };
        let report = Box::new(move |report| {
            let _ = tell.send(report);
        });
        Desk {
            worker: Worker::start(home, moment(0), report).unwrap(),
            told,
            news: None,
        }
    }

    /// With a file where the store belongs.
    fn blocked() -> Self {
        let office = Self::new();
        std::fs::write(office.store(), "in the way").unwrap();
        office
    }

    fn unblock(&self) {
        std::fs::remove_file(self.store()).unwrap();
    }
}

impl Desk {
    /// The next report but those of the spill, which are remembered.
    fn next(&mut self) -> Report {
        loop {
            match self.told.recv_timeout(Duration::from_secs(60)).unwrap() {
                Report::Spill(news) => self.news = Some(news),
                other => return other,
            }
        }
    }

    fn opened(&mut self) -> Result<Loaded, StoreError> {
        loop {
            match self.next() {
                Report::Opened(result) => return result,
                Report::Remark(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn append(&mut self, record: Record) -> Report {
        let record = Box::new(record);
        self.worker.send(Job::Append { id: 7, record });
        self.next()
    }

    fn spilled(&mut self, number: u32, revision: u32) {
        let report = self.append(record(number, revision));
        assert!(matches!(report, Report::Spilled { id: 7 }), "{report:?}");
    }

    fn written(&mut self, number: u32, revision: u32) {
        let report = self.append(record(number, revision));
        let fine = matches!(report, Report::Written { result: Ok(()), .. });
        assert!(fine, "{report:?}");
    }

    fn reopen(&self) {
        self.worker.send(Job::Reopen { now: moment(0) });
    }
}

fn notes(loaded: &Loaded) -> Vec<(String, u32)> {
    let notes = loaded.notes();
    notes
        .iter()
        .map(|note| (note.id.0.clone(), note.revision))
        .collect()
}

fn count(dir: &Path) -> u64 {
    let report = verify(dir, None).unwrap();
    assert_eq!(report.findings, []);
    report.good
}

#[test]
fn rel_4_what_the_store_cannot_take_is_kept_and_taken_in_once() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    let news = desk.news.clone().unwrap();
    assert!(news.place.unwrap().ends_with("spill"));
    assert_eq!((news.letter, news.waiting), ('S', 0));
    desk.spilled(1, 1);
    desk.spilled(1, 2);
    desk.spilled(2, 1);
    assert_eq!(desk.news.clone().unwrap().waiting, 2);
    drop(desk);

    // Still blocked: the next run knows what waits.
    let mut desk = office.start();
    desk.opened().unwrap_err();
    let news = desk.news.clone().unwrap();
    assert_eq!(news.notes, [note(1, 2), note(2, 1)]);
    assert!(news.trouble.is_some());
    desk.spilled(3, 1);

    // The running desk takes it in when the store is back.
    let kept = std::fs::read(&office.logs()[0]).unwrap();
    let name = office.logs()[0].clone();
    office.unblock();
    desk.reopen();
    let loaded = desk.opened().unwrap();
    let all = [
        ("20261120-0001".to_owned(), 2),
        ("20261120-0002".to_owned(), 1),
        ("20261120-0003".to_owned(), 1),
    ];
    assert_eq!(notes(&loaded), all);
    assert_eq!(
        desk.news.clone().unwrap().trouble,
        None,
        "all is well again"
    );
    assert!(office.logs().is_empty());
    desk.written(4, 1);
    drop(desk);
    let records = count(&office.store());

    // Killed after the journal was written and before the file was taken
    // away: it is found again, and nothing is doubled.
    std::fs::write(&name, kept).unwrap();
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().notes().len(), 4);
    drop(desk);
    assert!(office.logs().is_empty());
    assert_eq!(count(&office.store()), records);
}

#[test]
fn a_taking_in_that_was_cut_short_is_finished() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    for number in 1..=5 {
        desk.spilled(number, 1);
    }
    let line = || Record {
        what: What::Logout {
            why: "asked".to_owned(),
        },
        ..record(9, 1)
    };
    assert!(matches!(desk.append(line()), Report::Spilled { .. }));
    assert!(matches!(desk.append(line()), Report::Spilled { .. }));
    drop(desk);
    office.unblock();
    // Three of seven had come through, one of the two equal lines among them.
    let (mut store, _) = tests::open(&office.store());
    for record in [record(1, 1), record(2, 1), line()] {
        store.append(&record).unwrap();
    }
    drop(store);
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().notes().len(), 5);
    drop(desk);
    assert_eq!(count(&office.store()), 7 + 1, "and the line of it");
}

#[test]
fn f_09_a_journal_that_became_shorter_is_not_called_another_store() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    desk.written(2, 1);
    let journal = office.store().join("journal");
    let file = std::fs::read_dir(journal).unwrap().next().unwrap().unwrap();
    let length = file.metadata().unwrap().len();
    let open = std::fs::OpenOptions::new().write(true).open(file.path());
    open.unwrap().set_len(length - 1).unwrap();
    desk.spilled(3, 1);
    desk.reopen();
    let error = desk.opened().unwrap_err();
    assert!(matches!(error, StoreError::Shortened { .. }), "{error:?}");
    let said = error.to_string();
    assert!(
        said.contains("短くなりました") && said.contains("audit verify"),
        "{said}"
    );
}

#[test]
fn f_09_a_store_replaced_while_it_runs_is_noticed_and_not_taken_for_a_new_one() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    let away = office.dir.path().join("away");
    std::fs::rename(office.store(), &away).unwrap();
    desk.spilled(2, 1);
    desk.reopen();
    let error = desk.opened().unwrap_err();
    assert!(matches!(error, StoreError::Replaced { .. }), "{error:?}");
    assert!(!office.store().exists(), "a new one was made");
    desk.spilled(3, 1);
    std::fs::rename(&away, office.store()).unwrap();
    desk.reopen();
    assert_eq!(desk.opened().unwrap().notes().len(), 3);
    desk.written(4, 1);
    drop(desk);
    assert_eq!(count(&office.store()), 4 + 1, "and the line of it");
}

#[test]
fn drafts_are_kept_beside_a_store_that_is_away() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    let keep = |desk: &Desk, user: &str, text: &str| {
        desk.worker.send(Job::Draft {
            user: user.to_owned(),
            draft: (!text.is_empty()).then(|| draft(text)),
        });
    };
    keep(&desk, "002", "old");
    keep(&desk, "003", "other");
    drop(desk);
    let away = office.dir.path().join("away");
    std::fs::rename(office.store(), &away).unwrap();
    std::fs::write(office.store(), "in the way").unwrap();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    keep(&desk, "002", "new");
    drop(desk);
    let mut desk = office.start();
    desk.opened().unwrap_err();
    let news = desk.news.clone().unwrap();
    assert_eq!(news.drafts, [("002".to_owned(), draft("new"))]);
    office.unblock();
    std::fs::rename(&away, office.store()).unwrap();
    desk.reopen();
    let drafts = desk.opened().unwrap().drafts;
    assert!(drafts.contains(&("002".to_owned(), draft("new"))));
    assert!(drafts.contains(&("003".to_owned(), draft("other"))));
    drop(desk);
    assert!(!office.spill().join("drafts").exists());
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().drafts.len(), 2);
}

#[test]
fn dom_53_a_draft_dropped_beside_the_store_does_not_come_back() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    let keep = |desk: &Desk, draft| {
        let user = "003".to_owned();
        desk.worker.send(Job::Draft { user, draft });
    };
    keep(&desk, Some(draft("saved")));
    drop(desk);
    let away = office.dir.path().join("away");
    std::fs::rename(office.store(), &away).unwrap();
    std::fs::write(office.store(), "in the way").unwrap();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    keep(&desk, Some(draft("newer")));
    keep(&desk, None);
    drop(desk);
    let mut desk = office.start();
    desk.opened().unwrap_err();
    assert_eq!(desk.news.clone().unwrap().drafts, []);
    office.unblock();
    std::fs::rename(&away, office.store()).unwrap();
    desk.reopen();
    assert_eq!(desk.opened().unwrap().drafts, []);
    drop(desk);
    let mut desk = office.start();
    assert_eq!(desk.opened().unwrap().drafts, []);
    assert!(!office.spill().join("drafts").exists());
}

#[test]
fn rel_4_a_note_in_the_spill_ends_its_draft_even_if_killed_right_behind_it() {
    // Whether the draft had come to the spill, or lies in the store alone.
    for beside in [true, false] {
        let office = Office::new();
        let mut desk = office.start();
        desk.opened().unwrap();
        let saved = draft("saved");
        let all = crate::domain::draft::Draft {
            others: vec![draft("other")],
            ..saved.clone()
        };
        let keep = |desk: &Desk| {
            let (user, draft) = ("003".to_owned(), Some(all.clone()));
            desk.worker.send(Job::Draft { user, draft });
        };
        keep(&desk);
        drop(desk);
        let away = office.dir.path().join("away");
        std::fs::rename(office.store(), &away).unwrap();
        std::fs::write(office.store(), "in the way").unwrap();
        let mut desk = office.start();
        desk.opened().unwrap_err();
        if beside {
            keep(&desk);
        }
        let ends = Some(saved.mark());
        let report = desk.append(Record {
            ends,
            ..record(1, 1)
        });
        assert!(matches!(report, Report::Spilled { .. }));
        drop(desk);
        let left = [("003".to_owned(), draft("other"))];
        let mut desk = office.start();
        desk.opened().unwrap_err();
        if beside {
            assert_eq!(desk.news.clone().unwrap().drafts, left);
        }
        office.unblock();
        std::fs::rename(&away, office.store()).unwrap();
        desk.reopen();
        assert_eq!(desk.opened().unwrap().drafts, left, "{beside}");
        drop(desk);
        let mut desk = office.start();
        assert_eq!(desk.opened().unwrap().drafts, left, "{beside}");
    }
}

#[test]
fn rel_4_where_nothing_can_be_kept_paper_is_asked_for() {
    let office = Office::blocked();
    std::fs::write(office.spill(), "in the way too").unwrap();
    let mut desk = office.start();
    let said = desk.opened().unwrap_err().to_string();
    assert!(said.contains("紙に控えて"), "{said}");
    assert_eq!(desk.news.clone().unwrap().place, None);
    match desk.append(record(1, 1)) {
        Report::Written {
            result: Err(error), ..
        } => assert!(error.to_string().contains("紙に控えて")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rel_11_a_number_that_is_taken_is_changed_and_named() {
    let office = Office::new();
    let mut desk = office.start();
    desk.opened().unwrap();
    let mut ours = record(1, 1);
    if let What::Note(note) = &mut ours.what {
        note.taken_by = "002".to_owned();
    }
    assert!(matches!(desk.append(ours), Report::Written { .. }));
    drop(desk);
    // Another desk's spill, brought here.
    let other = Office::blocked();
    let mut desk = other.start();
    desk.opened().unwrap_err();
    desk.spilled(1, 1);
    drop(desk);
    std::fs::remove_dir_all(office.spill()).unwrap();
    std::fs::rename(other.spill(), office.spill()).unwrap();
    let mut desk = office.start();
    let loaded = desk.opened().unwrap();
    assert_eq!(loaded.notes().len(), 2);
    let named = loaded.remarks.iter().find(|text| text.contains("別の控え"));
    let renamed = &loaded.notes()[1];
    assert!(named.unwrap().contains(&renamed.id.0), "{named:?}");
    assert!(renamed.id.0.starts_with("20261120-X"), "{}", renamed.id);
}

#[test]
fn a_damaged_spill_file_is_named_and_kept() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    for number in 1..=3 {
        desk.spilled(number, 1);
    }
    drop(desk);
    let path = office.logs()[0].clone();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    office.unblock();
    let mut desk = office.start();
    let loaded = desk.opened().unwrap();
    assert_eq!(loaded.notes().len(), 2);
    let named = loaded.remarks.iter().any(|text| text.contains("壊れて"));
    assert!(named, "{:?}", loaded.remarks);
    assert!(path.with_extension("damaged").exists());
    assert!(office.logs().is_empty());
}

#[test]
fn sec_20_nothing_in_the_spill_is_readable() {
    let office = Office::blocked();
    let mut desk = office.start();
    desk.opened().unwrap_err();
    desk.spilled(1, 1);
    desk.worker.send(Job::Draft {
        user: "003".to_owned(),
        draft: Some(draft("シケン")),
    });
    drop(desk);
    for entry in std::fs::read_dir(office.spill()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for word in ["試験", "シケン", "東京", "診察券"] {
            let found = bytes
                .windows(word.len())
                .any(|part| part == word.as_bytes());
            assert!(!found, "{word}");
        }
    }
}
