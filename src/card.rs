//! PC/SC: which readers there are, what lies on them, word of every change
//! without asking again and again, and what a card lets itself be asked.

mod apdu;
mod away;
mod bell;
mod certificate;
pub mod chip;
mod four;
mod gate;
pub mod job;
mod kind;
pub mod mind;
pub mod order;
mod permit;
pub mod prove;
pub mod reading;
pub mod seen;
mod service;
mod shell;
mod talk;
mod tlv;
mod watch;
mod wire;

pub use seen::ReaderInfo;
pub use shell::{Listener, start};
pub use talk::Clock;

use crate::domain::reader::ReaderState;
use std::sync::mpsc::channel;
use std::thread::Builder;
use std::time::Duration;

/// A service that says nothing for so long does not answer.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// What the reader service sees at this moment, in its order; or why there is
/// nothing to see: [`ReaderState::NoService`], [`ReaderState::NoReader`], or
/// [`ReaderState::Unknown`] when the service does not answer within
/// [`PATIENCE`].
pub fn status() -> Result<Vec<ReaderInfo>, ReaderState> {
    let (tell, told) = channel();
    // Its calls cannot be ended; a thread that stands in one is left there.
    let asked = Builder::new()
        .name("card-status".to_owned())
        .spawn(move || {
            let _ = tell.send(ask());
        });
    if asked.is_err() {
        return Err(ReaderState::Unknown);
    }
    told.recv_timeout(PATIENCE)
        .unwrap_or(Err(ReaderState::Unknown))
}

fn ask() -> Result<Vec<ReaderInfo>, ReaderState> {
    let context = service::connect().map_err(|_| ReaderState::NoService)?;
    let view = service::look(&context).map_err(|_| ReaderState::NoService)?;
    let readers = view.readers();
    if readers.is_empty() {
        return Err(ReaderState::NoReader);
    }
    Ok(readers)
}
