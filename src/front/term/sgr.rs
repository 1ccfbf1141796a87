//! Colours and attributes, and the shortest change from one look to another.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use std::io::Write;

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            fg: Color::Reset,
            bg: Color::Reset,
            modifier: Modifier::empty(),
        }
    }
}

impl Look {
    /// The look of a cell; on a blank only what shows on a blank counts.
    pub fn of(cell: &Cell) -> Self {
        let look = Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier & SHOWN,
        };
        let on_blank = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        if cell.symbol() == " " && !look.modifier.intersects(on_blank) {
            return Self {
                bg: look.bg,
                ..Self::default()
            };
        }
        look
    }
}

const ATTRIBUTES: [(Modifier, u8, u8); 6] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

const SHOWN: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(Modifier::UNDERLINED)
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

/// Writes what turns `from` into `to`: nothing, a reset, what differs, or a
/// reset and all of `to`, whichever is shortest.
pub fn change(body: &mut Vec<u8>, from: Look, to: Look) {
    if from == to {
        return;
    }
    if to == Look::default() {
        body.extend_from_slice(b"\x1b[m");
        return;
    }
    let mut step = Vec::with_capacity(16);
    let gone = from.modifier - to.modifier;
    let mut added = to.modifier - from.modifier;
    let mut off = 0;
    for (modifier, _, code) in ATTRIBUTES {
        if gone.contains(modifier) && off != code {
            number(&mut step, code);
            off = code;
        }
    }
    if off_takes_both(gone) {
        // 22 ends bold and dim alike.
        added |= to.modifier & (Modifier::BOLD | Modifier::DIM);
    }
    attributes(&mut step, added);
    if from.fg != to.fg {
        colour(&mut step, to.fg, 30);
    }
    if from.bg != to.bg {
        colour(&mut step, to.bg, 40);
    }

    let mut whole = vec![b'0'];
    attributes(&mut whole, to.modifier);
    if to.fg != Color::Reset {
        colour(&mut whole, to.fg, 30);
    }
    if to.bg != Color::Reset {
        colour(&mut whole, to.bg, 40);
    }
    body.extend_from_slice(b"\x1b[");
    body.extend_from_slice(if step.len() <= whole.len() {
        &step
    } else {
        &whole
    });
    body.push(b'm');
}

fn off_takes_both(gone: Modifier) -> bool {
    gone.intersects(Modifier::BOLD | Modifier::DIM)
}

fn attributes(out: &mut Vec<u8>, modifier: Modifier) {
    for (one, code, _) in ATTRIBUTES {
        if modifier.contains(one) {
            number(out, code);
        }
    }
}

fn number(out: &mut Vec<u8>, n: u8) {
    if !out.is_empty() {
        out.push(b';');
    }
    let _ = write!(out, "{n}");
}

fn colour(out: &mut Vec<u8>, colour: Color, base: u8) {
    let plain = |n: u8| base + n;
    let bright = |n: u8| base + 60 + n;
    let code = match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(n) => {
            number(out, plain(8));
            number(out, 5);
            n
        }
        Color::Rgb(r, g, b) => {
            number(out, plain(8));
            number(out, 2);
            number(out, r);
            number(out, g);
            b
        }
    };
    number(out, code);
}
