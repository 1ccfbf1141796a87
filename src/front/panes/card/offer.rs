//! What was read, beside what the form below holds already: field by field,
//! nothing taken over before a person says so.

use super::Below;
use crate::domain::card::{Flag, Four, Presence};
use crate::domain::entry::{Purpose, read_date};
use crate::domain::era::{self, Era};
use crate::domain::field::Field;
use crate::domain::form::{FormKind, limit};
use crate::front::panes::Place;
use crate::link::message::{LedgerRow, Ticket};
use crate::text::fold;
use jiff::civil::Date;
use std::fmt;

/// Texts on their way from the card to a form.
#[derive(Clone, PartialEq, Eq)]
pub struct FromCard {
    /// Which card.
    pub presence: Presence,
    /// What goes where.
    pub fields: Vec<(Field, String)>,
}

impl fmt::Debug for FromCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromCard")
            .field("presence", &self.presence)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// How the card's text stands to what is typed below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Nothing is typed there, or there is no such field.
    Free,
    /// It says the same.
    Same,
    /// It says something else.
    Other,
}

/// One of the four.
pub(super) struct Row {
    pub(super) field: Field,
    /// As it is shown.
    pub(super) card: String,
    /// As the form takes it; `None` if it cannot.
    pub(super) put: Option<String>,
    /// What is typed below, as it is shown; empty without.
    pub(super) held: String,
    pub(super) likeness: Likeness,
    pub(super) flags: Vec<Flag>,
    /// Goes over with F12.
    pub(super) take: bool,
}

/// Today's notes of the person.
#[derive(Debug, Default)]
pub(super) enum Notes {
    /// Not asked for.
    #[default]
    None,
    /// Asked for.
    Asked(Ticket),
    /// These.
    Found(Vec<LedgerRow>),
}

/// What was read.
pub(super) struct Offer {
    pub(super) presence: Presence,
    pub(super) left: Option<u8>,
    pub(super) rows: Vec<Row>,
    pub(super) notes: Notes,
    /// Name and birth date, to find the person's notes.
    pub(super) name: String,
    pub(super) birth: Option<Date>,
    four: Four,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer")
            .field("presence", &self.presence)
            .finish_non_exhaustive()
    }
}

impl Offer {
    pub(super) fn new(presence: Presence, four: Four, left: Option<u8>) -> Self {
        Self {
            presence,
            left,
            rows: Vec::new(),
            notes: Notes::None,
            name: four.name.text.clone(),
            birth: four.birth.date,
            four,
        }
    }

    /// Held against the form below.
    pub(super) fn compare(&mut self, below: Option<&Below>, today: Date) {
        let four = &self.four;
        let birth = four.birth.date;
        let all = [
            (
                Field::Name,
                fold::shown(&four.name.text),
                Some(four.name.text.clone()),
                &four.name.flags,
            ),
            (
                Field::BirthDate,
                birth.map_or_else(
                    || format!("「{}」", four.birth.raw),
                    |day| format!("{}  {}", era::long(day), era::western(day)),
                ),
                birth.map(era::letters),
                &four.birth.flags,
            ),
            (
                Field::Sex,
                four.gender.sex.map_or_else(
                    || format!("「{}」", four.gender.raw),
                    |sex| sex.label().to_owned(),
                ),
                four.gender.sex.map(|sex| sex.code().to_owned()),
                &four.gender.flags,
            ),
            (
                Field::Address,
                fold::shown(&four.address.text),
                Some(four.address.text.clone()),
                &four.address.flags,
            ),
        ];
        self.rows = all
            .into_iter()
            .map(|(field, card, put, flags)| row(field, card, put, flags, below, today))
            .collect();
    }

    /// What goes over.
    pub(super) fn taken(&self) -> FromCard {
        FromCard {
            presence: self.presence,
            fields: self
                .rows
                .iter()
                .filter(|row| row.take)
                .filter_map(|row| Some((row.field, row.put.clone()?)))
                .collect(),
        }
    }

    /// Takes a field out of what goes over, or back in.
    pub(super) fn toggle(&mut self, n: usize) -> bool {
        let Some(row) = n.checked_sub(1).and_then(|n| self.rows.get_mut(n)) else {
            return false;
        };
        if row.put.is_none() {
            return false;
        }
        row.take = !row.take;
        true
    }
}

fn row(
    field: Field,
    card: String,
    put: Option<String>,
    flags: &[Flag],
    below: Option<&Below>,
    today: Date,
) -> Row {
    let there = below.is_none_or(|below| has(below.place, field));
    let put =
        put.filter(|text| there && !text.trim().is_empty() && text.chars().count() <= limit(field));
    let held = below.map_or("", |below| below.values.get(field));
    let likeness = match &put {
        _ if held.trim().is_empty() => Likeness::Free,
        Some(put) if same(field, put, held, today) => Likeness::Same,
        _ => Likeness::Other,
    };
    let doubtful = |flag: &Flag| {
        matches!(
            flag,
            Flag::NotUtf8 | Flag::Private | Flag::Substitute | Flag::Cleaned
        )
    };
    // What is typed is better than what cannot be read.
    let unread = flags.contains(&Flag::NotUtf8);
    let worse = likeness == Likeness::Other && flags.iter().any(doubtful);
    let take = put.is_some() && !unread && !worse;
    Row {
        field,
        card,
        put,
        held: shown(field, held, today),
        likeness,
        flags: flags.to_vec(),
        take,
    }
}

fn has(place: Place, field: Field) -> bool {
    let kind = match place {
        Place::Lookup => FormKind::Lookup,
        Place::Outage => FormKind::Outage,
        _ => FormKind::Note,
    };
    kind.fields().contains(&field)
}

fn day(text: &str, today: Date) -> Option<Date> {
    read_date(text, Some(Era::Showa), Purpose::Birth, today).day()
}

fn same(field: Field, put: &str, held: &str, today: Date) -> bool {
    match field {
        Field::BirthDate => day(put, today) == day(held, today),
        Field::Sex => put.trim() == held.trim(),
        _ => put == held || fold::name_key(put) == fold::name_key(held),
    }
}

fn shown(field: Field, held: &str, today: Date) -> String {
    match field {
        Field::BirthDate => day(held, today).map_or_else(|| held.to_owned(), era::long),
        Field::Sex => crate::domain::person::Sex::from_code(held.trim())
            .map_or_else(|| held.to_owned(), |sex| sex.label().to_owned()),
        _ => fold::shown(held),
    }
}
