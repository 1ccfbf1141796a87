//! The file that carries notes to another machine: sealed pieces, or lines of
//! JSON on request. Both end with a count, so that a file cut short is never
//! taken for a whole one.
//!
//! Sealed: `madoguchi notes sealed 1`, a line feed, the length of the keys (4
//! bytes, little endian), the keys (as in a store's `keys`), then pieces, each
//! behind its length (4 bytes). A piece is bound to its number and to whether
//! it is the last; inside are the lines of the plain form.
//!
//! Plain: a line that says what it is, a note a line, and a last line with
//! their number and the SHA-256 of all before.

mod read;

pub use read::{Bad, Head, Notes};

use crate::domain::note::Note;
use crate::store::frame::Hash;
use crate::store::keys::{KeySource, apart};
use crate::store::record::StoreError;
use crate::store::seal::{Kind, Seal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write};
use zeroize::Zeroizing;

const SEALED: &[u8] = b"madoguchi notes sealed 1\n";
const TABLE: &str = "notes-export";
/// A piece is sealed when it holds so much.
const PIECE: usize = 256 * 1024;

/// First and last line of the plain form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    madoguchi: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    notes: u64,
    sha256: String,
}

/// Writes notes one after the other.
pub struct Writer<W: Write> {
    out: W,
    seal: Option<Seal>,
    piece: Zeroizing<Vec<u8>>,
    number: u64,
    notes: u64,
    sum: Sha256,
}

impl<W: Write> Writer<W> {
    /// Sealed under `source`, or plain.
    pub fn new(mut out: W, source: Option<&KeySource>) -> Result<Self, Trouble> {
        let mut seal = None;
        if let Some(source) = source {
            let (with, keys) = apart(source)?;
            out.write_all(SEALED)?;
            out.write_all(&u32::try_from(keys.len()).unwrap_or(u32::MAX).to_le_bytes())?;
            out.write_all(&keys)?;
            seal = Some(with);
        }
        let mut writer = Self {
            out,
            seal,
            piece: Zeroizing::default(),
            number: 0,
            notes: 0,
            sum: Sha256::new(),
        };
        writer.line(&Begin {
            madoguchi: "notes".to_owned(),
            version: 1,
        })?;
        Ok(writer)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), Trouble> {
        let from = self.piece.len();
        serde_json::to_writer(&mut *self.piece, value).map_err(io::Error::from)?;
        self.piece.push(b'\n');
        self.sum.update(self.piece.get(from..).unwrap_or_default());
        if self.piece.len() >= PIECE {
            self.flush(false)?;
        }
        Ok(())
    }

    fn flush(&mut self, last: bool) -> Result<(), Trouble> {
        if let Some(seal) = &self.seal {
            let sealed = seal
                .seal(Kind::Row(TABLE, &row(self.number, last)), &self.piece)
                .map_err(|_| io::Error::other("封ができません"))?;
            let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
            self.out.write_all(&length.to_le_bytes())?;
            self.out.write_all(&sealed)?;
            self.number += 1;
        } else {
            self.out.write_all(&self.piece)?;
        }
        self.piece.clear();
        Ok(())
    }

    /// One note.
    pub fn note(&mut self, note: &Note) -> Result<(), Trouble> {
        self.notes += 1;
        self.line(note)
    }

    /// The end; the file is whole only now. How many notes it holds.
    pub fn finish(mut self) -> Result<(W, u64), Trouble> {
        let end = End {
            notes: self.notes,
            sha256: hex(&self.sum.clone().finalize().into()),
        };
        self.line(&end)?;
        self.flush(true)?;
        self.out.flush()?;
        Ok((self.out, self.notes))
    }
}

/// What went wrong while writing.
#[derive(Debug)]
pub enum Trouble {
    /// The file.
    Io(io::Error),
    /// The key.
    Key(StoreError),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Key(error)
    }
}

fn row(number: u64, last: bool) -> Vec<u8> {
    let mut row = number.to_le_bytes().to_vec();
    row.push(u8::from(last));
    row
}

