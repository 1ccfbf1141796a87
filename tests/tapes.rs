//! Every tape of `tests/tapes` as a test of its own, in both width policies.

#[path = "tapes/guide.rs"]
mod guide;

use libtest_mimic::{Arguments, Failed, Trial};
use madoguchi::tape::parse;
use madoguchi::tape::play::{Outcome, Purpose, play};
use madoguchi::tape::step::Tape;
use madoguchi::tape::world::World;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes");
    let mut tapes: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("tests/tapes")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "tape"))
        .collect();
    tapes.sort();
    let mut trials = Vec::new();
    for path in tapes {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for wide in [false, true] {
            let path = path.clone();
            let kind = if wide { "wide" } else { "narrow" };
            trials.push(Trial::test(format!("{name} ({kind})"), move || {
                run(&path, wide)
            }));
        }
    }
    trials.push(Trial::test("there are at least 25 tapes", {
        let count = trials.len() / 2;
        move || {
            if count >= 25 {
                Ok(())
            } else {
                Err(Failed::from(format!("only {count}")))
            }
        }
    }));
    trials.extend(guide::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn run(path: &Path, wide: bool) -> Result<(), Failed> {
    let tape = parse::read(path).map_err(|e| Failed::from(e.to_string()))?;
    run_tape(&tape, wide)
}

fn run_tape(tape: &Tape, wide: bool) -> Result<(), Failed> {
    if tape.head.wide.is_some_and(|only| only != wide) {
        return Ok(());
    }
    let purpose = if wide && tape.head.wide.is_none() {
        Purpose::OtherWidth
    } else {
        Purpose::Check
    };
    let mut world = World::new(&tape.head, wide).map_err(Failed::from)?;
    match play(tape, &mut world, purpose).0 {
        Outcome::Passed => Ok(()),
        Outcome::Failed(text) | Outcome::Skipped(text) => Err(Failed::from(text)),
    }
}
