//! Sessions: version, login, forced login, idle, rights, drafts.

use super::rig::*;
use super::script::*;
use crate::desk::event::Event;
use crate::domain::account::{AccountKind, Right};
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form::{NoteForm, Values};
use crate::link::message::{FrontId, LedgerFilter, LogoutReason, ToDesk, ToFront, VERSION};
use crate::store::record::{Loaded, What};
use jiff::SignedDuration;
use std::time::Duration;

fn draft(text: &str) -> Draft {
    Draft {
        pane: "note".to_owned(),
        fields: [
            (Field::Kana, text.to_owned()),
            (Field::Password, "geheim".to_owned()),
        ]
        .into(),
        ..Draft::default()
    }
}

#[test]
fn dom_53_a_note_ends_the_draft_it_was_typed_in_and_no_other() {
    let mut rig = Rig::staffed("003");
    let typed = |kana: &str, note| Draft {
        pane: "note".to_owned(),
        note,
        fields: [
            (Field::Kana, kana.to_owned()),
            (Field::BirthDate, "1954/03/26".to_owned()),
            (Field::Sex, "1".to_owned()),
            (Field::Address, "東京都港区".to_owned()),
            (Field::CheckDate, "2026/11/20".to_owned()),
        ]
        .into(),
        ..Draft::default()
    };
    let content = |kana: &str| {
        let form = NoteForm(Values::new(typed(kana, None).fields));
        form.check(TODAY).unwrap()
    };
    let all = Draft {
        others: vec![typed("ベツ", None)],
        ..typed("ヒトリ", None)
    };
    // Somebody else's content, as a script brings it, ends nothing.
    rig.say(ONE, ToDesk::Draft(all.clone()));
    rig.noted(ONE, content("ホカ"));
    assert_eq!(rig.kept["003"], all);
    // Not on disk yet: it is still there.
    rig.hold_writes = true;
    rig.save(ONE, content("ヒトリ"));
    assert_eq!(rig.kept["003"], all);
    let ends = rig.waiting.last().and_then(|(_, record)| record.ends);
    assert_eq!(ends, Some(typed("ヒトリ", None).mark()));
    rig.hold_writes = false;
    rig.flush();
    assert_eq!(rig.kept["003"], typed("ベツ", None));
    // A correction ends the draft of that note alone.
    let note = rig.noted(ONE, content("ベツ"));
    assert!(!rig.kept.contains_key("003"));
    let corrects = Some((note.id.clone(), note.revision));
    let both = Draft {
        others: vec![typed("ナオシ", None)],
        ..typed("ナオシ", corrects.clone())
    };
    rig.say(ONE, ToDesk::Draft(both));
    let ticket = rig.ticket();
    let content = Box::new(content("ナオシ"));
    let replaces = corrects;
    rig.say(
        ONE,
        ToDesk::SaveNote {
            ticket,
            content,
            replaces,
            trial: false,
            card: None,
        },
    );
    assert_eq!(rig.kept["003"], typed("ナオシ", None));
}

#[test]
fn another_version_is_told_and_let_go() {
    let mut rig = Rig::new();
    rig.event(Event::Attached { front: ONE });
    rig.say(
        ONE,
        ToDesk::Hello {
            version: 999,
            origin: String::new(),
        },
    );
    assert!(matches!(
        rig.answer(ONE),
        ToFront::Mismatch { version: VERSION }
    ));
    assert_eq!(rig.closed, [ONE]);
}

#[test]
fn welcome_comes_first_and_the_status_right_after() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    let told = &rig.told[&ONE];
    assert!(matches!(told[0], ToFront::Welcome(_)));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(matches!(told[1], ToFront::Status(_)));
}

#[test]
fn login_refusals_each_have_their_failure() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    for (user, password, expected) in [
        ("003", "wrong", Failure::WrongPassword { wait: 1 }),
        ("nobody", "right", Failure::WrongPassword { wait: 1 }),
        ("locked", "right", Failure::AccountLocked),
        ("inactive", "right", Failure::AccountInactive),
        ("004", "right", Failure::MachineAccount),
    ] {
        rig.try_login(ONE, user, password, false);
        assert_eq!(rig.failure(ONE), expected, "{user}");
    }
    rig.try_login(ONE, "", "", false);
    assert!(matches!(rig.failure(ONE), Failure::Input { problems } if problems.len() == 2));
    // ADM-220: the session at the central system is not left behind.
    assert_eq!(rig.script.count("logout"), 1);
}

