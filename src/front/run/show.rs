//! What the person gets to see: a frame drawn, or lines told.

use super::Front;
use crate::front::app;
use std::io;

impl Front<'_> {
    /// The lines that tell what changed.
    pub(super) fn tell(&mut self) -> io::Result<()> {
        let now = self.clock.now();
        let Some(told) = &mut self.plain else {
            return Ok(());
        };
        let text = told.tell(app::outline(&self.app, now));
        self.put(text.as_bytes())
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let now = self.clock.now().mono;
        self.pace.drawn(now);
        if !bytes.is_empty() && !self.out.put(bytes)? {
            self.stuck_since = Some(now);
        }
        Ok(())
    }

    pub(super) fn draw(&mut self) -> io::Result<()> {
        if self.plain.is_some() {
            return self.tell();
        }
        let now = self.clock.now();
        let cursor = app::draw(&self.app, now, self.painter.canvas());
        #[cfg(debug_assertions)]
        crate::front::term::meant::write(self.painter.meant());
        let frame = self.painter.finish(cursor);
        self.pace.drawn(now.mono);
        let written = if self.prefix.is_empty() {
            if frame.is_empty() {
                return Ok(());
            }
            self.out.put(frame)?
        } else {
            let whole = [self.prefix, frame].concat();
            self.prefix = &[];
            self.out.put(&whole)?
        };
        if !written {
            self.stuck_since = Some(now.mono);
        }
        Ok(())
    }
}
