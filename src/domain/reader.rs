//! The card reader as the desk shows it.

use super::card::Glance;
use serde::{Deserialize, Serialize};

/// The card reader, in words a clerk can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderState {
    /// Not looked yet.
    Unknown,
    /// The service that drives readers (pcscd) does not run.
    NoService,
    /// No reader is attached.
    NoReader,
    /// カード待ち.
    Waiting {
        /// The reader's name.
        reader: String,
    },
    /// カードあり.
    CardPresent {
        /// The reader's name.
        reader: String,
        /// What the card says of itself, as far as it has been looked at.
        glance: Option<Glance>,
    },
}
