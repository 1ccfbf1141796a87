//! A real stand-in on loopback, and the real client to it.

use jiff::civil::{Date, date};
use madoguchi::central::call::{Answer, Call, Central, Fault, Token};
use madoguchi::central::webapi::{Connection, Timeouts, WebApi};
use madoguchi::clock::Clock;
use madoguchi::domain::insurance::{InsuranceNumbers, LookupQuery};
use madoguchi::domain::person::{OutageQuery, Sex};
use madoguchi::domain::secret::Secret;
use madoguchi::domain::time::Period;
use madoguchi::simulator::core::Core;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::seam::{Engine, Setting};
use madoguchi::simulator::server::{Running, serve};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

pub const OURS: &str = "0110113719";
pub const TODAY: Date = date(2026, 11, 20);

pub struct Stage {
    pub running: Running,
    pub core: Arc<Mutex<Core>>,
    pub directory: TempDir,
}

impl Stage {
    /// The built-in fixtures, at 09:12 on [`TODAY`].
    pub async fn open() -> Self {
        Self::on("127.0.0.1:0").await
    }

    pub async fn on(listen: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let core = Arc::new(Mutex::new(Core::new(Fixtures::built_in(), Vec::new(), 7)));
        let clock = Clock::starting_at("2026-11-20T00:12:00Z".parse().unwrap());
        let engine: Arc<Mutex<dyn Engine>> = core.clone();
        let listen = listen.parse().unwrap();
        let running = serve(listen, directory.path(), engine, clock)
            .await
            .unwrap();
        Self {
            running,
            core,
            directory,
        }
    }

    pub fn connection(&self) -> Connection {
        let ready = self.running.ready();
        Connection {
            url: format!("https://localhost:{}", ready.address.port()),
            search_url: None,
            ca: ready.ca.clone(),
            certificate: ready.certificate.clone(),
            key: ready.key.clone(),
            institution_code: OURS.to_owned(),
            extensions: true,
            tls12: false,
            timeouts: Timeouts::default(),
        }
    }

    pub fn client(&self) -> WebApi {
        WebApi::new(self.connection())
    }

    /// A client that loses patience soon.
    pub fn hasty(&self) -> WebApi {
        let timeouts = Timeouts {
            silence: Duration::from_millis(300),
            ..Timeouts::default()
        };
        WebApi::new(Connection {
            timeouts,
            ..self.connection()
        })
    }

    pub async fn set(&self, setting: Setting) {
        self.running.set(setting).await.unwrap();
    }

    pub async fn open_function(&self) {
        let period = Period {
            from: TODAY,
            to: date(2026, 11, 25),
        };
        self.set(Setting::OutageFunction(Some(period))).await;
    }

    /// Writes a file beside the stand-in's own.
    pub fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        write(self.directory.path(), name, text, mode)
    }
}

pub fn write(directory: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

pub fn login_call(user: &str, password: &str, force: bool) -> Call {
    Call::Login {
        user: user.to_owned(),
        password: Secret::new(password.to_owned()),
        force,
    }
}

/// The password of a demo account.
pub fn password(user: &str) -> String {
    match user {
        "A0001" => "Onshi*A0001*api".to_owned(),
        user => format!("Onshi*{user}*{user}"),
    }
}

pub async fn login(client: &WebApi, user: &str) -> Token {
    match client.ask(login_call(user, &password(user), false)).await {
        Ok(Answer::LoggedIn { token, .. }) => token,
        other => panic!("{other:?}"),
    }
}

/// 一ノ瀬, who is found by every way.
pub fn card() -> LookupQuery {
    card_of(["01139906", "21700023", "1234", "00"], date(1980, 2, 29))
}

pub fn card_of(numbers: [&str; 4], birth_date: Date) -> LookupQuery {
    let [insurer, symbol, number, branch] = numbers.map(str::to_owned);
    LookupQuery {
        insurance: InsuranceNumbers {
            insurer,
            symbol,
            number,
            branch,
        },
        birth_date,
        limit_consent: false,
        check_date: TODAY,
    }
}

pub fn lookup(token: &Token, query: LookupQuery) -> Call {
    Call::Lookup {
        token: token.clone(),
        id: "D1-0001".to_owned(),
        query,
    }
}

pub fn search(token: &Token, name: &str, birth_date: Date, sex: Sex, address: &str) -> Call {
    Call::Search {
        token: token.clone(),
        id: "D1-0002".to_owned(),
        query: OutageQuery {
            name: name.to_owned(),
            kana: String::new(),
            birth_date,
            sex,
            address: address.to_owned(),
            insurer_name: String::new(),
            check_date: TODAY,
        },
    }
}

pub async fn fault(client: &WebApi, call: Call) -> Fault {
    client.ask(call).await.unwrap_err()
}
