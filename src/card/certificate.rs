//! 利用者証明用電子証明書, as far as this desk needs it: validity, serial
//! number, public key. What cannot be read as one is none, never an error: many
//! people have none (section 5.2).

use super::tlv;
use crate::domain::card::Certificate;
use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

/// Longest serial number X.509 allows, in bytes.
const LONGEST_SERIAL: usize = 20;

/// What was read.
pub struct Parsed {
    /// Without what tells whose it is.
    pub certificate: Certificate,
    /// Decimal; empty if it is longer than X.509 allows.
    pub serial: String,
    /// RSAPublicKey, for checking a signature.
    pub key: Vec<u8>,
}

/// Reads the content of JPKI 000A; filler may follow.
pub fn parse(bytes: &[u8]) -> Option<Parsed> {
    let der = bytes.get(..tlv::whole(bytes)?)?;
    let (_, cert) = X509Certificate::from_der(der).ok()?;
    let test = cert
        .issuer()
        .iter_organization()
        .any(|name| name.as_str().is_ok_and(|name| name == "JPKI-TEST"));
    Some(Parsed {
        certificate: Certificate {
            not_before: moment(cert.validity().not_before)?,
            not_after: moment(cert.validity().not_after)?,
            test,
        },
        serial: decimal(cert.raw_serial()),
        key: cert.public_key().subject_public_key.data.to_vec(),
    })
}

fn moment(time: ASN1Time) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}

/// The content bytes of the serial number as an unsigned number (section 5.1).
fn decimal(bytes: &[u8]) -> String {
    // One leading zero keeps a number positive and is none of its bytes.
    let bytes = match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        bytes => bytes,
    };
    if bytes.is_empty() || bytes.len() > LONGEST_SERIAL {
        return String::new();
    }
    // Decimal digits, lowest first.
    let mut digits = vec![0u8];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let sum = u32::from(*digit) * 256 + carry;
            *digit = (sum % 10) as u8;
            carry = sum / 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

#[cfg(test)]
mod tests;
