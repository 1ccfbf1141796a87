//! Working off a ledger after recovery, with everything real: the desk
//! service, its sealed store, the client, TLS on loopback and the stand-in,
//! which answers late by a set time.
//!
//! `cargo bench --profile quick --bench sync`: 1,000 notes; with `-- --notes
//! 10000` as many as are said, `--delay 20` milliseconds, `--at-once 8`. The
//! figures are kept in `benches/RESULTS.md`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark reads the clock, prints, and fails where it stands"
)]

use jiff::civil::{Date, date};
use madoguchi::card::job::NoHand;
use madoguchi::central::call::{Answer, Call, Central};
use madoguchi::central::webapi::{Connection, Timeouts, WebApi};
use madoguchi::clock::Clock;
use madoguchi::desk::event::Config;
use madoguchi::desk::shell::{Parts, Service};
use madoguchi::domain::insurance::{InsuranceNumbers, LookupQuery};
use madoguchi::domain::note::{Group, NoteContent};
use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{LedgerFilter, Status, SyncState, Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, channel};
use madoguchi::simulator::core::Core;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::people::{Person, generate};
use madoguchi::simulator::seam::{Engine, Setting};
use madoguchi::simulator::server::{Ready, serve};
use madoguchi::store::KeySource;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

const TODAY: Date = date(2026, 11, 20);
const PATIENCE: Duration = Duration::from_secs(600);

fn main() {
    let number = |name: &str, default: usize| {
        let mut args = std::env::args().skip_while(|arg| arg != name).skip(1);
        args.next().map_or(default, |n| n.parse().unwrap())
    };
    let (notes, at_once) = (number("--notes", 1000), number("--at-once", 8));
    let delay = Duration::from_millis(number("--delay", 20) as u64);

    let people: Vec<Person> = generate(notes * 2, 7);
    let cards: Vec<LookupQuery> = cards(&people).into_iter().take(notes).collect();
    assert_eq!(cards.len(), notes, "people with a card of their own");
    let office = Office::open(people, at_once);

    office.set(Setting::Delay(delay));
    let (one, floor) = office.floor(&cards, at_once);
    office.set(Setting::Delay(Duration::ZERO));

    let mut front = Front::login(&office.service, "003");
    let began = Instant::now();
    front.take(&cards);
    let taken = began.elapsed();
    office.set(Setting::Delay(delay));

    let stop = Arc::new(AtomicBool::new(false));
    let mut other = Front::login(&office.service, "002");
    let halt = Arc::clone(&stop);
    let watch = std::thread::spawn(move || other.browse(&halt));

    let began = Instant::now();
    front.say(ToDesk::Sync { run: true });
    let status = front.until(|status| {
        [Group::Open, Group::Asking, Group::Blocked]
            .iter()
            .all(|group| status.notes.get(group).copied().unwrap_or(0) == 0)
            && status.sync == SyncState::Idle
    });
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    let mut pages = watch.join().unwrap();
    pages.sort_unstable();

    let rounds = notes.div_ceil(at_once);
    let target = one.mul_f64(1.25 * rounds as f64);
    let share = took.as_secs_f64() / (one.as_secs_f64() * rounds as f64);
    let page = |share: f64| pages[((pages.len() - 1) as f64 * share) as usize];
    println!("notes {notes}, at once {at_once}, the stand-in answers late by {delay:?}");
    println!("taken (durable, 32 at once)   {taken:.2?}");
    println!("one question, alone           {one:.2?}");
    println!("bare client, {at_once} at once        {floor:.2?} (no desk, no store)");
    println!("sync                          {took:.2?} = {share:.2} x ceil(N/{at_once}) x one");
    println!(
        "must                          {target:.2?} (1.25 x): {}",
        if took <= target { "met" } else { "NOT MET" }
    );
    println!(
        "notes a second                {:.0}",
        notes as f64 / took.as_secs_f64()
    );
    println!(
        "ledger page during the sync   p50 {:.2?}  p99 {:.2?}  max {:.2?} ({} pages; must p99 50ms)",
        page(0.5),
        page(0.99),
        page(1.0),
        pages.len()
    );
    println!(
        "status messages               {} ({:.1} a second)",
        front.heard,
        front.heard as f64 / took.as_secs_f64()
    );
    println!("how the notes came out        {:?}", status.notes);
    assert!(office.service.stop());
}

