//! A frame as bytes: only what changed, with the shortest moves and colours.
//!
//! Two buffers are held, what the terminal shows and what it shall show. The
//! pen (place, colours, cursor) is remembered between frames, since nobody
//! else writes to the terminal: a typed character costs little more than
//! itself. Where terminals may disagree about the width of a glyph, the next
//! place is always given absolutely, so that one glyph cannot shift a row.

use super::probe;
use super::sgr::{Look, change};
use crate::text::cells;
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::Rect;
use std::io::Write;

/// Frames from this many bytes on are wrapped in a synchronized update, so
/// that no half-drawn screen shows.
const SYNC_FROM: usize = 256;

const SYNC_BEGIN: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";

/// A blank rest of a row is erased rather than overwritten from this many
/// changed cells on.
const ERASE_FROM: usize = 5;

/// The same for blanks with something behind them that changes too: the way
/// over them costs as much again.
const ERASE_WITHIN: usize = 12;

/// Turns frames into bytes.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    next: Buffer,
    pen: Pen,
    clear: bool,
    body: Vec<u8>,
    /// Rows, and the columns of one, that are being sent.
    rows: Vec<u16>,
    dirty: Vec<u16>,
}

#[derive(Debug, Default)]
struct Pen {
    /// Where the terminal's cursor is, if that is certain.
    at: Option<(u16, u16)>,
    /// The glyph just printed, if terminals may disagree about its width, and
    /// the column behind it: the same glyph once more needs no move.
    doubt: Option<(String, (u16, u16))>,
    look: Look,
    visible: Option<bool>,
}

