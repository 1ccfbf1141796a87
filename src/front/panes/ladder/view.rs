//! How the ladder looks: the two dates, what can be shown, the share.

use super::{Rung, Stage, State, rules};
use crate::domain::evidence::Evidence;
use crate::domain::time::Now;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::form::Layout;
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::wrapped;

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
            let from = y;
            y = self.rung(canvas, y, at, evidence);
            if self.rung == Rung::At(at) && self.stage == Stage::Rungs {
                canvas.keep(from, y);
            }
        }
        let chosen = self.rung == Rung::Nothing;
        self.row(canvas, y, '0', "どれもない", chosen);
        if chosen && self.stage == Stage::Rungs {
            canvas.keep(y, y + 1);
        }
        let y = self.share(canvas, y + 2);
        let room = canvas.width().saturating_sub(3);
        let remarks = rules.remarks_on(self.visit(), self.birth());
        let mut told: Vec<(String, Role)> = remarks
            .iter()
            .flat_map(|text| wrapped(canvas.ambiguous(), text, room))
            .map(|line| (line, Role::Warning))
            .collect();
        if let Some(evidence) = self.picked(known) {
            let note = wrapped(canvas.ambiguous(), &evidence.note, room).into_iter();
            told.extend(note.map(|line| (line, Role::Normal)));
        }
        self.tell(known, canvas, y, &told);
    }

    /// What to mind, from row `y`; the rest page by page where there is no
    /// room for all of it.
    fn tell(&self, known: &Known, canvas: &mut Canvas<'_>, y: usize, told: &[(String, Role)]) {
        if let Some(page) = canvas.page() {
            return self.tell_below(canvas, y, told, page);
        }
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

    /// The same where only what is kept is in sight: pages of all that there
    /// is.
    fn tell_below(&self, canvas: &mut Canvas<'_>, y: usize, told: &[(String, Role)], page: usize) {
        for (down, (line, role)) in told.iter().enumerate() {
            canvas.put(1, y + down, line, *role);
        }
        let page = page.saturating_sub(1).max(1);
        let all = y + told.len();
        let turned = self.page % all.div_ceil(page).max(1);
        if turned > 0 {
            let from = turned * page;
            canvas.keep(from, (from + page).min(all));
        }
    }

    /// Returns the row below.
    fn rung(&self, canvas: &mut Canvas<'_>, y: usize, at: usize, evidence: &Evidence) -> usize {
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
        let remark = standing.remark();
        let beside = end + 2 + canvas.cells(&remark) <= canvas.width();
        if beside || canvas.is_told() {
            canvas.put(end + 2, y, &remark, role);
            return y + 1;
        }
        canvas.put(7, y + 1, &remark, role);
        y + 2
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
        let (first, mut y) = (y, y);
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
                let none = "0 まだ決めない";
                let asked = self.stage == Stage::Share;
                let reason = burden.reason();
                let wanted = x + 2 + canvas.cells(reason) + if asked { 16 } else { 0 };
                if asked {
                    canvas.put(0, y, canvas.glyphs().chosen, Role::Normal);
                }
                if wanted > canvas.width() {
                    y += 1;
                    x = 5;
                }
                x = canvas.put(x + 2, y, reason, Role::Dim);
                if asked {
                    canvas.put(x + 2, y, none, Role::Key);
                    canvas.keep(first, y + 1);
                }
            }
        }
        let full = if self.rung == Rung::Nothing {
            "まず申立書を。10割（全額）は、どれもできないときの最後の手段です。"
        } else {
            "どの段でも、ふだんの割合で受けます。10割（全額）は取りません。"
        };
        let room = canvas.width().saturating_sub(2);
        for line in wrapped(
            canvas.ambiguous(),
            full,
            if canvas.is_told() { usize::MAX } else { room },
        ) {
            y += 1;
            canvas.put(1, y, &line, Role::Normal);
        }
        y + 1
    }
}
