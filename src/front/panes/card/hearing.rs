//! What the desk service says of the card, and what goes with a card that is
//! taken away.

use super::choices::show;
use super::offer::{Notes, Offer};
use super::{Shown, State, Step, glance};
use crate::domain::card::{Four, Kind, Presence, Trouble};
use crate::domain::failure::Failure;
use crate::front::app::{Cx, Tone};
use crate::front::panes::Place;
use crate::front::sheet::Scroll;
use crate::front::wording::card;
use crate::link::message::{ToDesk, ToFront};

impl State {
    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        let ticket = message.ticket();
        match message {
            ToFront::Status(_) => self.follow(cx),
            ToFront::Card { seen, .. } if self.looking.map(|l| l.0) == ticket => {
                let serial = self.looking.take().is_some_and(|(_, serial)| serial);
                self.shown = Some(Shown {
                    presence: seen.presence,
                    certificate: seen.certificate.clone(),
                    expiry: seen.expiry,
                    serial: serial.then(|| seen.serial.clone()),
                });
            }
            ToFront::Failed { failure, .. } if self.looking.map(|l| l.0) == ticket => {
                let (_, asked) = self.looking.take().unzip();
                if asked == Some(true) {
                    cx.say(Tone::Error, failure.to_string());
                }
            }
            ToFront::CardRead {
                presence,
                four,
                left,
                ..
            } if self.wish() == ticket => self.read(cx, *presence, four, *left),
            ToFront::CardProved { seen, .. } if self.wish() == ticket => {
                cx.hush();
                self.step = Step::Proved(seen.presence);
            }
            ToFront::Failed { failure, .. } if self.wish() == ticket => self.failed(cx, failure),
            ToFront::Page { page, .. } => {
                if let Step::Offer(offer) = &mut self.step
                    && let Notes::Asked(asked) = offer.notes
                    && Some(asked) == ticket
                {
                    offer.notes = Notes::Found(page.rows.clone());
                }
            }
            ToFront::Noted { note, .. } if self.opening.is_some() && self.opening == ticket => {
                self.opening = None;
                show(cx, note);
            }
            ToFront::Failed { failure, .. } if self.opening.is_some() && self.opening == ticket => {
                self.opening = None;
                cx.say(Tone::Error, failure.to_string());
            }
            _ => {}
        }
    }

    /// Whatever was known of a card goes with it.
    pub(super) fn follow(&mut self, cx: &mut Cx<'_>) {
        let lies = glance(cx.known).map(|glance| glance.presence);
        let before = std::mem::replace(&mut self.lay, lies);
        if before.is_some() && before != lies && self.typed.next_card() {
            cx.say(Tone::Warning, card::WIPED);
        }
        let gone = |presence: Presence| lies.is_none_or(|there| there > presence);
        if self.shown.as_ref().is_some_and(|s| gone(s.presence)) {
            self.shown = None;
            self.looking = None;
        }
        match &mut self.step {
            Step::Offer(offer) if gone(offer.presence) => {
                self.step = Step::Typing;
                cx.say(Tone::Warning, card::GONE);
            }
            Step::Proved(presence) if gone(*presence) => self.step = Step::Typing,
            Step::Few { presence, .. } if gone(*presence) => {
                self.step = Step::Typing;
                cx.say(Tone::Warning, card::NOT_TRIED);
            }
            Step::Reading {
                since, presence, ..
            } => {
                // The first card that is put down is the one that is meant.
                *presence = presence.or(lies);
                *since = lies.and(since.or(Some(cx.now.mono)));
            }
            _ => {}
        }
        let looked = glance(cx.known).is_some_and(|glance| {
            glance.kind.is_some_and(|kind| kind == Kind::MyNumber) && glance.trouble.is_none()
        });
        if looked && self.shown.is_none() && self.looking.is_none() && self.wish().is_none() {
            self.look(cx, false);
        }
    }

    fn read(&mut self, cx: &mut Cx<'_>, presence: Presence, four: &Four, left: Option<u8>) {
        cx.hush();
        let mut offer = Offer::new(presence, four.clone(), left);
        offer.compare(self.below.as_ref(), cx.now.today());
        self.scroll = Scroll::default();
        self.step = Step::Offer(Box::new(offer));
        self.find_notes(cx);
    }

    /// At the look-up: who is it in today's ledger?
    pub(super) fn find_notes(&mut self, cx: &mut Cx<'_>) {
        let at_lookup = self
            .below
            .as_ref()
            .is_some_and(|b| b.place == Place::Lookup);
        if let Step::Offer(offer) = &mut self.step
            && at_lookup
            && matches!(offer.notes, Notes::None)
        {
            let ticket = cx.ticket();
            cx.send(ToDesk::CardNotes {
                ticket,
                presence: Some(offer.presence),
                name: offer.name.clone(),
                birth_date: offer.birth,
            });
            offer.notes = Notes::Asked(ticket);
        }
    }

    fn failed(&mut self, cx: &mut Cx<'_>, failure: &Failure) {
        let step = std::mem::take(&mut self.step);
        match (failure, step) {
            (
                Failure::Card(trouble @ Trouble::FewTries { left, .. }),
                Step::Reading { wish, presence, .. },
            ) => {
                let lies = glance(cx.known).map(|glance| glance.presence);
                match lies.filter(|lies| presence.is_none_or(|meant| meant == *lies)) {
                    Some(presence) => {
                        cx.hush();
                        self.step = Step::Few {
                            wish,
                            presence,
                            trouble: trouble.clone(),
                            left: *left,
                        };
                    }
                    None => cx.say(Tone::Warning, card::NOT_TRIED),
                }
            }
            (Failure::Card(Trouble::Dropped), Step::Reading { presence: None, .. }) => {
                self.typed.next_card();
                cx.say(Tone::Warning, card::WAITED);
            }
            (Failure::DeskLost, Step::Reading { wish, .. }) => {
                cx.say(Tone::Error, wish.kind().lost());
            }
            (failure, _) => cx.say(Tone::Error, failure.to_string()),
        }
    }
}
