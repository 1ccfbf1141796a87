//! Tapes: scripted terminals. Keys in, screens out, in virtual time.
//!
//! A tape is one text file with steps and expected screens
//! (`tests/tapes/README.md` is its manual). [`play`](mod@play) runs it on a
//! [`stage`]: the whole program in virtual time, or the real binary in a
//! pseudo-terminal.

pub mod grid;
pub mod own;
pub mod parse;
pub mod play;
pub mod pty;
pub mod record;
pub mod stage;
pub mod step;
pub mod update;
pub mod words;
pub mod world;
