//! The transport between processes: a Unix socket in a private folder of the
//! desk's data, one desk service at a time.

mod place;

pub use place::workable;

use super::{DeskEnd, FrontEnd, QUEUE, frame, reason};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{channel, sync_channel};
use std::time::Duration;
use thiserror::Error;

/// A front end that takes nothing for this long is gone (REL-23).
const WRITE_LIMIT: Duration = Duration::from_secs(10);

/// Messages of one front end that may wait for the desk service.
const INBOX: usize = 64;

/// Why the socket cannot be used.
#[derive(Debug, Error)]
pub enum SocketError {
    /// The folder is not ours alone.
    #[error(
        "フォルダー {dir} はほかの人も使える設定です。持ち主を自分にし、chmod 700 してください。"
    )]
    NotPrivate {
        /// The folder.
        dir: String,
    },
    /// A desk service runs already.
    #[error("この窓口のサービスはもう動いています（プロセス {holder}）。")]
    Running {
        /// Its process id, as far as known.
        holder: String,
    },
    /// A Unix socket's path is at most 107 bytes long.
    #[error(
        "ソケットの場所 {path} が長すぎます（107 バイトまで）。設定の data か --data を短くしてください。"
    )]
    TooLong {
        /// The path.
        path: String,
    },
    /// The desk's folder cannot be used.
    #[error(
        "データのフォルダー {dir} を使えません（{}）。持ち主と権限を確かめるか、設定の data か --data に使えるフォルダーを書いてください。",
        reason(.source)
    )]
    Folder {
        /// What was to be used.
        dir: String,
        /// What went wrong.
        source: io::Error,
    },
    /// Nobody is at the socket, or the operating system refused.
    #[error("{path} につながりません（{}）。", reason(.source))]
    Io {
        /// What was to be used.
        path: String,
        /// What went wrong.
        source: io::Error,
    },
}

impl SocketError {
    fn folder(dir: &Path, source: io::Error) -> Self {
        Self::Folder {
            dir: dir.display().to_string(),
            source,
        }
    }

    /// Whether another try can only end the same way, until a person has
    /// changed something.
    pub fn lasting(&self) -> bool {
        match self {
            Self::NotPrivate { .. } | Self::TooLong { .. } => true,
            Self::Folder { source, .. } => source.kind() != io::ErrorKind::NotFound,
            Self::Running { .. } | Self::Io { .. } => false,
        }
    }

    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}

fn socket_path(dir: &Path) -> PathBuf {
    dir.join("desk.sock")
}

/// The desk service's listening socket; removed when dropped.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    // Held for as long as the service runs; goes with the process.
    lock: File,
}

impl Listener {
    /// Takes the desk's lock, removes a socket left over by a killed service,
    /// and listens; elsewhere where the data's disk takes nothing.
    pub fn bind(data: &Path) -> Result<Self, SocketError> {
        if let Some(holder) = running(data) {
            return Err(SocketError::Running { holder });
        }
        place::first(data, Self::bind_in)
    }

    fn bind_in(dir: &Path) -> Result<Self, SocketError> {
        private_folder(dir)?;
        let lock = lock(dir)?;
        let path = socket_path(dir);
        if path.as_os_str().len() > 107 {
            return Err(SocketError::TooLong {
                path: path.display().to_string(),
            });
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(SocketError::folder(&path, error));
            }
            _ => {}
        }
        let listener = UnixListener::bind(&path).map_err(|e| SocketError::folder(&path, e))?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))
            .map_err(|e| SocketError::folder(&path, e))?;
        listener
            .set_nonblocking(true)
            .map_err(|e| SocketError::folder(&path, e))?;
        Ok(Self {
            socket: listener,
            path,
            lock,
        })
    }

    /// The listening socket for tokio (non-blocking already); call within a
    /// runtime.
    pub fn for_tokio(&self) -> io::Result<tokio::net::UnixListener> {
        tokio::net::UnixListener::from_std(self.socket.try_clone()?)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        // Said aloud: a child between its fork and its exec holds a copy.
        let _ = flock(&self.lock, FlockOperation::Unlock);
    }
}

/// Waits for the next front end of the same user; others are turned away.
pub async fn accept(listener: &tokio::net::UnixListener) -> io::Result<DeskEnd> {
    loop {
        let (stream, _) = listener.accept().await?;
        let own = rustix::process::geteuid().as_raw();
        match stream.peer_cred() {
            Ok(peer) if peer.uid() == own => {
                let stream = stream.into_std()?;
                stream.set_nonblocking(false)?;
                return serve(stream);
            }
            Ok(peer) => tracing::warn!(uid = peer.uid(), "front end of another user turned away"),
            Err(error) => tracing::warn!(%error, "front end without credentials turned away"),
        }
    }
}

