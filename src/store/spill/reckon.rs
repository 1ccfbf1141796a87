//! What should be in a spill, held against what is there.

use super::log::Content;
use super::tally::{Account, Known};
use crate::domain::note::NoteId;
use crate::store::audit::anchor::hex;
use crate::store::frame::Hash;
use crate::store::remark::Remark;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Numbers of notes that one sentence names.
const NAMED: usize = 10;

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum There {
    /// What it holds is in memory: this run wrote it.
    Own,
    /// It was not read: another process has it, or it does not open.
    Unread,
    /// The good records that were read, with their hashes.
    Read(BTreeMap<u64, Hash>),
}

impl There {
    /// A file that was read.
    pub fn read(content: &Content) -> Self {
        let read: BTreeSet<u64> = content.records.iter().map(|(number, _)| *number).collect();
        let good = content.hashes.iter();
        Self::Read(
            good.filter(|(number, _)| read.contains(number))
                .copied()
                .collect(),
        )
    }
}

/// How records were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The file is not there.
    Gone,
    /// It is there, and they are not.
    Cut,
    /// Something else stands in their place.
    Changed,
}

/// Records of a file that were acknowledged and are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The file's name.
    pub name: String,
    /// Its folder, as it may be shown.
    pub folder: String,
    /// How.
    pub how: How,
    /// How many.
    pub records: u64,
    /// Their numbers in the file.
    pub rows: BTreeSet<u64>,
    /// Which notes they were of.
    pub notes: Vec<NoteId>,
}

/// Files of `account` that were not looked at and lie where they were written:
/// the settings name that folder no more, or never did. By folder.
pub fn elsewhere(
    account: &Account,
    there: &BTreeMap<String, There>,
) -> BTreeMap<PathBuf, Vec<String>> {
    let mut found: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for (name, known) in account {
        let dir = Path::new(&known.folder);
        let unseen = || match std::fs::symlink_metadata(dir.join(name)) {
            Ok(_) => true,
            // Whether it is there cannot be told.
            Err(error) => error.kind() == ErrorKind::PermissionDenied,
        };
        if !there.contains_key(name) && dir.is_absolute() && unseen() {
            found.entry(dir.to_owned()).or_default().push(name.clone());
        }
    }
    found
}

/// What of `account` is not in `there`.
pub fn lost(account: &Account, there: &BTreeMap<String, There>) -> Vec<Lost> {
    let lost = |(name, known): (&String, &Known)| one(name, known, there.get(name));
    account.iter().filter_map(lost).collect()
}

fn one(name: &str, known: &Known, there: Option<&There>) -> Option<Lost> {
    let none = BTreeMap::new();
    let (read, how) = match there {
        Some(There::Own | There::Unread) => return None,
        Some(There::Read(read)) => (read, How::Cut),
        None => (&none, How::Gone),
    };
    let left = read.range(1..=known.records).count() as u64;
    let last = read.get(&known.records);
    let changed = last.is_some_and(|last| hex(last) != known.last);
    if left >= known.records && !changed {
        return None;
    }
    let lost = known
        .notes
        .iter()
        .filter(|(n, _)| changed || !read.contains_key(n));
    let mut notes: Vec<NoteId> = lost.map(|(_, id)| id.clone()).collect();
    notes.sort();
    notes.dedup();
    Some(Lost {
        name: name.to_owned(),
        folder: known.folder.clone(),
        how: if changed { How::Changed } else { how },
        records: if changed {
            known.records
        } else {
            known.records - left
        },
        rows: (1..=known.records)
            .filter(|n| changed || !read.contains_key(n))
            .collect(),
        notes,
    })
}

impl Lost {
    /// As it is told.
    pub fn remark(&self) -> Remark {
        Remark::loss(self.to_string())
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, records, .. } = self;
        let notes = listed(&self.notes);
        match self.how {
            How::Gone => write!(
                f,
                "予備のファイル {name} がありません（{} にありました）。「控えました」と表示した記録 {records} 件{notes}が、そこにしかありませんでした。ファイルが見つかったら元の場所に戻してください。見つからなければ、紙の控えから入れ直し、管理者に知らせてください。",
                self.folder
            ),
            How::Cut => write!(
                f,
                "予備のファイル {name} から、「控えました」と表示した記録 {records} 件{notes}が失われています（切り取られたか、壊れています）。紙の控えから入れ直し、管理者に知らせてください。"
            ),
            How::Changed => write!(
                f,
                "予備のファイル {name} の記録{notes}が、書いたときのものではありません。紙の控えと照らし、管理者に知らせてください。"
            ),
        }
    }
}

/// A few numbers in brackets, and that there are more; nothing of none.
pub fn listed(notes: &[NoteId]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let shown: Vec<&str> = notes.iter().take(NAMED).map(|id| id.0.as_str()).collect();
    let more = if notes.len() > NAMED { " ほか" } else { "" };
    format!("（控え {}{more}）", shown.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u64) -> NoteId {
        NoteId(format!("20261121-{number:04}"))
    }

    fn hash_of(number: u64) -> Hash {
        [number as u8; 32]
    }

    fn known(records: u64) -> Known {
        Known {
            folder: "spill".to_owned(),
            records,
            last: hex(&hash_of(records)),
            notes: (1..=records).map(|n| (n, id(n))).collect(),
        }
    }

    proptest! {
        /// What was acknowledged and not read is named, all of it and nothing else.
        #[test]
        fn rel_4_all_that_is_missing_is_named(
            records in 1..40_u64,
            beyond in 0..3_u64,
            missing in proptest::collection::btree_set(1..40_u64, 0..6),
            gone: bool,
        ) {
            let account = Account::from([("f".to_owned(), known(records))]);
            let read: BTreeMap<u64, Hash> = (1..=records + beyond)
                .filter(|n| !missing.contains(n))
                .map(|n| (n, hash_of(n)))
                .collect();
            let expected: Vec<NoteId> = (1..=records)
                .filter(|n| gone || missing.contains(n))
                .map(id)
                .collect();
            let mut there = BTreeMap::new();
            if !gone {
                there.insert("f".to_owned(), There::Read(read));
            }
            let found = lost(&account, &there);
            prop_assert_eq!(found.is_empty(), expected.is_empty());
            for lost in found {
                prop_assert_eq!(lost.records, expected.len() as u64);
                prop_assert_eq!(&lost.notes, &expected);
                prop_assert_eq!(lost.how == How::Gone, gone);
            }
            for unseen in [There::Own, There::Unread] {
                let there = BTreeMap::from([("f".to_owned(), unseen)]);
                prop_assert_eq!(lost(&account, &there), []);
            }
        }
    }

    #[test]
    fn another_record_in_its_place_is_seen() {
        let account = Account::from([("f".to_owned(), known(2))]);
        let read = BTreeMap::from([(1, hash_of(1)), (2, hash_of(9))]);
        let there = BTreeMap::from([("f".to_owned(), There::Read(read))]);
        let found = lost(&account, &there);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].how, found[0].notes.len()), (How::Changed, 2));
    }
}
