//! Where the socket and its lock lie: below the desk's data, or, while nothing
//! can be written there, in a private folder of the running system whose name
//! comes from the data folder's, so that both ends find it.

use super::{SocketError, private_folder, writable};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The usual folder, below the desk's data folder.
pub fn folder(data: &Path) -> PathBuf {
    data.join("run")
}

/// Every folder it may be, the usual one first.
pub fn all(data: &Path) -> Vec<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let user = rustix::process::geteuid().as_raw();
    let whole = std::fs::canonicalize(data).or_else(|_| std::path::absolute(data));
    let whole = whole.unwrap_or_else(|_| data.to_owned());
    let mark = crc32fast::hash(whole.as_os_str().as_encoded_bytes());
    let given = [
        // What systemd gives the service, under its name for all others.
        variable("RUNTIME_DIRECTORY"),
        Some(PathBuf::from("/run/madoguchi")),
        variable("XDG_RUNTIME_DIR"),
        Some(PathBuf::from(format!("/run/user/{user}"))),
    ];
    let mut found = vec![folder(data)];
    for dir in given.into_iter().flatten() {
        let inside = dir.join(format!("madoguchi-{mark:08x}"));
        if dir.is_absolute() && dir.is_dir() && !found.contains(&inside) {
            found.push(inside);
        }
    }
    found.push(PathBuf::from(format!("/tmp/madoguchi-{user}-{mark:08x}")));
    found
}

/// Whether another folder helps: the disk takes nothing. Wrong owners and
/// modes are for a person to put right.
pub fn elsewhere(error: &SocketError) -> bool {
    let SocketError::Folder { source, .. } = error else {
        return false;
    };
    matches!(
        source.kind(),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

/// The first folder in which `work` can be done; the usual one's trouble if
/// there is none.
pub fn first<T>(
    data: &Path,
    mut work: impl FnMut(&Path) -> Result<T, SocketError>,
) -> Result<T, SocketError> {
    let why = match work(&folder(data)) {
        Err(error) if elsewhere(&error) => error,
        done => return done,
    };
    for dir in all(data).iter().skip(1) {
        match work(dir) {
            Err(running @ SocketError::Running { .. }) => return Err(running),
            Ok(done) => return Ok(done),
            Err(_) => {}
        }
    }
    Err(why)
}

/// A private folder that can be written, made if it is not there.
pub fn workable(data: &Path) -> Result<PathBuf, SocketError> {
    first(data, |dir| {
        private_folder(dir)?;
        writable(dir)?;
        Ok(dir.to_owned())
    })
}
