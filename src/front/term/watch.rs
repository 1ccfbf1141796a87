//! Watches over the front end: signals, and the terminal that goes away
//! without a word (REL-21).

use super::input::terminal;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use std::io;

pub use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

/// Waits for signals on an own thread and hands each to `hear`. Ctrl+Z from
/// outside is ignored: the screen of a patient must not be left behind.
pub fn signals(mut hear: impl FnMut(i32) + Send + 'static) -> io::Result<()> {
    let mut waiting = signal_hook::iterator::Signals::new([
        SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGTSTP, SIGWINCH,
    ])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in &mut waiting {
                if signal != SIGTSTP {
                    hear(signal);
                }
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
