//! The WebAPI connection: HTTPS with a client certificate, the configured CA
//! as the only trust, and limits on everything that comes back (SEC-38,
//! SEC-40). There is no switch that turns the checking of the server off.
//!
//! The client is built at the first question, again when our certificate has
//! ended or was refused, so that a renewed file is taken without a restart.

mod identity;
mod trouble;
pub mod validity;

use super::call::{Answer, Call, Capabilities, Central, Fault, Pending};
use super::wire::{self, HttpRequest, HttpResponse, Method, path};
use crate::clock::Clock;
use crate::domain::account::{AccountKind, Staff};
use crate::domain::failure::Unreachable;
use crate::domain::secret::Secret;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The largest body of an answer, counted while it arrives.
const LARGEST: usize = 1024 * 1024;

/// Where the central system is and who we are to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// `https://host[:port]`, without a path.
    pub url: String,
    /// The same for the search, where it has a host of its own
    /// (oqs-wire 3.2).
    pub search_url: Option<String>,
    /// PEM file: the only certificate authorities trusted.
    pub ca: PathBuf,
    /// PEM file: our certificate, with intermediates behind it.
    pub certificate: PathBuf,
    /// PEM file: its key, not readable for everybody.
    pub key: PathBuf,
    /// 医療機関コード.
    pub institution_code: String,
    /// Whether the other side has the stand-in's own functions.
    pub extensions: bool,
    /// Allow TLS 1.2 beside 1.3 (SEC-38).
    pub tls12: bool,
    /// Limits in time.
    pub timeouts: Timeouts,
}

/// How long to wait (SEC-40).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name, connection and TLS handshake.
    pub connect: Duration,
    /// First byte of the answer, and each silence within it.
    pub silence: Duration,
    /// The whole call.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(10),
            whole: Duration::from_secs(30),
        }
    }
}

/// Reads and checks CA, certificate and key, for the start and the morning
/// check; gives the last moment of our certificate (F-27).
pub fn inspect(connection: &Connection) -> Result<Timestamp, Unreachable> {
    identity::load(connection, Clock::start().now().wall).map(|identity| identity.until)
}

/// A connection over HTTPS. Cheap to clone; clones share one pool.
#[derive(Clone)]
pub struct WebApi {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Connection,
    clock: Clock,
    client: Mutex<Option<(reqwest::Client, Timestamp)>>,
}

impl WebApi {
    /// Takes the settings; opens nothing yet. Certificates are judged by the
    /// machine's own clock, as TLS does.
    pub fn new(connection: Connection) -> Self {
        Self {
            inner: Arc::new(Inner {
                connection,
                clock: Clock::start(),
                client: Mutex::new(None),
            }),
        }
    }
}

impl Central for WebApi {
    fn capabilities(&self) -> Capabilities {
        let ours = self.inner.connection.extensions;
        Capabilities {
            lookup: true,
            search: ours,
            notices: ours,
            register: ours,
        }
    }

    fn ask(&self, call: Call) -> Pending {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move { inner.ask(&call).await })
    }
}

/// A response that has arrived whole.
struct Arrived {
    status: u16,
    retry_after: Option<String>,
    date: Option<String>,
    body: Vec<u8>,
}

impl Arrived {
    fn view(&self) -> HttpResponse<'_> {
        HttpResponse {
            status: self.status,
            retry_after: self.retry_after.as_deref(),
            date: self.date.as_deref(),
            body: &self.body,
        }
    }
}

impl Inner {
    async fn ask(&self, call: &Call) -> Result<Answer, Fault> {
        let institution = &self.connection.institution_code;
        if !self.connection.extensions {
            match call {
                Call::Probe => return self.knock().await,
                Call::Logout { .. } => return Ok(Answer::LoggedOut),
                Call::Login { .. } | Call::Lookup { .. } => {}
                _ => {
                    return Err(Fault::Refused {
                        code: String::new(),
                        message: "この接続にない機能です。".to_owned(),
                    });
                }
            }
        }
        let arrived = self.send(wire::encode(call, institution)).await?;
        let Call::Login { user, .. } = call else {
            return wire::decode(call, institution, arrived.view());
        };
        let token = wire::decode::login(arrived.view())?;
        if self.connection.extensions {
            let arrived = self.send(wire::encode::account(&token)).await?;
            return wire::decode::account(token, arrived.view());
        }
        // The public WebAPI does not tell the account kind. Whoever it lets in
        // gets the rights it can serve, and no more: look-ups and notes.
        Ok(Answer::LoggedIn {
            token,
            staff: Staff {
                user: user.clone(),
                name: user.clone(),
                kind: AccountKind::General,
            },
        })
    }

    /// Probe of a system without a path for it: any answer but a server error
    /// shows that it is there.
    async fn knock(&self) -> Result<Answer, Fault> {
        let arrived = self
            .send(HttpRequest {
                method: Method::Get,
                path: path::LOGIN,
                token: None,
                body: Secret::default(),
            })
            .await?;
        match arrived.status {
            429 | 500.. => wire::decode(&Call::Probe, "", arrived.view()),
            _ => Ok(Answer::Alive { simulated: false }),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<Arrived, Fault> {
        let sent = self.exchange(request).await;
        if matches!(
            sent,
            Err(Fault::Unreachable(Unreachable::OwnCertificate(_)))
        ) {
            *self.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        sent
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Arrived, Fault> {
        let client = self.client().map_err(Fault::Unreachable)?;
        let base = match &self.connection.search_url {
            Some(search) if request.path == path::LOOKUP => search,
            _ => &self.connection.url,
        };
        let url = format!("{}{}", base.trim_end_matches('/'), request.path);
        let mut ask = match request.method {
            Method::Get => client.get(url),
            Method::Post => client
                .post(url)
                .header(CONTENT_TYPE, "application/json;charset=UTF-8")
                .body(request.body.reveal().to_owned()),
        };
        ask = ask.header(ACCEPT, "application/json");
        if let Some(token) = &request.token {
            let mut value =
                HeaderValue::from_str(token.reveal()).map_err(|_| Fault::Unauthorized)?;
            value.set_sensitive(true);
            ask = ask.header(AUTHORIZATION, value);
        }
        let mut response = ask.send().await.map_err(|e| trouble::fault(&e))?;
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (retry_after, date) = (header(RETRY_AFTER), header(DATE));
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| trouble::fault(&e))? {
            if body.len() + piece.len() > LARGEST {
                return Err(wire::outcome::garbled("応答が 1 MiB を超えた"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Arrived {
            status: response.status().as_u16(),
            retry_after,
            date,
            body,
        })
    }

    fn client(&self) -> Result<reqwest::Client, Unreachable> {
        let now = self.clock.now().wall;
        let mut kept = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((client, until)) = kept.as_ref()
            && now <= *until
        {
            return Ok(client.clone());
        }
        *kept = None;
        let identity = identity::load(&self.connection, now)?;
        let timeouts = self.connection.timeouts;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(identity.config)
            .https_only(true)
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.silence)
            .timeout(timeouts.whole)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|_| Unreachable::ServerCertificate("TLS を用意できない".to_owned()))?;
        *kept = Some((client.clone(), identity.until));
        Ok(client)
    }
}
