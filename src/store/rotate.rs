//! A change of keys: everything sealed anew with a new data key, which a new
//! key from outside wraps. May be killed at any point: the store opens with
//! the former or the new source, and the same command goes on (SEC-20).
//!
//! The order is what makes it so. 1: the new outer key is durable. 2: `keys`
//! holds the former and the new data key, under the former and the new outer
//! key. 3: journal and sled are sealed anew, each file written beside and
//! renamed over. 4: a new key file takes the place of the former. 5: `keys`
//! drops what was before. Headers, sequence numbers and the chain stay.

use super::frame::{HEADER, Header, erased};
use super::keys::{self, KeySource, KeyTrouble};
use super::opening::STATE;
use super::record::StoreError;
use super::remark::Remark;
use super::seal::{Seal, key_of};
use super::view::{Drafts, View};
use super::walk::{Window, segments};
use super::{Store, files, index, payload, trouble};
use jiff::Timestamp;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where a change of keys has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The store is open, and is ours alone.
    Opened,
    /// The new outer key is on disk.
    KeyMade,
    /// `keys` holds both.
    BothWrapped,
    /// So many bytes of the journal of so many are done.
    Journal {
        /// Done.
        done: u64,
        /// All.
        total: u64,
    },
    /// A segment's new form is written beside it.
    SegmentWritten,
    /// It has taken its place.
    SegmentInPlace,
    /// Sled's new form is written beside it.
    StateWritten,
    /// The former sled is out of the way.
    StateAside,
    /// The new one has taken its place.
    StateInPlace,
    /// The new key file has taken the place of the former.
    KeyInPlace,
    /// The former keys are dropped.
    Dropped,
}

/// What a change of keys has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The source that opens the store from now on.
    pub source: KeySource,
    /// The one that opened it before, whatever the settings name.
    pub former: KeySource,
    /// It is not the one the store was opened with.
    pub moved: bool,
    /// An earlier change was brought to its end.
    pub resumed: bool,
    /// Journal records sealed anew, now.
    pub records: u64,
    /// Damaged records that could not be opened; they stay as they are.
    pub closed: u64,
    /// Places in the journal that are damaged: records with a wrong checksum,
    /// and what is no record. They stay as they are, under the key before.
    pub damaged: u64,
    /// What the opening before had to say.
    pub remarks: Vec<Remark>,
}

/// Hears the steps, and may end the work between two of them.
pub type Watch<'a> = dyn FnMut(&Step) -> Result<(), StoreError> + 'a;

/// Sled's new form while it is being written, and when it is whole.
const STATE_WRITING: &str = "state.resealing";
const STATE_WHOLE: &str = "state.resealed";
const STATE_FORMER: &str = "state.former";

/// Changes the keys of the store in `dir`. `to` is the source that opens it
/// afterwards; nothing: a new key of the same kind in the same place (a
/// passphrase or a credential stays, and the data key alone is new).
pub fn rotate(
    dir: &Path,
    source: &KeySource,
    to: Option<&KeySource>,
    now: Timestamp,
    watch: &mut Watch,
) -> Result<Done, StoreError> {
    // This opening cuts a torn end off, makes up for a kill, and holds the
    // lock until the end.
    let (mut store, loaded) = Store::open(dir, source, now)?;
    let drafts = loaded.drafts;
    let remarks = loaded.remarks;
    store.rest();
    watch(&Step::Opened)?;

    let (mut ring, _) = keys::open(dir, source)?.ok_or_else(|| gone(dir))?;
    let before = ring.source().clone();
    let resumed = ring.changing();
    let settled = resumed && ring.opened_by_newest();
    let waiting = waiting(&before);
    let target = match to {
        Some(to) if !to.is(&before) => to.clone(),
        _ => before.clone(),
    };
    if !settled {
        let new = match &target {
            KeySource::File(_) if target == before => {
                KeySource::File(waiting.clone().unwrap_or_default())
            }
            other => other.clone(),
        };
        if let KeySource::File(path) = &new {
            outside(dir, path)?;
            keys::make_key_file(path).map_err(|error| error.of(dir))?;
        }
        watch(&Step::KeyMade)?;
        keys::wrap_for(&mut ring, &new, &target)?;
    }
    if !resumed {
        ring.add_data_key()?;
    }
    ring.write(dir)?;
    watch(&Step::BothWrapped)?;

    let seal = ring.seal();
    let Resealed {
        records,
        closed,
        damaged,
    } = journal(dir, &seal, watch)?;
    state(dir, &seal, &drafts, watch)?;

    if !settled
        && target == before
        && let (KeySource::File(path), Some(new)) = (&target, &waiting)
    {
        let failed = |error: io::Error| trouble::from_io(dir, &error);
        std::fs::rename(new, path).map_err(failed)?;
        files::sync_folder(folder_of(path)).map_err(failed)?;
    }
    watch(&Step::KeyInPlace)?;
    ring.drop_old()?;
    ring.write(dir)?;
    watch(&Step::Dropped)?;
    drop(store);

    // Sled is filled from the journal here, with the new keys alone.
    let source = if settled { before.clone() } else { target };
    let (store, _) = Store::open(dir, &source, now)?;
    if settled && to.is_some_and(|to| !to.is(&source)) {
        // What was under way had another goal.
        drop(store);
        return rotate(dir, &source, to, now, watch);
    }
    Ok(Done {
        moved: source != before,
        source,
        former: before,
        resumed,
        records,
        closed,
        damaged,
        remarks,
    })
}

