//! The calls to PC/SC, and nothing else.

use super::seen::ReaderInfo;
use crate::text::clean::clean;
use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use std::ffi::CString;
use std::time::Duration;

/// A connection to the reader service.
pub fn connect() -> Result<Context, Error> {
    Context::establish(Scope::User)
}

/// The readers as last seen, and what to wait for changes of.
pub struct View {
    states: Vec<ReaderState>,
}

/// How often the readers are listed anew while they come and go.
const UNSTEADY: u32 = 8;

/// Looks, without waiting. What comes between the list and the call that
/// follows would be taken for known, so it is listed again until nothing has.
pub fn look(context: &Context) -> Result<View, Error> {
    let mut names = list(context)?;
    let mut tries = 0;
    loop {
        let states = ask(context, &names)?;
        let after = list(context)?;
        tries += 1;
        if after == names || tries == UNSTEADY {
            return Ok(View { states });
        }
        names = after;
    }
}

fn list(context: &Context) -> Result<Vec<CString>, Error> {
    match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        names => names,
    }
}

fn ask(context: &Context, names: &[CString]) -> Result<Vec<ReaderState>, Error> {
    let mut states = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    states.extend(
        names
            .iter()
            .map(|name| ReaderState::new(name.clone(), State::UNAWARE)),
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
    Ok(states)
}

impl View {
    /// Waits until something is not as it was seen; without `longest`, without
    /// end.
    pub fn wait(&mut self, context: &Context, longest: Option<Duration>) -> Result<(), Error> {
        context.get_status_change(longest, &mut self.states)
    }

    /// The readers' names as the service gave them.
    pub fn names(&self) -> Vec<CString> {
        self.states
            .iter()
            .map(|state| state.name().to_owned())
            .collect()
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
