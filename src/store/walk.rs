//! Reading the journal from front to back: every record that is right, and
//! every place where something is not.

pub use super::flaw::{Finding, Flaw};
use super::frame::{FORMAT, HEADER, Hash, Header, MAGIC, erased};
use super::record::StoreError;
use super::{files, format, trouble};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Read at once.
const CHUNK: u64 = 256 * 1024;

/// The last record read or written, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Its segment's file name; empty before the first record.
    pub segment: String,
    /// Where it begins.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// Its sequence number; 0 before the first record.
    pub seq: u64,
    /// The hash the next record carries.
    pub head: Hash,
}

/// One step of the walk.
#[derive(Debug)]
pub enum Item {
    /// A record whose sealed bytes are the ones that were written.
    Record {
        /// Its head.
        header: Header,
        /// Its sealed bytes.
        payload: Vec<u8>,
        /// It stands where it belongs: its number is higher than all before.
        in_order: bool,
    },
    /// A record whose content is blanked ([`Flaw::Erased`]).
    Erased {
        /// Its head.
        header: Header,
        /// As in [`Item::Record`].
        in_order: bool,
    },
    /// Something wrong.
    Flaw(Finding),
}

/// The names of the segments in the journal's folder, in order.
pub fn segments(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && is_segment(&name)
            && entry.file_type()?.is_file()
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn is_segment(name: &str) -> bool {
    name.len() == "2026-11.log".len()
        && name.chars().enumerate().all(|(i, c)| match i {
            0..=3 | 5 | 6 => c.is_ascii_digit(),
            4 => c == '-',
            _ => ".log".chars().nth(i - 7) == Some(c),
        })
}

/// A file read through a moving buffer.
pub(super) struct Window {
    file: File,
    length: u64,
    base: u64,
    bytes: Vec<u8>,
}

impl Window {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = files::private().read(true).open(path)?;
        let length = file.metadata()?.len();
        Ok(Self {
            file,
            length,
            base: 0,
            bytes: Vec::new(),
        })
    }

    /// Bytes of the file when it was opened.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// `count` bytes from `at`, or fewer at the end.
    pub(super) fn get(&mut self, at: u64, count: u64) -> io::Result<&[u8]> {
        let count = count.min(self.length.saturating_sub(at));
        let held = self.base + self.bytes.len() as u64;
        if at < self.base || at + count > held {
            let want = count.max(CHUNK).min(self.length.saturating_sub(at));
            self.bytes.resize(want as usize, 0);
            self.base = at;
            let mut filled = 0;
            while let Some(rest) = self.bytes.get_mut(filled..)
                && !rest.is_empty()
            {
                match self.file.read_at(rest, at + filled as u64)? {
                    0 => break,
                    n => filled += n,
                }
            }
            self.bytes.truncate(filled);
        }
        let from = (at - self.base) as usize;
        let to = (from + count as usize).min(self.bytes.len());
        Ok(self.bytes.get(from..to).unwrap_or(&[]))
    }

    /// Where the next readable header after `at` begins.
    pub(super) fn next_header(&mut self, at: u64) -> io::Result<Option<u64>> {
        let mut at = at + 1;
        while at < self.length {
            let bytes = self.get(at, CHUNK)?;
            let seen = bytes.len() as u64;
            match bytes.iter().position(|&b| b == MAGIC[0]) {
                None if seen == 0 => return Ok(None),
                None => at += seen,
                Some(i) => {
                    at += i as u64;
                    if Header::read(self.get(at, HEADER as u64)?).is_some() {
                        return Ok(Some(at));
                    }
                    at += 1;
                }
            }
        }
        Ok(None)
    }

    fn zero_from(&mut self, at: u64) -> io::Result<bool> {
        let mut at = at;
        while at < self.length {
            let bytes = self.get(at, CHUNK)?;
            if bytes.iter().any(|&b| b != 0) {
                return Ok(false);
            }
            if bytes.is_empty() {
                break;
            }
            at += bytes.len() as u64;
        }
        Ok(true)
    }
}

/// A walk through the journal.
pub struct Walk {
    dir: PathBuf,
    folder: PathBuf,
    waiting: VecDeque<String>,
    open: Option<(String, Window, u64)>,
    last: Cursor,
    /// The chain broke off before this place, so a link proves nothing.
    gap: bool,
    ready: VecDeque<Item>,
}

impl Walk {
    /// From the first record on. `dir` is the store's folder.
    pub fn all(dir: &Path) -> Result<Self, StoreError> {
        let folder = dir.join("journal");
        let names = segments(&folder).map_err(|error| trouble::from_io(dir, &error))?;
        Ok(Self {
            dir: dir.to_owned(),
            folder,
            waiting: names.into(),
            open: None,
            last: Cursor::default(),
            gap: false,
            ready: VecDeque::new(),
        })
    }

