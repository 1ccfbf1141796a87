//! Everything the readers, the card, the desk and the talking thread may do to
//! the mind, in virtual time.

mod rig;
mod trouble;
mod waits;

use super::*;
use crate::card::job::JobId;
use crate::domain::card::Kind;
use crate::domain::secret::Secret;
use jiff::Timestamp;
use rig::*;

#[test]
fn dom83_the_state_follows_what_is_there_and_only_changes_are_told() {
    let mut rig = Rig::new();
    rig.step(Input::Time);
    assert_eq!(rig.said(), []);
    rig.step(Input::Readers(None));
    assert_eq!(rig.said(), [Report::State(ReaderState::NoService)]);
    rig.step(Input::Readers(None));
    assert_eq!(rig.said(), []);
    rig.readers(&[]);
    assert_eq!(rig.said(), [Report::State(ReaderState::NoReader)]);
    rig.readers(&[(NAME, 0)]);
    rig.readers(&[(NAME, 0)]);
    assert_eq!(rig.said(), [waiting()]);
    rig.readers(&[(NAME, 1)]);
    assert_eq!(rig.said(), [present(1, None, None)]);
    let order = rig.order();
    rig.say(&order, Ok(Said::Look(look("1"))));
    let seen = Report::Seen(Box::new(seen(look("1"), Presence(1))));
    assert_eq!(rig.said(), [present(1, Some(Kind::MyNumber), None), seen]);
    rig.readers(&[(NAME, 2)]);
    assert_eq!(rig.said(), [waiting()]);
    rig.step(Input::Readers(None));
    assert_eq!(rig.said(), [Report::State(ReaderState::NoService)]);
    assert_eq!(rig.orders, []);
    assert_eq!(rig.mind.due(), None);
    assert!(!rig.mind.is_talking());
}

#[test]
fn a_stay_is_new_at_every_insertion_even_an_unseen_one() {
    let mut rig = Rig::looked();
    rig.readers(&[(NAME, 1)]);
    assert_eq!(rig.said(), []);
    // Out and in again between two looks: the service's count tells.
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.said(), [present(2, None, None)]);
    assert_eq!(rig.order().presence, Presence(2));
    // The service was started again: its counts begin anew.
    rig.step(Input::Readers(None));
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.glance().presence, Presence(3));
}

#[test]
fn what_somebody_waits_for_goes_first_and_the_look_after_it() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 0)]);
    rig.step(Input::Job(read(7, None)));
    assert_eq!(rig.orders, []);
    rig.readers(&[(NAME, 1)]);
    let (job, look_order) = (rig.order(), rig.order());
    assert!(matches!(job.work, Work::Four { .. }));
    assert_eq!(look_order.work, Work::Look);
    assert_eq!(job.presence, look_order.presence);
    rig.told.clear();
    rig.say(
        &job,
        Ok(Said::Four {
            four: four(),
            left: Some(10),
        }),
    );
    let result = Ok(Outcome::Four {
        presence: Presence(1),
        four: four(),
        left: Some(10),
    });
    let id = JobId(7);
    assert_eq!(rig.said(), [Report::Done { id, result }]);
    rig.say(&look_order, Ok(Said::Look(look("1"))));
    assert_eq!(rig.glance().kind, Some(Kind::MyNumber));
    // A job that comes later needs no second look.
    rig.step(Input::Job(read(8, Some(1))));
    assert_eq!(rig.orders.len(), 1);
}

#[test]
fn a_job_is_for_its_stay_alone_and_there_is_one_at_a_time() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(9))));
    assert_eq!(rig.done(), [(1, Err(Trouble::NoCard))]);
    rig.step(Input::Job(read(2, Some(1))));
    rig.step(Input::Job(read(3, Some(1))));
    rig.step(Input::Job(read(4, None)));
    assert_eq!(
        rig.done(),
        [(3, Err(Trouble::Busy)), (4, Err(Trouble::Busy))]
    );
    let order = rig.order();
    // The card changes while it is read: another's answer never counts.
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.done(), [(2, Err(Trouble::Lifted))]);
    assert_eq!(rig.given_up, order.number);
    let late = Ok(Said::Four {
        four: four(),
        left: None,
    });
    rig.say(&order, late);
    assert_eq!(rig.done(), [(2, Ok(()))], "for the line");
    // With no card and no reader there is nothing to mean.
    rig.readers(&[(NAME, 4)]);
    rig.step(Input::Job(read(5, Some(2))));
    assert_eq!(rig.done(), [(5, Err(Trouble::NoCard))]);
    rig.readers(&[]);
    rig.step(Input::Job(read(6, Some(2))));
    assert_eq!(rig.done(), [(6, Err(Trouble::NoReader))]);
}

