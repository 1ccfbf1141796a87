//! The store behind its thread.

use super::*;
use crate::store::record::StoreError;
use crate::store::worker::{Home, Job, Report, Worker};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

fn start(dir: &Path) -> (Worker, Receiver<Report>) {
    let (tell, told) = channel();
    let worker = Worker::start(
        Home {
            dir: dir.to_owned(),
            key: key(),
            spill: Vec::new(),
        },
        moment(0),
        Box::new(move |report| {
            let _ = tell.send(report);
        }),
    )
    .unwrap();
    (worker, told)
}

fn next(told: &Receiver<Report>) -> Report {
    loop {
        match told.recv_timeout(Duration::from_secs(20)).unwrap() {
            Report::Spill(_) => {}
            other => return other,
        }
    }
}

fn opened(told: &Receiver<Report>) -> Result<Loaded, StoreError> {
    match next(told) {
        Report::Opened(result) => result,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_append_is_answered_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let (worker, told) = start(dir.path());
    for number in 1..=200 {
        assert!(worker.send(Job::Append {
            id: u64::from(number),
            record: Box::new(record(number, 1)),
        }));
    }
    let loaded = opened(&told).unwrap();
    assert_eq!(loaded, empty(&loaded));
    for id in 1..=200 {
        match next(&told) {
            Report::Written { id: got, result } => assert_eq!((got, result), (id, Ok(()))),
            other => panic!("{other:?}"),
        }
    }
    drop(worker);
    assert!(told.recv().is_err());
    assert_eq!(numbers(&open(dir.path()).1), first(200));
}

#[test]
fn what_was_handed_over_before_the_end_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (worker, told) = start(dir.path());
    worker.send(Job::Append {
        id: 1,
        record: Box::new(record(1, 1)),
    });
    for text in ["シ", "シケ", "シケン"] {
        worker.send(Job::Draft {
            user: "003".to_owned(),
            draft: Some(draft(text)),
        });
    }
    worker.send(Job::Draft {
        user: "001".to_owned(),
        draft: None,
    });
    drop(worker);
    assert_eq!(told.iter().count(), 2);
    let (_, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(1));
    assert_eq!(loaded.drafts, [("003".to_owned(), draft("シケン"))]);
}

#[test]
fn a_draft_lies_on_disk_as_the_note_names_it_that_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let (worker, told) = start(dir.path());
    opened(&told).unwrap();
    for text in ["シ", "シケ"] {
        let (user, draft) = ("003".to_owned(), Some(draft(text)));
        worker.send(Job::Draft { user, draft });
    }
    let ends = Some(draft("シケ").mark());
    let record = Box::new(Record {
        ends,
        ..record(1, 1)
    });
    worker.send(Job::Append { id: 1, record });
    drop(worker);
    assert_eq!(open(dir.path()).1.drafts, []);
}

#[test]
fn rel6_in_use_is_reported_and_reopening_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (holder, _) = open(dir.path());
    let (worker, told) = start(dir.path());
    // Without a place for a spill: who holds it, and paper.
    let said = |error: StoreError| {
        let text = error.to_string();
        let named = text.contains(&std::process::id().to_string());
        named && text.contains("紙に控えて") && matches!(error, StoreError::Nowhere { .. })
    };
    assert!(said(opened(&told).unwrap_err()));
    worker.send(Job::Append {
        id: 7,
        record: Box::new(record(7, 1)),
    });
    match next(&told) {
        Report::Written { id: 7, result } => {
            assert!(said(result.unwrap_err()));
        }
        other => panic!("{other:?}"),
    }
    drop(holder);
    worker.send(Job::Reopen { now: moment(1) });
    let loaded = opened(&told).unwrap();
    assert_eq!(loaded, empty(&loaded));
    worker.send(Job::Append {
        id: 8,
        record: Box::new(record(8, 1)),
    });
    assert!(matches!(
        next(&told),
        Report::Written {
            id: 8,
            result: Ok(())
        }
    ));
    // The store may be opened anew at any time.
    worker.send(Job::Reopen { now: moment(2) });
    assert_eq!(opened(&told).unwrap().notes().len(), 1);
}

#[test]
fn rel5_a_damaged_record_is_named_while_all_else_is_whole_and_its_note_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 20);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    let mut at = 0;
    for _ in 1..7 {
        let header = crate::store::frame::Header::read(&bytes[at..]).unwrap();
        at += usize::try_from(header.size()).unwrap();
    }
    bytes[at + crate::store::frame::HEADER + 60] ^= 1;
    std::fs::write(segment(dir.path()), bytes).unwrap();
    let (worker, told) = start(dir.path());
    assert_eq!(numbers(&opened(&told).unwrap()), first(20));
    let remark = |told: &Receiver<Report>| match next(told) {
        Report::Remark(text) => text,
        other => panic!("{other:?}"),
    };
    let named = remark(&told);
    assert!(named.contains("記録 7 の中身が壊れています"), "{named}");
    assert!(named.contains("2026-11.log"), "{named}");
    let mended = remark(&told);
    assert!(mended.contains("控え 1 件（20261120-0007）"), "{mended}");
    drop(worker);
    // The journal alone has all notes.
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    std::fs::remove_file(dir.path().join("index")).unwrap();
    let (_, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(20));
    let seventh = &loaded.notes()[6].history;
    assert!(seventh[0].text.contains("書き戻しました"), "{seventh:?}");
}

#[test]
fn an_examination_gives_way_to_the_end_of_the_work() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (mut store, _) = open(dir.path());
    for result in store.commit((4..=3000).map(|n| record(n, 1)).collect()) {
        result.unwrap();
    }
    drop(store);
    for _ in 0..3 {
        let (worker, told) = start(dir.path());
        opened(&told).unwrap();
        drop(worker);
        assert_eq!(
            told.iter()
                .filter(|r| matches!(r, Report::Remark(_)))
                .count(),
            0
        );
        crate::store::free(dir.path()).unwrap();
    }
}
