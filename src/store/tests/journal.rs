//! What is written comes back, in order, verified.

use super::*;
use crate::store::frame::{HEADER, Header, Sealed};
use crate::store::remark::Remark;
use crate::store::verify::{read, until, verify};
use crate::store::walk::Flaw;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_new_store_is_empty_and_silent() {
    let dir = tempfile::tempdir().unwrap();
    let (store, loaded) = open(&dir.path().join("new"));
    assert_eq!(loaded, empty(&loaded));
    assert_eq!(store.next_seq(), 1);
}

#[test]
fn notes_come_back_in_their_last_form_without_a_remark() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (mut store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(3));
    assert_eq!(store.append(&record(2, 2)), Ok(4));
    drop(store);
    let (store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), [(1, 1), (2, 2), (3, 1)]);
    assert_eq!(loaded.remarks, [""; 0]);
    assert_eq!(store.next_seq(), 5);
}

#[test]
fn the_journal_holds_every_record_in_order() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    let mut seen = Vec::new();
    let report = read(dir.path(), &seal(dir.path()), |seq, record| {
        seen.push((seq, record));
    })
    .unwrap();
    let expected: Vec<_> = (1..=5).map(|n| (u64::from(n), record(n, 1))).collect();
    assert_eq!(seen, expected);
    assert_eq!((report.good, report.last), (5, 5));
    assert_eq!(report.findings, []);
}

#[test]
fn sec22_folders_0700_files_0600() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("store");
    filled(&dir, 1);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("journal")), 0o700);
    assert_eq!(mode(&dir.join("state")), 0o700);
    for file in ["lock", "format", "journal/2026-11.log"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(dir.join("journal"), open_to_all).unwrap();
    assert!(open(&dir).1.remarks[0].contains("chmod 700"));
}

#[test]
fn one_file_a_month_by_japanese_time_and_never_back() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    // 23:59:59 on the last day of November in Japan, one second later, and a
    // clock that is then set back a day (F-10).
    for (i, at) in [
        "2026-11-30T14:59:59Z",
        "2026-11-30T15:00:00Z",
        "2026-11-29T15:00:00Z",
    ]
    .iter()
    .enumerate()
    {
        let mut record = record(u32::try_from(i).unwrap() + 1, 1);
        record.at = at.parse().unwrap();
        store.append(&record).unwrap();
    }
    drop(store);
    let names = crate::store::walk::segments(&dir.path().join("journal")).unwrap();
    assert_eq!(names, ["2026-11.log", "2026-12.log"]);
    assert_eq!(
        verify(dir.path(), Some(&seal(dir.path())))
            .unwrap()
            .findings,
        []
    );
    assert_eq!(numbers(&open(dir.path()).1), first(3));
}

#[test]
fn a_group_across_a_month_end_is_written_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    let mut late = record(2, 1);
    late.at = "2026-12-01T00:00:00Z".parse().unwrap();
    let results = store.commit(vec![record(1, 1), late, record(3, 1)]);
    assert_eq!(results, [Ok(1), Ok(2), Ok(3)]);
    drop(store);
    assert_eq!(
        verify(dir.path(), Some(&seal(dir.path())))
            .unwrap()
            .findings,
        []
    );
    assert_eq!(numbers(&open(dir.path()).1), first(3));
}

#[test]
fn a_record_that_is_too_long_fails_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    let long = Record {
        at: moment(0),
        by: "x".repeat(crate::store::frame::MAX_PAYLOAD),
        desk: "窓口1".to_owned(),
        origin: String::new(),
        ends: None,
        what: What::Stopped,
        anchors: None,
    };
    let results = store.commit(vec![record(1, 1), long, record(2, 1)]);
    assert_eq!(results[0], Ok(1));
    assert!(results[1].is_err());
    assert_eq!(results[2], Ok(2));
}

