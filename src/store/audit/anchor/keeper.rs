//! Writes anchors: at the beginning and the end of each run and of each day.

use super::kept::{Kept, Noted};
use super::{Anchor, hex, path};
use crate::domain::time::jst;
use crate::store::files;
use crate::store::seal::Seal;
use crate::store::walk::Cursor;
use jiff::Timestamp;
use jiff::civil::Date;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Notes down the head at the end of each day and of each run.
pub struct Keeper {
    file: PathBuf,
    seal: Seal,
    kept: Kept,
    day: Option<Date>,
    /// Moment of the newest record that was announced.
    newest: Option<Timestamp>,
    /// What the journal was last told of the file.
    told: Option<Noted>,
}

impl Keeper {
    /// For the store in `dir`. A line that was torn off while it was written
    /// is taken away: nothing has told of it.
    pub fn new(dir: &Path, seal: &Seal) -> io::Result<Self> {
        let file = path(dir);
        let kept = Kept::load(&file, Some(seal))?.unwrap_or_default();
        if let Ok(open) = files::private().write(true).open(&file)
            && open.metadata()?.len() > kept.whole
        {
            open.set_len(kept.whole)?;
            open.sync_all()?;
        }
        Ok(Self {
            file,
            seal: seal.clone(),
            kept,
            day: None,
            newest: None,
            told: None,
        })
    }

    /// A record of this moment is about to follow `head`. The first one of a
    /// day, or of a run, puts what was there before on record; of a new store,
    /// that nothing was.
    pub fn before(&mut self, at: Timestamp, head: &Cursor) -> io::Result<()> {
        let day = Some(jst(at).date());
        self.newest = Some(at);
        if self.day == day {
            return Ok(());
        }
        self.put(at, head)?;
        self.day = day;
        Ok(())
    }

    /// The run ends with `head`.
    pub fn end(&mut self, head: &Cursor) -> io::Result<()> {
        match self.newest {
            Some(at) => self.put(at, head),
            None => Ok(()),
        }
    }

    /// What the next record has to say of the file, if the journal does not
    /// say it yet.
    pub fn news(&self) -> Option<Noted> {
        let noted = self.kept.noted();
        (noted.lines > 0 && self.told.as_ref() != Some(&noted)).then_some(noted)
    }

    /// The journal says it.
    pub fn told(&mut self, noted: Noted) {
        self.told = Some(noted);
    }

    /// Puts `head` on record, durably, if it is not the last that is there.
    fn put(&mut self, at: Timestamp, head: &Cursor) -> io::Result<()> {
        let anchor = Anchor {
            at: Some(at),
            seq: head.seq,
            place: (head.seq > 0).then(|| (head.segment.clone(), head.start)),
            head: hex(&head.head),
        };
        let same = |last: &Anchor| (last.seq, &last.head) == (anchor.seq, &anchor.head);
        if self.kept.anchors.last().is_some_and(same) {
            return Ok(());
        }
        let (line, kept) = self.kept.next(&anchor, &self.seal);
        let mut file = files::private()
            .append(true)
            .create(true)
            .open(&self.file)?;
        files::plain(&file)?;
        append(&mut file, self.kept.whole, line.as_bytes())?;
        if kept.noted().lines == 1
            && let Some(folder) = self.file.parent()
        {
            files::sync_folder(folder)?;
        }
        self.kept = kept;
        Ok(())
    }
}

/// Writes `line` behind the `whole` bytes of lines, durably, or not at all: on
/// a full disk half of it may have been written, and what follows would be no
/// line either.
fn append(file: &mut File, whole: u64, line: &[u8]) -> io::Result<()> {
    let back = |file: &File| {
        if file.metadata()?.len() > whole {
            file.set_len(whole)?;
        }
        Ok::<_, io::Error>(())
    };
    back(file)?;
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if written.is_err() {
        // If this fails too, the next line finds it.
        let _ = back(file).and_then(|()| file.sync_data());
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keys;
    use crate::store::tests::{key, moment};

    #[test]
    fn a_day_a_run_and_an_end_leave_a_line_each() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("store");
        drop(crate::store::Store::open(&store, &key(), moment(0)).unwrap());
        let seal = keys::seal(&store, &key()).unwrap();
        let head = |seq| Cursor {
            segment: "2026-11.log".to_owned(),
            start: seq * 10,
            end: seq * 10 + 5,
            seq,
            head: [7; 32],
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut keeper = Keeper::new(&store, &seal).unwrap();
        assert_eq!(keeper.news(), None);
        keeper.before(at("2026-11-20T00:00:00Z"), &head(0)).unwrap();
        let noted = keeper.news().unwrap();
        assert_eq!(noted.lines, 1);
        keeper.told(noted);
        keeper.before(at("2026-11-20T14:59:59Z"), &head(3)).unwrap();
        assert_eq!(keeper.news(), None);
        keeper.before(at("2026-11-20T15:00:00Z"), &head(4)).unwrap();
        keeper.before(at("2026-11-20T16:00:00Z"), &head(8)).unwrap();
        assert_eq!(keeper.news().unwrap().lines, 2);
        keeper.end(&head(9)).unwrap();
        keeper.end(&head(9)).unwrap();
        let file = path(&store);
        let load = || Kept::load(&file, Some(&seal)).unwrap().unwrap();
        let seqs = |kept: Kept| kept.anchors.iter().map(|a| a.seq).collect::<Vec<_>>();
        assert_eq!((seqs(load()), load().bad()), (vec![0, 4, 9], 0));

        // A power cut in the middle of a line: the next run takes it away.
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..], b"4 half a li"].concat()).unwrap();
        assert_eq!((seqs(load()), load().bad()), (vec![0, 4, 9], 0));
        let mut next = Keeper::new(&store, &seal).unwrap();
        next.before(at("2026-11-21T16:00:00Z"), &head(9)).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), whole, "said already");
        next.end(&head(12)).unwrap();
        assert_eq!((seqs(load()), load().bad()), (vec![0, 4, 9, 12], 0));

        // Half a line of this very run, as a full disk leaves it.
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..], b"15 half a li"].concat()).unwrap();
        next.end(&head(15)).unwrap();
        assert_eq!((seqs(load()), load().bad()), (vec![0, 4, 9, 12, 15], 0));
    }
}
