//! メニュー by account kind (OUT-9 to 12, ADM-1): what is here can be used;
//! the notice that opens the outage function stands where it cannot be missed
//! (OUT-6).

use crate::domain::account::{Access, AccountKind, Right};
use crate::domain::failure::Failure;
use crate::domain::time::{Now, clock_text, jst};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, End, Role};
use crate::front::keys::command::Command;
use crate::front::panes::Place;
use crate::front::sheet::Sheet;
use crate::front::sheet::wrapped;
use crate::front::wording;
use crate::link::message::{Status, ToFront};
use crate::text::fold;

/// On less the entries stand one below the other.
const TWO_COLUMNS: usize = 80;

/// An entry: its digit, what it opens, its words.
struct Entry {
    digit: char,
    command: Command,
    text: &'static str,
}

const fn entry(digit: char, command: Command, text: &'static str) -> Entry {
    Entry {
        digit,
        command,
        text,
    }
}

/// The digits stay the same for everyone, so that hands can learn them.
const ENTRIES: [Entry; 13] = [
    entry('1', Command::Lookup, "保険証・資格確認書で照会"),
    entry('2', Command::Ladder, "保険証がないとき・負担の段"),
    entry('3', Command::Opening, "機能の開放（手順・利用報告書）"),
    entry('4', Command::Note, "4情報を控える"),
    entry('5', Command::Outage, "緊急時医療情報・資格確認機能"),
    entry('6', Command::Ledger, "控え帳"),
    entry('7', Command::Notices, "お知らせ"),
    entry('8', Command::Help, "ヘルプ"),
    entry('u', Command::Locks, "ロックの解除"),
    entry('c', Command::Card, "マイナンバーカードを読む"),
    entry('9', Command::DemoOutage, "障害の実演"),
    entry('d', Command::DemoCard, "カードの実演"),
    entry('0', Command::Logout, "ログアウト"),
];

/// What the key `c` opens, whoever is logged in.
pub fn chosen_by(c: char) -> Option<Command> {
    ENTRIES.iter().find(|e| e.digit == c).map(|e| e.command)
}

/// The menu.
#[derive(Debug, Default)]
pub struct State {
    chosen: Option<Command>,
    refused: bool,
}

fn shown(known: &Known) -> Vec<&'static Entry> {
    let demo = known.welcome.as_ref().is_some_and(|w| w.demo);
    ENTRIES
        .iter()
        .filter(|entry| match entry.command {
            Command::DemoOutage | Command::DemoCard => demo,
            command => {
                Place::of(command).is_none_or(|place| known.access(place.right()) != Access::Hidden)
            }
        })
        .collect()
}

impl State {
    /// OUT-10, OUT-12: refused, with the login one key away.
    pub fn refuse(&mut self, cx: &mut Cx<'_>) {
        self.refused = true;
        self.chosen = Some(Command::Outage);
        let kind = cx
            .known
            .staff
            .as_ref()
            .map_or(AccountKind::General, |staff| staff.kind);
        cx.say(
            Tone::Error,
            format!(
                "{} {{submit}} を押すとログインの画面へ移ります。",
                Failure::NotAllowed {
                    kind,
                    right: Right::OutageSearch
                }
            ),
        );
    }

    /// Back at the menu.
    pub fn opened(&mut self, _cx: &mut Cx<'_>) {
        self.refused = false;
    }

    /// No field here.
    pub fn typing(&self) -> bool {
        false
    }

