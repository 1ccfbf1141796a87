//! Whatever the order of events: an acknowledged note is never lost, never
//! resolved twice, and always in exactly one state.

use super::rig::*;
use super::script::*;
use crate::central::call::{Answer, Call, Fault};
use crate::desk::event::Event;
use crate::domain::entitlement::{Found, Validity};
use crate::domain::note::{Group, Note, NoteId, NoteState};
use crate::domain::readback::Proof;
use crate::domain::settling::Item;
use crate::domain::time::jst;
use crate::link::message::{FrontId, ToDesk, ToFront};
use crate::store::record::What;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
enum Deed {
    Down(bool),
    Hole(bool),
    StoreFull(bool),
    HoldWrites(bool),
    Flush,
    Sleep(u16),
    Login(bool, u8),
    Logout(bool),
    Save(bool, u8),
    Touch(bool, u8, u8),
    Answer(u8, u8),
    Expire,
    /// The wall clock is set: hours, forwards or back.
    Clock(i8),
    Restart,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => any::<bool>().prop_map(Deed::Down),
        2 => any::<bool>().prop_map(Deed::Hole),
        1 => any::<bool>().prop_map(Deed::StoreFull),
        2 => any::<bool>().prop_map(Deed::HoldWrites),
        2 => Just(Deed::Flush),
        4 => any::<u16>().prop_map(Deed::Sleep),
        3 => (any::<bool>(), any::<u8>()).prop_map(|(f, u)| Deed::Login(f, u)),
        1 => any::<bool>().prop_map(Deed::Logout),
        6 => (any::<bool>(), any::<u8>()).prop_map(|(f, c)| Deed::Save(f, c)),
        6 => (any::<bool>(), any::<u8>(), any::<u8>()).prop_map(|(f, n, a)| Deed::Touch(f, n, a)),
        5 => (any::<u8>(), any::<u8>()).prop_map(|(n, a)| Deed::Answer(n, a)),
        1 => Just(Deed::Expire),
        1 => any::<i8>().prop_map(Deed::Clock),
        1 => Just(Deed::Restart),
    ]
}

fn front(second: bool) -> FrontId {
    if second { TWO } else { ONE }
}

fn content(n: u8) -> crate::domain::note::NoteContent {
    let mut content = four(["ヒトリ", "フタリ", "オオイ", "ダレモ"][usize::from(n % 4)]);
    if n & 32 != 0 {
        content.name = "一里　花".to_owned();
        content.address = "東京都港区新橋１－２".to_owned();
    }
    if n & 16 != 0 {
        content.insurance = Some(numbers(["10001", "404"][usize::from(n % 2)]));
    }
    content
}

fn reply(call: &Call, n: u8) -> Result<Answer, Fault> {
    let validity = [Validity::Valid, Validity::NotFound, Validity::Invalid];
    let checked = |date| {
        let answer = eligible(validity[usize::from(n % 3)].clone(), date, BORN);
        Ok(Answer::Checked(Box::new(answer)))
    };
    match (n % 5, call) {
        (0, _) => Err(Fault::NoAnswer),
        (1, _) => Err(Fault::Unauthorized),
        (_, Call::Lookup { query, .. }) => checked(query.check_date),
        (_, Call::Choose { check_date, .. }) => checked(*check_date),
        (_, Call::Search { .. }) => Ok(Answer::Found(Found::Several(candidates(2)))),
        (_, Call::Probe) => Ok(Answer::Alive { simulated: true }),
        (_, Call::Logout { .. }) => Ok(Answer::LoggedOut),
        (_, _) => Err(Fault::NoAnswer),
    }
}

