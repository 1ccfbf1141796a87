//! The anchors' file as it is read: one line each, which carries the hash of
//! the line before and a mark made with the store's key. The
//! journal tells of the file ([`Noted`]), so that a missing or shortened one
//! is found by what was written later.
//!
//! A line: moment, record, segment, where it begins, the chain's head, the
//! hash of the line before, the mark.

use super::{Anchor, hex};
use crate::store::audit::{What, Wrong};
use crate::store::files;
use crate::store::frame::{Hash, hash};
use crate::store::seal::Seal;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Longest file that is read: some forty years.
const LONGEST: u64 = 16 << 20;

/// What the key's marks on the lines are called.
const MARK: &str = "anchor";

/// What a journal record says of the file as it was at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Noted {
    /// Lines.
    pub lines: u64,
    /// Hash of the last one, in hexadecimal.
    pub last: String,
}

/// A line that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bad {
    /// Its number, from 1.
    line: u64,
    /// Where it begins.
    offset: u64,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Its name, for findings.
    name: String,
    /// What its good lines hold.
    pub anchors: Vec<Anchor>,
    /// Hashes of all lines.
    hashes: Vec<Hash>,
    bad: Vec<Bad>,
    /// Bytes of whole lines; what follows was torn off while it was written.
    pub(super) whole: u64,
}

impl Kept {
    /// The file, whose marks are checked if there is a key; `None` if there is
    /// no such file.
    pub fn load(file: &Path, seal: Option<&Seal>) -> io::Result<Option<Self>> {
        let bytes = match files::read_small(file, LONGEST) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes?,
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mut kept = Self {
            name: crate::text::clean::clean(&name),
            ..Self::default()
        };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(line) = line.strip_suffix(b"\n") else {
                break;
            };
            kept.take(line, seal);
        }
        Ok(Some(kept))
    }

    fn take(&mut self, line: &[u8], seal: Option<&Seal>) {
        let number = self.hashes.len() as u64 + 1;
        let offset = self.whole;
        let read = std::str::from_utf8(line).ok().and_then(Line::read);
        let right = read.filter(|read| {
            let follows = read.before == self.last();
            // A line behind a bad one follows something else by right.
            let after_bad = self.bad.last().is_some_and(|bad| bad.line + 1 == number);
            let marked = seal.is_none_or(|seal| read.mark == hex(&seal.mark(MARK, &read.text)));
            marked && (follows || after_bad)
        });
        match right {
            Some(read) => self.anchors.push(read.anchor),
            None => self.bad.push(Bad {
                line: number,
                offset,
            }),
        }
        self.hashes.push(hash(line));
        self.whole += line.len() as u64 + 1;
    }

    fn last(&self) -> String {
        self.hashes.last().map(hex).unwrap_or_default()
    }

    /// What the journal is to say of the file.
    pub fn noted(&self) -> Noted {
        Noted {
            lines: self.hashes.len() as u64,
            last: self.last(),
        }
    }

    /// How many lines are not what was written.
    pub fn bad(&self) -> usize {
        self.bad.len()
    }

    /// The text of the line that follows, and the file with it.
    pub(in crate::store::audit) fn next(&self, anchor: &Anchor, seal: &Seal) -> (String, Self) {
        let line = Line::text(anchor, &self.last());
        let line = format!("{line} {}", hex(&seal.mark(MARK, &line)));
        let mut with = self.clone();
        with.anchors = vec![anchor.clone()];
        with.hashes.push(hash(line.as_bytes()));
        with.whole += line.len() as u64 + 1;
        (line + "\n", with)
    }

    /// What is wrong with the file itself, and with what the journal said of
    /// it in the records `told`.
    pub fn wrong(&self, told: &[(u64, Noted)]) -> Vec<Wrong> {
        let place = |offset, what| Wrong {
            segment: self.name.clone(),
            offset,
            seq: 0,
            what,
            notes: Vec::new(),
        };
        let bad = |bad: &Bad| place(bad.offset, What::AnchorLine { line: bad.line });
        let mut wrong: Vec<Wrong> = self.bad.iter().map(bad).collect();
        let lines = self.hashes.len() as u64;
        if let Some((seq, noted)) = told.iter().max_by_key(|(_, noted)| noted.lines)
            && noted.lines > lines
        {
            let what = What::AnchorsCut {
                told: noted.lines,
                left: lines,
            };
            wrong.push(Wrong {
                seq: *seq,
                ..place(self.whole, what)
            });
        }
        for (seq, noted) in told {
            let line = noted.lines;
            let at = usize::try_from(line).ok().and_then(|n| n.checked_sub(1));
            let there = at.and_then(|at| self.hashes.get(at));
            let named = |wrong: &Wrong| wrong.what == What::AnchorLine { line };
            if there.is_some_and(|hash| hex(hash) != noted.last) && !wrong.iter().any(named) {
                wrong.push(Wrong {
                    seq: *seq,
                    ..place(0, What::AnchorLine { line })
                });
            }
        }
        wrong
    }
}

/// One line, taken apart.
struct Line {
    anchor: Anchor,
    before: String,
    mark: String,
    /// All in front of the mark.
    text: String,
}

impl Line {
    fn text(anchor: &Anchor, before: &str) -> String {
        let (segment, start) = anchor.place.clone().unwrap_or(("-".to_owned(), 0));
        let at = anchor.at.unwrap_or_default();
        let (seq, head) = (anchor.seq, &anchor.head);
        let before = if before.is_empty() { "-" } else { before };
        format!("{at} {seq} {segment} {start} {head} {before}")
    }

    fn read(line: &str) -> Option<Self> {
        let (text, mark) = line.rsplit_once(' ')?;
        let mut words = text.split(' ');
        let at = words.next()?.parse().ok()?;
        let (seq, segment) = (words.next()?.parse().ok()?, words.next()?);
        let (start, head) = (words.next()?.parse().ok()?, words.next()?);
        let before = words.next()?;
        let whole = head.len() == 64 && head.bytes().all(|b| b.is_ascii_hexdigit());
        (whole && words.next().is_none()).then(|| Self {
            anchor: Anchor {
                at: Some(at),
                seq,
                place: (segment != "-").then(|| (segment.to_owned(), start)),
                head: head.to_owned(),
            },
            before: if before == "-" { "" } else { before }.to_owned(),
            mark: mark.to_owned(),
            text: text.to_owned(),
        })
    }
}
