//! Messages as bytes: four bytes of length (big-endian), then JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};
use thiserror::Error;
use zeroize::Zeroizing;

/// Longest message, in bytes, that is sent or taken.
pub const LIMIT: usize = 8 * 1024 * 1024;

/// Why a message could not be carried.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The connection.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Longer than [`LIMIT`]; the length that was announced.
    #[error("message of {0} bytes is over the limit")]
    TooLong(usize),
    /// Not a message of ours. Says where, never what: it may hold a password.
    #[error("message not understood at column {0}")]
    Unknown(usize),
}

/// Bytes of which no copy is left behind, whether they grow or are dropped.
struct Wiped(Zeroizing<Vec<u8>>);

impl Write for Wiped {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + more.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two()));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one message in one call. The buffer is wiped: a message may hold a
/// password or a PIN (SEC-18).
pub fn write<W: Write, T: Serialize>(out: &mut W, message: &T) -> Result<(), FrameError> {
    let mut bytes = Wiped(Zeroizing::new(Vec::with_capacity(512)));
    bytes.write_all(&[0; 4])?;
    serde_json::to_writer(&mut bytes, message)
        .map_err(|error| FrameError::Unknown(error.column()))?;
    let Wiped(mut bytes) = bytes;
    let length = bytes.len() - 4;
    if length > LIMIT {
        return Err(FrameError::TooLong(length));
    }
    let header = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    for (place, byte) in bytes.iter_mut().zip(header) {
        *place = byte;
    }
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(())
}

/// Reads one message; `None` when the connection ended between two messages.
pub fn read<R: Read, T: DeserializeOwned>(from: &mut R) -> Result<Option<T>, FrameError> {
    let mut header = [0; 4];
    let mut have = 0;
    while have < header.len() {
        let Some(rest) = header.get_mut(have..) else {
            break;
        };
        match from.read(rest) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(n) => have += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = u32::from_be_bytes(header) as usize;
    if length > LIMIT {
        return Err(FrameError::TooLong(length));
    }
    // Grows with what really comes, so that a length alone takes no memory;
    // and wipes what it has outgrown.
    let mut bytes = Wiped(Zeroizing::new(Vec::with_capacity(length.min(64 * 1024))));
    let mut piece = Zeroizing::new([0; 4096]);
    while bytes.0.len() < length {
        let most = piece.len().min(length - bytes.0.len());
        let Some(free) = piece.get_mut(..most) else {
            break;
        };
        match from.read(free) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(n) => bytes.write_all(piece.get(..n).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let Wiped(bytes) = bytes;
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| FrameError::Unknown(error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;
    use crate::link::message::{Ticket, ToDesk};
    use proptest::prelude::*;

    fn login(user: &str, password: &str) -> ToDesk {
        ToDesk::Login {
            ticket: Ticket(7),
            user: user.to_owned(),
            password: Secret::new(password.to_owned()),
            force: true,
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(user in ".{0,40}", password in ".{0,40}", ago in any::<u64>()) {
            let sent = [login(&user, &password), ToDesk::Active { ago_ms: ago }, ToDesk::Logout];
            let mut wire = Vec::new();
            for message in &sent {
                write(&mut wire, message).unwrap();
            }
            let mut from = wire.as_slice();
            for message in sent {
                prop_assert_eq!(read::<_, ToDesk>(&mut from).unwrap(), Some(message));
            }
            prop_assert_eq!(read::<_, ToDesk>(&mut from).unwrap(), None);
        }

        #[test]
        fn any_bytes_are_an_error_or_a_message(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut from = bytes.as_slice();
            while let Ok(Some(_)) = read::<_, ToDesk>(&mut from) {}
        }
    }

    #[test]
    fn a_cut_message_is_an_error_not_an_end() {
        let mut wire = Vec::new();
        write(&mut wire, &login("003", "x")).unwrap();
        for cut in 1..wire.len() {
            let mut from = wire.get(..cut).unwrap();
            assert!(read::<_, ToDesk>(&mut from).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn a_length_over_the_limit_is_refused_unread() {
        let mut from: &[u8] = &[0xff, 0xff, 0xff, 0xff, b'{'];
        assert!(matches!(
            read::<_, ToDesk>(&mut from),
            Err(FrameError::TooLong(_))
        ));
    }

    #[test]
    fn an_error_does_not_repeat_the_message() {
        let body = br#"{"Login":{"ticket":1,"user":"003","password":"canary","force":7}}"#;
        let mut wire = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
        wire.extend_from_slice(body);
        let error = read::<_, ToDesk>(&mut wire.as_slice()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
