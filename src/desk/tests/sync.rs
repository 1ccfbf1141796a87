//! The sync: whose account, which answers count, when a person is needed.

use super::rig::*;
use super::script::*;
use crate::central::call::{Answer, Call, Fault};
use crate::desk::event::{Config, Event};
use crate::domain::entitlement::Validity;
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::note::{Block, Group, Method, Need, Note, NoteId, NoteState};
use crate::domain::secret::Secret;
use crate::domain::time::Period;
use crate::link::message::{LedgerFilter, SyncState, ToDesk, ToFront};
use crate::store::record::What;
use crate::store::spill::News;
use std::time::Duration;

#[test]
fn the_machine_account_works_at_night() {
    let mut rig = Rig::with(Config {
        machine: Some(("004".to_owned(), Secret::new("right".to_owned()))),
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "002");
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.event(Event::Detached { front: ONE });
    rig.recovery();
    assert_eq!(resolved(&rig.note(&note.id)).1, Method::Card);
    // Its token ends: it logs in again by itself, once.
    rig.script.expire();
    rig.attach(ONE);
    rig.try_login(ONE, "002", "right", false);
    rig.outage(ONE);
    let second = rig.noted(ONE, card("10001"));
    rig.event(Event::Detached { front: ONE });
    rig.recovery();
    rig.seconds(60);
    assert_eq!(resolved(&rig.note(&second.id)).1, Method::Card);
}

#[test]
fn a_wrong_machine_password_is_tried_once_and_said() {
    let mut rig = Rig::with(Config {
        machine: Some(("004".to_owned(), Secret::new("wrong".to_owned()))),
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "002");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.say(ONE, ToDesk::Logout);
    rig.forget();
    rig.recovery();
    rig.seconds(3600);
    assert_eq!(rig.script.count("login"), 1);
    assert_eq!(rig.note(&note.id).state, NoteState::Blocked(Block::NoLogin));
    assert_eq!(rig.status(ONE).unread_notices, 2);
}

#[test]
fn failing_again_in_the_middle_loses_nothing_and_counts_nothing() {
    let mut rig = Rig::staffed("003");
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.outage(ONE);
    let notes: Vec<Note> = (0..20).map(|_| rig.noted(ONE, card("10001"))).collect();
    for _ in 0..4 {
        rig.script.deaf = true;
        rig.recovery();
        rig.say(ONE, ToDesk::Active { ago_ms: 0 });
        assert_eq!(rig.open.len(), 8, "sync_at_once");
        rig.script.down = true;
        rig.answer_open(&Err(Fault::NoAnswer));
        assert!(rig.status(ONE).line.down());
        // Counts that change by the dozen are told when their turn comes.
        rig.seconds(1);
        assert_eq!(rig.status(ONE).notes[&Group::Open], 20);
    }
    rig.script.deaf = false;
    rig.recovery();
    rig.seconds(60);
    for note in &notes {
        let note = rig.note(&note.id);
        assert_eq!(resolved(&note).0, Validity::Valid);
        assert_eq!(note.attempts, 0);
    }
}

#[test]
fn unanswered_tries_count_only_while_the_line_is_well() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.script.fault = Some(Fault::Status {
        status: 503,
        retry_after: Some(std::time::Duration::from_secs(20)),
    });
    rig.recovery();
    rig.forget();
    for _ in 0..60 {
        rig.seconds(30);
        rig.say(ONE, ToDesk::Active { ago_ms: 0 });
    }
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::Unanswered)
    );
    assert_eq!(rig.note(&note.id).attempts, 5);
    // A person asks for it again.
    rig.script.fault = None;
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id: note.id.clone(),
            revision: 1,
        },
    );
    assert_eq!(resolved(&rig.note(&note.id)).0, Validity::Valid);
}

#[test]
fn a_refusal_is_for_a_person_with_its_code() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.script.fault = Some(Fault::Refused {
        code: "SIM0001".to_owned(),
        message: "だめ".to_owned(),
    });
    rig.recovery();
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::Refused {
            code: "SIM0001".to_owned(),
            message: "だめ".to_owned()
        })
    );
}

#[test]
fn a_function_that_refuses_is_not_asked_in_a_circle() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ヒトリ"));
    rig.script.fault = Some(Fault::FunctionClosed);
    rig.forget();
    rig.recovery();
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::Blocked(Block::FunctionClosed)
    );
    assert_eq!(rig.script.count("search"), 1);
}

