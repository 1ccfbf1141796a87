//! Text that must not be seen: passwords, PINs, tokens.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// A secret string: wiped when dropped, and without a way to print it by
/// accident (SEC-18). Serialised only over the link, which is a private
/// channel of this desk ([`digits`]), to the central system, and from fixtures.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a string.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Name the use at the call.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Secrets as hex digits, for the link: a text with a quotation mark in it
/// would be taken apart in a buffer that nobody wipes (SEC-18).
pub mod digits {
    use super::Secret;
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;
    use std::fmt::{self, Write as _};
    use zeroize::Zeroizing;

    /// Writes a secret.
    pub fn serialize<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
        let text = secret.reveal();
        let mut digits = Zeroizing::new(String::with_capacity(2 * text.len()));
        for byte in text.bytes() {
            write!(digits, "{byte:02x}").map_err(serde::ser::Error::custom)?;
        }
        serializer.serialize_str(&digits)
    }

    /// Reads a secret.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        deserializer.deserialize_str(Digits)
    }

    struct Digits;

    impl Visitor<'_> for Digits {
        type Value = Secret;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("hex digits")
        }

        /// Never says what it could not read.
        fn visit_str<E: Error>(self, digits: &str) -> Result<Secret, E> {
            let wrong = || E::custom("not hex digits of a text");
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
            let mut rest = digits.as_bytes();
            while let Some((pair, behind)) = rest.split_first_chunk::<2>() {
                let [high, low] = pair.map(digit);
                let (high, low) = high.zip(low).ok_or_else(wrong)?;
                bytes.push(u8::try_from(16 * high + low).map_err(|_| wrong())?);
                rest = behind;
            }
            let text = std::str::from_utf8(&bytes).map_err(|_| wrong())?;
            if rest.is_empty() {
                Ok(Secret::new(text.to_owned()))
            } else {
                Err(wrong())
            }
        }
    }
}
