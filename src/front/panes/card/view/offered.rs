//! How what was read looks: the card's text, what is typed below, and today's
//! notes of that person.

use super::{MESSAGE, ROOMY};
use crate::domain::card::LEAST_TRIES;
use crate::domain::name::half;
use crate::front::app::Known;
use crate::front::canvas::Role;
use crate::front::panes::Place;
use crate::front::panes::card::offer::{Doubt, Likeness, Notes, Offer, Row};
use crate::front::panes::card::{State, Step, named};
use crate::front::sheet::Sheet;
use crate::front::wording::{self, card};

impl State {
    /// What was read.
    pub(super) fn offer(&self, offer: &Offer, known: &Known, sheet: &mut Sheet) {
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
    pub(in crate::front::panes::card) fn offered_rows(&self, known: &Known) -> usize {
        let mut sheet = known.sheet();
        if let Step::Offer(offer) = &self.step {
            self.offer(offer, known, &mut sheet);
        }
        clear_of_messages(&mut sheet, known.room.1);
        sheet.height()
    }
}

/// On a small screen the last rows can be brought above a message.
pub(super) fn clear_of_messages(sheet: &mut Sheet, height: usize) {
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
