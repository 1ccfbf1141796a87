//! Calls into sled, which panics on some damaged files: a panic there is
//! damage to be handled, not the end of the desk.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a guarded call. A panic hook asks this: a
/// panic that will be caught must neither touch the terminal nor be reported
/// as a crash.
pub fn inside() -> bool {
    INSIDE.with(Cell::get)
}

/// What went wrong with sled.
#[derive(Debug)]
pub enum Sick {
    /// Its files are damaged.
    Damaged,
    /// The operating system refused; the files may be sound.
    System(std::io::Error),
}

impl From<sled::Error> for Sick {
    fn from(error: sled::Error) -> Self {
        use std::io::ErrorKind;
        match error {
            // Sled reports a file that ends too early as an I/O error.
            sled::Error::Io(error)
                if !matches!(
                    error.kind(),
                    ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::Other
                ) =>
            {
                Self::System(error)
            }
            _ => Self::Damaged,
        }
    }
}

impl From<std::io::Error> for Sick {
    fn from(error: std::io::Error) -> Self {
        Self::System(error)
    }
}

/// Runs `call`; a panic becomes [`Sick::Damaged`].
pub fn guarded<T>(call: impl FnOnce() -> Result<T, Sick>) -> Result<T, Sick> {
    let outer = INSIDE.with(|inside| inside.replace(true));
    let result = catch_unwind(AssertUnwindSafe(call));
    INSIDE.with(|inside| inside.set(outer));
    result.unwrap_or(Err(Sick::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_damage() {
        assert!(!inside());
        let result: Result<(), Sick> = guarded(|| {
            assert!(inside());
            let nothing: [u8; 0] = [];
            let index = std::hint::black_box(3);
            assert_eq!(nothing[index], 0);
            Ok(())
        });
        assert!(matches!(result, Err(Sick::Damaged)));
        assert!(!inside());
    }
}
