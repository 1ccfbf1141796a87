//! Keys, commands, and the maps between them.
//!
//! A keymap is a readable file ([`load`]), checked as a whole ([`check`]) and
//! asked in three ways ([`map`]): what does this key mean here, what stands on
//! the function row, what does help print. The row, the help and the messages
//! that name a key come from the map, so they cannot disagree with it.

pub mod check;
pub mod command;
pub mod context;
pub mod key;
pub mod load;
pub mod map;
pub mod print;

pub use context::Context;
pub use load::{KeymapError, NAMES};
pub use map::{Cap, Keymap};

#[cfg(test)]
mod tests;
