//! The line to the stand-in: listening, handshakes, connections; and closing
//! all of it during an outage.

use super::bytes::{DRIP, Raw};
use crate::simulator::certificates::Files;
use axum::Router;
use axum::extract::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Limit for a handshake, and for the head of a request.
const SLOWEST: Duration = Duration::from_secs(10);

/// Largest head of a request.
const HEAD: usize = 64 * 1024;

/// Between two tries to get the port back after an outage.
const AGAIN: Duration = Duration::from_millis(50);

/// Lets a handler break its connection without an answer.
#[derive(Clone, Default)]
pub struct Hangup(Arc<(Notify, Mutex<Option<Raw>>)>);

impl Hangup {
    /// Breaks the connection.
    pub fn now(&self) {
        self.0.0.notify_one();
    }

    /// Breaks it after these bytes.
    pub fn raw(&self, bytes: Raw) {
        *self.0.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
        self.0.0.notify_one();
    }

    fn last_words(&self) -> Option<Raw> {
        self.0
            .1
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// TLS 1.3 or 1.2, and only with a certificate of our authority.
pub fn acceptor(files: &Files) -> io::Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(&files.ca).map_err(io::Error::other)?;
    roots.add(authority).map_err(io::Error::other)?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(io::Error::other)?;
    let certificate = CertificateDer::from_pem_file(&files.server).map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_file(&files.server_key).map_err(io::Error::other)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(io::Error::other)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The listening side.
pub struct Line {
    /// Where, for coming back to the same port.
    pub address: SocketAddr,
    /// TLS.
    pub acceptor: TlsAcceptor,
    /// What is served.
    pub router: Router,
    /// Whether the port should be open.
    pub wants: watch::Receiver<bool>,
    /// Whether it is.
    pub opened: watch::Sender<bool>,
}

impl Line {
    /// Serves until nobody can want it any more.
    pub async fn run(mut self, mut listener: TcpListener) {
        loop {
            self.opened.send_replace(true);
            let mut connections = JoinSet::new();
            let over = self.listen(&listener, &mut connections).await;
            // An outage: the port closes and every connection breaks.
            drop(listener);
            connections.shutdown().await;
            self.opened.send_replace(false);
            if over || self.wants.wait_for(|open| *open).await.is_err() {
                return;
            }
            listener = loop {
                match TcpListener::bind(self.address).await {
                    Ok(listener) => break listener,
                    Err(_) => tokio::time::sleep(AGAIN).await,
                }
            };
        }
    }

    /// Accepts until the port should close; true if for good.
    async fn listen(&mut self, listener: &TcpListener, connections: &mut JoinSet<()>) -> bool {
        loop {
            tokio::select! {
                over = async { self.wants.wait_for(|open| !*open).await.is_err() } => return over,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let router = self.router.clone();
                        connections.spawn(connection(self.acceptor.clone(), stream, router));
                    }
                    // Out of file descriptors and the like: others end first.
                    Err(_) => tokio::time::sleep(AGAIN).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

async fn connection(acceptor: TlsAcceptor, stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let handshake = tokio::time::timeout(SLOWEST, acceptor.accept(stream).into_fallible());
    let tls = match handshake.await {
        Ok(Ok(tls)) => tls,
        Ok(Err((_, stream))) => return linger(stream).await,
        Err(_) => return,
    };
    let hangup = Hangup::default();
    let service = TowerToHyperService::new(router.layer(Extension(hangup.clone())));
    let mut served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SLOWEST)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(tls), service);
    tokio::select! {
        _ = &mut served => {}
        () = hangup.0.0.notified() => {
            if let Some(raw) = hangup.last_words() {
                utter(served.into_parts().io.into_inner(), raw).await;
            }
        }
    }
}

/// Writes what is no proper answer, as long as anybody listens.
async fn utter(mut tls: TlsStream<TcpStream>, raw: Raw) {
    let (bytes, pause) = match raw {
        Raw::Once(bytes) => (vec![bytes], Duration::ZERO),
        Raw::Drip(bytes) => (bytes.iter().map(|byte| vec![*byte]).collect(), DRIP),
    };
    for piece in bytes {
        if tls.write_all(&piece).await.is_err() || tls.flush().await.is_err() {
            return;
        }
        tokio::time::sleep(pause).await;
    }
    let _ = tls.shutdown().await;
}

/// Reads what a refused client still sends, so that it gets to read the alert
/// that says why instead of a reset.
async fn linger(mut stream: TcpStream) {
    let _ = stream.shutdown().await;
    let mut rest = [0; 1024];
    let drain = async { while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(Duration::from_secs(1), drain).await;
}
