//! Working off the notes: which are asked for when, in whose name, and what
//! their answers come to. The rules are `domain::plan`; here is the order.

mod keep;
mod pace;
mod places;
mod send;

use self::pace::Run;
use super::book::Entry;
use super::state::{Again, Asker, Desk};
use crate::central::call::Token;
use crate::domain::account::{Access, Right, access};
use crate::domain::note::{Block, Change, Group, Method, NoteId, Stage, Way};
use crate::domain::plan::World;
use crate::link::message::{FrontId, SyncState, ToFront};
use crate::store::record::What;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    /// Placed under an earlier world, to be looked at after those.
    stale: BTreeSet<NoteId>,
    /// May be asked for, in this order.
    ready: BTreeMap<NoteId, Way>,
    /// Blocked or held under the present world.
    parked: BTreeSet<NoteId>,
    /// What they need has to be written first, and the store is away.
    withheld: BTreeSet<NoteId>,
    /// Waiting for their time (monotonic).
    later: BTreeSet<(Duration, NoteId)>,
    due: BTreeMap<NoteId, Duration>,
    /// Resolved notes by the day of their next look (DOM-91).
    follows: BTreeSet<(Date, NoteId)>,
    follow_day: BTreeMap<NoteId, Date>,
    /// Being asked for, from the wish to ask until the outcome is on disk.
    pub flight: BTreeSet<NoteId>,
    /// 照会中 is on disk, the question has not gone out: so that a place on the
    /// line is taken as soon as it is free, and nothing is ever on the line
    /// that a restart would not know of.
    staged: VecDeque<Staged>,
    /// 照会中 is on its way to the disk.
    staging: BTreeSet<NoteId>,
    /// On the line, each since this moment.
    line: BTreeMap<NoteId, Duration>,
    /// Not before this moment, for the rate of REL-16.
    next_send: Duration,
    /// Not before this moment what blocks notes is written by itself.
    next_kept: Duration,
    /// Failed since the line was last known to be well: an outage does not
    /// count as their tries.
    pub doubtful: BTreeSet<NoteId>,
    world: Option<World>,
    run: Option<Run>,
    /// ユーザID of the person who started it (`sync.confirm` waits for one).
    started: Option<String>,
    /// A person wants these asked for, whether the sync runs or not.
    wanted: BTreeSet<NoteId>,
    /// Who wanted these asked for again, and what came of it is still to come:
    /// ユーザID.
    askers: BTreeMap<NoteId, String>,
    /// Of `flight`, what a person wants although the sync rests: no part of a
    /// run.
    alone: BTreeSet<NoteId>,
    /// A person stopped it on this day.
    stopped: Option<Date>,
    /// No writes before this moment.
    paused: Option<Duration>,
    /// The store was open, as the ledger's rows say it.
    open: bool,
}

