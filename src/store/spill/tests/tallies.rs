//! Tallies that are gone or garbled, kills while the files go, and files that
//! come back in part: nothing is passed over, and nothing taken in is doubted.

use super::missing::{back, cut, examined, said, spilled, tally_of, upto};
use super::*;
use crate::store::audit::Wrong;
use crate::store::spill::check::{self, Flaw};
use std::fs;

fn codes(office: &Office) -> Vec<&'static str> {
    let (wrong, _) = examined(office);
    wrong.iter().map(Wrong::code).collect()
}

fn garble(path: &Path, with: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    with(&mut bytes);
    fs::write(path, bytes).unwrap();
}

type Spoil = fn(&Path, &Path);

/// What is done to the tallies of two files.
const WAYS: [(&str, usize, Spoil); 4] = [
    ("zeros", 1, |_, tally| garble(tally, |bytes| bytes.fill(0))),
    ("a flipped bit", 1, |_, tally| {
        garble(tally, |bytes| bytes[70] ^= 1);
    }),
    ("swapped", 2, |other, tally| {
        let held = other.with_extension("held");
        fs::rename(other, &held).unwrap();
        fs::rename(tally, other).unwrap();
        fs::rename(held, tally).unwrap();
    }),
    ("no file can be read there", 1, |_, tally| {
        let held = fs::File::options().write(true).open(tally).unwrap();
        held.set_len(65 << 20).unwrap();
    }),
];

#[test]
fn rel_4_a_garbled_tally_is_a_finding_unless_another_one_is_whole() {
    for (how, bad, spoil) in WAYS {
        for spare in [false, true] {
            let (office, away) = spilled(spare);
            let logs = office.logs();
            spoil(
                &tally_of(&office.spill(), &logs[0]),
                &tally_of(&office.spill(), &logs[1]),
            );
            back(&office, &away);
            let bad = if spare { 0 } else { bad };
            assert_eq!(codes(&office), vec!["spill-tally"; bad], "{how}, {spare}");
            let loaded = office.start().opened().unwrap();
            assert_eq!(notes(&loaded).len(), 4, "{how}");
            let told = said(&loaded)
                .matches("（.tally）がないか、読めません")
                .count();
            assert_eq!(told, bad, "{how}, {spare}: {}", said(&loaded));
            assert_eq!(examined(&office), (Vec::new(), 0), "{how}");
        }
    }
}

#[test]
fn rel_4_a_file_that_was_cut_with_its_tally_garbled_is_no_good_one() {
    let (office, away) = spilled(true);
    let log = office.logs()[1].clone();
    cut(&log, upto(&log, 0));
    garble(&tally_of(&office.spill(), &log), |bytes| bytes.fill(0));
    fs::remove_file(tally_of(&office.spare(), &log)).unwrap();
    let first = office.logs()[0].clone();
    cut(&first, upto(&first, 1));
    garble(&tally_of(&office.spill(), &first), |bytes| bytes.fill(0));
    back(&office, &away);
    assert!(!codes(&office).is_empty());
    let keyless = check::examine(&office.places(), None).unwrap();
    assert_eq!(keyless.flaws, [], "the second tally of the first is whole");
    fs::remove_file(tally_of(&office.spare(), &first)).unwrap();
    assert!(codes(&office).contains(&"spill-tally"));
    let keyless = check::examine(&office.places(), None).unwrap();
    let name = first.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(keyless.flaws, [(name, Flaw::Garbled)]);
}

#[test]
fn rel_4_without_a_tally_beside_it_the_second_one_is_enough() {
    let (office, away) = spilled(true);
    for log in office.logs() {
        fs::remove_file(tally_of(&office.spill(), &log)).unwrap();
    }
    back(&office, &away);
    assert_eq!(examined(&office), (Vec::new(), 3));
    let loaded = office.start().opened().unwrap();
    assert_eq!(loaded.remarks.len(), 1, "{}", said(&loaded));
    assert!(said(&loaded).contains("3 件を控え帳に入れました"));
}

