//! Wakes the watch while it waits for anything but the service's own call.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Rung from any thread, heard by one. A ring that nobody waits for is kept.
pub struct Bell {
    rope: UnixStream,
    ear: UnixStream,
}

impl Bell {
    /// A silent one.
    pub fn new() -> io::Result<Self> {
        let (rope, ear) = UnixStream::pair()?;
        rope.set_nonblocking(true)?;
        ear.set_nonblocking(true)?;
        Ok(Self { rope, ear })
    }

    /// Ends the wait that is or that comes next.
    pub fn ring(&self) {
        // Full: it rings as loud as it can.
        let _ = (&self.rope).write(&[1]);
    }

    /// Waits for a ring, for something to read from `other`, or for the time
    /// to pass, if one is given; whether it rang.
    pub fn wait(&self, other: Option<BorrowedFd<'_>>, longest: Option<Duration>) -> bool {
        let longest = longest.and_then(|time| Timespec::try_from(time).ok());
        let ear = self.ear.as_fd();
        let mut fds = [
            PollFd::from_borrowed_fd(ear, PollFlags::IN),
            PollFd::from_borrowed_fd(other.unwrap_or(ear), PollFlags::IN),
        ];
        // Interrupted: looked at once more than needed.
        let _ = poll(&mut fds, longest.as_ref());
        let mut rings = [0; 64];
        let mut rang = false;
        while matches!((&self.ear).read(&mut rings), Ok(some) if some > 0) {
            rang = true;
        }
        rang
    }
}
