//! Reads the sources and holds the rooms to who may know whom, and every file
//! to its size, its head, and plain words. Needs no running program.

#[path = "architecture/layout.rs"]
mod layout;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/widths.rs"]
mod widths;

use source::Source;
use std::path::Path;

/// Rooms a room may name through `crate::…` or `super::…`. Its own name is
/// always allowed; a room that is not listed here may not exist.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("domain", &["text"]),
    ("clock", &["domain"]),
    ("link", &["domain"]),
    ("front", &["domain", "text", "link"]),
    (
        "desk",
        &["domain", "text", "link", "store", "card", "central"],
    ),
    ("card", &["domain", "text"]),
    ("central", &["domain", "text"]),
    ("store", &["domain", "text"]),
    ("simulator", &["card", "central", "domain", "text"]),
    (
        "tape",
        &[
            "domain",
            "text",
            "link",
            "front",
            "desk",
            "store",
            "card",
            "central",
            "simulator",
            "clock",
            "cli",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "text",
            "link",
            "front",
            "desk",
            "store",
            "card",
            "central",
            "simulator",
            "tape",
            "clock",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Files that name a room theirs otherwise may not, and why.
const ALSO_KNOW: &[(&str, &str, &str)] = &[
    (
        "src/desk/shell.rs",
        "clock",
        "the executor hands the moment to the pure step",
    ),
    (
        "src/front/run.rs",
        "clock",
        "the executor hands the moment to the pure update",
    ),
    (
        "src/central/webapi.rs",
        "clock",
        "the adapter of the real line dates its requests",
    ),
    (
        "src/simulator/server.rs",
        "clock",
        "the network shell hands the moment to the pure core",
    ),
    (
        "src/simulator/server/answer.rs",
        "clock",
        "the network shell hands the moment to the pure core",
    ),
    (
        "src/simulator/embedded.rs",
        "clock",
        "the in-process shell hands the moment to the pure core",
    ),
];

/// Crates with owners: only files under one of these may name them.
const OWNERS: &[(&str, &[&str])] = &[
    ("crossterm", &["src/front/term"]),
    ("sled", &["src/store"]),
    ("pcsc", &["src/card"]),
    ("reqwest", &["src/central"]),
    ("axum", &["src/simulator"]),
    ("hyper", &["src/simulator"]),
    ("hyper_util", &["src/simulator"]),
    ("rcgen", &["src/simulator"]),
    ("rsa", &["src/simulator"]),
    ("ratatui", &["src/front", "src/tape"]),
    ("portable_pty", &["src/tape"]),
    ("vt100", &["src/tape"]),
    ("clap", &["src/cli"]),
];

/// What rooms without I/O may not name.
const NO_IO: &[&str] = &[
    "tokio",
    "rustls",
    "rustix",
    "tracing",
    "std::fs",
    "std::net",
    "std::io",
    "std::process",
    "std::env",
    "std::thread",
    "Rng::new",
    "Rng::default",
    "thread_local",
    "async",
];

/// Places that are functions of their arguments (pure cores), and the shells
/// inside them, which are not.
const PURE: &[(&str, &[&str])] = &[
    ("src/domain", &[]),
    ("src/text", &[]),
    ("src/front", &["src/front/term", "src/front/run"]),
    ("src/desk", &["src/desk/shell", "src/desk/run"]),
    ("src/simulator/core", &[]),
];

/// Pure files that name something of [`NO_IO`] all the same, and why.
const PURE_BUT: &[(&str, &str, &str)] = &[];

/// `static` items of pure files, and why.
const KEEPS: &[(&str, &str, &str)] = &[
    (
        "src/front/keys/load.rs",
        "BUILTIN",
        "the built-in keymaps, read once: the same value every time",
    ),
    (
        "src/domain/caution.rs",
        "KANJI",
        "the characters of JIS levels 1 and 2, read once: the same value every time",
    ),
];

/// Ways to read the system clock; only one module may.
const CLOCK: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
];
const CLOCK_OWNER: &str = "src/clock.rs";

/// Most lines of a file.
const LONGEST: usize = 600;

/// Files that are longer, and why.
const LONGER: &[(&str, &str)] = &[];

fn under(path: &str, place: &str) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| matches!(rest.chars().next(), None | Some('/' | '.')))
        || path == place
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = source::read_all(&root.join("src"), root);
    assert!(all.len() > 50, "the sources were not found");
    all
}

fn strangers(file: &Source) -> Vec<String> {
    let Some((_, allowed)) = MAY_KNOW.iter().find(|(room, _)| *room == file.room()) else {
        return vec![format!("{}: the room is not on the list", file.path)];
    };
    file.rooms_named()
        .into_iter()
        .filter(|named| {
            let known = MAY_KNOW.iter().any(|(room, _)| room == named);
            let excused = ALSO_KNOW
                .iter()
                .any(|(path, room, _)| *path == file.path && room == named);
            known && *named != file.room() && !allowed.contains(&named.as_str()) && !excused
        })
        .map(|named| format!("{}: {} may not know {named}", file.path, file.room()))
        .collect()
}

