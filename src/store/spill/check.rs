//! A spill as it is examined beside the desk service, changing nothing: how
//! much waits, and whether all of it is there as it was written.

use super::log::{self, Content};
use super::reckon::{self, Lost, There};
use super::tally::{self, Account};
use super::{place, trouble};
use crate::store::audit::anchor::Anchor;
use crate::store::keys::{self, KeySource};
use crate::store::record::StoreError;
use std::collections::BTreeMap;
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
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Where records wait, as it may be shown.
    pub folders: Vec<String>,
    /// Records that can be read.
    pub records: u64,
    /// A folder that does not open, and why.
    pub closed: Vec<(PathBuf, StoreError)>,
    /// What is not as it was written, by the file's name.
    pub flaws: Vec<(String, Flaw)>,
    /// What was acknowledged and is not there.
    pub lost: Vec<Lost>,
    /// Where the journal ended when files were begun.
    pub ends: Vec<Anchor>,
}

/// Examines `candidates`; `None` if nothing waits there. Without a key,
/// checksums and chains alone.
pub fn examine(candidates: &[PathBuf], source: Option<&KeySource>) -> Option<Waiting> {
    let mut waiting = Waiting::default();
    let mut account = Account::new();
    let mut there = BTreeMap::new();
    let mut any = false;
    for dir in candidates.iter().filter(|dir| place::holds_something(dir)) {
        any = true;
        if let Err(error) = folder(dir, source, &mut waiting, &mut account, &mut there) {
            waiting.closed.push((dir.clone(), error));
        }
    }
    loop {
        let elsewhere = reckon::elsewhere(&account, &there);
        if elsewhere.is_empty() {
            break;
        }
        for (dir, names) in elsewhere {
            // Whatever follows: they are not gone.
            there.extend(names.into_iter().map(|name| (name, There::Unread)));
            if let Err(error) = folder(&dir, source, &mut waiting, &mut account, &mut there) {
                waiting.closed.push((dir, error));
            }
        }
    }
    if source.is_some() {
        waiting.lost = reckon::lost(&account, &there);
    }
    any.then_some(waiting)
}

fn folder(
    dir: &Path,
    source: Option<&KeySource>,
    waiting: &mut Waiting,
    account: &mut Account,
    there: &mut BTreeMap<String, There>,
) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| trouble::from_io(dir, &error);
    let paths = log::all(dir).map_err(failed)?;
    for path in &paths {
        there.entry(log::name(path)).or_insert(There::Unread);
    }
    let seal = source.map(|source| keys::seal(dir, source)).transpose()?;
    // Before the files, which have at least as much.
    let tallies = tally::all(dir).map_err(failed)?;
    if let Some(seal) = &seal {
        for name in &tallies {
            if let Ok(found) = tally::read(dir, name, seal) {
                tally::learn(account, name, found.known);
            }
        }
    }
    for path in paths {
        let name = log::name(&path);
        let content = match log::peek(&path, seal.as_ref()) {
            // Taken in meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            content => content.map_err(failed)?,
        };
        let places = content.bad.iter().map(|&(offset, bytes)| Flaw::Bad {
            offset: offset as u64,
            bytes: bytes as u64,
        });
        (waiting.flaws).extend(places.map(|flaw| (name.clone(), flaw)));
        let rows = content.hashes.iter().filter(|(number, _)| *number > 0);
        let rows = rows.count() as u64;
        waiting.records += rows;
        let shown = trouble::shown(dir);
        if rows > 0 && !waiting.folders.contains(&shown) {
            waiting.folders.push(shown);
        }
        if rows > 0 && !tallies.contains(&name) {
            waiting.flaws.push((name.clone(), Flaw::Untold));
        }
        if seal.is_some() {
            know(&content, &name, dir, waiting, account);
            there.insert(name, There::read(&content));
        }
    }
    Ok(())
}

fn know(content: &Content, name: &str, dir: &Path, waiting: &mut Waiting, account: &mut Account) {
    tally::learn(account, name, content.known(trouble::shown(dir)));
    let Some(head) = &content.head else { return };
    for (name, known) in &head.before {
        tally::learn(account, name, known.clone());
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
