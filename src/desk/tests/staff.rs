//! Logins that the desk decides: verifiers, limited rights, other sessions
//! (design: Notes; SEC-2, SEC-6, SEC-9, SEC-12).

use super::rig::*;
use super::script::*;
use crate::central::call::{Call, Fault};
use crate::desk::event::{Config, Event};
use crate::domain::failure::{Failure, Unreachable};
use crate::domain::note::NoteState;
use crate::domain::staff::Policy;
use crate::link::message::{FrontId, LedgerFilter, LogoutReason, ToDesk, ToFront};
use crate::store::record::What;

const DAY: u64 = 24 * 3600;

fn away(wait: u64) -> Failure {
    Failure::NotKnownHere {
        days: 14,
        wait,
        cause: Some(Unreachable::Refused),
    }
}

/// `user` was logged in yesterday; now the central system is down, and known
/// to be.
pub(super) fn outage_after_a_login(user: &str) -> Rig {
    let mut rig = Rig::staffed(user);
    rig.outage(ONE);
    rig.say(ONE, ToDesk::Logout);
    rig.forget();
    rig
}

fn logged_in(rig: &Rig, front: FrontId) -> bool {
    matches!(rig.answer(front), ToFront::LoggedIn { .. })
}

pub(super) fn outcomes(rig: &Rig) -> Vec<&str> {
    rig.disk
        .iter()
        .filter_map(|record| match &record.what {
            What::Login { outcome, .. } => Some(outcome.as_str()),
            _ => None,
        })
        .collect()
}

fn verifiers(rig: &Rig) -> bool {
    (rig.disk.iter())
        .any(|record| matches!(&record.what, What::Staff(kept) if kept.verifier.is_some()))
}

#[test]
fn in_an_outage_the_desk_lets_in_who_was_in_lately_and_only_to_note() {
    let mut rig = outage_after_a_login("003");
    rig.try_login(ONE, "003", "right", false);
    let ToFront::LoggedIn { offline, .. } = rig.answer(ONE).clone() else {
        panic!("{:?}", rig.answer(ONE));
    };
    let until = offline.unwrap().duration_since(rig.now.wall);
    assert!(until.as_hours() >= 14 * 24 - 1 && until.as_hours() <= 14 * 24);
    assert_eq!(rig.script.count("login"), 0, "known to be down");
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::OfflineOnly);
    let note = rig.noted(ONE, four("シンバシタロウ"));
    assert_eq!(rig.note(&note.id).content.kana, "シンバシタロウ");
    assert!(matches!(
        rig.page(ONE, LedgerFilter::default(), 0),
        ToFront::Page { .. }
    ));
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id: note.id.clone(),
            revision: note.revision,
            reason: "x".to_owned(),
        },
    );
    assert_eq!(rig.failure(ONE), Failure::OfflineOnly);
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Notices { ticket });
    assert!(matches!(rig.answer(ONE), ToFront::Notices { .. }));
    assert!(outcomes(&rig).contains(&"offline"));
}

/// The token that the central system gives afterwards brings all rights, and
/// the notes are asked for in its name.
#[test]
fn after_the_recovery_the_same_login_is_checked_there() {
    let mut rig = outage_after_a_login("003");
    rig.try_login(ONE, "003", "right", false);
    let note = rig.noted(ONE, four("シンバシタロウ"));
    rig.recovery();
    // No token: nothing is asked for in a name the central system has not
    // checked.
    assert_eq!(rig.script.count("search"), 0);
    rig.lookup(ONE, "1");
    assert_eq!(rig.failure(ONE), Failure::OfflineOnly);
    rig.login(ONE, "003");
    rig.seconds(5);
    assert!(rig.script.count("search") > 0);
    assert!(!matches!(rig.note(&note.id).state, NoteState::Noted));
    rig.lookup(ONE, "1");
    assert!(matches!(rig.answer(ONE), ToFront::LookedUp { .. }));
}

/// The call itself is what finds the outage: refused, lost, or 503.
#[test]
fn an_outage_found_by_the_login_itself() {
    for fault in [
        Fault::Unreachable(Unreachable::NoRoute),
        Fault::NoAnswer,
        Fault::Status {
            status: 503,
            retry_after: None,
        },
    ] {
        let mut rig = Rig::staffed("002");
        rig.say(ONE, ToDesk::Logout);
        rig.script.hole = true;
        rig.try_login(ONE, "002", "right", false);
        rig.answer_open(&Err(fault.clone()));
        assert!(logged_in(&rig, ONE), "{fault:?} {:?}", rig.answer(ONE));
    }
}

