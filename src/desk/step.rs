//! One event in, actions out: who handles what, and what falls due.

use super::audit::act;
use super::entrance::inspect;
use super::event::{Action, Event, WriteId};
use super::rights::{Needs, from_keys, needs, refused};
use super::spill::Kept;
use super::state::{Desk, Front, Store, Writing};
use crate::domain::failure::Failure;
use crate::domain::note::Change;
use crate::domain::settling::Item;
use crate::domain::time::Now;
use crate::link::message::{FrontId, ToDesk, ToFront};
use crate::store::record::{Loaded, Progress, StoreError, What};
use std::time::Duration;

/// How often the progress of an opening is told.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);

/// Questions of one front end that may wait for their answers.
const MOST_OPEN: usize = 64;

/// Carries `desk` over one event. Pure but for the random numbers, whose seed
/// is in the settings.
pub fn step(desk: &mut Desk, now: Now, event: Event) -> Vec<Action> {
    desk.now = now;
    // A key that comes after the time is too late.
    desk.log_off_idle();
    match event {
        Event::Attached { front } => {
            desk.fronts.insert(front, Front::default());
        }
        Event::Detached { front } => desk.hung_up(front),
        Event::Said { front, message } => desk.said(front, message),
        Event::Answered { call, result } => desk.answered(call, result),
        Event::Opened(result) => desk.opened(result),
        Event::Progress(progress) => desk.opening_goes_on(progress),
        Event::Written { write, result } => desk.written(write, result),
        Event::Spilled { write } => desk.kept(write, Ok(Kept::Spill)),
        Event::Spill(news) => desk.spill_news(news),
        Event::FileSaved { write, result } => desk.file_saved(write, result),
        Event::Verified { work, fits } => desk.verified(work, fits),
        Event::Hashed { work, verifier } => desk.hashed(work, verifier),
        Event::Remark(remark) => desk.notices.remark(now.wall, vec![remark]),
        Event::Card(report) => desk.card_said(report),
        Event::Woke => desk.wake = None,
        Event::Stopping => desk.audit(What::Stopped),
    }
    desk.fall_due();
    desk.tell_able();
    desk.broadcast();
    desk.set_wake();
    std::mem::take(&mut desk.out)
}

impl Desk {
    fn said(&mut self, front: FrontId, message: ToDesk) {
        let Some(state) = self.fronts.get_mut(&front) else {
            return;
        };
        if !state.welcome && !matches!(message, ToDesk::Hello { .. }) {
            self.out.push(Action::Close { front });
            return;
        }
        if let Some(ticket) = message.ticket() {
            // A ticket is given out once; its answer is under way.
            if state.open.contains_key(&ticket) {
                return;
            }
            state.open.insert(ticket, act(&message));
            if state.open.len() > MOST_OPEN {
                return self.fail(front, ticket, Failure::Busy);
            }
        }
        self.weighed(front, message);
    }

    /// Whether the person may say this, and in this form.
    fn weighed(&mut self, front: FrontId, mut message: ToDesk) {
        let refusal = match (needs(&message), self.session(front)) {
            (Needs::Nothing, _) | (Needs::Login, Some(_)) => None,
            (_, None) => Some(Failure::NotLoggedIn),
            (Needs::Right(right), Some(session)) => refused(session, right),
        };
        if from_keys(&message) {
            self.touch(front, 0);
        }
        let problems = inspect(&mut message);
        let refusal = refusal
            .or_else(|| (!problems.is_empty()).then_some(Failure::Input { problems }))
            .or_else(|| self.held_elsewhere(front, &message));
        if let Some(failure) = refusal {
            if let Some(ticket) = message.ticket() {
                self.fail(front, ticket, failure);
            } else if let Some(act) = act(&message) {
                self.audit_refused(front, act, &failure);
            }
            return;
        }
        if matches!(self.store, Store::Opening) && waits_for_store(&message) {
            self.held.push((front, message));
            return;
        }
        self.heard(front, message);
    }

