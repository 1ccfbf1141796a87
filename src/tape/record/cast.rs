//! From what was kept to a tape: masks, plays in the demo's world, and writes
//! its screens.

mod typing;

use super::mask::Masks;
use super::{Against, Cast, Event, Recorder, text};
use crate::domain::time::{Now, jst};
use crate::front::keys::NAMES;
use crate::simulator::fixtures::Fixtures;
use crate::simulator::people::generate;
use crate::tape::grid::Grid;
use crate::tape::own;
use crate::tape::parse;
use crate::tape::play::{self, Outcome, Purpose};
use crate::tape::pty::LONGEST_SLEEP;
use crate::tape::stage::{Stage, Trouble};
use crate::tape::step::Head;
use crate::tape::world::World;
use jiff::{Timestamp, ToSpan};
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// Rows below the pane: the message line is the first of them.
const FOOT: usize = 3;
/// Days that a demonstrated outage leaves the outage function open.
const OPEN_DAYS: i64 = 5;

impl Recorder {
    /// The tape, to lie at `path`. Where the demo's world cannot be put up, the
    /// keys are written all the same.
    pub fn cast(mut self, path: &Path) -> Cast {
        let events = std::mem::take(&mut self.events);
        let mut writer = Writer::new(&self);
        let mut events = events.as_slice();
        while let Some((event, rest)) = events.split_first() {
            events = rest;
            let left = writer.event(event, events);
            events = events.get(left..).unwrap_or_default();
        }
        writer.finish(&self, path)
    }
}

struct Writer {
    demo: bool,
    head: Head,
    out: String,
    masks: Masks,
    world: Option<World>,
    steps: usize,
    plays: usize,
    /// Something was typed that no screen shows yet.
    unseen: bool,
    /// The message line before the newest key.
    said: String,
    card: String,
    /// Needs the virtual clock.
    slow: bool,
    today: jiff::civil::Date,
}

impl Writer {
    fn new(recorder: &Recorder) -> Self {
        let now = Now {
            wall: whole_seconds(recorder.begun.unwrap_or(Head::default().clock)),
            mono: Duration::ZERO,
        };
        let (people, seed, demo) = match recorder.against {
            Against::Demo { people, seed } => (people, seed, true),
            Against::Desk => (0, 7, false),
        };
        let head = Head {
            size: recorder.size,
            clock: now.wall,
            keymap: recorder.keymap.clone(),
            people,
            seed,
            ..Head::default()
        };
        let mut invented = Fixtures::built_in().people;
        invented.extend(generate::generate(people, seed));
        let world = World::new(&head, false);
        let mut writer = Self {
            demo,
            out: String::new(),
            masks: Masks::new(now.today(), demo.then_some(invented.as_slice())),
            world: None,
            head,
            steps: 0,
            plays: 0,
            unseen: false,
            said: String::new(),
            card: text::CARD.to_owned(),
            slow: false,
            today: now.today(),
        };
        match world {
            Ok(world) => writer.world = Some(world),
            Err(why) => {
                let why = why.replace('\n', " ");
                writer.note(&format!("実演の世界で打てませんでした: {why}"));
            }
        }
        writer
    }

    /// Writes an event; says how many of those behind it are done with it.
    fn event(&mut self, event: &Event, rest: &[Event]) -> usize {
        match event {
            Event::Visit {
                field,
                in_card,
                ops,
            } => {
                self.visit(*field, *in_card, ops);
                self.unseen = true;
            }
            Event::Paste { field, text } => {
                let made = Zeroizing::new(self.masks.value(*field, text));
                self.step(&format!("Paste {}", text::quoted(&made)));
                self.unseen = true;
            }
            Event::Secret(name) => self.secret(name),
            Event::Choice(_) => return self.choices(event, rest),
            Event::Key(key) => {
                let same = rest
                    .iter()
                    .take_while(|next| matches!(next, Event::Key(other) if other == key))
                    .count();
                self.before_key(rest.get(same));
                let name = text::key(*key);
                if same == 0 {
                    self.step(&name);
                } else {
                    self.step(&format!("{name} {}", same + 1));
                }
                return same;
            }
            Event::Login { kind, user } => {
                let known = self.demo && user.bytes().all(|b| b.is_ascii_digit());
                let user = if known { user } else { text::account(*kind) };
                self.step(&format!("Login {user}"));
            }
            Event::Central(word) => {
                self.step(&format!("Central {word}"));
                if self.demo && *word == "recover" {
                    let to = self.today.saturating_add(OPEN_DAYS.days());
                    self.step(&format!("Central function {}..{to}", self.today));
                }
            }
            Event::Function(period) => {
                self.step(&format!("Central function {}..{}", period.from, period.to));
            }
            Event::Card(None) => self.step("Card remove"),
            Event::Card(Some(name)) => {
                self.card.clone_from(name);
                self.step(&format!("Card insert {name}"));
            }
            Event::Pause(time) => {
                self.slow |= *time > LONGEST_SLEEP;
                self.step(&text::sleep(*time));
            }
            Event::Resize(width, height) => self.step(&format!("Resize {width}x{height}")),
            Event::Shown(title) => self.shown(title),
            Event::Said => self.answered(),
            Event::Line(down) => {
                let word = if *down { "障害" } else { "正常" };
                self.slow = true;
                self.step(&format!("Wait /回線 {word}/"));
            }
        }
        0
    }

