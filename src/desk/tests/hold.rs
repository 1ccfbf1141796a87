//! One person changes a note at a time: taking, taking over, letting go.

use super::rig::{ONE, Rig, TWO, config};
use super::script::four;
use crate::desk::event::{Config, Event};
use crate::domain::failure::Failure;
use crate::domain::hold::Holder;
use crate::domain::note::{Note, NoteId};
use crate::link::message::{FrontId, LedgerFilter, ToDesk, ToFront, VERSION};
use crate::store::record::What;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

const THREE: FrontId = FrontId(3);

fn hold(rig: &mut Rig, front: FrontId, id: &NoteId, take: bool) {
    let (ticket, id) = (rig.ticket(), id.clone());
    rig.say(front, ToDesk::HoldNote { ticket, id, take });
}

fn edit(rig: &mut Rig, front: FrontId, note: &Note, remark: &str) {
    let ticket = rig.ticket();
    let mut content = note.content.clone();
    content.remark = remark.to_owned();
    rig.say(
        front,
        ToDesk::SaveNote {
            ticket,
            content: Box::new(content),
            replaces: Some((note.id.clone(), note.revision)),
            trial: false,
            card: None,
        },
    );
}

fn is_held(rig: &Rig, front: FrontId) -> bool {
    matches!(rig.answer(front), ToFront::Held { .. })
}

/// By whom a note is held, as the refusal says.
fn by(failure: &Failure) -> &Holder {
    match failure {
        Failure::HeldBy { by, .. } => by,
        other => panic!("{other:?}"),
    }
}

fn connect(rig: &mut Rig, front: FrontId, origin: &str) {
    rig.event(Event::Attached { front });
    rig.say(
        front,
        ToDesk::Hello {
            version: VERSION,
            origin: origin.to_owned(),
        },
    );
}

/// Two screens at one desk: 002 at 窓口1, 003 over SSH at 窓口2; a note.
fn two() -> (Rig, Note) {
    let mut rig = Rig::with(Config {
        desk: "窓口1".to_owned(),
        screens: [("10.0.0.2".to_owned(), "窓口2".to_owned())].into(),
        ..config()
    });
    connect(&mut rig, ONE, "");
    rig.login(ONE, "002");
    connect(&mut rig, TWO, "10.0.0.2");
    rig.login(TWO, "003");
    rig.script.down = true;
    rig.lookup(ONE, "1");
    let note = rig.noted(ONE, four("ア"));
    (rig, note)
}

