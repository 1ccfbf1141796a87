//! One powered card, whatever it is reached through.

/// The card gave no proper answer: from here on another person's card may lie
/// there, so that nothing may be sent or believed any more (section 8.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// No answer, a torn one, or the service said that the card is gone.
    Lifted,
    /// Another program has it.
    InUse,
    /// The service or the reader is gone.
    NoReader,
}

/// Bytes in, bytes out.
pub trait Chip {
    /// Sends one command APDU and returns the answer with its status word.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken>;
}
