//! What stands in for the desk service: sends jobs and hears reports.

use super::service::{LIMIT, Service};
use jiff::civil::Date;
use madoguchi::card::job::{Hand, Job, JobId, Outcome, Report};
use madoguchi::card::{self};
use madoguchi::clock::Clock;
use madoguchi::domain::card::{Face, Four, Glance, Key, Presence, Seen, Trouble};
use madoguchi::domain::reader::ReaderState;
use madoguchi::domain::secret::Secret;
use madoguchi::simulator::card::rack::Facts;
use madoguchi::simulator::card::vpcd::{Attached, attach};
use madoguchi::simulator::card::{Machine, Rack};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Everybody's cards.
pub fn rack() -> &'static Rack {
    static RACK: OnceLock<Rack> = OnceLock::new();
    RACK.get_or_init(|| Rack::built_in(Clock::start().now().today()))
}

pub fn card(name: &str) -> Machine {
    rack().named(name).unwrap()
}

pub fn facts(name: &str) -> Facts {
    rack().facts(name).unwrap()
}

/// Puts a card on the reader.
pub fn put(service: &Service<'_>, machine: Machine) -> Attached {
    attach(service.slot(), machine).unwrap()
}

/// A card that a [`Desk`] sees to: one that comes within the service's poll
/// after another, or that the virtual reader lets go of, may be taken for gone
/// for good. It is put there again, as a person would.
#[derive(Clone)]
pub struct Lying {
    slot: SocketAddr,
    card: Rc<RefCell<Option<Attached>>>,
}

impl Lying {
    /// The card as it is now.
    pub fn machine(&self) -> Machine {
        self.card.borrow().as_ref().unwrap().machine().clone()
    }

    /// Whether the slot has let go of it.
    pub fn ended(&self) -> bool {
        self.card.borrow().as_ref().is_none_or(Attached::ended)
    }

    /// Takes it away.
    pub fn pull(&self) -> Machine {
        self.card.borrow_mut().take().unwrap().pull()
    }

    fn again(&self) {
        let mut card = self.card.borrow_mut();
        if let Some(there) = card.take() {
            *card = Some(attach(self.slot, there.pull()).unwrap());
        }
    }
}

pub fn birth(facts: &Facts) -> Date {
    Date::strptime("%Y%m%d", facts.birth.as_deref().unwrap()).unwrap()
}

/// The three numbers on the card's face.
pub fn face(name: &str) -> Key {
    let facts = facts(name);
    Key::Face(Face {
        birth: birth(&facts),
        expiry_year: facts.expiry.unwrap().year(),
        western: false,
        code: Secret::new(facts.code),
    })
}

pub fn pin(digits: &str) -> Key {
    Key::Pin(Secret::new(digits.to_owned()))
}

/// Whether these are this person's four.
pub fn are_of(four: &Four, facts: &Facts) -> bool {
    Some(&four.name.text) == facts.full_name.as_ref()
        && Some(&four.address.text) == facts.address.as_ref()
        && Some(&four.birth.raw) == facts.birth.as_ref()
        && Some(&four.gender.raw) == facts.sex.as_ref()
}

/// Whether this is this person's certificate.
pub fn is_of(seen: &Seen, facts: &Facts) -> bool {
    u128::from_str_radix(&facts.serial, 16).unwrap().to_string() == seen.serial
}

pub struct Desk {
    hand: Option<Box<dyn Hand>>,
    reports: Receiver<Report>,
    /// The last state heard.
    pub state: ReaderState,
    /// Everything heard, in order.
    pub heard: Vec<Report>,
    ids: u64,
    lying: Vec<Lying>,
    /// A card that nobody says anything of for so long is put there again;
    /// longer than the service takes to give a mute one up.
    pub patience: Duration,
}

impl Desk {
    pub fn open(preferred: Option<&str>) -> Self {
        let (tx, reports) = channel();
        let clock = Clock::start();
        let hand = card::start(
            Box::new(move |report| {
                let _ = tx.send(report);
            }),
            preferred.map(str::to_owned),
            Arc::new(move || clock.now()),
        );
        Self {
            hand: Some(Box::new(hand.unwrap())),
            reports,
            state: ReaderState::Unknown,
            heard: Vec::new(),
            ids: 0,
            lying: Vec::new(),
            patience: Duration::from_secs(4),
        }
    }

