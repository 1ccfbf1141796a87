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
///
/// Not asked of `rustix`, which takes for granted that a session has a number:
/// in a container it has none (0) where whoever began it is outside.
pub fn stoppable() -> bool {
    use nix::unistd::{Pid, getpid, getppid, getsid};
    let session = |of: Pid| getsid(Some(of)).ok();
    let parent = Some(getppid()).filter(|parent| parent.as_raw() != 0);
    in_company(getpid(), session(getpid()), parent.and_then(session))
}

/// Whether somebody else leads the session, and the parent is in it.
fn in_company<P: Copy + PartialEq>(own: P, session: Option<P>, parents: Option<P>) -> bool {
    session.is_some_and(|session| session != own && parents == Some(session))
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

#[cfg(test)]
mod tests {
    use super::in_company;

    #[test]
    fn whoever_has_a_session_to_itself_is_not_stopped() {
        for (own, session, parents, company) in [
            (7, Some(5), Some(5), true),
            // Whoever began the session is outside of the container.
            (7, Some(0), Some(0), true),
            // A terminal of its own, below such a session.
            (7, Some(7), Some(0), false),
            (7, Some(7), Some(7), false),
            // The shell has gone, or is outside.
            (7, Some(5), Some(1), false),
            (7, Some(0), None, false),
            (7, None, None, false),
        ] {
            assert_eq!(
                in_company(own, session, parents),
                company,
                "{own} {session:?}"
            );
        }
    }
}
