//! Decides what is done with the card and what the desk service hears: a
//! state machine without threads, PC/SC or a clock.

mod stay;
#[cfg(test)]
mod tests;
mod wanted;

use super::job::{Job, JobId, Outcome, Report};
use super::order::{Answer, Order, Said, Standing, Work};
use super::reading::Look;
use super::seen::{ReaderInfo, choose};
use crate::domain::card::{Presence, Seen, Trouble};
use crate::domain::reader::ReaderState;
use crate::domain::time::Now;
use jiff::Timestamp;
use stay::{Again, JITTER, Stay};
use std::time::Duration;
use wanted::Wanted;

/// What the mind hears.
#[derive(Debug)]
pub enum Input {
    /// The readers as they are now; `None`: the service is not there.
    Readers(Option<Vec<ReaderInfo>>),
    /// The desk service wants something.
    Job(Job),
    /// An order is carried out, or is not.
    Answer(Answer),
    /// The talking thread has been standing for too long.
    Stalled(Standing),
    /// Time has passed.
    Time,
}

/// What is to be done about it.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// The desk service hears this.
    Tell(Report),
    /// The talking thread does this.
    Order(Order),
    /// It sends nothing more for orders up to this number.
    GiveUp(u64),
    /// The watch looks again: what it saw last was not so.
    LookAgain,
}

/// The mind of the card reader.
pub struct Mind {
    preferred: Option<String>,
    /// Nothing was heard of the service yet.
    fresh: bool,
    readers: Option<Vec<ReaderInfo>>,
    reader: Option<ReaderInfo>,
    stay: Option<Stay>,
    presence: Presence,
    wanted: Option<Wanted>,
    /// Orders without an answer: number, stay, and whether it is a look.
    open: Vec<(u64, Presence, bool)>,
    /// Orders whose job ended before they did: a key may have been tried.
    late: Vec<(u64, JobId)>,
    numbers: u64,
    given_up: u64,
    /// The talking thread stands; it is not given more to do.
    stuck: bool,
    told: Option<ReaderState>,
    /// For pauses that are not those of another desk.
    chance: fastrand::Rng,
    wishes: Vec<Wish>,
}

impl Mind {
    /// Knows nothing yet. Stays are counted from the milliseconds of `start`:
    /// one of before a restart of the desk service is none of after it.
    pub fn new(preferred: Option<String>, start: Timestamp) -> Self {
        Self {
            preferred,
            fresh: true,
            readers: None,
            reader: None,
            stay: None,
            presence: Presence(u64::try_from(start.as_millisecond()).unwrap_or(0)),
            wanted: None,
            open: Vec::new(),
            late: Vec::new(),
            numbers: 0,
            given_up: 0,
            stuck: false,
            told: None,
            chance: fastrand::Rng::with_seed(start.as_nanosecond().unsigned_abs() as u64),
            wishes: Vec::new(),
        }
    }

    /// Takes one input.
    pub fn step(&mut self, now: Now, input: Input) -> Vec<Wish> {
        match input {
            Input::Readers(readers) => self.readers(readers),
            Input::Job(Job::Drop { id }) => self.dropped(id),
            Input::Job(Job::Look) => {
                if let Some(stay) = &mut self.stay {
                    stay.look_again();
                }
            }
            Input::Job(job) => self.wants(job),
            Input::Answer(answer) => self.answered(now, answer),
            Input::Stalled(standing) => self.stalled(standing),
            Input::Time => {}
        }
        self.plan(now);
        self.tell_state();
        // The state first, then what was seen under it.
        self.wishes
            .sort_by_key(|wish| !matches!(wish, Wish::GiveUp(_) | Wish::Tell(Report::State(_))));
        std::mem::take(&mut self.wishes)
    }

    /// When it wants to hear [`Input::Time`], if nothing else comes.
    pub fn due(&self) -> Option<Duration> {
        let stay = self.stay.as_ref().filter(|_| !self.stuck)?;
        stay.again.at()
    }

