//! Torn ends and flipped bits: named, never shown as good, never a panic.

use super::*;
use crate::store::verify::verify;

#[test]
fn f06_a_journal_torn_at_any_byte_opens_with_all_whole_records() {
    let origin = tempfile::tempdir().unwrap();
    filled(origin.path(), 2);
    let bytes = std::fs::read(segment(origin.path())).unwrap();
    let whole = usize::try_from(crate::store::frame::Header::read(&bytes).unwrap().size()).unwrap();
    let work = tempfile::tempdir().unwrap();
    for cut in (0..bytes.len()).filter(|cut| cut % 7 == 0 || cut.abs_diff(whole) < 100) {
        let dir = work.path().join(cut.to_string());
        write_journal(origin.path(), &dir, &bytes[..cut]);
        let (mut store, loaded) = open(&dir);
        let kept = u32::from(cut >= whole);
        assert_eq!(numbers(&loaded), first(kept), "cut at {cut}");
        let torn = cut != 0 && cut != whole;
        assert_eq!(
            loaded.remarks.iter().any(|r| r.contains("切り取りました")),
            torn,
            "cut at {cut}: {:?}",
            loaded.remarks
        );
        store.append(&record(9, 1)).unwrap();
        drop(store);
        assert_eq!(
            verify(&dir, Some(&seal(&dir))).unwrap().findings,
            [],
            "cut at {cut}"
        );
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn a_tail_of_zeros_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 2);
    let mut bytes = std::fs::read(segment(dir.path())).unwrap();
    let length = bytes.len();
    bytes.extend_from_slice(&[0; 4096]);
    std::fs::write(segment(dir.path()), bytes).unwrap();
    let (_store, loaded) = open(dir.path());
    assert_eq!(numbers(&loaded), first(2));
    assert_eq!(loaded.remarks.len(), 1);
    assert_eq!(
        std::fs::metadata(segment(dir.path())).unwrap().len() as usize,
        length
    );
}

/// A random number source whose seed is printed by a failing assertion.
fn seeded(seed: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed)
}

