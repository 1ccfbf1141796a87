//! A real desk service on its socket, two front ends with a login each, and a
//! real stand-in over TLS: the main story from end to end, and the commands.
#![allow(clippy::unwrap_used)]

#[path = "desk_socket/commands.rs"]
mod commands;
#[path = "desk_socket/lines.rs"]
mod lines;
#[path = "desk_socket/office.rs"]
#[allow(dead_code, reason = "shared with other tests of a whole office")]
mod office;
#[path = "desk_socket/sample.rs"]
mod sample;

use madoguchi::domain::account::AccountKind;
use madoguchi::domain::entitlement::Validity;
use madoguchi::domain::failure::Failure;
use madoguchi::domain::note::{Group, Note, NoteState};
use madoguchi::link::message::{ToDesk, ToFront};
use office::{Front, Office, password};
use sample::{content, keep, lookup};

fn open(front: &mut Front, note: &Note) -> Note {
    let id = note.id.clone();
    match front.ask(|ticket| ToDesk::OpenNote { ticket, id }) {
        ToFront::Noted { note, .. } => *note,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_main_story_with_two_front_ends() {
    let mut office = Office::open();
    let (mut one, mut two) = (office.front(), office.front());

    // Each front end has a login of its own; the same person not twice.
    for (front, user, kind) in [
        (&mut one, "002", AccountKind::General),
        (&mut two, "003", AccountKind::MedicalViewer),
    ] {
        match front.login(user) {
            ToFront::LoggedIn { staff, .. } => assert_eq!(staff.kind, kind),
            other => panic!("{other:?}"),
        }
    }
    let mut third = office.front();
    match third.login("003") {
        ToFront::Failed { failure, .. } => assert_eq!(failure, Failure::AlreadyLoggedIn),
        other => panic!("{other:?}"),
    }

    // Look-up over TLS.
    match lookup(&mut one) {
        ToFront::LookedUp { answer, .. } => assert_eq!(answer.validity, Validity::Valid),
        other => panic!("{other:?}"),
    }

    // The outage is noticed by a look-up, and told to everyone.
    office.set("outage=on");
    match lookup(&mut one) {
        ToFront::Failed { failure, .. } => {
            assert!(
                matches!(failure, Failure::Unreachable { .. }),
                "{failure:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    two.wait_for("outage", |status| status.line.down());
    let noted = keep(&mut one, content());
    assert!(noted.during_outage);

    // A service that is killed keeps the note and comes back with it.
    office.kill_desk();
    assert!(one.ended() && two.ended());
    office.start_desk();
    let mut two = office.front();
    two.wait_for("the note", |status| {
        !status.store_opening && status.notes.get(&Group::Open) == Some(&1)
    });

    // The system comes back, and the note is worked off by itself once
    // somebody may ask.
    office.set("outage=off");
    two.say(ToDesk::ProbeNow);
    two.wait_for("recovery", |status| status.line.usable());
    let login = two.ask(|ticket| ToDesk::Login {
        ticket,
        user: "003".to_owned(),
        password: madoguchi::domain::secret::Secret::new(password("003")),
        force: true,
    });
    assert!(matches!(login, ToFront::LoggedIn { .. }), "{login:?}");
    two.wait_for("resolution", |status| {
        status.notes.get(&Group::Resolved) == Some(&1)
    });
    match open(&mut two, &noted).state {
        NoteState::Resolved(found) => assert_eq!(found.answer.validity, Validity::Valid),
        other => panic!("{other:?}"),
    }
    assert_eq!(office.stop_desk(), Some(0));
    assert!(two.ended());

    // SEC-27: the log says what the service did, and nothing of the patient.
    let log = office.logs();
    assert!(log.contains("desk service ends"), "{log}");
    for canary in [
        "新橋",
        "シンバシ",
        "1954-03-26",
        "06139000",
        "Onshi",
        "東京",
    ] {
        assert!(!log.contains(canary), "{canary} in the log");
    }
}
