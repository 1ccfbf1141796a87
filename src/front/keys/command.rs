//! Everything a key can mean. Panes act on commands, never on keys.

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $label:literal;)*) => {
        /// A meaning of a key, by the name used in keymap files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($(#[$doc])* $variant,)* }

        impl Command {
            /// All commands.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Name in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Usual Japanese label; a keymap may give another.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

commands! {
    /// Back to the pane before, keeping what was typed (F1).
    Back = "back", "戻る";
    /// Leave without change (Esc).
    Leave = "leave", "やめる";
    /// Run, register, choose (F12).
    Submit = "submit", "実行";
    /// Next field; in the last one, run (Enter).
    Next = "next", "次へ";
    /// Field before.
    Previous = "previous", "前へ";
    /// Up one row or field.
    Up = "up", "上";
    /// Down one row or field.
    Down = "down", "下";
    /// Left one character.
    Left = "left", "左";
    /// Right one character.
    Right = "right", "右";
    /// One word to the left.
    WordLeft = "word-left", "前の語";
    /// One word to the right.
    WordRight = "word-right", "次の語";
    /// Beginning of the field or list.
    Home = "home", "先頭";
    /// End of the field or list.
    End = "end", "末尾";
    /// One page up.
    PageUp = "page-up", "前の頁";
    /// One page down.
    PageDown = "page-down", "次の頁";
    /// Erase before the cursor; at the beginning of a field, go back.
    Backspace = "backspace", "後退";
    /// Erase at the cursor.
    Delete = "delete", "削除";
    /// Empty the field.
    ClearField = "clear-field", "欄を消す";
    /// Undo within the field.
    Undo = "undo", "元に戻す";
    /// Back to the initial values of the form (クリア).
    Clear = "clear", "クリア";
    /// Take a note of the basic four.
    Note = "note", "控える";
    /// Insurance lookup.
    Lookup = "lookup", "保険証";
    /// Outage search.
    Outage = "outage", "障害時";
    /// Ledger.
    Ledger = "ledger", "控え帳";
    /// Notices.
    Notices = "notices", "お知らせ";
    /// Who is locked out at this desk.
    Locks = "locks", "ロック解除";
    /// Menu.
    Menu = "menu", "メニュー";
    /// Help for this pane, printed from the keymap.
    Help = "help", "ヘルプ";
    /// Blank the screen (DOM-45).
    Blank = "blank", "画面隠す";
    /// Log out.
    Logout = "logout", "ログアウト";
    /// End the program.
    Quit = "quit", "終了";
    /// Draw everything anew.
    Repaint = "repaint", "描き直す";
    /// Same insurance, next person (DOM-16).
    Family = "family", "家族";
    /// Send again, ask again, probe now.
    Retry = "retry", "再送";
    /// Edit the reference number, or correct a note.
    Edit = "edit", "編集";
    /// Write the result to an XML file.
    Download = "download", "XML保存";
    /// Next patient.
    NextPatient = "next-patient", "次の患者";
    /// Filter the ledger.
    Filter = "filter", "絞り込み";
    /// Cancel a note.
    Cancel = "cancel", "取消";
    /// A note is worked off.
    Settle = "settle", "完了";
    /// The day a note is looked up again.
    Follow = "follow", "再照会日";
    /// Show a hidden name of a list in full, or hide it again (DOM-45).
    Reveal = "reveal", "氏名";
    /// Start or stop the sync.
    Sync = "sync", "一括照会";
    /// What can be shown, the usual share, the declaration (DOM-70).
    Ladder = "ladder", "負担の段";
    /// How the outage function gets opened (DOM-75).
    Opening = "opening", "機能開放";
    /// Print a paper to a file.
    Print = "print", "印刷";
    /// PDF or text.
    Format = "format", "形式";
    /// The マイナンバーカード on the reader.
    Card = "card", "カード";
    /// Another key to the card: the patient's PIN, or the numbers of its face.
    OtherKey = "other-key", "暗証番号";
    /// The certificate's serial number.
    Serial = "serial", "発行番号";
    /// Let the card sign a challenge.
    Prove = "prove", "署名確認";
    /// Demo: put a card on the simulated reader.
    DemoCard = "demo-card", "カードの実演";
    /// Demo: switch the outage.
    DemoOutage = "demo-outage", "障害の実演";
}

impl Command {
    /// From the name in a keymap file.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }

    /// Throws something away: never on F1 to F4, which the numeric pad of
    /// Tera Term sends for NumLock, `/`, `*` and `-`.
    pub const fn destructive(self) -> bool {
        matches!(
            self,
            Self::Clear
                | Self::ClearField
                | Self::Delete
                | Self::Cancel
                | Self::Settle
                | Self::Logout
                | Self::DemoOutage
        )
    }
}
