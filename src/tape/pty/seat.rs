//! A front end in a pseudo-terminal, and the screen it draws.

use crate::clock::Clock;
use crate::tape::grid::Grid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// No output for this long: the frame is complete.
const QUIET: Duration = Duration::from_millis(100);
/// A screen that never comes to rest is not waited for any longer.
const RESTLESS: Duration = Duration::from_secs(2);

struct Shared {
    parser: Mutex<vt100::Parser>,
    changed: Condvar,
}

/// One terminal.
pub struct Seat {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shared: Arc<Shared>,
    size: (u16, u16),
}

impl Seat {
    /// Starts `command` in a terminal of this size.
    pub fn open(command: CommandBuilder, size: (u16, u16)) -> Result<Self, String> {
        let say = |e: &dyn std::fmt::Display| format!("擬似端末で始められません（{e}）");
        let pair = native_pty_system()
            .openpty(pty_size(size))
            .map_err(|e| say(&e))?;
        let child = pair.slave.spawn_command(command).map_err(|e| say(&e))?;
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().map_err(|e| say(&e))?;
        let writer = pair.master.take_writer().map_err(|e| say(&e))?;
        let shared = Arc::new(Shared {
            parser: Mutex::new(vt100::Parser::new(size.1, size.0, 0)),
            changed: Condvar::new(),
        });
        let drawn = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(count) = reader.read(&mut bytes) {
                let Some(new) = bytes.get(..count).filter(|b| !b.is_empty()) else {
                    break;
                };
                let mut parser = lock(&drawn);
                // The emulator breaks on some output for a size that is just
                // being changed; the next frame is drawn on a fresh one.
                let done = catch_unwind(AssertUnwindSafe(|| parser.process(new)));
                if done.is_err() {
                    let (rows, columns) = parser.screen().size();
                    *parser = vt100::Parser::new(rows, columns, 0);
                }
                drop(parser);
                drawn.changed.notify_all();
            }
        });
        Ok(Self {
            master: pair.master,
            writer,
            child,
            shared,
            size,
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Types bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.writer
            .write_all(bytes)
            .and_then(|()| self.writer.flush())
            .map_err(|e| format!("画面のプログラムが終わっています（{e}）"))
    }

    /// Changes the size, between two frames: what is drawn for the old size
    /// must not meet the new one.
    pub fn resize(&mut self, width: u16, height: u16) -> Result<(), String> {
        self.settle();
        self.size = (width, height);
        lock(&self.shared).screen_mut().set_size(height, width);
        self.master
            .resize(pty_size(self.size))
            .map_err(|e| format!("大きさを変えられません（{e}）"))?;
        self.settle();
        Ok(())
    }

    /// Waits until nothing has been drawn for a while.
    fn settle(&self) {
        let clock = Clock::start();
        let mut parser = lock(&self.shared);
        while !clock.until(RESTLESS).is_zero() {
            let (next, waited) = self
                .shared
                .changed
                .wait_timeout(parser, QUIET)
                .unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return;
            }
            parser = next;
        }
    }

    /// Lets real time pass.
    pub fn pause(&self, time: Duration) {
        self.until(time, &mut |_| false);
    }

    /// The screen, once it is `right` or the time is over.
    pub fn until(&self, limit: Duration, right: &mut dyn FnMut(&Grid) -> bool) -> Grid {
        let clock = Clock::start();
        let mut parser = lock(&self.shared);
        loop {
            let grid = grid(parser.screen());
            let left = clock.until(limit);
            if left.is_zero() || right(&grid) {
                return grid;
            }
            parser = self
                .shared
                .changed
                .wait_timeout(parser, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, vt100::Parser> {
    shared.parser.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn grid(screen: &vt100::Screen) -> Grid {
    let (height, width) = screen.size();
    let rows = (0..height).map(|y| row(screen, y, width)).collect();
    let cursor = (!screen.hide_cursor())
        .then(|| screen.cursor_position())
        .map(|(row, column)| (column, row));
    Grid {
        rows,
        roles: None,
        cursor,
        width: usize::from(width),
    }
}

fn row(screen: &vt100::Screen, y: u16, width: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while x < width {
        let Some(cell) = screen.cell(y, x) else { break };
        if !cell.is_wide_continuation() {
            let shown = cell.contents();
            text.push_str(if shown.is_empty() { " " } else { shown });
            // The emulator gives a half-width kana and its voiced mark one
            // cell; terminals give them two, and so does the front end.
            if shown
                .chars()
                .skip(1)
                .any(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}'))
            {
                x += 1;
            }
        }
        x += 1;
    }
    text.trim_end().to_owned()
}
