//! What a note's history and the ledger say of its questions: which went out,
//! in whose name, how long the rest takes, what kept it back.

use super::rig::*;
use super::script::*;
use crate::central::call::Answer;
use crate::desk::event::{Config, Event};
use crate::domain::entitlement::Validity;
use crate::domain::note::{Group, Note, NoteState, Stage, Step};
use crate::domain::person::Sex;
use crate::link::message::{SyncState, ToDesk};
use crate::store::record::What;
use std::time::Duration;

/// DOM-13, design 7: every form that is asked stands in the history.
#[test]
fn dom_13_each_zero_form_stands_in_the_history_and_the_hit_is_told() {
    let mut rig = Rig::staffed("003");
    let valid = Validity::Valid;
    rig.script.cards.insert("0012345".to_owned(), valid);
    rig.outage(ONE);
    let note = rig.noted(ONE, card("12345"));
    rig.recovery();
    let note = rig.note(&note.id);
    let told: Vec<&str> = note.history.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        told,
        [
            "控えました。",
            "照会の順番待ち（方法2）。",
            "方法2で照会します（番号 12345）。",
            "番号 12345 は該当なし。番号 0012345 で照会します。",
            "番号 0012345 で見つかりました（控えは 12345）。",
            "方法2で照会: 有効な資格です。",
        ]
    );
    let NoteState::Resolved(resolution) = &note.state else {
        panic!("{:?}", note.state);
    };
    let remark = resolution.answer.remark.as_ref().unwrap();
    assert_eq!(
        remark.message,
        "番号 0012345 で見つかりました（控えは 12345）。"
    );
}

fn groups(rig: &mut Rig, notes: &[Note], group: Group) -> usize {
    let of = |note: &&Note| rig.desk.book.get(&note.id).unwrap().group() == group;
    notes.iter().filter(of).count()
}

#[test]
fn only_what_is_on_the_line_is_being_asked() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let notes: Vec<Note> = (0..30).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.script.deaf = true;
    rig.recovery();
    assert_eq!(rig.open.len(), 8, "sync_at_once");
    assert_eq!(groups(&mut rig, &notes, Group::Asking), 8);
    assert_eq!(groups(&mut rig, &notes, Group::Open), 22);
    // On disk before it goes out (REL-1), for those in turn as well.
    let asking = |note: &&Note| {
        let stage = &rig.desk.book.get(&note.id).unwrap().outline.stage;
        matches!(stage, Stage::Asking { .. })
    };
    assert_eq!(notes.iter().filter(asking).count(), 16);
    // Nothing is said to have gone out that may not have.
    rig.restart();
    assert_eq!(groups(&mut rig, &notes, Group::Asking), 0);
    rig.script.deaf = false;
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    rig.seconds(1);
    let sentence = "届いたかどうかは分かりません";
    let doubtful: usize = notes
        .iter()
        .filter(|note| {
            let note = rig.desk.book.note(&note.id).unwrap();
            note.history.iter().any(|step| step.text.contains(sentence))
        })
        .count();
    assert_eq!(doubtful, 16);
}

#[test]
fn what_was_put_back_is_not_said_to_have_been_asked() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let notes: Vec<Note> = (0..16).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.script.deaf = true;
    rig.recovery();
    rig.say(ONE, ToDesk::Sync { run: false });
    for note in &notes[8..] {
        let note = rig.note(&note.id);
        assert_eq!(note.state.group(), Group::Open);
        let asked = |text: &str| text.contains("で照会します") || text.contains("途切れ");
        assert!(
            !note.history.iter().any(|step| asked(&step.text)),
            "{note:?}"
        );
    }
}

#[test]
fn the_time_left_is_true_for_several_at_once() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    for _ in 0..24 {
        rig.noted(ONE, card("10001"));
    }
    rig.script.deaf = true;
    rig.script.down = false;
    while rig.open.is_empty() {
        rig.sleep(Duration::from_millis(10));
    }
    let answer = Ok(Answer::Checked(Box::new(eligible(
        Validity::Valid,
        TODAY,
        BORN,
    ))));
    // Eight at once, four seconds each: twelve seconds in all.
    let mut left = 24_u64;
    for wave in 0..3 {
        rig.seconds(4);
        let open: Vec<_> = rig.open.drain(..).collect();
        assert_eq!(open.len(), 8);
        for (call, _) in open {
            rig.event(Event::Answered {
                call,
                result: answer.clone(),
            });
            left -= 1;
            match rig.desk.sync_state() {
                SyncState::Running {
                    seconds_left: Some(seconds),
                    per_minute: Some(rate),
                    ..
                } => {
                    let true_left = (left.div_ceil(8)) * 4;
                    assert!(
                        seconds <= true_left + 1 && seconds + 5 >= true_left,
                        "{left}: {seconds}"
                    );
                    assert!((118..=122).contains(&rate), "{left}: {rate}");
                }
                SyncState::Running { .. } => {
                    assert!(wave == 0 && left > 20, "{left} left, and nothing is said");
                }
                _ => assert_eq!(left, 0),
            }
        }
    }
}