#[test]
fn a_refusal_is_of_the_past_once_an_opening_is_announced_or_a_person_says_so() {
    for announced in [true, false] {
        let mut rig = Rig::staffed("003");
        rig.outage(ONE);
        let note = rig.noted(ONE, four("ヒトリ"));
        rig.script.fault = Some(Fault::FunctionClosed);
        rig.recovery();
        let blocked = NoteState::Blocked(Block::FunctionClosed);
        assert_eq!(rig.note(&note.id).state, blocked);
        rig.script.fault = None;
        let ticket = rig.ticket();
        rig.say(ONE, ToDesk::Notices { ticket });
        rig.seconds(2);
        // Nothing new has been announced.
        assert_eq!(rig.note(&note.id).state, blocked);
        rig.forget();
        if announced {
            rig.script.period = rig.script.period.map(|period| Period {
                to: period.to.tomorrow().unwrap(),
                ..period
            });
            let ticket = rig.ticket();
            rig.say(ONE, ToDesk::Notices { ticket });
        } else {
            rig.say(ONE, ToDesk::Sync { run: true });
        }
        rig.seconds(2);
        assert_ne!(rig.script.count("search"), 0, "announced: {announced}");
        assert_ne!(rig.note(&note.id).state, blocked);
    }
}

/// REL-12: whatever comes as an answer, and however often, a note is asked for
/// a few times, with waits, and then it is blocked or a person's turn.
#[test]
fn rel_12_no_answer_is_asked_for_in_a_circle() {
    let status = |status| Fault::Status {
        status,
        retry_after: None,
    };
    for fault in [
        Fault::Unreachable(Unreachable::Refused),
        Fault::NoAnswer,
        Fault::Garbled("x".to_owned()),
        status(429),
        status(503),
        Fault::Unauthorized,
        Fault::WrongPassword,
        Fault::Locked,
        Fault::Inactive,
        Fault::AlreadyLoggedIn,
        Fault::NotAllowed,
        Fault::FunctionClosed,
        Fault::WrongInstitution,
        Fault::Refused {
            code: "x".to_owned(),
            message: String::new(),
        },
    ] {
        for (content, machine) in [
            (card("10001"), false),
            (card("10001"), true),
            (four("ヒトリ"), false),
        ] {
            let what = format!("{fault:?} {machine} {:?}", content.card_query().is_some());
            let mut rig = Rig::with(Config {
                machine: machine.then(|| ("004".to_owned(), Secret::new("right".to_owned()))),
                ..config()
            });
            rig.attach(ONE);
            rig.login(ONE, "003");
            rig.outage(ONE);
            let note = rig.noted(ONE, content);
            if machine {
                rig.say(ONE, ToDesk::Logout);
            }
            rig.script.fault = Some(fault.clone());
            rig.forget();
            rig.disk.clear();
            for _ in 0..240 {
                rig.script.down = false;
                rig.seconds(30);
                rig.say(ONE, ToDesk::Active { ago_ms: 0 });
            }
            let asked = rig.script.count("lookup") + rig.script.count("search");
            // With the notices, every five minutes, the function is tried.
            let most = match fault {
                Fault::FunctionClosed if rig.script.count("search") > 0 => 24,
                _ => 5,
            };
            assert!((1..=most).contains(&asked), "{what}: asked {asked} times");
            let still = rig.note(&note.id).state;
            let rests = matches!(still.group(), Group::Blocked | Group::NeedsPerson);
            assert!(rests, "{what}: {still:?}");
        }
    }
}

#[test]
fn sync_confirm_waits_for_a_key_and_can_be_stopped() {
    let mut rig = Rig::with(Config {
        sync_confirm: true,
        sync_at_once: 2,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    for _ in 0..5 {
        rig.noted(ONE, card("10001"));
    }
    rig.recovery();
    assert_eq!(
        rig.status(ONE).sync,
        SyncState::AwaitingConfirm { notes: 5 }
    );
    rig.script.hole = true;
    rig.forget();
    rig.say(ONE, ToDesk::Sync { run: true });
    assert_eq!(rig.open.len(), 2, "sync_at_once");
    assert!(matches!(
        rig.status(ONE).sync,
        SyncState::Running {
            done: 0,
            total: 5,
            ..
        }
    ));
    rig.say(ONE, ToDesk::Sync { run: false });
    rig.script.hole = false;
    let answer = eligible(Validity::Valid, TODAY, BORN);
    rig.answer_open(&Ok(Answer::Checked(Box::new(answer))));
    assert_eq!(
        rig.status(ONE).sync,
        SyncState::AwaitingConfirm { notes: 3 }
    );
    assert_eq!(rig.status(ONE).notes[&Group::Resolved], 2);
}

#[test]
fn rel_14_an_answer_for_an_older_revision_is_not_applied() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.recovery();
    // Asked and answered 該当なし; asked again by a person, without answer.
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::NotFound)
    );
    rig.script.hole = true;
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id: note.id.clone(),
            revision: 1,
        },
    );
    assert_eq!(rig.note(&note.id).state.group(), Group::Asking);
    let (call, what) = rig.open.pop().unwrap();
    assert!(matches!(&what, Call::Lookup { id, .. } if *id == note.id.0));
    let edit = |rig: &mut Rig, revision| {
        let ticket = rig.ticket();
        rig.say(
            ONE,
            ToDesk::SaveNote {
                ticket,
                content: Box::new(card("20002")),
                replaces: Some((note.id.clone(), revision)),
                trial: false,
                card: None,
            },
        );
    };
    edit(&mut rig, 1);
    assert_eq!(rig.note(&note.id).revision, 2);
    edit(&mut rig, 1);
    assert_eq!(rig.failure(ONE), Failure::Stale);
    let answer = eligible(Validity::Valid, TODAY, BORN);
    let result = Ok(Answer::Checked(Box::new(answer)));
    rig.event(Event::Answered { call, result });
    let after = rig.note(&note.id);
    assert!(!after.state.closed(), "{:?}", after.state);
    assert_eq!(after.earlier, [card("10001")]);
    // The new content is asked for in its turn.
    assert!(
        rig.open
            .iter()
            .any(|(_, what)| matches!(what, Call::Lookup { query, .. }
                if query.insurance.number == "20002"))
    );
}

