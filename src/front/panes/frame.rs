//! What stands around a pane: its name on the title line, and where the
//! function row says something else than the keymap.

use super::Pane;
use crate::front::keys::command::Command;

impl Pane {
    /// The screen name on the title line.
    pub fn title(&self) -> String {
        if let Some(id) = self.corrects() {
            return format!("4情報の控え  訂正 {id}");
        }
        let name = match self {
            Self::Login(_) => "ログイン",
            Self::Menu(_) => "メニュー",
            Self::Lookup(_) => "資格情報照会（被保険者証）",
            Self::Note(_) => "4情報の控え",
            Self::Outage(_) => "資格情報照会（システム障害時）",
            Self::Result(_) => "資格情報確認",
            Self::Case(_) => "控えの確認",
            Self::Settling(_) => "控えの完了",
            Self::Ledger(_) => "控え帳",
            Self::Candidates(state) if state.confirms() => "見つかった人の確認",
            Self::Candidates(_) => "複数の資格該当者",
            Self::Notices(_) => "お知らせ",
            Self::Locks(_) => "ロックの解除",
            Self::Help(_) => "ヘルプ",
            Self::Ladder(_) => "負担の段",
            Self::Declaration(_) => "被保険者資格申立書",
            Self::Paper(_) => "印刷",
            Self::Opening(_) => "機能の開放",
            Self::Card(_) => "マイナンバーカード",
            Self::Cards(_) => "カードの実演",
        };
        name.to_owned()
    }

    /// What would only be refused here is no promise on the function row.
    pub fn withholds(&self, command: Command) -> bool {
        match self {
            Self::Case(state) => state.withholds(command),
            _ => false,
        }
    }

    /// Other words on the function row than the keymap's.
    pub fn relabel(&self, command: Command) -> Option<&'static str> {
        match self {
            Self::Result(state) if command == Command::Submit && state.updates() => Some("更新"),
            Self::Card(state) => state.relabel(command),
            Self::Settling(state) if matches!(command, Command::Submit | Command::Next) => {
                state.submits()
            }
            _ => (command == Command::Submit && self.corrects().is_some()).then_some("訂正"),
        }
    }
}
