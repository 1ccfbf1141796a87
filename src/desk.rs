//! The desk service: sessions, drafts, notes, the watch for outages, the sync
//! after recovery.
//!
//! [`step`](fn@step) is pure: an event in, actions out. The shell carries the
//! actions out and turns what comes of them into events.

pub mod event;
