//! Whatever the order of what the reader says and what people do: an answer is
//! given at most once, to the login that asked, and for the card that was
//! meant and lies there.

use super::*;
use crate::link::message::Ticket;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy)]
enum Deed {
    Card(u8),
    Remove,
    Unplug,
    Look(u8),
    Read(bool, u8),
    Prove(bool),
    Ask(bool),
    Drop(bool),
    Logout(bool),
    Login(bool),
    Detach(bool),
    /// The job of that number ends: with the four or a signature of that
    /// presence, or a trouble.
    Done(u8, u8, u8),
    Hold(bool),
    Flush,
    Idle,
}

fn deed() -> impl Strategy<Value = Deed> {
    let b = any::<bool>;
    prop_oneof![
        4 => (0..4_u8).prop_map(Deed::Card),
        1 => Just(Deed::Remove),
        1 => Just(Deed::Unplug),
        3 => (0..4_u8).prop_map(Deed::Look),
        6 => (b(), 0..5_u8).prop_map(|(f, p)| Deed::Read(f, p)),
        3 => b().prop_map(Deed::Prove),
        3 => b().prop_map(Deed::Ask),
        1 => b().prop_map(Deed::Drop),
        1 => b().prop_map(Deed::Logout),
        4 => b().prop_map(Deed::Login),
        1 => b().prop_map(Deed::Detach),
        8 => (0..4_u8, 0..4_u8, 0..4_u8).prop_map(|(j, p, h)| Deed::Done(j, p, h)),
        2 => b().prop_map(Deed::Hold),
        3 => Just(Deed::Flush),
        1 => Just(Deed::Idle),
    ]
}

/// What was asked under a ticket.
struct Asked {
    front: FrontId,
    /// The login there when it was asked.
    login: u64,
    presence: Option<Presence>,
}

#[derive(Default)]
struct Watch {
    asked: BTreeMap<Ticket, Asked>,
    answered: BTreeSet<Ticket>,
    heard: BTreeMap<FrontId, usize>,
}

impl Watch {
    /// Looks at what front ends were told since the last time.
    fn look(&mut self, rig: &Rig) {
        let lies = rig.desk.presence();
        for (front, told) in &rig.told {
            let heard = self.heard.entry(*front).or_default();
            for message in &told[*heard..] {
                let Some(ticket) = message.ticket() else {
                    continue;
                };
                let Some(asked) = self.asked.get(&ticket) else {
                    continue;
                };
                assert!(self.answered.insert(ticket), "answered twice: {message:?}");
                assert_eq!(asked.front, *front);
                let presence = match message {
                    ToFront::CardRead { presence, .. } => *presence,
                    ToFront::Card { seen, .. } | ToFront::CardProved { seen, .. } => seen.presence,
                    _ => continue,
                };
                assert_eq!(Some(presence), lies, "not of the card that lies there");
                assert!(asked.presence.is_none_or(|meant| meant == presence));
                let login = rig.desk.session(*front).map(|session| session.serial);
                assert_eq!(login, Some(asked.login), "another login");
            }
            *heard = told.len();
        }
    }
}

fn front(second: bool) -> FrontId {
    if second { TWO } else { ONE }
}

fn stay(n: u8) -> Presence {
    Presence(u64::from(n % 4) + 1)
}

fn carry_out(rig: &mut Rig, watch: &mut Watch, deed: Deed) {
    let mut ask = |rig: &mut Rig, at: FrontId, presence, message: &dyn Fn(Ticket) -> ToDesk| {
        let ticket = rig.ticket();
        let login = rig.desk.session(at).map_or(0, |session| session.serial);
        let asked = Asked {
            front: at,
            login,
            presence,
        };
        watch.asked.insert(ticket, asked);
        rig.say(at, message(ticket));
    };
    match deed {
        Deed::Card(n) => rig.reader(glance(stay(n), None, None)),
        Deed::Remove => rig.reader(empty()),
        Deed::Unplug => rig.reader(ReaderState::NoReader),
        Deed::Look(n) => rig.event(Event::Card(Report::Seen(seen(stay(n), SERIAL)))),
        Deed::Read(second, n) => {
            let presence = (n < 4).then(|| stay(n));
            let message = |ticket| ToDesk::ReadCard {
                ticket,
                presence,
                key: key_for(presence),
                confirmed: None,
            };
            ask(rig, front(second), presence, &message);
        }
        Deed::Prove(second) => {
            let presence = rig.desk.presence();
            let message = |ticket| ToDesk::ProveCard {
                ticket,
                presence,
                pin: Secret::new("1234".to_owned()),
                confirmed: None,
            };
            ask(rig, front(second), presence, &message);
        }
        Deed::Ask(second) => {
            ask(rig, front(second), None, &|ticket| ToDesk::Card {
                ticket,
                serial: true,
            });
        }
        Deed::Drop(second) => rig.say(front(second), ToDesk::DropCard),
        Deed::Logout(second) => rig.say(front(second), ToDesk::Logout),
        Deed::Login(second) => {
            rig.try_login(
                front(second),
                if second { "013" } else { "003" },
                "right",
                true,
            );
        }
        Deed::Detach(second) => {
            let front = front(second);
            rig.event(Event::Detached { front });
            rig.attach(front);
        }
        Deed::Done(n, presence, how) => {
            let ids: Vec<JobId> = (rig.jobs.iter())
                .filter_map(|job| match job {
                    Job::Read { id, .. } | Job::Prove { id, .. } => Some(*id),
                    Job::Look | Job::Drop { .. } => None,
                })
                .collect();
            let Some(id) = ids.iter().rev().nth(usize::from(n)) else {
                return;
            };
            let presence = stay(presence);
            let result = match how {
                0 | 1 => {
                    rig.read_done(*id, presence);
                    return;
                }
                2 => Ok(Outcome::Proved(seen(presence, SERIAL))),
                _ => Err(Trouble::Lifted),
            };
            rig.done(*id, result);
        }
        Deed::Hold(hold) => rig.hold_writes = hold,
        Deed::Flush => rig.flush(),
        Deed::Idle => rig.sleep(Duration::from_secs(31 * 60)),
    }
}

proptest! {
    #[test]
    fn an_answer_comes_at_most_once_and_never_of_another_card(
        deeds in proptest::collection::vec(deed(), 1..60),
    ) {
        let mut rig = with_challenge();
        rig.attach(TWO);
        rig.login(TWO, "013");
        let mut watch = Watch::default();
        for deed in deeds {
            carry_out(&mut rig, &mut watch, deed);
            watch.look(&rig);
        }
        rig.hold_writes = false;
        rig.flush();
        watch.look(&rig);
        // Whoever still waits is let go.
        for front in [ONE, TWO] {
            rig.say(front, ToDesk::DropCard);
        }
        rig.flush();
        watch.look(&rig);
        prop_assert!(rig.desk.card.reading.is_none());
    }
}
