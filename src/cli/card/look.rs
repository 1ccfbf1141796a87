//! What lies on the reader, asked of the reader itself: without a PIN, and
//! with the same decisions as the desk service.

use super::away;
use crate::card;
use crate::card::job::Report;
use crate::cli::Fail;
use crate::cli::client::Client;
use crate::cli::settings::Settings;
use crate::clock::Clock;
use crate::domain::card::{Seen, Trouble};
use crate::domain::reader::ReaderState;
use crate::link::{reason, socket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Longer than the reader's thread takes to call a card slow.
const LONGEST: Duration = Duration::from_secs(15);

/// Another program lets go of the card within this, or is at work.
const HINDERED: Duration = Duration::from_secs(4);

/// The desk service answers within this, or is not asked.
const DESK: Duration = Duration::from_secs(2);

/// What lies there.
#[derive(Debug)]
pub enum Lies {
    /// No card.
    Nothing,
    /// A card.
    Seen {
        /// The reader.
        reader: String,
        /// What it says.
        seen: Box<Seen>,
    },
    /// A card that could not be looked at.
    Unread {
        /// The reader.
        reader: String,
        /// Why.
        trouble: Trouble,
        /// It is the desk service that has it.
        desk: bool,
    },
}

/// Asks the desk's reader, as `preferred` names it.
pub fn ask(preferred: Option<String>, clock: Clock) -> Result<Lies, Fail> {
    let (said, heard) = channel();
    let listener = Box::new(move |report| {
        let _ = said.send(report);
    });
    let hand =
        card::start(listener, preferred, Arc::new(move || clock.now())).map_err(|error| {
            Fail::unreachable(format!("読取機を調べられません（{}）。", reason(&error)))
        })?;
    let lies = wait(&heard);
    // Powers the card down.
    drop(hand);
    lies
}

/// Whether it is the desk service itself that has the card of `reader`, and no
/// other program: it says so, as it sees a card there that nobody keeps from it.
pub fn is_with_desk(settings: &Settings, reader: &str) -> bool {
    let said = || {
        let end = socket::connect(&settings.places.data).ok()?;
        let mut client = Client::greet(end, DESK).ok()?;
        let status = client.wait_for(|status| status.reader != ReaderState::Unknown);
        Some(status.ok()?.reader)
    };
    match said() {
        Some(ReaderState::CardPresent {
            reader: at,
            glance: Some(glance),
        }) => at == reader && glance.trouble != Some(Trouble::InUse),
        _ => false,
    }
}

/// Hears reports until they say what lies there.
pub(super) fn wait(heard: &Receiver<Report>) -> Result<Lies, Fail> {
    let mut lies = Lies::Nothing;
    let mut patience = card::PATIENCE;
    loop {
        match heard.recv_timeout(patience) {
            Ok(Report::State(ReaderState::CardPresent { reader, glance })) => {
                let trouble = glance.and_then(|glance| glance.trouble);
                // The reader's thread tries these again by itself.
                let again = match &trouble {
                    None => Some(LONGEST),
                    Some(Trouble::InUse | Trouble::Mute) => Some(HINDERED),
                    Some(_) => None,
                };
                lies = Lies::Unread {
                    reader,
                    trouble: trouble.unwrap_or(Trouble::Slow),
                    desk: false,
                };
                match again {
                    Some(time) => patience = time,
                    None => return Ok(lies),
                }
            }
            Ok(Report::State(ReaderState::Waiting { .. })) => return Ok(Lies::Nothing),
            Ok(Report::State(ReaderState::Unknown) | Report::Done { .. }) => {}
            Ok(Report::State(state)) => return Err(away(&state)),
            Ok(Report::Seen(seen)) => {
                let (Lies::Seen { reader, .. } | Lies::Unread { reader, .. }) = lies else {
                    continue;
                };
                return Ok(Lies::Seen { reader, seen });
            }
            Err(RecvTimeoutError::Timeout) if !matches!(lies, Lies::Nothing) => return Ok(lies),
            Err(_) => return Err(away(&ReaderState::Unknown)),
        }
    }
}
