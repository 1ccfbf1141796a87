//! A population of any size: the same for the same number and seed, with the
//! ages, households, insurers, and the gaps and oddities that desks meet.
//!
//! Every name, number and address is put together by chance; whoever is meant
//! by one of them is not.

mod covers;
mod homes;
mod insurers;

use super::names::{ERAS, FOREIGN, SURNAMES, half_kana, pairs};
use super::{Cover, Person};
use crate::domain::person::Sex;
use covers::Insurers;
use fastrand::Rng;
use homes::Soul;
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The day on which ages and entitlements are as they are.
pub const AS_OF: Date = date(2026, 11, 1);

/// Most people in one population.
pub const MOST: usize = 1_000_000;

/// A name and its reading in half-width katakana.
type Word = (String, String);

struct Given {
    from: i16,
    men: Vec<Word>,
    women: Vec<Word>,
}

/// Picks names by weight.
struct Namer {
    surnames: Vec<Word>,
    /// Sums of the weights up to each surname.
    sums: Vec<u32>,
    given: Vec<Given>,
    foreign: Vec<(Vec<Word>, Vec<Word>)>,
}

/// A household's surname, and where its given names come from.
#[derive(Clone, Copy)]
enum Family {
    Common(usize),
    Foreign(usize, usize),
}

fn words(table: &'static str) -> Vec<Word> {
    pairs(table)
        .into_iter()
        .map(|(name, reading)| (name.to_owned(), half_kana(reading)))
        .collect()
}

fn any<'a, T>(rng: &mut Rng, from: &'a [T]) -> Option<&'a T> {
    if from.is_empty() {
        None
    } else {
        from.get(rng.usize(..from.len()))
    }
}

/// Chance of `n` in a thousand.
fn permille(rng: &mut Rng, n: u32) -> bool {
    rng.u32(..1000) < n
}