/// A question whose 照会中 is on disk.
struct Staged {
    id: NoteId,
    revision: u32,
    way: Way,
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
            card_login: self.staff_token(Right::Lookup, None).is_some() || self.machine_usable(),
            four_login: self.staff_token(Right::OutageSearch, None).is_some(),
            attempts: self.config.sync_attempts,
            fallbacks: self.config.sync_fallbacks,
        }
    }

    /// Someone logged in who may do this: whoever asked for the note, else
    /// whoever started the sync, if they may, so that nobody else is named for
    /// it.
    fn staff_token(&self, right: Right, asker: Option<&str>) -> Option<(String, Token)> {
        let able = || {
            self.fronts
                .values()
                .filter_map(|state| state.session.as_ref())
                .filter(|session| access(session.staff.kind, right) == Access::Allowed)
                .filter_map(|session| Some((session.staff.user.clone(), session.token.clone()?)))
        };
        [asker, self.sync_starter()]
            .into_iter()
            .flatten()
            .find_map(|user| able().find(|(able, _)| able == user))
            .or_else(|| able().next())
    }

    /// Who started the run.
    pub(super) fn sync_starter(&self) -> Option<&str> {
        self.sync.started.as_deref()
    }

    /// Who asked for this one again.
    pub(super) fn sync_asker(&self, id: &NoteId) -> Option<&str> {
        self.sync.askers.get(id).map(String::as_str)
    }

    /// In whose name a note is asked for by a method: a person's, else the
    /// desk's own.
    pub(super) fn token_for(&self, method: Method, id: &NoteId) -> Option<(String, Token)> {
        let asker = self.sync_asker(id);
        match method {
            Method::Four => self.staff_token(Right::OutageSearch, asker),
            Method::Card => self
                .staff_token(Right::Lookup, asker)
                .or_else(|| self.machine_token()),
        }
    }

    pub(super) fn sync_run(&mut self, front: FrontId, run: bool) {
        if let Some(session) = self.session(front) {
            let user = session.staff.user.clone();
            self.audit_at(front, &user, What::Sync { run });
            self.sync.started = run.then_some(user);
        }
        self.sync.stopped = (!run).then(|| self.now.today());
        self.ledger_changed(None);
        if !run {
            self.sync.wanted.clear();
            return;
        }
        // The person may know that it has been opened.
        self.notices.perhaps_open();
        let usable = self.line.line().usable() && self.line_known();
        if usable {
            self.look();
        }
        let closed = |entry: &Entry| entry.block == Some(Block::FunctionClosed);
        if self.world().open == Some(false) && self.book.group(Group::Blocked).any(closed) {
            self.notices.want();
        }
        let first = self.book.group(Group::Blocked).next();
        let block = first.and_then(|entry| entry.block);
        let taken = ToFront::SyncTaken {
            notes: if usable {
                self.sync.left()
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
        self.sync_released();
        for id in std::mem::take(&mut self.sync.doubtful) {
            // Written down, so that a restart does not count them again.
            let tried = self.book.get(&id).and_then(|entry| {
                let waits = matches!(entry.outline.stage, Stage::Waiting { .. });
                (waits && entry.outline.attempts > 0).then_some(entry.outline.revision)
            });
            if let Some(revision) = tried {
                self.desk_wishes(&id, revision, Change::Forgive, String::new());
            }
        }
    }

    /// A stop is for the run that it stopped: it ends with the next login, the
    /// day and the next recovery, so that nothing waits unasked for ever.
    pub(super) fn sync_released(&mut self) {
        if self.sync.stopped.take().is_some() {
            self.ledger_changed(None);
        }
    }

    /// What a person has done has the note asked for again. A note that was
    /// never asked for goes out with the rest, whoever corrected it.
    pub(super) fn asks_again(&self, id: &NoteId, change: &Change) -> Option<Again> {
        match change {
            Change::Retry | Change::Try(_) => Some(Again::Now),
            Change::Edit(_) => {
                let asked = self.book.get(id)?.outline.stage != Stage::Noted;
                (asked || self.sync_asker(id).is_some()).then_some(Again::InTurn)
            }
            _ => None,
        }
    }

    /// A person has asked for this one again.
    pub(super) fn sync_asked(&mut self, id: &NoteId, user: &str, again: Again) {
        self.sync.askers.insert(id.clone(), user.to_owned());
        if again == Again::Now {
            self.sync.wanted.insert(id.clone());
        }
    }

    /// The store is open again.
    pub(super) fn sync_resume(&mut self) {
        self.sync.paused = None;
    }

    /// Whether what the sync does can be written down.
    fn sync_writes(&self) -> bool {
        self.sync.paused.is_none() && self.store_open()
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
        if !through {
            return;
        }
        self.sync.wanted.remove(id);
        self.sync.askers.remove(id);
        if let Some(run) = &mut self.sync.run {
            run.through(id);
        }
    }

    /// Everything of the sync that falls due.
    pub(super) fn sync(&mut self) {
        self.sync_due();
        let runs =
            self.sync_writes() && self.running() && self.line.line().usable() && self.line_known();
        let now = self.now.mono;
        let sync = &mut self.sync;
        let waits = sync.ready.len() + sync.staging.len() + sync.staged.len();
        let on = sync.asked_in_run() > 0 || (runs && waits > 0);
        if let Some(run) = &mut sync.run {
            run.goes(on, now);
        }
    }

    fn sync_due(&mut self) {
        self.ripen();
        if self.sync.stopped.is_some_and(|day| day < self.now.today()) {
            self.sync_released();
        }
        if self.sync.paused.is_some_and(|until| until <= self.now.mono) {
            self.sync.paused = None;
        }
        let usable = self.line.line().usable() && self.line_known();
        let open = self.store_open();
        if std::mem::replace(&mut self.sync.open, open) != open {
            self.ledger_changed(None);
        }
        let writable = self.sync_writes();
        if writable && !(usable && self.running()) {
            self.unstage(usable);
        }
        if !usable {
            if self.sync.flight.is_empty() {
                self.sync.run = None;
            }
            return;
        }
        // Why a note cannot be asked for is known without writing anything.
        self.look();
        if !writable {
            return;
        }
        self.keep_blocks();
        if self.running() || !self.sync.wanted.is_empty() {
            self.stage();
            self.dispatch();
        }
        if self.sync.left() == 0 {
            self.sync.run = None;
            self.sync.started = None;
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
        let usable = self.line.line().usable() && self.line_known();
        // The rest of a look comes with the next step.
        let look = (usable && self.unlooked()).then_some(self.now.mono);
        if self.sync.paused.is_some() {
            return look.into_iter().chain(self.sync.paused).min();
        }
        let usable = usable && self.store_open();
        let later = self.sync.later.first().map(|(due, _)| *due);
        [later, self.next_question(), self.next_kept()]
            .into_iter()
            .flatten()
            .filter(|_| usable)
            .chain(look)
            .chain(self.midnight())
            .min()
    }

    /// The next day may open or close the outage function (OUT-5), or be the
    /// day of a follow-up (DOM-91).
    fn midnight(&self) -> Option<Duration> {
        if self.unclosed() == 0 && self.sync.follows.is_empty() {
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
        let waiting = self.sync.ready.len() + self.sync.fresh.len();
        if !self.line.line().usable() {
            return SyncState::Idle;
        }
        if !self.running() {
            return match (self.sync.asked_in_run(), waiting) {
                (0, 0) => SyncState::Idle,
                (0, notes) => SyncState::AwaitingConfirm { notes },
                (notes, _) => SyncState::Stopping { notes },
            };
        }
        let Some(run) = &self.sync.run else {
            return SyncState::Idle;
        };
        let left = self.sync.left();
        let pace = self.sync.pace(self.now.mono);
        SyncState::Running {
            done: run.done,
            total: run.done + left,
            per_minute: pace.map(|pace| pace.per_minute),
            seconds_left: pace.map(|pace| pace.seconds_left),
        }
    }
}
