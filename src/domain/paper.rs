//! Papers the desk prints to a file: laid out once as rows of text, so that
//! the screen, the text file and the PDF say the same.

use crate::text::glyphs::Ambiguous;
use crate::text::wrap::wrap;
use serde::{Deserialize, Serialize};

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A4, to be printed and signed.
    #[default]
    Pdf,
    /// UTF-8, for an editor or another printer.
    Text,
}

impl Format {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Text => "テキスト",
        }
    }

    /// Ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Pdf => Self::Text,
            Self::Text => Self::Pdf,
        }
    }
}

/// One piece of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In the middle.
    Title(String),
    /// Over a group.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A label and what stands behind it; empty: a line to write on.
    Pair(&'static str, String),
    /// An empty row.
    Gap,
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// From the top.
    pub pieces: Vec<Piece>,
}

/// Columns of a row.
pub const COLUMNS: usize = 76;

/// Column of the value behind a label.
const VALUE: usize = 20;

impl Paper {
    /// The rows, of at most [`COLUMNS`] as `policy` counts them. Nothing is
    /// cut.
    pub fn rows(&self, policy: Ambiguous) -> Vec<String> {
        let mut rows = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Title(text) => {
                    let left = COLUMNS.saturating_sub(policy.cells(text)) / 2;
                    rows.push(format!("{}{text}", " ".repeat(left)));
                }
                Piece::Heading(text) => rows.push(format!("【{text}】")),
                Piece::Text(text) => rows.extend(fold(text, COLUMNS, policy)),
                Piece::Pair(label, value) if value.is_empty() => {
                    rows.push(format!(
                        "{}{}",
                        start(label, policy),
                        "＿".repeat((COLUMNS - VALUE) / 2)
                    ));
                }
                Piece::Pair(label, value) => {
                    for (n, line) in fold(value, COLUMNS - VALUE, policy).iter().enumerate() {
                        let label = if n == 0 { label } else { "" };
                        rows.push(format!("{}{line}", start(label, policy)));
                    }
                }
                Piece::Gap => rows.push(String::new()),
            }
        }
        rows
    }

    /// As a text file.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for row in self.rows(Ambiguous::Narrow) {
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }
}

/// A label and the room behind it.
fn start(label: &str, policy: Ambiguous) -> String {
    let gap = VALUE.saturating_sub(2 + policy.cells(label)).max(1);
    format!("  {label}{}", " ".repeat(gap))
}

/// Wrapped so that no line is wider than `room` as `policy` counts.
fn fold(text: &str, room: usize, policy: Ambiguous) -> Vec<String> {
    let mut columns = room;
    loop {
        let lines = wrap(text, columns);
        let over = lines
            .iter()
            .map(|line| policy.cells(line).saturating_sub(room))
            .max()
            .unwrap_or(0);
        if over == 0 || columns <= 2 {
            return lines;
        }
        columns = columns.saturating_sub(over).max(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_empty_value_is_a_line_to_write_on() {
        let paper = Paper {
            pieces: vec![
                Piece::Title("題".to_owned()),
                Piece::Pair("氏名", "新橋太郎".to_owned()),
                Piece::Pair("住所", String::new()),
            ],
        };
        let rows = paper.rows(Ambiguous::Narrow);
        assert_eq!(rows[0].trim(), "題");
        assert_eq!(rows[1], "  氏名              新橋太郎");
        assert!(rows[2].ends_with(&"＿".repeat(28)));
    }

    proptest! {
        /// Nothing of a value is cut, and no row is wider than the paper.
        #[test]
        fn all_of_a_value_is_there(
            value in "[ -~ア-ヴ一-龠ｱ-ﾝ○※①㈱髙]{1,200}",
            wide in any::<bool>(),
        ) {
            let policy = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let paper = Paper { pieces: vec![Piece::Pair("住所", value.clone())] };
            let rows = paper.rows(policy);
            let flat = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(
                flat(&rows.concat()),
                format!("住所{}", flat(&value))
            );
            for row in rows {
                prop_assert!(policy.cells(&row) <= COLUMNS);
            }
        }
    }
}
