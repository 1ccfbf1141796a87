//! How the ladder looks: the two dates, what can be shown, the share.

use super::{Rung, Stage, State, rules};
use crate::domain::evidence::Evidence;
use crate::domain::time::Now;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::form::Layout;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::text::wrap::wrap;

impl State {
    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let layout = Layout {
            top: 0,
            height: 2,
            value: 16,
        };
        self.dates.view(canvas, layout, now.today());
        if self.stage != Stage::Dates {
            // Column 0 marks where the keys go.
            canvas.put(0, 0, " ", Role::Normal);
            canvas.put(0, 1, " ", Role::Normal);
        }
        let Some(rules) = rules(known) else { return };
        let mut y = 2;
        let mut under = None;
        for (at, evidence) in rules.evidence.iter().enumerate() {
            if under != Some(evidence.card) {
                canvas.put(1, y, evidence.card.label(), Role::Heading);
                under = Some(evidence.card);
                y += 1;
            }
            self.rung(canvas, y, at, evidence);
            y += 1;
        }
        let chosen = self.rung == Rung::Nothing;
        self.row(canvas, y, '0', "どれもない", chosen);
        let y = self.share(canvas, y + 2);
        let room = canvas.width().saturating_sub(3);
        let remarks = rules.remarks_on(self.visit(), self.birth());
        let mut told: Vec<(String, Role)> = remarks
            .iter()
            .flat_map(|text| wrap(text, room))
            .map(|line| (line, Role::Warning))
            .collect();
        if let Some(evidence) = self.picked(known) {
            let note = wrap(&evidence.note, room).into_iter();
            told.extend(note.map(|line| (line, Role::Normal)));
        }
        self.tell(known, canvas, y, &told);
    }

    /// What to mind, from row `y`; the rest page by page where there is no
    /// room for all of it.
    fn tell(&self, known: &Known, canvas: &mut Canvas<'_>, y: usize, told: &[(String, Role)]) {
        let rows = canvas.height().saturating_sub(y);
        let whole = told.len() <= rows;
        let page = if whole { rows } else { rows.saturating_sub(1) }.max(1);
        let pages = told.len().div_ceil(page).max(1);
        let lines = told.iter().skip(self.page % pages * page).take(page);
        for (down, (line, role)) in lines.enumerate() {
            canvas.put(1, y + down, line, *role);
        }
        if !whole {
            let key = known.keymap.key_for(Context::Ladder, Command::PageDown);
            let more = key.map_or_else(
                || "続きがあります".to_owned(),
                |key| format!("{key} で続き"),
            );
            let at = format!("{more} ({}/{pages})", self.page % pages + 1);
            canvas.put(1, y + rows.saturating_sub(1), &at, Role::Key);
        }
    }

    fn rung(&self, canvas: &mut Canvas<'_>, y: usize, at: usize, evidence: &Evidence) {
        let digit = u32::try_from(at + 1)
            .ok()
            .and_then(|n| char::from_digit(n, 10))
            .unwrap_or(' ');
        let chosen = self.rung == Rung::At(at);
        let end = self.row(canvas, y, digit, &evidence.text, chosen);
        let standing = evidence.standing(self.visit());
        let role = if standing.holds() {
            Role::Dim
        } else {
            Role::Warning
        };
        canvas.put(end + 2, y, &standing.remark(), role);
    }

    fn row(
        &self,
        canvas: &mut Canvas<'_>,
        y: usize,
        digit: char,
        text: &str,
        chosen: bool,
    ) -> usize {
        if chosen && self.stage != Stage::Dates {
            let mark = canvas.glyphs().chosen;
            canvas.put(0, y, mark, Role::Normal);
        }
        canvas.put(2, y, &digit.to_string(), Role::Key);
        let role = if chosen { Role::Selected } else { Role::Normal };
        canvas.put(5, y, text, role)
    }

    /// DOM-28, DOM-71.
    fn share(&self, canvas: &mut Canvas<'_>, y: usize) -> usize {
        let x = canvas.put(1, y, "負担", Role::Heading) + 2;
        match self.burden() {
            None => {
                canvas.put(x, y, "生年月日を入れると出ます", Role::Dim);
            }
            Some(burden) => {
                let mut x = match self.ratio() {
                    Some(ratio) => canvas.put(x, y, &format!("{ratio}割"), Role::Good),
                    None => canvas.put(x, y, burden.label(), Role::Warning),
                };
                x = canvas.put(x + 2, y, burden.reason(), Role::Dim);
                if self.stage == Stage::Share {
                    canvas.put(0, y, canvas.glyphs().chosen, Role::Normal);
                    canvas.put(x + 2, y, "0 まだ決めない", Role::Key);
                }
            }
        }
        let full = if self.rung == Rung::Nothing {
            "まず申立書を。10割（全額）は、どれもできないときの最後の手段です。"
        } else {
            "どの段でも、ふだんの割合で受けます。10割（全額）は取りません。"
        };
        canvas.put(1, y + 1, full, Role::Normal);
        y + 2
    }
}
