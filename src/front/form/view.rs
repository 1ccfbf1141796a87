//! Draws a form: mark, label, value, and behind it on the same line what the
//! value means or what is wrong with it.

use super::{Form, Kind, Mark};
use crate::domain::field::Field;
use crate::domain::form::{feedback, settled};
use crate::front::canvas::{Canvas, End, Role};
use crate::front::edit;
use crate::front::wording;
use crate::text::wrap::wrap;
use crate::text::{cells, fold};
use jiff::civil::Date;

/// Columns of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// First row.
    pub top: usize,
    /// Rows at most.
    pub height: usize,
    /// Column of the value.
    pub value: usize,
}

/// Marks a text that goes on beyond its field.
const CUT: &str = "~";
/// Column of the mark; column 0 shows the focus.
const MARK: usize = 1;

impl Form {
    /// Draws. Returns the row below.
    pub fn view(&self, canvas: &mut Canvas<'_>, layout: Layout, today: Date) -> usize {
        let beneath = self.beneath(canvas, layout, today);
        let under = beneath.len();
        let rows = self.rows(under);
        let focus_row = rows.get(self.focus).copied().unwrap_or(0);
        // Where there are more rows than room, the focus stays in sight.
        let first = (focus_row + under + 1).saturating_sub(layout.height.max(1));
        let first = first.min(focus_row);
        let mut below = layout.top;
        for (i, row) in rows.iter().enumerate() {
            if *row < first || *row >= first + layout.height {
                continue;
            }
            let y = layout.top + row - first;
            self.row(canvas, layout, i, y, today);
            below = y + 1;
            if i == self.focus {
                let (role, _) = self.behind(i, today);
                let room = (first + layout.height).saturating_sub(row + 1);
                for line in beneath.iter().take(room) {
                    canvas.put(layout.value, below, line, role);
                    below += 1;
                }
                canvas.keep(y, below);
                canvas.ending(End::of(i, self.entries.len()));
            }
        }
        below
    }

    /// What has no room behind the field with the focus, in rows below it: what
    /// it wants and what is wrong with it is read whole.
    fn beneath(&self, canvas: &Canvas<'_>, layout: Layout, today: Date) -> Vec<String> {
        let entry = &self.entries[self.focus];
        if canvas.is_told() {
            return Vec::new();
        }
        let (_, text) = self.behind(self.focus, today);
        let end = layout.value
            + entry
                .width
                .min(canvas.width().saturating_sub(layout.value + 1));
        let end = match self.card_mark(canvas, self.focus) {
            mark if mark.is_empty() => end,
            mark => end + 2 + canvas.cells(&mark),
        };
        if canvas.cells(&text) <= behind_room(canvas, layout, entry.width, end) {
            return Vec::new();
        }
        // Ambiguous characters may be drawn wider than they are wrapped.
        let room = canvas.width().saturating_sub(layout.value + 1);
        let wide = canvas.cells(&text).saturating_sub(cells::cells(&text));
        wrap(&text, room.saturating_sub(wide).max(2))
    }

    /// The mark of what came from a card.
    fn card_mark(&self, canvas: &Canvas<'_>, i: usize) -> String {
        let entry = &self.entries[i];
        match entry.doubt() {
            Some(_) => format!("{}{}", canvas.glyphs().attention, wording::FROM_CARD),
            None if entry.from_card => wording::FROM_CARD.to_owned(),
            None => String::new(),
        }
    }

    /// Rows it takes in full.
    pub fn height(&self) -> usize {
        self.rows(0).last().map_or(0, |row| row + 1)
    }

    /// The row of each field, `under` more below that with the focus.
    fn rows(&self, under: usize) -> Vec<usize> {
        let mut next = 0;
        self.entries
            .iter()
            .enumerate()
            .map(|(i, entry)| {
                let row = next + usize::from(entry.gap);
                next = row + 1 + if i == self.focus { under } else { 0 };
                row
            })
            .collect()
    }

