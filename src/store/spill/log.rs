//! One file of a spill: sealed records one behind the other, each fsynced
//! before anybody hears of it.
//!
//! A record is `F6 53 50 0A | number (8) | length (4) | CRC-32 of all before
//! and behind it (4) | sealed content`, numbers little endian, from 1. It is
//! bound to the file's name and to its number.

use crate::store::files;
use crate::store::record::Record;
use crate::store::seal::{Kind, Seal, random};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: [u8; 4] = [0xF6, b'S', b'P', b'\n'];
const HEAD: usize = 20;
/// More than this is not read: weeks of a desk without its ledger.
const LIMIT: u64 = 256 << 20;
const START: &str = "spill-";
const END: &str = ".log";

/// A file of a spill, held by this process alone.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    length: u64,
    next: u64,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Its good records, in order.
    pub records: Vec<Record>,
    /// Places that hold none: from which byte, and how many.
    pub bad: Vec<(usize, usize)>,
    /// Bytes behind the last record: an unfinished one, as a rule.
    pub torn: usize,
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
    pub fn create(folder: &Path, stamp: i64) -> io::Result<Self> {
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
            length: 0,
            next: 1,
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
            length: file.metadata()?.len(),
            file,
            next: 0,
        }))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nothing has been acknowledged from it.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn name(&self) -> String {
        name(&self.path)
    }

    /// Writes records and waits until they are on disk: all or none. After an
    /// error the file is to be left alone.
    pub fn append(&mut self, seal: &Seal, records: &[Record]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (record, number) in records.iter().zip(self.next..) {
            let content = zeroize::Zeroizing::new(serde_json::to_vec(record)?);
            let row = row(&self.name(), number);
            let sealed = (seal.seal(Kind::Row("spill", &row), &content))
                .map_err(|_| io::Error::other("封ができません"))?;
            bytes.extend_from_slice(&frame(number, &sealed));
        }
        let written = (self.file.write_all(&bytes)).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What is not acknowledged must not turn up later.
            self.file.set_len(self.length)?;
            self.file.sync_data()?;
            return Err(error);
        }
        self.length += bytes.len() as u64;
        self.next += records.len() as u64;
        Ok(())
    }

    /// All that can be read of it.
    pub fn read(&mut self, seal: &Seal) -> io::Result<Content> {
        peek(&self.path, seal)
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

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// All that can be read of a file, whoever holds it.
pub fn peek(path: &Path, seal: &Seal) -> io::Result<Content> {
    let bytes = files::read_small(path, LIMIT)?;
    Ok(parse(&bytes, seal, &name(path)))
}

fn row(name: &str, number: u64) -> Vec<u8> {
    let mut row = name.as_bytes().to_vec();
    row.push(0);
    row.extend_from_slice(&number.to_le_bytes());
    row
}

fn frame(number: u64, sealed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + sealed.len());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(
        &u32::try_from(sealed.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    let sum = sum(&out, sealed);
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend_from_slice(sealed);
    out
}

fn sum(head: &[u8], sealed: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(head);
    sum.update(sealed);
    sum.finalize()
}

/// The record that begins `bytes`: its number, its sealed content, and its
/// whole length.
fn first(bytes: &[u8]) -> Option<(u64, &[u8], usize)> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (covered, checksum) = head.split_at_checked(HEAD - 4)?;
    let number = u64::from_le_bytes(*covered.get(4..)?.first_chunk()?);
    let length = u32::from_le_bytes(*covered.get(12..)?.first_chunk()?) as usize;
    let sealed = rest.get(..length)?;
    let right = covered.starts_with(&MAGIC)
        && u32::from_le_bytes(*checksum.first_chunk()?) == sum(covered, sealed);
    right.then_some((number, sealed, HEAD + length))
}

fn parse(bytes: &[u8], seal: &Seal, name: &str) -> Content {
    let mut content = Content::default();
    let mut at = 0;
    let mut begin = 0;
    let mut expected = 1;
    while let Some(rest) = bytes.get(at..)
        && !rest.is_empty()
    {
        let Some((number, sealed, length)) = first(rest) else {
            at += rest
                .iter()
                .skip(1)
                .position(|byte| *byte == MAGIC[0])
                .map_or(rest.len(), |skipped| skipped + 1);
            continue;
        };
        if begin < at || number != expected {
            content.bad.push((begin, at - begin));
        }
        expected = number.wrapping_add(1);
        let opened = seal.open(Kind::Row("spill", &row(name, number)), sealed);
        match opened
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
        {
            Some(record) => content.records.push(record),
            None => content.bad.push((at, length)),
        }
        at += length;
        begin = at;
    }
    content.torn = bytes.len() - begin;
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
        let mut log = Log::create(dir.path(), 1).unwrap();
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
        let mut log = Log::create(dir.path(), 1).unwrap();
        log.append(&seal(), &[record(1), record(2)]).unwrap();
        log.append(&seal(), &[record(3)]).unwrap();
        let path = log.path().to_owned();
        assert!(Log::open(&path).unwrap().is_none(), "held by another");
        drop(log);
        assert_eq!(all(dir.path()).unwrap(), std::slice::from_ref(&path));
        let mut log = Log::open(&path).unwrap().unwrap();
        let content = log.read(&seal()).unwrap();
        assert_eq!(content.records, [record(1), record(2), record(3)]);
        assert_eq!((content.bad.len(), content.torn), (0, 0));
        log.remove().unwrap();
        assert_eq!(all(dir.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn sec20_a_record_belongs_to_its_file() {
        let content = parse(&bytes(2), &seal(), "spill-x.log");
        assert!(content.records.is_empty());
        assert_eq!(content.bad.len(), 2);
    }

    proptest! {
        /// Each good record is itself; what was hit is counted as bad or torn.
        #[test]
        fn n4_damage_is_never_shown_as_good(at in 0..2000_usize, bit in 0..8_u8, cut: bool) {
            let dir = tempfile::tempdir().unwrap();
            let mut log = Log::create(dir.path(), 1).unwrap();
            for number in 1..=4 {
                log.append(&seal(), &[record(number)]).unwrap();
            }
            let mut bytes = std::fs::read(log.path()).unwrap();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            let content = parse(&bytes, &seal(), &log.name());
            let whole = [record(1), record(2), record(3), record(4)];
            prop_assert!(content.records.iter().all(|record| whole.contains(record)));
            if cut {
                prop_assert!(content.bad.is_empty());
            } else {
                prop_assert_eq!(content.records.len(), 3);
                prop_assert!(content.bad.len() == 1 || content.torn > 0);
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            parse(&bytes, &seal(), "spill-x.log");
        }
    }
}