impl Namer {
    fn new() -> Self {
        let mut surnames = Vec::new();
        let mut sums = Vec::new();
        let mut sum = 0;
        for word in SURNAMES.split_whitespace() {
            let mut parts = word.split(':');
            let (Some(name), Some(reading), Some(weight)) =
                (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            sum += weight.parse::<u32>().unwrap_or(0);
            surnames.push((name.to_owned(), half_kana(reading)));
            sums.push(sum);
        }
        Self {
            surnames,
            sums,
            given: ERAS
                .iter()
                .map(|era| Given {
                    from: era.from,
                    men: words(era.men),
                    women: words(era.women),
                })
                .collect(),
            foreign: FOREIGN
                .iter()
                .map(|(surnames, given)| (words(surnames), words(given)))
                .collect(),
        }
    }

    fn family(&self, rng: &mut Rng) -> Family {
        if permille(rng, 20) {
            let kind = rng.usize(..self.foreign.len());
            let names = self.foreign.get(kind).map_or(1, |(s, _)| s.len());
            return Family::Foreign(kind, rng.usize(..names));
        }
        let total = self.sums.last().copied().unwrap_or(1);
        let drawn = rng.u32(..total);
        Family::Common(self.sums.partition_point(|sum| *sum <= drawn))
    }

    fn full(&self, rng: &mut Rng, family: Family, sex: Sex, born: Date) -> Word {
        let nobody = (String::new(), String::new());
        let (surname, given) = match family {
            Family::Foreign(kind, place) => {
                let (surnames, given) = match self.foreign.get(kind) {
                    Some((surnames, given)) => (surnames.as_slice(), given.as_slice()),
                    None => (&[] as &[Word], &[] as &[Word]),
                };
                (
                    surnames.get(place).unwrap_or(&nobody),
                    any(rng, given).unwrap_or(&nobody),
                )
            }
            Family::Common(place) => {
                let era = self.given.iter().rev().find(|era| era.from <= born.year());
                let list = match (era, sex) {
                    (Some(era), Sex::Female) => era.women.as_slice(),
                    (Some(era), _) => era.men.as_slice(),
                    (None, _) => &[],
                };
                // The more usual names are in front: the smaller of two draws.
                let count = list.len().max(1);
                let drawn = rng.usize(..count).min(rng.usize(..count));
                (
                    self.surnames.get(place).unwrap_or(&nobody),
                    list.get(drawn).unwrap_or(&nobody),
                )
            }
        };
        (
            format!("{}　{}", surname.0, given.0),
            format!("{} {}", surname.1, given.1),
        )
    }
}

/// `people` people (at most [`MOST`]). The first of them are households; the
/// order means nothing.
pub fn generate(people: usize, seed: u64) -> Vec<Person> {
    let mut rng = Rng::with_seed(seed);
    let namer = Namer::new();
    let mut insurers = Insurers::new();
    let homes = homes::build(&mut rng, people.min(MOST), &insurers);
    let mut found = Vec::with_capacity(people.min(MOST));
    let mut alike: Option<(u32, Word)> = None;
    for home in &homes {
        let family = namer.family(&mut rng);
        let mut members: Vec<(Soul, Word)> = home
            .members
            .iter()
            .map(|soul| {
                let name = namer.full(&mut rng, family, soul.sex, soul.born);
                (*soul, name)
            })
            .collect();
        part_twins(&mut rng, &namer, family, &mut members);
        if let (Some(group), Some(member)) = (home.alike, members.first_mut()) {
            // People of one group share a name; the first one gives it.
            match &alike {
                Some((known, name)) if *known == group => member.1 = name.clone(),
                _ => alike = Some((group, member.1.clone())),
            }
        }
        let foreign = matches!(family, Family::Foreign(..));
        let homely = home.alike.is_none();
        for (_, name) in members.iter_mut().filter(|_| homely) {
            if permille(&mut rng, 8) {
                dot(&mut rng, &mut name.0);
            }
        }
        let covers = insurers.covers(&mut rng, home, &members);
        let place = insurers.place(&mut rng, home);
        for ((soul, name), covers) in members.into_iter().zip(covers) {
            let number = found.len() + 1;
            let person = register(&mut rng, number, soul, name, &place, covers, foreign);
            found.push(person);
        }
    }
    found
}

/// Twins have names of their own.
fn part_twins(rng: &mut Rng, namer: &Namer, family: Family, members: &mut [(Soul, Word)]) {
    for later in 1..members.len() {
        for _ in 0..8 {
            let (before, rest) = members.split_at_mut(later);
            let Some((soul, name)) = rest.first_mut() else {
                break;
            };
            if before.iter().all(|(_, taken)| taken != name) {
                break;
            }
            *name = namer.full(rng, family, soul.sex, soul.born);
        }
    }
}

/// One character that the insurer's system could not show (DOM-34).
fn dot(rng: &mut Rng, name: &mut String) {
    let places: Vec<usize> = name
        .chars()
        .enumerate()
        .filter(|(_, c)| *c != '　')
        .map(|(place, _)| place)
        .collect();
    if let Some(place) = any(rng, &places) {
        *name = name
            .chars()
            .enumerate()
            .map(|(at, c)| if at == *place { '●' } else { c })
            .collect();
    }
}

fn register(
    rng: &mut Rng,
    number: usize,
    soul: Soul,
    name: Word,
    place: &(String, String),
    covers: Vec<Cover>,
    foreign: bool,
) -> Person {
    let unset = permille(rng, 2);
    let no_address = permille(rng, 40);
    let alias = foreign && permille(rng, 200);
    let (name, kana) = name;
    Person {
        id: format!("g{number:06}"),
        other_name: if alias {
            "通称　見本".to_owned()
        } else {
            String::new()
        },
        other_kana: if alias {
            "ﾂｳｼｮｳ ﾐﾎﾝ".to_owned()
        } else {
            String::new()
        },
        name,
        kana: if permille(rng, 10) {
            String::new()
        } else {
            kana
        },
        sex: if unset { Sex::Unset } else { soul.sex },
        sex_back: (unset && rng.bool()).then_some(soul.sex),
        birth_date: soul.born,
        postal_code: if no_address {
            String::new()
        } else {
            place.0.clone()
        },
        address: if no_address {
            String::new()
        } else {
            place.1.clone()
        },
        undisclosed: permille(rng, 5),
        withheld: permille(rng, 3),
        covers,
    }
}

/// Completed years on [`AS_OF`].
pub fn age(born: Date) -> i16 {
    let had_birthday = (AS_OF.month(), AS_OF.day()) >= (born.month(), born.day());
    AS_OF.year() - born.year() - i16::from(!had_birthday)
}

/// A day up to `days` before `day`.
fn before(rng: &mut Rng, day: Date, days: i32) -> Date {
    day.saturating_sub(rng.i32(0..days.max(1)).days())
}
