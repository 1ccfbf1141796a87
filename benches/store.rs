//! The store against its floor: a bare append and `fdatasync` of the same
//! size on the same disk, in turns with it, so that both meet the same
//! machine. Medians and the least of each are told, and their ratios.
//!
//! `cargo bench --bench store`; the figures are kept in `benches/RESULTS.md`.
//! `MADOGUCHI_BENCH_DIR` chooses the disk, otherwise the one of `target`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, says what it found and fails where it stands"
)]

#[path = "../tests/store/sample.rs"]
mod sample;

use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::store::spill::Spill;
use madoguchi::store::{KeySource, Store};
use sample::{moment, record};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn folder() -> tempfile::TempDir {
    let base = std::env::var_os("MADOGUCHI_BENCH_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    tempfile::tempdir_in(base).unwrap()
}

fn key() -> KeySource {
    KeySource::Held([7; 32].into())
}

fn filled(dir: &Path, count: u64) {
    let (mut store, _) = Store::open(dir, &key(), moment()).unwrap();
    for first in (1..=count).step_by(500) {
        let last = (first + 499).min(count);
        for result in store.commit((first..=last).map(record).collect()) {
            result.unwrap();
        }
        store.catch_up();
    }
}

/// Times of one thing.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn of<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let made = work();
        self.0.push(begin.elapsed());
        made
    }

    fn at(&mut self, percent: usize) -> Duration {
        self.0.sort();
        self.0[(self.0.len() - 1) * percent / 100]
    }

    fn tell(&mut self, name: &str, floor: Option<&mut Self>) {
        let (least, middle, late) = (self.at(0), self.at(50), self.at(95));
        print!("{name:<44} least {least:>9.1?}  p50 {middle:>9.1?}  p95 {late:>9.1?}");
        if let Some(floor) = floor {
            let mut ratio = |percent| {
                let (own, bare) = (self.0.len(), floor.at(percent).as_secs_f64());
                self.0[(own - 1) * percent / 100].as_secs_f64() / bare
            };
            let (quarter, half) = (ratio(25), ratio(50));
            print!("  to the floor: p25 {quarter:.2}, p50 {half:.2}");
        }
        println!();
    }
}

fn durable() {
    let dir = folder();
    let (mut store, _) = Store::open(dir.path(), &key(), moment()).unwrap();
    // As many bytes as the record has in the journal, sealed.
    let log = dir.path().join("journal/2026-11.log");
    store.append(&record(1)).unwrap();
    let before = std::fs::metadata(&log).unwrap().len();
    store.append(&record(2)).unwrap();
    let size = (std::fs::metadata(&log).unwrap().len() - before) as usize;
    let bytes = vec![b'x'; size];
    let mut file: File = OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.path().join("bare"))
        .unwrap();
    let (mut bare, mut acknowledged, mut both) =
        (Times::default(), Times::default(), Times::default());
    let mut drafts = Times::default();
    for number in 3..3003 {
        bare.of(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
        let records = vec![record(number)];
        let begin = Instant::now();
        let written = acknowledged.of(|| store.commit(records));
        store.catch_up();
        both.0.push(begin.elapsed());
        assert!(written.iter().all(Result::is_ok));
        if number % 4 == 0 {
            let draft = Draft {
                from_card: std::collections::BTreeSet::new(),
                pane: "note".to_owned(),
                note: None,
                fields: [(Field::Remark, number.to_string())].into(),
                focus: None,
                others: Vec::new(),
            };
            drafts.of(|| store.keep_draft("003", Some(&draft)).unwrap());
        }
    }
    bare.tell(&format!("bare append + fdatasync, {size} bytes"), None);
    acknowledged.tell("until a note is acknowledged", Some(&mut bare));
    both.tell("journal and sled, sealed", Some(&mut bare));
    drafts.tell("keep a draft (sled, flush, fdatasync)", Some(&mut bare));
}

/// A save while the store takes nothing (REL-4): two folders, as a desk has.
fn spilled() {
    let dir = folder();
    let bytes = vec![b'x'; 860];
    let mut file = File::create(dir.path().join("bare")).unwrap();
    let folders = ["first", "second"].map(|name| dir.path().join(name));
    let mut spill = Spill::new(folders.to_vec(), key());
    spill.prepare().unwrap();
    let (mut bare, mut kept) = (Times::default(), Times::default());
    for number in 1..=500 {
        bare.of(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
        let records = [record(number)];
        kept.of(|| spill.append(&records, None).unwrap());
    }
    kept.tell("until a note is kept in the spill", Some(&mut bare));
}

fn opening(count: u64) {
    let dir = folder();
    filled(dir.path(), count);
    let open = || Store::open(dir.path(), &key(), moment()).unwrap();
    let mut times = Times::default();
    for _ in 0..12 {
        // The closing is not measured.
        drop(times.of(open));
    }
    times.tell(&format!("open {count} notes"), None);
    for (name, what) in [("without the index", "index"), ("sled rebuilt", "state")] {
        let mut times = Times::default();
        for _ in 0..3 {
            let path = dir.path().join(what);
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
            drop(times.of(open));
        }
        times.tell(&format!("open {count} notes, {name}"), None);
    }
}

fn main() {
    durable();
    spilled();
    for count in [0, 10_000, 100_000] {
        opening(count);
    }
}
