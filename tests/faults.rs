//! The faults of safety.md, section 5: the real client, the real desk service
//! and the real stand-in over TLS, a row a fault. Each row is a test of its
//! own name.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/odd.rs"]
mod odd;
#[path = "faults/stage.rs"]
mod stage;
#[path = "faults/tls.rs"]
mod tls;

use jiff::civil::date;
use libtest_mimic::{Arguments, Trial};
use madoguchi::domain::entitlement::Validity;
use madoguchi::domain::failure::Failure;
use madoguchi::domain::note::Group;
use stage::{MORNING, Stage};

/// What the state line says while the fault lasts.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// The system is there.
    Well,
    /// Nothing can be asked.
    Down,
}

/// A fault of the line, and what has to come of it.
struct Row {
    name: &'static str,
    /// Set on the stand-in …
    set: &'static [&'static str],
    /// … and set back.
    cure: &'static [&'static str],
    /// What the person who asks is told; on a connection that was still open
    /// when the port closed, the fate of a question is unknown.
    word: &'static str,
    /// Requests of that question that reach the stand-in.
    reached: usize,
    line: Line,
}

const fn row(
    name: &'static str,
    set: &'static [&'static str],
    cure: &'static [&'static str],
    word: &'static str,
    reached: usize,
    line: Line,
) -> Row {
    Row {
        name,
        set,
        cure,
        word,
        reached,
        line,
    }
}

use Line::{Down, Well};

const ROWS: &[Row] = &[
    row(
        "F-14 refused",
        &["outage=on"],
        &["outage=off"],
        "unreachable|no-answer",
        0,
        Down,
    ),
    row(
        "F-15 F-36 black hole",
        &["blackhole=on"],
        &["blackhole=off"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-16 F-34 half an answer",
        &["cutoff=on"],
        &["cutoff=off"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-17 slow beyond the limit",
        &["delay=5s"],
        &["delay=0"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-17 slow loris in the head",
        &["answer=slow-head"],
        &["answer=off"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-17 slow loris in the body",
        &["answer=slow-body"],
        &["answer=off"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-31 a body over the limit",
        &["answer=big"],
        &["answer=off"],
        "garbled",
        1,
        Down,
    ),
    row(
        "F-31 a packed body",
        &["answer=gzip"],
        &["answer=off"],
        "garbled",
        1,
        Down,
    ),
    row(
        "F-33 500",
        &["status=500"],
        &["status=off"],
        "unavailable",
        1,
        Down,
    ),
    row(
        "F-33 502",
        &["status=502"],
        &["status=off"],
        "unavailable",
        1,
        Down,
    ),
    row(
        "F-33 503",
        &["status=503"],
        &["status=off"],
        "unavailable",
        1,
        Down,
    ),
    row(
        "F-33 504",
        &["status=504"],
        &["status=off"],
        "unavailable",
        1,
        Down,
    ),
    row(
        "F-35 done, and the answer lost",
        &["answer=lost"],
        &["answer=off"],
        "no-answer",
        1,
        Down,
    ),
    row(
        "F-40 429 and wait 1 s",
        &["status=429", "retry-after=1"],
        &["status=off"],
        "unavailable",
        1,
        Well,
    ),
    row(
        "F-40 429 and wait -1",
        &["status=429", "retry-after=-1"],
        &["status=off"],
        "unavailable",
        1,
        Well,
    ),
    row(
        "F-40 429 and a text",
        &["status=429", "retry-after=soon"],
        &["status=off"],
        "unavailable",
        1,
        Well,
    ),
    row(
        "F-43 garbage",
        &["garbage=on"],
        &["garbage=off"],
        "garbled",
        1,
        Down,
    ),
    row(
        "F-43 wrong types",
        &["answer=types"],
        &["answer=off"],
        "garbled",
        1,
        Well,
    ),
];

fn play(row: &Row) {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.until("the line is well", |s| s.line.usable());
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    desk.set(row.set);
    let before = desk.reached("lookup");
    let failure = desk.lookup().unwrap_err();
    assert!(
        row.word.split('|').any(|word| word == failure.word()),
        "{failure}"
    );
    assert_eq!(desk.reached("lookup"), before + row.reached);
    let mut asked = 1 + row.reached;
    let note = desk.save(date(2026, 11, 20));
    if row.line == Down {
        desk.until("the line is down", |s| s.line.down());
        assert!(
            desk.state_line().starts_with("回線障害"),
            "{}",
            desk.state_line()
        );
        // What would only wait for the same answer is refused at once.
        let refused = desk.lookup().unwrap_err();
        assert!(matches!(refused, Failure::Unreachable { .. }), "{refused}");
    }
    desk.set(row.cure);
    desk.until("the note is resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&1)
    });
    desk.until("the line is well", |s| s.line.usable());
    assert!(
        desk.state_line().starts_with("回線正常"),
        "{}",
        desk.state_line()
    );
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    asked += 1;
    // DOM-67: a question of a person is never repeated by the program.
    let core = desk.stage.core.lock().unwrap();
    let by_person = core
        .asked()
        .filter(|asked| asked.id.starts_with('Q'))
        .count();
    drop(core);
    assert_eq!(by_person, asked);
    assert_eq!(desk.note(&note.id).state.group(), Group::Resolved);
    assert_eq!(desk.resolutions(), [(note.id, 1)].into());
}

fn main() -> std::process::ExitCode {
    let args = Arguments::from_args();
    let mut trials: Vec<Trial> = ROWS
        .iter()
        .map(|row| {
            Trial::test(row.name, || {
                play(row);
                Ok(())
            })
        })
        .collect();
    let others = odd::ROWS.iter().chain(tls::ROWS).chain(clock::ROWS);
    trials.extend(others.map(|(name, play)| {
        Trial::test(*name, || {
            play();
            Ok(())
        })
    }));
    libtest_mimic::run(&args, trials).exit_code()
}
