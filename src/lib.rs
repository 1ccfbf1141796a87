//! madoguchi (窓口): a keyboard-driven reception desk for Japanese
//! health-insurance eligibility checks.
//!
//! ARCHITECTURE.md is the map: which room a line belongs in, who may know
//! whom, and why. `tests/architecture.rs` holds the rooms to it.

pub mod card;
pub mod central;
pub mod cli;
pub mod clock;
pub mod desk;
pub mod domain;
pub mod front;
pub mod link;
pub mod simulator;
pub mod store;
pub mod tape;
pub mod text;
