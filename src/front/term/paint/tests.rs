use super::*;
use proptest::prelude::*;
use ratatui::buffer::CellWidth;
use ratatui::style::{Color, Modifier, Style};

const W: u16 = 24;
const H: u16 = 5;

fn screen() -> vt100::Parser {
    vt100::Parser::new(H, W, 0)
}

fn show(painter: &mut Painter, puts: &[(u16, u16, String, Style)]) {
    let canvas = painter.canvas();
    for (x, y, text, style) in puts {
        canvas.set_string(*x % W, *y % H, text, *style);
    }
}

fn compare(parser: &vt100::Parser, buffer: &Buffer) -> Result<(), String> {
    for y in 0..H {
        let mut x = 0;
        while x < W {
            let want = buffer.cell((x, y)).unwrap();
            let have = parser.screen().cell(y, x).unwrap();
            let text = if have.has_contents() {
                have.contents()
            } else {
                " "
            };
            if text != want.symbol() {
                return Err(format!("({x},{y}) shows {text:?}, not {:?}", want.symbol()));
            }
            let reversed = want.modifier.contains(Modifier::REVERSED);
            let underlined = want.modifier.contains(Modifier::UNDERLINED);
            if (have.inverse(), have.underline()) != (reversed, underlined) {
                return Err(format!("({x},{y}) looks otherwise"));
            }
            if text != " " {
                let bold = want.modifier.contains(Modifier::BOLD);
                let green = want.fg == Color::Green;
                if have.bold() != bold || (have.fgcolor() == vt100::Color::Idx(2)) != green {
                    return Err(format!("({x},{y}) has another colour"));
                }
            }
            x += want.cell_width().max(1);
        }
    }
    Ok(())
}

fn styles() -> impl Strategy<Value = Style> {
    prop_oneof![
        Just(Style::new()),
        Just(Style::new().add_modifier(Modifier::BOLD)),
        Just(Style::new().add_modifier(Modifier::REVERSED)),
        Just(Style::new().add_modifier(Modifier::UNDERLINED)),
        Just(
            Style::new()
                .fg(Color::Green)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        ),
        Just(Style::new().fg(Color::Green)),
    ]
}

fn puts() -> impl Strategy<Value = Vec<(u16, u16, String, Style)>> {
    proptest::collection::vec((0..W, 0..H, "[a-c 山田ア─○ｶ]{0,12}", styles()), 0..8)
}

proptest! {
    /// Whatever follows whatever, the terminal shows the buffer, and the
    /// cursor stands where it was put.
    #[test]
    fn the_terminal_shows_the_buffer(
        frames in proptest::collection::vec((puts(), proptest::option::of((0..W, 0..H))), 1..6),
        forget_at in 0usize..6,
    ) {
        let mut painter = Painter::new(W, H);
        let mut parser = screen();
        for (index, (puts, cursor)) in frames.iter().enumerate() {
            if index == forget_at {
                // Someone else wrote over the screen.
                parser.process("\x1b[H山\x1b[3;3Hzzz".as_bytes());
                painter.forget(W, H);
            }
            show(&mut painter, puts);
            parser.process(painter.finish(*cursor));
            prop_assert_eq!(compare(&parser, &painter.shown), Ok(()));
            if let Some((x, y)) = *cursor {
                prop_assert_eq!(parser.screen().cursor_position(), (y, x));
            }
            prop_assert_eq!(parser.screen().hide_cursor(), cursor.is_none());
        }
    }
}

#[test]
fn nothing_changed_is_no_bytes() {
    let mut painter = Painter::new(W, H);
    let puts = [(2, 1, "山田".to_owned(), Style::new())];
    show(&mut painter, &puts);
    assert!(!painter.finish(Some((6, 1))).is_empty());
    show(&mut painter, &puts);
    assert!(painter.finish(Some((6, 1))).is_empty());
}

#[test]
fn a_typed_character_is_little_more_than_itself() {
    let mut painter = Painter::new(80, 24);
    let field = Style::new().add_modifier(Modifier::UNDERLINED);
    let mut sent = Vec::new();
    for text in ["1", "12", "123"] {
        painter
            .canvas()
            .set_string(15, 4, format!("{text:<16}"), field);
        sent.push(painter.finish(Some((15 + text.len() as u16, 4))).to_vec());
    }
    assert_eq!(sent.get(1).unwrap(), b"2");
    assert_eq!(sent.get(2).unwrap(), b"3");
}

#[test]
fn a_wide_glyph_in_doubt_is_followed_by_an_absolute_move() {
    let mut painter = Painter::new(W, H);
    painter.canvas().set_string(0, 0, "○ab", Style::new());
    let text = String::from_utf8(painter.finish(None).to_vec()).unwrap();
    assert!(text.contains("○\x1b[1;2H"), "{text:?}");
}

#[test]
fn sec_34_control_characters_never_leave() {
    let mut painter = Painter::new(W, H);
    for (x, bad) in ["\x1b]0;x\x07", "\u{9b}", "\r\n", "\u{7f}"]
        .into_iter()
        .enumerate()
    {
        painter
            .canvas()
            .cell_mut((x as u16, 0))
            .unwrap()
            .set_symbol(bad);
        let bytes = painter.finish(Some((0, 0)));
        assert!(
            !bytes.windows(bad.len()).any(|w| w == bad.as_bytes()),
            "{bad:?}"
        );
    }
}

#[test]
fn any_size_is_drawn() {
    for (w, h) in [(0, 0), (1, 1), (0, 5), (5, 0), (500, 200), (80, 24)] {
        let mut painter = Painter::new(3, 3);
        painter.forget(w, h);
        painter
            .canvas()
            .set_style(Rect::new(0, 0, w, h), Style::new().reversed());
        painter.finish(Some((0, 0)));
        painter.finish(None);
    }
}

#[test]
fn blanks_in_the_middle_are_erased_and_not_written() {
    let mut painter = Painter::new(80, 24);
    let field = Style::new().add_modifier(Modifier::UNDERLINED);
    let canvas = painter.canvas();
    canvas.set_string(16, 4, " ".repeat(30), field);
    canvas.set_string(50, 4, "ひらがな", Style::new());
    painter.finish(Some((16, 4)));
    painter.canvas().set_string(50, 4, "ひらがな", Style::new());
    let sent = painter.finish(Some((16, 4))).to_vec();
    assert_eq!(sent, b"\x1b[30X", "{}", sent.escape_ascii());
}
