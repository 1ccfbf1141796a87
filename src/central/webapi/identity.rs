//! Whom we trust and who we are: the configured CA, our certificate and key,
//! checked before anything is sent, so that trouble is named at start (F-27).

use super::Connection;
use super::validity::validity;
use crate::domain::failure::Unreachable;
use crate::domain::time::{jst, slash_date};
use jiff::Timestamp;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// Files larger than this are no certificates.
const LARGEST: u64 = 256 * 1024;

/// Everything TLS needs, and until when it holds.
pub struct Identity {
    /// For the client.
    pub config: ClientConfig,
    /// Last moment of our own certificate.
    pub until: Timestamp,
}

/// Reads and checks the three files.
pub fn load(connection: &Connection, now: Timestamp) -> Result<Identity, Unreachable> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = authorities(&connection.ca).map_err(Unreachable::ServerCertificate)?;
    let (chain, key, until) =
        own(connection, &provider, now).map_err(Unreachable::OwnCertificate)?;
    let versions: &[_] = if connection.tls12 {
        &[&TLS13, &TLS12]
    } else {
        &[&TLS13]
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|_| Unreachable::ServerCertificate("TLS の版".to_owned()))?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .map_err(|_| Unreachable::OwnCertificate("鍵の種類が使えない".to_owned()))?;
    Ok(Identity { config, until })
}

fn authorities(path: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots
            .add(certificate)
            .map_err(|_| format!("CA の証明書 {} を使えない", path.display()))?;
    }
    Ok(roots)
}

type Own = (
    Vec<CertificateDer<'static>>,
    PrivateKeyDer<'static>,
    Timestamp,
);

fn own(connection: &Connection, provider: &CryptoProvider, now: Timestamp) -> Result<Own, String> {
    let chain = certificates(&connection.certificate)?;
    let (from, until) = chain
        .first()
        .and_then(|first| validity(first))
        .ok_or_else(|| format!("{} が壊れている", connection.certificate.display()))?;
    if now > until {
        let day = slash_date(jst(until).date());
        return Err(format!("{day} に期限が切れた"));
    }
    if now < from {
        let day = slash_date(jst(from).date());
        return Err(format!("{day} まで使えない。端末の時計も確かめる"));
    }
    let path = &connection.key;
    private(path)?;
    let pem = read(path)?;
    let key = PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| format!("{} に秘密鍵がない", path.display()))?;
    CertifiedKey::from_der(chain.clone(), key.clone_key(), provider)
        .map_err(|_| "証明書と秘密鍵の組が合わない".to_owned())?;
    Ok((chain, key, until))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = read(path)?;
    let list: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match list {
        Ok(list) if !list.is_empty() => Ok(list),
        _ => Err(format!("{} に証明書がない", path.display())),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "がない",
            std::io::ErrorKind::PermissionDenied => "を読む権限がない",
            _ => "を読めない",
        };
        format!("{} {why}", path.display())
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() || meta.len() > LARGEST {
        return Err(format!("{} は証明書のファイルではない", path.display()));
    }
    std::fs::read(path).map_err(unreadable)
}

/// A key that every user of the machine can read is nobody's secret.
fn private(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    match std::fs::metadata(path) {
        Ok(meta) if meta.mode() & 0o007 != 0 => Err(format!(
            "秘密鍵 {} をだれでも読める。chmod 600 にする",
            path.display()
        )),
        _ => Ok(()),
    }
}
