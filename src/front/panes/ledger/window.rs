//! The part of the ledger that is here, and the chosen note in it.

use crate::domain::note::{Group, NoteId};
use crate::front::app::Cx;
use crate::link::message::{LedgerFilter, LedgerPage, LedgerRow, Ticket, ToDesk};

/// Rows asked for at once: more than the largest screen shows.
const ROWS: usize = 100;
/// Rows a page key moves.
pub(super) const PAGE: isize = 7;

/// A window of rows.
#[derive(Debug, Default)]
pub(super) struct Window {
    group: Option<Group>,
    text: String,
    page: Option<LedgerPage>,
    asked: Option<Ticket>,
    /// The ledger changed, or the wish did, while a window was on its way.
    again: bool,
    chosen: usize,
    chosen_id: Option<NoteId>,
    failed: bool,
}

impl Window {
    pub(super) fn filter(&self) -> LedgerFilter {
        LedgerFilter {
            follow: false,
            groups: self.group.into_iter().collect(),
            text: self.text.clone(),
        }
    }

    pub(super) fn group(&self) -> Option<Group> {
        self.group
    }

    pub(super) fn is_grouped(&self) -> bool {
        self.group.is_some()
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.group.is_some() || !self.text.is_empty()
    }

    pub(super) fn page(&self) -> Option<&LedgerPage> {
        self.page.as_ref()
    }

    /// Whether the window could not be had.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// All, then each group in the order of work, then all again.
    pub(super) fn next_group(&mut self) {
        self.group = match self.group {
            None => Group::ALL.first().copied(),
            Some(group) => Group::ALL
                .iter()
                .skip_while(|g| **g != group)
                .nth(1)
                .copied(),
        };
        self.restart();
    }

    /// Whether the search text is another one now.
    pub(super) fn search(&mut self, text: &str) -> bool {
        let text = text.trim();
        if text == self.text {
            return false;
        }
        text.clone_into(&mut self.text);
        self.restart();
        true
    }

    fn restart(&mut self) {
        self.chosen = 0;
        self.chosen_id = None;
    }

    /// Asks for the window around the chosen row. One question at a time: what
    /// changes meanwhile is asked for when the answer is here.
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>) {
        if self.asked.is_some() {
            self.again = true;
            return;
        }
        let ticket = cx.ticket();
        cx.send(ToDesk::Ledger {
            ticket,
            filter: self.filter(),
            offset: self.chosen.saturating_sub(ROWS / 2),
            limit: ROWS,
        });
        self.asked = Some(ticket);
        self.again = false;
    }

    /// Asks if the chosen row is not in the window.
    pub(super) fn ask_if_outside(&mut self, cx: &mut Cx<'_>) {
        let outside = self.page.as_ref().is_some_and(|page| {
            page.matching > 0
                && (self.chosen < page.offset || self.chosen >= page.offset + page.rows.len())
        });
        if self.again || outside {
            self.ask(cx);
        }
    }

    pub(super) fn waits_for(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// The window could not be had.
    pub(super) fn failed(&mut self) {
        self.asked = None;
        self.again = false;
        self.failed = true;
    }

    /// Takes a window if it is the one asked for; the chosen note stays chosen
    /// wherever it went.
    pub(super) fn take(&mut self, ticket: Ticket, page: &LedgerPage) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        self.failed = false;
        let found = self
            .chosen_id
            .as_ref()
            .and_then(|id| page.rows.iter().position(|row| row.id == *id));
        self.chosen = match found {
            Some(at) => page.offset + at,
            None => self.chosen.min(page.matching.saturating_sub(1)),
        };
        self.page = Some(page.clone());
        self.chosen_id = self.chosen().map(|row| row.id.clone());
        true
    }

    /// The chosen row, if it is here.
    pub(super) fn chosen(&self) -> Option<&LedgerRow> {
        let page = self.page.as_ref()?;
        page.rows.get(self.chosen.checked_sub(page.offset)?)
    }

    /// Where the chosen row is in the window.
    pub(super) fn chosen_in_window(&self) -> usize {
        let offset = self.page.as_ref().map_or(0, |page| page.offset);
        self.chosen.saturating_sub(offset)
    }

    /// The row `by` rows away.
    pub(super) fn chosen_at(&self, by: isize) -> usize {
        self.chosen.saturating_add_signed(by)
    }

    /// Chooses a row, at most the last; whether that is another one.
    pub(super) fn choose(&mut self, row: usize) -> bool {
        let last = self
            .page
            .as_ref()
            .map_or(0, |page| page.matching.saturating_sub(1));
        let row = row.min(last);
        if row == self.chosen {
            return false;
        }
        self.chosen = row;
        self.chosen_id = self.chosen().map(|row| row.id.clone());
        true
    }
}
