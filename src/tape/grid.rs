//! What is on a screen, and how it differs from what a tape expects.

use crate::tape::step::Rows;
use crate::text::cells::{cells, clusters};
use std::fmt::Write as _;

/// A screen as rows of text; a wide glyph stands once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Rows, without trailing blanks.
    pub rows: Vec<String>,
    /// One role letter a column, if the stage knows them.
    pub roles: Option<Vec<String>>,
    /// The cursor's cell, if it is shown.
    pub cursor: Option<(u16, u16)>,
    /// Columns.
    pub width: usize,
}

impl Grid {
    /// All rows, joined by line ends.
    pub fn text(&self) -> String {
        self.rows.join("\n")
    }

    /// The screen in a frame, for people.
    pub fn framed(&self) -> String {
        let mut out = String::new();
        for row in &self.rows {
            let _ = writeln!(out, "|{}|", padded(row, self.width));
        }
        out
    }

    /// The rows of a `Screen` block as they would be written.
    pub fn block(&self, rows: Rows, cols: Rows) -> Vec<String> {
        let (from, to) = cols.unwrap_or((0, self.width.saturating_sub(1)));
        let to = to.min(self.width.saturating_sub(1));
        self.slice(rows)
            .iter()
            .map(|row| columns(&padded(row, self.width), from, to))
            .collect()
    }

    fn slice(&self, rows: Option<(usize, usize)>) -> &[String] {
        let (from, to) = rows.unwrap_or((0, self.rows.len().saturating_sub(1)));
        self.rows
            .get(from..=to.min(self.rows.len().saturating_sub(1)))
            .unwrap_or_default()
    }

    /// Compares with expected rows; `Err` holds a difference for people.
    pub fn compare(&self, rows: Rows, cols: Rows, expected: &[String]) -> Result<(), String> {
        let corner = (
            rows.map_or(0, |(from, _)| from),
            cols.map_or(0, |(from, _)| from),
        );
        diff(&self.block(rows, cols), expected, corner)
    }

    /// The same for role letters.
    pub fn compare_roles(
        &self,
        rows: Option<(usize, usize)>,
        expected: &[String],
    ) -> Result<(), String> {
        let Some(roles) = &self.roles else {
            return Ok(());
        };
        let (from, to) = rows.unwrap_or((0, roles.len().saturating_sub(1)));
        let actual: Vec<String> = roles
            .iter()
            .skip(from)
            .take(to + 1 - from)
            .cloned()
            .collect();
        diff(&actual, expected, (from, 0))
    }
}

/// The columns `from` to `to`; of a glyph that lies half outside, a blank.
fn columns(row: &str, from: usize, to: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (cluster, wide) in clusters(row) {
        if at >= from && at + wide <= to + 1 {
            out.push_str(cluster);
        } else {
            let inside = (at..at + wide).filter(|c| (from..=to).contains(c));
            out.extend(inside.map(|_| ' '));
        }
        at += wide;
    }
    out
}

fn padded(row: &str, width: usize) -> String {
    let used = cells(row);
    format!("{row}{}", " ".repeat(width.saturating_sub(used)))
}

/// Both sides of every differing row, and the first column that differs.
fn diff(
    actual: &[String],
    expected: &[String],
    (first_row, first_column): (usize, usize),
) -> Result<(), String> {
    if expected.is_empty() {
        return Err(
            "  期待の行がまだ書かれていません。madoguchi play --update で今の画面を書き入れられます。\n"
                .to_owned(),
        );
    }
    let mut out = String::new();
    for at in 0..actual.len().max(expected.len()) {
        let row = first_row + at;
        match (actual.get(at), expected.get(at)) {
            (Some(is), Some(want)) if row_fits(is, want) => {}
            (Some(is), Some(want)) => {
                let column = differing_column(is, want);
                let on_screen = first_column + column;
                let _ = writeln!(out, "  行 {row}、桁 {on_screen} から違います");
                let _ = writeln!(out, "    期待 |{want}|");
                let _ = writeln!(out, "    実際 |{is}|");
                let _ = writeln!(out, "          {}^", " ".repeat(column));
            }
            (Some(is), None) => {
                let _ = writeln!(out, "  行 {row} は期待にありません\n    実際 |{is}|");
            }
            (None, Some(want)) => {
                let _ = writeln!(out, "  行 {row} が画面にありません\n    期待 |{want}|");
            }
            (None, None) => {}
        }
    }
    if out.is_empty() { Ok(()) } else { Err(out) }
}

/// `{*}` at the end of an expected row leaves the rest of it open.
fn row_fits(is: &str, want: &str) -> bool {
    match want.trim_end().strip_suffix("{*}") {
        Some(head) => is.starts_with(head),
        None => is.trim_end() == want.trim_end(),
    }
}

fn differing_column(is: &str, want: &str) -> usize {
    let common: String = is
        .chars()
        .zip(want.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    cells(&common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&str]) -> Grid {
        Grid {
            rows: rows.iter().map(|r| (*r).to_owned()).collect(),
            width: 12,
            ..Grid::default()
        }
    }

    #[test]
    fn a_row_is_padded_by_columns_not_characters() {
        assert_eq!(grid(&["氏名  新橋"]).block(None, None), ["氏名  新橋  "]);
    }

    #[test]
    fn columns_are_cut_without_tearing_a_glyph() {
        let shown = grid(&["氏名  新橋"]);
        assert_eq!(shown.block(None, Some((6, 9))), ["新橋"]);
        assert_eq!(shown.block(None, Some((7, 99))), [" 橋  "]);
        let told = shown
            .compare(None, Some((6, 9)), &["新芝".into()])
            .unwrap_err();
        assert!(told.contains("行 0、桁 8"), "{told}");
    }

    #[test]
    fn an_open_row_may_go_on() {
        let shown = grid(&["氏名  新橋", "x"]);
        assert_eq!(
            shown.compare(Some((0, 0)), None, &["氏名{*}".into()]),
            Ok(())
        );
        assert!(shown.compare(Some((0, 0)), None, &["氏名".into()]).is_err());
    }

    #[test]
    fn a_difference_names_row_and_column() {
        let told = grid(&["氏名  新橋"])
            .compare(None, None, &["氏名  芝  ".into()])
            .unwrap_err();
        assert!(told.contains("行 0、桁 6"), "{told}");
    }

    #[test]
    fn missing_and_surplus_rows_are_told() {
        assert!(
            grid(&["a"])
                .compare(None, None, &["a".into(), "b".into()])
                .unwrap_err()
                .contains("画面にありません")
        );
        assert!(
            grid(&["a", "b"])
                .compare(None, None, &["a".into()])
                .unwrap_err()
                .contains("期待にありません")
        );
    }
}
