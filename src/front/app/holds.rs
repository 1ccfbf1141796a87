//! The notes that are open here to be changed: the desk service is told, and
//! says who else has one open. Which those are is read from the stack, so that
//! no pane can forget to close one.

use super::question::Question;
use super::{App, Effect, Go, Layer, Tone};
use crate::domain::failure::Failure;
use crate::domain::hold::Holder;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::keys::Context;
use crate::front::panes::Pane;
use crate::front::wording;
use crate::front::wording::hold::Anew;
use crate::link::message::{Ticket, ToDesk, ToFront};
use std::collections::{BTreeMap, BTreeSet};

/// How a note stands that is open here.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stand {
    /// The desk service has been asked for it.
    Asked {
        ticket: Ticket,
        why: Why,
        /// Whose it was, as far as is known.
        of: Option<Box<Holder>>,
    },
    Mine,
    /// Somebody else's: here it is only looked at.
    Theirs(Box<Holder>),
    /// Not answered: asked for again after the next login.
    Unknown,
}

/// Why it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It was opened.
    Opened,
    /// A person takes it over.
    Taken,
    /// It may have become free.
    Perhaps,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Keeper(BTreeMap<NoteId, Stand>);

impl Keeper {
    /// Another login: everything is asked for anew.
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    fn asked(&self, ticket: Ticket) -> Option<(NoteId, Why)> {
        self.0.iter().find_map(|(id, stand)| match stand {
            Stand::Asked {
                ticket: asked, why, ..
            } if *asked == ticket => Some((id.clone(), *why)),
            _ => None,
        })
    }

    /// Who else has it; also while the desk service is asked whether that is
    /// still so.
    fn theirs(&self, id: &NoteId) -> Option<&Holder> {
        match self.0.get(id)? {
            Stand::Theirs(by) => Some(by),
            Stand::Asked {
                why: Why::Perhaps,
                of,
                ..
            } => of.as_deref(),
            _ => None,
        }
    }

    /// Whose it was before it is asked for once more.
    fn take_holder(&mut self, id: &NoteId) -> Option<Box<Holder>> {
        match self.0.remove(id)? {
            Stand::Theirs(by) => Some(by),
            Stand::Asked { of, .. } => of,
            Stand::Mine | Stand::Unknown => None,
        }
    }
}

impl App {
    /// After every message: what was opened is asked for, what was closed is
    /// let go.
    pub(super) fn mind_holds(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.known.linked || self.known.staff.is_none() {
            return self.holds.reset();
        }
        let open: BTreeSet<NoteId> = self
            .stack
            .iter()
            .filter_map(|layer| layer.pane.works_on().cloned())
            .collect();
        let closed: Vec<NoteId> = (self.holds.0.keys())
            .filter(|id| !open.contains(*id))
            .cloned()
            .collect();
        for id in closed {
            let stand = self.holds.0.remove(&id);
            if matches!(stand, Some(Stand::Asked { .. } | Stand::Mine)) {
                effects.push(Effect::Send(ToDesk::ReleaseNote { id }));
            }
        }
        for id in open {
            if !self.holds.0.contains_key(&id) {
                self.ask_hold(now, id, Why::Opened, effects);
            }
        }
    }

    fn ask_hold(&mut self, now: Now, id: NoteId, why: Why, effects: &mut Vec<Effect>) {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        let of = self.holds.take_holder(&id);
        let stand = Stand::Asked { ticket, why, of };
        self.holds.0.insert(id.clone(), stand);
        let take = why == Why::Taken;
        let ask = ToDesk::HoldNote { ticket, id, take };
        self.ask(now, vec![Effect::Send(ask)], effects);
    }

    /// What the desk service says of them; before the panes hear it.
    /// Whether it was the answer to a question of this keeper.
    pub(super) fn hold_heard(
        &mut self,
        now: Now,
        message: &ToFront,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let ours = (message.ticket()).is_some_and(|ticket| self.holds.asked(ticket).is_some());
        self.held_said(now, message, effects);
        ours
    }

