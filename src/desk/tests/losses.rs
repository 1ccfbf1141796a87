//! A notice of the store that tells of a possible loss, until it is read.

use super::rig::*;
use crate::desk::event::Event;
use crate::link::message::{ToDesk, ToFront};
use crate::store::record::{Loaded, Record, What};
use crate::store::remark::{Loss, Remark};
use crate::store::spill::News;

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

const TEXT: &str = "記録 3 が失われています。";

/// What was written of losses.
fn written(rig: &Rig) -> Vec<(&Record, &Loss)> {
    (rig.disk.iter())
        .filter_map(|record| match &record.what {
            What::Loss(loss) => Some((record, &**loss)),
            _ => None,
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Told,
    Read,
    /// Ended or killed, and started anew.
    Restart,
    /// The disk takes nothing.
    Full,
    /// It does again, and people work on.
    Room,
}

/// Started anew; the central system still knows the login.
fn restart(rig: &mut Rig) {
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
}

fn play(steps: &[Step]) -> Rig {
    let mut rig = Rig::staffed("003");
    for step in steps {
        match step {
            Step::Told => rig.event(Event::Remark(Remark::loss(TEXT))),
            Step::Read => {
                let (.., id) = own(&mut rig)
                    .into_iter()
                    .find(|(_, body, _)| body.contains(TEXT))
                    .unwrap();
                rig.say(ONE, ToDesk::NoticeRead { id });
            }
            Step::Restart => {
                restart(&mut rig);
            }
            Step::Full => rig.store_error = Some(full()),
            Step::Room => {
                rig.store_error = None;
                rig.seconds(300);
            }
        }
    }
    rig
}

#[test]
fn rel_5_a_loss_outlives_the_desk_until_it_is_read() {
    use Step::{Full, Read, Restart, Room, Told};
    // What happens, how many stand then, and who wrote what: `-` told by the
    // desk, `r` read.
    let cases: [(&[Step], usize, &str); 10] = [
        (&[Told, Restart], 1, "-"),
        (&[Told, Restart, Restart], 1, "-"),
        (&[Told, Told, Restart], 1, "-"),
        (&[Told, Restart, Told], 1, "-"),
        (&[Told, Read, Restart], 0, "-r"),
        (&[Told, Restart, Read, Restart], 0, "-r"),
        (&[Told, Read, Read, Told], 0, "-r"),
        // It stands in the store, and is found again at each start.
        (&[Told, Read, Restart, Told, Restart], 1, "-r-"),
        (&[Full, Told, Told, Room, Restart], 1, "-"),
        (&[Told, Full, Read, Room, Restart], 0, "-r"),
    ];
    for (steps, stand, lines) in cases {
        let mut rig = play(steps);
        assert_eq!(rig.status(ONE).losses, stand, "{steps:?}");
        let shown = own(&mut rig);
        let shown = shown.iter().filter(|own| own.1.contains(TEXT));
        assert_eq!(
            shown.count(),
            usize::from(stand > 0 || !steps.ends_with(&[Restart])),
            "{steps:?}"
        );
        let written = written(&rig);
        let told: String = (written.iter())
            .map(|(_, loss)| if loss.read { 'r' } else { '-' })
            .collect();
        assert_eq!(told, lines, "{steps:?}");
        for (record, loss) in written {
            let by = if loss.read { "003" } else { "" };
            assert_eq!(record.by, by, "{steps:?}");
            assert!(loss.text.starts_with(TEXT));
        }
    }
}

#[test]
fn rel_5_a_loss_that_cannot_be_written_makes_no_loop() {
    let mut rig = play(&[Step::Full, Step::Told]);
    rig.hold_writes = true;
    for _ in 0..20 {
        rig.seconds(10);
        rig.event(Event::Woke);
    }
    let tried = (rig.waiting.iter())
        .filter(|(_, record)| matches!(record.what, What::Loss(_)))
        .count();
    assert!(tried <= 4, "{tried} times in 200 seconds");
    // Read before anything could be written: one line says who.
    let mut rig = play(&[Step::Full, Step::Told, Step::Read, Step::Room]);
    assert_eq!(rig.status(ONE).losses, 0);
    let lines: Vec<_> = written(&rig)
        .iter()
        .map(|(record, loss)| (record.by.clone(), loss.read))
        .collect();
    assert_eq!(lines, [("003".to_owned(), true)]);
    rig.restart();
    assert_eq!(written(&rig).len(), 1);
}

#[test]
fn rel_5_losses_are_bounded_and_none_goes_in_silence() {
    let mut rig = Rig::staffed("003");
    for n in 0..300 {
        let text = format!("{n} {}", "長".repeat(5000));
        rig.event(Event::Remark(Remark::loss(text)));
    }
    assert_eq!(rig.status(ONE).losses, 51);
    assert_eq!(written(&rig).len(), 51);
    let longest = written(&rig)
        .iter()
        .map(|(_, loss)| loss.text.chars().count())
        .max();
    assert!(longest < Some(700), "{longest:?}");
    for _ in 0..2 {
        let shown = own(&mut rig);
        assert!(shown.iter().any(|own| own.1.starts_with("0 長")));
        assert!(shown.iter().any(|own| own.1.starts_with("このほかにも")));
        restart(&mut rig);
        assert_eq!(rig.status(ONE).losses, 51);
    }
}

#[test]
fn rel_4_a_loss_that_waits_in_the_spill_is_shown_while_the_store_is_closed() {
    let mut rig = Rig::unopened(config());
    let (at, text, read) = (wall(0), TEXT.to_owned(), false);
    rig.event(Event::Spill(News {
        place: Some("予備".to_owned()),
        letter: 'S',
        losses: vec![Loss { at, text, read }],
        ..News::default()
    }));
    rig.event(Event::Opened(Err(full())));
    rig.attach(ONE);
    rig.login(ONE, "003");
    assert_eq!(rig.status(ONE).losses, 1);
    assert!(written(&rig).is_empty(), "it lies there");
}
