//! Every tape of `tests/tapes` as a test of its own, in both width policies, and
//! with signs of ASCII alone (DOM-48).

#[path = "tapes/guide.rs"]
mod guide;

use libtest_mimic::{Arguments, Failed, Trial};
use madoguchi::tape::parse;
use madoguchi::tape::play::{Outcome, Purpose, play};
use madoguchi::tape::step::Tape;
use madoguchi::tape::world::World;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Name, whether ambiguous characters are wide, whether signs are ASCII.
const RUNS: [(&str, bool, bool); 3] = [
    ("narrow", false, false),
    ("wide", true, false),
    ("ascii", false, true),
];

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
        for (kind, wide, ascii) in RUNS {
            let path = path.clone();
            trials.push(Trial::test(format!("{name} ({kind})"), move || {
                run(&path, wide, ascii)
            }));
        }
    }
    trials.push(Trial::test("there are at least 25 tapes", {
        let count = trials.len() / RUNS.len();
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

fn run(path: &Path, wide: bool, ascii: bool) -> Result<(), Failed> {
    let tape = parse::read(path).map_err(|e| Failed::from(e.to_string()))?;
    run_tape(&tape, wide, ascii)
}

fn run_tape(tape: &Tape, wide: bool, ascii: bool) -> Result<(), Failed> {
    if tape.head.wide.is_some_and(|only| only != wide) {
        return Ok(());
    }
    let other = ascii || (wide && tape.head.wide.is_none());
    let purpose = if other {
        Purpose::OtherWidth
    } else {
        Purpose::Check
    };
    let mut world = World::with(&tape.head, wide, ascii).map_err(Failed::from)?;
    match play(tape, &mut world, purpose).0 {
        Outcome::Passed => Ok(()),
        Outcome::Failed(text) | Outcome::Skipped(text) => Err(Failed::from(text)),
    }
}
