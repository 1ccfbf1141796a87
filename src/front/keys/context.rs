//! Where a key is pressed: one table of the keymap for each.

use super::command::Command;

/// A table of the keymap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere, unless the pane says otherwise.
    Global,
    /// Editing text, in whichever pane.
    Field,
    /// ログイン.
    Login,
    /// メニュー.
    Menu,
    /// 資格情報照会（被保険者証）.
    Lookup,
    /// The same pane after a look-up that did not arrive (障害中の照会).
    Failed,
    /// 資格情報照会（システム障害時）.
    Outage,
    /// 4情報の控え.
    Note,
    /// 資格情報確認.
    Result,
    /// 控え帳.
    Ledger,
    /// 控えの確認.
    Case,
    /// 控えの完了.
    Settling,
    /// 複数の資格該当者.
    Candidates,
    /// お知らせ.
    Notices,
    /// ロックの解除.
    Locks,
    /// ヘルプ.
    Help,
    /// A question over any pane: yes or no.
    Ask,
    /// By what two people were told apart.
    ReadBack,
    /// Something to be acknowledged: 《OK》.
    Told,
    /// The 照会番号 of a result is being typed.
    Reference,
    /// The reason of a cancellation is being typed.
    Reason,
    /// 負担の段.
    Ladder,
    /// 被保険者資格申立書.
    Declaration,
    /// A paper before it is printed.
    Paper,
    /// 機能の開放.
    Opening,
    /// マイナンバーカード.
    Card,
    /// What was read from the card, before it is taken over.
    Offer,
    /// Cards for the demo.
    Cards,
}

/// What [`Context::Global`] offers.
const GLOBAL: &[Command] = &[
    Command::Back,
    Command::Leave,
    Command::Submit,
    Command::Next,
    Command::Previous,
    Command::Up,
    Command::Down,
    Command::Left,
    Command::Right,
    Command::Home,
    Command::End,
    Command::PageUp,
    Command::PageDown,
    Command::Ledger,
    Command::Menu,
    Command::Help,
    Command::Blank,
    Command::Repaint,
];

impl Context {
    /// All contexts, in the order of a keymap file.
    pub const ALL: [Self; 28] = [
        Self::Global,
        Self::Field,
        Self::Login,
        Self::Menu,
        Self::Lookup,
        Self::Failed,
        Self::Outage,
        Self::Note,
        Self::Result,
        Self::Ledger,
        Self::Case,
        Self::Settling,
        Self::Candidates,
        Self::Notices,
        Self::Locks,
        Self::Help,
        Self::Ask,
        Self::ReadBack,
        Self::Told,
        Self::Reference,
        Self::Reason,
        Self::Ladder,
        Self::Declaration,
        Self::Paper,
        Self::Opening,
        Self::Card,
        Self::Offer,
        Self::Cards,
    ];

