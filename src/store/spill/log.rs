//! One file of a spill: sealed records one behind the other, each fsynced
//! before anybody hears of it. In front of them, as number 0, stands what was
//! known when the file was begun: where the journal ended, and the files that
//! were there before.

use super::rows::{self, End, Of};
use super::tally::{Account, Known};
use crate::store::audit::anchor::hex;
use crate::store::files;
use crate::store::frame::Hash;
use crate::store::record::{Record, What};
use crate::store::seal::{Seal, random};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// More than this is not read: weeks of a desk without its ledger.
const LIMIT: u64 = 256 << 20;
const START: &str = "spill-";
const END: &str = ".log";
const TABLE: &str = "spill";

/// What stands in front of the records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Head {
    /// The journal's last record and its hash in hexadecimal, if it was known.
    pub journal: Option<(u64, String)>,
    /// The files that waited then.
    pub before: Account,
}

/// A file of a spill, held by this process alone.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    head: Head,
    end: End,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Its head, if it can be read.
    pub head: Option<Head>,
    /// Its good records, each once, in the order of their numbers.
    pub records: Vec<(u64, Record)>,
    /// The number and hash of each good row, likewise, also where it was not
    /// opened.
    pub hashes: Vec<(u64, Hash)>,
    /// Places that hold none: from which byte, and how many.
    pub bad: Vec<(usize, usize)>,
    /// Bytes behind the last record: an unfinished one, as a rule.
    pub torn: usize,
}

impl Content {
    /// What the next file is to say of this one, which lies in `folder`.
    pub fn known(&self, folder: String) -> Known {
        let last = (self.records.iter()).map(|(number, _)| *number).max();
        let last = last.unwrap_or(0);
        let hash = self.hashes.iter().find(|(number, _)| *number == last);
        Known {
            folder,
            records: last,
            last: hash.map(|(_, hash)| hex(hash)).unwrap_or_default(),
            notes: (self.records.iter())
                .filter_map(|(number, record)| match &record.what {
                    What::Note(note) => Some((*number, note.id.clone())),
                    _ => None,
                })
                .collect(),
        }
    }
}

