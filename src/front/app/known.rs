//! What panes may know of the world besides their own state.

use crate::domain::account::{Access, Right, Staff, access, access_offline};
use crate::domain::failure::Failure;
use crate::front::keys::Keymap;
use crate::front::sheet::Sheet;
use crate::link::message::{Status, Welcome};
use crate::text::glyphs::{Ambiguous, Glyphs};
use jiff::Timestamp;

/// What panes may know of the world besides their own state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The desk, once it has answered.
    pub welcome: Option<Welcome>,
    /// What is true now.
    pub status: Option<Status>,
    /// Who is logged in here.
    pub staff: Option<Staff>,
    /// Checked by the desk alone, and until when it goes on doing so: limited
    /// rights.
    pub offline: Option<Timestamp>,
    /// Who of this desk may look notes up, whoever was here last first.
    pub able: Vec<Staff>,
    /// Whether the desk service is there.
    pub linked: bool,
    /// Columns and rows that a pane has.
    pub room: (usize, usize),
    /// Rows of them that the sentence below takes from a pane that scrolls.
    pub covered: usize,
    /// How the terminal draws ambiguous characters.
    pub ambiguous: Ambiguous,
    /// Lines are told and no screen is drawn: nothing is scrolled.
    pub plain: bool,
    /// The keymap: texts that name a key take it from here
    /// ([`Keymap::fill`], [`Keymap::key_for`]).
    pub keymap: Keymap,
}

impl Known {
    /// An empty sheet as wide as a pane is now, to be measured.
    pub fn sheet(&self) -> Sheet {
        let glyphs = Glyphs::for_policy(self.ambiguous);
        Sheet::of(self.room.0, self.ambiguous, glyphs)
    }

    /// Rows of a pane that scrolls.
    pub fn page(&self) -> usize {
        self.room.1.saturating_sub(self.covered)
    }

    /// How a function shows itself to whoever is logged in here. A mirror:
    /// the desk service decides (SEC-11).
    pub fn access(&self, right: Right) -> Access {
        match (&self.staff, self.offline) {
            (None, _) => Access::Hidden,
            (Some(staff), None) => access(staff.kind, right),
            (Some(staff), Some(_)) => access_offline(staff.kind, right),
        }
    }

    /// Whether lists show names in part until opened (DOM-45).
    pub fn hides_names(&self) -> bool {
        self.welcome.as_ref().is_some_and(|w| w.hide_names)
    }

    /// Whether whoever is logged in here may do this.
    pub fn may(&self, right: Right) -> bool {
        self.access(right) == Access::Allowed
    }

    /// Whether the desk tells of notes that may be lost and nobody has read
    /// it, to those who may.
    pub fn may_be_lost(&self) -> bool {
        self.may(Right::Notices) && (self.status.as_ref()).is_some_and(|status| status.losses > 0)
    }

    /// Why whoever is logged in here may not do this, as the desk service
    /// would say it.
    pub fn refused(&self, right: Right) -> Option<Failure> {
        let kind = self.staff.as_ref()?.kind;
        if self.may(right) {
            None
        } else if access(kind, right) == Access::Allowed {
            Some(Failure::OfflineOnly)
        } else {
            Some(Failure::NotAllowed { kind, right })
        }
    }
}
