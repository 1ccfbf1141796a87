//! A reader in this process: the mind of the real one over virtual cards, in
//! whatever time its owner gives it. A card's commands take their time, and
//! what lies there may change between them.

mod demo;

pub use demo::start;

use super::machine::Machine;
use super::rack::Rack;
use crate::card::chip::{Broken, Chip};
use crate::card::job::{Job, Report};
use crate::card::mind::{Input, Mind, Wish};
use crate::card::order::{Answer, Order, Said, Standing, Work};
use crate::card::reading::Stay;
use crate::card::seen::ReaderInfo;
use crate::domain::card::Trouble;
use crate::domain::time::Now;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

/// Its name.
pub const NAME: &str = "模擬読取機";

/// A card that gives no answer for so long is said to be slow, as by the real
/// reader.
const SLOW: Duration = Duration::from_secs(10);

/// No card of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    name: String,
    known: String,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, known } = self;
        write!(f, "カード {name} はありません。あるのは: {known}")
    }
}

/// What comes after some time.
enum Later {
    Answer(Answer),
    /// The card gave no answer for [`SLOW`].
    Stalled,
    /// It left by itself.
    Left,
}

/// The reader and what lies on it.
pub struct Reader {
    rack: Rack,
    mind: Mind,
    plugged: bool,
    /// What was ever put down, as it is now: tries do not come back.
    cards: BTreeMap<String, Machine>,
    lies: Option<String>,
    /// Insertions and removals.
    count: u32,
    /// What every command takes at least.
    delay: Duration,
    later: VecDeque<(Duration, Later)>,
}

impl Reader {
    /// Plugged in and empty.
    pub fn new(rack: Rack) -> Self {
        Self {
            rack,
            mind: Mind::new(None, Timestamp::UNIX_EPOCH),
            plugged: true,
            cards: BTreeMap::new(),
            lies: None,
            count: 0,
            delay: Duration::ZERO,
            later: VecDeque::new(),
        }
    }

    /// Every card that was ever put down, with what it was asked.
    pub fn cards(&self) -> impl Iterator<Item = &Machine> {
        self.cards.values()
    }

    /// A card that was put down, to be asked by a test.
    #[cfg(test)]
    pub(crate) fn card_mut(&mut self, name: &str) -> Option<&mut Machine> {
        self.cards.get_mut(name)
    }

    /// What every command takes from now on, at least.
    pub fn slow(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// The desk service is another one now, and knows nothing yet.
    pub fn begin(&mut self, now: Now) -> Vec<Report> {
        self.mind = Mind::new(None, now.wall);
        self.later.clear();
        self.readers(now)
    }

    /// Puts a card down, in the place of what lies there, or takes it away.
    pub fn put(&mut self, now: Now, name: Option<&str>) -> Result<Vec<Report>, Unknown> {
        if let Some(name) = name
            && !self.cards.contains_key(name)
        {
            let machine = self.rack.named(name).ok_or_else(|| Unknown {
                name: name.to_owned(),
                known: self.rack.names().collect::<Vec<_>>().join("、"),
            })?;
            self.cards.insert(name.to_owned(), machine);
        }
        if let Some(old) = self.lies.take() {
            self.count += 1;
            if let Some(old) = self.cards.get_mut(&old) {
                old.remove();
            }
        }
        if let Some(name) = name {
            self.count += 1;
            self.lies = Some(name.to_owned());
            if let Some(new) = self.cards.get_mut(name) {
                new.insert();
            }
        }
        Ok(self.readers(now))
    }

    /// The reader is there, or not.
    pub fn plug(&mut self, now: Now, plugged: bool) -> Vec<Report> {
        if self.plugged != plugged {
            self.plugged = plugged;
            self.count += 1;
        }
        self.readers(now)
    }

    /// The desk service wants something.
    pub fn send(&mut self, now: Now, job: Job) -> Vec<Report> {
        self.think(now, Input::Job(job))
    }

    /// When it wants [`Reader::tick`], if nothing else comes.
    pub fn due(&self) -> Option<Duration> {
        let later = self.later.front().map(|(at, _)| *at);
        later.into_iter().chain(self.mind.due()).min()
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Now) -> Vec<Report> {
        let mut reports = Vec::new();
        while self.later.front().is_some_and(|(at, _)| *at <= now.mono) {
            let Some((_, later)) = self.later.pop_front() else {
                break;
            };
            reports.extend(match later {
                Later::Answer(answer) => self.think(now, Input::Answer(answer)),
                Later::Stalled => self.think(now, Input::Stalled(Standing::Asking)),
                Later::Left => {
                    self.lies = None;
                    self.count += 1;
                    self.readers(now)
                }
            });
        }
        reports.extend(self.think(now, Input::Time));
        reports
    }

    fn readers(&mut self, now: Now) -> Vec<Report> {
        let card = self.lies.as_ref().and_then(|name| self.cards.get(name));
        let reader = self.plugged.then(|| ReaderInfo {
            name: NAME.to_owned(),
            card: card.is_some(),
            atr: card.map_or_else(Vec::new, |card| card.atr().to_vec()),
            count: self.count,
            ..ReaderInfo::default()
        });
        self.think(now, Input::Readers(Some(reader.into_iter().collect())))
    }

    /// Lets the mind hear something and does what it wants, until there is
    /// nothing more to do at this moment.
    fn think(&mut self, now: Now, input: Input) -> Vec<Report> {
        let mut reports = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut orders = Vec::new();
            for wish in self.mind.step(now, input) {
                match wish {
                    Wish::Tell(report) => reports.push(report),
                    Wish::Order(order) => orders.push(order),
                    Wish::GiveUp(number) => self.give_up(number),
                    // What is put here is seen as it is.
                    Wish::LookAgain => {}
                }
            }
            self.talk(now.mono, orders);
            while let Some((at, Later::Answer(_))) = self.later.front()
                && *at <= now.mono
            {
                if let Some((_, Later::Answer(answer))) = self.later.pop_front() {
                    inputs.push_back(Input::Answer(answer));
                }
            }
        }
        reports
    }

