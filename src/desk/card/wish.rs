//! Readings: asked for, under way, given up, done.

use super::super::event::Action;
use super::super::state::{Asker, Desk};
use crate::card::job::{Job, JobId, Outcome};
use crate::domain::card::key::is_digits;
use crate::domain::card::{Key, KeyKind, Presence, Trouble};
use crate::domain::failure::Failure;
use crate::domain::outcome;
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::What;
use std::time::Duration;

/// 利用者証明用の暗証番号 (section 7).
const PIN_DIGITS: usize = 4;

/// A key that is sent ahead waits so long for a card: the next one that is put
/// down later may be another patient's.
const WAITS: Duration = Duration::from_secs(60);

/// Readings given up that the reader may still say something of.
const MOST_GIVEN_UP: usize = 16;

/// A reading under way. What opens the card is with the reader alone.
pub(in crate::desk) struct Reading {
    pub id: JobId,
    pub asker: Asker,
    /// The card that is meant.
    pub presence: Option<Presence>,
    pub key: KeyKind,
    pub prove: bool,
    /// When it was asked for (monotonic).
    pub asked: Duration,
}

impl Reading {
    /// Its audit line.
    fn line(&self, result: Result<Option<u8>, &Trouble>) -> What {
        let (outcome, left) = match result {
            Ok(left) => (outcome::Outcome::Ok, left),
            Err(trouble) => {
                let left = match trouble {
                    Trouble::WrongKey { left, .. } => *left,
                    Trouble::FewTries { left, .. } => Some(*left),
                    Trouble::Blocked { .. } => Some(0),
                    _ => None,
                };
                (trouble.outcome(), left)
            }
        };
        What::CardUsed {
            prove: self.prove,
            key: self.key,
            outcome: outcome.code().to_owned(),
            left,
        }
    }
}

impl Desk {
    pub(in crate::desk) fn read_card(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        presence: Option<Presence>,
        key: Key,
        confirmed: Option<u8>,
    ) {
        let kind = key.kind();
        let today = self.now.today();
        let unborn = matches!(&key, Key::Face(face) if face.birth > today);
        if unborn || key.digits().is_none() {
            return self.bad_key(front, ticket, kind);
        }
        self.take_wish(front, ticket, presence, (kind, false), |id| Job::Read {
            id,
            presence,
            key,
            confirmed,
        });
    }

    pub(in crate::desk) fn prove_card(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        presence: Option<Presence>,
        pin: Secret,
        confirmed: Option<u8>,
    ) {
        if !self.config.challenge {
            let setting = "card.challenge".to_owned();
            return self.fail(front, ticket, Failure::SwitchedOff { setting });
        }
        let kind = KeyKind::Authentication;
        if !is_digits(&pin, PIN_DIGITS) {
            return self.bad_key(front, ticket, kind);
        }
        self.take_wish(front, ticket, presence, (kind, true), |id| Job::Prove {
            id,
            presence,
            pin,
            confirmed,
        });
    }

    /// A wrong form could cost a try: it does not reach the card (section 7).
    fn bad_key(&mut self, front: FrontId, ticket: Ticket, key: KeyKind) {
        self.fail(front, ticket, Failure::Card(Trouble::BadKey { key }));
    }

    fn take_wish(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        presence: Option<Presence>,
        (key, prove): (KeyKind, bool),
        job: impl FnOnce(JobId) -> Job,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let refusal = match &self.reader {
            _ if self.card.reading.is_some() => Some(Trouble::Busy),
            ReaderState::Unknown | ReaderState::NoService | ReaderState::NoReader => {
                Some(Trouble::NoReader)
            }
            _ if presence.is_some() && presence != self.presence() => Some(Trouble::NoCard),
            // A PIN is one person's: it waits for no card, and goes to none
            // but the one it was typed for (SEC-17).
            _ if presence.is_none() && key != KeyKind::Face => Some(Trouble::NoCard),
            _ => None,
        };
        if let Some(trouble) = refusal {
            return self.reply_failed(&asker, Failure::Card(trouble));
        }
        self.card.last += 1;
        let id = JobId(self.card.last);
        self.out.push(Action::Card(job(id)));
        self.card.reading = Some(Reading {
            id,
            asker,
            presence,
            key,
            prove,
            asked: self.now.mono,
        });
    }

    /// When the reading that waits for a card has waited long enough.
    pub(in crate::desk) fn next_card(&self) -> Option<Duration> {
        let reading = self.card.reading.as_ref()?;
        let waits = reading.presence.is_none() && self.presence().is_none();
        waits.then_some(reading.asked + WAITS)
    }

