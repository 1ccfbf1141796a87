//! The screen of a line terminal: what was told stands there, the last lines
//! in sight. It understands line ends and the backspace; anything else that is
//! no text shows as U+FFFD, for a tape to refute.

use crate::front::plain::{Outline, Teller};
use crate::tape::grid::Grid;
use crate::text::cells;
use unicode_segmentation::UnicodeSegmentation;

/// Lines kept.
const KEPT: usize = 2000;

/// What was told.
#[derive(Debug, Default)]
pub(super) struct Lines {
    teller: Teller,
    rows: Vec<String>,
    /// The line without an end yet: one text for each column, empty behind a
    /// wide character.
    last: Vec<String>,
    column: usize,
}

impl Lines {
    pub(super) fn tell(&mut self, outline: Outline, by_hand: bool, again: bool) {
        if by_hand {
            self.teller.pressed();
        }
        if again {
            self.teller.again();
        }
        let text = self.teller.tell(outline);
        for cluster in text.graphemes(true) {
            self.take(cluster);
        }
    }

    fn take(&mut self, cluster: &str) {
        match cluster {
            "\r\n" => {
                self.rows.push(self.line());
                self.last.clear();
                self.column = 0;
                let surplus = self.rows.len().saturating_sub(KEPT);
                self.rows.drain(..surplus);
            }
            "\u{8}" => self.column = self.column.saturating_sub(1),
            text if text.chars().any(char::is_control) => self.write("\u{fffd}"),
            text => self.write(text),
        }
    }

    fn write(&mut self, text: &str) {
        let columns = cells::cells(text).max(1);
        if self.last.len() < self.column + columns {
            self.last.resize(self.column + columns, " ".to_owned());
        }
        for at in self.column..self.column + columns {
            self.last[at].clear();
        }
        self.last[self.column].push_str(text);
        self.column += columns;
    }

    fn line(&self) -> String {
        self.last.concat().trim_end().to_owned()
    }

    /// The end of it, as much as a screen shows.
    pub(super) fn grid(&self, (width, height): (u16, u16)) -> Grid {
        let (width, height) = (usize::from(width), usize::from(height));
        let mut rows: Vec<String> = Vec::new();
        let from = self.rows.len().saturating_sub(height);
        let last = self.line();
        for line in self.rows.iter().skip(from).chain([&last]) {
            let mut rest = line.as_str();
            loop {
                let part = cells::cut(rest, width);
                rows.push(part.to_owned());
                rest = rest.strip_prefix(part).unwrap_or_default();
                if rest.is_empty() || part.is_empty() {
                    break;
                }
            }
        }
        let rows = rows.split_off(rows.len().saturating_sub(height));
        let row = rows.len().saturating_sub(1);
        let cursor = (self.column % width.max(1), row);
        let mut rows = rows;
        rows.resize(height, String::new());
        Grid {
            rows,
            roles: None,
            cursor: Some((cursor.0 as u16, cursor.1 as u16)),
            width,
        }
    }
}
