//! A one-line text field: characters in, cursor by clusters, window by
//! columns. What arrives is cleaned and kept in NFC; no cluster is ever split.

mod words;

use super::cells::{cells, cluster_cells};
use super::clean::{clean, clean_paste};
use super::fold::is_selector;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Steps of [`LineField::undo`] that are remembered.
const UNDO: usize = 64;
/// Most characters of a field that has no limit of its own.
const LONGEST: usize = 400;

/// The text and the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineField {
    text: String,
    /// Byte offset, always between two clusters.
    cursor: usize,
    limit: usize,
    undo: Vec<(String, usize)>,
}

impl Default for LineField {
    fn default() -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            limit: LONGEST,
            undo: Vec::new(),
        }
    }
}

impl LineField {
    /// A field holding `text`, the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self::with_limit(text, LONGEST)
    }

    /// A field of at most `limit` characters.
    pub fn with_limit(text: &str, limit: usize) -> Self {
        let mut field = Self {
            limit,
            ..Self::default()
        };
        field.put(&clean_paste(text), "");
        field
    }

    /// What is in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Most characters it takes.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether it takes no more characters.
    pub fn is_full(&self) -> bool {
        self.text.chars().count() >= self.limit
    }

    /// Replaces the text; the cursor goes behind it. Can be undone.
    pub fn set(&mut self, text: &str) {
        self.change(&clean_paste(text), "");
    }

    /// Empties it. Can be undone.
    pub fn clear(&mut self) {
        self.change("", "");
    }

    /// Puts one character at the cursor; a mark or selector joins the cluster
    /// before it. `false` if it was not taken: no room, a control character,
    /// or a mark with nothing before it.
    pub fn insert(&mut self, c: char) -> bool {
        let mut bytes = [0; 4];
        self.add(&clean(c.encode_utf8(&mut bytes)))
    }

    /// Puts pasted text at the cursor: cleaned, line ends as spaces, cut
    /// between clusters at the limit. `false` if not all of it was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        let text = clean_paste(text);
        let room = self.limit.saturating_sub(self.text.chars().count());
        if text.chars().count() <= room {
            return self.add(&text);
        }
        let mut used = 0;
        let part: String = text
            .graphemes(true)
            .take_while(|cluster| {
                used += cluster.chars().count();
                used <= room
            })
            .collect();
        self.add(&part);
        false
    }

    fn add(&mut self, added: &str) -> bool {
        let before = self.before();
        let joins = |c| is_combining_mark(c) || is_selector(c);
        if added.is_empty() || before.is_empty() && added.starts_with(joins) {
            return false;
        }
        let head = clean(&format!("{before}{added}"));
        let tail = self.behind().to_owned();
        if head.chars().count() + tail.chars().count() > self.limit {
            return false;
        }
        self.change(&head, &tail);
        true
    }

    /// Erases the cluster before the cursor; `false` if there is none.
    pub fn backspace(&mut self) -> bool {
        let Some(to) = self.boundary_before(self.cursor) else {
            return false;
        };
        self.erase(to, self.cursor);
        true
    }

    /// Erases the cluster behind the cursor; `false` if there is none.
    pub fn delete(&mut self) -> bool {
        let Some(to) = self.boundary_behind(self.cursor) else {
            return false;
        };
        self.erase(self.cursor, to);
        true
    }

    fn erase(&mut self, from: usize, to: usize) {
        let head = self.text.get(..from).unwrap_or_default().to_owned();
        let tail = self.text.get(to..).unwrap_or_default().to_owned();
        self.change(&head, &tail);
    }

    /// One cluster to the left; `false` at the beginning.
    pub fn left(&mut self) -> bool {
        self.go(self.boundary_before(self.cursor))
    }

    /// One cluster to the right; `false` at the end.
    pub fn right(&mut self) -> bool {
        self.go(self.boundary_behind(self.cursor))
    }

    /// To the beginning.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// To the beginning of the word; `false` if already there.
    pub fn word_left(&mut self) -> bool {
        let to = words::start(self.before());
        let moved = to != self.cursor;
        self.cursor = to;
        moved
    }

    /// Behind the end of the word; `false` if already there.
    pub fn word_right(&mut self) -> bool {
        let to = self.cursor + words::end(self.behind());
        let moved = to != self.cursor;
        self.cursor = to;
        moved
    }

    fn go(&mut self, to: Option<usize>) -> bool {
        if let Some(to) = to {
            self.cursor = to;
        }
        to.is_some()
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Takes back the last change; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        let Some((text, cursor)) = self.undo.pop() else {
            return false;
        };
        self.text = text;
        self.cursor = cursor;
        true
    }

    /// Whether the cursor stands before the first character.
    pub fn at_start(&self) -> bool {
        self.cursor == 0
    }

    /// Columns in front of the cursor.
    pub fn cursor_cells(&self) -> usize {
        cells(self.before())
    }

    /// What `columns` show of the text so that the cursor is among them, and
    /// the cursor's column. The cursor may stand behind the last character,
    /// so a column is kept for it.
    pub fn window(&self, columns: usize) -> (String, usize) {
        let room = columns.saturating_sub(1);
        let clusters: Vec<(usize, &str)> = self.text.grapheme_indices(true).collect();
        let mut from = 0;
        let mut before = self.cursor_cells();
        for &(at, cluster) in &clusters {
            if before <= room {
                break;
            }
            before -= cluster_cells(cluster);
            from = at + cluster.len();
        }
        let mut used = 0;
        let visible = clusters
            .iter()
            .filter(|(at, _)| *at >= from)
            .map(|(_, cluster)| *cluster)
            .take_while(|cluster| {
                used += cluster_cells(cluster);
                used <= columns
            })
            .collect();
        (visible, before)
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn behind(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// [`Self::put`], and a step to take back if that makes a difference.
    fn change(&mut self, head: &str, tail: &str) {
        let before = (self.text.clone(), self.cursor);
        self.put(head, tail);
        if self.text != before.0 {
            if self.undo.len() == UNDO {
                self.undo.remove(0);
            }
            self.undo.push(before);
        }
    }

    /// The text becomes `head` and `tail`, the cursor goes between them or, if
    /// they grow together, behind the cluster they form.
    fn put(&mut self, head: &str, tail: &str) {
        self.text = clean(&format!("{head}{tail}"));
        self.cursor = clean(head).len().min(self.text.len());
        let whole = GraphemeCursor::new(self.cursor, self.text.len(), true)
            .is_boundary(&self.text, 0)
            .unwrap_or(false);
        if !whole || !self.text.is_char_boundary(self.cursor) {
            self.cursor = self
                .text
                .grapheme_indices(true)
                .map(|(at, cluster)| at + cluster.len())
                .find(|&end| end >= self.cursor)
                .unwrap_or(self.text.len());
        }
    }

    fn boundary_before(&self, at: usize) -> Option<usize> {
        self.text
            .get(..at)?
            .grapheme_indices(true)
            .next_back()
            .map(|(start, _)| start)
    }

    fn boundary_behind(&self, at: usize) -> Option<usize> {
        let cluster = self.text.get(at..)?.graphemes(true).next()?;
        Some(at + cluster.len())
    }
}

#[cfg(test)]
mod tests;
