//! The in-process transport: for the demo, tapes and tests.

use super::{DeskEnd, FrontEnd, QUEUE};
use std::sync::mpsc::{channel, sync_channel};

/// A connection within this process.
pub fn pair() -> (FrontEnd, DeskEnd) {
    let (to_desk, from_front) = channel();
    let (to_front, from_desk) = sync_channel(QUEUE);
    (
        FrontEnd {
            tx: to_desk,
            rx: from_desk,
        },
        DeskEnd {
            tx: to_front,
            rx: from_front,
        },
    )
}
