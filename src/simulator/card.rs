//! The virtual card: a pure state machine that answers APDUs as the
//! マイナンバーカード does (sections 2, 3 and 11 of its description), with
//! invented people, other cards, and everything that can go wrong. In this
//! process it is a [`Chip`](crate::card::chip::Chip); through [`vpcd`] the real
//! reader service sees it.

pub mod asked;
mod certificate;
mod command;
mod contents;
mod file;
pub mod hand;
mod image;
mod interpret;
mod key;
pub mod machine;
pub mod manner;
mod object;
pub mod rack;
mod rows;
#[cfg(test)]
mod tests;
pub mod vpcd;

pub use asked::{App, Asked, Trip};
pub use machine::{Machine, Turn};
pub use manner::{Manner, Removal};
pub use rack::{DEFAULT, Rack};
