//! The terminal front end. Holds no truth: what is typed is kept by the desk
//! service as a draft.
//!
//! [`app::update`] is pure: a message in, effects out. Drawing reads the state
//! and cannot change it. Only `term` knows the real terminal.

pub mod app;
pub mod canvas;
pub mod chrome;
pub mod edit;
pub mod form;
pub mod keys;
pub mod panes;
pub mod plain;
pub mod run;
pub mod sheet;
pub mod term;
#[cfg(test)]
pub(crate) mod trial;
pub mod wording;
