//! The elementary files of an application and who may open them.

use super::asked::App;
use super::key::Key;
use std::collections::BTreeMap;
use std::sync::Arc;

/// No key opens it.
pub(super) const NEVER: &[u16] = &[0xFFFF];

/// What an elementary file is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Transparent.
    Bytes(Vec<u8>),
    /// Records, from 1.
    Records(Vec<Vec<u8>>),
    /// A number that is asked for.
    Pin(Pin),
    /// A private key.
    Key(Arc<Key>),
}

/// A PIN or 照合番号.
#[derive(Clone)]
pub(super) struct Pin {
    /// What opens; empty: nothing does.
    pub(super) value: String,
    /// Tries after the right one.
    pub(super) most: u8,
    /// Tries of a fresh machine.
    pub(super) left: u8,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pin({} of {})", self.left, self.most)
    }
}

/// An elementary file.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) body: Body,
    /// PIN files of the same application, any of which opens it; none: free.
    pub(super) opened_by: &'static [u16],
}

/// An application.
#[derive(Debug, Clone)]
pub(super) struct Applet {
    pub(super) app: App,
    pub(super) aid: Vec<u8>,
    pub(super) files: BTreeMap<u16, File>,
}

impl Applet {
    /// Without files.
    pub(super) fn new(app: App, aid: &[u8]) -> Self {
        Self {
            app,
            aid: aid.to_vec(),
            files: BTreeMap::new(),
        }
    }

    /// With this file too.
    pub(super) fn with(mut self, id: u16, opened_by: &'static [u16], body: Body) -> Self {
        self.files.insert(id, File { body, opened_by });
        self
    }

    /// With a transparent file.
    pub(super) fn bytes(self, id: u16, opened_by: &'static [u16], bytes: Vec<u8>) -> Self {
        self.with(id, opened_by, Body::Bytes(bytes))
    }

    /// With a PIN.
    pub(super) fn pin(self, id: u16, pin: Pin) -> Self {
        self.with(id, &[], Body::Pin(pin))
    }
}
