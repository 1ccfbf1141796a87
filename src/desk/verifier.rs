//! Verifiers of passwords: Argon2id, kept as PHC strings (SEC-6). Slow on
//! purpose: called off the desk's own thread.

use crate::domain::secret::Secret;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::hint::black_box;
use zeroize::Zeroize;

/// The salt of what is computed for an ユーザID that is not known here, so
/// that the time does not tell (SEC-2).
const NOBODY: &str = "bWFkb2d1Y2hpLW5vYm9keQ";

/// What one verifier costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// The least that is safe (SEC-6): 19 MiB, two passes.
    pub const LEAST: Self = Self {
        memory: 19 * 1024,
        passes: 2,
    };

    /// For tapes and tests, where nothing is at stake but time.
    pub const CHEAP: Self = Self {
        memory: 8,
        passes: 1,
    };

    fn params(self) -> Option<Params> {
        Params::new(self.memory, self.passes, 1, None).ok()
    }
}

/// More than what the system's allocator ever keeps for itself after it is
/// given back (32 MiB with glibc). A desk is logged in to all day, and 19 MiB
/// a login would stay with it; of what is reserved beyond them nothing is
/// touched.
const RETURNED: usize = 33 << 20;

/// What Argon2id makes of a password.
fn stretch(password: &Secret, salt: Salt<'_>, params: Params, version: Version) -> Option<Output> {
    let mut bytes = [0; Salt::RECOMMENDED_LENGTH * 4];
    let salt = salt.decode_b64(&mut bytes).ok()?;
    let count = params.block_count();
    let mut memory: Vec<Block> = Vec::new();
    (memory.try_reserve_exact(count.max(RETURNED / Block::SIZE))).ok()?;
    memory.resize(count, Block::default());
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let argon2 = Argon2::new(Algorithm::Argon2id, version, params);
    let output = Output::init_with(length, |out| {
        let password = password.reveal().as_bytes();
        Ok(argon2.hash_password_into_with_memory(password, salt, out, &mut memory)?)
    });
    memory.iter_mut().for_each(Block::zeroize);
    output.ok()
}

/// A new verifier with a salt of its own; `None` if the machine has no
/// memory or no random numbers for it.
pub fn make(password: &Secret, cost: Cost) -> Option<String> {
    let salt = SaltString::generate(&mut OsRng);
    let params = cost.params()?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(salt.as_salt()),
        hash: stretch(password, salt.as_salt(), params, Version::V0x13),
    };
    hash.hash.is_some().then(|| hash.to_string())
}

/// Whether `password` is the one of `verifier`. Without one the same work is
/// done, for nothing.
pub fn fits(password: &Secret, verifier: Option<&str>, cost: Cost) -> bool {
    let Some(verifier) = verifier else {
        let salt = SaltString::from_b64(NOBODY).ok();
        black_box(
            salt.zip(cost.params()).and_then(|(salt, params)| {
                stretch(password, salt.as_salt(), params, Version::V0x13)
            }),
        );
        return false;
    };
    made(password, verifier).is_some_and(|(made, kept)| made == kept)
}

/// What `password` makes with the salt and the cost of `verifier`, and what
/// is kept there.
fn made(password: &Secret, verifier: &str) -> Option<(Output, Output)> {
    let hash = PasswordHash::new(verifier).ok()?;
    if hash.algorithm != Algorithm::Argon2id.ident() {
        return None;
    }
    let version = Version::try_from(hash.version?).ok()?;
    let params = Params::try_from(&hash).ok()?;
    Some((stretch(password, hash.salt?, params, version)?, hash.hash?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn sec_6_the_form_of_a_verifier() {
        let made = make(&secret("Onshi*003*003"), Cost::LEAST).unwrap();
        assert!(
            made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{made}"
        );
        assert!(!made.contains("Onshi"));
        assert!(fits(&secret("Onshi*003*003"), Some(&made), Cost::LEAST));
        assert!(!fits(&secret("Onshi*003*004"), Some(&made), Cost::LEAST));
    }

    #[test]
    fn each_has_its_own_salt_and_an_old_cost_still_fits() {
        let password = secret("right");
        let one = make(&password, Cost::CHEAP).unwrap();
        let two = make(&password, Cost::CHEAP).unwrap();
        assert_ne!(one, two);
        let dearer = Cost {
            memory: 64,
            passes: 2,
        };
        assert!(fits(&password, Some(&one), dearer));
    }

    #[test]
    fn nothing_fits_nobody_and_nothing_fits_garbage() {
        for verifier in [None, Some(""), Some("$argon2id$"), Some("right")] {
            assert!(
                !fits(&secret("right"), verifier, Cost::CHEAP),
                "{verifier:?}"
            );
        }
    }
}