#[test]
fn a_wish_for_the_next_card_waits_until_it_is_dropped() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 0)]);
    rig.step(Input::Job(read(1, None)));
    rig.step(Input::Readers(None));
    rig.readers(&[]);
    rig.readers(&[(NAME, 0)]);
    rig.pass(3_600_000);
    assert_eq!(rig.done(), []);
    let id = JobId(1);
    rig.step(Input::Job(Job::Drop { id }));
    assert_eq!(rig.done(), [(1, Err(Trouble::Dropped))]);
    rig.step(Input::Job(Job::Drop { id }));
    assert_eq!(rig.done(), []);
    rig.readers(&[(NAME, 1)]);
    assert_eq!(rig.order().work, Work::Look);
    assert_eq!(rig.orders, []);
}

#[test]
fn a_dropped_reading_ends_and_what_it_still_says_is_not_heard() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.step(Input::Job(Job::Drop { id: JobId(1) }));
    assert_eq!(rig.given_up, order.number);
    assert_eq!(rig.done(), [(1, Err(Trouble::Dropped))]);
    rig.step(Input::Job(read(2, Some(1))));
    let next = rig.order();
    let said = Ok(Said::Four {
        four: four(),
        left: None,
    });
    rig.say(&order, said.clone());
    assert_eq!(rig.done(), [(1, Ok(()))], "for the line alone");
    rig.say(&next, said);
    assert_eq!(rig.done(), [(2, Ok(()))]);
    assert_eq!(rig.glance().presence, Presence(1));
}

#[test]
fn sec86_after_a_broken_answer_it_is_another_stay() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.answer(&order, true, Err(Trouble::Lifted));
    let said = rig.said();
    assert_eq!(said.first(), Some(&present(2, None, None)));
    assert!(matches!(
        said.get(1),
        Some(Report::Done {
            result: Err(Trouble::Lifted),
            ..
        })
    ));
    // The other card may lie there already.
    let order = rig.order();
    assert_eq!(order.presence, Presence(2));
    rig.answer(&order, true, Err(Trouble::Lifted));
    assert_eq!(rig.orders, []);
    assert_eq!(rig.mind.due(), Some(Duration::from_millis(50)));
    // What the service says of our own coming and going hurries nothing.
    rig.readers(&[(NAME, 1)]);
    assert_eq!(rig.orders, []);
    rig.pass(50);
    let order = rig.order();
    assert_eq!((order.presence, &order.mark), (Presence(3), &None));
    rig.say(&order, Ok(Said::Look(look("2"))));
    assert_eq!(rig.glance().kind, Some(Kind::MyNumber));
    // A job for the stay before it is one for another card.
    rig.step(Input::Job(read(2, Some(1))));
    assert_eq!(rig.done(), [(2, Err(Trouble::NoCard))]);
}

#[test]
fn a_card_that_breaks_off_again_and_again_is_given_up() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    for _ in 0..7 {
        let order = rig.order();
        assert_eq!(rig.glance().trouble, None);
        rig.answer(&order, true, Err(Trouble::Lifted));
        rig.pass(500);
    }
    assert_eq!(rig.glance().trouble, Some(Trouble::Lifted));
    rig.pass(3_600_000);
    assert_eq!(rig.orders, []);
    assert_eq!(rig.mind.due(), None);
    // A person who asks is worth another try.
    rig.step(Input::Job(read(1, None)));
    assert_eq!(rig.orders.len(), 2);
}

#[test]
fn a_card_that_is_not_there_when_it_is_asked_has_the_watch_look_again() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    while rig.looks == 0 {
        let order = rig.order();
        assert_eq!(rig.glance().trouble, None);
        rig.say(&order, Err(Trouble::Lifted));
        rig.pass(500);
    }
    assert_eq!(rig.glance().trouble, Some(Trouble::Lifted));
    assert_eq!(rig.orders, []);
    rig.readers(&[(NAME, 2)]);
    assert_eq!(rig.said().last(), Some(&waiting()));
}

