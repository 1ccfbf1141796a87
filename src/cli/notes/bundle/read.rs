//! Reading such a file a note at a time: however many there are, one piece and
//! one note are in memory.

use super::{Begin, End, SEALED, TABLE, hex, row};
use crate::domain::note::Note;
use crate::link::reason;
use crate::store::keys::{KeySource, open_apart};
use crate::store::seal::{Kind, Seal};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read};
use zeroize::Zeroizing;

/// Bytes of a line or a piece: several times the longest note.
const LONGEST: u64 = 16 << 20;

/// Why a file cannot be taken in: which line or piece, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Bad(pub String);

fn unread(error: &io::Error) -> Bad {
    Bad(format!("読めません（{}）。", reason(error)))
}

/// A file of which only the head is read.
pub struct Head<R> {
    input: io::Chain<io::Cursor<Vec<u8>>, R>,
    keys: Option<Vec<u8>>,
}

impl<R: BufRead> Head<R> {
    /// Reads the head.
    pub fn read(mut input: R) -> Result<Self, Bad> {
        let mut start = Vec::new();
        (&mut input)
            .take(SEALED.len() as u64)
            .read_to_end(&mut start)
            .map_err(|error| unread(&error))?;
        let mut keys = None;
        if start == SEALED {
            start.clear();
            keys = Some(chunk(&mut input, "鍵の部分")?);
        }
        let input = io::Cursor::new(start).chain(input);
        Ok(Self { input, keys })
    }

    /// A key has to be asked for.
    pub fn is_sealed(&self) -> bool {
        self.keys.is_some()
    }

    /// What opens a sealed file; nothing for a plain one.
    pub fn unlock(&self, source: Option<&KeySource>) -> Result<Option<Seal>, Bad> {
        let Some(keys) = &self.keys else {
            return Ok(None);
        };
        let source = source.ok_or_else(|| Bad("封をしたファイルです。".to_owned()))?;
        let seal = open_apart(keys, source).map_err(|error| Bad(error.to_string()))?;
        seal.map(Some)
            .ok_or_else(|| Bad("合言葉か鍵が違うか、鍵の部分が壊れています。".to_owned()))
    }

    /// The notes behind the head; `seal` is what [`Head::unlock`] gave.
    pub fn notes(self, seal: Option<Seal>) -> Notes<R> {
        Notes {
            input: self.input,
            seal,
            piece: Zeroizing::default(),
            at: 0,
            pieces: 0,
            last: false,
            lines: 0,
            count: 0,
            sum: Sha256::new(),
            ended: false,
        }
    }
}

/// The notes of a file, one after the other, or the first thing that is wrong
/// with it. Only where the end was reached without one is the file whole.
pub struct Notes<R> {
    input: io::Chain<io::Cursor<Vec<u8>>, R>,
    seal: Option<Seal>,
    /// The opened piece of a sealed file, and how far it is read.
    piece: Zeroizing<Vec<u8>>,
    at: usize,
    pieces: u64,
    last: bool,
    lines: u64,
    count: u64,
    sum: Sha256,
    ended: bool,
}

