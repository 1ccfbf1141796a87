//! A spill as it is examined beside the desk service, changing nothing: how
//! much waits, and whether all of it is there as it was written.

use super::log::{self, Content};
use super::reckon::{self, Lost, There};
use super::tally::{self, Account};
use super::{place, trouble};
use crate::store::audit::anchor::Anchor;
use crate::store::keys::{self, KeySource};
use crate::store::record::StoreError;
use crate::store::seal::Seal;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What is wrong with a file, or with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Something in it is not what was written there.
    Bad {
        /// From which byte.
        offset: u64,
        /// How many.
        bytes: u64,
    },
    /// It has no tally.
    Untold,
    /// It has tallies, and none of them is as it was written.
    Garbled,
    /// It is not there, though a tally is; what it held is not known.
    Alone,
}

impl Flaw {
    /// Whether it leaves open what a file should hold.
    pub fn of_tally(&self) -> bool {
        !matches!(self, Self::Bad { .. })
    }
}

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// Its folder, as it may be shown.
    pub folder: String,
    /// The numbers of the records in it that can be read.
    pub rows: BTreeSet<u64>,
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting {
    /// The files that hold records.
    pub files: Vec<Held>,
    /// A folder that does not open, and why.
    pub closed: Vec<(PathBuf, StoreError)>,
    /// What is not as it was written, by the file's name.
    pub flaws: Vec<(String, Flaw)>,
    /// What was acknowledged and is not there.
    pub lost: Vec<Lost>,
    /// Where the journal ended when files were begun.
    pub ends: Vec<Anchor>,
}

impl Waiting {
    /// Records that can be read; the journal may have them already.
    pub fn records(&self) -> u64 {
        self.files.iter().map(|file| file.rows.len() as u64).sum()
    }
}

/// Examines `candidates`; `None` if nothing waits there. Without a key,
/// checksums and chains alone.
pub fn examine(candidates: &[PathBuf], source: Option<&KeySource>) -> Option<Waiting> {
    let mut look = Look::default();
    let mut any = false;
    for dir in candidates.iter().filter(|dir| place::holds_something(dir)) {
        any = true;
        look.folder(dir, source);
    }
    loop {
        let elsewhere = reckon::elsewhere(&look.account, &look.there);
        if elsewhere.is_empty() {
            break;
        }
        for (dir, names) in elsewhere {
            // Whatever follows: they are not gone.
            let unread = names.into_iter().map(|name| (name, There::Unread));
            look.there.extend(unread);
            look.folder(&dir, source);
        }
    }
    look.tallies();
    let Look {
        mut waiting,
        account,
        there,
        ..
    } = look;
    if source.is_some() {
        waiting.lost = reckon::lost(&account, &there);
    }
    any.then_some(waiting)
}

#[derive(Default)]
struct Look {
    waiting: Waiting,
    account: Account,
    there: BTreeMap<String, There>,
    /// Where tallies lie, by file, and whether one of them is whole.
    tallies: BTreeMap<String, (Vec<PathBuf>, bool)>,
}

impl Look {
    fn folder(&mut self, dir: &Path, source: Option<&KeySource>) {
        if let Err(error) = self.files(dir, source) {
            self.waiting.closed.push((dir.to_owned(), error));
        }
    }

    fn files(&mut self, dir: &Path, source: Option<&KeySource>) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| trouble::from_io(dir, &error);
        let paths = log::all(dir).map_err(failed)?;
        for path in &paths {
            self.there.entry(log::name(path)).or_insert(There::Unread);
        }
        let seal = source
            .map(|source| keys::seal_beside(dir, source))
            .transpose()?;
        // Before the files, which have at least as much.
        for name in tally::all(dir).map_err(failed)? {
            self.tally(dir, &name, seal.as_ref());
        }
        for path in paths {
            let content = match log::peek(&path, seal.as_ref()) {
                // Taken in meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                content => content.map_err(failed)?,
            };
            self.file(dir, log::name(&path), &content, seal.is_some());
        }
        Ok(())
    }

    fn tally(&mut self, dir: &Path, name: &str, seal: Option<&Seal>) {
        let whole = match tally::read(dir, name, seal) {
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(_) => false,
            Ok(found) => {
                if seal.is_some() {
                    tally::learn(&mut self.account, name, found.known);
                }
                found.whole
            }
        };
        let (places, any) = self.tallies.entry(name.to_owned()).or_default();
        places.push(tally::path(dir, name));
        *any |= whole;
    }

    fn file(&mut self, dir: &Path, name: String, content: &Content, opened: bool) {
        let waiting = &mut self.waiting;
        let places = content.bad.iter().map(|&(offset, bytes)| Flaw::Bad {
            offset: offset as u64,
            bytes: bytes as u64,
        });
        (waiting.flaws).extend(places.map(|flaw| (name.clone(), flaw)));
        let folder = trouble::shown(dir);
        let rows = content.hashes.iter().map(|(number, _)| *number);
        let rows: BTreeSet<u64> = rows.filter(|number| *number > 0).collect();
        if !rows.is_empty() {
            waiting.files.push(Held {
                name: name.clone(),
                folder: folder.clone(),
                rows,
            });
        }
        if !opened {
            return;
        }
        tally::learn(&mut self.account, &name, content.known(folder));
        self.there.insert(name, There::read(content));
        let Some(head) = &content.head else { return };
        for (name, known) in &head.before {
            tally::learn(&mut self.account, name, known.clone());
        }
        if let Some((seq, head)) = &head.journal {
            waiting.ends.push(Anchor {
                at: None,
                seq: *seq,
                place: None,
                head: head.clone(),
            });
        }
    }

    /// Holds files and tallies against each other.
    fn tallies(&mut self) {
        let Waiting { files, flaws, .. } = &mut self.waiting;
        for file in files {
            match self.tallies.get(&file.name) {
                None => flaws.push((file.name.clone(), Flaw::Untold)),
                Some((_, false)) => flaws.push((file.name.clone(), Flaw::Garbled)),
                Some((_, true)) => {}
            }
        }
        for (name, (places, _)) in &self.tallies {
            let known = self.account.get(name).is_some_and(|one| one.records > 0);
            // They go before their file when that is taken in.
            let stays = |path: &PathBuf| path.metadata().is_ok_and(|meta| meta.len() > 0);
            if !known && !self.there.contains_key(name) && places.iter().any(stays) {
                flaws.push((name.clone(), Flaw::Alone));
            }
        }
    }
}
