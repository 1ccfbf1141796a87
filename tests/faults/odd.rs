//! Answers that are not what was asked for, logins that end, and a line that
//! comes and goes.

use super::stage::{MORNING, Stage, card, card_of};
use jiff::civil::date;
use madoguchi::domain::entitlement::Validity;
use madoguchi::domain::failure::Failure;
use madoguchi::domain::note::{Group, NoteState};
use madoguchi::link::message::ToDesk;
use std::collections::BTreeMap;

/// Name and play of each.
pub const ROWS: &[(&str, fn())] = &[
    ("F-17 slow within the limit", slow),
    ("F-37 the answer comes twice", twice),
    ("F-38 the answer to the question before", swapped),
    ("F-39 the answer for another patient", stranger),
    ("F-40 429 and wait 600 s", wait_600),
    ("F-40 429 and a date", wait_date),
    (
        "F-41 N-5 it recovers and fails again, again and again",
        flapping,
    ),
    ("F-42 control characters in the texts", control),
    ("F-43 a verdict nobody knows", unknown),
    ("401 in a look-up", expired_lookup),
    ("401 in the middle of the sync", expired_sync),
];

fn slow() {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["delay=600ms"]);
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    assert!(
        desk.state_line().starts_with("回線遅い"),
        "{}",
        desk.state_line()
    );
    desk.set(&["delay=0"]);
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    assert!(
        desk.state_line().starts_with("回線正常"),
        "{}",
        desk.state_line()
    );
    assert_eq!(desk.reached("lookup"), 2);
}

fn twice() {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["answer=twice"]);
    for (query, want) in [
        (card(), Validity::Valid),
        (
            card_of(["06139000", "8000", "1", "00"], date(1950, 10, 10)),
            Validity::Invalid,
        ),
        (card(), Validity::Valid),
    ] {
        assert_eq!(desk.lookup_of(query).unwrap().validity, want);
    }
    assert_eq!(desk.reached("lookup"), 3);
    // The sync's question, too: resolved, and once.
    let note = desk.save(date(2026, 11, 20));
    desk.until("the note is resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&1)
    });
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    assert_eq!(desk.reached("lookup"), 5);
    assert_eq!(desk.resolutions(), [(note.id, 1)].into());
}

/// What is not the answer to this question is no answer at all.
fn refused(mangle: &str) {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&[mangle]);
    let other = card_of(["06139000", "8000", "1", "00"], date(1950, 10, 10));
    assert_eq!(desk.lookup_of(other).unwrap().validity, Validity::Invalid);
    let failure = desk.lookup().unwrap_err();
    assert!(matches!(failure, Failure::Garbled { .. }), "{failure}");
    let note = desk.save(date(2026, 11, 20));
    desk.set(&["answer=off"]);
    desk.until("the note is resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&1)
    });
    match desk.note(&note.id).state {
        NoteState::Resolved(resolution) => {
            assert_eq!(resolution.answer.validity, Validity::Valid);
            assert_eq!(resolution.answer.entitlements[0].insurer_number, "01139906");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.resolutions(), [(note.id, 1)].into());
}

fn swapped() {
    refused("answer=swapped");
}

fn stranger() {
    refused("answer=stranger");
}

fn waits(retry_after: &str, seconds: std::ops::RangeInclusive<i64>) {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.until("the line is well", |s| s.line.usable());
    desk.set(&["status=429", retry_after]);
    let before = desk.stage.clock.now().wall;
    let note = desk.save(date(2026, 11, 20));
    let at = loop {
        if let NoteState::Waiting {
            not_before: Some(at),
        } = desk.note(&note.id).state
        {
            break at;
        }
    };
    let wait = at.duration_since(before).as_secs();
    assert!(seconds.contains(&wait), "{wait} s");
    desk.set(&["status=off"]);
    let asked = desk.reached("lookup");
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
    assert_eq!(desk.reached("lookup"), asked + 1, "the note waits");
    assert_eq!(desk.resolutions(), [(note.id, 0)].into());
}

fn wait_600() {
    waits("retry-after=600", 590..=640);
}

/// Counted from the answer's own `Date`, which is the machine's clock and long
/// past this one: capped.
fn wait_date() {
    waits("retry-after=Fri, 31 Dec 2100 00:00:00 GMT", 590..=640);
}

