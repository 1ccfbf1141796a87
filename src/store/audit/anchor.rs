//! Anchors: the head of the chain as it was at the end of each day and of each
//! run, kept in a small file beside the store, so that a cut-off end is found
//! (SEC-30). A copy on another disk or on paper holds against whoever can
//! write here, too.
//!
//! One line each: moment, number, segment, where the record begins, hash.

use crate::domain::time::jst;
use crate::store::files;
use crate::store::frame::{HEADER, Hash, Header};
use crate::store::walk::Cursor;
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Longest file that is read: some forty years.
const LONGEST: u64 = 4 << 20;

/// Fewest hexadecimal digits of a hash that prove anything.
const FEWEST: usize = 16;

/// The head of the chain at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// When it was noted down; `None` if that is not known.
    pub at: Option<Timestamp>,
    /// Number of the last record then.
    pub seq: u64,
    /// Where that record begins: segment and bytes from its beginning.
    pub place: Option<(String, u64)>,
    /// The chain's head, or its first digits, in hexadecimal.
    pub head: String,
}

impl Anchor {
    /// Whether the chain's head after this record is the one noted down.
    pub fn is_of(&self, head: &Hash) -> bool {
        self.head.len() >= FEWEST && hex(head).starts_with(&self.head)
    }

    /// As people note it down: `1234:0f1e-2d3c-…`, at least sixteen digits of
    /// the hash.
    pub fn typed(text: &str) -> Option<Self> {
        let (seq, head) = text.trim().split_once(':')?;
        let head: String = head
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let digits = head.bytes().all(|b| b.is_ascii_hexdigit());
        (digits && (FEWEST..=64).contains(&head.len())).then_some(())?;
        Some(Self {
            at: None,
            seq: seq.trim().parse().ok().filter(|seq| *seq > 0)?,
            place: None,
            head,
        })
    }

    fn line(&self) -> String {
        let (segment, start) = self.place.clone().unwrap_or_default();
        let at = self.at.unwrap_or(Timestamp::UNIX_EPOCH);
        format!("{at} {} {segment} {start} {}\n", self.seq, self.head)
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let at = words.next()?.parse().ok()?;
        let (seq, segment) = (words.next()?.parse().ok()?, words.next()?);
        let (start, head) = (words.next()?.parse().ok()?, words.next()?);
        let whole = head.len() == 64 && head.bytes().all(|b| b.is_ascii_hexdigit());
        (whole && words.next().is_none()).then(|| Self {
            at: Some(at),
            seq,
            place: Some((segment.to_owned(), start)),
            head: head.to_owned(),
        })
    }
}

/// A hash for people: four digits at a time.
pub fn grouped(hash: &Hash) -> String {
    let mut out = String::new();
    for (i, digit) in hex(hash).chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

/// A hash in hexadecimal.
pub fn hex(hash: &Hash) -> String {
    hash.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The file of the store in `dir`: its sibling, named after it.
pub fn path(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push(".anchors");
    dir.with_file_name(name)
}

/// The anchors in `file`, and how many lines could not be read; `None` if
/// there is no such file.
pub fn load(file: &Path) -> io::Result<Option<(Vec<Anchor>, usize)>> {
    let bytes = match files::read_small(file, LONGEST) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<Option<Anchor>> = text.lines().map(Anchor::read).collect();
    let bad = lines.iter().filter(|line| line.is_none()).count();
    Ok(Some((lines.into_iter().flatten().collect(), bad)))
}

/// Whether the record of `anchor` still lies where it lay: the cheap look of
/// the morning check.
pub fn stands(dir: &Path, anchor: &Anchor) -> io::Result<bool> {
    let Some((segment, start)) = &anchor.place else {
        return Ok(false);
    };
    let path = dir.join("journal").join(segment);
    let file = match files::private().read(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let mut head = [0; HEADER];
    match file.read_exact_at(&mut head, *start) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
        read => read?,
    }
    Ok(Header::read(&head).is_some_and(|h| h.seq == anchor.seq && anchor.is_of(&h.link())))
}

/// Notes down the head at the end of each day and of each run.
#[derive(Debug)]
pub struct Keeper {
    file: PathBuf,
    day: Option<Date>,
    /// Moment of the newest record that was announced.
    newest: Option<Timestamp>,
    last: u64,
}

impl Keeper {
    /// For the store in `dir`.
    pub fn new(dir: &Path) -> Self {
        Self {
            file: path(dir),
            day: None,
            newest: None,
            last: 0,
        }
    }

    /// A record of this moment is about to follow `head`. The first one of a
    /// day, or of a run, puts what was there before on record.
    pub fn before(&mut self, at: Timestamp, head: &Cursor) -> io::Result<()> {
        let day = Some(jst(at).date());
        self.newest = Some(at);
        if self.day == day {
            return Ok(());
        }
        self.day = day;
        self.put(at, head)
    }

    /// The run ends with `head`.
    pub fn end(&mut self, head: &Cursor) -> io::Result<()> {
        match self.newest {
            Some(at) => self.put(at, head),
            None => Ok(()),
        }
    }

    /// Puts `head` on record, durably, if it is not there yet.
    fn put(&mut self, at: Timestamp, head: &Cursor) -> io::Result<()> {
        if head.seq == 0 || head.seq == self.last {
            return Ok(());
        }
        let anchor = Anchor {
            at: Some(at),
            seq: head.seq,
            place: Some((head.segment.clone(), head.start)),
            head: hex(&head.head),
        };
        let mut file = files::private()
            .append(true)
            .create(true)
            .open(&self.file)?;
        file.write_all(anchor.line().as_bytes())?;
        file.sync_data()?;
        self.last = head.seq;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_down_on_paper_is_read_again() {
        let hash = [0xAB; 32];
        let typed = Anchor::typed(&format!("12: {}", grouped(&hash).to_uppercase())).unwrap();
        assert!(typed.is_of(&hash) && typed.seq == 12);
        let short = Anchor::typed("12:abab-abab-abab-abab").unwrap();
        assert!(short.is_of(&hash) && !short.is_of(&[0xAC; 32]));
        for bad in [
            "",
            "12",
            "12:abab",
            "0:abababababababab",
            "x:abababababababab",
            "1:zz",
        ] {
            assert_eq!(Anchor::typed(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_a_run_and_an_end_leave_a_line_each() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("store");
        let head = |seq| Cursor {
            segment: "2026-11.log".to_owned(),
            start: seq * 10,
            end: seq * 10 + 5,
            seq,
            head: [7; 32],
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut keeper = Keeper::new(&store);
        keeper.before(at("2026-11-20T00:00:00Z"), &head(0)).unwrap();
        assert_eq!(load(&path(&store)).unwrap(), None);
        keeper.before(at("2026-11-20T14:59:59Z"), &head(3)).unwrap();
        keeper.before(at("2026-11-20T15:00:00Z"), &head(4)).unwrap();
        keeper.before(at("2026-11-20T16:00:00Z"), &head(8)).unwrap();
        keeper.end(&head(9)).unwrap();
        keeper.end(&head(9)).unwrap();
        let (lines, bad) = load(&path(&store)).unwrap().unwrap();
        assert_eq!(lines.iter().map(|a| a.seq).collect::<Vec<_>>(), [4, 9]);
        assert_eq!(bad, 0);
        std::fs::write(path(&store), "half a li").unwrap();
        assert_eq!(load(&path(&store)).unwrap(), Some((Vec::new(), 1)));
    }
}