#[test]
fn rel_4_killed_between_a_tally_and_its_file_nothing_is_doubted() {
    // With a record that was torn off, too.
    for torn in [false, true] {
        let (office, away) = spilled(true);
        let logs = office.logs();
        if torn {
            garble(&logs[1], |bytes| bytes.extend_from_slice(b"\xF6SQ\n"));
        }
        let mut kept: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for path in [
            logs[0].clone(),
            tally_of(&office.spill(), &logs[0]),
            tally_of(&office.spare(), &logs[0]),
            logs[1].clone(),
        ] {
            let bytes = fs::read(&path).unwrap();
            kept.push((path, bytes));
        }
        back(&office, &away);
        drop(office.start().opened().unwrap());
        let records = count(&office.store());
        for (path, bytes) in &kept {
            fs::write(path, bytes).unwrap();
        }
        assert_eq!(examined(&office), (Vec::new(), 0), "all is in the journal");
        let loaded = office.start().opened().unwrap();
        assert_eq!(said(&loaded), "", "{torn}");
        assert_eq!(count(&office.store()), records);
        assert!(office.logs().is_empty());
    }
}

#[test]
fn rel_4_a_lost_file_that_comes_back_in_part_stays_lost_in_part() {
    let (office, away) = spilled(false);
    let log = office.logs()[0].clone();
    let hidden = office.dir.path().join("hidden");
    fs::rename(&log, &hidden).unwrap();
    back(&office, &away);
    drop(office.start().opened().unwrap());
    let named = |office: &Office| -> Vec<(&'static str, Vec<String>)> {
        let (wrong, waits) = examined(office);
        assert_eq!(waits, 0);
        let ids = |one: &Wrong| one.notes.iter().map(|id| id.0.clone()).collect();
        wrong.iter().map(|one| (one.code(), ids(one))).collect()
    };
    let id = |number| note(number, 1).id.0;
    assert_eq!(named(&office), [("spill-lost", vec![id(2), id(3)])]);

    // The first of its two records.
    fs::copy(&hidden, &log).unwrap();
    cut(&log, upto(&log, 1));
    assert_eq!(examined(&office).1, 1, "one of them waits");
    let loaded = office.start().opened().unwrap();
    assert_eq!(notes(&loaded).len(), 3);
    assert!(said(&loaded).contains("記録 1 件"), "{}", said(&loaded));
    let left = [("spill-lost", vec![id(3)])];
    assert_eq!(named(&office), left);
    let records = count(&office.store());
    // The same again says nothing new.
    fs::copy(&hidden, &log).unwrap();
    cut(&log, upto(&log, 1));
    assert_eq!(said(&office.start().opened().unwrap()), "");
    assert_eq!(named(&office), left);
    assert_eq!(count(&office.store()), records);
    // All of it.
    fs::copy(&hidden, &log).unwrap();
    assert_eq!(examined(&office).1, 1);
    assert_eq!(notes(&office.start().opened().unwrap()).len(), 4);
    assert_eq!(examined(&office), (Vec::new(), 0));
}

#[test]
fn rel_4_a_file_that_is_gone_is_seen_without_a_key() {
    let (office, _) = spilled(false);
    let log = office.logs()[1].clone();
    let flaws = || check::examine(&office.places(), None).unwrap().flaws;
    assert_eq!(flaws(), []);
    fs::remove_file(&log).unwrap();
    let name = log.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(flaws(), [(name.clone(), Flaw::Alone)]);
    // With one: by its notes, or so where the tally says nothing either.
    let keyed = || check::examine(&office.places(), Some(&key())).unwrap();
    assert_eq!((keyed().flaws.len(), keyed().lost.len()), (0, 1));
    garble(&tally_of(&office.spill(), &log), |bytes| bytes.fill(0));
    assert_eq!(keyed().flaws, [(name, Flaw::Alone)]);
}
