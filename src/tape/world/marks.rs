//! Nothing is told by colour alone (DOM-52): looked for in every frame of every
//! tape.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// A row in which a chosen place has no mark before it, or a colour stands on
/// what is no word and no mark. A chosen row that goes on below, under nothing
/// but blanks, has its mark above.
pub(super) fn by_colour_alone(buffer: &Buffer) -> Option<String> {
    let area = buffer.area;
    let mut above = false;
    (0..area.height).find_map(|y| {
        let cells: Vec<_> = (0..area.width)
            .filter_map(|x| buffer.cell((x, y)))
            .collect();
        let text = || cells.iter().map(|cell| cell.symbol()).collect::<String>();
        let reversed = cells
            .iter()
            .position(|cell| cell.modifier.contains(Modifier::REVERSED));
        let before = |sign: &str| {
            let cells = cells.iter().take(reversed.unwrap_or_default());
            cells.filter(|cell| cell.symbol() == sign).count()
        };
        let goes_on = above && reversed.is_some_and(|at| before(" ") == at);
        above = reversed.is_some() && (before(">") > 0 || goes_on);
        if reversed.is_some() && !above {
            return Some(text());
        }
        let state = |colour| matches!(colour, Color::Green | Color::Yellow | Color::Red);
        let coloured = cells.iter().filter(|cell| state(cell.fg));
        let said: String = coloured.map(|cell| cell.symbol()).collect();
        let words = |c: char| c.is_alphanumeric() || "！!?~○〇".contains(c);
        (!said.trim().is_empty() && !said.chars().any(words)).then(text)
    })
}

#[cfg(test)]
mod tests {
    use super::by_colour_alone;
    use crate::front::canvas::{Role, Theme};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    fn row(texts: &[(u16, &str, Role)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        for (x, text, role) in texts {
            buffer.set_string(*x, 0, text, Theme::COLOUR.style(*role));
        }
        buffer
    }

    #[test]
    fn a_chosen_row_without_its_mark_and_a_bare_colour_are_found() {
        let marked = [(0, ">", Role::Normal), (2, "控え帳", Role::Selected)];
        assert_eq!(by_colour_alone(&row(&marked)), None);
        assert!(by_colour_alone(&row(&[(2, "控え帳", Role::Selected)])).is_some());
        assert_eq!(by_colour_alone(&row(&[(2, "誤り", Role::Error)])), None);
        assert!(by_colour_alone(&row(&[(2, "--", Role::Error)])).is_some());
    }
}
