//! Who knows how far the journal reached: the running desk service, or what
//! lies beside the journal of a store that nobody has open.

use super::PATIENCE;
use crate::cli::client::Client;
use crate::cli::settings::Settings;
use crate::domain::note::NoteId;
use crate::link::message::{STRETCHES, Stretch, ToDesk, ToFront};
use crate::link::socket;
use crate::store::audit::Witness;
use crate::store::beside::Beside;
use crate::store::seal::Seal;
use crate::store::whose::Spot;
use std::cell::RefCell;

/// Whoever can be asked about the store of these settings.
pub fn of(settings: &Settings, seal: Option<&Seal>) -> Option<Box<dyn Witness>> {
    if let Some(running) = Running::of(settings) {
        return Some(Box::new(running));
    }
    let now = crate::clock::Clock::start().now().wall;
    let beside = Beside::of(&settings.places.store, seal, now).ok()?;
    Some(Box::new(beside))
}

/// A desk service, with what it said before the files were read.
struct Running {
    client: RefCell<Client>,
    last: Option<u64>,
}

impl Running {
    fn of(settings: &Settings) -> Option<Self> {
        socket::running(&settings.places.data)?;
        let end = socket::connect(&settings.places.data).ok()?;
        let mut client = Client::greet(end, PATIENCE).ok()?;
        let (last, _) = ask(&mut client, Vec::new())?;
        Some(Self {
            client: RefCell::new(client),
            last,
        })
    }
}

fn ask(client: &mut Client, stretches: Vec<Stretch>) -> Option<(Option<u64>, Vec<Vec<NoteId>>)> {
    match client.ask(|ticket| ToDesk::Journal { ticket, stretches }) {
        Ok(ToFront::Journal { last, notes, .. }) => Some((last, notes)),
        _ => None,
    }
}

impl Witness for Running {
    fn last(&self) -> Option<u64> {
        self.last
    }

    fn sure(&self) -> bool {
        self.last.is_some()
    }

    fn at(&self, spots: &[Spot]) -> Option<Vec<Vec<NoteId>>> {
        let mut client = self.client.borrow_mut();
        let mut all = Vec::with_capacity(spots.len());
        for spots in spots.chunks(STRETCHES) {
            let stretches = spots.iter().map(|spot| Stretch {
                records: spot.seqs(),
                bytes: spot.bytes(),
            });
            all.extend(ask(&mut client, stretches.collect())?.1);
        }
        Some(all)
    }
}
