//! A desk service in this process on a real store, connected by the real
//! client over TLS to the real stand-in; driven over the link as a front end
//! would, with a front end's screen beside it.

use jiff::civil::{Date, date};
use madoguchi::card::job::{NoHand, Report};
use madoguchi::central::webapi::{Connection, Timeouts, WebApi};
use madoguchi::clock::Clock;
use madoguchi::desk::event::Config;
use madoguchi::desk::shell::{Parts, Service};
use madoguchi::domain::entitlement::Eligibility;
use madoguchi::domain::failure::Failure;
use madoguchi::domain::insurance::{InsuranceNumbers, LookupQuery};
use madoguchi::domain::note::{Note, NoteId};
use madoguchi::domain::reader::ReaderState;
use madoguchi::domain::secret::Secret;
use madoguchi::front::app::{App, AppOptions, Msg, draw, update};
use madoguchi::front::canvas::Theme;
use madoguchi::front::keys::Keymap;
use madoguchi::link::message::{Status, Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, channel};
use madoguchi::simulator::core::Core;
use madoguchi::simulator::core::setting::parse_pair;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::seam::Engine;
use madoguchi::simulator::server::{Running, serve};
use madoguchi::store::audit::{Content, examine, opener};
use madoguchi::store::record::What;
use madoguchi::store::{KeySource, keys};
use madoguchi::text::glyphs::Ambiguous;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// No condition takes longer than this, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(50);

pub const MORNING: &str = "2026-11-20T00:12:00Z";

pub struct Stage {
    pub runtime: tokio::runtime::Runtime,
    pub running: Running,
    pub core: Arc<Mutex<Core>>,
    pub dir: tempfile::TempDir,
    pub clock: Clock,
}

pub struct Desk {
    pub stage: Stage,
    service: Option<Service>,
    front: FrontEnd,
    tickets: u64,
    pub status: Option<Status>,
    app: App,
    opened: Duration,
}

fn held() -> KeySource {
    KeySource::Held([5; 32].into())
}

impl Stage {
    pub fn at(moment: &str) -> Self {
        Self::with(Clock::starting_at(moment.parse().unwrap()))
    }

    pub fn with(clock: Clock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let core = Arc::new(Mutex::new(Core::new(Fixtures::built_in(), Vec::new(), 7)));
        let engine: Arc<Mutex<dyn Engine>> = core.clone();
        let state = dir.path().join("central");
        let listen = "127.0.0.1:0".parse().unwrap();
        let running = runtime
            .block_on(serve(listen, &state, engine, clock))
            .unwrap();
        Self {
            runtime,
            running,
            core,
            dir,
            clock,
        }
    }

    pub fn connection(&self) -> Connection {
        let ready = self.running.ready();
        Connection {
            url: format!("https://localhost:{}", ready.address.port()),
            search_url: None,
            ca: ready.ca.clone(),
            certificate: ready.certificate.clone(),
            key: ready.key.clone(),
            institution_code: "0110113719".to_owned(),
            extensions: true,
            tls12: false,
            timeouts: Timeouts {
                connect: Duration::from_secs(2),
                silence: Duration::from_millis(900),
                whole: Duration::from_millis(1800),
            },
        }
    }

    pub fn desk(self) -> Desk {
        let connection = self.connection();
        self.desk_to(connection)
    }

    pub fn desk_to(self, connection: Connection) -> Desk {
        let service = Service::start(Parts {
            config: Config {
                institution_code: connection.institution_code.clone(),
                simulated: true,
                probe_every: Duration::from_millis(150),
                probe_jitter: Duration::from_millis(20),
                confirm_every: Duration::from_millis(20),
                slow_after: Duration::from_millis(300),
                sync_per_second: 1000,
                ..Config::default()
            },
            central: Arc::new(WebApi::new(connection)),
            store: self.dir.path().join("store"),
            key: held(),
            spill: Vec::new(),
            downloads: self.dir.path().join("downloads"),
            clock: self.clock,
            reader: Box::new(|report| {
                report(Report::State(ReaderState::NoService));
                Box::new(NoHand)
            }),
            demo_outage: None,
            complain: None,
            listener: None,
        })
        .unwrap();
        let (front, end) = channel::pair();
        assert!(service.attach(end));
        let opened = self.clock.now().mono;
        let mut desk = Desk {
            stage: self,
            service: Some(service),
            front,
            tickets: 0,
            status: None,
            app: App::new(AppOptions {
                keymap: Keymap::default(),
                theme: Theme::MONOCHROME,
                ambiguous: Ambiguous::Narrow,
                ascii: false,
                plain: false,
                asks: false,
                news: None,
            }),
            opened,
        };
        desk.say(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        });
        desk.until("the store is open", |status| !status.store_opening);
        desk
    }
}

impl Desk {
    /// `key=value`, as `simulator set`; back when it has taken effect.
    pub fn set(&self, pairs: &[&str]) {
        for pair in pairs {
            let setting = parse_pair(pair).unwrap();
            let set = self.stage.running.set(setting);
            self.stage.runtime.block_on(set).unwrap();
        }
    }

    pub fn say(&self, message: ToDesk) {
        self.front.tx.send(message).unwrap();
    }

