//! Keys of candidates: opaque to the asker, good for as long as the stand-in
//! runs with the same seed, and not to be made up.

use sha2::{Digest, Sha256};

fn word(seed: u64, what: &[u8]) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"madoguchi candidate");
    hash.update(seed.to_le_bytes());
    hash.update(what);
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The key of a person.
pub fn seal(seed: u64, person: u32) -> String {
    let tag = word(seed, &person.to_le_bytes());
    // The tag blinds the number, so that keys tell nothing about order.
    let blind = word(seed, &tag.to_le_bytes()) as u32;
    format!("{tag:016x}{:08x}", person ^ blind)
}

/// The person of a key; `None` for any other text.
pub fn open(seed: u64, key: &str) -> Option<u32> {
    let tag = u64::from_str_radix(key.get(..16)?, 16).ok()?;
    let blinded = u32::from_str_radix(key.get(16..)?, 16).ok()?;
    let person = blinded ^ word(seed, &tag.to_le_bytes()) as u32;
    (seal(seed, person) == key).then_some(person)
}
