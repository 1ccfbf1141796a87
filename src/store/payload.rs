//! The one gate through which content goes to the disk and comes back: what a
//! journal record, a note or a draft is turned into before it is written.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the bytes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A journal record, by sequence number.
    Record(u64),
    /// A note's present form, by id.
    Note(&'a [u8]),
    /// A draft, by ユーザID.
    Draft(&'a [u8]),
}

/// The content could not be turned into bytes, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// `content` as the bytes that are written.
pub fn close<T: Serialize>(_kind: Kind, content: &T) -> Result<Vec<u8>, Unreadable> {
    serde_json::to_vec(content).map_err(|_| Unreadable)
}

/// The content of bytes that were written.
pub fn open<T: DeserializeOwned>(_kind: Kind, bytes: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(bytes).map_err(|_| Unreadable)
}