#[test]
fn nothing_is_written_behind_what_the_disk_did_not_take() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    // November cannot be written, December can.
    std::fs::create_dir(segment(dir.path())).unwrap();
    let late = |mut record: Record| {
        record.at = "2026-12-01T00:00:00Z".parse().unwrap();
        record
    };
    let records = vec![record(1, 1), late(record(1, 2)), late(record(2, 1))];
    let results = store.commit(records);
    let refused = results[0].clone().unwrap_err();
    assert_eq!(results, vec![Err(refused); 3]);
    drop(store);
    std::fs::remove_dir(segment(dir.path())).unwrap();
    assert_eq!(numbers(&open(dir.path()).1), []);
}

#[test]
fn behind_a_form_that_is_too_long_no_later_one_of_the_same_note() {
    use crate::store::record::StoreError::TooLong;
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = open(dir.path());
    let mut long = record(1, 2);
    long.by = "x".repeat(crate::store::frame::MAX_PAYLOAD);
    let results = store.commit(vec![record(1, 1), long, record(2, 1), record(1, 3)]);
    assert_eq!(results, [Ok(1), Err(TooLong), Ok(2), Err(TooLong)]);
    drop(store);
    assert_eq!(numbers(&open(dir.path()).1), first(2));
}

/// Where each record begins, and the file's length.
fn starts(dir: &Path) -> Vec<usize> {
    let bytes = std::fs::read(segment(dir)).unwrap();
    let mut at = 0;
    let mut starts = vec![0];
    while at < bytes.len() {
        at += usize::try_from(
            crate::store::frame::Header::read(&bytes[at..])
                .unwrap()
                .size(),
        )
        .unwrap();
        starts.push(at);
    }
    starts
}

/// The journal of five records, edited by `edit`, and what verify says.
fn edited(edit: impl Fn(&[&[u8]]) -> Vec<u8>) -> Vec<Flaw> {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    let bytes = std::fs::read(segment(dir.path())).unwrap();
    let starts = starts(dir.path());
    let records: Vec<&[u8]> = starts.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
    std::fs::write(segment(dir.path()), edit(&records)).unwrap();
    let report = verify(dir.path(), Some(&seal(dir.path()))).unwrap();
    report.findings.iter().map(|found| found.flaw).collect()
}

#[test]
fn n12_removed_reordered_repeated_and_exchanged_records_are_named() {
    assert_eq!(edited(|r| [r[0], r[1], r[2], r[3], r[4]].concat()), []);
    assert_eq!(
        edited(|r| [r[0], r[1], r[3], r[4]].concat()),
        [Flaw::Missing { from: 3, to: 3 }]
    );
    assert_eq!(
        edited(|r| [r[2], r[3], r[4]].concat()),
        [Flaw::Missing { from: 1, to: 2 }]
    );
    assert_eq!(
        edited(|r| [r[0], r[2], r[1], r[3], r[4]].concat()),
        [
            Flaw::Missing { from: 2, to: 2 },
            Flaw::Order { seq: 2, after: 3 }
        ]
    );
    assert_eq!(
        edited(|r| [r[0], r[1], r[1], r[2], r[3], r[4]].concat()),
        [Flaw::Order { seq: 2, after: 2 }]
    );
}

#[test]
fn n12_a_record_written_anew_with_all_its_hashes_breaks_the_link_behind_it() {
    let forged = edited(|r| {
        let old = Header::read(r[2]).unwrap();
        let payload = Sealed {
            hash: [1; 32],
            bytes: r[3][HEADER..].to_vec(),
        };
        let new = Header::of(old.seq, old.at, &payload, old.before);
        let mut bytes = Vec::new();
        new.write(&payload.bytes, &mut bytes);
        [r[0], r[1], &bytes, r[3], r[4]].concat()
    });
    assert_eq!(forged, [Flaw::Content { seq: 3 }, Flaw::Link { seq: 4 }]);
}

