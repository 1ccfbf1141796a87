//! Clocks that jump, midnight, and a change of era.

use super::stage::{MORNING, Stage, card};
use jiff::civil::{Date, date};
use madoguchi::clock::Clock;
use madoguchi::domain::entitlement::Validity;
use madoguchi::domain::insurance::LookupQuery;
use madoguchi::domain::note::{Group, NoteState};
use madoguchi::link::message::ToDesk;
use madoguchi::simulator::core::Asked;

/// Name and play of each.
pub const ROWS: &[(&str, fn())] = &[
    ("F-10 the clock goes back an hour during work", back),
    ("F-11 the clock goes forward a day during work", forward),
    ("F-12 midnight between the note and its question", midnight),
    ("F-12 an era ends between the note and its question", era),
    ("F-12 the day nobody knows the era of", far),
];

/// Notes taken around a jump of the clock are asked for in their order, each
/// once, and nobody is logged off.
fn jump(seconds: i64) {
    let (clock, setter) = Clock::settable(MORNING.parse().unwrap());
    let mut desk = Stage::with(clock).desk();
    desk.login("002").unwrap();
    desk.set(&["outage=on"]);
    desk.say(ToDesk::ProbeNow);
    desk.until("the line is down", |s| s.line.down());
    let first = desk.save(date(2026, 11, 20));
    setter.by(seconds);
    let second = desk.save(date(2026, 11, 20));
    assert_ne!(first.id, second.id);
    desk.set(&["outage=off"]);
    desk.until("both are resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&2)
    });
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    for note in [&first, &second] {
        match desk.note(&note.id).state {
            NoteState::Resolved(found) => assert_eq!(found.answer.check_date, date(2026, 11, 20)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(desk.resolutions(), [(first.id, 1), (second.id, 1)].into());
}

fn back() {
    jump(-3600);
}

fn forward() {
    jump(86_400);
}

/// A note is taken on one day and asked for on the next: the stand-in is asked
/// about the visit and not about the day it is by then.
fn over(start: &str, visit: Date) {
    let (clock, setter) = Clock::settable(start.parse().unwrap());
    let mut desk = Stage::with(clock).desk();
    desk.login("002").unwrap();
    desk.set(&["outage=on"]);
    desk.say(ToDesk::ProbeNow);
    desk.until("the line is down", |s| s.line.down());
    assert_eq!(desk.stage.clock.now().today(), visit);
    let note = desk.save(visit);
    setter.by(600);
    assert_ne!(desk.stage.clock.now().today(), visit);
    desk.set(&["outage=off"]);
    desk.until("it is resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&1)
    });
    let today = desk.stage.clock.now().today();
    let query = LookupQuery {
        check_date: today,
        ..card()
    };
    assert_eq!(desk.lookup_of(query).unwrap().check_date, today);
    // What went over the wire: a person's own questions begin with Q.
    let core = desk.stage.core.lock().unwrap();
    let (by_person, by_sync): (Vec<_>, Vec<_>) = (core.asked())
        .filter(|asked| asked.check_date.is_some())
        .partition(|asked| asked.id.starts_with('Q'));
    let dates = |asked: &[&Asked]| {
        asked
            .iter()
            .filter_map(|a| a.check_date)
            .collect::<Vec<_>>()
    };
    assert_eq!(dates(&by_person), [today]);
    let by_sync = dates(&by_sync);
    drop(core);
    assert!(
        !by_sync.is_empty() && by_sync.iter().all(|date| *date == visit),
        "{by_sync:?}"
    );
    match desk.note(&note.id).state {
        NoteState::Resolved(found) => assert_eq!(found.answer.check_date, visit),
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.resolutions(), [(note.id, 1)].into());
}

fn midnight() {
    over("2026-11-20T14:55:00Z", date(2026, 11, 20));
}

fn era() {
    over("2019-04-30T14:55:00Z", date(2019, 4, 30));
}

fn far() {
    over("2099-12-31T14:55:00Z", date(2099, 12, 31));
}
