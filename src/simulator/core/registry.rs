//! The people, found by card or by 4情報, and what an insurer tells of them.

use crate::domain::entitlement::{Candidate, Entitlement, GivenDate, Validity};
use crate::domain::insurance::{InsuranceNumbers, LookupQuery};
use crate::domain::person::OutageQuery;
use crate::simulator::people::{Cover, Person};
use crate::text::fold;
use jiff::civil::Date;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use unicode_normalization::UnicodeNormalization;

/// A person and one of the entitlements, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Hit {
    person: u32,
    cover: u32,
}

/// What a card found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    One(Hit),
    NotFound,
    Several,
    Withheld,
}

#[derive(Debug)]
pub(super) struct Registry {
    people: Vec<Person>,
    by_birth: HashMap<Date, Vec<u32>>,
    by_number: HashMap<u64, Vec<Hit>>,
    references: HashMap<Hit, String>,
}

/// 保険者番号 without padding and leading zeros (DOM-11).
fn bare(insurer: &str) -> &str {
    insurer.trim().trim_start_matches('0')
}

fn number_hash(insurer: &str, number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    bare(insurer).hash(&mut hasher);
    number.trim().hash(&mut hasher);
    hasher.finish()
}

/// 記号 for comparison (DOM-12): one width, without spaces, hyphens and dots.
pub(super) fn symbol_key(symbol: &str) -> String {
    symbol
        .nfkc()
        .filter(|c| !c.is_whitespace() && !"-‐‑‒–—―−ー・.·".contains(*c))
        .flat_map(char::to_uppercase)
        .collect()
}

fn kana_key(kana: &str) -> String {
    fold::name_key(&fold::katakana(kana))
}

/// Text in which fragments are looked for (OUT-33, OUT-34).
fn place_key(text: &str) -> String {
    fold::name_key(text)
}

/// Every fragment of `wanted` occurs in `text` (OUT-36).
fn holds_all(text: &str, wanted: &str) -> bool {
    let text = place_key(text);
    wanted
        .split_whitespace()
        .all(|fragment| text.contains(&place_key(fragment)))
}

fn same_branch(stored: &str, asked: &str) -> bool {
    let asked = asked.trim();
    asked.is_empty() || stored == asked || (asked.len() == 1 && stored == format!("0{asked}"))
}

