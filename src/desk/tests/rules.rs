//! The rules of the forms hold on the link too, and refusals say what is true.

use super::rig::*;
use super::script::*;
use crate::desk::event::Event;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::{Block, Note, NoteContent, NoteId, NoteState};
use crate::domain::time::Period;
use crate::link::message::{LedgerFilter, ToDesk, ToFront};
use crate::store::record::StoreError;
use jiff::civil::date;

fn refused(rig: &Rig) -> Vec<Field> {
    match rig.failure(ONE) {
        Failure::Input { problems } => problems.iter().map(|problem| problem.field).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
}

fn retry(rig: &mut Rig, note: &Note) {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id: note.id.clone(),
            revision: note.revision,
        },
    );
}

#[test]
fn sec_34_a_note_over_the_link_obeys_the_rules_of_the_form() {
    type Edit = fn(&mut NoteContent);
    let cases: &[(Field, Edit)] = &[
        (Field::InsurerNumber, |c| {
            c.insurance.as_mut().unwrap().insurer = "abc".to_owned();
        }),
        (Field::InsurerNumber, |c| {
            c.insurance.as_mut().unwrap().insurer = "0613".to_owned();
        }),
        (Field::Branch, |c| {
            c.insurance.as_mut().unwrap().branch = "x1".to_owned();
        }),
        (Field::Number, |c| {
            c.insurance.as_mut().unwrap().number = "1".repeat(21);
        }),
        (Field::Name, |c| c.name = "あ".repeat(81)),
        (Field::Kana, |c| c.kana = "新橋".to_owned()),
        (Field::Reference, |c| c.reference = "番号".to_owned()),
        (Field::Telephone, |c| c.telephone = "でんわ".to_owned()),
        (Field::Burden, |c| c.burden = "4割".to_owned()),
        (Field::Evidence, |c| c.evidence = "52".to_owned()),
        (Field::Remark, |c| c.remark = "あ".repeat(201)),
    ];
    for (field, edit) in cases {
        let mut rig = Rig::staffed("003");
        let mut content = card("10001");
        edit(&mut content);
        rig.save(ONE, content);
        assert_eq!(refused(&rig), [*field]);
        assert_eq!(rig.desk.book.len(), 0, "{field:?}");
    }
}

#[test]
fn sec_34_questions_over_the_link_obey_them_too() {
    let mut rig = Rig::staffed("003");
    rig.forget();
    let mut query = card_query("1");
    query.insurance.insurer = "abc".to_owned();
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Lookup { ticket, query });
    assert_eq!(refused(&rig), [Field::InsurerNumber]);
    let mut query = card_query("");
    query.insurance.insurer = "39131156".to_owned();
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Lookup { ticket, query });
    assert_eq!(refused(&rig), [Field::Number, Field::Symbol]);
    let mut query = four_query("ヒトリ");
    query.kana.clear();
    query.address.clear();
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Search { ticket, query });
    assert_eq!(refused(&rig), [Field::Name, Field::Address]);
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Register {
            ticket,
            insurance: numbers("1"),
            reference: "患者".to_owned(),
        },
    );
    assert_eq!(refused(&rig), [Field::Reference]);
    assert!(rig.script.asked.is_empty(), "{:?}", rig.script.asked);
}

#[test]
fn a_store_that_did_not_open_shows_no_empty_ledger() {
    let mut rig = Rig::unopened(config());
    rig.attach(ONE);
    rig.event(Event::Opened(Err(StoreError::Full {
        dir: "desk".to_owned(),
    })));
    rig.login(ONE, "003");
    let page = rig.page(ONE, LedgerFilter::default(), 0);
    assert!(
        matches!(&page, ToFront::Failed { failure: Failure::Store { what }, .. } if !what.is_empty()),
        "{page:?}"
    );
    let id = NoteId("20261120-0001".to_owned());
    for n in 0..4 {
        let (ticket, id) = (rig.ticket(), id.clone());
        let revision = 1;
        rig.say(
            ONE,
            match n {
                0 => ToDesk::OpenNote { ticket, id },
                1 => ToDesk::RetryNote {
                    ticket,
                    id,
                    revision,
                },
                2 => ToDesk::CancelNote {
                    ticket,
                    id,
                    revision,
                    reason: "まちがい".to_owned(),
                },
                _ => ToDesk::ResolveNote {
                    ticket,
                    id,
                    revision,
                    key: "1".to_owned(),
                    read_back: None,
                },
            },
        );
        assert!(matches!(rig.failure(ONE), Failure::Store { .. }), "{n}");
    }
}