/// The files of a spill in `folder`, by name.
pub fn all(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && name.starts_with(START)
            && name.ends_with(END)
            && entry.file_type()?.is_file()
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// When the file of that name was begun, in microseconds.
pub fn begun(name: &str) -> Option<i64> {
    name.strip_prefix(START)?.split('-').next()?.parse().ok()
}

fn hold(file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl Drop for Log {
    /// Said aloud, as for the store's lock.
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

impl Log {
    /// A new file in `folder`. `stamp` puts it behind the older ones.
    pub fn create(folder: &Path, stamp: i64, head: Head) -> io::Result<Self> {
        let mut noise = [0; 4];
        random(&mut noise).map_err(|_| io::Error::other("乱数がありません"))?;
        let noise = u32::from_le_bytes(noise);
        let path = folder.join(format!("{START}{stamp:016}-{noise:08x}{END}"));
        let file = files::private().append(true).create_new(true).open(&path)?;
        hold(&file)?;
        files::sync_folder(folder)?;
        Ok(Self {
            path,
            file,
            head,
            end: NONE,
        })
    }

    /// An earlier file; nothing while another process holds it.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = files::private().read(true).open(path)?;
        if !hold(&file)? {
            return Ok(None);
        }
        Ok(Some(Self {
            path: path.to_owned(),
            end: End {
                length: file.metadata()?.len(),
                ..NONE
            },
            file,
            head: Head::default(),
        }))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nothing has been acknowledged from it.
    pub fn is_empty(&self) -> bool {
        self.end.length == 0
    }

    /// Its file name.
    pub fn name(&self) -> String {
        name(&self.path)
    }

    /// Where it ends.
    pub fn end(&self) -> End {
        self.end
    }

    /// Writes records and waits until they are on disk: all or none. After an
    /// error the file is to be left alone.
    pub fn append(&mut self, seal: &Seal, records: &[Record]) -> io::Result<()> {
        let mut contents = Vec::with_capacity(records.len() + 1);
        if self.is_empty() {
            contents.push(Zeroizing::new(serde_json::to_vec(&self.head)?));
        }
        for record in records {
            contents.push(Zeroizing::new(serde_json::to_vec(record)?));
        }
        let name = self.name();
        let of = Of {
            table: TABLE,
            name: &name,
        };
        self.end = rows::append(&mut self.file, seal, of, self.end, &contents)?;
        Ok(())
    }

    /// Takes back what was written behind `end`: it is not acknowledged.
    pub fn take_back(&mut self, end: End) -> io::Result<()> {
        rows::cut(&self.file, end)?;
        self.end = end;
        Ok(())
    }

    /// All that can be read of it.
    pub fn read(&mut self, seal: &Seal) -> io::Result<Content> {
        peek(&self.path, Some(seal))
    }

    /// Takes the file away, durably.
    pub fn remove(self) -> io::Result<()> {
        std::fs::remove_file(&self.path)?;
        match self.path.parent() {
            Some(folder) => files::sync_folder(folder),
            None => Ok(()),
        }
    }
}

const NONE: End = End {
    length: 0,
    next: 0,
    last: [0; 32],
};

/// The file name of a path.
pub fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// All that can be read of a file, whoever holds it; without a key how many
/// rows it has, and whether they are whole and follow one another.
pub fn peek(path: &Path, seal: Option<&Seal>) -> io::Result<Content> {
    let bytes = files::read_small(path, LIMIT)?;
    Ok(parse(&bytes, seal, &name(path)))
}

fn parse(bytes: &[u8], seal: Option<&Seal>, name: &str) -> Content {
    let rows = rows::parse(bytes, seal, Of { table: TABLE, name }, 0);
    let mut content = Content {
        bad: rows.bad,
        torn: rows.torn,
        ..Content::default()
    };
    for row in rows.good {
        content.hashes.push((row.number, row.hash));
        if seal.is_none() {
            continue;
        }
        let read = if row.number == 0 {
            serde_json::from_slice(&row.content).map(|head| content.head = Some(head))
        } else {
            serde_json::from_slice(&row.content)
                .map(|record| content.records.push((row.number, record)))
        };
        if read.is_err() {
            content.bad.push((row.at, row.length));
        }
    }
    // Rows that were doubled or changed places are counted as bad above.
    content.records.sort_by_key(|(number, _)| *number);
    content.records.dedup_by_key(|(number, _)| *number);
    content.hashes.sort_by_key(|(number, _)| *number);
    content.hashes.dedup_by_key(|(number, _)| *number);
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::record::What;
    use jiff::Timestamp;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    fn seal() -> Seal {
        Seal::new(
            [1; 16],
            Zeroizing::new([2; 32]),
            vec![(1, Zeroizing::new([3; 32]))],
        )
    }

    fn record(number: i64) -> Record {
        serde_json::from_value(serde_json::json!({
            "at": Timestamp::from_second(number).unwrap(),
            "by": "003",
            "what": What::Logout { why: number.to_string() },
        }))
        .unwrap()
    }

    fn bytes(count: i64) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::create(dir.path(), 1, Head::default()).unwrap();
        for number in 1..=count {
            log.append(&seal(), &[record(number)]).unwrap();
        }
        let moved = dir.path().join("spill-x.log");
        std::fs::rename(log.path(), &moved).unwrap();
        std::fs::read(moved).unwrap()
    }

    #[test]
    fn what_was_appended_is_read_and_held_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::create(dir.path(), 1, Head::default()).unwrap();
        log.append(&seal(), &[record(1), record(2)]).unwrap();
        log.append(&seal(), &[record(3)]).unwrap();
        let path = log.path().to_owned();
        assert!(Log::open(&path).unwrap().is_none(), "held by another");
        drop(log);
        assert_eq!(all(dir.path()).unwrap(), std::slice::from_ref(&path));
        let mut log = Log::open(&path).unwrap().unwrap();
        let content = log.read(&seal()).unwrap();
        assert_eq!(content.head, Some(Head::default()));
        assert_eq!(
            content.records,
            [(1, record(1)), (2, record(2)), (3, record(3))]
        );
        assert_eq!((content.bad.len(), content.torn), (0, 0));
        log.remove().unwrap();
        assert_eq!(all(dir.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn sec20_a_record_belongs_to_its_file() {
        let content = parse(&bytes(2), Some(&seal()), "spill-x.log");
        assert!(content.records.is_empty());
        assert_eq!(content.bad.len(), 3, "and its head");
    }

    proptest! {
        /// Each good record is itself; what was hit is counted as bad or torn.
        #[test]
        fn n4_damage_is_never_shown_as_good(at in 0..4000_usize, bit in 0..8_u8, cut: bool) {
            let dir = tempfile::tempdir().unwrap();
            let mut log = Log::create(dir.path(), 1, Head::default()).unwrap();
            for number in 1..=4 {
                log.append(&seal(), &[record(number)]).unwrap();
            }
            let mut bytes = std::fs::read(log.path()).unwrap();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            let content = parse(&bytes, Some(&seal()), &log.name());
            let whole = [record(1), record(2), record(3), record(4)];
            prop_assert!(content.records.iter().all(|(_, record)| whole.contains(record)));
            if cut {
                prop_assert!(content.bad.is_empty());
            } else {
                let good = content.records.len() + usize::from(content.head.is_some());
                prop_assert_eq!(good, 4, "of five rows");
                prop_assert!(content.bad.len() == 1 || content.torn > 0);
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            parse(&bytes, Some(&seal()), "spill-x.log");
            parse(&bytes, None, "spill-x.log");
        }
    }
}
