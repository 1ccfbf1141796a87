//! Working off the notes: which are asked for when, in whose name, and what
//! their answers come to. The rules are `domain::plan`; here is the order.

use super::state::{Asker, Desk};
use crate::central::call::Token;
use crate::domain::account::{Access, Right, access};
use crate::domain::note::{Change, Group, Method, NoteId, Stage, Way};
use crate::domain::plan::{self, LONGEST_WAIT, World};
use crate::link::message::{FrontId, SyncState, ToFront};
use crate::store::record::What;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// After a failed write, notes are left alone for this long.
const STORE_PAUSE: Duration = Duration::from_secs(30);

/// A change that somebody wants.
pub(super) struct Wish {
    pub revision: u32,
    pub change: Change,
    pub by: String,
    pub asker: Option<Asker>,
    /// The note's question is over when this has come to rest.
    pub lands: bool,
}

/// Where every open note stands.
#[derive(Default)]
pub(super) struct Sync {
    /// To be looked at under the present world.
    fresh: BTreeSet<NoteId>,
    /// May be asked for, in this order.
    ready: BTreeMap<NoteId, Way>,
    /// Blocked or held under the present world.
    parked: BTreeSet<NoteId>,
    /// Waiting for their time (monotonic).
    later: BTreeSet<(Duration, NoteId)>,
    due: BTreeMap<NoteId, Duration>,
    /// Being asked for, until the outcome is on disk.
    pub flight: BTreeSet<NoteId>,
    /// Failed since the line was last known to be well: an outage does not
    /// count as their tries.
    pub doubtful: BTreeSet<NoteId>,
    world: Option<World>,
    run: Option<Run>,
    /// A person started it (`sync.confirm`).
    confirmed: bool,
    /// A person stopped it.
    stopped: bool,
    /// No writes before this moment.
    paused: Option<Duration>,
}

/// One run, for the state line.
struct Run {
    began: Duration,
    done: usize,
}

impl Desk {
    pub(super) fn world(&self) -> World {
        let today = self.now.today();
        // Without a login nobody hears that it opens: not known, so that the
        // ledger asks for the login and not for patience.
        let open = self
            .notices
            .open(today, self.now.mono, self.config.capabilities.notices)
            .filter(|open| *open || self.any_token().is_some());
        World {
            today,
            open,
            lookup: self.config.capabilities.lookup,
            search: self.config.capabilities.search,
            card_login: self.staff_token(Right::Lookup).is_some() || self.machine_usable(),
            four_login: self.staff_token(Right::OutageSearch).is_some(),
            attempts: self.config.sync_attempts,
            fallbacks: self.config.sync_fallbacks,
        }
    }

    /// Someone logged in who may do this.
    fn staff_token(&self, right: Right) -> Option<(String, Token)> {
        self.fronts
            .values()
            .filter_map(|state| state.session.as_ref())
            .filter(|session| access(session.staff.kind, right) == Access::Allowed)
            .find_map(|session| Some((session.staff.user.clone(), session.token.clone()?)))
    }

    /// In whose name a method is asked: a person's, else the desk's own.
    pub(super) fn token_for(&self, method: Method) -> Option<(String, Token)> {
        match method {
            Method::Four => self.staff_token(Right::OutageSearch),
            Method::Card => self
                .staff_token(Right::Lookup)
                .or_else(|| self.machine_token()),
        }
    }

    pub(super) fn sync_run(&mut self, front: FrontId, run: bool) {
        if let Some(session) = self.session(front) {
            let user = session.staff.user.clone();
            self.audit_at(front, &user, What::Sync { run });
        }
        self.sync.confirmed = run;
        self.sync.stopped = !run;
        if !run {
            return;
        }
        let usable = self.line.line().usable() && self.line_known();
        if usable && self.store_open() {
            self.look();
        }
        let first = self.book.group(Group::Blocked).next();
        let block = first.and_then(|entry| entry.block);
        let taken = ToFront::SyncTaken {
            notes: if usable {
                self.sync.ready.len() + self.sync.flight.len() + self.sync.later.len()
            } else {
                self.book.count(Group::Open)
            },
            blocked: self.book.count(Group::Blocked),
            advice: block.map_or_else(String::new, |block| block.advice().to_owned()),
        };
        self.tell(front, taken);
    }