    fn held_said(&mut self, now: Now, message: &ToFront, effects: &mut Vec<Effect>) {
        match message {
            ToFront::Held { ticket, .. } => {
                let Some((id, why)) = self.holds.asked(*ticket) else {
                    return;
                };
                match why {
                    Why::Opened => {}
                    Why::Taken => {
                        self.say(Tone::Good, wording::hold::taken(&id));
                        self.freed(now, &id, Anew::Taken, effects);
                    }
                    Why::Perhaps => {
                        if !self.freed(now, &id, Anew::Free, effects) {
                            self.say(Tone::Warning, wording::hold::free(&id));
                        }
                    }
                }
                // Pressed while it was theirs, a key decides nothing about it.
                if why != Why::Opened && self.top().works_on() == Some(&id) {
                    self.surprised = Some(now.mono);
                }
                self.holds.0.insert(id, Stand::Mine);
            }
            ToFront::Failed { ticket, failure } => {
                let Some((id, why)) = self.holds.asked(*ticket) else {
                    return;
                };
                let stand = match failure {
                    Failure::HeldBy { by, .. } => {
                        if why != Why::Perhaps {
                            self.surprised = Some(now.mono);
                            self.question(Question::Held(id.clone(), by.clone()));
                        }
                        Stand::Theirs(by.clone())
                    }
                    failure => {
                        if why == Why::Taken {
                            self.say(Tone::Error, failure.to_string());
                        }
                        let of = self.holds.take_holder(&id);
                        of.map_or(Stand::Unknown, Stand::Theirs)
                    }
                };
                self.holds.0.insert(id, stand);
            }
            ToFront::TakenOver { id, by } => self.taken_over(id, by),
            ToFront::LedgerChanged => {
                let ids: Vec<NoteId> = (self.holds.0.iter())
                    .filter(|(_, stand)| matches!(stand, Stand::Theirs(_)))
                    .map(|(id, _)| id.clone())
                    .collect();
                // Nothing is asked for behind a question about it.
                for id in ids {
                    if !self.asks_about(&id) {
                        self.ask_hold(now, id, Why::Perhaps, effects);
                    }
                }
            }
            _ => {}
        }
    }

    /// Every pane that works on it finds out what has become of it. Whether one
    /// says so.
    fn freed(&mut self, now: Now, id: &NoteId, why: Anew, effects: &mut Vec<Effect>) -> bool {
        let mut told = false;
        for at in 0..self.stack.len() {
            if self.stack.get(at).and_then(|layer| layer.pane.works_on()) == Some(id) {
                self.with_layer(at, now, effects, |pane, cx| told |= pane.freed(cx, why));
            }
        }
        told
    }

    /// A change was refused because somebody else has the note open: after the
    /// panes have heard it.
    pub(super) fn refused_for_hold(&mut self, now: Now, message: &ToFront) {
        let ToFront::Failed {
            failure: Failure::HeldBy { id, by },
            ..
        } = message
        else {
            return;
        };
        let here = self.top().works_on() == Some(id);
        if here && self.asking.is_none() {
            let stand = Stand::Theirs(by.clone());
            self.holds.0.insert(id.clone(), stand);
            self.surprised = Some(now.mono);
            self.question(Question::Held(id.clone(), by.clone()));
        }
    }

    /// Who else has the note that the pane on top would change. The rows of
    /// the ledger say so themselves, and can be opened to be read.
    pub(super) fn theirs(&self) -> Option<(&NoteId, &Holder)> {
        let top = self.top();
        let id = top.works_on()?;
        let by = self.holds.theirs(id)?;
        (top.context() != Context::Ledger).then_some((id, by))
    }

    /// The key that would change it: what the desk service would refuse is
    /// not sent. Whether it was one.
    pub(super) fn asks_first(&mut self, now: Now) -> bool {
        let Some((id, by)) = self.theirs() else {
            return false;
        };
        let asked = Question::Held(id.clone(), Box::new(by.clone()));
        self.surprised = Some(now.mono);
        self.question(asked);
        true
    }

    fn taken_over(&mut self, id: &NoteId, by: &Holder) {
        if !self.holds.0.contains_key(id) {
            return;
        }
        let stand = Stand::Theirs(Box::new(by.clone()));
        self.holds.0.insert(id.clone(), stand);
        let typed = self
            .stack
            .iter()
            .any(|layer| layer.pane.corrects() == Some(id) && layer.pane.begun());
        self.say(Tone::Error, wording::hold::lost(id, by, typed));
    }

    fn asks_about(&self, id: &NoteId) -> bool {
        matches!(&self.asking, Some(Question::Held(asked, _)) if asked == id)
    }

    /// はい: from the other person to this one.
    pub(super) fn take_hold(&mut self, now: Now, id: NoteId, effects: &mut Vec<Effect>) {
        self.message = None;
        self.surprised = Some(now.mono);
        if self.holds.0.contains_key(&id) {
            self.ask_hold(now, id, Why::Taken, effects);
        }
    }

    /// いいえ: it is only looked at. A form for changing it has nothing to
    /// show.
    pub(super) fn only_look(
        &mut self,
        now: Now,
        id: &NoteId,
        by: &Holder,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(Pane::Ledger(state)) = self.stack.last_mut().map(|layer| &mut layer.pane) {
            state.only_look(id);
        }
        let top = self.top();
        let empty = matches!(top, Pane::Note(_)) && top.works_on() == Some(id) && !top.begun();
        if empty && self.stack.len() > 1 {
            self.apply(now, Go::Back, effects);
        }
        self.say(Tone::Warning, wording::hold::looking(id, by));
        // It may have become free behind the question.
        let open = |layer: &Layer| layer.pane.works_on() == Some(id);
        if self.holds.theirs(id).is_some() && self.stack.iter().any(open) {
            self.ask_hold(now, id.clone(), Why::Perhaps, effects);
        }
    }
}