    /// What was typed is shown before the key that leads away from it.
    fn before_key(&mut self, next: Option<&Event>) {
        if self.unseen && matches!(next, Some(Event::Shown(_) | Event::Said)) {
            self.screen("入れたところ");
        }
        if let Some(world) = &mut self.world {
            message(&world.screen(&mut |_| true)).clone_into(&mut self.said);
        }
    }

    fn shown(&mut self, title: &str) {
        self.step(&format!("Wait /窓口  {}/", regex::escape(title)));
        self.screen(title);
    }

    fn answered(&mut self) {
        let Some(world) = &mut self.world else {
            return;
        };
        let before = std::mem::take(&mut self.said);
        let came = world.wait(&mut |grid| message(grid) != before);
        let row = message(&world.screen(&mut |_| true)).to_owned();
        match (came, text::sentence(&row)) {
            (Ok(true), Some(sentence)) => {
                self.step(&format!("Wait /{sentence}/"));
                self.screen("返事");
            }
            _ => self.note("実際には、ここで返事が来ました。"),
        }
        self.said = row;
    }

    fn screen(&mut self, name: &str) {
        if let Some(world) = &mut self.world {
            let grid = world.screen(&mut |_| true);
            self.out.push_str(&text::screen(name, &grid));
            self.unseen = false;
        }
    }

    fn note(&mut self, text: &str) {
        self.out.extend(["# ", text, "\n"]);
    }

    /// Plays a step, and writes it: as a comment once the demo's world has gone
    /// another way.
    fn step(&mut self, line: &str) {
        self.steps += 1;
        if let Some(world) = &mut self.world {
            if run(world, line).is_ok() {
                self.plays += 1;
                self.out.push_str(line);
                self.out.push('\n');
                return;
            }
            self.world = None;
            self.note("ここから先は、実際の中央システムや控え帳の中身によるので、実演の世界では同じになりません。");
            self.note(
                "使うときは、先頭の # を消し、作り物の人（fixtures）に合わせて書き直してください。",
            );
        }
        self.note(line);
    }

    fn finish(mut self, recorder: &Recorder, path: &Path) -> Cast {
        if self.unseen {
            self.screen("終わり");
        }
        let mut text = String::from(
            "# madoguchi record で録った台本。打った氏名・カナ・住所・番号・日付は、作り物に置き換えてあります。\n\
             # 画面は、同じキーを実演の世界で打って出したものです。パスワードと暗証番号は録っていません。\n",
        );
        let head = &self.head;
        let (width, height) = head.size;
        let set = [
            format!("Size {width}x{height}"),
            format!(
                "Clock {}",
                jst(head.clock).strftime("%Y-%m-%dT%H:%M:%S+09:00")
            ),
            format!("Keymap {}", keymap(&recorder.keymap, path)),
            format!("People {}", head.people),
            format!("Seed {}", head.seed),
        ];
        for line in set {
            text.extend(["Set ", line.as_str(), "\n"]);
        }
        if self.slow {
            text.push_str("Set Virtual \"時計を進めて待つところがあります\"\n");
        }
        text.push('\n');
        let whole = format!("{text}{}", self.out);
        // In the other width as well, where it holds there.
        let text = match wide(&whole, path) {
            Outcome::Passed => whole,
            Outcome::Failed(_) | Outcome::Skipped(_) => {
                format!("{text}Set Ambiguous narrow\n{}", self.out)
            }
        };
        Cast {
            text,
            steps: self.steps,
            plays: self.plays,
        }
    }
}

/// As it stands behind `Set Keymap`.
fn keymap(name: &str, tape: &Path) -> String {
    let name = own::named_from(tape, name);
    if NAMES.contains(&name.as_str()) {
        name
    } else {
        text::quoted(&name)
    }
}

fn wide(text: &str, path: &Path) -> Outcome {
    let failed = |why: String| Outcome::Failed(why);
    match parse::parse(text, path) {
        Ok(tape) => match World::new(&tape.head, true) {
            Ok(mut world) => play::play(&tape, &mut world, Purpose::OtherWidth).0,
            Err(why) => failed(why),
        },
        Err(error) => failed(error.to_string()),
    }
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn message(grid: &Grid) -> &str {
    grid.rows
        .len()
        .checked_sub(FOOT)
        .and_then(|at| grid.rows.get(at))
        .map_or("", String::as_str)
}

fn run(world: &mut World, line: &str) -> Result<(), String> {
    let tape = parse::parse(line, Path::new("recorded.tape")).map_err(|e| e.to_string())?;
    for placed in &tape.steps {
        match play::carry(placed, world) {
            Ok(()) => {}
            Err(Trouble::Failed(why) | Trouble::Cannot(why)) => return Err(why),
        }
    }
    Ok(())
}