    /// Whether the talking thread has something to do.
    pub fn is_talking(&self) -> bool {
        !self.open.is_empty() && !self.stuck
    }

    fn readers(&mut self, readers: Option<Vec<ReaderInfo>>) {
        self.fresh = false;
        let held = self
            .wanted
            .as_ref()
            .is_some_and(|wanted| wanted.order.is_some());
        let current = self.stay.as_ref().map(|stay| &stay.reader);
        let chosen = choose(
            readers.as_deref().unwrap_or_default(),
            self.readers.as_deref().unwrap_or_default(),
            current.filter(|_| held),
            current,
            self.preferred.as_deref(),
        )
        .cloned();
        let same = match (&self.stay, &chosen) {
            (Some(stay), Some(reader)) => stay.reader.same_stay(reader),
            _ => false,
        };
        let lost = readers.is_none() || chosen.is_none();
        if let (true, Some(stay)) = (same, &mut self.stay) {
            // Whoever had the card may have let go of it.
            stay.event();
        } else {
            if self.stay.take().is_some() {
                self.leave(lost);
            }
            if let Some(reader) = chosen.as_ref().filter(|reader| reader.card) {
                self.arrive(reader.clone());
            }
        }
        self.readers = readers;
        self.reader = chosen;
    }

    /// A card lies there that was not there before, or may be another one.
    fn arrive(&mut self, reader: ReaderInfo) {
        self.presence.0 += 1;
        self.stay = Some(Stay::new(self.presence, reader));
        // What waits for a card is for this one, and for no later one.
        if let Some(wanted) = &mut self.wanted {
            wanted.presence.get_or_insert(self.presence);
        }
        if self.stuck {
            // Nobody is to wait behind a wish that nothing is done about.
            self.finish(Err(Trouble::Slow));
            self.trouble(Trouble::Slow);
        }
    }

    fn answered(&mut self, now: Now, answer: Answer) {
        let Some(at) = self.open.iter().position(|one| one.0 == answer.number) else {
            return;
        };
        let (number, presence, look) = self.open.remove(at);
        self.outlived(number, &answer.said);
        let late = self.stuck;
        self.stuck &= !self.open.is_empty();
        let Some(stay) = self.stay.as_mut() else {
            return;
        };
        if stay.presence != presence {
            if late && !self.stuck {
                stay.freed();
            }
            return;
        }
        if answer.broken || late || !stay.is_same(answer.mark) {
            let why = answer.said.err().filter(|trouble| !trouble.is_of_key());
            self.renew(now, why);
        } else if number > self.given_up {
            match answer.said {
                Ok(said) => self.heard(now, said),
                Err(trouble) => self.failed(now, trouble, look),
            }
        }
    }

    /// The card gave no proper answer: it may be another one now.
    fn renew(&mut self, now: Now, trouble: Option<Trouble>) {
        let trouble = trouble.unwrap_or(Trouble::Lifted);
        self.give_up();
        let under_way = self.wanted.as_ref().is_some_and(|w| w.order.is_some());
        let meant = self.wanted.as_ref().is_some_and(|w| w.presence.is_some());
        if under_way || meant {
            self.finish(Err(trouble.clone()));
        }
        self.presence.0 += 1;
        if let Some(stay) = &mut self.stay {
            let jitter = self.chance.u64(0..=2 * JITTER);
            stay.renew(self.presence, now.mono, trouble, jitter);
        }
    }

    fn heard(&mut self, now: Now, said: Said) {
        let Some(stay) = &mut self.stay else { return };
        let (presence, today) = (stay.presence, now.today());
        match said {
            Said::Look(look) => {
                stay.seen(&look, today);
                let whole = Box::new(seen(look, presence));
                self.wishes.push(Wish::Tell(Report::Seen(whole)));
            }
            Said::Four { four, left } => self.finish(Ok(Outcome::Four {
                presence,
                four,
                left,
            })),
            Said::Proved(look) => {
                let whole = Box::new(seen(look, presence));
                self.finish(Ok(Outcome::Proved(whole)));
            }
        }
    }

