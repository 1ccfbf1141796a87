//! The rig the scenarios run on: carries actions out in memory and keeps what
//! front ends were told and what was written.

use super::script::{Script, card_query};
use crate::central::call::{Answer, Call, Fault};
use crate::desk::event::{Action, CallId, Config, Event, WriteId};
use crate::desk::verifier::{self, Cost};
use crate::desk::{Desk, step};
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::note::{Note, NoteContent, NoteId};
use crate::domain::secret::Secret;
use crate::domain::staff::Credential;
use crate::domain::time::Now;
use crate::link::message::{FrontId, LedgerFilter, Status, Ticket, ToDesk, ToFront, VERSION};
use crate::store::record::{Loaded, Record, StoreError, What};
use crate::store::remark::{Loss, standing};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

pub const TODAY: Date = date(2026, 11, 20);
pub const BORN: Date = date(1954, 3, 26);
/// The store's own.
pub const CARD_KEY: &str = "00112233445566778899aabbccddeeff";
pub const ONE: FrontId = FrontId(1);
pub const TWO: FrontId = FrontId(2);

/// The desk under test and its surroundings.
pub struct Rig {
    pub desk: Desk,
    pub now: Now,
    pub script: Script,
    /// Questions without an answer yet.
    pub open: Vec<(CallId, Call)>,
    /// Writes without an answer yet, if `hold_writes`.
    pub waiting: Vec<(WriteId, Record)>,
    pub hold_writes: bool,
    pub store_error: Option<StoreError>,
    pub disk: Vec<Record>,
    pub told: BTreeMap<FrontId, Vec<ToFront>>,
    pub closed: Vec<FrontId>,
    pub kept: BTreeMap<String, Draft>,
    /// Whose drafts were dropped.
    pub dropped: Vec<String>,
    /// The demo's outage was switched.
    pub switched: bool,
    /// What was asked of the card.
    pub jobs: Vec<crate::card::job::Job>,
    /// The card put on the simulated reader last.
    #[expect(clippy::option_option, reason = "not put, taken away, put down")]
    pub put: Option<Option<String>>,
    pub files: Vec<String>,
    /// Passwords compared with a verifier, or with none.
    pub pondered: usize,
    /// What that came to waits for [`Rig::ponder`].
    pub hold_ponder: bool,
    pondering: Vec<Event>,
    /// What was printed.
    pub papers: Vec<String>,
    wake: Option<Duration>,
    queue: VecDeque<Event>,
    tickets: u64,
}

pub fn full() -> StoreError {
    StoreError::Full {
        dir: "desk".to_owned(),
    }
}

