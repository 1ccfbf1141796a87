//! The notes in memory: an outline of each, by id and by group, and the few
//! that are at work as a whole. Everything the ledger shows comes from here,
//! without going through all notes where it can be helped.

mod search;
mod standing;
mod whole;

use self::search::Search;
use self::standing::Kept;
use self::whole::Whole;
use super::sync::Wish;
use crate::domain::note::{Block, Group, Note, NoteId, NoteKey, NoteState, Outline, Stage};
use crate::domain::time::{compact_date, jst};
use crate::link::message::LedgerFilter;
use crate::store::shelf::Shelf;
use crate::store::whose::Spot;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Above this a number from elsewhere is no day's work; leaves millions of the
/// day's own.
const MOST_RESERVED: u32 = 999_999;

/// All notes.
#[derive(Default)]
pub(super) struct Book {
    entries: BTreeMap<NoteKey, Entry>,
    groups: BTreeMap<Group, BTreeSet<NoteKey>>,
    /// What is looked up again, the next day first.
    planned: BTreeSet<(Date, NoteKey)>,
    /// What has kept a note from being asked for since it was last, each
    /// reason once. Says something about the world like [`Entry::block`];
    /// written with the note's next change, or by itself after a while.
    blocked: BTreeMap<NoteKey, Vec<Kept>>,
    /// Those of it that are not on disk, the oldest first.
    unwritten: BTreeSet<(Timestamp, NoteKey)>,
    /// Changes that wait for the one that is on its way to the disk.
    queues: HashMap<NoteKey, VecDeque<Wish>>,
    whole: Whole,
    search: Search,
    /// The last number given out on each day.
    numbers: HashMap<Date, u32>,
}

/// What everything that is to be asked for waits for, whatever the notes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// The line.
    Line,
    /// The store: 照会中 has to be written before a question goes out.
    Store,
    /// A person who starts it.
    Start,
    Nothing,
}

/// One note.
pub(super) struct Entry {
    /// As it is on disk.
    pub outline: Arc<Outline>,
    /// Why it cannot be asked for. Says something about the world, not about
    /// the note: derived anew from it and not written down.
    pub block: Option<Block>,
    /// Its question is on the line, or what came of it on its way to the disk:
    /// 照会中 on the disk says only that it may be.
    sent: bool,
    /// A change is on its way to the disk.
    pub writing: bool,
    /// It could not be read from the disk.
    pub unreadable: bool,
    /// Where its text is.
    row: u32,
}

impl Entry {
    /// The group it is shown in.
    pub fn group(&self) -> Group {
        match self.block {
            _ if self.unreadable => Group::NeedsPerson,
            Some(_) if self.outline.stage.open() => Group::Blocked,
            _ if self.in_turn() => Group::Open,
            _ => self.outline.stage.group(),
        }
    }

    /// 照会中 is written, and the question has not gone out.
    fn in_turn(&self) -> bool {
        !self.sent && matches!(self.outline.stage, Stage::Asking { .. })
    }

    /// The stage it is shown in.
    pub fn stage(&self) -> Stage {
        match self.block {
            Some(block) if self.outline.stage.open() => Stage::Blocked(block),
            _ if self.in_turn() => Stage::Waiting { not_before: None },
            _ => self.outline.stage.clone(),
        }
    }

    /// The word of the column 状態.
    pub fn label(&self) -> String {
        if self.unreadable {
            "読めません".to_owned()
        } else {
            self.stage().label()
        }
    }

    /// The words of the column 次にすること.
    pub fn next(&self, wait: Wait, today: Date) -> String {
        if self.unreadable {
            return "紙の控えから入れ直す".to_owned();
        }
        let due = self.outline.follow.is_some_and(|day| day <= today);
        let stage = self.stage();
        let waits = matches!(stage, Stage::Noted | Stage::Waiting { .. });
        match wait {
            Wait::Store if due || waits => return "保存先が戻ると照会".to_owned(),
            Wait::Start if due || waits => return "一括照会で始めます".to_owned(),
            Wait::Nothing if self.in_turn() => return "照会の順番待ち".to_owned(),
            _ => {}
        }
        match self.outline.follow {
            // The desk asks as soon as it can.
            Some(day) if day <= today => "今日 再照会します".to_owned(),
            _ => self.outline.next(&stage, wait == Wait::Line),
        }
    }

