//! What the desk keeps of a person who may log in: enough to let the same
//! person in while the central system does not answer, and to count wrong
//! passwords (design: Notes; SEC-3, SEC-6).

use super::account::Staff;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One ユーザID as the desk knows it. Its newest form is what counts; every
/// form is a journal record, so a count of wrong passwords survives a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// ユーザID as typed, trimmed; the key.
    pub user: String,
    /// Name and kind at the last login the central system accepted; `None`
    /// for an ユーザID that never got in from this desk.
    pub staff: Option<Staff>,
    /// Argon2id PHC string of the password of that login.
    pub verifier: Option<String>,
    /// When the central system last accepted it.
    pub verified: Option<Timestamp>,
    /// Wrong passwords in a row.
    pub failures: u32,
    /// When the last of them was typed.
    pub failed: Option<Timestamp>,
    /// ロック中 since.
    pub locked: Option<Timestamp>,
}

impl Credential {
    /// Nothing known of `user` yet.
    pub fn new(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            staff: None,
            verifier: None,
            verified: None,
            failures: 0,
            failed: None,
            locked: None,
        }
    }
}
