//! Sealed rows one behind the other in a file that only grows, each bound to
//! the file and to its number, and chained to the one before.
//!
//! A row is `F6 53 51 0A | number (8) | length (4) | SHA-256 of the row before
//! (32) | CRC-32 of all before and behind it (4) | sealed content`, numbers
//! little endian. Checksum and chain need no key.

use crate::store::frame::{Hash, hash};
use crate::store::seal::{Kind, Seal};
use std::fs::File;
use std::io::{self, Write};
use zeroize::Zeroizing;

const MAGIC: [u8; 4] = [0xF6, b'S', b'Q', b'\n'];
const HEAD: usize = 52;

/// What the rows of a file are bound to.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// What kind of file it is.
    pub table: &'a str,
    /// The file's name.
    pub name: &'a str,
}

/// The end of a file of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Bytes.
    pub length: u64,
    /// Number of the next row.
    pub next: u64,
    /// Hash of the last row.
    pub last: Hash,
}

/// A good row.
pub struct Row {
    /// Its number.
    pub number: u64,
    /// Where it begins.
    pub at: usize,
    /// Bytes.
    pub length: usize,
    /// Of the row as it lies there.
    pub hash: Hash,
    /// What was sealed; nothing without a key.
    pub content: Zeroizing<Vec<u8>>,
}

/// What a file of rows holds.
#[derive(Default)]
pub struct Rows {
    /// Its good rows, as they lie there.
    pub good: Vec<Row>,
    /// Places that hold none, or not the one that was written there: from
    /// which byte, and how many, never none.
    pub bad: Vec<(usize, usize)>,
    /// Bytes behind the last row.
    pub torn: usize,
}

/// Writes rows behind `end` and waits until they are on disk: all or none.
/// Where it ends then.
pub fn append(
    file: &mut File,
    seal: &Seal,
    of: Of,
    end: End,
    contents: &[Zeroizing<Vec<u8>>],
) -> io::Result<End> {
    let mut bytes = Vec::new();
    let mut new = end;
    for content in contents {
        let row = bound(of.name, new.next);
        let sealed = (seal.seal(Kind::Row(of.table, &row), content))
            .map_err(|_| io::Error::other("封ができません"))?;
        let frame = frame(new.next, &new.last, &sealed);
        new = End {
            length: new.length + frame.len() as u64,
            next: new.next + 1,
            last: hash(&frame),
        };
        bytes.extend_from_slice(&frame);
    }
    let written = file.write_all(&bytes).and_then(|()| file.sync_data());
    if let Err(error) = written {
        // What is not acknowledged must not turn up later.
        cut(file, end)?;
        return Err(error);
    }
    Ok(new)
}

/// Takes back what was written behind `end`.
pub fn cut(file: &File, end: End) -> io::Result<()> {
    file.set_len(end.length)?;
    file.sync_data()
}

/// The rows in `bytes`; opened if there is a seal.
pub fn parse(bytes: &[u8], seal: Option<&Seal>, of: Of, first_number: u64) -> Rows {
    let mut found = Rows::default();
    let (mut at, mut begin) = (0, 0);
    let mut expected = first_number;
    let mut before: Option<Hash> = None;
    while let Some(rest) = bytes.get(at..)
        && !rest.is_empty()
    {
        let Some(frame) = first(rest) else {
            at += rest
                .iter()
                .skip(1)
                .position(|byte| *byte == MAGIC[0])
                .map_or(rest.len(), |skipped| skipped + 1);
            continue;
        };
        let (number, length) = (frame.number, frame.whole.len());
        let apart = begin < at || number != expected;
        if begin < at {
            found.bad.push((begin, at - begin));
        } else if apart {
            // Itself it is good, and not what was written at this place.
            found.bad.push((at, length));
        }
        let row = bound(of.name, number);
        let opened = seal.map_or_else(
            || Ok(Zeroizing::default()),
            |seal| seal.open(Kind::Row(of.table, &row), frame.sealed),
        );
        let follows = apart || before.is_none_or(|before| before == frame.before);
        let hash = hash(frame.whole);
        match opened.ok().filter(|_| follows) {
            Some(content) => found.good.push(Row {
                number,
                at,
                length,
                hash,
                content,
            }),
            None if found.bad.last() == Some(&(at, length)) => {}
            None => found.bad.push((at, length)),
        }
        expected = number.wrapping_add(1);
        before = Some(hash);
        at += length;
        begin = at;
    }
    found.torn = bytes.len() - begin;
    found
}

fn bound(name: &str, number: u64) -> Vec<u8> {
    let mut row = name.as_bytes().to_vec();
    row.push(0);
    row.extend_from_slice(&number.to_le_bytes());
    row
}

fn frame(number: u64, before: &Hash, sealed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + sealed.len());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&number.to_le_bytes());
    let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(before);
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

struct Frame<'a> {
    number: u64,
    before: Hash,
    sealed: &'a [u8],
    whole: &'a [u8],
}

/// The row that begins `bytes`.
fn first(bytes: &[u8]) -> Option<Frame<'_>> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (covered, checksum) = head.split_at_checked(HEAD - 4)?;
    let number = u64::from_le_bytes(*covered.get(4..)?.first_chunk()?);
    let length = u32::from_le_bytes(*covered.get(12..)?.first_chunk()?) as usize;
    let sealed = rest.get(..length)?;
    let right = covered.starts_with(&MAGIC)
        && u32::from_le_bytes(*checksum.first_chunk()?) == sum(covered, sealed);
    right.then_some(Frame {
        number,
        before: *covered.get(16..)?.first_chunk()?,
        sealed,
        whole: bytes.get(..HEAD + length)?,
    })
}