/// SEC-2: who is known here, who is not, and whose days are over are told the
/// same, after the same work.
#[test]
fn sec_2_one_text_and_one_pace_for_whoever_does_not_get_in() {
    let mut rig = outage_after_a_login("003");
    rig.pondered = 0;
    for user in ["003", "nobody", "013"] {
        rig.try_login(ONE, user, "wrong", false);
        assert_eq!(rig.failure(ONE), away(1), "{user}");
    }
    // The right password of someone who never was here, and ours too late.
    rig.try_login(ONE, "002", "right", false);
    assert_eq!(rig.failure(ONE), away(1));
    rig.seconds(15 * DAY);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), away(2));
    assert_eq!(rig.pondered, 5);
}

#[test]
fn offline_days_0_asks_the_central_system_alone() {
    let mut rig = Rig::with(Config {
        staff: Policy {
            offline_days: 0,
            ..Policy::default()
        },
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    rig.say(ONE, ToDesk::Logout);
    rig.try_login(ONE, "003", "right", false);
    assert!(matches!(rig.failure(ONE), Failure::Unreachable { .. }));
    assert_eq!(rig.pondered, 0);
    assert!(!verifiers(&rig), "no verifier is kept");
}

#[test]
fn the_machine_and_the_master_account_leave_no_verifier() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.login(ONE, "000");
    rig.try_login(ONE, "004", "right", false);
    assert_eq!(rig.failure(ONE), Failure::MachineAccount);
    assert!(!verifiers(&rig));
}

/// The new password counts from its first login on; the old one is forgotten.
#[test]
fn a_changed_password_replaces_the_verifier() {
    let mut rig = Rig::staffed("003");
    rig.say(ONE, ToDesk::Logout);
    rig.script.password = "changed".to_owned();
    rig.try_login(ONE, "003", "changed", false);
    assert!(logged_in(&rig, ONE));
    rig.outage(ONE);
    rig.say(ONE, ToDesk::Logout);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), away(1));
    rig.seconds(1);
    rig.try_login(ONE, "003", "changed", false);
    assert!(logged_in(&rig, ONE));
}

/// A password changed elsewhere: the old one, refused once, is refused here
/// too while nobody can be asked.
#[test]
fn an_old_password_that_was_refused_does_not_get_in_by_way_of_the_desk() {
    let mut rig = Rig::staffed("003");
    rig.say(ONE, ToDesk::Logout);
    rig.script.password = "changed".to_owned();
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::WrongPassword { wait: 1 });
    rig.attach(TWO);
    rig.script.password = "right".to_owned();
    rig.login(TWO, "002");
    rig.outage(TWO);
    rig.seconds(1);
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), away(2));
}

/// SEC-12: what the central system said of an account holds while it is away.
#[test]
fn sec_12_a_locked_account_does_not_get_in_by_way_of_the_desk() {
    for fault in [Fault::Locked, Fault::Inactive] {
        let mut rig = Rig::staffed("003");
        rig.say(ONE, ToDesk::Logout);
        rig.script.hole = true;
        rig.try_login(ONE, "003", "right", false);
        rig.answer_open(&Err(fault));
        rig.try_login(ONE, "003", "right", false);
        rig.answer_open(&Err(Fault::NoAnswer));
        assert!(matches!(rig.failure(ONE), Failure::NotKnownHere { .. }));
    }
}

#[test]
fn sec_12_a_running_session_ends_with_the_answer_that_tells_of_it() {
    for fault in [Fault::Locked, Fault::Inactive] {
        let mut rig = Rig::staffed("003");
        rig.script.fault = Some(fault);
        rig.lookup(ONE, "1");
        assert_eq!(rig.answer(ONE), &ToFront::LoggedOut(LogoutReason::Barred));
        let told = rig.last(ONE, |m| matches!(m, ToFront::Failed { .. }));
        assert!(matches!(
            told,
            Some(ToFront::Failed {
                failure: Failure::AccountLocked | Failure::AccountInactive,
                ..
            })
        ));
        rig.lookup(ONE, "1");
        assert_eq!(rig.failure(ONE), Failure::NotLoggedIn);
        let ended = rig
            .audit()
            .iter()
            .any(|what| matches!(what, What::Logout { why } if why == "barred"));
        assert!(ended);
    }
}

