//! Cards as they should be.

use super::desk::{Desk, Lying, are_of, card, face, facts, is_of, pin, put};
use super::service::{Service, until};
use madoguchi::card::job::{Job, Outcome, Report};
use madoguchi::domain::card::{KeyKind, Kind, Trouble, Validity};
use madoguchi::domain::reader::ReaderState;
use madoguchi::domain::secret::Secret;

pub fn come_and_go(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    let mut last = 0;
    for name in ["ichinose", "ichinose", "hanako"] {
        let there = desk.put(service, card(name));
        let seen = desk.seen();
        assert!(
            seen.presence.0 > last,
            "each insertion is a stay of its own"
        );
        last = seen.presence.0;
        assert!(is_of(&seen, &facts(name)), "{name}");
        there.pull();
        desk.waits();
    }
    let ReaderState::Waiting { reader } = &desk.state else {
        panic!("{:?}", desk.state);
    };
    assert!(reader.starts_with("Virtual PCD"), "{reader}");
    let told: Vec<_> = desk
        .heard
        .iter()
        .filter_map(|report| match report {
            Report::State(state) => Some(state),
            _ => None,
        })
        .collect();
    assert!(told.windows(2).all(|two| two[0] != two[1]), "{told:?}");
}

pub fn looked_at(service: &mut Service<'_>) {
    let there = put(service, card("ichinose"));
    let mut desk = Desk::open(None);
    let seen = desk.seen();
    assert_eq!(seen.kind, Kind::MyNumber);
    assert_eq!(seen.token, "JPKIAPICCTOKEN2");
    assert!(is_of(&seen, &facts("ichinose")));
    assert_eq!(seen.expiry, facts("ichinose").expiry);
    assert!(seen.certificate.is_some());
    let glance = desk.glance().unwrap();
    assert_eq!(glance.presence, seen.presence);
    assert_eq!(glance.validity, Some(Validity::Good));
    assert_eq!(glance.trouble, None);
    // Without a key nothing is asked that needs one, and never section 2.6.
    let machine = there.machine().clone();
    assert!(machine.log().iter().all(|asked| !asked.attempts()));
    assert_eq!(machine.trips(), []);
    // Let go of: another program may have it, and what was open is closed.
    until("the card is powered down", || {
        let log = there.machine().log().len();
        (log == machine.log().len()).then_some(())
    });
}

pub fn kinds(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    for (name, kind) in [
        ("ichinose", Kind::MyNumber),
        ("menkyo", Kind::MyNumber),
        ("bare", Kind::MyNumberBare),
        ("android", Kind::Android),
        ("iphone", Kind::Iphone),
        ("juki", Kind::Juki),
        ("licence", Kind::Licence),
        ("residence", Kind::Residence),
        ("bank", Kind::Bank),
        ("transport", Kind::Memory),
        ("other", Kind::Other),
        ("stranger", Kind::UnknownToken),
    ] {
        desk.waits();
        let there = desk.put(service, card(name));
        assert_eq!(desk.seen().kind, kind, "{name}");
        assert_eq!(desk.glance().and_then(|glance| glance.kind), Some(kind));
        assert_eq!(there.pull().trips(), [], "{name}");
    }
    desk.waits();
    let _there = desk.put(service, card("mute"));
    assert_eq!(desk.trouble(), Trouble::Mute);
    assert_eq!(
        desk.glance().and_then(|glance| glance.kind),
        Some(Kind::Mute)
    );
}

pub fn four(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    for name in ["ichinose", "hanako", "kinoshita", "long-name"] {
        desk.waits();
        let there = desk.put(service, card(name));
        let seen = desk.seen();
        for (key, left) in [(face(name), 10), (pin(&facts(name).text), 3)] {
            let (presence, four, tries) = desk.four(Some(seen.presence), key, None).unwrap();
            assert_eq!(presence, seen.presence);
            assert!(are_of(&four, &facts(name)), "{name}");
            assert_eq!(tries, Some(left));
        }
        assert_eq!(there.pull().trips(), [], "{name}");
    }
}