#[test]
fn sec86_another_certificate_is_another_card() {
    let mut rig = Rig::looked();
    let pin = Secret::new("1234".to_owned());
    rig.step(Input::Job(Job::Prove {
        id: JobId(1),
        presence: Some(Presence(1)),
        pin,
        confirmed: None,
    }));
    let order = rig.order();
    assert_eq!(order.mark, Some(mark_of_text("one")));
    rig.shows(&order, "another", Said::Proved(look("2")));
    assert_eq!(rig.done(), [(1, Err(Trouble::Lifted))]);
    assert_eq!(rig.glance().presence, Presence(2));
}

#[test]
fn no_answer_is_said_and_nobody_waits_for_the_thread_that_stands() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.step(Input::Stalled(Standing::Asking));
    assert_eq!(rig.glance().trouble, Some(Trouble::Slow));
    assert_eq!(rig.done(), [(1, Err(Trouble::Slow))]);
    assert_eq!(rig.given_up, order.number);
    assert!(!rig.mind.is_talking());
    rig.step(Input::Job(read(2, Some(1))));
    assert_eq!(rig.done(), [(2, Err(Trouble::Slow))]);
    assert_eq!(rig.mind.due(), None);
    // The card is taken away and another put there; the thread still stands.
    rig.readers(&[(NAME, 2)]);
    assert_eq!(rig.said(), [waiting()]);
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.glance().trouble, Some(Trouble::Slow));
    assert_eq!(rig.orders, []);
    // It is free again: this card gets its look.
    rig.answer(&order, true, Err(Trouble::Lifted));
    assert_eq!(rig.glance().trouble, None);
    let order = rig.order();
    assert_eq!((order.presence, order.work), (Presence(2), Work::Look));
}

#[test]
fn a_late_answer_of_the_same_card_counts_for_nothing() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.step(Input::Stalled(Standing::Asking));
    rig.told.clear();
    let said = Ok(Said::Four {
        four: four(),
        left: None,
    });
    rig.say(&order, said);
    // That the key fitted is told, for the line; nothing of what was read.
    assert_eq!(rig.done(), [(1, Ok(()))]);
    assert_eq!(rig.glance().presence, Presence(2));
    assert_eq!(rig.order().work, Work::Look);
}

#[test]
fn nobody_waits_behind_a_wish_for_a_card_that_cannot_be_asked() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    rig.step(Input::Stalled(Standing::Asking));
    rig.readers(&[(NAME, 2)]);
    rig.step(Input::Job(read(2, None)));
    rig.told.clear();
    rig.readers(&[(NAME, 3)]);
    assert_eq!(rig.done(), [(2, Err(Trouble::Slow))]);
}

#[test]
fn a_try_that_shows_late_is_told() {
    for drop in [false, true] {
        let mut rig = Rig::looked();
        rig.step(Input::Job(read(1, Some(1))));
        let order = rig.order();
        rig.step(if drop {
            Input::Job(Job::Drop { id: JobId(1) })
        } else {
            Input::Stalled(Standing::Asking)
        });
        rig.told.clear();
        let wrong = Trouble::WrongKey {
            key: crate::domain::card::KeyKind::Pin,
            left: Some(2),
        };
        rig.say(&order, Err(wrong.clone()));
        assert_eq!(rig.done(), [(1, Err(wrong.clone()))]);
        rig.say(&order, Err(wrong));
        assert_eq!(rig.done(), []);
    }
}

#[test]
fn a_program_that_holds_a_transaction_is_a_reader_in_use() {
    let mut rig = Rig::new();
    rig.readers(&[(NAME, 1)]);
    let order = rig.order();
    rig.step(Input::Stalled(Standing::Connecting));
    assert_eq!(rig.glance().trouble, Some(Trouble::InUse));
    rig.say(&order, Err(Trouble::Dropped));
    assert_eq!(rig.order().work, Work::Look);
}

#[test]
fn the_service_dies_in_the_middle() {
    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    // Whichever thread learns of it first.
    rig.answer(&order, true, Err(Trouble::NoReader));
    assert_eq!(rig.done(), [(1, Err(Trouble::NoReader))]);
    rig.step(Input::Readers(None));
    assert_eq!(rig.said(), [Report::State(ReaderState::NoService)]);
    assert_eq!(rig.mind.due(), None);

    let mut rig = Rig::looked();
    rig.step(Input::Job(read(1, Some(1))));
    let order = rig.order();
    rig.step(Input::Readers(None));
    assert_eq!(rig.done(), [(1, Err(Trouble::NoReader))]);
    rig.answer(&order, true, Err(Trouble::NoReader));
    assert_eq!(rig.done(), []);
}
