//! A front end at a make-believe desk, for tests: keys by name through the
//! real keymap, answers by hand, the screen as rows of text.

use super::{App, AppOptions, Effect, Go, Msg, draw, update};
use crate::domain::account::{AccountKind, Staff};
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::hold::Holder;
use crate::domain::line::LineState;
use crate::domain::reader::ReaderState;
use crate::domain::time::Now;
use crate::front::canvas::Theme;
use crate::front::keys::Keymap;
use crate::front::keys::command::Command;
use crate::front::keys::key::{Code, Key};
use crate::front::panes::Pane;
use crate::link::message::{Status, SyncState, Ticket, ToDesk, ToFront, VERSION, Welcome};
use crate::text::cells::cells;
use crate::text::glyphs::Ambiguous;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) struct Seat {
    pub(crate) app: App,
    pub(crate) now: Now,
    /// Effects of the last message.
    pub(crate) effects: Vec<Effect>,
    /// Everything said to the desk so far.
    pub(crate) said: Vec<ToDesk>,
    pub(crate) keys: usize,
    /// What was said of notes that are open.
    pub(crate) held: Vec<ToDesk>,
    /// Who has every note that is asked for.
    pub(crate) holder: Option<Box<Holder>>,
    /// When the loop around it would wake it, and when it drew last.
    pub(crate) wake: Option<Duration>,
    pub(crate) drawn: Now,
}

pub(crate) fn welcome(now: Now) -> Welcome {
    Welcome {
        version: VERSION,
        desk: "窓口1".to_owned(),
        facility: "サンプル医療機関".to_owned(),
        institution_code: "0110113719".to_owned(),
        simulated: false,
        demo: false,
        search: true,
        challenge: false,
        rules: Box::default(),
        paper: crate::domain::paper::Format::Pdf,
        idle_minutes: 15,
        hide_names: true,
        blank_seconds: 60,
        sync_confirm: false,
        now,
    }
}

pub(crate) fn status() -> Status {
    Status {
        line: LineState::Up { recovered: None },
        reader: ReaderState::Waiting {
            reader: "R".to_owned(),
        },
        notes: BTreeMap::new(),
        planned: 0,
        unread_notices: 0,
        losses: 0,
        headline: None,
        period: None,
        period_known: true,
        sync: SyncState::Idle,
        store_trouble: None,
        store_opening: false,
        store_progress: None,
        spill: None,
    }
}

pub(crate) fn staff(user: &str, kind: AccountKind) -> Staff {
    Staff {
        user: user.to_owned(),
        name: "サンプル".to_owned(),
        kind,
    }
}

impl Seat {
    /// A front end that has been welcomed; nobody is logged in.
    pub(crate) fn new() -> Self {
        Self::with(Ambiguous::Narrow)
    }

    pub(crate) fn with(ambiguous: Ambiguous) -> Self {
        let mut seat = Self::unlinked(ambiguous);
        seat.hear(ToFront::Welcome(Box::new(welcome(seat.now))));
        seat.hear(ToFront::Status(Box::new(status())));
        seat
    }

    /// A front end that the desk service has not answered yet.
    pub(crate) fn unlinked(ambiguous: Ambiguous) -> Self {
        let now = Now {
            wall: "2026-11-20T09:12:00+09:00".parse().unwrap(),
            mono: Duration::from_secs(100),
        };
        let app = App::new(AppOptions {
            keymap: Keymap::default(),
            theme: Theme::MONOCHROME,
            ambiguous,
            ascii: false,
            plain: false,
            asks: false,
            news: None,
        });
        Self {
            app,
            now,
            effects: Vec::new(),
            said: Vec::new(),
            keys: 0,
            held: Vec::new(),
            holder: None,
            wake: None,
            drawn: now,
        }
    }

    /// Logged in, at the menu.
    pub(crate) fn inside(kind: AccountKind) -> Self {
        let mut seat = Self::new();
        seat.log_in(kind, None);
        seat
    }

    pub(crate) fn log_in(&mut self, kind: AccountKind, draft: Option<Draft>) {
        self.type_in("003").press("Enter").type_in("secret");
        self.press("Enter");
        let ticket = self.ticket();
        self.hear(ToFront::LoggedIn {
            ticket,
            staff: staff("003", kind),
            draft,
            offline: None,
        });
        self.keys = 0;
        self.said.clear();
    }