impl<R: BufRead> Iterator for Notes<R> {
    type Item = Result<Note, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.step().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: BufRead> Notes<R> {
    fn step(&mut self) -> Result<Option<Note>, Bad> {
        if self.lines == 0 {
            let line = self.line()?;
            self.begin(&line)?;
            self.sum.update(&line);
        }
        let line = self.line()?;
        let whole = line.strip_suffix(b"\n").unwrap_or(&line);
        if let Ok(end) = serde_json::from_slice::<End>(whole) {
            self.end(&end)?;
            return Ok(None);
        }
        // Serde's own words could repeat what stands in the line.
        let note = serde_json::from_slice(whole).map_err(|error| {
            self.bad(&format!(
                "控えとして読めません（{} 文字目）。",
                error.column()
            ))
        })?;
        self.sum.update(&line);
        self.count += 1;
        Ok(Some(note))
    }

    fn begin(&self, line: &[u8]) -> Result<(), Bad> {
        match serde_json::from_slice::<Begin>(line) {
            Ok(begin) if begin.madoguchi == "notes" && begin.version == 1 => Ok(()),
            Ok(begin) if begin.madoguchi == "notes" => {
                Err(self.bad("新しい版で書き出したファイルです。"))
            }
            _ => Err(self.bad("madoguchi notes export のファイルではありません。")),
        }
    }

    fn end(&mut self, end: &End) -> Result<(), Bad> {
        if end.notes != self.count || end.sha256 != hex(&self.sum.clone().finalize().into()) {
            return Err(
                self.bad("控えの数か検査の値が合いません。書きかえられたか、壊れています。")
            );
        }
        if self.read_line()?.is_empty() {
            return Ok(());
        }
        Err(Bad("終わりのあとに余分なものがあります。".to_owned()))
    }

    fn bad(&self, why: &str) -> Bad {
        let word = if self.seal.is_some() { "記録" } else { "行" };
        Bad(format!("{} {word}目: {why}", self.lines))
    }

    /// The next whole line, with its line feed.
    fn line(&mut self) -> Result<Zeroizing<Vec<u8>>, Bad> {
        let line = self.read_line()?;
        if line.is_empty() {
            let why = "途中で終わっています（終わりの行がありません）。";
            return Err(Bad(why.to_owned()));
        }
        self.lines += 1;
        if line.ends_with(b"\n") {
            Ok(line)
        } else if line.len() as u64 >= LONGEST {
            Err(self.bad("長すぎます。"))
        } else {
            Err(self.bad("途中で終わっています。"))
        }
    }

    /// The next line, as far as there is one.
    fn read_line(&mut self) -> Result<Zeroizing<Vec<u8>>, Bad> {
        let mut line = Zeroizing::new(Vec::new());
        let Some(seal) = self.seal.clone() else {
            (&mut self.input)
                .take(LONGEST)
                .read_until(b'\n', &mut line)
                .map_err(|error| unread(&error))?;
            return Ok(line);
        };
        loop {
            let rest = self.piece.get(self.at..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest);
            let part = end.and_then(|end| rest.get(..=end)).unwrap_or(rest);
            line.extend_from_slice(part);
            self.at += part.len();
            if end.is_some() || line.len() as u64 >= LONGEST || !self.pull(&seal)? {
                return Ok(line);
            }
        }
    }

    /// Opens the next piece of a sealed file; false behind the last one.
    fn pull(&mut self, seal: &Seal) -> Result<bool, Bad> {
        if self.last {
            let rest = self.input.fill_buf().map_err(|error| unread(&error))?;
            if rest.is_empty() {
                return Ok(false);
            }
            return Err(Bad("終わりのあとに余分なものがあります。".to_owned()));
        }
        let number = self.pieces;
        let sealed = chunk(&mut self.input, &format!("{} 番目の部分", number + 1))?;
        let open = |last| seal.open(Kind::Row(TABLE, &row(number, last)), &sealed);
        self.piece = if let Ok(piece) = open(false) {
            piece
        } else {
            self.last = true;
            open(true).map_err(|_| Bad(format!("{} 番目の部分が壊れています。", number + 1)))?
        };
        self.at = 0;
        self.pieces += 1;
        Ok(true)
    }
}

/// Bytes behind their length. `what` they are is named where they are not
/// whole.
fn chunk(input: &mut impl Read, what: &str) -> Result<Vec<u8>, Bad> {
    let cut = || Bad(format!("{what}のところで、途中で切れています。"));
    let mut length = Vec::new();
    (input.by_ref().take(4))
        .read_to_end(&mut length)
        .map_err(|error| unread(&error))?;
    let length = <[u8; 4]>::try_from(length).map_err(|_| cut())?;
    let length = u64::from(u32::from_le_bytes(length));
    if length > LONGEST {
        return Err(Bad(format!("{what}が壊れています。")));
    }
    let mut bytes = Vec::new();
    (input.take(length))
        .read_to_end(&mut bytes)
        .map_err(|error| unread(&error))?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(cut())
    }
}
