//! The certificates of the cards as section 5.1 describes them, signed by
//! authorities that are as invented as the people.

use super::rows::Ends;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    SerialNumber, date_time_ymd,
};
use std::time::Duration;

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Authentication,
    Signature,
}

/// Whose certificate, from when to when.
#[derive(Debug, Clone)]
pub(super) struct Subject<'a> {
    pub(super) serial: &'a [u8],
    /// Municipality code, 5 digits.
    pub(super) place: &'a str,
    pub(super) from: Date,
    pub(super) to: Date,
}

/// First and last day of a certificate that ends like that, for someone born
/// like that (`YYYYMMDD`), seen from `today`.
pub(super) fn days(ends: Ends, birth: &str, today: Date) -> (Date, Date) {
    let to = match ends {
        Ends::Soon => today.saturating_add(60.days()),
        Ends::Today => today,
        Ends::Grace => today.saturating_sub(40.days()),
        Ends::Ended => today.saturating_sub(150.days()),
        Ends::Early => {
            let from = today.saturating_add(10.days());
            return (from, from.saturating_add(5.years()));
        }
        Ends::Good | Ends::None | Ends::Missing | Ends::Garbled => {
            let third = today.saturating_add(3.years());
            birthday(birth, third.year()).unwrap_or(third)
        }
    };
    (to.saturating_sub(5.years()), to)
}

fn birthday(birth: &str, year: i16) -> Option<Date> {
    let number = |from: usize| birth.get(from..from + 2)?.parse::<i8>().ok();
    let (month, day) = (number(4)?, number(6)?);
    // Born on 29 February: the day before in other years.
    Date::new(year, month, day)
        .or_else(|_| Date::new(year, month, 28))
        .ok()
}

/// An authority with its certificate.
pub(super) struct Authority {
    key: KeyPair,
    params: CertificateParams,
    of: Use,
    der: Vec<u8>,
}

impl Authority {
    /// Of this key (PEM); `None` if it is none. `test`: O=JPKI-TEST.
    pub(super) fn new(of: Use, test: bool, pem: &str, today: Date) -> Option<Self> {
        let key = KeyPair::from_pem_and_sign_algo(pem, &PKCS_RSA_SHA256).ok()?;
        let mut params = CertificateParams::default();
        let name = &mut params.distinguished_name;
        *name = DistinguishedName::new();
        name.push(DnType::CountryName, "JP");
        let organisation = if test { "JPKI-TEST" } else { "JPKI" };
        name.push(DnType::OrganizationName, organisation);
        name.push(
            DnType::OrganizationalUnitName,
            match of {
                Use::Authentication => "JPKI for user authentication",
                Use::Signature => "JPKI for digital signature",
            },
        );
        // A second OU: under its number, since one name may stand once.
        name.push(
            DnType::CustomDnType(vec![2, 5, 4, 11]),
            "Japan Agency for Local Authority Information Systems",
        );
        let (from, to) = (
            today.saturating_sub(6.years()),
            today.saturating_add(9.years()),
        );
        span(&mut params, from, to);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.serial_number = Some(SerialNumber::from_slice(&[0x01]));
        let der = params.self_signed(&key).ok()?.der().to_vec();
        Some(Self {
            key,
            params,
            of,
            der,
        })
    }

    /// Its own certificate.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// A certificate for the key of this PEM.
    pub(super) fn issue(&self, pem: &str, subject: &Subject<'_>) -> Option<Vec<u8>> {
        let key = KeyPair::from_pem_and_sign_algo(pem, &PKCS_RSA_SHA256).ok()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "JP");
        params
            .distinguished_name
            .push(DnType::CommonName, common_name(self.of, subject));
        params.serial_number = Some(SerialNumber::from_slice(subject.serial));
        span(&mut params, subject.from, subject.to);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let number = match self.of {
            Use::Authentication => {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
                30
            }
            Use::Signature => {
                params.key_usages.push(KeyUsagePurpose::ContentCommitment);
                10
            }
        };
        params.custom_extensions = vec![policy(number)];
        // As long as a real one is, about 1.6 kB: seven reads.
        params.crl_distribution_points = ["crl", "crl-2", "crl-3"]
            .map(|host| CrlDistributionPoint {
                uris: vec![format!(
                    "http://{host}.jpki.invalid/{}/{}",
                    "invented-for-tests/".repeat(8),
                    subject.place
                )],
            })
            .to_vec();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).ok()?;
        Some(certificate.der().to_vec())
    }
}

/// 23 characters, at their end the municipality and `003A`; nobody's name.
fn common_name(of: Use, subject: &Subject<'_>) -> String {
    let number = (subject.serial.iter()).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let letter = match of {
        Use::Authentication => 'A',
        Use::Signature => 'S',
    };
    format!("{letter}{number:013X}{}003A", subject.place)
}

/// Certificate policies: 1.2.392.200149.8.5.1.0.N.
fn policy(number: u8) -> CustomExtension {
    let oid = [
        0x06, 0x0B, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x00, number,
    ];
    let mut content = vec![0x30, 0x0F, 0x30, 0x0D];
    content.extend(oid);
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 32], content);
    extension.set_criticality(true);
    extension
}

/// Sets from when to when: from 01:23 UTC of the first day to 14:59:59 UTC of
/// the last, which is its end in Japan. Years are kept within what `UTCTime`
/// can say.
fn span(params: &mut CertificateParams, from: Date, to: Date) {
    let midnight = |day: Date| {
        let day = day.clamp(date(1950, 1, 1), date(2049, 12, 31));
        date_time_ymd(
            i32::from(day.year()),
            day.month().unsigned_abs(),
            day.day().unsigned_abs(),
        )
    };
    params.not_before = midnight(from) + Duration::from_secs(3600 + 23 * 60);
    params.not_after = midnight(to) + Duration::from_secs(15 * 3600 - 1);
}