#[test]
fn n4_300_flips_in_the_journal_none_shown_as_good() {
    let origin = tempfile::tempdir().unwrap();
    filled(origin.path(), 6);
    let bytes = std::fs::read(segment(origin.path())).unwrap();
    let work = tempfile::tempdir().unwrap();
    let dir = work.path().join("store");
    for seed in 0..300 {
        let mut random = seeded(seed);
        let bit = random.usize(..bytes.len() * 8);
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        write_journal(origin.path(), &dir, &flipped);

        let report = verify(&dir, Some(&seal(&dir))).unwrap();
        assert!(!report.findings.is_empty(), "seed {seed}: not named");
        assert!(report.good >= 5, "seed {seed}: {report:?}");
        let closed = verify(&dir, None).unwrap();
        assert!(!closed.findings.is_empty(), "seed {seed}: without the key");
        // Without sled, everything comes from the damaged journal.
        let (mut store, loaded) = open(&dir);
        let kept = numbers(&loaded);
        assert_eq!(kept.len(), 5, "seed {seed}: {:?}", loaded.remarks);
        assert!(!loaded.remarks.is_empty(), "seed {seed}");
        // Nothing is thrown away but an unfinished end, and work goes on.
        store.append(&record(9, 1)).unwrap();
        drop(store);
        let (_, again) = open(&dir);
        assert_eq!(numbers(&again).len(), 6, "seed {seed}");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn n4_flips_in_sled_none_shown_as_good_and_all_notes_there() {
    let origin = tempfile::tempdir().unwrap();
    filled(origin.path(), 40);
    let (mut store, _) = open(origin.path());
    store.keep_draft("003", Some(&draft("シケ"))).unwrap();
    drop(store);
    let work = tempfile::tempdir().unwrap();
    let dir = work.path().join("store");
    let mut rebuilt = 0;
    for seed in 0..300 {
        let mut random = seeded(seed);
        copy(origin.path(), &dir);
        // Half of them open by the index, and read sled note by note.
        if seed % 2 == 0 {
            std::fs::remove_file(dir.join("index")).unwrap();
        }
        let mut files: Vec<_> = std::fs::read_dir(dir.join("state"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        let path = &files[random.usize(..files.len())];
        let mut bytes = std::fs::read(path).unwrap();
        // Sled's file is mostly empty: aim at what is used.
        let used: Vec<_> = (0..bytes.len()).filter(|&i| bytes[i] != 0).collect();
        if used.is_empty() {
            std::fs::remove_dir_all(&dir).unwrap();
            continue;
        }
        bytes[used[random.usize(..used.len())]] ^= 1 << random.u8(..8);
        std::fs::write(path, bytes).unwrap();

        let (mut store, loaded) = open(&dir);
        assert_eq!(numbers(&loaded), first(40), "seed {seed} in {path:?}");
        for (_, found) in &loaded.drafts {
            assert_eq!(*found, draft("シケ"), "seed {seed}");
        }
        rebuilt += u32::from(!loaded.remarks.is_empty());
        store.append(&record(41, 1)).unwrap();
        drop(store);
        let (_, again) = open(&dir);
        assert_eq!(numbers(&again), first(41), "seed {seed}");
        std::fs::remove_dir_all(&dir).unwrap();
    }
    assert!(rebuilt > 30, "only {rebuilt} flips were felt");
}

#[test]
fn f06_foreign_and_empty_files() {
    for content in [
        &b""[..],
        b"PK\x03\x04 something else entirely",
        &[0xF6; 5000],
    ] {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()));
        write_journal(dir.path(), dir.path(), content);
        std::fs::write(dir.path().join("journal/notes.txt"), "x").unwrap();
        let (mut store, loaded) = open(dir.path());
        assert_eq!(loaded.notes(), []);
        assert_eq!(loaded.remarks.is_empty(), content.is_empty());
        store.append(&record(1, 1)).unwrap();
        drop(store);
        assert_eq!(numbers(&open(dir.path()).1), first(1));
    }
}

#[test]
fn whose_a_damaged_record_was_is_named_where_it_can_be_known() {
    use crate::store::audit::{self, Elsewhere};
    use crate::store::frame::Header;
    let origin = tempfile::tempdir().unwrap();
    filled(origin.path(), 5);
    let bytes = std::fs::read(segment(origin.path())).unwrap();
    let mut starts = vec![0];
    for n in 0..5 {
        let size = Header::read(&bytes[starts[n]..]).unwrap().size();
        starts.push(starts[n] + usize::try_from(size).unwrap());
    }
    // The content of record 2; the head of record 4, so that its bytes are no
    // record any more.
    let mut damaged = bytes.clone();
    damaged[starts[2] - 1] ^= 1;
    damaged[starts[3]] ^= 0xFF;
    std::fs::write(segment(origin.path()), &damaged).unwrap();
    let dir = origin.path();
    let (two, four) = (note(2, 1).id, note(4, 1).id);

    let known = seal(dir);
    let findings = verify(dir, Some(&known)).unwrap().findings;
    for id in [&two, &four] {
        let found = findings.iter().find(|one| one.notes.contains(id));
        let text = found.unwrap_or_else(|| panic!("{findings:?}")).to_string();
        assert!(text.contains(&format!("控え {id} の記録です。")), "{text}");
    }
    let report = audit::verify(dir, Some(&known), &Elsewhere::default()).unwrap();
    for id in [&two, &four] {
        let found = (report.wrong.iter()).any(|wrong| wrong.to_string().contains(&id.0));
        assert!(found, "{:?}", report.wrong);
    }
    let closed = verify(dir, None).unwrap().findings;
    assert!(closed.iter().all(|finding| finding.notes.is_empty()));

    // At the desk's work, in what the thread tells.
    let (mut store, _) = open(dir);
    let (tell, told) = std::sync::mpsc::channel();
    store.examine(move |examined| tell.send(examined).unwrap());
    let examined = told.recv().unwrap();
    let texts: Vec<String> = examined.findings.iter().map(ToString::to_string).collect();
    for id in [&two, &four] {
        assert!(texts.iter().any(|text| text.contains(&id.0)), "{texts:?}");
    }
    drop(store);

    // Without the index and sled nobody knows, and nothing is made up.
    std::fs::write(segment(dir), &damaged).unwrap();
    std::fs::remove_file(dir.join("index")).unwrap();
    let findings = verify(dir, Some(&known)).unwrap().findings;
    assert!(!findings.is_empty());
    assert!(findings.iter().all(|finding| finding.notes.is_empty()));
}
