//! Waiting for a reader service that is not there: soon tried again, then
//! asleep until something stirs where its socket lies. It is found within 3 s
//! whenever it comes (REL-19), and an idle desk is not woken for it.

mod folder;

use super::bell::Bell;
use folder::Folder;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

/// In milliseconds. The service was there a moment ago, or something stirs
/// where its socket lies and it may need a moment until it listens.
const SOON: [u64; 4] = [250, 500, 1000, 2000];

/// Where nothing tells of its coming.
const REGULAR: Duration = Duration::from_millis(2500);

/// Since the service was there last.
pub struct Away {
    socket: PathBuf,
    tries: usize,
    folder: Option<Folder>,
}

impl Away {
    /// From now on.
    pub fn new() -> Self {
        Self::of(socket())
    }

    fn of(socket: PathBuf) -> Self {
        Self {
            socket,
            tries: 0,
            folder: None,
        }
    }

    /// Returns when it is worth trying again, or when the bell rings.
    pub fn wait(&mut self, bell: &Bell) {
        if let Some(pause) = SOON.get(self.tries) {
            self.tries += 1;
            // Before the last of these tries, so that none comes between.
            if self.tries == SOON.len() {
                self.folder = Folder::of(&self.socket);
            }
            bell.wait(None, Some(Duration::from_millis(*pause)));
            return;
        }
        match &mut self.folder {
            Some(folder) if UnixStream::connect(&self.socket).is_err() => {
                if folder.wait(bell) {
                    (self.tries, self.folder) = (0, None);
                }
            }
            // It listens, but takes nobody: no folder tells when it will.
            _ => {
                bell.wait(None, Some(REGULAR));
            }
        }
    }
}

/// Where the service listens, as its library finds it.
fn socket() -> PathBuf {
    std::env::var_os("PCSCLITE_CSOCK_NAME")
        .map_or_else(|| "/run/pcscd/pcscd.comm".into(), PathBuf::from)
}

#[cfg(test)]
mod tests;
