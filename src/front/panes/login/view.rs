//! How the login looks: the two fields, the wait, the question of QG-37, and
//! why one was logged off.

use super::{Focus, State};
use crate::domain::failure::Failure;
use crate::domain::time::Now;
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::wording;
use crate::text::wrap::wrap;

impl State {
    /// Draws.
    pub fn view(&self, known: &Known, now: Now, canvas: &mut Canvas<'_>) {
        // Where not all has room: the fields, and why one was logged off.
        let low = canvas.page().is_some();
        let (facility, user_row, password_row) = if low { (0, 1, 3) } else { (3, 6, 8) };
        if !low {
            canvas.put(3, 1, "オンライン資格確認等システム", Role::Heading);
        }
        if let Some(welcome) = &known.welcome {
            canvas.put(
                3,
                facility,
                &format!(
                    "{}  医療機関コード {}  {}",
                    welcome.facility, welcome.institution_code, welcome.desk
                ),
                Role::Normal,
            );
        }
        let value = 18;
        let width = canvas.width().saturating_sub(value + 2).min(24);
        let stars = "*".repeat(self.password.chars().count().min(width.saturating_sub(1)));
        let (user, user_at) = self.user.window(width);
        let rows = [
            (Focus::User, user_row, "ユーザID", user, user_at),
            (
                Focus::Password,
                password_row,
                "パスワード",
                stars.clone(),
                stars.len(),
            ),
        ];
        for (focus, y, label, text, at) in rows {
            let focused = self.focus == focus && !self.asks();
            canvas.put(0, y, if focused { ">" } else { " " }, Role::Normal);
            canvas.put(3, y, label, Role::Label);
            if focused {
                canvas.put(value, y, &" ".repeat(width), Role::Focus);
            }
            canvas.put(
                value,
                y,
                &text,
                if focused { Role::Focus } else { Role::Normal },
            );
            if focused {
                canvas.cursor(value + at, y);
            }
            if !self.asks() {
                let (role, beside) = self.beside(focus, now);
                let behind = value + width + 2;
                if behind + canvas.cells(&beside) <= canvas.width() || !focused {
                    canvas.put(behind, y, &beside, role);
                } else {
                    canvas.put(value, y + 1, &beside, role);
                }
            }
            if focused {
                canvas.keep(y, y + 2);
            }
        }
        let wait = self.wait(now);
        if wait > 0 && !self.asks() {
            canvas.put(
                if low { 3 } else { value },
                password_row + 2,
                &wording::wait(wait),
                Role::Warning,
            );
        }
        let mut y = password_row + 3;
        let room = canvas.width().saturating_sub(6);
        if self.asks() {
            for line in wrap(&Failure::AlreadyLoggedIn.to_string(), room) {
                canvas.put(3, y, &line, Role::Warning);
                y += 1;
            }
            let keys = known.keymap.fill(Context::Ask, wording::YES_OR_NO);
            canvas.put(3, y + 1, &keys, Role::Heading);
            canvas.keep(password_row + 3, y + 2);
            return;
        }
        if let Some(why) = &self.why {
            for line in wrap(why, room) {
                canvas.put(3, y, &line, Role::Warning);
                y += 1;
            }
            y += 1;
        }
        if let Some(trouble) = known.status.as_ref().and_then(wording::trouble_of) {
            for line in wrap(&trouble, room) {
                canvas.put(3, y, &line, Role::Warning);
                y += 1;
            }
            y += 1;
        }
        if known.welcome.as_ref().is_some_and(|w| w.demo) {
            for line in [
                "実演用のアカウント（本番では使えません）",
                "  003  Onshi*003*003  医療情報閲覧     002  Onshi*002*002  一般",
                "  001  Onshi*001*001  管理",
            ] {
                canvas.put(3, y, line, Role::Dim);
                y += 1;
            }
            let down = known.status.as_ref().is_some_and(|s| s.line.down());
            let key = known.keymap.key_for(Context::Login, Command::DemoOutage);
            if let (true, Some(key)) = (down, key) {
                let line = format!("実演の障害中です。{key} で障害を終わらせます");
                canvas.put(3, y + 1, &line, Role::Warning);
            }
        }
    }
}
