//! The outage story: noticed, noted, recovered, worked off.

use super::rig::*;
use super::script::*;
use crate::desk::event::Config;
use crate::domain::entitlement::{Found, Validity};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::line::LineState;
use crate::domain::note::{Block, Group, Method, Need, NoteState, Way};
use crate::domain::readback::Proof;
use crate::domain::settling;
use crate::domain::time::Period;
use crate::link::message::{LedgerFilter, SyncState, ToDesk, ToFront};
use crate::store::record::What;
use jiff::civil::date;

#[test]
fn the_whole_story() {
    let mut rig = Rig::staffed("003");
    rig.attach(TWO);
    rig.login(TWO, "002");
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Invalid));
    rig.script
        .people
        .insert("フタリ".to_owned(), Found::Several(candidates(2)));
    rig.script
        .people
        .insert("オオイ".to_owned(), Found::TooMany);

    rig.outage(ONE);
    assert!(rig.status(TWO).line.down(), "told to everyone");
    let by_card = rig.noted(TWO, card("10001"));
    assert_eq!(by_card.id.0, "20261120-0001");
    assert!(by_card.during_outage && by_card.state == NoteState::Noted);
    let one = rig.noted(TWO, four("ヒトリ"));
    let several = rig.noted(TWO, four("フタリ"));
    let many = rig.noted(TWO, four("オオイ"));
    let none = rig.noted(TWO, four("ダレモ"));
    assert_eq!(rig.status(ONE).notes[&Group::Open], 5);
    rig.say(ONE, ToDesk::Active { ago_ms: 0 });

    rig.recovery();
    assert!(matches!(
        rig.status(TWO).line,
        LineState::Up { recovered: Some(_) }
    ));
    assert_eq!(
        resolved(&rig.note(&by_card.id)),
        (Validity::Valid, Method::Card)
    );
    assert_eq!(
        resolved(&rig.note(&one.id)),
        (Validity::Invalid, Method::Four)
    );
    for (note, need) in [
        (
            &several,
            Need::Candidates {
                way: Way::Noted,
                list: candidates(2),
            },
        ),
        (&many, Need::TooMany),
        (&none, Need::NotFound),
    ] {
        assert_eq!(rig.note(&note.id).state, NoteState::NeedsPerson(need));
    }
    assert_eq!(rig.status(ONE).sync, SyncState::Idle);
    assert_eq!(rig.status(ONE).notes[&Group::NeedsPerson], 3);
    assert!(rig.last(TWO, |m| *m == ToFront::LedgerChanged).is_some());

    // OUT-10: a general account does not choose.
    let choose = |rig: &mut Rig, front| {
        let ticket = rig.ticket();
        rig.say(
            front,
            ToDesk::ResolveNote {
                ticket,
                id: several.id.clone(),
                revision: 1,
                key: "key-2".to_owned(),
                read_back: Some(Proof::Telephone),
            },
        );
    };
    choose(&mut rig, TWO);
    assert!(matches!(
        rig.answer(TWO),
        ToFront::Failed {
            failure: Failure::NotAllowed { .. },
            ..
        }
    ));
    choose(&mut rig, ONE);
    let NoteState::Resolved(resolution) = rig.note(&several.id).state else {
        panic!("not resolved");
    };
    assert_eq!(resolution.confirmed_by.as_deref(), Some("003"));
    // Once is once (REL-13).
    choose(&mut rig, ONE);
    assert!(matches!(rig.failure(ONE), Failure::WrongState { .. }));

    let ticket = rig.ticket();
    let leaving = settling::left(&rig.note(&several.id));
    rig.say(
        TWO,
        ToDesk::SettleNote {
            ticket,
            id: several.id.clone(),
            revision: 1,
            leaving,
        },
    );
    assert_eq!(rig.note(&several.id).state.group(), Group::Settled);
    let lines: Vec<&What> = rig
        .audit()
        .into_iter()
        .filter(|what| matches!(what, What::Line { .. }))
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn an_outage_is_counted_from_its_beginning_over_restarts() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let since = |rig: &Rig| match rig.status(ONE).line {
        LineState::Down { since, .. } => Some(since),
        _ => None,
    };
    let began = since(&rig).expect("down");
    for _ in 0..3 {
        rig.seconds(600);
        rig.restart();
        rig.attach(ONE);
        assert_eq!(since(&rig), Some(began));
        rig.seconds(60);
        assert_eq!(since(&rig), Some(began), "probes go on failing");
    }
    rig.recovery();
    assert!(matches!(
        rig.status(ONE).line,
        LineState::Up { recovered: Some(_) }
    ));
    rig.seconds(60);
    rig.restart();
    rig.attach(ONE);
    rig.seconds(10);
    assert_eq!(rig.status(ONE).line, LineState::Up { recovered: None });
    rig.try_login(ONE, "003", "right", true);
    rig.seconds(60);
    rig.outage(ONE);
    assert!(since(&rig) > Some(began), "the next outage is another one");

    // It ended while no desk service ran: three good probes, as always.
    rig.script.down = false;
    rig.restart();
    rig.attach(ONE);
    rig.seconds(10);
    assert!(matches!(
        rig.status(ONE).line,
        LineState::Up { recovered: Some(_) }
    ));
    let states: Vec<String> = (rig.audit().into_iter())
        .filter_map(|what| match what {
            What::Line { state, .. } => Some(state.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(states, ["down", "up", "down", "up"]);
}

#[test]
fn during_the_outage_nobody_waits_for_the_same_answer() {
    let mut rig = Rig::staffed("003");
    rig.script.down = true;
    rig.lookup(ONE, "1");
    assert_eq!(
        rig.failure(ONE),
        Failure::Unreachable {
            cause: Unreachable::Refused,
            since: None
        }
    );
    let before = rig.script.count("lookup");
    rig.lookup(ONE, "1");
    assert!(matches!(
        rig.failure(ONE),
        Failure::Unreachable { since: Some(_), .. }
    ));
    assert_eq!(rig.script.count("lookup"), before);
}

#[test]
fn out_17_a_patient_after_recovery_is_not_searched_by_four() {
    let mut rig = Rig::staffed("003");
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
    let note = rig.noted(ONE, four("ヒトリ"));
    rig.seconds(5);
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::Blocked(Block::NotDuringOutage)
    );
    assert_eq!(rig.script.count("search"), 0);
}

#[test]
fn out_17_a_note_begun_in_the_outage_counts_as_taken_in_it() {
    let mut rig = Rig::staffed("003");
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
    rig.outage(ONE);
    rig.say(
        ONE,
        ToDesk::Draft(crate::domain::draft::Draft {
            pane: "note".to_owned(),
            ..crate::domain::draft::Draft::default()
        }),
    );
    rig.recovery();
    let note = rig.noted(ONE, four("ヒトリ"));
    assert!(note.during_outage);
    assert_eq!(resolved(&rig.note(&note.id)).0, Validity::Valid);
}

#[test]
fn out_5_out_9_blocks_and_what_lifts_them() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.script.period = Some(Period {
        from: date(2026, 11, 21),
        to: date(2026, 11, 22),
    });
    rig.login(ONE, "002");
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.outage(ONE);
    let four = rig.noted(ONE, four("ヒトリ"));
    let card = rig.noted(ONE, card("10001"));
    rig.say(ONE, ToDesk::Logout);
    rig.recovery();
    // Nobody is there to hear that the function opens.
    assert_eq!(rig.note(&four.id).state, NoteState::Blocked(Block::NoRight));
    assert_eq!(rig.note(&card.id).state, NoteState::Blocked(Block::NoLogin));
    // 方法2 needs no outage function, only a login.
    rig.login(ONE, "002");
    assert_eq!(resolved(&rig.note(&card.id)).1, Method::Card);
    assert_eq!(
        rig.note(&four.id).state,
        NoteState::Blocked(Block::FunctionClosed)
    );
    assert_eq!(rig.status(ONE).notes[&Group::Blocked], 1);
    // At midnight the function opens; 一般 may not use it.
    rig.seconds(16 * 3600);
    rig.login(ONE, "002");
    assert_eq!(rig.note(&four.id).state, NoteState::Blocked(Block::NoRight));
    rig.attach(TWO);
    rig.login(TWO, "003");
    assert_eq!(
        resolved(&rig.note(&four.id)),
        (Validity::Valid, Method::Four)
    );
    let history = rig.note(&four.id).history;
    assert!(history.iter().any(|step| step.by == "003"), "{history:?}");
}

