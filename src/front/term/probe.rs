//! Asks the terminal how wide it draws ambiguous characters (tui-craft B.3).
//!
//! A glyph is printed in a blank place and the cursor's column is asked for,
//! once for a mark and once for a box line: terminals may treat the two
//! differently. The question goes out behind the first frame, so that nothing
//! waits for it; the answer is read before anybody else reads the terminal,
//! for at most [`LIMIT`]. Whatever else arrives meanwhile is typed text and
//! goes on as such.

mod typed;

use crate::front::app::Msg;
use crate::text::glyphs::{Ambiguous, Widths};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use std::io;
use std::time::Duration;
use typed::Typed;

/// How long an answer is waited for. Without one the terminal is narrow.
pub const LIMIT: Duration = Duration::from_millis(300);

/// How much longer the end of something begun is waited for: half a
/// character, half a paste.
const REST: Duration = Duration::from_millis(200);

/// Longest answer that is put together: `ESC [ 99999 ; 99999 R`.
const LONGEST: usize = 14;

/// Columns of a row that the question needs blank.
pub const ROOM: usize = 3;

/// The question, asked in `row` (from 0). Never row 0: the answer `CSI 1;2R`
/// is also Shift+F3. What it prints it takes away again, unseen where the
/// terminal knows synchronized updates.
pub fn question(row: u16) -> Vec<u8> {
    debug_assert!(row > 0);
    format!(
        "\x1b[?2026h\x1b[m\x1b[{}H▽\x1b[6n\r─\x1b[6n\r{}\x1b[?2026l",
        row + 1,
        " ".repeat(ROOM)
    )
    .into_bytes()
}

/// Takes the answers out of what the terminal sends, also when they come in
/// pieces.
#[derive(Debug)]
pub struct Answers {
    row: u32,
    held: Vec<u8>,
    columns: Vec<usize>,
}

impl Answers {
    /// To a [`question`] in `row` (from 0).
    pub fn to(row: u16) -> Self {
        Self {
            row: u32::from(row) + 1,
            held: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// Takes bytes of the terminal; what is no answer goes to `rest`.
    pub fn feed(&mut self, bytes: &[u8], rest: &mut Vec<u8>) {
        for &byte in bytes {
            if !self.whole() && self.may_go_on(byte) {
                self.held.push(byte);
                if byte == b'R' {
                    self.take(rest);
                }
            } else {
                rest.append(&mut self.held);
                if byte == 0x1b && !self.whole() {
                    self.held.push(byte);
                } else {
                    rest.push(byte);
                }
            }
        }
    }

    /// Both have come.
    pub fn whole(&self) -> bool {
        self.columns.len() == 2
    }

    /// What they say; `None` if they are not complete or make no sense.
    pub fn widths(&self) -> Option<Widths> {
        let [mark @ 1..=2, line @ 1..=2] = self.columns[..] else {
            return None;
        };
        Some(Widths {
            ambiguous: if mark == 2 {
                Ambiguous::Wide
            } else {
                Ambiguous::Narrow
            },
            lines_differ: mark != line,
        })
    }

    /// The beginning of something that never became an answer.
    pub fn left(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// Whether `held` and `byte` may be the beginning of an answer.
    fn may_go_on(&self, byte: u8) -> bool {
        match self.held.len() {
            0 => byte == 0x1b,
            1 => byte == b'[',
            LONGEST.. => false,
            _ => {
                let last = self.held.last().copied().unwrap_or_default();
                let parted = self.held.contains(&b';');
                match byte {
                    b'0'..=b'9' => true,
                    b';' => !parted && last.is_ascii_digit(),
                    b'R' => parted && last.is_ascii_digit(),
                    _ => false,
                }
            }
        }
    }

    /// A whole report is held: ours if its row is.
    fn take(&mut self, rest: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(&self.held).into_owned();
        let numbers = text
            .strip_prefix("\x1b[")
            .and_then(|t| t.strip_suffix('R'))
            .and_then(|t| t.split_once(';'))
            .and_then(|(row, column)| {
                Some((row.parse::<u32>().ok()?, column.parse::<usize>().ok()?))
            });
        match numbers {
            Some((row, column)) if row == self.row => {
                self.held.clear();
                self.columns.push(column.saturating_sub(1));
            }
            _ => rest.append(&mut self.held),
        }
    }
}

/// Why the wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With or without an answer; the terminal may be read by others now.
    Over,
    /// The terminal is gone, or nobody listens.
    Gone,
}

/// Reads the terminal until its answers are there or the time is over, and
/// tells `hear` what it found. `since` is the time since the question.
pub fn wait(
    mut answers: Answers,
    since: impl Fn() -> Duration,
    hear: &mut impl FnMut(Msg) -> bool,
) -> Ended {
    let input = io::stdin();
    let mut typed = Typed::default();
    let mut told = false;
    let mut buffer = [0; 1024];
    loop {
        let late = since() >= LIMIT;
        if !told && (answers.whole() || late) {
            told = true;
            let widths = answers.widths().unwrap_or_default();
            if !hear(Msg::Widths(widths)) {
                return Ended::Gone;
            }
        }
        if told && (typed.settled() || since() >= LIMIT + REST) {
            break;
        }
        let until = if told { LIMIT + REST } else { LIMIT };
        let read = match readable(&input, until.saturating_sub(since())) {
            Ok(false) => continue,
            Ok(true) => rustix::io::read(&input, &mut buffer),
            Err(_) => return Ended::Gone,
        };
        match read {
            Ok(0) => return Ended::Gone,
            Ok(n) => {
                let mut rest = Vec::new();
                answers.feed(buffer.get(..n).unwrap_or_default(), &mut rest);
                if !typed.feed(&rest).into_iter().all(&mut *hear) {
                    return Ended::Gone;
                }
            }
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(_) => return Ended::Gone,
        }
    }
    let begun = answers.left();
    let mut last = typed.feed(&begun);
    last.extend(typed.end());
    if last.into_iter().all(hear) {
        Ended::Over
    } else {
        Ended::Gone
    }
}

fn readable(input: &io::Stdin, limit: Duration) -> Result<bool, rustix::io::Errno> {
    let mut fds = [PollFd::from_borrowed_fd(input.as_fd(), PollFlags::IN)];
    let limit = Timespec {
        tv_sec: limit.as_secs().cast_signed(),
        tv_nsec: limit.subsec_nanos().into(),
    };
    match poll(&mut fds, Some(&limit)) {
        Ok(n) => Ok(n > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
