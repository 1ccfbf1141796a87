//! Ages by the pyramid of Japan, put together to households.

use super::covers::Insurers;
use super::{AS_OF, age, before, permille};
use crate::domain::person::Sex;
use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;

/// People in 10,000 for each five years of age, from 0–4 on; the last are
/// 100 and older.
const PYRAMID: [u32; 21] = [
    328, 380, 416, 440, 500, 515, 515, 560, 620, 730, 780, 670, 605, 590, 690, 630, 475, 320, 170,
    56, 10,
];

/// From this age on a person is 後期高齢者 and insured alone.
pub(super) const LATE: i16 = 75;

/// A person without a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Soul {
    pub(super) sex: Sex,
    pub(super) born: Date,
}

/// Who lives together; the first is the insured.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) members: Vec<Soul>,
    pub(super) prefecture: usize,
    /// Number of a group that shares name, birth date, sex and prefecture.
    pub(super) alike: Option<u32>,
}

fn draw(rng: &mut Rng) -> Soul {
    let total: u32 = PYRAMID.iter().sum();
    let mut left = rng.u32(..total);
    let mut band = 0_i32;
    for weight in PYRAMID {
        if left < weight {
            break;
        }
        left -= weight;
        band += 1;
    }
    let years = band * 5 + rng.i32(0..5);
    // Women live longer.
    let women = if years >= 85 { 680 } else { 503 };
    let sex = if permille(rng, women) {
        Sex::Female
    } else {
        Sex::Male
    };
    let birthday = AS_OF.saturating_sub(years.years());
    Soul {
        sex,
        born: before(rng, birthday, 365),
    }
}

/// `people` people in households.
pub(super) fn build(rng: &mut Rng, people: usize, insurers: &Insurers) -> Vec<Home> {
    let mut souls: Vec<Soul> = (0..people).map(|_| draw(rng)).collect();
    souls.sort_by_key(|soul| (soul.born, soul.sex));
    let mut homes: Vec<Vec<Soul>> = Vec::new();
    let mut men = Vec::new();
    let mut women = Vec::new();
    let mut young = Vec::new();
    for soul in souls {
        match age(soul.born) {
            LATE.. => homes.push(vec![soul]),
            22.. if soul.sex == Sex::Male => men.push(soul),
            22.. => women.push(soul),
            18.. if permille(rng, 300) => homes.push(vec![soul]),
            _ => young.push(soul),
        }
    }
    let parents = pair(rng, men, women, &mut homes);
    let mut families = raise(rng, parents, young);
    homes.append(&mut families);
    let mut homes: Vec<Home> = homes
        .into_iter()
        .map(|members| Home {
            members,
            prefecture: insurers.prefecture(rng),
            alike: None,
        })
        .collect();
    make_alike(rng, people, &mut homes);
    homes
}

/// Couples and women, by the age of the woman; single men go to `homes`.
fn pair(
    rng: &mut Rng,
    men: Vec<Soul>,
    women: Vec<Soul>,
    homes: &mut Vec<Vec<Soul>>,
) -> Vec<Vec<Soul>> {
    let mut men = men.into_iter();
    let mut parents = Vec::new();
    for woman in women {
        let man = men.next();
        match man {
            Some(man) if permille(rng, 560) => {
                // Mostly the man is the insured.
                if permille(rng, 850) {
                    parents.push(vec![man, woman]);
                } else {
                    parents.push(vec![woman, man]);
                }
            }
            man => {
                parents.push(vec![woman]);
                homes.extend(man.map(|man| vec![man]));
            }
        }
    }
    homes.extend(men.map(|man| vec![man]));
    parents
}

fn mother(home: &[Soul]) -> Option<&Soul> {
    home.iter().find(|soul| soul.sex == Sex::Female)
}

/// Gives every child a home whose woman is 22 to 42 years older.
fn raise(rng: &mut Rng, mut homes: Vec<Vec<Soul>>, young: Vec<Soul>) -> Vec<Vec<Soul>> {
    let born: Vec<Date> = homes
        .iter()
        .filter_map(|home| mother(home).map(|woman| woman.born))
        .collect();
    let mut twin: Option<(Date, usize)> = None;
    let mut alone = Vec::new();
    for mut child in young {
        let place = if let Some((day, place)) = twin.take() {
            child.born = day;
            Some(place)
        } else {
            let oldest = child.born.saturating_sub(42.years());
            let youngest = child.born.saturating_sub(22.years());
            let from = born.partition_point(|day| *day < oldest);
            let to = born.partition_point(|day| *day <= youngest);
            let place = if from < to {
                // Couples rather than women alone.
                let one = rng.usize(from..to);
                let couple = |place: usize| homes.get(place).is_some_and(|home| home.len() > 1);
                let other = rng.usize(from..to);
                Some(if couple(one) { one } else { other })
            } else if born.is_empty() {
                None
            } else {
                Some(rng.usize(..born.len()))
            };
            if permille(rng, 10) {
                twin = place.map(|place| (child.born, place));
            }
            place
        };
        match place.and_then(|place| homes.get_mut(place)) {
            Some(home) => home.push(child),
            None => alone.push(vec![child]),
        }
    }
    homes.append(&mut alone);
    homes
}

/// Groups of people of one name, birth date, sex and prefecture: some of more
/// than five, some of two to five (OUT-39, OUT-40, DOM-40).
fn make_alike(rng: &mut Rng, people: usize, homes: &mut [Home]) {
    let singles: Vec<usize> = homes
        .iter()
        .enumerate()
        .filter(|(_, home)| home.members.len() == 1)
        .map(|(place, _)| place)
        .collect();
    let large = if people >= 1000 {
        (people / 4000).max(1)
    } else {
        0
    };
    let small = people / 1000;
    let sizes: Vec<usize> = (0..large + small)
        .map(|group| {
            if group < large {
                rng.usize(6..=8)
            } else {
                rng.usize(2..=5)
            }
        })
        .collect();
    let step = singles.len() / sizes.len().max(1);
    for (group, size) in (0_u32..).zip(sizes) {
        let start = group as usize * step;
        let places = singles.get(start..start + size.min(step)).unwrap_or(&[]);
        let Some(first) = places.first().and_then(|place| homes.get(*place)) else {
            continue;
        };
        let (soul, prefecture) = (first.members.first().copied(), first.prefecture);
        let Some(soul) = soul else { continue };
        for place in places {
            if let Some(home) = homes.get_mut(*place) {
                home.members = vec![soul];
                home.prefecture = prefecture;
                home.alike = Some(group);
            }
        }
    }
}
