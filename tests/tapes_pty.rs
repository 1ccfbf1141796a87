//! A few tapes against the shipped binary: the stand-in over TLS, the desk
//! service, and front ends in pseudo-terminals. The rest of the tapes run in
//! virtual time (`tests/tapes.rs`), and all of them by `madoguchi play --pty`.

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
    let trials = TAPES
        .into_iter()
        .map(|name| Trial::test(name, move || run(name)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn run(name: &str) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/tapes/{name}.tape"));
    let tape = parse::read(&path).map_err(|e| Failed::from(e.to_string()))?;
    let program = Path::new(env!("CARGO_BIN_EXE_madoguchi"));
    let mut processes = Processes::start(program, &tape.head).map_err(Failed::from)?;
    match play(&tape, &mut processes, Purpose::Check).0 {
        Outcome::Passed => Ok(()),
        // One that is skipped here shows nothing and does not belong here.
        Outcome::Failed(text) | Outcome::Skipped(text) => Err(Failed::from(text)),
    }
}
