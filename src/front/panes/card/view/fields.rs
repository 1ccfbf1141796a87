//! How the fields of a key look, and what stands behind or below each of them.

use super::{MESSAGE, VALUE};
use crate::domain::entry::DateReading;
use crate::domain::era;
use crate::domain::field::Field;
use crate::domain::form::{feedback, settled};
use crate::domain::time::Now;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::panes::card::typed::Slot;
use crate::front::panes::card::{State, Step};
use crate::front::sheet::wrapped;
use crate::front::wording::card;

impl State {
    /// Rows of the fields, with what stands below them.
    pub(super) fn fields(&self, known: &Known, now: Now) -> usize {
        if !matches!(self.step, Step::Typing | Step::Reading { .. }) {
            return 0;
        }
        let under = |slot: &Slot| 1 + self.beneath(*slot, known, now).len();
        self.typed.slots().iter().map(under).sum()
    }

    /// The fields of the key.
    pub(super) fn keys(&self, canvas: &mut Canvas<'_>, top: usize, known: &Known, now: Now) {
        let value = VALUE.min(canvas.width() / 2);
        let typing = matches!(self.step, Step::Typing);
        // Where a message leaves no more than a row, it is that of the focus.
        let slots = self.typed.slots();
        let room = canvas.height() >= top + self.fields(known, now) + MESSAGE - 1;
        let focus = slots.iter().position(|slot| *slot == self.typed.focus);
        let first = focus.filter(|_| !room).unwrap_or(0);
        let mut next = top;
        for slot in slots.iter().skip(first) {
            let y = next;
            next += 1;
            let focused = typing && self.typed.focus == *slot;
            if focused {
                let mark = canvas.glyphs().chosen;
                canvas.put(0, y, mark, Role::Normal);
            }
            canvas.put(2, y, slot.label(), Role::Label);
            let hidden = "*".repeat(self.typed.hidden(*slot));
            let width = width_of(*slot);
            let (text, at) = match slot {
                Slot::Birth => self.typed.birth.window(width),
                Slot::Year => self.typed.year.window(width),
                Slot::Code | Slot::Pin => (hidden.clone(), hidden.len()),
            };
            let role = if focused { Role::Focus } else { Role::Normal };
            if focused {
                canvas.put(value, y, &" ".repeat(width), role);
                canvas.cursor(value + at.min(width), y);
            }
            canvas.put(value, y, &text, role);
            let (role, behind) = self.behind(*slot, known, now);
            let room = canvas.width().saturating_sub(value + width + 3);
            if canvas.cells(&behind) <= room {
                canvas.put(value + width + 2, y, &behind, role);
                continue;
            }
            let under = self.beneath(*slot, known, now);
            for line in &under {
                canvas.put(value, next, line, role);
                next += 1;
            }
            if under.is_empty() {
                let less = self.less(*slot, &behind, now);
                let less = less.filter(|less| canvas.cells(less) <= room);
                let behind = less.unwrap_or(behind);
                let cut = canvas.ambiguous().fit(&behind, room, canvas.glyphs().cut);
                canvas.put(value + width + 2, y, &cut, role);
            }
        }
    }

    /// What has no room behind a field, in rows below it: of that with the
    /// focus, and of one that is wrong.
    fn beneath(&self, slot: Slot, known: &Known, now: Now) -> Vec<String> {
        if known.plain || !matches!(self.step, Step::Typing) {
            return Vec::new();
        }
        let (role, text) = self.behind(slot, known, now);
        if slot != self.typed.focus && role != Role::Error {
            return Vec::new();
        }
        let (width, policy) = (known.room.0, known.ambiguous);
        let value = VALUE.min(width / 2);
        let room = width.saturating_sub(value + width_of(slot) + 3);
        if policy.cells(&text) <= room {
            return Vec::new();
        }
        wrapped(policy, &text, width.saturating_sub(value + 1).max(8))
    }

    /// What stands behind a birth date, without what its text itself says.
    fn less(&self, slot: Slot, behind: &str, now: Now) -> Option<String> {
        let birth = self.typed.birth.text();
        let said = settled(Field::BirthDate, birth, now.today());
        let less = said.less.filter(|_| said.shown == behind);
        less.filter(|_| slot == Slot::Birth)
    }

    fn behind(&self, slot: Slot, known: &Known, now: Now) -> (Role, String) {
        let of_no_era = self.typed.of_no_era(now.today());
        if let Some(wrong) = self.typed.left_wrong(slot)
            && !self.typed.is_old(slot)
        {
            return (Role::Error, wrong.to_owned());
        }
        match slot {
            _ if self.typed.is_old(slot) => {
                (Role::Warning, known.keymap.fill(Context::Card, card::OLD))
            }
            Slot::Birth if self.typed.birth.is_empty() => (
                Role::Dim,
                crate::domain::form::rule(Field::BirthDate).to_owned(),
            ),
            Slot::Birth if self.typed.unknown_day() => (
                Role::Error,
                known.keymap.fill(Context::Card, card::NOT_BY_DATE),
            ),
            Slot::Birth if of_no_era.is_some() => (Role::Error, of_no_era.unwrap_or_default()),
            Slot::Birth => {
                let read = if self.typed.focus == Slot::Birth || self.typed.western() {
                    feedback
                } else {
                    settled
                };
                let said = read(Field::BirthDate, self.typed.birth.text(), now.today());
                let role = edit::role(said.tone);
                let (day, doubt) = match self.typed.birth_date(now.today()) {
                    DateReading::Day { day, doubt, .. } => (Some(day), doubt),
                    _ => (None, None),
                };
                let (role, text) = match day {
                    Some(day) if self.typed.offered => {
                        (Role::Normal, format!("{}（下の入力から）", era::long(day)))
                    }
                    Some(day) if self.typed.western() => (
                        Role::Warning,
                        format!("西暦 {} 年の券面として照合します", day.year()),
                    ),
                    Some(day) if self.typed.eraless(now.today()) => (
                        Role::Normal,
                        format!("{}で照合。西暦なら頭にW", era::long(day)),
                    ),
                    // Says what is doubtful itself.
                    _ => return (role, said.shown),
                };
                match doubt {
                    Some(doubt) => (Role::Warning, format!("{}  {text}", doubt.word())),
                    None => (role, text),
                }
            }
            Slot::Year if self.typed.odd_year(now.today()) => (
                Role::Warning,
                "有効期限の年ですか。券面を確かめてください".to_owned(),
            ),
            Slot::Year => (
                Role::Dim,
                "西暦 4 桁（「2033年～まで有効」の 2033）".to_owned(),
            ),
            Slot::Code => (Role::Dim, "写真の下の 4 桁。画面には出ません".to_owned()),
            Slot::Pin => (Role::Dim, "数字 4 桁。画面には出ません".to_owned()),
        }
    }
}

/// Columns of a field.
fn width_of(slot: Slot) -> usize {
    if slot == Slot::Birth { 18 } else { 6 }
}
