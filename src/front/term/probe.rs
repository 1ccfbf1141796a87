//! Asks the terminal how wide it draws ambiguous characters (tui-craft B.3).
//!
//! A glyph is printed in a blank place and the cursor's column is asked for,
//! once for a mark and once for a box line: terminals may treat the two
//! differently. The question goes out behind the first frame, so that nothing
//! waits for it. For at most [`LIMIT`] what the terminal sends passes here
//! first: the answers are taken out, and all the rest goes on as typed. Behind
//! that the terminal is narrow until a late answer says otherwise.

use crate::text::glyphs::{Ambiguous, Widths};
use std::time::Duration;

/// How long an answer is waited for. Without one the terminal is narrow.
pub const LIMIT: Duration = Duration::from_millis(300);

/// How long a later answer still counts.
const LATEST: Duration = Duration::from_secs(10);

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
pub struct Probe {
    row: u32,
    due: Duration,
    held: Vec<u8>,
    columns: Vec<usize>,
}

impl Probe {
    /// Of a [`question`] in `row` (from 0), asked `now`.
    pub fn of(row: u16, now: Duration) -> Self {
        Self {
            row: u32::from(row) + 1,
            due: now + LIMIT,
            held: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// Until when an answer is waited for.
    pub fn due(&self) -> Duration {
        self.due
    }

    /// When even a late answer is none any more.
    pub fn over(&self) -> Duration {
        self.due + LATEST
    }

    /// Takes a report that came behind the time.
    pub fn told(&mut self, row: u32, column: usize) {
        if row == self.row && !self.whole() {
            self.columns.push(column.saturating_sub(1));
        }
    }

    /// Takes bytes of the terminal and gives back what is no answer.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut rest = Vec::new();
        for &byte in bytes {
            if !self.whole() && self.may_go_on(byte) {
                self.held.push(byte);
                if byte == b'R' {
                    self.take(&mut rest);
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
        rest
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

#[cfg(test)]
mod tests;
