//! SIGKILL at random moments: what was acknowledged is there, and the store
//! opens every time (N-1, N-3; safety 6.1).
//!
//! The child is this test binary again, told by an environment variable where
//! its store lies. `MADOGUCHI_KILLS` sets the number of rounds,
//! `MADOGUCHI_SEED` the seed.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use jiff::Timestamp;
use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::domain::note::NoteId;
use madoguchi::store::Store;
use madoguchi::store::record::{Loaded, Record, What};
use madoguchi::store::verify::verify;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const STORE: &str = "MADOGUCHI_TEST_STORE";

fn moment() -> Timestamp {
    Timestamp::from_second(1_795_132_361).unwrap()
}

/// A note as JSON, so that a field added to notes with a default does not
/// touch this test.
fn record(number: u64) -> Record {
    let note = serde_json::json!({
        "id": format!("20261120-{number:07}"),
        "revision": 1, "desk": "窓口1", "taken_by": "003",
        "taken": "2026-11-20T00:00:00Z", "during_outage": true,
        "content": {
            "name": format!("試験 {number}"), "kana": "シケン ダイ",
            "birth_date": "1954-03-01", "sex": "Female",
            "address": "東京都千代田区霞が関", "insurer_name": "",
            "visit_date": "2026-11-20", "insurance": null, "limit_consent": false,
            "reference": "", "telephone": "", "evidence": "", "burden": "", "remark": "",
        },
        "earlier": [], "state": "Noted", "attempts": 0, "tried": [], "history": [],
    });
    Record {
        at: moment(),
        by: "003".to_owned(),
        what: What::Note(Box::new(serde_json::from_value(note).unwrap())),
    }
}

fn draft(number: u64) -> Draft {
    Draft {
        pane: "note".to_owned(),
        note: None,
        fields: [(Field::Remark, number.to_string())].into(),
        focus: None,
    }
}

/// The child's work; does nothing when run as a test.
#[test]
fn child() {
    let Ok(dir) = std::env::var(STORE) else {
        return;
    };
    let (mut store, loaded) = Store::open(Path::new(&dir), moment()).unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(line.as_bytes());
        let _ = out.flush();
    };
    say("\nOPEN 0\n".to_owned());
    for number in loaded.notes.len() as u64 + 1.. {
        // Only after the call has returned.
        store.append(&record(number)).unwrap();
        say(format!("ACK {number}\n"));
        if number % 5 == 0 {
            store.keep_draft("003", Some(&draft(number))).unwrap();
            say(format!("DRAFT {number}\n"));
        }
    }
}

struct Round {
    child: Child,
    lines: Receiver<(String, u64)>,
}

fn start(dir: &Path) -> Round {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(STORE, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (tell, lines) = channel();
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if let Some((word, number)) = line.split_once(' ')
                && let Ok(number) = number.parse()
            {
                let _ = tell.send((word.to_owned(), number));
            }
        }
    });
    Round { child, lines }
}

/// What the child acknowledged over all rounds.
#[derive(Debug, Default)]
struct Acknowledged {
    note: u64,
    draft: u64,
    opened: u32,
}

impl Acknowledged {
    fn hear(&mut self, lines: impl Iterator<Item = (String, u64)>) {
        for (word, number) in lines {
            match word.as_str() {
                "ACK" => self.note = number,
                "DRAFT" => self.draft = number,
                "OPEN" => self.opened += 1,
                _ => {}
            }
        }
    }
}

fn check(loaded: &Loaded, acknowledged: &Acknowledged, round: u32) {
    let found = loaded.notes.len() as u64;
    assert!(
        found >= acknowledged.note,
        "round {round}: {found} notes, {acknowledged:?}"
    );
    for (note, number) in loaded.notes.iter().zip(1..) {
        assert_eq!(note.id, NoteId(format!("20261120-{number:07}")));
        assert_eq!(What::Note(Box::new(note.clone())), record(number).what);
    }
    if let Some((_, kept)) = loaded.drafts.first() {
        let kept: u64 = kept.fields[&Field::Remark].parse().unwrap();
        assert!(kept >= acknowledged.draft, "round {round}: draft {kept}");
    } else {
        assert_eq!(acknowledged.draft, 0, "round {round}: the draft is gone");
    }
    // Sled may be behind, and a record unfinished; nothing else.
    for remark in &loaded.remarks {
        assert!(
            remark.contains("補いました") || remark.contains("切り取りました"),
            "round {round}: {remark}"
        );
    }
}

#[test]
fn n1_no_acknowledged_record_is_lost_by_sigkill() {
    let number = |name: &str, default| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let rounds = number("MADOGUCHI_KILLS", 40) as u32;
    let mut random = fastrand::Rng::with_seed(number("MADOGUCHI_SEED", 7));
    let dir = tempfile::tempdir().unwrap();
    let (_forever, never) = channel::<()>();
    let mut acknowledged = Acknowledged::default();
    for round in 0..rounds {
        let mut running = start(dir.path());
        // One in eight is killed while it opens.
        if round % 8 != 7 {
            let opened = running.lines.recv_timeout(Duration::from_secs(60)).unwrap();
            assert_eq!(opened.0, "OPEN", "round {round}");
            acknowledged.opened += 1;
        }
        let _ = never.recv_timeout(Duration::from_micros(random.u64(..60_000)));
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        acknowledged.hear(running.lines.iter());
        // Every other round the next child finds what this one left.
        if round % 2 == 0 {
            let (store, loaded) = Store::open(dir.path(), moment()).unwrap();
            check(&loaded, &acknowledged, round);
            drop(store);
            assert_eq!(verify(dir.path()).unwrap().findings, []);
        }
    }
    let (_, loaded) = Store::open(dir.path(), moment()).unwrap();
    check(&loaded, &acknowledged, rounds);
    assert!(acknowledged.note > u64::from(rounds), "{acknowledged:?}");
    assert!(acknowledged.opened * 8 >= rounds * 7, "{acknowledged:?}");
}
