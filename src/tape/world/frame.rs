//! The frame of the front end at hand: its grid, and what no frame may show.

use super::{THEME, World, marks};
use crate::front::app;
use crate::front::canvas::{Role, Theme};
use crate::tape::grid::Grid;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

impl World {
    /// The composition of an input method appears at the cursor: every frame
    /// has it in the field with the focus, or none (DOM-50).
    pub(super) fn watch_cursor(&mut self, at: usize) {
        let seat = &self.seats[at];
        let (width, height) = seat.size;
        if height < 24 || width < 80 || self.astray.is_some() {
            return;
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = app::draw(&seat.app, self.now, &mut buffer);
        if let Some(row) = marks::by_colour_alone(&buffer) {
            let title = seat.app.seen().title;
            self.astray = Some(format!(
                "「{title}」に色だけで伝えている行があります: {row}"
            ));
            return;
        }
        if cursor.is_some() != seat.app.has_cursor() {
            let title = seat.app.seen().title;
            self.astray = Some(format!(
                "「{title}」でカーソルが入力欄にありません（{cursor:?}）"
            ));
        }
    }

    pub(super) fn grid(&self) -> Grid {
        let seat = self.seat();
        if let Some(lines) = &seat.lines {
            return lines.grid(seat.size);
        }
        let (width, height) = seat.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = app::draw(&seat.app, seat.drawn, &mut buffer);
        let mut rows = Vec::new();
        let mut roles = Vec::new();
        for y in 0..height {
            let mut row = String::new();
            let mut letters = String::new();
            let mut x = 0;
            while x < width {
                let Some(cell) = buffer.cell((x, y)) else {
                    break;
                };
                let wide = crate::text::cells::cells(cell.symbol()).max(1);
                row.push_str(cell.symbol());
                let letter = role_letter(THEME, cell.style());
                letters.extend(std::iter::repeat_n(letter, wide));
                x += wide as u16;
            }
            rows.push(row.trim_end().to_owned());
            roles.push(letters);
        }
        Grid {
            rows,
            roles: Some(roles),
            cursor,
            width: usize::from(width),
        }
    }
}

/// The first role with this look.
fn role_letter(theme: Theme, style: ratatui::style::Style) -> char {
    use ratatui::style::Color;
    let plain = |c: Option<Color>| c.filter(|c| *c != Color::Reset);
    Role::ALL
        .iter()
        .find(|role| {
            let look = theme.style(**role);
            plain(look.fg) == plain(style.fg)
                && plain(look.bg) == plain(style.bg)
                && look.add_modifier == style.add_modifier
        })
        .map_or('?', |role| role.letter())
}
