//! What comes over the link is not taken as it comes.

use super::rig::*;
use super::script::*;
use crate::desk::event::Event;
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::insurance::InsuranceNumbers;
use crate::domain::note::NoteContent;
use crate::domain::secret::Secret;
use crate::link::message::{LedgerFilter, Ticket, ToDesk, ToFront};
use crate::store::record::{Loaded, What};
use crate::store::remark::Remark;
use jiff::civil::date;
use std::collections::BTreeMap;

/// Twelve digits with the check digit of a 個人番号.
const PERSONAL: &str = "1234-5678-9018";

fn refused(rig: &Rig) -> Vec<Field> {
    match rig.failure(ONE) {
        Failure::Input { problems } => problems.iter().map(|problem| problem.field).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
}

fn card_of(content: &mut NoteContent) -> &mut InsuranceNumbers {
    content.insurance.as_mut().unwrap()
}

/// A note with `text` in one of its fields.
fn note_with(text: &str) -> Vec<(Field, NoteContent)> {
    let fill = |field, place: fn(&mut NoteContent) -> &mut String| {
        let mut content = four("ヒトリ");
        content.insurance = Some(numbers("1"));
        text.clone_into(place(&mut content));
        (field, content)
    };
    vec![
        fill(Field::Name, |c| &mut c.name),
        fill(Field::Kana, |c| &mut c.kana),
        fill(Field::Address, |c| &mut c.address),
        fill(Field::InsurerName, |c| &mut c.insurer_name),
        fill(Field::InsurerNumber, |c| &mut card_of(c).insurer),
        fill(Field::Symbol, |c| &mut card_of(c).symbol),
        fill(Field::Number, |c| &mut card_of(c).number),
        fill(Field::Branch, |c| &mut card_of(c).branch),
        fill(Field::Reference, |c| &mut c.reference),
        fill(Field::Telephone, |c| &mut c.telephone),
        fill(Field::Evidence, |c| &mut c.evidence),
        fill(Field::Burden, |c| &mut c.burden),
        fill(Field::Remark, |c| &mut c.remark),
    ]
}

#[test]
fn dom_44_no_field_of_a_note_takes_a_personal_number_or_a_text_without_end() {
    let endless = "あ".repeat(2_000);
    for text in [PERSONAL, &endless] {
        for (field, content) in note_with(text) {
            let mut rig = Rig::staffed("003");
            rig.save(ONE, content);
            assert_eq!(refused(&rig), [field]);
            assert!(!rig.disk.iter().any(|r| matches!(r.what, What::Note(_))));
        }
    }
}

#[test]
fn dom_44_no_question_carries_a_personal_number() {
    let mut rig = Rig::staffed("003");
    let number = PERSONAL.to_owned();
    let ticket = Ticket(0);
    let mut by_card = card_query("1");
    by_card.insurance.number.clone_from(&number);
    let mut by_four = four_query("ヒトリ");
    by_four.address.clone_from(&number);
    let messages = [
        (
            Field::Number,
            ToDesk::Lookup {
                ticket,
                query: by_card,
            },
        ),
        (
            Field::Address,
            ToDesk::Search {
                ticket,
                query: by_four,
            },
        ),
        (
            Field::Reference,
            ToDesk::Register {
                ticket,
                insurance: numbers("1"),
                reference: number.clone(),
            },
        ),
        (
            Field::User,
            ToDesk::Login {
                ticket,
                user: number.clone(),
                password: Secret::new("right".to_owned()),
                force: false,
            },
        ),
        (
            Field::Filter,
            ToDesk::Ledger {
                ticket,
                filter: LedgerFilter {
                    follow: false,
                    groups: Vec::new(),
                    text: number,
                },
                offset: 0,
                limit: 10,
            },
        ),
    ];
    rig.forget();
    let written = rig.disk.len();
    for (field, message) in messages {
        rig.say(ONE, message);
        assert_eq!(refused(&rig), [field]);
    }
    assert!(rig.script.asked.is_empty(), "{:?}", rig.script.asked);
    for line in &rig.disk[written..] {
        assert!(matches!(&line.what, What::Refused { why, .. } if why == "input"));
        assert!(!format!("{line:?}").contains(PERSONAL), "{line:?}");
    }
}

#[test]
fn dom_44_nor_does_a_reason_or_a_draft() {
    let mut rig = Rig::staffed("003");
    let note = rig.noted(ONE, four("ヒトリ"));
    let ticket = rig.ticket();
    let cancel = |ticket, reason: &str| ToDesk::CancelNote {
        ticket,
        id: note.id.clone(),
        revision: note.revision,
        reason: reason.to_owned(),
    };
    rig.say(ONE, cancel(ticket, PERSONAL));
    assert_eq!(refused(&rig), [Field::Reason]);
    rig.say(
        ONE,
        ToDesk::Draft(Draft {
            from_card: std::collections::BTreeSet::new(),
            pane: "note".to_owned(),
            note: None,
            fields: BTreeMap::from([
                (Field::Remark, PERSONAL.to_owned()),
                (Field::Password, "secret".to_owned()),
                (Field::Name, format!("新橋\u{1B}[2J{}", "あ".repeat(1_000))),
            ]),
            focus: None,
            others: Vec::new(),
        }),
    );
    let kept = &rig.kept["003"].fields;
    assert_eq!(kept.keys().collect::<Vec<_>>(), [&Field::Name]);
    let name = &kept[&Field::Name];
    assert!(name.starts_with("新橋あ") && name.chars().count() <= 320);
}

#[test]
fn sec_34_what_is_kept_is_clean() {
    let mut rig = Rig::staffed("003");
    let mut content = four("ヒトリ");
    content.name = "新橋\u{202E}\u{1B}[31m太郎".to_owned();
    let note = rig.noted(ONE, content);
    assert_eq!(note.content.name, "新橋太郎");
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id: note.id,
            revision: note.revision,
            reason: "まちがい\u{9B}2J".to_owned(),
        },
    );
    let ToFront::Noted { note, .. } = rig.answer(ONE) else {
        panic!("not cancelled");
    };
    assert_eq!(
        note.history.last().unwrap().text,
        "取り消しました（まちがい）。"
    );
}

