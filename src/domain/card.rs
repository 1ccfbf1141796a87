//! Cards on the reader: what kind lies there, what it says of itself without
//! a PIN, and what its holder lets the desk read. No APDU stands here.

pub mod facts;
pub mod four;
pub mod key;
pub mod trouble;

pub use facts::{Certificate, Expiry, Glance, Kind, NO_CERTIFICATE, PROOF, Seen, Validity};
pub use four::{Birth, Flag, Four, Gender, Item};
pub use key::{Face, Key, KeyKind, LEAST_TRIES, is_digits};
pub use trouble::Trouble;

use serde::{Deserialize, Serialize};

/// One stay of one card on the reader. Counted up at every insertion and after
/// everything that could have been a change of cards; what was read under one
/// never counts for another (section 8.6 of the card's description).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Presence(pub u64);
