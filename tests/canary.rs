//! N-9: nothing that was typed, answered or logged in with is found outside
//! the sealed store, in any spelling; and a process that dies leaves no core
//! (SEC-18, SEC-20, SEC-23, SEC-27).
//!
//! Not searched: `data/downloads` (files a person asked for, in the clear by
//! design), the folder of the stand-in, which plays the central system, and
//! the file this test itself hands passwords over in.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "canary/cards.rs"]
mod cards;
#[path = "desk_socket/office.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod office;
#[path = "desk_socket/sample.rs"]
mod sample;
#[path = "canary/spellings.rs"]
mod spellings;

use jiff::civil::date;
use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::domain::insurance::InsuranceNumbers;
use madoguchi::domain::note::{Group, NoteContent};
use madoguchi::domain::person::Sex;
use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{ToDesk, ToFront};
use office::{Office, password};
use sample::{card, content, keep, lookup};
use spellings::spellings;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Everything the story below types, is answered, or logs in with.
const USED: [&str; 23] = [
    // A note that nobody is found for.
    "榊原",
    "雫玖",
    "サカキバラ",
    "シズク",
    "霞が関三丁目",
    "0397531246",
    "C-7701239",
    "57431986",
    "1961-07-19",
    "そっと置く覚え書き",
    // A half-typed form.
    "荻窪",
    "オギクボ",
    "87654397",
    // Looked up and resolved: the stand-in's own person.
    "新橋",
    "太郎",
    "シンバシ",
    "タロウ",
    "東京都港区",
    "06139000",
    "1954-03-26",
    // Passwords.
    "Onshi*003*003",
    "Onshi*002*002",
    "Chigau*Pass*4711",
];

/// Somebody whom the stand-in does not know.
fn nobody() -> NoteContent {
    NoteContent {
        name: "榊原　雫玖".to_owned(),
        kana: "サカキバラシズク".to_owned(),
        sex: Some(Sex::Male),
        address: "東京都千代田区霞が関三丁目".to_owned(),
        insurance: Some(InsuranceNumbers {
            number: "57431986".to_owned(),
            branch: String::new(),
            ..card()
        }),
        reference: "C-7701239".to_owned(),
        telephone: "0397531246".to_owned(),
        remark: "そっと置く覚え書き".to_owned(),
        birth_date: date(1961, 7, 19),
        ..content()
    }
}

fn half_typed() -> Draft {
    let form = |fields: &[(Field, &str)]| Draft {
        from_card: std::collections::BTreeSet::new(),
        pane: "note".to_owned(),
        note: None,
        fields: (fields.iter())
            .map(|(field, text)| (*field, (*text).to_owned()))
            .collect(),
        focus: Some(Field::Kana),
        others: Vec::new(),
    };
    Draft {
        others: vec![form(&[(Field::Number, "87654397")])],
        ..form(&[(Field::Name, "荻窪"), (Field::Kana, "オギクボ")])
    }
}

/// All files below, but those named above.
fn files(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
            let left_out = ["data/downloads", "central", "password"]
                .iter()
                .any(|name| path == home.join(name));
            if left_out {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found
}

fn search(home: &Path, when: &str) -> usize {
    let files = files(home);
    for needed in [
        "data/store/journal",
        "data/store/state/db",
        "data/log",
        "data/store/keys",
    ] {
        assert!(
            files.iter().any(|file| file.starts_with(home.join(needed))),
            "{needed} is not among what is searched"
        );
    }
    let sought = Sought::of(&USED);
    let mut bytes = 0;
    for file in &files {
        let content = std::fs::read(file).unwrap();
        bytes += content.len();
        let name = file.display().to_string();
        for content in [&content[..], name.as_bytes()] {
            let hit = sought.find(content);
            assert!(hit.is_none(), "{when}: {} in {name}", hit.unwrap());
        }
    }
    bytes
}

/// All spellings by their first two bytes, so that one pass finds any.
struct Sought(Vec<Vec<(String, Vec<u8>)>>);

impl Sought {
    fn of(words: &[&str]) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for (name, form) in words.iter().flat_map(|text| spellings(text)) {
            // ﾀﾛｳ in Shift_JIS is three bytes, which chance could write.
            if form.len() < 4 {
                continue;
            }
            by_start[usize::from(form[0]) << 8 | usize::from(form[1])].push((name, form));
        }
        Self(by_start)
    }

    fn find(&self, content: &[u8]) -> Option<&str> {
        let (mut at, mut before) = (0, 0);
        for &byte in content {
            let forms = &self.0[before << 8 | usize::from(byte)];
            if at > 0 && !forms.is_empty() {
                let rest = &content[at - 1..];
                let hit = forms.iter().find(|(_, form)| rest.starts_with(form));
                if let Some((name, _)) = hit {
                    return Some(name);
                }
            }
            before = usize::from(byte);
            at += 1;
        }
        None
    }
}

