//! How a card behaves apart from what it holds: slow, short of breath, lifted
//! in the middle, changed for another.

use super::machine::Machine;
use std::time::Duration;

/// The card leaves the reader. Commands count from 1 at each insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Command n is carried out and not answered.
    During(u32),
    /// Command n is answered, and no later one.
    After(u32),
}

/// How a card behaves.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// What each command takes; the machine does not wait, its shells do.
    pub delay: Duration,
    /// `READ BINARY` gives no more bytes at once than this.
    pub most: Option<u16>,
    /// The first command after each power-up is answered with 6F00.
    pub drowsy: bool,
    /// Extended lengths are understood; 6700 otherwise.
    pub extended: bool,
    /// A warm reset closes what a PIN opened.
    pub forgetful: bool,
    /// A blocked PIN says 6983 instead of 6984.
    pub iso: bool,
    /// `Le` of more than there is gets 6Cxx.
    pub exact: bool,
    /// Answers are to be fetched with GET RESPONSE (61xx).
    pub fetched: bool,
    /// It leaves the reader.
    pub removal: Option<Removal>,
    /// Another card lies there as soon as this one has left.
    pub next: Option<Box<Machine>>,
    /// The other card takes over without one failed command: what a reader
    /// does that hides the change.
    pub unseen: bool,
}
