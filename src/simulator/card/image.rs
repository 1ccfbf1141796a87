//! A card as it was made: its applications and what they hold. Never changes;
//! machines share it.

use super::asked::App;
use super::file::{Applet, Body};
use super::machine::State;

/// What a card is to a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nature {
    /// A smart card.
    Smart,
    /// A phone with one command of its own (section 6.3).
    Iphone,
    /// A memory card with this identifier: no SELECT.
    Memory(Vec<u8>),
}

/// A card.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub(super) name: String,
    pub(super) atr: Vec<u8>,
    /// Upside down, or damaged.
    pub(super) mute: bool,
    pub(super) nature: Nature,
    /// The first is what power-up selects.
    pub(super) applets: Vec<Applet>,
}

impl Image {
    /// The selected application.
    pub(super) fn applet(&self, state: &State) -> Option<&Applet> {
        self.applets.get(state.applet)
    }

    /// The application of this name. A prefix of one is taken too, and may
    /// mean another than was meant (section 2.1).
    pub(super) fn find(&self, name: &[u8]) -> Option<(usize, &Applet)> {
        if !(5..=16).contains(&name.len()) {
            return None;
        }
        let mut applets = self.applets.iter().enumerate();
        applets.find(|(_, applet)| applet.aid.starts_with(name))
    }

    /// Tries left of a PIN.
    pub(super) fn tries(&self, state: &State, app: App, id: u16) -> Option<u8> {
        let applet = self.applets.iter().find(|applet| applet.app == app)?;
        let Body::Pin(pin) = &applet.files.get(&id)?.body else {
            return None;
        };
        Some(state.left.get(&(app, id)).copied().unwrap_or(pin.left))
    }
}
