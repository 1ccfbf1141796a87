//! A view that is longer than the screen: it draws all of itself, and of that
//! is shown what holds the focus.

use super::{Canvas, Role};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Rows that a view may have in all.
const TALL: u16 = 64;

/// Of a view that may be longer than the screen.
#[derive(Debug)]
pub(super) struct Sight {
    /// Rows from the first to behind the last that have to be seen.
    rows: Option<(usize, usize)>,
    /// Rows that are seen at once.
    page: usize,
    /// Of these the first, which are seen whatever has the focus.
    head: usize,
    /// What has the focus is the first or the last: what stands before or
    /// behind it comes along, which no other brings into sight.
    end: Option<End>,
}

/// An end of what can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing before it can.
    First,
    /// Nothing behind it can.
    Last,
}

impl End {
    /// Of the one at `at` among `all`.
    pub fn of(at: usize, all: usize) -> Option<Self> {
        match at {
            0 => Some(Self::First),
            at if at + 1 == all => Some(Self::Last),
            _ => None,
        }
    }
}

impl Canvas<'_> {
    /// Says that these rows have to be seen, from `from` to before `to`: those
    /// of the field with the focus, of the chosen entry.
    pub fn keep(&mut self, from: usize, to: usize) {
        let above = usize::from(self.area.y);
        if let Some(sight) = &mut self.sight {
            sight.rows = Some((above + from, above + to));
        }
    }

    /// Says that what is kept stands at an end.
    pub fn ending(&mut self, end: Option<End>) {
        if let Some(sight) = &mut self.sight {
            sight.end = end;
        }
    }

    /// Says that the first `rows` have to be seen all the time.
    pub fn stay(&mut self, rows: usize) {
        if let Some(sight) = &mut self.sight {
            sight.head = rows;
        }
    }

    /// Rows that are seen at once where not all may be.
    pub fn page(&self) -> Option<usize> {
        self.sight.as_ref().map(|sight| sight.page)
    }

    /// Lets `view` draw as many rows as it has. If they are more than there is
    /// room for, those that it keeps are in sight, and the last row says where
    /// one is: `more` while something is below.
    pub fn following(&mut self, more: &str, view: impl FnOnce(&mut Canvas<'_>)) {
        let height = self.height();
        if self.is_told() || height == 0 {
            return view(self);
        }
        let area = Rect::new(0, 0, self.area.width, TALL);
        let mut buffer = Buffer::empty(area);
        let mut cursor = None;
        let page = height.saturating_sub(1).max(1);
        let mut sight = Sight {
            rows: None,
            page,
            head: 0,
            end: None,
        };
        view(&mut Canvas {
            buffer: &mut buffer,
            pieces: None,
            sight: Some(&mut sight),
            area,
            theme: self.theme,
            ambiguous: self.ambiguous,
            glyphs: self.glyphs,
            cursor: &mut cursor,
        });
        let width = usize::from(area.width).max(1);
        let empty = Cell::default();
        let drawn = buffer.content.iter().rposition(|cell| *cell != empty);
        let used = drawn.map_or(0, |at| at / width + 1);
        let (top, shown, head) = if used <= height {
            (0, height, 0)
        } else {
            let head = sight.head.min(page.saturating_sub(1));
            let (from, to) = sight.rows.unwrap_or((0, 0));
            // With the row behind it, and with its own first row above all.
            let to = match sight.end {
                Some(End::First) => to,
                Some(End::Last) => used,
                None => (to + 1).min(used),
            };
            let top = to.saturating_sub(page);
            (top.min(from.saturating_sub(head)), page, head)
        };
        // Where each row of the window comes from.
        let source = |y: usize| if y < head { y } else { top + y };
        for y in 0..shown {
            if let Some(row) = buffer.content.chunks(width).nth(source(y)) {
                self.row(y).clone_from_slice(row);
            }
        }
        if used > height {
            let end = (top + shown).min(used);
            let more = if end < used { more } else { "ここまで" };
            let place = format!("{}～{end} / {used} 行  {more}", top + head + 1);
            let place = place.trim_end();
            let x = self.width().saturating_sub(self.cells(place) + 1);
            self.put(x, shown, place, Role::Dim);
        }
        if let Some((x, y)) = cursor
            && let Some(y) = (0..shown).find(|row| source(*row) == usize::from(y))
        {
            self.cursor(x.into(), y);
        }
    }
}