/// Removes or puts in place what a killed change of keys has left of sled.
/// Before sled is opened; the store is locked.
pub fn settle_state(dir: &Path) -> io::Result<()> {
    let (state, whole) = (dir.join(STATE), dir.join(STATE_WHOLE));
    if !exists(&state) && exists(&whole) {
        std::fs::rename(&whole, &state)?;
        files::sync_folder(dir)?;
    }
    for name in [STATE_WRITING, STATE_WHOLE, STATE_FORMER] {
        let left = dir.join(name);
        // With no state in place, the former one is all there is.
        if exists(&left) && exists(&state) {
            std::fs::remove_dir_all(left)?;
        }
    }
    Ok(())
}

fn exists(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

fn gone(dir: &Path) -> StoreError {
    KeyTrouble::NoKeys { dir: keys::at(dir) }.into()
}

/// Where a key file's successor waits.
fn waiting(source: &KeySource) -> Option<PathBuf> {
    let KeySource::File(path) = source else {
        return None;
    };
    let mut name = path.file_name()?.to_owned();
    name.push(".next");
    Some(path.with_file_name(name))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A key inside the store would be copied together with it.
fn outside(dir: &Path, key: &Path) -> Result<(), StoreError> {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    let inside = whole(folder_of(key))
        .zip(whole(dir))
        .is_some_and(|(key, dir)| key.starts_with(dir));
    if inside {
        return Err(KeyTrouble::Inside {
            path: trouble::shown(key),
        }
        .into());
    }
    Ok(())
}

/// What became of the journal; the counts of [`Done`].
#[derive(Default)]
struct Resealed {
    records: u64,
    closed: u64,
    damaged: u64,
}

/// Seals the journal anew, segment by segment.
fn journal(dir: &Path, seal: &Seal, watch: &mut Watch) -> Result<Resealed, StoreError> {
    let failed = |error: io::Error| trouble::from_io(dir, &error);
    let folder = dir.join("journal");
    let names = segments(&folder).map_err(failed)?;
    let mut total = 0;
    for name in &names {
        let path = folder.join(name);
        let _ = std::fs::remove_file(beside(&path));
        total += std::fs::metadata(path).map_err(failed)?.len();
    }
    let (mut done, mut before) = (Resealed::default(), 0);
    for name in &names {
        let path = folder.join(name);
        let mut window = Window::open(&path).map_err(failed)?;
        if let Some(damaged) = settled(&mut window, seal).map_err(failed)? {
            done.damaged += damaged;
        } else {
            let new = beside(&path);
            let mut out = BufWriter::with_capacity(
                1 << 20,
                files::private()
                    .write(true)
                    .create_new(true)
                    .open(&new)
                    .map_err(failed)?,
            );
            let (mut at, mut scars) = (0, Scars::default());
            while at < window.length() {
                let piece = piece(&mut window, at).map_err(failed)?;
                at += piece.bytes.len() as u64;
                scars.count(&piece);
                match piece.record().map(|header| renew(seal, header, &piece)) {
                    Some(Some(bytes)) => {
                        done.records += 1;
                        out.write_all(&bytes).map_err(failed)?;
                    }
                    other => {
                        done.closed += u64::from(other.is_some());
                        out.write_all(&piece.bytes).map_err(failed)?;
                    }
                }
                if done.records % 1024 == 0 {
                    let done = before + at;
                    watch(&Step::Journal { done, total })?;
                }
            }
            done.damaged += scars.places;
            let file = out
                .into_inner()
                .map_err(|error| failed(error.into_error()))?;
            file.sync_all().map_err(failed)?;
            watch(&Step::SegmentWritten)?;
            std::fs::rename(&new, &path).map_err(failed)?;
            files::sync_folder(&folder).map_err(failed)?;
            watch(&Step::SegmentInPlace)?;
        }
        before += window.length();
        watch(&Step::Journal {
            done: before,
            total,
        })?;
    }
    Ok(done)
}

fn beside(segment: &Path) -> PathBuf {
    segment.with_extension("log.resealing")
}

/// One record, or what lies between two.
struct Piece {
    bytes: Vec<u8>,
    what: Content,
}

enum Content {
    /// A whole record.
    Record(Header),
    /// A record whose content was taken away (SEC-24).
    Erased,
    /// A record with a wrong checksum.
    Damaged,
    /// No record, or a part of what is none.
    Rubbish,
}

impl Piece {
    /// Its head, if it is whole and not erased.
    fn record(&self) -> Option<&Header> {
        match &self.what {
            Content::Record(header) => Some(header),
            _ => None,
        }
    }
}

/// Counts the damaged places of a segment: rubbish in one stretch is one.
#[derive(Default)]
struct Scars {
    places: u64,
    rubbish: bool,
}

impl Scars {
    fn count(&mut self, piece: &Piece) {
        let before = std::mem::replace(&mut self.rubbish, matches!(piece.what, Content::Rubbish));
        let new = match piece.what {
            Content::Damaged => true,
            Content::Rubbish => !before,
            Content::Record(_) | Content::Erased => false,
        };
        self.places += u64::from(new);
    }
}

fn piece(window: &mut Window, at: u64) -> io::Result<Piece> {
    let rest = window.length() - at;
    let header = Header::read(window.get(at, HEADER as u64)?);
    if let Some(header) = header.filter(|header| header.size() <= rest) {
        let bytes = window.get(at, header.size())?.to_vec();
        let what = match bytes.get(HEADER..) {
            Some(payload) if erased(payload) => Content::Erased,
            Some(payload) if header.fits(payload) => Content::Record(header),
            _ => Content::Damaged,
        };
        return Ok(Piece { bytes, what });
    }
    // Damage is carried over as it is; it was named when the store opened.
    let next = window.next_header(at)?.unwrap_or(window.length());
    let bytes = window.get(at, (next - at).min(1 << 20))?.to_vec();
    if bytes.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Piece {
        bytes,
        what: Content::Rubbish,
    })
}

/// A record sealed with the newest data key; nothing if it does not open.
fn renew(seal: &Seal, header: &Header, piece: &Piece) -> Option<Vec<u8>> {
    let payload = piece.bytes.get(HEADER..)?;
    if key_of(payload) == Some(seal.current()) {
        return Some(piece.bytes.clone());
    }
    let new = payload::reseal_record(seal, header, payload).ok()?;
    let mut bytes = Vec::with_capacity(piece.bytes.len());
    header.over(&new).write(&new, &mut bytes);
    Some(bytes)
}

/// The damaged places of a segment that holds no record of an older data key;
/// nothing if it holds one.
fn settled(window: &mut Window, seal: &Seal) -> io::Result<Option<u64>> {
    let (mut at, mut scars) = (0, Scars::default());
    while at < window.length() {
        let piece = piece(window, at)?;
        if piece.record().is_some()
            && piece.bytes.get(HEADER..).and_then(key_of) != Some(seal.current())
        {
            return Ok(None);
        }
        scars.count(&piece);
        at += piece.bytes.len() as u64;
    }
    Ok(Some(scars.places))
}

/// Sled made anew with nothing but the drafts, which live there alone; the
/// next opening fills in the rest from the journal. Its old pages, sealed with
/// the former key, go with the old files.
fn state(dir: &Path, seal: &Seal, drafts: &Drafts, watch: &mut Watch) -> Result<(), StoreError> {
    let failed = |error: io::Error| trouble::from_io(dir, &error);
    let [writing, whole, former, state] =
        [STATE_WRITING, STATE_WHOLE, STATE_FORMER, STATE].map(|name| dir.join(name));
    settle_state(dir).map_err(failed)?;
    index::remove(dir).map_err(failed)?;
    let made = || {
        let view = View::open(&writing, seal)?;
        view.keep_all(drafts)?;
        view.fill(&[])?;
        view.sync()?;
        super::guard::guarded(|| {
            drop(view);
            Ok(())
        })
    };
    made().map_err(|sick| match sick {
        super::guard::Sick::System(error) => failed(error),
        super::guard::Sick::Damaged => trouble::other(dir, "現在の状態の控えを作れません"),
    })?;
    std::fs::rename(&writing, &whole).map_err(failed)?;
    files::sync_folder(dir).map_err(failed)?;
    watch(&Step::StateWritten)?;
    if exists(&state) {
        std::fs::rename(&state, &former).map_err(failed)?;
    }
    watch(&Step::StateAside)?;
    std::fs::rename(&whole, &state).map_err(failed)?;
    files::sync_folder(dir).map_err(failed)?;
    watch(&Step::StateInPlace)?;
    settle_state(dir).map_err(failed)
}

#[cfg(test)]
mod tests;
