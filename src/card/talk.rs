//! The thread that talks to the card, with a connection to the service of its
//! own. It may stand for as long as the card does not answer: nobody waits for
//! it.

use super::chip::Broken;
use super::order::{Answer, Order, Said, Standing, Work};
use super::reading::{Mark, Stay};
use super::service;
use super::wire::{self, Wire};
use crate::domain::card::{Presence, Trouble};
use crate::domain::time::Now;
use pcsc::{Context, Error};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tracing::debug;

/// Reads the clock.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// What others may know of the talking thread while it stands.
pub struct Pulse {
    clock: Clock,
    standing: Mutex<Option<(Standing, Duration)>>,
    given_up: AtomicU64,
}

impl Pulse {
    /// Of a thread that does nothing yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            standing: Mutex::default(),
            given_up: AtomicU64::new(0),
        }
    }

    /// What it waits for from now on.
    pub fn stands(&self, standing: Option<Standing>) {
        let since = (self.clock)().mono;
        *self.lock() = standing.map(|standing| (standing, since));
    }

    /// What it waits for, and since when.
    pub fn standing(&self) -> Option<(Standing, Duration)> {
        *self.lock()
    }

    /// Nothing more is sent for orders up to this one.
    pub fn give_up(&self, number: u64) {
        self.given_up.fetch_max(number, Ordering::SeqCst);
    }

    /// Whether that is so.
    pub fn given_up(&self, number: u64) -> bool {
        number <= self.given_up.load(Ordering::SeqCst)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Standing, Duration)>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread's own things.
pub struct Talker {
    pulse: Arc<Pulse>,
    orders: Receiver<Order>,
    next: VecDeque<Order>,
    answer: Box<dyn Fn(Answer) + Send>,
    context: Option<Context>,
}

impl Talker {
    /// Takes orders and answers each once.
    pub fn new(
        pulse: Arc<Pulse>,
        orders: Receiver<Order>,
        answer: Box<dyn Fn(Answer) + Send>,
    ) -> Self {
        Self {
            pulse,
            orders,
            next: VecDeque::new(),
            answer,
            context: None,
        }
    }

    /// Runs until nobody gives orders any more.
    pub fn run(mut self) {
        while let Some(order) = self.next.pop_front().or_else(|| self.orders.recv().ok()) {
            let presence = order.presence;
            self.next.push_front(order);
            self.visit(presence);
        }
    }

    /// Carries out what there is to do in this stay.
    fn visit(&mut self, presence: Presence) {
        while let Some(order) = self.order_of(presence) {
            if self.pulse.given_up(order.number) {
                self.say(&order, Answer::not(Trouble::Dropped));
                continue;
            }
            let trouble = match self.connect(&order) {
                Ok(mut wire) => self.converse(&mut wire, order),
                Err(error) => {
                    debug!(%error, order = order.number, "card not reached");
                    let trouble = wire::refused(error);
                    self.say(&order, Answer::not(trouble.clone()));
                    Some(trouble)
                }
            };
            // What else was wanted of this stay is not tried on what may be
            // another card.
            if let Some(trouble) = trouble {
                while let Some(order) = self.order_of(presence) {
                    self.say(&order, Answer::not(trouble.clone()));
                }
            }
        }
    }

    /// One connection, as long as the card goes on with it; what broke it.
    fn converse(&mut self, wire: &mut Wire, first: Order) -> Option<Trouble> {
        let line = wire.line();
        let presence = first.presence;
        let mut card = match &first.mark {
            Some(mark) => Stay::of(wire, mark.clone()),
            None => Stay::new(wire),
        };
        let mut next = Some(first);
        while let Some(order) = next {
            if self.pulse.given_up(order.number) {
                self.say(&order, Answer::not(Trouble::Dropped));
            } else {
                line.order.set(order.number);
                let said = carry_out(&mut card, &order);
                let answer = self.judge(&order, said, line.broken.get(), card.mark());
                let trouble = answer.said.as_ref().err();
                debug!(
                    order = order.number,
                    work = order.work.name(),
                    trouble = trouble.map(Trouble::word),
                    "card answered"
                );
                let broken = trouble.filter(|_| answer.broken).cloned();
                self.say(&order, answer);
                if broken.is_some() {
                    return broken;
                }
                if !card.alive() {
                    return None;
                }
            }
            next = self.order_of(presence);
        }
        None
    }

    /// What an order's end means.
    fn judge(
        &self,
        order: &Order,
        said: Result<Said, Trouble>,
        broken: Option<Broken>,
        mark: Option<Mark>,
    ) -> Answer {
        match (broken, &said) {
            (Some(broken), _) => Answer::broken(trouble(broken)),
            // A try that was used is told in any case.
            (None, Err(other)) if !other.is_of_key() && self.pulse.given_up(order.number) => {
                Answer::not(Trouble::Dropped)
            }
            // Another card's certificate, before or after.
            (None, Err(other @ (Trouble::Lifted | Trouble::NoCard))) => {
                Answer::broken(other.clone())
            }
            _ => Answer {
                number: 0,
                broken: false,
                mark,
                said,
            },
        }
    }

    /// The next order, if it is one of this stay.
    fn order_of(&mut self, presence: Presence) -> Option<Order> {
        self.next.extend(self.orders.try_iter());
        let of_it = self.next.front()?.presence == presence;
        if of_it { self.next.pop_front() } else { None }
    }

    fn connect(&mut self, order: &Order) -> Result<Wire, Error> {
        for fresh in [false, true] {
            if fresh || self.context.is_none() {
                self.context = Some(service::connect()?);
            }
            let Some(context) = &self.context else { break };
            match Wire::connect(context, &order.reader, &self.pulse) {
                // The service was started again since.
                Err(error) if wire::is_stale(error) && !fresh => {}
                done => return done,
            }
        }
        Err(Error::NoService)
    }

    fn say(&self, order: &Order, answer: Answer) {
        (self.answer)(Answer {
            number: order.number,
            ..answer
        });
    }
}

fn trouble(broken: Broken) -> Trouble {
    match broken {
        Broken::Lifted => Trouble::Lifted,
        Broken::InUse => Trouble::InUse,
        Broken::NoReader => Trouble::NoReader,
    }
}

/// One order.
fn carry_out(card: &mut Stay<'_>, order: &Order) -> Result<Said, Trouble> {
    match &order.work {
        Work::Look => card.look(&order.reader.atr).map(Said::Look),
        Work::Four { key, confirmed } => {
            card.four(key, *confirmed).map(|(four, left)| Said::Four {
                four: Box::new(four),
                left,
            })
        }
        Work::Prove { pin, confirmed } => {
            let mut challenge = [0; 32];
            SystemRandom::new()
                .fill(&mut challenge)
                .map_err(|_| Trouble::Odd {
                    step: "random".to_owned(),
                    status: 0,
                })?;
            card.prove(pin, *confirmed, challenge).map(Said::Proved)
        }
    }
}