    fn heard(&mut self, front: FrontId, message: ToDesk) {
        match message {
            ToDesk::Hello { version, origin } => self.hello(front, version, origin),
            ToDesk::Login {
                ticket,
                user,
                password,
                force,
            } => self.login(front, ticket, &user, password, force),
            ToDesk::Logout => self.logout(front),
            ToDesk::Active { ago_ms } => self.touch(front, ago_ms),
            ToDesk::Draft(draft) => self.keep_draft(front, Some(draft)),
            ToDesk::DropDraft => self.keep_draft(front, None),
            ToDesk::Lookup { ticket, query } => self.lookup(front, ticket, query),
            ToDesk::Search { ticket, query } => self.search(front, ticket, query),
            ToDesk::Choose {
                ticket,
                key,
                check_date,
                read_back,
            } => self.choose(front, ticket, key, check_date, read_back),
            ToDesk::Register {
                ticket,
                insurance,
                reference,
            } => self.register(front, ticket, insurance, reference),
            ToDesk::Download { ticket, answer } => self.download(front, ticket, answer),
            ToDesk::Notices { ticket } => self.show_notices(front, ticket),
            ToDesk::NoticeRead { id } => self.notice_read(front, id),
            ToDesk::ProbeNow => self.line.probe_now(self.now),
            ToDesk::DemoOutage { on } => self.demo_outage(on),
            ToDesk::DemoCard { card } => self.demo_card(card),
            ToDesk::DropCard => self.drop_card(front),
            ToDesk::Card { ticket, serial } => self.show_card(front, ticket, serial),
            ToDesk::ReadCard {
                ticket,
                presence,
                key,
                confirmed,
            } => self.read_card(front, ticket, presence, key, confirmed),
            ToDesk::ProveCard {
                ticket,
                presence,
                pin,
                confirmed,
            } => self.prove_card(front, ticket, presence, pin, confirmed),
            ToDesk::CardNotes {
                ticket,
                presence,
                name,
                birth_date,
            } => self.card_notes(front, ticket, presence, &name, birth_date),
            ToDesk::SaveNote {
                ticket,
                content,
                replaces,
                trial,
                card,
            } => self.save_note(front, ticket, content, (replaces, trial), card),
            ToDesk::CancelNote {
                ticket,
                id,
                revision,
                reason,
            } => self.change_note(front, ticket, &id, revision, Change::Cancel { reason }),
            ToDesk::RetryNote {
                ticket,
                id,
                revision,
            } => self.change_note(front, ticket, &id, revision, Change::Retry),
            ToDesk::SettleNote {
                ticket,
                id,
                revision,
                leaving,
            } => self.settle_note(front, ticket, &id, revision, leaving),
            ToDesk::NoteStep {
                ticket,
                id,
                revision,
                step,
            } => self.note_step(front, ticket, &id, revision, step),
            ToDesk::AbsentNote {
                ticket,
                id,
                revision,
            } => self.absent_note(front, ticket, &id, revision),
            ToDesk::FollowNote {
                ticket,
                id,
                revision,
                day,
                reason,
            } => self.follow_note(front, ticket, &id, revision, day, &reason),
            ToDesk::ResolveNote {
                ticket,
                id,
                revision,
                key,
                read_back,
            } => self.resolve_note(front, ticket, id, revision, key, read_back),
            ToDesk::Export { ticket, after } => self.export(front, ticket, after.as_ref()),
            ToDesk::Import { ticket, notes } => self.import(front, ticket, notes),
            ToDesk::Print {
                ticket,
                what,
                format,
            } => self.print(front, ticket, &what, format),
            ToDesk::Opening { ticket } => self.show_opening(front, ticket),
            ToDesk::TickOpening {
                ticket,
                round,
                stage,
                on,
            } => self.tick_opening(front, ticket, round, stage, on),
            ToDesk::NewOpening { ticket, round } => self.renew_opening(front, ticket, round),
            ToDesk::OpenNote { ticket, id } => self.open_note(front, ticket, id),
            ToDesk::HoldNote { ticket, id, take } => self.hold_note(front, ticket, id, take),
            ToDesk::ReleaseNote { id } => self.release_note(front, &id),
            ToDesk::Ledger {
                ticket,
                filter,
                offset,
                limit,
            } => self.show_ledger(front, ticket, &filter, offset, limit),
            ToDesk::Sync { run } => self.sync_run(front, run),
            ToDesk::Locks { ticket } => self.show_locks(front, ticket),
            ToDesk::Unlock { ticket, user } => self.unlock(front, ticket, &user),
            ToDesk::Audit { ticket, done } => self.audit_used(front, ticket, done),
            ToDesk::Journal { ticket, stretches } => self.journal_told(front, ticket, &stretches),
        }
    }

    /// Said at most a few times a second: each time wakes every screen.
    fn opening_goes_on(&mut self, progress: Progress) {
        let due = |(_, last): &(Progress, Duration)| self.now.mono >= *last + PROGRESS_EVERY;
        if matches!(self.store, Store::Opening) && self.progress.as_ref().is_none_or(due) {
            self.progress = Some((progress, self.now.mono));
        }
    }

    fn opened(&mut self, result: Result<Loaded, StoreError>) {
        match result {
            Ok(loaded) => {
                self.store = Store::Open { trouble: None };
                for (user, draft) in loaded.drafts {
                    self.drafts.entry(user).or_insert(draft);
                }
                self.enroll(loaded.staff);
                self.card_key(loaded.card_key);
                if let Some(opening) = loaded.opening {
                    self.opening.restore(opening);
                }
                self.notices.restore(loaded.losses);
                self.notices.remark(self.now.wall, loaded.remarks);
                self.sync_resume();
                let first = !std::mem::replace(&mut self.started, true);
                if first {
                    let version = env!("CARGO_PKG_VERSION").to_owned();
                    self.audit(What::Started { version });
                }
                for outline in &loaded.outlines {
                    self.spill.seen(&outline.id);
                }
                self.book.fill(&loaded.outlines, loaded.shelf);
                let waiting: Vec<_> = loaded.waiting.iter().map(|n| n.id.clone()).collect();
                for note in loaded.waiting {
                    self.book.put(note);
                }
                for id in &loaded.given {
                    self.book.reserve(id);
                }
                for id in loaded.outlines.iter().map(|o| &o.id).chain(&waiting) {
                    self.reconsider(id);
                }
                let mut held = std::mem::take(&mut self.held_writes);
                self.out.append(&mut held);
                if let Some(since) = loaded.outage.filter(|_| first) {
                    self.line_kept(since);
                }
            }
            Err(error) => {
                self.store = Store::Failed(error.to_string());
                let mut held = std::mem::take(&mut self.held_writes);
                if self.spill.usable() {
                    self.out.append(&mut held);
                }
                for action in held {
                    if let Action::Write { write, .. } = action {
                        self.written(write, Err(error.clone()));
                    }
                }
            }
        }
        for (front, message) in std::mem::take(&mut self.held) {
            self.weighed(front, message);
        }
    }