#[test]
fn rooms_know_only_whom_they_may() {
    let faults: Vec<String> = sources().iter().flat_map(strangers).collect();
    report(&faults);
}

#[test]
fn crates_with_an_owner_are_named_there_only() {
    let mut faults = Vec::new();
    for file in sources() {
        for (name, places) in OWNERS {
            let owned = places.iter().any(|place| under(&file.path, place));
            if !owned && file.names_path(name) {
                faults.push(format!(
                    "{}: only {} may name {name}",
                    file.path,
                    places.join(", ")
                ));
            }
        }
    }
    report(&faults);
}

#[test]
fn pure_rooms_do_no_io() {
    let mut faults = Vec::new();
    for file in sources() {
        let pure = PURE.iter().any(|(place, shells)| {
            under(&file.path, place) && !shells.iter().any(|shell| under(&file.path, shell))
        });
        if !pure {
            continue;
        }
        // A seeded generator is a value; the free functions are the machine's.
        for name in file.named_of("fastrand") {
            if name != "Rng" {
                faults.push(format!("{}: pure, but names fastrand::{name}", file.path));
            }
        }
        for name in file.named_of("std").into_iter().filter(|n| *n == "*") {
            faults.push(format!("{}: pure, but names std::{name}", file.path));
        }
        for name in file.statics() {
            if !KEEPS
                .iter()
                .any(|(path, what, _)| *path == file.path && what == name)
            {
                faults.push(format!("{}: pure, but keeps {name}", file.path));
            }
        }
        for name in NO_IO {
            let excused = PURE_BUT
                .iter()
                .any(|(path, what, _)| *path == file.path && what == name);
            if file.names_path(name) && !excused {
                faults.push(format!("{}: pure, but names {name}", file.path));
            }
        }
    }
    report(&faults);
}

/// A root with another name would hide what is named behind it.
#[test]
fn roots_keep_their_names() {
    let mut faults = Vec::new();
    for file in sources() {
        for what in file.renamed() {
            faults.push(format!("{}: use {what}", file.path));
        }
    }
    report(&faults);
}

#[test]
fn one_module_reads_the_clock() {
    let mut faults = Vec::new();
    for file in sources() {
        for name in CLOCK {
            if file.path != CLOCK_OWNER && file.names_path(name) {
                faults.push(format!("{}: {name}; the clock arrives as Now", file.path));
            }
        }
    }
    report(&faults);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = sources();
    all.extend(source::read_all(&root.join("tests"), root));
    all.extend(source::read_all(&root.join("benches"), root));
    let mut faults = Vec::new();
    for file in all {
        let lines = file.text.lines().count();
        let excused = LONGER.iter().any(|(path, _)| *path == file.path);
        if lines > LONGEST && !excused {
            faults.push(format!("{}: {lines} lines, at most {LONGEST}", file.path));
        }
        let headed = file.text.starts_with("//!");
        if !headed && !file.is_test() && file.path.starts_with("src/") {
            faults.push(format!("{}: does not begin with what it is for", file.path));
        }
        for word in source::unfinished(&file.text) {
            if !file.path.starts_with("tests/architecture") {
                faults.push(format!("{}: says {word}", file.path));
            }
        }
    }
    report(&faults);
}

/// What a front end runs is put side by side by name.
#[test]
fn the_linker_script_names_what_is_there() {
    report(&layout::strangers(Path::new(env!("CARGO_MANIFEST_DIR"))));
}

#[test]
fn no_module_file_is_called_mod() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| file.path.clone())
        .collect();
    report(&faults);
}

#[test]
fn exceptions_are_still_needed() {
    let all = sources();
    let find = |path: &str| all.iter().find(|file| file.path == path);
    let mut faults = Vec::new();
    for (path, room, _) in ALSO_KNOW {
        if find(path).is_none_or(|file| !file.rooms_named().iter().any(|named| named == room)) {
            faults.push(format!("{path} no longer knows {room}"));
        }
    }
    for (path, name, _) in PURE_BUT {
        if find(path).is_none_or(|file| !file.names_path(name)) {
            faults.push(format!("{path} no longer names {name}"));
        }
    }
    for (path, name, _) in KEEPS {
        if find(path).is_none_or(|file| !file.statics().iter().any(|s| s == name)) {
            faults.push(format!("{path} no longer keeps {name}"));
        }
    }
    for (path, _) in LONGER {
        if find(path).is_none_or(|file| file.text.lines().count() <= LONGEST) {
            faults.push(format!("{path} is no longer too long"));
        }
    }
    report(&faults);
}

