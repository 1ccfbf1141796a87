//! One journal record as bytes, and back.
//!
//! All numbers are little endian.
//!
//! | at | bytes | |
//! |---|---|---|
//! | 0 | 4 | `F6 4D 4A 0A` |
//! | 4 | 2 | format, [`FORMAT`] |
//! | 6 | 2 | 0 |
//! | 8 | 8 | sequence number, from 1 |
//! | 16 | 8 | wall time, microseconds since 1970 |
//! | 24 | 4 | length of the sealed bytes |
//! | 28 | 32 | SHA-256 of the content before sealing, behind a random salt of 16 bytes that is sealed with it |
//! | 60 | 32 | SHA-256 of the first 92 bytes of the record before, zero in the first record |
//! | 92 | 4 | CRC-32 of the 92 bytes above |
//! | 96 | 4 | CRC-32 of the sealed bytes |
//! | 100 | | the sealed bytes ([`super::seal`]); all zero: erased |
//!
//! The chain runs over the first 92 bytes alone, which hold the content's hash
//! and nothing of how it is sealed: a record may be sealed anew with another
//! key, or its content erased (retention), and the chain still verifies. The
//! salt keeps the hash from telling what a short content was. Damage is found
//! by the CRC without any key; with the key the seal's tag and the hash decide.

use sha2::{Digest, Sha256};

/// The format written by this program.
pub const FORMAT: u16 = 4;
/// Bytes of a header.
pub const HEADER: usize = 100;
/// The longest sealed payload taken or read.
pub const MAX_PAYLOAD: usize = 1 << 20;
/// The first bytes of every record.
pub const MAGIC: [u8; 4] = [0xF6, b'M', b'J', b'\n'];
/// Bytes of a header under its checksum.
const COVERED: usize = 92;

/// A SHA-256.
pub type Hash = [u8; 32];

/// SHA-256 of `bytes`.
pub fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// [`hash`] of a record's salt and content; a name of its own because it is
/// not the hash of the bytes that are written.
pub fn salted(salt_and_content: &[u8]) -> Hash {
    hash(salt_and_content)
}

/// A record's content as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// [`salted`] of what was sealed.
    pub hash: Hash,
    /// What is written.
    pub bytes: Vec<u8>,
}

/// The head of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Format it was written in.
    pub format: u16,
    /// Sequence number, from 1.
    pub seq: u64,
    /// Wall time, microseconds since 1970.
    pub at: i64,
    /// Bytes of payload.
    pub length: u32,
    /// [`salted`] of the content.
    pub content: Hash,
    /// [`Header::link`] of the record before.
    pub before: Hash,
    /// CRC-32 of the payload; no part of the chain.
    pub crc: u32,
}

impl Header {
    /// The head of a new record.
    pub fn of(seq: u64, at: i64, payload: &Sealed, before: Hash) -> Self {
        Self {
            format: FORMAT,
            seq,
            at,
            length: u32::try_from(payload.bytes.len()).unwrap_or(u32::MAX),
            content: payload.hash,
            before,
            crc: crc32fast::hash(&payload.bytes),
        }
    }

    /// The same head over other bytes of the same length: sealed anew, or
    /// erased.
    #[must_use]
    pub fn over(&self, payload: &[u8]) -> Self {
        debug_assert_eq!(payload.len(), self.length as usize);
        Self {
            crc: crc32fast::hash(payload),
            ..*self
        }
    }

    /// Whether these bytes are the ones that were written.
    pub fn fits(&self, payload: &[u8]) -> bool {
        payload.len() == self.length as usize && crc32fast::hash(payload) == self.crc
    }

    fn covered(&self) -> [u8; COVERED] {
        let mut out = [0; COVERED];
        let mut at = 0;
        let mut put = |bytes: &[u8]| {
            if let Some(place) = out.get_mut(at..at + bytes.len()) {
                place.copy_from_slice(bytes);
            }
            at += bytes.len();
        };
        put(&MAGIC);
        put(&self.format.to_le_bytes());
        put(&[0, 0]);
        put(&self.seq.to_le_bytes());
        put(&self.at.to_le_bytes());
        put(&self.length.to_le_bytes());
        put(&self.content);
        put(&self.before);
        out
    }

