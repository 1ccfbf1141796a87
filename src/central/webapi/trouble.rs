//! What went wrong on the line, from what the libraries say: did the request
//! never arrive, or is its fate unknown (DOM-67)?

use crate::central::call::Fault;
use crate::domain::failure::Unreachable;
use rustls::{AlertDescription, CertificateError};
use std::error::Error;
use std::io::{self, ErrorKind};

/// The fault behind an error of the HTTP client.
pub fn fault(error: &reqwest::Error) -> Fault {
    let causes = causes(error);
    let tls = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<rustls::Error>());
    if let Some(unreachable) = tls.and_then(|tls| refused_by_tls(tls, error.is_connect())) {
        return Fault::Unreachable(unreachable);
    }
    if error.is_builder() {
        let why = "接続先が https:// で始まる正しい形ではない";
        return Fault::Unreachable(Unreachable::ServerCertificate(why.to_owned()));
    }
    if !error.is_connect() {
        return Fault::NoAnswer;
    }
    if causes
        .iter()
        .any(|cause| cause.to_string().starts_with("dns error"))
    {
        return Fault::Unreachable(Unreachable::UnknownHost);
    }
    let kind = causes
        .iter()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind)
        .next_back();
    Fault::Unreachable(match kind {
        Some(
            ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof,
        ) => Unreachable::Refused,
        _ => Unreachable::NoRoute,
    })
}

/// The chain of causes. An `io::Error` hides what it wraps from `source`.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut list: Vec<&(dyn Error + 'static)> = vec![error];
    while let Some(last) = list.last().copied() {
        let wrapped = last
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn Error + 'static));
        match wrapped.or_else(|| last.source()) {
            Some(next) if list.len() < 16 => list.push(next),
            _ => break,
        }
    }
    list
}

/// A refusal on either side of the handshake. With TLS 1.3 the server's
/// refusal of our certificate comes as an alert after the handshake.
fn refused_by_tls(error: &rustls::Error, connecting: bool) -> Option<Unreachable> {
    use AlertDescription as Alert;
    let own = |why: &str| Some(Unreachable::OwnCertificate(why.to_owned()));
    let server = |why: &str| Some(Unreachable::ServerCertificate(why.to_owned()));
    match error {
        rustls::Error::InvalidCertificate(why) => server(certificate_trouble(why)),
        rustls::Error::AlertReceived(alert) => match alert {
            Alert::CertificateRequired => own("接続先が証明書を求めた"),
            Alert::CertificateExpired => own("接続先が期限切れと答えた"),
            Alert::CertificateRevoked => own("接続先が失効と答えた"),
            Alert::UnknownCA => own("接続先が発行元を認めない"),
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateUnknown
            | Alert::AccessDenied
            | Alert::DecryptError => own("接続先が拒んだ"),
            _ if connecting => server("TLS の方式が合わない"),
            _ => None,
        },
        rustls::Error::PeerIncompatible(_) => server("TLS の方式が合わない"),
        _ if connecting => server("TLS の応答ではない"),
        _ => None,
    }
}

fn certificate_trouble(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "期限切れ",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "まだ有効でない。端末の時計も確かめる"
        }
        CertificateError::Revoked => "失効",
        CertificateError::UnknownIssuer => "設定の CA が発行したものではない",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "名前が接続先と違う"
        }
        CertificateError::BadSignature => "署名が正しくない",
        _ => "形式が正しくない",
    }
}
