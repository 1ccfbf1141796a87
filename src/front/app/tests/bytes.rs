//! What a key costs on the line, through the real painter: a slow line is part
//! of the desk.

use super::super::support::{Seat, status};
use crate::domain::account::AccountKind;
use crate::domain::note::{Group, NoteId};
use crate::domain::time::Period;
use crate::front::app::draw;
use crate::front::term::paint::Painter;
use crate::link::message::{LedgerPage, LedgerRow, Status, ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

/// A front end and what its terminal is sent.
struct Line {
    seat: Seat,
    painter: Painter,
}

impl Line {
    fn new(ambiguous: Ambiguous, kind: AccountKind, size: (u16, u16), inside: bool) -> Self {
        let mut seat = Seat::with(ambiguous);
        seat.send(crate::front::app::Msg::Resize {
            width: size.0,
            height: size.1,
        });
        if inside {
            seat.log_in(kind, None);
            seat.hear(ToFront::Status(Box::new(outage())));
        }
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

    /// The notes that the ledger asks for.
    fn answer(&mut self) {
        let asked = self.seat.said.iter().rev().find_map(|said| match said {
            ToDesk::Ledger { ticket, filter, .. } => Some((*ticket, filter.text.clone())),
            _ => None,
        });
        if let Some((ticket, text)) = asked {
            self.seat.said.clear();
            let page = Box::new(page(&text));
            self.seat.hear(ToFront::Page { ticket, page });
        }
    }

    /// What one typed character costs, with the answer to it.
    fn typed(&mut self, c: char) -> Vec<u8> {
        self.seat.type_in(c.encode_utf8(&mut [0; 4]));
        self.answer();
        self.frame()
    }

    fn press(&mut self, key: &str) -> Vec<u8> {
        self.seat.press(key);
        self.frame()
    }
}

/// The central system's outage function is open.
fn outage() -> Status {
    Status {
        period: Some(Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        }),
        ..status()
    }
}

/// Three notes, two of which are of this name.
fn page(name: &str) -> LedgerPage {
    let row = |number: u32, name: &str| LedgerRow {
        id: NoteId(format!("20261120-{number:04}")),
        revision: 1,
        taken: "2026-11-20T09:41:00+09:00".parse().unwrap(),
        name: name.to_owned(),
        birth_date: date(1988, 1, 7),
        sex: None,
        follow: None,
        group: Group::NeedsPerson,
        state: "候補 2 人".to_owned(),
        next: "候補を確かめる".to_owned(),
        held: None,
        block: None,
    };
    let mut rows = vec![
        row(1, "サンプル一郎"),
        row(2, "新橋太郎"),
        row(3, "サンプル花子"),
    ];
    rows.retain(|row| row.name.contains(name));
    LedgerPage {
        offset: 0,
        matching: rows.len(),
        total: 3,
        rows,
    }
}

/// A place with fields, what opens it (keys, and `"` before what is typed),
/// and what is typed into its fields one after the other.
struct Form {
    name: &'static str,
    way: &'static [&'static str],
    texts: &'static [&'static str],
}

const FORMS: [Form; 8] = [
    Form {
        name: "note",
        way: &["F2"],
        texts: &[
            "新橋太郎",
            "シンバシ タロウ",
            "S290326",
            "1",
            "東京都港区新橋",
            "サンプル健康保険組合",
            "",
            "06139000",
        ],
    },
    Form {
        name: "look-up",
        way: &["F3"],
        texts: &["06139000", "12-34", "567", "01", "S290326"],
    },
    Form {
        name: "card",
        way: &["F4"],
        texts: &["S290326", "2033", "1234"],
    },
    Form {
        name: "outage search",
        way: &["F7"],
        texts: &[
            "新橋太郎",
            "シンバシ タロウ",
            "S290326",
            "1",
            "東京都港区新橋",
            "サンプル健康保険組合",
        ],
    },
    Form {
        name: "login",
        way: &[],
        texts: &["003", "Onshi*003*003"],
    },
    Form {
        name: "ladder",
        way: &["F2", "F5"],
        texts: &["S290326", "R81120"],
    },
    Form {
        name: "declaration",
        way: &["F2", "F5", "\"H2.1.1", "Enter", "Enter", "\"4"],
        texts: &[
            "新橋太郎",
            "シンバシ タロウ",
            "",
            "1",
            "東京都港区新橋",
            "03-0000-0000",
            "1",
            "サンプル健康保険組合",
            "サンプル商事",
        ],
    },
    Form {
        name: "ledger",
        way: &["F6"],
        texts: &["サンプル"],
    },
];

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn lines() -> impl Iterator<Item = (Line, &'static Form)> {
    let policies = [Ambiguous::Narrow, Ambiguous::Wide];
    let every = policies.into_iter().flat_map(|ambiguous| {
        let sizes = SIZES.into_iter().map(move |size| (ambiguous, size));
        sizes.flat_map(|how| FORMS.iter().map(move |form| (how, form)))
    });
    every.map(|((ambiguous, size), form)| {
        let mut line = Line::new(
            ambiguous,
            AccountKind::MedicalViewer,
            size,
            form.name != "login",
        );
        for step in form.way {
            match step.strip_prefix('"') {
                Some(text) => {
                    line.seat.type_in(text);
                }
                None => {
                    line.press(step);
                }
            }
        }
        line.answer();
        line.frame();
        (line, form)
    })
}

fn mean(costs: &[usize]) -> usize {
    costs.iter().sum::<usize>().div_ceil(costs.len())
}

#[test]
fn a_field_move_is_at_most_60_bytes() {
    for (mut line, form) in lines().filter(|(_, form)| form.texts.len() > 1) {
        let mut costs = Vec::new();
        for way in ["Down", "Up"] {
            costs.extend((1..form.texts.len()).map(|_| line.press(way).len()));
        }
        let (name, screen) = (form.name, line.seat.text());
        assert!(mean(&costs) <= 60, "{name} {costs:?}\n{screen}");
        // Out of a field that goes on showing its choice.
        assert!(costs.iter().all(|cost| *cost <= 76), "{costs:?}\n{screen}");
        assert!(costs.iter().any(|cost| *cost > 0), "{costs:?}\n{screen}");
    }
}

#[test]
fn a_typed_character_is_at_most_25_bytes() {
    for (mut line, form) in lines() {
        let mut costs = Vec::new();
        for text in form.texts {
            for c in text.chars() {
                let sent = line.typed(c);
                costs.push(sent.len());
            }
            // Enter behind the ladder's first date goes on to its list.
            line.press(if form.name == "ladder" {
                "Down"
            } else {
                "Enter"
            });
        }
        let screen = line.seat.text();
        // What it means and what is still missing change now and then.
        assert!(costs.iter().all(|cost| *cost <= 256), "{costs:?}\n{screen}");
        let name = form.name;
        assert!(mean(&costs) <= 25, "{name} {costs:?}\n{screen}");
    }
}

#[test]
fn a_character_in_the_middle_of_a_field_is_itself() {
    let mut line = Line::new(
        Ambiguous::Narrow,
        AccountKind::MedicalViewer,
        (80, 24),
        true,
    );
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
