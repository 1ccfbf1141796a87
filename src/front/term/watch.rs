//! Watches over the front end: signals, and the terminal that goes away
//! without a word (REL-21).

use super::input::terminal;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::io::Errno;
use std::io;

pub use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

/// Signals sent one behind the other have all arrived within this.
const TOGETHER: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// Waits for signals on an own thread and hands each to `hear`.
pub fn signals(mut hear: impl FnMut(i32) + Send + 'static) -> io::Result<()> {
    let mut waiting = signal_hook::iterator::Signals::new([
        SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGTSTP, SIGWINCH,
    ])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            loop {
                let mut came: Vec<i32> = waiting.wait().collect();
                if came.contains(&SIGCONT) && away() {
                    // A shell that ends what stands still says so and lets it
                    // go on: threads may take the two in any order.
                    let _ = poll(&mut [], Some(&TOGETHER));
                    came.extend(waiting.pending());
                }
                came.sort_by_key(|signal| *signal == SIGCONT);
                came.into_iter().for_each(&mut hear);
            }
        })
        .map(drop)
}

/// Calls `gone` once when the terminal has hung up. Costs nothing until then.
pub fn hang_up(gone: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let tty = terminal()?;
    std::thread::Builder::new()
        .name("hang-up".to_owned())
        .spawn(move || {
            loop {
                // No event is asked for: only a hang-up or an error comes.
                let mut fds = [PollFd::new(&tty, PollFlags::empty())];
                match poll(&mut fds, None) {
                    Ok(0) | Err(Errno::INTR) => {}
                    Ok(_) | Err(_) => break,
                }
            }
            gone();
        })
        .map(drop)
}

/// Whether a shell is there that would let us go on after a stop. Whoever has
/// a session to itself, or was left alone in one, stands still for ever; the
/// system spares such processes too.
pub fn stoppable() -> bool {
    use rustix::process::{getpid, getppid, getsid};
    let Ok(session) = getsid(None) else {
        return false;
    };
    let parent = getppid().and_then(|parent| getsid(Some(parent)).ok());
    session != getpid() && parent == Some(session)
}

/// Whether the terminal takes the keys of others now, a shell's; not where it
/// cannot be known.
pub(super) fn background(tty: impl AsFd) -> bool {
    rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group != rustix::process::getpgrp())
}

/// Whether the terminal is a shell's that will let us go on another time.
pub fn away() -> bool {
    stoppable() && terminal().is_ok_and(background)
}

/// Stands still until somebody says to go on. The whole job does, as with
/// Ctrl+Z; the terminal must have been put back.
pub fn stop() {
    use rustix::process::{Signal, getpid, kill_process};
    let _ = kill_process(getpid(), Signal::STOP);
}
