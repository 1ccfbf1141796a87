//! "This chip, this PIN": the card signs what nobody could foresee, and its
//! certificate's key tells whether it did (section 5.3). No word about whether
//! the certificate has been revoked; see [`crate::domain::card::PROOF`].

use super::apdu::{Command, Content};
use super::certificate::{self, Parsed};
use super::chip::Chip;
use super::kind::{self, Met};
use super::reading::{Look, Stay, mark_of};
use crate::domain::card::{KeyKind, Kind, Trouble, is_digits};
use crate::domain::secret::Secret;
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

/// Lets the card sign `challenge`, which has to be random, and checks the
/// signature. Nothing of the four is read; the look has no expiry of the card.
pub fn prove(
    chip: &mut dyn Chip,
    pin: &Secret,
    confirmed: Option<u8>,
    challenge: [u8; 32],
) -> Result<Look, Trouble> {
    Stay::new(chip).prove(pin, confirmed, challenge)
}

impl Stay<'_> {
    /// See [`prove`]. The signature is also the proof that certificate and
    /// key are of one card, so that no second look at the serial number is
    /// needed.
    pub fn prove(
        &mut self,
        pin: &Secret,
        confirmed: Option<u8>,
        challenge: [u8; 32],
    ) -> Result<Look, Trouble> {
        let key = KeyKind::Authentication;
        if !is_digits(pin, 4) {
            return Err(Trouble::BadKey { key });
        }
        let Met { kind, token } = kind::identify(&mut self.gate, &[])?;
        if !matches!(kind, Kind::MyNumber | Kind::Android | Kind::Iphone) {
            return Err(Trouble::WrongKind { kind });
        }
        let before = self.certificate()?;
        self.open(key, pin, confirmed)?;
        // A phone shows its certificate only after the PIN.
        let parsed = match before {
            Some(parsed) => parsed,
            None => self.certificate()?.ok_or_else(|| Trouble::Garbled {
                file: "利用者証明用電子証明書".to_owned(),
            })?,
        };
        let signature = self.sign(&challenge)?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &parsed.key)
            .verify(&challenge, &signature)
            .map_err(|_| self.gate.end(Trouble::Unproved))?;
        Ok(Look {
            kind,
            token,
            certificate: Some(parsed.certificate),
            serial: parsed.serial,
            expiry: None,
        })
    }

    fn certificate(&mut self) -> Result<Option<Parsed>, Trouble> {
        let object = self.gate.object(Content::Certificate)?;
        if !object.done() {
            return Ok(None);
        }
        self.meets(mark_of(&object.data))?;
        Ok(certificate::parse(&object.data))
    }

    fn sign(&mut self, challenge: &[u8]) -> Result<Vec<u8>, Trouble> {
        let select = Command::SigningKey;
        let status = self.gate.call(&select)?.status;
        if status != 0x9000 {
            return Err(self.gate.odd(&select, status));
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, challenge).as_ref());
        let command = Command::Sign(&hash);
        let answer = self.gate.call(&command)?;
        if answer.status != 0x9000 {
            return Err(self.gate.odd(&command, answer.status));
        }
        Ok(answer.data.to_vec())
    }
}

#[cfg(test)]
mod tests;
