//! Somebody at a desk who notes, corrects and types until the desk service is
//! gone, and remembers what was promised.

use super::office::password;
use jiff::civil::date;
use madoguchi::domain::draft::Draft;
use madoguchi::domain::field::Field;
use madoguchi::domain::note::{NoteContent, NoteId};
use madoguchi::domain::person::Sex;
use madoguchi::domain::secret::Secret;
use madoguchi::domain::time::slash_date;
use madoguchi::link::message::{Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, socket};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No answer takes longer, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Ends the remark of a form that is whole, and of its note.
const WHOLE: &str = "。";

/// What one clerk did.
pub struct Done {
    pub user: &'static str,
    /// Id, revision and remark of each note that was said to be kept.
    pub acknowledged: Vec<(NoteId, u32, String)>,
    /// What stood in the form, and since when.
    typed: Vec<(Instant, String)>,
}

impl Done {
    /// The place of the newest text that stood in the form `long` before `at`.
    pub fn typed_before(&self, at: Instant, long: Duration) -> Option<usize> {
        self.typed.iter().rposition(|(when, _)| *when + long < at)
    }

    /// The place of what was found: a form, or none because its note is kept
    /// or was just being kept.
    pub fn place(&self, found: Option<&str>) -> Option<usize> {
        let place = |text: &str| self.typed.iter().rposition(|(_, typed)| typed == text);
        let saving = || {
            let (_, last) = self.typed.last()?;
            last.ends_with(WHOLE).then(|| self.typed.len() - 1)
        };
        match found {
            Some(text) => place(text),
            None => place("").max(saving()),
        }
    }

    /// Whether a note with this remark was said to be kept.
    pub fn kept(&self, text: &str) -> bool {
        self.acknowledged.iter().any(|(_, _, mark)| mark == text)
    }
}

pub struct Clerk {
    end: FrontEnd,
    tickets: u64,
    done: Done,
}

/// A note with this remark.
pub fn content(mark: &str) -> NoteContent {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let content = serde_json::json!({
        "name": "試験　太郎", "kana": "シケンタロウ",
        "birth_date": date(1954, 3, 26), "sex": Sex::Male,
        "address": "東京都港区", "insurer_name": "",
        "visit_date": today, "insurance": null, "limit_consent": false,
        "reference": "", "telephone": "", "evidence": "", "burden": "", "remark": mark,
    });
    serde_json::from_value(content).unwrap()
}

impl Clerk {
    /// Works on a thread of its own until the connection ends.
    pub fn work(
        data: PathBuf,
        user: &'static str,
        round: u64,
        ready: Sender<()>,
    ) -> JoinHandle<Done> {
        std::thread::spawn(move || {
            let done = Done {
                user,
                acknowledged: Vec::new(),
                typed: Vec::new(),
            };
            let (_forever, never) = channel::<()>();
            for _ in 0..500 {
                let Ok(end) = socket::connect(&data) else {
                    let _ = never.recv_timeout(Duration::from_millis(10));
                    continue;
                };
                let mut clerk = Self {
                    end,
                    tickets: 0,
                    done,
                };
                // It ends when the desk service does.
                let _ = clerk.day(round, &ready);
                return clerk.done;
            }
            done
        })
    }

    fn day(&mut self, round: u64, ready: &Sender<()>) -> Option<()> {
        self.say(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        })?;
        let user = self.done.user;
        let login = self.ask(|ticket| ToDesk::Login {
            ticket,
            user: user.to_owned(),
            password: Secret::new(password(user)),
            force: true,
        })?;
        assert!(matches!(login, ToFront::LoggedIn { .. }), "{login:?}");
        let _ = ready.send(());
        for number in 0.. {
            let mark = format!("{round}-{user}-{number}{WHOLE}");
            let mut text = format!("{round}-{user}-{number}-");
            for letter in "かいてほ".chars() {
                text.push(letter);
                self.typed(&text)?;
            }
            self.typed(&mark)?;
            let (id, revision) = self.save(&mark, None)?;
            // Its draft has ended with it.
            self.done.typed.push((Instant::now(), String::new()));
            if number % 3 == 0 {
                self.save(&format!("{mark}-訂正"), Some((id, revision)))?;
            }
        }
        None
    }

    fn typed(&mut self, text: &str) -> Option<()> {
        let content = content(text);
        self.say(ToDesk::Draft(Draft {
            pane: "note".to_owned(),
            fields: [
                (Field::Name, content.name),
                (Field::Kana, content.kana),
                (Field::BirthDate, "1954/03/26".to_owned()),
                (Field::Sex, "1".to_owned()),
                (Field::Address, content.address),
                (Field::CheckDate, slash_date(content.visit_date)),
                (Field::Remark, text.to_owned()),
            ]
            .into(),
            ..Draft::default()
        }))?;
        self.done.typed.push((Instant::now(), text.to_owned()));
        // As fast as a person types with both hands.
        let (_forever, never) = channel::<()>();
        let _ = never.recv_timeout(Duration::from_millis(3));
        Some(())
    }

    fn save(&mut self, mark: &str, replaces: Option<(NoteId, u32)>) -> Option<(NoteId, u32)> {
        let answer = self.ask(|ticket| ToDesk::SaveNote {
            ticket,
            content: Box::new(content(mark)),
            replaces,
            trial: false,
            card: None,
        })?;
        let ToFront::Noted { note, .. } = answer else {
            panic!("{answer:?}");
        };
        let kept = (note.id.clone(), note.revision);
        self.done
            .acknowledged
            .push((note.id, note.revision, mark.to_owned()));
        Some(kept)
    }

    fn say(&self, message: ToDesk) -> Option<()> {
        self.end.tx.send(message).ok()
    }

    fn ask(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> Option<ToFront> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.say(question(ticket))?;
        loop {
            match self.end.rx.recv_timeout(LIMIT) {
                Ok(message) if message.ticket() == Some(ticket) => return Some(message),
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("no answer"),
            }
        }
    }
}
