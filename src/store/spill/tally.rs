//! What is known of a spill's file besides the file itself: a tally beside it
//! and one in another of the known places, each with a sealed row behind every
//! save, and the head of the next file. So a file that was removed or cut is
//! found, and which notes went with it.

use super::rows::{self, End, Of};
use crate::domain::note::NoteId;
use crate::store::audit::anchor::hex;
use crate::store::files;
use crate::store::frame::Hash;
use crate::store::record::{Record, What};
use crate::store::seal::Seal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Ending of a tally's name; before it stands the name of its file.
const END: &str = ".tally";
/// Larger is no file of ours.
const LIMIT: u64 = 64 << 20;
const TABLE: &str = "tally";

/// One file of a spill, as something else than the file itself knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// The folder, as it may be shown.
    pub folder: String,
    /// Records that were acknowledged from it.
    pub records: u64,
    /// Hash of the last of them, in hexadecimal.
    pub last: String,
    /// Which of them were notes.
    pub notes: Vec<(u64, NoteId)>,
}

/// What is known of files, by name.
pub type Account = BTreeMap<String, Known>;

impl Known {
    /// Of records that were just written, the first under this number.
    pub fn of(folder: &str, records: &[Record], first: u64, last: &Hash) -> Self {
        let notes = records.iter().zip(first..);
        Self {
            folder: folder.to_owned(),
            records: first + records.len() as u64 - 1,
            last: hex(last),
            notes: notes
                .filter_map(|(record, number)| match &record.what {
                    What::Note(note) => Some((number, note.id.clone())),
                    _ => None,
                })
                .collect(),
        }
    }

    /// Takes over what somebody else knows of the same file.
    pub fn learn(&mut self, other: Self) {
        if other.records > self.records {
            self.records = other.records;
            self.last = other.last;
            self.folder = other.folder;
        }
        self.notes.extend(other.notes);
        self.notes.sort();
        self.notes.dedup();
    }
}

/// Takes over what is known of a file.
pub fn learn(account: &mut Account, name: &str, known: Known) {
    account.entry(name.to_owned()).or_default().learn(known);
}

/// A tally that is being written.
#[derive(Debug)]
pub struct Tally {
    file: File,
    name: String,
    end: End,
}

/// Where the tally of the file `name` lies in `folder`.
pub fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{END}"))
}

impl Tally {
    /// A new one in `folder`, of the file `name`.
    pub fn create(folder: &Path, name: &str) -> io::Result<Self> {
        let file = files::private()
            .append(true)
            .create_new(true)
            .open(path(folder, name))?;
        files::sync_folder(folder)?;
        let end = End {
            length: 0,
            next: 1,
            last: Hash::default(),
        };
        let name = name.to_owned();
        Ok(Self { file, name, end })
    }

    /// Adds what was written; on disk when this returns.
    pub fn append(&mut self, seal: &Seal, known: &Known) -> io::Result<()> {
        let content = Zeroizing::new(serde_json::to_vec(known)?);
        let of = Of {
            table: TABLE,
            name: &self.name,
        };
        self.end = rows::append(&mut self.file, seal, of, self.end, &[content])?;
        Ok(())
    }
}

/// A tally as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name of its file.
    pub name: String,
    /// What it knows.
    pub known: Known,
    /// It is as it was written, as far as can be told.
    pub whole: bool,
}

/// The names of the files that `folder` has tallies of.
pub fn all(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && let Some(name) = name.strip_suffix(END)
            && entry.file_type()?.is_file()
        {
            found.push(name.to_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// The tally of the file `name`. Without a key, checksums and chain alone.
pub fn read(folder: &Path, name: &str, seal: Option<&Seal>) -> io::Result<Found> {
    let bytes = files::read_small(&path(folder, name), LIMIT)?;
    let of = Of { table: TABLE, name };
    let rows = rows::parse(&bytes, seal, of, 1);
    let mut whole = rows.bad.is_empty() && rows.torn == 0;
    let mut known = Known::default();
    for row in rows.good.into_iter().filter(|_| seal.is_some()) {
        match serde_json::from_slice(&row.content) {
            Ok(more) => known.learn(more),
            Err(_) => whole = false,
        }
    }
    let name = name.to_owned();
    Ok(Found { name, known, whole })
}
