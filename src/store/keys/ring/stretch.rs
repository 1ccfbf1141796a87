//! The key around the data keys: from key material, or stretched out of a
//! passphrase.

use super::none;
use crate::store::keys::{KeyTrouble, Material};
use crate::store::seal::{Secret256, random};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How a passphrase becomes a key (Argon2id, version 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    salt: [u8; 16],
    /// KiB.
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// The key around the data keys; nothing if the wrap is of the other kind.
pub(super) fn around(
    store: &[u8; 16],
    stretch: Option<&Stretch>,
    material: &Material,
) -> Result<Option<Secret256>, KeyTrouble> {
    match (material, stretch) {
        (Material::Key(key), None) => {
            let mut out = Zeroizing::new([0; 32]);
            let mut mac =
                <Hmac<Sha256> as Mac>::new_from_slice(&**key).map_err(|_| KeyTrouble::NoRandom)?;
            mac.update(b"madoguchi wrap 1");
            mac.update(store);
            out.copy_from_slice(&mac.finalize().into_bytes());
            Ok(Some(out))
        }
        (Material::Words(words), Some(stretch)) => stretch.key(words).map(Some),
        _ => Ok(None),
    }
}

impl Stretch {
    pub(super) fn usual() -> Result<Self, KeyTrouble> {
        let mut salt = [0; 16];
        random(&mut salt).map_err(none)?;
        Ok(Self {
            salt,
            memory: 64 * 1024,
            passes: 3,
            lanes: 1,
        })
    }

    fn key(&self, words: &crate::domain::secret::Secret) -> Result<Secret256, KeyTrouble> {
        // A changed file must not make the desk fill its memory.
        let memory = self.memory.min(1024 * 1024);
        let passes = self.passes.min(64);
        let params = Params::new(memory, passes, self.lanes.clamp(1, 16), Some(32))
            .map_err(|_| KeyTrouble::NoRandom)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(words.reveal().as_bytes(), &self.salt, &mut *key)
            .map_err(|_| KeyTrouble::NoRandom)?;
        Ok(key)
    }
}
