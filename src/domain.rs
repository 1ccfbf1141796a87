//! What is true: people, insurance, dates, numbers, accounts and rights,
//! notes and their states, the plan after recovery.
//!
//! No I/O, no clock, no async: every function here is a function of its
//! arguments. Knows only [`crate::text`].

pub mod account;
pub mod age;
pub mod breaker;
pub mod card;
pub mod caution;
pub mod declaration;
pub mod draft;
pub mod entitlement;
pub mod entry;
pub mod era;
pub mod evidence;
pub mod failure;
pub mod field;
pub mod form;
pub mod hold;
pub mod insurance;
pub mod labels;
pub mod likeness;
pub mod line;
pub mod name;
pub mod narrow;
pub mod note;
pub mod notice;
pub mod number;
pub mod opening;
pub mod outcome;
pub mod paper;
pub mod person;
pub mod place;
pub mod plan;
pub mod proposal;
pub mod readback;
pub mod reader;
pub mod secret;
pub mod settling;
pub mod spill;
pub mod staff;
pub mod time;