fn touch(rig: &mut Rig, front: FrontId, id: &NoteId, revision: u32, n: u8) {
    let ticket = rig.ticket();
    let id = id.clone();
    let message = match n % 9 {
        6 => ToDesk::AbsentNote {
            ticket,
            id,
            revision,
        },
        7 => ToDesk::FollowNote {
            ticket,
            id,
            revision,
            day: (n & 16 == 0).then_some(jst(rig.now.wall).date()),
            reason: "x".to_owned(),
        },
        8 => ToDesk::ResolveNote {
            ticket,
            id,
            revision,
            key: String::new(),
            read_back: None,
        },
        0 => ToDesk::CancelNote {
            ticket,
            id,
            revision,
            reason: "x".to_owned(),
        },
        1 => ToDesk::RetryNote {
            ticket,
            id,
            revision,
        },
        2 => ToDesk::SettleNote {
            ticket,
            id,
            revision,
            leaving: vec![Item::Seen],
        },
        3 => ToDesk::ResolveNote {
            ticket,
            id,
            revision,
            key: "key-1".to_owned(),
            read_back: Some(Proof::Telephone),
        },
        4 => ToDesk::SaveNote {
            ticket,
            content: Box::new(content(n)),
            replaces: Some((id, revision)),
            trial: false,
            card: None,
        },
        _ => ToDesk::OpenNote { ticket, id },
    };
    rig.say(front, message);
}

fn act(rig: &mut Rig, deed: Deed) {
    match deed {
        Deed::Down(on) => rig.script.down = on,
        Deed::Hole(on) => rig.script.hole = on,
        Deed::StoreFull(on) => rig.store_error = on.then(full),
        Deed::HoldWrites(on) => rig.hold_writes = on,
        Deed::Flush => rig.flush(),
        Deed::Sleep(tenths) => rig.sleep(Duration::from_millis(u64::from(tenths) * 10)),
        Deed::Login(second, n) => {
            let user = ["002", "003", "013"][usize::from(n % 3)];
            rig.try_login(front(second), user, "right", true);
        }
        Deed::Logout(second) => rig.say(front(second), ToDesk::Logout),
        Deed::Save(second, n) => rig.save(front(second), content(n)),
        Deed::Touch(second, note, n) => {
            let ids: Vec<(NoteId, u32)> = rig
                .desk
                .book
                .all()
                .map(|entry| (entry.outline.id.clone(), entry.outline.revision))
                .collect();
            if let Some((id, revision)) = ids.get(usize::from(note) % ids.len().max(1)) {
                touch(rig, front(second), id, *revision, n);
            }
        }
        Deed::Answer(which, n) => {
            if !rig.open.is_empty() {
                let (call, what) = rig.open.remove(usize::from(which) % rig.open.len());
                let result = reply(&what, n);
                rig.event(Event::Answered { call, result });
            }
        }
        Deed::Expire => rig.script.expire(),
        Deed::Clock(hours) => {
            let jump = jiff::SignedDuration::from_hours(i64::from(hours));
            rig.now.wall = rig.now.wall.checked_add(jump).unwrap();
        }
        Deed::Restart => {
            rig.restart();
            rig.attach(ONE);
            rig.attach(TWO);
        }
    }
}

/// Every note that was acknowledged, as told last.
fn acknowledged(rig: &Rig, known: &mut BTreeSet<NoteId>) {
    for message in rig.told.values().flatten() {
        if let ToFront::Noted { note, .. } = message {
            known.insert(note.id.clone());
        }
    }
}

fn history(rig: &Rig) -> BTreeMap<NoteId, Vec<Note>> {
    let mut all: BTreeMap<NoteId, Vec<Note>> = BTreeMap::new();
    for record in &rig.disk {
        if let What::Note(note) = &record.what {
            all.entry(note.id.clone())
                .or_default()
                .push((**note).clone());
        }
    }
    all
}

