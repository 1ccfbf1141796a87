//! Cards that leave in the middle, and others that come in their place.

use super::desk::{Desk, are_of, card, face, facts, is_of, pin};
use super::service::{Service, until};
use madoguchi::card::job::{Outcome, Report};
use madoguchi::domain::card::{Presence, Trouble};
use madoguchi::simulator::card::rack::Facts;
use madoguchi::simulator::card::{Asked, Machine, Manner, Removal};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Pulled during or after each command of a reading: nothing of the card is
/// heard, and the next card is read as if nothing had been.
pub fn pulled(service: &mut Service<'_>) {
    let mut desk = Desk::open(None);
    desk.waits();
    // How many commands a reading and the look after it are.
    let id = desk.read(None, face("hanako"), None);
    let there = desk.put(service, card("hanako"));
    desk.done(id).unwrap();
    desk.seen();
    let all = there.pull().log().len() as u32;
    assert!(all > 10, "{all}");
    desk.waits();
    for n in 1..=all {
        let both = [Removal::During(n), Removal::After(n)];
        // Between two commands, or within one: told apart where it matters,
        // around the key and at the ends.
        let most = if [1, 4, 5, 8, all].contains(&n) { 2 } else { 1 };
        for removal in both.into_iter().take(most) {
            desk.heard.clear();
            let id = desk.read(None, face("hanako"), None);
            let manner = Manner {
                removal: Some(removal),
                ..Manner::default()
            };
            let there = desk.put(service, card("hanako").with(manner));
            let result = desk.done(id);
            until("the card is gone", || there.ended().then_some(()));
            let log = there.pull();
            assert_eq!(log.trips(), []);
            let verified = log.log().iter().position(Asked::attempts);
            match &result {
                Ok(Outcome::Four { four, .. }) => {
                    // Whole before it left, or not at all: eight commands.
                    assert!(n >= 8, "{removal:?}");
                    assert!(are_of(four, &facts("hanako")), "{removal:?}");
                    assert!(verified.is_some());
                }
                // On a busy machine the wish came while the look was going on.
                Err(Trouble::Lifted) => {
                    assert!(n <= 8 || verified.is_none(), "{removal:?}");
                }
                // Or after it was broken.
                Err(Trouble::NoCard) => assert_eq!(verified, None, "{removal:?}"),
                other => panic!("{removal:?}: {other:?}"),
            }
            desk.waits();
            let seen = desk
                .heard
                .iter()
                .filter(|said| matches!(said, Report::Seen(_)));
            assert_eq!(
                seen.count(),
                usize::from(removal == Removal::After(all)),
                "{removal:?}: half a look is none"
            );
        }
    }
}

/// Two people whose cards follow each other within one poll of the service,
/// at any command: whatever is reported is of one of them, and of the one
/// whose stay it is reported for (section 8.6).
pub fn swapped(service: &mut Service<'_>) {
    let swaps = number("MADOGUCHI_SWAPS", 1000);
    let seed = number("MADOGUCHI_SEED", 20_261_120);
    eprintln!("MADOGUCHI_SEED={seed} MADOGUCHI_SWAPS={swaps}");
    let mut random = fastrand::Rng::with_seed(seed);
    let people: [Facts; 2] = ["ichinose", "hanako"].map(facts);
    // The same PIN opens both: nothing but the bookkeeping keeps them apart.
    assert_eq!(people[0].text, people[1].text);
    let begun = Instant::now();
    let mut desk = Desk::open(None);
    desk.patience = Duration::from_millis(700);
    let mut count = Count::default();
    let mut left = swaps;
    while left > 0 {
        desk.waits();
        let links = left.min(50);
        left -= links;
        let there = desk.put(service, chain(links as usize, &mut random));
        let mut owners: BTreeMap<Presence, usize> = BTreeMap::new();
        // Asks on and on, for the card just seen or for whichever comes,
        // until the last card of the chain has been read.
        loop {
            desk.catch_up();
            let presence = match desk.glance() {
                Some(glance) if random.bool() => Some(glance.presence),
                _ => None,
            };
            let last = there.machine().manner().next.is_none();
            let key = pin(&people[0].text);
            let id = desk.read(presence, key, None);
            let result = desk.done(id);
            if let (Some(asked), Ok(Outcome::Four { presence, .. })) = (presence, &result) {
                assert_eq!(asked, *presence, "only from the card that was meant");
            }
            count.hear(&std::mem::take(&mut desk.heard), &people, &mut owners);
            // It was the last one already when it was asked.
            if result.is_ok() && last {
                break;
            }
        }
        let machine = there.pull();
        assert_eq!(machine.trips(), []);
    }
    eprintln!(
        "{swaps} swaps in {:?}: {} readings whole, {} broken off, {} looks",
        begun.elapsed(),
        count.whole,
        count.broken,
        count.looks
    );
    assert!(count.whole > 0 && count.broken > 0 && count.looks > 0);
}

#[derive(Default)]
struct Count {
    whole: usize,
    broken: usize,
    looks: usize,
}

impl Count {
    /// Everything reported is wholly of one person, and everything of one
    /// stay of the same.
    fn hear(
        &mut self,
        heard: &[Report],
        people: &[Facts; 2],
        owners: &mut BTreeMap<Presence, usize>,
    ) {
        for report in heard {
            let (presence, owner) = match report {
                Report::Seen(seen) => {
                    self.looks += 1;
                    let owner = people.iter().position(|facts| is_of(seen, facts));
                    (seen.presence, owner)
                }
                Report::Done {
                    result: Ok(Outcome::Four { presence, four, .. }),
                    ..
                } => {
                    self.whole += 1;
                    let owner = people.iter().position(|facts| are_of(four, facts));
                    (*presence, owner)
                }
                Report::Done { result: Err(_), .. } => {
                    self.broken += 1;
                    continue;
                }
                _ => continue,
            };
            let owner = owner.expect("a mix of two people");
            let known = *owners.entry(presence).or_insert(owner);
            assert_eq!(known, owner, "two people in one stay");
        }
    }
}

/// So many cards that take each other's place at some command, two people in
/// turns.
fn chain(links: usize, random: &mut fastrand::Rng) -> Machine {
    let mut next = person(links);
    for link in (0..links).rev() {
        // A look is about 15 commands, a reading 8.
        let at = random.u32(1..=24);
        let removal = if random.bool() {
            Removal::During(at)
        } else {
            Removal::After(at)
        };
        next = person(link).with(Manner {
            removal: Some(removal),
            next: Some(Box::new(next)),
            ..Manner::default()
        });
    }
    next
}

fn person(index: usize) -> Machine {
    card(["ichinose", "hanako"][index % 2])
}

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}