fn flapping() {
    const NOTES: usize = 300;
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["outage=on"]);
    desk.say(ToDesk::ProbeNow);
    desk.until("the line is down", |s| s.line.down());
    let mut ids = Vec::new();
    for _ in 0..NOTES {
        ids.push(desk.save(date(2026, 11, 20)).id);
    }
    let bad = [
        "outage=on",
        "status=503",
        "cutoff=on",
        "answer=lost",
        "answer=big",
        "garbage=on",
    ];
    let good = [
        "outage=off",
        "status=off",
        "cutoff=off",
        "answer=off",
        "answer=off",
        "garbage=off",
    ];
    // Slow enough to be caught on its way: changes are told at a pace.
    desk.set(&["delay=200ms"]);
    desk.set(&["outage=off"]);
    let done = |notes: &BTreeMap<Group, usize>| notes.get(&Group::Resolved).copied().unwrap_or(0);
    let mut failed = 0;
    for turn in 0..24 {
        // Some are through, then it fails in the middle.
        let goal = NOTES * turn / 30;
        desk.until("some notes are through", |s| done(&s.notes) >= goal);
        let fault = turn % bad.len();
        desk.set(&[bad[fault]]);
        let status = desk.until("the line is down, or all are through", |s| {
            s.line.down() || done(&s.notes) == NOTES
        });
        failed += usize::from(status.line.down());
        desk.set(&[good[fault]]);
    }
    assert!(failed >= 2 * bad.len(), "{failed}");
    desk.set(&["delay=0"]);
    desk.until("all are through", |s| done(&s.notes) == NOTES);
    for id in ids.iter().step_by(37) {
        assert_eq!(desk.note(id).state.group(), Group::Resolved);
    }
    let all = desk.resolutions();
    assert_eq!(all.len(), NOTES);
    assert!(all.values().all(|n| *n == 1), "{all:?}");
}

fn control() {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["answer=control"]);
    let answer = desk.lookup().unwrap();
    assert_eq!(answer.validity, Validity::Valid);
    let shown = serde_json::to_value(&answer).unwrap();
    let mut texts = Vec::new();
    collect(&shown, &mut texts);
    // What stood around the dangerous ones is there, and nothing of them.
    assert!(
        texts.iter().any(|text| text.starts_with("東京都")),
        "{texts:?}"
    );
    let rest = |text: &String| text.contains("[2J") || text.contains("31m");
    assert!(!texts.iter().any(rest), "{texts:?}");
    for text in texts {
        let bad = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        };
        assert!(!text.chars().any(bad), "{text:?}");
    }
    assert_eq!(desk.reached("lookup"), 1);
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, texts)),
        serde_json::Value::Object(map) => map.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn unknown() {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["answer=unknown"]);
    let answer = desk.lookup().unwrap();
    assert_eq!(answer.validity, Validity::Unknown("77".to_owned()));
    let note = desk.save(date(2026, 11, 20));
    desk.until("a person has to look", |s| {
        s.notes.get(&Group::NeedsPerson) == Some(&1)
    });
    desk.set(&["answer=off"]);
    let (id, revision) = (note.id.clone(), desk.note(&note.id).revision);
    desk.ask(|ticket| ToDesk::RetryNote {
        ticket,
        id,
        revision,
    })
    .unwrap();
    desk.until("the note is resolved", |s| {
        s.notes.get(&Group::Resolved) == Some(&1)
    });
    assert_eq!(desk.resolutions(), [(note.id, 1)].into());
}

fn expired_lookup() {
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["expire-tokens=now"]);
    assert_eq!(desk.lookup().unwrap_err(), Failure::SessionExpired);
    // None if the notices, fetched at the login, met the end of it first.
    assert!(desk.reached("lookup") <= 1);
    assert!(
        desk.state_line().starts_with("回線正常"),
        "{}",
        desk.state_line()
    );
    desk.login("002").unwrap();
    assert_eq!(desk.lookup().unwrap().validity, Validity::Valid);
}

fn expired_sync() {
    const NOTES: usize = 60;
    let mut desk = Stage::at(MORNING).desk();
    desk.login("002").unwrap();
    desk.set(&["outage=on"]);
    desk.say(ToDesk::ProbeNow);
    desk.until("the line is down", |s| s.line.down());
    for _ in 0..NOTES {
        desk.save(date(2026, 11, 20));
    }
    // Slow enough to be caught on its way: changes are told at a pace.
    desk.set(&["delay=400ms"]);
    desk.set(&["outage=off"]);
    desk.until("some are through", |s| {
        s.notes.get(&Group::Resolved).is_some_and(|n| *n >= 5)
    });
    desk.set(&["expire-tokens=now"]);
    let held = desk.until("nothing is asked any more", |s| {
        s.notes.get(&Group::Asking).copied().unwrap_or(0) == 0
            && s.notes.get(&Group::Blocked).is_some_and(|n| *n > 0)
    });
    assert!(held.notes.get(&Group::Resolved).is_some_and(|n| *n < NOTES));
    desk.set(&["delay=0"]);
    desk.login("002").unwrap();
    desk.until("all are through", |s| {
        s.notes.get(&Group::Resolved) == Some(&NOTES)
    });
    assert!(desk.resolutions().values().all(|n| *n == 1));
}
