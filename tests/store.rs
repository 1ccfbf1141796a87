//! SIGKILL and power cuts at random moments: what was acknowledged is there,
//! and the store opens every time (N-1 to N-3; safety 6.1, 6.2).
//!
//! The child is this test binary again, told by an environment variable where
//! its store lies. `MADOGUCHI_KILLS` and `MADOGUCHI_CUTS` set the number of
//! rounds, `MADOGUCHI_SEED` the seed.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "store/sample.rs"]
mod sample;

use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::domain::note::NoteId;
use madoguchi::store::record::{Loaded, What};
use madoguchi::store::verify::verify;
use madoguchi::store::{KeySource, Store};
use sample::{moment, record};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const STORE: &str = "MADOGUCHI_TEST_STORE";

/// The same key in every process of a round.
fn key() -> KeySource {
    KeySource::Held([7; 32].into())
}

fn draft(number: u64) -> Draft {
    Draft {
        from_card: std::collections::BTreeSet::new(),
        pane: "note".to_owned(),
        note: None,
        fields: [(Field::Remark, number.to_string())].into(),
        focus: None,
        others: Vec::new(),
    }
}

/// The child's work; does nothing when run as a test.
#[test]
fn child() {
    let Ok(dir) = std::env::var(STORE) else {
        return;
    };
    let (mut store, loaded) = Store::open(Path::new(&dir), &key(), moment()).unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(line.as_bytes());
        let _ = out.flush();
    };
    say("\nOPEN 0\n".to_owned());
    for number in loaded.notes().len() as u64 + 1.. {
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
    let found = loaded.notes().len() as u64;
    assert!(
        found >= acknowledged.note,
        "round {round}: {found} notes, {acknowledged:?}"
    );
    for (note, number) in loaded.notes().iter().zip(1..) {
        assert_eq!(note.id, NoteId(format!("20261120-{number:07}")));
        assert_eq!(What::Note(Box::new(note.clone())), record(number).what);
    }
    if let Some((_, kept)) = loaded.drafts.first() {
        let kept: u64 = kept.fields[&Field::Remark].parse().unwrap();
        assert!(kept >= acknowledged.draft, "round {round}: draft {kept}");
    } else {
        assert_eq!(acknowledged.draft, 0, "round {round}: the draft is gone");
    }
}

/// A number from the environment.
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// After a kill sled may be behind, and a record unfinished; nothing else.
fn check_sled(loaded: &Loaded, round: u32) {
    for remark in &loaded.remarks {
        assert!(
            remark.contains("補いました") || remark.contains("切り取りました"),
            "round {round}: {remark}"
        );
    }
}

#[test]
fn n1_no_acknowledged_record_is_lost_by_sigkill() {
    let rounds = u32::try_from(number("MADOGUCHI_KILLS", 40)).unwrap();
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
            let (store, loaded) = Store::open(dir.path(), &key(), moment()).unwrap();
            check(&loaded, &acknowledged, round);
            check_sled(&loaded, round);
            drop(store);
            assert_eq!(verify(dir.path(), None).unwrap().findings, []);
        }
    }
    let (_, loaded) = Store::open(dir.path(), &key(), moment()).unwrap();
    check(&loaded, &acknowledged, rounds);
    assert!(acknowledged.note > u64::from(rounds), "{acknowledged:?}");
    assert!(acknowledged.opened * 8 >= rounds * 7, "{acknowledged:?}");
}

/// Runs a program; whether it said yes.
fn call(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// A disk image mounted through a loop device; unmounted when dropped.
struct Disk {
    place: String,
}

impl Disk {
    fn mount(image: &str, place: String) -> Option<Self> {
        std::fs::create_dir_all(&place).unwrap();
        call("mount", &["-o", "loop", image, &place]).then_some(Self { place })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        call("umount", &[&self.place]);
    }
}

/// A copy of the image while the child stands still is what had reached the
/// device: nothing of the page cache is in it.
#[test]
fn n2_no_acknowledged_record_is_lost_by_a_power_cut() {
    let rounds = u32::try_from(number("MADOGUCHI_CUTS", 5)).unwrap();
    let mut random = fastrand::Rng::with_seed(number("MADOGUCHI_SEED", 7));
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (image, cut) = (path("disk"), path("cut"));
    let (_forever, never) = channel::<()>();
    let mut total = 0;
    for round in 0..rounds {
        std::fs::File::create(&image)
            .unwrap()
            .set_len(48 << 20)
            .unwrap();
        let disk = call("mkfs.ext4", &["-q", &image])
            .then(|| Disk::mount(&image, path("mounted")))
            .flatten();
        let Some(disk) = disk else {
            eprintln!("n2: skipped, this user may not mount a disk image");
            return;
        };
        let mut running = start(&Path::new(&disk.place).join("store"));
        let opened = running.lines.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(opened.0, "OPEN", "round {round}");
        let _ = never.recv_timeout(Duration::from_micros(random.u64(20_000..200_000)));
        assert!(call("kill", &["-STOP", &running.child.id().to_string()]));
        // All that was said before the cut; afterwards it says nothing.
        let mut acknowledged = Acknowledged::default();
        while let Ok(line) = running.lines.recv_timeout(Duration::from_millis(200)) {
            acknowledged.hear(std::iter::once(line));
        }
        // A copy takes a while, and the file system may write meanwhile: that
        // would be the state of no moment.
        let same = || std::fs::read(&image).unwrap() == std::fs::read(&cut).unwrap();
        loop {
            std::fs::copy(&image, &cut).unwrap();
            if same() {
                break;
            }
        }
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        drop(disk);

        let disk = Disk::mount(&cut, path("after")).unwrap();
        let store = Path::new(&disk.place).join("store");
        let (open, loaded) = Store::open(&store, &key(), moment()).unwrap();
        check(&loaded, &acknowledged, round);
        drop(open);
        assert_eq!(verify(&store, None).unwrap().findings, [], "round {round}");
        total += acknowledged.note;
    }
    assert!(total > u64::from(rounds), "only {total} acknowledged");
}
