//! The real reader service with a virtual reader, as section 9 of the card's
//! description says: as root, without systemd, on a private port.

use madoguchi::card;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No condition takes longer than this, even on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(30);

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Of a folder of ours: how a service that was left behind is known.
const MARK: &str = "madoguchi-pcscd-";

/// Waits until a condition holds.
///
/// # Panics
/// If it does not within [`LIMIT`].
pub fn until<T>(what: &str, mut holds: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LIMIT;
    loop {
        if let Some(value) = holds() {
            return value;
        }
        assert!(Instant::now() < end, "not within {LIMIT:?}: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// A program of the system, wherever administrators' programs lie.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// The only service there can be on a machine: held for the whole run.
pub struct Turn {
    lock: File,
}

impl Turn {
    /// Waits for its turn; or what stands in the way of running a service.
    pub fn take() -> Result<Self, String> {
        if !rustix::process::geteuid().is_root() {
            return Err("not root: pcscd cannot be started".to_owned());
        }
        if program("pcscd").is_none() {
            return Err("pcscd is not installed".to_owned());
        }
        if !Path::new(DRIVER).is_file() {
            return Err("vsmartcard-vpcd is not installed".to_owned());
        }
        let path = std::env::temp_dir().join("madoguchi-pcscd.lock");
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(|error| error.to_string())?;
        flock(&lock, FlockOperation::LockExclusive).map_err(|error| error.to_string())?;
        let mut text = String::new();
        let _ = lock.read_to_string(&mut text);
        if let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw)
            && is_ours(pid)
        {
            end(pid);
        }
        nobody_listens()?;
        Ok(Self { lock })
    }

    fn note(&self, pid: u32) {
        let mut lock = &self.lock;
        let _ = lock.set_len(0);
        let _ = lock.rewind();
        let _ = write!(lock, "{pid}");
    }
}

/// Looks without connecting: where systemd listens in the service's place,
/// that would start it.
fn nobody_listens() -> Result<(), String> {
    let runs = std::fs::read_dir("/proc")
        .map_err(|error| error.to_string())?
        .filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok())
        .any(|line| {
            let program = line.split(|byte| *byte == 0).next().unwrap_or_default();
            Path::new(OsStr::from_bytes(program)).ends_with("pcscd")
        });
    if runs {
        return Err(
            "another pcscd runs here: systemctl stop pcscd.socket pcscd (start the socket again afterwards)"
                .to_owned(),
        );
    }
    let sockets = std::fs::read_to_string("/proc/net/unix").unwrap_or_default();
    if sockets.lines().any(|line| line.ends_with("/pcscd.comm")) {
        return Err(
            "systemd listens for pcscd: systemctl stop pcscd.socket (start the socket again afterwards)"
                .to_owned(),
        );
    }
    Ok(())
}

fn is_ours(pid: Pid) -> bool {
    let line = std::fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero()));
    String::from_utf8_lossy(&line.unwrap_or_default()).contains(MARK)
}

fn end(pid: Pid) {
    let _ = kill_process(pid, Signal::TERM);
    until("the service left behind ends", || {
        (!is_ours(pid)).then_some(())
    });
}

/// A running service with one reader of two slots. Ends when dropped.
pub struct Service<'a> {
    turn: &'a Turn,
    home: tempfile::TempDir,
    port: u16,
    child: Option<Child>,
}

impl<'a> Service<'a> {
    /// Starts it; the reader is there.
    pub fn start(turn: &'a Turn) -> Self {
        let home = tempfile::Builder::new().prefix(MARK).tempdir().unwrap();
        let port = free_ports();
        let reader = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{port:#06X}\nLIBPATH {DRIVER}\nCHANNELID {port:#06X}\n"
        );
        std::fs::create_dir(home.path().join("readers")).unwrap();
        std::fs::write(home.path().join("readers/vpcd"), reader).unwrap();
        let mut service = Self {
            turn,
            home,
            port,
            child: None,
        };
        service.resume();
        service
    }

    /// The first slot's port.
    pub fn slot(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The second slot's.
    pub fn other_slot(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port + 1).into()
    }

    /// Starts it again after [`Service::stop`] or [`Service::kill`].
    pub fn resume(&mut self) {
        let pcscd = program("pcscd").unwrap();
        let help = Command::new(&pcscd).arg("--help").output().unwrap();
        let log = File::create(self.home.path().join("log")).unwrap();
        let mut command = Command::new(&pcscd);
        command
            .arg("--foreground")
            .arg("--config")
            .arg(self.home.path().join("readers"));
        if String::from_utf8_lossy(&help.stdout).contains("--disable-polkit") {
            command.arg("--disable-polkit");
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.turn.note(child.id());
        self.child = Some(child);
        until("the service shows both slots", || {
            let readers = card::status().ok()?;
            (readers.len() == 2).then_some(())
        });
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let end = Instant::now() + Duration::from_secs(5);
        while child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if Instant::now() > end {
                let _ = child.kill();
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Lets it stand as if it hung, or go on.
    pub fn freeze(&self, still: bool) {
        let pid = self.child.as_ref().map(Pid::from_child);
        let signal = if still { Signal::STOP } else { Signal::CONT };
        kill_process(pid.unwrap(), signal).unwrap();
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.home.path().join("log"));
            let log = log.unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the last of the service's log, newest first: {last:#?}");
        }
    }
}

/// Two ports in a row that nobody uses.
fn free_ports() -> u16 {
    until("two free ports in a row", || {
        let first = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        let port = first.local_addr().ok()?.port();
        TcpListener::bind((Ipv4Addr::UNSPECIFIED, port.checked_add(1)?)).ok()?;
        Some(port)
    })
}
