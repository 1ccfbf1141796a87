//! Who may talk to whom (safety F-21 to F-31): nothing is sent to a server
//! that is not the configured one, and the stand-in serves nobody without a
//! certificate.

use super::stage::{OURS, Stage, fault, write};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use madoguchi::central::call::{Answer, Call, Central, Fault};
use madoguchi::central::webapi::{Connection, Timeouts, WebApi, inspect};
use madoguchi::clock::Clock;
use madoguchi::domain::failure::Unreachable;
use madoguchi::simulator::certificates::{Authority, Issued, Purpose};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

fn today() -> Date {
    Clock::start().now().today()
}

fn server_certificate(fault: &Fault) -> &str {
    match fault {
        Fault::Unreachable(Unreachable::ServerCertificate(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn own_certificate(fault: &Fault) -> &str {
    match fault {
        Fault::Unreachable(Unreachable::OwnCertificate(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// A TLS server of our own that answers every request with `answer` and tells
/// how many bytes of requests it saw.
struct Odd {
    directory: tempfile::TempDir,
    port: u16,
    seen: JoinHandle<usize>,
}

impl Odd {
    async fn open(from: Date, to: Date, answer: Vec<u8>) -> Self {
        let authority = Authority::new("odd", today()).unwrap();
        let server = authority
            .issue(Purpose::Server, &["localhost"], from, to)
            .unwrap();
        let desk = authority
            .issue(Purpose::Desk, &[], today() - 1.day(), today() + 30.days())
            .unwrap();
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), "ca.pem", authority.certificate(), 0o644);
        write(directory.path(), "desk.pem", &desk.certificate, 0o644);
        write(directory.path(), "desk.key", &desk.key, 0o600);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from_pem_slice(server.certificate.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(server.key.as_bytes()).unwrap(),
            )
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut tls) = acceptor.accept(stream).await else {
                return 0;
            };
            let mut head = [0; 4096];
            let count = tls.read(&mut head).await.unwrap_or(0);
            let _ = tls.write_all(&answer).await;
            let _ = tls.shutdown().await;
            count
        });
        Self {
            directory,
            port,
            seen,
        }
    }

    fn client(&self) -> WebApi {
        let file = |name| self.directory.path().join(name);
        WebApi::new(Connection {
            url: format!("https://localhost:{}", self.port),
            search_url: None,
            ca: file("ca.pem"),
            certificate: file("desk.pem"),
            key: file("desk.key"),
            institution_code: OURS.to_owned(),
            extensions: true,
            tls12: false,
            timeouts: Timeouts::default(),
        })
    }

    async fn answering(answer: &[u8]) -> Self {
        let (from, to) = (today() - 1.day(), today() + 30.days());
        Self::open(from, to, answer.to_vec()).await
    }
}

#[tokio::test]
async fn f_21_a_server_outside_its_dates_gets_nothing() {
    let past = (date(2020, 1, 1), date(2021, 1, 1), "期限切れ");
    let future = (today() + 10.days(), today() + 20.days(), "まだ有効でない");
    for (from, to, part) in [past, future] {
        let odd = Odd::open(from, to, Vec::new()).await;
        let fault = fault(&odd.client(), Call::Probe).await;
        assert!(server_certificate(&fault).contains(part), "{fault:?}");
        assert_eq!(odd.seen.await.unwrap(), 0, "no byte of a request");
    }
}

#[tokio::test]
async fn f_22_a_server_of_another_authority_is_refused() {
    let stage = Stage::open().await;
    let other = Authority::new("madoguchi simulator CA", today()).unwrap();
    let client = WebApi::new(Connection {
        ca: stage.file("other.pem", other.certificate(), 0o644),
        ..stage.connection()
    });
    let fault = fault(&client, Call::Probe).await;
    server_certificate(&fault);
    assert_eq!(stage.core.lock().unwrap().asked().count(), 0);
}

#[tokio::test]
async fn f_23_a_server_of_another_name_is_refused() {
    let stage = Stage::on("0.0.0.0:0").await;
    let port = stage.running.ready().address.port();
    let client = WebApi::new(Connection {
        url: format!("https://127.0.0.2:{port}"),
        ..stage.connection()
    });
    let fault = fault(&client, Call::Probe).await;
    assert!(server_certificate(&fault).contains("名前"), "{fault:?}");
    assert_eq!(stage.core.lock().unwrap().asked().count(), 0);
}

#[tokio::test]
async fn sec_38_plain_http_is_not_spoken() {
    let stage = Stage::open().await;
    let port = stage.running.ready().address.port();
    let client = WebApi::new(Connection {
        url: format!("http://localhost:{port}"),
        ..stage.connection()
    });
    let fault = fault(&client, Call::Probe).await;
    assert!(server_certificate(&fault).contains("https"), "{fault:?}");
}

#[tokio::test]
async fn f_26_the_stand_in_refuses_a_client_without_certificate() {
    let stage = Stage::open().await;
    let ready = stage.running.ready();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(&ready.ca).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = TcpStream::connect(ready.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut answer = Vec::new();
        let ended = match connector.connect(name, stream).await {
            Ok(mut tls) => {
                let _ = tls
                    .write_all(b"GET /madoguchi-sim/v1/probe HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .await;
                tls.read_to_end(&mut answer).await.map(drop)
            }
            Err(error) => Err(error),
        };
        assert!(answer.is_empty());
        let error = ended.unwrap_err().to_string();
        assert!(
            error.contains("Certificate") || error.contains("Handshake"),
            "{error}"
        );
    }
    assert_eq!(stage.core.lock().unwrap().asked().count(), 0);
}

#[tokio::test]
async fn f_26_a_certificate_that_the_server_refuses_is_named() {
    let stage = Stage::open().await;
    let other = Authority::new("someone else", today()).unwrap();
    let Issued { certificate, key } = other
        .issue(Purpose::Desk, &[], today() - 1.day(), today() + 30.days())
        .unwrap();
    let client = WebApi::new(Connection {
        certificate: stage.file("foreign.pem", &certificate, 0o644),
        key: stage.file("foreign.key", &key, 0o600),
        ..stage.connection()
    });
    own_certificate(&fault(&client, Call::Probe).await);
    assert_eq!(stage.core.lock().unwrap().asked().count(), 0);
}

#[tokio::test]
async fn f_27_trouble_with_our_own_certificate_is_named_before_anything_is_sent() {
    let stage = Stage::open().await;
    let authority = Authority::new("someone", today()).unwrap();
    let issue = |from, to| authority.issue(Purpose::Desk, &[], from, to).unwrap();
    let expired = issue(date(2020, 1, 1), date(2021, 1, 1));
    let early = issue(today() + 5.days(), today() + 9.days());
    let good = issue(today() - 1.day(), today() + 9.days());
    let set = |name: &str, certificate: &str, key: &str, mode| Connection {
        certificate: stage.file(&format!("{name}.pem"), certificate, 0o644),
        key: stage.file(&format!("{name}.key"), key, mode),
        ..stage.connection()
    };
    let missing = Connection {
        certificate: stage.directory.path().join("nothing.pem"),
        ..stage.connection()
    };
    for (connection, part) in [
        (
            set("a", &expired.certificate, &expired.key, 0o600),
            "2021/01/01 に期限が切れた",
        ),
        (
            set("b", &early.certificate, &early.key, 0o600),
            "まで使えない",
        ),
        (
            set("c", &good.certificate, &expired.key, 0o600),
            "組が合わない",
        ),
        (
            set("d", &good.certificate, &good.key, 0o644),
            "だれでも読める",
        ),
        (set("e", "no certificate", &good.key, 0o600), "証明書がない"),
        (set("f", &good.certificate, "no key", 0o600), "秘密鍵がない"),
        (missing, "nothing.pem がない"),
    ] {
        let named = Fault::Unreachable(inspect(&connection).unwrap_err());
        assert!(own_certificate(&named).contains(part), "{named:?}");
        assert_eq!(fault(&WebApi::new(connection), Call::Probe).await, named);
    }
    assert_eq!(stage.core.lock().unwrap().asked().count(), 0);
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_without_a_restart() {
    let stage = Stage::open().await;
    let connection = stage.connection();
    let kept = std::fs::read_to_string(&connection.certificate).unwrap();
    std::fs::write(&connection.certificate, "").unwrap();
    let client = WebApi::new(connection.clone());
    own_certificate(&fault(&client, Call::Probe).await);
    std::fs::write(&connection.certificate, kept).unwrap();
    assert_eq!(
        client.ask(Call::Probe).await,
        Ok(Answer::Alive { simulated: true })
    );
}

#[tokio::test]
async fn f_28_a_handshake_that_never_ends_is_given_up() {
    let stage = Stage::open().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = WebApi::new(Connection {
        url: format!("https://localhost:{}", silent.local_addr().unwrap().port()),
        timeouts: Timeouts {
            connect: Duration::from_millis(300),
            ..Timeouts::default()
        },
        ..stage.connection()
    });
    assert_eq!(
        fault(&client, Call::Probe).await,
        Fault::Unreachable(Unreachable::NoRoute)
    );
}

#[tokio::test]
async fn f_31_a_body_without_end_is_cut_at_the_limit() {
    let mut answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    answer.resize(3 * 1024 * 1024, b' ');
    let odd = Odd::answering(&answer).await;
    let fault = fault(&odd.client(), Call::Probe).await;
    assert!(
        matches!(&fault, Fault::Garbled(why) if why.contains("1 MiB")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn sec_40_redirections_are_not_followed() {
    let odd = Odd::answering(
        b"HTTP/1.1 302 Found\r\nLocation: https://localhost:1/\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    assert!(matches!(
        fault(&odd.client(), Call::Probe).await,
        Fault::Status { status: 302, .. }
    ));
}

#[tokio::test]
async fn what_speaks_no_tls_is_not_the_central_system() {
    let stage = Stage::open().await;
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = plain.local_addr().unwrap().port();
    let speaker = tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    let client = WebApi::new(Connection {
        url: format!("https://localhost:{port}"),
        ..stage.connection()
    });
    server_certificate(&fault(&client, Call::Probe).await);
    speaker.abort();
}
