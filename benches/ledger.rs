//! A ledger with 100,000 notes in a real desk service: how long it takes to
//! open, what a key costs that narrows the list, and the memory of it all.
//!
//! `cargo bench --bench ledger`; the figures are kept in `benches/RESULTS.md`.
//! The store is filled by one process and served by another, so that the
//! memory measured is the desk service's alone. `MADOGUCHI_BENCH_NOTES` sets
//! the number of notes, `MADOGUCHI_BENCH_DIR` the disk.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, says what it found and fails where it stands"
)]

use jiff::Timestamp;
use jiff::civil::date;
use madoguchi::card::job::{NoHand, Report};
use madoguchi::clock::Clock;
use madoguchi::desk::event::Config;
use madoguchi::desk::shell::{Parts, Service, THRIFT};
use madoguchi::domain::entitlement::{Eligibility, Validity};
use madoguchi::domain::insurance::InsuranceNumbers;
use madoguchi::domain::note::{
    Group, Need, Note, NoteContent, NoteId, NoteState, Resolution, Step, Way,
};
use madoguchi::domain::reader::ReaderState;
use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{LedgerFilter, Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, channel};
use madoguchi::simulator::core::Core;
use madoguchi::simulator::embedded::Embedded;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::people::{Person, generate};
use madoguchi::store::record::{Record, What};
use madoguchi::store::{KeySource, Store};
use madoguchi::text::fold::katakana;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const FILL: &str = "MADOGUCHI_BENCH_FILL";
const OPEN: &str = "MADOGUCHI_BENCH_OPEN";
const SERVE: &str = "MADOGUCHI_BENCH_SERVE";

fn key() -> KeySource {
    KeySource::Held([7; 32].into())
}

fn moment() -> Timestamp {
    Timestamp::from_second(1_795_132_361).unwrap()
}

fn count() -> usize {
    std::env::var("MADOGUCHI_BENCH_NOTES").map_or(100_000, |text| text.parse().unwrap())
}

/// A note of one of `people`: six in ten are settled with their answer, one
/// is cancelled, the others are open in every group.
fn note(number: usize, people: &[Person]) -> Note {
    let person = &people[number % people.len()];
    let visit = date(2026, 11, 20);
    let kana = katakana(&person.kana);
    let cover = person.covers.last();
    let content = serde_json::json!({
        "name": person.name, "kana": kana, "birth_date": person.birth_date,
        "sex": person.sex, "address": person.address,
        "insurer_name": cover.map_or("", |cover| &cover.insurer.name),
        "visit_date": visit,
        "insurance": cover.map(|cover| InsuranceNumbers {
            insurer: cover.insurer.number.clone(),
            symbol: cover.symbol.clone(),
            number: cover.number.clone(),
            branch: cover.branch.clone(),
        }),
        "limit_consent": false, "reference": number.to_string(), "telephone": "03-5253-1111",
        "evidence": "診察券", "burden": "3割", "remark": "",
    });
    let content: NoteContent = serde_json::from_value(content).unwrap();
    let id = NoteId(format!(
        "2026{:02}{:02}-{:04}",
        1 + number / 28_000,
        1 + number / 1000 % 28,
        number % 1000
    ));
    let mut note = Note::take(id, "窓口1".to_owned(), "003", moment(), true, content);
    let resolution = || {
        Box::new(Resolution {
            answer: Eligibility {
                validity: Validity::Valid,
                entitlements: cover
                    .map(|cover| person.entitlement(cover, visit, true, ""))
                    .into_iter()
                    .collect(),
                check_date: visit,
                executed: "20261120091241".to_owned(),
                remark: None,
            },
            way: Way::Card,
            at: moment(),
            confirmed_by: None,
        })
    };
    note.state = match number % 20 {
        0..=11 => NoteState::Settled(resolution()),
        12 | 13 => NoteState::Cancelled {
            by: "003".to_owned(),
            at: moment(),
            reason: "患者が帰った".to_owned(),
        },
        14 => NoteState::Resolved(resolution()),
        15 => NoteState::NeedsPerson(Need::NotFound),
        16 => NoteState::NeedsPerson(Need::TooMany),
        17 => NoteState::Waiting { not_before: None },
        _ => NoteState::Noted,
    };
    for text in [
        "方法2で照会しました。",
        "方法2: 有効な資格です。",
        "完了にしました。",
    ] {
        note.history.push(Step {
            at: moment(),
            by: "003".to_owned(),
            text: text.to_owned(),
        });
    }
    note
}

fn fill(dir: &Path) {
    let people = generate(20_000, 7);
    let (mut store, _) = Store::open(dir, &key(), moment()).unwrap();
    let numbers: Vec<usize> = (0..count()).collect();
    for group in numbers.chunks(500) {
        let record = |number: &usize| Record {
            at: moment(),
            by: "003".to_owned(),
            desk: "窓口1".to_owned(),
            origin: String::new(),
            ends: None,
            what: What::Note(Box::new(note(*number, &people))),
            anchors: None,
        };
        for result in store.commit(group.iter().map(record).collect()) {
            result.unwrap();
        }
        store.catch_up();
    }
}

/// A field of `/proc/self/status` in kB.
fn memory(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn wait<T>(front: &FrontEnd, mut pick: impl FnMut(ToFront) -> Option<T>) -> T {
    loop {
        let message = front.rx.recv_timeout(Duration::from_secs(60)).unwrap();
        if let Some(found) = pick(message) {
            return found;
        }
    }
}

/// Milliseconds of processor time this process has used (all its threads).
fn processor() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let ticks = |field: usize| fields[field].parse::<u64>().unwrap();
    (ticks(11) + ticks(12)) * 10
}

