//! The card on the reader: who asked for a reading, and what becomes of it.
//! One reading at a time over all front ends. Nothing that a card holds stays
//! here: an answer lies with its audit line until that is on disk, and what a
//! card says without a PIN is known only while it lies there. A mark made of
//! its number stays for the login that read it, where cards are recognised.

mod notes;
mod wish;

pub(super) use self::wish::Reading;

use super::event::Action;
use super::state::{Asker, Desk, Writing};
use crate::card::job::{Job, Report};
use crate::domain::card::{Presence, Seen, Trouble};
use crate::domain::failure::Failure;
use crate::domain::reader::ReaderState;
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::What;

/// What the desk knows of cards.
#[derive(Default)]
pub(super) struct Board {
    /// What the card that lies there says of itself.
    pub seen: Option<Box<Seen>>,
    /// Who waits for that, and whether for the serial number.
    viewers: Vec<(Asker, bool)>,
    /// The reading under way.
    pub reading: Option<Reading>,
    /// Readings that nobody waits for any more, until the reader says how far
    /// they came: a key may have been tried.
    given_up: Vec<Reading>,
    /// Cards whose four front ends have, where cards are recognised.
    handed: Vec<notes::Handed>,
    /// The number given out last.
    last: u64,
    /// Cards are recognised by it; empty while they are not.
    pub key: Secret,
}

impl Desk {
    /// The reader's thread said something.
    pub(super) fn card_said(&mut self, report: Report) {
        match report {
            Report::State(state) => self.reader_changed(state),
            Report::Seen(seen) => {
                if Some(seen.presence) != self.presence() {
                    return;
                }
                for (asker, serial) in std::mem::take(&mut self.card.viewers) {
                    self.tell_seen(asker, seen.clone(), serial);
                }
                let presence = seen.presence;
                self.card.seen = Some(seen);
                self.mark_late(presence);
            }
            Report::Done { id, result } => self.reading_done(id, result),
        }
    }

    /// The card that lies there.
    pub(super) fn presence(&self) -> Option<Presence> {
        match &self.reader {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => Some(glance.presence),
            _ => None,
        }
    }

    /// What the card that lies there says of itself, if it is this one.
    fn seen(&self, presence: Presence) -> Option<&Seen> {
        let seen = self.card.seen.as_deref()?;
        (seen.presence == presence && self.presence() == Some(presence)).then_some(seen)
    }

    fn reader_changed(&mut self, state: ReaderState) {
        let before = self.presence();
        let trouble = match &state {
            ReaderState::CardPresent {
                glance: Some(glance),
                ..
            } => glance.trouble.clone(),
            _ => None,
        };
        self.reader = state;
        let now = self.presence();
        if before != now {
            self.card.seen = None;
            self.withdraw_card(&Trouble::Lifted, |_, presence| Some(presence) != now);
        }
        let over = if before == now {
            trouble
        } else {
            Some(Trouble::Lifted)
        };
        if let Some(trouble) = over {
            for (asker, _) in std::mem::take(&mut self.card.viewers) {
                self.reply_failed(&asker, Failure::Card(trouble.clone()));
            }
        }
    }

    /// Takes back what a card said and nobody has been told yet, as its audit
    /// line is still on its way.
    fn withdraw_card(&mut self, why: &Trouble, gone: impl Fn(FrontId, Presence) -> bool) {
        for writing in self.writes.values_mut() {
            let Writing::Told { asker, message } = writing else {
                continue;
            };
            let (ticket, presence) = match message {
                ToFront::Card { ticket, seen } | ToFront::CardProved { ticket, seen } => {
                    (*ticket, seen.presence)
                }
                ToFront::CardRead {
                    ticket, presence, ..
                } => (*ticket, *presence),
                _ => continue,
            };
            if gone(asker.front, presence) {
                let failure = Failure::Card(why.clone());
                *message = ToFront::Failed { ticket, failure };
            }
        }
    }

    pub(super) fn show_card(&mut self, front: FrontId, ticket: Ticket, serial: bool) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if let Some(seen) = self.card.seen.clone() {
            if !serial {
                return self.tell_seen(asker, seen, serial);
            }
            // Whose number it is, is asked of the card itself: a reader may
            // have hidden a change of cards (section 8.6).
            self.card.viewers.push((asker, serial));
            return self.out.push(Action::Card(Job::Look));
        }
        let why = match &self.reader {
            ReaderState::CardPresent { glance, .. } => {
                match glance.as_ref().and_then(|glance| glance.trouble.clone()) {
                    Some(trouble) => trouble,
                    // It is being looked at.
                    None => return self.card.viewers.push((asker, serial)),
                }
            }
            ReaderState::Waiting { .. } => Trouble::NoCard,
            ReaderState::Unknown | ReaderState::NoService | ReaderState::NoReader => {
                Trouble::NoReader
            }
        };
        self.reply_failed(&asker, Failure::Card(why));
    }

    /// The serial number only for who asked for it, after a line (SEC-32).
    fn tell_seen(&mut self, asker: Asker, mut seen: Box<Seen>, serial: bool) {
        let ticket = asker.ticket;
        if !serial {
            seen.serial.clear();
            return self.reply(&asker, ToFront::Card { ticket, seen });
        }
        let what = What::CardViewed { kind: seen.kind };
        self.audit_then(asker, what, ToFront::Card { ticket, seen });
    }

    pub(super) fn demo_card(&mut self, card: Option<String>) {
        if self.config.demo {
            self.out.push(Action::DemoCard { card });
        }
    }
}