fn serve(stream: UnixStream) -> io::Result<DeskEnd> {
    stream.set_write_timeout(Some(WRITE_LIMIT))?;
    let (to_front, queued) = sync_channel(QUEUE);
    let (inbox, from_front) = sync_channel(INBOX);
    let mut out = stream.try_clone()?;
    spawn("link-out", move || {
        for message in queued {
            if let Err(error) = frame::write(&mut out, &message) {
                tracing::info!(%error, "front end does not take messages");
                break;
            }
        }
        hang_up(&out);
    })?;
    let mut from = stream;
    spawn("link-in", move || {
        loop {
            match frame::read(&mut from) {
                Ok(Some(message)) => {
                    if inbox.send(message).is_err() {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::info!(%error, "front end broke off");
                    break;
                }
            }
        }
        hang_up(&from);
    })?;
    Ok(DeskEnd {
        tx: to_front,
        rx: from_front,
    })
}

/// Connects to the desk service of this data folder.
pub fn connect(data: &Path) -> Result<FrontEnd, SocketError> {
    let mut why = None;
    for dir in place::all(data) {
        match connect_in(&dir) {
            Ok(front) => return Ok(front),
            Err(error) => drop(why.get_or_insert(error)),
        }
    }
    Err(why.unwrap_or_else(|| SocketError::folder(data, io::ErrorKind::NotFound.into())))
}

fn connect_in(dir: &Path) -> Result<FrontEnd, SocketError> {
    check_private(dir)?;
    let path = socket_path(dir);
    let stream = UnixStream::connect(&path).map_err(|e| SocketError::io(&path, e))?;
    attach(stream).map_err(|e| SocketError::io(&path, e))
}

fn attach(stream: UnixStream) -> io::Result<FrontEnd> {
    let (to_desk, queued) = channel();
    let (inbox, from_desk) = channel();
    let mut out = stream.try_clone()?;
    spawn("link-out", move || {
        for message in queued {
            if frame::write(&mut out, &message).is_err() {
                break;
            }
        }
        hang_up(&out);
    })?;
    let mut from = stream;
    spawn("link-in", move || {
        while let Ok(Some(message)) = frame::read(&mut from) {
            if inbox.send(message).is_err() {
                break;
            }
        }
        hang_up(&from);
    })?;
    Ok(FrontEnd {
        tx: to_desk,
        rx: from_desk,
    })
}

fn hang_up(stream: &UnixStream) {
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map(drop)
}

/// Whether a desk service could begin in this data folder. Makes nothing.
pub fn usable(data: &Path) -> Result<(), SocketError> {
    place::first(data, usable_in)
}

fn usable_in(dir: &Path) -> Result<(), SocketError> {
    match check_private(dir) {
        Err(SocketError::Folder { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        Err(other) => return Err(other),
        Ok(()) => return writable(dir),
    }
    // What is not there yet is made in the nearest folder that is.
    let whole = std::path::absolute(dir).map_err(|e| SocketError::folder(dir, e))?;
    match whole.ancestors().find(|above| above.exists()) {
        Some(above) => writable(above),
        None => Ok(()),
    }
}

fn writable(dir: &Path) -> Result<(), SocketError> {
    use rustix::fs::{Access, access};
    if !dir.is_dir() {
        return Err(SocketError::folder(
            dir,
            io::ErrorKind::NotADirectory.into(),
        ));
    }
    access(dir, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| SocketError::folder(dir, error.into()))
}

/// Makes a folder only its owner can enter (SEC-22).
pub fn private_folder(dir: &Path) -> Result<(), SocketError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| SocketError::folder(dir, e))?;
    check_private(dir)
}

fn check_private(dir: &Path) -> Result<(), SocketError> {
    let meta = fs::symlink_metadata(dir).map_err(|e| SocketError::folder(dir, e))?;
    let own = rustix::process::geteuid().as_raw();
    if !meta.is_dir() || meta.uid() != own || meta.mode() & 0o077 != 0 {
        return Err(SocketError::NotPrivate {
            dir: dir.display().to_string(),
        });
    }
    Ok(())
}

fn lock(dir: &Path) -> Result<File, SocketError> {
    let path = dir.join("desk.lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|e| SocketError::folder(&path, e))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {
            let written = file
                .set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| write!(file, "{}", std::process::id()));
            written.map_err(|e| SocketError::folder(&path, e))?;
            Ok(file)
        }
        Err(rustix::io::Errno::WOULDBLOCK) => Err(SocketError::Running {
            holder: holder_text(&mut file),
        }),
        Err(error) => Err(SocketError::folder(&path, error.into())),
    }
}

fn holder_text(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(32).read_to_string(&mut text);
    let digits = text.trim();
    if read.is_ok() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        digits.to_owned()
    } else {
        "不明".to_owned()
    }
}

/// The process id of the running desk service, if its lock is held.
pub fn running(data: &Path) -> Option<String> {
    // Nobody else's folder says that a service of this person runs.
    let places = place::all(data);
    let ours = places.iter().filter(|dir| check_private(dir).is_ok());
    ours.into_iter()
        .find_map(|dir| held(&dir.join("desk.lock")))
}

fn held(path: &Path) -> Option<String> {
    let mut file = OpenOptions::new().read(true).open(path).ok()?;
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Err(rustix::io::Errno::WOULDBLOCK) => Some(holder_text(&mut file)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
