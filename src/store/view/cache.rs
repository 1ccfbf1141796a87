//! Opening sled, and keeping its memory within bounds while a whole ledger
//! passes through it.
//!
//! Sled 0.34 looks for pages to give up only after 64 visits to one of the 256
//! parts of its cache, whatever the cache may hold, and frees what it gave up
//! after 128 further calls of the same thread. A walk that visits each page
//! once would leave all of them in memory.

use sled::{IVec, Tree};
use std::path::Path;

/// How often, and how far apart, sled's lock is tried for.
const LOCK_TRIES: u32 = 500;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(4);
/// Sled's cache; of the ledger only single notes are read.
const CACHE: u64 = 8 << 20;
/// Visits to a page for each note in it; a page has eight to sixteen notes.
const VISITS: usize = 2;
/// Calls after which nothing waits to be freed any more.
const CALLS: usize = 2048;

/// Sled in `folder`. The store's own lock is held by now, so a lock on sled's
/// file can only be one that sled's own threads have not given back yet after
/// an earlier view was dropped: it is waited for.
#[allow(
    clippy::disallowed_methods,
    reason = "sled tells nobody when its threads have ended"
)]
pub fn released(folder: &Path) -> Result<sled::Db, sled::Error> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE)
        .flush_every_ms(None)
        .use_compression(false);
    for _ in 0..LOCK_TRIES {
        match config.open() {
            Err(sled::Error::Io(error)) if error.to_string().contains("acquire lock") => {
                std::thread::sleep(LOCK_WAIT);
            }
            opened => return opened,
        }
    }
    config.open()
}

/// Everything in `tree`, in order.
pub fn pairs(tree: &Tree) -> impl Iterator<Item = Result<(IVec, IVec), sled::Error>> + '_ {
    tree.iter().inspect(|pair| {
        if let Ok((key, _)) = pair {
            visit(tree, key);
        }
    })
}

/// Puts one of many values in.
pub fn put(tree: &Tree, key: &[u8], value: Vec<u8>) -> Result<(), sled::Error> {
    tree.insert(key, value)?;
    visit(tree, key);
    Ok(())
}

/// Has sled's cache count the page of `key` as visited, so that it gives up
/// others: whole ledgers are also read, and written, a note at a time.
pub fn visit(tree: &Tree, key: &[u8]) {
    for _ in 0..VISITS {
        let _ = tree.contains_key(key);
    }
}

/// Has sled free what it, or one that was closed before it, gave up.
pub fn settle(tree: &Tree) {
    for _ in 0..CALLS {
        let _ = tree.contains_key([]);
    }
}
