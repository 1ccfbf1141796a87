//! A notice of the store that tells of a possible loss, until it is read.

use super::rig::*;
use crate::desk::event::Event;
use crate::link::message::{ToDesk, ToFront};
use crate::store::record::Loaded;
use crate::store::remark::Remark;

/// Title, text and id of what お知らせ lists of the desk's own.
fn own(rig: &mut Rig) -> Vec<(String, String, String)> {
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Notices { ticket });
    let Some(ToFront::Notices { notices, .. }) =
        rig.last(ONE, |m| matches!(m, ToFront::Notices { .. }))
    else {
        panic!("the notices");
    };
    (notices.iter())
        .filter(|notice| notice.id.starts_with("desk-"))
        .map(|notice| (notice.title.clone(), notice.body.clone(), notice.id.clone()))
        .collect()
}

#[test]
fn a_possible_loss_has_its_own_title_and_stands_until_it_is_read() {
    let mut rig = Rig::staffed("003");
    assert_eq!(rig.status(ONE).losses, 0);
    rig.event(Event::Remark(Remark::known("直しました。")));
    assert_eq!(rig.status(ONE).losses, 0);
    rig.event(Event::Remark(Remark::loss("記録 3 が失われています。")));
    rig.event(Event::Remark(Remark::loss(
        "控え 0004 が読めません。紙の控えから入れ直してください。",
    )));
    assert_eq!(rig.status(ONE).losses, 2);
    let listed = own(&mut rig);
    let title = |text: &str| {
        let found = listed.iter().find(|(_, body, _)| body.contains(text));
        found.map(|(title, ..)| title.as_str())
    };
    for (_, body, _) in &listed {
        assert_eq!(
            body.contains("紙の控え"),
            !body.contains("直しました"),
            "{body}"
        );
    }
    assert_eq!(title("直しました"), Some("この端末の保存先について"));
    assert_eq!(title("記録 3"), Some("控えが失われた可能性があります"));
    for (left, text) in [(1, "記録 3"), (0, "0004")] {
        let (.., id) = listed.iter().find(|own| own.1.contains(text)).unwrap();
        rig.say(ONE, ToDesk::NoticeRead { id: id.clone() });
        assert_eq!(rig.status(ONE).losses, left);
    }
    assert_eq!(own(&mut rig).len(), 3, "read, and still to be read again");
}

#[test]
fn what_an_opening_finds_lost_is_told_in_the_same_way() {
    let mut rig = Rig::unopened(config());
    rig.event(Event::Opened(Ok(Loaded {
        remarks: vec![Remark::loss("記録 3 が失われています。")],
        ..Loaded::default()
    })));
    rig.attach(ONE);
    rig.login(ONE, "003");
    assert_eq!(rig.status(ONE).losses, 1);
}

#[test]
fn repairs_push_no_unread_loss_out() {
    let mut rig = Rig::staffed("003");
    rig.event(Event::Remark(Remark::loss("記録 3 が失われています。")));
    for n in 0..200 {
        rig.event(Event::Remark(Remark::known(format!("{n} 件"))));
    }
    assert_eq!(rig.status(ONE).losses, 1);
    assert!(
        own(&mut rig)
            .iter()
            .any(|(_, body, _)| body.contains("記録 3"))
    );
}
