//! The desk service: sessions, drafts, notes, the watch for outages, the sync
//! after recovery.
//!
//! [`step`](fn@step) is pure: an event in, actions out. The shell carries the
//! actions out and turns what comes of them into events.

mod answers;
mod audit;
mod book;
mod card;
mod deciding;
mod double;
mod enquiry;
mod entrance;
pub mod event;
mod faults;
mod hold;
mod leaving;
mod ledger;
mod lookups;
mod machine;
mod notes;
mod notices;
mod opening;
mod pace;
pub mod print;
mod rights;
mod sessions;
mod settling;
pub mod shell;
mod spill;
mod staff;
mod state;
mod status;
mod step;
mod sync;
mod transfer;
pub mod verifier;
mod watch;

pub use staff::WorkId;
pub use state::Desk;
pub use step::step;

#[cfg(test)]
mod tests;
