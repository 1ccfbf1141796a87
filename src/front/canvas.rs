//! Where panes draw: text with a role at a place, and the cursor.

use crate::text::cells;
use crate::text::fold;
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
    /// High contrast: nothing stands back, and every pair of colours keeps
    /// 7:1 (WCAG 1.4.6) in the palettes terminals come with.
    pub contrast: bool,
}

impl Theme {
    /// The usual look.
    pub const COLOUR: Self = Self {
        colour: true,
        contrast: false,
    };
    /// Modifiers alone.
    pub const MONOCHROME: Self = Self {
        colour: false,
        contrast: false,
    };

    /// The look of a role: the sixteen ANSI colours only.
    pub fn style(self, role: Role) -> Style {
        if self.contrast {
            return self.strong(role);
        }
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

    fn strong(self, role: Role) -> Style {
        let on = |back: Color| {
            if self.colour {
                Style::new().fg(Color::Black).bg(back)
            } else {
                Style::new().add_modifier(Modifier::BOLD)
            }
        };
        let with = |modifier| Style::new().add_modifier(modifier);
        match role {
            Role::Normal | Role::Label | Role::Dim => Style::new(),
            Role::Title | Role::Key | Role::Heading => with(Modifier::BOLD),
            Role::Focus => with(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Selected => with(Modifier::REVERSED),
            Role::Good => on(Color::LightGreen),
            Role::Warning => on(Color::LightYellow),
            Role::Error => with(Modifier::BOLD | Modifier::REVERSED),
        }
    }
}

#[cfg(test)]
mod tests;
mod window;

pub use window::End;
use window::Sight;

/// Something that was put, as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Column.
    pub x: usize,
    /// Row.
    pub y: usize,
    /// All of it: nothing is cut.
    pub text: String,
    /// What it is.
    pub role: Role,
}

/// How many columns the glyph of this cell covers.
fn reach(cell: &Cell) -> usize {
    let forced = matches!(cell.diff_option, CellDiffOption::ForcedWidth(_));
    usize::from(cell.cell_width()).max(if forced { 2 } else { 1 })
}

/// A rectangle of the screen in its own coordinates, from (0, 0).
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// Written down instead of drawn, for a front end that speaks.
    pieces: Option<&'a mut Vec<Piece>>,
    /// What of it is to be seen where not all is.
    sight: Option<&'a mut Sight>,
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
            pieces: None,
            sight: None,
            area,
            theme,
            ambiguous: Ambiguous::Narrow,
            glyphs: &glyphs::UNICODE,
            cursor,
        }
    }

    /// A canvas without an edge, whose texts are written down as they were
    /// meant: for a front end that tells lines instead of drawing cells.
    /// `buffer` stays as it is.
    pub fn told(
        buffer: &'a mut Buffer,
        pieces: &'a mut Vec<Piece>,
        cursor: &'a mut Option<(u16, u16)>,
    ) -> Self {
        Self {
            buffer,
            pieces: Some(pieces),
            sight: None,
            area: Rect::new(0, 0, u16::MAX / 8, u16::MAX / 8),
            theme: Theme::MONOCHROME,
            ambiguous: Ambiguous::Narrow,
            glyphs: &glyphs::ASCII,
            cursor,
        }
    }

    /// Whether it is told and not drawn: then everything stands one below the
    /// other and whole.
    pub fn is_told(&self) -> bool {
        self.pieces.is_some()
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

    /// Writes `text` from (`x`, `y`); where it does not fit it ends with a
    /// visible mark, never in silence. Returns the column behind it.
    pub fn put(&mut self, x: usize, y: usize, text: &str, role: Role) -> usize {
        if x >= self.width() || y >= self.height() {
            return x;
        }
        let text = fold::display(text);
        if let Some(pieces) = &mut self.pieces {
            return tell(pieces, x, y + usize::from(self.area.y), &text, role);
        }
        let room = self.width() - x;
        let text = self.ambiguous.fit(&text, room, self.glyphs.cut);
        let style = self.theme.style(role);
        let row = self.row(y);
        let (before, row) = row.split_at_mut_checked(x).unwrap_or_default();
        // A wide glyph that reaches into the text would cover its first column
        // and be torn by it (tui-craft B.2).
        // Only several characters in one cell reach farther than to the next.
        for (away, glyph) in before.iter_mut().rev().enumerate() {
            if (away == 0 || glyph.symbol().len() > 4) && reach(glyph) > away + 1 {
                blank(glyph);
            }
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
            pieces: self.pieces.as_deref_mut(),
            sight: self.sight.as_deref_mut(),
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

/// Writes a piece down, over what began in its place.
fn tell(pieces: &mut Vec<Piece>, x: usize, y: usize, text: &str, role: Role) -> usize {
    let end = x + cells::cells(text);
    pieces.retain(|piece| piece.y != y || piece.x < x || piece.x >= end);
    if !text.trim().is_empty() {
        pieces.push(Piece {
            x,
            y,
            text: text.trim_end().to_owned(),
            role,
        });
    }
    end
}
