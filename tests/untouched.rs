//! Never the 個人番号 (section 2.6, DOM-44): every way through the program that
//! ends at a card, over every card there is, with a card that writes down what
//! it was asked. Held against two lists of their own: what nobody may touch
//! (the card's trip wires) and the few things that may be asked at all.
//!
//! Ways: the look, the four by the card's face and by PIN, the signed
//! challenge; keys that fit, are wrong, have no tries left, or too few and
//! nobody said that they shall be tried; the card taken away at every command,
//! another in its place, answers that are none at every command. The tapes do
//! the same through desk and screen: each ends with the same check.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "untouched/lies.rs"]
mod lies;
#[path = "untouched/list.rs"]
mod list;

use jiff::civil::{Date, date};
use lies::{LIES, Liar, Mumbler, Witness};
use list::judge;
use madoguchi::card::chip::Chip;
use madoguchi::card::job::{Job, JobId, Report};
use madoguchi::card::reading::Stay;
use madoguchi::domain::card::{Face, Key, KeyKind, Trouble};
use madoguchi::domain::secret::Secret;
use madoguchi::domain::time::Now;
use madoguchi::simulator::card::hand::Reader;
use madoguchi::simulator::card::rack::Facts;
use madoguchi::simulator::card::{App, Asked, Machine, Rack, Removal};
use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

const TODAY: Date = date(2026, 11, 20);

fn rack() -> &'static Rack {
    static RACK: OnceLock<Rack> = OnceLock::new();
    RACK.get_or_init(|| Rack::built_in(TODAY))
}

