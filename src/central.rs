//! The client of the central system: what can be asked, how it is written on
//! the wire, and the WebAPI connection.
//!
//! Not here: when to ask, how often, and what an answer means for a note;
//! that is the desk service's.

pub mod call;
pub mod webapi;
pub mod wire;
pub mod xml;
