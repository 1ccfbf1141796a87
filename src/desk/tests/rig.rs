//! The rig the scenarios run on: carries actions out in memory and keeps what
//! front ends were told and what was written.

use crate::central::call::{Answer, Call, Fault, Token};
use crate::desk::event::{Action, CallId, Config, Event, WriteId};
use crate::desk::{Desk, step};
use crate::domain::account::{AccountKind, Staff};
use crate::domain::draft::Draft;
use crate::domain::entitlement::{Candidate, Eligibility, Entitlement, Found, GivenDate, Validity};
use crate::domain::failure::Unreachable;
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::note::{Note, NoteContent, NoteId};
use crate::domain::notice::Notice;
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::secret::Secret;
use crate::domain::time::{Now, Period};
use crate::link::message::{FrontId, LedgerFilter, Status, Ticket, ToDesk, ToFront, VERSION};
use crate::store::record::{Loaded, Record, StoreError, What};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

pub const TODAY: Date = date(2026, 11, 20);
pub const BORN: Date = date(1954, 3, 26);
pub const ONE: FrontId = FrontId(1);
pub const TWO: FrontId = FrontId(2);

/// The scripted central system.
pub struct Script {
    pub down: bool,
    /// Takes questions and never answers.
    pub hole: bool,
    /// Answers everything but questions about people.
    pub deaf: bool,
    pub period: Option<Period>,
    /// What every look-up comes to; by number.
    pub cards: BTreeMap<String, Validity>,
    /// What a search comes to; by kana.
    pub people: BTreeMap<String, Found>,
    /// Overrides any answer to a look-up, search or choice.
    pub fault: Option<Fault>,
    tokens: BTreeMap<String, String>,
    given: u32,
    /// Everything asked, by name.
    pub asked: Vec<(&'static str, String)>,
}

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
    pub files: Vec<String>,
    wake: Option<Duration>,
    queue: VecDeque<Event>,
    tickets: u64,
}

pub fn full() -> StoreError {
    StoreError::Full {
        dir: "desk".to_owned(),
    }
}

pub fn eligible(validity: Validity, check_date: Date, birth_date: Date) -> Eligibility {
    let entitlements = if matches!(validity, Validity::NotFound | Validity::Several) {
        Vec::new()
    } else {
        vec![Entitlement {
            name: "新橋　太郎".to_owned(),
            birth_date: GivenDate::Day(birth_date),
            ..Entitlement::default()
        }]
    };
    Eligibility {
        validity,
        entitlements,
        check_date,
        executed: "20261120100000".to_owned(),
        remark: None,
    }
}

pub fn candidates(n: usize) -> Vec<Candidate> {
    (1..=n)
        .map(|n| Candidate {
            key: format!("key-{n}"),
            name: "新橋　太郎".to_owned(),
            kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
            birth_date: GivenDate::Day(BORN),
            sex: Some(Sex::Male),
            address: "東京都港区".to_owned(),
            insurer_name: String::new(),
        })
        .collect()
}

impl Script {
    fn new() -> Self {
        Self {
            down: false,
            hole: false,
            deaf: false,
            period: Some(Period {
                from: TODAY,
                to: TODAY.saturating_add(jiff::Span::new().days(5)),
            }),
            cards: BTreeMap::new(),
            people: BTreeMap::new(),
            fault: None,
            tokens: BTreeMap::new(),
            given: 0,
            asked: Vec::new(),
        }
    }

    /// Every login ends.
    pub fn expire(&mut self) {
        self.tokens.clear();
    }

    pub fn count(&self, kind: &str) -> usize {
        self.asked.iter().filter(|(name, _)| *name == kind).count()
    }

    fn user(&self, token: &Token) -> Result<String, Fault> {
        self.tokens
            .iter()
            .find(|(_, given)| *given == token.reveal())
            .map(|(user, _)| user.clone())
            .ok_or(Fault::Unauthorized)
    }

    fn answer(&mut self, call: &Call) -> Option<Result<Answer, Fault>> {
        let (name, detail) = match call {
            Call::Login { user, .. } => ("login", user.clone()),
            Call::Logout { .. } => ("logout", String::new()),
            Call::Lookup { query, .. } => ("lookup", query.insurance.number.clone()),
            Call::Search { query, .. } => ("search", query.kana.clone()),
            Call::Choose { key, .. } => ("choose", key.clone()),
            Call::Register { reference, .. } => ("register", reference.clone()),
            Call::Notices { .. } => ("notices", String::new()),
            Call::Probe => ("probe", String::new()),
        };
        self.asked.push((name, detail));
        let about_people = matches!(call, Call::Lookup { .. } | Call::Search { .. });
        if self.hole || (self.deaf && about_people) {
            return None;
        }
        if self.down {
            return Some(Err(Fault::Unreachable(Unreachable::Refused)));
        }
        Some(self.reply(call))
    }