    fn row(&self, canvas: &mut Canvas<'_>, layout: Layout, i: usize, y: usize, today: Date) {
        let entry = &self.entries[i];
        let focused = i == self.focus;
        let glyphs = canvas.glyphs();
        if focused {
            canvas.put(0, y, glyphs.chosen, Role::Normal);
        }
        let mark = match entry.mark {
            _ if self.spares(entry.field) => "",
            Mark::Free => "",
            Mark::Required => glyphs.required,
            Mark::Either1 => glyphs.either_1,
            Mark::Either2 => glyphs.either_2,
        };
        let mark_width = canvas.cells(glyphs.either_1).max(2);
        canvas.put(MARK + mark_width - canvas.cells(mark), y, mark, Role::Label);
        canvas.put(MARK + mark_width, y, entry.field.label(), Role::Label);
        let x = layout.value;
        let carded = self.card_mark(canvas, i);
        // With a gap.
        let marked = canvas.cells(&carded) + usize::from(entry.from_card);
        let end = if focused {
            self.focused(canvas, x, y, i)
        } else {
            let shown = entry.shown();
            let room = canvas.width().saturating_sub(x + 1 + marked);
            // A value is shown whole, over the place of its meaning if need
            // be; only beyond the screen's edge it is cut, with a mark.
            let shown = if canvas.cells(&shown) > room {
                cells::fit(&shown, room)
            } else {
                shown
            };
            canvas.put(x, y, &shown, Role::Normal)
        };
        // The mark stands beside the value, in the field's own room if it can.
        let end = if entry.from_card && focused {
            canvas.put(end + 2, y, &carded, Role::Dim)
        } else if entry.from_card {
            let at = (end + 1).min(canvas.width().saturating_sub(marked));
            canvas.put(at, y, &carded, Role::Dim)
        } else {
            end
        };
        let behind = (x + entry.width + 2).max(end + 2);
        let (role, text) = self.behind(i, today);
        let room = behind_room(canvas, layout, entry.width, end);
        let fits = canvas.cells(&text) <= room;
        if fits {
            canvas.put(behind, y, &text, role);
        } else if !focused {
            let less = settled(entry.field, entry.line.text(), today);
            let less = less.less.filter(|_| less.shown == text);
            let text = match less.filter(|less| canvas.cells(less) <= room) {
                Some(less) => less,
                None => in_part(&text, room, canvas, entry.line.is_empty()),
            };
            canvas.put(behind, y, &text, role);
        }
    }

    /// What stands behind a value: what is wrong with it, what it means, or
    /// what the field wants.
    fn behind(&self, i: usize, today: Date) -> (Role, String) {
        let entry = &self.entries[i];
        if let Some(problem) = self.problem(entry.field) {
            return (Role::Error, problem.text.clone());
        }
        if let Some(flag) = entry.doubt() {
            return (Role::Warning, wording::card::doubt(flag).to_owned());
        }
        if entry.skipped && entry.line.is_empty() {
            return (Role::Dim, wording::NOT_ON_THIS_CARD.to_owned());
        }
        if entry.line.is_empty() || entry.is_choice() {
            return (Role::Dim, entry.rule.to_owned());
        }
        let said = if i == self.focus {
            feedback(entry.field, entry.line.text(), today)
        } else {
            settled(entry.field, entry.line.text(), today)
        };
        // How many digits it wants stands there until there are enough; of half
        // a date nothing can be said yet.
        let date = matches!(entry.field, Field::BirthDate | Field::CheckDate);
        let digits = i == self.focus && entry.kind == Kind::Digits;
        if (date || digits) && said.shown.is_empty() {
            return (Role::Dim, entry.rule.to_owned());
        }
        (edit::role(said.tone), said.shown)
    }

