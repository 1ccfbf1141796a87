//! The notes in memory: by id, by group, and folded for the filter. Everything
//! the ledger shows comes from here, without going through all notes where it
//! can be helped.

use super::sync::Wish;
use crate::domain::note::{Block, Group, Note, NoteId, NoteState};
use crate::domain::time::{jst, slash_date};
use crate::text::fold::{katakana, name_key};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// All notes.
#[derive(Default)]
pub(super) struct Book {
    entries: BTreeMap<NoteId, Entry>,
    groups: BTreeMap<Group, BTreeSet<NoteId>>,
    /// The last number given out on each day.
    numbers: HashMap<String, u32>,
}

/// One note.
pub(super) struct Entry {
    /// As it is on disk.
    pub note: Note,
    /// Why it cannot be asked for. Says something about the world, not about
    /// the note: derived anew from it and not written down.
    pub block: Option<Block>,
    /// What the filter looks at.
    folded: String,
    /// A change is on its way to the disk.
    pub writing: bool,
    /// Changes that wait for it.
    pub queue: VecDeque<Wish>,
}

impl Entry {
    /// The group it is shown in.
    pub fn group(&self) -> Group {
        match self.block {
            Some(_) if open(&self.note.state) => Group::Blocked,
            _ => self.note.state.group(),
        }
    }

    /// The state it is shown in.
    pub fn state(&self) -> NoteState {
        match self.block {
            Some(block) if open(&self.note.state) => NoteState::Blocked(block),
            _ => self.note.state.clone(),
        }
    }

    /// The note as it is shown.
    pub fn view(&self) -> Note {
        let mut note = self.note.clone();
        note.state = self.state();
        note
    }

    /// Whether the filter's folded text is found in it.
    pub fn holds(&self, folded: &str) -> bool {
        self.folded.contains(folded)
    }
}

fn open(state: &NoteState) -> bool {
    matches!(
        state,
        NoteState::Noted | NoteState::Waiting { .. } | NoteState::Blocked(_)
    )
}

impl Book {
    /// The next id of the day; made once, never used again (REL-11).
    pub fn next_id(&mut self, at: Timestamp) -> NoteId {
        let date = jst(at).date();
        let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
        let number = self.numbers.entry(day.clone()).or_insert(0);
        *number += 1;
        NoteId(format!("{day}-{:04}", *number))
    }

    /// Takes over a note as it is on disk now, keeping what waits for it.
    pub fn put(&mut self, note: Note) {
        if let Some((day, number)) = note.id.0.split_once('-')
            && let Ok(number) = number.parse::<u32>()
        {
            let last = self.numbers.entry(day.to_owned()).or_insert(0);
            *last = (*last).max(number);
        }
        let id = note.id.clone();
        let folded = folded(&note);
        if let Some(entry) = self.entries.get_mut(&id) {
            let before = entry.group();
            entry.note = note;
            entry.folded = folded;
            entry.block = None;
            let after = entry.group();
            self.regroup(&id, Some(before), after);
        } else {
            let entry = Entry {
                note,
                block: None,
                folded,
                writing: false,
                queue: VecDeque::new(),
            };
            let group = entry.group();
            self.entries.insert(id.clone(), entry);
            self.regroup(&id, None, group);
        }
    }

    /// Blocks or unblocks a note; whether that changed anything.
    pub fn block(&mut self, id: &NoteId, block: Option<Block>) -> bool {
        let Some(entry) = self.entries.get_mut(id) else {
            return false;
        };
        if entry.block == block {
            return false;
        }
        let before = entry.group();
        entry.block = block;
        let after = entry.group();
        self.regroup(id, Some(before), after);
        true
    }

    fn regroup(&mut self, id: &NoteId, before: Option<Group>, after: Group) {
        if before == Some(after) {
            return;
        }
        if let Some(set) = before.and_then(|group| self.groups.get_mut(&group)) {
            set.remove(id);
        }
        self.groups.entry(after).or_default().insert(id.clone());
    }

    pub fn get(&self, id: &NoteId) -> Option<&Entry> {
        self.entries.get(id)
    }

    pub fn get_mut(&mut self, id: &NoteId) -> Option<&mut Entry> {
        self.entries.get_mut(id)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// In the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The ids of one group, in order.
    pub fn group(&self, group: Group) -> impl Iterator<Item = &NoteId> {
        self.groups.get(&group).into_iter().flatten()
    }

    /// How many notes are in each group.
    pub fn counts(&self) -> BTreeMap<Group, usize> {
        Group::ALL
            .into_iter()
            .map(|group| (group, self.count(group)))
            .collect()
    }

    /// How many notes are in one group.
    pub fn count(&self, group: Group) -> usize {
        self.groups.get(&group).map_or(0, BTreeSet::len)
    }
}

/// What the filter looks at: name, kana, id, birth date.
fn folded(note: &Note) -> String {
    let date = note.content.birth_date;
    let birth = slash_date(date);
    let compact = birth.replace('/', "");
    // A ten-key pad searches with digits alone.
    let number = note.id.0.replace('-', "");
    format!(
        "{}\n{}\n{}\n{number}\n{birth}\n{date}\n{compact}",
        fold(&note.content.name),
        fold(&note.content.kana),
        note.id
    )
}

/// The filter's text in the same form.
pub(super) fn fold(text: &str) -> String {
    katakana(&name_key(text)).to_lowercase()
}
