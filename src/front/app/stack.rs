//! The stack of panes: opening, closing, and what is kept of a closed form.

use super::question::Question;
use super::{App, Cx, Effect, Go, Layer, Tone};
use crate::domain::account::Right;
use crate::domain::draft::{self, Draft};
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::panes::Pane;
use crate::front::wording;

impl App {
    /// The pane on top. There always is one.
    pub(super) fn top(&self) -> &Pane {
        &self.stack[self.stack.len() - 1].pane
    }

    /// Lets the top pane do something, and goes where it wants to.
    pub(super) fn with_top(
        &mut self,
        now: Now,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Pane, &mut Cx<'_>),
    ) {
        let at = self.stack.len() - 1;
        let before = self.message.clone();
        if let Some(go) = self.with_layer(at, now, effects, act) {
            if matches!(go, Go::Back | Go::Menu) && self.message == before {
                self.hush_closed(if matches!(go, Go::Menu) { 1 } else { at });
            }
            self.apply(now, go, effects);
        }
    }

    /// An error that was said by a pane from the layer `at` on goes with it:
    /// below it is about nothing that can be seen.
    pub(super) fn hush_closed(&mut self, at: usize) {
        let closed = self.voiced.take_if(|(by, _)| *by >= at.max(1));
        if let Some((_, said)) = closed {
            self.message
                .take_if(|(tone, text)| *tone == Tone::Error && *text == said);
        }
    }

    /// Lets one pane do something; returns where it wants to go. Questions
    /// are written down as open, or answered at once while the desk service
    /// is away.
    pub(super) fn with_layer(
        &mut self,
        at: usize,
        now: Now,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Pane, &mut Cx<'_>),
    ) -> Option<Go> {
        let mut go = None;
        let mut asked = Vec::new();
        let mut cx = Cx {
            now,
            known: &self.known,
            next_ticket: &mut self.next_ticket,
            effects: &mut asked,
            go: &mut go,
            message: &mut self.message,
        };
        let before = cx.message.clone();
        act(&mut self.stack[at].pane, &mut cx);
        if let Some((Tone::Error, said)) = cx.message.as_ref()
            && before.is_none_or(|(_, before)| before != *said)
        {
            self.voiced = Some((at, said.clone()));
        }
        self.ask(now, asked, effects);
        go
    }

    /// Goes where a pane or a key wanted.
    pub(super) fn apply(&mut self, now: Now, go: Go, effects: &mut Vec<Effect>) {
        match go {
            Go::Push(pane) => self.place_on_top(now, pane, effects),
            Go::Replace(pane) => {
                self.close_top(now);
                self.push(now, pane, effects);
            }
            Go::Back => {
                if self.stack.len() > 1 {
                    self.give_back();
                    self.close_top(now);
                    self.opened(now, effects);
                }
            }
            Go::Menu => {
                while self.stack.len() > 1 {
                    self.close_top(now);
                }
                self.opened(now, effects);
            }
            Go::NextPatient => self.next_patient(now, effects),
            Go::Open(Command::Logout) => self.question(Question::Logout),
            Go::Open(Command::DemoOutage) => self.demo_outage(effects),
            Go::Open(command) => self.open(now, command, effects),
            Go::Finished => {
                let closed = self.stack.pop();
                if self.stack.is_empty() {
                    self.reset_to_menu();
                }
                if closed.is_some_and(|layer| layer.pane.took_over()) {
                    self.with_top(now, effects, Pane::finished_above);
                }
                self.opened(now, effects);
            }
            Go::Hand { values, replaces } => self.hand(now, &values, replaces, effects),
            Go::TakeOver(from) => self.take_over(now, &from, effects),
            Go::CardInto(place) => self.card_into(now, place, effects),
            Go::Relogin(command) => {
                self.after_login = Some(command);
                self.log_out(effects);
            }
        }
    }

    fn next_patient(&mut self, now: Now, effects: &mut Vec<Effect>) {
        while self.stack.len() > 1 && !self.top().is_form() {
            self.close_top(now);
        }
        if self.top().is_form() {
            self.with_top(now, effects, Pane::next_patient);
        }
        self.opened(now, effects);
    }

    pub(super) fn push(&mut self, now: Now, pane: Pane, effects: &mut Vec<Effect>) {
        self.stack.push(Layer::new(pane));
        self.opened(now, effects);
    }

    /// What a pane opens. A correction goes on where it was left, and a note
    /// that takes over a form does not hide one that was put aside.
    pub(super) fn place_on_top(&mut self, now: Now, mut pane: Pane, effects: &mut Vec<Effect>) {
        if let Some(id) = pane.corrects().cloned() {
            if let Some(at) = self
                .stack
                .iter()
                .position(|layer| layer.pane.corrects() == Some(&id))
            {
                let layer = self.stack.remove(at);
                self.stack.push(layer);
                self.say(Tone::Warning, wording::CORRECTION_GOES_ON);
                self.opened(now, effects);
                return;
            }
            if let (Pane::Note(note), Some(draft)) = (&mut pane, self.shelf.take_correction(&id)) {
                let same = note.go_on(&draft);
                let said = if same {
                    wording::CORRECTION_GOES_ON
                } else {
                    wording::CORRECTED_MEANWHILE
                };
                self.say(Tone::Warning, said);
            }
        } else if matches!(pane, Pane::Note(_)) && !self.shelf.notes().is_empty() {
            self.question(Question::PutAside {
                fresh: Box::new(pane),
                handed: false,
            });
            return;
        }
        self.push(now, pane, effects);
    }

    fn close_top(&mut self, now: Now) {
        let Some(layer) = self.stack.pop() else {
            return;
        };
        if layer.pane.asking() {
            self.aside.push(layer);
        } else if let Some(draft) = layer.pane.draft()
            && layer.pane.begun()
        {
            self.shelf.put_at(draft, Some(now.wall));
        }
    }

    /// The pane now on top is told, and goes where it wanted while it was
    /// below.
    pub(super) fn opened(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.lay_card_over(now);
        self.with_top(now, effects, Pane::opened);
        let at = self.stack.len() - 1;
        if let Some(said) = self.stack[at].said.take() {
            self.message = Some(said);
        }
        if let Some(go) = self.stack[at].held.take() {
            self.apply(now, go, effects);
        }
    }

    /// What is being typed: in the topmost form, else in one put aside.
    pub(super) fn current_draft(&self) -> Option<Draft> {
        let layers = self.stack.iter().rev().chain(self.aside.iter().rev());
        let mut all = layers
            .filter_map(|layer| Some((layer.pane.draft()?, layer.pane.begun())))
            .chain(self.shelf.all().map(|draft| (draft.clone(), true)));
        let (mut first, _) = all.next()?;
        let begun = all.filter_map(|(draft, begun)| begun.then_some(draft));
        first.others = begun.take(draft::MOST).collect();
        Some(first)
    }

    /// The menu and nothing else, for whoever is logged in now.
    pub(super) fn reset_to_menu(&mut self) {
        self.stack.clear();
        self.stack.push(Layer::new(Pane::Menu(Box::default())));
        self.aside.clear();
        self.shelf.clear();
    }

    pub(super) fn allowed(&self, right: Right) -> bool {
        self.known.may(right)
    }
}
