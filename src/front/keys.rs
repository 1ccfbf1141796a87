//! Keys, commands, and the maps between them.

pub mod command;
pub mod key;