    fn reply(&mut self, call: &Call) -> Result<Answer, Fault> {
        match call {
            Call::Login {
                user,
                password,
                force,
            } => self.login(user, password, *force),
            Call::Logout { token } => {
                let user = self.user(token)?;
                self.tokens.remove(&user);
                Ok(Answer::LoggedOut)
            }
            Call::Lookup { token, query, .. } => {
                self.user(token)?;
                self.faulty()?;
                let validity = self.cards.get(&query.insurance.number);
                let validity = validity.cloned().unwrap_or(Validity::NotFound);
                let answer = eligible(validity, query.check_date, query.birth_date);
                Ok(Answer::Checked(Box::new(answer)))
            }
            Call::Search { token, query, .. } => {
                self.user(token)?;
                self.faulty()?;
                Ok(Answer::Found(
                    self.people.get(&query.kana).cloned().unwrap_or(Found::None),
                ))
            }
            Call::Choose {
                token, check_date, ..
            } => {
                self.user(token)?;
                self.faulty()?;
                let answer = eligible(Validity::Valid, *check_date, BORN);
                Ok(Answer::Checked(Box::new(answer)))
            }
            Call::Register { token, .. } => {
                self.user(token)?;
                Ok(Answer::Registered)
            }
            Call::Notices { token } => {
                self.user(token)?;
                Ok(Answer::Notices {
                    notices: self.period.map(opening).into_iter().collect(),
                    period: self.period,
                })
            }
            Call::Probe => Ok(Answer::Alive { simulated: true }),
        }
    }

    fn faulty(&self) -> Result<(), Fault> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn login(&mut self, user: &str, password: &Secret, force: bool) -> Result<Answer, Fault> {
        if password.reveal() != "right" {
            return Err(Fault::WrongPassword);
        }
        let kind = match user {
            "000" => AccountKind::Master,
            "001" => AccountKind::Administrator,
            "002" | "012" => AccountKind::General,
            "003" | "013" => AccountKind::MedicalViewer,
            "004" => AccountKind::WebApi,
            "locked" => return Err(Fault::Locked),
            "inactive" => return Err(Fault::Inactive),
            _ => return Err(Fault::WrongPassword),
        };
        if self.tokens.contains_key(user) && !force {
            return Err(Fault::AlreadyLoggedIn);
        }
        self.given += 1;
        let token = format!("token-{user}-{}", self.given);
        self.tokens.insert(user.to_owned(), token.clone());
        Ok(Answer::LoggedIn {
            token: Secret::new(token),
            staff: Staff {
                user: user.to_owned(),
                name: format!("職員{user}"),
                kind,
            },
        })
    }
}

fn opening(period: Period) -> Notice {
    Notice {
        id: "N1".to_owned(),
        at: wall(0),
        title: "緊急時医療情報・資格確認機能を開放しました".to_owned(),
        body: String::new(),
        opens: Some(period),
    }
}

/// 09:00 in Japan on the day of the tests, and `seconds` more.
fn wall(seconds: i64) -> Timestamp {
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
            files: Vec::new(),
            wake: None,
            queue: VecDeque::new(),
            tickets: 0,
        }
    }

    /// With an empty store.
    pub fn with(config: Config) -> Self {
        let mut rig = Self::unopened(config);
        rig.event(Event::Opened(Ok(Loaded::default())));
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
            Action::KeepDraft { user, draft } => match draft {
                Some(draft) => {
                    self.kept.insert(user, draft);
                }
                None => {
                    self.kept.remove(&user);
                }
            },
            Action::SaveFile { write, name, .. } => {
                let result = Ok(format!("/downloads/{name}"));
                self.files.push(name);
                self.queue.push_back(Event::FileSaved { write, result });
            }
            Action::DemoOutage { on } => self.script.down = on,
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
        self.say(front, ToDesk::Hello { version: VERSION });
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
                ToFront::Status(_) | ToFront::LedgerChanged | ToFront::IdleWarning { .. }
            )
        })
        .unwrap()
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
        self.desk.book.get(id).unwrap().view()
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
            .filter(|what| !matches!(what, What::Note(_)))
            .collect()
    }

    /// The disk as a restarted desk finds it.
    pub fn restart(&mut self) {
        let mut notes: BTreeMap<NoteId, Note> = BTreeMap::new();
        for record in &self.disk {
            if let What::Note(note) = &record.what {
                notes.insert(note.id.clone(), (**note).clone());
            }
        }
        let loaded = Loaded {
            notes: notes.into_values().collect(),
            drafts: self.kept.clone().into_iter().collect(),
            remarks: Vec::new(),
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
        seed: 7,
        ..Config::default()
    }
}

pub fn card_query(number: &str) -> LookupQuery {
    LookupQuery {
        insurance: numbers(number),
        birth_date: BORN,
        limit_consent: false,
        check_date: TODAY,
    }
}

pub fn numbers(number: &str) -> InsuranceNumbers {
    InsuranceNumbers {
        insurer: "06139000".to_owned(),
        symbol: "9000".to_owned(),
        number: number.to_owned(),
        branch: String::new(),
    }
}

/// A note with 4情報 only.
pub fn four(kana: &str) -> NoteContent {
    NoteContent {
        name: String::new(),
        kana: kana.to_owned(),
        birth_date: BORN,
        sex: Some(Sex::Male),
        address: "東京都".to_owned(),
        insurer_name: String::new(),
        visit_date: TODAY,
        insurance: None,
        limit_consent: false,
        reference: String::new(),
        telephone: String::new(),
        evidence: String::new(),
        burden: String::new(),
        remark: String::new(),
    }
}

/// A note with insurance numbers only.
pub fn card(number: &str) -> NoteContent {
    NoteContent {
        sex: None,
        address: String::new(),
        insurance: Some(numbers(number)),
        ..four("シンバシタロウ")
    }
}

pub fn one_hit(validity: Validity) -> Found {
    Found::One(Box::new(eligible(validity, TODAY, BORN)))
}

pub fn four_query(kana: &str) -> OutageQuery {
    four(kana).four_query().unwrap()
}
