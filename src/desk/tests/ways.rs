//! Fall-backs in their order, what a person confirms, and the next look at
//! what came out as 無効 or なし.

use super::rig::*;
use super::script::*;
use crate::central::call::Call;
use crate::desk::event::Config;
use crate::domain::entitlement::{Found, Validity};
use crate::domain::failure::Failure;
use crate::domain::note::{Need, Note, NoteContent, NoteId, NoteState, Way};
use crate::domain::person::Sex;
use crate::link::message::{LedgerFilter, ToDesk, ToFront};
use jiff::civil::date;

fn noted() -> NoteContent {
    NoteContent {
        name: "新橋　太郎".to_owned(),
        address: "東京都港区新橋１－２".to_owned(),
        insurer_name: "港区".to_owned(),
        ..four("シンバシタロウ")
    }
}

/// What every search asked with: 氏名, 性別, 住所, 保険者名.
fn questions(rig: &Rig) -> Vec<String> {
    rig.script
        .searches
        .iter()
        .map(|q| {
            format!(
                "{}|{}|{}|{}",
                q.name,
                q.sex.label(),
                q.address,
                q.insurer_name
            )
        })
        .collect()
}

fn resolve(rig: &mut Rig, id: &NoteId, key: &str) -> ToFront {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::ResolveNote {
            ticket,
            id: id.clone(),
            revision: 1,
            key: key.to_owned(),
            read_back: None,
        },
    );
    rig.answer(ONE).clone()
}

fn follow(rig: &mut Rig, id: &NoteId, day: Option<jiff::civil::Date>, reason: &str) -> ToFront {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::FollowNote {
            ticket,
            id: id.clone(),
            revision: 1,
            day,
            reason: reason.to_owned(),
        },
    );
    rig.answer(ONE).clone()
}

fn after_an_outage(content: NoteContent, answer: impl Fn(&mut Script)) -> (Rig, Note) {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    answer(&mut rig.script);
    let note = rig.noted(ONE, content);
    rig.recovery();
    (rig, note)
}

const NOTED: &str = "新橋　太郎|男|東京都港区新橋１－２|港区";
const KANA: &str = "|男|東京都港区新橋１－２|港区";
const UNSET: &str = "|未設定|東京都港区新橋１－２|港区";
const PLACE: &str = "|男|東京都港区|";
const TOWN: &str = "|男|東京都港区新橋|港区";

#[test]
fn the_fall_backs_come_in_their_order_and_stand_in_the_history() {
    let (mut rig, note) = after_an_outage(noted(), |_| {});
    assert_eq!(questions(&rig), [NOTED, KANA, UNSET, PLACE]);
    let note = rig.note(&note.id);
    assert_eq!(note.state, NoteState::NeedsPerson(Need::NotFound));
    let told: Vec<&str> = note.history.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        told,
        [
            "控えました。",
            "照会の順番待ち（方法3）。",
            "方法3で照会します。",
            "方法3で照会: 該当なし。次の方法で照会します。",
            "照会の順番待ち（氏名(カナ)だけ）。",
            "氏名(カナ)だけで照会します。",
            "氏名(カナ)だけで照会: 該当なし。次の方法で照会します。",
            "照会の順番待ち（性別 未設定）。",
            "性別 未設定で照会します。",
            "性別 未設定で照会: 該当なし。次の方法で照会します。",
            "照会の順番待ち（住所は市区町村だけ）。",
            "住所は市区町村だけで照会します。",
            "住所は市区町村だけで照会: 該当なし。",
        ]
    );
}

#[test]
fn out_39_too_many_of_a_municipality_is_lengthened_again() {
    let (mut rig, note) = after_an_outage(noted(), |script| {
        script.found.insert(PLACE.to_owned(), Found::TooMany);
        script
            .found
            .insert(TOWN.to_owned(), Found::Several(candidates(2)));
    });
    assert_eq!(questions(&rig), [NOTED, KANA, UNSET, PLACE, TOWN]);
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::Candidates {
            way: Way::Town,
            list: candidates(2)
        })
    );
    // Too many of what was noted is for a person at once.
    let (mut rig, note) = after_an_outage(noted(), |script| {
        script.found.insert(NOTED.to_owned(), Found::TooMany);
    });
    assert_eq!(questions(&rig), [NOTED]);
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::TooMany)
    );
}

