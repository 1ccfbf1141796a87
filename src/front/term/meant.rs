//! Writes down what the screen shall show, in debug builds alone: the tests
//! hold real terminals against it.

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use std::path::PathBuf;

/// Names the file that holds the last frame.
const VARIABLE: &str = "MADOGUCHI_FRAME";

/// Writes the frame where the variable says: a row a line, each glyph once.
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
        x += match cell.diff_option {
            CellDiffOption::ForcedWidth(width) => width.get(),
            _ => cell.cell_width().max(1),
        };
    }
    text
}
