//! Notices and the period of the outage function.

use super::*;

fn read(core: &mut Core, user: &str) -> Result<(Vec<Notice>, Option<Period>), Code> {
    let token = login(core, user);
    match ask(core, &token, Request::Notices) {
        Ok(Good::Notices { notices, period }) => Ok((notices, period)),
        Ok(other) => panic!("{other:?}"),
        Err(bad) => Err(bad.code),
    }
}

#[test]
fn out_6_opening_is_announced_once_and_first() {
    let mut core = core();
    let (before, period) = read(&mut core, "002").unwrap();
    assert_eq!(period, None);
    for _ in 0..2 {
        core.open_function(now(), date(2026, 11, 20), date(2026, 11, 25));
    }
    let (after, period) = read(&mut core, "000").unwrap();
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after[0].opens, period);
    assert_eq!(period.unwrap().to, date(2026, 11, 25));
    assert!(after[0].body.contains("11/25 まで"));
    assert!(after.is_sorted_by(|a, b| a.at >= b.at));
    core.set_text(now(), "outage-function", "off").unwrap();
    assert_eq!(read(&mut core, "003").unwrap().1, None);
}

#[test]
fn a_notice_is_cleaned_and_machines_other_than_webapi_have_none() {
    let mut core = core();
    core.set_text(now(), "notice", "停電\u{1b}[2Jのお知らせ")
        .unwrap();
    let (notices, _) = read(&mut core, "A0001").unwrap();
    assert!(notices[0].body.contains("停電"));
    assert!(!notices[0].body.contains('\u{1b}'));
    assert_eq!(read(&mut core, "F0001"), Err(Code::NotAllowed));
}