fn held_row(rig: &mut Rig, front: FrontId) -> Option<String> {
    match rig.page(front, LedgerFilter::default(), 0) {
        ToFront::Page { page, .. } => page.rows[0].held.as_ref().map(|by| by.who()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_note_that_lies_before_somebody_is_changed_by_nobody_else() {
    let (mut rig, note) = two();
    hold(&mut rig, TWO, &note.id, false);
    assert!(is_held(&rig, TWO));
    rig.forget();
    hold(&mut rig, ONE, &note.id, false);
    let failure = rig.failure(ONE);
    let said = failure.to_string();
    let who = format!(
        "控え {} は 窓口2 の 職員003さん が 09:00 から開いています。",
        note.id
    );
    assert_eq!(said, who);
    // Looking is free; every change is refused, whatever the screen does.
    let (ticket, id) = (rig.ticket(), note.id.clone());
    rig.say(ONE, ToDesk::OpenNote { ticket, id });
    assert!(matches!(rig.answer(ONE), ToFront::Noted { .. }));
    edit(&mut rig, ONE, &note, "x");
    assert_eq!(by(&rig.failure(ONE)).user, "003");
    for message in super::rights::messages(rig.ticket(), &note.id) {
        let changes = matches!(
            super::rights::row(&message),
            "cancel-note"
                | "absent-note"
                | "follow-note"
                | "retry-note"
                | "settle-note"
                | "step-seen"
                | "step-destroyed"
                | "step-undone"
        );
        if changes {
            rig.forget();
            rig.say(ONE, message.clone());
            assert_eq!(by(&rig.failure(ONE)).user, "003", "{message:?}");
        }
    }
    assert_eq!(rig.note(&note.id).revision, 1);
    // The other's ledger says so, the person's own does not.
    assert_eq!(held_row(&mut rig, ONE).unwrap(), "窓口2 の 職員003さん");
    assert_eq!(held_row(&mut rig, TWO), None);
    // Whoever has it changes it, and is then done with it.
    edit(&mut rig, TWO, &note, "y");
    assert!(matches!(rig.answer(TWO), ToFront::Noted { .. }));
    assert_eq!(rig.desk.holder(&note.id), None);
    hold(&mut rig, ONE, &note.id, false);
    assert!(is_held(&rig, ONE));
}

#[test]
fn a_note_is_taken_over_by_a_word_and_the_other_is_told_at_once() {
    let (mut rig, note) = two();
    hold(&mut rig, ONE, &note.id, false);
    rig.seconds(60);
    rig.forget();
    hold(&mut rig, TWO, &note.id, true);
    assert!(is_held(&rig, TWO));
    let told = rig.last(ONE, |m| matches!(m, ToFront::TakenOver { .. }));
    let Some(ToFront::TakenOver { id, by: new }) = told else {
        panic!("not told");
    };
    assert_eq!((id, new.who().as_str()), (&note.id, "窓口2 の 職員003さん"));
    edit(&mut rig, ONE, &note, "x");
    assert_eq!(by(&rig.failure(ONE)).user, "003");
    // A line in the note's history, one in the audit log: ids alone.
    let after = rig.note(&note.id);
    let step = after.history.last().unwrap();
    assert_eq!(
        (step.by.as_str(), step.text.as_str()),
        ("003", "002 から引き継ぎました。")
    );
    assert_eq!(after.revision, note.revision);
    let line = What::TakenOver {
        id: note.id.clone(),
        from: "002".to_owned(),
    };
    assert!(rig.audit().contains(&&line));
    assert!(!format!("{line:?}").contains('ア'));
    // Asked again it is the person's own: no second line.
    hold(&mut rig, TWO, &note.id, true);
    assert!(is_held(&rig, TWO));
    assert_eq!(rig.note(&note.id).history.len(), after.history.len());
}

#[test]
fn a_dropped_line_frees_a_note_after_the_set_time_and_keeps_the_draft() {
    let (mut rig, note) = two();
    hold(&mut rig, TWO, &note.id, false);
    let draft = crate::domain::draft::Draft {
        pane: "note".to_owned(),
        note: Some((note.id.clone(), 1)),
        ..Default::default()
    };
    rig.say(TWO, ToDesk::Draft(draft.clone()));
    rig.event(Event::Detached { front: TWO });
    rig.seconds(119);
    hold(&mut rig, ONE, &note.id, false);
    assert_eq!(by(&rig.failure(ONE)).user, "003");
    rig.forget();
    rig.seconds(1);
    // Everybody's ledger hears of it without being asked.
    assert!(rig.told[&ONE].contains(&ToFront::LedgerChanged));
    assert_eq!(held_row(&mut rig, ONE), None);
    hold(&mut rig, ONE, &note.id, false);
    assert!(is_held(&rig, ONE));
    assert_eq!(rig.kept["003"], draft);
    // The wall clock decides nothing: only the desk's own running time.
    rig.now.wall = super::rig::wall(100_000);
    rig.event(Event::Woke);
    assert_eq!(rig.desk.holder(&note.id).unwrap().user, "002");
}

#[test]
fn whoever_comes_back_in_time_finds_the_note_still_held() {
    let (mut rig, note) = two();
    hold(&mut rig, TWO, &note.id, false);
    rig.event(Event::Detached { front: TWO });
    rig.seconds(100);
    connect(&mut rig, THREE, "");
    rig.login(THREE, "003");
    rig.seconds(10);
    hold(&mut rig, THREE, &note.id, false);
    assert!(is_held(&rig, THREE));
    rig.seconds(1000);
    let holder = rig.desk.holder(&note.id).unwrap();
    assert_eq!(holder.who(), "窓口1 の 職員003さん");
}

#[test]
fn a_logout_and_a_closed_pane_free_at_once() {
    let (mut rig, note) = two();
    hold(&mut rig, TWO, &note.id, false);
    let id = note.id.clone();
    rig.say(TWO, ToDesk::ReleaseNote { id: id.clone() });
    assert_eq!(rig.desk.holder(&id), None);
    hold(&mut rig, TWO, &id, false);
    // Nobody lets go for another.
    rig.say(ONE, ToDesk::ReleaseNote { id: id.clone() });
    assert_eq!(rig.desk.holder(&id).unwrap().user, "003");
    rig.say(TWO, ToDesk::Logout);
    assert_eq!(rig.desk.holder(&id), None);
}

#[test]
fn a_decision_under_way_does_not_land_on_a_note_taken_over_meanwhile() {
    let (mut rig, note) = two();
    hold(&mut rig, ONE, &note.id, false);
    rig.hold_writes = true;
    hold(&mut rig, TWO, &note.id, true);
    // The line of the take-over is still on its way to the disk.
    edit(&mut rig, ONE, &note, "late");
    rig.hold_writes = false;
    rig.flush();
    assert_eq!(by(&rig.failure(ONE)).user, "003");
    assert_eq!(rig.note(&note.id).content.remark, "");
    assert!(is_held(&rig, TWO));
}

/// What people and lines do.
#[derive(Debug, Clone)]
enum Deed {
    Login(u64, usize),
    Logout(u64),
    Drop(u64),
    Hold(u64, usize, bool),
    Release(u64, usize),
    Edit(u64, usize),
    Cancel(u64, usize),
    Sleep(u64),
    Restart,
}

fn deed() -> impl Strategy<Value = Deed> {
    let front = 1..4_u64;
    let note = 0..3_usize;
    prop_oneof![
        2 => (front.clone(), 0..3_usize).prop_map(|(f, u)| Deed::Login(f, u)),
        1 => front.clone().prop_map(Deed::Logout),
        1 => front.clone().prop_map(Deed::Drop),
        6 => (front.clone(), note.clone(), any::<bool>()).prop_map(|(f, n, t)| Deed::Hold(f, n, t)),
        1 => (front.clone(), note.clone()).prop_map(|(f, n)| Deed::Release(f, n)),
        2 => (front.clone(), note.clone()).prop_map(|(f, n)| Deed::Edit(f, n)),
        1 => (front, note).prop_map(|(f, n)| Deed::Cancel(f, n)),
        2 => (1..200_u64).prop_map(Deed::Sleep),
        1 => Just(Deed::Restart),
    ]
}

/// Who holds each note, told anew from what was said and answered.
#[derive(Default)]
struct Told {
    /// Who is logged in where.
    people: BTreeMap<u64, String>,
    holds: BTreeMap<usize, (String, Option<u64>, Duration)>,
}

impl Told {
    fn ended(&mut self, front: u64, kept: Option<Duration>) {
        self.people.remove(&front);
        self.holds.retain(|_, (_, at, until)| {
            if *at == Some(front) {
                *at = None;
                *until = kept.unwrap_or_default();
                return kept.is_some();
            }
            true
        });
    }
}

fn attached(rig: &mut Rig, front: u64) {
    if !rig.desk.fronts.contains_key(&FrontId(front)) {
        connect(rig, FrontId(front), "");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Never two holders; every hold ends by logout, take-over, a dropped line
    /// and its time, saving, closing or a restart, and by nothing else.
    #[test]
    fn a_note_has_one_holder_or_none(deeds in prop::collection::vec(deed(), 1..60)) {
        const USERS: [&str; 3] = ["001", "002", "003"];
        let mut rig = Rig::staffed("001");
        rig.script.down = false;
        let ids: Vec<NoteId> = ["ア", "イ", "ウ"]
            .into_iter()
            .map(|kana| rig.noted(ONE, four(kana)).id)
            .collect();
        let mut told = Told::default();
        told.people.insert(1, "001".to_owned());
        for deed in deeds {
            let hold_time = rig.desk.config.hold;
            match &deed {
                Deed::Login(front, user) => {
                    attached(&mut rig, *front);
                    let user = USERS[*user];
                    rig.try_login(FrontId(*front), user, "right", true);
                    let until = rig.now.mono + hold_time;
                    let elsewhere: Vec<u64> = told.people.iter()
                        .filter(|(f, u)| **f != *front && *u == user)
                        .map(|(f, _)| *f).collect();
                    for other in elsewhere {
                        told.ended(other, Some(until));
                    }
                    told.ended(*front, None);
                    told.people.insert(*front, user.to_owned());
                }
                Deed::Logout(front) => {
                    attached(&mut rig, *front);
                    rig.say(FrontId(*front), ToDesk::Logout);
                    told.ended(*front, None);
                }
                Deed::Drop(front) => {
                    rig.event(Event::Detached { front: FrontId(*front) });
                    let until = rig.now.mono + hold_time;
                    told.ended(*front, Some(until));
                }
                Deed::Hold(front, note, take) => {
                    attached(&mut rig, *front);
                    rig.forget();
                    hold(&mut rig, FrontId(*front), &ids[*note], *take);
                    let Some(user) = told.people.get(front).cloned() else {
                        prop_assert_eq!(rig.failure(FrontId(*front)), Failure::NotLoggedIn);
                        continue;
                    };
                    let other = told.holds.get(note).filter(|(by, ..)| *by != user);
                    if let (Some((other, at, _)), true) = (other, *take)
                        && let Some(at) = at
                        && told.people.get(at) == Some(other)
                    {
                        let word = rig.last(FrontId(*at), |m| matches!(m, ToFront::TakenOver { .. }));
                        prop_assert!(word.is_some(), "{} was not told", other);
                    }
                    if other.is_some() && !take {
                        let refusal = rig.failure(FrontId(*front));
                        prop_assert_eq!(&by(&refusal).user, &other.unwrap().0);
                    } else {
                        prop_assert!(is_held(&rig, FrontId(*front)));
                        told.holds.insert(*note, (user, Some(*front), Duration::ZERO));
                    }
                }
                Deed::Release(front, note) => {
                    attached(&mut rig, *front);
                    rig.say(FrontId(*front), ToDesk::ReleaseNote { id: ids[*note].clone() });
                    let user = told.people.get(front);
                    if told.holds.get(note).is_some_and(|(by, ..)| Some(by) == user) {
                        told.holds.remove(note);
                    }
                }
                Deed::Edit(front, note) | Deed::Cancel(front, note) => {
                    attached(&mut rig, *front);
                    rig.forget();
                    let now = rig.note(&ids[*note]);
                    if matches!(deed, Deed::Edit(..)) {
                        edit(&mut rig, FrontId(*front), &now, "x");
                    } else {
                        let (ticket, id) = (rig.ticket(), now.id.clone());
                        let reason = "来院せず".to_owned();
                        rig.say(FrontId(*front), ToDesk::CancelNote { ticket, id, revision: now.revision, reason });
                    }
                    let user = told.people.get(front);
                    let other = told.holds.get(note).is_some_and(|(by, ..)| Some(by) != user);
                    if user.is_some() && other {
                        let refused = matches!(rig.failure(FrontId(*front)), Failure::HeldBy { .. });
                        prop_assert!(refused);
                        prop_assert_eq!(rig.note(&ids[*note]).content, now.content);
                    }
                    if user.is_some() && matches!(rig.answer(FrontId(*front)), ToFront::Noted { .. }) {
                        told.holds.remove(note);
                    }
                }
                Deed::Sleep(seconds) => {
                    rig.seconds(*seconds);
                    // Idle people are logged off by themselves.
                    let gone: Vec<u64> = told.people.keys().copied()
                        .filter(|f| rig.desk.session(FrontId(*f)).is_none()).collect();
                    for front in gone {
                        told.ended(front, None);
                    }
                    let now = rig.now.mono;
                    told.holds.retain(|_, (_, at, until)| at.is_some() || *until > now);
                }
                Deed::Restart => {
                    rig.restart();
                    told = Told::default();
                }
            }
            for (n, id) in ids.iter().enumerate() {
                let holder = rig.desk.holder(id).map(|by| by.user.clone());
                let expected = told.holds.get(&n).map(|(by, ..)| by.clone());
                prop_assert_eq!(holder, expected, "note {} after {:?}", n, deed);
            }
        }
        // Whatever was left: everybody's line drops, and the time passes.
        for front in 1..4 {
            rig.event(Event::Detached { front: FrontId(front) });
        }
        rig.seconds(rig.desk.config.hold.as_secs());
        for id in &ids {
            prop_assert_eq!(rig.desk.holder(id), None);
        }
    }
}
