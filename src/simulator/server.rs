//! The stand-in as a real server: axum over TLS, client certificate required,
//! faults as real behaviour of the line (the port closes, bodies break off).

mod answer;
mod bytes;
mod line;

use super::certificates;
use super::control;
use super::core::Core;
use super::fixtures::{FixtureError, Fixtures};
use super::people::generate::generate;
use super::seam::{Engine, Setting};
use crate::clock::Clock;
use line::{Line, acceptor};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What `madoguchi simulator central` is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOptions {
    /// Where to listen; port 0 takes a free one. Loopback unless told
    /// otherwise (SEC-44).
    pub listen: SocketAddr,
    /// Certificates and the control socket, made private.
    pub state_dir: PathBuf,
    /// Own fixtures instead of the built-in ones.
    pub fixtures: Option<PathBuf>,
    /// People to make up besides the fixtures.
    pub people: usize,
    /// For everything made up.
    pub seed: u64,
}

/// Serves until something breaks; stopping is dropping the future. `ready` is
/// called once, when connections are accepted. Errors are for people:
/// fixtures that cannot be read, an address that is taken.
pub async fn run(options: ServerOptions, ready: impl FnOnce(&Ready)) -> io::Result<()> {
    let ServerOptions {
        listen,
        state_dir,
        fixtures,
        people,
        seed,
    } = options;
    let core = tokio::task::spawn_blocking(move || {
        let fixtures = match fixtures {
            Some(directory) => Fixtures::load(&directory)?,
            None => Fixtures::built_in(),
        };
        Ok::<_, FixtureError>(Core::new(fixtures, generate(people, seed), seed))
    });
    let core = core
        .await
        .map_err(io::Error::other)?
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    let engine: Arc<Mutex<dyn Engine>> = Arc::new(Mutex::new(core));
    let running = serve(listen, &state_dir, engine, Clock::start()).await?;
    ready(running.ready());
    running.wait().await
}

/// How long one exchange over the control socket may take.
const CONTROL: Duration = Duration::from_secs(5);

/// Where a running stand-in is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The address it listens on, with the real port.
    pub address: SocketAddr,
    /// PEM: the authority to trust.
    pub ca: PathBuf,
    /// PEM: a certificate for the desk.
    pub certificate: PathBuf,
    /// PEM: its key.
    pub key: PathBuf,
    /// The socket for `simulator set`.
    pub control: PathBuf,
}

/// A running stand-in. Dropping it ends it.
pub struct Running {
    ready: Ready,
    stand: Stand,
    tasks: JoinSet<()>,
}

/// What every task of the server shares.
#[derive(Clone)]
struct Stand {
    engine: Arc<Mutex<dyn Engine>>,
    clock: Clock,
    wanted: Arc<watch::Sender<bool>>,
    open: watch::Receiver<bool>,
}

impl Stand {
    /// All settings or none; comes back when the port is as they want it.
    async fn set(&mut self, settings: Vec<Setting>) -> Result<(), String> {
        let refusing = {
            let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            for setting in settings {
                engine.set(self.clock.now(), setting)?;
            }
            engine.refusing()
        };
        self.wanted.send_replace(!refusing);
        let settled = self.open.wait_for(|open| *open != refusing);
        settled
            .await
            .map(drop)
            .map_err(|_| "終了中です。".to_owned())
    }
}

impl Running {
    /// Where it is.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// As `simulator set`, from inside the process. Comes back when it has
    /// taken effect, the port included.
    pub async fn set(&self, setting: Setting) -> Result<(), String> {
        self.stand.clone().set(vec![setting]).await
    }

    /// Runs until one of its tasks ends, which only happens by a defect or a
    /// lost port.
    pub async fn wait(mut self) -> io::Result<()> {
        match self.tasks.join_next().await {
            Some(Err(error)) => Err(io::Error::other(error)),
            _ => Err(io::Error::other("模擬中央システムが止まりました。")),
        }
    }
}

/// Starts serving `engine` on `listen`, with `clock` as the core's time.
/// Certificates, which follow the machine's clock as TLS does, and the control
/// socket are kept in `state` (made private). Errors: the address is taken, the
/// directory cannot be used, another stand-in uses it.
pub async fn serve(
    listen: SocketAddr,
    state: &Path,
    engine: Arc<Mutex<dyn Engine>>,
    clock: Clock,
) -> io::Result<Running> {
    let files = certificates::ensure(state, Clock::start().now())?;
    let acceptor = acceptor(&files)?;
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let socket = state.join(control::SOCKET);
    let control = listen_control(&socket).await?;
    let (wanted, wants) = watch::channel(true);
    let (opened, open) = watch::channel(true);
    let stand = Stand {
        engine,
        clock,
        wanted: Arc::new(wanted),
        open,
    };
    let mut tasks = JoinSet::new();
    let line = Line {
        address,
        acceptor,
        router: answer::router(Arc::clone(&stand.engine), clock),
        wants,
        opened,
    };
    tasks.spawn(line.run(listener));
    tasks.spawn(obey(control, stand.clone()));
    let ready = Ready {
        address,
        ca: files.ca,
        certificate: files.desk,
        key: files.desk_key,
        control: socket,
    };
    Ok(Running {
        ready,
        stand,
        tasks,
    })
}

/// Binds the control socket; a dead one of an earlier run is replaced.
async fn listen_control(socket: &Path) -> io::Result<UnixListener> {
    if UnixStream::connect(socket).await.is_ok() {
        let why = "この場所ではもう模擬中央システムが動いています。";
        return Err(io::Error::new(io::ErrorKind::AddrInUse, why));
    }
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn obey(listener: UnixListener, stand: Stand) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            return;
        };
        let mut stand = stand.clone();
        let exchange = async {
            let answer = match control::receive(&mut stream).await? {
                Ok(settings) => stand.set(settings).await,
                Err(why) => Err(why),
            };
            let line = answer.map_or_else(|why| format!("{why}\n"), |()| "ok\n".to_owned());
            stream.write_all(line.as_bytes()).await
        };
        // One at a time, each within a limit; a broken exchange concerns
        // only whoever began it.
        let _ = tokio::time::timeout(CONTROL, exchange).await;
    }
}
