//! The panes that open from anywhere, and what it takes to open them.

use crate::domain::account::Right;
use crate::front::keys::command::Command;

/// A pane that can be opened from anywhere, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// 資格情報照会（被保険者証）.
    Lookup,
    /// 4情報の控え.
    Note,
    /// 資格情報照会（システム障害時）.
    Outage,
    /// 控え帳.
    Ledger,
    /// お知らせ.
    Notices,
    /// 負担の段.
    Ladder,
    /// 被保険者資格申立書.
    Declaration,
    /// 機能の開放.
    Opening,
    /// ロックの解除.
    Locks,
    /// マイナンバーカード.
    Card,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 10] = [
        Self::Lookup,
        Self::Note,
        Self::Outage,
        Self::Ledger,
        Self::Notices,
        Self::Ladder,
        Self::Declaration,
        Self::Opening,
        Self::Locks,
        Self::Card,
    ];

    /// What a command opens.
    pub fn of(command: Command) -> Option<Self> {
        match command {
            Command::Lookup => Some(Self::Lookup),
            Command::Note => Some(Self::Note),
            Command::Outage => Some(Self::Outage),
            Command::Ledger => Some(Self::Ledger),
            Command::Notices => Some(Self::Notices),
            Command::Ladder => Some(Self::Ladder),
            Command::Opening => Some(Self::Opening),
            Command::Locks => Some(Self::Locks),
            Command::Card => Some(Self::Card),
            _ => None,
        }
    }

    /// The name in a [`Draft`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::Note => "note",
            Self::Outage => "outage",
            Self::Ledger => "ledger",
            Self::Notices => "notices",
            Self::Ladder => "ladder",
            Self::Declaration => "declaration",
            Self::Opening => "opening",
            Self::Locks => "locks",
            Self::Card => "card",
        }
    }

    /// Back from [`Place::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// The command that opens it.
    pub fn command(self) -> Command {
        match self {
            Self::Lookup => Command::Lookup,
            Self::Note => Command::Note,
            Self::Outage => Command::Outage,
            Self::Ledger => Command::Ledger,
            Self::Notices => Command::Notices,
            // The declaration stands on the ladder.
            Self::Ladder | Self::Declaration => Command::Ladder,
            Self::Opening => Command::Opening,
            Self::Locks => Command::Locks,
            Self::Card => Command::Card,
        }
    }

    /// What it takes to open it.
    pub fn right(self) -> Right {
        match self {
            Self::Lookup => Right::Lookup,
            Self::Note
            | Self::Ledger
            | Self::Ladder
            | Self::Declaration
            | Self::Opening
            | Self::Card => Right::Ledger,
            Self::Outage => Right::OutageSearch,
            Self::Notices => Right::Notices,
            Self::Locks => Right::Accounts,
        }
    }
}