#[test]
fn cancelled_while_asking_stays_cancelled() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    let note = rig.noted(ONE, card("10001"));
    assert_eq!(rig.note(&note.id).state.group(), Group::Asking);
    let cancel = |rig: &mut Rig, reason: &str| {
        let ticket = rig.ticket();
        rig.say(
            ONE,
            ToDesk::CancelNote {
                ticket,
                id: note.id.clone(),
                revision: 1,
                reason: reason.to_owned(),
            },
        );
    };
    cancel(&mut rig, " ");
    assert!(matches!(rig.failure(ONE), Failure::Input { .. }));
    cancel(&mut rig, "二重に控えた");
    assert_eq!(rig.note(&note.id).state.group(), Group::Cancelled);
    let (call, _) = rig.open.pop().unwrap();
    let answer = eligible(Validity::Valid, TODAY, BORN);
    let result = Ok(Answer::Checked(Box::new(answer)));
    rig.event(Event::Answered { call, result });
    assert_eq!(rig.note(&note.id).state.group(), Group::Cancelled);
}

/// A stop is for the run that it stopped: what comes later is asked for again.
#[test]
fn a_stop_ends_with_the_day_the_next_login_and_the_next_recovery() {
    let ends: [fn(&mut Rig); 3] = [
        |rig| rig.seconds(16 * 3600),
        |rig| {
            rig.attach(TWO);
            rig.login(TWO, "002");
        },
        |rig| {
            rig.outage(ONE);
            rig.recovery();
        },
    ];
    for (n, end) in ends.into_iter().enumerate() {
        let mut rig = Rig::with(Config {
            idle: Duration::from_secs(2 * 24 * 3600),
            ..config()
        });
        rig.attach(ONE);
        rig.login(ONE, "003");
        rig.outage(ONE);
        rig.recovery();
        rig.say(ONE, ToDesk::Sync { run: false });
        let note = rig.noted(ONE, card("10001"));
        rig.seconds(5);
        assert_eq!(rig.note(&note.id).state.group(), Group::Open, "{n}");
        let ToFront::Page { page, .. } = rig.page(ONE, LedgerFilter::default(), 0) else {
            panic!("no page");
        };
        assert_eq!(page.rows[0].next, "一括照会で始めます");
        rig.script.cards.insert("10001".to_owned(), Validity::Valid);
        rig.forget();
        end(&mut rig);
        rig.seconds(5);
        let state = rig.note(&note.id).state;
        assert_eq!(state.group(), Group::Resolved, "{n}: {state:?}");
        assert_eq!(state.label(), "解決 有効");
    }
}

/// REL-4: what keeps a note from being asked for is said while the store is
/// away too, nothing of it is written, and nothing is promised meanwhile.
#[test]
fn a_store_that_cannot_be_written_blocks_nothing_and_hides_no_block() {
    let mut rig = Rig::staffed("002");
    rig.outage(ONE);
    let four = rig.noted(ONE, four("ヒトリ"));
    let card = rig.noted(ONE, card("10001"));
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    let news = |trouble: Option<&str>| {
        Event::Spill(News {
            place: Some("予備".to_owned()),
            letter: 'S',
            waiting: 0,
            trouble: trouble.map(str::to_owned),
            notes: Vec::new(),
            drafts: Vec::new(),
            losses: Vec::new(),
            given: Vec::new(),
        })
    };
    rig.event(news(Some("保存先に書き込めません。")));
    rig.recovery();
    let written = rig.disk.len();
    let rows = |rig: &mut Rig| {
        let page = rig.page(ONE, LedgerFilter::default(), 0);
        let ToFront::Page { page, .. } = page else {
            panic!("{page:?}");
        };
        page.rows
    };
    let next = |rig: &mut Rig, id: &NoteId| {
        let rows = rows(rig);
        rows.into_iter().find(|row| row.id == *id).unwrap().next
    };
    assert_eq!(rig.note(&four.id).state, NoteState::Blocked(Block::NoRight));
    assert_eq!(next(&mut rig, &four.id), Block::NoRight.advice());
    assert_eq!(next(&mut rig, &card.id), "保存先が戻ると照会");
    rig.seconds(120);
    let notes = rig.disk[written..]
        .iter()
        .filter(|record| matches!(record.what, What::Note(_)));
    assert_eq!(notes.count(), 0);
    rig.event(news(None));
    rig.seconds(1);
    assert_eq!(resolved(&rig.note(&card.id)).1, Method::Card);
}