    /// Puts a card on the reader and sees to it.
    pub fn put(&mut self, service: &Service<'_>, machine: Machine) -> Lying {
        self.put_in(service.slot(), machine)
    }

    /// The same in any slot.
    pub fn put_in(&mut self, slot: SocketAddr, machine: Machine) -> Lying {
        let card = Some(attach(slot, machine).unwrap());
        let lying = Lying {
            slot,
            card: Rc::new(RefCell::new(card)),
        };
        self.lying.push(lying.clone());
        lying
    }

    /// The next report that this makes something of.
    pub fn hear<T>(&mut self, what: &str, mut is: impl FnMut(&Report) -> Option<T>) -> T {
        let end = Instant::now() + LIMIT;
        loop {
            match self.reports.recv_timeout(self.patience) {
                Ok(report) => {
                    if let Report::State(state) = &report {
                        self.state = state.clone();
                    }
                    self.heard.push(report.clone());
                    if let Some(value) = is(&report) {
                        return value;
                    }
                }
                Err(_) if matches!(self.state, ReaderState::Waiting { .. }) => {
                    self.lying.iter().for_each(Lying::again);
                }
                Err(_) => {}
            }
            let last: Vec<_> = self.heard.iter().rev().take(8).collect();
            assert!(
                Instant::now() < end,
                "never heard: {what}; before: {last:?}"
            );
        }
    }

    /// Everything that was said until now.
    pub fn catch_up(&mut self) {
        while let Ok(report) = self.reports.try_recv() {
            if let Report::State(state) = &report {
                self.state = state.clone();
            }
            self.heard.push(report);
        }
    }

    /// Waits for a state; the current one counts.
    pub fn state(&mut self, what: &str, is: impl Fn(&ReaderState) -> bool) {
        self.catch_up();
        if !is(&self.state) {
            self.hear(what, |report| match report {
                Report::State(state) => is(state).then_some(()),
                _ => None,
            });
        }
    }

    pub fn waits(&mut self) {
        self.state("waiting", |state| {
            matches!(state, ReaderState::Waiting { .. })
        });
    }

    /// What the state says of the card, if one lies there.
    pub fn glance(&mut self) -> Option<Glance> {
        self.catch_up();
        match &self.state {
            ReaderState::CardPresent { glance, .. } => glance.clone(),
            _ => None,
        }
    }

    /// The trouble the state names, once it names one.
    pub fn trouble(&mut self) -> Trouble {
        let of = |state: &ReaderState| match state {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => glance.trouble.clone(),
            _ => None,
        };
        self.state("trouble", |state| of(state).is_some());
        of(&self.state).unwrap()
    }

    /// The next card that has been looked at.
    pub fn seen(&mut self) -> Seen {
        self.hear("a card that was looked at", |report| match report {
            Report::Seen(seen) => Some((**seen).clone()),
            _ => None,
        })
    }

    pub fn send(&mut self, job: impl FnOnce(JobId) -> Job) -> JobId {
        self.ids += 1;
        let id = JobId(self.ids);
        self.hand.as_mut().unwrap().send(job(id));
        id
    }

    pub fn read(&mut self, presence: Option<Presence>, key: Key, confirmed: Option<u8>) -> JobId {
        self.send(|id| Job::Read {
            id,
            presence,
            key,
            confirmed,
        })
    }

    /// What a job came to.
    pub fn done(&mut self, id: JobId) -> Result<Outcome, Trouble> {
        self.hear("the end of a job", |report| match report {
            Report::Done { id: of, result } if *of == id => Some(result.clone()),
            _ => None,
        })
    }

    /// The four of the card that lies there.
    pub fn four(
        &mut self,
        presence: Option<Presence>,
        key: Key,
        confirmed: Option<u8>,
    ) -> Result<(Presence, Four, Option<u8>), Trouble> {
        let id = self.read(presence, key, confirmed);
        match self.done(id)? {
            Outcome::Four {
                presence,
                four,
                left,
            } => Ok((presence, *four, left)),
            Outcome::Proved(_) | Outcome::Late { .. } => panic!("not read"),
        }
    }

    /// Ends the threads, and tells how long that took.
    pub fn close(&mut self) -> Duration {
        let begun = Instant::now();
        drop(self.hand.take());
        begun.elapsed()
    }
}