    /// The field with the focus: a window that always holds the cursor, so
    /// that the input method appears there (DOM-50).
    fn focused(&self, canvas: &mut Canvas<'_>, x: usize, y: usize, i: usize) -> usize {
        let entry = &self.entries[i];
        if canvas.is_told() {
            return self.told(canvas, x, y, i);
        }
        let width = entry.width.min(canvas.width().saturating_sub(x + 1));
        canvas.put(x, y, &" ".repeat(width), Role::Focus);
        if let Kind::Choice(_) = entry.kind {
            canvas.put(x, y, &entry.shown(), Role::Focus);
            canvas.cursor(x, y);
            return x + width;
        }
        // Characters that this terminal draws wider than they are counted
        // leave less room.
        let text = entry.line.text();
        let drawn = canvas.cells(&fold::shown(text));
        let extra = drawn.saturating_sub(cells::cells(text));
        let (part, at) = entry.line.window(width.saturating_sub(extra).max(4));
        canvas.put(x, y, &fold::shown(&part), Role::Focus);
        let before = canvas.cells(&fold::shown(cells::cut(&part, at)));
        // What does not fit is marked: no text reads as if it began or ended
        // where the field does.
        let gone = entry.line.cursor_cells().saturating_sub(at);
        if gone > 0 {
            canvas.put(x.saturating_sub(1), y, CUT, Role::Warning);
        }
        if gone + cells::cells(&part) < cells::cells(text) {
            canvas.put(x + width, y, CUT, Role::Warning);
        }
        canvas.cursor(x + before.min(width), y);
        x + width
    }
}

impl Form {
    /// The field with the focus where nothing has an edge: all of it.
    fn told(&self, canvas: &mut Canvas<'_>, x: usize, y: usize, i: usize) -> usize {
        let entry = &self.entries[i];
        if let Kind::Choice(_) = entry.kind {
            let end = canvas.put(x, y, &entry.shown(), Role::Focus);
            canvas.cursor(end, y);
            return end;
        }
        let before = cells::cut(entry.line.text(), entry.line.cursor_cells());
        let at = x + cells::cells(&fold::shown(before));
        let end = canvas.put(x, y, &fold::shown(entry.line.text()), Role::Focus);
        canvas.cursor(at, y);
        end.max(x + entry.width)
    }
}

/// Columns behind a value of `width` that ends at `end`.
fn behind_room(canvas: &Canvas<'_>, layout: Layout, width: usize, end: usize) -> usize {
    let behind = (layout.value + width + 2).max(end + 2);
    canvas.width().saturating_sub(behind + 1)
}

/// As much of a text as fits, and the mark that it goes on: never cut inside a
/// sentence or a number, and nothing that could be taken for the end of a long
/// value.
fn in_part(text: &str, room: usize, canvas: &Canvas<'_>, empty: bool) -> String {
    let cut = canvas.glyphs().cut;
    // A mark right behind a digit would read as a part of the number.
    let part = whole(text, |part| canvas.cells(part.trim_end()) + 2 <= room).trim_end();
    if part.ends_with(|c: char| c.is_ascii_digit()) {
        format!("{part} {cut}")
    } else if !part.is_empty() {
        format!("{part}{cut}")
    } else if empty {
        canvas.ambiguous().fit(text, room, cut).into_owned()
    } else {
        String::new()
    }
}

/// As much of a text as fits without being cut inside a sentence or a number.
fn whole(text: &str, fits: impl Fn(&str) -> bool) -> &str {
    if fits(text) {
        return text;
    }
    let mut longest = "";
    let mut before = None;
    for (at, c) in text.char_indices() {
        let behind = text.get(at..).unwrap_or_default();
        let ends = before == Some('。')
            || c == '（'
            || behind.starts_with("  ")
            || c == ' ' && before.is_some_and(|c: char| c.is_ascii_digit());
        if ends && let Some(part) = text.get(..at).filter(|part| fits(part)) {
            longest = part;
        }
        before = Some(c);
    }
    longest
}