    /// A key does not wait for whichever card comes one day, and for none at
    /// all without a reader.
    pub(in crate::desk) fn end_waiting(&mut self) {
        let Some(until) = self.next_card() else {
            return;
        };
        let why = match &self.reader {
            ReaderState::NoService | ReaderState::NoReader => Trouble::NoReader,
            _ if until <= self.now.mono => Trouble::Dropped,
            _ => return,
        };
        if let Some(reading) = self.card.reading.take() {
            self.give_up_reading(reading, &why);
        }
    }

    /// The reader has ended a job. Its answer goes to whoever asked, and only
    /// for the card that was meant and still lies there.
    pub(super) fn reading_done(&mut self, id: JobId, result: Result<Outcome, Trouble>) {
        let Some(reading) = self.card.reading.take_if(|reading| reading.id == id) else {
            return self.given_up_done(id, &result);
        };
        if result == Err(Trouble::Slow) {
            let key = reading.key;
            self.reading_failed(&reading, Trouble::SlowKey { key });
            return self.keep_given_up(reading);
        }
        let ticket = reading.asker.ticket;
        let (answer, left) = match result {
            Ok(outcome) if !self.fits(&reading, &outcome) => {
                return self.reading_failed(&reading, Trouble::Lifted);
            }
            Ok(Outcome::Four {
                presence,
                four,
                left,
            }) => {
                let read = ToFront::CardRead {
                    ticket,
                    presence,
                    four,
                    left,
                };
                (read, left)
            }
            Ok(Outcome::Proved(mut seen)) => {
                // Whose number it is goes to nobody who has not asked for it.
                seen.serial.clear();
                (ToFront::CardProved { ticket, seen }, None)
            }
            Ok(Outcome::Late { .. }) => {
                return self.reading_failed(&reading, Trouble::Lifted);
            }
            Err(trouble) => return self.reading_failed(&reading, trouble),
        };
        if let ToFront::CardRead { presence, .. } = answer {
            self.handed(reading.asker.front, presence);
        }
        let line = reading.line(Ok(left));
        self.audit_then(reading.asker, line, answer);
    }

    /// What was read is of the card that was meant, and that card lies there.
    fn fits(&self, reading: &Reading, outcome: &Outcome) -> bool {
        let (presence, prove) = match outcome {
            Outcome::Four { presence, .. } => (*presence, false),
            Outcome::Proved(seen) => (seen.presence, true),
            Outcome::Late { .. } => return false,
        };
        let meant = reading.presence.is_none_or(|meant| meant == presence);
        meant && prove == reading.prove && self.presence() == Some(presence)
    }

    /// Says nothing of a patient, and so waits for no line: how many tries are
    /// left has to be known in any case.
    fn reading_failed(&mut self, reading: &Reading, trouble: Trouble) {
        self.audit_of(&reading.asker, reading.line(Err(&trouble)));
        self.reply_failed(&reading.asker, Failure::Card(trouble));
    }

    /// A key that was tried has its line, although nobody waited any more.
    fn given_up_done(&mut self, id: JobId, result: &Result<Outcome, Trouble>) {
        let given_up = &mut self.card.given_up;
        let Some(at) = given_up.iter().position(|reading| reading.id == id) else {
            return;
        };
        if matches!(result, Err(trouble) if !trouble.is_of_key()) {
            // The card itself may still say that the key was tried.
            return;
        }
        let reading = given_up.remove(at);
        let line = match result {
            Ok(Outcome::Four { left, .. } | Outcome::Late { left }) => reading.line(Ok(*left)),
            Ok(Outcome::Proved(_)) => reading.line(Ok(None)),
            Err(trouble) => reading.line(Err(trouble)),
        };
        self.audit_at(reading.asker.front, &reading.asker.user, line);
    }

    /// `front` no longer waits for a card: the pane was left, or the login
    /// ended. What of its answers is still on its way is taken back.
    pub(in crate::desk) fn drop_card(&mut self, front: FrontId) {
        self.withdraw_card(&Trouble::Dropped, |of, _| of == front);
        let waiting = &mut self.card.viewers;
        let viewers: Vec<_> = waiting
            .extract_if(.., |(asker, _)| asker.front == front)
            .collect();
        for (asker, _) in viewers {
            self.reply_failed(&asker, Failure::Card(Trouble::Dropped));
        }
        let mine = |reading: &mut Reading| reading.asker.front == front;
        let Some(reading) = self.card.reading.take_if(mine) else {
            return;
        };
        self.give_up_reading(reading, &Trouble::Dropped);
    }

    fn give_up_reading(&mut self, reading: Reading, why: &Trouble) {
        self.out.push(Action::Card(Job::Drop { id: reading.id }));
        self.audit_of(&reading.asker, reading.line(Err(why)));
        self.reply_failed(&reading.asker, Failure::Card(why.clone()));
        self.keep_given_up(reading);
    }

    fn keep_given_up(&mut self, reading: Reading) {
        if self.card.given_up.len() == MOST_GIVEN_UP {
            self.card.given_up.remove(0);
        }
        self.card.given_up.push(reading);
    }
}
