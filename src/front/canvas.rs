//! Where panes draw: text with a role at a place, and the cursor.

use crate::text::cells;
use crate::text::glyphs::{self, Ambiguous, Glyphs};
use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use std::num::NonZeroU16;

/// What a text is, which the theme turns into a look. State is never told by
/// colour alone: words and marks carry it (DOM-52).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Normal,
    /// Labels.
    Label,
    /// The title line.
    Title,
    /// What stands back: hints, rules, empty places.
    Dim,
    /// The value of the field with the focus.
    Focus,
    /// The chosen row.
    Selected,
    /// Good news.
    Good,
    /// Something to look at.
    Warning,
    /// Something wrong.
    Error,
    /// The keys of the function row.
    Key,
    /// Headings inside a pane.
    Heading,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 11] = [
        Self::Normal,
        Self::Label,
        Self::Title,
        Self::Dim,
        Self::Focus,
        Self::Selected,
        Self::Good,
        Self::Warning,
        Self::Error,
        Self::Key,
        Self::Heading,
    ];

    /// One letter for the tapes' `Styles` grid.
    pub fn letter(self) -> char {
        match self {
            Self::Normal => '.',
            Self::Label => 'l',
            Self::Title => 't',
            Self::Dim => 'd',
            Self::Focus => 'f',
            Self::Selected => 's',
            Self::Good => 'g',
            Self::Warning => 'w',
            Self::Error => 'e',
            Self::Key => 'k',
            Self::Heading => 'h',
        }
    }
}

/// Roles to looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Without colour only modifiers are used (NO_COLOR, monochrome).
    pub colour: bool,
}

impl Theme {
    /// The look of a role: the sixteen ANSI colours only.
    pub fn style(self, role: Role) -> Style {
        let colour = |c: Color| {
            if self.colour {
                Style::new().fg(c)
            } else {
                Style::new()
            }
        };
        match role {
            Role::Normal | Role::Label => Style::new(),
            Role::Title => Style::new().add_modifier(Modifier::BOLD),
            Role::Dim => colour(Color::DarkGray),
            Role::Focus => Style::new().add_modifier(Modifier::UNDERLINED),
            Role::Selected => Style::new().add_modifier(Modifier::REVERSED),
            Role::Good => colour(Color::Green),
            Role::Warning => colour(Color::Yellow).add_modifier(Modifier::BOLD),
            Role::Error => colour(Color::Red).add_modifier(Modifier::BOLD),
            Role::Key => colour(Color::Cyan),
            Role::Heading => Style::new().add_modifier(Modifier::BOLD),
        }
    }
}

/// A rectangle of the screen in its own coordinates, from (0, 0).
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    theme: Theme,
    ambiguous: Ambiguous,
    glyphs: &'static Glyphs,
    cursor: &'a mut Option<(u16, u16)>,
}

impl<'a> Canvas<'a> {
    /// A canvas on `area` of `buffer`.
    pub fn new(
        buffer: &'a mut Buffer,
        area: Rect,
        theme: Theme,
        cursor: &'a mut Option<(u16, u16)>,
    ) -> Self {
        let area = area.intersection(buffer.area);
        Self {
            buffer,
            area,
            theme,
            ambiguous: Ambiguous::Narrow,
            glyphs: &glyphs::UNICODE,
            cursor,
        }
    }

    /// For a terminal that draws ambiguous characters so, and with signs of
    /// ASCII alone where asked for (DOM-48).
    #[must_use]
    pub fn speaking(self, ambiguous: Ambiguous, ascii: bool) -> Self {
        Self {
            ambiguous,
            glyphs: if ascii {
                &glyphs::ASCII
            } else {
                Glyphs::for_policy(ambiguous)
            },
            ..self
        }
    }

    /// How this terminal draws ambiguous characters.
    pub fn ambiguous(&self) -> Ambiguous {
        self.ambiguous
    }

