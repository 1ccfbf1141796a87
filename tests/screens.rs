//! Real terminals hold what the program meant, cell by cell: tmux, and xterm
//! with narrow and with wide ambiguous characters (tui-craft B.1 to B.4).
//!
//! The program (a debug build) writes down each frame as it was meant; the
//! terminal tells what is on its screen. A glyph that takes another number of
//! columns than was counted moves or eats its neighbour, so that the rows
//! differ. Where a terminal is not installed its cases are skipped by name;
//! with `MADOGUCHI_REQUIRE=terminals` that is a failure.
#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stderr, reason = "says what was skipped")]

#[path = "screens/tmux.rs"]
mod tmux;
#[path = "screens/walk.rs"]
mod walk;
#[path = "screens/xterm.rs"]
mod xterm;

use libtest_mimic::{Arguments, Failed, Trial};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

/// A terminal with the program in it.
trait Terminal {
    /// Types this.
    fn send(&mut self, keys: &str);
    /// What is on its screen, a row a line.
    fn screen(&mut self) -> String;
    /// Whether it tells the second halves of wide glyphs too.
    fn tells_halves(&self) -> bool;
}

/// What runs in it.
const PROGRAM: &str = env!("CARGO_BIN_EXE_madoguchi");

/// Where a case lives.
pub struct Place(tempfile::TempDir);

impl Place {
    fn folder(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    fn frame(&self) -> Option<String> {
        std::fs::read_to_string(self.0.path().join("frame")).ok()
    }
}

/// Looks again and again until there is something.
fn patiently<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let (_keep, never) = channel::<()>();
    for _ in 0..3000 {
        if let Some(found) = look() {
            return found;
        }
        let _ = never.recv_timeout(Duration::from_millis(10));
    }
    panic!("never: {what}");
}

/// How often a screen is compared before it counts as wrong: the terminal may
/// still be drawing.
const TRIES: usize = 60;

/// Stands for the second half of a wide glyph.
const HALF: char = '\u{FFFF}';

fn walk(place: &Place, terminal: &mut dyn Terminal, rule: &str) {
    let start = [("", "ユーザIDとパスワード")];
    for (keys, word) in start.iter().chain(walk::STEPS) {
        if !keys.is_empty() {
            terminal.send(keys);
        }
        let mut frame = String::new();
        for _ in 0..1500 {
            frame = place.frame().unwrap_or_default();
            let ruled = frame.lines().nth(2).is_some_and(|r| r.starts_with(rule));
            frame.retain(|c| c != HALF);
            if frame.contains(word) && (ruled || frame.contains("隠しています")) {
                break;
            }
            pause();
        }
        assert!(frame.contains(word), "after {keys:?} no {word:?}:\n{frame}");
        same(place, terminal, &format!("after {keys:?}"));
    }
}

fn pause() {
    let (_keep, never) = channel::<()>();
    let _ = never.recv_timeout(Duration::from_millis(10));
}

/// The terminal shows what was meant, or comes to it.
fn same(place: &Place, terminal: &mut dyn Terminal, when: &str) {
    let mut faults = String::new();
    for _ in 0..TRIES {
        let shown = terminal.screen();
        let mut meant = place.frame().unwrap_or_default();
        if !terminal.tells_halves() {
            meant.retain(|c| c != HALF);
        }
        faults = differences(&meant, &shown);
        if faults.is_empty() {
            return;
        }
        pause();
    }
    panic!("{when} the terminal shows something else:\n{faults}");
}

fn differences(meant: &str, shown: &str) -> String {
    let rows = |text: &str| -> Vec<String> {
        let mut rows: Vec<String> = text
            .trim_end_matches('\x0c')
            .lines()
            .map(|row| row.trim_end_matches([' ', '\r']).to_owned())
            .collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    };
    let (meant, shown) = (rows(meant), rows(shown));
    let mut faults = String::new();
    for y in 0..meant.len().max(shown.len()) {
        let none = String::new();
        let (a, b) = (meant.get(y).unwrap_or(&none), shown.get(y).unwrap_or(&none));
        if a != b {
            let _ = writeln!(faults, "row {y}\n  meant {a:?}\n  shown {b:?}");
        }
    }
    faults
}

type Case = fn(&Place);

const CASES: &[(&str, &[&str], Case)] = &[
    ("tmux_80x24", &["tmux"], |place| {
        walk(place, &mut tmux::Tmux::open(place, (80, 24)), "─");
    }),
    ("tmux_120x40", &["tmux"], |place| {
        walk(place, &mut tmux::Tmux::open(place, (120, 40)), "─");
    }),
    ("xterm_narrow", &["xterm", "Xvfb", "setsid"], |place| {
        walk(place, &mut xterm::Xterm::open(place, (80, 24), &[]), "─");
    }),
    ("xterm_cjk_width", &["xterm", "Xvfb", "setsid"], |place| {
        let mut xterm = xterm::Xterm::open(place, (80, 24), &["-cjk_width"]);
        walk(place, &mut xterm, "-");
    }),
    (
        "xterm_narrow_120x40",
        &["xterm", "Xvfb", "setsid"],
        |place| {
            walk(place, &mut xterm::Xterm::open(place, (120, 40), &[]), "─");
        },
    ),
];

fn installed(program: &str) -> bool {
    let folders = ["/usr/bin", "/bin", "/usr/local/bin"];
    folders
        .iter()
        .any(|dir| Path::new(dir).join(program).exists())
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let listing = arguments.list;
    let required = std::env::var("MADOGUCHI_REQUIRE").is_ok_and(|all| all.contains("terminals"));
    let trials = CASES.iter().map(|(name, needs, case)| {
        let lacks = needs.iter().find(|need| !installed(need));
        match lacks {
            Some(need) if required => Trial::test(*name, move || {
                Err(Failed::from(format!(
                    "required, but {need} is not installed"
                )))
            }),
            Some(need) => {
                if !listing {
                    eprintln!("skipped: {name}: {need} is not installed");
                }
                Trial::test(*name, || Ok(()))
                    .with_ignored_flag(true)
                    .with_kind("skipped")
            }
            None => Trial::test(*name, move || {
                case(&Place(tempfile::tempdir().unwrap()));
                Ok(())
            }),
        }
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
