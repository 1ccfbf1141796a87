//! When something of ours breaks: the terminal is put back first, then a
//! report is written that holds where, never what (SEC-27).

use crate::clock::Clock;
use crate::domain::time::{clock_seconds_text, compact_date, jst};
use crate::front::term::modes;
use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Threads without which there is no front end.
const FRONT: [&str; 6] = ["main", "input", "output", "signals", "hang-up", "line"];

static REPORTS: OnceLock<PathBuf> = OnceLock::new();

/// Where reports are written from now on.
pub fn report_to(folder: PathBuf) {
    let _ = REPORTS.set(folder);
}

/// Takes over what happens at a panic in any thread.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        // The store catches what sled breaks on, and tells it itself.
        if crate::store::guard::inside() {
            return;
        }
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("?");
        // The payload may quote data: only the place is told.
        let place = info.location().map_or_else(
            || "?".to_owned(),
            |at| format!("{}:{}", short(at.file()), at.line()),
        );
        tracing::error!(thread = name, %place, "broke");
        if modes::entered() && !FRONT.contains(&name) {
            // A part of the embedded desk service: the screen stays, the
            // service is started again.
            return;
        }
        modes::restore();
        let file = report(name, &place);
        let kept = if FRONT.contains(&name) {
            "入力は窓口サービスに残っています。もう一度始めてください。"
        } else {
            ""
        };
        super::say(&format!(
            "内部の誤りで止まりました（{place}）。{kept}{}",
            file.map(|f| format!(
                "\n報告: {}（患者の情報は含みません。システム業者へ渡してください）",
                f.display()
            ))
            .unwrap_or_default()
        ));
    }));
}

/// The file without the folders of whoever built the program: from the name
/// of the library on.
fn short(file: &str) -> &str {
    match file.split_once("/registry/src/") {
        Some((_, library)) => library.split_once('/').map_or(library, |(_, rest)| rest),
        None => file,
    }
}

fn report(thread: &str, place: &str) -> Option<PathBuf> {
    let folder = REPORTS.get()?;
    let now = Clock::start().now().wall;
    let mut text = String::new();
    let _ = writeln!(text, "madoguchi {}", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(text, "{now}");
    let _ = writeln!(text, "thread {thread} at {place}");
    let _ = writeln!(text, "{}", Backtrace::force_capture());
    let day = compact_date(jst(now).date());
    let time = clock_seconds_text(now).replace(':', "");
    let path = folder.join(format!("crash-{day}-{time}.txt"));
    std::fs::create_dir_all(folder).ok()?;
    std::fs::write(&path, text).ok()?;
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_place_does_not_tell_who_built_the_program() {
        for (file, told) in [
            ("src/desk/run.rs", "src/desk/run.rs"),
            (
                "/home/someone/.cargo/registry/src/index.example-1949/rustix-1.1.6/src/pid.rs",
                "rustix-1.1.6/src/pid.rs",
            ),
        ] {
            assert_eq!(short(file), told);
        }
    }
}
