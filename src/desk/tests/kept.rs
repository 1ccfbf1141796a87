//! What a note's history keeps: questions whose answers no longer count, and
//! what kept it from being asked for, through closing, failures and restarts.

use super::rig::*;
use super::script::*;
use crate::central::call::Answer;
use crate::desk::event::{Config, Event};
use crate::domain::entitlement::Validity;
use crate::domain::failure::Failure;
use crate::domain::note::{Block, Change, Group, Note, NoteId, NoteState};
use crate::link::message::ToDesk;
use crate::store::record::What;
use jiff::Timestamp;

const NO_RIGHT: &str = "保留になりました（照会できる権限の人がログインしていません）。";

fn texts(note: &Note) -> Vec<&str> {
    note.history.iter().map(|step| step.text.as_str()).collect()
}

fn ordered(note: &Note) -> bool {
    note.history.is_sorted_by_key(|step| step.at)
}

/// The note as it was written last.
fn on_disk(rig: &Rig, id: &NoteId) -> Note {
    let notes = rig
        .disk
        .iter()
        .rev()
        .filter_map(|record| match &record.what {
            What::Note(note) => Some(note),
            _ => None,
        });
    (**notes.into_iter().find(|note| note.id == *id).unwrap()).clone()
}

fn written(rig: &Rig) -> usize {
    let notes = rig.disk.iter();
    notes
        .filter(|record| matches!(record.what, What::Note(_)))
        .count()
}

fn cancel(rig: &mut Rig, id: &NoteId) {
    let ticket = rig.ticket();
    let (id, reason) = (id.clone(), "二重に控えた".to_owned());
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id,
            revision: 1,
            reason,
        },
    );
}

/// A note that nobody here may ask for.
fn blocked(rig: &mut Rig) -> Note {
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ヒトリ"));
    rig.recovery();
    assert_eq!(rig.note(&note.id).state, NoteState::Blocked(Block::NoRight));
    note
}

#[test]
fn what_went_out_stands_in_the_history_although_its_answer_counts_no_longer() {
    for edited in [false, true] {
        let mut rig = Rig::staffed("003");
        rig.script.hole = true;
        let note = rig.noted(ONE, card("10001"));
        let (call, _) = rig.open.pop().unwrap();
        rig.seconds(2);
        if edited {
            let ticket = rig.ticket();
            let mut content = Box::new(card("10001"));
            content.remark = "直した".to_owned();
            let replaces = Some((note.id.clone(), 1));
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
        } else {
            cancel(&mut rig, &note.id);
        }
        rig.seconds(2);
        let answer = eligible(Validity::Valid, TODAY, BORN);
        let result = Ok(Answer::Checked(Box::new(answer)));
        rig.event(Event::Answered { call, result });
        let kept = on_disk(&rig, &note.id);
        let told = texts(&kept);
        let place = |text: &str| told.iter().position(|told| told.starts_with(text));
        let sent = place("方法2で照会します").unwrap();
        let changed = place(if edited {
            "内容を直しました"
        } else {
            "取り消しました"
        })
        .unwrap();
        let unused = place("返事は使いませんでした（訂正・取消のため）。").unwrap();
        assert!(sent < changed && changed < unused, "{told:?}");
        assert!(ordered(&kept), "{told:?}");
        if edited {
            assert_eq!(rig.open.len(), 1, "asked for anew: {told:?}");
        } else {
            assert_eq!(kept.state.group(), Group::Cancelled);
        }
    }
}

#[test]
fn what_kept_a_note_stands_where_its_time_is_on_screen_and_on_disk() {
    let mut rig = Rig::staffed("002");
    let note = blocked(&mut rig);
    let kept = rig.desk.book.blocked(&note.id);
    let at = rig.now.wall;
    rig.seconds(5);
    let over = Change::TakenOver {
        from: "001".to_owned(),
    };
    let later = note.changed(1, over, "002", rig.now.wall).unwrap();
    let seen = rig.desk.book.get(&note.id).unwrap().view(&later, &kept);
    assert_eq!(texts(&seen)[1..], [NO_RIGHT, "001 から引き継ぎました。"]);
    assert!(ordered(&seen) && kept.iter().all(|(since, _)| *since <= at));
    // An hour later somebody may ask.
    rig.attach(TWO);
    rig.login(TWO, "003");
    let asked = on_disk(&rig, &note.id);
    assert!(texts(&asked).contains(&"保留が解けました。"), "{asked:?}");
    assert!(ordered(&asked), "{asked:?}");
}