fn check(rig: &mut Rig, known: &BTreeSet<NoteId>) {
    let counts = rig.desk.book.counts();
    assert_eq!(
        counts.values().sum::<usize>(),
        rig.desk.book.len(),
        "every note is in exactly one group"
    );
    for group in Group::ALL {
        for entry in rig.desk.book.group(group) {
            assert_eq!(entry.group(), group);
        }
    }
    let disk = history(rig);
    for id in known {
        assert!(
            disk.contains_key(id),
            "{id} was acknowledged and is not on disk"
        );
        assert!(rig.desk.book.get(id).is_some(), "{id} is not in the ledger");
    }
    for (id, steps) in &disk {
        let mut answered = None;
        for (before, after) in steps.iter().zip(steps.iter().skip(1)) {
            assert!(after.history.len() > before.history.len(), "{id}");
            assert!(after.revision >= before.revision, "{id}");
            match (&before.state, &after.state) {
                (NoteState::Resolved(a), NoteState::Settled(b) | NoteState::Resolved(b)) => {
                    assert_eq!(a, b, "{id}");
                }
                // Its day had come: a new question, the old answer kept.
                (NoteState::Resolved(a), NoteState::Waiting { .. }) => {
                    assert!(before.follow.is_some(), "{id}");
                    assert_eq!(after.looks.last(), Some(&**a), "{id}");
                    answered = None;
                }
                // Lines are all that a closed note still takes.
                (closed, still) if closed.closed() => {
                    assert_eq!(closed, still, "{id} changed after it was closed");
                    assert_eq!(before.revision, after.revision, "{id}");
                }
                _ => {}
            }
            if let NoteState::Resolved(resolution) = &after.state {
                let same = answered.replace(resolution.clone());
                assert!(
                    same.is_none_or(|same| same == *resolution),
                    "{id} was resolved twice"
                );
                let by_itself = resolution.confirmed_by.is_none();
                assert!(!(by_itself && resolution.way.is_fallback()), "{id}");
            }
            // The ways are tried in their order, each once.
            assert!(
                after.tried.is_sorted_by(|a, b| a < b),
                "{id}: {:?}",
                after.tried
            );
            if let NoteState::Asking { way } = &after.state {
                assert!(after.tried.iter().all(|tried| tried < way), "{id}");
            }
            assert!(after.attempts <= 5, "{id}");
        }
        let last = steps.last().unwrap();
        let note = rig.desk.book.note(id).unwrap();
        assert_eq!(note.state, last.state, "{id} differs from the disk");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn rel_10_rel_13_no_order_of_events_loses_a_note(
        deeds in prop::collection::vec(deed(), 1..80)
    ) {
        let mut rig = Rig::staffed("003");
        rig.attach(TWO);
        rig.login(TWO, "002");
        rig.script.cards.insert("10001".to_owned(), Validity::Valid);
        rig.script.people.insert("ヒトリ".to_owned(), one_hit(Validity::Valid));
        rig.script.people.insert("フタリ".to_owned(), Found::Several(candidates(2)));
        rig.script.people.insert("オオイ".to_owned(), Found::TooMany);
        let mut known = BTreeSet::new();
        for deed in deeds {
            act(&mut rig, deed);
            acknowledged(&rig, &mut known);
            check(&mut rig, &known);
        }
        // The world becomes kind: every note comes to rest.
        rig.script.down = false;
        rig.script.hole = false;
        rig.store_error = None;
        rig.hold_writes = false;
        rig.flush();
        rig.answer_open(&Err(Fault::NoAnswer));
        rig.attach(FrontId(3));
        rig.try_login(FrontId(3), "001", "right", true);
        for _ in 0..10 {
            rig.seconds(100);
            rig.say(FrontId(3), ToDesk::Active { ago_ms: 0 });
        }
        acknowledged(&rig, &mut known);
        check(&mut rig, &known);
        for entry in rig.desk.book.all() {
            prop_assert!(
                !matches!(entry.group(), Group::Asking),
                "{} is still being asked for", entry.outline.id
            );
            prop_assert!(
                entry.group() != Group::Open || entry.outline.attempts > 0,
                "{} was forgotten", entry.outline.id
            );
        }
    }
}