    fn written(&mut self, write: WriteId, result: Result<(), StoreError>) {
        if let Store::Open { trouble } = &mut self.store {
            *trouble = result.as_ref().err().map(ToString::to_string);
        }
        self.kept(write, result.map(|()| Kept::Ledger));
    }

    /// A record lies somewhere, or nowhere.
    pub(super) fn kept(&mut self, write: WriteId, result: Result<Kept, StoreError>) {
        match self.writes.remove(&write) {
            Some(Writing::Note { note, asker, then }) => {
                self.note_written(*note, asker, then, result);
            }
            Some(Writing::Staff(told)) => self.credential_written(told),
            Some(Writing::Told { asker, message }) => {
                self.audit_written(&asker, message, result.map(drop));
            }
            Some(Writing::Import(note)) => {
                self.import_written(note.map(|note| *note), result.map(drop));
            }
            Some(Writing::Opening { opening, asker }) => {
                self.opening_written(*opening, asker, result.map(drop));
            }
            Some(Writing::Loss(due)) => self.loss_written(due, result.is_ok()),
            Some(Writing::Audit | Writing::File { .. } | Writing::Paper { .. }) | None => {}
        }
    }

    fn file_saved(&mut self, write: WriteId, result: Result<String, String>) {
        let (asker, numbers, note) = match self.writes.remove(&write) {
            Some(Writing::File {
                asker,
                numbers,
                note,
            }) => (asker, numbers, note),
            Some(Writing::Paper { asker, kind }) => return self.printed(asker, kind, result),
            _ => return,
        };
        match result {
            Ok(path) => {
                let file = path.rsplit(['/', '\\']).next().unwrap_or(&path).to_owned();
                if let Some((id, revision)) = note {
                    self.audit_at(asker.front, &asker.user, What::Downloaded { file, numbers });
                    return self.step_done(asker, &id, revision, Item::File, path);
                }
                let ticket = asker.ticket;
                let saved = ToFront::Saved { ticket, path };
                self.audit_then(asker, What::Downloaded { file, numbers }, saved);
            }
            Err(what) => self.reply_failed(&asker, Failure::File { what }),
        }
    }

    fn demo_outage(&mut self, on: bool) {
        if self.config.demo {
            self.out.push(Action::DemoOutage { on });
            self.line.probe_now(self.now);
        }
    }

    /// Whatever is due at this moment.
    fn fall_due(&mut self) {
        self.log_off_idle();
        self.let_arrive();
        self.holds_lapse();
        self.watch();
        self.refresh_notices();
        self.sync();
        self.follow_opening();
        self.keep_losses();
        self.end_waiting();
    }

    fn set_wake(&mut self) {
        let next = [
            self.next_idle(),
            self.next_arriving(),
            self.next_lapse(),
            self.next_watch(),
            self.next_notices(),
            self.next_sync(),
            self.next_told(),
            self.next_machine(),
            self.next_card(),
            self.next_able(),
        ]
        .into_iter()
        .flatten()
        .min();
        if next != self.wake {
            self.wake = next;
            self.out.push(Action::WakeAt(next));
        }
    }
}

/// Messages that mean nothing before the store is open. A login waits too: it
/// hands back the person's draft.
fn waits_for_store(message: &ToDesk) -> bool {
    matches!(
        message,
        ToDesk::Login { .. }
            | ToDesk::SaveNote { .. }
            | ToDesk::CancelNote { .. }
            | ToDesk::ResolveNote { .. }
            | ToDesk::AbsentNote { .. }
            | ToDesk::FollowNote { .. }
            | ToDesk::RetryNote { .. }
            | ToDesk::SettleNote { .. }
            | ToDesk::NoteStep { .. }
            | ToDesk::Ledger { .. }
            | ToDesk::CardNotes { .. }
            | ToDesk::OpenNote { .. }
            | ToDesk::HoldNote { .. }
            | ToDesk::Export { .. }
            | ToDesk::Import { .. }
            | ToDesk::Opening { .. }
            | ToDesk::TickOpening { .. }
            | ToDesk::NewOpening { .. }
            | ToDesk::Audit { .. }
            | ToDesk::Journal { .. }
    )
}
