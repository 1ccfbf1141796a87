//! What a key costs on the line, through the real painter: a slow line is part
//! of the desk.

use super::super::support::Seat;
use crate::domain::account::AccountKind;
use crate::front::app::draw;
use crate::front::term::paint::Painter;
use crate::text::glyphs::Ambiguous;

/// A front end and what its terminal is sent.
struct Line {
    seat: Seat,
    painter: Painter,
}

impl Line {
    fn new(ambiguous: Ambiguous, kind: AccountKind, size: (u16, u16)) -> Self {
        let mut seat = Seat::with(ambiguous);
        seat.send(crate::front::app::Msg::Resize {
            width: size.0,
            height: size.1,
        });
        seat.log_in(kind, None);
        let mut line = Self {
            seat,
            painter: Painter::new(size.0, size.1),
        };
        line.frame();
        line
    }

    fn frame(&mut self) -> Vec<u8> {
        let cursor = draw(&self.seat.app, self.seat.now, self.painter.canvas());
        self.painter.finish(cursor).to_vec()
    }

    fn press(&mut self, key: &str) -> Vec<u8> {
        self.seat.press(key);
        self.frame()
    }
}

/// A place with fields, the key that opens it, and what is typed into its
/// fields one after the other.
const FORMS: [(&str, &[&str]); 3] = [
    (
        "F2",
        &[
            "新橋太郎",
            "シンバシ タロウ",
            "S290326",
            "1",
            "東京都港区新橋",
            "サンプル健康保険組合",
            "",
            "06139000",
        ],
    ),
    ("F3", &["06139000", "12-34", "567", "01", "S290326"]),
    ("F4", &["S290326", "2033", "1234"]),
];

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn lines() -> impl Iterator<Item = (Line, &'static [&'static str])> {
    let policies = [Ambiguous::Narrow, Ambiguous::Wide];
    let every = policies.into_iter().flat_map(|ambiguous| {
        let sizes = SIZES.into_iter().map(move |size| (ambiguous, size));
        sizes.flat_map(|how| FORMS.into_iter().map(move |form| (how, form)))
    });
    every.map(|((ambiguous, size), (key, texts))| {
        let mut line = Line::new(ambiguous, AccountKind::MedicalViewer, size);
        line.press(key);
        (line, texts)
    })
}

fn mean(costs: &[usize]) -> usize {
    costs.iter().sum::<usize>().div_ceil(costs.len())
}

#[test]
fn a_field_move_is_at_most_60_bytes() {
    for (mut line, texts) in lines() {
        let down: Vec<usize> = (1..texts.len()).map(|_| line.press("Down").len()).collect();
        let up: Vec<usize> = (1..texts.len()).map(|_| line.press("Up").len()).collect();
        let screen = line.seat.text();
        for costs in [down, up] {
            assert!(mean(&costs) <= 60, "{costs:?}\n{screen}");
            // Out of a field that goes on showing its choice.
            assert!(costs.iter().all(|cost| *cost <= 76), "{costs:?}\n{screen}");
            assert!(costs.iter().any(|cost| *cost > 0), "{costs:?}\n{screen}");
        }
    }
}

#[test]
fn a_typed_character_is_at_most_25_bytes() {
    for (mut line, texts) in lines() {
        let mut costs = Vec::new();
        for text in texts {
            for c in text.chars() {
                line.seat.type_in(c.encode_utf8(&mut [0; 4]));
                costs.push(line.frame().len());
            }
            line.press("Tab");
        }
        let screen = line.seat.text();
        // What it means and what is still missing change now and then.
        assert!(costs.iter().all(|cost| *cost <= 256), "{costs:?}\n{screen}");
        let mut ordered = costs.clone();
        ordered.sort_unstable();
        assert!(ordered[ordered.len() / 2] <= 25, "{costs:?}\n{screen}");
        assert!(mean(&costs) <= 35, "{costs:?}\n{screen}");
    }
}

#[test]
fn a_character_in_the_middle_of_a_field_is_itself() {
    let mut line = Line::new(Ambiguous::Narrow, AccountKind::MedicalViewer, (80, 24));
    line.press("F2");
    for c in ["新", "橋", "太", "郎"] {
        line.seat.type_in(c);
        let sent = line.frame();
        if c != "新" && c != "橋" {
            assert_eq!(sent, c.as_bytes());
        }
    }
}

#[test]
fn nothing_is_sent_for_a_frame_that_shows_the_same() {
    for (mut line, _) in lines() {
        assert_eq!(line.frame(), b"");
        line.seat.send(crate::front::app::Msg::Woke);
        assert_eq!(line.frame(), b"");
    }
}

/// Keys that arrive at once are one frame: it costs what is new on it.
#[test]
fn thirty_keys_taken_in_together_are_one_short_frame() {
    for (mut line, _) in lines() {
        let before = line.frame();
        line.seat.type_in("123456789012345678901234567890");
        let sent = line.frame();
        assert!(before.is_empty() && sent.len() <= 600, "{}", sent.len());
        assert_eq!(line.frame(), b"");
    }
}
