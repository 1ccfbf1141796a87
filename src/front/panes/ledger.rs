//! 控え帳: every note, what became of it and what to do next; after a
//! recovery the list to work off (OUT-16 to 18).
//!
//! Holds a window of the ledger, not the ledger: the desk service has the
//! notes and says when they changed.

mod actions;
mod answers;
mod layout;
#[cfg(test)]
mod tests;
mod window;

use crate::domain::account::Right;
use crate::domain::field::Field;
use crate::domain::note::{Group, Note, NoteId};
use crate::domain::time::Now;
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::Canvas;
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Scroll;
use crate::front::wording;
use crate::link::message::{LedgerRow, SyncState, Ticket};
use crate::text::field::LineField;
use std::collections::BTreeSet;
use window::Window;

/// What is open over the list.
#[derive(Debug, Default)]
enum Mode {
    #[default]
    List,
    /// Why a note is cancelled.
    Reason { which: Which, field: LineField },
    /// Whether it is cancelled.
    Cancelling { which: Which, reason: String },
}

/// A note as it was on the screen when something was asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Which {
    id: NoteId,
    revision: u32,
    name: String,
    /// Who else has the name was born on another day.
    birth: String,
}

impl Which {
    fn of(row: &LedgerRow) -> Self {
        Self {
            id: row.id.clone(),
            revision: row.revision,
            name: row.name.clone(),
            birth: layout::born(row),
        }
    }
}

/// What was asked of the desk service, besides the list itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// To show it, or to go where it leads.
    Open,
    /// To read it again below, because it changed.
    Refresh,
    /// To correct it.
    Edit,
    Retry,
    Cancel,
    /// To work it off.
    Settle,
}

/// The pane.
#[derive(Debug)]
pub struct State {
    window: Window,
    search: LineField,
    mode: Mode,
    /// A reason left with 戻る before it was given, and for which note.
    typed: Option<(NoteId, LineField)>,
    waiting: Option<(Ticket, Waiting)>,
    /// The opened note, shown below the list.
    detail: Option<Box<Note>>,
    /// How far down it is shown.
    scroll: Scroll,
    /// Asked for once more, and not answered yet.
    again: BTreeSet<NoteId>,
    /// Could not be changed, since somebody else has it open; it is asked for
    /// as long as it is chosen.
    wanted: Option<NoteId>,
    /// The note whose name is shown in full.
    revealed: Option<NoteId>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            window: Window::default(),
            search: edit::line(Field::Filter, ""),
            mode: Mode::List,
            typed: None,
            waiting: None,
            detail: None,
            scroll: Scroll::default(),
            again: BTreeSet::new(),
            wanted: None,
            revealed: None,
        }
    }
}

impl State {
    /// The table of the keymap that holds now.
    pub fn context(&self) -> Context {
        match self.mode {
            Mode::List => Context::Ledger,
            Mode::Reason { .. } => Context::Reason,
            Mode::Cancelling { .. } => Context::Ask,
        }
    }

    /// The field that characters go into.
    pub fn field(&self) -> Field {
        match self.mode {
            Mode::List => Field::Filter,
            Mode::Reason { .. } | Mode::Cancelling { .. } => Field::Reason,
        }
    }

    /// The note that is about to be changed from here.
    pub fn works_on(&self) -> Option<&NoteId> {
        match &self.mode {
            Mode::List => self.wanted.as_ref(),
            Mode::Reason { which, .. } | Mode::Cancelling { which, .. } => Some(&which.id),
        }
    }

    /// It stays with whoever has it open: back to the list.
    pub fn only_look(&mut self, id: &NoteId) {
        if self.works_on() == Some(id) {
            self.leave_mode();
            self.wanted = None;
        }
    }

    /// What was typed as the reason waits for the next 取消.
    fn leave_mode(&mut self) {
        self.typed = match std::mem::take(&mut self.mode) {
            Mode::List => return,
            Mode::Reason { which, field } => Some((which.id, field)),
            Mode::Cancelling { which, reason } => {
                Some((which.id, edit::line(Field::Reason, &reason)))
            }
        };
    }

    /// Characters go into the search, or into the reason.
    pub fn typing(&self) -> bool {
        !matches!(self.mode, Mode::Cancelling { .. })
    }

