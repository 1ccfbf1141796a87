use super::{Role, Theme};
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
