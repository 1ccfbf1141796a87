//! One folder of the spill: data keys of its own under the store's key, a
//! reserve that is given up on a full disk, drafts, and the records' files.

use super::log::{self, Content, Log};
use crate::domain::draft::Draft;
use crate::domain::note::NoteId;
use crate::store::keys::{self, KeySource, KeyTrouble};
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
/// Larger is no file of ours.
const LIMIT: u64 = 16 << 20;

/// Drafts by ユーザID; nothing for one that was dropped while the store's own
/// could not be.
pub type Drafts = BTreeMap<String, Option<Draft>>;

/// An open folder.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    seal: Seal,
    log: Option<Log>,
    /// Files of earlier runs, and of this one before a failed write.
    earlier: Vec<Log>,
    /// Of those, the ones that hold more than could be read.
    damaged: Vec<PathBuf>,
}

/// Whether something lies in `dir` that is still to be taken in. A file that
/// was made and never written holds nothing.
pub fn holds_something(dir: &Path) -> bool {
    let written = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|meta| meta.len() > 0);
    log::all(dir).is_ok_and(|found| found.iter().any(written)) || dir.join(DRAFTS).exists()
}

/// Whether there is anything to look at in `dir`.
pub fn left_behind(dir: &Path) -> bool {
    log::all(dir).is_ok_and(|found| !found.is_empty()) || dir.join(DRAFTS).exists()
}

/// Takes away keys that belong to a key that is no more, where nothing needs
/// them. `source` opens the store's keys, and so is the right one.
pub fn renew(dir: &Path, source: &KeySource) -> Result<(), StoreError> {
    let other = match keys::open(dir, source) {
        Err(StoreError::Key(
            KeyTrouble::Wrong { .. } | KeyTrouble::WrongWords { .. } | KeyTrouble::Damaged { .. },
        )) => true,
        opened => opened.map(|_| false)?,
    };
    if other && !holds_something(dir) {
        keys::forget(dir).map_err(|error| trouble::from_io(dir, &error))?;
    }
    Ok(())
}

/// How many records of `dir` can be read, changing nothing.
pub fn readable(dir: &Path, source: &KeySource) -> Result<usize, StoreError> {
    let seal = keys::seal(dir, source)?;
    let failed = |error: io::Error| trouble::from_io(dir, &error);
    let mut count = 0;
    for path in log::all(dir).map_err(failed)? {
        count += log::peek(&path, &seal).map_err(failed)?.records.len();
    }
    Ok(count)
}

impl Place {
    /// Opens the folder, making it if `make` says so.
    pub fn open(dir: &Path, source: &KeySource, make: bool) -> Result<Self, StoreError> {
        let failed = |error: io::Error| trouble::from_io(dir, &error);
        if make {
            files::make_folder(dir).map_err(failed)?;
        }
        private(dir).map_err(failed)?;
        // New ones would open nothing of it, and take the place of the lost.
        if !keys::there(dir) && holds_something(dir) {
            let dir = trouble::shown(dir);
            return Err(KeyTrouble::NoKeys { dir }.into());
        }
        let ring = keys::beside(dir, source)?;
        Ok(Self {
            dir: dir.to_owned(),
            seal: ring.seal(),
            log: None,
            earlier: Vec::new(),
            damaged: Vec::new(),
        })
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

    /// Writes records; they are on disk when this returns.
    pub fn append(&mut self, records: &[Record], stamp: i64) -> Result<(), StoreError> {
        self.with_reserve(|place| {
            if place.log.is_none() {
                place.log = Some(Log::create(&place.dir, stamp)?);
            }
            let Some(log) = &mut place.log else {
                return Ok(());
            };
            let done = log.append(&place.seal, records);
            if done.is_err()
                && let Some(log) = place.log.take()
            {
                if log.is_empty() {
                    let _ = log.remove();
                } else {
                    place.earlier.push(log);
                }
            }
            done
        })
    }

    /// What earlier runs left, as far as no other process holds it; a
    /// sentence to `remarks` for what cannot be read.
    pub fn find(&mut self, remarks: &mut Vec<Remark>) -> Result<Vec<Record>, StoreError> {
        let dir = self.dir.clone();
        let failed = |error: io::Error| trouble::from_io(&dir, &error);
        let mut records = Vec::new();
        for path in log::all(&dir).map_err(failed)? {
            let own = self.log.iter().chain(&self.earlier);
            if own.into_iter().any(|log| log.path() == path) {
                continue;
            }
            let Some(mut log) = Log::open(&path).map_err(failed)? else {
                continue;
            };
            let content = log.read(&self.seal).map_err(failed)?;
            if let Some(text) = complaint(&path, &content) {
                remarks.push(text);
                self.damaged.push(path);
            }
            records.extend(content.records);
            self.earlier.push(log);
        }
        Ok(records)
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

    /// The last numbers given out from here.
    pub fn given(&self) -> Vec<NoteId> {
        files::read_small(&self.dir.join(GIVEN), LIMIT)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(|text| text.lines().map(|line| NoteId(line.to_owned())).collect())
            .unwrap_or_default()
    }

    /// Remembers them beyond the notes themselves.
    pub fn remember(&self, given: &[NoteId]) {
        let text = given
            .iter()
            .fold(String::new(), |text, id| text + &id.0 + "\n");
        // Without it a number might be given out twice, and the second be
        // changed when it is taken in.
        let _ = files::replace(&self.dir.join(GIVEN), text.as_bytes());
    }

    /// All is in the ledger: the files go. What could not be read is kept
    /// under another name, and with `keep` so is the rest. A sentence for each
    /// file that does not go.
    pub fn empty(&mut self, keep: bool, remarks: &mut Vec<Remark>) {
        for log in self.log.take().into_iter().chain(self.earlier.drain(..)) {
            let path = log.path().to_owned();
            let name = if self.damaged.contains(&path) {
                Some("damaged")
            } else {
                keep.then_some("kept")
            };
            let done = match name {
                Some(name) => std::fs::rename(&path, path.with_extension(name))
                    .and_then(|()| files::sync_folder(&self.dir)),
                None => log.remove(),
            };
            if let Err(error) = done {
                let why = trouble::from_io(&path, &error);
                remarks.push(Remark::known(format!(
                    "予備のファイルは控え帳に入れましたが、消せません。{why}"
                )));
            }
        }
        self.damaged.clear();
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

/// What a person is told of a damaged file.
fn complaint(path: &Path, content: &Content) -> Option<Remark> {
    let name = trouble::shown(path);
    let good = content.records.len();
    if let Some((at, _)) = content.bad.first() {
        let count = content.bad.len();
        return Some(Remark::loss(format!(
            "予備のファイル {name} の {count} か所（{at} バイト目など）が壊れています。読めた {good} 件は控え帳に入れ、ファイルは残します。紙の控えがあれば確かめてください。"
        )));
    }
    (content.torn > 0).then(|| {
        Remark::known(format!(
            "予備のファイル {name} の終わりの {} バイトが書きかけです（「控えました」と表示する前の記録です）。読めた {good} 件は控え帳に入れ、ファイルは残します。",
            content.torn
        ))
    })
}
