//! What front ends and the desk service say to each other, and the two
//! transports that carry it. The two sides know nothing else of one another.
//!
//! Both transports end in the same pair of channels, so neither side can tell
//! which one it is on: [`FrontEnd`] and [`DeskEnd`].

pub mod channel;
pub mod frame;
pub mod message;
mod reason;
pub mod socket;

pub use reason::reason;

use message::{ToDesk, ToFront};
use std::sync::mpsc::{Receiver, Sender, SyncSender};

/// A front end's end of a connection. Sending never waits; the receiver ends
/// when the connection does.
#[derive(Debug)]
pub struct FrontEnd {
    /// To the desk service.
    pub tx: Sender<ToDesk>,
    /// From the desk service.
    pub rx: Receiver<ToFront>,
}

/// The desk service's end of a connection. The queue out is bounded: a front
/// end that does not read is dropped, it never holds the desk up. Dropping
/// `tx` ends the connection after what was said.
#[derive(Debug)]
pub struct DeskEnd {
    /// To the front end.
    pub tx: SyncSender<ToFront>,
    /// From the front end.
    pub rx: Receiver<ToDesk>,
}

/// Messages to one front end that may wait.
pub const QUEUE: usize = 256;
