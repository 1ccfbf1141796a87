//! How wide the terminal draws: it is asked, and its answer taken in time or late.

use super::Front;
use crate::front::app::Msg;
use crate::front::term::probe;
use crate::text::glyphs::Widths;
use std::io;
use std::time::Duration;

impl Front<'_> {
    /// Asks the terminal how wide it draws, behind the first frame. Where that
    /// cannot be asked, it is narrow.
    pub(super) fn ask(&mut self) -> io::Result<()> {
        let asked = self.stuck_since.is_none();
        let Some(row) = self.painter.quiet_row().filter(|_| asked) else {
            let _ = self.update(Msg::Widths(Widths::default()));
            return self.draw();
        };
        let now = self.clock.now().mono;
        let question = self.painter.aside(&probe::question(row));
        if !self.out.put(&question)? {
            self.stuck_since = Some(now);
        }
        self.probe = Some(probe::Probe::of(row, now));
        Ok(())
    }

    /// The terminal has answered, or had its time.
    pub(super) fn answered(&mut self, heard: &mut Vec<Msg>) {
        if let Some(mut probe) = self.probe.take() {
            heard.push(Msg::Widths(probe.widths().unwrap_or_default()));
            self.bytes.feed(self.clock.now().mono, &probe.left(), heard);
            self.late = (!probe.whole()).then_some(probe);
        }
    }

    /// What the terminal says of its cursor, behind the time: the answer, if
    /// it is not too late for that, too.
    pub(super) fn answered_late(&mut self, now: Duration, heard: &mut Vec<Msg>) {
        let reports = self.bytes.reports();
        let _ = self.late.take_if(|probe| probe.over() <= now);
        let Some(probe) = &mut self.late else {
            return;
        };
        for (row, column) in reports {
            probe.told(row, column);
        }
        if !probe.whole() {
            return;
        }
        let widths = probe.widths().unwrap_or_default();
        self.late = None;
        if widths != Widths::default() {
            // Every row may stand elsewhere than was thought.
            self.painter.forget(self.size.0, self.size.1);
            heard.push(Msg::Widths(widths));
        }
    }
}
