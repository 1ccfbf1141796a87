//! One connection to one card: the only way bytes go to it. After the first
//! answer that is not one, nothing more is sent (section 8.6).

use super::chip::{Broken, Chip};
use super::order::Standing;
use super::seen::ReaderInfo;
use super::talk::Pulse;
use crate::domain::card::Trouble;
use pcsc::{Card, Context, Disposition, Error, Protocols, ShareMode};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use zeroize::Zeroizing;

/// More than any answer to a short command, so that none is cut off after it
/// has been carried out (section 8.4).
const ROOM: usize = 4096;

/// What is known of a connection while it is lent out.
#[derive(Default)]
pub struct Line {
    /// The order that what is sent belongs to.
    pub order: Cell<u64>,
    /// What broke the connection.
    pub broken: Cell<Option<Broken>>,
}

/// A powered card, held exclusively; powered down when dropped, so that no
/// PIN stays open (section 1).
pub struct Wire {
    card: Option<Card>,
    pulse: Arc<Pulse>,
    answer: Zeroizing<Vec<u8>>,
    line: Rc<Line>,
}

impl Wire {
    /// Connects to the card in that reader.
    pub fn connect(
        context: &Context,
        reader: &ReaderInfo,
        pulse: &Arc<Pulse>,
    ) -> Result<Self, Error> {
        pulse.stands(Some(Standing::Connecting));
        let card = context.connect(&reader.address, ShareMode::Exclusive, Protocols::ANY);
        pulse.stands(None);
        Ok(Self {
            card: Some(card?),
            pulse: Arc::clone(pulse),
            answer: Zeroizing::new(vec![0; ROOM]),
            line: Rc::default(),
        })
    }

    /// How the connection stands.
    pub fn line(&self) -> Rc<Line> {
        Rc::clone(&self.line)
    }

    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let card = self.card.as_ref().ok_or(Broken::Lifted)?;
        self.pulse.stands(Some(Standing::Asking));
        let answer = card.transmit(command, &mut self.answer);
        self.pulse.stands(None);
        match answer {
            Ok(answer) if answer.len() >= 2 => Ok(answer.to_vec()),
            Ok(_) => Err(Broken::Lifted),
            Err(error) => Err(broken(error)),
        }
    }
}

impl Chip for Wire {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        if let Some(broken) = self.line.broken.get() {
            return Err(broken);
        }
        if self.pulse.given_up(self.line.order.get()) {
            return Err(Broken::Lifted);
        }
        self.exchange(command)
            .inspect_err(|broken| self.line.broken.set(Some(*broken)))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // Fails when the card or the service is gone, which is as good.
            let _ = card.disconnect(Disposition::UnpowerCard);
        }
    }
}

fn broken(error: Error) -> Broken {
    match error {
        Error::SharingViolation => Broken::InUse,
        error if is_service(error) => Broken::NoReader,
        _ => Broken::Lifted,
    }
}

/// Whether the service or the reader, and not the card, is gone.
fn is_service(error: Error) -> bool {
    matches!(
        error,
        Error::NoService
            | Error::ServiceStopped
            | Error::CommError
            | Error::InvalidHandle
            | Error::ReaderUnavailable
            | Error::UnknownReader
            | Error::NoReadersAvailable
    )
}

/// Whether the connection to the service, rather than to the card, is of no
/// more use.
pub fn is_stale(error: Error) -> bool {
    matches!(
        error,
        Error::NoService | Error::ServiceStopped | Error::CommError | Error::InvalidHandle
    )
}

/// Why there is no connection to a card.
pub fn refused(error: Error) -> Trouble {
    match error {
        Error::SharingViolation => Trouble::InUse,
        Error::NoSmartcard | Error::RemovedCard => Trouble::Lifted,
        error if is_service(error) => Trouble::NoReader,
        _ => Trouble::Mute,
    }
}