    /// A key.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        let entries = shown(cx.known);
        // The offer holds as long as it can be read.
        let refused = std::mem::take(&mut self.refused) && cx.shows_error();
        if refused {
            cx.hush();
        }
        let at = entries
            .iter()
            .position(|e| Some(e.command) == self.chosen)
            .unwrap_or(0);
        let left = entries.len().div_ceil(2);
        let go = match input {
            Input::Char(c) => {
                let digit = fold::narrow_char(c);
                let at = entries.iter().position(|e| e.digit == digit);
                if let Some(entry) = at.and_then(|at| entries.get(at)) {
                    run(cx, entry.command);
                }
                at
            }
            Input::Command(Command::Submit | Command::Next) if refused => {
                cx.go(Go::Relogin(Command::Outage));
                None
            }
            Input::Command(Command::Submit | Command::Next) => {
                if let Some(entry) = entries.get(at) {
                    run(cx, entry.command);
                }
                None
            }
            Input::Command(Command::Up | Command::Previous) => Some(at.saturating_sub(1)),
            Input::Command(Command::Down) => Some(at + 1),
            Input::Command(Command::Left) => Some(at.saturating_sub(left)),
            Input::Command(Command::Right) if at < left => Some(at + left),
            Input::Command(Command::Home | Command::PageUp) => Some(0),
            Input::Command(Command::End | Command::PageDown) => Some(usize::MAX),
            _ => None,
        };
        if let Some(to) = go
            && let Some(entry) = entries.get(to.min(entries.len().saturating_sub(1)))
        {
            self.chosen = Some(entry.command);
        }
    }

    /// Nothing is asked from here.
    pub fn hear(&mut self, _cx: &mut Cx<'_>, _message: &ToFront) {}

    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        let entries = shown(known);
        let left = if canvas.is_told() || canvas.width() < TWO_COLUMNS {
            entries.len()
        } else {
            entries.len().div_ceil(2)
        };
        let second = (canvas.width() / 2).max(40);
        let mut loss = Sheet::new(canvas);
        if known.may_be_lost() {
            loss.text(1, wording::LOSS, Role::Error);
        }
        loss.draw(canvas, 0);
        let top = loss.height().max(1);
        let mut lowest = 0;
        let mut y = top;
        for (i, entry) in entries.iter().enumerate() {
            if i == left {
                lowest = y;
                y = top;
            }
            let x = if i < left { 1 } else { second };
            let from = y;
            let chosen = self.chosen == Some(entry.command) || (self.chosen.is_none() && i == 0);
            self.entry(known, now, canvas, x, &mut y, entry, i);
            y += 1;
            if chosen {
                canvas.keep(from, y);
                canvas.ending(End::of(i, entries.len()));
            }
        }
        notice(known, canvas, lowest.max(y) + 2);
    }

    #[expect(clippy::too_many_arguments, reason = "one row of the menu")]
    fn entry(
        &self,
        known: &Known,
        now: Now,
        canvas: &mut Canvas<'_>,
        x: usize,
        y: &mut usize,
        entry: &Entry,
        i: usize,
    ) {
        let chosen = self.chosen == Some(entry.command) || (self.chosen.is_none() && i == 0);
        let mark = canvas.glyphs().chosen;
        canvas.put(x, *y, if chosen { mark } else { " " }, Role::Normal);
        canvas.put(x + 2, *y, &entry.digit.to_string(), Role::Key);
        let role = if chosen { Role::Selected } else { Role::Normal };
        let after = canvas.put(x + 5, *y, entry.text, role);
        match entry.command {
            Command::Ledger => {
                let status = known.status.as_ref();
                let open = status.map_or(0, Status::unresolved);
                let settle = status.map_or(0, Status::to_settle);
                let (text, role) = match known.status.as_ref() {
                    Some(status) if status.store_opening => ("開いています".to_owned(), Role::Dim),
                    Some(status) if status.store_trouble.is_some() && open + settle == 0 => {
                        ("開けません".to_owned(), Role::Error)
                    }
                    _ if settle > 0 => (format!("{open} 件  完了待ち {settle} 件"), Role::Normal),
                    _ => (format!("{open} 件"), Role::Normal),
                };
                canvas.put(after + 2, *y, &text, role);
            }
            Command::Notices => {
                let unread = known.status.as_ref().map_or(0, |s| s.unread_notices);
                if unread > 0 {
                    canvas.put(after + 2, *y, &format!("未読 {unread} 件"), Role::Warning);
                }
            }
            Command::DemoOutage => {
                let down = known.status.as_ref().is_some_and(|s| s.line.down());
                let text = if down {
                    "（いま障害中）"
                } else {
                    "（いま正常）"
                };
                canvas.put(after, *y, text, Role::Dim);
            }
            Command::Outage => {
                let branch = canvas.glyphs().branch;
                let at = canvas.put(x + 5, *y + 1, branch, Role::Dim);
                canvas.put(
                    at + 1,
                    *y + 1,
                    "資格情報照会（システム障害時）",
                    Role::Normal,
                );
                let (text, role) = period(known, now);
                canvas.put(x + 7, *y + 2, &text, role);
                *y += 2;
            }
            _ => {}
        }
    }

    /// What to do next.
    pub fn hint(&self, known: &Known) -> String {
        let down = known.status.as_ref().is_some_and(|s| s.line.down());
        if down {
            let may = |right| known.may(right);
            // With a 一般 login 4情報 are not asked for by themselves (OUT-9).
            let then = if may(Right::OutageSearch) {
                "復旧したら自動で照会します。"
            } else {
                ""
            };
            let now = if may(Right::Ledger) {
                "{note} で 4情報を控えてください。"
            } else {
                ""
            };
            return format!("中央システムにつながりません。{now}{then}");
        }
        "番号か矢印で選び、Enter で開きます。".to_owned()
    }
}

fn run(cx: &mut Cx<'_>, command: Command) {
    cx.hush();
    cx.go(Go::Open(command));
}

/// OUT-5: when the outage function may be used.
fn period(known: &Known, now: Now) -> (String, Role) {
    if known
        .welcome
        .as_ref()
        .is_some_and(|welcome| !welcome.search)
    {
        return ("この接続では使えません".to_owned(), Role::Dim);
    }
    let Some(period) = known.status.as_ref().and_then(|status| status.period) else {
        let asked = known.status.as_ref().is_some_and(|s| s.period_known);
        let down = known.status.as_ref().is_some_and(|s| s.line.down());
        let text = if asked {
            "開放のお知らせはまだありません"
        } else if down {
            "つながらないため確かめられません"
        } else {
            "利用期間を確かめています"
        };
        return (text.to_owned(), Role::Dim);
    };
    let span = format!(
        "{}/{} から {}/{} まで",
        period.from.month(),
        period.from.day(),
        period.to.month(),
        period.to.day()
    );
    if period.contains(now.today()) {
        (format!("{span}使えます"), Role::Good)
    } else {
        (format!("今日は使えません ({span})"), Role::Warning)
    }
}

/// OUT-6.
fn notice(known: &Known, canvas: &mut Canvas<'_>, y: usize) {
    let Some(notice) = known.status.as_ref().and_then(|s| s.headline.as_ref()) else {
        return;
    };
    let day = jst(notice.at).date();
    let x = canvas.put(2, y, "お知らせ", Role::Heading);
    let stamp = format!("{}/{} {}", day.month(), day.day(), clock_text(notice.at));
    let x = canvas.put(x + 2, y, &stamp, Role::Normal) + 2;
    let room = canvas.width().saturating_sub(x + 1);
    let rows = canvas.height().saturating_sub(y);
    for (i, line) in wrapped(canvas.ambiguous(), &notice.title, room)
        .iter()
        .take(rows)
        .enumerate()
    {
        canvas.put(x, y + i, line, Role::Warning);
    }
}
