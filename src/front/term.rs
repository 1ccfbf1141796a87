//! The real terminal: the only room that names crossterm.
//!
//! Not here: what a key means or what is on the screen. Keys go out as
//! [`crate::front::app::Msg`], screens come in as a buffer.

pub mod bytes;
pub mod input;
#[cfg(debug_assertions)]
pub mod meant;
pub mod modes;
pub mod output;
pub mod paint;
pub mod probe;
mod sgr;
#[cfg(debug_assertions)]
pub mod trip;
pub mod watch;
