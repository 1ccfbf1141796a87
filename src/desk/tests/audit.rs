//! SEC-29, SEC-32: what a person does or is refused leaves exactly one line,
//! with who and where; and without a line nothing of a patient is shown.

use super::rig::*;
use super::rights::{messages, row, seated};
use super::script::*;
use crate::desk::audit::act;
use crate::desk::event::Event;
use crate::domain::failure::Failure;
use crate::domain::note::NoteId;
use crate::link::message::{AuditUse, LedgerFilter, Ticket, ToDesk, ToFront, VERSION};
use crate::store::record::{Record, What};

/// Lines of what people do: not what the desk writes down by itself.
fn line(record: &Record) -> bool {
    !matches!(
        record.what,
        What::Note(_) | What::Staff(_) | What::Line { .. } | What::Started { .. } | What::Stopped
    )
}

/// The change of a note that the message itself is; what the sync makes of the
/// note comes behind it.
fn change<'a>(name: &str, disk: &'a [Record]) -> Option<&'a Record> {
    let changes = name.ends_with("-note") || name.starts_with("step-");
    let first = disk
        .iter()
        .find(|r| line(r) || matches!(r.what, What::Note(_)))?;
    (changes && name != "open-note" && matches!(first.what, What::Note(_))).then_some(first)
}

#[test]
fn sec_29_each_message_of_each_account_leaves_exactly_one_line_or_none() {
    let count = messages(Ticket(1), &NoteId(String::new())).len();
    for down in [false, true] {
        for at in 0..count {
            for column in 0..12 {
                let (mut rig, id) = seated(column);
                let ticket = rig.ticket();
                let message = messages(ticket, &id).swap_remove(at);
                let name = row(&message);
                let login = matches!(message, ToDesk::Login { .. });
                let owed = usize::from(act(&message).is_some());
                // Nobody is there to log out.
                let owed = if name == "logout" && column == 11 {
                    1
                } else {
                    owed
                };
                rig.script.down = down;
                rig.disk.clear();
                rig.say(ONE, message);
                let lines: Vec<&Record> = rig
                    .disk
                    .iter()
                    .filter(|record| line(record))
                    .chain(change(name, &rig.disk))
                    // A login ends what was there before: that is a line too.
                    .filter(|record| !login || !matches!(record.what, What::Logout { .. }))
                    .collect();
                let what = format!("{name}, column {column}, down {down}: {lines:#?}");
                assert_eq!(lines.len(), owed, "{what}");
                for record in lines {
                    assert!(!record.desk.is_empty(), "{what}");
                    let who = if login {
                        "013"
                    } else if column == 11 {
                        ""
                    } else {
                        "subject"
                    };
                    assert_eq!(record.by, who, "{what}");
                }
            }
        }
    }
}

#[test]
fn sec_29_a_line_says_from_where() {
    let mut rig = Rig::new();
    rig.event(Event::Attached { front: ONE });
    rig.say(
        ONE,
        ToDesk::Hello {
            version: VERSION,
            origin: "192.0.2.7\u{1b}[2J".to_owned(),
        },
    );
    rig.login(ONE, "003");
    let login = rig
        .disk
        .iter()
        .find(|r| matches!(r.what, What::Login { .. }));
    assert!(login.unwrap().origin.starts_with("192.0.2.7"));
    assert!(!login.unwrap().origin.contains('\u{1b}'));
}

#[test]
fn sec_29_the_ledger_is_one_line_however_often_it_asks_again() {
    let mut rig = Rig::staffed("003");
    rig.noted(ONE, card("10001"));
    rig.disk.clear();
    let mut ask = |text: &str, offset| {
        let ticket = rig.ticket();
        let filter = LedgerFilter {
            text: text.to_owned(),
            ..LedgerFilter::default()
        };
        rig.say(
            ONE,
            ToDesk::Ledger {
                ticket,
                filter,
                offset,
                limit: 10,
            },
        );
        assert!(matches!(rig.answer(ONE), ToFront::Page { .. }));
        let listed = |r: &&Record| matches!(r.what, What::Listed { .. });
        rig.disk.iter().filter(listed).count()
    };
    assert_eq!(ask("", 0), 1);
    assert_eq!(ask("", 10), 1);
    assert_eq!(ask("ｲﾁ", 0), 2);
    assert_eq!(ask("ｲﾁﾉｾ", 0), 2);
    assert!(
        !format!("{:?}", rig.disk).contains("ｲﾁ"),
        "the text is not written down"
    );
}

#[test]
fn sec_32_without_a_line_nothing_of_a_patient_is_shown() {
    let mut rig = Rig::staffed("003");
    let note = rig.noted(ONE, card("10001"));
    rig.store_error = Some(full());
    let id = note.id.clone();
    let filter = LedgerFilter::default();
    let (one, two, three) = (rig.ticket(), rig.ticket(), rig.ticket());
    for (ticket, message) in [
        (
            one,
            ToDesk::Lookup {
                ticket: one,
                query: card_query("1"),
            },
        ),
        (two, ToDesk::OpenNote { ticket: two, id }),
        (
            three,
            ToDesk::Ledger {
                ticket: three,
                filter,
                offset: 0,
                limit: 10,
            },
        ),
    ] {
        rig.say(ONE, message);
        let told = rig.last(ONE, |m| m.ticket() == Some(ticket));
        assert!(
            matches!(
                told,
                Some(ToFront::Failed {
                    failure: Failure::Store { .. },
                    ..
                })
            ),
            "{told:?}"
        );
    }
    rig.store_error = None;
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::OpenNote {
            ticket,
            id: note.id,
        },
    );
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
}

#[test]
fn anyone_may_report_a_verification_but_not_fill_the_journal_with_it() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    let report = |rig: &mut Rig, findings| {
        let ticket = rig.ticket();
        let done = AuditUse::Verify { findings };
        rig.say(ONE, ToDesk::Audit { ticket, done });
        assert!(matches!(rig.answer(ONE), ToFront::Done { .. }));
        let verified = |r: &&Record| matches!(r.what, What::AuditVerified { .. });
        rig.disk.iter().filter(verified).count()
    };
    for _ in 0..100 {
        assert_eq!(report(&mut rig, 0), 1);
    }
    // That all was well does not keep it out that it is not.
    for findings in 1..100 {
        assert_eq!(report(&mut rig, findings), 2);
    }
    rig.seconds(60);
    assert_eq!(report(&mut rig, 0), 3);
    assert_eq!(report(&mut rig, 0), 3);
    // A person's own line is always written.
    rig.login(ONE, "003");
    assert_eq!(report(&mut rig, 0), 4);
    assert_eq!(report(&mut rig, 0), 5);
}
