//! What a key or a choice opens: whether it may be, and what stands there already.

use super::{App, Effect, Go, Tone};
use crate::domain::account::Access;
use crate::domain::failure::Failure;
use crate::domain::time::Now;
use crate::front::keys::command::Command;
use crate::front::panes::{Pane, Place};
use crate::front::wording;

impl App {
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
}
