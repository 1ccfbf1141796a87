use super::{Canvas, Role, Theme};
use crate::text::glyphs::Ambiguous;
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

const THEMES: [Theme; 4] = [
    Theme::COLOUR,
    Theme::MONOCHROME,
    Theme {
        colour: true,
        contrast: true,
    },
    Theme {
        colour: false,
        contrast: true,
    },
];

/// The sixteen colours of xterm, of the text console and of the Windows
/// console, in the order of their codes.
const PALETTES: [[u32; 16]; 3] = [
    [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
        0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ],
    [
        0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa,
        0x55_5555, 0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
    ],
    [
        0x0c_0c0c, 0xc5_0f1f, 0x13_a10e, 0xc1_9c00, 0x00_37da, 0x88_1798, 0x3a_96dd, 0xcc_cccc,
        0x76_7676, 0xe7_4856, 0x16_c60c, 0xf9_f1a5, 0x3b_78ff, 0xb4_009e, 0x61_d6d6, 0xf2_f2f2,
    ],
];

const COLOURS: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

fn place(colour: Color) -> Option<usize> {
    COLOURS.iter().position(|c| *c == colour)
}

/// Relative luminance of WCAG.
fn luminance(rgb: u32) -> f64 {
    let part = |shift: u32| {
        let c = f64::from((rgb >> shift) & 0xff) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

fn ratio(a: u32, b: u32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn colours(style: Style) -> Vec<Color> {
    [style.fg, style.bg].into_iter().flatten().collect()
}

#[test]
fn every_colour_is_one_of_the_sixteen() {
    for theme in THEMES {
        for role in Role::ALL {
            for colour in colours(theme.style(role)) {
                assert!(place(colour).is_some(), "{theme:?} {role:?} {colour:?}");
            }
        }
    }
}

#[test]
fn without_colour_no_role_has_one_and_nothing_stands_back() {
    for theme in THEMES.into_iter().filter(|theme| !theme.colour) {
        for role in Role::ALL {
            let style = theme.style(role);
            assert_eq!(colours(style), [], "{theme:?} {role:?}");
            assert!(!style.add_modifier.contains(Modifier::DIM));
        }
    }
}

#[test]
fn high_contrast_keeps_seven_to_one_in_every_palette() {
    for theme in THEMES.into_iter().filter(|theme| theme.contrast) {
        for role in Role::ALL {
            let style = theme.style(role);
            assert!(!style.add_modifier.contains(Modifier::DIM));
            match (style.fg, style.bg) {
                // The terminal's own pair, or its reverse.
                (None, None) => {}
                (Some(fore), Some(back)) => {
                    let (fore, back) = (place(fore).unwrap(), place(back).unwrap());
                    for palette in PALETTES {
                        let ratio = ratio(palette[fore], palette[back]);
                        assert!(ratio >= 7.0, "{role:?}: {ratio:.1}");
                    }
                }
                // Against a background nobody knows.
                half => panic!("{role:?}: {half:?}"),
            }
        }
    }
}

#[test]
fn what_must_be_seen_differs_from_ordinary_text_in_every_theme() {
    for theme in THEMES {
        for role in [Role::Focus, Role::Selected, Role::Warning, Role::Error] {
            let (plain, seen) = (theme.style(Role::Normal), theme.style(role));
            assert_ne!(plain, seen, "{theme:?} {role:?}");
        }
    }
}

/// Texts on a canvas of one row, and where the last one ends.
fn drawn(ambiguous: Ambiguous, puts: &[(usize, String)]) -> (Buffer, usize) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
    let mut cursor = None;
    let area = buffer.area;
    let mut canvas =
        Canvas::new(&mut buffer, area, Theme::COLOUR, &mut cursor).speaking(ambiguous, false);
    let mut end = 0;
    for (x, text) in puts {
        end = canvas.put(*x, 0, text, Role::Normal);
    }
    (buffer, end)
}

/// Columns of a cell as the painter sends it.
fn span(cell: &Cell) -> usize {
    usize::from(cell.cell_width()).max(1)
}

proptest! {
    /// Whatever stood there, what is put over it is whole, and no glyph beside
    /// it reaches into it or is left as a half (tui-craft B.2).
    #[test]
    fn a_text_over_wide_glyphs_is_whole_and_tears_none(
        wide in proptest::bool::ANY,
        below in proptest::collection::vec((0usize..30, "[a山田ア─○ｶﾞﾞ※]{0,15}"), 0..5),
        x in 0usize..30,
        above in "[a│山○ｶ]{1,8}",
    ) {
        let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        let (alone, end) = drawn(ambiguous, &[(x, above.clone())]);
        let mut puts = below;
        puts.push((x, above));
        let (over, _) = drawn(ambiguous, &puts);
        // The columns at which a glyph begins when the row is sent.
        let mut begins = [false; 31];
        let mut at = 0;
        while at < 30 {
            begins[at] = true;
            let cell = over.cell((at as u16, 0)).unwrap();
            prop_assert!(at + span(cell) <= 30, "over the edge");
            at += span(cell);
        }
        prop_assert!(begins[x] || end == x, "covered from the left");
        let mut at = x;
        while at < end {
            let (want, have) = (alone.cell((at as u16, 0)).unwrap(), over.cell((at as u16, 0)).unwrap());
            prop_assert_eq!(want.symbol(), have.symbol());
            prop_assert_eq!(span(want), span(have));
            at += span(want);
        }
        prop_assert!(begins[end.min(30)] || end >= 30, "reaches out to the right");
    }
}
