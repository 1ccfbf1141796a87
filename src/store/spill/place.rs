//! One folder of the spill: data keys of its own under the store's key, a
//! reserve that is given up on a full disk, drafts, and the records' files.

use super::keyed::Keyed;
use super::log::{self, Content, Head, Log};
use super::tally::{self, Known, Tally};
use crate::domain::draft::Draft;
use crate::domain::note::NoteId;
use crate::store::keys::KeySource;
use crate::store::record::{Record, StoreError};
use crate::store::remark::Remark;
use crate::store::seal::{Kind, Seal};
use crate::store::{files, trouble};
use rustix::fs::FallocateFlags;
use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Freed on a full disk, to finish with (REL-4).
const RESERVE: u64 = 1 << 20;
const RESERVED: &str = "reserve";
const DRAFTS: &str = "drafts";
const GIVEN: &str = "given";
/// In front of a number there whose note could be kept nowhere.
const REFUSED: char = '-';
/// Larger is no file of ours.
const LIMIT: u64 = 16 << 20;

/// Drafts by ユーザID; nothing for one that was dropped while the store's own
/// could not be.
pub type Drafts = BTreeMap<String, Option<Draft>>;

/// An open folder.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    /// Whose its keys are.
    source: KeySource,
    seal: Seal,
    log: Option<(Log, Tally)>,
    /// Files of earlier runs, and of this one before a failed write.
    earlier: Vec<Log>,
    /// Of those, the ones that hold more than could be read.
    damaged: Vec<PathBuf>,
}

/// Whether something lies in `dir` that is still to be taken in, or that tells
/// of such. A file that was made and never written holds nothing.
pub fn holds_something(dir: &Path) -> bool {
    let written = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|meta| meta.len() > 0);
    let told = |name: &String| written(&tally::path(dir, name));
    log::all(dir).is_ok_and(|found| found.iter().any(written))
        || tally::all(dir).is_ok_and(|found| found.iter().any(told))
        || dir.join(DRAFTS).exists()
}

/// Whether there is anything to look at in `dir`.
pub fn left_behind(dir: &Path) -> bool {
    log::all(dir).is_ok_and(|found| !found.is_empty())
        || tally::all(dir).is_ok_and(|found| !found.is_empty())
        || dir.join(DRAFTS).exists()
}

/// The last numbers given out from `dir`.
pub fn given(dir: &Path) -> Vec<NoteId> {
    numbers(dir, |line| (!line.starts_with(REFUSED)).then_some(line))
}

/// Numbers whose notes could be kept nowhere, which was said.
pub fn refused(dir: &Path) -> Vec<NoteId> {
    numbers(dir, |line| line.strip_prefix(REFUSED))
}