    /// The whole note as it is shown; `blocked` is what keeps it from being
    /// asked for, as far as the note does not say it yet.
    pub fn view(&self, note: &Note, blocked: &[(Timestamp, Block)]) -> Note {
        let mut note = note.clone();
        note.keep_from_asking(blocked);
        if let Some(block) = self.block
            && self.outline.stage.open()
        {
            note.state = NoteState::Blocked(block);
        } else if self.in_turn() {
            note.state = NoteState::Waiting { not_before: None };
        }
        note
    }
}

impl Book {
    /// The next id of the day; made once, never used again (REL-11). One that
    /// stands here already, or of which `taken` says that it is on its way, is
    /// passed over.
    pub fn next_id(&mut self, at: Timestamp, taken: impl Fn(&NoteId) -> bool) -> NoteId {
        let day = jst(at).date();
        let number = self.numbers.entry(day).or_insert(0);
        let day = compact_date(day);
        loop {
            *number = number.saturating_add(1);
            let id = NoteId(format!("{day}-{number:04}"));
            if !self.entries.contains_key(&NoteKey::of(&id)) && !taken(&id) {
                return id;
            }
        }
    }

    /// A number that is given out elsewhere (REL-11). One far beyond those of
    /// a day here does not push them up: it is passed over where it stands.
    pub fn reserve(&mut self, id: &NoteId) {
        if let Some(parts) = id.parts()
            && parts.letter.is_none()
            && parts.number <= MOST_RESERVED
        {
            let last = self.numbers.entry(parts.day).or_insert(0);
            *last = (*last).max(parts.number);
        }
    }

    /// Takes over everything a store holds, which counts from now on. Notes
    /// as a whole are fetched from `shelf`.
    pub fn fill(&mut self, outlines: &[Arc<Outline>], shelf: Option<Shelf>) {
        self.whole.fetch_from(shelf);
        self.search.reserve(outlines.len());
        for outline in outlines {
            self.whole.forget(outline.key());
            self.list(outline.clone());
        }
    }

    /// The journal's last record, and the notes whose newest record stands in
    /// each of `spots`.
    pub fn stood(&self, spots: &[Spot]) -> (Option<u64>, Vec<Vec<NoteId>>) {
        match self.whole.shelf() {
            Some(shelf) => (shelf.last(), shelf.at(spots)),
            None => (None, vec![Vec::new(); spots.len()]),
        }
    }

    /// Takes over a note as it is on disk now, keeping what waits for it.
    pub fn put(&mut self, note: Note) {
        let outline = Arc::new(note.outline());
        self.whole.put(outline.key(), Arc::new(note));
        self.list(outline);
    }

