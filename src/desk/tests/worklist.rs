//! What people do with notes after a recovery: telling people apart, working
//! resolved notes off.

use super::rig::*;
use super::script::*;
use crate::domain::entitlement::{Found, Validity};
use crate::domain::failure::Failure;
use crate::domain::note::{Note, NoteId, NoteState};
use crate::domain::readback::Proof;
use crate::domain::settling::{self, Item};
use crate::link::message::{SettlingStep, ToDesk, ToFront};

fn choose(rig: &mut Rig, id: &NoteId, key: &str, read_back: Option<Proof>) {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::ResolveNote {
            ticket,
            id: id.clone(),
            revision: 1,
            key: key.to_owned(),
            read_back,
        },
    );
}

/// A desk after a recovery with a note that has these candidates.
fn with_candidates(found: Found, others: &[&str]) -> (Rig, Note) {
    let mut rig = Rig::staffed("003");
    rig.script.people.insert("フタリ".to_owned(), found);
    rig.outage(ONE);
    for kana in others {
        rig.noted(ONE, four(kana));
    }
    let note = rig.noted(ONE, four("フタリ"));
    rig.recovery();
    (rig, note)
}

/// Two candidates of different readings: nobody to be mistaken for each other.
fn apart() -> Found {
    let mut list = candidates(2);
    list[1].name = "大門　花子".to_owned();
    list[1].kana = "ﾀﾞｲﾓﾝ ﾊﾅｺ".to_owned();
    Found::Several(list)
}

#[test]
fn dom_40_another_candidate_with_the_same_reading_and_birth_date_is_told_apart_first() {
    let mut list = candidates(2);
    list[1].address = "東京都足立区".to_owned();
    let (mut rig, note) = with_candidates(Found::Several(list), &[]);
    choose(&mut rig, &note.id, "key-2", None);
    let Failure::ReadBack(asked) = rig.failure(ONE) else {
        panic!("not asked");
    };
    assert_eq!(asked.others.len(), 1);
    assert_eq!(asked.others[0].known_as, "候補 1");
    assert_eq!(asked.ways[0], (Proof::Address, "東京都足立区".to_owned()));
    // Not by something that tells nobody apart.
    choose(&mut rig, &note.id, "key-2", Some(Proof::Insurer));
    assert!(matches!(rig.failure(ONE), Failure::ReadBack(_)));
    assert!(matches!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(_)
    ));
    choose(&mut rig, &note.id, "key-2", Some(Proof::Address));
    let note = rig.note(&note.id);
    assert!(matches!(note.state, NoteState::Resolved(_)));
    let told = note
        .history
        .iter()
        .find(|step| step.text.contains("住所で見分けました"))
        .unwrap();
    assert_eq!(told.by, "003", "who confirmed stands in the history");
}

#[test]
fn dom_68_a_note_of_somebody_else_in_the_ledger_is_known_to_the_desk() {
    let (mut rig, note) = with_candidates(apart(), &["シンバシ タロウ"]);
    choose(&mut rig, &note.id, "key-1", None);
    let Failure::ReadBack(asked) = rig.failure(ONE) else {
        panic!("not asked");
    };
    assert_eq!(asked.others[0].known_as, "控え 20261120-0001");
    choose(&mut rig, &note.id, "key-1", Some(Proof::Telephone));
    assert!(matches!(rig.note(&note.id).state, NoteState::Resolved(_)));
}

#[test]
fn nobody_else_comes_into_question_and_nothing_is_asked() {
    let (mut rig, note) = with_candidates(apart(), &["ベツノヒト"]);
    choose(&mut rig, &note.id, "key-1", None);
    assert!(matches!(rig.note(&note.id).state, NoteState::Resolved(_)));
}

#[test]
fn a_cancelled_note_is_nobody() {
    let (mut rig, note) = with_candidates(apart(), &["シンバシ タロウ"]);
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id: NoteId("20261120-0001".to_owned()),
            revision: 1,
            reason: "二重".to_owned(),
        },
    );
    choose(&mut rig, &note.id, "key-1", None);
    assert!(matches!(rig.note(&note.id).state, NoteState::Resolved(_)));
}

fn step(rig: &mut Rig, id: &NoteId, step: SettlingStep) {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::NoteStep {
            ticket,
            id: id.clone(),
            revision: 1,
            step,
        },
    );
}

fn settle(rig: &mut Rig, id: &NoteId, leaving: &[Item]) {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::SettleNote {
            ticket,
            id: id.clone(),
            revision: 1,
            leaving: leaving.to_vec(),
        },
    );
}

#[test]
fn dom_73_what_is_left_is_said_steps_survive_a_restart() {
    let mut rig = Rig::staffed("003");
    rig.script
        .people
        .insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
    rig.outage(ONE);
    let mut content = four("ヒトリ");
    content.evidence = "申立書".to_owned();
    let note = rig.noted(ONE, content);
    step(&mut rig, &note.id, SettlingStep::Seen);
    assert!(matches!(rig.failure(ONE), Failure::WrongState { .. }));
    rig.recovery();
    let all = settling::due(&rig.note(&note.id));
    assert_eq!(all, [Item::Seen, Item::Declaration]);
    settle(&mut rig, &note.id, &[]);
    assert!(matches!(rig.failure(ONE), Failure::NotNow { why } if why.contains("申立書の廃棄")));
    step(&mut rig, &note.id, SettlingStep::DeclarationDestroyed);
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
    // Once; and it can be taken back, which stands in the history.
    step(&mut rig, &note.id, SettlingStep::DeclarationDestroyed);
    assert!(
        matches!(rig.failure(ONE), Failure::NotNow { why } if why.contains("もう済んでいます（003 "))
    );
    let item = Item::Declaration;
    step(&mut rig, &note.id, SettlingStep::Undone { item });
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
    let undone = rig.note(&note.id);
    assert_eq!(undone.settling.done(item), None);
    let last = undone.history.last().unwrap();
    assert_eq!(last.text, "「申立書の廃棄」の済を取り消しました。");
    assert_eq!(last.by, "003");
    step(&mut rig, &note.id, SettlingStep::Undone { item });
    assert!(matches!(rig.failure(ONE), Failure::WrongState { .. }));
    step(&mut rig, &note.id, SettlingStep::DeclarationDestroyed);
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    let kept = rig.note(&note.id);
    assert_eq!(kept.settling.done(Item::Declaration).unwrap().by, "003");
    // What the screen showed is no longer what is left.
    settle(&mut rig, &note.id, &[Item::Seen, Item::Declaration]);
    assert!(matches!(rig.failure(ONE), Failure::NotNow { .. }));
    settle(&mut rig, &note.id, &[Item::Seen]);
    let done = rig.note(&note.id);
    assert!(matches!(done.state, NoteState::Settled(_)));
    assert!(
        done.history
            .last()
            .unwrap()
            .text
            .contains("残し: 内容の確認")
    );
}