#[test]
fn n9_nothing_of_a_patient_and_no_password_outside_the_sealed_store() {
    let mut office = Office::open();
    let home = office.home.path().to_owned();
    let mut front = office.front();
    let wrong = front.ask(|ticket| ToDesk::Login {
        ticket,
        user: "001".to_owned(),
        password: Secret::new("Chigau*Pass*4711".to_owned()),
        force: false,
    });
    assert!(matches!(wrong, ToFront::Failed { .. }), "{wrong:?}");
    // Others: the wait after a wrong password runs on for that person.
    let mut other = office.front();
    assert!(matches!(other.login("002"), ToFront::LoggedIn { .. }));
    assert!(matches!(lookup(&mut other), ToFront::LookedUp { .. }));

    office.set("outage=on");
    assert!(matches!(lookup(&mut other), ToFront::Failed { .. }));
    keep(&mut other, content());
    keep(&mut other, nobody());
    other.say(ToDesk::Draft(half_typed()));
    // Answered after the draft has been handed to the store.
    keep(&mut other, nobody());
    office.kill_desk();
    search(&home, "killed during the outage");

    office.start_desk();
    office.set("outage=off");
    let mut front = office.front();
    front.wait_for("the notes", |status| {
        !status.store_opening && status.notes.values().sum::<usize>() == 3
    });
    front.say(ToDesk::ProbeNow);
    front.wait_for("recovery", |status| status.line.usable());
    let login = front.ask(|ticket| ToDesk::Login {
        ticket,
        user: "003".to_owned(),
        password: Secret::new(password("003")),
        force: true,
    });
    assert!(matches!(login, ToFront::LoggedIn { .. }), "{login:?}");
    front.wait_for("resolution", |status| {
        status.notes.get(&Group::Resolved) == Some(&1)
    });
    search(&home, "while it runs");
    office.kill_desk();
    let bytes = search(&home, "killed after the sync");
    assert!(bytes > 10_000, "only {bytes} bytes were there to search");

    // The same search does find them where they are meant to be readable.
    let probe = home.join("data/log/probe");
    std::fs::write(&probe, "…サカキバラ…".as_bytes()).unwrap();
    let found = std::panic::catch_unwind(|| search(&home, "probe"));
    assert!(found.is_err(), "the search finds nothing at all");
}

#[test]
fn sec20_keys_are_changed_under_the_command_and_its_messages_are_true() {
    let mut office = Office::open();
    let mut front = office.front();
    assert!(matches!(front.login("002"), ToFront::LoggedIn { .. }));
    keep(&mut front, content());
    let rotate = |office: &Office, more: &[&str]| {
        let args = [&["key", "rotate", "--config", "madoguchi.toml"], more].concat();
        let out = office.bare(&args);
        let text = [out.stdout, out.stderr].concat();
        (out.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, text) = rotate(&office, &[]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("使っています"), "{text}");
    assert_eq!(office.stop_desk(), Some(0));

    let key = office.home.path().join("store.key");
    let before = std::fs::read(&key).unwrap();
    let (code, text) = rotate(&office, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("鍵を入れ替えました"), "{text}");
    assert_ne!(std::fs::read(&key).unwrap(), before);

    // The former key says so and touches nothing.
    let after = std::fs::read(&key).unwrap();
    std::fs::write(&key, before).unwrap();
    let out = office.bare(&["key", "status", "--config", "madoguchi.toml"]);
    let text = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(4), "{text}");
    assert!(text.contains("の鍵ではありません"), "{text}");
    std::fs::write(&key, after).unwrap();

    let (code, text) = rotate(&office, &["--to-key-file", "elsewhere/k"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("[key]") && text.contains("elsewhere/k"),
        "{text}"
    );
    // The settings still name the first: what is not used any more is the one
    // that opened it. Beside the data it is doubted.
    let (code, text) = rotate(&office, &["--to-key-file", "data/k"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("elsewhere/k はもう使いません"), "{text}");
    assert!(text.contains("同じフォルダー"), "{text}");
    let out = office.bare(&["key", "status", "--config", "madoguchi.toml"]);
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.contains("同じフォルダー"), "{text}");
    office.start_desk();
    let mut front = office.front();
    front.wait_for("the note", |status| {
        !status.store_opening && status.notes.values().sum::<usize>() == 1
    });
    let out = office.bare(&["key", "new"]);
    let line = String::from_utf8(out.stdout).unwrap();
    assert!(line.starts_with("madoguchi-key-1 "), "{line}");
}

/// A long-lived process of ours, run by somebody without rights if that can
/// be done.
fn stranger() -> Option<(std::process::Child, tempfile::TempDir, bool)> {
    use std::os::unix::process::CommandExt;
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_madoguchi"));
    command
        .args(["simulator", "central", "--listen", "127.0.0.1:0"])
        .args(["--data", "central"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let root = rustix::process::geteuid().is_root();
    if root {
        std::os::unix::fs::chown(home.path(), Some(65534), Some(65534)).unwrap();
        command.uid(65534).gid(65534);
    }
    Some((command.spawn().ok()?, home, root))
}

#[test]
#[cfg(target_os = "linux")]
fn sec23_no_core_and_no_look_inside_a_running_process() {
    use std::io::BufRead;
    use std::os::unix::fs::MetadataExt;
    let Some((mut child, home, root)) = stranger() else {
        println!("skipped: this program cannot be run as another user here");
        return;
    };
    // It speaks once it is up.
    let out = std::io::BufReader::new(child.stdout.take().unwrap());
    if out.lines().next().is_none() {
        child.wait().unwrap();
        println!("skipped: this program cannot be run as another user here");
        return;
    }
    let proc = PathBuf::from(format!("/proc/{}", child.id()));
    let limits = std::fs::read_to_string(proc.join("limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let numbers: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(numbers, ["0", "0"], "{core}");
    // The files of a process that may not be dumped belong to root, whoever
    // runs it.
    if root {
        assert_eq!(std::fs::metadata(proc.join("environ")).unwrap().uid(), 0);
    } else {
        assert!(std::fs::read(proc.join("environ")).is_err());
    }
    let id = rustix::process::Pid::from_raw(child.id().cast_signed()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::ABORT).unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped());
    let left = std::fs::read_dir(home.path()).unwrap().any(|entry| {
        entry
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("core")
    });
    assert!(!left);
}
