//! PC/SC: which readers there are, whether a card lies on one, and word of
//! every change without asking again and again.

pub mod chip;
pub mod job;
pub mod seen;
mod service;
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
