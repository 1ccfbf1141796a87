//! How the card pane looks: what lies there, the fields of the key, and what
//! was read beside what is typed below.

use super::offer::{Doubt, Likeness, Notes, Offer, Row};
use super::typed::{Mode, Slot};
use super::{QUICK, State, Step, glance, named, proves};
use crate::domain::card::{Kind, LEAST_TRIES, NO_CERTIFICATE};
use crate::domain::era;
use crate::domain::field::Field;
use crate::domain::form::{feedback, settled};
use crate::domain::name::half;
use crate::domain::time::{Now, jst};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::edit;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::panes::Place;
use crate::front::sheet::{Sheet, wrapped};
use crate::front::wording::{self, card};

/// Rows that a message takes at most; all but one of them are the pane's.
const MESSAGE: usize = 4;
/// From so many rows on nothing of the pane is lost under a message.
const ROOMY: usize = 12;
/// Column of the values of a key.
const VALUE: usize = 22;

impl State {
    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        if let Step::Offer(offer) = &self.step {
            let mut sheet = Sheet::new(canvas);
            self.offer(offer, known, &mut sheet);
            clear_of_messages(&mut sheet, canvas.height());
            let key = known.keymap.key_for(Context::Offer, Command::PageDown);
            let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
            sheet.scrolled(canvas, self.scroll.top(), &more);
            return;
        }
        let mut sheet = Sheet::new(canvas);
        reader(known, &mut sheet);
        self.lies(known, &mut sheet);
        sheet.blank();
        self.told(known, now, &mut sheet);
        let keys = matches!(self.step, Step::Typing | Step::Reading { .. });
        let height = canvas.height();
        if sheet.height() + self.fields(known, now) <= height {
            sheet.draw(canvas, 0);
            if keys {
                self.keys(canvas, sheet.height(), known, now);
            }
            return;
        }
        // On a small screen the reader's state comes first and what is to be
        // done next: a message may cover the rows at the end.
        let mut sheet = Sheet::new(canvas);
        let (top, below) = self.below(known, now, height, &mut sheet);
        let mut head = Sheet::new(canvas);
        reader(known, &mut head);
        head.draw(&mut canvas.rows(0, top), 0);
        if below < height {
            let key = known.keymap.key_for(Context::Card, Command::PageDown);
            let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
            let mut rest = canvas.rows(below, height - below);
            sheet.scrolled(&mut rest, self.scroll.top(), &more);
        }
        if keys {
            self.keys(canvas, top, known, now);
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

    /// Rows of the fields, with what stands below them.
    fn fields(&self, known: &Known, now: Now) -> usize {
        if !matches!(self.step, Step::Typing | Step::Reading { .. }) {
            return 0;
        }
        let under = |slot: &Slot| 1 + self.beneath(*slot, known, now).len();
        self.typed.slots().iter().map(under).sum()
    }

    /// What a small screen shows below the fields, and how many rows are above.
    fn below(&self, known: &Known, now: Now, height: usize, sheet: &mut Sheet) -> (usize, usize) {
        let mut head = known.sheet();
        reader(known, &mut head);
        let top = if height > MESSAGE { head.height() } else { 0 };
        if matches!(self.step, Step::Typing | Step::Reading { .. }) {
            self.lies(known, sheet);
            self.told(known, now, sheet);
        } else {
            self.told(known, now, sheet);
            self.lies(known, sheet);
        }
        (top, (top + self.fields(known, now)).min(height))
    }

    /// Moves what is below the fields; whether the key is for that.
    pub(super) fn turned(&mut self, known: &Known, now: Now, command: Command) -> bool {
        if !matches!(command, Command::PageUp | Command::PageDown) {
            return false;
        }
        let mut sheet = known.sheet();
        let height = known.page();
        let (_, below) = self.below(known, now, height, &mut sheet);
        self.scroll.moved(command, sheet.height(), height - below);
        true
    }

    /// What the card that lies there says of itself.
    fn lies(&self, known: &Known, sheet: &mut Sheet) {
        let state = known.status.as_ref().map(|status| &status.reader);
        let Some(glance) = glance(known) else {
            if let Some(advice) = state.and_then(card::advice) {
                sheet.text(12, &advice, Role::Warning);
            }
            return;
        };
        let shown = self.shown.as_ref();
        if let Some(validity) = glance.validity {
            let until = shown
                .and_then(|shown| shown.certificate.as_ref())
                .map(|c| format!("{} まで  ", card::day(jst(c.not_after).date())));
            let test = shown
                .and_then(|shown| shown.certificate.as_ref())
                .is_some_and(|c| c.test);
            let text = format!(
                "{}{}{}",
                until.unwrap_or_default(),
                card::validity(validity),
                if test {
                    "  （試験用のカード）"
                } else {
                    ""
                }
            );
            let warning = card::certificate(validity);
            let role = if warning.is_some() {
                Role::Warning
            } else {
                Role::Normal
            };
            sheet.pieces(&[(1, "電子証明書", Role::Label), (12, &text, role)]);
            if let Some(warning) = warning {
                sheet.text(12, &warning, Role::Warning);
            }
        } else if card::lacks(glance) {
            let none = "なし（または読めません）";
            sheet.pieces(&[(1, "電子証明書", Role::Label), (12, none, Role::Warning)]);
            sheet.text(12, NO_CERTIFICATE, Role::Warning);
        }
        if let Some(expiry) = shown.and_then(|shown| shown.expiry) {
            let warning = glance.expires;
            let word = warning.map_or("", card::expiry);
            let text = format!("{} まで  {word}", card::day(expiry));
            let role = if warning.is_some() {
                Role::Warning
            } else {
                Role::Normal
            };
            sheet.pieces(&[(1, "カード", Role::Label), (12, text.trim_end(), role)]);
            if let Some(warning) = warning {
                sheet.text(12, &warning.to_string(), Role::Warning);
            }
        }
        let serial = shown.and_then(|shown| shown.serial.as_deref());
        if let Some(serial) = serial {
            sheet.pieces(&[(1, "発行番号", Role::Label), (12, serial, Role::Normal)]);
        }
        let advice = state.and_then(card::advice);
        if let Some(advice) = advice.filter(|_| glance.kind != Some(Kind::MyNumber)) {
            sheet.text(12, &advice, Role::Warning);
        }
    }

    /// What the step says.
    fn told(&self, known: &Known, now: Now, sheet: &mut Sheet) {
        match &self.step {
            Step::Few { trouble, .. } => {
                sheet.heading("確認");
                sheet.text(1, &trouble.to_string(), Role::Warning);
                sheet.blank();
                let keys = known.keymap.fill(Context::Ask, wording::YES_OR_NO);
                sheet.text(1, &format!("試しますか？  {keys}"), Role::Heading);
                return;
            }
            Step::Proved(_) => {
                sheet.heading("署名を確かめました");
                sheet.text(1, card::PROVES, Role::Good);
                return;
            }
            Step::Reading {
                since: Some(since), ..
            } => {
                let slow = now.mono >= *since + QUICK;
                let text = if slow { card::READING } else { "" };
                sheet.text(1, text, Role::Heading);
            }
            Step::Reading { presence: None, .. } => {
                sheet.text(1, card::PUT_DOWN, Role::Heading);
                let text = known.keymap.fill(Context::Card, card::WAITING);
                sheet.text(1, &text, Role::Warning);
            }
            _ => {}
        }
        match self.typed.mode {
            Mode::Face => {
                sheet.heading("券面の番号で読む（照合番号B）");
            }
            Mode::Pin => {
                sheet.heading("患者さんの暗証番号で読む（券面事項入力補助用）");
                sheet.text(1, card::TURN, Role::Warning);
            }
            Mode::Prove => {
                sheet.heading("カードに署名させる（利用者証明用の暗証番号）");
                sheet.text(1, card::TURN, Role::Warning);
                sheet.text(1, card::PROVES, Role::Normal);
            }
        }
        if self.typed.mode == Mode::Face {
            let key = |context| known.keymap.fill(context, "{other-key}");
            let text = format!(
                "氏名・生年月日・性別・住所だけを読みます。番号で読めないときは、{} で暗証番号を使えます。{}",
                key(Context::Card),
                if proves(known) {
                    known.keymap.fill(Context::Card, "{prove} で署名確認。")
                } else {
                    String::new()
                }
            );
            sheet.text(1, &text, Role::Dim);
        } else {
            sheet.text(1, card::NOT_KEPT, Role::Normal);
        }
        sheet.blank();
    }

    /// The fields of the key.
    fn keys(&self, canvas: &mut Canvas<'_>, top: usize, known: &Known, now: Now) {
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
                let cut = canvas.ambiguous().fit(&behind, room, canvas.glyphs().cut);
                canvas.put(value + width + 2, y, &cut, role);
            }
        }
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
                let day = self.typed.birth_date(now.today()).day();
                match day {
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
                    _ => (role, said.shown),
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

    /// What was read.
    fn offer(&self, offer: &Offer, known: &Known, sheet: &mut Sheet) {
        let place = self.below.as_ref().map(|below| below.place);
        let into = place.map_or_else(
            || "まだどこにも入っていません".to_owned(),
            |place| format!("まだ{}に入っていません", named(place)),
        );
        sheet.heading(&format!("カードから読んだ内容（{into}）"));
        for (n, row) in offer.rows.iter().enumerate() {
            lay(sheet, n + 1, row, place, offer.swaps());
        }
        match (offer.doubt, &offer.corrects) {
            (Doubt::Another, Some(id)) => sheet.text(1, &card::of_another_note(id), Role::Warning),
            (Doubt::Another, None) => sheet.text(1, card::OF_ANOTHER, Role::Warning),
            (Doubt::Name, _) => sheet.text(1, card::OTHER_NAME, Role::Warning),
            (Doubt::None, _) => {}
        }
        if !offer.stays.is_empty() {
            let stays: Vec<String> = offer
                .stays
                .iter()
                .map(|(field, text)| format!("{} {text}", field.label()))
                .collect();
            let text = format!("そのまま残るもの: {}。{}", stays.join("、"), card::WHOSE);
            sheet.text(1, &text, Role::Warning);
        }
        if let Some(left) = offer.left.filter(|left| *left <= LEAST_TRIES) {
            let text =
                format!("読む前の残りは {left} 回でした。正しい番号だったので元に戻りました。");
            sheet.text(1, &text, Role::Dim);
        }
        sheet.blank();
        match place {
            None => {
                for choice in [
                    "1 控えに入れる",
                    "2 障害時の検索に入れる",
                    "3 保険証の照会に生年月日を入れる",
                ] {
                    sheet.text(3, choice, Role::Normal);
                }
            }
            Some(Place::Lookup) => notes(sheet, &offer.notes, known.hides_names()),
            Some(_) if offer.swaps() => {}
            Some(_) => {
                let text = "1 から 4 の数字で、その欄を取り込むかどうかを変えられます。カナは券面にないので、あとで入れます。";
                sheet.text(1, text, Role::Dim);
            }
        }
    }

    /// Rows of what was read on a canvas as large as the screen has room for
    /// one, for scrolling.
    pub(super) fn offered_rows(&self, known: &Known) -> usize {
        let mut sheet = known.sheet();
        if let Step::Offer(offer) = &self.step {
            self.offer(offer, known, &mut sheet);
        }
        clear_of_messages(&mut sheet, known.room.1);
        sheet.height()
    }
}

/// Columns of a field.
fn width_of(slot: Slot) -> usize {
    if slot == Slot::Birth { 18 } else { 6 }
}

/// Whether there is a reader, and what lies on it.
fn reader(known: &Known, sheet: &mut Sheet) {
    let state = known.status.as_ref().map(|status| &status.reader);
    let word = state.map_or_else(String::new, wording::reader);
    let role = state.map_or(Role::Dim, wording::reader_role);
    sheet.pieces(&[(1, wording::READER, Role::Label), (12, &word, role)]);
}

/// On a small screen the last rows can be brought above a message.
fn clear_of_messages(sheet: &mut Sheet, height: usize) {
    if height < ROOMY && sheet.height() > height.saturating_sub(MESSAGE) {
        for _ in 1..MESSAGE {
            sheet.blank();
        }
    }
}

/// A field: the card's text, what is typed below, what to look at.
fn lay(sheet: &mut Sheet, n: usize, row: &Row, place: Option<Place>, swaps: bool) {
    let mark = match place {
        None => String::new(),
        Some(Place::Lookup) if row.put.is_none() => String::new(),
        Some(Place::Lookup) => "[x]".to_owned(),
        Some(_) if swaps && row.take => "[x]".to_owned(),
        Some(_) if swaps => " - ".to_owned(),
        Some(_) if row.take => format!("{n} [x]"),
        Some(_) if row.put.is_some() => format!("{n} [ ]"),
        Some(_) => format!("{n}  - "),
    };
    sheet.pieces(&[
        (1, &mark, Role::Key),
        (8, row.field.label(), Role::Label),
        (18, &row.card, Role::Normal),
    ]);
    if row.likeness != Likeness::Free {
        let (word, role) = match row.likeness {
            Likeness::Other => ("違います", Role::Warning),
            _ => ("同じ", Role::Dim),
        };
        let text = format!("いまの入力: {}  <- {word}", row.held);
        sheet.text(18, &text, role);
    }
    for flag in &row.flags {
        let text = format!("{} {}", sheet.glyphs().attention, card::flag(*flag));
        sheet.text(18, &text, Role::Warning);
    }
    if let Some(codes) = wording::private(row.text.as_deref()) {
        sheet.text(18, &codes, Role::Normal);
    }
}

/// Today's notes of that person: a list, with names in part as in every other
/// one (DOM-45).
fn notes(sheet: &mut Sheet, notes: &Notes, hidden: bool) {
    match notes {
        Notes::None => {}
        Notes::Asked(_) => sheet.text(1, "今日の控えを探しています。", Role::Dim),
        Notes::Found(rows) if rows.is_empty() => {
            sheet.text(1, "この方の今日の控えはありません。", Role::Normal);
        }
        Notes::Found(rows) => {
            sheet.heading("この方の今日の控え（番号で開きます）");
            for (n, row) in rows.iter().take(9).enumerate() {
                let name = crate::text::fold::shown(&row.name);
                let name = if hidden { half(&name) } else { name };
                let text = format!("{} {}  {name}  {}  {}", n + 1, row.id, row.state, row.next);
                sheet.text(1, &text, Role::Normal);
            }
        }
    }
}
