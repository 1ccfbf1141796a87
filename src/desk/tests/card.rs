//! The card at the desk: readings asked for, answered, given up; nothing of a
//! card for anybody who did not ask, nor after it was taken away.

mod keys;
mod notes;
mod order;
mod seen;

use super::rig::*;
use crate::card::job::{Job, JobId, Outcome, Report};
use crate::desk::event::{Config, Event};
use crate::domain::card::{
    Birth, Certificate, Face, Four, Gender, Glance, Item, Key, KeyKind, Kind, Presence, Seen,
    Trouble,
};
use crate::domain::failure::Failure;
use crate::domain::person::Sex;
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, LogoutReason, ToDesk, ToFront};
use crate::store::record::What;
use std::time::Duration;

pub const A: Presence = Presence(1);
pub const B: Presence = Presence(2);
pub const SERIAL: &str = "19088743";

pub fn glance(presence: Presence, kind: Option<Kind>, trouble: Option<Trouble>) -> ReaderState {
    ReaderState::CardPresent {
        reader: "模擬読取機".to_owned(),
        glance: Some(Glance {
            presence,
            kind,
            validity: None,
            trouble,
            expires: None,
        }),
    }
}

pub fn empty() -> ReaderState {
    ReaderState::Waiting {
        reader: "模擬読取機".to_owned(),
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "as reports carry it")]
pub fn seen(presence: Presence, serial: &str) -> Box<Seen> {
    Box::new(Seen {
        presence,
        kind: Kind::MyNumber,
        token: "JPKIAPICCTOKEN2".to_owned(),
        certificate: Some(Certificate {
            not_before: wall(0),
            not_after: wall(86_400),
            test: true,
        }),
        serial: serial.to_owned(),
        expiry: None,
    })
}

pub fn four() -> Box<Four> {
    let item = |text: &str| Item {
        text: text.to_owned(),
        flags: Vec::new(),
    };
    Box::new(Four {
        name: item("試験　花子"),
        address: item("東京都千代田区霞が関１－２－３"),
        birth: Birth {
            raw: "19540326".to_owned(),
            date: Some(BORN),
            flags: Vec::new(),
        },
        gender: Gender {
            raw: "2".to_owned(),
            sex: Some(Sex::Female),
            flags: Vec::new(),
        },
    })
}

impl Rig {
    pub fn reader(&mut self, state: ReaderState) {
        self.event(Event::Card(Report::State(state)));
    }

    /// A card is put down, and looked at.
    pub fn put_card(&mut self, presence: Presence, serial: &str) {
        self.reader(glance(presence, None, None));
        self.reader(glance(presence, Some(Kind::MyNumber), None));
        self.event(Event::Card(Report::Seen(seen(presence, serial))));
    }

    pub fn read_card(&mut self, front: FrontId, presence: Option<Presence>) -> Option<JobId> {
        self.read_confirmed(front, presence, None)
    }

    fn read_confirmed(
        &mut self,
        front: FrontId,
        presence: Option<Presence>,
        confirmed: Option<u8>,
    ) -> Option<JobId> {
        let ticket = self.ticket();
        let before = self.jobs.len();
        self.say(
            front,
            ToDesk::ReadCard {
                ticket,
                presence,
                key: key_for(presence),
                confirmed,
            },
        );
        match self.jobs.get(before) {
            Some(Job::Read { id, .. }) => Some(*id),
            _ => None,
        }
    }

    pub fn prove_card(&mut self, front: FrontId) -> Option<JobId> {
        let ticket = self.ticket();
        let before = self.jobs.len();
        let pin = Secret::new("1234".to_owned());
        self.say(
            front,
            ToDesk::ProveCard {
                ticket,
                presence: self.desk.presence(),
                pin,
                confirmed: None,
            },
        );
        match self.jobs.get(before) {
            Some(Job::Prove { id, .. }) => Some(*id),
            _ => None,
        }
    }

    pub fn done(&mut self, id: JobId, result: Result<Outcome, Trouble>) {
        self.event(Event::Card(Report::Done { id, result }));
    }

    pub fn read_done(&mut self, id: JobId, presence: Presence) {
        let left = Some(10);
        let four = four();
        self.done(
            id,
            Ok(Outcome::Four {
                presence,
                four,
                left,
            }),
        );
    }

