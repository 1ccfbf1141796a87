//! The desk service as a real process on its socket, killed with SIGKILL while
//! people note, correct and type (N-1, N-3, REL-1, REL-3; safety 6.1); and what
//! it does while its ledger is away (REL-4, F-03, F-05 to F-07).
//!
//! `MADOGUCHI_DESK_KILLS` sets the number of kills, `MADOGUCHI_SEED` the seed.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test fails where it stands"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "what is measured is real time: how far drafts are behind the keys"
)]
#![allow(clippy::print_stderr, reason = "says the seed, and what was skipped")]

#[path = "durability/clerk.rs"]
mod clerk;
#[path = "durability/disks.rs"]
mod disks;
#[path = "durability/losses.rs"]
mod losses;
#[path = "desk_socket/office.rs"]
#[allow(dead_code, reason = "shared with the other tests of a whole office")]
mod office;
#[path = "durability/other_keys.rs"]
mod other_keys;
#[path = "durability/spilling.rs"]
mod spilling;
#[path = "durability/transfer.rs"]
mod transfer;

use clerk::{Clerk, Done};
use madoguchi::domain::field::Field;
use madoguchi::domain::note::{Note, NoteId};
use madoguchi::store::record::What;
use madoguchi::store::{KeySource, Store, keys, verify};
use office::Office;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Who works at the desk.
const STAFF: [&str; 2] = ["002", "003"];
/// A draft is at most so far behind the keys.
const BEHIND: Duration = Duration::from_millis(200);

/// The store of an office.
pub fn store(office: &Office) -> PathBuf {
    office.data().join("store")
}

/// Its key.
pub fn key(office: &Office) -> KeySource {
    KeySource::File(office.home.path().join("store.key"))
}

/// All notes as the journal has them, and that the journal is whole.
pub fn notes(dir: &Path, key: &KeySource) -> BTreeMap<NoteId, Note> {
    let seal = keys::seal(dir, key).unwrap();
    let mut notes = BTreeMap::new();
    let report = verify::read(dir, &seal, |_, record| {
        if let What::Note(note) = record.what {
            notes.insert(note.id.clone(), *note);
        }
    })
    .unwrap();
    assert_eq!(report.findings, []);
    notes
}

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Writes beside the desk service, and tells how long the machine held that up:
/// a draft cannot be on disk sooner than the disk and the processor allow.
struct Probe {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Duration>,
}

impl Probe {
    fn start(folder: &Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (ended, path) = (stop.clone(), folder.join("probe"));
        let thread = std::thread::spawn(move || {
            let (_forever, never) = channel::<()>();
            let mut worst = Duration::ZERO;
            let mut file = File::create(path).unwrap();
            while !ended.load(Ordering::Relaxed) {
                let begun = Instant::now();
                file.write_all(&[0; 600]).unwrap();
                file.sync_data().unwrap();
                let _ = never.recv_timeout(Duration::from_millis(5));
                worst = worst.max(begun.elapsed());
            }
            worst
        });
        Self { stop, thread }
    }

    fn worst(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

/// What was promised over all rounds.
#[derive(Default)]
struct Promised {
    /// By id: the highest revision that was acknowledged, and its mark.
    notes: BTreeMap<NoteId, (u32, String)>,
}

impl Promised {
    fn hear(&mut self, done: &Done) {
        for (id, revision, mark) in &done.acknowledged {
            let kept = self.notes.entry(id.clone()).or_default();
            if *revision >= kept.0 {
                *kept = (*revision, mark.clone());
            }
        }
    }

    fn check(&self, found: &BTreeMap<NoteId, Note>, round: u64) {
        for (id, (revision, mark)) in &self.notes {
            let Some(note) = found.get(id) else {
                panic!("round {round}: {id} was acknowledged and is gone");
            };
            assert!(note.revision >= *revision, "round {round}: {id} went back");
            let contents = || note.earlier.iter().chain([&note.content]);
            let there = contents().any(|content| content.remark == *mark);
            assert!(there, "round {round}: {id} lost {mark}");
        }
        // None doubled: each thing that was noted stands in one note.
        let mut marks = BTreeMap::new();
        for note in found.values() {
            for content in note.earlier.iter().chain([&note.content]) {
                let other = marks.insert(content.remark.clone(), note.id.clone());
                assert_eq!(other, None, "round {round}: {} twice", content.remark);
            }
        }
    }
}

#[test]
fn n1_the_desk_service_loses_nothing_it_acknowledged() {
    let rounds = number("MADOGUCHI_DESK_KILLS", 100);
    let seed = number("MADOGUCHI_SEED", fastrand::u64(..1_000_000));
    eprintln!("n1: {rounds} kills, MADOGUCHI_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut office = Office::open();
    let (dir, key) = (store(&office), key(&office));
    let (_forever, never) = channel::<()>();
    let mut promised = Promised::default();
    let (mut at_work, mut drafts_checked) = (0, 0);
    let begun = Instant::now();
    for round in 0..rounds {
        if round % 50 == 49 {
            let (notes, seconds) = (promised.notes.len(), begun.elapsed().as_secs());
            eprintln!("n1: {round} kills in {seconds} s, {notes} notes");
        }
        let probe = Probe::start(office.home.path());
        let (ready, readies) = channel();
        let clerks: Vec<_> = STAFF
            .into_iter()
            .map(|user| Clerk::work(office.data(), user, round, ready.clone()))
            .collect();
        drop(ready);
        // One in eight is killed while it starts.
        if round % 8 != 7 && readies.recv_timeout(Duration::from_secs(60)).is_ok() {
            at_work += 1;
        }
        // One in four goes on long enough for drafts to have to be there.
        let longest = if round % 4 == 0 { 700_000 } else { 120_000 };
        let _ = never.recv_timeout(Duration::from_micros(random.u64(..longest)));
        let killed = Instant::now();
        office.kill_desk();
        let done: Vec<Done> = clerks
            .into_iter()
            .map(|clerk| clerk.join().unwrap())
            .collect();
        let allowed = BEHIND + probe.worst();
        for done in &done {
            promised.hear(done);
        }

        // The store opens every time.
        let (open, loaded) = Store::open(&dir, &key, jiff::Timestamp::now())
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
        drop(open);
        for done in &done {
            let Some(wanted) = done.typed_before(killed, allowed) else {
                continue;
            };
            let draft = loaded.drafts.iter().find(|(user, _)| user == done.user);
            let text = draft.map(|(_, draft)| draft.fields[&Field::Remark].clone());
            // What is in the ledger is not offered again.
            let again = text.as_ref().filter(|text| done.kept(text));
            assert_eq!(again, None, "round {round}");
            let kept = done.place(text.as_deref());
            assert!(
                kept >= Some(wanted),
                "round {round}: draft {text:?}, {wanted} was typed {allowed:?} before"
            );
            drafts_checked += 1;
        }
        promised.check(&notes(&dir, &key), round);
        office.start_desk();
    }
    // The next desk counts what is there.
    let mut front = office.front();
    front.enter("003");
    let there = notes(&dir, &key).len();
    front.wait_for("the right numbers", |status| {
        !status.store_opening && status.notes.values().sum::<usize>() == there
    });
    let acknowledged = promised.notes.len() as u64;
    eprintln!(
        "n1: {acknowledged} notes acknowledged, {there} there, {drafts_checked} drafts held against the keys"
    );
    assert!(drafts_checked > 0 || rounds < 20, "no draft was due");
    assert!(at_work * 8 >= rounds * 6, "only {at_work} rounds at work");
    assert!(acknowledged > rounds, "only {acknowledged} notes");
}
