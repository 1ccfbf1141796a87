//! The private keys of a card: RSA-2048, invented.

use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// `DigestInfo` of SHA-256, before the 32 bytes.
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// Most that PKCS#1 v1.5 can pad into 256 bytes.
pub(super) const MOST: usize = 245;

/// A private key.
pub(super) struct Key {
    pem: String,
    parsed: OnceLock<Option<RsaPrivateKey>>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What the card does before it pads (P1 of the command).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// 00: as given.
    Given,
    /// 01: the hash of what is given.
    Hash,
    /// 02: what is given is a SHA-256; its `DigestInfo`.
    Digest,
    /// 03: the `DigestInfo` of the hash of what is given.
    HashDigest,
}

impl Padding {
    pub(super) fn of(p1: u8) -> Option<Self> {
        match p1 {
            0 => Some(Self::Given),
            1 => Some(Self::Hash),
            2 => Some(Self::Digest),
            3 => Some(Self::HashDigest),
            _ => None,
        }
    }

    /// What is padded and signed; `None` if it cannot be.
    fn block(self, data: &[u8]) -> Option<Vec<u8>> {
        let digest = |hash: &[u8]| [&DIGEST_INFO, hash].concat();
        match self {
            Self::Given => (1..=MOST).contains(&data.len()).then(|| data.to_vec()),
            Self::Hash => Some(Sha256::digest(data).to_vec()),
            Self::Digest => (data.len() == 32).then(|| digest(data)),
            Self::HashDigest => Some(digest(&Sha256::digest(data))),
        }
    }
}

impl Key {
    /// From PEM (PKCS#8); read when it is first used.
    pub(super) fn new(pem: &str) -> Self {
        Self {
            pem: pem.to_owned(),
            parsed: OnceLock::new(),
        }
    }

    /// Whether it is a key at all.
    pub(super) fn works(&self) -> bool {
        self.private().is_some()
    }

    fn private(&self) -> Option<&RsaPrivateKey> {
        self.parsed
            .get_or_init(|| RsaPrivateKey::from_pkcs8_pem(&self.pem).ok())
            .as_ref()
    }

    /// The signature, 256 bytes.
    pub(super) fn sign(&self, padding: Padding, data: &[u8]) -> Option<Vec<u8>> {
        let block = padding.block(data)?;
        self.private()?
            .sign(Pkcs1v15Sign::new_unprefixed(), &block)
            .ok()
    }
}
