//! What the desk service says to the ledger: pages of it, a note that was asked
//! for, and what came of asking once more.

use super::{State, Waiting, actions};
use crate::domain::failure::Failure;
use crate::domain::note::{Group, Note, outline};
use crate::front::app::{Cx, Go, Tone};
use crate::front::panes::{Pane, candidates, case, note, result, settling};
use crate::front::wording;
use crate::link::message::{LedgerPage, ToFront};

impl State {
    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if let ToFront::Noted { note, .. } = message {
            self.asked_again(note);
        }
        match message {
            ToFront::LedgerChanged => self.window.ask(cx),
            ToFront::SyncTaken {
                notes: 0,
                blocked,
                advice,
            } => cx.say(Tone::Hint, wording::nothing_to_sync(*blocked, advice)),
            ToFront::Page { ticket, page } => {
                if self.window.take(*ticket, page) {
                    self.window.ask_if_outside(cx);
                    self.refresh_detail(cx);
                    self.tell_again(cx, page);
                }
            }
            ToFront::Failed { ticket, failure } if self.window.waits_for(*ticket) => {
                self.window.failed();
                cx.say(Tone::Error, failure.to_string());
            }
            _ => self.hear_answer(cx, message),
        }
    }

    fn hear_answer(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let waiting = match self.waiting {
            Some((ticket, waiting)) if message.ticket() == Some(ticket) => waiting,
            _ => {
                // A note of the pane below, kept after this one was opened:
                // the front end that changes the ledger is not told so.
                if matches!(message, ToFront::Noted { .. }) {
                    self.window.ask(cx);
                }
                return;
            }
        };
        self.waiting = None;
        match message {
            ToFront::Noted { note, .. } => self.noted(cx, note, waiting),
            ToFront::Failed { failure, .. } => {
                if let Failure::HeldBy { id, .. } = failure {
                    self.wanted = Some(id.clone());
                }
                cx.say(Tone::Error, failure.to_string());
                self.window.ask(cx);
            }
            _ => {}
        }
    }

    fn noted(&mut self, cx: &mut Cx<'_>, note: &Note, waiting: Waiting) {
        self.wanted = None;
        if waiting == Waiting::Cancel {
            self.typed = None;
        }
        if matches!(waiting, Waiting::Open | Waiting::Settle) {
            self.window.working(&note.id);
        }
        match waiting {
            Waiting::Open => self.show(cx, note),
            Waiting::Refresh => self.unfold(note),
            // Resolved meanwhile: nothing is typed in vain.
            Waiting::Edit if note.state.closed() => {
                cx.say(Tone::Warning, actions::uncorrectable(note.state.group()));
                self.window.ask(cx);
            }
            Waiting::Edit => {
                cx.go(Go::Push(Pane::Note(Box::new(note::State::edit(note)))));
            }
            Waiting::Retry => {
                let (tone, text) = actions::asked_again(cx.known.status.as_ref(), note);
                cx.say(tone, text);
                self.window.ask(cx);
            }
            Waiting::Cancel => {
                cx.say(Tone::Good, format!("控え {} を取り消しました。", note.id));
                self.window.ask(cx);
            }
            Waiting::Settle => {
                if let Some(pane) = settling::State::new(note) {
                    cx.go(Go::Push(Pane::Settling(Box::new(pane))));
                } else {
                    let text = format!("控え {}: {}", note.id, note.state.label());
                    cx.say(Tone::Warning, text);
                    self.window.ask(cx);
                }
            }
        }
    }

    /// An opened note leads to its answer or its candidates, else it is shown
    /// below the list with what happened to it.
    fn show(&mut self, cx: &mut Cx<'_>, note: &Note) {
        if let Some(result) = result::State::of_note(note) {
            cx.go(Go::Push(Pane::Result(Box::new(result))));
        } else if let Some(choice) = candidates::State::for_note(note) {
            cx.go(Go::Push(Pane::Candidates(Box::new(choice))));
        } else if let Some(case) = case::State::new(note) {
            cx.go(Go::Push(Pane::Case(Box::new(case))));
        } else {
            self.unfold(note);
        }
    }

    /// A note that waited for a person is asked for once more: here, or in
    /// the pane above.
    fn asked_again(&mut self, note: &Note) {
        let rows = self.window.page().map_or(&[][..], |page| &page.rows);
        let waited = rows
            .iter()
            .any(|row| row.id == note.id && row.group == Group::NeedsPerson);
        if waited && matches!(note.state.group(), Group::Open | Group::Asking) {
            self.again.insert(note.id.clone());
        }
    }

    /// What came of it: the row may look as it did before.
    fn tell_again(&mut self, cx: &mut Cx<'_>, page: &LedgerPage) {
        for row in &page.rows {
            let answered = matches!(row.group, Group::NeedsPerson | Group::Resolved);
            if answered && self.again.remove(&row.id) && !cx.shows_error() {
                let tone = if row.state == outline::VALID {
                    Tone::Good
                } else {
                    Tone::Warning
                };
                let text = format!("控え {}: もう一度照会しました。{}", row.id, row.state);
                cx.say(tone, text);
            }
        }
    }

    /// The opened note changed: read it again.
    fn refresh_detail(&mut self, cx: &mut Cx<'_>) {
        let Some(detail) = &self.detail else { return };
        match self.window.chosen() {
            Some(row) if row.id == detail.id => {
                let same = row.revision == detail.revision && row.state == detail.state.label();
                if !same && self.waiting.is_none() {
                    self.ask_note(cx, detail.id.clone(), Waiting::Refresh);
                }
            }
            _ => self.detail = None,
        }
    }
}
