//! 機能の開放: how the outage function gets opened, step by step, each ticked
//! with who and when, and the 利用報告書 at the end (DOM-75).

#[cfg(test)]
mod tests;

use super::help::hours;
use super::{Pane, paper};
use crate::domain::opening::{Opening, Stage};
use crate::domain::time::{Now, clock_text, jst};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, End, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::wrapped;
use crate::link::message::{Print, Ticket, ToDesk, ToFront};
use crate::text::fold;

/// The コールセンター (OUT-92).
pub const CALL_CENTRE: &str = "0800-080-4583";

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    opening: Option<Box<Opening>>,
    chosen: usize,
    waiting: Option<Ticket>,
}

impl State {
    /// No field here.
    pub fn typing(&self) -> bool {
        false
    }

    /// Asks for it.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        let ticket = cx.ticket();
        cx.send(ToDesk::Opening { ticket });
        self.waiting = Some(ticket);
    }

    /// A key's meaning, a character.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        match input {
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(Command::Up | Command::Previous) => {
                self.chosen = self.chosen.saturating_sub(1);
            }
            Input::Command(Command::Down) => {
                self.chosen = (self.chosen + 1).min(Stage::ALL.len() - 1);
            }
            Input::Command(Command::Home) => self.chosen = 0,
            Input::Command(Command::End) => self.chosen = Stage::ALL.len() - 1,
            Input::Command(Command::Submit) => self.tick(cx),
            Input::Command(Command::Print) => self.print(cx),
            Input::Command(Command::Clear) => self.renew(cx),
            Input::Char(c) => {
                let digit = fold::narrow_char(c).to_digit(10);
                let at = digit.and_then(|d| usize::try_from(d).ok());
                if let Some(at) = at.and_then(|d| d.checked_sub(1))
                    && at < Stage::ALL.len()
                {
                    self.chosen = at;
                }
            }
            _ => {}
        }
    }

    /// The chosen step is done, or is not after all.
    fn tick(&mut self, cx: &mut Cx<'_>) {
        let (Some(opening), Some(stage)) = (&self.opening, Stage::ALL.get(self.chosen)) else {
            return;
        };
        if self.waiting.is_some() {
            return cx.say(Tone::Hint, "保存しています。");
        }
        let ticket = cx.ticket();
        cx.send(ToDesk::TickOpening {
            ticket,
            round: opening.round,
            stage: *stage,
            on: !opening.ticks.contains_key(stage),
        });
        self.waiting = Some(ticket);
        cx.hush();
    }

    /// The next time through; only once this one is finished.
    fn renew(&mut self, cx: &mut Cx<'_>) {
        let Some(opening) = &self.opening else { return };
        if opening.next().is_some() {
            return cx.say(
                Tone::Warning,
                "まだ終わっていない手順があります。利用報告書を出したら、新しく始められます。",
            );
        }
        let ticket = cx.ticket();
        cx.send(ToDesk::NewOpening {
            ticket,
            round: opening.round,
        });
        self.waiting = Some(ticket);
    }

    fn print(&self, cx: &mut Cx<'_>) {
        let (Some(opening), Some(welcome)) = (&self.opening, &cx.known.welcome) else {
            return;
        };
        let paper = opening.report(&welcome.facility, &welcome.institution_code, cx.now.wall);
        let next = paper::State::of(Print::Report, paper, cx.known);
        cx.go(Go::Push(Pane::Paper(Box::new(next))));
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        match message {
            ToFront::OpeningChanged if self.waiting.is_none() => self.opened(cx),
            ToFront::Opening { ticket, opening } if self.waiting == Some(*ticket) => {
                self.waiting = None;
                if self.opening.is_none() {
                    let next = opening.next().unwrap_or(Stage::Reported);
                    self.chosen = Stage::ALL.iter().position(|s| *s == next).unwrap_or(0);
                }
                self.opening = Some(opening.clone());
            }
            ToFront::Failed { ticket, failure } if self.waiting == Some(*ticket) => {
                self.waiting = None;
                cx.say(Tone::Error, failure.to_string());
            }
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let room = canvas.width().saturating_sub(6);
        let (open, role) = match hours::state(now.wall) {
            hours::State::Open { until } => (format!("いま受付中（{until}:00 まで）"), Role::Good),
            hours::State::Closed { next } => {
                (format!("いまは時間外（次は {next}）"), Role::Warning)
            }
        };
        let call = format!("コールセンター {CALL_CENTRE}");
        let x = canvas.put(1, 0, &call, Role::Heading);
        canvas.stay(1);
        let mut y = 1;
        if x + 2 + canvas.cells(&open) <= canvas.width() {
            canvas.put(x + 2, 0, &open, role);
        } else {
            canvas.put(3, 1, &open, role);
            y += 1;
        }
        let (facility, code) = known.welcome.as_ref().map_or(("", ""), |w| {
            (w.facility.as_str(), w.institution_code.as_str())
        });
        let staff = known.staff.as_ref().map_or("", |s| s.name.as_str());
        let tell = format!(
            "伝えること: 医療機関コード {code}、{facility}、担当者（{staff}）、緊急時医療情報・資格確認機能を使いたいこと"
        );
        for line in wrapped(canvas.ambiguous(), &tell, room) {
            canvas.put(3, y, &line, Role::Normal);
            y += 1;
        }
        y += 1;
        let Some(opening) = &self.opening else {
            canvas.put(1, y, "読み込んでいます。", Role::Dim);
            return;
        };
        for (at, stage) in Stage::ALL.into_iter().enumerate() {
            let chosen = at == self.chosen;
            if chosen {
                canvas.put(0, y, canvas.glyphs().chosen, Role::Normal);
            }
            let tick = opening.ticks.get(&stage);
            let mark = if tick.is_some() { "[x]" } else { "[ ]" };
            canvas.put(2, y, &format!("{} {mark}", at + 1), Role::Key);
            let role = if chosen { Role::Selected } else { Role::Normal };
            let from = y;
            for (down, line) in wrapped(canvas.ambiguous(), stage.label(), room.saturating_sub(3))
                .iter()
                .enumerate()
            {
                y = from + down;
                canvas.put(8, y, line, role);
            }
            if let Some(tick) = tick {
                let day = jst(tick.at).date();
                let who = match tick.by.as_str() {
                    "" => "窓口が確認",
                    by => by,
                };
                let text = format!(
                    "済 {}/{} {}  {who}",
                    day.month(),
                    day.day(),
                    clock_text(tick.at)
                );
                canvas.put(8, y + 1, &text, Role::Good);
            }
            y += 2;
            if chosen {
                canvas.keep(from, y);
                canvas.ending(End::of(at, Stage::ALL.len()));
            }
        }
        let period = match opening.period {
            Some(_) => opening.period_text(),
            None => "まだ知らせがありません".to_owned(),
        };
        canvas.put(1, y, &format!("利用期間: {period}"), Role::Normal);
        let used = format!("方法3の照会: {} 件", opening.searches());
        canvas.put(1, y + 1, &used, Role::Normal);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        let Some(opening) = &self.opening else {
            return String::new();
        };
        if opening.next().is_none() {
            return "終わりました。{clear} で次の障害のために新しく始めます。".to_owned();
        }
        let done = Stage::ALL
            .get(self.chosen)
            .is_some_and(|stage| opening.ticks.contains_key(stage));
        if done {
            "{submit} で済を取り消します。{print} で利用報告書の控えを印刷します。".to_owned()
        } else {
            "終わったら {submit} で済にします。{print} で利用報告書の控えを印刷します。".to_owned()
        }
    }
}
