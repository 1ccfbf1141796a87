//! Possible losses outlive the desk service that told them: each is a record
//! when it is told, and again when a person has read it (REL-5).

use super::{Board, LOSS};
use crate::desk::state::{Desk, Writing};
use crate::link::message::FrontId;
use crate::store::record::What;
use crate::store::remark::{Loss, Remark};
use jiff::Timestamp;
use std::time::Duration;

/// Characters of the store's own sentence that are kept.
const LONGEST: usize = 600;

/// A store that refused is asked again after this long, or when it is back.
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// What is to be written of a loss, and for whom.
#[derive(Debug, Clone)]
pub(in crate::desk) struct Due {
    front: Option<FrontId>,
    /// Who read it; empty for the desk, which tells.
    by: String,
    loss: Loss,
}

/// What is not on disk yet.
#[derive(Default)]
pub(super) struct Unkept {
    due: Vec<Due>,
    /// The store refused at this moment (monotonic).
    refused: Option<Duration>,
}

/// Cuts what is longer than a record should be; says so.
pub(super) fn bound(text: &mut String) {
    if text.chars().nth(LONGEST).is_some() {
        *text = text.chars().take(LONGEST).chain(['…']).collect();
    }
}

impl Board {
    /// Losses that were told before, and that nobody has read.
    pub fn restore(&mut self, losses: Vec<Loss>) {
        for loss in losses {
            if !self.said(&loss.text) {
                self.put(loss.at, LOSS, Remark::loss(loss.text));
            }
        }
    }

    /// The store is back.
    pub fn retry(&mut self) {
        self.unkept.refused = None;
    }

    /// A loss that is to outlive this run.
    pub(super) fn told(&mut self, at: Timestamp, text: &str) {
        let (text, read) = (text.to_owned(), false);
        self.unkept.due.push(Due {
            front: None,
            by: String::new(),
            loss: Loss { at, text, read },
        });
    }
}

impl Desk {
    /// A person reads the notice; of a loss that is put on record.
    pub(super) fn loss_read(&mut self, front: FrontId, id: &str) {
        let notices = &self.notices;
        let Some(own) = (notices.own.iter()).find(|own| own.1.id == id && notices.is_loss(own))
        else {
            return;
        };
        let loss = Loss {
            at: own.1.at,
            text: own.1.body.clone(),
            read: true,
        };
        let by = self
            .session(front)
            .map_or_else(String::new, |session| session.staff.user.clone());
        let unkept = &mut self.notices.unkept;
        // Told and read before anything could be written: one line is enough.
        unkept.due.retain(|due| due.loss.text != loss.text);
        let front = Some(front);
        unkept.due.push(Due { front, by, loss });
    }

    /// Writes what was told and read since.
    pub(in crate::desk) fn keep_losses(&mut self) {
        let (now, unkept) = (self.now.mono, &mut self.notices.unkept);
        let again = (unkept.refused).is_none_or(|at| now.saturating_sub(at) >= AGAIN_AFTER);
        if !again {
            return;
        }
        for due in std::mem::take(&mut unkept.due) {
            let what = What::Loss(Box::new(due.loss.clone()));
            let (front, by) = (due.front, due.by.clone());
            self.write(front, &by, what, Writing::Loss(due));
        }
    }

    /// It is on disk, or is tried again, unless it is no longer true.
    pub(in crate::desk) fn loss_written(&mut self, due: Due, kept: bool) {
        if kept {
            return self.notices.retry();
        }
        let notices = &mut self.notices;
        notices.unkept.refused = Some(self.now.mono);
        let stands =
            (notices.own.iter()).any(|own| own.1.body == due.loss.text && notices.is_loss(own));
        if stands != due.loss.read {
            notices.unkept.due.push(due);
        }
    }
}
