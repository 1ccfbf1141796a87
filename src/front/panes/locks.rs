//! ロックの解除: who has typed too many wrong passwords at this desk, for
//! administrators (SEC-3).

use crate::domain::time::{Now, clock_text};
use crate::front::app::{Cx, Go, Input, Known, Tone};
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::command::Command;
use crate::front::sheet::Sheet;
use crate::link::message::{LockedUser, Ticket, ToDesk, ToFront};

/// Columns of ユーザID, ユーザ名, since when, how long still.
const COLUMNS: [usize; 4] = [3, 24, 46, 56];

/// The pane.
#[derive(Debug, Default)]
pub struct State {
    locked: Option<Vec<LockedUser>>,
    chosen: usize,
    waiting: Option<Ticket>,
    /// Who is being let in again.
    unlocking: Option<String>,
}

impl State {
    /// It came to the top: asks who is locked.
    pub fn opened(&mut self, cx: &mut Cx<'_>) {
        let ticket = cx.ticket();
        cx.send(ToDesk::Locks { ticket });
        self.waiting = Some(ticket);
    }

    /// Nothing is typed here.
    pub fn typing(&self) -> bool {
        false
    }

    fn list(&self) -> &[LockedUser] {
        self.locked.as_deref().unwrap_or_default()
    }

    /// A key's meaning, a character, a paste.
    #[expect(clippy::needless_pass_by_value, reason = "as every pane takes it")]
    pub fn input(&mut self, cx: &mut Cx<'_>, input: Input) {
        let last = self.list().len().saturating_sub(1);
        match input {
            Input::Command(Command::Back | Command::Leave) => cx.go(Go::Back),
            Input::Command(Command::Up | Command::Previous) => {
                self.chosen = self.chosen.saturating_sub(1);
            }
            Input::Command(Command::Down) => self.chosen = (self.chosen + 1).min(last),
            Input::Command(Command::Home | Command::PageUp) => self.chosen = 0,
            Input::Command(Command::End | Command::PageDown) => self.chosen = last,
            Input::Command(Command::Next) if !self.list().is_empty() => {
                cx.say(Tone::Hint, "解除するには {submit} を押してください。");
            }
            Input::Command(Command::Submit) if self.waiting.is_none() => self.unlock(cx),
            _ => {}
        }
    }

    fn unlock(&mut self, cx: &mut Cx<'_>) {
        let Some(user) = self.list().get(self.chosen).map(|l| l.user.clone()) else {
            return;
        };
        let ticket = cx.ticket();
        self.unlocking = Some(user.clone());
        cx.send(ToDesk::Unlock { ticket, user });
        self.waiting = Some(ticket);
    }

    /// What the desk service said.
    pub fn hear(&mut self, cx: &mut Cx<'_>, message: &ToFront) {
        if self.waiting.is_none() || message.ticket() != self.waiting {
            return;
        }
        self.waiting = None;
        let unlocked = self.unlocking.take();
        match message {
            ToFront::Locks { locked, .. } => {
                self.locked = Some(locked.clone());
                self.chosen = self.chosen.min(locked.len().saturating_sub(1));
                if let Some(user) = unlocked {
                    let text = format!("ユーザID {user} のロックを解除しました。");
                    cx.say(Tone::Good, text);
                }
            }
            ToFront::Failed { failure, .. } => cx.say(Tone::Error, failure.to_string()),
            _ => {}
        }
    }

    /// Draws.
    pub fn view(&self, _known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
        let Some(locked) = &self.locked else {
            canvas.put(2, 1, "調べています。", Role::Dim);
            return;
        };
        if locked.is_empty() {
            canvas.put(
                2,
                1,
                "この端末でロックされているユーザIDはありません。",
                Role::Normal,
            );
            return;
        }
        let [user_at, name_at, since_at, left_at] = COLUMNS;
        let mut head = Sheet::new(canvas);
        head.pieces(&[
            (user_at, "ユーザID", Role::Label),
            (name_at, "ユーザ名", Role::Label),
            (since_at, "ロック", Role::Label),
            (left_at, "自動で解けるまで", Role::Label),
        ]);
        let mut sheet = Sheet::new(canvas);
        let mut end = 0;
        for (n, user) in locked.iter().enumerate() {
            let chosen = n == self.chosen;
            let role = if chosen { Role::Selected } else { Role::Normal };
            let mark = if chosen { sheet.glyphs().chosen } else { "" };
            let name = if user.name.is_empty() {
                "（ログインなし）"
            } else {
                &user.name
            };
            sheet.pieces(&[
                (1, mark, Role::Normal),
                (user_at, &user.user, role),
                (name_at, name, Role::Normal),
                (since_at, &clock_text(user.since), Role::Normal),
                (left_at, &format!("あと {} 分", user.minutes), Role::Normal),
            ]);
            if chosen {
                end = sheet.height();
            }
        }
        let above = 1 + head.height();
        head.draw(&mut canvas.rows(1, head.height()), 0);
        let height = canvas.height().saturating_sub(above);
        let top = end.saturating_sub(height);
        sheet.draw(&mut canvas.rows(above, height), top);
    }

    /// What to do next.
    pub fn hint(&self, _known: &Known) -> String {
        if self.list().is_empty() {
            "違うパスワードが続いた人がいると、ここに出ます。{back} で戻ります。".to_owned()
        } else {
            "本人に確かめてから、{submit} で解除してください。".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::account::AccountKind;
    use crate::front::app::support::Seat;
    use crate::link::message::{LockedUser, ToDesk, ToFront};

    fn locked(user: &str) -> LockedUser {
        LockedUser {
            user: user.to_owned(),
            name: String::new(),
            since: "2026-11-20T00:00:00Z".parse().unwrap(),
            minutes: 30,
        }
    }

    #[test]
    fn sec_3_an_administrator_unlocks_the_chosen_one() {
        let mut seat = Seat::inside(AccountKind::Administrator);
        seat.type_in("u");
        let ticket = seat.ticket();
        let two = vec![locked("002"), locked("003")];
        seat.hear(ToFront::Locks {
            ticket,
            locked: two,
        });
        // Enter decides nothing.
        seat.press("Down").press("Enter");
        let unlocks = |seat: &Seat| {
            seat.said
                .iter()
                .filter(|m| matches!(m, ToDesk::Unlock { user, .. } if user == "003"))
                .count()
        };
        assert_eq!(unlocks(&seat), 0);
        seat.press("F12");
        assert_eq!(unlocks(&seat), 1);
        let ticket = seat.ticket();
        seat.hear(ToFront::Locks {
            ticket,
            locked: vec![locked("002")],
        });
        let text = seat.text();
        assert!(
            text.contains("ユーザID 003 のロックを解除しました。"),
            "{text}"
        );
        assert!(text.contains("あと 30 分"), "{text}");
    }

    #[test]
    fn nobody_else_sees_the_entry() {
        for kind in [AccountKind::General, AccountKind::MedicalViewer] {
            let mut seat = Seat::inside(kind);
            assert!(!seat.text().contains("ロックの解除"), "{kind:?}");
            seat.type_in("u");
            let asked = seat.said.iter().any(|m| matches!(m, ToDesk::Locks { .. }));
            assert!(!asked, "{kind:?}");
        }
    }
}
