//! What was acknowledged and is missing from the spill: told with its notes,
//! put on record, and found by whoever examines the journal.

use super::*;
use crate::store::audit::{self, Elsewhere, Wrong};
use crate::store::keys;
use crate::store::remark::{Grade, Remark};
use crate::store::spill::{check, tally};
use std::fs;

/// A ledger with one note, away; the notes 2 and 3 in one file of the spill,
/// 4 in the next.
pub(super) fn spilled(spare: bool) -> (Office, PathBuf) {
    let mut office = Office::new();
    office.spare = spare;
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    drop(desk);
    let away = office.dir.path().join("away");
    fs::rename(office.store(), &away).unwrap();
    fs::write(office.store(), "in the way").unwrap();
    for numbers in [&[2_u32, 3][..], &[4]] {
        let mut desk = office.start();
        desk.opened().unwrap_err();
        for number in numbers {
            desk.spilled(*number, 1);
        }
    }
    assert_eq!(office.logs().len(), 2);
    (office, away)
}

pub(super) fn back(office: &Office, away: &Path) {
    office.unblock();
    fs::rename(away, office.store()).unwrap();
}

pub(super) fn tally_of(folder: &Path, log: &Path) -> PathBuf {
    tally::path(folder, &log.file_name().unwrap().to_string_lossy())
}

/// What an examination finds, and how many records wait.
pub(super) fn examined(office: &Office) -> (Vec<Wrong>, u64) {
    let spill = check::examine(&office.places(), Some(&key()));
    let seal = keys::seal(&office.store(), &key()).unwrap();
    let elsewhere = Elsewhere {
        spill: spill.as_ref(),
        ..Elsewhere::default()
    };
    let report = audit::verify(&office.store(), Some(&seal), &elsewhere).unwrap();
    (report.wrong, report.waits.records)
}

/// The bytes of a file up to the end of its record `number`.
pub(super) fn upto(log: &Path, number: u64) -> u64 {
    of_log(log, number).unwrap() as u64
}

/// The same, if it has that record.
pub(super) fn of_log(log: &Path, number: u64) -> Option<usize> {
    let seal = keys::seal(log.parent().unwrap(), &key()).unwrap();
    let bytes = fs::read(log).unwrap();
    let name = log.file_name().unwrap().to_string_lossy().into_owned();
    let of = crate::store::spill::rows::Of {
        table: "spill",
        name: &name,
    };
    let rows = crate::store::spill::rows::parse(&bytes, Some(&seal), of, 0).good;
    let row = rows.iter().find(|row| row.number == number)?;
    Some(row.at + row.length)
}

pub(super) fn cut(path: &Path, length: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(length).unwrap();
}

pub(super) fn said(loaded: &Loaded) -> String {
    let all: Vec<&str> = loaded.remarks.iter().map(|remark| &**remark).collect();
    all.join("\n")
}

type Spoil = fn(&Office);

/// What is done to the spill, whether there is a second place, and the notes
/// that are lost by it.
const WAYS: [(&str, bool, &[u32], Spoil); 8] = [
    ("the first file", false, &[2, 3], |office| {
        fs::remove_file(&office.logs()[0]).unwrap();
    }),
    ("the last file", false, &[4], |office| {
        fs::remove_file(&office.logs()[1]).unwrap();
    }),
    (
        "a file with its tally: the next one knows",
        false,
        &[2, 3],
        |office| {
            let log = office.logs()[0].clone();
            fs::remove_file(tally_of(&office.spill(), &log)).unwrap();
            fs::remove_file(log).unwrap();
        },
    ),
    ("all files", false, &[2, 3, 4], |office| {
        for log in office.logs() {
            fs::remove_file(log).unwrap();
        }
    }),
    (
        "the folder: the other place knows",
        true,
        &[2, 3, 4],
        |office| {
            fs::remove_dir_all(office.spill()).unwrap();
        },
    ),
    (
        "the end of the last file, with its tally",
        true,
        &[4],
        |office| {
            let log = office.logs()[1].clone();
            fs::remove_file(tally_of(&office.spill(), &log)).unwrap();
            cut(&log, upto(&log, 0));
        },
    ),
    ("a record at the end of a file", false, &[3], |office| {
        let log = office.logs()[0].clone();
        cut(&log, upto(&log, 1));
    }),
    ("half a record", false, &[3], |office| {
        let log = office.logs()[0].clone();
        cut(&log, upto(&log, 2) - 5);
    }),
];

