//! The panes: one module each, with its own state, update and view.
//!
//! Every pane's `State` has:
//! - `input(&mut self, cx, input)`: a key's meaning, a character, a paste;
//! - `hear(&mut self, cx, message)`: what the desk service said (answers to
//!   tickets this pane gave out; anything else is ignored);
//! - `view(&self, known, now, canvas)`: draws, and cannot change anything;
//! - `hint(&self, known) -> String`: the one sentence that says what to do
//!   next, shown while there is no other message.

/// Any pane.
#[derive(Debug)]
pub enum Pane {}
