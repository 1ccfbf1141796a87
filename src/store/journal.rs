//! Writing the journal: what is acknowledged has been through `fdatasync`
//! (REL-1), and after a failed one nothing is acknowledged any more (F-08).

use super::frame::{Header, Sealed};
use super::record::StoreError;
use super::walk::Cursor;
use super::{files, trouble};
use jiff::Timestamp;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// One payload on its way, with its wall time.
pub type Entry = (Timestamp, Sealed);

/// The journal's end, open for writing.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    folder: PathBuf,
    segment: Option<Segment>,
    last: Cursor,
    /// Numbers up to this one are not given out any more.
    taken: u64,
    failed: Option<StoreError>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Segment {
    name: String,
    file: File,
    length: u64,
}

/// Cuts the unfinished record off the end of a segment.
pub fn cut(folder: &Path, segment: &str, offset: u64) -> io::Result<()> {
    let file = files::private().write(true).open(folder.join(segment))?;
    file.set_len(offset)?;
    file.sync_all()
}

impl Journal {
    /// The journal of the store in `dir`, whose last record is `last` and
    /// whose newest segment is `newest`.
    pub fn open(dir: &Path, last: Cursor, newest: Option<&str>) -> Result<Self, StoreError> {
        let mut journal = Self {
            dir: dir.to_owned(),
            folder: dir.join("journal"),
            segment: None,
            last,
            taken: 0,
            failed: None,
            buffer: Vec::new(),
        };
        if let Some(name) = newest {
            journal.segment = Some(journal.open_segment(name).map_err(|e| journal.error(&e))?);
        }
        Ok(journal)
    }

    /// The journal on a disk that is read-only: takes nothing.
    pub fn read_only(dir: &Path, last: Cursor) -> Self {
        Self {
            dir: dir.to_owned(),
            folder: dir.join("journal"),
            segment: None,
            last,
            taken: 0,
            failed: Some(StoreError::ReadOnly {
                dir: trouble::shown(dir),
            }),
            buffer: Vec::new(),
        }
    }

    /// The last record written.
    pub fn last(&self) -> &Cursor {
        &self.last
    }

    /// Records up to `seq` have been there: the next one comes behind them.
    pub fn leave_out(&mut self, seq: u64) {
        self.taken = seq;
    }

    /// The number of the next record.
    pub fn next_seq(&self) -> u64 {
        self.last.seq.max(self.taken) + 1
    }

    /// Why nothing more is written (F-08).
    pub fn failed(&self) -> Option<&StoreError> {
        self.failed.as_ref()
    }

    /// Whether what is written would still go into the file that lies there,
    /// as far as can be told.
    pub fn ours(&mut self) -> bool {
        self.failed.is_none() && self.still_ours().is_ok()
    }

    /// The segment a record of this moment goes to. A clock that was set back
    /// does not lead back to an older segment.
    pub fn segment_for(&self, at: Timestamp) -> String {
        let day = crate::domain::time::jst(at).date();
        let month = format!("{:04}-{:02}.log", day.year().max(0), day.month());
        match &self.segment {
            Some(segment) if segment.name > month => segment.name.clone(),
            _ => month,
        }
    }

    /// Writes all entries, which belong to one segment, and waits until they
    /// are on disk. All or none: after an error none of them is there.
    pub fn commit(&mut self, entries: &[Entry]) -> Result<Cursor, StoreError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let Some((at, _)) = entries.first() else {
            return Ok(self.last.clone());
        };
        let name = self.segment_for(*at);
        if self.segment.as_ref().is_none_or(|s| s.name != name) {
            self.segment = Some(self.open_segment(&name).map_err(|e| self.error(&e))?);
        }
        self.still_ours()?;
        self.buffer.clear();
        let mut last = self.last.clone();
        let begin = self.segment.as_ref().map_or(0, |s| s.length);
        for ((at, payload), seq) in entries.iter().zip(self.next_seq()..) {
            let header = Header::of(seq, at.as_microsecond(), payload, last.head);
            let start = begin + self.buffer.len() as u64;
            header.write(&payload.bytes, &mut self.buffer);
            last = Cursor {
                segment: name.clone(),
                start,
                end: start + header.size(),
                seq: header.seq,
                head: header.link(),
            };
        }
        let Some(segment) = &mut self.segment else {
            return Err(trouble::other(&self.dir, "記録のファイルがありません"));
        };
        let written = segment.file.write_all(&self.buffer);
        let synced = written.is_ok();
        if let Err(error) = written.and_then(|()| segment.file.sync_data()) {
            // What was not acknowledged must not turn up later. If it cannot
            // be taken back, or the disk failed to confirm, nothing that
            // follows could be trusted either.
            let undone = segment.file.set_len(segment.length);
            let error = self.error(&error);
            if synced || undone.is_err() {
                self.failed = Some(error.clone());
            }
            return Err(error);
        }
        segment.length = last.end;
        self.last = last;
        Ok(self.last.clone())
    }

    fn open_segment(&self, name: &str) -> io::Result<Segment> {
        let file = files::private()
            .append(true)
            .create(true)
            .open(self.folder.join(name))?;
        files::sync_folder(&self.folder)?;
        let length = file.metadata()?.len();
        Ok(Segment {
            name: name.to_owned(),
            file,
            length,
        })
    }

    /// Whether the file under the segment's name is still the one that is
    /// open, and nobody else wrote into it (F-09).
    fn still_ours(&mut self) -> Result<(), StoreError> {
        let Some(segment) = &self.segment else {
            return Ok(());
        };
        let (held, named) = match (
            segment.file.metadata(),
            std::fs::symlink_metadata(self.folder.join(&segment.name)),
        ) {
            (Ok(held), Ok(named)) => (held, named),
            (Err(error), _) | (_, Err(error)) => return Err(self.fail(&error)),
        };
        if (held.dev(), held.ino(), held.len()) == (named.dev(), named.ino(), segment.length) {
            return Ok(());
        }
        let same = (held.dev(), held.ino()) == (named.dev(), named.ino());
        if same && named.len() < segment.length {
            let error = StoreError::Shortened {
                dir: trouble::shown(&self.dir),
            };
            self.failed = Some(error.clone());
            return Err(error);
        }
        Err(self.fail(&io::Error::other(
            "記録のファイルが、動いている間に入れ替えられました",
        )))
    }

    fn fail(&mut self, error: &io::Error) -> StoreError {
        let error = self.error(error);
        self.failed = Some(error.clone());
        error
    }

    fn error(&self, error: &io::Error) -> StoreError {
        trouble::from_io(&self.dir, error)
    }
}
