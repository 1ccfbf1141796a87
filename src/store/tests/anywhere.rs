//! Damage of every kind in every file of a store (F-06, N-4): it opens, what
//! it shows is right, and what is not there is named.

use super::*;

/// All files below a folder, by their path in it.
fn files(dir: &Path, below: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files(dir, &path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

/// Hurts a file; the words for a failing assertion.
fn hurt(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) -> String {
    let length = bytes.len().max(1);
    let at = random.usize(..length);
    match random.u8(..5) {
        0 if !bytes.is_empty() => {
            bytes[at] ^= 1 << random.u8(..8);
            format!("a flip at {at}")
        }
        1 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        2 => {
            let page = at / 4096 * 4096;
            let end = (page + 4096).min(bytes.len());
            bytes[page.min(end)..end].fill(0);
            format!("zeros at {page}")
        }
        3 => {
            bytes.clear();
            "emptied".to_owned()
        }
        _ => {
            *bytes = (0..length).map(|_| random.u8(..)).collect();
            "foreign".to_owned()
        }
    }
}

/// Three hundred, or `MADOGUCHI_FLIPS`.
#[test]
fn n4_300_damages_in_any_file_none_shown_as_good() {
    let count = std::env::var("MADOGUCHI_FLIPS").ok();
    let count = count.and_then(|text| text.parse().ok()).unwrap_or(300);
    let origin = tempfile::tempdir().unwrap();
    filled(origin.path(), 6);
    let (mut store, _) = open(origin.path());
    for number in [2, 5] {
        store.append(&record(number, 2)).unwrap();
    }
    store.keep_draft("003", Some(&draft("シケン"))).unwrap();
    drop(store);
    let newest = [(1, 1), (2, 2), (3, 1), (4, 1), (5, 2), (6, 1)];
    let mut all = Vec::new();
    files(origin.path(), Path::new(""), &mut all);
    all.retain(|path| !path.ends_with("lock"));
    let work = tempfile::tempdir().unwrap();
    let dir = work.path().join("store");
    for seed in 0..count {
        let mut random = fastrand::Rng::with_seed(seed);
        let path = &all[random.usize(..all.len())];
        copy(origin.path(), &dir);
        let mut bytes = std::fs::read(dir.join(path)).unwrap();
        let how = hurt(&mut bytes, &mut random);
        std::fs::write(dir.join(path), &bytes).unwrap();
        let case = format!("seed {seed}: {} {how}", path.display());

        let (store, loaded) =
            Store::open(&dir, &key(), moment(0)).unwrap_or_else(|e| panic!("{case}: {e}"));
        // Each note that is shown is one that was written.
        let shown = numbers(&loaded);
        if shown != newest {
            assert!(!loaded.remarks.is_empty(), "{case}: {shown:?}, not named");
            assert!(path.starts_with("journal"), "{case}: {shown:?}");
        }
        let drafts = loaded.drafts.iter().map(|(_, kept)| kept);
        assert!(
            drafts.into_iter().all(|kept| *kept == draft("シケン")),
            "{case}"
        );
        drop(store);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