fn numbers(dir: &Path, of: impl Fn(&str) -> Option<&str>) -> Vec<NoteId> {
    let text = (files::read_small(&dir.join(GIVEN), LIMIT).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    (text.lines().filter_map(of))
        .map(|id| NoteId(id.to_owned()))
        .collect()
}

/// A file of an earlier run.
pub struct Left {
    /// Its path.
    pub path: PathBuf,
    /// What it holds.
    pub content: Content,
}

impl Place {
    /// Opens the folder, making it if `make` says so.
    pub fn open(
        dir: &Path,
        keyed: &Keyed,
        candidates: &[PathBuf],
        make: bool,
    ) -> Result<Self, StoreError> {
        let failed = |error: io::Error| trouble::from_io(dir, &error);
        if make {
            files::make_folder(dir).map_err(failed)?;
        }
        private(dir).map_err(failed)?;
        let ring = keyed.open(dir, candidates)?;
        Ok(Self {
            dir: dir.to_owned(),
            source: ring.source().clone(),
            seal: ring.seal(),
            log: None,
            earlier: Vec::new(),
            damaged: Vec::new(),
        })
    }

    /// The store's key is another than was thought: this folder's too.
    pub fn follow(&mut self, keyed: &Keyed) {
        if !keyed.is(&self.source)
            && let Ok(ring) = keyed.open(&self.dir, &[])
        {
            (self.source, self.seal) = (ring.source().clone(), ring.seal());
        }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Sets the reserve aside, if it is not there.
    pub fn reserve(&self) -> Result<(), StoreError> {
        let path = self.dir.join(RESERVED);
        let make = || -> io::Result<()> {
            if std::fs::metadata(&path).is_ok_and(|meta| meta.blocks() * 512 >= RESERVE) {
                return Ok(());
            }
            let file = files::private().write(true).create(true).open(&path)?;
            rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, RESERVE)?;
            file.sync_all()?;
            files::sync_folder(&self.dir)
        };
        make().map_err(|error| trouble::from_io(&self.dir, &error))
    }

    /// Runs `write`; on a full disk once more without the reserve.
    fn with_reserve(
        &mut self,
        mut write: impl FnMut(&mut Self) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        let mut done = write(self);
        let full = |error: &io::Error| {
            matches!(
                error.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded
            )
        };
        if done.as_ref().is_err_and(full) && std::fs::remove_file(self.dir.join(RESERVED)).is_ok() {
            let _ = files::sync_folder(&self.dir);
            done = write(self);
        }
        done.map_err(|error| trouble::from_io(&self.dir, &error))
    }

    /// Whether the next records begin a file.
    pub fn begins(&self) -> bool {
        self.log.is_none()
    }

    /// Writes records, and into the tally that they were; both are on disk
    /// when this returns. `head` is for a file that is begun with them. The
    /// file's name, and what is to be known of it.
    pub fn append(
        &mut self,
        records: &[Record],
        stamp: i64,
        head: &Head,
    ) -> Result<(String, Known), StoreError> {
        let mut written = (String::new(), Known::default());
        self.with_reserve(|place| {
            let done = place.write(records, stamp, head);
            if done.is_err()
                && let Some((log, _)) = place.log.take()
            {
                if log.is_empty() {
                    let _ = std::fs::remove_file(tally::path(&place.dir, &log.name()));
                    let _ = log.remove();
                } else {
                    place.earlier.push(log);
                }
            }
            written = done?;
            Ok(())
        })?;
        Ok(written)
    }

    fn write(
        &mut self,
        records: &[Record],
        stamp: i64,
        head: &Head,
    ) -> io::Result<(String, Known)> {
        let (mut log, mut tally) = if let Some(open) = self.log.take() {
            open
        } else {
            let log = Log::create(&self.dir, stamp, head.clone())?;
            match Tally::create(&self.dir, &log.name()) {
                Ok(tally) => (log, tally),
                Err(error) => {
                    log.remove()?;
                    return Err(error);
                }
            }
        };
        let end = log.end();
        let mut done = log.append(&self.seal, records);
        let shown = trouble::shown(&self.dir);
        let known = Known::of(&shown, records, end.next.max(1), &log.end().last);
        if done.is_ok() {
            done = tally.append(&self.seal, &known);
            // A record that the tally does not have is not acknowledged.
            if done.is_err() {
                done = log.take_back(end).and(done);
            }
        }
        let name = log.name();
        self.log = Some((log, tally));
        done.map(|()| (name, known))
    }

    /// A tally of a file that lies in another folder.
    pub fn witness(&mut self, name: &str) -> Result<Tally, StoreError> {
        Tally::create(&self.dir, name).map_err(|error| trouble::from_io(&self.dir, &error))
    }

    /// Adds to such a tally.
    pub fn note_down(&self, tally: &mut Tally, known: &Known) -> Result<(), StoreError> {
        (tally.append(&self.seal, known)).map_err(|error| trouble::from_io(&self.dir, &error))
    }

    /// The tallies that lie here, as far as they can be read; read before the
    /// files they are of, which have at least as much.
    pub fn tallies(&self) -> Vec<tally::Found> {
        let names = tally::all(&self.dir).unwrap_or_default();
        let read = |name: &String| tally::read(&self.dir, name, Some(&self.seal)).ok();
        names.iter().filter_map(read).collect()
    }

    /// What earlier runs left, as far as no other process holds it.
    pub fn find(&mut self) -> Result<Vec<Left>, StoreError> {
        let dir = self.dir.clone();
        let failed = |error: io::Error| trouble::from_io(&dir, &error);
        let mut found = Vec::new();
        for path in log::all(&dir).map_err(failed)? {
            let own = (self.log.iter().map(|(log, _)| log)).chain(&self.earlier);
            if own.into_iter().any(|log| log.path() == path) {
                continue;
            }
            let Some(mut log) = Log::open(&path).map_err(failed)? else {
                continue;
            };
            let content = log.read(&self.seal).map_err(failed)?;
            found.push(Left { path, content });
            self.earlier.push(log);
        }
        Ok(found)
    }

    /// That file holds more than could be read: it is kept.
    pub fn damaged(&mut self, path: PathBuf) {
        self.damaged.push(path);
    }

    /// The drafts that were kept here.
    pub fn drafts(&self, remarks: &mut Vec<Remark>) -> Drafts {
        let path = self.dir.join(DRAFTS);
        let Ok(bytes) = files::read_small(&path, LIMIT) else {
            return Drafts::new();
        };
        let opened = self
            .seal
            .open(Kind::Row("spill", DRAFTS.as_bytes()), &bytes);
        let read = (opened.ok()).and_then(|json| serde_json::from_slice(&json).ok());
        read.unwrap_or_else(|| {
            let shown = trouble::shown(&path);
            remarks.push(Remark::loss(format!(
                "予備の場所にあった入力途中の控え（{shown}）が読めませんでした。"
            )));
            // Kept for whoever might open it; it is not to be met again.
            let _ = std::fs::rename(&path, path.with_extension("damaged"));
            Drafts::new()
        })
    }

    /// Keeps these drafts instead of all before; on disk when this returns.
    pub fn keep_drafts(&mut self, drafts: &Drafts) -> Result<(), StoreError> {
        let path = self.dir.join(DRAFTS);
        if drafts.is_empty() {
            return gone(&path).map_err(|error| trouble::from_io(&self.dir, &error));
        }
        self.with_reserve(|place| {
            let content = zeroize::Zeroizing::new(serde_json::to_vec(drafts)?);
            let sealed = (place.seal)
                .seal(Kind::Row("spill", DRAFTS.as_bytes()), &content)
                .map_err(|_| io::Error::other("封ができません"))?;
            files::replace(&path, &sealed)
        })
    }

    /// Remembers them beyond the notes themselves.
    pub fn remember<'a>(&self, given: &[NoteId], refused: impl IntoIterator<Item = &'a NoteId>) {
        let given = given.iter().map(|id| format!("{}\n", id.0));
        let refused = refused.into_iter().map(|id| format!("{REFUSED}{}\n", id.0));
        let text: String = given.chain(refused).collect();
        // Without it a number might be given out twice, and the second be
        // changed when it is taken in.
        let _ = files::replace(&self.dir.join(GIVEN), text.as_bytes());
    }

    /// The files that are open here.
    pub fn names(&self) -> Vec<String> {
        let own = (self.log.iter().map(|(log, _)| log)).chain(&self.earlier);
        own.map(Log::name).collect()
    }

    /// Takes the tally of the file `name` away, if there is one. What stays is
    /// explained by the journal.
    pub fn drop_tally(&self, name: &str) {
        let _ = std::fs::remove_file(tally::path(&self.dir, name));
    }

    /// All of the file `name` is in the ledger: it goes. If something in it
    /// could not be read, it is kept under another name, and so with `keep`. A
    /// sentence if it does not go.
    pub fn drop_file(&mut self, name: &str, keep: bool, remarks: &mut Vec<Remark>) {
        if self.log.as_ref().is_some_and(|(log, _)| log.name() == name) {
            self.earlier.extend(self.log.take().map(|(log, _)| log));
        }
        let Some(at) = self.earlier.iter().position(|log| log.name() == name) else {
            return;
        };
        let log = self.earlier.swap_remove(at);
        let path = log.path().to_owned();
        let ending = if self.damaged.contains(&path) {
            Some("damaged")
        } else {
            keep.then_some("kept")
        };
        let done = match ending {
            Some(ending) => std::fs::rename(&path, path.with_extension(ending))
                .and_then(|()| files::sync_folder(&self.dir)),
            None => log.remove(),
        };
        if let Err(error) = done {
            let why = trouble::from_io(&path, &error);
            remarks.push(Remark::known(format!(
                "予備のファイルは控え帳に入れましたが、消せません。{why}"
            )));
        }
        self.damaged.retain(|damaged| *damaged != path);
    }
}

/// The folder is this person's own, and closed to all others (SEC-22).
fn private(dir: &Path) -> io::Result<()> {
    let meta = std::fs::symlink_metadata(dir)?;
    if !meta.is_dir() {
        return Err(io::Error::from(ErrorKind::NotADirectory));
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::from(ErrorKind::PermissionDenied));
    }
    if meta.mode() & 0o077 != 0 {
        std::fs::set_permissions(dir, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn gone(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => path.parent().map_or(Ok(()), files::sync_folder),
    }
}
