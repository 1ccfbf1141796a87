//! The store against its floor: a bare append and `fdatasync` of the same
//! size on the same disk in the same run.
//!
//! `cargo bench --bench store`; the figures are kept in `benches/RESULTS.md`.
//! `MADOGUCHI_BENCH_DIR` chooses the disk, otherwise the one of `target`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and fails where it stands"
)]

#[path = "../tests/store/sample.rs"]
mod sample;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::store::frame::HEADER;
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

fn append(c: &mut Criterion) {
    let mut group = c.benchmark_group("durable");
    let size = HEADER + serde_json::to_vec(&record(1)).unwrap().len();

    let dir = folder();
    let bytes = vec![b'x'; size];
    let mut file: File = OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.path().join("bare"))
        .unwrap();
    group.bench_function(format!("bare append + fdatasync, {size} bytes"), |b| {
        b.iter(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
    });

    let dir = folder();
    let (mut store, _) = Store::open(dir.path(), &key(), moment()).unwrap();
    let mut number = 0;
    group.bench_function("append a note (journal, then sled)", |b| {
        b.iter_batched(
            || {
                number += 1;
                record(number)
            },
            |record| store.append(&record).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("until the note is acknowledged (journal)", |b| {
        b.iter_custom(|times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                number += 1;
                let records = vec![record(number)];
                let begin = Instant::now();
                store.commit(records);
                spent += begin.elapsed();
                store.catch_up();
            }
            spent
        });
    });
    group.bench_function("keep a draft (sled, flush, fdatasync)", |b| {
        b.iter_batched(
            || {
                number += 1;
                Draft {
                    pane: "note".to_owned(),
                    note: None,
                    fields: [(Field::Remark, number.to_string())].into(),
                    focus: None,
                    others: Vec::new(),
                }
            },
            |draft| store.keep_draft("003", Some(&draft)).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn opening(c: &mut Criterion) {
    let mut group = c.benchmark_group("open");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5));
    for count in [0, 10_000, 100_000] {
        let dir = folder();
        filled(dir.path(), count);
        group.bench_function(format!("{count} notes"), |b| {
            b.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let begin = Instant::now();
                    let open = Store::open(dir.path(), &key(), moment()).unwrap();
                    spent += begin.elapsed();
                    // The closing is not measured.
                    drop(open);
                }
                spent
            });
        });
        if count > 0 {
            group.bench_function(format!("{count} notes, sled rebuilt"), |b| {
                b.iter_batched(
                    || std::fs::remove_dir_all(dir.path().join("state")).unwrap(),
                    |()| drop(Store::open(dir.path(), &key(), moment()).unwrap()),
                    BatchSize::PerIteration,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, append, opening);
criterion_main!(benches);