/// 09:00 in Japan on the day of the tests, and `seconds` more.
pub fn wall(seconds: i64) -> Timestamp {
    "2026-11-20T00:00:00Z"
        .parse::<Timestamp>()
        .unwrap()
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

impl Rig {
    /// With the store not open yet.
    pub fn unopened(config: Config) -> Self {
        Self {
            desk: Desk::new(config),
            now: Now {
                wall: wall(0),
                mono: Duration::from_secs(1),
            },
            script: Script::new(),
            open: Vec::new(),
            waiting: Vec::new(),
            hold_writes: false,
            store_error: None,
            disk: Vec::new(),
            told: BTreeMap::new(),
            closed: Vec::new(),
            kept: BTreeMap::new(),
            dropped: Vec::new(),
            switched: false,
            jobs: Vec::new(),
            put: None,
            files: Vec::new(),
            pondered: 0,
            hold_ponder: false,
            pondering: Vec::new(),
            papers: Vec::new(),
            wake: None,
            queue: VecDeque::new(),
            tickets: 0,
        }
    }

    /// With an empty store.
    pub fn with(config: Config) -> Self {
        let mut rig = Self::unopened(config);
        let card_key = Secret::new(CARD_KEY.to_owned());
        rig.event(Event::Opened(Ok(Loaded {
            card_key,
            ..Loaded::default()
        })));
        rig
    }

    pub fn new() -> Self {
        Self::with(config())
    }

    /// A front end with `user` logged in.
    pub fn staffed(user: &str) -> Self {
        let mut rig = Self::new();
        rig.attach(ONE);
        rig.login(ONE, user);
        rig
    }

    pub fn event(&mut self, event: Event) {
        self.queue.push_back(event);
        while let Some(event) = self.queue.pop_front() {
            for action in step(&mut self.desk, self.now, event) {
                self.act(action);
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Tell { front, message } => self.told.entry(front).or_default().push(message),
            Action::Close { front } => self.closed.push(front),
            Action::Ask { call, what } => match self.script.answer(&what) {
                Some(result) => self.queue.push_back(Event::Answered { call, result }),
                None => self.open.push((call, what)),
            },
            Action::Write { write, record } if self.hold_writes => {
                self.waiting.push((write, *record));
            }
            Action::Write { write, record } => self.commit(write, *record),
            Action::KeepDraft { user, draft } => {
                if let Some(draft) = draft {
                    self.kept.insert(user, draft);
                } else {
                    self.kept.remove(&user);
                    self.dropped.push(user);
                }
            }
            Action::SaveFile { write, name, .. } => {
                let result = Ok(format!("/downloads/{name}"));
                self.files.push(name);
                self.queue.push_back(Event::FileSaved { write, result });
            }
            Action::SavePaper {
                write, name, paper, ..
            } => {
                let result = Ok(format!("/downloads/{name}"));
                self.files.push(name);
                self.papers.push(paper.text());
                self.queue.push_back(Event::FileSaved { write, result });
            }
            Action::Verify {
                work,
                password,
                verifier,
                cost,
            } => {
                let fits = verifier::fits(&password, verifier.as_deref(), cost);
                self.pondered += 1;
                let event = Event::Verified { work, fits };
                if self.hold_ponder {
                    self.pondering.push(event);
                } else {
                    self.queue.push_back(event);
                }
            }
            Action::Hash {
                work,
                password,
                cost,
            } => {
                let verifier = verifier::make(&password, cost);
                self.queue.push_back(Event::Hashed { work, verifier });
            }
            Action::Card(job) => self.jobs.push(job),
            Action::DemoCard { card } => self.put = Some(card),
            Action::DemoOutage { on } => {
                self.script.down = on;
                self.switched = true;
            }
            Action::WakeAt(at) => self.wake = at,
        }
    }

    fn commit(&mut self, write: WriteId, record: Record) {
        let result = self.store_error.clone().map_or(Ok(()), Err);
        if result.is_ok() {
            self.disk.push(record);
        }
        self.queue.push_back(Event::Written { write, result });
    }

    /// Carries out the writes that were held.
    pub fn flush(&mut self) {
        for (write, record) in std::mem::take(&mut self.waiting) {
            self.commit(write, record);
        }
        while let Some(event) = self.queue.pop_front() {
            self.event(event);
        }
    }

    /// Hands over what was held.
    pub fn ponder(&mut self) {
        for event in std::mem::take(&mut self.pondering) {
            self.event(event);
        }
    }

    /// Lets time pass, waking the desk when it asked to be.
    pub fn sleep(&mut self, time: Duration) {
        let end = self.now.mono + time;
        while let Some(at) = self.wake.filter(|at| *at <= end) {
            self.pass(at.saturating_sub(self.now.mono));
            self.wake = None;
            self.event(Event::Woke);
        }
        self.pass(end.saturating_sub(self.now.mono));
    }

    /// Answers everything that is open in the same way.
    pub fn answer_open(&mut self, result: &Result<Answer, Fault>) {
        for (call, _) in std::mem::take(&mut self.open) {
            let result = result.clone();
            self.event(Event::Answered { call, result });
        }
    }

    pub fn seconds(&mut self, seconds: u64) {
        self.sleep(Duration::from_secs(seconds));
    }

    fn pass(&mut self, time: Duration) {
        self.now.mono += time;
        self.now.wall = self
            .now
            .wall
            .checked_add(SignedDuration::try_from(time).unwrap())
            .unwrap();
    }

    pub fn attach(&mut self, front: FrontId) {
        self.event(Event::Attached { front });
        self.say(
            front,
            ToDesk::Hello {
                version: VERSION,
                origin: String::new(),
            },
        );
    }

    pub fn say(&mut self, front: FrontId, message: ToDesk) {
        self.event(Event::Said { front, message });
    }

    pub fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    pub fn try_login(&mut self, front: FrontId, user: &str, password: &str, force: bool) {
        let ticket = self.ticket();
        self.say(
            front,
            ToDesk::Login {
                ticket,
                user: user.to_owned(),
                password: Secret::new(password.to_owned()),
                force,
            },
        );
    }

    pub fn login(&mut self, front: FrontId, user: &str) {
        self.try_login(front, user, "right", false);
        let last = self.last(front, |m| {
            matches!(m, ToFront::LoggedIn { .. } | ToFront::Failed { .. })
        });
        assert!(
            matches!(last, Some(ToFront::LoggedIn { .. })),
            "not logged in: {last:?}"
        );
    }

    /// The last message of a kind.
    pub fn last(&self, front: FrontId, kind: impl Fn(&ToFront) -> bool) -> Option<&ToFront> {
        self.told.get(&front)?.iter().rev().find(|m| kind(m))
    }

    /// The last message that is an answer to a ticket, or a log-off.
    pub fn answer(&self, front: FrontId) -> &ToFront {
        self.last(front, |m| {
            !matches!(
                m,
                ToFront::Status(_)
                    | ToFront::LedgerChanged
                    | ToFront::OpeningChanged
                    | ToFront::Able(_)
                    | ToFront::IdleWarning { .. }
            )
        })
        .unwrap()
    }

    /// Why the last question failed.
    pub fn failure(&self, front: FrontId) -> Failure {
        match self.answer(front) {
            ToFront::Failed { failure, .. } => failure.clone(),
            other => panic!("no failure: {other:?}"),
        }
    }

    pub fn status(&self, front: FrontId) -> &Status {
        match self.last(front, |m| matches!(m, ToFront::Status(_))) {
            Some(ToFront::Status(status)) => status,
            _ => panic!("no status"),
        }
    }

    pub fn forget(&mut self) {
        self.told.clear();
        self.script.asked.clear();
    }

    pub fn lookup(&mut self, front: FrontId, number: &str) {
        let ticket = self.ticket();
        let query = card_query(number);
        self.say(front, ToDesk::Lookup { ticket, query });
    }

    pub fn save(&mut self, front: FrontId, content: NoteContent) {
        let ticket = self.ticket();
        self.say(
            front,
            ToDesk::SaveNote {
                ticket,
                content: Box::new(content),
                replaces: None,
                trial: false,
                card: None,
            },
        );
    }

    /// Takes a note that must succeed.
    pub fn noted(&mut self, front: FrontId, content: NoteContent) -> Note {
        self.save(front, content);
        match self.answer(front) {
            ToFront::Noted { note, .. } => (**note).clone(),
            other => panic!("not noted: {other:?}"),
        }
    }

    /// A note as front ends see it.
    pub fn note(&mut self, id: &NoteId) -> Note {
        let note = self.desk.book.note(id).unwrap();
        let book = &self.desk.book;
        book.get(id).unwrap().view(&note, &book.blocked(id))
    }

    pub fn page(&mut self, front: FrontId, filter: LedgerFilter, offset: usize) -> ToFront {
        let ticket = self.ticket();
        self.say(
            front,
            ToDesk::Ledger {
                ticket,
                filter,
                offset,
                limit: 10,
            },
        );
        self.answer(front).clone()
    }

    /// The outage is noticed: a look-up fails, then the probe.
    pub fn outage(&mut self, front: FrontId) {
        self.script.down = true;
        self.lookup(front, "1");
        assert!(self.status(front).line.down(), "{:?}", self.status(front));
    }

    /// The system is back, and the watch has noticed.
    pub fn recovery(&mut self) {
        self.script.down = false;
        self.seconds(40);
    }

    /// What was written, newest last, without notes.
    pub fn audit(&self) -> Vec<&What> {
        self.disk
            .iter()
            .map(|record| &record.what)
            .filter(|what| !matches!(what, What::Note(_) | What::Staff(_)))
            .collect()
    }

    /// The disk as a restarted desk finds it.
    pub fn restart(&mut self) {
        let mut notes: BTreeMap<NoteId, Note> = BTreeMap::new();
        let mut staff: BTreeMap<String, Credential> = BTreeMap::new();
        let mut opening = None;
        let mut outage = None;
        let mut losses: Vec<Loss> = Vec::new();
        for record in &self.disk {
            if let What::Note(note) = &record.what {
                notes.insert(note.id.clone(), (**note).clone());
            }
            if let What::Opening(kept) = &record.what {
                opening = Some((**kept).clone());
            }
            if let What::Loss(loss) = &record.what {
                losses.push((**loss).clone());
            }
            if let What::Line { since, .. } = &record.what {
                outage = *since;
            }
            if let What::Staff(kept) = &record.what {
                staff.insert(kept.user.clone(), (**kept).clone());
            }
        }
        let notes: Vec<Note> = notes.into_values().collect();
        let loaded = Loaded {
            staff: staff.into_values().collect(),
            opening,
            losses: standing(&losses),
            outage,
            card_key: Secret::new(CARD_KEY.to_owned()),
            drafts: self.kept.clone().into_iter().collect(),
            ..Loaded::of(&notes)
        };
        self.desk = Desk::new(self.desk.config.clone());
        self.open.clear();
        self.waiting.clear();
        self.told.clear();
        self.wake = None;
        self.event(Event::Opened(Ok(loaded)));
    }
}

pub fn config() -> Config {
    Config {
        facility: "サンプル医療機関".to_owned(),
        institution_code: "0110113719".to_owned(),
        simulated: true,
        cost: Cost::CHEAP,
        seed: 7,
        ..Config::default()
    }
}
