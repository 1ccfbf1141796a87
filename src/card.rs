//! PC/SC: which readers there are, whether a card lies on one, and word of
//! every change without asking again and again.

mod apdu;
mod certificate;
pub mod chip;
mod four;
mod gate;
pub mod job;
mod kind;
mod permit;
pub mod prove;
pub mod reading;
pub mod seen;
mod service;
mod tlv;
pub mod watch;

pub use seen::ReaderInfo;
pub use watch::{Watch, watch};

use crate::domain::reader::ReaderState;

/// What the reader service sees at this moment, in its order; or why there is
/// nothing to see ([`ReaderState::NoService`], [`ReaderState::NoReader`]).
pub fn status() -> Result<Vec<ReaderInfo>, ReaderState> {
    let context = service::connect().map_err(|_| ReaderState::NoService)?;
    let mut view = service::look(&context).map_err(|_| ReaderState::NoService)?;
    let readers = view.readers();
    if readers.is_empty() {
        return Err(ReaderState::NoReader);
    }
    Ok(readers)
}