#[test]
fn what_kept_a_note_is_written_when_it_is_closed_and_when_it_is_corrected() {
    let mut rig = Rig::staffed("002");
    let note = blocked(&mut rig);
    rig.seconds(3);
    cancel(&mut rig, &note.id);
    let kept = on_disk(&rig, &note.id);
    assert_eq!(
        texts(&kept)[1..],
        [NO_RIGHT, "取り消しました（二重に控えた）。"]
    );

    let mut rig = Rig::staffed("002");
    let note = blocked(&mut rig);
    let ticket = rig.ticket();
    let mut content = Box::new(four("ヒトリ"));
    content.remark = "直した".to_owned();
    let replaces = Some((note.id.clone(), 1));
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
    let told = |note: &Note| {
        note.history
            .iter()
            .filter(|step| step.text == NO_RIGHT)
            .count()
    };
    assert_eq!(told(&on_disk(&rig, &note.id)), 1);
    assert_eq!(
        told(&rig.note(&note.id)),
        1,
        "not once more for the new content"
    );
}

#[test]
fn what_kept_a_note_is_told_until_it_is_really_written() {
    let mut rig = Rig::staffed("002");
    let note = blocked(&mut rig);
    rig.store_error = Some(full());
    rig.attach(TWO);
    rig.login(TWO, "003");
    assert!(texts(&rig.note(&note.id)).contains(&NO_RIGHT));
    rig.store_error = None;
    rig.seconds(40);
    let kept = on_disk(&rig, &note.id);
    assert_eq!(texts(&kept)[1..3], [NO_RIGHT, "保留が解けました。"]);
}

#[test]
fn a_block_that_stands_survives_a_restart_as_it_was() {
    let mut rig = Rig::staffed("002");
    let note = blocked(&mut rig);
    let since = rig.desk.book.blocked(&note.id)[0].0;
    rig.seconds(70);
    let before = written(&rig);
    for _ in 0..3 {
        rig.restart();
        rig.attach(ONE);
        rig.try_login(ONE, "002", "right", true);
        rig.seconds(200);
    }
    let seen = rig.note(&note.id);
    let lines: Vec<Timestamp> = (seen.history.iter())
        .filter(|step| step.text == NO_RIGHT)
        .map(|step| step.at)
        .collect();
    assert_eq!(lines, [since]);
    assert_eq!(on_disk(&rig, &note.id).history, seen.history);
    assert!(written(&rig) <= before + 1, "each reason once");
}

#[test]
fn many_blocked_notes_are_written_a_few_at_a_time_and_once() {
    let mut rig = Rig::staffed("002");
    rig.outage(ONE);
    let notes: Vec<Note> = (0..50).map(|_| rig.noted(ONE, four("ヒトリ"))).collect();
    rig.recovery();
    let before = written(&rig);
    let mut most = 0;
    for _ in 0..120 {
        let now = written(&rig);
        rig.seconds(1);
        most = most.max(written(&rig) - now);
    }
    assert_eq!(written(&rig), before + notes.len());
    assert!((1..=10).contains(&most), "{most} in a second");
    rig.seconds(3600);
    assert_eq!(written(&rig), before + notes.len());
}

/// A wish that was refused asks for nothing later; a stop ends the others too.
#[test]
fn a_note_is_asked_for_alone_only_when_the_wish_has_landed_and_until_a_stop() {
    let mut rig = Rig::with(Config {
        sync_at_once: 1,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    let notes: Vec<Note> = (0..3).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.say(ONE, ToDesk::Sync { run: false });
    rig.script.deaf = true;
    rig.script.down = false;
    rig.seconds(40);
    // A recovery takes a stop back.
    rig.say(ONE, ToDesk::Sync { run: false });
    let answer = eligible(Validity::Valid, TODAY, BORN);
    rig.answer_open(&Ok(Answer::Checked(Box::new(answer.clone()))));
    let left: Vec<&Note> = (notes.iter())
        .filter(|note| rig.desk.book.get(&note.id).unwrap().group() == Group::Open)
        .collect();
    assert_eq!(left.len(), 2);
    let retry = |rig: &mut Rig, note: &Note, revision| {
        let (ticket, id) = (rig.ticket(), note.id.clone());
        rig.say(
            ONE,
            ToDesk::RetryNote {
                ticket,
                id,
                revision,
            },
        );
    };
    retry(&mut rig, left[0], 7);
    assert_eq!(rig.failure(ONE), Failure::Stale);
    rig.seconds(5);
    assert_eq!(rig.open.len(), 0, "refused");
    retry(&mut rig, left[0], 1);
    retry(&mut rig, left[1], 1);
    assert_eq!(rig.open.len(), 1);
    rig.say(ONE, ToDesk::Sync { run: false });
    rig.answer_open(&Ok(Answer::Checked(Box::new(answer))));
    rig.seconds(5);
    assert_eq!(rig.open.len(), 0, "stopped");
    assert_eq!(rig.note(&left[1].id).state.group(), Group::Open);
}
