//! What a person asks of the central system.

use super::rig::*;
use super::script::*;
use crate::central::call::{Answer, Fault};
use crate::desk::event::Event;
use crate::domain::account::{AccountKind, Right};
use crate::domain::entitlement::{Found, Validity};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::note::Method;
use crate::domain::readback::Proof;
use crate::domain::time::Period;
use crate::link::message::{ToDesk, ToFront};
use crate::store::record::{Masked, What};
use jiff::civil::date;
use std::time::Duration;

fn search(rig: &mut Rig, kana: &str) {
    let ticket = rig.ticket();
    let query = four_query(kana);
    rig.say(ONE, ToDesk::Search { ticket, query });
}

#[test]
fn dom_13_the_zero_forms_are_tried_in_order_and_the_hit_is_told() {
    let mut rig = Rig::staffed("003");
    rig.script
        .cards
        .insert("0001234".to_owned(), Validity::Valid);
    rig.lookup(ONE, "001234");
    let asked: Vec<&str> = rig
        .script
        .asked
        .iter()
        .filter(|(name, _)| *name == "lookup")
        .map(|(_, number)| number.as_str())
        .collect();
    assert_eq!(asked, ["001234", "1234", "0001234"]);
    let ToFront::LookedUp { answer, .. } = rig.answer(ONE) else {
        panic!("no answer");
    };
    assert_eq!(answer.validity, Validity::Valid);
    let told = answer.remark.as_ref().unwrap();
    assert_eq!(
        told.message,
        "番号 0001234 で見つかりました（入力は 001234）。"
    );
}

#[test]
fn dom_13_a_hit_as_typed_is_asked_once_and_a_miss_is_a_miss() {
    let mut rig = Rig::staffed("003");
    rig.script
        .cards
        .insert("10001".to_owned(), Validity::Invalid);
    rig.lookup(ONE, "10001");
    assert_eq!(rig.script.count("lookup"), 1);
    rig.lookup(ONE, "777");
    let ToFront::LookedUp { answer, .. } = rig.answer(ONE) else {
        panic!("no answer");
    };
    assert_eq!(answer.validity, Validity::NotFound);
    assert_eq!(answer.remark, None);
}

#[test]
fn every_fault_has_its_failure_and_is_audited() {
    let refused = |code: &str| Fault::Refused {
        code: code.to_owned(),
        message: "だめ".to_owned(),
    };
    let cases = [
        (Fault::NoAnswer, Failure::NoAnswer, "no-answer"),
        (
            Fault::Garbled("x".to_owned()),
            Failure::Garbled {
                what: "x".to_owned(),
            },
            "garbled",
        ),
        (
            Fault::Status {
                status: 503,
                retry_after: None,
            },
            Failure::Unavailable { status: 503 },
            "status",
        ),
        (
            Fault::Unreachable(Unreachable::NoRoute),
            Failure::Unreachable {
                cause: Unreachable::NoRoute,
                since: None,
            },
            "unreachable",
        ),
        (
            refused("SIM1"),
            Failure::Refused {
                code: "SIM1".to_owned(),
                message: "だめ".to_owned(),
            },
            "refused",
        ),
        (
            Fault::WrongInstitution,
            Failure::WrongInstitution {
                code: "0110113719".to_owned(),
            },
            "wrong-institution",
        ),
        (
            Fault::NotAllowed,
            Failure::NotAllowed {
                kind: AccountKind::MedicalViewer,
                right: Right::Lookup,
            },
            "not-allowed",
        ),
        (
            Fault::Unauthorized,
            Failure::SessionExpired,
            "session-expired",
        ),
    ];
    for (fault, expected, word) in cases {
        let mut rig = Rig::staffed("003");
        rig.script.fault = Some(fault);
        rig.lookup(ONE, "1");
        assert_eq!(rig.failure(ONE), expected);
        // REL-12, DOM-67: never repeated by the program.
        assert_eq!(rig.script.count("lookup"), 1);
        assert_eq!(
            rig.audit().last(),
            Some(&&What::LookedUp {
                method: Method::Card,
                outcome: word.to_owned(),
                numbers: Masked::of(&numbers("1")),
                chosen: false,
            })
        );
    }
}