/// The cards that lead to exactly one person who may be told of.
fn cards(people: &[Person]) -> Vec<LookupQuery> {
    let mut seen = BTreeSet::new();
    people
        .iter()
        .filter(|person| !person.withheld)
        .filter_map(|person| {
            let cover = person.covers.iter().rev().find(|cover| {
                cover.from.is_none_or(|from| from <= TODAY)
                    && cover.to.is_none_or(|to| TODAY <= to)
                    && cover.lost.is_none()
            })?;
            let insurance = InsuranceNumbers {
                insurer: cover.insurer.number.clone(),
                symbol: cover.symbol.clone(),
                number: cover.number.clone(),
                branch: cover.branch.clone(),
            };
            let key = (
                insurance.insurer.clone(),
                insurance.symbol.clone(),
                insurance.number.clone(),
            );
            let own =
                insurance.insurer.len() == 8 && !insurance.number.is_empty() && seen.insert(key);
            own.then_some(LookupQuery {
                insurance,
                birth_date: person.birth_date,
                limit_consent: false,
                check_date: TODAY,
            })
        })
        .collect()
}

struct Office {
    home: tempfile::TempDir,
    ready: Ready,
    settings: tokio::sync::mpsc::UnboundedSender<Setting>,
    service: Service,
}

impl Office {
    fn open(people: Vec<Person>, at_once: usize) -> Self {
        let base = std::env::var_os("MADOGUCHI_BENCH_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
        let home = tempfile::tempdir_in(base).unwrap();
        let clock = Clock::starting_at("2026-11-20T00:12:00Z".parse().unwrap());
        let core = Arc::new(Mutex::new(Core::new(Fixtures::built_in(), people, 7)));
        let (ready, settings) = stand_in(home.path(), core, clock);
        let central = WebApi::new(connection(&ready));
        let service = Service::start(Parts {
            config: Config {
                simulated: true,
                institution_code: "0110113719".to_owned(),
                sync_confirm: true,
                sync_at_once: at_once,
                idle: PATIENCE * 6,
                capabilities: central.capabilities(),
                ..Config::default()
            },
            central: Arc::new(central),
            store: home.path().join("store"),
            key: KeySource::Held([7; 32].into()),
            spill: Vec::new(),
            downloads: home.path().join("downloads"),
            clock,
            reader: Box::new(|_| Box::new(NoHand)),
            demo_outage: None,
            complain: None,
            listener: None,
        })
        .unwrap();
        Self {
            home,
            ready,
            settings,
            service,
        }
    }

    fn set(&self, setting: Setting) {
        assert!(self.home.path().exists());
        self.settings.send(setting).unwrap();
        // Taken over by the stand-in's own thread.
        std::thread::sleep(Duration::from_millis(100));
    }

    /// One question alone, and all of them without a desk.
    fn floor(&self, cards: &[LookupQuery], at_once: usize) -> (Duration, Duration) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = Arc::new(WebApi::new(connection(&self.ready)));
        runtime.block_on(async {
            let login = Call::Login {
                user: "001".to_owned(),
                password: Secret::new("Onshi*001*001".to_owned()),
                force: false,
            };
            let Ok(Answer::LoggedIn { token, .. }) = client.ask(login).await else {
                panic!("no login");
            };
            let lookup = |n: usize, query: &LookupQuery| Call::Lookup {
                token: token.clone(),
                id: format!("B{n}"),
                query: query.clone(),
            };
            let mut alone = Vec::new();
            for (n, query) in cards.iter().take(40).enumerate() {
                let began = Instant::now();
                client.ask(lookup(n, query)).await.unwrap();
                alone.push(began.elapsed());
            }
            alone.sort_unstable();
            let began = Instant::now();
            let places = Arc::new(tokio::sync::Semaphore::new(at_once));
            let asked: Vec<_> = cards
                .iter()
                .enumerate()
                .map(|(n, query)| {
                    let (client, places) = (Arc::clone(&client), Arc::clone(&places));
                    let call = lookup(n, query);
                    tokio::spawn(async move {
                        let _place = places.acquire().await.unwrap();
                        client.ask(call).await.unwrap();
                    })
                })
                .collect();
            for one in asked {
                one.await.unwrap();
            }
            (alone[alone.len() / 2], began.elapsed())
        })
    }
}