#[test]
fn rel_4_what_is_missing_from_the_spill_is_named_and_stays_on_record() {
    for (how, spare, lost, spoil) in WAYS {
        let (office, away) = spilled(spare);
        spoil(&office);
        back(&office, &away);
        let ids: Vec<String> = lost.iter().map(|n| note(*n, 1).id.0).collect();
        let names = |text: &str| ids.iter().all(|id| text.contains(id.as_str()));

        // Before anything is taken in.
        let (wrong, waiting) = examined(&office);
        assert_eq!(waiting, 3 - lost.len() as u64, "{how}");
        let found: Vec<String> = (wrong.iter())
            .filter(|wrong| wrong.code() == "spill-missing")
            .flat_map(|wrong| wrong.notes.iter().map(|id| id.0.clone()))
            .collect();
        assert_eq!(found, ids, "{how}: {wrong:?}");

        let mut desk = office.start();
        let loaded = desk.opened().unwrap();
        assert_eq!(notes(&loaded).len(), 4 - lost.len(), "{how}");
        let told = said(&loaded);
        assert!(names(&told), "{how}: {told}");
        let loss = loaded
            .remarks
            .iter()
            .any(|remark| remark.grade == Grade::Loss);
        assert!(loss, "{how}");
        assert!(!told.contains("失われていません"), "{how}: {told}");
        assert!(!told.contains("表示する前"), "{how}: {told}");
        desk.written(9, 1);
        drop(desk);

        // And for ever after, told once.
        for run in 0..2 {
            let (wrong, waiting) = examined(&office);
            let all: String = wrong.iter().map(ToString::to_string).collect();
            assert!(names(&all) && waiting == 0, "{how}, {run}: {wrong:?}");
            assert!(wrong.iter().all(|wrong| wrong.code() == "spill-lost"));
            let loaded = office.start().opened().unwrap();
            assert_eq!(loaded.remarks, Vec::<Remark>::new(), "{how}");
            // REL-11: no number twice, whatever is lost.
            let last = loaded.given.iter().max();
            assert_eq!(last, Some(&note(4, 1).id), "{how}");
        }
    }
}

#[test]
fn rel_4_while_the_ledger_is_away_a_missing_file_is_told_too() {
    let (office, _) = spilled(false);
    fs::remove_file(&office.logs()[0]).unwrap();
    let mut desk = office.start();
    let told = loop {
        match desk.next() {
            Report::Remark(text) => break text,
            Report::Opened(result) => drop(result),
            other => panic!("{other:?}"),
        }
    };
    assert!(
        told.contains("がありません") && told.contains(&note(3, 1).id.0),
        "{told}"
    );
}

#[test]
fn rel_4_what_waits_is_counted_and_held_against_itself() {
    let (office, away) = spilled(true);
    fs::remove_file(office.store()).unwrap();
    fs::rename(&away, office.store()).unwrap();
    let (wrong, waiting) = examined(&office);
    assert_eq!((wrong, waiting), (Vec::new(), 3));
    let keyless = check::examine(&office.places(), None).unwrap();
    assert_eq!((keyless.records(), keyless.flaws), (3, Vec::new()));
    assert_eq!(
        keyless
            .files
            .iter()
            .map(|file| &file.folder)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        1,
        "the other place has tallies alone"
    );
    // A byte in the middle, with a key or without.
    let log = office.logs()[0].clone();
    let mut bytes = fs::read(&log).unwrap();
    let at = usize::try_from(upto(&log, 0)).unwrap() + 60;
    bytes[at] ^= 1;
    fs::write(&log, bytes).unwrap();
    let codes: Vec<&str> = examined(&office).0.iter().map(Wrong::code).collect();
    assert_eq!(codes, ["spill-missing", "spill-bad"]);
    let keyless = check::examine(&office.places(), None).unwrap();
    assert_eq!((keyless.records(), keyless.flaws.len()), (2, 1));
}

#[test]
fn rel_4_a_file_that_comes_back_is_taken_in_and_the_finding_goes() {
    let (office, away) = spilled(false);
    let log = office.logs()[0].clone();
    let hidden = office.dir.path().join("hidden");
    fs::rename(&log, &hidden).unwrap();
    back(&office, &away);
    assert_eq!(office.start().opened().unwrap().notes().len(), 2);
    assert!(!examined(&office).0.is_empty());
    fs::rename(&hidden, &log).unwrap();
    assert_eq!(office.start().opened().unwrap().notes().len(), 4);
    assert_eq!(examined(&office), (Vec::new(), 0));
}

