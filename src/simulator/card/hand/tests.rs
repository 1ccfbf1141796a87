use super::*;
use crate::card::job::{JobId, Outcome};
use crate::domain::card::Key;
use crate::domain::card::{Kind, Presence};
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::simulator::card::Removal;
use jiff::civil::date;

const DELAY: Duration = Duration::from_millis(25);

fn at(millis: u64) -> Now {
    let mono = Duration::from_millis(millis);
    let start: jiff::Timestamp = "2026-11-20T00:12:00Z".parse().unwrap();
    Now {
        wall: start.saturating_add(mono).unwrap(),
        mono,
    }
}

fn reader() -> Reader {
    let mut reader = Reader::new(Rack::built_in(date(2026, 11, 20)));
    let first = reader.begin(at(0));
    let waiting = ReaderState::Waiting {
        reader: NAME.to_owned(),
    };
    assert_eq!(first, [Report::State(waiting)]);
    reader
}

fn pin(reader: &Reader, name: &str) -> Key {
    let facts = reader.rack.facts(name).unwrap();
    Key::Pin(Secret::new(facts.text))
}

fn read(id: u64, key: Key, presence: Option<Presence>) -> Job {
    Job::Read {
        id: JobId(id),
        presence,
        key,
        confirmed: None,
    }
}

/// Lets time pass until nothing more is due, or `end`.
fn pass(reader: &mut Reader, end: u64) -> Vec<(u64, Report)> {
    let mut heard = Vec::new();
    while let Some(due) = reader
        .due()
        .filter(|due| *due <= Duration::from_millis(end))
    {
        let now = u64::try_from(due.as_millis()).unwrap();
        heard.extend(reader.tick(at(now)).into_iter().map(|report| (now, report)));
    }
    heard
}

fn done(heard: &[(u64, Report)]) -> Vec<(u64, u64, Result<String, Trouble>)> {
    let one = |(at, report): &(u64, Report)| match report {
        Report::Done { id, result } => {
            let said = result.clone().map(|outcome| match outcome {
                Outcome::Four { four, .. } => four.name.text,
                Outcome::Proved(seen) => seen.serial,
                Outcome::Late { .. } => "late".to_owned(),
            });
            Some((*at, id.0, said))
        }
        _ => None,
    };
    heard.iter().filter_map(one).collect()
}

#[test]
fn a_card_is_seen_at_once_and_looked_at_in_its_time() {
    let mut reader = reader();
    reader.slow(DELAY);
    let first = reader.put(at(0), Some("ichinose")).unwrap();
    let glance = |report: &Report| match report {
        Report::State(ReaderState::CardPresent {
            glance: Some(glance),
            ..
        }) => Some((glance.presence, glance.kind)),
        _ => None,
    };
    assert_eq!(first.iter().find_map(glance).unwrap().1, None);
    let heard = pass(&mut reader, 10_000);
    let kinds: Vec<_> = heard.iter().filter_map(|(_, one)| glance(one)).collect();
    assert_eq!(kinds.last().unwrap().1, Some(Kind::MyNumber));
    let seen = heard.iter().find_map(|(at, one)| match one {
        Report::Seen(seen) => Some((*at, seen.clone())),
        _ => None,
    });
    let (when, seen) = seen.unwrap();
    assert!(when >= 25 * 5 && when.is_multiple_of(25), "{when}");
    assert!(!seen.serial.is_empty());
}

#[test]
fn who_waits_has_the_name_after_the_necessary_commands() {
    let mut reader = reader();
    reader.slow(DELAY);
    let key = pin(&reader, "ichinose");
    assert_eq!(reader.send(at(0), read(1, key, None)), []);
    reader.put(at(100), Some("ichinose")).unwrap();
    let ended = done(&pass(&mut reader, 10_000));
    let name = reader.rack.facts("ichinose").unwrap().full_name.unwrap();
    // Eight commands, as `card::reading` argues.
    assert_eq!(ended, [(100 + 8 * 25, 1, Ok(name))]);
}

#[test]
fn a_card_taken_away_or_changed_gives_nothing() {
    for then in [None, Some("hanako")] {
        let mut reader = reader();
        reader.slow(DELAY);
        reader.put(at(0), Some("ichinose")).unwrap();
        pass(&mut reader, 1000);
        let key = pin(&reader, "ichinose");
        let mut heard = Vec::new();
        let first = reader.send(at(2000), read(1, key, None));
        heard.extend(first.into_iter().map(|one| (2000, one)));
        heard.extend(pass(&mut reader, 2060));
        let moved = reader.put(at(2060), then).unwrap();
        heard.extend(moved.into_iter().map(|one| (2060, one)));
        heard.extend(pass(&mut reader, 60_000));
        assert_eq!(done(&heard), [(2060, 1, Err(Trouble::Lifted))], "{then:?}");
    }
}

#[test]
fn the_reader_goes_and_comes_back() {
    let mut reader = reader();
    reader.put(at(0), Some("bank")).unwrap();
    let gone = reader.plug(at(10), false);
    assert_eq!(gone, [Report::State(ReaderState::NoReader)]);
    let back = reader.plug(at(20), true);
    assert!(matches!(
        &back[..],
        [Report::State(ReaderState::CardPresent { .. }), ..]
    ));
}