#[test]
fn who_starts_the_sync_is_named_and_nobody_else() {
    let mut rig = Rig::with(Config {
        sync_confirm: true,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.attach(TWO);
    rig.login(TWO, "001");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.recovery();
    rig.say(TWO, ToDesk::Sync { run: true });
    let history = rig.note(&note.id).history;
    let by: Vec<&str> = history
        .iter()
        .skip(1)
        .map(|step| step.by.as_str())
        .collect();
    assert!(by.contains(&"001") && !by.contains(&"003"), "{history:?}");
}

#[test]
fn who_starts_the_sync_and_may_not_ask_stands_in_the_history() {
    let mut rig = Rig::with(Config {
        sync_confirm: true,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.attach(TWO);
    rig.login(TWO, "002");
    rig.outage(ONE);
    let mut four = card("10001");
    four.insurance = None;
    four.sex = Some(Sex::Male);
    four.name = "新橋　太郎".to_owned();
    four.address = "東京都港区".to_owned();
    let note = rig.noted(ONE, four);
    rig.recovery();
    rig.say(TWO, ToDesk::Sync { run: true });
    let history = rig.note(&note.id).history;
    let said = |step: &Step| {
        step.by == "003" && step.text == "方法3で照会します（002 が始めた一括照会）。"
    };
    assert!(history.iter().any(said), "{history:?}");
}

#[test]
fn with_sync_confirm_one_note_is_asked_for_by_its_own_key() {
    let mut rig = Rig::with(Config {
        sync_confirm: true,
        ..config()
    });
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    let notes: Vec<Note> = (0..3).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.recovery();
    let ticket = rig.ticket();
    let (id, revision) = (notes[1].id.clone(), 1);
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id,
            revision,
        },
    );
    rig.seconds(1);
    assert_eq!(rig.note(&notes[1].id).state.group(), Group::Resolved);
    for other in [&notes[0], &notes[2]] {
        assert_eq!(rig.note(&other.id).state.group(), Group::Open);
    }
    assert_eq!(
        rig.status(ONE).sync,
        SyncState::AwaitingConfirm { notes: 2 }
    );
}

#[test]
fn a_block_and_its_end_stand_in_the_history_once_for_each_reason() {
    let mut rig = Rig::staffed("002");
    rig.outage(ONE);
    let mut four = card("10001");
    four.insurance = None;
    four.sex = Some(Sex::Male);
    four.name = "新橋　太郎".to_owned();
    four.address = "東京都港区".to_owned();
    let note = rig.noted(ONE, four);
    rig.recovery();
    let told = |rig: &mut Rig| -> Vec<String> {
        let history = rig.note(&note.id).history;
        history.into_iter().map(|step| step.text).collect()
    };
    let blocked = "保留になりました（照会できる権限の人がログインしていません）。";
    assert_eq!(told(&mut rig), ["控えました。", blocked]);
    let written = rig.disk.len();
    // The same reason again and again is no news, and nothing is written.
    for _ in 0..5 {
        rig.say(ONE, ToDesk::Logout);
        rig.login(ONE, "002");
    }
    assert_eq!(told(&mut rig), ["控えました。", blocked]);
    let notes = rig.disk[written..]
        .iter()
        .filter(|record| matches!(record.what, What::Note(_)));
    assert_eq!(notes.count(), 0);
    rig.attach(TWO);
    rig.login(TWO, "003");
    let told = told(&mut rig);
    assert_eq!(
        told[..5],
        [
            "控えました。",
            blocked,
            "保留が解けました。",
            "照会の順番待ち（方法3）。",
            "方法3で照会します。",
        ]
    );
    let again = |text: &&String| text.contains("保留に");
    assert_eq!(told.iter().filter(again).count(), 1);
    // Lasting from then on.
    let kept = rig.desk.book.note(&note.id).unwrap();
    assert_eq!(kept.history[1].text, blocked);
}