impl Registry {
    pub(super) fn new(people: Vec<Person>) -> Self {
        let mut by_birth: HashMap<Date, Vec<u32>> = HashMap::new();
        let mut by_number: HashMap<u64, Vec<Hit>> = HashMap::new();
        let mut references = HashMap::new();
        for (person, entry) in (0_u32..).zip(&people) {
            by_birth.entry(entry.birth_date).or_default().push(person);
            for (cover, held) in (0_u32..).zip(&entry.covers) {
                let hit = Hit { person, cover };
                by_number
                    .entry(number_hash(&held.insurer.number, &held.number))
                    .or_default()
                    .push(hit);
                if !held.reference.is_empty() {
                    references.insert(hit, held.reference.clone());
                }
            }
        }
        Self {
            people,
            by_birth,
            by_number,
            references,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    fn person(&self, person: u32) -> Option<&Person> {
        self.people.get(person as usize)
    }

    fn cover(&self, hit: Hit) -> Option<(&Person, &Cover)> {
        let person = self.person(hit.person)?;
        Some((person, person.covers.get(hit.cover as usize)?))
    }

    /// Entitlements with these numbers; `branch` blank means any (DOM-14).
    fn numbered<'a>(&'a self, asked: &'a InsuranceNumbers) -> impl Iterator<Item = Hit> + 'a {
        let symbol = symbol_key(&asked.symbol);
        self.by_number
            .get(&number_hash(&asked.insurer, &asked.number))
            .into_iter()
            .flatten()
            .copied()
            .filter(move |hit| {
                self.cover(*hit).is_some_and(|(_, cover)| {
                    bare(&cover.insurer.number) == bare(&asked.insurer)
                        && cover.number == asked.number.trim()
                        && symbol_key(&cover.symbol) == symbol
                        && same_branch(&cover.branch, &asked.branch)
                })
            })
    }

    pub(super) fn by_card(&self, query: &LookupQuery) -> Lookup {
        let mut hits = self
            .numbered(&query.insurance)
            .filter(|hit| {
                self.person(hit.person)
                    .is_some_and(|person| person.birth_date == query.birth_date)
            })
            .collect::<Vec<_>>();
        let Some(first) = hits.first().copied() else {
            return Lookup::NotFound;
        };
        if hits.iter().any(|hit| hit.person != first.person) {
            return Lookup::Several;
        }
        if self.person(first.person).is_none_or(|p| p.withheld) {
            return Lookup::Withheld;
        }
        hits.sort_by_key(|hit| self.rank(*hit, query.check_date));
        Lookup::One(hits.last().copied().unwrap_or(first))
    }

    /// People that fit all conditions, at most `most` of them. Whoever is
    /// withheld does not exist here; an address that is not told does not
    /// match either, or the search would tell it (ADM-176).
    pub(super) fn by_four(&self, query: &OutageQuery, most: usize) -> Vec<u32> {
        let name = fold::name_key(&query.name);
        let kana = kana_key(&query.kana);
        self.by_birth
            .get(&query.birth_date)
            .into_iter()
            .flatten()
            .copied()
            .filter(|index| {
                let Some(person) = self.person(*index) else {
                    return false;
                };
                let placed = query.address.trim().is_empty()
                    || (!person.undisclosed
                        && !person.address.is_empty()
                        && holds_all(&person.address, &query.address));
                let insured =
                    query.insurer_name.trim().is_empty()
                        || self.cover(self.told(*index, query.check_date)).is_some_and(
                            |(_, cover)| holds_all(&cover.insurer.name, &query.insurer_name),
                        );
                !person.withheld
                    && person.sex == query.sex
                    && (name.is_empty() || fold::name_key(&person.name) == name)
                    && (kana.is_empty() || kana_key(&person.kana) == kana)
                    && placed
                    && insured
            })
            .take(most)
            .collect()
    }

    /// Whether a search may show this person at all.
    pub(super) fn searchable(&self, person: u32) -> bool {
        self.person(person).is_some_and(|person| !person.withheld)
    }

    /// Later is told rather than earlier, what holds rather than what does
    /// not, an insurance rather than 医療扶助.
    fn rank(&self, hit: Hit, day: Date) -> (bool, bool, bool, Option<Date>) {
        self.cover(hit)
            .map_or((false, false, false, None), |(_, cover)| {
                (
                    cover.holds(day),
                    cover.from.is_none_or(|from| from <= day),
                    !cover.is_assistance(),
                    cover.from,
                )
            })
    }

    /// The entitlement that is told of a person on `day`.
    pub(super) fn told(&self, person: u32, day: Date) -> Hit {
        let count = self.person(person).map_or(0, |p| p.covers.len());
        (0..count as u32)
            .map(|cover| Hit { person, cover })
            .max_by_key(|hit| self.rank(*hit, day))
            .unwrap_or(Hit { person, cover: 0 })
    }

    /// Validity and entitlements of a hit (DOM-59). An insurance and a
    /// 医療扶助 that hold together are told together (oqs-wire 6.2).
    pub(super) fn verdict(&self, hit: Hit, day: Date, limit: bool) -> (Validity, Vec<Entitlement>) {
        let Some((person, cover)) = self.cover(hit) else {
            return (Validity::NotFound, Vec::new());
        };
        let all = (0_u32..).zip(&person.covers);
        let mut told = vec![(hit.cover, cover)];
        let validity = if cover.holds(day) {
            told.extend(all.filter(|(_, other)| {
                other.holds(day) && other.is_assistance() != cover.is_assistance()
            }));
            if cover.is_assistance() && !cover.ticket {
                Validity::ValidUnregistered
            } else {
                Validity::Valid
            }
        } else if person.covers.iter().any(|other| other.holds(day)) {
            Validity::InvalidNewer
        } else {
            Validity::Invalid
        };
        let told = told
            .into_iter()
            .map(|(number, cover)| {
                let at = Hit {
                    person: hit.person,
                    cover: number,
                };
                let reference = self.references.get(&at).map_or("", String::as_str);
                person.entitlement(cover, day, limit, reference)
            })
            .collect();
        (validity, told)
    }

    /// One row of a list (OUT-41 to 43).
    pub(super) fn candidate(&self, person: u32, key: String, day: Date) -> Candidate {
        let Some((entry, cover)) = self.cover(self.told(person, day)) else {
            return Candidate {
                key,
                name: String::new(),
                kana: String::new(),
                birth_date: GivenDate::NotGiven,
                sex: None,
                address: String::new(),
                insurer_name: String::new(),
            };
        };
        Candidate {
            key,
            name: entry.name.clone(),
            kana: entry.kana.clone(),
            birth_date: GivenDate::Day(entry.birth_date),
            sex: Some(entry.sex),
            address: if entry.undisclosed {
                String::new()
            } else {
                entry.address.clone()
            },
            insurer_name: cover.insurer.name.clone(),
        }
    }

    /// Registers, replaces or (empty) removes a 照会番号. It belongs to one
    /// insurance, so the numbers must name exactly one person.
    pub(super) fn register(&mut self, insurance: &InsuranceNumbers, reference: String) -> bool {
        let hits: Vec<Hit> = self
            .numbered(insurance)
            .filter(|hit| self.searchable(hit.person))
            .collect();
        let [hit] = hits.as_slice() else {
            return false;
        };
        if reference.is_empty() {
            self.references.remove(hit);
        } else {
            self.references.insert(*hit, reference);
        }
        true
    }
}
