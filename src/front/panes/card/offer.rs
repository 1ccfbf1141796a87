//! What was read, beside what the form below holds already: field by field,
//! nothing taken over before a person says so.

use super::Below;
use crate::domain::card::{Flag, Four, Presence};
use crate::domain::entry::{Purpose, read_date};
use crate::domain::era::{self, Era};
use crate::domain::field::Field;
use crate::domain::form::{FormKind, limit};
use crate::domain::note::NoteId;
use crate::front::app::{Cx, Tone};
use crate::front::form::Form;
use crate::front::panes::Place;
use crate::front::wording;
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
    /// The form holds another person's: all of it gives way.
    pub swaps: bool,
}

impl FromCard {
    /// Fills a form in, and says so; the focus goes to what is still missing.
    pub fn fill(&self, cx: &mut Cx<'_>, form: &mut Form) {
        if self.swaps {
            form.clear();
        }
        for (field, text) in &self.fields {
            form.take(self.presence, *field, text);
        }
        let here = self.fields.iter().map(|(field, _)| *field);
        let taken: Vec<Field> = here.filter(|field| form.has(*field)).collect();
        let missing = form.lacks(&FOUR);
        let wanted = [Field::Kana, Field::InsurerNumber, Field::Number];
        let gap = missing.iter().copied().chain(form.lacks(&wanted)).next();
        form.focus_at_start(gap.unwrap_or(Field::CheckDate));
        let kana = form.has(Field::Kana).then(|| form.text(Field::Kana));
        let mut said = wording::card::taken(&taken, &missing, kana);
        if self.swaps {
            said = wording::cleared(&cx.known.keymap) + &said;
        }
        cx.say(Tone::Good, said);
    }
}

/// 4情報.
const FOUR: [Field; 4] = [Field::Name, Field::BirthDate, Field::Sex, Field::Address];

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
    /// As a form takes it; `None` if it says nothing of the kind.
    pub(super) text: Option<String>,
    /// The same; `None` if this form cannot take it.
    pub(super) put: Option<String>,
    /// The card says something that can be read.
    says: bool,
    /// What is typed below, as it is shown; empty without.
    pub(super) held: String,
    pub(super) likeness: Likeness,
    pub(super) flags: Vec<Flag>,
    /// Goes over with F12.
    pub(super) take: bool,
}

