//! Anchors: the head of the chain as it was at the end of each day and of each
//! run, kept in a small file beside the store, so that a cut-off end is found
//! (SEC-30). A copy on another disk or on paper holds against whoever can
//! write here, too.
//!
//! The file itself is [`kept`]; [`keeper`] writes it.

pub mod keeper;
pub mod kept;

use crate::store::files;
use crate::store::frame::{HEADER, Hash, Header};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

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

/// Whether the record of `anchor` still lies where it lay, as a whole: the
/// cheap look of the morning check.
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
    let ours = |head: &Header| head.seq == anchor.seq && anchor.is_of(&head.link());
    let Some(head) = Header::read(&head).filter(ours) else {
        return Ok(false);
    };
    if file.metadata()?.len() < start.saturating_add(head.size()) {
        return Ok(false);
    }
    let mut payload = vec![0; head.length as usize];
    file.read_exact_at(&mut payload, start + HEADER as u64)?;
    Ok(head.fits(&payload))
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
}