    fn answers(&self, front: FrontId) -> usize {
        let card = |m: &&ToFront| {
            matches!(
                m,
                ToFront::CardRead { .. } | ToFront::CardProved { .. } | ToFront::Card { .. }
            )
        };
        self.told
            .get(&front)
            .map_or(0, |told| told.iter().filter(card).count())
    }

    /// What was written of keys that were tried.
    fn used(&self) -> Vec<(KeyKind, String, Option<u8>)> {
        (self.audit().into_iter())
            .filter_map(|what| match what {
                What::CardUsed {
                    key, outcome, left, ..
                } => Some((*key, outcome.clone(), *left)),
                _ => None,
            })
            .collect()
    }
}

/// A PIN where a card is named; only numbers of the face may wait.
fn key_for(presence: Option<Presence>) -> Key {
    let secret = |text: &str| Secret::new(text.to_owned());
    if presence.is_some() {
        return Key::Pin(secret("1234"));
    }
    Key::Face(Face {
        birth: BORN,
        expiry_year: 2033,
        code: secret("4321"),
        western: false,
    })
}

fn trouble(rig: &Rig, front: FrontId) -> Trouble {
    match rig.failure(front) {
        Failure::Card(trouble) => trouble,
        other => panic!("{other:?}"),
    }
}