#[test]
fn qg_37_a_forced_login_ends_the_other_session_and_keeps_its_draft() {
    let mut rig = Rig::staffed("003");
    rig.attach(TWO);
    rig.say(ONE, ToDesk::Draft(draft("シンバシ")));
    rig.try_login(TWO, "003", "right", false);
    assert_eq!(rig.failure(TWO), Failure::AlreadyLoggedIn);
    rig.try_login(TWO, "003", "right", true);
    assert_eq!(
        rig.answer(ONE),
        &ToFront::LoggedOut(LogoutReason::Elsewhere)
    );
    let Some(ToFront::LoggedIn {
        draft: Some(given), ..
    }) = rig.last(TWO, |m| matches!(m, ToFront::LoggedIn { .. }))
    else {
        panic!("no draft");
    };
    assert_eq!(given.fields[&Field::Kana], "シンバシ");
    assert!(!given.fields.contains_key(&Field::Password));
    assert!(
        rig.audit()
            .iter()
            .any(|what| matches!(what, What::Login { outcome, .. } if outcome == "forced"))
    );
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::NotLoggedIn);
    rig.lookup(TWO, "1");
    assert!(matches!(rig.answer(TWO), ToFront::LookedUp { .. }));
}

#[test]
fn two_fronts_have_a_login_each_and_a_hang_up_ends_one() {
    let mut rig = Rig::staffed("002");
    rig.attach(TWO);
    rig.login(TWO, "003");
    rig.say(ONE, ToDesk::Draft(draft("ア")));
    rig.event(Event::Detached { front: ONE });
    assert_eq!(rig.script.count("logout"), 1);
    rig.lookup(TWO, "1");
    assert!(matches!(rig.answer(TWO), ToFront::LookedUp { .. }));
    // The next front end of the same person goes on where the line broke.
    rig.attach(FrontId(3));
    rig.login(FrontId(3), "002");
    let given = rig.last(FrontId(3), |m| matches!(m, ToFront::LoggedIn { .. }));
    assert!(matches!(
        given,
        Some(ToFront::LoggedIn { draft: Some(_), .. })
    ));
}

#[test]
fn qg_14_qg_46_idle_is_warned_of_and_carried_out() {
    let mut rig = Rig::staffed("003");
    rig.say(ONE, ToDesk::Draft(draft("ア")));
    rig.seconds(29 * 60 - 1);
    assert!(
        rig.last(ONE, |m| matches!(m, ToFront::IdleWarning { .. }))
            .is_none()
    );
    rig.seconds(2);
    assert_eq!(
        rig.last(ONE, |m| matches!(m, ToFront::IdleWarning { .. })),
        Some(&ToFront::IdleWarning { seconds: 60 })
    );
    rig.seconds(58);
    assert!(!matches!(rig.answer(ONE), ToFront::LoggedOut(_)));
    rig.seconds(1);
    assert_eq!(rig.answer(ONE), &ToFront::LoggedOut(LogoutReason::Idle));
    assert_eq!(rig.script.count("logout"), 1);
    rig.login(ONE, "003");
    let given = rig.last(ONE, |m| matches!(m, ToFront::LoggedIn { .. }));
    assert!(matches!(
        given,
        Some(ToFront::LoggedIn { draft: Some(_), .. })
    ));
}

#[test]
fn sec_8_keys_count_and_the_wall_clock_does_not() {
    let mut rig = Rig::staffed("003");
    for _ in 0..6 {
        rig.seconds(10 * 60);
        rig.say(ONE, ToDesk::Active { ago_ms: 1000 });
    }
    rig.now.wall = rig
        .now
        .wall
        .checked_add(SignedDuration::from_hours(24))
        .unwrap();
    rig.seconds(14 * 60);
    rig.now.wall = rig
        .now
        .wall
        .checked_sub(SignedDuration::from_hours(48))
        .unwrap();
    rig.seconds(14 * 60);
    assert!(!matches!(rig.answer(ONE), ToFront::LoggedOut(_)));
    // A ledger that asks again by itself is no key.
    let _ = rig.page(ONE, LedgerFilter::default(), 0);
    rig.seconds(2 * 60);
    assert_eq!(rig.answer(ONE), &ToFront::LoggedOut(LogoutReason::Idle));
}

#[test]
fn a_key_after_the_time_is_too_late() {
    let mut rig = Rig::staffed("003");
    // The desk was not woken in time.
    rig.now.mono += Duration::from_secs(30 * 60 + 1);
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::NotLoggedIn);
}