impl Painter {
    /// For a terminal of this size whose screen is blank, whose colours are
    /// reset and whose cursor may be anywhere.
    pub fn new(width: u16, height: u16) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self {
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            pen: Pen::default(),
            clear: false,
            body: Vec::with_capacity(4096),
            rows: Vec::new(),
            dirty: Vec::new(),
        }
    }

    /// Forgets what is shown: the next frame clears and draws everything.
    pub fn forget(&mut self, width: u16, height: u16) {
        *self = Self::new(width, height);
        self.clear = true;
    }

    /// A row, not the first, whose beginning shows nothing.
    pub fn quiet_row(&self) -> Option<u16> {
        let quiet = |y: &u16| {
            let cells = row(&self.shown, *y).get(..probe::ROOM);
            cells.is_some_and(|cells| blank_tail(cells) == 0)
        };
        (1..self.shown.area.height).find(quiet)
    }

    /// Bytes that are no frame, and leave the screen as it was; the cursor
    /// goes back to where it is parked.
    pub fn aside(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        let visible = self.pen.visible;
        let at = self.pen.at;
        self.pen = Pen {
            visible,
            ..Pen::default()
        };
        let (x, y) = at.unwrap_or((0, self.shown.area.height.saturating_sub(1)));
        self.pen.go(&mut out, x, y);
        out
    }

    /// A blank buffer to draw the next frame into.
    pub fn canvas(&mut self) -> &mut Buffer {
        self.next.reset();
        &mut self.next
    }

    /// What the next frame shall show.
    #[cfg(debug_assertions)]
    pub fn meant(&self) -> &Buffer {
        &self.next
    }

    /// The bytes that turn what is shown into the canvas, with the cursor in
    /// its place; empty when nothing changed.
    pub fn finish(&mut self, cursor: Option<(u16, u16)>) -> &[u8] {
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        body.extend_from_slice(SYNC_BEGIN);
        if self.clear {
            body.extend_from_slice(b"\x1b[m\x1b[2J");
            self.pen = Pen {
                visible: self.pen.visible,
                ..Pen::default()
            };
            self.clear = false;
        }
        self.cells(&mut body, cursor);
        self.place_cursor(&mut body, cursor);
        std::mem::swap(&mut self.shown, &mut self.next);
        let big = body.len() - SYNC_BEGIN.len() >= SYNC_FROM;
        if big {
            body.extend_from_slice(SYNC_END);
        }
        self.body = body;
        let from = if big { 0 } else { SYNC_BEGIN.len() };
        self.body.get(from..).unwrap_or_default()
    }

    fn cells(&mut self, body: &mut Vec<u8>, cursor: Option<(u16, u16)>) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        // Nearly every row of nearly every frame is as it was.
        rows.extend((0..self.next.area.height).filter(|y| {
            let next = row(&self.next, *y);
            row(&self.shown, *y) != next || next.iter().any(always)
        }));
        // The pen ends beside the cursor: a move up costs what one down does.
        if let (Some((_, y)), [first, .., last]) = (cursor, rows.as_slice())
            && y.abs_diff(*first) < y.abs_diff(*last)
        {
            rows.reverse();
        }
        for y in &rows {
            self.row(body, *y);
        }
        self.rows = rows;
    }

    fn row(&mut self, body: &mut Vec<u8>, y: u16) {
        let mut dirty = std::mem::take(&mut self.dirty);
        changed(row(&self.shown, y), row(&self.next, y), &mut dirty);
        let next = row(&self.next, y);
        let blank_from = blank_tail(next);
        let mut rest = dirty.as_slice();
        while let Some(&x) = rest.first() {
            if x >= blank_from && rest.len() >= ERASE_FROM {
                self.pen.go(body, x, y);
                self.pen.set(body, Look::default());
                body.extend_from_slice(b"\x1b[K");
                break;
            }
            if let Some((columns, behind)) = erasable(next, rest) {
                self.pen.go(body, x, y);
                self.pen.set(body, Look::default());
                let _ = write!(body, "\x1b[{columns}X");
                rest = behind;
                continue;
            }
            if let Some(cell) = next.get(usize::from(x)) {
                if !self.pen.repeats(cell, x, y) {
                    self.pen.go(body, x, y);
                }
                self.pen.set(body, Look::of(cell));
                self.pen.print(body, cell, x, y, self.next.area.width);
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        self.dirty = dirty;
    }

    fn place_cursor(&mut self, body: &mut Vec<u8>, cursor: Option<(u16, u16)>) {
        let area = self.next.area;
        let inside = cursor.filter(|&(x, y)| x < area.width && y < area.height);
        if let Some((x, y)) = inside {
            self.pen.go(body, x, y);
        } else if body.len() > SYNC_BEGIN.len() && area.height > 0 {
            // Parked where a composition in progress disturbs least.
            self.pen.go(body, 0, area.height - 1);
        }
        let visible = inside.is_some();
        if self.pen.visible != Some(visible) {
            body.extend_from_slice(if visible { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.pen.visible = Some(visible);
        }
    }
}

impl Pen {
    fn repeats(&self, cell: &Cell, x: u16, y: u16) -> bool {
        let plain = !matches!(cell.diff_option, CellDiffOption::ForcedWidth(_));
        plain
            && self
                .doubt
                .as_ref()
                .is_some_and(|(symbol, at)| *at == (x, y) && symbol == cell.symbol())
    }

    fn go(&mut self, body: &mut Vec<u8>, x: u16, y: u16) {
        if self.at == Some((x, y)) {
            return;
        }
        let absolute = absolute(x, y);
        let relative = self.at.and_then(|from| relative(from, (x, y)));
        match relative {
            Some(short) if short.len() < absolute.len() => body.extend_from_slice(&short),
            _ => body.extend_from_slice(&absolute),
        }
        self.at = Some((x, y));
        self.doubt = None;
    }

    fn set(&mut self, body: &mut Vec<u8>, look: Look) {
        change(body, self.look, look);
        self.look = look;
    }

    fn print(&mut self, body: &mut Vec<u8>, cell: &Cell, x: u16, y: u16, width: u16) {
        let symbol = cell.symbol();
        // Text is cleaned where it enters; this is the last gate (SEC-34).
        if controlled(symbol) {
            body.push(b' ');
            self.advance(x, y, 1, width);
            return;
        }
        if matches!(cell.diff_option, CellDiffOption::ForcedWidth(_)) && x + 1 < width {
            // The column it may or may not cover shows nothing of before.
            body.extend_from_slice(b"  \x08\x08");
        }
        body.extend_from_slice(symbol.as_bytes());
        self.doubt = None;
        if matches!(cell.diff_option, CellDiffOption::ForcedWidth(_)) {
            self.at = None;
        } else if !certain(symbol) {
            self.at = None;
            self.doubt = Some((symbol.to_owned(), (x + span(cell) as u16, y)));
        } else {
            self.advance(x, y, span(cell) as u16, width);
        }
    }

    fn advance(&mut self, x: u16, y: u16, by: u16, width: u16) {
        let to = x + by;
        // In the last column the terminal waits with the wrap.
        self.at = (to < width).then_some((to, y));
    }
}

fn absolute(x: u16, y: u16) -> Vec<u8> {
    let mut out = Vec::with_capacity(10);
    let _ = match (x, y) {
        (0, 0) => out.write_all(b"\x1b[H"),
        (0, y) => write!(out, "\x1b[{}H", y + 1),
        (x, y) => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
    out
}

/// A move from a known place, if there is a short one.
fn relative(from: (u16, u16), to: (u16, u16)) -> Option<Vec<u8>> {
    let step = |letter: char, n: u16| {
        let n = if n == 1 { String::new() } else { n.to_string() };
        format!("\x1b[{n}{letter}").into_bytes()
    };
    if from.1 == to.1 {
        return Some(if to.0 == 0 {
            b"\r".to_vec()
        } else if to.0 > from.0 {
            step('C', to.0 - from.0)
        } else if from.0 - to.0 <= 3 {
            vec![8; usize::from(from.0 - to.0)]
        } else {
            let back = step('D', from.0 - to.0);
            let afresh = [b"\r".to_vec(), step('C', to.0)].concat();
            if afresh.len() < back.len() {
                afresh
            } else {
                back
            }
        });
    }
    if to.1 > from.1 && to.1 - from.1 <= 2 && to.0 != from.0 {
        let mut out = vec![b'\r'];
        out.resize(1 + usize::from(to.1 - from.1), b'\n');
        if to.0 > 0 {
            out.extend(step('C', to.0));
        }
        return Some(out);
    }
    if to.0 == 0 && from.1 == to.1 + 1 {
        return Some(b"\r\x1b[A".to_vec());
    }
    (from.0 == to.0).then(|| {
        if to.1 > from.1 {
            step('B', to.1 - from.1)
        } else {
            step('A', from.1 - to.1)
        }
    })
}

fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let from = usize::from(y) * width;
    buffer.content.get(from..from + width).unwrap_or_default()
}

fn controlled(symbol: &str) -> bool {
    symbol.is_empty() || symbol.chars().any(char::is_control)
}

/// Columns a glyph takes.
fn span(cell: &Cell) -> usize {
    match cell.diff_option {
        CellDiffOption::ForcedWidth(width) => usize::from(width.get()),
        _ if cell.symbol().len() == 1 => 1,
        // What has a control character in it is sent as a blank.
        _ => cells::cells(cell.symbol()).max(1),
    }
}

/// Whether two cells show the same; a blank has no colour and no weight.
fn alike(old: &Cell, new: &Cell) -> bool {
    old == new || (old.symbol() == new.symbol() && Look::of(old) == Look::of(new))
}

fn always(cell: &Cell) -> bool {
    matches!(cell.diff_option, CellDiffOption::AlwaysUpdate)
}

/// The columns at which a glyph has to be sent. Besides what differs these
/// are the halves left over where a wide glyph stood: terminals disagree
/// about what shows there.
fn changed(shown: &[Cell], next: &[Cell], dirty: &mut Vec<u16>) {
    dirty.clear();
    // Column behind the glyph that covers the present column in `shown`.
    let mut covered = 0;
    let mut x = 0;
    while let (Some(old), Some(new)) = (shown.get(x), next.get(x)) {
        let begins = covered <= x;
        let end = x + span(new);
        let same = begins && alike(old, new) && span(old) == span(new) && !always(new);
        if !same {
            dirty.push(x as u16);
        }
        for column in x..end {
            if covered <= column {
                covered = column + shown.get(column).map_or(1, span);
            }
        }
        x = end;
    }
}

fn blank(cell: &Cell) -> bool {
    cell.symbol() == " "
        && Look::of(cell) == Look::default()
        && matches!(cell.diff_option, CellDiffOption::None)
}

/// Blanks at the beginning of `dirty` that are erased at once: how many
/// columns, and what is to be done behind them.
fn erasable<'a>(row: &[Cell], dirty: &'a [u16]) -> Option<(u16, &'a [u16])> {
    let first = *dirty.first()?;
    let blanks = row.get(usize::from(first)..)?.iter();
    // Nothing wide can begin in here: each column is a blank of its own.
    let end = first + blanks.take_while(|cell| blank(cell)).count() as u16;
    let within = dirty.iter().take_while(|x| **x < end).count();
    let behind = dirty.get(within..)?;
    let last = *dirty.get(within.checked_sub(1)?)?;
    let least = if behind.is_empty() {
        ERASE_FROM
    } else {
        ERASE_WITHIN
    };
    (within >= least).then_some((last + 1 - first, behind))
}

/// First column of the blank rest of a row.
fn blank_tail(row: &[Cell]) -> u16 {
    let blanks = row.iter().rev().take_while(|cell| blank(cell)).count();
    let from = row.len() - blanks;
    // The second column of a wide glyph is blank in the buffer only.
    let wide = from.checked_sub(1).and_then(|x| row.get(x)).map_or(1, span);
    (from + wide - 1).min(row.len()) as u16
}

/// Whether every terminal agrees how far this glyph moves the cursor.
fn certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return false;
    };
    matches!(c,
        ' '..='~'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fc}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{3000}'..='\u{3002}'
        | '\u{ff01}'..='\u{ff5e}'
        | '\u{ff61}'..='\u{ff9d}')
}

#[cfg(test)]
mod tests;
