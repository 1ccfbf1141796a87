//! The same for cards: whose cards were read, and with which numbers, is found
//! nowhere outside the sealed store, and in no audit line. A desk service in
//! this process, its log as fine as it gets, over a reader with invented cards.

use super::{Sought, files};
use jiff::civil::Date;
use madoguchi::clock::Clock;
use madoguchi::desk::event::Config;
use madoguchi::desk::shell::{Parts, Service};
use madoguchi::desk::verifier::Cost;
use madoguchi::domain::card::{Face, Four, Key, Presence, Trouble};
use madoguchi::domain::draft::Draft;
use madoguchi::domain::failure::Failure;
use madoguchi::domain::field::Field;
use madoguchi::domain::note::NoteContent;
use madoguchi::domain::secret::Secret;
use madoguchi::link::message::{Status, Ticket, ToDesk, ToFront, VERSION};
use madoguchi::link::{FrontEnd, channel};
use madoguchi::simulator::card::Rack;
use madoguchi::simulator::card::hand;
use madoguchi::simulator::card::rack::Facts;
use madoguchi::simulator::core::Core;
use madoguchi::simulator::embedded::Embedded;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::seam::Engine;
use madoguchi::store::audit::line::Teller;
use madoguchi::store::audit::{examine, opener};
use madoguchi::store::keys::{self, KeySource};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(40);

/// Cards that are read in this story.
const CARDS: [&str; 3] = ["hanako", "ichinose", "menkyo"];

/// Keys that fit no card.
const WRONG_CODE: &str = "9317";
const WRONG_PIN: &str = "8264";

/// What of a card must not be found. Four digits alone could be chance: as a
/// word of its own they are looked for in what is text.
fn secrets(facts: &Facts) -> (Vec<String>, Vec<String>) {
    let name = facts.full_name.clone().unwrap();
    let birth = facts.birth.clone().unwrap();
    let dashed = Date::strptime("%Y%m%d", &birth).unwrap().to_string();
    let mut long: Vec<String> = name.split('　').map(str::to_owned).collect();
    long.extend([
        facts.address.clone().unwrap(),
        dashed,
        facts.face.clone(),
        serial(facts),
        facts.serial.clone(),
        facts.serial.to_lowercase(),
    ]);
    // Shorter ones are found in anything.
    long.retain(|text| text.len() >= 6);
    let short = vec![
        facts.code.clone(),
        facts.text.clone(),
        facts.authentication.clone(),
    ];
    (long, short)
}

/// As the card's certificate is numbered for people.
fn serial(facts: &Facts) -> String {
    u128::from_str_radix(&facts.serial, 16).unwrap().to_string()
}

struct Front {
    end: FrontEnd,
    tickets: u64,
    status: Option<Status>,
}

impl Front {
    fn attach(service: &Service) -> Self {
        let (end, desk) = channel::pair();
        assert!(service.attach(desk));
        let front = Self {
            end,
            tickets: 0,
            status: None,
        };
        front.say(ToDesk::Hello {
            version: VERSION,
            origin: String::new(),
        });
        front
    }

    fn say(&self, message: ToDesk) {
        self.end.tx.send(message).unwrap();
    }