#[test]
fn rel_4_killed_anywhere_while_the_files_go_nothing_is_called_missing() {
    // Oldest first they would miss one another; a tally left is explained by
    // the journal.
    let (office, away) = spilled(true);
    let all = |dir: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let files = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    };
    let kept: Vec<_> = [office.spill(), office.spare()]
        .iter()
        .flat_map(|dir| all(dir))
        .collect();
    back(&office, &away);
    drop(office.start().opened().unwrap());
    let records = count(&office.store());
    let names: Vec<String> = (kept.iter())
        .map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("spill-"))
        .collect();
    for name in &names {
        for (path, bytes) in &kept {
            if path.to_string_lossy().ends_with(name.as_str()) {
                fs::write(path, bytes).unwrap();
            }
        }
        assert_eq!(examined(&office), (Vec::new(), 0), "{name}");
        let mut desk = office.start();
        assert_eq!(said(&desk.opened().unwrap()), "", "{name}");
        drop(desk);
        assert_eq!(count(&office.store()), records, "{name}");
        assert!(
            !kept
                .iter()
                .any(|(path, _)| path.to_string_lossy().contains("spill-") && path.exists())
        );
    }
}

#[test]
fn rel_4_what_was_never_acknowledged_is_known_by_the_tally_alone() {
    for tally in [true, false] {
        let (office, away) = spilled(false);
        let log = office.logs()[1].clone();
        let mut bytes = fs::read(&log).unwrap();
        bytes.extend_from_slice(b"\xF6SQ\n and no more");
        fs::write(&log, bytes).unwrap();
        if !tally {
            fs::remove_file(tally_of(&office.spill(), &log)).unwrap();
        }
        back(&office, &away);
        let loaded = office.start().opened().unwrap();
        assert_eq!(notes(&loaded).len(), 4);
        let told = said(&loaded);
        assert_eq!(told.contains("表示する前の記録です"), tally, "{told}");
        assert_eq!(
            told.contains("分かりません") && told.contains("紙の控え"),
            !tally,
            "{told}"
        );
    }
}

#[test]
fn rel_4_a_journal_that_lost_its_end_meanwhile_is_seen_by_the_spill() {
    let office = Office::new();
    let away = office.dir.path().join("away");
    let mut desk = office.start();
    desk.opened().unwrap();
    desk.written(1, 1);
    fs::rename(office.store(), &away).unwrap();
    desk.spilled(2, 1);
    drop(desk);
    // Everything that could tell of it beside the spill goes as well.
    let journal = away.join("journal");
    let segment = fs::read_dir(&journal)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    fs::write(segment, "").unwrap();
    for gone in ["index", "state"] {
        let path = away.join(gone);
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir_all(&path);
    }
    fs::remove_file(office.dir.path().join("store.anchors")).unwrap();
    fs::rename(&away, office.store()).unwrap();
    let loaded = office.start().opened().unwrap();
    let told = said(&loaded);
    assert!(told.contains("記録は 1 までありました"), "{told}");
    let codes: Vec<&str> = examined(&office).0.iter().map(Wrong::code).collect();
    assert!(codes.contains(&"spill-end"), "{codes:?}");
}

/// A note as the desk takes it: its number is the next of its series.
fn taken(number: u32) -> Record {
    let at = note(number, 1).taken;
    Record {
        at,
        ..record(number, 1)
    }
}

#[test]
fn rel_4_a_number_that_was_refused_is_no_loss_and_one_of_which_nothing_is_known_is() {
    for (restart, refused) in [(false, 1..=2), (true, 1..=2), (true, 1..=1)] {
        let office = Office::blocked();
        fs::write(office.spill(), "in the way too").unwrap();
        let mut desk = office.start();
        desk.opened().unwrap_err();
        for number in refused.clone() {
            let report = desk.append(taken(number));
            let refused = matches!(report, Report::Written { result: Err(_), .. });
            assert!(refused, "{report:?}");
        }
        fs::remove_file(office.spill()).unwrap();
        let report = desk.append(taken(3));
        assert!(matches!(report, Report::Spilled { .. }), "{report:?}");
        office.unblock();
        let remarks = if restart {
            drop(desk);
            let loaded = office.start().opened().unwrap();
            assert_eq!(notes(&loaded).len(), 1);
            loaded.remarks
        } else {
            desk.reopen();
            desk.opened().unwrap().remarks
        };
        let names = |grade: Grade, number: u32| {
            let id = note(number, 1).id.0;
            (remarks.iter()).any(|remark| remark.grade == grade && remark.contains(&id))
        };
        for number in 1..=2 {
            let was = refused.contains(&number);
            assert_eq!(names(Grade::Known, number), was, "{number}: {remarks:?}");
            assert_eq!(names(Grade::Loss, number), !was, "{number}: {remarks:?}");
        }
    }
}