    /// The table's name in a keymap file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Field => "field",
            Self::Login => "login",
            Self::Menu => "menu",
            Self::Lookup => "lookup",
            Self::Failed => "failed",
            Self::Outage => "outage",
            Self::Note => "note",
            Self::Result => "result",
            Self::Ledger => "ledger",
            Self::Case => "case",
            Self::Settling => "settling",
            Self::Candidates => "candidates",
            Self::Notices => "notices",
            Self::Locks => "locks",
            Self::Help => "help",
            Self::Ask => "ask",
            Self::ReadBack => "read-back",
            Self::Told => "told",
            Self::Reference => "reference",
            Self::Reason => "reason",
            Self::Ladder => "ladder",
            Self::Declaration => "declaration",
            Self::Paper => "paper",
            Self::Opening => "opening",
            Self::Card => "card",
            Self::Offer => "offer",
            Self::Cards => "cards",
        }
    }

    /// The name a clerk knows it by, for help.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Global => "どの画面でも",
            Self::Field => "文字の入力",
            Self::Login => "ログイン",
            Self::Menu => "メニュー",
            Self::Lookup => "資格情報照会（被保険者証）",
            Self::Failed => "届かなかった照会",
            Self::Outage => "資格情報照会（システム障害時）",
            Self::Note => "4情報の控え",
            Self::Result => "資格情報確認",
            Self::Ledger => "控え帳",
            Self::Case => "控えの確認",
            Self::Settling => "控えの完了",
            Self::Candidates => "複数の資格該当者",
            Self::Notices => "お知らせ",
            Self::Locks => "ロックの解除",
            Self::Help => "ヘルプ",
            Self::Ask => "確認",
            Self::ReadBack => "読み合わせ",
            Self::Told => "お知らせの箱",
            Self::Reference => "照会番号の入力",
            Self::Reason => "取消の理由の入力",
            Self::Ladder => "負担の段",
            Self::Declaration => "被保険者資格申立書",
            Self::Paper => "印刷",
            Self::Opening => "機能の開放",
            Self::Card => "マイナンバーカード",
            Self::Offer => "カードから読んだ内容",
            Self::Cards => "カードの実演",
        }
    }

    /// Commands this table may name and must reach. A pane may also name
    /// those of [`Context::Global`], to give them other keys or words there.
    pub const fn commands(self) -> &'static [Command] {
        match self {
            Self::Global => GLOBAL,
            Self::Field => &[
                Command::Backspace,
                Command::Delete,
                Command::WordLeft,
                Command::WordRight,
                Command::ClearField,
                Command::Undo,
            ],
            Self::Login => &[Command::Quit, Command::DemoOutage],
            Self::Menu => &[
                Command::Quit,
                Command::Note,
                Command::Lookup,
                Command::Outage,
                Command::Notices,
                Command::Card,
                Command::Logout,
                Command::DemoOutage,
            ],
            Self::Lookup => &[
                Command::Note,
                Command::Family,
                Command::Clear,
                Command::Ladder,
                Command::Card,
            ],
            Self::Failed => &[Command::Note, Command::Retry, Command::Ladder],
            Self::Outage => &[
                Command::Note,
                Command::Clear,
                Command::Ladder,
                Command::Card,
            ],
            Self::Note => &[Command::Clear, Command::Ladder, Command::Card],
            Self::Card => &[
                Command::OtherKey,
                Command::Serial,
                Command::Prove,
                Command::Clear,
                Command::DemoCard,
            ],
            Self::Declaration => &[Command::Print, Command::Clear],
            Self::Paper => &[Command::Format],
            Self::Opening => &[Command::Print, Command::Clear],
            Self::Result => &[
                Command::Ladder,
                Command::NextPatient,
                Command::Edit,
                Command::Download,
            ],
            Self::Ledger => &[
                Command::Note,
                Command::Edit,
                Command::Retry,
                Command::Filter,
                Command::Sync,
                Command::Cancel,
                Command::Settle,
                Command::Opening,
                Command::Reveal,
            ],
            Self::Case => &[Command::Edit, Command::Retry],
            Self::ReadBack => &[Command::Leave],
            Self::Settling => &[Command::Follow, Command::Cancel],
            Self::Ladder => &[Command::Clear],
            Self::Candidates
            | Self::Notices
            | Self::Locks
            | Self::Help
            | Self::Offer
            | Self::Cards => &[],
            Self::Ask | Self::Reference | Self::Reason => &[Command::Submit, Command::Leave],
            Self::Told => &[Command::Submit],
        }
    }

    /// Whether a command here settles what becomes of a note
    /// ([`crate::domain::account::Right::Decide`]).
    pub const fn decides(self, command: Command) -> bool {
        use Command as C;
        match self {
            Self::Ledger => matches!(command, C::Retry | C::Cancel | C::Settle | C::Sync),
            Self::Case => matches!(command, C::Retry),
            _ => false,
        }
    }

    /// Whether a text field has the focus as long as this table holds: keys
    /// that type something can mean nothing else there.
    pub const fn always_typing(self) -> bool {
        matches!(
            self,
            Self::Global
                | Self::Field
                | Self::Login
                | Self::Lookup
                | Self::Failed
                | Self::Outage
                | Self::Note
                | Self::Card
                | Self::Declaration
                | Self::Ledger
                | Self::Reference
                | Self::Reason
        )
    }

    /// Whether a field has the focus here at times and a list at others: then
    /// every command needs a key that types nothing.
    pub const fn types_at_times(self) -> bool {
        matches!(self, Self::Ladder)
    }

    /// What the key `c` chooses here by itself, if `command` is something else.
    pub(super) fn chosen_by(self, c: char, command: Command) -> Option<String> {
        match self {
            Self::Menu => {
                let entry = crate::front::panes::menu::chosen_by(c)?;
                (entry != command).then(|| format!("「{}」を開きます", entry.label()))
            }
            Self::Ask => {
                let says = match (c, command) {
                    ('1', Command::Submit) | ('0', Command::Leave) => return None,
                    ('1', _) => "「はい」です",
                    ('0', _) => "「いいえ」です",
                    ('2'..='9', _) => "番号を選びます",
                    _ => return None,
                };
                Some(says.to_owned())
            }
            Self::Case
            | Self::Settling
            | Self::Candidates
            | Self::ReadBack
            | Self::Ladder
            | Self::Opening
            | Self::Offer
            | Self::Cards => c.is_ascii_digit().then(|| "番号を選びます".to_owned()),
            _ => None,
        }
    }

    /// Whether signs (`+ - * / .`) may be commands although text is typed: in
    /// the ledger the keys belong to the list, and what is typed to the search
    /// beside it, which needs letters and digits only.
    pub const fn signs_command(self) -> bool {
        matches!(self, Self::Ledger)
    }

    /// Whether what [`Context::Global`] binds holds here too. What would do
    /// nothing, or lead away from a question, is not promised.
    pub const fn inherits(self, command: Command) -> bool {
        use Command as C;
        match self {
            Self::Global
            | Self::Field
            | Self::Lookup
            | Self::Outage
            | Self::Note
            | Self::Card
            | Self::Declaration
            | Self::Candidates => true,
            Self::Offer => !matches!(command, C::Previous | C::Left | C::Right),
            Self::Cards => !matches!(command, C::Left | C::Right),
            Self::Ladder | Self::Paper => !matches!(command, C::Left | C::Right),
            Self::Opening => !matches!(
                command,
                C::Left | C::Right | C::Next | C::PageUp | C::PageDown
            ),
            Self::Login => !matches!(command, C::Back | C::Ledger | C::Menu),
            Self::Menu => !matches!(command, C::Back | C::Menu),
            Self::Failed => !matches!(command, C::Submit),
            Self::Settling => !matches!(command, C::Previous | C::Left | C::Right),
            Self::Case => !matches!(
                command,
                C::Submit | C::Next | C::Previous | C::Left | C::Right
            ),
            // What is asked about may be longer than the screen.
            Self::ReadBack => matches!(
                command,
                C::Leave | C::Up | C::Down | C::PageUp | C::PageDown | C::Blank | C::Repaint
            ),
            Self::Result => !matches!(command, C::Next | C::Previous | C::Left | C::Right),
            Self::Ledger => !matches!(command, C::Ledger),
            Self::Locks => !matches!(command, C::Left | C::Right),
            Self::Notices => !matches!(command, C::Submit | C::Left | C::Right),
            Self::Help => !matches!(
                command,
                C::Submit | C::Next | C::Previous | C::Left | C::Right | C::Help
            ),
            Self::Ask | Self::Told => matches!(
                command,
                C::Submit
                    | C::Leave
                    | C::Next
                    | C::Up
                    | C::Down
                    | C::PageUp
                    | C::PageDown
                    | C::Blank
                    | C::Repaint
            ),
            Self::Reference | Self::Reason => matches!(
                command,
                C::Submit
                    | C::Leave
                    | C::Back
                    | C::Next
                    | C::Left
                    | C::Right
                    | C::Home
                    | C::End
                    | C::Blank
                    | C::Repaint
            ),
        }
    }
}
