//! What one key costs on the drawing thread: update, draw, and the bytes for
//! the terminal. The limit is 1 ms for anything a key can cause.
//!
//! `cargo bench --bench front`; the figures are kept in `benches/RESULTS.md`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark fails where it stands"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use madoguchi::domain::account::{AccountKind, Staff};
use madoguchi::domain::line::LineState;
use madoguchi::domain::reader::ReaderState;
use madoguchi::domain::time::Now;
use madoguchi::front::app::{self, App, AppOptions, Effect, Msg};
use madoguchi::front::canvas::Theme;
use madoguchi::front::keys::Keymap;
use madoguchi::front::keys::key::Key;
use madoguchi::front::term::paint::Painter;
use madoguchi::link::message::{Status, SyncState, ToFront, VERSION, Welcome};
use madoguchi::text::glyphs::Ambiguous;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

struct Desk {
    app: App,
    painter: Painter,
    now: Now,
}

impl Desk {
    /// A front end with someone logged in, at the menu.
    fn new(width: u16, height: u16) -> Self {
        let now = Now {
            wall: Timestamp::from_second(1_795_133_520).unwrap(),
            mono: Duration::from_secs(1),
        };
        let app = App::new(AppOptions {
            keymap: Keymap::default(),
            theme: Theme::COLOUR,
            ambiguous: Ambiguous::Narrow,
            ascii: false,
            plain: false,
            asks: false,
            news: None,
        });
        let mut desk = Self {
            app,
            painter: Painter::new(width, height),
            now,
        };
        desk.send(Msg::Resize { width, height });
        desk.hear(ToFront::Welcome(Box::new(Welcome {
            idle_minutes: 30,
            hide_names: true,
            blank_seconds: 60,
            sync_confirm: false,
            version: VERSION,
            desk: "窓口1".to_owned(),
            facility: "サンプル医療機関".to_owned(),
            institution_code: "0110113719".to_owned(),
            simulated: true,
            demo: false,
            search: true,
            challenge: false,
            rules: Box::default(),
            paper: madoguchi::domain::paper::Format::Pdf,
            now,
        })));
        desk.hear(ToFront::Status(Box::new(Status {
            line: LineState::Up { recovered: None },
            reader: ReaderState::NoReader,
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
        })));
        desk.press("003");
        desk.key("Enter");
        desk.press("secret");
        let effects = desk.key("Enter");
        let ticket = effects
            .iter()
            .find_map(|effect| match effect {
                Effect::Send(message) => message.ticket(),
                _ => None,
            })
            .unwrap();
        let staff = Staff {
            user: "003".to_owned(),
            name: "見本".to_owned(),
            kind: AccountKind::MedicalViewer,
        };
        desk.hear(ToFront::LoggedIn {
            ticket,
            staff,
            draft: None,
            offline: None,
        });
        desk.frame();
        desk
    }

    fn send(&mut self, msg: Msg) -> Vec<Effect> {
        app::update(&mut self.app, self.now, msg)
    }

    fn hear(&mut self, message: ToFront) {
        self.send(Msg::Desk(Box::new(message)));
    }

    fn key(&mut self, name: &str) -> Vec<Effect> {
        self.send(Msg::Key(Key::parse(name).unwrap()))
    }

    fn press(&mut self, text: &str) {
        for c in text.chars() {
            self.key(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn frame(&mut self) -> usize {
        let cursor = app::draw(&self.app, self.now, self.painter.canvas());
        self.painter.finish(cursor).len()
    }
}

fn keys(c: &mut Criterion) {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut group = c.benchmark_group(format!("{width}x{height}"));
        let mut desk = Desk::new(width, height);
        desk.key("F2");
        desk.frame();
        group.bench_function(
            "a character typed into a note and erased again (2 keys)",
            |b| {
                b.iter(|| {
                    desk.key("x");
                    let one = desk.frame();
                    desk.key("Backspace");
                    black_box(one + desk.frame())
                });
            },
        );
        group.bench_function("to the next field and back (2 keys)", |b| {
            b.iter(|| {
                desk.key("Down");
                let one = desk.frame();
                desk.key("Up");
                black_box(one + desk.frame())
            });
        });
        let mut desk = Desk::new(width, height);
        group.bench_function(
            "menu to look-up and back (2 keys, most of the screen)",
            |b| {
                b.iter(|| {
                    desk.key("F3");
                    let one = desk.frame();
                    desk.key("F1");
                    black_box(one + desk.frame())
                });
            },
        );
        group.bench_function("everything anew", |b| {
            b.iter(|| {
                desk.painter.forget(width, height);
                black_box(desk.frame())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, keys);
criterion_main!(benches);
