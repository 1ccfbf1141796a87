//! The card on the reader: who asked for a reading, and what becomes of it.

use super::event::Action;
use super::state::Desk;
use crate::card::job::Report;
use crate::domain::card::{Key, Presence, Trouble};
use crate::domain::failure::Failure;
use crate::domain::secret::Secret;
use crate::link::message::{FrontId, Ticket};
use jiff::civil::Date;

impl Desk {
    /// The reader's thread said something.
    pub(super) fn card_said(&mut self, report: Report) {
        if let Report::State(state) = report {
            self.reader = state;
        }
    }

    pub(super) fn demo_card(&mut self, card: Option<String>) {
        if self.config.demo {
            self.out.push(Action::DemoCard { card });
        }
    }

    pub(super) fn drop_card(&mut self, _front: FrontId) {}

    pub(super) fn show_card(&mut self, front: FrontId, ticket: Ticket) {
        self.fail(front, ticket, Failure::Card(Trouble::NoCard));
    }

    pub(super) fn read_card(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        _presence: Option<Presence>,
        _key: Key,
        _confirmed: Option<u8>,
    ) {
        self.fail(front, ticket, Failure::Card(Trouble::NoReader));
    }

    pub(super) fn prove_card(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        _presence: Option<Presence>,
        _pin: Secret,
        _confirmed: Option<u8>,
    ) {
        self.fail(front, ticket, Failure::Card(Trouble::NoReader));
    }

    pub(super) fn card_notes(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        _presence: Option<Presence>,
        _name: &str,
        _birth_date: Option<Date>,
    ) {
        self.fail(front, ticket, Failure::Card(Trouble::NoCard));
    }
}
