//! Breaks on purpose, in debug builds alone: the tests of the real terminal
//! prove that every mode is put back when a thread panics (F-55).

use crate::front::app::Msg;
use crate::front::keys::key::Key;

/// Names the thread that breaks at the key.
const VARIABLE: &str = "MADOGUCHI_TRIP";

/// The key: Alt and `!`.
const KEY: Key = Key::alt('!');

/// The same as the terminal sends it.
const BYTES: &[u8] = b"\x1b!";

/// Panics if this is the key and `thread` is the one that shall break.
///
/// # Panics
/// On purpose.
pub fn trip_at(thread: &str, msg: &Msg) {
    if *msg == Msg::Key(KEY) {
        trip_in(thread);
    }
}

/// The same, for the thread that sees bytes.
///
/// # Panics
/// On purpose.
pub fn trip(thread: &str, bytes: &[u8]) {
    if bytes == BYTES {
        trip_in(thread);
    }
}

fn trip_in(thread: &str) {
    let wanted = std::env::var(VARIABLE);
    assert!(wanted.as_deref() != Ok(thread), "tripped");
}
