//! The text of all notes in one piece, for a filter that follows each key: a
//! hundred thousand notes are gone through in a few milliseconds.

use crate::domain::note::{Group, NoteKey, Outline};
use memchr::memmem::Finder;

/// What the filter goes through.
#[derive(Default)]
pub struct Search {
    /// The rows one behind another, each with an end of line before and after.
    text: Vec<u8>,
    rows: Vec<Row>,
    /// The rows stand in the order of their keys.
    jumbled: bool,
    /// The last search: its text, and the rows that hold it.
    last: Option<(String, Vec<u32>)>,
}

struct Row {
    key: NoteKey,
    start: u32,
    group: Group,
    /// It waits for its next look-up.
    follow: bool,
    /// The note has another row now.
    dead: bool,
}

impl Search {
    /// Room for so many more notes.
    pub fn reserve(&mut self, notes: usize) {
        self.rows.reserve(notes);
        self.text.reserve(notes * 112);
    }

    /// Takes over a note; `row` is where it was. Returns where it is now.
    pub fn put(&mut self, row: Option<u32>, outline: &Outline, group: Group) -> u32 {
        let follow = outline.follow.is_some();
        let start = self.text.len();
        self.text.push(b'\n');
        outline.searched(&mut self.text);
        if let Some(row) = row {
            let (old, new) = self.text.split_at(start);
            if self.span(row).and_then(|span| old.get(span)) == Some(new) {
                self.text.truncate(start);
                self.regroup(row, group);
                if let Some(row) = self.rows.get_mut(row as usize) {
                    row.follow = follow;
                }
                return row;
            }
            if let Some(old) = self.rows.get_mut(row as usize) {
                old.dead = true;
            }
        }
        let key = outline.key();
        self.last = None;
        self.jumbled |= self.rows.last().is_some_and(|last| last.key > key);
        self.rows.push(Row {
            key,
            start: start as u32,
            group,
            follow,
            dead: false,
        });
        self.rows.len() as u32 - 1
    }

    /// The note of that row is in another group now.
    pub fn regroup(&mut self, row: u32, group: Group) {
        if let Some(row) = self.rows.get_mut(row as usize) {
            row.group = group;
        }
    }

    /// Notes of `groups` (none: of all) that hold `text`, folded, in order;
    /// `follow`: only those that wait for their next look-up.
    pub fn find(&mut self, text: &str, groups: &[Group], follow: bool) -> Vec<NoteKey> {
        let rows = self.rows_with(text);
        let mut keys: Vec<NoteKey> = rows
            .iter()
            .filter_map(|row| self.rows.get(*row as usize))
            .filter(|row| groups.is_empty() || groups.contains(&row.group))
            .filter(|row| row.follow || !follow)
            .map(|row| row.key)
            .collect();
        self.last = Some((text.to_owned(), rows));
        if self.jumbled {
            keys.sort_unstable();
        }
        keys
    }

    fn rows_with(&mut self, text: &str) -> Vec<u32> {
        let finder = Finder::new(text);
        match self.last.take() {
            Some((last, rows)) if last == text => rows,
            // A longer text is found only where the shorter one was.
            Some((last, mut rows)) if text.contains(&last) => {
                rows.retain(|row| {
                    let row = self.span(*row).and_then(|span| self.text.get(span));
                    row.is_some_and(|row| finder.find(row).is_some())
                });
                rows
            }
            _ => self.scan(&finder),
        }
    }

    fn scan(&self, finder: &Finder) -> Vec<u32> {
        let mut found = Vec::new();
        let mut at = 0;
        let mut number = 0;
        while let Some(hit) = self.text.get(at..).and_then(|rest| finder.find(rest)) {
            let hit = at + hit;
            while self
                .rows
                .get(number + 1)
                .is_some_and(|next| next.start as usize <= hit)
            {
                number += 1;
            }
            let Some(row) = self.rows.get(number) else {
                break;
            };
            if !row.dead {
                found.push(number as u32);
            }
            number += 1;
            match self.rows.get(number) {
                Some(next) => at = next.start as usize,
                None => break,
            }
        }
        found
    }

    fn span(&self, row: u32) -> Option<std::ops::Range<usize>> {
        let row = row as usize;
        let start = self.rows.get(row)?.start as usize;
        let end = self.rows.get(row + 1).map(|next| next.start as usize);
        Some(start..end.unwrap_or(self.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::note::outline::fold;
    use crate::domain::note::{Note, NoteContent, NoteId};
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn outline(number: u32, kana: &str) -> Outline {
        let mut content = NoteContent::bare(date(1954, 3, 26), date(2026, 11, 20));
        content.kana = kana.to_owned();
        let id = NoteId(format!("20261120-{number:04}"));
        let at = Timestamp::UNIX_EPOCH;
        Note::take(id, "窓口".to_owned(), "003", at, true, content).outline()
    }

    fn searched(outline: &Outline) -> String {
        let mut text = Vec::new();
        outline.searched(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn what_a_ten_key_pad_can_type_is_found() {
        let mut search = Search::default();
        let one = outline(7, "シンバシ　タロウ");
        search.put(None, &one, Group::Open);
        for text in [
            "シンバシ",
            "シタ",
            "20261120-0007",
            "202611200007",
            "0007",
            "1954/03/26",
            "19540326",
            "1954-03-26",
            "0326",
        ] {
            assert_eq!(search.find(&fold(text), &[], false), [one.key()], "{text}");
        }
        assert_eq!(search.find("シロウ", &[], false), []);
        assert_eq!(search.find("タロウ", &[Group::Open], false), [one.key()]);
        assert_eq!(search.find("タロウ", &[Group::Settled], false), []);
    }

    proptest! {
        #[test]
        fn the_same_is_found_as_by_looking_at_each(
            notes in prop::collection::vec((0_u32..40, "[アイウ]{0,4}"), 1..60),
            texts in prop::collection::vec("[アイ0]{0,3}", 1..8),
        ) {
            let mut search = Search::default();
            let mut all = std::collections::BTreeMap::new();
            for (i, (number, kana)) in notes.iter().enumerate() {
                let new = outline(*number, kana);
                let group = if i % 2 == 0 { Group::Open } else { Group::Settled };
                let row = all.get(&new.key()).map(|(_, _, row)| *row);
                let row = search.put(row, &new, group);
                all.insert(new.key(), (new, group, row));
                let text = &texts[i % texts.len()];
                for groups in [&[][..], &[Group::Open]] {
                    let expected: Vec<_> = all
                        .values()
                        .filter(|(one, group, _)| {
                            searched(one).contains(text) && (groups.is_empty() || groups.contains(group))
                        })
                        .map(|(one, _, _)| one.key())
                        .collect();
                    prop_assert_eq!(search.find(text, groups, false), expected);
                }
            }
        }
    }
}