fn with_challenge() -> Rig {
    let mut rig = Rig::with(Config {
        challenge: true,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig
}

#[test]
fn what_a_wish_comes_to_by_what_lies_there() {
    type Case = (&'static str, ReaderState, Option<Presence>, Option<Trouble>);
    let reader = ReaderState::NoReader;
    let service = ReaderState::NoService;
    let there = || glance(A, Some(Kind::MyNumber), None);
    let cases: [Case; 9] = [
        (
            "not looked yet",
            ReaderState::Unknown,
            None,
            Some(Trouble::NoReader),
        ),
        ("no service", service, None, Some(Trouble::NoReader)),
        ("no reader", reader, None, Some(Trouble::NoReader)),
        ("the next card", empty(), None, None),
        (
            "a card that is gone",
            empty(),
            Some(A),
            Some(Trouble::NoCard),
        ),
        ("whichever lies there", there(), None, None),
        ("the card that lies there", there(), Some(A), None),
        ("another card", there(), Some(B), Some(Trouble::NoCard)),
        ("not looked at yet", glance(A, None, None), Some(A), None),
    ];
    for (name, state, presence, refused) in cases {
        let mut rig = with_challenge();
        rig.reader(state);
        let id = rig.read_card(ONE, presence);
        assert_eq!(id.is_none(), refused.is_some(), "{name}");
        if let Some(why) = refused {
            assert_eq!(trouble(&rig, ONE), why, "{name}");
            assert_eq!(rig.jobs, [], "{name}");
            let line = rig.audit().into_iter().last().cloned();
            assert!(
                matches!(&line, Some(What::Refused { action, why: word, .. })
                    if action == "card-read" && word == why.word()),
                "{name}: {line:?}"
            );
        }
    }
}

#[test]
fn sec_17_a_pin_is_never_for_a_card_that_comes_later() {
    for state in [empty(), glance(A, Some(Kind::MyNumber), None)] {
        for prove in [false, true] {
            let mut rig = with_challenge();
            rig.reader(state.clone());
            let (ticket, pin) = (rig.ticket(), Secret::new("1234".to_owned()));
            let (presence, confirmed) = (None, None);
            rig.say(
                ONE,
                if prove {
                    ToDesk::ProveCard {
                        ticket,
                        presence,
                        pin,
                        confirmed,
                    }
                } else {
                    ToDesk::ReadCard {
                        ticket,
                        presence,
                        key: Key::Pin(pin),
                        confirmed,
                    }
                },
            );
            assert_eq!(trouble(&rig, ONE), Trouble::NoCard, "{prove} {state:?}");
            assert_eq!(rig.jobs, []);
        }
    }
}

#[test]
fn sec_32_the_four_come_after_their_line_and_only_while_the_card_lies_there() {
    type Then = fn(&mut Rig);
    let cases: [(&str, Then, Option<Trouble>); 6] = [
        ("stays", |_| {}, None),
        ("more is known of it", |rig| rig.put_card(A, SERIAL), None),
        (
            "taken away",
            |rig| rig.reader(empty()),
            Some(Trouble::Lifted),
        ),
        (
            "changed for another",
            |rig| rig.put_card(B, "7"),
            Some(Trouble::Lifted),
        ),
        (
            "reader gone",
            |rig| rig.reader(ReaderState::NoReader),
            Some(Trouble::Lifted),
        ),
        (
            "pane left",
            |rig| rig.say(ONE, ToDesk::DropCard),
            Some(Trouble::Dropped),
        ),
    ];
    for (name, then, withdrawn) in cases {
        let mut rig = with_challenge();
        rig.put_card(A, SERIAL);
        let id = rig.read_card(ONE, Some(A)).unwrap();
        rig.forget();
        rig.hold_writes = true;
        rig.read_done(id, A);
        assert_eq!(rig.answers(ONE), 0, "{name}: shown before its line");
        then(&mut rig);
        rig.flush();
        assert_eq!(
            rig.used(),
            [(KeyKind::Pin, "ok".to_owned(), Some(10))],
            "{name}"
        );
        match withdrawn {
            None => assert!(
                matches!(rig.answer(ONE), ToFront::CardRead { presence: A, four: read, left: Some(10), .. }
                    if *read == four()),
                "{name}"
            ),
            Some(why) => {
                assert_eq!(rig.answers(ONE), 0, "{name}");
                assert_eq!(trouble(&rig, ONE), why, "{name}");
            }
        }
        let lines = serde_json::to_string(&rig.disk).unwrap();
        for data in ["試験", "霞が関", SERIAL, "1954", "1234"] {
            assert!(!lines.contains(data), "{name}: {data} in a line");
        }
    }
}

#[test]
fn without_a_line_nothing_of_a_card_is_shown() {
    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.read_card(ONE, Some(A)).unwrap();
    rig.store_error = Some(full());
    rig.read_done(id, A);
    assert_eq!(rig.answers(ONE), 0);
    assert!(matches!(rig.failure(ONE), Failure::Store { .. }));
}

#[test]
fn one_reading_at_a_time_over_all_front_ends() {
    let mut rig = with_challenge();
    rig.attach(TWO);
    rig.login(TWO, "013");
    rig.put_card(A, SERIAL);
    let id = rig.read_card(ONE, Some(A)).unwrap();
    for front in [TWO, ONE] {
        assert_eq!(rig.read_card(front, Some(A)), None);
        assert_eq!(trouble(&rig, front), Trouble::Busy);
        assert_eq!(rig.prove_card(front), None);
        assert_eq!(trouble(&rig, front), Trouble::Busy);
    }
    // Leaving a pane takes nobody else's wish back.
    rig.say(TWO, ToDesk::DropCard);
    assert_eq!(rig.jobs.len(), 1);
    rig.read_done(id, A);
    assert_eq!((rig.answers(ONE), rig.answers(TWO)), (1, 0));
    assert!(rig.read_card(TWO, Some(A)).is_some());
}

#[test]
fn a_wish_dies_with_whoever_had_it() {
    type End = fn(&mut Rig);
    let cases: [(&str, End); 6] = [
        ("pane left", |rig| rig.say(ONE, ToDesk::DropCard)),
        ("logout", |rig| rig.say(ONE, ToDesk::Logout)),
        ("detached", |rig| rig.event(Event::Detached { front: ONE })),
        ("idle", |rig| rig.sleep(Duration::from_secs(31 * 60))),
        ("another login there", |rig| rig.login(ONE, "013")),
        ("forced elsewhere", |rig| {
            rig.attach(TWO);
            rig.try_login(TWO, "003", "right", true);
        }),
    ];
    for (name, end) in cases {
        for late in [
            Ok(()),
            Err(Trouble::Dropped),
            Err(Trouble::WrongKey {
                key: KeyKind::Pin,
                left: Some(2),
            }),
        ] {
            let mut rig = with_challenge();
            rig.put_card(A, SERIAL);
            let id = rig.read_card(ONE, Some(A)).unwrap();
            end(&mut rig);
            let jobs = rig.jobs.split_off(1);
            assert_eq!(jobs, [Job::Drop { id }], "{name}");
            let mut lines = vec![(KeyKind::Pin, "card-dropped".to_owned(), None)];
            assert_eq!(rig.used(), lines, "{name}");
            match late.clone() {
                Ok(()) => {
                    rig.read_done(id, A);
                    lines.push((KeyKind::Pin, "ok".to_owned(), Some(10)));
                }
                Err(trouble) => {
                    if trouble != Trouble::Dropped {
                        lines.push((KeyKind::Pin, "card-wrong-key".to_owned(), Some(2)));
                    }
                    rig.done(id, Err(trouble));
                }
            }
            assert_eq!(rig.used(), lines, "{name} {late:?}");
            assert_eq!((rig.answers(ONE), rig.answers(TWO)), (0, 0), "{name}");
            // The reader is free again.
            rig.attach(FrontId(3));
            rig.login(FrontId(3), "012");
            assert!(rig.read_card(FrontId(3), None).is_some(), "{name}");
        }
    }
}

#[test]
fn a_key_waits_a_minute_for_a_card_and_not_without_a_reader() {
    let minute = Duration::from_secs(60);
    let mut rig = with_challenge();
    rig.reader(empty());
    let id = rig.read_card(ONE, None).unwrap();
    rig.sleep(minute.saturating_sub(Duration::from_millis(1)));
    assert_eq!(rig.jobs.len(), 1);
    rig.sleep(Duration::from_millis(1));
    assert_eq!(rig.jobs.last(), Some(&Job::Drop { id }));
    assert_eq!(trouble(&rig, ONE), Trouble::Dropped);
    assert_eq!(
        rig.used(),
        [(KeyKind::Face, "card-dropped".to_owned(), None)]
    );
    // One that reads has the time that the card needs.
    let id = rig.read_card(ONE, None).unwrap();
    rig.put_card(A, SERIAL);
    rig.sleep(minute);
    rig.read_done(id, A);
    assert_eq!(rig.answers(ONE), 1);
    for gone in [ReaderState::NoReader, ReaderState::NoService] {
        rig.reader(empty());
        let id = rig.read_card(ONE, None).unwrap();
        rig.reader(gone);
        assert_eq!(rig.jobs.last(), Some(&Job::Drop { id }));
        assert_eq!(trouble(&rig, ONE), Trouble::NoReader);
    }
}

#[test]
fn an_answer_does_not_reach_the_next_person_at_the_same_place() {
    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.read_card(ONE, Some(A)).unwrap();
    rig.hold_writes = true;
    rig.read_done(id, A);
    rig.say(ONE, ToDesk::Logout);
    assert!(matches!(
        rig.last(ONE, |m| matches!(m, ToFront::LoggedOut(_))),
        Some(ToFront::LoggedOut(LogoutReason::Asked))
    ));
    rig.hold_writes = false;
    rig.login(ONE, "013");
    rig.flush();
    assert_eq!(rig.answers(ONE), 0);
}

#[test]
fn a_challenge_is_for_desks_that_want_it() {
    let mut rig = Rig::staffed("003");
    rig.put_card(A, SERIAL);
    assert_eq!(rig.prove_card(ONE), None);
    let failure = rig.failure(ONE);
    assert!(matches!(&failure, Failure::SwitchedOff { setting } if setting == "card.challenge"));
    assert!(failure.to_string().contains("card.challenge"));
    assert_eq!(rig.jobs, []);

    let mut rig = with_challenge();
    rig.put_card(A, SERIAL);
    let id = rig.prove_card(ONE).unwrap();
    rig.done(id, Ok(Outcome::Proved(seen(A, SERIAL))));
    let ToFront::CardProved { seen, .. } = rig.answer(ONE) else {
        panic!("{:?}", rig.answer(ONE));
    };
    assert_eq!(seen.serial, "", "nobody asked for the number");
    let auth = KeyKind::Authentication;
    assert_eq!(rig.used(), [(auth, "ok".to_owned(), None)]);
}

#[test]
fn a_card_is_put_on_the_simulated_reader_in_a_demo_alone() {
    for demo in [true, false] {
        let mut rig = Rig::with(Config { demo, ..config() });
        rig.attach(ONE);
        let card = Some("hanako".to_owned());
        rig.say(ONE, ToDesk::DemoCard { card: card.clone() });
        assert_eq!(rig.put, demo.then_some(card));
    }
}