/// What a person has to say before something goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Doubt {
    /// Nothing.
    #[default]
    None,
    /// Birth date and sex agree and the name does not: a slip, or another?
    Name,
    /// The form holds another person's: all goes over, or nothing.
    Another,
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
    /// How far the form holds another person's.
    pub(super) doubt: Doubt,
    /// A person said that it does.
    another: bool,
    /// The note that the form corrects.
    pub(super) corrects: Option<NoteId>,
    /// It is being asked before it goes over.
    pub(super) asks: bool,
    /// What stays in the form beside it, and could be another person's.
    pub(super) stays: Vec<(Field, String)>,
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
            doubt: Doubt::None,
            another: false,
            corrects: None,
            asks: false,
            stays: Vec::new(),
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
        self.asks = false;
        self.corrects = below
            .and_then(|below| below.corrects.as_ref())
            .map(|(id, _)| id.clone());
        self.doubt = below.map_or(Doubt::None, |below| self.doubt(below, today));
        if self.swaps() {
            // What is doubtful is held against the face afterwards; what
            // cannot be read leaves its field empty.
            for row in &mut self.rows {
                row.take = row.put.is_some() && !row.flags.contains(&Flag::NotUtf8);
            }
        }
        self.stays = below.map_or_else(Vec::new, |below| self.staying(below));
    }

    /// The form holds another person's: all goes over, or nothing.
    pub(super) fn swaps(&self) -> bool {
        self.doubt == Doubt::Another
    }

    /// Another person's card, as a person says.
    pub(super) fn is_another(&mut self, below: Option<&Below>, today: Date) {
        self.another = true;
        self.compare(below, today);
    }

    /// Whether a person has to say something before it goes over.
    pub(super) fn in_question(&self) -> bool {
        self.doubt != Doubt::None || self.beside_a_name()
    }

    /// What nothing says the owner of would stand beside a new name.
    fn beside_a_name(&self) -> bool {
        let named = |row: &Row| row.field == Field::Name && row.take;
        !self.stays.is_empty() && self.rows.iter().any(named)
    }

    fn person(&self) -> impl Iterator<Item = &Row> {
        let named = |row: &&Row| matches!(row.field, Field::Name | Field::BirthDate);
        self.rows.iter().filter(named)
    }

    /// Whether name or birth date name that person already.
    fn is_known(&self) -> bool {
        self.person().any(|row| row.likeness == Likeness::Same)
    }

    /// Whether the form, or the note it corrects, holds another person's: what
    /// is said of two people never stands in one form.
    fn doubt(&self, below: &Below, today: Date) -> Doubt {
        if self.another {
            return Doubt::Another;
        }
        let other = |row: &Row| row.says && row.likeness == Likeness::Other;
        let carded = &below.carded;
        let another_card = !carded.fields.is_empty() && carded.presence != Some(self.presence);
        if another_card && (!self.is_known() || self.rows.iter().any(other)) {
            return Doubt::Another;
        }
        let here = doubt_of(self.rows.iter().map(|row| (row.field, row.said())));
        let noted = below.corrects.as_ref().map_or(Doubt::None, |(_, values)| {
            let rows = self.rows.iter();
            let held: Vec<_> = rows
                .map(|row| (row.field, row.against(values.get(row.field), today)))
                .collect();
            // Name or birth date may have been put right by hand already.
            let other = |of| held.contains(&(of, Likeness::Other));
            if !self.is_known() {
                doubt_of(held.into_iter())
            } else if other(Field::Name) && other(Field::BirthDate) {
                Doubt::Another
            } else {
                Doubt::None
            }
        });
        here.max(noted)
    }

    /// What stays in the form although nothing there says whose it is.
    fn staying(&self, below: &Below) -> Vec<(Field, String)> {
        if self.swaps() || self.is_known() {
            return Vec::new();
        }
        let replaced = |field| self.rows.iter().any(|row| row.field == field && row.says);
        let of_the_day = |field| matches!(field, Field::CheckDate | Field::LimitConsent);
        below
            .values
            .fields()
            .iter()
            .filter(|(field, text)| {
                !text.trim().is_empty() && !of_the_day(**field) && !replaced(**field)
            })
            .map(|(field, text)| (*field, fold::shown(text)))
            .collect()
    }

    /// Whether it can go over without being held against the form.
    pub(super) fn fits(&self) -> bool {
        let free = |row: &Row| row.likeness == Likeness::Free;
        self.doubt == Doubt::None && self.stays.is_empty() && self.rows.iter().all(free)
    }

    /// What goes over.
    pub(super) fn taken(&self) -> FromCard {
        FromCard {
            presence: self.presence,
            swaps: self.swaps(),
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

/// What name, birth date and sex together say.
fn doubt_of(rows: impl Iterator<Item = (Field, Likeness)>) -> Doubt {
    let rows: Vec<_> = rows.collect();
    let is = |field, likeness| rows.contains(&(field, likeness));
    if is(Field::BirthDate, Likeness::Other) {
        Doubt::Another
    } else if !is(Field::Name, Likeness::Other) {
        Doubt::None
    } else if is(Field::BirthDate, Likeness::Same) && !is(Field::Sex, Likeness::Other) {
        Doubt::Name
    } else {
        Doubt::Another
    }
}

impl Row {
    /// How it stands to the form; free where the card says nothing.
    fn said(&self) -> Likeness {
        if self.says {
            self.likeness
        } else {
            Likeness::Free
        }
    }

    /// How it would stand to another text.
    fn against(&self, held: &str, today: Date) -> Likeness {
        match &self.text {
            _ if held.trim().is_empty() || !self.says => Likeness::Free,
            Some(text) if same(self.field, text, held, today) => Likeness::Same,
            _ => Likeness::Other,
        }
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
    let says = put.as_ref().is_some_and(|text| !text.trim().is_empty());
    let held = below.map_or("", |below| below.values.get(field));
    let likeness = match &put {
        _ if held.trim().is_empty() => Likeness::Free,
        Some(put) if says && same(field, put, held, today) => Likeness::Same,
        _ => Likeness::Other,
    };
    let text = put.clone();
    let put =
        put.filter(|text| there && !text.trim().is_empty() && text.chars().count() <= limit(field));
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
        text,
        put,
        says,
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
