//! Whether somebody else this desk knows shares reading and birth date with
//! the person that is being chosen (DOM-40, DOM-68). Only here all notes are
//! known; the screen cannot tell.

use super::state::Desk;
use crate::domain::entitlement::{Candidate, GivenDate};
use crate::domain::name::same_reading;
use crate::domain::note::{Group, Need, Note, NoteState};
use crate::domain::readback::{Other, ReadBack};
use crate::text::fold::{name_key, plain_kanji};

/// Others named at once: enough to be told apart from, few enough to be read.
const MOST: usize = 4;

impl Desk {
    /// What has to be read back before the candidate of that key counts for
    /// `note`; `None` if nobody else comes into question.
    pub(super) fn doubles(&self, note: &Note, key: &str) -> Option<ReadBack> {
        let list = match &note.state {
            NoteState::NeedsPerson(Need::Candidates(list)) => list.as_slice(),
            _ => return None,
        };
        let chosen = list.iter().find(|candidate| candidate.key == key)?;
        let mut others: Vec<Other> = list
            .iter()
            .enumerate()
            .filter(|(_, other)| other.key != key && same_person_on_paper(chosen, other))
            .map(|(n, other)| known(format!("候補 {}", n + 1), other))
            .collect();
        for entry in self.book.all() {
            let other = &entry.note;
            let content = &other.content;
            let is_it = other.id != note.id
                && entry.group() != Group::Cancelled
                && chosen.birth_date == GivenDate::Day(content.birth_date)
                && named_alike(chosen, &content.name, &content.kana);
            if is_it {
                others.push(Other {
                    known_as: format!("控え {}", other.id),
                    address: content.address.clone(),
                    insurer_name: content.insurer_name.clone(),
                    number: content
                        .insurance
                        .as_ref()
                        .map(|card| card.number.clone())
                        .unwrap_or_default(),
                });
            }
            if others.len() >= MOST {
                break;
            }
        }
        let me = known(String::new(), chosen);
        (!others.is_empty()).then(|| ReadBack::of(&me, &note.content.telephone, others))
    }
}

fn known(known_as: String, candidate: &Candidate) -> Other {
    Other {
        known_as,
        address: candidate.address.clone(),
        insurer_name: candidate.insurer_name.clone(),
        number: String::new(),
    }
}

fn same_person_on_paper(one: &Candidate, other: &Candidate) -> bool {
    one.birth_date == other.birth_date && named_alike(one, &other.name, &other.kana)
}

/// Same reading, or the same name where a reading is missing (DOM-42).
fn named_alike(one: &Candidate, name: &str, kana: &str) -> bool {
    let key = |text: &str| plain_kanji(&name_key(text));
    same_reading(&one.kana, kana)
        || ((one.kana.is_empty() || kana.is_empty())
            && !name.is_empty()
            && key(&one.name) == key(name))
}
