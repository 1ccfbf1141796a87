//! The checklist of how the outage function gets opened (DOM-75): kept by the
//! desk, one for all front ends, each change a record.

use super::state::{Asker, Desk, Writing};
use crate::domain::failure::Failure;
use crate::domain::opening::{Opening, Stage};
use crate::link::message::{FrontId, Ticket, ToFront};
use crate::store::record::{StoreError, What};
use std::time::Duration;

/// Searches that are counted in memory alone before they are written down,
/// while a sync goes on: a record for each would cost as much as the note.
const UNWRITTEN: u32 = 50;

/// A store that refused is asked again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// The checklist, and what of it is not on disk yet.
#[derive(Default)]
pub(super) struct Board {
    /// As it is known.
    pub state: Opening,
    /// Searches counted since it was written.
    unwritten: u32,
    /// A change is on its way to the disk.
    writing: bool,
    /// The store refused the desk's own change at this moment (monotonic).
    refused: Option<Duration>,
}

impl Board {
    /// As the store has it.
    pub fn restore(&mut self, state: Opening) {
        self.state = state;
        self.unwritten = 0;
    }
}

impl Desk {
    pub(super) fn show_opening(&mut self, front: FrontId, ticket: Ticket) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let opening = Box::new(self.opening.state.clone());
        self.reply(&asker, ToFront::Opening { ticket, opening });
    }

    /// A person ticks a step, or takes a tick back.
    pub(super) fn tick_opening(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        round: u32,
        stage: Stage,
        on: bool,
    ) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if self.opening.state.round != round {
            return self.reply_failed(&asker, Failure::Stale);
        }
        let (by, at) = (asker.user.clone(), self.now.wall);
        let next = self.opening.state.ticked(stage, on, &by, at);
        self.change_opening(asker, next);
    }

    /// A person begins the procedure anew.
    pub(super) fn renew_opening(&mut self, front: FrontId, ticket: Ticket, round: u32) {
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        if self.opening.state.round != round {
            return self.reply_failed(&asker, Failure::Stale);
        }
        let next = self.opening.state.anew();
        self.change_opening(asker, next);
    }

    fn change_opening(&mut self, asker: Asker, next: Opening) {
        if let Some(failure) = self.store_failure() {
            return self.reply_failed(&asker, failure);
        }
        if self.opening.writing {
            return self.reply_failed(&asker, Failure::Busy);
        }
        self.accounted(asker.front, asker.ticket);
        self.keep_opening(next, Some(asker));
    }

    fn keep_opening(&mut self, next: Opening, asker: Option<Asker>) {
        self.opening.writing = true;
        let front = asker.as_ref().map(|asker| asker.front);
        let by = asker
            .as_ref()
            .map_or_else(String::new, |asker| asker.user.clone());
        let what = What::Opening(Box::new(next.clone()));
        let writing = Writing::Opening {
            opening: Box::new(next),
            asker,
        };
        self.write(front, &by, what, writing);
    }

    /// A change of the checklist is on disk, or is not.
    pub(super) fn opening_written(
        &mut self,
        opening: Opening,
        asker: Option<Asker>,
        result: Result<(), StoreError>,
    ) {
        self.opening.writing = false;
        self.opening.refused = result.is_err().then_some(self.now.mono);
        match result {
            Ok(()) => {
                // What was counted while it was written is kept.
                let counted = std::mem::take(&mut self.opening.state.uses);
                let same = self.opening.state.round == opening.round;
                self.opening.state = opening;
                if same {
                    for (user, uses) in counted {
                        self.opening.state.uses.insert(user, uses);
                    }
                } else {
                    self.opening.unwritten = 0;
                }
                if let Some(asker) = asker {
                    let opening = Box::new(self.opening.state.clone());
                    let ticket = asker.ticket;
                    self.reply(&asker, ToFront::Opening { ticket, opening });
                }
                self.opening_changed();
            }
            Err(error) => {
                let what = error.to_string();
                if let Some(asker) = asker {
                    self.reply_failed(&asker, Failure::Store { what });
                }
            }
        }
    }

    /// Whoever shows the checklist asks again.
    fn opening_changed(&mut self) {
        let fronts: Vec<FrontId> = self.fronts.keys().copied().collect();
        for front in fronts {
            if self.session(front).is_some() {
                self.tell(front, ToFront::OpeningChanged);
            }
        }
    }

    /// 方法3 was answered in the name of `by`.
    pub(super) fn opening_used(&mut self, by: &str) {
        let at = self.now.wall;
        self.opening.state.used(by, at);
        self.opening.unwritten += 1;
    }

    /// The announced period fills its step, and what was counted is written
    /// down once a sync rests.
    pub(super) fn follow_opening(&mut self) {
        let refused = self.opening.refused;
        let again = refused.is_none_or(|at| self.now.mono.saturating_sub(at) >= AGAIN_AFTER);
        if self.opening.writing || !self.store_open() || !again {
            return;
        }
        let announced = self
            .notices
            .period()
            .and_then(|period| self.opening.state.announced(period, self.now.wall));
        let resting = self.sync.flight.is_empty();
        let counted =
            self.opening.unwritten > 0 && (resting || self.opening.unwritten >= UNWRITTEN);
        if let Some(next) = announced {
            self.opening.unwritten = 0;
            self.keep_opening(next, None);
        } else if counted {
            self.opening.unwritten = 0;
            let next = self.opening.state.clone();
            self.keep_opening(next, None);
        }
    }
}