#[test]
fn tries_do_not_come_back_with_the_card() {
    let mut reader = reader();
    let wrong = || Key::Pin(Secret::new("0000".to_owned()));
    let left = |heard: Vec<Report>| {
        let heard: Vec<_> = heard.into_iter().map(|one| (0, one)).collect();
        match &done(&heard)[..] {
            [(_, _, Err(trouble))] => trouble.clone(),
            other => panic!("{other:?}"),
        }
    };
    reader.put(at(0), Some("ichinose")).unwrap();
    let first = left(reader.send(at(1), read(1, wrong(), None)));
    assert!(
        matches!(first, Trouble::WrongKey { left: Some(2), .. }),
        "{first:?}"
    );
    reader.put(at(2), None).unwrap();
    reader.put(at(3), Some("ichinose")).unwrap();
    let second = left(reader.send(at(4), read(2, wrong(), None)));
    assert!(
        matches!(second, Trouble::FewTries { left: 2, .. }),
        "{second:?}"
    );
}

#[test]
fn an_unknown_card_is_named_with_those_there_are() {
    let mut reader = reader();
    let error = reader.put(at(0), Some("nobody")).unwrap_err().to_string();
    assert!(
        error.contains("nobody") && error.contains("ichinose"),
        "{error}"
    );
}

#[test]
fn a_wish_taken_back_ends_as_dropped() {
    let mut reader = reader();
    let key = pin(&reader, "ichinose");
    reader.send(at(0), read(1, key, None));
    let heard = reader.send(at(1), Job::Drop { id: JobId(1) });
    let heard: Vec<_> = heard.into_iter().map(|one| (1, one)).collect();
    assert_eq!(done(&heard), [(1, 1, Err(Trouble::Dropped))]);
    reader.put(at(2), Some("ichinose")).unwrap();
    assert_eq!(done(&pass(&mut reader, 60_000)), []);
}

#[test]
fn every_card_of_the_rack_can_be_put_down() {
    let mut reader = reader();
    let names: Vec<String> = reader.rack.names().map(str::to_owned).collect();
    for (n, name) in names.iter().enumerate() {
        let from = 100_000 * n as u64;
        let mut heard = reader.put(at(from), Some(name)).unwrap();
        let later = pass(&mut reader, from + 90_000);
        heard.extend(later.into_iter().map(|(_, one)| one));
        let told = heard.iter().rev().find_map(|one| match one {
            Report::State(ReaderState::CardPresent {
                glance: Some(glance),
                ..
            }) => Some(glance.kind.is_some() || glance.trouble.is_some()),
            Report::State(_) => Some(true),
            _ => None,
        });
        assert_eq!(told, Some(true), "{name}: never looked at");
    }
}

#[test]
fn section_8_6_a_change_that_the_reader_hid_shows_when_the_card_is_asked_again() {
    let mut reader = reader();
    reader.put(at(0), Some("ichinose")).unwrap();
    pass(&mut reader, 1000);
    let seen = |heard: &[Report]| {
        let of = |one: &Report| match one {
            Report::Seen(seen) => Some((seen.presence, seen.serial.clone())),
            _ => None,
        };
        heard.iter().rev().find_map(of)
    };
    let look = |reader: &mut Reader, time: u64| {
        let mut heard = reader.send(at(time), Job::Look);
        let later = pass(reader, time + 5000);
        heard.extend(later.into_iter().map(|(_, one)| one));
        heard
    };
    // The same card: the same stay.
    let first = seen(&look(&mut reader, 2000)).unwrap();
    assert_eq!(seen(&look(&mut reader, 9000)), Some(first.clone()));
    let other = reader.rack.named("hanako").unwrap();
    let card = reader.card_mut("ichinose").unwrap();
    let asked = u32::try_from(card.log().len()).unwrap();
    let manner = card.manner_mut();
    manner.next = Some(Box::new(other));
    manner.unseen = true;
    manner.removal = Some(Removal::During(asked + 1));
    let second = seen(&look(&mut reader, 20_000)).unwrap();
    assert!(second.0 > first.0);
    assert_ne!(second.1, first.1);
}

#[test]
fn a_phone_that_has_signed_lies_there_as_before() {
    for name in ["android", "iphone"] {
        let mut reader = reader();
        let mut heard = reader.put(at(0), Some(name)).unwrap();
        heard.extend(pass(&mut reader, 1000).into_iter().map(|(_, one)| one));
        let presence = lies(&heard).unwrap();
        let pin = Secret::new(reader.rack.facts(name).unwrap().authentication);
        let mut say = |time: u64, job: Job| {
            let mut heard = reader.send(at(time), job);
            let later = pass(&mut reader, time + 900);
            heard.extend(later.into_iter().map(|(_, one)| one));
            assert!(lies(&heard).is_none_or(|it| it == presence), "{heard:?}");
            heard
        };
        for id in [1, 2] {
            let prove = Job::Prove {
                id: JobId(id),
                presence: Some(presence),
                pin: pin.clone(),
                confirmed: None,
            };
            let proved = say(id * 2000, prove);
            let good = |one: &Report| matches!(one, Report::Done { result: Ok(_), .. });
            assert!(proved.iter().any(good), "{name} {id}: {proved:?}");
            let looked = say(id * 2000 + 1000, Job::Look);
            let seen = |one: &Report| matches!(one, Report::Seen(_));
            assert!(looked.iter().any(seen), "{name} {id}: {looked:?}");
        }
    }
}

/// The stay that was told of last.
fn lies(heard: &[Report]) -> Option<Presence> {
    heard.iter().rev().find_map(|report| match report {
        Report::State(ReaderState::CardPresent { glance, .. }) => {
            glance.as_ref().map(|it| it.presence)
        }
        _ => None,
    })
}