#[test]
fn sec20_contents_exchanged_with_their_checksums_do_not_open() {
    let exchanged = edited(|r| {
        let (one, two) = (Header::read(r[1]).unwrap(), Header::read(r[2]).unwrap());
        assert_eq!(one.length, two.length);
        let (mut second, mut third) = (Vec::new(), Vec::new());
        one.over(&r[2][HEADER..])
            .write(&r[2][HEADER..], &mut second);
        two.over(&r[1][HEADER..]).write(&r[1][HEADER..], &mut third);
        [r[0], &second, &third, r[3], r[4]].concat()
    });
    assert_eq!(
        exchanged,
        [Flaw::Content { seq: 2 }, Flaw::Content { seq: 3 }]
    );
}

/// Zeros in the place of these records' contents, as anybody can write them.
fn blank(dir: &Path, which: &[u64]) {
    let bytes = std::fs::read(segment(dir)).unwrap();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(header) = Header::read(&bytes[at..]) {
        let end = at + header.size() as usize;
        if which.contains(&header.seq) {
            let nothing = vec![0; header.length as usize];
            header.over(&nothing).write(&nothing, &mut out);
        } else {
            out.extend_from_slice(&bytes[at..end]);
        }
        at = end;
        if at == bytes.len() {
            break;
        }
    }
    std::fs::write(segment(dir), out).unwrap();
}

#[test]
fn sec24_a_blanked_content_leaves_the_chain_whole_and_is_found() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    blank(dir.path(), &[3, 5]);
    let erased = |seq| Flaw::Erased { seq };
    for seal in [Some(seal(dir.path())), None] {
        let report = verify(dir.path(), seal.as_ref()).unwrap();
        let flaws: Vec<_> = report.findings.iter().map(|found| found.flaw).collect();
        assert_eq!(flaws, [erased(3), erased(5)]);
        assert_eq!((report.good, report.last), (3, 5));
    }
    let upto = until(dir.path(), &seal(dir.path()), 5, &mut || true);
    assert_eq!(upto.unwrap().unwrap().len(), 2);
    for (gone, left) in [
        (&["state"][..], vec![1, 2, 3, 4, 5]),
        (&["index"], vec![1, 2, 3, 4, 5]),
        (&["state", "index"], vec![1, 2, 4]),
    ] {
        let work = tempfile::tempdir().unwrap();
        copy(dir.path(), work.path());
        for name in gone {
            let path = work.path().join(name);
            let _ = std::fs::remove_dir_all(&path);
            let _ = std::fs::remove_file(&path);
        }
        let (mut store, loaded) = open(work.path());
        let ids: Vec<_> = (loaded.outlines.iter())
            .map(|outline| outline.id.clone())
            .collect();
        let numbered: Vec<_> = left.iter().map(|&number| note(number, 1).id).collect();
        assert_eq!(ids, numbered, "{gone:?}");
        if *gone == ["state"] {
            let unread = |text: &Remark| text.contains("20261120-0003、20261120-0005");
            assert!(loaded.remarks.iter().any(unread), "{:?}", loaded.remarks);
            assert_eq!(loaded.notes().len(), 3);
        }
        if gone.contains(&"state") {
            let named = |seq: u64| {
                loaded
                    .remarks
                    .iter()
                    .any(|text| text.contains(&format!("記録 {seq} の中身が消されて")))
            };
            assert!(named(3) && named(5), "{:?}", loaded.remarks);
        }
        // The chain goes on.
        store.append(&record(6, 1)).unwrap();
        drop(store);
        let report = verify(work.path(), None).unwrap();
        assert!(
            report
                .findings
                .iter()
                .all(|found| matches!(found.flaw, Flaw::Erased { .. }))
        );
    }
}

#[test]
fn a_repeated_old_record_does_not_bring_back_an_old_state() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1);
    let old = std::fs::read(segment(dir.path())).unwrap();
    let (mut store, _) = open(dir.path());
    store.append(&record(1, 2)).unwrap();
    drop(store);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    bytes.extend_from_slice(&old);
    std::fs::write(segment(dir.path()), bytes).unwrap();
    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    let (_, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), [(1, 2)]);
    assert!(loaded.remarks.iter().any(|r| r.contains("うしろ")));
}
