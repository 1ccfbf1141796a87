//! Several screens at one desk over real SSH: an own sshd on a private port of
//! the loopback, the real program behind it, one desk service.
//!
//! What is missing on a machine (root, sshd, ssh) is said beside the name of
//! each test that is left out; with `MADOGUCHI_REQUIRE=ssh` it is a failure.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    clippy::print_stderr,
    missing_docs,
    reason = "a test fails where it stands; what is waited for happens in real time"
)]

#[path = "ssh/line.rs"]
mod line;
#[path = "desk_socket/office.rs"]
#[allow(dead_code, reason = "shared with other tests of a whole office")]
mod office;
#[path = "ssh/server.rs"]
mod server;
#[path = "terminal/stage.rs"]
#[allow(dead_code, reason = "shared with the tests of one terminal")]
mod stage;
#[path = "ssh/story.rs"]
mod story;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

const CASES: &[(&str, fn())] = &[
    (
        "dom53_a_draft_follows_the_person_over_lost_lines",
        story::drafts,
    ),
    ("the_ledger_lives_in_all_screens", story::ledger),
    ("a_note_is_taken_over_by_one_at_a_time", story::take_over),
    (
        "a_dropped_line_frees_its_note_after_the_set_time",
        story::dropped,
    ),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let listing = arguments.list;
    let lacks = if listing { None } else { server::lacks() };
    let required = std::env::var("MADOGUCHI_REQUIRE").is_ok_and(|rooms| rooms.contains("ssh"));
    let trials = CASES.iter().map(|(name, case)| match &lacks {
        Some(why) if required => {
            let why = why.clone();
            Trial::test(*name, move || {
                Err(Failed::from(format!("required, but {why}")))
            })
        }
        Some(why) => {
            eprintln!("skipped: {name}: {why}");
            Trial::test(*name, || Ok(()))
                .with_ignored_flag(true)
                .with_kind("skipped")
        }
        None => Trial::test(*name, move || {
            case();
            Ok(())
        }),
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