fn hex(sum: &Hash) -> String {
    sum.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::{NoteContent, NoteId};
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn note(number: u32) -> Note {
        let mut content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
        content.name = format!("試験 {number}");
        let id = NoteId(format!("20261120-{number:04}"));
        Note::take(
            id,
            "窓口".to_owned(),
            "003",
            Timestamp::UNIX_EPOCH,
            true,
            content,
        )
    }

    fn key(byte: u8) -> KeySource {
        KeySource::Held(Zeroizing::new([byte; 32]))
    }

    fn read(bytes: &[u8], source: Option<&KeySource>) -> Result<Vec<Note>, Bad> {
        // In small parts, as from a pipe.
        let head = Head::read(std::io::BufReader::with_capacity(7, bytes))?;
        assert_eq!(head.is_sealed(), bytes.starts_with(SEALED));
        let seal = head.unlock(source)?;
        head.notes(seal).collect()
    }

    fn file(count: u32, source: Option<&KeySource>) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), source).unwrap();
        for number in 1..=count {
            writer.note(&note(number)).unwrap();
        }
        writer.finish().unwrap().0
    }

    #[test]
    fn what_is_written_is_read() {
        for count in [0, 1, 3, 2000] {
            let all: Vec<Note> = (1..=count).map(note).collect();
            assert_eq!(read(&file(count, None), None).unwrap(), all);
            let sealed = file(count, Some(&key(1)));
            assert_eq!(read(&sealed, Some(&key(1))).unwrap(), all);
            assert!(read(&sealed, Some(&key(2))).is_err());
            assert!(read(&sealed, None).is_err());
            let name = "試験".as_bytes();
            assert!(!sealed.windows(name.len()).any(|part| part == name));
        }
    }

    #[test]
    fn a_passphrase_opens_it_elsewhere() {
        let words =
            |text: &str| KeySource::Passphrase(crate::domain::secret::Secret::new(text.to_owned()));
        let sealed = file(2, Some(&words("あいことば")));
        assert_eq!(read(&sealed, Some(&words("あいことば"))).unwrap().len(), 2);
        assert!(read(&sealed, Some(&words("ちがうことば"))).is_err());
    }

    #[test]
    fn a_damaged_line_is_named_without_its_content() {
        let plain = String::from_utf8(file(3, None)).unwrap();
        let bad = plain.replacen("\"revision\":1", "\"revision\":\"試験\"", 1);
        let Bad(why) = read(bad.as_bytes(), None).unwrap_err();
        assert!(why.starts_with("2 行目") && !why.contains("試験"), "{why}");
    }

    #[test]
    fn where_a_sealed_file_is_cut_is_said() {
        let whole = file(3, Some(&key(1)));
        let keys = SEALED.len() + 4;
        let length = whole[SEALED.len()..keys].try_into().unwrap();
        let pieces = keys + u32::from_le_bytes(length) as usize;
        for (at, what) in [
            (SEALED.len(), "鍵の部分"),
            (SEALED.len() + 3, "鍵の部分"),
            (100, "鍵の部分"),
            (pieces, "1 番目の部分"),
            (pieces + 2, "1 番目の部分"),
            (whole.len() - 1, "1 番目の部分"),
        ] {
            let Bad(why) = read(&whole[..at], Some(&key(1))).unwrap_err();
            assert_eq!(
                why,
                format!("{what}のところで、途中で切れています。"),
                "{at}"
            );
        }
    }

    #[test]
    fn nothing_may_stand_behind_the_end() {
        for source in [None, Some(key(1))] {
            for more in [&b"\n"[..], b"\0\0\0", &[0; 4], &[1; 40]] {
                let bytes = [&file(3, source.as_ref()), more].concat();
                let Bad(why) = read(&bytes, source.as_ref()).unwrap_err();
                assert!(why.contains("余分"), "{why}");
            }
        }
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut bytes = file(0, None);
        bytes.truncate(bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1);
        bytes.resize(40 << 20, b'1');
        let Bad(why) = read(&bytes, None).unwrap_err();
        assert_eq!(why, "2 行目: 長すぎます。");
    }

    proptest! {
        #[test]
        fn n4_no_damage_is_taken_for_a_whole_file(at: usize, bit in 0..8_u8, cut: bool, sealed: bool) {
            let source = sealed.then(|| key(1));
            let mut bytes = file(3, source.as_ref());
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            prop_assert!(read(&bytes, source.as_ref()).is_err());
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, sealed: bool) {
            let all = if sealed { [SEALED, &bytes].concat() } else { bytes };
            prop_assert!(read(&all, Some(&key(1))).is_err());
        }
    }
}
