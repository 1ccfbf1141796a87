//! A terminal that goes away without SIGHUP: the front end is gone within two
//! seconds, burns nothing, and what was typed is at the desk (REL-21, F-53).

use crate::stage::{Stage, kill, wait_until};
use madoguchi::clock::Clock;
use rustix::process::Signal;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_madoguchi");
const GONE: Duration = Duration::from_secs(2);

/// A stand-in and a desk service that outlive every terminal.
struct World {
    folder: tempfile::TempDir,
    children: Vec<Child>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut world = Self {
            folder,
            children: Vec::new(),
        };
        let mut central = world
            .command()
            .args([
                "simulator",
                "central",
                "--listen",
                "127.0.0.1:0",
                "--data",
                "state",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = central.stdout.take().unwrap();
        world.children.push(central);
        // What it prints below the mark is the desk's settings.
        let mut settings = String::new();
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if line.starts_with("[facility]") || !settings.is_empty() {
                let _ = writeln!(settings, "{line}");
            }
            if line.starts_with("extensions") {
                break;
            }
        }
        let settings = format!("data = \"desk\"\n{settings}\n[desk]\nautostart = false\n");
        let path = world.folder.path().join("madoguchi.toml");
        std::fs::write(path, settings).unwrap();
        let desk = world
            .command()
            .args(["--config", "madoguchi.toml", "desk", "--foreground"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        world.children.push(desk);
        let data = world.folder.path().join("desk");
        wait_until("the desk service", || {
            madoguchi::link::socket::running(&data).is_some()
        });
        world
    }

    fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn settings(&self) -> String {
        self.folder
            .path()
            .join("madoguchi.toml")
            .display()
            .to_string()
    }

    /// A front end in a session of its own, on a terminal within the
    /// terminal: it gets no SIGHUP when that goes.
    fn silent(&self) -> Stage {
        let command = format!("setsid --wait {PROGRAM} --config {}", self.settings());
        let home = tempfile::tempdir().unwrap();
        Stage::open_program(home, "script", &["-qc", &command, "/dev/null"], &[])
    }

    fn front(&self) -> Stage {
        let home = tempfile::tempdir().unwrap();
        Stage::open(home, &["--config", &self.settings()], &[])
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn log_in(stage: &mut Stage) {
    stage.shows(&["ログイン", "サンプル医療機関"]);
    stage.send(b"003\rOnshi*003*003\r");
    stage.shows(&["003 医療情報閲覧"]);
}

/// The front end of this folder's settings.
fn front_id(settings: &str) -> Option<u32> {
    let processes = std::fs::read_dir("/proc").ok()?;
    processes.flatten().find_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let ours = words.first() == Some(&PROGRAM.as_bytes())
            && words.get(2) == Some(&settings.as_bytes())
            && words.get(3).is_none_or(|rest| rest.is_empty());
        ours.then_some(id)
    })
}

/// Processor time of a process so far, in ticks of 10 ms.
fn ticks(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let rest = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

/// Takes the terminal away; the front end has two seconds, and burns nothing
/// in them.
fn take_away(stage: &Stage, id: u32) {
    let clock = Clock::start();
    let before = ticks(id).unwrap_or_default();
    let mut last = before;
    let begun = clock.now().mono;
    stage.signal(Signal::KILL);
    wait_until("the front end is gone", || {
        last = ticks(id).unwrap_or(last);
        !Path::new(&format!("/proc/{id}")).exists()
    });
    let took = clock.now().mono.saturating_sub(begun);
    assert!(took <= GONE, "{took:?}");
    assert!(last - before <= 50, "{} ticks", last - before);
}

fn typed_is_kept(world: &World, typed: &str) {
    let mut again = world.front();
    log_in(&mut again);
    again.shows(&["4情報の控え", typed]);
    again.signal(Signal::TERM);
    again.end();
}

#[test]
fn f_53_gone_in_two_seconds_with_the_draft_at_the_desk() {
    let world = World::new();
    for (round, stuck) in [b"".as_slice(), &[0xe3], b"\x1b[", b"\x1b]0;"]
        .into_iter()
        .enumerate()
    {
        let mut stage = world.silent();
        log_in(&mut stage);
        if round == 0 {
            stage.send(b"\x1b[12~");
        }
        stage.shows(&["4情報の控え", "覚え書き"]);
        let id = front_id(&world.settings()).unwrap();
        // Gone right behind the last key, before the draft is due.
        let typed = format!("新橋{}", "太".repeat(round + 1));
        stage.send("\x7f".repeat(12).as_bytes());
        stage.send(typed.as_bytes());
        stage.shows(&[&typed]);
        stage.send(stuck);
        take_away(&stage, id);
        typed_is_kept(&world, &typed);
    }
}

#[test]
fn f_57_gone_in_two_seconds_while_the_terminal_takes_nothing() {
    let world = World::new();
    let mut stage = world.silent();
    log_in(&mut stage);
    stage.send(b"\x1b[12~");
    stage.shows(&["4情報の控え", "覚え書き"]);
    stage.send("新橋太郎".as_bytes());
    stage.shows(&["新橋太郎"]);
    let id = front_id(&world.settings()).unwrap();
    // The inner terminal's other side stands still, and fills up.
    stage.signal(Signal::STOP);
    for _ in 0..60 {
        stage.send(b"\x0c");
    }
    let before = ticks(id).unwrap();
    stage.moment(Duration::from_millis(1500));
    let burnt = ticks(id).unwrap() - before;
    assert!(burnt <= 50, "{burnt} ticks");
    kill(stage.id(), Signal::CONT);
    take_away(&stage, id);
    typed_is_kept(&world, "新橋太郎");
}
