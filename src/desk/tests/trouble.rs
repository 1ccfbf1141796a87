//! The disk: nothing is acknowledged that is not on it (REL-1, REL-4).

use super::rig::*;
use super::script::*;
use crate::desk::Desk;
use crate::desk::event::Event;
use crate::domain::entitlement::Validity;
use crate::domain::failure::Failure;
use crate::domain::note::{Group, NoteState};
use crate::link::message::{LedgerFilter, ToDesk, ToFront};
use crate::store::record::{Loaded, Progress, What};
use std::sync::Arc;
use std::time::Duration;

#[test]
fn rel_1_noted_is_said_only_when_it_is_on_disk() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    rig.hold_writes = true;
    rig.save(ONE, four("ヒトリ"));
    assert!(!matches!(rig.answer(ONE), ToFront::Noted { .. }));
    assert_eq!(rig.status(ONE).notes[&Group::Open], 0);
    rig.hold_writes = false;
    rig.flush();
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
    assert_eq!(rig.status(ONE).notes[&Group::Open], 1);
}

#[test]
fn rel_4_a_full_disk_is_said_and_passes() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let kept = rig.noted(ONE, four("ヒトリ"));
    rig.store_error = Some(full());
    rig.save(ONE, four("フタリ"));
    assert!(matches!(
        rig.answer(ONE),
        ToFront::Failed {
            failure: Failure::Store { .. },
            ..
        }
    ));
    assert!(rig.status(ONE).store_trouble.is_some());
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id: kept.id.clone(),
            revision: 1,
            reason: "x".to_owned(),
        },
    );
    assert_eq!(rig.note(&kept.id).state, NoteState::Noted);
    rig.store_error = None;
    let next = rig.noted(ONE, four("フタリ"));
    assert!(rig.status(ONE).store_trouble.is_none());
    // REL-11: the number of the lost note is not used again.
    assert_eq!(next.id.0, "20261120-0003");
}

#[test]
fn an_outcome_that_is_not_on_disk_is_asked_for_again() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    let note = rig.noted(ONE, card("10001"));
    let (call, _) = rig.open.pop().unwrap();
    rig.script.hole = false;
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.store_error = Some(full());
    let answer = eligible(Validity::Valid, TODAY, BORN);
    let result = Ok(crate::central::call::Answer::Checked(Box::new(answer)));
    rig.event(Event::Answered { call, result });
    // Nothing is on the line any more.
    assert_eq!(rig.note(&note.id).state.group(), Group::Open);
    rig.store_error = None;
    rig.seconds(31);
    assert_eq!(rig.note(&note.id).state.group(), Group::Resolved);
}

#[test]
fn a_note_taken_before_the_store_is_open_waits_for_it() {
    let mut rig = Rig::staffed("003");
    let note = rig.noted(ONE, card("1"));
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    let next = rig.noted(ONE, card("1"));
    assert!(next.id > note.id, "{} {}", next.id, note.id);
}

#[test]
fn a_store_that_cannot_be_opened_refuses_notes_and_lets_people_in() {
    let mut rig = Rig::unopened(config());
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", false);
    rig.event(Event::Opened(Err(full())));
    assert!(rig.status(ONE).store_trouble.is_some());
    assert!(!rig.status(ONE).store_opening);
    assert!(
        rig.last(ONE, |m| matches!(m, ToFront::LoggedIn { .. }))
            .is_some()
    );
    rig.save(ONE, card("1"));
    assert!(matches!(
        rig.answer(ONE),
        ToFront::Failed {
            failure: Failure::Store { .. },
            ..
        }
    ));
    // It is tried again, and comes back.
    rig.event(Event::Opened(Ok(Loaded::default())));
    assert!(rig.status(ONE).store_trouble.is_none());
    rig.noted(ONE, card("1"));
}

#[test]
fn asking_notes_go_back_to_waiting_at_a_restart() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    let note = rig.noted(ONE, card("10001"));
    assert_eq!(rig.note(&note.id).state.group(), Group::Asking);
    rig.script.hole = false;
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.restart();
    rig.seconds(1);
    assert_eq!(rig.note(&note.id).state.group(), Group::Blocked);
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    assert_eq!(rig.note(&note.id).state.group(), Group::Resolved);
}

