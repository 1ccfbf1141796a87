//! One process per store (REL-6): a lock that goes with the process, and says
//! who holds it.

use super::record::StoreError;
use super::trouble;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Held as long as the store is open.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Said aloud: a child between its fork and its exec holds a copy of the
    /// file, and closing ours alone would leave the lock with it.
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

impl Lock {
    /// Takes the lock of the store in `dir`.
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| trouble::from_io(dir, &error);
        let mut file = super::files::private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join("lock"))
            .map_err(failed)?;
        super::files::plain(&file).map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(StoreError::InUse {
                    dir: trouble::shown(dir),
                    holder: holder(&mut file),
                });
            }
            Err(error) => return Err(failed(error.into())),
        }
        // Who we are is for the message of the second process only: a full
        // disk must not keep the store shut because of it.
        let _ = file.set_len(0);
        let _ = file.rewind();
        let _ = file.write_all(format!("{} {}\n", std::process::id(), program()).as_bytes());
        Ok(Self { file })
    }
}

impl Lock {
    /// Takes the lock of a store whose disk is read-only.
    pub fn take_read_only(dir: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| trouble::from_io(dir, &error);
        let mut file = super::files::private()
            .read(true)
            .open(dir.join("lock"))
            .map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::InUse {
                dir: trouble::shown(dir),
                holder: holder(&mut file),
            }),
            Err(error) => Err(failed(error.into())),
        }
    }
}

impl Lock {
    /// Whether the store in `dir` is still the one that was locked.
    pub fn stands(&self, dir: &Path) -> bool {
        match (
            self.file.metadata(),
            std::fs::symlink_metadata(dir.join("lock")),
        ) {
            (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
            _ => false,
        }
    }
}

fn program() -> String {
    std::env::current_exe()
        .ok()
        .and_then(|path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| "madoguchi".to_owned())
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let _ = file.take(200).read_to_string(&mut text);
    let text = crate::text::clean::clean(text.trim_end());
    match text.split_once(' ') {
        Some((pid, name)) => format!("{name}、プロセス番号 {pid}"),
        None => "名前は分かりません".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rel6_the_second_is_told_who_holds_it_and_the_lock_dies_with_its_holder() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap();
        let Err(StoreError::InUse { holder, .. }) = Lock::take(dir.path()) else {
            panic!("a second lock was given");
        };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        drop(first);
        Lock::take(dir.path()).unwrap();
    }

    #[test]
    fn a_lock_file_of_strange_content_is_survived() {
        let dir = tempfile::tempdir().unwrap();
        let _held = Lock::take(dir.path()).unwrap();
        for content in [&b""[..], b"\xff\xfe\x1b[31m", b"12345678901234567890"] {
            std::fs::write(dir.path().join("lock"), content).unwrap();
            let said = Lock::take(dir.path()).unwrap_err().to_string();
            assert!(!said.contains('\u{1b}'));
        }
    }

    #[test]
    fn a_copy_of_the_file_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        // What a child holds between its fork and its exec.
        let copy = lock.file.try_clone().unwrap();
        assert!(Lock::take(dir.path()).is_err());
        drop(lock);
        assert!(Lock::take(dir.path()).is_ok());
        drop(copy);
    }
}
