//! Scenarios: events in, actions out, with a virtual clock and a scripted
//! central system.

mod able;
mod asked;
mod asker;
mod audit;
mod card;
mod entrance;
mod foreign;
mod hold;
mod kept;
mod leaving;
mod lock;
mod losses;
mod order;
mod outage;
mod pace;
mod papers;
mod people;
mod questions;
mod rig;
mod rights;
mod rules;
mod script;
mod staff;
mod sync;
mod trouble;
mod ways;
mod worklist;