#[test]
fn sec_1_sec_11_who_may_ask_what() {
    let ask = |rig: &mut Rig, n: usize| {
        let ticket = rig.ticket();
        let message = match n {
            0 => ToDesk::Lookup {
                ticket,
                query: card_query("1"),
            },
            1 => ToDesk::Search {
                ticket,
                query: four_query("ア"),
            },
            2 => ToDesk::Ledger {
                ticket,
                filter: LedgerFilter::default(),
                offset: 0,
                limit: 1,
            },
            _ => ToDesk::Notices { ticket },
        };
        rig.say(ONE, message);
        match rig.answer(ONE) {
            ToFront::Failed {
                failure: Failure::NotLoggedIn,
                ..
            } => 'x',
            ToFront::Failed {
                failure: Failure::NotAllowed { .. },
                ..
            } => '-',
            ToFront::Failed { failure, .. } => panic!("{failure:?}"),
            _ => 'o',
        }
    };
    for (user, expected) in [
        ("", "xxxx"),
        ("000", "---o"),
        ("001", "oooo"),
        ("002", "o-oo"),
        ("003", "oooo"),
    ] {
        let mut rig = Rig::new();
        rig.attach(ONE);
        if !user.is_empty() {
            rig.login(ONE, user);
        }
        let got: String = (0..4).map(|n| ask(&mut rig, n)).collect();
        assert_eq!(got, expected, "{user}");
    }
}

#[test]
fn out_10_the_refusal_names_the_account() {
    let mut rig = Rig::staffed("002");
    let ticket = rig.ticket();
    let query = four_query("ア");
    rig.say(ONE, ToDesk::Search { ticket, query });
    let kind = AccountKind::General;
    let right = Right::OutageSearch;
    assert_eq!(rig.failure(ONE), Failure::NotAllowed { kind, right });
}

#[test]
fn an_ended_token_is_said_and_a_new_login_goes_on() {
    let mut rig = Rig::staffed("003");
    rig.script.expire();
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::SessionExpired);
    // Not asked again under a token that has ended.
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::SessionExpired);
    assert_eq!(rig.script.count("lookup"), 1);
    rig.login(ONE, "003");
    rig.lookup(ONE, "1");
    assert!(matches!(rig.answer(ONE), ToFront::LookedUp { .. }));
}

#[test]
fn an_answer_reaches_only_the_login_that_asked() {
    let mut rig = Rig::staffed("003");
    rig.script.hole = true;
    rig.lookup(ONE, "1");
    let (call, _) = rig.open.remove(0);
    rig.script.hole = false;
    rig.say(ONE, ToDesk::Logout);
    rig.login(ONE, "002");
    let answer = eligible(crate::domain::entitlement::Validity::Valid, TODAY, BORN);
    let result = Ok(crate::central::call::Answer::Checked(Box::new(answer)));
    rig.event(Event::Answered { call, result });
    assert_eq!(rig.failure(ONE), Failure::NotLoggedIn);
}

#[test]
fn a_login_waits_for_the_store_and_gets_its_draft() {
    let mut rig = Rig::unopened(config());
    rig.attach(ONE);
    assert!(rig.status(ONE).store_opening);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.script.count("login"), 0);
    let drafts = vec![("003".to_owned(), draft("ア"))];
    rig.event(Event::Opened(Ok(Loaded {
        drafts,
        ..Loaded::default()
    })));
    assert!(!rig.status(ONE).store_opening);
    let given = rig.last(ONE, |m| matches!(m, ToFront::LoggedIn { .. }));
    assert!(matches!(
        given,
        Some(ToFront::LoggedIn { draft: Some(_), .. })
    ));
}

#[test]
fn a_login_answered_after_the_hang_up_is_logged_out_again() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.script.hole = true;
    rig.try_login(ONE, "003", "right", false);
    let (call, what) = rig
        .open
        .iter()
        .find(|(_, call)| matches!(call, crate::central::call::Call::Login { .. }))
        .cloned()
        .unwrap();
    drop(what);
    rig.event(Event::Detached { front: ONE });
    rig.script.hole = false;
    let staff = crate::domain::account::Staff {
        user: "003".to_owned(),
        name: String::new(),
        kind: AccountKind::MedicalViewer,
    };
    let token = crate::domain::secret::Secret::new("t".to_owned());
    let result = Ok(crate::central::call::Answer::LoggedIn { token, staff });
    rig.event(Event::Answered { call, result });
    assert_eq!(rig.script.count("logout"), 1);
}