    pub(crate) fn send(&mut self, msg: Msg) -> &mut Self {
        self.effects = update(&mut self.app, self.now, msg);
        self.drawn = self.now;
        for effect in &self.effects {
            if let Effect::WakeAt(at) = effect {
                self.wake = *at;
            }
        }
        let mut said: Vec<ToDesk> = self
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Send(message) => Some(message.clone()),
                _ => None,
            })
            .collect();
        // Which notes are open here is said beside everything else, and
        // granted unless a test has somebody else there.
        let holds: Vec<ToDesk> = said
            .extract_if(.., |m| {
                matches!(m, ToDesk::HoldNote { .. } | ToDesk::ReleaseNote { .. })
            })
            .collect();
        self.said.extend(said);
        for hold in holds {
            self.held.push(hold.clone());
            let ToDesk::HoldNote { ticket, id, take } = hold else {
                continue;
            };
            let answer = match &self.holder {
                Some(by) if !take => ToFront::Failed {
                    ticket,
                    failure: Failure::HeldBy { id, by: by.clone() },
                },
                _ => ToFront::Held {
                    ticket,
                    id,
                    revision: 1,
                },
            };
            let effects = std::mem::take(&mut self.effects);
            self.hear(answer);
            self.effects.splice(0..0, effects);
        }
        self
    }

    /// Opens a pane over the others.
    pub(crate) fn push(&mut self, pane: Pane) -> &mut Self {
        let (now, mut effects) = (self.now, Vec::new());
        self.app
            .with_top(now, &mut effects, |_, cx| cx.go(Go::Push(pane)));
        self
    }

    pub(crate) fn hear(&mut self, message: ToFront) -> &mut Self {
        self.send(Msg::Desk(Box::new(message)))
    }

    pub(crate) fn press(&mut self, key: &str) -> &mut Self {
        self.keys += 1;
        self.send(Msg::Key(Key::parse(key).unwrap()))
    }

    pub(crate) fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.keys += 1;
            self.send(Msg::Key(Key::plain(Code::Char(c))));
        }
        self
    }

    pub(crate) fn sleep(&mut self, ms: u64) -> &mut Self {
        let by = Duration::from_millis(ms);
        self.now.mono += by;
        self.now.wall += by;
        self.send(Msg::Woke)
    }

    /// Time goes by and nothing comes: woken only when it asked for that, once
    /// each time, and drawn only then, as in the loop around it.
    pub(crate) fn pass(&mut self, ms: u64) -> &mut Self {
        let end = self.now.mono + Duration::from_millis(ms);
        while let Some(at) = self.wake.take_if(|at| *at <= end) {
            self.go_to(at.max(self.now.mono));
            self.send(Msg::Woke);
            assert!(self.wake.is_none_or(|next| next > self.now.mono));
        }
        self.go_to(end);
        self
    }

    pub(crate) fn go_to(&mut self, mono: Duration) {
        self.now.wall += mono.saturating_sub(self.now.mono);
        self.now.mono = mono;
    }

    /// The rows as they were drawn last.
    pub(crate) fn shown(&self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
        draw(&self.app, self.drawn, &mut buffer);
        rows(&buffer).join("\n")
    }

    /// The ticket of the last question.
    pub(crate) fn ticket(&self) -> Ticket {
        self.said.iter().rev().find_map(ToDesk::ticket).unwrap()
    }

    /// The rows at 80×24, on which no key is left unnamed and no label cut.
    pub(crate) fn screen(&self) -> Vec<String> {
        let rows = self.picture(80, 24).0;
        for row in &rows {
            let unnamed = row.split('{').skip(1).filter_map(|s| s.split_once('}'));
            for (name, _) in unnamed {
                assert_eq!(Command::from_name(name), None, "{rows:#?}");
            }
        }
        assert!(!rows[22..].concat().contains('~'), "{rows:#?}");
        rows
    }

    /// With another keymap from here on.
    pub(crate) fn keymap(&mut self, name: &str) -> &mut Self {
        let keymap = Keymap::builtin(name).unwrap();
        self.app.known.keymap = keymap.clone();
        self.app.options.keymap = keymap;
        self
    }

    pub(crate) fn text(&self) -> String {
        self.screen().join("\n")
    }

    /// The screen as one line, so that a wrapped sentence can be found.
    pub(crate) fn flat(&self) -> String {
        let rows: Vec<String> = self
            .screen()
            .iter()
            .map(|row| row.trim().trim_start_matches('！').to_owned())
            .collect();
        rows.concat()
    }

    pub(crate) fn cursor(&self) -> Option<(u16, u16)> {
        self.picture(80, 24).1
    }

    pub(crate) fn picture(&self, width: u16, height: u16) -> (Vec<String>, Option<(u16, u16)>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = draw(&self.app, self.now, &mut buffer);
        (rows(&buffer), cursor)
    }
}

/// The rows of a buffer, wide glyphs once, without trailing spaces.
pub(crate) fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut row = String::new();
            let mut x = 0;
            while x < area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += u16::try_from(cells(symbol).max(1)).unwrap();
            }
            row.trim_end().to_owned()
        })
        .collect()
}
