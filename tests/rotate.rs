//! A change of keys ended by SIGKILL at random moments: the store opens with
//! the key its settings name, nothing is lost, the chain is the same, and the
//! same command brings it to its end (SEC-20).
//!
//! The child is this test binary again. `MADOGUCHI_ROTATIONS` sets the number
//! of kills, `MADOGUCHI_SEED` the seed.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "store/sample.rs"]
mod sample;

use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::store::keys;
use madoguchi::store::rotate::rotate;
use madoguchi::store::verify::verify;
use madoguchi::store::{KeySource, Store};
use sample::{moment, record};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const HOME: &str = "MADOGUCHI_TEST_ROTATE";
const NOTES: u64 = 400;

fn key(home: &Path) -> KeySource {
    KeySource::File(home.join("store.key"))
}

fn draft() -> Draft {
    Draft {
        from_card: std::collections::BTreeSet::new(),
        pane: "note".to_owned(),
        note: None,
        fields: [(Field::Remark, "途中".to_owned())].into(),
        focus: None,
        others: Vec::new(),
    }
}

/// The child's work; does nothing when run as a test.
#[test]
fn child() {
    let Ok(home) = std::env::var(HOME) else {
        return;
    };
    let home = Path::new(&home);
    println!("\nREADY");
    rotate(&home.join("store"), &key(home), None, moment(), &mut |_| {
        Ok(())
    })
    .unwrap();
    println!("\nDONE");
}

#[test]
fn sec20_a_change_of_keys_killed_at_random_moments() {
    let number =
        |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let rounds = number("MADOGUCHI_ROTATIONS", 40);
    let seed = number("MADOGUCHI_SEED", 20_261_120);
    println!("seed {seed}, {rounds} rounds");
    let mut random = fastrand::Rng::with_seed(seed);
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let (mut open, _) = Store::open(&store, &key(home.path()), moment()).unwrap();
    for result in open.commit((1..=NOTES).map(record).collect()) {
        result.unwrap();
    }
    open.keep_draft("003", Some(&draft())).unwrap();
    drop(open);
    let head = verify(&store, None).unwrap().head;

    let (mut killed, mut unfinished) = (0, 0);
    let mut longest = 300_000;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(HOME, home.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.is_ok_and(|line| line == "READY")));
        let wait = Duration::from_micros(random.u64(0..longest));
        let (_keep, never) = std::sync::mpsc::channel::<()>();
        let _ = never.recv_timeout(wait);
        child.kill().unwrap();
        child.wait().unwrap();
        if lines.any(|line| line.is_ok_and(|line| line == "DONE")) {
            // Aim at the time it takes on this machine.
            longest = (longest * 9 / 10).max(20_000);
        } else {
            killed += 1;
            longest = longest * 21 / 20;
        }

        let (ring, _) = keys::open(&store, &key(home.path())).unwrap().unwrap();
        unfinished += u32::from(ring.changing());
        let (open, loaded) = Store::open(&store, &key(home.path()), moment()).unwrap();
        assert_eq!(loaded.notes().len() as u64, NOTES, "round {round}");
        assert_eq!(
            loaded.drafts,
            [("003".to_owned(), draft())],
            "round {round}"
        );
        drop(open);
        let seal = keys::seal(&store, &key(home.path())).unwrap();
        let report = verify(&store, Some(&seal)).unwrap();
        assert_eq!(report.findings, [], "round {round}");
        assert_eq!((report.good, report.head), (NOTES, head), "round {round}");
    }
    println!("{killed} killed, {unfinished} left unfinished and opened");
    assert!(killed > rounds / 5, "only {killed} of {rounds} killed");
    assert!(unfinished > 0, "no kill fell into the change itself");
    let done = rotate(&store, &key(home.path()), None, moment(), &mut |_| Ok(())).unwrap();
    assert_eq!(done.closed, 0);
    let (ring, _) = keys::open(&store, &key(home.path())).unwrap().unwrap();
    assert!(!ring.changing());
    assert_eq!(verify(&store, None).unwrap().head, head);
}
