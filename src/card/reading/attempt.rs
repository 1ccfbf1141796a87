//! Trying a key: how often it may still be tried is asked first, and it is
//! tried once.

use super::Stay;
use crate::card::apdu::{By, Command, KeyStatus};
use crate::domain::card::{KeyKind, LEAST_TRIES, Trouble};
use crate::domain::secret::Secret;

impl Stay<'_> {
    /// Tries a key, whose form has been checked, exactly once; its application
    /// is selected. The tries that were left before.
    pub(in crate::card) fn open(
        &mut self,
        key: KeyKind,
        digits: &Secret,
        confirmed: Option<u8>,
    ) -> Result<Option<u8>, Trouble> {
        let (left, by) = self.tries(key)?;
        if let Some(left) = left
            && left <= LEAST_TRIES
            && confirmed != Some(left)
        {
            return Err(Trouble::FewTries { key, left });
        }
        let command = Command::Verify { key, by, digits };
        let status = self.gate.call(&command)?.status;
        if status == 0x9000 {
            return Ok(left);
        }
        Err(match KeyStatus::of(status) {
            KeyStatus::Left(left) => Trouble::WrongKey {
                key,
                left: Some(left),
            },
            KeyStatus::Uncounted => Trouble::WrongKey { key, left: None },
            // This was the last try.
            KeyStatus::Blocked if left.is_some() => Trouble::WrongKey { key, left: Some(0) },
            KeyStatus::Blocked => Trouble::Blocked { key },
            KeyStatus::Odd => self.gate.odd(&command, status),
        })
    }

    /// Tries left of a key, and how the card let it be meant.
    fn tries(&mut self, key: KeyKind) -> Result<(Option<u8>, By), Trouble> {
        let mut by = self.gate.by();
        if by == By::Short {
            let status = self.gate.call(&Command::Tries { key, by })?.status;
            match KeyStatus::of(status) {
                KeyStatus::Odd if status == 0x9000 => {
                    return Err(self.gate.odd(&Command::Tries { key, by }, status));
                }
                // Perhaps it only does not take short identifiers.
                KeyStatus::Odd => by = By::Selected,
                known => return counted(known, key).map(|left| (left, by)),
            }
        }
        let select = Command::Key(key);
        let status = self.gate.call(&select)?.status;
        if status != 0x9000 {
            return Err(self.gate.odd(&select, status));
        }
        let command = Command::Tries { key, by };
        let status = self.gate.call(&command)?.status;
        match KeyStatus::of(status) {
            KeyStatus::Odd => Err(self.gate.odd(&command, status)),
            known => counted(known, key).map(|left| (left, by)),
        }
    }
}

/// The tries of a key that can be tried.
fn counted(status: KeyStatus, key: KeyKind) -> Result<Option<u8>, Trouble> {
    match status {
        KeyStatus::Left(left) => Ok(Some(left)),
        KeyStatus::Blocked => Err(Trouble::Blocked { key }),
        KeyStatus::Uncounted | KeyStatus::Odd => Ok(None),
    }
}
