//! The steps of a tape, carried out in virtual time.

use super::{Work, World, desk_config};
use crate::desk::Desk;
use crate::desk::event::Event;
use crate::front::app::{self, Msg};
use crate::front::keys::key::{Code, Key};
use crate::front::plain::Meant;
use crate::link::message::FrontId;
use crate::tape::grid::Grid;
use crate::tape::stage::{Done, Stage, Trouble};
use std::time::Duration;

/// A `Wait` gives up after this much virtual time.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);

impl Stage for World {
    fn key(&mut self, key: Key) -> Done {
        if self.seat().lines.is_none() {
            return self.send(Msg::Key(key));
        }
        match app::meant(&self.seat().app, self.now, key) {
            Meant::Keys(keys) => keys
                .into_iter()
                .try_for_each(|key| self.send(Msg::Key(key))),
            Meant::Chosen => Ok(()),
        }
    }

    fn characters(&mut self, text: &str, _at_once: bool) -> Done {
        for c in text.chars() {
            self.key(Key::plain(Code::Char(c)))?;
        }
        Ok(())
    }

    fn paste(&mut self, text: &str) -> Done {
        self.send(Msg::Paste(text.to_owned()))
    }

    fn sleep(&mut self, time: Duration) -> Done {
        let end = self.now.mono.saturating_add(time);
        while let Some(at) = self.next_moment().filter(|at| *at <= end) {
            self.move_to(at);
            self.settle().map_err(Trouble::Failed)?;
        }
        self.move_to(end);
        self.settle().map_err(Trouble::Failed)
    }

    fn wait(&mut self, right: &mut dyn FnMut(&Grid) -> bool) -> Result<bool, Trouble> {
        let end = self.now.mono + LONGEST_WAIT;
        loop {
            if right(&self.grid()) {
                return Ok(true);
            }
            let Some(at) = self.next_moment().filter(|at| *at <= end) else {
                return Ok(false);
            };
            self.move_to(at);
            self.settle().map_err(Trouble::Failed)?;
        }
    }

    fn screen(&mut self, _right: &mut dyn FnMut(&Grid) -> bool) -> Grid {
        self.grid()
    }

    fn central(&mut self, key: &str, value: &str) -> Done {
        self.core
            .set_text(self.now, key, value)
            .map_err(Trouble::Failed)?;
        self.settle().map_err(Trouble::Failed)
    }

    fn card(&mut self, card: Option<&str>) -> Done {
        let reports = self.reader.put(self.now, card);
        let reports = reports.map_err(|error| Trouble::Failed(error.to_string()))?;
        self.hear(reports);
        self.settle().map_err(Trouble::Failed)
    }

    fn reader(&mut self, plugged: bool) -> Done {
        let reports = self.reader.plug(self.now, plugged);
        self.hear(reports);
        self.settle().map_err(Trouble::Failed)
    }

    fn slow_card(&mut self, delay: Duration) -> Done {
        self.reader.slow(delay);
        Ok(())
    }

    fn restart_desk(&mut self, _kill: bool) -> Done {
        // What had not been answered dies with the process.
        self.due.clear();
        self.work.clear();
        self.desk_wake = None;
        self.desk = Desk::new(desk_config(&self.head, &self.core));
        self.open_store();
        let reports = self.reader.begin(self.now);
        self.hear(reports);
        for seat in &mut self.seats {
            let old = seat.id;
            self.work.push_back(Work::Front(old, Msg::LinkLost));
        }
        self.settle().map_err(Trouble::Failed)?;
        for at in 0..self.seats.len() {
            let id = FrontId(self.next_front);
            self.next_front += 1;
            self.seats[at].id = id;
            self.work
                .push_back(Work::Desk(Event::Attached { front: id }));
            self.work.push_back(Work::Front(id, Msg::LinkBack));
        }
        self.settle().map_err(Trouble::Failed)
    }

    fn drop_line(&mut self) -> Done {
        let seat = self.seats.remove(self.current);
        self.work
            .push_back(Work::Desk(Event::Detached { front: seat.id }));
        self.attach(seat.size).map_err(Trouble::Failed)?;
        if let Some(new) = self.seats.pop() {
            self.seats.insert(self.current, new);
        }
        self.settle().map_err(Trouble::Failed)
    }

    fn resize(&mut self, width: u16, height: u16) -> Done {
        self.send(Msg::Resize { width, height })
    }

    fn terminal(&mut self, number: usize) -> Done {
        while self.seats.len() < number {
            self.attach(self.head.size).map_err(Trouble::Failed)?;
        }
        self.current = number - 1;
        self.settle().map_err(Trouble::Failed)
    }

    /// No card was ever asked for the 個人番号, nor for anything that reveals
    /// it (section 2.6).
    fn end(&mut self) -> Done {
        if let Some(why) = self.astray.take() {
            return Err(Trouble::Failed(why));
        }
        for card in self.reader.cards() {
            if let Some(asked) = card.trips().first() {
                return Err(Trouble::Failed(format!(
                    "カード {} に、触れてはいけないもの（{:?}）を問い合わせました: {:02X} {:02X} {:02X} {:02X}",
                    card.name(),
                    asked.trip,
                    asked.cla,
                    asked.ins,
                    asked.p1,
                    asked.p2
                )));
            }
        }
        Ok(())
    }

    fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