    /// From the record behind `cursor` on; `None` if the journal does not hold
    /// the record that `cursor` names.
    pub fn behind(dir: &Path, cursor: &Cursor) -> Result<Option<Self>, StoreError> {
        let mut walk = Self::all(dir)?;
        if cursor.seq == 0 {
            return Ok(Some(walk));
        }
        walk.waiting.retain(|name| *name >= cursor.segment);
        if walk.waiting.pop_front().as_ref() != Some(&cursor.segment) {
            return Ok(None);
        }
        let failed = |error: io::Error| trouble::from_io(dir, &error);
        let mut window = Window::open(&walk.folder.join(&cursor.segment)).map_err(failed)?;
        let head = Header::read(window.get(cursor.start, HEADER as u64).map_err(failed)?);
        let same = head.is_some_and(|head| {
            head.seq == cursor.seq
                && head.link() == cursor.head
                && cursor.start + head.size() == cursor.end
                && cursor.end <= window.length
        });
        if !same {
            return Ok(None);
        }
        walk.open = Some((cursor.segment.clone(), window, cursor.end));
        walk.last = cursor.clone();
        Ok(Some(walk))
    }

    /// The last record passed whose head was readable and in order.
    pub fn last(&self) -> &Cursor {
        &self.last
    }

    /// The next step, or nothing at the end.
    pub fn step(&mut self) -> Result<Option<Item>, StoreError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            let (name, mut window, at) = match self.open.take() {
                Some(open) => open,
                None => match self.waiting.pop_front() {
                    None => return Ok(None),
                    Some(name) => {
                        let window = Window::open(&self.folder.join(&name))
                            .map_err(|error| trouble::from_io(&self.dir, &error))?;
                        (name, window, 0)
                    }
                },
            };
            if at < window.length {
                let next = self.read(&name, &mut window, at)?;
                self.open = Some((name, window, next));
            }
        }
    }

    fn flaw(&mut self, segment: &str, offset: u64, flaw: Flaw) {
        self.ready.push_back(Item::Flaw(Finding {
            segment: segment.to_owned(),
            offset,
            flaw,
            notes: Vec::new(),
        }));
    }

    /// Reads what stands at `at` and returns where to go on.
    fn read(&mut self, name: &str, window: &mut Window, at: u64) -> Result<u64, StoreError> {
        let dir = self.dir.clone();
        let failed = |error: io::Error| trouble::from_io(&dir, &error);
        let rest = window.length - at;
        let Some(header) = Header::read(window.get(at, HEADER as u64).map_err(failed)?) else {
            let next = window.next_header(at).map_err(failed)?;
            let bytes = next.unwrap_or(window.length) - at;
            let torn =
                next.is_none() && (rest < HEADER as u64 || window.zero_from(at).map_err(failed)?);
            self.gap |= !torn;
            self.flaw(
                name,
                at,
                if torn {
                    Flaw::Torn { bytes }
                } else {
                    Flaw::Unreadable { bytes }
                },
            );
            return Ok(at + bytes);
        };
        match header.format {
            FORMAT => {}
            newer if newer > FORMAT => {
                return Err(format::newer(&self.dir, u32::from(newer)));
            }
            older => return Err(format::older(&self.dir, u32::from(older))),
        }
        if header.size() > rest {
            // Unfinished, unless something readable stands behind it.
            if let Some(next) = window.next_header(at).map_err(failed)? {
                self.gap = true;
                self.flaw(name, at, Flaw::Unreadable { bytes: next - at });
                return Ok(next);
            }
            self.flaw(name, at, Flaw::Torn { bytes: rest });
            return Ok(window.length);
        }
        let in_order = self.chain(name, at, &header);
        let payload = window
            .get(at + HEADER as u64, u64::from(header.length))
            .map_err(failed)?
            .to_vec();
        if header.fits(&payload) && erased(&payload) {
            self.ready.push_back(Item::Erased { header, in_order });
        } else if header.fits(&payload) {
            self.ready.push_back(Item::Record {
                header,
                payload,
                in_order,
            });
        } else {
            self.flaw(name, at, Flaw::Content { seq: header.seq });
        }
        Ok(at + header.size())
    }

    /// Holds a readable head against what came before it.
    fn chain(&mut self, name: &str, at: u64, header: &Header) -> bool {
        let seq = header.seq;
        let before = self.last.seq;
        if seq <= before {
            self.flaw(name, at, Flaw::Order { seq, after: before });
            return false;
        }
        if seq > before + 1 {
            let (from, to) = (before + 1, seq - 1);
            self.flaw(name, at, Flaw::Missing { from, to });
        } else if header.before != self.last.head && !self.gap {
            self.flaw(name, at, Flaw::Link { seq });
        }
        self.gap = false;
        self.last = Cursor {
            segment: name.to_owned(),
            start: at,
            end: at + header.size(),
            seq,
            head: header.link(),
        };
        true
    }
}
