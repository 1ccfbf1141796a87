//! The journal (append-only, the truth) and sled (the current state, rebuilt
//! from the journal when in doubt) behind one small typed interface.
//!
//! In the store's folder:
//!
//! - `lock`: held while the store is open, names its holder
//! - `format`: version of the store
//! - `keys`, `keys.spare`: the data keys, wrapped ([`keys`])
//! - `journal/2026-11.log` …: the records, one file a month ([`frame`])
//! - `state/`: sled
//! - `index`: an outline of every note, sealed ([`index`])
//! - `state.20261120-091241`: a former `state` that could not be used

pub mod audit;
pub mod beside;
mod cure;
mod disk;
mod files;
mod flaw;
mod format;
pub mod frame;
pub mod guard;
mod index;
mod journal;
pub mod keys;
mod lock;
mod opening;
mod payload;
pub mod record;
pub mod remark;
pub mod rotate;
pub mod seal;
pub mod shelf;
pub mod spill;
mod trouble;
pub mod verify;
mod view;
pub mod walk;
pub mod whose;
pub mod worker;

pub use disk::{Seq, Store};
pub use keys::KeySource;

/// Whether the store in `dir` could be opened now, or who has it open.
pub fn free(dir: &std::path::Path) -> Result<(), record::StoreError> {
    lock::Lock::take(dir).map(drop)
}

/// The record that the index of the store in `dir` follows, as far as the
/// index says: a journal that ends before it has lost its end.
pub fn indexed(dir: &std::path::Path) -> Option<u64> {
    index::follows(dir)
}

#[cfg(test)]
mod tests;
