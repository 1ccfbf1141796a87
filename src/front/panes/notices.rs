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
use crate::front::sheet::{Scroll, Sheet};
use crate::link::message::{Ticket, ToDesk, ToFront};

/// Rows of the list at most, so that the text has room.
const LIST: usize = 6;
/// Below so many rows the list takes a third of them and no empty row.
const ROOMY: usize = 12;

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    notices: Option<Vec<Notice>>,
    /// Ids of those whose text nobody has seen.
    new: Vec<String>,
    chosen: usize,
    /// How far the text has moved.
    scroll: Scroll,
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
            Input::Command(command @ (Command::PageDown | Command::PageUp)) => {
                let known = cx.known;
                let (list, _) = self.listed(known.sheet());
                let (_, from) = share(list.height(), known.page());
                if let Some(notice) = self.list().get(self.chosen) {
                    let rows = text_of(notice, known.sheet(), cx.now).height();
                    let height = known.page().saturating_sub(from);
                    self.scroll.moved(command, rows, height);
                }
            }
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
            self.scroll = Scroll::default();
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
        let (list, end) = self.listed(Sheet::new(canvas));
        let (shown, from) = share(list.height(), canvas.height());
        list.draw(&mut canvas.rows(0, shown), end.saturating_sub(shown));
        if let Some(notice) = notices.get(self.chosen) {
            let text = text_of(notice, Sheet::new(canvas), now);
            let height = canvas.height().saturating_sub(from);
            let more = known.keymap.fill(Context::Notices, "{page-down} で続き");
            text.scrolled(&mut canvas.rows(from, height), self.scroll.top(), &more);
        }
    }

    /// The list, and the row behind the chosen one.
    fn listed(&self, mut list: Sheet) -> (Sheet, usize) {
        let mut end = 0;
        for (n, notice) in self.list().iter().enumerate() {
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
        (list, end)
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

/// Rows of a list of `rows` that are shown, and where the text begins.
fn share(rows: usize, height: usize) -> (usize, usize) {
    if height >= ROOMY {
        let shown = rows.min(LIST);
        (shown, shown + 1)
    } else {
        let shown = rows.min((height / 3).max(1));
        (shown, shown)
    }
}

fn text_of(notice: &Notice, mut sheet: Sheet, now: Now) -> Sheet {
    sheet.heading(&slash_date(jst(notice.at).date()));
    sheet.text(2, &notice.title, Role::Heading);
    if let Some(period) = notice.opens {
        let open = match now.today() {
            day if period.contains(day) => "今日は使えます",
            day if day < period.from => "まだ使えません",
            _ => "期間は終わりました",
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