#[test]
fn what_a_fall_back_finds_is_confirmed_by_a_person_without_asking_again() {
    let (mut rig, note) = after_an_outage(noted(), |script| {
        script
            .found
            .insert(KANA.to_owned(), one_hit(Validity::Valid));
    });
    assert!(matches!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::Confirm {
            way: Way::KanaAlone,
            ..
        })
    ));
    rig.forget();
    rig.script.searches.clear();
    // A key of a candidate is not the word of a person.
    assert!(matches!(
        resolve(&mut rig, &note.id, "key-1"),
        ToFront::Failed {
            failure: Failure::WrongState { .. },
            ..
        }
    ));
    let answer = resolve(&mut rig, &note.id, "");
    assert!(matches!(answer, ToFront::Noted { .. }), "{answer:?}");
    let NoteState::Resolved(resolution) = rig.note(&note.id).state else {
        panic!("not resolved");
    };
    assert_eq!(resolution.way, Way::KanaAlone);
    assert_eq!(resolution.confirmed_by.as_deref(), Some("003"));
    assert_eq!(rig.script.count("search") + rig.script.count("choose"), 0);
}

#[test]
fn fall_backs_can_be_switched_off() {
    let mut rig = Rig::with(Config {
        sync_fallbacks: false,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    let note = rig.noted(ONE, noted());
    rig.recovery();
    assert_eq!(questions(&rig), [NOTED]);
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::NotFound)
    );
}

#[test]
fn out_38_the_visit_date_is_asked_with_not_today() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let visit = date(2026, 11, 18);
    let content = NoteContent {
        visit_date: visit,
        insurance: card("10001").insurance,
        sex: Some(Sex::Male),
        ..four("ヒトリ")
    };
    let note = rig.noted(ONE, content);
    rig.script.keep = true;
    rig.recovery();
    let days: Vec<_> = rig
        .script
        .kept
        .iter()
        .filter_map(|call| match call {
            Call::Lookup { query, .. } => Some(query.check_date),
            Call::Search { query, .. } => Some(query.check_date),
            _ => None,
        })
        .collect();
    assert!(
        days.len() >= 2 && days.iter().all(|day| *day == visit),
        "{days:?}"
    );
    assert!(!rig.note(&note.id).state.closed());
}

#[test]
fn dom_91_invalid_is_looked_up_again_on_its_day_and_becomes_valid() {
    let mut rig = Rig::staffed("003");
    rig.script
        .cards
        .insert("10001".to_owned(), Validity::Invalid);
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.recovery();
    let seen = rig.note(&note.id);
    assert_eq!(resolved(&seen).0, Validity::Invalid);
    assert_eq!(seen.follow.as_ref().unwrap().day, date(2026, 11, 25));
    let filter = LedgerFilter {
        follow: true,
        ..LedgerFilter::default()
    };
    let ToFront::Page { page, .. } = rig.page(ONE, filter, 0) else {
        panic!("no page");
    };
    assert_eq!(page.rows[0].follow, Some(date(2026, 11, 25)));
    assert_eq!(page.rows[0].next, "11/25 に再照会");
    // Nobody is logged in on that day: it stays as it is, and waits.
    rig.forget();
    rig.seconds(5 * 24 * 3600);
    assert_eq!(resolved(&rig.note(&note.id)).0, Validity::Invalid);
    assert_eq!(rig.script.count("lookup"), 0);
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.try_login(ONE, "003", "right", true);
    rig.seconds(1);
    let seen = rig.note(&note.id);
    assert_eq!(resolved(&seen).0, Validity::Valid);
    assert_eq!(seen.follow, None);
    assert_eq!(seen.looks.len(), 1);
    assert_eq!(seen.looks[0].answer.validity, Validity::Invalid);
    assert_eq!(rig.script.count("lookup"), 1, "once a day");
}

#[test]
fn dom_91_what_is_due_stands_first_and_says_so() {
    let mut rig = Rig::staffed("003");
    for number in ["10001", "10002"] {
        (rig.script.cards).insert(number.to_owned(), Validity::Invalid);
    }
    rig.outage(ONE);
    let notes = ["10001", "10002"].map(|number| rig.noted(ONE, card(number)));
    rig.recovery();
    rig.outage(ONE);
    let ticket = rig.ticket();
    let follow = ToDesk::FollowNote {
        ticket,
        id: notes[1].id.clone(),
        revision: 1,
        day: Some(date(2026, 11, 20)),
        reason: String::new(),
    };
    rig.say(ONE, follow);
    for text in ["", "20261120"] {
        let filter = LedgerFilter {
            follow: true,
            text: text.to_owned(),
            ..LedgerFilter::default()
        };
        let ToFront::Page { page, .. } = rig.page(ONE, filter, 0) else {
            panic!("no page");
        };
        let rows: Vec<_> = page.rows.iter().map(|row| (&row.id, &*row.next)).collect();
        assert_eq!(
            rows,
            [
                (&notes[1].id, "今日 再照会します"),
                (&notes[0].id, "11/25 に再照会")
            ]
        );
    }
    assert_eq!(rig.desk.status().planned, 2);
}

