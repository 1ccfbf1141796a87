//! Which questions go out when: as many at once as the setting allows, people
//! at the desk before notes, no faster than the site may (REL-16).
//!
//! 照会中 is on disk before a question is on the line. So that the line does
//! not wait for the disk, it is written for a few notes more than are asked
//! for; those wait, staged, for a free place.

use super::{Desk, Staged};
use crate::desk::state::Purpose;
use crate::domain::note::{Change, NoteId, Stage, Way};
use std::time::Duration;

impl Desk {
    /// Whether notes may be asked for, as far as people are concerned.
    pub(in crate::desk) fn running(&self) -> bool {
        self.sync.stopped.is_none() && (!self.config.sync_confirm || self.sync.started.is_some())
    }

    fn at_once(&self) -> usize {
        self.config.sync_at_once.max(1)
    }

    /// Writes 照会中 for the next notes.
    pub(super) fn stage(&mut self) {
        // As many again as are on the line: more would only have to be put
        // back when the line fails.
        let most = 2 * self.at_once();
        while self.sync.staging.len() + self.sync.staged.len() + self.sync.line.len() < most {
            let Some((id, way)) = self.next_ready() else {
                return;
            };
            let Some((by, _)) = self.token_for(way.method(), &id) else {
                // Only the desk's own account can still be on its way in.
                self.machine_wanted();
                return;
            };
            self.sync.ready.remove(&id);
            let Some(revision) = self.book.get(&id).map(|entry| entry.outline.revision) else {
                continue;
            };
            if self.running() {
                self.sync.run.get_or_insert_default();
            } else {
                self.sync.alone.insert(id.clone());
            }
            self.sync.flight.insert(id.clone());
            self.sync.staging.insert(id.clone());
            self.desk_wishes(&id, revision, Change::Ask(way), by);
        }
    }

    /// Which is asked for next: while the sync rests, only what a person wants
    /// asked for.
    fn next_ready(&self) -> Option<(NoteId, Way)> {
        let ready = &self.sync.ready;
        let next = if self.running() {
            ready.first_key_value()
        } else {
            let mut wanted = self.sync.wanted.iter();
            wanted.find_map(|id| ready.get_key_value(id))
        };
        next.map(|(id, way)| (id.clone(), *way))
    }

    /// 照会中 is on disk.
    pub(in crate::desk) fn asking_written(&mut self, id: &NoteId, revision: u32, way: Way) {
        self.sync.staging.remove(id);
        self.sync.staged.push_back(Staged {
            id: id.clone(),
            revision,
            way,
        });
    }

    /// 照会中 could not be written, or was not allowed.
    pub(in crate::desk) fn asking_failed(&mut self, id: &NoteId) {
        self.sync.staging.remove(id);
        self.done_with(id);
    }

    /// Nothing is under way for it any more.
    pub(in crate::desk) fn done_with(&mut self, id: &NoteId) {
        self.sync.flight.remove(id);
        self.sync.alone.remove(id);
        self.book.sent(id, false);
    }

    /// Its question goes out.
    pub(in crate::desk) fn on_the_line(&mut self, id: &NoteId) {
        self.sync.line.insert(id.clone(), self.now.mono);
        if self.book.sent(id, true) {
            self.ledger_changed(None);
        }
    }

    /// The question is no longer on the line.
    pub(in crate::desk) fn off_the_line(&mut self, id: &NoteId) {
        let Some(since) = self.sync.line.remove(id) else {
            return;
        };
        let took = self.now.mono.saturating_sub(since);
        if let Some(run) = &mut self.sync.run
            && !self.sync.alone.contains(id)
        {
            run.travelled(id, took);
        }
    }

    /// Sends what is staged, as far as there is room on the line.
    pub(super) fn dispatch(&mut self) {
        // Who stands at the desk goes first (REL-16).
        let people = self
            .calls
            .values()
            .filter(|asked| {
                matches!(
                    asked.purpose,
                    Purpose::Lookup { .. }
                        | Purpose::Search { .. }
                        | Purpose::Choose { .. }
                        | Purpose::Confirm { .. }
                )
            })
            .count();
        let places = self.at_once().saturating_sub(people).max(1);
        while self.sync.line.len() < places && self.sync.next_send <= self.now.mono {
            let Some(Staged { id, revision, way }) = self.sync.staged.pop_front() else {
                return;
            };
            let present = self.book.get(&id).is_some_and(|entry| {
                entry.outline.revision == revision && entry.outline.stage == Stage::Asking { way }
            });
            if !present {
                // Edited or cancelled meanwhile.
                self.done_with(&id);
                self.reconsider(&id);
                continue;
            }
            if let Some(per_second) = std::num::NonZeroU32::new(self.config.sync_per_second) {
                self.sync.next_send = self.now.mono + Duration::from_secs(1) / per_second.get();
            }
            self.on_the_line(&id);
            if !self.ask_for_note(&id, revision, way) {
                // Logged off meanwhile.
                self.sync.line.remove(&id);
                self.done_with(&id);
                self.desk_wishes(&id, revision, Change::PutBack, String::new());
            }
        }
    }

    /// Puts back what has not gone out: the line failed, or a person stopped
    /// the sync.
    pub(super) fn unstage(&mut self, usable: bool) {
        let staged = std::mem::take(&mut self.sync.staged);
        let keep = |one: &Staged| usable && self.sync.wanted.contains(&one.id);
        let (kept, back): (Vec<_>, Vec<_>) = staged.into_iter().partition(keep);
        self.sync.staged = kept.into();
        for Staged { id, revision, .. } in back {
            self.done_with(&id);
            self.desk_wishes(&id, revision, Change::PutBack, String::new());
        }
    }

    /// When the next question may go out, if one waits for its time only.
    pub(super) fn next_question(&self) -> Option<Duration> {
        let waits = !self.sync.staged.is_empty() && self.sync.line.len() < self.at_once();
        waits
            .then_some(self.sync.next_send)
            .filter(|at| *at > self.now.mono)
    }
}