#[test]
fn rel_14_an_answer_about_something_else_is_no_answer() {
    let cases = [
        eligible(Validity::Valid, date(2026, 11, 19), BORN),
        eligible(Validity::Valid, TODAY, date(1954, 3, 27)),
    ];
    for answer in cases {
        let mut rig = Rig::staffed("003");
        rig.script.hole = true;
        rig.lookup(ONE, "1");
        let (call, _) = rig.open.remove(0);
        let result = Ok(Answer::Checked(Box::new(answer)));
        rig.event(Event::Answered { call, result });
        assert!(matches!(rig.failure(ONE), Failure::Garbled { .. }));
    }
}

#[test]
fn rel_14_a_second_answer_is_dropped() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    rig.lookup(ONE, "1");
    let (call, _) = rig.open.remove(0);
    let answer = || {
        Ok(Answer::Checked(Box::new(eligible(
            Validity::Valid,
            TODAY,
            BORN,
        ))))
    };
    rig.event(Event::Answered {
        call,
        result: answer(),
    });
    let before = rig.told[&ONE].len();
    rig.event(Event::Answered {
        call,
        result: answer(),
    });
    assert_eq!(rig.told[&ONE].len(), before);
}

fn choose(rig: &mut Rig, key: &str, read_back: Option<Proof>) {
    let ticket = rig.ticket();
    let key = key.to_owned();
    rig.say(
        ONE,
        ToDesk::Choose {
            ticket,
            key,
            check_date: TODAY,
            read_back,
        },
    );
}

#[test]
fn dom_68_a_note_of_somebody_alike_asks_for_the_read_back_of_a_search_too() {
    let mut rig = Rig::staffed("003");
    let mut list = candidates(2);
    list[1].name = "大門　花子".to_owned();
    list[1].kana = "ﾀﾞｲﾓﾝ ﾊﾅｺ".to_owned();
    (rig.script.people).insert("フタリ".to_owned(), Found::Several(list));
    rig.noted(ONE, four("シンバシ タロウ"));
    search(&mut rig, "フタリ");
    rig.answer(ONE);
    choose(&mut rig, "key-1", None);
    assert!(matches!(rig.failure(ONE), Failure::ReadBack(asked)
        if asked.others[0].known_as == "控え 20261120-0001"));
    choose(&mut rig, "key-2", None);
    assert!(
        matches!(rig.answer(ONE), ToFront::LookedUp { .. }),
        "nobody is like her"
    );
}

#[test]
fn out_39_to_46_a_search_and_a_choice() {
    let mut rig = Rig::staffed("003");
    rig.script
        .people
        .insert("シンバシタロウ".to_owned(), Found::Several(candidates(2)));
    search(&mut rig, "シンバシタロウ");
    assert!(
        matches!(rig.answer(ONE), ToFront::Searched { found: Found::Several(list), .. } if list.len() == 2)
    );
    // Both are read alike and were born on one day (DOM-40).
    choose(&mut rig, "key-2", None);
    assert!(matches!(rig.failure(ONE), Failure::ReadBack(asked)
        if asked.others.len() == 1 && asked.others[0].known_as == "候補 1"));
    choose(&mut rig, "key-2", Some(Proof::Telephone));
    assert!(matches!(rig.answer(ONE), ToFront::LookedUp { .. }));
    // Somebody whom no search here has named.
    choose(&mut rig, "key-9", Some(Proof::Telephone));
    assert!(matches!(rig.failure(ONE), Failure::NotNow { .. }));
    let chosen: Vec<bool> = (rig.audit().iter())
        .filter_map(|what| match what {
            What::LookedUp { chosen, .. } => Some(*chosen),
            _ => None,
        })
        .collect();
    assert_eq!(chosen, [false, true]);
    search(&mut rig, "ダレモイナイ");
    assert!(matches!(
        rig.answer(ONE),
        ToFront::Searched {
            found: Found::None,
            ..
        }
    ));
}

