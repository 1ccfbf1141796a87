//! Rows of text laid out before they are drawn, so that a pane can scroll
//! them. Names, numbers and insurers are wrapped here, never cut (DOM-52,
//! tui-craft B.2).

use super::canvas::{Canvas, Role};
use crate::text::glyphs::{Ambiguous, Glyphs};
use crate::text::wrap::wrap;

/// A piece of text in a row.
type Piece = (usize, String, Role);

/// A label and its value, from a column of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    at: usize,
    label: &'static str,
    value: String,
    role: Role,
}

/// `label  value` beginning at column `at`.
pub fn pair(at: usize, label: &'static str, value: impl Into<String>) -> Pair {
    Pair {
        at,
        label,
        value: value.into(),
        role: Role::Normal,
    }
}

impl Pair {
    /// The value in another role; a word or mark goes with it (DOM-52).
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }
}

/// The rows.
#[derive(Debug, Clone)]
pub struct Sheet {
    width: usize,
    policy: Ambiguous,
    glyphs: &'static Glyphs,
    /// It will be told, not drawn: every text stays whole.
    told: bool,
    rows: Vec<Vec<Piece>>,
}

impl Sheet {
    /// An empty sheet as wide as the canvas it will be drawn on.
    pub fn new(canvas: &Canvas<'_>) -> Self {
        Self {
            told: canvas.is_told(),
            ..Self::of(canvas.width(), canvas.ambiguous(), canvas.glyphs())
        }
    }

    /// An empty sheet of `width` columns.
    pub fn of(width: usize, policy: Ambiguous, glyphs: &'static Glyphs) -> Self {
        Self {
            width,
            policy,
            glyphs,
            told: false,
            rows: Vec::new(),
        }
    }

    /// Whether it will be told, not drawn.
    pub fn is_told(&self) -> bool {
        self.told
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Columns of `text` as this terminal draws it.
    pub fn cells(&self, text: &str) -> usize {
        self.policy.cells(text)
    }

    /// Rows so far.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The signs to use.
    pub fn glyphs(&self) -> &'static Glyphs {
        self.glyphs
    }

    /// An empty row.
    pub fn blank(&mut self) {
        self.rows.push(Vec::new());
    }

    /// A heading with a rule to the right.
    pub fn heading(&mut self, text: &str) {
        let end = 2 + self.policy.cells(text);
        let mut row = vec![(1, text.to_owned(), Role::Heading)];
        if end + 4 < self.width {
            let rule = self.glyphs.rule(self.width - end - 4);
            row.push((end, rule, Role::Dim));
        }
        self.rows.push(row);
    }

    /// Text from column `at`, wrapped, all of it.
    pub fn text(&mut self, at: usize, text: &str, role: Role) {
        for line in self.wrapped(text, self.width.saturating_sub(at + 1)) {
            self.rows.push(vec![(at, line, role)]);
        }
    }

    /// A row of ready pieces; each is wrapped before the next one begins. What
    /// has no room where its column begins goes on in a row below.
    pub fn pieces(&mut self, pieces: &[(usize, &str, Role)]) {
        let mut row: Vec<(usize, &str, Role)> = Vec::new();
        let mut moved = false;
        for &(column, text, role) in pieces {
            let cells = self.policy.cells(text);
            let fits = |at: usize, least: usize| at + least < self.width.max(1);
            let beside = match row.last() {
                Some((at, before, _)) if moved => {
                    Some(at + self.policy.cells(before) + 2).filter(|at| fits(*at, cells))
                }
                _ => Some(column).filter(|at| fits(*at, cells.min(LEAST))),
            };
            let at = match beside {
                Some(at) => at,
                None if text.is_empty() || self.told => column,
                None => {
                    self.row_of(&std::mem::take(&mut row));
                    moved = true;
                    BELOW.min(self.width / 4)
                }
            };
            row.push((at, text, role));
        }
        self.row_of(&row);
    }

    fn row_of(&mut self, pieces: &[(usize, &str, Role)]) {
        let mut rows: Vec<Vec<Piece>> = vec![Vec::new()];
        for (n, (at, text, role)) in pieces.iter().enumerate() {
            let end = pieces
                .get(n + 1)
                .map_or(self.width, |next| next.0.min(self.width));
            let room = end.saturating_sub(at + 1);
            for (down, line) in self.wrapped(text, room).into_iter().enumerate() {
                if rows.len() <= down {
                    rows.push(Vec::new());
                }
                rows[down].push((*at, line, *role));
            }
        }
        self.rows.append(&mut rows);
    }

    /// Labels and values side by side; on a narrow screen one below another.
    pub fn pairs(&mut self, pairs: &[Pair]) {
        if self.width < 72 {
            for pair in pairs {
                self.pair_row(&[Pair {
                    at: 2,
                    ..pair.clone()
                }]);
            }
        } else {
            self.pair_row(pairs);
        }
    }

    fn pair_row(&mut self, pairs: &[Pair]) {
        let mut pieces: Vec<(usize, &str, Role)> = Vec::new();
        for pair in pairs {
            pieces.push((pair.at, pair.label, Role::Label));
            let at = pair.at + self.policy.cells(pair.label) + 2;
            pieces.push((at, pair.value.as_str(), pair.role));
        }
        self.pieces(&pieces);
    }