    fn list(&mut self, outline: Arc<Outline>) {
        self.reserve(&outline.id);
        let key = outline.key();
        let asking = matches!(outline.stage, Stage::Asking { .. });
        let sent = asking && self.entries.get(&key).is_some_and(|e| e.sent);
        let group = match outline.stage.group() {
            Group::Asking if !sent => Group::Open,
            group => group,
        };
        let before = self.entries.get(&key).map(|e| (e.row, e.group()));
        if let Some(day) = self.entries.get(&key).and_then(|e| e.outline.follow) {
            self.planned.remove(&(day, key));
        }
        if let Some(day) = outline.follow {
            self.planned.insert((day, key));
        }
        let row = (self.search).put(before.map(|(row, _)| row), &outline, group);
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.outline = outline;
            entry.row = row;
            entry.block = None;
            entry.sent = sent;
            entry.unreadable = false;
        } else {
            let entry = Entry {
                outline,
                block: None,
                sent,
                writing: false,
                unreadable: false,
                row,
            };
            self.entries.insert(key, entry);
        }
        self.regroup(key, row, before.map(|(_, group)| group), group);
    }

    /// A note as a whole, as it is on disk; `None` if there is none of that
    /// id, or it cannot be read.
    pub fn note(&mut self, id: &NoteId) -> Option<Arc<Note>> {
        let key = NoteKey::of(id);
        self.entries.get(&key)?;
        self.whole.get(key, id)
    }

    /// Marks a note that could not be read; whether that is news.
    pub fn lost(&mut self, id: &NoteId) -> bool {
        let key = NoteKey::of(id);
        let Some(entry) = self.entries.get_mut(&key) else {
            return false;
        };
        let before = entry.group();
        if std::mem::replace(&mut entry.unreadable, true) {
            return false;
        }
        let (row, after) = (entry.row, entry.group());
        if let Some(day) = entry.outline.follow {
            self.planned.remove(&(day, key));
        }
        self.regroup(key, row, Some(before), after);
        true
    }

    fn regroup(&mut self, key: NoteKey, row: u32, before: Option<Group>, after: Group) {
        if before == Some(after) {
            return;
        }
        self.search.regroup(row, after);
        if let Some(set) = before.and_then(|group| self.groups.get_mut(&group)) {
            set.remove(&key);
        }
        self.groups.entry(after).or_default().insert(key);
    }

    /// Lets a change wait for the one that is on its way.
    pub fn enqueue(&mut self, id: &NoteId, wish: Wish) {
        let key = NoteKey::of(id);
        self.queues.entry(key).or_default().push_back(wish);
    }

    /// The next change that waits, if none is on its way.
    pub fn dequeue(&mut self, id: &NoteId) -> Option<Wish> {
        let key = NoteKey::of(id);
        if self.entries.get(&key)?.writing {
            return None;
        }
        let queue = self.queues.get_mut(&key)?;
        let wish = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(&key);
        }
        wish
    }

    pub fn get(&self, id: &NoteId) -> Option<&Entry> {
        self.entries.get(&NoteKey::of(id))
    }

    pub fn get_mut(&mut self, id: &NoteId) -> Option<&mut Entry> {
        self.entries.get_mut(&NoteKey::of(id))
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// In the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The notes whose number is of that day, in the order of their ids; and
    /// those of which the number does not tell.
    pub fn taken_on(&self, day: Date) -> impl Iterator<Item = &Entry> {
        let [ours, others] = NoteKey::of_day(day);
        let day = self.entries.range(ours);
        day.chain(self.entries.range(others))
            .map(|(_, entry)| entry)
    }

    /// The notes of one group, in the order of their ids.
    pub fn group(&self, group: Group) -> impl Iterator<Item = &Entry> {
        let keys = self.groups.get(&group).into_iter().flatten();
        keys.filter_map(|key| self.entries.get(key))
    }

    /// How many notes fit `filter`, whose text, folded, is `text`; and the
    /// `limit` of them behind the first `offset`. What is looked up again
    /// stands in the order of its days: what is due comes first.
    pub fn window(
        &mut self,
        text: &str,
        filter: &LedgerFilter,
        offset: usize,
        limit: usize,
    ) -> (usize, Vec<&Entry>) {
        let groups = &filter.groups[..];
        let (matching, keys): (usize, Vec<NoteKey>) = match groups {
            // Counted without being gone through.
            [] if text.is_empty() && !filter.follow => {
                let keys = self.entries.keys().copied();
                (self.len(), keys.skip(offset).take(limit).collect())
            }
            [group] if text.is_empty() && !filter.follow => {
                let keys = self.groups.get(group).into_iter().flatten().copied();
                (self.count(*group), keys.skip(offset).take(limit).collect())
            }
            [] if text.is_empty() => {
                let keys = self.planned.iter().map(|(_, key)| *key);
                (self.planned(), keys.skip(offset).take(limit).collect())
            }
            _ => {
                let mut keys = self.search.find(text, groups, filter.follow);
                if filter.follow {
                    let entries = &self.entries;
                    keys.sort_by_cached_key(|key| entries.get(key).map(|e| e.outline.follow));
                }
                let window = keys.iter().copied().skip(offset).take(limit);
                (keys.len(), window.collect())
            }
        };
        let entries = keys.iter().filter_map(|key| self.entries.get(key));
        (matching, entries.collect())
    }

    /// How many notes are in each group.
    pub fn counts(&self) -> BTreeMap<Group, usize> {
        Group::ALL
            .into_iter()
            .map(|group| (group, self.count(group)))
            .collect()
    }

    /// How many notes are looked up again on a day.
    pub fn planned(&self) -> usize {
        self.planned.len()
    }

    /// How many notes are in one group.
    pub fn count(&self, group: Group) -> usize {
        self.groups.get(&group).map_or(0, BTreeSet::len)
    }
}