fn open(dir: &Path) {
    let began = Instant::now();
    let before = processor();
    let opened = Store::open(dir, &key(), moment()).unwrap();
    println!(
        "store open             {:>10.1?}  processor {} ms, {} notes, {} MB, most {} MB",
        began.elapsed(),
        processor() - before,
        opened.1.outlines.len(),
        memory("VmRSS") / 1000,
        memory("VmHWM") / 1000
    );
}

fn serve(dir: &Path) {
    let clock = Clock::start();
    let core = Core::new(Fixtures::built_in(), Vec::new(), 7);
    let code = core.facility().code.clone();
    let central = Embedded::new(Arc::new(Mutex::new(core)), clock, &code);
    let began = Instant::now();
    let service = Service::start(Parts {
        config: Config {
            institution_code: code,
            // The list is looked at as it is: nothing is asked meanwhile.
            sync_confirm: true,
            ..Config::default()
        },
        central: Arc::new(central),
        store: dir.to_owned(),
        key: key(),
        spill: Vec::new(),
        downloads: dir.join("downloads"),
        clock,
        reader: Box::new(|report| {
            report(Report::State(ReaderState::NoService));
            Box::new(NoHand)
        }),
        demo_outage: None,
        complain: None,
        listener: None,
    })
    .unwrap();
    let (front, desk) = channel::pair();
    assert!(service.attach(desk));
    let hello = ToDesk::Hello {
        version: VERSION,
        origin: String::new(),
    };
    front.tx.send(hello).unwrap();
    wait(&front, |m| matches!(m, ToFront::Welcome(_)).then_some(()));
    println!("front end welcomed     {:>10.1?}", began.elapsed());
    wait(&front, |m| {
        matches!(m, ToFront::Status(s) if !s.store_opening).then_some(())
    });
    println!("ledger in the service  {:>10.1?}", began.elapsed());
    let login = ToDesk::Login {
        ticket: Ticket(1),
        user: "003".to_owned(),
        password: Secret::new("Onshi*003*003".to_owned()),
        force: true,
    };
    front.tx.send(login).unwrap();
    wait(&front, |m| {
        matches!(m, ToFront::LoggedIn { .. } | ToFront::Failed { .. }).then_some(())
    });

    let mut ticket = 1;
    let mut page = |filter: &LedgerFilter, offset: usize| {
        ticket += 1;
        let ask = ToDesk::Ledger {
            ticket: Ticket(ticket),
            filter: filter.clone(),
            offset,
            limit: 100,
        };
        let began = Instant::now();
        front.tx.send(ask).unwrap();
        let matching = wait(&front, |m| match m {
            ToFront::Page { page, .. } => Some(page.matching),
            ToFront::Failed { failure, .. } => panic!("{failure}"),
            _ => None,
        });
        (began.elapsed(), matching)
    };
    for text in [
        "",
        "0",
        "2026",
        "タ",
        "タナカ",
        "サトウ ハ",
        "1954",
        "1954/03",
        "ないなまえ",
    ] {
        // As it is typed: each key asks again.
        let mut times = Vec::new();
        let mut matching = 0;
        let before = processor();
        for _ in 0..40 {
            for end in 0..=text.chars().count() {
                let filter = LedgerFilter {
                    text: text.chars().take(end).collect(),
                    ..LedgerFilter::default()
                };
                let (took, found) = page(&filter, 0);
                times.push(took);
                matching = found;
            }
        }
        let used = (processor() - before) as f64 / times.len() as f64;
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        println!(
            "filter {text:　<8} a key: p50 {:>8.1?} p95 {:>8.1?} processor {used:>4.1} ms  {matching:>6} fit",
            at(50),
            at(95)
        );
    }
    let groups = LedgerFilter {
        groups: vec![Group::NeedsPerson, Group::Open],
        text: "タ".to_owned(),
        ..LedgerFilter::default()
    };
    println!("two groups and a text  {:>10.1?}", page(&groups, 0).0);
    let all = LedgerFilter::default();
    println!("window at 90,000       {:>10.1?}", page(&all, 90_000).0);
    println!(
        "memory                 {:>7} MB, most {} MB",
        memory("VmRSS") / 1000,
        memory("VmHWM") / 1000
    );
    drop(front);
    assert!(service.stop());
}

fn again(mode: &str, dir: &Path) {
    let done = Command::new(std::env::current_exe().unwrap())
        .env(mode, dir)
        // As a front end and the unit of systemd start it.
        .env(THRIFT.0, THRIFT.1)
        .status()
        .unwrap();
    assert!(done.success());
}

fn main() {
    if let Some(dir) = std::env::var_os(FILL) {
        return fill(Path::new(&dir));
    }
    if let Some(dir) = std::env::var_os(OPEN) {
        return open(Path::new(&dir));
    }
    if let Some(dir) = std::env::var_os(SERVE) {
        return serve(Path::new(&dir));
    }
    let base = std::env::var_os("MADOGUCHI_BENCH_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let dir = tempfile::tempdir_in(base).unwrap();
    let store = dir.path().join("store");
    again(FILL, &store);
    for _ in 0..5 {
        again(OPEN, &store);
    }
    again(SERVE, &store);
    println!("without the index, then without sled:");
    std::fs::remove_file(store.join("index")).unwrap();
    again(OPEN, &store);
    std::fs::remove_dir_all(store.join("state")).unwrap();
    again(OPEN, &store);
    std::fs::remove_dir_all(store.join("state")).unwrap();
    again(SERVE, &store);
}