/// What is wanted of a card.
#[derive(Debug, Clone)]
enum Wanted {
    Look,
    Four(Key, Option<u8>),
    Prove(Secret, Option<u8>),
    /// One after the other over one connection, as when somebody waits.
    FourAndLook(Key),
    /// The card of somebody else is expected.
    Another(Key),
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn face(facts: &Facts, code: &str) -> Key {
    let birth = facts.birth.as_deref();
    let birth = birth.and_then(|birth| Date::strptime("%Y%m%d", birth).ok());
    Key::Face(Face {
        birth: birth.unwrap_or(date(1980, 2, 29)),
        expiry_year: facts.expiry.map_or(2033, Date::year),
        code: secret(code),
        western: false,
    })
}

fn wishes(facts: &Facts) -> Vec<Wanted> {
    let code = if facts.code.is_empty() {
        "2468"
    } else {
        &facts.code
    };
    let mut all = vec![
        Wanted::Look,
        Wanted::FourAndLook(face(facts, code)),
        Wanted::Another(face(facts, code)),
        // No form that a key has: nothing may be sent.
        Wanted::Four(face(facts, "12a4"), None),
        Wanted::Four(Key::Pin(secret("123456789018")), Some(1)),
        Wanted::Prove(secret("ABC123"), None),
    ];
    for confirmed in [None, Some(1), Some(2)] {
        all.extend([
            Wanted::Four(face(facts, code), confirmed),
            Wanted::Four(face(facts, "0000"), confirmed),
            Wanted::Four(Key::Pin(secret(&facts.text)), confirmed),
            Wanted::Four(Key::Pin(secret("0000")), confirmed),
            Wanted::Prove(secret(&facts.authentication), confirmed),
            Wanted::Prove(secret("0000"), confirmed),
        ]);
    }
    all
}

/// One of each that go on differently.
fn few_wishes(facts: &Facts) -> Vec<Wanted> {
    let all = wishes(facts);
    [0, 1, 6, 7, 8, 10, 11]
        .iter()
        .filter_map(|at| all.get(*at).cloned())
        .collect()
}

fn do_it(chip: &mut dyn Chip, atr: &[u8], wanted: &Wanted) -> Option<Trouble> {
    let mut stay = match wanted {
        Wanted::Another(_) => Stay::of(chip, stranger()),
        _ => Stay::new(chip),
    };
    match wanted {
        Wanted::Look => stay.look(atr).err(),
        Wanted::Four(key, confirmed) => stay.four(key, *confirmed).err(),
        Wanted::Another(key) => stay.four(key, None).err(),
        Wanted::FourAndLook(key) => {
            let trouble = stay.four(key, None).err();
            if stay.alive() {
                let _ = stay.look(atr);
            }
            trouble
        }
        Wanted::Prove(pin, confirmed) => stay.prove(pin, *confirmed, [7; 32]).err(),
    }
}

/// Whose card it is, of somebody who is not among those tried.
fn stranger() -> madoguchi::card::reading::Mark {
    static MARK: OnceLock<madoguchi::card::reading::Mark> = OnceLock::new();
    MARK.get_or_init(|| {
        let mut card = rack().named("gojo").unwrap();
        let mut stay = Stay::new(&mut card);
        stay.look(&[]).unwrap();
        stay.mark().unwrap()
    })
    .clone()
}

/// Attempts that a wish may make: one at most, none without a form.
fn attempts(wanted: &Wanted) -> usize {
    match wanted {
        Wanted::Look => 0,
        Wanted::Four(key, _) | Wanted::FourAndLook(key) | Wanted::Another(key) => {
            usize::from(key.digits().is_some())
        }
        Wanted::Prove(pin, _) => usize::from(pin.reveal().len() == 4),
    }
}

/// Tries left of the key a wish is about.
fn tries(card: &Machine, wanted: &Wanted) -> Option<u8> {
    match wanted {
        Wanted::Look => None,
        Wanted::Four(key, _) | Wanted::FourAndLook(key) | Wanted::Another(key) => {
            let file = match key.kind() {
                KeyKind::Face => 0x0015,
                _ => 0x0011,
            };
            card.tries(App::Text, file)
        }
        Wanted::Prove(..) => card.tries(App::Jpki, 0x0018),
    }
}

fn confirmed(wanted: &Wanted) -> Option<u8> {
    match wanted {
        Wanted::Four(_, confirmed) | Wanted::Prove(_, confirmed) => *confirmed,
        _ => None,
    }
}

fn check(name: &str, wanted: &Wanted, how: &str, card: &Machine, unseen: bool) {
    let verdict = judge(card.log(), card.trips(), !unseen);
    assert!(verdict.is_ok(), "{name}, {wanted:?}, {how}: {verdict:?}");
    let tried = card.log().iter().filter(|asked| asked.attempts()).count();
    // What the one did not answer the other hears too.
    let most = attempts(wanted) + usize::from(unseen);
    assert!(tried <= most, "{name}, {wanted:?}, {how}: {tried} attempts");
}

/// What was asked counts with what the answers said was selected. A card that
/// says to have selected another application than it has may hear record 1 of
/// the card information as one of its own file 0001, which has no records.
fn check_lied(name: &str, wanted: &Wanted, how: &str, log: &[Asked], card: &Machine) {
    let verdict = judge(log, &[], true);
    assert!(verdict.is_ok(), "{name}, {wanted:?}, {how}: {verdict:?}");
    let touched = card.trips().iter().find(|trip| trip.ins != list::RECORD);
    assert!(touched.is_none(), "{name}, {wanted:?}, {how}: {touched:?}");
    let tried = log.iter().filter(|asked| asked.attempts()).count();
    assert!(
        tried <= attempts(wanted),
        "{name}, {wanted:?}, {how}: {tried}"
    );
}

fn of(name: &str) -> (Facts, Machine) {
    (rack().facts(name).unwrap(), rack().named(name).unwrap())
}

#[test]
fn every_card_and_every_wish_asks_only_what_is_on_the_list() {
    let (mut ways, mut read, mut proved) = (0, 0, 0);
    for name in rack().names() {
        let (facts, fresh) = of(name);
        for wanted in wishes(&facts) {
            let mut card = fresh.clone();
            let atr = card.atr().to_vec();
            let trouble = do_it(&mut card, &atr, &wanted);
            check(name, &wanted, "undisturbed", &card, false);
            let tried = card.log().iter().any(Asked::attempts);
            let left = tries(&fresh, &wanted);
            match left {
                Some(0) => assert!(!tried, "{name}: tried with nothing left"),
                Some(left @ 1..=2) if confirmed(&wanted) != Some(left) => {
                    assert!(!tried, "{name}: tried with {left} left, unsaid");
                }
                _ => {}
            }
            if matches!(wanted, Wanted::Another(_)) && name != "gojo" {
                assert!(!tried, "{name}: a key went to somebody else's card");
            }
            ways += 1;
            if trouble.is_none() {
                read += usize::from(matches!(wanted, Wanted::Four(..)));
                proved += usize::from(matches!(wanted, Wanted::Prove(..)));
            }
        }
    }
    // These ways were gone to their ends.
    assert!(
        ways > 1000 && read > 100 && proved > 50,
        "{ways} {read} {proved}"
    );
}

/// Wishes to be disturbed, each with its number of commands. Of cards that go
/// on in the same way, command for command and answer for answer, one is
/// enough.
fn different() -> Vec<(&'static str, Machine, Wanted, u32)> {
    let mut known = BTreeSet::new();
    let mut all = Vec::new();
    for name in rack().names() {
        let (facts, fresh) = of(name);
        for (number, wanted) in few_wishes(&facts).into_iter().enumerate() {
            let mut card = fresh.clone();
            let atr = card.atr().to_vec();
            do_it(&mut card, &atr, &wanted);
            let way: Vec<_> = card
                .log()
                .iter()
                .map(|it| (it.ins, it.p1, it.p2, it.app, it.sent, it.status))
                .collect();
            let length = u32::try_from(way.len()).unwrap();
            if known.insert((number, way)) {
                all.push((name, fresh.clone(), wanted, length));
            }
        }
    }
    all
}

#[test]
fn taken_away_or_changed_for_another_at_every_command() {
    let mut ways = 0;
    for (name, fresh, wanted, length) in different() {
        for at in 1..=length {
            for removal in [Removal::During(at), Removal::After(at)] {
                for (next, unseen) in [
                    (None, false),
                    (Some("ichinose"), false),
                    (Some("ichinose"), true),
                    (Some("juki"), true),
                ] {
                    let mut card = fresh.clone();
                    card.insert();
                    card.manner_mut().removal = Some(removal);
                    card.manner_mut().unseen = unseen;
                    card.manner_mut().next = next.map(|next| Box::new(rack().named(next).unwrap()));
                    let atr = card.atr().to_vec();
                    do_it(&mut card, &atr, &wanted);
                    let how = format!("{removal:?}, then {next:?}, unseen {unseen}");
                    // A command for the one may reach the other.
                    check(name, &wanted, &how, &card, unseen);
                    ways += 1;
                }
            }
        }
    }
    assert!(ways > 1_000, "{ways}");
}

#[test]
fn answers_that_are_none_at_every_command() {
    let mut ways = 0;
    for (name, fresh, wanted, length) in different() {
        for at in 1..=length {
            for lie in LIES {
                let mut card = fresh.clone();
                let atr = card.atr().to_vec();
                let mut liar = Liar::new(&mut card, at, lie);
                let mut witness = Witness::new(&mut liar);
                do_it(&mut witness, &atr, &wanted);
                let how = format!("{lie:02X?} at {at}");
                let log = std::mem::take(&mut witness.log);
                check_lied(name, &wanted, &how, &log, &card);
                ways += 1;
            }
        }
        for seed in 0..12 {
            let mut card = fresh.clone();
            let atr = card.atr().to_vec();
            let mut mumbler = Mumbler::new(&mut card, seed);
            let mut witness = Witness::new(&mut mumbler);
            do_it(&mut witness, &atr, &wanted);
            let log = std::mem::take(&mut witness.log);
            check_lied(name, &wanted, &format!("seed {seed}"), &log, &card);
            ways += 1;
        }
    }
    assert!(ways > 2_000, "{ways}");
}

/// The reader's own mind over the same cards: the look by itself, and jobs.
#[test]
fn through_the_reader_with_jobs_of_the_desk() {
    let now = |mono: u64| Now {
        wall: "2026-11-20T09:12:00+09:00".parse().unwrap(),
        mono: Duration::from_secs(mono),
    };
    let mut reader = Reader::new(Rack::built_in(TODAY));
    reader.begin(now(0));
    let (mut time, mut number, mut done) = (0, 0, 0);
    for name in rack().names() {
        let facts = rack().facts(name).unwrap();
        reader.put(now(time), Some(name)).unwrap();
        for wanted in wishes(&facts) {
            number += 1;
            let id = JobId(number);
            let job = match wanted {
                Wanted::Look => Job::Drop { id },
                Wanted::Four(key, confirmed) => Job::Read {
                    id,
                    presence: None,
                    key,
                    confirmed,
                },
                Wanted::FourAndLook(key) | Wanted::Another(key) => Job::Read {
                    id,
                    presence: None,
                    key,
                    confirmed: None,
                },
                Wanted::Prove(pin, confirmed) => Job::Prove {
                    id,
                    presence: None,
                    pin,
                    confirmed,
                },
            };
            let mut reports = reader.send(now(time), job);
            for _ in 0..40 {
                time += 1;
                reports.extend(reader.tick(now(time)));
            }
            done += reports
                .iter()
                .filter(|it| matches!(it, Report::Done { .. }))
                .count();
            // A card that left by itself is waited for.
            reader.send(now(time), Job::Drop { id });
        }
        reader.put(now(time), None).unwrap();
    }
    assert!(done > 1000, "{done}");
    let mut commands = 0;
    for card in reader.cards() {
        let verdict = judge(card.log(), card.trips(), true);
        assert!(verdict.is_ok(), "{}: {verdict:?}", card.name());
        commands += card.log().len();
    }
    assert!(commands > 5_000, "{commands}");
}
