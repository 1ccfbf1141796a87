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

    /// Rows that are seen at once where not all may be.
    pub fn page(&self) -> Option<usize> {
        self.sight.as_ref().map(|sight| sight.page)
    }

    /// Lets `view` draw as many rows as it has. If they are more than there is
    /// room for, those that it keeps are in sight, and the last row says where
    /// one is.
    pub fn following(&mut self, view: impl FnOnce(&mut Canvas<'_>)) {
        let height = self.height();
        if self.is_told() || height == 0 {
            return view(self);
        }
        let area = Rect::new(0, 0, self.area.width, TALL);
        let mut buffer = Buffer::empty(area);
        let mut cursor = None;
        let page = height.saturating_sub(1).max(1);
        let mut sight = Sight { rows: None, page };
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
        let (top, shown) = if used <= height {
            (0, height)
        } else {
            let (from, to) = sight.rows.unwrap_or((0, 0));
            // With the row behind it, and with its own first row above all.
            let top = (to + 1).min(used).saturating_sub(page).min(from);
            (top, page)
        };
        for (y, row) in buffer
            .content
            .chunks(width)
            .skip(top)
            .take(shown)
            .enumerate()
        {
            self.row(y).clone_from_slice(row);
        }
        if used > height {
            let end = (top + shown).min(used);
            let place = format!("{}～{end} / {used} 行", top + 1);
            let x = self.width().saturating_sub(self.cells(&place) + 1);
            self.put(x, shown, &place, Role::Dim);
        }
        if let Some((x, y)) = cursor
            && let Some(y) = usize::from(y).checked_sub(top).filter(|y| *y < shown)
        {
            self.cursor(x.into(), y);
        }
    }
}
