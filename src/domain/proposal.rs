//! What could be otherwise in a note that nobody fits: the slips people make,
//! each a whole content that can be asked with. Proposed, never applied by
//! itself.
//!
//! The order is by kind of slip, the likeliest first, and one of each kind
//! before the second of any: the usual old characters (DOM-35, QG-35), what links
//! the parts of a name, the 氏名 alone, kana (DOM-31), sex (OUT-32), birth date (DOM-23), digits (DOM-4, DOM-17), zeros and branch
//! (DOM-13, DOM-14), place (OUT-36), other old characters.

mod kana;

use super::age::full_years;
use super::era::{self, Era};
use super::field::Field;
use super::form::complaint;
use super::note::{Note, NoteContent, Way};
use super::number::{holds_personal_number, insurer_corrections, look_alikes};
use super::person::{OutageQuery, Sex};
use super::place::municipality;
use crate::text::fold::{plain_kanji, shapes_of};
use jiff::civil::Date;

/// As many as one digit can choose from.
pub const MOST: usize = 9;

/// Proposals of one kind at most: the first are the likely ones.
const OF_A_KIND: usize = 4;

/// The oldest age at which a birth date is believed.
const OLDEST: u16 = 115;

/// What stands between two parts of a name, written in one of several ways
/// (一ノ瀬, 一之瀬; 三ケ尻, 三ヶ尻).
const LINKS: [&str; 2] = ["ノ之の", "ケヶが"];

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Exactly what changes: `氏名 高橋一郎 → 髙橋一郎`.
    pub label: String,
    /// The note's content with it.
    pub content: NoteContent,
}

/// What to try for `note`, the likeliest first, at most [`MOST`]. Nothing that
/// was asked already, by this note's earlier contents or by a fall-back.
pub fn proposals(note: &Note) -> Vec<Proposal> {
    let content = &note.content;
    let (usual, rare) = names(content);
    let kinds = [
        usual,
        links(content),
        alone(content),
        kana(content),
        sexes(content),
        births(content),
        digits(content),
        zeros(content),
        places(content),
        rare,
    ];
    let most = kinds.iter().map(Vec::len).max().unwrap_or(0);
    let mut out: Vec<Proposal> = Vec::new();
    for round in 0..most.min(OF_A_KIND) {
        for kind in &kinds {
            if let Some(proposal) = kind.get(round)
                && usable(note, proposal)
                && !out.iter().any(|known| known.content == proposal.content)
            {
                out.push(proposal.clone());
            }
        }
    }
    out.truncate(MOST);
    out
}

/// Something else than before, and something a note may hold.
fn usable(note: &Note, proposal: &Proposal) -> bool {
    let content = &proposal.content;
    let asked = |one: &NoteContent| (one.card_query(), one.four_query());
    let fresh = std::iter::once(&note.content)
        .chain(&note.earlier)
        .all(|before| asked(before) != asked(content));
    // Once one fall-back was asked, all of them were; they ask without the
    // 氏名 where there is a reading, and with it fewer can be found.
    let bare = |query: Option<OutageQuery>| {
        let mut query = query?;
        if !query.kana.is_empty() {
            query.name.clear();
        }
        Some(query)
    };
    let fallen = note.tried.contains(&Way::Noted)
        && content.card_query() == note.content.card_query()
        && Way::ALL
            .into_iter()
            .filter_map(|way| bare(way.query(&note.content)))
            .any(|query| Some(query) == bare(content.four_query()));
    let texts = [
        (Field::Name, &content.name),
        (Field::Kana, &content.kana),
        (Field::Address, &content.address),
        (Field::InsurerName, &content.insurer_name),
    ];
    let card = content.insurance.as_ref();
    let numbers = card.map_or(Vec::new(), |card| {
        vec![
            (Field::InsurerNumber, &card.insurer),
            (Field::Symbol, &card.symbol),
            (Field::Number, &card.number),
            (Field::Branch, &card.branch),
        ]
    });
    let well = texts
        .into_iter()
        .chain(numbers)
        .all(|(field, text)| complaint(field, text).is_none() && !holds_personal_number(text));
    fresh && !fallen && well && (content.card_query().is_some() || content.four_query().is_some())
}

fn with(content: &NoteContent, label: String, change: impl FnOnce(&mut NoteContent)) -> Proposal {
    let mut content = content.clone();
    change(&mut content);
    Proposal { label, content }
}

fn name_to(content: &NoteContent, name: String) -> Proposal {
    let label = format!("氏名 {} → {name}", content.name);
    with(content, label, |content| content.name = name)
}

/// One character in another shape, all in the plain shape at once; and what is
/// seldom written in two ways.
fn names(content: &NoteContent) -> (Vec<Proposal>, Vec<Proposal>) {
    let letters: Vec<char> = content.name.chars().collect();
    let (mut usual, mut rare) = (Vec::new(), Vec::new());
    let plain = plain_kanji(&content.name);
    if plain != content.name {
        usual.push(name_to(content, plain));
    }
    for (at, letter) in letters.iter().enumerate() {
        let (shapes, often) = shapes_of(*letter);
        for shape in shapes {
            let mut changed = letters.clone();
            changed[at] = shape;
            let proposal = name_to(content, changed.into_iter().collect());
            if often {
                usual.push(proposal);
            } else {
                rare.push(proposal);
            }
        }
    }
    (usual, rare)
}