    fn hear(&mut self, what: &str) -> ToFront {
        let spent = self.stage.clock.now().mono.saturating_sub(self.opened);
        let left = LIMIT.saturating_sub(spent);
        let Ok(message) = self.front.rx.recv_timeout(left) else {
            panic!("waited in vain until {what}; {:?}", self.status);
        };
        if let ToFront::Status(status) = &message {
            self.status = Some((**status).clone());
        }
        let now = self.stage.clock.now();
        update(&mut self.app, now, Msg::Desk(Box::new(message.clone())));
        message
    }

    /// Waits until the state fits.
    pub fn until(&mut self, what: &str, fits: impl Fn(&Status) -> bool) -> Status {
        loop {
            if let Some(status) = self.status.as_ref().filter(|status| fits(status)) {
                return status.clone();
            }
            self.hear(what);
        }
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> Result<ToFront, Failure> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let message = question(ticket);
        let what = format!("{ticket:?} is answered");
        self.say(message);
        loop {
            match self.hear(&what) {
                ToFront::Failed { ticket: t, failure } if t == ticket => return Err(failure),
                other if other.ticket() == Some(ticket) => return Ok(other),
                _ => {}
            }
        }
    }

    pub fn login(&mut self, user: &str) -> Result<(), Failure> {
        let password = Secret::new(format!("Onshi*{user}*{user}"));
        let user = user.to_owned();
        self.ask(|ticket| ToDesk::Login {
            ticket,
            user,
            password,
            force: true,
        })
        .map(drop)
    }

    pub fn lookup(&mut self) -> Result<Eligibility, Failure> {
        self.lookup_of(card())
    }

    pub fn lookup_of(&mut self, query: LookupQuery) -> Result<Eligibility, Failure> {
        match self.ask(|ticket| ToDesk::Lookup { ticket, query })? {
            ToFront::LookedUp { answer, .. } => Ok(*answer),
            other => panic!("{other:?}"),
        }
    }

    /// Notes the person of [`card`].
    pub fn save(&mut self, visit: Date) -> Note {
        let content = serde_json::json!({
            "name": "", "kana": "", "birth_date": "1980-02-29", "sex": null, "address": "",
            "insurer_name": "", "visit_date": visit.to_string(),
            "insurance": {
                "insurer": "01139906", "symbol": "21700023", "number": "1234", "branch": "00"
            },
            "limit_consent": false, "reference": "", "telephone": "", "evidence": "",
            "burden": "", "remark": "",
        });
        let content = Box::new(serde_json::from_value(content).unwrap());
        self.noted(|ticket| ToDesk::SaveNote {
            ticket,
            content,
            replaces: None,
            trial: false,
            card: None,
        })
    }

    pub fn note(&mut self, id: &NoteId) -> Note {
        let id = id.clone();
        self.noted(|ticket| ToDesk::OpenNote { ticket, id })
    }

    fn noted(&mut self, question: impl FnOnce(Ticket) -> ToDesk) -> Note {
        match self.ask(question) {
            Ok(ToFront::Noted { note, .. }) => *note,
            other => panic!("{other:?}"),
        }
    }

    /// How many requests of a kind have reached the stand-in.
    pub fn reached(&self, kind: &str) -> usize {
        let core = self.stage.core.lock().unwrap();
        core.asked().filter(|asked| asked.kind == kind).count()
    }

    /// The state line as a person sees it, without its blanks.
    pub fn state_line(&self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
        draw(&self.app, self.stage.clock.now(), &mut buffer);
        let row: String = (0..80)
            .map(|x| buffer[(x, 1)].symbol().to_owned())
            .collect();
        row.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Ends the service, and counts in the journal how often each note was
    /// resolved.
    pub fn resolutions(&mut self) -> BTreeMap<NoteId, usize> {
        assert!(self.service.take().unwrap().stop());
        let dir = self.stage.dir.path().join("store");
        let seal = keys::seal(&dir, &held()).unwrap();
        let mut resolved: BTreeMap<NoteId, (usize, bool)> = BTreeMap::new();
        let open = opener(&seal);
        let report = examine(&dir, &[], Some(&open), |_, content| {
            if let Content::Is(record) = content
                && let What::Note(note) = record.what
            {
                let closed = note.state.closed();
                let entry = resolved.entry(note.id).or_default();
                entry.0 += usize::from(closed && !entry.1);
                entry.1 = closed;
            }
        })
        .unwrap();
        assert!(report.wrong.is_empty(), "{report:?}");
        resolved.into_iter().map(|(id, (n, _))| (id, n)).collect()
    }
}

impl Desk {
    /// Ends the service, and with it every connection.
    pub fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop();
    }
}

/// 一ノ瀬, who has a valid card.
pub fn card() -> LookupQuery {
    card_of(["01139906", "21700023", "1234", "00"], date(1980, 2, 29))
}

pub fn card_of(numbers: [&str; 4], birth_date: Date) -> LookupQuery {
    let [insurer, symbol, number, branch] = numbers.map(str::to_owned);
    LookupQuery {
        insurance: InsuranceNumbers {
            insurer,
            symbol,
            number,
            branch,
        },
        birth_date,
        limit_consent: false,
        check_date: date(2026, 11, 20),
    }
}