    fn wrapped(&self, text: &str, room: usize) -> Vec<String> {
        if self.told {
            return vec![text.replace('\n', " ")];
        }
        wrapped(self.policy, text, room)
    }

    /// All rows of `other` below these.
    pub fn append(&mut self, mut other: Self) {
        self.rows.append(&mut other.rows);
    }

    /// Draws the rows from `top` on.
    pub fn draw(&self, canvas: &mut Canvas<'_>, top: usize) {
        for (y, row) in self.rows.iter().skip(top).take(canvas.height()).enumerate() {
            for (x, text, role) in row {
                canvas.put(*x, y, text, *role);
            }
        }
    }

    /// Draws as much as fits from `top` on, the last row telling where one is
    /// if not all does: `more` while something is below. Returns the first row
    /// that is drawn.
    pub fn scrolled(&self, canvas: &mut Canvas<'_>, top: usize, more: &str) -> usize {
        let height = canvas.height();
        if self.height() <= height {
            self.draw(canvas, 0);
            return 0;
        }
        let shown = height.saturating_sub(1);
        let top = top.min(self.height().saturating_sub(shown));
        self.draw(&mut canvas.rows(0, shown), top);
        let end = (top + shown).min(self.height());
        let more = if end < self.height() {
            more
        } else {
            "ここまで"
        };
        let place = format!("{}～{} / {} 行  {more}", top + 1, end, self.height());
        let x = canvas.width().saturating_sub(canvas.cells(&place) + 1);
        canvas.put(x, shown, &place, Role::Dim);
        top
    }
}

/// `text` in rows of at most `room` columns as this terminal draws them.
pub fn wrapped(policy: Ambiguous, text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
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

/// Columns a piece has to have at its own column, if it is as long.
const LEAST: usize = 10;
/// Where it begins otherwise, in a row below.
const BELOW: usize = 4;

/// How a sheet moves under the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    top: usize,
}

impl Scroll {
    /// So that the rows from `from` to before `to` are in sight on a canvas of
    /// `height` rows, the first of them above all.
    pub fn showing((from, to): (usize, usize), height: usize) -> Self {
        let page = height.saturating_sub(1);
        Self {
            top: to.saturating_sub(page).min(from),
        }
    }

    /// The first row shown.
    pub fn top(self) -> usize {
        self.top
    }

    /// Whether the last of `rows` is in sight on a canvas of `height` rows.
    pub fn at_end(self, rows: usize, height: usize) -> bool {
        rows <= height || self.top >= rows.saturating_sub(height.saturating_sub(1))
    }

    /// Moves as `command` says, within `rows` on a canvas of `height` rows, the
    /// last of which tells where one is; two stay in sight. `false` if it says
    /// nothing about moving.
    pub fn moved(
        &mut self,
        command: super::keys::command::Command,
        rows: usize,
        height: usize,
    ) -> bool {
        use super::keys::command::Command;
        let page = height.saturating_sub(3).max(1);
        let last = rows.saturating_sub(height.saturating_sub(1));
        let now = self.top.min(last);
        self.top = match command {
            Command::Up => now.saturating_sub(1),
            Command::Down => (now + 1).min(last),
            Command::PageUp => now.saturating_sub(page),
            Command::PageDown => (now + page).min(last),
            Command::Home => 0,
            Command::End => last,
            _ => return false,
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::trial::rows;
    use proptest::prelude::*;

    proptest! {
        /// Names are never cut: every character of a value is drawn, however
        /// narrow the screen and however the terminal counts.
        #[test]
        fn every_character_is_drawn(
            text in "[ -~ア-ヴ一-龠ｱ-ﾝﾞ○※①]{0,80}",
            at in 0_usize..30,
            width in 20_u16..100,
            wide in any::<bool>(),
        ) {
            let policy = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let (drawn, _) = rows(width, 60, policy, |canvas| {
                let mut sheet = Sheet::new(canvas);
                sheet.pieces(&[(0, "", Role::Label), (at, &text, Role::Normal)]);
                sheet.draw(canvas, 0);
            });
            let flat = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(flat(&drawn.concat()), flat(&text));
        }

        /// Nor where a row has more columns than the screen.
        #[test]
        fn every_column_is_drawn(
            texts in prop::collection::vec("[a-zア-ヴ一-龠ｱ-ﾝﾞ○]{0,24}", 5),
            width in 20_u16..100,
            wide in any::<bool>(),
        ) {
            let policy = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let (drawn, _) = rows(width, 80, policy, |canvas| {
                let mut sheet = Sheet::new(canvas);
                let columns = [2, 10, 28, 46, 58];
                let row: Vec<_> = columns
                    .iter()
                    .zip(&texts)
                    .map(|(at, text)| (*at, text.as_str(), Role::Normal))
                    .collect();
                sheet.pieces(&row);
                sheet.draw(canvas, 0);
            });
            let sorted = |s: &str| {
                let mut all: Vec<char> = s.chars().filter(|c| *c != ' ').collect();
                all.sort_unstable();
                all
            };
            prop_assert_eq!(sorted(&drawn.concat()), sorted(&texts.concat()));
        }
    }
}