pub fn waiting(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    let id = desk.read(None, face("hanako"), None);
    let there = desk.put(service, card("hanako"));
    let Ok(Outcome::Four { presence, four, .. }) = desk.done(id) else {
        panic!("{:?}", desk.heard.last());
    };
    assert!(are_of(&four, &facts("hanako")));
    assert!(
        !desk
            .heard
            .iter()
            .any(|said| matches!(said, Report::Seen(_))),
        "the look can wait"
    );
    let seen = desk.seen();
    assert_eq!(seen.presence, presence);
    assert!(is_of(&seen, &facts("hanako")));
    assert_eq!(there.machine().trips(), []);
    // Dropped before a card comes, it is read from nobody.
    there.pull();
    desk.waits();
    let id = desk.read(None, face("ichinose"), None);
    desk.send(|_| Job::Drop { id });
    assert_eq!(desk.done(id), Err(Trouble::Dropped));
    let there = desk.put(service, card("ichinose"));
    desk.seen();
    assert!(there.machine().log().iter().all(|asked| !asked.attempts()));
}

pub fn wrong_keys(service: &mut Service<'_>) {
    let key = KeyKind::Pin;
    let wrong = || pin("9999");
    assert_ne!(facts("ichinose").text, "9999");
    let mut desk = Desk::open(None);
    let there = desk.put(service, card("ichinose"));
    let here = Some(desk.seen().presence);
    let attempts = |there: &Lying| {
        let machine = there.machine();
        machine
            .log()
            .iter()
            .filter(|asked| asked.attempts())
            .count()
    };
    let left = Some(2);
    let said = Trouble::WrongKey { key, left };
    assert_eq!(desk.four(here, wrong(), None).unwrap_err(), said);
    let few = Trouble::FewTries { key, left: 2 };
    assert_eq!(desk.four(here, wrong(), None).unwrap_err(), few);
    assert_eq!(attempts(&there), 1, "not sent without a person's word");
    for (confirmed, left) in [(2, 1), (1, 0)] {
        let said = desk.four(here, wrong(), Some(confirmed)).unwrap_err();
        let left = Some(left);
        assert_eq!(said, Trouble::WrongKey { key, left });
    }
    let blocked = Trouble::Blocked { key };
    assert_eq!(desk.four(here, wrong(), Some(0)).unwrap_err(), blocked);
    assert_eq!(attempts(&there), 3, "nothing is sent to a blocked key");
    // The other key still opens them.
    desk.four(here, face("ichinose"), None).unwrap();
    assert_eq!(there.machine().trips(), []);
}

pub fn proved(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    let there = desk.put(service, card("ichinose"));
    let presence = desk.seen().presence;
    let mut prove = |digits: &str| {
        let pin = Secret::new(digits.to_owned());
        let id = desk.send(|id| Job::Prove {
            id,
            presence: Some(presence),
            pin,
            confirmed: None,
        });
        desk.done(id)
    };
    let key = KeyKind::Authentication;
    let left = Some(2);
    assert_eq!(prove("9999"), Err(Trouble::WrongKey { key, left }));
    // Two are left now: a person has to say so.
    let few = Trouble::FewTries { key, left: 2 };
    let own = facts("ichinose").authentication;
    assert_eq!(prove(&own), Err(few));
    there.pull();
    desk.waits();
    let there = desk.put(service, card("hanako"));
    let presence = desk.seen().presence;
    let own = Secret::new(facts("hanako").authentication);
    let id = desk.send(|id| Job::Prove {
        id,
        presence: Some(presence),
        pin: own,
        confirmed: None,
    });
    let Ok(Outcome::Proved(seen)) = desk.done(id) else {
        panic!("{:?}", desk.heard.last());
    };
    assert_eq!(seen.presence, presence);
    assert!(is_of(&seen, &facts("hanako")));
    assert_eq!(there.machine().trips(), []);
}

pub fn two_slots(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    // Somebody's own card lies in one slot all day.
    let staff = desk.put(service, card("other"));
    assert_eq!(desk.seen().kind, Kind::Other);
    let patient = desk.put_in(service.other_slot(), card("hanako"));
    assert!(is_of(&desk.seen(), &facts("hanako")));
    patient.pull();
    assert_eq!(desk.seen().kind, Kind::Other);
    drop(desk);
    // The settings name the other slot.
    let mut desk = Desk::open(Some("pcd 00 01"));
    desk.waits();
    let _patient = desk.put_in(service.other_slot(), card("ichinose"));
    assert!(is_of(&desk.seen(), &facts("ichinose")));
    assert!(!staff.ended());
}
