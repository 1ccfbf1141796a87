//! The part of the ledger that is here, and the chosen note in it.

use crate::domain::note::{Group, NoteId};
use crate::front::app::Cx;
use crate::link::message::{LedgerFilter, LedgerPage, LedgerRow, Ticket, ToDesk};

/// Rows asked for at once: more than the largest screen shows.
const ROWS: usize = 100;
/// Whose turn is a person's.
const TURN: [Group; 2] = [Group::NeedsPerson, Group::Resolved];
/// Rows a page key moves.
pub(super) const PAGE: isize = 7;

/// Which notes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Choice {
    /// すべて.
    #[default]
    All,
    /// What a person has to do: 要確認 and 解決.
    Turn,
    /// One group.
    Of(Group),
    /// Those that are looked up again on a day (DOM-91).
    Follow,
}

impl Choice {
    fn all() -> impl Iterator<Item = Self> {
        [Self::All, Self::Turn]
            .into_iter()
            .chain(Group::ALL.into_iter().map(Self::Of))
            .chain([Self::Follow])
    }

    /// The words of 絞り込み.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::All => "すべて",
            Self::Turn => "自分の番",
            Self::Of(group) => group.label(),
            Self::Follow => "再照会の予定",
        }
    }
}

/// A window of rows.
#[derive(Debug, Default)]
pub(super) struct Window {
    choice: Choice,
    text: String,
    page: Option<LedgerPage>,
    asked: Option<Ticket>,
    /// The ledger changed, or the wish did, while a window was on its way.
    again: bool,
    chosen: usize,
    chosen_id: Option<NoteId>,
    /// A note that is being worked off: once it is settled, the next one to
    /// work off is chosen.
    working: Option<NoteId>,
    failed: bool,
}

impl Window {
    pub(super) fn filter(&self) -> LedgerFilter {
        LedgerFilter {
            follow: self.choice == Choice::Follow,
            groups: match self.choice {
                Choice::All | Choice::Follow => Vec::new(),
                Choice::Turn => TURN.to_vec(),
                Choice::Of(group) => vec![group],
            },
            text: self.text.clone(),
        }
    }

    pub(super) fn choice(&self) -> Choice {
        self.choice
    }

    pub(super) fn is_grouped(&self) -> bool {
        self.choice != Choice::All
    }

    pub(super) fn page(&self) -> Option<&LedgerPage> {
        self.page.as_ref()
    }

    /// Whether the window could not be had.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// All, what is a person's turn, then each group in the order of work, then
    /// what is looked up again.
    pub(super) fn next_choice(&mut self) {
        let now = self.choice;
        self.choice = Choice::all()
            .skip_while(|choice| *choice != now)
            .nth(1)
            .unwrap_or_default();
        self.restart();
    }

    /// A note is worked off above this pane.
    pub(super) fn working(&mut self, id: &NoteId) {
        self.working = Some(id.clone());
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
        self.go_on();
        self.chosen_id = self.chosen().map(|row| row.id.clone());
        true
    }

    /// The note that was worked off is settled: on to the next one that is a
    /// person's turn, below it or else from the top.
    fn go_on(&mut self) {
        let Some(page) = &self.page else { return };
        let at = self.chosen.saturating_sub(page.offset);
        let settled = page.rows.get(at).is_some_and(|row| {
            row.group == Group::Settled && self.working.as_ref() == Some(&row.id)
        });
        if !settled {
            return;
        }
        self.working = None;
        let rows = page.rows.iter().enumerate();
        let turn = |(n, row): (usize, &LedgerRow)| TURN.contains(&row.group).then_some(n);
        let next =
            (rows.clone().skip(at + 1).find_map(turn)).or_else(|| rows.clone().find_map(turn));
        if let Some(next) = next {
            self.chosen = page.offset + next;
        }
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
