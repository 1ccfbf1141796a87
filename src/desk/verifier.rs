//! Verifiers of passwords: Argon2id, kept as PHC strings (SEC-6). Slow on
//! purpose: called off the desk's own thread.

use crate::domain::secret::Secret;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::hint::black_box;

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

    fn argon2(self) -> Option<Argon2<'static>> {
        let params = Params::new(self.memory, self.passes, 1, None).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A new verifier with a salt of its own; `None` if the machine has no
/// memory or no random numbers for it.
pub fn make(password: &Secret, cost: Cost) -> Option<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = cost
        .argon2()?
        .hash_password(password.reveal().as_bytes(), &salt)
        .ok()?;
    Some(hash.to_string())
}

/// Whether `password` is the one of `verifier`. Without one the same work is
/// done, for nothing.
pub fn fits(password: &Secret, verifier: Option<&str>, cost: Cost) -> bool {
    let bytes = password.reveal().as_bytes();
    let Some(verifier) = verifier else {
        let salt = SaltString::from_b64(NOBODY);
        let hash = cost.argon2().zip(salt.ok()).and_then(|(argon2, salt)| {
            let hash = argon2.hash_password(bytes, &salt).ok()?;
            Some(hash.to_string())
        });
        black_box(hash);
        return false;
    };
    PasswordHash::new(verifier)
        .is_ok_and(|hash| Argon2::default().verify_password(bytes, &hash).is_ok())
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
