//! A few tapes against the shipped binary: the stand-in over TLS, the desk
//! service, and front ends in pseudo-terminals. The rest of the tapes run in
//! virtual time (`tests/tapes.rs`); here they take ten minutes and are asked
//! for with `--ignored`. One that cannot be played so must say why.

use libtest_mimic::{Arguments, Failed, Trial};
use madoguchi::tape::parse;
use madoguchi::tape::play::{Outcome, Purpose, play};
use madoguchi::tape::pty::Processes;
use std::path::Path;
use std::process::ExitCode;

/// What only real processes can show: TLS, sockets, a killed service, a
/// terminal that goes away, two terminals at once.
const TAPES: [&str; 8] = [
    "lookup",
    "login-forced",
    "drop-line",
    "outage-story",
    "two-terminals",
    "restart-desk",
    "kill-desk-typing",
    "resize",
];

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("tests/tapes")
        .filter_map(|entry| {
            Some(
                entry
                    .ok()?
                    .file_name()
                    .to_str()?
                    .strip_suffix(".tape")?
                    .to_owned(),
            )
        })
        .collect();
    names.sort();
    let trials = names
        .into_iter()
        .map(|name| {
            let shown = TAPES.contains(&name.as_str());
            Trial::test(name.clone(), move || run(&name, shown)).with_ignored_flag(!shown)
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn run(name: &str, must: bool) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/tapes/{name}.tape"));
    let tape = parse::read(&path).map_err(|e| Failed::from(e.to_string()))?;
    if tape.head.only_virtual.is_some() && !must {
        return Ok(());
    }
    let program = Path::new(env!("CARGO_BIN_EXE_madoguchi"));
    let mut processes = Processes::start(program, &tape.head).map_err(Failed::from)?;
    match play(&tape, &mut processes, Purpose::Check).0 {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(why) if !must && !why.is_empty() => Ok(()),
        // One of the few that is skipped shows nothing.
        Outcome::Failed(text) | Outcome::Skipped(text) => Err(Failed::from(text)),
    }
}
