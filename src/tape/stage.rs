//! Where a tape is played: the whole program in virtual time
//! ([`super::world`]) or the real binary ([`super::pty`]).

use super::grid::Grid;
use crate::front::keys::key::Key;
use std::time::Duration;

/// Why a step could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The tape or the program is wrong.
    Failed(String),
    /// This stage cannot do that; the tape is skipped, by name.
    Cannot(String),
}

/// What a step answers.
pub type Done = Result<(), Trouble>;

/// A stage.
pub trait Stage {
    /// A key.
    fn key(&mut self, key: Key) -> Done;
    /// Characters: one by one, or (`at_once`) as an input method commits them.
    fn characters(&mut self, text: &str, at_once: bool) -> Done;
    /// One bracketed paste.
    fn paste(&mut self, text: &str) -> Done;
    /// Time goes on.
    fn sleep(&mut self, time: Duration) -> Done;
    /// Runs until the screen is right; `false` when nothing more can come or
    /// the limit is reached (10 virtual minutes, or 20 real seconds).
    fn wait(&mut self, right: &mut dyn FnMut(&Grid) -> bool) -> Result<bool, Trouble>;
    /// The screen, once it is right or cannot be expected to become so.
    fn screen(&mut self, right: &mut dyn FnMut(&Grid) -> bool) -> Grid;
    /// A switch of the central system.
    fn central(&mut self, key: &str, value: &str) -> Done;
    /// The reader: `Some(name)` a card is put on it, `None` taken away.
    fn card(&mut self, card: Option<&str>) -> Done;
    /// The reader is there, or not.
    fn reader(&mut self, plugged: bool) -> Done;
    /// Every command to a card takes so long.
    fn slow_card(&mut self, delay: Duration) -> Done;
    /// Ends the desk service (killed, or in order) and starts it again.
    fn restart_desk(&mut self, kill: bool) -> Done;
    /// The front end goes away without a word; another one attaches.
    fn drop_line(&mut self) -> Done;
    /// Another size.
    fn resize(&mut self, width: u16, height: u16) -> Done;
    /// Goes on at another front end of the same desk.
    fn terminal(&mut self, number: usize) -> Done;
    /// The tape is over: what must hold of every tape.
    fn end(&mut self) -> Done {
        Ok(())
    }
    /// The last few messages and effects, for a failure.
    fn last(&self) -> Vec<String>;
}
