//! "This chip, this PIN": the card signs what nobody could foresee, and its
//! certificate's key tells whether it did (section 5.3). No word about whether
//! the certificate has been revoked; see [`crate::domain::card::PROOF`].

use super::apdu::{Command, Content};
use super::certificate::{self, Parsed};
use super::chip::Chip;
use super::kind::{self, Met};
use super::reading::{Look, Stay};
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

/// Security status not satisfied.
const CLOSED: u16 = 0x6982;

/// Nothing a signature could be held against; no PIN is sent for it.
const NONE: Trouble = Trouble::WrongKind {
    kind: Kind::MyNumberBare,
};

/// What a card shows of its certificate.
enum Shown {
    Is(Parsed),
    /// Only after the PIN.
    Closed,
    None,
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
        let parsed = match self.certificate()? {
            Shown::Is(parsed) => {
                self.open(key, pin, confirmed)?;
                parsed
            }
            Shown::Closed => {
                // A phone shows it only after the PIN.
                self.closed = true;
                self.expected()?;
                self.open(key, pin, confirmed)?;
                match self.certificate()? {
                    Shown::Is(parsed) => parsed,
                    Shown::Closed | Shown::None => return Err(NONE),
                }
            }
            Shown::None => return Err(NONE),
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

    fn certificate(&mut self) -> Result<Shown, Trouble> {
        let object = self.gate.object(Content::Certificate)?;
        if object.status == CLOSED {
            return Ok(Shown::Closed);
        }
        if !object.done() {
            return Ok(Shown::None);
        }
        self.meets_certificate(&object.data)?;
        Ok(certificate::parse(&object.data).map_or(Shown::None, Shown::Is))
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
