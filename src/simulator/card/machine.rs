//! A card in some state: power, what is selected and open, how many tries are
//! left, and what it was asked.

use super::asked::{App, Asked};
use super::command::ODD;
use super::image::Image;
use super::interpret::Interpreter;
use super::manner::{Manner, Removal};
use crate::card::chip::{Broken, Chip};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Commands kept in the log; of more, the older half goes. Trips stay.
const LOG: usize = 1 << 16;

/// What one command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Data and status word.
    Answer(Vec<u8>),
    /// The card left before it answered.
    Gone,
}

/// What changes in a card.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Powered.
    pub(super) on: bool,
    /// On the reader.
    pub(super) there: bool,
    /// Index of the selected application.
    pub(super) applet: usize,
    /// Something was selected since power-up.
    pub(super) moved: bool,
    /// The selected file.
    pub(super) file: Option<u16>,
    /// PIN files of the selected application that are open.
    pub(super) open: BTreeSet<u16>,
    /// Tries left, where they are not as made. Survives everything.
    pub(super) left: BTreeMap<(App, u16), u8>,
    /// Answer bytes still to be fetched.
    pub(super) rest: Vec<u8>,
    /// Commands since insertion.
    pub(super) count: u32,
    /// The next command is the first since power-up.
    pub(super) fresh: bool,
    /// For GET CHALLENGE.
    pub(super) random: u64,
}

impl State {
    fn new() -> Self {
        Self {
            on: true,
            there: true,
            applet: 0,
            moved: false,
            file: None,
            open: BTreeSet::new(),
            left: BTreeMap::new(),
            rest: Vec::new(),
            count: 0,
            fresh: true,
            random: 0x9E37_79B9_7F4A_7C15,
        }
    }
}

/// A card.
#[derive(Debug, Clone)]
pub struct Machine {
    image: Arc<Image>,
    manner: Manner,
    state: State,
    log: Vec<Asked>,
    trips: Vec<Asked>,
}

impl Machine {
    pub(super) fn new(image: Arc<Image>, manner: Manner) -> Self {
        Self {
            image,
            manner,
            state: State::new(),
            log: Vec::new(),
            trips: Vec::new(),
        }
    }

    /// Its name on the rack.
    pub fn name(&self) -> &str {
        &self.image.name
    }

    /// The same card, behaving like that.
    #[must_use]
    pub fn with(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// How it behaves.
    pub fn manner(&self) -> &Manner {
        &self.manner
    }

    /// How it behaves, to be changed.
    pub fn manner_mut(&mut self) -> &mut Manner {
        &mut self.manner
    }

    /// Answer to reset. Of a mute card it is not one.
    pub fn atr(&self) -> &[u8] {
        &self.image.atr
    }

    /// Whether it answers a reader at all: not upside down, not damaged.
    pub fn answers(&self) -> bool {
        !self.image.mute
    }

    /// Power: nothing selected, nothing open.
    pub fn power_on(&mut self) {
        self.forget();
        self.state.on = true;
        self.state.fresh = true;
    }

    /// No power: what was selected and open is forgotten; tries are not.
    pub fn power_off(&mut self) {
        self.forget();
        self.state.on = false;
    }

    /// Warm reset: keeps what is open (section 3.3), unless
    /// [`Manner::forgetful`].
    pub fn reset(&mut self) {
        if self.manner.forgetful {
            self.forget();
        }
        self.state.on = true;
        self.state.rest.clear();
    }

    /// Puts it on a reader, powered; its commands count from 1 again.
    pub fn insert(&mut self) {
        self.power_on();
        self.state.there = true;
        self.state.count = 0;
    }

    /// Takes it away.
    pub fn remove(&mut self) {
        self.power_off();
        self.state.there = false;
    }

    /// Whether it lies there.
    pub fn lies_there(&self) -> bool {
        self.state.there
    }

    fn forget(&mut self) {
        self.state.applet = 0;
        self.state.moved = false;
        self.state.file = None;
        self.state.open.clear();
        self.state.rest.clear();
    }

    /// The card that lies there now that this one has left, with the log of
    /// both.
    pub fn successor(&mut self) -> Option<Self> {
        if self.state.there {
            return None;
        }
        let mut next = *self.manner.next.take()?;
        next.insert();
        let own = std::mem::replace(&mut next.log, std::mem::take(&mut self.log));
        next.log.extend(own);
        let own = std::mem::replace(&mut next.trips, std::mem::take(&mut self.trips));
        next.trips.extend(own);
        Some(next)
    }

    /// Everything it was asked, oldest first; also what those before it were
    /// asked that it took over from.
    pub fn log(&self) -> &[Asked] {
        &self.log
    }

    /// What it was asked that touches section 2.6.
    pub fn trips(&self) -> &[Asked] {
        &self.trips
    }

    /// Tries left of a PIN file.
    pub fn tries(&self, app: App, file: u16) -> Option<u8> {
        self.image.tries(&self.state, app, file)
    }

    /// One command.
    pub fn step(&mut self, command: &[u8]) -> Turn {
        if !self.state.there || !self.state.on || self.image.mute {
            return Turn::Gone;
        }
        self.state.count = self.state.count.saturating_add(1);
        let count = self.state.count;
        let fresh = std::mem::take(&mut self.state.fresh);
        let mut interpreter = Interpreter {
            image: &self.image,
            manner: &self.manner,
            state: &mut self.state,
        };
        let mut asked = interpreter.asked(command);
        let answer = if fresh && self.manner.drowsy {
            ODD.to_be_bytes().to_vec()
        } else {
            interpreter.answer(command)
        };
        asked.status = match answer.as_slice() {
            [.., high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        };
        let removal = self.manner.removal;
        let torn = removal == Some(Removal::During(count));
        if torn {
            asked.status = 0;
        }
        self.note(asked);
        if torn || removal == Some(Removal::After(count)) {
            self.remove();
        }
        if torn {
            Turn::Gone
        } else {
            Turn::Answer(answer)
        }
    }

    fn note(&mut self, mut asked: Asked) {
        asked.trip = asked.tripped();
        if asked.trip.is_some() && self.trips.len() < LOG {
            self.trips.push(asked.clone());
        }
        if self.log.len() >= LOG {
            self.log.drain(..LOG / 2);
        }
        self.log.push(asked);
    }
}

impl Chip for Machine {
    /// A card that left gives one error, and then the answers of the one that
    /// took its place, if one did ([`Manner::next`]).
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let unseen = self.manner.unseen;
        match self.step(command) {
            Turn::Answer(answer) => Ok(answer),
            Turn::Gone => {
                let Some(next) = self.successor() else {
                    return Err(Broken::Lifted);
                };
                *self = next;
                if unseen {
                    return self.transmit(command);
                }
                Err(Broken::Lifted)
            }
        }
    }
}
