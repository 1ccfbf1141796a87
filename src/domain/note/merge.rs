//! A note that comes from elsewhere — the spill, another machine's export —
//! and the one that stands under its number: never overwritten, never doubled
//! (REL-11, REL-13).

use super::history::MOST_STEPS;
use super::{Note, NoteId, Step};
use jiff::Timestamp;

/// Where a note from elsewhere belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// It is here already, as it is or further on; its number here.
    Here(NoteId),
    /// Nothing stands under its number: it is put there.
    New(Box<Note>),
    /// It continues the one that is here, and takes its place.
    Newer(Box<Note>),
    /// Another note stands under its number: it is put under this one, with a
    /// line in its history.
    Renamed(Box<Note>),
}

/// Finds the place of `theirs`; `find` gives the note under a number, `by` and
/// `at` sign the line of a changed number.
pub fn place<E>(
    theirs: Note,
    by: &str,
    at: Timestamp,
    mut find: impl FnMut(&NoteId) -> Result<Option<Note>, E>,
) -> Result<Placed, E> {
    let Some(ours) = find(&theirs.id)? else {
        return Ok(Placed::New(Box::new(theirs)));
    };
    if same(&ours, &theirs) || continues(&theirs, &ours) {
        return Ok(Placed::Here(ours.id));
    }
    if continues(&ours, &theirs) {
        return Ok(Placed::Newer(Box::new(theirs)));
    }
    let sentence = line(&theirs.id);
    let mut number = fingerprint(&theirs) % 1000;
    loop {
        let id = other_id(&theirs.id, number);
        let Some(held) = find(&id)? else {
            let mut note = theirs;
            note.id = id;
            note.history.push(Step {
                at,
                by: by.to_owned(),
                text: sentence,
            });
            return Ok(Placed::Renamed(Box::new(note)));
        };
        // What it was before its number was changed.
        let mut before = held.clone();
        before.id = theirs.id.clone();
        let renamed = before.history.iter().position(|step| step.text == sentence);
        if let Some(place) = renamed {
            let step = before.history.remove(place);
            if same(&before, &theirs) || continues(&theirs, &before) {
                return Ok(Placed::Here(id));
            }
            if continues(&before, &theirs) {
                let mut note = theirs;
                note.id = id;
                note.history.insert(place.min(note.history.len()), step);
                return Ok(Placed::Newer(Box::new(note)));
            }
        }
        number += 1;
    }
}

/// Whether they are one note; an export says nothing of the card it was taken
/// from.
fn same(ours: &Note, theirs: &Note) -> bool {
    let bare = |note: &Note| {
        let mut note = note.clone();
        note.forget_card_mark();
        note
    };
    ours == theirs || bare(ours) == bare(theirs)
}

/// Whether `new` is `old` with more behind it.
fn continues(old: &Note, new: &Note) -> bool {
    let origin = |note: &Note| {
        (
            note.desk.clone(),
            note.taken_by.clone(),
            note.taken,
            note.history.first().cloned(),
        )
    };
    if origin(old) != origin(new) || new.revision < old.revision {
        return false;
    }
    if new.history.len() > old.history.len() && new.history.starts_with(&old.history) {
        return true;
    }
    // A history that is full has lost lines behind its first.
    let last = old.history.last();
    new.history.len() >= MOST_STEPS
        && new.history.last() != last
        && last.is_some_and(|last| new.history.contains(last))
}

fn line(id: &NoteId) -> String {
    format!("番号 {id} は別の控えが使っているので、この番号で取り込みました。")
}

/// `20261120-X314`: under the day of the number it had.
fn other_id(id: &NoteId, number: u32) -> NoteId {
    let day = id.0.split_once('-').map_or(id.0.as_str(), |(day, _)| day);
    NoteId(format!("{day}-X{number:03}"))
}

