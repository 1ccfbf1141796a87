//! With which key the folders of the spill are sealed: the store's own, as far
//! as that is known.
//!
//! While the store's keys cannot be read, the settings may still name a key
//! from before it was moved. The folders that have keys know better then: they
//! are followed, and where they deny the settings' key no new ones are made.

use crate::store::keys::{self, KeySource, KeyTrouble, Ring};
use crate::store::record::StoreError;
use crate::store::trouble;
use std::path::{Path, PathBuf};

/// The key, and what is known of it.
#[derive(Debug, Clone)]
pub struct Keyed {
    source: KeySource,
    /// The files it was moved from.
    former: Vec<String>,
    /// What the settings name.
    named: KeySource,
    /// It has opened the store's own keys.
    sure: bool,
}

impl Keyed {
    /// The key the settings name.
    pub fn new(named: KeySource) -> Self {
        Self {
            source: named.clone(),
            former: Vec::new(),
            named,
            sure: false,
        }
    }

    /// It opens the store's keys; `former`: the files it was moved from.
    pub fn settle(&mut self, source: KeySource, former: Vec<String>) {
        (self.source, self.former, self.sure) = (source, former, true);
    }

    /// Looks in the folders for where the key has been moved, unless the store
    /// has told it. The latest of several places is the one with most behind
    /// it.
    pub fn seek(&mut self, candidates: &[PathBuf]) {
        if self.sure {
            return;
        }
        let open = |dir: &PathBuf| keys::open(dir, &self.named).ok().flatten();
        let moved = (candidates.iter().filter_map(open))
            .map(|(ring, _)| (ring.source().clone(), ring.former().to_vec()))
            .filter(|(source, _)| !source.is(&self.named))
            .max_by_key(|(_, former)| former.len());
        if let Some((source, former)) = moved {
            (self.source, self.former) = (source, former);
        }
    }

    /// The data keys of `dir`, one of `candidates`; made if there are none.
    pub fn open(&self, dir: &Path, candidates: &[PathBuf]) -> Result<Ring, StoreError> {
        let open = || keys::open_beside(dir, &[&self.source, &self.named]);
        let Some(mut ring) = open()? else {
            // New ones would open nothing of it, and take the place of the lost.
            if super::place::holds_something(dir) {
                let dir = keys::at(dir);
                return Err(KeyTrouble::NoKeys { dir }.beside().into());
            }
            if let Some(denied) = self.denied(candidates) {
                return Err(denied);
            }
            return keys::create_beside(dir, &self.source, &self.former);
        };
        if self.sure && keys::hand_over(&mut ring, dir, &self.source, &self.former).is_err() {
            // As it was, it can be read.
            return open()?.ok_or_else(|| trouble::other(dir, "鍵束がありません"));
        }
        Ok(ring)
    }

    /// The keys of `dir` belong to a key that is no more, and nothing needs
    /// them: others take their place. Only where it has opened the store.
    pub fn renew(&self, dir: &Path) -> Result<(), StoreError> {
        let other = match keys::open(dir, &self.source) {
            Err(StoreError::Key(
                KeyTrouble::Wrong { .. }
                | KeyTrouble::WrongWords { .. }
                | KeyTrouble::Damaged { .. },
            )) => true,
            opened => opened.map(|_| false)?,
        };
        if other && !super::place::holds_something(dir) {
            keys::forget(dir).map_err(|error| trouble::from_io(dir, &error))?;
            keys::create_beside(dir, &self.source, &self.former)?;
        }
        Ok(())
    }

    /// Whether `ring` is sealed with it.
    pub fn is(&self, source: &KeySource) -> bool {
        self.source.is(source)
    }

    /// Why new keys are not made: the ones there are know another key, or this
    /// one is not there.
    fn denied(&self, candidates: &[PathBuf]) -> Option<StoreError> {
        if self.sure || !self.source.is(&self.named) {
            return None;
        }
        candidates.iter().find_map(|dir| {
            keys::open_beside(dir, &[&self.source])
                .err()
                .filter(|error| matches!(error, StoreError::Key(_)))
        })
    }
}
