//! How the card pane looks: what lies there, the fields of the key, and what
//! was read beside what is typed below.

mod fields;
mod offered;

use super::typed::Mode;
use super::{QUICK, State, Step, glance, proves};
use crate::domain::card::{Kind, NO_CERTIFICATE};
use crate::domain::time::{Now, jst};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Sheet;
use crate::front::wording::{self, card};
use offered::clear_of_messages;

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
}

/// Whether there is a reader, and what lies on it.
fn reader(known: &Known, sheet: &mut Sheet) {
    let state = known.status.as_ref().map(|status| &status.reader);
    let word = state.map_or_else(String::new, wording::reader);
    let role = state.map_or(Role::Dim, wording::reader_role);
    sheet.pieces(&[(1, wording::READER, Role::Label), (12, &word, role)]);
}
