//! The calls to PC/SC, and nothing else.

use super::seen::ReaderInfo;
use crate::text::clean::clean;
use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use std::time::Duration;

/// A connection to the reader service.
pub fn connect() -> Result<Context, Error> {
    Context::establish(Scope::User)
}

/// The readers as last seen, and what to wait for changes of.
pub struct View {
    states: Vec<ReaderState>,
}

/// Looks once, without waiting.
pub fn look(context: &Context) -> Result<View, Error> {
    let names = match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => Vec::new(),
        names => names?,
    };
    let mut states = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    states.extend(
        names
            .into_iter()
            .map(|name| ReaderState::new(name, State::UNAWARE)),
    );
    match context.get_status_change(Duration::ZERO, &mut states) {
        // A reader that went away between the two calls: the wait that
        // follows returns at once.
        Ok(()) | Err(Error::Timeout | Error::UnknownReader) => {}
        Err(error) => return Err(error),
    }
    for state in &mut states {
        state.sync_current_state();
    }
    Ok(View { states })
}

impl View {
    /// Waits, without end, until something is not as it was seen.
    pub fn wait(&mut self, context: &Context) -> Result<(), Error> {
        match context.get_status_change(None, &mut self.states) {
            Err(Error::Timeout | Error::UnknownReader) => Ok(()),
            done => done,
        }
    }

    /// The readers, in the service's order.
    pub fn readers(&self) -> Vec<ReaderInfo> {
        self.states
            .iter()
            .filter(|state| {
                state.name() != PNP_NOTIFICATION()
                    && !state
                        .event_state()
                        .intersects(State::UNKNOWN | State::IGNORE)
            })
            .map(|state| {
                let card = state.event_state().contains(State::PRESENT);
                ReaderInfo {
                    name: clean(&state.name().to_string_lossy()),
                    card,
                    atr: if card {
                        state.atr().to_vec()
                    } else {
                        Vec::new()
                    },
                    address: state.name().to_owned(),
                    count: state.event_count(),
                }
            })
            .collect()
    }
}
