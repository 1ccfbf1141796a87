//! What sled and the index of a store that nobody has open know of its journal:
//! how far it reached, and whose record stood where. A record that was
//! acknowledged after the last anchor is known there alone.
//!
//! Sled is looked at in a copy: opening it would mend it, and a store that is
//! examined stays as it is.

use super::audit::Witness;
use super::lock::Lock;
use super::opening::STATE;
use super::record::StoreError;
use super::seal::Seal;
use super::view::{self, View};
use super::whose::Spot;
use super::{cure, index, trouble};
use crate::domain::note::NoteId;
use jiff::Timestamp;
use std::io;
use std::path::Path;

/// What they know.
#[derive(Default)]
pub struct Beside {
    /// The last record they know of.
    last: Option<u64>,
    /// Open while the names may be asked for; the folder goes after it.
    view: Option<View>,
    _copy: Option<tempfile::TempDir>,
}

impl Beside {
    /// Of the store in `dir`; [`StoreError::InUse`] while somebody has it
    /// open. Without a key as much as lies open.
    pub fn of(dir: &Path, seal: Option<&Seal>, now: Timestamp) -> Result<Self, StoreError> {
        let index = index::follows(dir);
        let copy = {
            let _lock = match Lock::take_read_only(dir) {
                Err(StoreError::Io { .. }) if !dir.join("lock").exists() => None,
                lock => Some(lock?),
            };
            match copied(&dir.join(STATE)) {
                Ok(copy) => Some(copy),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(trouble::from_io(dir, &error)),
            }
        };
        let mut known = Self {
            last: index,
            ..Self::default()
        };
        let Some(copy) = copy else { return Ok(known) };
        let folder = copy.path().join(STATE);
        let follows = match seal {
            None => view::follows(&folder).ok().flatten(),
            Some(seal) => {
                let view = cure::open(&folder, seal, now, &mut Vec::new()).ok();
                known.view = view.filter(View::ours);
                (known.view.as_ref())
                    .and_then(|view| view.following().ok()?)
                    .map(|cursor| cursor.seq)
            }
        };
        known.last = known.last.max(follows);
        Ok(Self {
            _copy: Some(copy),
            ..known
        })
    }
}

impl Witness for Beside {
    fn last(&self) -> Option<u64> {
        self.last
    }

    /// Killed, sled lacks what it had not written yet.
    fn sure(&self) -> bool {
        false
    }

    fn at(&self, spots: &[Spot]) -> Option<Vec<Vec<NoteId>>> {
        let places = self.view.as_ref()?.places().ok()?;
        let at = |spot: &Spot| {
            let mut ids: Vec<NoteId> = (places.iter())
                .filter(|(place, _)| spot.holds(*place))
                .map(|(_, id)| id.clone())
                .collect();
            ids.sort();
            ids
        };
        Some(spots.iter().map(at).collect())
    }
}

/// A copy of sled's folder, for this user alone.
fn copied(state: &Path) -> io::Result<tempfile::TempDir> {
    std::fs::metadata(state)?;
    let copy = tempfile::tempdir()?;
    let mut folders = vec![(state.to_owned(), copy.path().join(STATE))];
    while let Some((from, to)) = folders.pop() {
        super::files::make_folder(&to)?;
        for entry in std::fs::read_dir(&from)? {
            let entry = entry?;
            let (kind, to) = (entry.file_type()?, to.join(entry.file_name()));
            if kind.is_dir() {
                folders.push((entry.path(), to));
            } else if kind.is_file() {
                std::fs::copy(entry.path(), to)?;
            }
        }
    }
    Ok(copy)
}

#[cfg(test)]
mod tests;
