//! A mind in virtual time: what it is told, and what it wants.

use crate::card::job::JobId;
use crate::card::mind::*;
use crate::card::reading::{Look, Mark, mark_of};
use crate::domain::card::{Birth, Four, Gender, Glance, Item, Key, Kind};
use crate::domain::secret::Secret;
use jiff::Timestamp;
use std::ffi::CString;

pub const NAME: &str = "Reader 00 00";

pub struct Rig {
    pub mind: Mind,
    pub at: Duration,
    pub told: Vec<Report>,
    pub orders: Vec<Order>,
    pub given_up: u64,
    pub looks: u32,
}

pub fn reader(name: &str, count: u32) -> ReaderInfo {
    ReaderInfo {
        name: name.to_owned(),
        card: count % 2 == 1,
        address: CString::new(name).unwrap(),
        count,
        ..ReaderInfo::default()
    }
}

pub fn read(id: u64, presence: Option<u64>) -> Job {
    Job::Read {
        id: JobId(id),
        presence: presence.map(Presence),
        key: Key::Pin(Secret::new("1234".to_owned())),
        confirmed: None,
    }
}

pub fn look(serial: &str) -> Look {
    Look {
        kind: Kind::MyNumber,
        token: "JPKIAPICCTOKEN2".to_owned(),
        certificate: None,
        serial: serial.to_owned(),
        expiry: None,
    }
}

pub fn mark_of_text(text: &str) -> Mark {
    mark_of(format!("0{text}").as_bytes()).unwrap()
}

pub fn four() -> Box<Four> {
    Box::new(Four {
        name: Item::default(),
        address: Item::default(),
        birth: Birth::default(),
        gender: Gender::default(),
    })
}

impl Rig {
    pub fn new() -> Self {
        Self {
            mind: Mind::new(None, Timestamp::UNIX_EPOCH),
            at: Duration::ZERO,
            told: Vec::new(),
            orders: Vec::new(),
            given_up: 0,
            looks: 0,
        }
    }

    /// A reader with a card that has been looked at.
    pub fn looked() -> Self {
        let mut rig = Self::new();
        rig.readers(&[(NAME, 1)]);
        let order = rig.order();
        assert_eq!(order.work, Work::Look);
        rig.shows(&order, "one", Said::Look(look("1")));
        rig.told.clear();
        rig
    }

    pub fn step(&mut self, input: Input) {
        let now = Now {
            wall: Timestamp::from_second(1_795_133_520).unwrap(),
            mono: self.at,
        };
        for wish in self.mind.step(now, input) {
            match wish {
                Wish::Tell(report) => self.told.push(report),
                Wish::Order(order) => self.orders.push(order),
                Wish::GiveUp(number) => self.given_up = number,
                Wish::LookAgain => self.looks += 1,
            }
        }
    }

    pub fn readers(&mut self, readers: &[(&str, u32)]) {
        let readers = readers.iter().map(|(name, count)| reader(name, *count));
        self.step(Input::Readers(Some(readers.collect())));
    }

    pub fn pass(&mut self, millis: u64) {
        self.at += Duration::from_millis(millis);
        self.step(Input::Time);
    }

    pub fn order(&mut self) -> Order {
        self.orders.remove(0)
    }

    pub fn say(&mut self, order: &Order, said: Result<Said, Trouble>) {
        self.answer(order, false, said);
    }

    pub fn shows(&mut self, order: &Order, mark: &str, said: Said) {
        self.step(Input::Answer(Answer {
            number: order.number,
            broken: false,
            mark: Some(mark_of_text(mark)),
            said: Ok(said),
        }));
    }

    pub fn answer(&mut self, order: &Order, broken: bool, said: Result<Said, Trouble>) {
        self.step(Input::Answer(Answer {
            number: order.number,
            broken,
            mark: None,
            said,
        }));
    }

    pub fn said(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.told)
    }

    pub fn done(&mut self) -> Vec<(u64, Result<(), Trouble>)> {
        let done = self.said().into_iter().filter_map(|report| match report {
            Report::Done { id, result } => Some((id.0, result.map(|_| ()))),
            _ => None,
        });
        done.collect()
    }

    pub fn glance(&self) -> Glance {
        match &self.mind.told {
            Some(ReaderState::CardPresent {
                glance: Some(glance),
                ..
            }) => glance.clone(),
            other => panic!("{other:?}"),
        }
    }
}

pub fn waiting() -> Report {
    Report::State(ReaderState::Waiting {
        reader: NAME.to_owned(),
    })
}

pub fn present(presence: u64, kind: Option<Kind>, trouble: Option<Trouble>) -> Report {
    Report::State(ReaderState::CardPresent {
        reader: NAME.to_owned(),
        glance: Some(Glance {
            presence: Presence(presence),
            kind,
            validity: None,
            trouble,
            expires: None,
        }),
    })
}
