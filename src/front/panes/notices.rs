//! お知らせ of the operating bodies: the list and the chosen one's text
//! (OUT-6).

#[cfg(test)]
mod tests;

use crate::domain::notice::Notice;
use crate::domain::time::{Now, clock_text, jst, slash_date};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::Sheet;
use crate::link::message::{Ticket, ToDesk, ToFront};

/// Rows of the list at most, so that the text has room.
const LIST: usize = 6;
/// Rows a page key moves the text.
const PAGE: usize = 6;

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    notices: Option<Vec<Notice>>,
    /// Ids of those whose text nobody has seen.
    new: Vec<String>,
    chosen: usize,
    /// First row of the text that is shown.
    top: usize,
    waiting: Option<Ticket>,
    /// How many were unread when the notices were last asked for.
    unread: usize,
}

impl State {
    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    /// It came to the top: asks for the notices.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        let ticket = cx.ticket();
        cx.send(ToDesk::Notices { ticket });
        self.waiting = Some(ticket);
    }

    /// A key's meaning, a character, a paste.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "every pane has the same signature"
    )]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        let last = self.list().len().saturating_sub(1);
        match input {
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(Command::Up | Command::Previous) => {
                self.choose(self.chosen.saturating_sub(1));
            }
            Input::Command(Command::Down | Command::Next) => {
                self.choose((self.chosen + 1).min(last));
            }
            Input::Command(Command::Home) => self.choose(0),
            Input::Command(Command::End) => self.choose(last),
            Input::Command(Command::PageDown) => {
                let rows = |notice| text_of(notice, cx.known.sheet(), None).height();
                let rows = self.list().get(self.chosen).map_or(0, rows);
                let list = self.list().len().min(LIST);
                let seen = cx.known.room.1.saturating_sub(list + 2).max(1);
                self.top = (self.top + PAGE.min(seen)).min(rows.saturating_sub(seen));
            }
            Input::Command(Command::PageUp) => self.top = self.top.saturating_sub(PAGE),
            _ => {}
        }
        self.seen(cx);
    }

    /// The text of the chosen one is on the screen: only that one is read.
    fn seen(&mut self, cx: &mut Cx<'_>) {
        let Some(id) = self.list().get(self.chosen).map(|n| n.id.clone()) else {
            return;
        };
        if self.new.contains(&id) {
            self.new.retain(|new| *new != id);
            cx.send(ToDesk::NoticeRead { id });
        }
    }

    fn list(&self) -> &[Notice] {
        self.notices.as_deref().unwrap_or_default()
    }

    fn choose(&mut self, n: usize) {
        if n != self.chosen {
            self.chosen = n;
            self.top = 0;
        }
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if let ToFront::Status(status) = message {
            // What comes in while a person reads is shown at once; asked for
            // once only, so that a refusal is not asked again and again.
            let new = status.unread_notices;
            if self.waiting.is_none() && new > self.unread {
                self.ask(cx);
            }
            self.unread = new;
            return;
        }
        if self.waiting.is_none() || message.ticket() != self.waiting {
            return;
        }
        self.waiting = None;
        match message {
            ToFront::Notices {
                notices, unread, ..
            } => {
                let kept = self.list().get(self.chosen).map(|n| n.id.clone());
                self.chosen = kept
                    .and_then(|id| notices.iter().position(|n| n.id == id))
                    .unwrap_or(0);
                self.notices = Some(notices.clone());
                self.new.clone_from(unread);
                self.seen(cx);
            }
            ToFront::Failed { failure, .. } => {
                self.notices.get_or_insert_default();
                cx.say(Tone::Error, failure.to_string());
            }
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let Some(notices) = &self.notices else {
            canvas.put(2, 1, "お知らせを取り寄せています。", Role::Dim);
            return;
        };
        if notices.is_empty() {
            canvas.put(2, 1, "お知らせはありません。", Role::Normal);
            return;
        }
        let mut list = Sheet::new(canvas);
        let mut end = 0;
        for (n, notice) in notices.iter().enumerate() {
            let chosen = n == self.chosen;
            let role = if chosen { Role::Selected } else { Role::Normal };
            let mark = if chosen { list.glyphs().chosen } else { "" };
            let at = jst(notice.at).date();
            let day = format!(
                "{:02}/{:02} {}",
                at.month(),
                at.day(),
                clock_text(notice.at)
            );
            let title = if self.new.contains(&notice.id) {
                format!("[未読] {}", notice.title)
            } else {
                notice.title.clone()
            };
            list.pieces(&[
                (0, mark, Role::Heading),
                (2, &day, role),
                (15, &title, role),
            ]);
            if chosen {
                end = list.height();
            }
        }
        let shown = list.height().min(LIST);
        list.draw(&mut canvas.rows(0, shown), end.saturating_sub(shown));
        if let Some(notice) = notices.get(self.chosen) {
            let text = text_of(notice, Sheet::new(canvas), Some(now));
            let height = canvas.height().saturating_sub(shown + 1);
            let more = known.keymap.fill(Context::Notices, "{page-down} で続き");
            text.scrolled(&mut canvas.rows(shown + 1, height), self.top, &more);
        }
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.new.is_empty() {
            "上下の矢印で選びます。{back} で戻ります。".to_owned()
        } else {
            "上下の矢印で選ぶと本文が出て、既読になります。{back} で戻ります。".to_owned()
        }
    }
}

fn text_of(notice: &Notice, mut sheet: Sheet, now: Option<Now>) -> Sheet {
    sheet.heading(&slash_date(jst(notice.at).date()));
    sheet.text(2, &notice.title, Role::Heading);
    if let Some(period) = notice.opens {
        let today = now.map(|now| now.today());
        let open = match today {
            Some(day) if period.contains(day) => "今日は使えます",
            Some(day) if day < period.from => "まだ使えません",
            Some(_) => "期間は終わりました",
            None => "",
        };
        let text = format!(
            "緊急時医療情報・資格確認機能  {} から {} まで  {open}",
            slash_date(period.from),
            slash_date(period.to)
        );
        sheet.text(2, &text, Role::Warning);
    }
    sheet.blank();
    for line in notice.body.lines() {
        if line.is_empty() {
            sheet.blank();
        } else {
            sheet.text(2, line, Role::Normal);
        }
    }
    sheet
}