    /// The signs to draw with.
    pub fn glyphs(&self) -> &'static Glyphs {
        self.glyphs
    }

    /// Columns of `text` as this terminal draws it.
    pub fn cells(&self, text: &str) -> usize {
        self.ambiguous.cells(text)
    }

    /// Columns.
    pub fn width(&self) -> usize {
        usize::from(self.area.width)
    }

    /// Rows.
    pub fn height(&self) -> usize {
        usize::from(self.area.height)
    }

    /// Writes `text` from (`x`, `y`); what does not fit is left out. Returns
    /// the column behind it.
    pub fn put(&mut self, x: usize, y: usize, text: &str, role: Role) -> usize {
        if x >= self.width() || y >= self.height() {
            return x;
        }
        let text = self.ambiguous.spread(text);
        let style = self.theme.style(role);
        let room = self.width() - x;
        let row = self.row(y);
        let (before, row) = row.split_at_mut_checked(x).unwrap_or_default();
        // A wide glyph that reaches into the text would cover its first column
        // and be torn by it (tui-craft B.2).
        if let Some(glyph) = before.last_mut().filter(|cell| cell.cell_width() > 1) {
            blank(glyph);
        }
        let mut end = 0;
        for (cluster, width) in cells::clusters(&text) {
            if end + width > room {
                break;
            }
            let Some([first, rest @ ..]) = row.get_mut(end..end + width) else {
                continue;
            };
            first.set_symbol(cluster).set_style(style);
            first.set_diff_option(CellDiffOption::None);
            rest.iter_mut().for_each(Cell::reset);
            end += width;
        }
        let end = x + end;
        if self.ambiguous == Ambiguous::Wide {
            self.seal(x, end, y);
        }
        end
    }

    /// The cells of a row.
    fn row(&mut self, y: usize) -> &mut [Cell] {
        let from = self.buffer.index_of(self.area.x, self.area.y + y as u16);
        let width = usize::from(self.area.width);
        let cells = self.buffer.content.get_mut(from..from + width);
        cells.unwrap_or_default()
    }

    /// Marks glyphs that the terminal draws wider than they are counted, so
    /// that their filler is never sent and the next cell is placed absolutely;
    /// one without its filler at the edge is replaced (tui-craft B.3).
    fn seal(&mut self, from: usize, to: usize, y: usize) {
        let y = self.area.y + y as u16;
        for x in from..to {
            let cell = &mut self.buffer[(self.area.x + x as u16, y)];
            let symbol = cell.symbol();
            let first = symbol.chars().next();
            if !first.is_some_and(glyphs::is_ambiguous) || cells::cells(symbol) != 1 {
                continue;
            }
            if x + 1 < to {
                if let Some(two) = NonZeroU16::new(2) {
                    cell.set_diff_option(CellDiffOption::ForcedWidth(two));
                }
            } else {
                cell.set_symbol("?");
            }
        }
    }

    /// Empties a row.
    pub fn blank(&mut self, y: usize) {
        let row = " ".repeat(self.width());
        self.put(0, y, &row, Role::Normal);
    }

    /// Places the hardware cursor: every frame with a focused field must, for
    /// the input method appears there (DOM-50).
    pub fn cursor(&mut self, x: usize, y: usize) {
        if x < self.width() && y < self.height() {
            *self.cursor = Some((self.area.x + x as u16, self.area.y + y as u16));
        }
    }

    /// A part of this canvas, `height` rows from row `y`.
    pub fn rows(&mut self, y: usize, height: usize) -> Canvas<'_> {
        let y = y.min(self.height());
        let height = height.min(self.height() - y);
        let area = Rect {
            y: self.area.y + y as u16,
            height: height as u16,
            ..self.area
        };
        Canvas {
            buffer: self.buffer,
            area,
            theme: self.theme,
            ambiguous: self.ambiguous,
            glyphs: self.glyphs,
            cursor: self.cursor,
        }
    }
}

fn blank(cell: &mut Cell) {
    cell.set_symbol(" ").set_diff_option(CellDiffOption::None);
}