    /// It came to the top: asks for its window.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        self.window.ask(cx);
    }

    /// A key's meaning, a character, a paste.
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match (&mut self.mode, input) {
            (Mode::List, Input::Command(command)) => self.command(cx, command),
            (Mode::List, input) => self.look_for(cx, &input),
            // 戻る loses nothing: 取消 goes on with it.
            (Mode::Reason { which, field }, Input::Command(Command::Back)) => {
                self.typed = Some((which.id.clone(), std::mem::take(field)));
                self.mode = Mode::List;
            }
            (_, Input::Command(Command::Leave)) => {
                self.mode = Mode::List;
                self.scroll = Scroll::default();
            }
            (Mode::Reason { .. }, Input::Command(Command::Submit | Command::Next)) => {
                self.reason_given(cx);
            }
            (Mode::Reason { field, .. }, input) => {
                edit::told(cx, field, Field::Reason, &input);
            }
            (Mode::Cancelling { .. }, Input::Command(Command::Submit)) => self.cancel(cx),
            (Mode::Cancelling { .. }, Input::Command(command)) => {
                self.scrolls(cx, command);
            }
            _ => {}
        }
    }

    fn command(&mut self, cx: &mut Cx<'_>, command: Command) {
        match command {
            Command::Back => cx.go(Go::Back),
            Command::Leave if self.detail.is_some() => self.detail = None,
            Command::Leave if !self.search.is_empty() => {
                self.search.clear();
                self.searched(cx);
            }
            Command::Leave => cx.go(Go::Back),
            Command::Up | Command::Previous => self.move_to(cx, self.window.chosen_at(-1)),
            Command::Down => self.move_to(cx, self.window.chosen_at(1)),
            Command::PageUp | Command::PageDown if self.scrolls(cx, command) => {}
            Command::PageUp => self.move_to(cx, self.window.chosen_at(-window::PAGE)),
            Command::PageDown => self.move_to(cx, self.window.chosen_at(window::PAGE)),
            Command::Home if self.search.is_empty() => self.move_to(cx, 0),
            Command::End if self.search.is_empty() => self.move_to(cx, usize::MAX),
            Command::Filter => {
                self.window.next_choice();
                self.detail = None;
                self.window.ask(cx);
            }
            Command::Submit | Command::Next => self.open(cx, Waiting::Open),
            Command::Edit => self.open(cx, Waiting::Edit),
            Command::Retry => self.retry(cx),
            Command::Cancel => self.begin_cancel(cx),
            Command::Settle => self.settle(cx),
            Command::Sync => Self::sync(cx),
            Command::Reveal => self.reveal(cx),
            other => self.look_for(cx, &Input::Command(other)),
        }
    }

    /// Whether there is more open below the list than is seen; then the page
    /// keys move it.
    fn scrolls(&mut self, cx: &Cx<'_>, command: Command) -> bool {
        let (rows, shown) = layout::opened(self, cx.known, cx.now);
        rows > shown && self.scroll.moved(command, rows, shown)
    }

    /// Shows a note below the list.
    fn unfold(&mut self, note: &Note) {
        if self.detail.as_ref().is_none_or(|open| open.id != note.id) {
            self.scroll = Scroll::default();
        }
        self.detail = Some(Box::new(note.clone()));
    }

    /// The name of the chosen row in full, as long as it is chosen (DOM-45).
    fn reveal(&mut self, cx: &mut Cx<'_>) {
        if !cx.known.hides_names() {
            return cx.say(Tone::Hint, wording::NAMES_SHOWN);
        }
        let chosen = self.window.chosen().map(|row| row.id.clone());
        self.revealed = if self.revealed == chosen {
            None
        } else {
            chosen
        };
    }

    /// What is typed beside the list goes into the search.
    fn look_for(&mut self, cx: &mut Cx<'_>, input: &Input) {
        edit::told(cx, &mut self.search, Field::Filter, input);
        self.searched(cx);
    }

    fn searched(&mut self, cx: &mut Cx<'_>) {
        if self.window.search(self.search.text()) {
            self.detail = None;
            self.window.ask(cx);
        }
    }

    fn move_to(&mut self, cx: &mut Cx<'_>, row: usize) {
        if self.window.choose(row) {
            self.wanted = None;
            self.detail = None;
            self.revealed = None;
            self.window.ask_if_outside(cx);
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        layout::draw(self, known, now, canvas);
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        match &self.mode {
            Mode::Reason { which, .. } => format!(
                "控え {} を取り消すわけを入れ、{{next}}。{{back}} でやめます。",
                which.id
            ),
            Mode::Cancelling { which, .. } => format!(
                "控え {} を取り消しますか（戻せません）。{{submit}} はい、{{leave}} いいえ。",
                which.id
            ),
            Mode::List => {
                let decides = known.staff.is_none() || known.may(Right::Decide);
                let status = known.status.as_ref();
                let waits =
                    status.is_some_and(|s| matches!(s.sync, SyncState::AwaitingConfirm { .. }));
                self.list_hint(decides, waits)
            }
        }
    }

    /// Names no key that whoever is logged in here does not have (`decides`).
    fn list_hint(&self, decides: bool, waits: bool) -> String {
        let Some(row) = self.window.chosen() else {
            let none = self.window.page().is_none_or(|page| page.total == 0);
            let hint = match (self.search.is_empty(), self.window.is_grouped()) {
                _ if none => "{note} で 4情報を控えます。",
                (true, false) => "",
                (true, true) => "{filter} で絞り込みを切り替えます。",
                (false, false) => "{leave} で検索をやめます。",
                (false, true) => "{leave} で検索をやめ、{filter} で絞り込みを切り替えます。",
            };
            return hint.to_owned();
        };
        if let Some(by) = &row.held {
            return wording::hold::chosen(by);
        }
        if let Some(block) = row.block {
            return format!(
                "保留: {}。{{submit}} で次にすることを見ます。",
                block.reason()
            );
        }
        match row.group {
            Group::Open if decides && waits => {
                "{retry} で今すぐ照会、{sync} で一括。訂正は {edit}、取消は {cancel}。".to_owned()
            }
            Group::NeedsPerson | Group::Open | Group::Blocked | Group::Asking if !decides => {
                "{submit} で開き、訂正は {edit}。文字を打つと探せます。".to_owned()
            }
            Group::Resolved if !decides => "{submit} で結果を見ます。".to_owned(),
            Group::NeedsPerson if self.detail.is_none() => {
                "{submit} で開き、訂正は {edit}、もう一度照会は {retry}。".to_owned()
            }
            Group::NeedsPerson => {
                "{edit} で条件を直すと、もう一度照会します。{retry} でそのまま再照会。".to_owned()
            }
            Group::Resolved => "{submit} で結果を見ます。引き継いだら {settle} で完了。".to_owned(),
            Group::Settled | Group::Cancelled => "{submit} で開きます。".to_owned(),
            Group::Open | Group::Blocked | Group::Asking => {
                "{submit} で開き、訂正は {edit}、取消は {cancel}。文字を打つと探せます。".to_owned()
            }
        }
    }
}
