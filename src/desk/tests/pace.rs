//! What the state line says of a run: its rate and the time left, over a stop,
//! beside a note that is asked for alone, and to the last answer.

use super::rig::*;
use super::script::*;
use crate::central::call::{Answer, Call};
use crate::desk::event::Event;
use crate::domain::entitlement::Validity;
use crate::domain::note::{Group, Note, NoteId};
use crate::link::message::{SyncState, ToDesk};
use std::time::Duration;

/// What each question takes.
const TRIP: u64 = 4;

fn answer(validity: Validity) -> Answer {
    Answer::Checked(Box::new(eligible(validity, TODAY, BORN)))
}

/// A run of so many notes, with its first questions on the line.
fn run(notes: usize) -> (Rig, Vec<Note>) {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let notes = (0..notes).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.script.deaf = true;
    rig.script.down = false;
    while rig.open.is_empty() {
        rig.sleep(Duration::from_millis(10));
    }
    (rig, notes)
}

/// What is on the line comes back, all at once.
fn wave(rig: &mut Rig) {
    rig.seconds(TRIP);
    rig.answer_open(&Ok(answer(Validity::Valid)));
}

fn state(rig: &Rig) -> SyncState {
    rig.desk.sync_state()
}

#[test]
fn a_stop_and_a_note_asked_for_alone_meanwhile_are_no_part_of_the_run() {
    let (mut rig, notes) = run(60);
    wave(&mut rig);
    wave(&mut rig);
    rig.say(ONE, ToDesk::Sync { run: false });
    assert_eq!(state(&rig), SyncState::Stopping { notes: 8 });
    rig.seconds(TRIP);
    let (call, _) = rig.open.pop().unwrap();
    let result = Ok(answer(Validity::Valid));
    rig.event(Event::Answered { call, result });
    assert_eq!(rig.status(ONE).sync, SyncState::Stopping { notes: 7 });
    rig.answer_open(&Ok(answer(Validity::Valid)));
    assert_eq!(state(&rig), SyncState::AwaitingConfirm { notes: 36 });

    rig.seconds(300);
    let alone = notes[59].id.clone();
    let ticket = rig.ticket();
    let id = alone.clone();
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id,
            revision: 1,
        },
    );
    assert_eq!(rig.open.len(), 1);
    assert_eq!(state(&rig), SyncState::AwaitingConfirm { notes: 35 });
    rig.seconds(20);
    rig.answer_open(&Ok(answer(Validity::Valid)));
    assert_eq!(rig.note(&alone).state.group(), Group::Resolved);
    rig.seconds(300);

    rig.say(ONE, ToDesk::Sync { run: true });
    let mut left = 35_u64;
    while left > 0 {
        let SyncState::Running {
            done,
            total,
            per_minute: Some(rate),
            seconds_left: Some(seconds),
        } = state(&rig)
        else {
            panic!("{:?}", state(&rig));
        };
        assert_eq!((done as u64, total), (59 - left, 59));
        assert!((115..=125).contains(&rate), "{left}: {rate}");
        let truly = left.div_ceil(8) * TRIP;
        assert!(
            seconds <= truly + 1 && seconds + 4 >= truly,
            "{left}: {seconds}"
        );
        wave(&mut rig);
        left = left.saturating_sub(8);
    }
    assert_eq!(state(&rig), SyncState::Idle);
}

#[test]
fn while_something_is_on_the_line_a_round_trip_is_left() {
    let (mut rig, notes) = run(10);
    let several: Vec<NoteId> = notes[..2].iter().map(|note| note.id.clone()).collect();
    let mut questions = 0;
    let mut said = 0;
    while !rig.open.is_empty() {
        questions += 1;
        rig.seconds(TRIP);
        for (call, what) in std::mem::take(&mut rig.open) {
            let ways =
                matches!(&what, Call::Lookup { id, .. } if several.iter().any(|s| s.0 == *id));
            let validity = if ways {
                Validity::NotFound
            } else {
                Validity::Valid
            };
            let result = Ok(answer(validity));
            rig.event(Event::Answered { call, result });
        }
        if let SyncState::Running {
            seconds_left: Some(seconds),
            ..
        } = state(&rig)
        {
            said += 1;
            assert!(seconds >= TRIP, "{questions}: {seconds}");
        } else {
            assert!(rig.open.is_empty(), "{:?}", state(&rig));
        }
    }
    assert!(said >= 1 && questions >= 2, "{said} {questions}");
}
