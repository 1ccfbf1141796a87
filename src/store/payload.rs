//! The one gate through which content goes to the disk and comes back: what a
//! journal record, a note or a draft is turned into before it is written.

pub use super::seal::{Kind, Unreadable};

use super::frame::{Header, Sealed, salted};
use super::seal::{FRONT, OVERHEAD, Seal, random};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Random bytes in front of a record's content: its hash stands in the clear,
/// and must not tell what a short content was.
pub const SALT: usize = 16;

/// Content is written into a buffer of this size, so that most of it never
/// moves and leaves no copy behind.
const USUAL: usize = 8 * 1024;

/// `content` as the bytes that are written.
pub fn close<T: Serialize>(seal: &Seal, kind: Kind, content: &T) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::with_capacity(USUAL);
    bytes.resize(FRONT, 0);
    serde_json::to_writer(&mut bytes, content).map_err(|_| Unreadable)?;
    let mut sealed = seal.seal_behind_front(kind, bytes)?;
    sealed.shrink_to_fit();
    Ok(sealed)
}

/// The content of bytes that were written.
pub fn open<T: DeserializeOwned>(seal: &Seal, kind: Kind, bytes: &[u8]) -> Result<T, Unreadable> {
    let content = seal.open(kind, bytes)?;
    serde_json::from_slice(&content).map_err(|_| Unreadable)
}

/// A journal record's content, salted, hashed and sealed.
pub fn close_record<T: Serialize>(
    seal: &Seal,
    seq: u64,
    content: &T,
) -> Result<Sealed, Unreadable> {
    let mut bytes = Vec::with_capacity(USUAL);
    bytes.resize(FRONT + SALT, 0);
    random(bytes.get_mut(FRONT..).ok_or(Unreadable)?)?;
    serde_json::to_writer(&mut bytes, content).map_err(|_| Unreadable)?;
    let hash = salted(bytes.get(FRONT..).ok_or(Unreadable)?);
    let bytes = seal.seal_behind_front(Kind::Record(seq), bytes)?;
    Ok(Sealed { hash, bytes })
}

/// The content of a journal record, held against the hash in its header.
pub fn open_record<T: DeserializeOwned>(
    seal: &Seal,
    header: &Header,
    bytes: &[u8],
) -> Result<T, Unreadable> {
    let salt_and_content = seal.open(Kind::Record(header.seq), bytes)?;
    if salted(&salt_and_content) != header.content {
        return Err(Unreadable);
    }
    let content = salt_and_content.get(SALT..).ok_or(Unreadable)?;
    serde_json::from_slice(content).map_err(|_| Unreadable)
}

/// A journal record's bytes sealed anew with the present data key. Content,
/// hash and length stay; so the header does, and the chain.
pub fn reseal_record(seal: &Seal, header: &Header, bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let kind = Kind::Record(header.seq);
    let content = seal.open(kind, bytes)?;
    if salted(&content) != header.content {
        return Err(Unreadable);
    }
    let new = seal.seal(kind, &content)?;
    debug_assert_eq!(new.len(), content.len() + OVERHEAD);
    Ok(new)
}
