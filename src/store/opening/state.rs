//! Sled brought up to the journal: what it lacks is made up for, or all of it
//! is made anew.

use super::{Opened, Reading, STATE, drafts, let_go, newest, without_sled};
use crate::store::cure;
use crate::store::guard::{Sick, guarded};
use crate::store::record::{Record, StoreError};
use crate::store::remark::Remark;
use crate::store::shelf::Place;
use crate::store::view::{Drafts, View};
use crate::store::walk::Walk;

/// Records that go to sled in one step.
const STEP: usize = 256;
/// Records handed to the thread that fills sled, and how often before one is
/// taken: they are whole, and in memory.
const HANDED: usize = 64;
const WAITING: usize = 4;

impl Reading<'_> {
    /// Takes over into sled what it had not yet when the program ended.
    pub(super) fn make_up(
        &mut self,
        opened: &mut Opened,
        walk: Walk,
        seq: u64,
    ) -> Result<(), StoreError> {
        let mut behind = 0;
        let mut new = Vec::new();
        let mut ended = false;
        self.read(opened, walk, 0, &mut |opened, record, place| {
            behind += u64::from(place.seq > seq);
            if let Some(view) = opened.view.as_ref()
                && place.seq > seq
                && record.ends.is_some()
            {
                ended = true;
                view.end_drafts(std::iter::once(&record))?;
            }
            if record.what.is_kept() {
                new.push((record, place));
            }
            let Some(view) = opened.view.as_ref().filter(|_| new.len() >= STEP) else {
                return Ok(());
            };
            view.follow(&std::mem::take(&mut new), &opened.register.summary())
        })?;
        if ended {
            // What cannot be read was named when they were read first.
            opened.drafts = drafts(opened.view.as_ref(), &mut Vec::new());
        }
        if behind > 0 {
            self.remarks.push(Remark::known(format!(
                "前回は途中で終わったようです。記録から {behind} 件を補いました。"
            )));
        }
        if opened.register.cursor.seq == seq && new.is_empty() {
            return Ok(());
        }
        let summary = opened.register.summary();
        let done = opened.view.as_ref().map(|view| view.follow(&new, &summary));
        self.lose(opened, done);
        Ok(())
    }

    /// Makes sled anew from what the journal holds. `lost`: drafts may be gone
    /// with the former one.
    pub(super) fn rebuild(
        &mut self,
        opened: &mut Opened,
        walk: Walk,
        lost: bool,
    ) -> Result<(), StoreError> {
        let fresh = opened.view.as_ref().map(View::is_new);
        let fresh = fresh.transpose().ok().flatten().unwrap_or(false);
        if !fresh && let Some(view) = opened.view.take() {
            let renewed = self.renew(view, &opened.drafts);
            opened.view = renewed
                .map_err(|sick| self.remarks.push(without_sled(self.dir, &sick)))
                .ok();
        }
        let mut records: u64 = 0;
        let mut new = Vec::new();
        let newest = newest(self.dir).ok().flatten();
        let total = newest.map_or(0, |head| head.seq);
        // A kill on the way must not take the word of it.
        let owes = lost && total > 0;
        if let Some(view) = opened.view.as_ref().filter(|_| owes) {
            let done = view.fill(&[]).and_then(|()| view.owe());
            self.lose(opened, Some(done));
        }
        let view = opened.view.take();
        // Sled is filled on a thread of its own while the journal is read.
        let filled = std::thread::scope(|scope| {
            let (hand, take) = std::sync::mpsc::sync_channel::<Vec<(Record, Place)>>(WAITING);
            let filling = scope.spawn(move || {
                let done = match &view {
                    Some(view) => take.iter().try_for_each(|new| view.fill(&new)),
                    None => Ok(()),
                };
                (view, done)
            });
            let read = self.read(opened, walk, total, &mut |_, record, place| {
                records += 1;
                if record.what.is_kept() {
                    new.push((record, place));
                }
                if new.len() >= HANDED {
                    // Nobody takes it any more where sled has failed.
                    let _ = hand.send(std::mem::take(&mut new));
                }
                Ok(())
            });
            drop(hand);
            read.map(|()| filling.join().unwrap_or((None, Ok(()))))
        });
        let (view, done) = filled?;
        opened.view = view;
        self.lose(opened, Some(done));
        if fresh && opened.register.cursor.seq > 0 {
            self.remarks.push(Remark::known(format!(
                "現在の状態を記録 {records} 件から作り直しました。"
            )));
        }
        let summary = opened.register.summary();
        let done = opened.view.as_ref().map(|view| {
            view.follow(&new, &summary)?;
            if owes { view.owe() } else { view.sync() }
        });
        self.lose(opened, done);
        self.relieve(opened);
        Ok(())
    }

    /// Moves a sled that cannot be trusted aside.
    fn renew(&mut self, view: View, drafts: &Drafts) -> Result<View, Sick> {
        let _ = guarded(|| {
            drop(view);
            Ok(())
        });
        let state = self.dir.join(STATE);
        self.remarks
            .push(Remark::known(cure::set_aside(&state, self.now)?));
        let view = View::open(&state, self.seal)?;
        view.keep_all(drafts)?;
        Ok(view)
    }

    /// Opens sled once more: what it has cached of a whole ledger is not
    /// needed, and would stay in memory.
    pub(super) fn relieve(&mut self, opened: &mut Opened) {
        let Some(view) = opened.view.take() else {
            return;
        };
        let_go(view);
        let view = View::open(&self.dir.join(STATE), self.seal).and_then(|view| {
            let settled = std::thread::scope(|scope| scope.spawn(|| view.settle()).join());
            settled.unwrap_or(Err(Sick::Damaged)).map(|()| view)
        });
        match view {
            Ok(view) => opened.view = Some(view),
            Err(sick) => self.remarks.push(without_sled(self.dir, &sick)),
        }
    }

    /// Goes on without sled where it failed.
    fn lose(&mut self, opened: &mut Opened, done: Option<Result<(), Sick>>) {
        if let Some(Err(sick)) = done {
            self.remarks.push(without_sled(self.dir, &sick));
            opened.view = None;
        }
    }
}