/// QG-37 without the central system: the other session is at this desk.
#[test]
fn sec_9_the_question_of_a_second_login_is_asked_offline_too() {
    let mut rig = outage_after_a_login("003");
    rig.try_login(ONE, "003", "right", false);
    rig.attach(TWO);
    // Who does not know the password learns nothing of the session.
    rig.try_login(TWO, "003", "wrong", false);
    assert_eq!(rig.failure(TWO), away(1));
    rig.seconds(1);
    rig.try_login(TWO, "003", "right", false);
    assert_eq!(rig.failure(TWO), Failure::AlreadyLoggedIn);
    rig.try_login(TWO, "003", "right", true);
    assert!(logged_in(&rig, TWO));
    assert_eq!(
        rig.answer(ONE),
        &ToFront::LoggedOut(LogoutReason::Elsewhere)
    );
    assert!(outcomes(&rig).contains(&"forced-offline"));
    // And once more when the central system, which knows of neither, is back.
    rig.recovery();
    rig.try_login(ONE, "003", "right", false);
    assert_eq!(rig.failure(ONE), Failure::AlreadyLoggedIn);
    rig.try_login(ONE, "003", "right", true);
    assert!(logged_in(&rig, ONE));
    assert_eq!(
        rig.answer(TWO),
        &ToFront::LoggedOut(LogoutReason::Elsewhere)
    );
}

/// What was left open there by a login that the desk replaced alone is logged
/// out, after the outage at the latest: the next login is no forced one.
#[test]
fn sec_9_a_login_without_the_central_system_leaves_no_token_open_there() {
    for (front, again) in [(TWO, "elsewhere"), (ONE, "same front")] {
        for hole in [false, true] {
            let mut rig = Rig::staffed("003");
            rig.outage(ONE);
            rig.script.hole = hole;
            if front != ONE {
                rig.attach(front);
            }
            rig.forget();
            rig.try_login(front, "003", "right", true);
            assert!(logged_in(&rig, front), "{again}");
            assert_eq!(rig.script.count("logout"), 1, "{again}");
            rig.answer_open(&Err(Fault::NoAnswer));
            rig.script.hole = false;
            rig.recovery();
            rig.seconds(60);
            rig.say(front, ToDesk::Logout);
            // Not asked whether to force: nothing is open there.
            rig.login(front, "003");
        }
    }
}

/// With a token the central system ends the others by itself.
#[test]
fn qg_37_a_forced_login_there_needs_no_logout() {
    let mut rig = Rig::staffed("003");
    rig.attach(TWO);
    rig.forget();
    rig.try_login(TWO, "003", "right", true);
    assert!(logged_in(&rig, TWO));
    assert_eq!(rig.script.count("logout"), 0);
}

/// Any number of ユーザID that do not exist takes no more than so many places.
#[test]
fn unknown_ids_do_not_fill_the_store() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    for n in 0..3000 {
        rig.try_login(ONE, &format!("ghost{n}"), "wrong", false);
        rig.seconds(31);
    }
    let mut users: Vec<_> = rig
        .disk
        .iter()
        .filter_map(|record| match &record.what {
            What::Staff(kept) => Some(kept.user.as_str()),
            _ => None,
        })
        .collect();
    users.sort_unstable();
    users.dedup();
    assert!(users.len() <= 1024, "{}", users.len());
}

/// SEC-6, SEC-18: what is kept and what is said about it holds no password.
#[test]
fn no_password_is_written_or_printed() {
    let mut rig = Rig::new();
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.say(ONE, ToDesk::Logout);
    rig.try_login(ONE, "003", "canary-password", false);
    let disk = format!("{:?}", rig.disk);
    assert!(disk.contains("argon2id"), "a verifier is kept");
    assert!(!disk.contains("canary-password"));
    let call = Call::Login {
        user: "003".to_owned(),
        password: crate::domain::secret::Secret::new("canary-password".to_owned()),
        force: false,
    };
    assert!(!format!("{call:?}").contains("canary"));
}

/// A front end that hung up while its password was looked at is nobody.
#[test]
fn a_hang_up_during_the_check_leaves_no_session() {
    let mut rig = outage_after_a_login("003");
    rig.hold_ponder = true;
    rig.try_login(ONE, "003", "right", false);
    rig.event(Event::Detached { front: ONE });
    rig.hold_ponder = false;
    rig.ponder();
    rig.attach(TWO);
    rig.try_login(TWO, "003", "right", false);
    assert!(logged_in(&rig, TWO));
}