    fn failed(&mut self, now: Now, trouble: Trouble, look: bool) {
        let Some(stay) = &mut self.stay else { return };
        let goes_on = match trouble {
            Trouble::InUse | Trouble::Mute | Trouble::NoReader | Trouble::Lifted => {
                let goes_on =
                    stay.hindered(now.mono, trouble.clone(), self.chance.u64(0..=2 * JITTER));
                if !goes_on && trouble != Trouble::InUse {
                    // The service may have no card there and not have told.
                    self.wishes.push(Wish::LookAgain);
                }
                goes_on
            }
            _ if look => {
                stay.failed(trouble);
                return;
            }
            _ => false,
        };
        if look {
            return;
        }
        if goes_on && trouble == Trouble::InUse {
            if let Some(wanted) = &mut self.wanted {
                wanted.order = None;
            }
        } else {
            self.finish(Err(trouble));
        }
    }

    fn stalled(&mut self, standing: Standing) {
        let trouble = match standing {
            Standing::Connecting => Trouble::InUse,
            Standing::Asking => Trouble::Slow,
        };
        self.stuck = true;
        self.give_up();
        if self.stay.is_some() && self.wanted.is_some() {
            self.finish(Err(trouble.clone()));
        }
        self.trouble(trouble);
    }

    fn trouble(&mut self, trouble: Trouble) {
        if let Some(stay) = &mut self.stay {
            stay.failed(trouble);
        }
    }

    fn give_up(&mut self) {
        if self.numbers > self.given_up {
            self.given_up = self.numbers;
            self.wishes.push(Wish::GiveUp(self.numbers));
        }
    }

    /// Gives the talking thread what there is to do: what somebody waits for
    /// first.
    fn plan(&mut self, now: Now) {
        let Some(stay) = self.stay.as_mut().filter(|_| !self.stuck) else {
            return;
        };
        if !stay.again.is_now(now.mono) {
            return;
        }
        stay.again = Again::Now;
        let presence = stay.presence;
        let (reader, mark) = (stay.reader.clone(), stay.mark.clone());
        let looking = |open: &[(u64, Presence, bool)], given_up: u64| {
            open.iter()
                .any(|one| one.2 && one.1 == presence && one.0 > given_up)
        };
        let look = !stay.looked && !looking(&self.open, self.given_up);
        let mut works = Vec::new();
        if let Some(wanted) = self.wanted.as_mut().filter(|w| w.order.is_none()) {
            wanted.order = Some(self.numbers + 1);
            works.push(Work::of(&wanted.job));
        }
        if look {
            works.push(Work::Look);
        }
        for work in works {
            self.numbers += 1;
            self.open.push((self.numbers, presence, work == Work::Look));
            self.wishes.push(Wish::Order(Order {
                number: self.numbers,
                presence,
                reader: reader.clone(),
                mark: mark.clone(),
                work,
            }));
        }
    }

    fn tell_state(&mut self) {
        if self.fresh {
            return;
        }
        let state = match (&self.readers, &self.reader, &self.stay) {
            (None, ..) => ReaderState::NoService,
            (Some(_), None, _) => ReaderState::NoReader,
            (Some(_), Some(reader), None) => ReaderState::Waiting {
                reader: reader.name.clone(),
            },
            (Some(_), Some(reader), Some(stay)) => ReaderState::CardPresent {
                reader: reader.name.clone(),
                glance: Some(stay.glance()),
            },
        };
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            self.wishes.push(Wish::Tell(Report::State(state)));
        }
    }
}

fn seen(look: Look, presence: Presence) -> Seen {
    Seen {
        presence,
        kind: look.kind,
        token: look.token,
        certificate: look.certificate,
        serial: look.serial,
        expiry: look.expiry,
    }
}
