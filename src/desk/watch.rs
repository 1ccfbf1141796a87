//! The watch over the line: what calls tell about it, probes, and who hears
//! of a change.

use super::event::CallId;
use super::faults::alive;
use super::state::{Desk, Purpose};
use crate::central::call::{Answer, Call, Fault};
use crate::domain::breaker::Change;
use crate::domain::failure::Failure;
use crate::domain::line::LineState;
use crate::domain::note::Change as NoteChange;
use crate::store::record::What;
use jiff::Timestamp;
use std::time::Duration;

/// A note is taken on the word of an answer no older than this.
const STALE: Duration = Duration::from_secs(60);

impl Desk {
    /// Whether a note taken now is taken during an outage (OUT-17).
    pub(super) fn outage(&self) -> bool {
        matches!(
            self.line.line(),
            LineState::Down { .. } | LineState::Checking { .. }
        )
    }

    /// Something has been answered since the start.
    pub(super) fn line_known(&self) -> bool {
        !matches!(self.line.line(), LineState::Unknown)
    }

    /// Whether too long nothing was answered to say how the line is.
    pub(super) fn line_stale(&self) -> bool {
        self.last_good
            .is_none_or(|at| self.now.mono.saturating_sub(at) > STALE)
    }

    /// Notes that were taken on an old word: the line has been down already.
    pub(super) fn decide_unsure(&mut self) {
        if !self.outage() {
            return;
        }
        let there: Vec<_> = self
            .unsure
            .iter()
            .filter_map(|id| Some((id.clone(), self.book.get(id)?.outline.revision)))
            .collect();
        for (id, revision) in there {
            self.unsure.remove(&id);
            self.desk_wishes(&id, revision, NoteChange::WasOutage, String::new());
        }
    }

    /// What an answer, or its absence, says about the line.
    pub(super) fn weigh(&mut self, result: &Result<Answer, Fault>, took: Duration, probe: bool) {
        if let Err(Fault::Unreachable(cause)) = result {
            self.cause = cause.clone();
        }
        let change = if alive(result) {
            self.last_good = Some(self.now.mono);
            self.unsure.clear();
            self.line.good(self.now, took)
        } else {
            let roll = self.rng.u64(..);
            self.line.bad(self.now, probe, roll)
        };
        self.decide_unsure();
        match change {
            Some(Change::Down) => self.line_changed(),
            Some(Change::Recovered) => {
                self.line_changed();
                self.notices.want();
                self.sync_recovered();
                for token in std::mem::take(&mut self.unsaid) {
                    self.ask_logout("", token);
                }
            }
            None => {}
        }
    }

    fn line_changed(&mut self) {
        self.audit(What::line(self.down_since()));
    }

    /// The store knows of an outage that nobody has seen end. Behind whatever
    /// waited for the store, which may name another beginning.
    pub(super) fn line_kept(&mut self, since: Timestamp) {
        let said = self.down_since();
        match self.line.restore(self.now, since) {
            Some(_) => self.line_changed(),
            None if said.is_some() && said != self.down_since() => self.line_changed(),
            None => {}
        }
    }

    /// Refuses at once what would only wait for the same answer, and looks
    /// whether it is still so.
    pub(super) fn line_refusal(&mut self) -> Option<Failure> {
        if !self.line.closed() {
            return None;
        }
        self.line.probe_now(self.now);
        Some(Failure::Unreachable {
            cause: self.cause.clone(),
            since: self.down_since(),
        })
    }

    /// Sends the probe that is due, and sees which questions are late.
    pub(super) fn watch(&mut self) {
        let slow = self.config.slow_after;
        let late = self
            .calls
            .values()
            .any(|asked| self.now.mono >= asked.at + slow + Duration::from_millis(1));
        if late && self.line.line().usable() {
            self.line.late(self.now);
        }
        let due = self.line.probe_at().is_some_and(|at| at <= self.now.mono);
        if due && self.probe().is_none() {
            self.line.probe_sent();
            self.ask(Call::Probe, Purpose::Probe);
        }
    }

    fn probe(&self) -> Option<CallId> {
        self.calls
            .iter()
            .find(|(_, asked)| matches!(asked.purpose, Purpose::Probe))
            .map(|(call, _)| *call)
    }

    pub(super) fn next_watch(&self) -> Option<Duration> {
        let probe = if self.probe().is_some() {
            None
        } else {
            self.line.probe_at()
        };
        let late = matches!(self.line.line(), LineState::Unknown | LineState::Up { .. })
            .then(|| {
                self.calls
                    .values()
                    .map(|asked| asked.at + self.config.slow_after + Duration::from_millis(1))
                    .min()
            })
            .flatten();
        probe.into_iter().chain(late).min()
    }
}
