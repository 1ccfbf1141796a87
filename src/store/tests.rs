//! Stores made, broken and opened again.

mod anywhere;
mod damage;
mod grades;
mod index;
mod journal;
mod limits;
mod lost;
mod state;
mod worker;

use super::record::{Loaded, Record, What};
use super::seal::Seal;
use super::{KeySource, Store};
use crate::domain::draft::Draft;
use crate::domain::field::Field;
use crate::domain::note::{Note, NoteContent, NoteId, NoteState};
use crate::domain::person::Sex;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};

/// A moment on 2026-11-20 in Japan.
pub fn moment(seconds: i64) -> Timestamp {
    "2026-11-20T00:12:41Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// An invented note; `number` tells it from the others, `revision` from itself.
pub fn note(number: u32, revision: u32) -> Note {
    Note {
        id: NoteId(format!("20261120-{number:04}")),
        revision,
        desk: "窓口1".to_owned(),
        taken_by: "003".to_owned(),
        taken: moment(0),
        during_outage: true,
        content: NoteContent {
            name: format!("試験 {number}"),
            kana: "シケン ダイ".to_owned(),
            birth_date: jiff::civil::date(1954, 3, 1),
            sex: Some(Sex::Female),
            address: "東京都千代田区霞が関".to_owned(),
            insurer_name: String::new(),
            visit_date: jiff::civil::date(2026, 11, 20),
            insurance: None,
            limit_consent: false,
            reference: format!("{number}"),
            telephone: String::new(),
            evidence: "診察券".to_owned(),
            burden: "1割".to_owned(),
            remark: format!("改訂 {revision}"),
            evidence_code: String::new(),
            from_card: std::collections::BTreeSet::new(),
            card_mark: String::new(),
            declaration: None,
        },
        earlier: Vec::new(),
        state: NoteState::Noted,
        attempts: 0,
        tried: Vec::new(),
        follow: None,
        trial: None,
        looks: Vec::new(),
        blocked: Vec::new(),
        settling: crate::domain::settling::Settling::default(),
        history: Vec::new(),
    }
}

/// The record that takes or changes a note.
pub fn record(number: u32, revision: u32) -> Record {
    Record {
        at: moment(i64::from(number)),
        by: "003".to_owned(),
        desk: "窓口1".to_owned(),
        origin: String::new(),
        ends: None,
        what: What::Note(Box::new(note(number, revision))),
        anchors: None,
    }
}

/// A half-typed form.
pub fn draft(text: &str) -> Draft {
    Draft {
        from_card: std::collections::BTreeSet::new(),
        pane: "note".to_owned(),
        note: None,
        fields: [(Field::Kana, text.to_owned())].into(),
        focus: Some(Field::Kana),
        others: Vec::new(),
    }
}

/// The key of every store here.
pub fn key() -> KeySource {
    KeySource::Held([7; 32].into())
}

/// What opens the content of the store in `dir`.
pub fn seal(dir: &Path) -> Seal {
    crate::store::keys::seal(dir, &key()).unwrap()
}

/// Opens; the test fails if that fails.
pub fn open(dir: &Path) -> (Store, Loaded) {
    Store::open(dir, &key(), moment(0)).unwrap()
}

/// A store with notes 1 to `count`, closed.
pub fn filled(dir: &Path, count: u32) {
    let (mut store, _) = open(dir);
    for number in 1..=count {
        assert_eq!(store.append(&record(number, 1)), Ok(u64::from(number)));
    }
}

/// The only segment of these tests.
pub fn segment(dir: &Path) -> PathBuf {
    dir.join("journal/2026-11.log")
}

/// A store of nothing but this journal and the keys of `origin`.
pub fn write_journal(origin: &Path, dir: &Path, bytes: &[u8]) {
    crate::store::files::make_folder(&dir.join("journal")).unwrap();
    if origin != dir {
        std::fs::copy(origin.join("keys"), dir.join("keys")).unwrap();
        std::fs::copy(origin.join("keys"), dir.join("keys.spare")).unwrap();
    }
    std::fs::write(segment(dir), bytes).unwrap();
}

/// A copy of the store's files.
pub fn copy(from: &Path, to: &Path) {
    crate::store::files::make_folder(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A store of nothing, behind the same shelf.
pub fn empty(loaded: &Loaded) -> Loaded {
    Loaded {
        shelf: loaded.shelf.clone(),
        card_key: loaded.card_key.clone(),
        ..Loaded::default()
    }
}

/// The notes' numbers and revisions, after a check that each is unchanged but
/// for the line that says it was brought back.
pub fn numbers(loaded: &Loaded) -> Vec<(u32, u32)> {
    loaded
        .notes()
        .iter()
        .map(|found| {
            let number = found.id.0.rsplit('-').next().unwrap().parse().unwrap();
            let mut before = found.clone();
            before
                .history
                .retain(|step| !step.text.contains("書き戻しました"));
            assert_eq!(before, note(number, found.revision), "shown as good");
            (number, found.revision)
        })
        .collect()
}

/// Notes 1 to `count` in their first revision.
pub fn first(count: u32) -> Vec<(u32, u32)> {
    (1..=count).map(|number| (number, 1)).collect()
}