    /// The hash the next record carries.
    pub fn link(&self) -> Hash {
        hash(&self.covered())
    }

    /// Bytes of the whole record.
    pub fn size(&self) -> u64 {
        HEADER as u64 + u64::from(self.length)
    }

    /// Appends header and payload to `out`.
    pub fn write(&self, payload: &[u8], out: &mut Vec<u8>) {
        let covered = self.covered();
        out.extend_from_slice(&covered);
        out.extend_from_slice(&crc32fast::hash(&covered).to_le_bytes());
        out.extend_from_slice(&self.crc.to_le_bytes());
        out.extend_from_slice(payload);
    }

    /// Reads a header from the beginning of `bytes`; `None` if there is no
    /// whole one with a right checksum and a payload of allowed length.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let covered = bytes.get(..COVERED)?;
        let crc = u32::from_le_bytes(array(bytes, COVERED)?);
        if array::<4>(bytes, 0)? != MAGIC || crc32fast::hash(covered) != crc {
            return None;
        }
        let header = Self {
            format: u16::from_le_bytes(array(bytes, 4)?),
            seq: u64::from_le_bytes(array(bytes, 8)?),
            at: i64::from_le_bytes(array(bytes, 16)?),
            length: u32::from_le_bytes(array(bytes, 24)?),
            content: array(bytes, 28)?,
            before: array(bytes, 60)?,
            crc: u32::from_le_bytes(array(bytes, COVERED + 4)?),
        };
        (header.length as usize <= MAX_PAYLOAD).then_some(header)
    }
}

/// Whether a payload has been erased (SEC-24): every byte zero. Nothing that
/// is sealed begins with a zero key id. Anybody can write zeros, so this alone
/// does not tell that it was done in order.
pub fn erased(payload: &[u8]) -> bool {
    !payload.is_empty() && payload.iter().all(|&byte| byte == 0)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealed(bytes: &[u8]) -> Sealed {
        Sealed {
            hash: hash(bytes),
            bytes: bytes.to_vec(),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            seq: u64, at: i64, before: Hash,
            payload in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            let header = Header::of(seq, at, &sealed(&payload), before);
            let mut out = Vec::new();
            header.write(&payload, &mut out);
            prop_assert_eq!(out.len() as u64, header.size());
            prop_assert_eq!(Header::read(&out), Some(header));
            prop_assert!(header.fits(&out[HEADER..]));
        }

        #[test]
        fn n4_no_flipped_bit_is_taken(bit in 0..(HEADER + 2) * 8, seq: u64, at: i64) {
            let mut out = Vec::new();
            Header::of(seq, at, &sealed(b"{}"), [7; 32]).write(b"{}", &mut out);
            out[bit / 8] ^= 1 << (bit % 8);
            let read = Header::read(&out);
            prop_assert!(read.is_none_or(|header| !header.fits(&out[HEADER..])));
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Header::read(&bytes), None);
        }

        #[test]
        fn the_chain_does_not_hang_on_how_a_record_is_sealed(a: [u8; 40], b: [u8; 40]) {
            let header = Header::of(3, 4, &sealed(&a), [5; 32]);
            let other = header.over(&b);
            prop_assert_eq!(header.link(), other.link());
            prop_assert!(other.fits(&b));
            prop_assert_eq!(other.fits(&a), a == b);
        }
    }

    #[test]
    fn a_header_claiming_a_giant_payload_is_none() {
        let mut header = Header::of(1, 0, &sealed(b""), [0; 32]);
        header.length = MAX_PAYLOAD as u32 + 1;
        let mut out = Vec::new();
        header.write(b"", &mut out);
        assert_eq!(Header::read(&out), None);
    }

    #[test]
    fn the_link_depends_on_content_and_past() {
        let one = Header::of(1, 0, &sealed(b"a"), [0; 32]);
        assert_ne!(one.link(), Header::of(1, 0, &sealed(b"b"), [0; 32]).link());
        assert_ne!(one.link(), Header::of(1, 0, &sealed(b"a"), [1; 32]).link());
    }
}