    /// The line is back: what failed meanwhile is forgiven and asked again.
    pub(super) fn sync_recovered(&mut self) {
        self.sync.stopped = false;
        for id in std::mem::take(&mut self.sync.doubtful) {
            if let Some(entry) = self.book.get(&id)
                && matches!(entry.outline.stage, Stage::Waiting { .. })
            {
                self.book.forgive(&id);
                self.set_due(&id, None);
                self.sync.fresh.insert(id);
            }
        }
    }

    /// The store is open again.
    pub(super) fn sync_resume(&mut self) {
        self.sync.paused = None;
    }

    /// The disk does not take notes: they are left alone for a while.
    pub(super) fn sync_pause(&mut self) {
        self.sync.paused = Some(self.now.mono + STORE_PAUSE);
    }

    /// The outcome of a question is on disk.
    pub(super) fn sync_landed(&mut self, id: &NoteId) {
        let through = self.book.get(id).is_some_and(|entry| {
            let group = entry.outline.stage.group();
            matches!(group, Group::Resolved | Group::NeedsPerson)
        });
        if let Some(run) = &mut self.sync.run
            && through
        {
            run.done += 1;
        }
    }

    /// Finds a note its place after a change.
    pub(super) fn reconsider(&mut self, id: &NoteId) {
        self.sync.ready.remove(id);
        self.sync.parked.remove(id);
        let Some(entry) = self.book.get(id) else {
            return;
        };
        let due = match entry.outline.stage {
            Stage::Waiting {
                not_before: Some(at),
            } => {
                let left = at.duration_since(self.now.wall);
                let left = Duration::try_from(left).unwrap_or_default();
                Some(self.now.mono + left.min(LONGEST_WAIT)).filter(|due| *due > self.now.mono)
            }
            _ => None,
        };
        let open = !entry.unreadable
            && matches!(
                entry.outline.stage,
                Stage::Noted | Stage::Waiting { .. } | Stage::Asking { .. }
            );
        self.set_due(id, due);
        if open && due.is_none() {
            self.sync.fresh.insert(id.clone());
        } else {
            self.sync.fresh.remove(id);
        }
    }

    fn set_due(&mut self, id: &NoteId, due: Option<Duration>) {
        if let Some(old) = self.sync.due.remove(id) {
            self.sync.later.remove(&(old, id.clone()));
        }
        if let Some(due) = due {
            self.sync.due.insert(id.clone(), due);
            self.sync.later.insert((due, id.clone()));
        }
    }

    /// Everything of the sync that falls due.
    pub(super) fn sync(&mut self) {
        while let Some((due, id)) = self.sync.later.first().cloned()
            && due <= self.now.mono
        {
            self.set_due(&id, None);
            self.sync.fresh.insert(id);
        }
        if self.sync.paused.is_some_and(|until| until <= self.now.mono) {
            self.sync.paused = None;
        }
        let usable = self.line.line().usable() && self.line_known();
        if !usable || self.sync.paused.is_some() || !self.store_open() {
            if !usable && self.sync.flight.is_empty() {
                self.sync.run = None;
            }
            return;
        }
        self.look();
        self.send();
        let idle =
            self.sync.flight.is_empty() && self.sync.ready.is_empty() && self.sync.later.is_empty();
        if idle {
            self.sync.run = None;
            self.sync.confirmed = false;
        }
    }