/// No other way to write a name leads round a rule.
#[test]
fn names_are_seen_however_they_are_written() {
    let file = |text: &str| Source::new("src/domain/x.rs", text);
    for (text, name) in [
        ("use std::{fs, fmt};", "std::fs"),
        ("use std::{fmt, io::{self, Write}};", "std::io"),
        (
            "use std::{\n    fmt,\n    time::{Duration, Instant},\n};\nfn f() { Instant::now(); }",
            "Instant::now",
        ),
        ("use std as s; fn f() { s::fs::read(); }", "std::fs"),
        (
            "use std::{self as s}; fn f() { s::env::vars(); }",
            "std::env",
        ),
        ("extern crate std as s; fn f() { s::net::x(); }", "std::net"),
        (
            "use std::time::Instant as I; fn f() { I::now(); }",
            "Instant::now",
        ),
        (
            "use std as s; use s::time as t; fn f() { t::Instant::now(); }",
            "Instant::now",
        ),
        (
            "type I = std::time::Instant; fn f() { I::now(); }",
            "Instant::now",
        ),
        (
            "use std::time::Instant; fn f() { <Instant>::now(); }",
            "Instant::now",
        ),
        (
            "fn f() { <std::time::Instant as Tick>::now(); }",
            "Instant::now",
        ),
        ("fn f() { let g = std :: fs :: read; }", "std::fs"),
        ("use tokio as t; fn f() { t::spawn(x); }", "tokio"),
        (
            "use jiff::Timestamp as T; fn f() { T::now(); }",
            "Timestamp::now",
        ),
        ("thread_local! { static X: u8 = 1; }", "thread_local"),
    ] {
        assert!(file(text).names_path(name), "{name}: {text}");
    }
    for text in [
        "use std as s;",
        "use std::{self as s};",
        "extern crate std as s;",
        "use crate as c;",
        "use super::super as up;",
        "use jiff as j;",
    ] {
        assert_eq!(file(text).renamed().len(), 1, "{text}");
    }
    for text in [
        "use std::time::Instant as I;",
        "use jiff::ToSpan as _;",
        "use std::fmt::{self, Write as _};",
    ] {
        assert!(file(text).renamed().is_empty(), "{text}");
    }
    for text in [
        "fn f() { fastrand::u32(..); }",
        "use fastrand::shuffle; fn f() { shuffle(x); }",
        "use fastrand::*;",
    ] {
        let file = file(text);
        assert!(
            file.named_of("fastrand").iter().any(|n| *n != "Rng"),
            "{text}"
        );
    }
    let seeded = file("use fastrand::Rng; fn f() { Rng::with_seed(1); }");
    assert_eq!(
        seeded.named_of("fastrand").into_iter().collect::<Vec<_>>(),
        ["Rng"]
    );
    assert_eq!(file("static COUNT: AtomicU8 = X;").statics(), ["COUNT"]);
    assert_eq!(
        file("pub static mut ONE: &'static str = X;").statics(),
        ["ONE"]
    );
    assert!(file("const A: &'static str = X;").statics().is_empty());
}

/// The rules above are worth what the reader of sources sees.
#[test]
fn the_reader_sees_what_it_should() {
    let file = |path: &str, text: &str| Source::new(path, text);
    let named = |path, text| file(path, text).rooms_named();
    assert_eq!(
        named("src/domain/note.rs", "use crate::store::Store;"),
        ["store"]
    );
    assert_eq!(
        named("src/domain/note.rs", "use crate::{text::cells, store};"),
        ["store", "text"]
    );
    assert_eq!(
        named("src/domain/note.rs", "use super::super::desk::x;"),
        ["desk"]
    );
    assert_eq!(
        named("src/domain/note.rs", "use super::insurance::x;"),
        ["domain"]
    );
    assert_eq!(
        named("src/domain.rs", "use super::{desk, text::cells};"),
        ["desk", "text"]
    );
    assert_eq!(named("src/main.rs", "madoguchi::cli::main()"), ["cli"]);
    assert!(named("src/text/x.rs", "// crate::desk\n\"crate::desk\"; 'c'").is_empty());
    assert!(
        named(
            "src/text/x.rs",
            "#[cfg(test)]\nmod tests { use crate::desk::a; }"
        )
        .is_empty()
    );
    assert!(named("src/text/x/tests.rs", "use crate::desk::a;").is_empty());
    assert_eq!(
        strangers(&file("src/text/x.rs", "fn f() { crate::desk::go() }")),
        ["src/text/x.rs: text may not know desk"]
    );
    assert!(!strangers(&file("src/cellar.rs", "")).is_empty());
    assert!(file("src/a.rs", "use sled::Db;").names_path("sled"));
    assert!(file("src/a.rs", "ratatui::crossterm::x()").names_path("crossterm"));
    assert!(file("src/a.rs", "std::time::Instant::now()").names_path("Instant::now"));
    assert!(!file("src/a.rs", "let unsled = sledge::a;").names_path("sled"));
    assert!(!file("src/a.rs", "r#\"sled::Db\"# // sled::Db").names_path("sled"));
    assert!(file("src/a.rs", "async fn f() {}").names_path("async"));
    assert_eq!(source::unfinished("// TODO: later"), ["todo"]);
    assert!(under("src/front/term/paint.rs", "src/front/term"));
    assert!(under("src/front/term.rs", "src/front/term"));
    assert!(!under("src/front/terms.rs", "src/front/term"));
}
