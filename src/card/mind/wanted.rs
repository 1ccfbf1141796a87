//! What the desk service wants of the card: one thing at a time, of one stay.

use super::Mind;
use super::Wish;
use crate::card::job::{Job, JobId, Outcome, Report};
use crate::card::order::Said;
use crate::domain::card::{Presence, Trouble};

/// What the desk wants of the card, one at a time.
pub(super) struct Wanted {
    pub(super) job: Job,
    pub(super) id: JobId,
    pub(super) presence: Option<Presence>,
    /// The order it is under way as.
    pub(super) order: Option<u64>,
}

impl Mind {
    /// The card is gone: nothing more is sent to it, nothing of it counts.
    pub(super) fn leave(&mut self, lost: bool) {
        self.give_up();
        let Some(wanted) = &self.wanted else { return };
        let trouble = match (lost, wanted.order.is_some(), wanted.presence.is_some()) {
            (true, true, _) | (true, _, true) => Trouble::NoReader,
            (false, true, _) => Trouble::Lifted,
            (false, false, true) => Trouble::NoCard,
            // Waits for the next card.
            (_, false, false) => return,
        };
        self.finish(Err(trouble));
    }

    pub(super) fn wants(&mut self, job: Job) {
        let (Job::Read { id, presence, .. } | Job::Prove { id, presence, .. }) = job else {
            return;
        };
        let here = self.stay.as_ref().map(|stay| stay.presence);
        let refused = if self.wanted.is_some() {
            Some(Trouble::Busy)
        } else if presence.is_some() && self.reader.is_none() {
            Some(Trouble::NoReader)
        } else if presence.is_some() && presence != here {
            Some(Trouble::NoCard)
        } else if self.stuck && here.is_some() {
            Some(Trouble::Slow)
        } else {
            None
        };
        if let Some(trouble) = refused {
            let result = Err(trouble);
            self.wishes.push(Wish::Tell(Report::Done { id, result }));
            return;
        }
        self.wanted = Some(Wanted {
            job,
            id,
            presence: presence.or(here),
            order: None,
        });
        // A person asks: worth another try at once.
        if let Some(stay) = &mut self.stay {
            stay.afresh();
        }
    }

    pub(super) fn dropped(&mut self, id: JobId) {
        if let Some(wanted) = self.wanted.as_ref().filter(|wanted| wanted.id == id) {
            if wanted.order.is_some() {
                self.give_up();
            }
            self.finish(Err(Trouble::Dropped));
        }
    }

    pub(super) fn finish(&mut self, result: Result<Outcome, Trouble>) {
        if let Some(Wanted { id, order, .. }) = self.wanted.take() {
            let open = order.filter(|order| self.open.iter().any(|one| one.0 == *order));
            self.late.extend(open.map(|order| (order, id)));
            self.wishes.push(Wish::Tell(Report::Done { id, result }));
        }
    }
    /// An order has ended. A try that it cost is told, although its job ended
    /// before (SEC-32).
    pub(super) fn outlived(&mut self, number: u64, said: &Result<Said, Trouble>) {
        let Some(at) = self.late.iter().position(|one| one.0 == number) else {
            return;
        };
        let (_, id) = self.late.remove(at);
        let result = match said {
            Ok(Said::Four { left, .. }) => Ok(Outcome::Late { left: *left }),
            Ok(Said::Proved(_)) => Ok(Outcome::Late { left: None }),
            Err(trouble) if trouble.is_of_key() => Err(trouble.clone()),
            Ok(Said::Look(_)) | Err(_) => return,
        };
        self.wishes.push(Wish::Tell(Report::Done { id, result }));
    }
}
