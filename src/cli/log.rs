//! The log: a file a day in the log folder, never the screen, never a
//! patient's data (SEC-27).

use crate::link::reason;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Days of logs that are kept.
const KEPT: usize = 30;

/// Lines that may wait for the disk; room for each is taken at the start, and
/// the usual 128 000 are 4 MB.
const WAITING: usize = 1024;

/// Variable that overrules the setting `log.level`: a level, nothing else.
pub const VARIABLE: &str = "MADOGUCHI_LOG";

/// Starts logging; the guard writes the rest when dropped. Where the folder
/// cannot be used the program runs without a log, and says so.
pub fn start(folder: &Path, name: &str, level: &str) -> Option<WorkerGuard> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let file = made.map_err(|error| reason(&error)).and_then(|()| {
        Builder::new()
            .rotation(Rotation::DAILY)
            .filename_prefix(name)
            .filename_suffix("log")
            .max_log_files(KEPT)
            .build(folder)
            .map_err(|error| {
                let inner = std::error::Error::source(&error);
                inner
                    .and_then(|inner| inner.downcast_ref())
                    .map_or_else(|| "原因は分かりません".to_owned(), reason)
            })
    });
    let file = match file {
        Ok(file) => file,
        Err(error) => {
            if !crate::front::term::modes::entered() {
                let folder = folder.display();
                super::say(&format!(
                    "記録を {folder} に書けません（{error}）。記録なしで続けます。"
                ));
            }
            return None;
        }
    };
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .finish(file);
    // Only our own events: libraries would log addresses, headers and, in the
    // store's case, what is stored.
    let wanted = std::env::var(VARIABLE).ok().filter(|v| !v.is_empty());
    let level = wanted
        .and_then(|wanted| wanted.parse().ok())
        .or_else(|| level.parse().ok())
        .unwrap_or(LevelFilter::INFO);
    let filter = Targets::new().with_target("madoguchi", level);
    let file = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(false)
        .with_filter(filter);
    tracing_subscriber::registry().with(file).try_init().ok()?;
    Some(guard)
}
