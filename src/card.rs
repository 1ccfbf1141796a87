//! PC/SC: which readers there are, what lies on them, word of every change
//! without asking again and again, and what a card lets itself be asked.

mod apdu;
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

/// What the reader service sees at this moment, in its order; or why there is
/// nothing to see ([`ReaderState::NoService`], [`ReaderState::NoReader`]).
pub fn status() -> Result<Vec<ReaderInfo>, ReaderState> {
    let context = service::connect().map_err(|_| ReaderState::NoService)?;
    let view = service::look(&context).map_err(|_| ReaderState::NoService)?;
    let readers = view.readers();
    if readers.is_empty() {
        return Err(ReaderState::NoReader);
    }
    Ok(readers)
}
