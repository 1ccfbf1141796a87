//! Whose card it is among today's notes, and cards that come back.

use super::*;
use crate::desk::tests::script;
use crate::domain::field::Field;
use crate::domain::note::{Note, NoteContent};
use jiff::ToSpan;
use jiff::civil::Date;

fn desk(recognise: bool) -> Rig {
    let mut rig = Rig::with(Config {
        recognise,
        ..config()
    });
    rig.attach(ONE);
    rig.login(ONE, "003");
    rig
}

fn content(name: &str, birth_date: Date, visit_date: Date) -> NoteContent {
    NoteContent {
        name: name.to_owned(),
        birth_date,
        visit_date,
        ..script::four("シケン ハナコ")
    }
}

/// Numbers of today's notes for what was read of a card.
fn of(rig: &mut Rig, presence: Option<Presence>, name: &str, birth: Option<Date>) -> Vec<String> {
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CardNotes {
            ticket,
            presence,
            name: name.to_owned(),
            birth_date: birth,
        },
    );
    match rig.answer(ONE) {
        ToFront::Page { page, .. } => {
            assert_eq!(page.matching, page.rows.len());
            page.rows.iter().map(|row| row.id.0.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn todays_notes_of_the_person_by_name_and_birth_date() {
    let mut rig = desk(false);
    let other_day = BORN.saturating_add(1.day());
    let yesterday = TODAY.saturating_sub(1.day());
    for (name, birth, visit) in [
        ("髙橋　一郎", BORN, TODAY),
        ("高橋一郎", BORN, TODAY),
        ("高橋一郎", other_day, TODAY),
        ("高橋次郎", BORN, TODAY),
        ("高橋一郎", BORN, yesterday),
    ] {
        rig.noted(ONE, content(name, birth, visit));
    }
    let all = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|n| format!("20261120-{n:04}")).collect()
    };
    for (name, birth, numbers) in [
        ("高橋　一郎", Some(BORN), &[1, 2][..]),
        ("髙橋一郎", Some(BORN), &[1, 2]),
        ("●橋一郎", Some(BORN), &[1, 2]),
        ("高橋一郎", Some(other_day), &[3]),
        ("高橋三郎", Some(BORN), &[]),
        ("高橋一郎", None, &[]),
        ("", Some(BORN), &[]),
        ("", None, &[]),
    ] {
        assert_eq!(of(&mut rig, None, name, birth), all(numbers), "{name}");
        let line = rig.audit().into_iter().last().cloned();
        let notes = numbers.len() as u64;
        assert_eq!(line, Some(What::CardNotes { notes }), "{name}");
    }
    // A later day: nothing of it is today's.
    rig.sleep(Duration::from_secs(24 * 60 * 60));
    rig.login(ONE, "003");
    assert_eq!(of(&mut rig, None, "高橋一郎", Some(BORN)), all(&[]));
}

#[test]
fn thousands_of_notes_of_other_days_are_not_gone_through() {
    let mut rig = desk(false);
    let today = rig.noted(ONE, content("試験花子", BORN, TODAY));
    let old = (1..=5000).map(|n| {
        let mut note = today.clone();
        note.id.0 = format!("20261119-{n:04}");
        note
    });
    let old: Vec<Note> = old.collect();
    let outlines = crate::store::record::Loaded::of(&old).outlines;
    rig.desk.book.fill(&outlines, None);
    assert_eq!(rig.desk.book.taken_on(TODAY).count(), 1);
    assert_eq!(of(&mut rig, None, "試験花子", Some(BORN)), [today.id.0]);
}

/// A note with fields taken over from the card of that presence.
fn taken(rig: &mut Rig, card: Option<Presence>, from: &[Field]) -> Note {
    let mut content = content("試験花子", BORN, TODAY);
    content.from_card = from.iter().copied().collect();
    // Whatever a screen says of it.
    content.card_mark = "00".repeat(32);
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::SaveNote {
            trial: false,
            ticket,
            content: Box::new(content),
            replaces: None,
            card,
        },
    );
    match rig.answer(ONE) {
        ToFront::Noted { note, .. } => (**note).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_that_comes_back_is_known_by_its_mark_where_that_is_wanted() {
    let mut rig = desk(true);
    rig.put_card(A, SERIAL);
    let note = taken(&mut rig, Some(A), &[Field::Name]);
    assert_eq!(note.content.card_mark.len(), 64);
    rig.reader(empty());
    assert_eq!(of(&mut rig, Some(A), "", None), [""; 0], "gone");
    rig.put_card(B, "7");
    assert_eq!(of(&mut rig, Some(B), "", None), [""; 0], "another card");
    rig.put_card(Presence(3), SERIAL);
    assert_eq!(
        of(&mut rig, Some(Presence(3)), "", None),
        std::slice::from_ref(&note.id.0)
    );
    assert_eq!(of(&mut rig, Some(A), "", None), [""; 0], "another stay");
    // After a restart too, as the key is the store's.
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    rig.put_card(A, SERIAL);
    assert_eq!(of(&mut rig, Some(A), "", None), [note.id.0]);
    let disk = serde_json::to_string(&rig.disk).unwrap();
    assert!(!disk.contains(SERIAL) && !disk.contains(CARD_KEY));
}

#[test]
fn a_note_is_marked_only_by_the_card_it_was_taken_from() {
    let from = &[Field::Name, Field::Address][..];
    for (name, card, from, marked) in [
        ("taken over", Some(A), from, true),
        ("typed", Some(A), &[][..], false),
        ("from a card that is gone", Some(B), from, false),
        ("no card named", None, from, false),
        (
            "not a field of a card",
            Some(A),
            &[Field::Telephone][..],
            false,
        ),
    ] {
        let mut rig = desk(true);
        rig.put_card(A, SERIAL);
        let note = taken(&mut rig, card, from);
        assert_eq!(!note.content.card_mark.is_empty(), marked, "{name}");
        // Corrected later, with the card gone.
        rig.reader(empty());
        for (still, kept) in [(from, marked), (&[], false)] {
            let mut content = content("試験花子", BORN, TODAY);
            content.address = "東京都千代田区".to_owned();
            content.from_card = still.iter().copied().collect();
            let note = rig.note(&note.id);
            let ticket = rig.ticket();
            rig.say(
                ONE,
                ToDesk::SaveNote {
                    trial: false,
                    ticket,
                    content: Box::new(content),
                    replaces: Some((note.id.clone(), note.revision)),
                    card: None,
                },
            );
            let now = rig.note(&note.id).content;
            assert_eq!(now.address, "東京都千代田区");
            assert_eq!(!now.card_mark.is_empty(), kept, "{name} {still:?}");
        }
    }
}

/// A note's correction; `card`: something in it was taken from that one now.
fn corrected(rig: &mut Rig, note: &Note, content: NoteContent, card: Option<Presence>) -> String {
    let ticket = rig.ticket();
    let revision = rig.note(&note.id).revision;
    rig.say(
        ONE,
        ToDesk::SaveNote {
            trial: false,
            ticket,
            content: Box::new(content),
            replaces: Some((note.id.clone(), revision)),
            card,
        },
    );
    rig.note(&note.id).content.card_mark
}

#[test]
fn a_corrected_note_keeps_no_other_persons_mark() {
    let from = [Field::Name, Field::Address];
    let marked = |name: &str, birth| {
        let mut content = content(name, birth, TODAY);
        content.from_card = from.into_iter().collect();
        content
    };
    let day = BORN.saturating_add(1.day());
    for (name, content, card, kept) in [
        ("as it was", marked("試験花子", BORN), None, true),
        ("another name", marked("作物太郎", BORN), None, false),
        ("another birth date", marked("試験花子", day), None, false),
        (
            "a card that is gone",
            marked("試験花子", BORN),
            Some(B),
            false,
        ),
    ] {
        let mut rig = desk(true);
        rig.put_card(A, SERIAL);
        let note = taken(&mut rig, Some(A), &from);
        rig.reader(empty());
        let mark = corrected(&mut rig, &note, content, card);
        assert_eq!(mark == note.content.card_mark, kept, "{name}");
        assert_eq!(mark.is_empty(), !kept, "{name}");
    }
}

#[test]
fn a_card_given_back_before_the_note_is_kept_marks_it_all_the_same() {
    for look_late in [false, true] {
        let mut rig = desk(true);
        if look_late {
            // The reading went first, the look follows.
            rig.reader(glance(A, Some(Kind::MyNumber), None));
        } else {
            rig.put_card(A, SERIAL);
        }
        let id = rig.read_card(ONE, Some(A)).unwrap();
        rig.read_done(id, A);
        rig.event(Event::Card(Report::Seen(seen(A, SERIAL))));
        rig.reader(empty());
        let note = taken(&mut rig, Some(A), &[Field::Name]);
        assert_eq!(note.content.card_mark.len(), 64, "{look_late}");
        rig.put_card(Presence(3), SERIAL);
        assert_eq!(of(&mut rig, Some(Presence(3)), "", None), [note.id.0]);
        // It is of that login alone.
        rig.reader(empty());
        rig.say(ONE, ToDesk::Logout);
        rig.login(ONE, "003");
        let note = taken(&mut rig, Some(A), &[Field::Name]);
        assert_eq!(note.content.card_mark, "", "{look_late}");
    }
}

#[test]
fn another_persons_card_never_replaces_a_stored_person() {
    let mut rig = desk(false);
    let stored = rig.noted(ONE, content("新橋太郎", BORN, TODAY));
    let day = BORN.saturating_add(1.day());
    let both = [Field::Name, Field::BirthDate];
    let mut other = content("一ノ瀬　薫", day, TODAY);
    other.from_card = both.into_iter().collect();
    corrected(&mut rig, &stored, other, Some(A));
    assert!(matches!(rig.failure(ONE), Failure::Input { .. }));
    assert_eq!(rig.note(&stored.id).content.name, "新橋太郎");
    // The same person's name or birth date is put right.
    for (name, birth) in [("新橋　太朗", BORN), ("新橋太朗", day)] {
        let mut own = content(name, birth, TODAY);
        own.from_card = both.into_iter().collect();
        corrected(&mut rig, &stored, own, Some(A));
        assert_eq!(rig.note(&stored.id).content.name, name);
    }
}

#[test]
fn with_the_setting_off_nothing_of_a_card_is_computed_or_kept() {
    let mut rig = desk(false);
    rig.put_card(A, SERIAL);
    let note = taken(&mut rig, Some(A), &[Field::Name]);
    assert_eq!(note.content.card_mark, "");
    assert!(rig.desk.card.key.is_empty());
    assert_eq!(of(&mut rig, Some(A), "", None), [""; 0]);
    let disk = serde_json::to_string(&rig.disk).unwrap();
    let kept = serde_json::to_string(&rig.kept).unwrap();
    for text in [&disk, &kept] {
        assert!(!text.contains(SERIAL));
        // No mark of any kind: the longest run of hex digits is short.
        let runs = text.split(|c: char| !c.is_ascii_hexdigit());
        assert!(runs.map(str::len).max().unwrap_or(0) < 16);
    }
}

#[test]
fn a_mark_leaves_no_desk_and_goes_where_cards_are_no_longer_recognised() {
    let mut rig = desk(true);
    rig.put_card(A, SERIAL);
    let note = taken(&mut rig, Some(A), &[Field::Name]);
    assert_ne!(note.content.card_mark, "");
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Export {
            ticket,
            after: None,
        },
    );
    let ToFront::Exported { notes, .. } = rig.answer(ONE).clone() else {
        panic!("{:?}", rig.answer(ONE));
    };
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].content.card_mark, "");
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Import { ticket, notes });
    let taken = rig.answer(ONE).clone();
    assert!(
        matches!(&taken, ToFront::Imported { .. }),
        "known again: {taken:?}"
    );
    let kept = rig.note(&note.id).content;
    assert_eq!(kept.card_mark, note.content.card_mark, "as it was");
    assert_eq!(rig.desk.book.len(), 1);
    // From an older export, or another store.
    let mut foreign = note.clone();
    foreign.id.0 = "20261119-0009".to_owned();
    let id = foreign.id.clone();
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::Import {
            ticket,
            notes: vec![foreign],
        },
    );
    assert_eq!(rig.note(&id).content.card_mark, "");
    // Switched off: the next change of the note, whatever it is.
    rig.desk.config.recognise = false;
    rig.restart();
    rig.attach(ONE);
    rig.try_login(ONE, "003", "right", true);
    let note = rig.note(&note.id);
    let ticket = rig.ticket();
    rig.say(
        ONE,
        ToDesk::CancelNote {
            ticket,
            id: note.id.clone(),
            revision: note.revision,
            reason: "来なかった".to_owned(),
        },
    );
    let after = rig.note(&note.id);
    assert_eq!(after.state.group(), crate::domain::note::Group::Cancelled);
    assert_eq!(after.content.card_mark, "");
}
