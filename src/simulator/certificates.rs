//! The stand-in's own certificates: an authority, a server and a desk, made
//! at the first start, kept, and renewed when they have ended. They secure
//! nothing but the way to the stand-in.

use crate::central::webapi::validity::validity;
use crate::domain::time::Now;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The files of one directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The authority, to be trusted by both sides.
    pub ca: PathBuf,
    /// Its key.
    pub ca_key: PathBuf,
    /// The server: `localhost`, `127.0.0.1`, `::1`.
    pub server: PathBuf,
    /// Its key.
    pub server_key: PathBuf,
    /// The desk.
    pub desk: PathBuf,
    /// Its key.
    pub desk_key: PathBuf,
}

impl Files {
    fn within(directory: &Path) -> Self {
        Self {
            ca: directory.join("ca.pem"),
            ca_key: directory.join("ca.key"),
            server: directory.join("server.pem"),
            server_key: directory.join("server.key"),
            desk: directory.join("desk.pem"),
            desk_key: directory.join("desk.key"),
        }
    }
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be connected to.
    Server,
    /// To connect.
    Desk,
}

/// A certificate authority in memory.
pub struct Authority {
    key: KeyPair,
    params: CertificateParams,
    pem: String,
}

/// A certificate and its key, PEM.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The key, PKCS#8.
    pub key: String,
}

impl Authority {
    /// A new one of this name, valid for ten years from the day before
    /// `today`.
    pub fn new(name: &str, today: Date) -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        Self::from_key(name, key, today)
    }

    fn from_key(name: &str, key: KeyPair, today: Date) -> io::Result<Self> {
        let mut params = params(name, today.saturating_sub(1.day()), years(today, 10));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let pem = params.self_signed(&key).map_err(io::Error::other)?.pem();
        Ok(Self { key, params, pem })
    }

    /// Its certificate, PEM.
    pub fn certificate(&self) -> &str {
        &self.pem
    }

    /// A certificate with a fresh key, valid from 00:00 UTC of `from` to
    /// 00:00 UTC of `to`.
    pub fn issue(
        &self,
        purpose: Purpose,
        names: &[&str],
        from: Date,
        to: Date,
    ) -> io::Result<Issued> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let common = match purpose {
            Purpose::Server => "madoguchi simulator",
            Purpose::Desk => "madoguchi desk (simulator)",
        };
        let mut params = params(common, from, to);
        for name in names {
            let name = (*name).to_owned();
            let alternative = match name.parse() {
                Ok(address) => rcgen::SanType::IpAddress(address),
                Err(_) => rcgen::SanType::DnsName(name.try_into().map_err(io::Error::other)?),
            };
            params.subject_alt_names.push(alternative);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match purpose {
            Purpose::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Purpose::Desk => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
        Ok(Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }
}

fn params(name: &str, from: Date, to: Date) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let moment = |date: Date| {
        date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = moment(from);
    params.not_after = moment(to);
    params
}

fn years(today: Date, count: i64) -> Date {
    today.saturating_add(count.years())
}

const AUTHORITY: &str = "madoguchi simulator CA";
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The files of `directory`, made or renewed where needed. The directory is
/// made private (0700), keys are 0600.
pub fn ensure(directory: &Path, now: Now) -> io::Result<Files> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let files = Files::within(directory);
    let today = now.today();
    let kept = holds(&files.ca, now.wall)
        .then(|| fs::read_to_string(&files.ca_key).ok())
        .flatten()
        .and_then(|pem| KeyPair::from_pem(&pem).ok());
    let (authority, fresh) = match kept {
        // Signed again with the kept key: same name, same key, so the kept
        // certificate stays the one to trust.
        Some(key) => (Authority::from_key(AUTHORITY, key, today)?, false),
        None => (Authority::new(AUTHORITY, today)?, true),
    };
    if fresh {
        write(&files.ca_key, &authority.key.serialize_pem(), 0o600)?;
        write(&files.ca, authority.certificate(), 0o644)?;
    }
    let leaves = [
        (
            Purpose::Server,
            &NAMES[..],
            &files.server,
            &files.server_key,
        ),
        (Purpose::Desk, &[][..], &files.desk, &files.desk_key),
    ];
    for (purpose, names, certificate, key) in leaves {
        if fresh || !holds(certificate, now.wall) || !key.exists() {
            let from = today.saturating_sub(1.day());
            let issued = authority.issue(purpose, names, from, years(today, 1))?;
            write(key, &issued.key, 0o600)?;
            write(certificate, &issued.certificate, 0o644)?;
        }
    }
    Ok(files)
}

/// Whether this file is a certificate that is valid now.
fn holds(path: &Path, now: Timestamp) -> bool {
    let dates = fs::read(path)
        .ok()
        .and_then(|pem| CertificateDer::from_pem_slice(&pem).ok())
        .and_then(|der| validity(&der));
    dates.is_some_and(|(from, to)| from <= now && now < to)
}

/// Replaces a file as a whole.
fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&beside)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    fn at(wall: &str) -> Now {
        Now {
            wall: wall.parse().unwrap(),
            mono: Duration::ZERO,
        }
    }

    #[test]
    fn made_once_kept_and_renewed_when_ended() {
        let directory = tempfile::tempdir().unwrap();
        let read = |files: &Files| {
            [&files.ca, &files.server, &files.desk].map(|file| fs::read_to_string(file).unwrap())
        };
        let files = ensure(directory.path(), at("2026-11-20T00:00:00Z")).unwrap();
        let first = read(&files);
        ensure(directory.path(), at("2027-06-01T00:00:00Z")).unwrap();
        assert_eq!(read(&files), first);
        ensure(directory.path(), at("2028-01-01T00:00:00Z")).unwrap();
        let renewed = read(&files);
        assert_eq!(renewed[0], first[0], "the authority is still valid");
        assert_ne!(renewed[1], first[1]);
        assert_ne!(renewed[2], first[2]);
        ensure(directory.path(), at("2040-01-01T00:00:00Z")).unwrap();
        assert_ne!(read(&files)[0], first[0]);
    }

    #[test]
    fn sec_44_keys_are_private() {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("state");
        let files = ensure(&inside, at("2026-11-20T00:00:00Z")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inside), 0o700);
        for key in [&files.ca_key, &files.server_key, &files.desk_key] {
            assert_eq!(mode(key), 0o600);
        }
    }
}