    /// What is under way up to this order comes to nothing.
    fn give_up(&mut self, number: u64) {
        for (_, later) in &mut self.later {
            if let Later::Answer(answer) = later
                && answer.number <= number
                && !answer.said.as_ref().is_err_and(Trouble::is_of_key)
            {
                let number = answer.number;
                *answer = Answer {
                    number,
                    ..Answer::not(Trouble::Dropped)
                };
            }
        }
    }

    /// Carries out orders of one stay over one connection; what they come to
    /// is heard when their commands have taken their time.
    fn talk(&mut self, now: Duration, orders: Vec<Order>) {
        if orders.is_empty() {
            return;
        }
        let from = self.later.back().map_or(now, |(at, _)| (*at).max(now));
        let card = self.lies.as_ref().and_then(|name| self.cards.get_mut(name));
        let Some(card) = card.filter(|card| card.answers()) else {
            let trouble = match &self.lies {
                Some(_) => Trouble::Mute,
                None => Trouble::Lifted,
            };
            for order in orders {
                let answer = numbered(&order, Answer::not(trouble.clone()));
                self.later.push_back((from, Later::Answer(answer)));
            }
            return;
        };
        let delay = self.delay.max(card.manner().delay);
        card.power_on();
        let mut later = converse(card, orders, from, delay);
        card.power_off();
        if !card.lies_there() {
            let at = later.back().map_or(from, |(at, _)| *at);
            later.push_back((at, Later::Left));
        }
        if delay >= SLOW {
            self.later.push_back((from + SLOW, Later::Stalled));
        }
        self.later.extend(later);
    }
}

/// Commands counted on their way.
struct Counted<'a> {
    card: &'a mut Machine,
    sent: u32,
    broken: Option<Broken>,
}

impl Chip for Counted<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        self.sent += 1;
        let answer = self.card.transmit(command);
        if let Err(broken) = &answer {
            self.broken = Some(*broken);
        }
        answer
    }
}

/// The orders, one after the other, until the card breaks off.
fn converse(
    card: &mut Machine,
    orders: Vec<Order>,
    from: Duration,
    delay: Duration,
) -> VecDeque<(Duration, Later)> {
    let mut later = VecDeque::new();
    let mut at = from;
    let mut broken: Option<Trouble> = None;
    let mut mark = orders.first().and_then(|order| order.mark.clone());
    for order in orders {
        if let Some(trouble) = &broken {
            let answer = numbered(&order, Answer::not(trouble.clone()));
            later.push_back((at, Later::Answer(answer)));
            continue;
        }
        let mut chip = Counted {
            card,
            sent: 0,
            broken: None,
        };
        let mut stay = match mark.clone() {
            Some(mark) => Stay::of(&mut chip, mark),
            None => Stay::new(&mut chip),
        };
        let said = carry_out(&mut stay, &order);
        mark = stay.mark();
        let answer = match (chip.broken, said) {
            (Some(_), _) => Answer::broken(Trouble::Lifted),
            (None, Err(other @ (Trouble::Lifted | Trouble::NoCard))) => Answer::broken(other),
            (None, said) => Answer {
                number: 0,
                broken: false,
                mark: mark.clone(),
                said,
            },
        };
        at += delay.saturating_mul(chip.sent);
        if answer.broken {
            broken = answer.said.as_ref().err().cloned();
        }
        later.push_back((at, Later::Answer(numbered(&order, answer))));
    }
    later
}

fn numbered(order: &Order, answer: Answer) -> Answer {
    Answer {
        number: order.number,
        ..answer
    }
}

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
            fastrand::Rng::with_seed(order.number).fill(&mut challenge);
            card.prove(pin, *confirmed, challenge).map(Said::Proved)
        }
    }
}

#[cfg(test)]
mod tests;
