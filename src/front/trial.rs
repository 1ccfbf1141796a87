//! For tests of panes: a pane is given keys through the real keymap and is
//! drawn to rows of text, without the rest of the program.

use super::app::{Cx, Effect, Go, Input, Known, Tone};
use super::canvas::{Canvas, Theme};
use super::keys::key::Key;
use super::keys::{Context, Keymap, NAMES};
use crate::domain::entitlement::{Candidate, Eligibility, GivenDate};
use crate::domain::note::{Note, NoteContent, NoteId, NoteState, Resolution, Way};
use crate::domain::person::Sex;
use crate::domain::time::Now;
use crate::link::message::{Ticket, ToDesk};
use crate::text::cells;
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

/// What stands around a pane.
pub struct Trial {
    pub now: Now,
    pub known: Known,
    next_ticket: u64,
    effects: Vec<Effect>,
    pub went: Option<Go>,
    pub message: Option<(Tone, String)>,
}

impl Trial {
    /// At 9:12 on 20 November 2026, with the receipt keymap.
    pub fn new() -> Self {
        Self {
            now: Now {
                wall: "2026-11-20T09:12:00+09:00".parse().unwrap(),
                mono: Duration::ZERO,
            },
            known: Known {
                room: (80, 18),
                ..Known::default()
            },
            next_ticket: 0,
            effects: Vec::new(),
            went: None,
            message: None,
        }
    }

    /// Lets a pane do something.
    pub fn with<T>(&mut self, act: impl FnOnce(&mut Cx<'_>) -> T) -> T {
        act(&mut Cx {
            now: self.now,
            known: &self.known,
            next_ticket: &mut self.next_ticket,
            effects: &mut self.effects,
            go: &mut self.went,
            message: &mut self.message,
        })
    }

    /// What a key means where the pane is, or the character it types.
    pub fn input(&self, context: Context, typing: bool, name: &str) -> Input {
        let key = Key::parse(name).unwrap();
        match self.known.keymap.resolve(context, typing, key) {
            Some(command) => Input::Command(command),
            None => Input::Char(name.chars().next().unwrap()),
        }
    }

    /// What was sent since the last time.
    pub fn sent(&mut self) -> Vec<ToDesk> {
        self.effects
            .drain(..)
            .filter_map(|effect| match effect {
                Effect::Send(message) => Some(message),
                _ => None,
            })
            .collect()
    }

    /// The ticket given out last.
    pub fn ticket(&self) -> Ticket {
        Ticket(self.next_ticket)
    }

    /// The words on the message line.
    pub fn said(&self) -> &str {
        self.message.as_ref().map_or("", |(_, text)| text.as_str())
    }
}

/// A hint takes one line of 80 columns in every shipped keymap, and names only
/// keys that are bound.
pub fn hint_fits(context: Context, hint: &str) {
    for name in NAMES {
        let filled = Keymap::builtin(name).unwrap().fill(context, hint);
        assert!(!filled.contains('{'), "{name}: {filled}");
        assert!(cells::cells(&filled) <= 78, "{name}: {filled}");
    }
}

/// A row of a list of candidates.
pub fn candidate(key: &str, address: &str) -> Candidate {
    Candidate {
        key: key.to_owned(),
        name: "新橋　太郎".to_owned(),
        kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
        birth_date: GivenDate::Day(date(1954, 3, 26)),
        sex: Some(Sex::Male),
        address: address.to_owned(),
        insurer_name: "東京新橋サンプル保険者".to_owned(),
    }
}

/// A note of 新橋太郎 in that state, resolved from it where it is so.
pub fn noted(state: NoteState) -> Note {
    let mut content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
    content.name = "新橋太郎".to_owned();
    content.sex = Some(Sex::Male);
    content.address = "東京都".to_owned();
    let at = "2026-11-20T09:00:00+09:00".parse().unwrap();
    let id = NoteId("20261120-0007".to_owned());
    let mut note = Note::take(id, "窓口".to_owned(), "003", at, true, content);
    note.state = state;
    note
}

/// A resolution with that answer.
pub fn resolution(answer: Eligibility) -> Box<Resolution> {
    Box::new(Resolution {
        answer,
        way: Way::Noted,
        at: "2026-11-20T09:10:00+09:00".parse().unwrap(),
        confirmed_by: None,
    })
}

/// Draws on a body of `width` × `height`; the rows, and the cursor.
pub fn rows(
    width: u16,
    height: u16,
    policy: Ambiguous,
    view: impl FnOnce(&mut Canvas<'_>),
) -> (Vec<String>, Option<(u16, u16)>) {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let mut cursor = None;
    let theme = Theme::COLOUR;
    view(&mut Canvas::new(&mut buffer, area, theme, &mut cursor).speaking(policy, false));
    let mut rows = Vec::new();
    for y in 0..height {
        let mut row = String::new();
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(cells::cells(symbol).max(1)).unwrap();
        }
        rows.push(row.trim_end().to_owned());
    }
    (rows, cursor)
}

/// The rows of the body at 80×24.
pub fn body(view: impl FnOnce(&mut Canvas<'_>)) -> Vec<String> {
    rows(80, 18, Ambiguous::Narrow, view).0
}

/// Draws at every small size and under both width policies: nothing panics.
pub fn survives(view: impl Fn(&mut Canvas<'_>)) {
    for (width, height) in [
        (0, 0),
        (1, 1),
        (2, 1),
        (5, 3),
        (20, 4),
        (40, 4),
        (79, 18),
        (120, 34),
    ] {
        for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
            rows(width, height, policy, &view);
        }
    }
}