#[test]
fn a_retry_that_would_come_to_nothing_says_so() {
    let mut rig = Rig::staffed("003");
    // Not taken during an outage: nothing to ask with (OUT-17).
    let blocked = rig.noted(ONE, four("ヒトリ"));
    assert_eq!(
        rig.note(&blocked.id).state,
        NoteState::Blocked(Block::NotDuringOutage)
    );
    let steps = rig.note(&blocked.id).history.len();
    retry(&mut rig, &blocked);
    let Failure::NotNow { why } = rig.failure(ONE) else {
        panic!("{:?}", rig.failure(ONE));
    };
    assert!(why.contains(Block::NotDuringOutage.advice()), "{why}");
    assert_eq!(rig.note(&blocked.id).history.len(), steps);
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ヒトリ"));
    retry(&mut rig, &note);
    let said = rig.failure(ONE).to_string();
    assert!(
        said.contains("障害中") && said.contains("復旧すると自動で"),
        "{said}"
    );
}

/// OUT-5, OUT-9: while the function is closed another login brings nothing,
/// so 一般 is told to wait; once it is open, who has to log in.
#[test]
fn a_clerk_is_told_what_brings_something() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.script.period = Some(Period {
        from: date(2026, 11, 21),
        to: date(2026, 11, 22),
    });
    rig.login(ONE, "002");
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ヒトリ"));
    rig.recovery();
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::Blocked(Block::FunctionClosed)
    );
    rig.seconds(16 * 3600);
    rig.login(ONE, "002");
    assert_eq!(rig.note(&note.id).state, NoteState::Blocked(Block::NoRight));
}

/// OUT-17: nobody asked anything for a while, and the line went down.
#[test]
fn a_note_taken_on_an_old_word_is_decided_by_a_probe() {
    for (idle, down, during) in [(120, true, true), (120, false, false), (10, true, false)] {
        let mut rig = Rig::staffed("003");
        rig.lookup(ONE, "1");
        rig.seconds(idle);
        rig.script.down = down;
        let note = rig.noted(ONE, four("ヒトリ"));
        let now = rig.note(&note.id);
        assert_eq!(now.during_outage, during, "{idle} {down}");
        assert_eq!(now.revision, 1);
        if during {
            assert!(rig.status(ONE).line.down());
            let kept = rig.disk.iter().rev().find_map(|record| match &record.what {
                crate::store::record::What::Note(note) => Some(note.during_outage),
                _ => None,
            });
            assert_eq!(kept, Some(true), "on disk too");
        }
    }
}

#[test]
fn a_sync_with_nothing_to_ask_says_so() {
    let mut rig = Rig::staffed("003");
    rig.say(ONE, ToDesk::Sync { run: true });
    let taken = |rig: &Rig| match rig.last(ONE, |m| matches!(m, ToFront::SyncTaken { .. })) {
        Some(ToFront::SyncTaken {
            notes,
            blocked,
            advice,
        }) => (*notes, *blocked, advice.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(taken(&rig), (0, 0, String::new()));
    rig.noted(ONE, four("ヒトリ"));
    rig.say(ONE, ToDesk::Sync { run: true });
    let advice = Block::NotDuringOutage.advice().to_owned();
    assert_eq!(taken(&rig), (0, 1, advice));
    rig.outage(ONE);
    rig.noted(ONE, four("フタリ"));
    rig.say(ONE, ToDesk::Sync { run: true });
    assert_eq!(taken(&rig).0, 1, "after recovery");
}
