//! In whose name a note is asked for again: the person's who asked for it, so
//! that nobody is named for what a colleague did (SEC-3).

use super::rig::*;
use super::script::*;
use crate::desk::event::Config;
use crate::domain::note::{Block, Note, NoteContent, NoteState};
use crate::link::message::ToDesk;
use jiff::Span;

const ADMINISTRATOR: &str = "001";
const VIEWER: &str = "003";

/// Two front ends; questions go out as noted or not at all.
fn staffed(first: &str, second: &str) -> Rig {
    let mut rig = Rig::with(Config {
        sync_fallbacks: false,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, first);
    rig.attach(TWO);
    rig.login(TWO, second);
    rig
}

/// A note nobody is found for, asked for by the first of two who are logged in.
fn asked_once(first: &str, second: &str) -> (Rig, Note) {
    let mut rig = staffed(first, second);
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ダレカ"));
    rig.recovery();
    let note = rig.note(&note.id);
    assert!(matches!(note.state, NoteState::NeedsPerson(_)), "{note:?}");
    (rig, note)
}

/// Whose name the last question went out in, and the line for it.
fn last_sent(rig: &mut Rig, note: &Note) -> (String, String) {
    let history = rig.note(&note.id).history;
    let sent = |text: &str| text.contains("で照会します");
    let step = history.iter().rfind(|step| sent(&step.text)).unwrap();
    (step.by.clone(), step.text.clone())
}

fn retry(rig: &mut Rig, note: &Note) {
    let ticket = rig.ticket();
    let (id, revision) = (note.id.clone(), rig.note(&note.id).revision);
    rig.say(
        TWO,
        ToDesk::RetryNote {
            ticket,
            id,
            revision,
        },
    );
    rig.seconds(1);
}

fn replace(rig: &mut Rig, note: &Note, content: NoteContent, trial: bool) {
    let ticket = rig.ticket();
    let revision = rig.note(&note.id).revision;
    rig.say(
        TWO,
        ToDesk::SaveNote {
            ticket,
            content: Box::new(content),
            replaces: Some((note.id.clone(), revision)),
            trial,
            card: None,
        },
    );
    rig.seconds(1);
}

fn sent(by: &str, text: &str) -> (String, String) {
    (by.to_owned(), text.to_owned())
}

#[test]
fn who_asks_for_a_note_again_asks_in_their_own_name() {
    let (mut rig, note) = asked_once(ADMINISTRATOR, VIEWER);
    assert_eq!(last_sent(&mut rig, &note).0, ADMINISTRATOR);
    retry(&mut rig, &note);
    assert_eq!(
        last_sent(&mut rig, &note),
        sent(VIEWER, "方法3で照会します。")
    );
}

#[test]
fn who_corrects_or_tries_a_note_asks_in_their_own_name() {
    for trial in [false, true] {
        let (mut rig, note) = asked_once(ADMINISTRATOR, VIEWER);
        replace(&mut rig, &note, four("ダレカサン"), trial);
        assert_eq!(rig.script.searches.last().unwrap().kana, "ダレカサン");
        assert_eq!(last_sent(&mut rig, &note).0, VIEWER, "trial {trial}");
    }
}

#[test]
fn what_one_person_asked_for_again_names_them_once() {
    let (mut rig, note) = asked_once(ADMINISTRATOR, VIEWER);
    retry(&mut rig, &note);
    // That is over: the next is the colleague's own.
    rig.say(TWO, ToDesk::Logout);
    let (ticket, id) = (rig.ticket(), note.id.clone());
    let revision = rig.note(&note.id).revision;
    rig.say(
        ONE,
        ToDesk::RetryNote {
            ticket,
            id,
            revision,
        },
    );
    rig.seconds(1);
    let own = sent(ADMINISTRATOR, "方法3で照会します。");
    assert_eq!(last_sent(&mut rig, &note), own);
}

#[test]
fn a_question_in_a_colleagues_name_says_who_asked_for_it() {
    // 一般 may not search.
    let (mut rig, note) = asked_once(VIEWER, "002");
    let said = sent(VIEWER, "方法3で照会します（002 の再照会）。");
    retry(&mut rig, &note);
    assert_eq!(last_sent(&mut rig, &note), said);
    // Who asked for the note comes before who started the run.
    rig.say(ONE, ToDesk::Sync { run: true });
    replace(&mut rig, &note, four("ダレカサン"), false);
    assert_eq!(last_sent(&mut rig, &note), said);
}

#[test]
fn a_correction_before_the_first_question_asks_for_nothing_again() {
    let mut rig = staffed(ADMINISTRATOR, VIEWER);
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ダレカ"));
    replace(&mut rig, &note, four("ダレカサン"), false);
    rig.recovery();
    let first = sent(ADMINISTRATOR, "方法3で照会します。");
    assert_eq!(last_sent(&mut rig, &note), first);
}

/// OUT-5: whoever starts the run does not wait for the next look at the
/// notices.
#[test]
fn out_5_starting_the_run_hears_at_once_that_the_function_has_opened() {
    let mut rig = Rig::with(Config {
        sync_fallbacks: false,
        ..config()
    });
    rig.attach(ONE);
    let open = rig.script.period;
    rig.script.period = open.map(|mut period| {
        period.from = TODAY.saturating_add(Span::new().days(2));
        period
    });
    rig.login(ONE, VIEWER);
    rig.outage(ONE);
    let note = rig.noted(ONE, four("ダレカ"));
    rig.recovery();
    let blocked = NoteState::Blocked(Block::FunctionClosed);
    assert_eq!(rig.note(&note.id).state, blocked);
    rig.script.period = open;
    rig.seconds(1);
    assert_eq!(rig.note(&note.id).state, blocked);
    rig.say(ONE, ToDesk::Sync { run: true });
    rig.seconds(1);
    assert_eq!(last_sent(&mut rig, &note).0, VIEWER);
    // Without a note that waits for it there is nothing to be heard.
    rig.forget();
    rig.say(ONE, ToDesk::Sync { run: true });
    assert_eq!(rig.script.count("notices"), 0);
}
