//! Logins, locks and tokens.

use super::*;

#[test]
fn sec_2_whatever_is_wrong_the_answer_is_the_same() {
    let mut core = core();
    for (user, password) in [
        ("002", "wrong"),
        ("nobody", "Onshi*002*002"),
        ("", ""),
        ("020", "wrong"),
        ("022", "wrong"),
        ("002", "onshi*002*002"),
        ("002", "Onshi*002*002 "),
    ] {
        assert_eq!(
            try_login(&mut core, user, password, false),
            Err(Code::WrongPassword),
            "{user} {password}"
        );
    }
}

#[test]
fn five_wrong_passwords_lock_known_and_unknown_ids_alike() {
    for user in ["003", "nobody"] {
        let mut core = core();
        let told: Vec<_> = (0..6)
            .map(|_| try_login(&mut core, user, "wrong", false).unwrap_err())
            .collect();
        assert_eq!(told[..4], [Code::WrongPassword; 4], "{user}");
        assert_eq!(told[4..], [Code::Locked; 2], "{user}");
    }
    let mut core = core();
    for _ in 0..5 {
        let _ = try_login(&mut core, "003", "wrong", false);
    }
    let right = "Onshi*003*003";
    assert_eq!(try_login(&mut core, "003", right, false), Err(Code::Locked));
    core.set_text(now(), "unlock", "003").unwrap();
    assert!(try_login(&mut core, "003", right, false).is_ok());
}

#[test]
fn a_right_password_starts_the_count_anew() {
    let mut core = core();
    for _ in 0..3 {
        for _ in 0..4 {
            let _ = try_login(&mut core, "003", "wrong", false);
        }
        assert!(try_login(&mut core, "003", "Onshi*003*003", true).is_ok());
    }
}

#[test]
fn adm_221_inactive_locked_and_out_of_period() {
    let mut core = core();
    for (user, wanted) in [
        ("020", Code::Inactive),
        ("021", Code::Locked),
        ("022", Code::Inactive),
        ("023", Code::Inactive),
    ] {
        let password = format!("Onshi*{user}*{user}");
        assert_eq!(
            try_login(&mut core, user, &password, false),
            Err(wanted),
            "{user}"
        );
    }
}

#[test]
fn qg_37_a_second_login_asks_and_force_ends_the_first() {
    let mut core = core();
    let first = login(&mut core, "003");
    let password = "Onshi*003*003";
    assert_eq!(
        try_login(&mut core, "003", password, false),
        Err(Code::AlreadyLoggedIn)
    );
    assert!(ask(&mut core, &first, Request::Account).is_ok());
    let second = try_login(&mut core, "003", password, true).unwrap();
    assert_ne!(first, second);
    let ended = ask(&mut core, &first, Request::Account).unwrap_err();
    assert_eq!(ended.code, Code::Unauthorized);
    assert!(ask(&mut core, &second, Request::Account).is_ok());
    assert_eq!(
        ask(&mut core, &second, Request::Logout),
        Ok(Good::LoggedOut)
    );
    assert!(try_login(&mut core, "003", password, false).is_ok());
}

#[test]
fn a_machine_may_log_in_again() {
    let mut core = core();
    let first = login(&mut core, "A0001");
    let second = login(&mut core, "A0001");
    assert!(ask(&mut core, &first, Request::Account).is_ok());
    match ask(&mut core, &second, Request::Account) {
        Ok(Good::Account(staff)) => assert_eq!(staff.kind, AccountKind::WebApi),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tokens_end_by_time_and_by_fault() {
    let mut core = core();
    core.set_token_life(Duration::from_mins(30));
    let token = login(&mut core, "002");
    let mut later = now();
    later.mono += Duration::from_mins(30);
    let reply = answer(core.handle(later, Some(&token), Request::Account));
    assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
    let token = try_login(&mut core, "002", "Onshi*002*002", true).unwrap();
    core.set_text(now(), "expire-tokens", "now").unwrap();
    let reply = ask(&mut core, &token, Request::Account);
    assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
    for token in [None, Some(""), Some("SIM-0")] {
        let reply = answer(core.handle(now(), token, Request::Notices));
        assert_eq!(reply.unwrap_err().code, Code::Unauthorized);
    }
}

#[test]
fn tokens_are_the_same_for_the_same_seed() {
    assert_eq!(login(&mut core(), "002"), login(&mut core(), "002"));
    let other = login(&mut Core::new(Fixtures::built_in(), Vec::new(), 8), "002");
    assert_ne!(login(&mut core(), "002"), other);
}