/// The same for the same note, so that it gets the same number twice.
fn fingerprint(note: &Note) -> u32 {
    let taken = note.taken.as_nanosecond().to_le_bytes();
    let parts = [
        note.id.0.as_bytes(),
        note.desk.as_bytes(),
        note.taken_by.as_bytes(),
        &taken,
    ];
    let hash = (parts.into_iter().flatten()).fold(0x811C_9DC5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    hash ^ (hash >> 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::{Change, NoteContent};
    use jiff::civil::date;
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    type Ledger = BTreeMap<NoteId, Note>;

    fn taken(by: &str, second: i64) -> Note {
        let content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
        let at = Timestamp::from_second(second).unwrap();
        let id = NoteId("20261120-0001".to_owned());
        Note::take(id, "窓口".to_owned(), by, at, true, content)
    }

    fn edited(note: &Note, remark: &str) -> Note {
        let mut content = note.content.clone();
        content.remark = remark.to_owned();
        let at = note.taken;
        (note.changed(note.revision, Change::Edit(Box::new(content)), "002", at)).unwrap()
    }

    fn put(ledger: &mut Ledger, note: &Note) -> Placed {
        let placed = place(note.clone(), "001", Timestamp::UNIX_EPOCH, |id| {
            Ok::<_, Infallible>(ledger.get(id).cloned())
        })
        .unwrap();
        if let Placed::New(note) | Placed::Newer(note) | Placed::Renamed(note) = &placed {
            ledger.insert(note.id.clone(), (**note).clone());
        }
        placed
    }

    #[test]
    fn the_same_older_and_newer() {
        let mut ledger = Ledger::new();
        let first = taken("003", 1);
        let second = edited(&first, "a");
        let third = edited(&second, "b");
        let id = first.id.clone();
        assert_eq!(
            put(&mut ledger, &second),
            Placed::New(Box::new(second.clone()))
        );
        assert_eq!(put(&mut ledger, &second), Placed::Here(id.clone()));
        assert_eq!(put(&mut ledger, &first), Placed::Here(id.clone()));
        assert_eq!(
            put(&mut ledger, &third),
            Placed::Newer(Box::new(third.clone()))
        );
        assert_eq!(ledger[&id], third);
        assert_eq!(ledger.len(), 1);
    }

    #[test]
    fn rel_11_another_note_under_the_same_number_gets_its_own_once() {
        let mut ledger = Ledger::new();
        let ours = taken("003", 1);
        let theirs = taken("002", 2);
        put(&mut ledger, &ours);
        let Placed::Renamed(renamed) = put(&mut ledger, &theirs) else {
            panic!("not renamed");
        };
        assert_eq!(ledger[&ours.id], ours);
        assert_ne!(renamed.id, ours.id);
        assert!(renamed.history[1].text.contains("20261120-0001"));
        // Again, and what came after it: no third note.
        assert_eq!(put(&mut ledger, &theirs), Placed::Here(renamed.id.clone()));
        let later = edited(&theirs, "a");
        let Placed::Newer(newer) = put(&mut ledger, &later) else {
            panic!("not taken as newer");
        };
        assert_eq!(newer.id, renamed.id);
        assert_eq!(newer.history.len(), 3);
        assert_eq!(put(&mut ledger, &later), Placed::Here(renamed.id.clone()));
        assert_eq!(put(&mut ledger, &theirs), Placed::Here(renamed.id));
        assert_eq!(ledger.len(), 2);
    }

    #[test]
    fn two_that_went_apart_are_both_kept() {
        let mut ledger = Ledger::new();
        let root = taken("003", 1);
        let (here, there) = (edited(&root, "here"), edited(&root, "there"));
        put(&mut ledger, &here);
        assert!(matches!(put(&mut ledger, &there), Placed::Renamed(_)));
        assert!(matches!(put(&mut ledger, &there), Placed::Here(_)));
        assert_eq!(ledger[&root.id], here);
        assert_eq!(ledger.len(), 2);
    }

    #[test]
    fn a_full_history_is_still_continued() {
        let mut note = taken("003", 1);
        for n in 0..MOST_STEPS {
            note = edited(&note, &n.to_string());
        }
        let newer = edited(&note, "last");
        assert!(continues(&note, &newer));
        assert!(!continues(&newer, &note));
    }
}
