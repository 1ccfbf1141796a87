//! A failed tape, told to somebody who does not program.

use crate::tape::grid::Grid;
use crate::tape::stage::Stage;
use crate::tape::step::{Pattern, Placed};
use crate::tape::words;
use std::fmt::Write as _;

/// Where, after which key, what differs, what is shown, what went on, and what
/// to do.
pub(super) fn failed(
    placed: &Placed,
    before: Option<&Placed>,
    why: &str,
    stage: &mut dyn Stage,
) -> String {
    let mut out = format!("{} の {} 行目: {why}\n", placed.path.display(), placed.line);
    if let Some((before, input)) = before.and_then(|b| Some((b, words::input(&b.step)?))) {
        let _ = writeln!(out, "その前: {input}（{} 行目）", before.line);
    }
    let grid = stage.screen(&mut |_| true);
    out.push_str("今の画面（左の数は行、0 から）:\n");
    for (at, row) in grid.framed().lines().enumerate() {
        let _ = writeln!(out, "{at:>3} {row}");
    }
    match grid.cursor {
        Some((column, row)) => {
            let _ = writeln!(out, "カーソル: 桁 {column} 行 {row}");
        }
        None => out.push_str("カーソル: 隠れています\n"),
    }
    let last = stage.last();
    if !last.is_empty() {
        out.push_str("最後のやりとり:\n");
        for same in last.chunk_by(|a, b| a == b) {
            let Some(line) = same.first() else { continue };
            match same.len() {
                1 => drop(writeln!(out, "  {line}")),
                times => drop(writeln!(out, "  {line}（{times} 回）")),
            }
        }
    }
    let _ = writeln!(out, "どうするか: {}", words::advice(&placed.step));
    out
}

/// How much of a text there is, for one that is nearly right.
pub(super) fn nearest(grid: &Grid, pattern: &Pattern) -> String {
    let Pattern::Text(text) = pattern else {
        return String::new();
    };
    let mut part = text.clone();
    while part.pop().is_some() && part.chars().count() >= 2 {
        let found = grid.rows.iter().position(|row| row.contains(&part));
        if let Some(row) = found {
            return format!("（行 {row} に「{part}」まではあります）");
        }
    }
    String::new()
}
