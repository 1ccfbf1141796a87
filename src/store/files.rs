//! Private files and folders, made so that they are still there after a power
//! cut (SEC-22, REL-1).

use rustix::fs::OFlags;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Options for a private file; a symbolic link in its place is refused, and
/// what is no plain file (a FIFO) keeps nobody waiting.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
    options
}

/// An error unless `file` is a plain file.
pub fn plain(file: &File) -> io::Result<()> {
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if kind.is_file() {
        return Ok(());
    }
    Err(io::Error::other("普通のファイルではありません"))
}

/// Makes the names in a folder durable.
pub fn sync_folder(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Makes a folder (0700) with all above it, and their names durable.
pub fn make_folder(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    make_folder(parent)?;
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_folder(parent)
}

/// Reads a file that must be small; what is over `limit` is left out.
pub fn read_small(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = private().read(true).open(path)?;
    plain(&file)?;
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file as a whole: the old content or the new one, never half.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    match path.parent() {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Whether files can be made in a folder.
pub fn writable(dir: &Path) -> bool {
    let path = dir.join("writable");
    let made = private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path);
    let _ = std::fs::remove_file(&path);
    made.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn sec22_modes() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        make_folder(&deep).unwrap();
        make_folder(&deep).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&deep), 0o700);
        assert_eq!(mode(deep.parent().unwrap()), 0o700);
        let file = deep.join("f");
        replace(&file, b"1").unwrap();
        replace(&file, b"2").unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(read_small(&file, 10).unwrap(), b"2");
    }

    #[test]
    fn what_is_no_plain_file_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, mode).unwrap();
        assert!(read_small(&fifo, 10).is_err());
        assert!(read_small(Path::new("/dev/zero"), 10).is_err());
        assert!(read_small(dir.path(), 10).is_err());
        assert!(private().write(true).open(&fifo).is_err());
    }

    #[test]
    fn sec22_no_symbolic_link_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("target");
        std::fs::write(&target, "x").unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(read_small(&link, 10).is_err());
        assert!(private().append(true).open(&link).is_err());
    }
}