#[test]
fn out_5_outside_the_period_nothing_is_asked() {
    let period = Period {
        from: date(2026, 11, 21),
        to: date(2026, 11, 25),
    };
    for announced in [None, Some(period)] {
        let mut rig = Rig::new();
        rig.script.period = announced;
        rig.attach(ONE);
        rig.login(ONE, "003");
        search(&mut rig, "ア");
        assert_eq!(
            rig.failure(ONE),
            Failure::FunctionClosed { period: announced }
        );
        assert_eq!(rig.script.count("search"), 0);
    }
}

#[test]
fn out_6_the_headline_announces_the_period() {
    let rig = Rig::staffed("003");
    let status = rig.status(ONE);
    assert_eq!(status.period, rig.script.period);
    assert_eq!(status.headline.as_ref().unwrap().opens, rig.script.period);
    assert_eq!(status.unread_notices, 1);
}

#[test]
fn adm_20_reading_the_notices_makes_them_read() {
    let mut rig = Rig::staffed("002");
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Notices { ticket });
    let Some(ToFront::Notices {
        notices, unread, ..
    }) = rig.last(ONE, |m| matches!(m, ToFront::Notices { .. }))
    else {
        panic!("the notices");
    };
    let id = notices[0].id.clone();
    assert_eq!(unread.as_slice(), std::slice::from_ref(&id));
    assert_eq!(rig.status(ONE).unread_notices, 1, "a list is not read yet");
    let other = "x".to_owned();
    rig.say(ONE, ToDesk::NoticeRead { id: other });
    assert_eq!(rig.status(ONE).unread_notices, 1);
    rig.say(ONE, ToDesk::NoticeRead { id });
    assert_eq!(rig.status(ONE).unread_notices, 0);
}

#[test]
fn out_81_out_56_registering_and_downloading_are_audited() {
    let mut rig = Rig::staffed("002");
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Register {
            ticket,
            insurance: numbers("1"),
            reference: "1234567890".to_owned(),
        },
    );
    assert_eq!(rig.answer(ONE), &ToFront::Done { ticket });
    assert_eq!(
        rig.audit().last(),
        Some(&&What::Registered {
            numbers: Masked::of(&numbers("1"))
        })
    );
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Download {
            ticket,
            answer: Box::new(eligible(Validity::Valid, TODAY, BORN)),
        },
    );
    let file = rig.files[0].clone();
    assert_eq!(
        rig.answer(ONE),
        &ToFront::Saved {
            ticket,
            path: format!("/downloads/{file}")
        }
    );
    assert_eq!(
        rig.audit().last(),
        Some(&&What::Downloaded {
            file,
            numbers: Masked::found(&eligible(Validity::Valid, TODAY, BORN))
        })
    );
}

#[test]
fn dom_44_a_personal_number_is_not_registered() {
    let mut rig = Rig::staffed("002");
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Register {
            ticket,
            insurance: numbers("1"),
            reference: "123456789018".to_owned(),
        },
    );
    assert!(matches!(rig.failure(ONE), Failure::Input { .. }));
    assert_eq!(rig.script.count("register"), 0);
}

#[test]
fn the_heartbeat_goes_only_while_someone_is_logged_in() {
    let mut rig = Rig::staffed("002");
    rig.forget();
    for _ in 0..3 {
        rig.seconds(5 * 60);
        rig.say(ONE, ToDesk::Active { ago_ms: 0 });
    }
    assert_eq!(rig.script.count("notices"), 3);
    rig.say(ONE, ToDesk::Logout);
    rig.forget();
    rig.sleep(Duration::from_secs(3600));
    assert!(rig.script.asked.is_empty(), "{:?}", rig.script.asked);
}

#[test]
fn slow_is_shown_while_one_still_waits() {
    let mut rig = Rig::staffed("002");
    rig.script.hole = true;
    rig.lookup(ONE, "1");
    rig.seconds(2);
    assert!(matches!(
        rig.status(ONE).line,
        crate::domain::line::LineState::Up { .. }
    ));
    rig.seconds(2);
    assert!(matches!(
        rig.status(ONE).line,
        crate::domain::line::LineState::Slow { .. }
    ));
}