#[test]
fn sec_29_login_view_and_logout_leave_one_line_each() {
    let mut rig = Rig::staffed("003");
    let note = rig.noted(ONE, card("10001"));
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::OpenNote {
            ticket,
            id: note.id.clone(),
        },
    );
    rig.say(ONE, ToDesk::Logout);
    let lines: Vec<&What> = rig
        .audit()
        .into_iter()
        .filter(|what| !matches!(what, What::Started { .. } | What::Opening(_)))
        .collect();
    assert_eq!(
        lines,
        [
            &What::Login {
                user: "003".to_owned(),
                outcome: "ok".to_owned()
            },
            &What::Viewed(note.id),
            &What::Logout {
                why: "asked".to_owned()
            },
        ]
    );
}

#[test]
fn dom_44_a_personal_number_is_not_noted() {
    let mut rig = Rig::staffed("003");
    let mut content = four("ヒトリ");
    content.remark = "番号は 1234-5678-9018".to_owned();
    rig.save(ONE, content);
    assert!(matches!(
        rig.answer(ONE),
        ToFront::Failed {
            failure: Failure::Input { .. },
            ..
        }
    ));
    assert!(!rig.disk.iter().any(|r| matches!(r.what, What::Note(_))));
}

#[test]
fn out_23_to_25_a_note_needs_something_to_ask_with() {
    let mut rig = Rig::staffed("003");
    let mut content = four("");
    content.address = String::new();
    content.sex = None;
    rig.save(ONE, content);
    assert!(matches!(rig.answer(ONE),
        ToFront::Failed { failure: Failure::Input { problems }, .. } if problems.len() == 3));
}

#[test]
fn how_far_a_long_opening_is_is_said_a_few_times_a_second() {
    let mut rig = Rig::unopened(config());
    rig.attach(ONE);
    assert_eq!(rig.status(ONE).store_progress, None);
    let at = |done| {
        Event::Progress(Progress {
            done,
            total: 100_000,
        })
    };
    rig.event(at(1000));
    rig.event(at(2000));
    assert_eq!(rig.status(ONE).store_progress, Some((1000, 100_000)));
    rig.sleep(Duration::from_millis(300));
    rig.event(at(42_000));
    assert_eq!(rig.status(ONE).store_progress, Some((42_000, 100_000)));
    // What is said meanwhile is not lost.
    rig.try_login(ONE, "003", "right", false);
    rig.event(Event::Opened(Ok(Loaded::default())));
    assert_eq!(rig.status(ONE).store_progress, None);
    rig.noted(ONE, card("1"));
}

#[test]
fn rel_5_a_note_that_cannot_be_read_is_named_and_left_alone() {
    let mut rig = Rig::staffed("003");
    let (good, bad) = (rig.noted(ONE, card("1")), rig.noted(ONE, card("2")));
    let mut loaded = Loaded::of(std::slice::from_ref(&good));
    loaded.outlines.push(Arc::new(bad.outline()));
    rig.desk = Desk::new(config());
    rig.event(Event::Opened(Ok(loaded)));
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    let ticket = rig.ticket();
    let id = bad.id.clone();
    rig.say(ONE, ToDesk::OpenNote { ticket, id });
    assert_eq!(rig.failure(ONE), Failure::UnreadableNote);
    let ToFront::Page { page, .. } = rig.page(ONE, LedgerFilter::default(), 0) else {
        panic!("no page");
    };
    let row = page.rows.iter().find(|row| row.id == bad.id).unwrap();
    assert_eq!(
        (row.group, row.state.as_str()),
        (Group::NeedsPerson, "読めません")
    );
    // Nothing is done to it, and the other goes its way.
    rig.seconds(60);
    assert!(rig.desk.book.note(&good.id).is_some());
    assert_eq!(
        rig.desk.book.get(&bad.id).unwrap().group(),
        Group::NeedsPerson
    );
}
