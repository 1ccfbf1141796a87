//! The one way to a card: every command passes the list, every answer is
//! looked at for being whole, and after a broken one nothing is sent any more.

use super::apdu::{Answer, App, BLOCK, By, Command, Content};
use super::chip::{Broken, Chip};
use super::permit::Permit;
use super::tlv;
use crate::domain::card::Trouble;
use zeroize::Zeroizing;

/// Longest object that is read: a certificate has 1.6 kB, the four less.
const LONGEST: usize = 8192;

/// Most pieces of one answer (61xx).
const PIECES: usize = 16;

/// A card during one connection.
pub struct Gate<'a> {
    chip: &'a mut dyn Chip,
    permit: Permit,
    /// Nothing has been sent yet: the first command may have to be said twice.
    fresh: bool,
    /// The card may be another by now, or nobody understands it.
    dead: bool,
    /// Files go by their short identifiers; until a card refuses one.
    short: bool,
}

impl<'a> Gate<'a> {
    /// A card that has just been powered.
    pub fn new(chip: &'a mut dyn Chip) -> Self {
        Self {
            chip,
            permit: Permit::default(),
            fresh: true,
            dead: false,
            short: true,
        }
    }

    /// Whether anything may still be sent.
    pub fn alive(&self) -> bool {
        !self.dead
    }

    /// Nothing of this card counts any more.
    pub fn end(&mut self, trouble: Trouble) -> Trouble {
        self.dead = true;
        trouble
    }

    /// The answer to `command` was not one that can be gone on with.
    pub fn odd(&mut self, command: &Command<'_>, status: u16) -> Trouble {
        self.end(Trouble::Odd {
            step: command.name(),
            status,
        })
    }

    /// Sends a command. 6F00 to the first one after power-up, 6Cxx to a read
    /// and 61xx are dealt with here (section 3.2); a VERIFY is never repeated.
    pub fn call(&mut self, command: &Command<'_>) -> Result<Answer, Trouble> {
        let mut raw = command.bytes();
        let mut answer = self.exchange(command, &raw)?;
        let selects = matches!(command, Command::Select(_));
        if std::mem::take(&mut self.fresh) && selects && answer.status == 0x6F00 {
            answer = self.exchange(command, &raw)?;
        }
        if command.is_read() && answer.status >> 8 == 0x6C {
            if let Some(le) = raw.last_mut() {
                *le = (answer.status & 0xFF) as u8;
            }
            answer = self.exchange(command, &raw)?;
        }
        for _ in 0..PIECES {
            if answer.status >> 8 != 0x61 {
                break;
            }
            let le = (answer.status & 0xFF) as u8;
            let next = self.exchange(command, &[0x00, 0xC0, 0x00, 0x00, le])?;
            answer.status = next.status;
            answer.data = joined(&answer.data, &next.data);
        }
        if command.is_read() && answer.data.len() > BLOCK {
            return Err(self.odd(command, answer.status));
        }
        Ok(answer)
    }

    fn exchange(&mut self, command: &Command<'_>, raw: &[u8]) -> Result<Answer, Trouble> {
        if self.dead {
            return Err(Trouble::Lifted);
        }
        if !self.permit.allows(raw) {
            tracing::error!(command = command.name(), "refused before the card");
            return Err(self.odd(command, 0));
        }
        let answer = match self.chip.transmit(raw) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(broken) => {
                return Err(self.end(match broken {
                    Broken::Lifted => Trouble::Lifted,
                    Broken::InUse => Trouble::InUse,
                    Broken::NoReader => Trouble::NoReader,
                }));
            }
        };
        let Some((data, status)) = answer.split_last_chunk::<2>() else {
            return Err(self.end(Trouble::Lifted));
        };
        let status = u16::from_be_bytes(*status);
        tracing::debug!(command = command.name(), "{status:04X}");
        self.permit.saw(raw, status);
        Ok(Answer {
            data: Zeroizing::new(data.to_vec()),
            status,
        })
    }

    /// Selects an application; `false` if the card has none of that name.
    pub fn select(&mut self, app: App) -> Result<bool, Trouble> {
        Ok(self.call(&Command::Select(app))?.done())
    }

    /// How a file is meant: by short identifier as long as the card takes them.
    pub fn by(&self) -> By {
        if self.short { By::Short } else { By::Selected }
    }

    /// The first `most` bytes of a file, at most [`BLOCK`]; or the status word
    /// with which the card keeps them to itself.
    pub fn head(&mut self, content: Content, most: usize) -> Result<Answer, Trouble> {
        let read = |by| Command::Read {
            content,
            by,
            offset: 0,
            most,
        };
        if self.short {
            let answer = self.call(&read(By::Short))?;
            // Closed (6982) is an answer about the file; anything else may be
            // one about short identifiers.
            if answer.done() || answer.status == 0x6982 {
                return Ok(answer);
            }
        }
        let select = self.call(&Command::File(content))?;
        if !select.done() {
            return Ok(select);
        }
        let answer = self.call(&read(By::Selected))?;
        if answer.done() {
            self.short = false;
        }
        Ok(answer)
    }

    /// The whole object at the beginning of a file, by the length it gives
    /// itself, without the filler behind; shorter if the file ends before; or
    /// the status word with which the card keeps it to itself.
    pub fn object(&mut self, content: Content) -> Result<Answer, Trouble> {
        let mut whole = self.head(content, BLOCK)?;
        if !whole.done() {
            return Ok(whole);
        }
        let length = tlv::whole(&whole.data).filter(|length| *length <= LONGEST);
        let Some(length) = length else {
            return Ok(whole);
        };
        let mut chosen = false;
        while whole.data.len() < length {
            let have = whole.data.len();
            let command = Command::Read {
                content,
                by: By::Selected,
                offset: u16::try_from(have).unwrap_or(u16::MAX),
                most: (length - have).min(BLOCK),
            };
            let next = self.call(&command)?;
            match next.status {
                // A card that forgot what the short identifier selected.
                0x6986 if !std::mem::replace(&mut chosen, true) => {
                    let select = Command::File(content);
                    let status = self.call(&select)?.status;
                    if status != 0x9000 {
                        return Err(self.odd(&select, status));
                    }
                }
                0x6B00 => break,
                _ if !next.done() => return Err(self.odd(&command, next.status)),
                _ if next.data.is_empty() => break,
                _ => whole.data = joined(&whole.data, &next.data),
            }
        }
        whole.data.truncate(length);
        Ok(whole)
    }
}

/// Both in a buffer of their own: growing the first would leave a copy of it
/// behind unwiped.
fn joined(first: &[u8], second: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::with_capacity(first.len() + second.len()));
    both.extend_from_slice(first);
    both.extend_from_slice(second);
    both
}