    /// Looks at what is fresh, and at everything when the world has changed.
    fn look(&mut self) {
        let world = self.world();
        if self.sync.world.as_ref() != Some(&world) {
            let ready = std::mem::take(&mut self.sync.ready);
            self.sync.fresh.extend(ready.into_keys());
            let mut parked = std::mem::take(&mut self.sync.parked);
            self.sync.fresh.append(&mut parked);
            self.sync.world = Some(world.clone());
        }
        if self.sync.fresh.is_empty() {
            return;
        }
        let fresh = std::mem::take(&mut self.sync.fresh);
        let mut lost = Vec::new();
        let mut notes = Vec::new();
        for id in &fresh {
            let Some(entry) = self.book.get(id) else {
                continue;
            };
            // A change on its way, or an old question: looked at afterwards.
            if entry.writing || entry.unreadable || self.sync.flight.contains(id) {
                continue;
            }
            if matches!(entry.outline.stage, Stage::Asking { .. }) {
                lost.push((id.clone(), entry.outline.revision));
            } else {
                notes.push(&*entry.outline);
            }
        }
        let plan = plan::plan(notes, &world);
        let mut changed = false;
        for operation in plan.operations {
            changed |= self.book.block(&operation.id, None);
            self.sync.ready.insert(operation.id, operation.way);
        }
        for (id, block) in plan.blocks {
            changed |= self.book.block(&id, Some(block));
            self.sync.parked.insert(id);
        }
        for id in plan.held {
            changed |= self.book.block(&id, None);
            self.sync.parked.insert(id);
        }
        for (id, revision) in plan.exhausted {
            self.desk_wishes(&id, revision, Change::GiveUp, String::new());
        }
        for (id, revision) in lost {
            self.desk_wishes(&id, revision, Change::Requeue, String::new());
        }
        if changed {
            self.ledger_changed(None);
        }
    }

    /// Asks for as many as may be on their way at once.
    fn send(&mut self) {
        if self.sync.stopped || (self.config.sync_confirm && !self.sync.confirmed) {
            return;
        }
        let slots = self.config.sync_at_once.max(1);
        while self.sync.flight.len() < slots {
            let Some((id, way)) = self
                .sync
                .ready
                .iter()
                .next()
                .map(|(id, way)| (id.clone(), *way))
            else {
                return;
            };
            let Some((by, _)) = self.token_for(way.method()) else {
                // Only the desk's own account can still be on its way in.
                self.machine_wanted();
                return;
            };
            self.sync.ready.remove(&id);
            let Some(revision) = self.book.get(&id).map(|entry| entry.outline.revision) else {
                continue;
            };
            if self.sync.run.is_none() {
                let began = self.now.mono;
                self.sync.run = Some(Run { began, done: 0 });
            }
            self.sync.flight.insert(id.clone());
            self.desk_wishes(&id, revision, Change::Ask(way), by);
        }
    }

    pub(super) fn desk_wishes(&mut self, id: &NoteId, revision: u32, change: Change, by: String) {
        let wish = Wish {
            revision,
            lands: matches!(change, Change::Answer { .. } | Change::Ask(_)),
            change,
            by,
            asker: None,
        };
        self.wish(id, wish);
    }

    /// When the sync next has something to do by itself.
    pub(super) fn next_sync(&self) -> Option<Duration> {
        if self.sync.paused.is_some() {
            return self.sync.paused;
        }
        let usable = self.line.line().usable() && self.store_open();
        let later = self.sync.later.first().map(|(due, _)| *due);
        later
            .filter(|_| usable)
            .into_iter()
            .chain(self.midnight())
            .min()
    }

    /// The next day may open or close the outage function (OUT-5).
    fn midnight(&self) -> Option<Duration> {
        if self.unclosed() == 0 {
            return None;
        }
        let tomorrow = self.now.today().tomorrow().ok()?;
        let at = jiff::tz::offset(9)
            .to_timestamp(tomorrow.to_datetime(jiff::civil::Time::midnight()))
            .ok()?;
        let left = Duration::try_from(at.duration_since(self.now.wall)).ok()?;
        Some(self.now.mono + left)
    }

    pub(super) fn sync_state(&self) -> SyncState {
        let waiting = self.sync.ready.len();
        let held_back = self.sync.stopped || (self.config.sync_confirm && !self.sync.confirmed);
        if !self.line.line().usable() {
            return SyncState::Idle;
        }
        if held_back && waiting > 0 && self.sync.flight.is_empty() {
            return SyncState::AwaitingConfirm { notes: waiting };
        }
        let Some(run) = &self.sync.run else {
            return SyncState::Idle;
        };
        let left = waiting + self.sync.flight.len() + self.sync.later.len();
        let took = self.now.mono.saturating_sub(run.began).as_secs_f64();
        #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let seconds_left =
            (run.done > 0).then(|| (took * left as f64 / run.done as f64).ceil() as u64);
        #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let per_minute =
            (took > 0.0 && run.done > 0).then(|| (run.done as f64 * 60.0 / took).round() as u64);
        SyncState::Running {
            done: run.done,
            total: run.done + left,
            per_minute,
            seconds_left,
        }
    }
}