/// The link within a name in its other shapes.
fn links(content: &NoteContent) -> Vec<Proposal> {
    let letters: Vec<char> = content.name.chars().collect();
    let within = 1..letters.len().saturating_sub(1);
    let mut out = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let Some(shapes) = LINKS.iter().find(|shapes| shapes.contains(*letter)) else {
            continue;
        };
        if !within.contains(&at) {
            continue;
        }
        for shape in shapes.chars().filter(|shape| shape != letter) {
            let mut changed = letters.clone();
            changed[at] = shape;
            out.push(name_to(content, changed.into_iter().collect()));
        }
    }
    out
}

/// Without the reading, which may be registered otherwise. Without the 氏名 the
/// desk has asked itself.
fn alone(content: &NoteContent) -> Vec<Proposal> {
    if content.name.is_empty() || content.kana.is_empty() {
        return Vec::new();
    }
    let label = format!("カナを外し、氏名 {} だけで", content.name);
    vec![with(content, label, |content| content.kana.clear())]
}

fn kana(content: &NoteContent) -> Vec<Proposal> {
    kana::readings(&content.kana)
        .into_iter()
        .map(|reading| {
            let label = format!("カナ {} → {reading}", content.kana);
            with(content, label, |content| content.kana = reading)
        })
        .collect()
}

/// The sex the insurer has registered may be another (OUT-32).
fn sexes(content: &NoteContent) -> Vec<Proposal> {
    let order = match content.sex {
        Some(Sex::Male) => [Sex::Female, Sex::Unset],
        Some(Sex::Female) => [Sex::Male, Sex::Unset],
        _ => [Sex::Male, Sex::Female],
    };
    order
        .into_iter()
        .map(|sex| {
            let before = content.sex.map_or("なし", Sex::label);
            let label = format!("性別 {before} → {}", sex.label());
            with(content, label, |content| content.sex = Some(sex))
        })
        .collect()
}

/// The same year of another era; day and month swapped.
fn births(content: &NoteContent) -> Vec<Proposal> {
    let birth = content.birth_date;
    let mut days = Vec::new();
    if let Some(written) = era::to_japanese(birth) {
        for era in Era::ALL.into_iter().rev().filter(|era| *era != written.era) {
            let year = era.first_year() + written.year - 1;
            days.extend(
                Date::new(year, birth.month(), birth.day())
                    .ok()
                    .filter(|day| era.holds(*day)),
            );
        }
    }
    if birth.day() != birth.month() {
        days.extend(Date::new(birth.year(), birth.day(), birth.month()).ok());
    }
    days.into_iter()
        .filter(|day| full_years(*day, content.visit_date).is_some_and(|age| age <= OLDEST))
        .map(|day| {
            let label = format!("生年月日 {} → {}", era::long(birth), era::long(day));
            with(content, label, |content| content.birth_date = day)
        })
        .collect()
}

/// Digits that worn cards confuse: in the 保険者番号 where its check fails, in
/// the 番号.
fn digits(content: &NoteContent) -> Vec<Proposal> {
    let Some(card) = &content.insurance else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for number in insurer_corrections(&card.insurer) {
        let label = format!("保険者番号 {} → {number}（検証番号が合う）", card.insurer);
        out.push(with(content, label, |content| {
            if let Some(card) = &mut content.insurance {
                card.insurer = number;
            }
        }));
    }
    for number in look_alikes(&card.number) {
        let label = format!("番号 {} → {number}", card.number);
        out.push(with(content, label, |content| {
            if let Some(card) = &mut content.insurance {
                card.number = number;
            }
        }));
    }
    out
}

/// Zeros in front of a 記号, and a 枝番 the card may not have. The zero forms
/// of the 番号 are asked by the desk itself (DOM-13).
fn zeros(content: &NoteContent) -> Vec<Proposal> {
    let Some(card) = &content.insurance else {
        return Vec::new();
    };
    let mut out = Vec::new();
    if !card.branch.is_empty() {
        let label = format!("枝番 {} → なし", card.branch);
        out.push(with(content, label, |content| {
            if let Some(card) = &mut content.insurance {
                card.branch.clear();
            }
        }));
    }
    let bare = card.symbol.trim_start_matches('0');
    if !bare.is_empty() && bare != card.symbol {
        let label = format!("記号 {} → {bare}", card.symbol);
        out.push(with(content, label, |content| {
            if let Some(card) = &mut content.insurance {
                bare.clone_into(&mut card.symbol);
            }
        }));
    }
    out
}

/// Less of the place; what is noted may not be what is registered.
fn places(content: &NoteContent) -> Vec<Proposal> {
    let mut out = Vec::new();
    if !content.address.is_empty() && !content.insurer_name.is_empty() {
        let label = format!("住所を外し、保険者名 {} だけで", content.insurer_name);
        out.push(with(content, label, |content| content.address.clear()));
        let label = format!("保険者名を外し、住所 {} だけで", content.address);
        out.push(with(content, label, |content| content.insurer_name.clear()));
    }
    if let Some(short) = municipality(&content.address)
        && short != content.address
    {
        let label = format!("住所 {} → {short}", content.address);
        out.push(with(content, label, |content| content.address = short));
    }
    out
}

#[cfg(test)]
mod tests;