#[test]
fn a_year_has_four_digits() {
    let mut rig = Rig::staffed("003");
    for day in [date(-9999, 1, 1), date(0, 1, 1), date(999, 12, 31)] {
        let content = NoteContent {
            birth_date: day,
            visit_date: day,
            ..four("ヒトリ")
        };
        rig.save(ONE, content);
        assert_eq!(refused(&rig), [Field::BirthDate, Field::CheckDate]);
    }
}

#[test]
fn one_front_end_asks_only_so_much_at_once() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    for _ in 0..70 {
        rig.lookup(ONE, "1");
    }
    assert_eq!(rig.script.count("lookup"), 64);
    assert_eq!(rig.failure(ONE), Failure::Busy);
    rig.answer_open(&Err(crate::central::call::Fault::NoAnswer));
    rig.forget();
    rig.lookup(ONE, "1");
    assert_eq!(rig.script.count("lookup"), 1, "answered, so there is room");
    // The same ticket again: its answer is under way.
    let ticket = rig.ticket();
    for _ in 0..3 {
        let query = card_query("1");
        rig.say(ONE, ToDesk::Lookup { ticket, query });
    }
    assert_eq!(rig.script.count("lookup"), 2);
}

#[test]
fn what_waits_for_the_store_is_bounded_and_answered() {
    let mut rig = Rig::unopened(config());
    rig.attach(ONE);
    for _ in 0..70 {
        rig.try_login(ONE, "003", "right", true);
    }
    assert_eq!(rig.failure(ONE), Failure::Busy);
    rig.event(Event::Opened(Ok(Loaded::default())));
    assert_eq!(rig.script.count("login"), 64);
}

#[test]
fn a_remark_is_made_once() {
    let mut rig = Rig::staffed("003");
    let before = rig.status(ONE).unread_notices;
    for n in 0..200 {
        rig.event(Event::Remark(Remark::known("保存先が壊れています。")));
        rig.event(Event::Remark(Remark::known(format!("{} 件", n / 2))));
        rig.seconds(10);
    }
    assert_eq!(rig.status(ONE).unread_notices, before + 50);
}
