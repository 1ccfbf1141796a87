//! The stand-in for the central system: a pure core with two shells
//! (in-process, and axum over mutual TLS). For demo, training and tests.
//!
//! Not here: anything the desk relies on; no other room imports this one but
//! `cli` and `tape`.

pub mod card;
pub mod certificates;
pub mod codec;
pub mod control;
pub mod core;
pub mod embedded;
pub mod fixtures;
pub mod mangle;
pub mod people;
pub mod seam;
pub mod server;
