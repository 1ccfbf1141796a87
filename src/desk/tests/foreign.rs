//! Notes from another ledger: nothing they say stops the noting here, stands
//! over a note of ours, or stays unasked.

use super::rig::*;
use super::script::*;
use crate::domain::entitlement::Validity;
use crate::domain::failure::Failure;
use crate::domain::note::{Block, Note, NoteId, NoteState};
use crate::link::message::{Incoming, ToDesk, ToFront};

fn foreign(id: &str) -> Note {
    let id = NoteId(id.to_owned());
    Note::take(id, "別".to_owned(), "001", wall(0), true, card("10001"))
}

fn import(rig: &mut Rig, notes: Vec<Note>) {
    let ticket = rig.ticket();
    rig.say(ONE, ToDesk::Import { ticket, notes });
}

fn imported(rig: &mut Rig, notes: Vec<Note>) -> Vec<(NoteId, Incoming)> {
    import(rig, notes);
    match rig.answer(ONE) {
        ToFront::Imported { done, .. } => done.iter().map(|(_, id, how)| (id.clone(), *how)),
        other => panic!("not imported: {other:?}"),
    }
    .collect()
}

#[test]
fn rel_11_no_number_from_elsewhere_stops_noting_or_is_given_out_again() {
    for (theirs, ours) in [
        (&["20261120-0007"][..], ["20261120-0008", "20261120-0009"]),
        (&["20261120-S007"], ["20261120-0001", "20261120-0002"]),
        // Far beyond a day's work: passed over where it stands.
        (&["20261120-9999999"], ["20261120-0001", "20261120-0002"]),
        (&["20261120-1000000"], ["20261120-0001", "20261120-0002"]),
        (
            &["20261120-999999", "20261120-1000000"],
            ["20261120-1000001", "20261120-1000002"],
        ),
    ] {
        let mut rig = Rig::staffed("001");
        rig.outage(ONE);
        let notes: Vec<Note> = theirs.iter().map(|id| foreign(id)).collect();
        imported(&mut rig, notes.clone());
        for id in ours {
            assert_eq!(rig.noted(ONE, card("1")).id.0, id, "{theirs:?}");
        }
        for note in notes {
            assert_eq!(rig.note(&note.id), note);
        }
    }
}

#[test]
fn rel_11_what_is_still_on_its_way_to_the_disk_has_its_number() {
    let mut rig = Rig::staffed("001");
    rig.outage(ONE);
    imported(&mut rig, vec![foreign("20261120-999999")]);
    rig.hold_writes = true;
    import(&mut rig, vec![foreign("20261120-1000000")]);
    rig.save(ONE, card("1"));
    rig.save(ONE, card("2"));
    rig.hold_writes = false;
    rig.flush();
    assert_eq!(rig.desk.book.len(), 4);
    for id in ["999999", "1000000", "1000001", "1000002"] {
        let id = NoteId(format!("20261120-{id}"));
        assert_eq!(rig.note(&id).id, id);
    }
}

#[test]
fn rel_11_a_number_that_is_none_is_refused_and_nothing_is_taken() {
    for id in ["20261120-4294967295", "20261120-10000000", "20270101-0001"] {
        let mut rig = Rig::staffed("001");
        rig.outage(ONE);
        import(&mut rig, vec![foreign("20261120-0007"), foreign(id)]);
        assert!(
            matches!(rig.failure(ONE), Failure::NotNow { .. }),
            "{id} was taken"
        );
        assert_eq!(rig.noted(ONE, card("1")).id.0, "20261120-0001");
    }
}

#[test]
fn rel_12_a_note_that_was_blocked_elsewhere_is_asked_for_here() {
    for state in [
        NoteState::Blocked(Block::NoLogin),
        NoteState::Blocked(Block::NotDuringOutage),
    ] {
        let mut rig = Rig::staffed("001");
        rig.script.cards.insert("10001".to_owned(), Validity::Valid);
        let mut note = foreign("20261119-0003");
        note.state = state;
        let id = note.id.clone();
        assert_eq!(
            imported(&mut rig, vec![note.clone()]),
            [(id.clone(), Incoming::New)]
        );
        rig.seconds(60);
        assert_eq!(resolved(&rig.note(&id)).0, Validity::Valid);
        // The same file again: it is known, whatever has become of it.
        assert_eq!(
            imported(&mut rig, vec![note]),
            [(id.clone(), Incoming::Here)]
        );
    }
}
