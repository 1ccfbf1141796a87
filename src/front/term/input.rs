//! What the terminal sends, as it comes: an own thread that waits for bytes
//! and hands them on.
//!
//! The thread may wait for ever: clocks and time limits live in the run loop,
//! and what the bytes mean is found out there too ([`super::bytes`]).

use super::watch;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use std::io::{self, IsTerminal};

/// Bytes taken at once.
const AT_ONCE: usize = 4096;

/// Between two looks whether the terminal is ours again, while somebody types
/// for a shell.
const BACKGROUND: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// Reads the terminal on an own thread until it is gone or `hear` says no
/// more. The last call is `None`: the terminal is gone.
pub fn listen(mut hear: impl FnMut(Option<Vec<u8>>) -> bool + Send + 'static) -> io::Result<()> {
    let tty = terminal()?;
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || {
            let mut buffer = [0; AT_ONCE];
            loop {
                wait(&tty, PollFlags::IN, None);
                if watch::background(&tty) {
                    // A read in the background would stop the whole program
                    // again, also one that is just being told to end.
                    wait(&tty, PollFlags::empty(), Some(&BACKGROUND));
                    continue;
                }
                match rustix::io::read(&tty, &mut buffer) {
                    Ok(n @ 1..) => {
                        let bytes = buffer.get(..n).unwrap_or_default();
                        #[cfg(debug_assertions)]
                        super::trip::trip("input", bytes);
                        if !hear(Some(bytes.to_vec())) {
                            return;
                        }
                    }
                    // Somebody else made it non-blocking.
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    Ok(_) | Err(_) => {
                        hear(None);
                        return;
                    }
                }
            }
        })
        .map(drop)
}

/// Until something comes of what is waited for, or it is gone, or the time is
/// over.
fn wait(tty: &OwnedFd, what: PollFlags, most: Option<&Timespec>) {
    let _ = poll(&mut [PollFd::new(tty, what)], most);
}

/// The terminal: standard input, or the one that controls the process.
pub fn terminal() -> io::Result<OwnedFd> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        stdin.as_fd().try_clone_to_owned()
    } else {
        Ok(std::fs::File::open("/dev/tty")?.into())
    }
}

/// The terminal's size, columns and rows; 80×24 where it does not say.
pub fn size() -> (u16, u16) {
    match crossterm::terminal::size() {
        Ok((w, h)) if w > 0 && h > 0 => (w, h),
        _ => (80, 24),
    }
}
