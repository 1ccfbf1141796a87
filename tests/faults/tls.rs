//! Servers that are not the configured one, and a certificate of ours that is
//! none: nothing of a request leaves, and the screen says why.

use super::stage::{Desk, MORNING, Stage};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use madoguchi::central::webapi::Connection;
use madoguchi::clock::Clock;
use madoguchi::domain::failure::Failure;
use madoguchi::simulator::certificates::{Authority, Purpose};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// Name and play of each.
pub const ROWS: &[(&str, fn())] = &[
    ("F-21 the server's certificate has ended", expired),
    ("F-21 the server's certificate is not valid yet", early),
    ("F-22 a server of another authority", other_authority),
    ("F-23 a server of another name", other_name),
    ("F-25 a server that speaks TLS 1.2 only", too_old),
    ("F-26 our certificate is refused", refused),
    ("F-27 our certificate is missing", missing),
    ("F-28 a handshake that never ends", silent),
    (
        "the other server hears a request, if it is the right one",
        right,
    ),
];

/// What a server that is not the stand-in has been sent: of a TLS server, what
/// came after the handshake; of a mute one, every byte.
struct Heard {
    port: u16,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Heard {
    /// All of it, after whoever was connected has gone. The server takes one
    /// connection after the other: when this one is done, all before it are.
    fn all(&self) -> Vec<u8> {
        let mut last = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        last.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = last.read_to_end(&mut Vec::new());
        self.bytes.lock().unwrap().clone()
    }
}

fn today() -> Date {
    Clock::start().now().today()
}

fn write(stage: &Stage, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = stage.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// The desk on this connection: down, saying why, with nothing sent.
fn down(stage: Stage, connection: Connection, part: &str) -> Desk {
    let core = Arc::clone(&stage.core);
    let mut desk = stage.desk_to(connection);
    desk.until("the line is down", |s| s.line.down());
    assert!(
        desk.state_line().starts_with("回線障害"),
        "{}",
        desk.state_line()
    );
    let failure = desk.login("002").unwrap_err();
    match &failure {
        Failure::Unreachable { cause, .. }
        | Failure::NotKnownHere {
            cause: Some(cause), ..
        } => {
            assert!(cause.advice().contains(part), "{failure}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(core.lock().unwrap().asked().count(), 0, "not one request");
    desk.stop();
    desk
}

/// A TLS server that answers nothing; its certificate holds from `from` to
/// `to`.
fn server(
    from: Date,
    to: Date,
    versions: &'static [&'static rustls::SupportedProtocolVersion],
) -> (Stage, Connection, Heard) {
    let stage = Stage::at(MORNING);
    let authority = Authority::new("odd", today()).unwrap();
    let issued = authority
        .issue(Purpose::Server, &["localhost"], from, to)
        .unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_protocol_versions(versions)
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(
        vec![CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap()],
        PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap(),
    )
    .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = stage
        .runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&bytes);
    stage.runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut tls) = acceptor.accept(stream).await {
                let mut seen = Vec::new();
                let _ = tls.read_to_end(&mut seen).await;
                heard.lock().unwrap().extend(seen);
            }
        }
    });
    let connection = Connection {
        url: format!("https://localhost:{port}"),
        ca: write(&stage, "odd.pem", authority.certificate()),
        ..stage.connection()
    };
    (stage, connection, Heard { port, bytes })
}

/// [`down`], and the other server has heard nothing.
fn unheard((stage, connection, heard): (Stage, Connection, Heard), part: &str) {
    let desk = down(stage, connection, part);
    assert_eq!(heard.all(), b"", "bytes of a request");
    drop(desk);
}

const BOTH: &[&rustls::SupportedProtocolVersion] =
    &[&rustls::version::TLS13, &rustls::version::TLS12];

const OLD: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

fn expired() {
    unheard(server(date(2020, 1, 1), date(2021, 1, 1), BOTH), "期限切れ");
}

fn early() {
    let (from, to) = (today() + 10.days(), today() + 20.days());
    unheard(server(from, to, BOTH), "まだ有効でない");
}

fn too_old() {
    let (from, to) = (today() - 1.day(), today() + 20.days());
    unheard(server(from, to, OLD), "TLS の方式");
}

fn other_authority() {
    let stage = Stage::at(MORNING);
    let other = Authority::new("madoguchi simulator CA", today()).unwrap();
    let connection = Connection {
        ca: write(&stage, "other.pem", other.certificate()),
        ..stage.connection()
    };
    down(stage, connection, "接続先の証明書");
}

fn other_name() {
    let (from, to) = (today() - 1.day(), today() + 20.days());
    let (stage, connection, heard) = server(from, to, BOTH);
    let connection = Connection {
        url: connection.url.replace("localhost", "127.0.0.1"),
        ..connection
    };
    unheard((stage, connection, heard), "名前");
}

fn refused() {
    let stage = Stage::at(MORNING);
    let other = Authority::new("someone else", today()).unwrap();
    let issued = other
        .issue(Purpose::Desk, &[], today() - 1.day(), today() + 30.days())
        .unwrap();
    let connection = Connection {
        certificate: write(&stage, "foreign.pem", &issued.certificate),
        key: write(&stage, "foreign.key", &issued.key),
        ..stage.connection()
    };
    down(stage, connection, "電子証明書");
}

fn missing() {
    let stage = Stage::at(MORNING);
    let connection = Connection {
        certificate: stage.dir.path().join("nothing.pem"),
        ..stage.connection()
    };
    down(stage, connection, "nothing.pem がない");
}

fn silent() {
    let stage = Stage::at(MORNING);
    let listener = stage
        .runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&bytes);
    stage.runtime.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut seen = Vec::new();
            let _ = stream.read_to_end(&mut seen).await;
            heard.lock().unwrap().extend(seen);
        }
    });
    let mut connection = Connection {
        url: format!("https://localhost:{port}"),
        ..stage.connection()
    };
    connection.timeouts.connect = std::time::Duration::from_millis(300);
    let desk = down(stage, connection, "回線（ONU");
    let heard = Heard { port, bytes }.all();
    drop(desk);
    // Records of TLS: kind, version, length. Greetings are of kind 22; what a
    // request says would be of kind 23.
    let mut rest = heard.as_slice();
    assert!(!rest.is_empty(), "somebody has called");
    while let [kind, _, _, high, low, after @ ..] = rest {
        assert_eq!(*kind, 22, "bytes of a request");
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        rest = after.get(length..).unwrap_or(&[]);
    }
}

/// The proof that the others could fail.
fn right() {
    let (from, to) = (today() - 1.day(), today() + 20.days());
    let (stage, connection, heard) = server(from, to, BOTH);
    let mut desk = stage.desk_to(connection);
    desk.until("the line is down", |s| s.line.down());
    desk.stop();
    assert!(!heard.all().is_empty(), "a request");
    drop(desk);
}
