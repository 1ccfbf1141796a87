//! Bytes to the terminal: one write a frame, and never waiting for a terminal
//! that does not take them (REL-23).

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::sync::Arc;

/// What became of bytes that could not be written at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Written after all.
    Written,
    /// The terminal is gone.
    Gone,
}

/// The way out to the terminal.
pub struct Output {
    fd: Arc<OwnedFd>,
    /// Whether a write to `fd` comes back at once when nothing is taken.
    prompt: bool,
    tell: Arc<dyn Fn(Fate) + Send + Sync>,
}

impl Output {
    /// The terminal on standard output. `tell` is called from another thread
    /// for each frame that [`Output::put`] could not write at once.
    pub fn new(tell: impl Fn(Fate) + Send + Sync + 'static) -> io::Result<Self> {
        let (fd, prompt) = match reopened() {
            Some(fd) => (fd, true),
            None => (io::stdout().as_fd().try_clone_to_owned()?, false),
        };
        Ok(Self {
            fd: Arc::new(fd),
            prompt,
            tell: Arc::new(tell),
        })
    }

    /// Writes a frame. Returns whether it is out; if not, its [`Fate`] will be
    /// told, and until then no other frame may follow.
    pub fn put(&mut self, frame: &[u8]) -> io::Result<bool> {
        let mut rest = frame;
        while self.prompt && !rest.is_empty() {
            match rustix::io::write(&self.fd, rest) {
                Ok(n) => rest = rest.get(n..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            }
        }
        if rest.is_empty() {
            return Ok(true);
        }
        let rest = rest.to_vec();
        let fd = Arc::clone(&self.fd);
        let tell = Arc::clone(&self.tell);
        std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || tell(push(&fd, &rest)))?;
        Ok(false)
    }
}

fn push(fd: &OwnedFd, mut rest: &[u8]) -> Fate {
    use rustix::event::{PollFd, PollFlags, poll};
    while !rest.is_empty() {
        let mut fds = [PollFd::new(fd, PollFlags::OUT)];
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return Fate::Gone,
        }
        match rustix::io::write(fd, rest) {
            Ok(n) => rest = rest.get(n..).unwrap_or_default(),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => return Fate::Gone,
        }
    }
    Fate::Written
}

/// Opens the terminal a second time: only this opening is made non-blocking,
/// not the one shared with the shell that started us.
fn reopened() -> Option<OwnedFd> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open("/proc/self/fd/1", flags, Mode::empty()).ok()
}