#[test]
fn dom_91_nobody_is_looked_up_again_until_the_days_are_over() {
    let mut rig = Rig::with(Config {
        idle: std::time::Duration::from_secs(100 * 24 * 3600),
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.recovery();
    assert_eq!(
        rig.note(&note.id).state,
        NoteState::NeedsPerson(Need::NotFound)
    );
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::AbsentNote {
            ticket,
            id: note.id.clone(),
            revision: 1,
        },
    );
    assert_eq!(resolved(&rig.note(&note.id)).0, Validity::NotFound);
    for day in [date(2026, 11, 25), date(2026, 11, 30)] {
        let seen = rig.note(&note.id);
        assert_eq!(seen.follow.as_ref().unwrap().day, day);
        rig.seconds(5 * 24 * 3600);
        assert_eq!(resolved(&rig.note(&note.id)).0, Validity::NotFound);
    }
    let seen = rig.note(&note.id);
    assert_eq!((seen.follow, seen.looks.len()), (None, 2));
}

#[test]
fn a_person_sets_and_drops_the_day() {
    let mut rig = Rig::staffed("003");
    rig.script
        .cards
        .insert("10001".to_owned(), Validity::Invalid);
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.recovery();
    let id = note.id;
    assert!(matches!(
        follow(&mut rig, &id, None, ""),
        ToFront::Failed {
            failure: Failure::Input { .. },
            ..
        }
    ));
    assert!(matches!(
        follow(&mut rig, &id, Some(date(2026, 11, 19)), ""),
        ToFront::Failed {
            failure: Failure::Input { .. },
            ..
        }
    ));
    let answer = follow(&mut rig, &id, Some(date(2026, 12, 1)), "届け出の後");
    assert!(matches!(answer, ToFront::Noted { .. }), "{answer:?}");
    let set = rig.note(&id).follow.unwrap();
    assert_eq!((set.day, set.set_by.as_str()), (date(2026, 12, 1), "003"));
    follow(&mut rig, &id, None, "ほかで確かめた");
    assert_eq!(rig.note(&id).follow, None);
    // Today means now.
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    follow(&mut rig, &id, Some(TODAY), "");
    assert_eq!(resolved(&rig.note(&id)).0, Validity::Valid);
}

#[test]
fn tries_forgiven_after_an_outage_stay_forgiven_after_a_restart() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let note = rig.noted(ONE, card("10001"));
    rig.script.deaf = true;
    rig.recovery();
    rig.script.down = true;
    rig.answer_open(&Err(crate::central::call::Fault::NoAnswer));
    assert_eq!(rig.note(&note.id).attempts, 1);
    rig.recovery();
    rig.restart();
    assert_eq!(rig.note(&note.id).attempts, 0);
}

#[test]
fn rel_16_no_faster_than_the_site_may() {
    let mut rig = Rig::with(Config {
        sync_per_second: 2,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig.outage(ONE);
    for _ in 0..10 {
        rig.noted(ONE, card("10001"));
    }
    rig.script.cards.insert("10001".to_owned(), Validity::Valid);
    rig.script.down = false;
    rig.forget();
    while rig.script.count("lookup") == 0 {
        rig.sleep(std::time::Duration::from_millis(100));
    }
    rig.seconds(2);
    let asked = rig.script.count("lookup");
    assert!((4..=6).contains(&asked), "{asked}");
    rig.seconds(4);
    assert_eq!(rig.script.count("lookup"), 10);
}

#[test]
fn a_sync_that_is_stopped_puts_back_what_has_not_gone_out() {
    let mut rig = Rig::staffed("003");
    rig.outage(ONE);
    let notes: Vec<_> = (0..30).map(|_| rig.noted(ONE, card("10001"))).collect();
    rig.script.deaf = true;
    rig.recovery();
    assert_eq!(rig.open.len(), 8);
    rig.say(ONE, ToDesk::Sync { run: false });
    rig.seconds(1);
    let asking = notes
        .iter()
        .filter(|note| {
            matches!(
                rig.desk.book.get(&note.id).unwrap().outline.stage,
                crate::domain::note::Stage::Asking { .. }
            )
        })
        .count();
    assert_eq!(asking, 8, "only those on the line");
}
