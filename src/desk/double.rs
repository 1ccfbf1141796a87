//! Whether somebody else this desk knows shares reading and birth date with
//! the person that is being chosen (DOM-40, DOM-68). Only here all notes are
//! known; the screen cannot tell.

use super::state::Desk;
use crate::domain::entitlement::{Candidate, GivenDate};
use crate::domain::likeness::Person;
use crate::domain::name::same_reading;
use crate::domain::note::{Group, Need, Note, NoteId, NoteState};
use crate::domain::readback::{Other, ReadBack};
use crate::text::fold::{name_key, plain_kanji};

/// Others named at once: enough to be told apart from, few enough to be read.
const MOST: usize = 4;

impl Desk {
    /// What has to be read back before the candidate of that key counts for
    /// `note`; `None` if nobody else comes into question.
    pub(super) fn doubles(&mut self, note: &Note, key: &str) -> Option<ReadBack> {
        let (list, found) = match &note.state {
            NoteState::NeedsPerson(Need::Candidates { list, .. }) => (list.as_slice(), None),
            NoteState::NeedsPerson(Need::Confirm { answer, .. }) => {
                (&[][..], Person::named_by(answer))
            }
            _ => return None,
        };
        let listed = list.iter().find(|candidate| candidate.key == key);
        let chosen = listed.or(found.as_ref().map(|person| &person.row))?;
        let number = found.as_ref().map_or("", |person| &person.number);
        let others = self.alike(list, key, chosen, Some(&note.id));
        ReadBack::needed(&known(chosen, number), &note.content.telephone, others)
    }

    /// The same for a candidate of a search.
    pub(super) fn doubles_found(&mut self, list: &[Candidate], key: &str) -> Option<ReadBack> {
        let chosen = list.iter().find(|candidate| candidate.key == key)?;
        let others = self.alike(list, key, chosen, None);
        ReadBack::needed(&known(chosen, ""), "", others)
    }

    /// Who else is called and was born so: in the list, and in all notes but
    /// `own`.
    fn alike(
        &mut self,
        list: &[Candidate],
        key: &str,
        chosen: &Candidate,
        own: Option<&NoteId>,
    ) -> Vec<Other> {
        let mut others: Vec<Other> = list
            .iter()
            .enumerate()
            .filter(|(_, other)| other.key != key && same_person_on_paper(chosen, other))
            .map(|(n, other)| Other {
                known_as: format!("候補 {}", n + 1),
                ..known(other, "")
            })
            .collect();
        let GivenDate::Day(birth) = chosen.birth_date else {
            return others;
        };
        let alike: Vec<NoteId> = self
            .book
            .all()
            .filter(|entry| {
                let other = &entry.outline;
                other.birth_date == birth
                    && Some(&other.id) != own
                    && entry.group() != Group::Cancelled
            })
            .map(|entry| entry.outline.id.clone())
            .collect();
        for id in alike {
            let Ok(other) = self.whole(&id) else { continue };
            let content = &other.content;
            if others.len() < MOST && named_alike(chosen, &content.name, &content.kana) {
                let card = content.insurance.as_ref();
                others.push(Other {
                    known_as: format!("控え {id}"),
                    address: content.address.clone(),
                    insurer_name: content.insurer_name.clone(),
                    number: card.map(|card| card.number.clone()).unwrap_or_default(),
                });
            }
        }
        others
    }
}

fn known(candidate: &Candidate, number: &str) -> Other {
    Other {
        known_as: String::new(),
        address: candidate.address.clone(),
        insurer_name: candidate.insurer_name.clone(),
        number: number.to_owned(),
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
