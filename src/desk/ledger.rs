//! Windows of the ledger (控え帳): filter, rows, and what to do next.

use super::book::{Entry, Wait};
use super::state::Desk;
use crate::domain::account::{Access, Right, access};
use crate::domain::note::outline::fold;
use crate::domain::note::{Group, Outline, Stage, Ways};
use crate::domain::plan::{self, Verdict};
use crate::link::message::{FrontId, LedgerFilter, LedgerPage, LedgerRow, Ticket, ToFront};
use jiff::civil::Date;

/// Rows of one window at most, whatever is asked for.
const MOST_ROWS: usize = 500;

impl Desk {
    pub(super) fn show_ledger(
        &mut self,
        front: FrontId,
        ticket: Ticket,
        filter: &LedgerFilter,
        offset: usize,
        limit: usize,
    ) {
        if let Some(failure) = self.store_failure() {
            return self.fail(front, ticket, failure);
        }
        let Some(asker) = self.asker(front, ticket) else {
            return;
        };
        let mut page = Box::new(self.page(filter, offset, limit.min(MOST_ROWS)));
        self.mark_held(&asker.user, &mut page.rows);
        self.audit_listed(asker, filter, ToFront::Page { ticket, page });
    }

    fn page(&mut self, filter: &LedgerFilter, offset: usize, limit: usize) -> LedgerPage {
        let text = fold(&filter.text);
        let wait = self.awaited();
        let today = self.now.today();
        let total = self.book.len();
        let (matching, entries) = self.book.window(&text, filter, offset, limit);
        LedgerPage {
            offset,
            matching,
            total,
            rows: entries
                .into_iter()
                .map(|entry| row(entry, wait, today))
                .collect(),
        }
    }
}

pub(super) fn row(entry: &Entry, wait: Wait, today: Date) -> LedgerRow {
    let outline = &entry.outline;
    LedgerRow {
        id: outline.id.clone(),
        revision: outline.revision,
        taken: outline.taken,
        name: outline.name.to_string(),
        birth_date: outline.birth_date,
        sex: outline.sex,
        follow: outline.follow,
        group: entry.group(),
        state: entry.label(),
        next: entry.next(wait, today),
        block: entry.block.filter(|_| entry.group() == Group::Blocked),
        held: None,
    }
}

impl Desk {
    /// What all notes that are to be asked for wait for.
    pub(super) fn awaited(&self) -> Wait {
        if !self.line.line().usable() {
            Wait::Line
        } else if !self.store_open() {
            Wait::Store
        } else if !self.running() {
            Wait::Start
        } else {
            Wait::Nothing
        }
    }

    /// Everyone who may see the ledger asks for it again, when their turn
    /// comes.
    pub(super) fn ledger_changed(&mut self, but: Option<FrontId>) {
        let fronts: Vec<FrontId> = self
            .fronts
            .iter()
            .filter(|(front, state)| {
                Some(**front) != but
                    && state.session.as_ref().is_some_and(|session| {
                        access(session.staff.kind, Right::Ledger) == Access::Allowed
                    })
            })
            .map(|(front, _)| *front)
            .collect();
        self.untold.extend(fronts);
    }

    /// How many notes are still open in some way.
    pub(super) fn unclosed(&self) -> usize {
        [
            Group::Open,
            Group::Blocked,
            Group::Asking,
            Group::NeedsPerson,
        ]
        .into_iter()
        .map(|group| self.book.count(group))
        .sum()
    }

    /// Why a note cannot be asked for now, and what changes that.
    pub(super) fn not_askable(&self, note: &Outline) -> Option<String> {
        let open = matches!(note.stage, Stage::Noted | Stage::Waiting { .. });
        if !open && note.stage.group() != Group::NeedsPerson {
            return None;
        }
        if !self.line.line().usable() {
            let why = if open {
                "回線の障害中です。復旧すると自動で照会します。"
            } else {
                "回線の障害中です。復旧してから再照会してください。"
            };
            return Some(why.to_owned());
        }
        let again = Outline {
            attempts: 0,
            tried: Ways::default(),
            stage: Stage::Waiting { not_before: None },
            ..note.clone()
        };
        match plan::decide(&again, &self.world()) {
            Verdict::Block(block) => {
                Some(format!("保留中です。次にすること: {}。", block.advice()))
            }
            _ => None,
        }
    }
}
