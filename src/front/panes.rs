//! The panes: one module each, with its own state, update and view.
//!
//! Every pane's `State` has:
//! - `opened(&mut self, cx: &mut Cx<'_>)`: it came to the top, at first or
//!   because the panes above it were closed; asks for what it shows;
//! - `input(&mut self, cx: &mut Cx<'_>, input: Input)`: a key's meaning, a
//!   character, a paste. `Back` and `Leave` reach the pane, which ends its
//!   inner mode (an edit, a question) or calls `cx.go(Go::Back)`. The
//!   commands that open other panes never reach it, unless `Pane::claims`
//!   says so;
//! - `hear(&mut self, cx: &mut Cx<'_>, message: &ToFront)`: what the desk
//!   service said (answers to tickets this pane gave out; anything else is
//!   ignored). Every pane hears everything, also below others;
//! - `view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>)`: draws,
//!   and cannot change anything;
//! - `hint(&self, known: &Known) -> String`: the one sentence that says what
//!   to do next, shown while there is no other message;
//! - `typing(&self) -> bool`: whether characters go into a field just now, so
//!   that keys which type something are not taken for commands.

/// Any pane.
#[derive(Debug)]
pub enum Pane {}