fn stand_in(
    home: &Path,
    core: Arc<Mutex<Core>>,
    clock: Clock,
) -> (Ready, tokio::sync::mpsc::UnboundedSender<Setting>) {
    let (settings, mut wished) = tokio::sync::mpsc::unbounded_channel();
    let (tell, told) = mpsc::channel();
    let folder = home.join("central");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let engine: Arc<Mutex<dyn Engine>> = core;
            let listen = "127.0.0.1:0".parse().unwrap();
            let running = serve(listen, &folder, engine, clock).await.unwrap();
            tell.send(running.ready().clone()).unwrap();
            while let Some(setting) = wished.recv().await {
                running.set(setting).await.unwrap();
            }
        });
    });
    (told.recv().unwrap(), settings)
}

fn connection(ready: &Ready) -> Connection {
    Connection {
        url: format!("https://localhost:{}", ready.address.port()),
        search_url: None,
        ca: ready.ca.clone(),
        certificate: ready.certificate.clone(),
        key: ready.key.clone(),
        institution_code: "0110113719".to_owned(),
        extensions: true,
        tls12: false,
        timeouts: Timeouts::default(),
    }
}

struct Front {
    end: FrontEnd,
    tickets: u64,
    status: Option<Status>,
    heard: usize,
}

impl Front {
    fn login(service: &Service, user: &str) -> Self {
        let (end, desk) = channel::pair();
        assert!(service.attach(desk));
        let mut front = Self {
            end,
            tickets: 0,
            status: None,
            heard: 0,
        };
        front.say(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        });
        front.until(|status| !status.store_opening);
        let answer = front.ask(|ticket| ToDesk::Login {
            ticket,
            user: user.to_owned(),
            password: Secret::new(format!("Onshi*{user}*{user}")),
            force: false,
        });
        assert!(matches!(answer, ToFront::LoggedIn { .. }), "{answer:?}");
        front
    }

    fn say(&self, message: ToDesk) {
        self.end.tx.send(message).unwrap();
    }

    fn hear(&mut self) -> ToFront {
        let message = self.end.rx.recv_timeout(PATIENCE).unwrap();
        if let ToFront::Status(status) = &message {
            self.status = Some((**status).clone());
            self.heard += 1;
        }
        message
    }

    fn until(&mut self, fits: impl Fn(&Status) -> bool) -> Status {
        loop {
            if let Some(status) = self.status.as_ref().filter(|status| fits(status)) {
                return status.clone();
            }
            self.hear();
        }
    }

    fn ask(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> ToFront {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.say(question(ticket));
        loop {
            let message = self.hear();
            if message.ticket() == Some(ticket) {
                return message;
            }
        }
    }

    /// Takes a note of each card, some on their way at once.
    fn take(&mut self, cards: &[LookupQuery]) {
        let (mut sent, mut noted) = (0, 0);
        while noted < cards.len() {
            while sent < cards.len() && sent - noted < 32 {
                self.tickets += 1;
                self.say(ToDesk::SaveNote {
                    ticket: Ticket(self.tickets),
                    content: Box::new(content(&cards[sent])),
                    replaces: None,
                    trial: false,
                    card: None,
                });
                sent += 1;
            }
            match self.hear() {
                ToFront::Noted { .. } => noted += 1,
                ToFront::Failed { failure, .. } => panic!("{failure}"),
                _ => {}
            }
        }
        self.heard = 0;
    }

    /// Turns over the ledger's pages; how long each took.
    fn browse(&mut self, halt: &AtomicBool) -> Vec<Duration> {
        let mut took = Vec::new();
        let mut offset = 0;
        while !halt.load(Ordering::Relaxed) {
            let began = Instant::now();
            let answer = self.ask(|ticket| ToDesk::Ledger {
                ticket,
                filter: LedgerFilter::default(),
                offset,
                limit: 20,
            });
            took.push(began.elapsed());
            let ToFront::Page { page, .. } = answer else {
                panic!("{answer:?}");
            };
            offset = if offset + 20 < page.total {
                offset + 20
            } else {
                0
            };
            std::thread::sleep(Duration::from_millis(20));
        }
        took
    }
}

fn content(query: &LookupQuery) -> NoteContent {
    NoteContent {
        name: String::new(),
        kana: "ケイソクタロウ".to_owned(),
        birth_date: query.birth_date,
        sex: None,
        address: String::new(),
        insurer_name: String::new(),
        visit_date: query.check_date,
        insurance: Some(query.insurance.clone()),
        limit_consent: false,
        reference: String::new(),
        telephone: String::new(),
        evidence: String::new(),
        evidence_code: String::new(),
        from_card: std::collections::BTreeSet::new(),
        card_mark: String::new(),
        declaration: None,
        burden: String::new(),
        remark: String::new(),
    }
}
