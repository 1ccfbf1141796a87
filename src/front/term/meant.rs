//! Writes down what the screen shall show, in debug builds alone: the tests
//! hold real terminals against it.

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use std::path::PathBuf;

/// Names the file that holds the last frame.
const VARIABLE: &str = "MADOGUCHI_FRAME";

/// Stands for the second half of a wide glyph, as in what xterm prints.
const HALF: char = '\u{FFFF}';

/// Writes the frame where the variable says: a row a line, a sign a cell.
/// The file is replaced as a whole, so that no half frame is read.
pub fn write(frame: &Buffer) {
    let Some(file) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        return;
    };
    let text: String = (0..frame.area.height)
        .map(|y| row(frame, y) + "\n")
        .collect();
    let fresh = file.with_extension("new");
    if std::fs::write(&fresh, text).is_ok() {
        let _ = std::fs::rename(&fresh, &file);
    }
}

fn row(frame: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while let Some(cell) = frame.cell((x, y)).filter(|_| x < frame.area.width) {
        text.push_str(cell.symbol());
        let span = match cell.diff_option {
            CellDiffOption::ForcedWidth(width) => width.get(),
            _ => cell.cell_width().max(1),
        };
        // The mark of a half-width kana has a cell of its own.
        let marks = |c: &char| matches!(c, '\u{FF9E}' | '\u{FF9F}');
        let own = 1 + cell.symbol().chars().skip(1).filter(marks).count();
        let halves = usize::from(span).saturating_sub(own);
        text.extend(std::iter::repeat_n(HALF, halves));
        x += span;
    }
    text
}
