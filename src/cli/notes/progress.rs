//! `notes sync`: how far it is, on the terminal, until there is nothing more to
//! ask for. Ctrl-C stops the sync, not only the command; a second one ends the
//! command at once.

use crate::cli::Fail;
use crate::cli::client::Client;
use crate::front::wording;
use crate::link::message::{Status, SyncState, ToDesk};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a sync ended.
pub struct Ended {
    /// The desk as it is now.
    pub status: Status,
    /// A person stopped it.
    pub stopped: bool,
}

/// Waits for the sync that has been started.
pub fn follow(client: &mut Client, show: bool) -> Result<Ended, Fail> {
    let stop = Arc::new(AtomicBool::new(false));
    let handlers = [
        flag::register_conditional_shutdown(SIGINT, 1, Arc::clone(&stop))?,
        flag::register(SIGINT, Arc::clone(&stop))?,
    ];
    let show = show && stderr().is_terminal();
    let (mut told, mut shown) = (false, String::new());
    let ended = client.watch(
        |status| {
            let on = matches!(
                status.sync,
                SyncState::Running { .. } | SyncState::Stopping { .. }
            );
            !on
        },
        |client, status| {
            if stop.load(Ordering::Relaxed) && !std::mem::replace(&mut told, true) {
                client.say(ToDesk::Sync { run: false });
            }
            let text = line(status, told);
            if show && text != shown {
                let _ = write!(stderr(), "\r{text}\u{1b}[K");
                let _ = stderr().flush();
                shown = text;
            }
        },
    );
    if !shown.is_empty() {
        let _ = writeln!(stderr());
    }
    for handler in handlers {
        signal_hook::low_level::unregister(handler);
    }
    Ok(Ended {
        status: ended?,
        stopped: told,
    })
}

fn line(status: &Status, stopping: bool) -> String {
    match status.sync {
        SyncState::Running {
            done,
            total,
            per_minute,
            seconds_left,
        } => {
            let far = wording::syncing(done, total, per_minute, seconds_left);
            let end = if stopping {
                "  止めています（照会中のものは返事を待ちます）"
            } else {
                "  Ctrl+C で止めます"
            };
            format!("{far}{end}")
        }
        SyncState::Stopping { notes } => wording::stopping(notes),
        _ => String::new(),
    }
}
