//! Sealing: XChaCha20-Poly1305 with a fresh nonce each, bound to this store,
//! to what the content is, and to which one it is (SEC-20).
//!
//! A sealed piece is `key id (4, little endian) | nonce (24) | cipher text |
//! tag (16)`. The key id lets two data keys be in use while they are changed;
//! 0 is none, so that a piece of zeros is an erased one (SEC-24).

use crate::domain::secret::Secret;
use chacha20poly1305::aead::rand_core::RngCore;
use chacha20poly1305::aead::{AeadInPlace, KeyInit, OsRng};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;
use zeroize::{Zeroize as _, Zeroizing};

/// A key: 256 bits, wiped when dropped.
pub type Secret256 = Zeroizing<[u8; 32]>;

/// Bytes in front of the cipher text.
pub const FRONT: usize = 4 + NONCE;
/// Bytes by which a sealed piece is longer than its content.
pub const OVERHEAD: usize = FRONT + TAG;
const NONCE: usize = 24;
const TAG: usize = 16;
/// Raised when the meaning of the bound data changes.
const VERSION: u8 = 1;

/// What a sealed piece is of. A piece opens only as what it was sealed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A journal record, by sequence number.
    Record(u64),
    /// A note's present form, by id.
    Note(&'a [u8]),
    /// A draft, by the key it lies under.
    Draft(&'a [u8]),
    /// A row of a table or a file named here: the table, and the row.
    Row(&'a str, &'a [u8]),
    /// The data keys of a store, by the wrap that holds them.
    Ring(&'a [u8]),
}

/// The content could not be turned into bytes, or back: another key, another
/// place, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// The data keys of one store, in use. Cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<Keys>);

struct Keys {
    store: [u8; 16],
    names: Secret256,
    data: Vec<(u32, Secret256)>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// Of the store `store`; the last of `data` (id and key) seals, all open.
    /// `names` makes the keyed names of [`Seal::name`].
    pub fn new(store: [u8; 16], names: Secret256, data: Vec<(u32, Secret256)>) -> Self {
        Self(Arc::new(Keys { store, names, data }))
    }

    /// The id of the data key that seals now.
    pub fn current(&self) -> u32 {
        self.0.data.last().map_or(0, |(id, _)| *id)
    }

    /// Seals a piece of content.
    pub fn seal(&self, kind: Kind, content: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::with_capacity(content.len() + OVERHEAD);
        bytes.resize(FRONT, 0);
        bytes.extend_from_slice(content);
        self.seal_behind_front(kind, bytes)
    }

    /// Seals what stands in `bytes` behind [`FRONT`] free bytes, without
    /// another copy of it.
    pub fn seal_behind_front(&self, kind: Kind, mut bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        let (id, key) = self.0.data.last().ok_or(Unreadable)?;
        let (front, content) = bytes.split_at_mut_checked(FRONT).ok_or(Unreadable)?;
        let (number, nonce) = front.split_at_mut_checked(4).ok_or(Unreadable)?;
        number.copy_from_slice(&id.to_le_bytes());
        random(nonce)?;
        let tag = XChaCha20Poly1305::new(Key::from_slice(&**key))
            .encrypt_in_place_detached(XNonce::from_slice(nonce), &self.bound(*id, kind), content)
            .map_err(|_| Unreadable)?;
        bytes.extend_from_slice(&tag);
        Ok(bytes)
    }

    /// Opens a sealed piece.
    pub fn open(&self, kind: Kind, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        let id = key_of(sealed).ok_or(Unreadable)?;
        let key = (self.0.data.iter())
            .find_map(|(known, key)| (*known == id).then_some(key))
            .ok_or(Unreadable)?;
        let (front, rest) = sealed.split_at_checked(FRONT).ok_or(Unreadable)?;
        let at = rest.len().checked_sub(TAG).ok_or(Unreadable)?;
        let (text, tag) = rest.split_at_checked(at).ok_or(Unreadable)?;
        let nonce = front.get(4..).ok_or(Unreadable)?;
        let mut content = Zeroizing::new(text.to_vec());
        XChaCha20Poly1305::new(Key::from_slice(&**key))
            .decrypt_in_place_detached(
                XNonce::from_slice(nonce),
                &self.bound(id, kind),
                &mut content,
                Tag::from_slice(tag),
            )
            .map_err(|_| Unreadable)?;
        Ok(content)
    }

    /// A name under which something of `id` (a ユーザID, for example) can be
    /// found again without saying it.
    pub fn name(&self, table: &str, id: &str) -> [u8; 16] {
        let mut out = [0; 16];
        for (out, byte) in out.iter_mut().zip(self.mark(table, id)) {
            *out = byte;
        }
        out
    }

    /// A mark on `text` that nobody makes without the key: HMAC-SHA256. It
    /// stays right when the data keys are changed.
    pub fn mark(&self, table: &str, text: &str) -> [u8; 32] {
        // HMAC takes keys of any length; there is no other error.
        let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(&*self.0.names) else {
            return [0; 32];
        };
        mac.update(&(table.len() as u64).to_le_bytes());
        mac.update(table.as_bytes());
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The key that cards are recognised by, hex: of this store alone, for
    /// nothing else, and the same after the data keys are changed.
    pub fn card_key(&self) -> Secret {
        let mut key = Zeroizing::new(self.mark("card", "recognise"));
        // Never grows: no copy is left.
        let mut text = String::with_capacity(2 * key.len());
        let digits = key.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
        key.zeroize();
        Secret::new(text)
    }

    /// What a piece is bound to besides its key.
    fn bound(&self, id: u32, kind: Kind) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        out.push(VERSION);
        out.extend_from_slice(&id.to_le_bytes());
        out.extend_from_slice(&self.0.store);
        let (tag, table, row) = match &kind {
            Kind::Record(seq) => {
                out.push(1);
                out.extend_from_slice(&seq.to_le_bytes());
                return out;
            }
            Kind::Note(id) => (2, "", *id),
            Kind::Draft(name) => (3, "", *name),
            Kind::Row(table, row) => (4, *table, *row),
            Kind::Ring(wrap) => (5, "", *wrap),
        };
        out.push(tag);
        out.extend_from_slice(&(table.len() as u32).to_le_bytes());
        out.extend_from_slice(table.as_bytes());
        out.extend_from_slice(row);
        out
    }
}

/// The id of the data key a piece is sealed with; nothing for what is too
/// short or erased.
pub fn key_of(sealed: &[u8]) -> Option<u32> {
    let id = u32::from_le_bytes(*sealed.first_chunk::<4>()?);
    (id != 0 && sealed.len() >= OVERHEAD).then_some(id)
}

/// Fills `out` from the system's random numbers.
pub fn random(out: &mut [u8]) -> Result<(), Unreadable> {
    OsRng.try_fill_bytes(out).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests;
