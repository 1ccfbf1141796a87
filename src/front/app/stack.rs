//! The stack of panes: opening, closing, and what is kept of a closed form.

use super::question::Question;
use super::{App, Cx, Effect, Go, Layer, Tone};
use crate::domain::account::{Access, Right};
use crate::domain::draft::{self, Draft};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::form::Values;
use crate::domain::note::NoteId;
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::panes::{Pane, Place, ladder, note};
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
    fn hush_closed(&mut self, at: usize) {
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

    /// What was typed on the ladder stays with the pane it came from.
    fn give_back(&mut self) {
        let [.., below, top] = self.stack.as_mut_slice() else {
            return;
        };
        let mut replaces = None;
        let Some(values) = (match &mut top.pane {
            Pane::Declaration(state) => {
                replaces = state.replaced();
                state.give_back()
            }
            Pane::Ladder(state) => {
                let same = |note: &note::State| note.corrects() == state.corrects();
                let to_note = matches!(&below.pane, Pane::Note(note) if same(note));
                state.give_back(to_note)
            }
            _ => None,
        }) else {
            return;
        };
        match &mut below.pane {
            Pane::Ladder(state) => state.receive(&values, replaces),
            Pane::Note(state) => state.receive(&values),
            _ => {}
        }
    }

    /// From the ladder to the note.
    fn hand(
        &mut self,
        now: Now,
        values: &Values,
        replaces: Option<(NoteId, u32)>,
        effects: &mut Vec<Effect>,
    ) {
        let below = self.below_ladder();
        let id = replaces.as_ref().map(|(id, _)| id);
        if let Some(Layer {
            pane: Pane::Note(note),
            ..
        }) = self.stack.get_mut(below - 1)
            && note.corrects() == id
        {
            note.receive(values);
            self.stack.truncate(below);
            return self.opened(now, effects);
        }
        let new = replaces.is_none();
        let mut note = match replaces {
            Some(replaces) => {
                // What was put aside of it is older than what comes here.
                self.shelf.take_correction(&replaces.0);
                note::State::corrected(now.today(), values, replaces)
            }
            None => note::State::from_closed(now.today(), values),
        };
        // What the form below had from a card and still is so.
        let forms = self.stack.iter().take(below).rev();
        if let Some(form) = forms.clone().find_map(|l| l.pane.for_card()) {
            let mut carded = form.carded;
            carded
                .fields
                .retain(|field| values.get(*field) == form.values.get(*field));
            note.carry_marks(&carded);
        }
        let pane = Pane::Note(Box::new(note));
        if new && !self.shelf.notes().is_empty() {
            // Until that is answered, what was typed stands where it was typed.
            for layer in self.stack.iter_mut().skip(below) {
                layer.pane.stay();
            }
            return self.question(Question::PutAside {
                fresh: Box::new(pane),
                handed: true,
            });
        }
        self.stack.truncate(below);
        self.place_on_top(now, pane, effects);
    }

    /// How many layers lie below the ladder's panes.
    fn below_ladder(&self) -> usize {
        let ladder = |layer: &&Layer| matches!(layer.pane, Pane::Ladder(_) | Pane::Declaration(_));
        let above = self.stack.iter().rev().take_while(ladder).count();
        (self.stack.len() - above).max(1)
    }

    /// The ladder's panes go: a note holds what they held.
    pub(super) fn close_ladder(&mut self) {
        self.stack.truncate(self.below_ladder());
    }

    /// The ladder, with what the panes here hold of the patient. One that was
    /// left half-way goes on.
    pub(super) fn climb(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.allowed(Right::Ledger) {
            return self.apply(now, Go::Open(Command::Ladder), effects);
        }
        let mut below = self.stack.iter().rev();
        let Some((mut values, replaces)) = below.find_map(|layer| layer.pane.carry()) else {
            return self.apply(now, Go::Open(Command::Ladder), effects);
        };
        if let Pane::Result(result) = self.top() {
            result.complete(&mut values);
        }
        if let Some(draft) = self.shelf.take(Place::Ladder) {
            let left = Values::new(draft.fields.clone());
            let same = |field| left.get(field) == values.get(field);
            if same(Field::Name) && same(Field::BirthDate) && same(Field::Number) {
                values = left;
            } else {
                self.shelf.put(draft);
            }
        }
        let ladder = ladder::State::of(now.today(), values, replaces);
        self.place_on_top(now, Pane::Ladder(Box::new(ladder)), effects);
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
    fn place_on_top(&mut self, now: Now, mut pane: Pane, effects: &mut Vec<Effect>) {
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

    pub(super) fn open(&mut self, now: Now, command: Command, effects: &mut Vec<Effect>) {
        if command == Command::Help {
            let help = Pane::help(&self.options.keymap, self.top().context());
            self.push(now, help, effects);
            return;
        }
        let Some(kind) = self.known.staff.as_ref().map(|staff| staff.kind) else {
            self.say(Tone::Warning, wording::LOGIN_FIRST);
            return;
        };
        if command == Command::DemoCard {
            if self.known.welcome.as_ref().is_some_and(|w| w.demo) {
                self.push(now, Pane::Cards(Box::default()), effects);
            } else {
                self.say(Tone::Hint, wording::card::NO_DEMO);
            }
            return;
        }
        if command == Command::Menu {
            self.hush_closed(1);
            self.apply(now, Go::Menu, effects);
            return;
        }
        let Some(place) = Place::of(command) else {
            return;
        };
        match self.known.access(place.right()) {
            Access::Allowed => {}
            Access::Refused if self.known.offline.is_some() => {
                self.say(Tone::Error, Failure::OfflineOnly.to_string());
                return;
            }
            Access::Refused => {
                self.refuse_outage(now, command, effects);
                return;
            }
            Access::Hidden => {
                self.say(Tone::Warning, wording::not_for(kind));
                return;
            }
        }
        if place == Place::Outage && !self.function_open(now) {
            self.say_not_open();
            return;
        }
        // A pane that is open already comes to the top as it is: what was
        // typed into it stays.
        if let Some(at) = self
            .stack
            .iter()
            .position(|l| l.pane.place() == Some(place))
        {
            let layer = self.stack.remove(at);
            self.stack.push(layer);
            self.opened(now, effects);
            return;
        }
        if let Some(at) = self
            .aside
            .iter()
            .position(|l| l.pane.place() == Some(place))
        {
            let layer = self.aside.remove(at);
            self.stack.push(layer);
            self.opened(now, effects);
            return;
        }
        let left = (place != Place::Note).then(|| self.shelf.take(place));
        let pane = match left.flatten() {
            Some(draft) => {
                self.say(Tone::Warning, wording::going_on(place));
                Pane::resume(place, &draft, now)
            }
            None => Pane::fresh(place, now),
        };
        self.place_on_top(now, pane, effects);
    }

    /// Why the outage function cannot be opened now.
    fn say_not_open(&mut self) {
        let offered = self.known.welcome.as_ref().is_none_or(|w| w.search);
        let status = self.known.status.as_ref();
        let period = status.and_then(|status| status.period);
        if !offered {
            self.say(Tone::Error, Failure::NoCapability.to_string());
        } else if status.is_some_and(|status| status.period_known) {
            self.say(Tone::Error, Failure::FunctionClosed { period }.to_string());
        } else {
            self.say(Tone::Warning, wording::PERIOD_UNKNOWN);
        }
    }

    /// OUT-5: outside the announced period the menu does not work.
    fn function_open(&self, now: Now) -> bool {
        self.known
            .status
            .as_ref()
            .and_then(|status| status.period)
            .is_some_and(|period| period.contains(now.today()))
    }

    /// OUT-10, OUT-12: refused, with the way out on the screen.
    fn refuse_outage(&mut self, now: Now, command: Command, effects: &mut Vec<Effect>) {
        if command != Command::Outage {
            return;
        }
        self.apply(now, Go::Menu, effects);
        self.with_top(now, effects, |pane, cx| {
            if let Pane::Menu(menu) = pane {
                menu.refuse(cx);
            }
        });
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