    fn hear(&mut self) -> ToFront {
        let message = self.end.rx.recv_timeout(LIMIT).unwrap();
        if let ToFront::Status(status) = &message {
            self.status = Some((**status).clone());
        }
        message
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

    fn until(&mut self, fits: impl Fn(&Status) -> bool) {
        while !self.status.as_ref().is_some_and(&fits) {
            self.hear();
        }
    }

    fn read(&mut self, presence: Option<Presence>, key: Key) -> ToFront {
        self.ask(|ticket| ToDesk::ReadCard {
            ticket,
            presence,
            key,
            confirmed: None,
        })
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn face(facts: &Facts, code: &str) -> Key {
    Key::Face(Face {
        birth: Date::strptime("%Y%m%d", facts.birth.as_deref().unwrap()).unwrap(),
        expiry_year: facts.expiry.unwrap().year(),
        code: secret(code),
        western: false,
    })
}

fn start(home: &Path, clock: Clock) -> Service {
    let core = Core::new(Fixtures::built_in(), Vec::new(), 7);
    let facility = core.facility().clone();
    let engine: Arc<Mutex<dyn Engine>> = Arc::new(Mutex::new(core));
    Service::start(Parts {
        config: Config {
            desk: "受付1".to_owned(),
            facility: facility.name,
            institution_code: facility.code.clone(),
            simulated: true,
            demo: true,
            challenge: true,
            recognise: true,
            cost: Cost::CHEAP,
            ..Config::default()
        },
        central: Arc::new(Embedded::new(engine, clock, &facility.code)),
        store: home.join("data/store"),
        key: KeySource::File(home.join("store.key")),
        spill: Vec::new(),
        downloads: home.join("data/downloads"),
        clock,
        reader: Box::new(move |report| {
            Box::new(hand::start(report, Arc::new(move || clock.now()), Duration::ZERO).unwrap())
        }),
        demo_outage: None,
        complain: None,
        listener: None,
    })
    .unwrap()
}

/// Everything that can be done with a card.
fn handled(front: &mut Front, facts: &Facts) {
    front.say(ToDesk::DemoCard {
        card: Some(facts.name.clone()),
    });
    let seen = loop {
        match front.ask(|ticket| ToDesk::Card {
            ticket,
            serial: true,
        }) {
            ToFront::Card { seen, .. } if seen.serial == serial(facts) => break seen,
            // The one before, or none: not lying there yet.
            ToFront::Card { .. } => {}
            ToFront::Failed {
                failure: Failure::Card(Trouble::NoCard | Trouble::NoReader | Trouble::Lifted),
                ..
            } => {}
            other => panic!("{other:?}"),
        }
    };
    let (presence, four) = match front.read(None, face(facts, &facts.code)) {
        ToFront::CardRead { presence, four, .. } => (presence, four),
        other => panic!("{other:?}"),
    };
    assert_eq!(presence, seen.presence);
    assert_eq!(Some(&four.name.text), facts.full_name.as_ref());
    let right = front.read(Some(presence), Key::Pin(secret(&facts.text)));
    assert!(matches!(right, ToFront::CardRead { .. }), "{right:?}");
    for key in [face(facts, WRONG_CODE), Key::Pin(secret(WRONG_PIN))] {
        let wrong = front.read(Some(presence), key);
        let said = matches!(
            &wrong,
            ToFront::Failed {
                failure: Failure::Card(Trouble::WrongKey { .. }),
                ..
            }
        );
        assert!(said, "{wrong:?}");
    }
    let proved = front.ask(|ticket| ToDesk::ProveCard {
        ticket,
        presence: Some(presence),
        pin: secret(&facts.authentication),
        confirmed: None,
    });
    assert!(matches!(proved, ToFront::CardProved { .. }), "{proved:?}");
    let rows = front.ask(|ticket| ToDesk::CardNotes {
        ticket,
        presence: Some(presence),
        name: four.name.text.clone(),
        birth_date: four.birth.date,
    });
    assert!(matches!(rows, ToFront::Page { .. }), "{rows:?}");
    note(front, &four, presence);
    front.say(ToDesk::DemoCard { card: None });
}

/// What was read goes into a note and a half-typed form.
fn note(front: &mut Front, four: &Four, presence: Presence) {
    let from_card = BTreeSet::from([Field::Name, Field::BirthDate, Field::Address]);
    front.say(ToDesk::Draft(Draft {
        from_card: from_card.clone(),
        pane: "note".to_owned(),
        note: None,
        fields: [
            (Field::Name, four.name.text.clone()),
            (Field::Address, four.address.text.clone()),
        ]
        .into_iter()
        .collect(),
        focus: None,
        others: Vec::new(),
    }));
    let content = NoteContent {
        name: four.name.text.clone(),
        kana: "カード".to_owned(),
        birth_date: four.birth.date.unwrap(),
        sex: four.gender.sex,
        address: four.address.text.clone(),
        insurer_name: String::new(),
        visit_date: super::sample::today(),
        insurance: None,
        limit_consent: false,
        reference: String::new(),
        telephone: String::new(),
        evidence: String::new(),
        burden: String::new(),
        remark: String::new(),
        evidence_code: String::new(),
        from_card,
        card_mark: String::new(),
        declaration: None,
    };
    let noted = front.ask(|ticket| ToDesk::SaveNote {
        ticket,
        content: Box::new(content),
        replaces: None,
        trial: false,
        card: Some(presence),
    });
    assert!(matches!(noted, ToFront::Noted { .. }), "{noted:?}");
}

/// Whether these digits stand in a text by themselves.
fn alone(text: &str, digits: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .any(|word| word == digits)
}

fn audit_lines(home: &Path) -> Vec<String> {
    let store = home.join("data/store");
    let seal = keys::seal(&store, &KeySource::File(home.join("store.key"))).unwrap();
    let open = opener(&seal);
    let mut teller = Teller::default();
    let mut lines = Vec::new();
    examine(&store, &[], Some(&open), |header, content| {
        lines.push(format!("{:?}", teller.line(header, content)));
    })
    .unwrap();
    lines
}

#[test]
fn n9_nothing_of_a_card_and_no_key_of_it_outside_the_sealed_store() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    std::fs::create_dir_all(home.join("data/log")).unwrap();
    let log = File::create(home.join("data/log/desk.log")).unwrap();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(Mutex::new(log))
        .init();
    let clock = Clock::start();
    let service = start(home, clock);
    let mut front = Front::attach(&service);
    front.until(|status| !status.store_opening);
    let login = front.ask(|ticket| ToDesk::Login {
        ticket,
        user: "003".to_owned(),
        password: secret("Onshi*003*003"),
        force: false,
    });
    assert!(matches!(login, ToFront::LoggedIn { .. }), "{login:?}");
    let rack = Rack::built_in(clock.now().today());
    let all: Vec<Facts> = CARDS.iter().map(|name| rack.facts(name).unwrap()).collect();
    for facts in &all {
        handled(&mut front, facts);
    }
    assert!(service.stop());

    let (mut long, mut short) = (Vec::new(), Vec::new());
    for facts in &all {
        let (more_long, more_short) = secrets(facts);
        long.extend(more_long);
        short.extend(more_short);
    }
    short.extend([WRONG_CODE.to_owned(), WRONG_PIN.to_owned()]);
    let words: Vec<&str> = long.iter().map(String::as_str).collect();
    let sought = Sought::of(&words);
    let files = files(home);
    let log = home.join("data/log/desk.log");
    for needed in ["data/store/journal", "data/store/state/db", "data/log"] {
        let there = files.iter().any(|file| file.starts_with(home.join(needed)));
        assert!(there, "{needed} is not among what is searched");
    }
    for file in &files {
        let content = std::fs::read(file).unwrap();
        let hit = sought.find(&content);
        assert!(hit.is_none(), "{} in {}", hit.unwrap(), file.display());
    }
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("VERIFY"), "the log says nothing of cards");
    let lines = audit_lines(home);
    let used = lines.iter().filter(|line| line.contains("card")).count();
    assert!(used >= 15, "{used} audit lines of cards");
    for line in &lines {
        let hit = sought.find(line.as_bytes());
        assert!(hit.is_none(), "{} in an audit line", hit.unwrap());
    }
    for digits in &short {
        assert!(!alone(&log, digits), "{digits} in the log");
        assert!(
            !lines.iter().any(|line| alone(line, digits)),
            "{digits} in an audit line"
        );
    }
    // The same searches do find them.
    let name = all[0].full_name.clone().unwrap();
    assert!(sought.find(format!("…{name}…").as_bytes()).is_some());
    assert!(alone("pin=5678 ok", "5678") && !alone("at 0.5678", "5678"));
}