#[test]
fn a_connection_without_the_search_says_so() {
    let mut capabilities = config().capabilities;
    capabilities.search = false;
    let mut rig = Rig::with(Config {
        capabilities,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ヒトリ"));
    rig.recovery();
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::Blocked(Block::NoCapability)
    );
}

#[test]
fn two_is_first_and_three_follows() {
    let mut rig = Rig::staffed("003");
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
    rig.script.cards.insert("5".to_owned(), Validity::Several);
    rig.outage(ONE);
    let mut content = four("ヒトリ");
    content.insurance = Some(numbers("404"));
    let both = rig.noted(ONE, content);
    let branch = rig.noted(ONE, card("5"));
    let missing = rig.noted(ONE, card("404"));
    rig.recovery();
    assert_eq!(resolved(&rig.note(&both.id)).1, Method::Four);
    assert_eq!(
        rig.note(&branch.id).state,
        NoteState::NeedsPerson(Need::SeveralBranches)
    );
    assert_eq!(
        rig.note(&missing.id).state,
        NoteState::NeedsPerson(Need::NotFound)
    );
}

#[test]
fn the_ledger_filters_by_group_and_folded_text() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    for n in 0..25 {
        let mut content = four(if n % 5 == 0 {
            "サトウハナコ"
        } else {
            "シンバシタロウ"
        });
        content.name = "新橋　太郎".to_owned();
        rig.noted(ONE, content);
    }
    let page = |rig: &mut Rig, groups: Vec<Group>, text: &str, offset| {
        let filter = LedgerFilter {
            follow: false,
            groups,
            text: text.to_owned(),
        };
        match rig.page(ONE, filter, offset) {
            ToFront::Page { page, .. } => (page.matching, page.rows.len(), page.total),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(page(&mut rig, vec![], "", 0), (25, 10, 25));
    assert_eq!(page(&mut rig, vec![Group::Open], "", 20), (25, 5, 25));
    assert_eq!(page(&mut rig, vec![Group::Resolved], "", 0), (0, 0, 25));
    assert_eq!(
        page(&mut rig, vec![Group::Open, Group::Blocked], "ｻﾄｳ", 0),
        (5, 5, 25)
    );
    assert_eq!(page(&mut rig, vec![], "さとう", 0), (5, 5, 25));
    assert_eq!(page(&mut rig, vec![], "新橋太郎", 0).0, 25);
    assert_eq!(page(&mut rig, vec![], "1120-0007", 0).0, 1);
    assert_eq!(page(&mut rig, vec![], "1954/03/26", 0).0, 25);
}
