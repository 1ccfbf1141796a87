//! How something went, for audit lines and scripts: one list of codes, which
//! stay, and of their words.

/// Makes [`Outcome`] from its list: name, code, words.
macro_rules! outcomes {
    ($($name:ident = $code:literal, $words:literal;)*) => {
        /// How something went. Whatever writes an audit line takes its code from
        /// here, so that each has words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the code and the words stand beside each name")]
        pub enum Outcome {
            $($name,)*
        }

        impl Outcome {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code, which stays.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// In words, for people.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

outcomes! {
    Ok = "ok", "できた";
    Clean = "clean", "異常なしと報告";
    All = "all", "すべて";
    Valid = "valid", "有効";
    Invalid = "invalid", "無効";
    InvalidNewer = "invalid-newer", "無効（新しい資格あり）";
    None = "none", "該当なし";
    Several = "several", "複数該当";
    ValidUnregistered = "valid-unregistered", "有効（未登録）";
    SeveralBranches = "several-branches", "枝番が要る";
    TooMany = "too-many", "6 件以上";
    Confirm = "confirm", "本人か確かめる";
    Waiting = "waiting", "照会待ち";
    Blocked = "blocked", "保留";
    WrongPassword = "wrong-password", "パスワードの誤り";
    UnknownOffline = "unknown-offline", "障害中で、この端末が知らないID";
    NotKnownHere = "not-known-here", "この端末が知らないID";
    OfflineOnly = "offline-only", "障害中のログインではできない";
    LockedHere = "locked-here", "この端末でロック中";
    TooSoon = "too-soon", "誤りのあとの待ち時間中";
    Locked = "locked", "ロック中";
    AccountLocked = "account-locked", "ロック中";
    Inactive = "inactive", "利用期間の外か無効";
    AccountInactive = "account-inactive", "利用期間の外か無効";
    Forced = "forced", "強制的にログイン";
    Offline = "offline", "障害中のログイン";
    ForcedOffline = "forced-offline", "障害中に強制的にログイン";
    AlreadyLoggedIn = "already-logged-in", "ほかで使用中";
    MachineAccount = "machine-account", "機械用のアカウント";
    Unlocked = "unlocked", "ロック解除";
    Unreachable = "unreachable", "つながらない";
    NoAnswer = "no-answer", "返事なし";
    Garbled = "garbled", "返事を読めない";
    Status = "status", "混雑か停止";
    Unavailable = "unavailable", "混雑か停止";
    SessionExpired = "session-expired", "ログインの期限切れ";
    NotAllowed = "not-allowed", "権限なし";
    NotLoggedIn = "not-logged-in", "ログインしていない";
    FunctionClosed = "function-closed", "機能が開いていない";
    NoCapability = "no-capability", "この接続では使えない";
    WrongInstitution = "wrong-institution", "医療機関コードの不一致";
    Input = "input", "入力の誤り";
    Refused = "refused", "受け付けられない";
    Store = "store", "保存できない";
    File = "file", "書けない";
    Stale = "stale", "先に変えられた";
    WrongState = "wrong-state", "その状態ではできない";
    NotNow = "not-now", "今はできない";
    ReadBack = "read-back", "読み合わせが要る";
    Held = "held", "ほかの人が変更中";
    UnknownNote = "unknown-note", "控えがない";
    UnreadableNote = "unreadable-note", "控えを読めない";
    DeskLost = "desk-lost", "窓口サービスにつながらない";
    Busy = "busy", "前の操作を待っている";
    Asked = "asked", "本人の操作";
    Idle = "idle", "無操作";
    Elsewhere = "elsewhere", "ほかの端末でログイン";
    Barred = "barred", "中央でロックか無効";
    HangUp = "hang-up", "端末が切れた";
    Down = "down", "障害";
    Up = "up", "復旧";
    SwitchedOff = "switched-off", "使わない設定";
    NoCard = "no-card", "カードがない";
    CardLifted = "card-lifted", "途中でカードが動いた";
    ReaderInUse = "reader-in-use", "ほかのプログラムが使用中";
    NoReader = "no-reader", "読取機がない";
    CardSlow = "card-slow", "カードの返事がない";
    CardMute = "card-mute", "カードを読めない";
    CardNoCertificate = "card-no-certificate", "利用者証明の証明書がない";
    CardWrongKind = "card-wrong-kind", "ほかの種類のカード";
    CardWrongKey = "card-wrong-key", "番号が違う";
    CardFewTries = "card-few-tries", "残り回数の確認待ち";
    CardBlocked = "card-blocked", "番号が使えない";
    CardOdd = "card-odd", "カードの返事が分からない";
    CardGarbled = "card-garbled", "カードの内容を読めない";
    CardBadKey = "card-bad-key", "番号の形の誤り";
    CardUnproved = "card-unproved", "署名を確かめられない";
    CardBusy = "card-busy", "ほかの人が読み取り中";
    CardDropped = "card-dropped", "読み取りをやめた";
}

impl Outcome {
    /// The one with this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_outcome_has_a_code_of_its_own_and_japanese_words() {
        let codes: BTreeSet<_> = Outcome::ALL.iter().map(|one| one.code()).collect();
        assert_eq!(codes.len(), Outcome::ALL.len());
        for one in Outcome::ALL {
            assert_eq!(Outcome::of(one.code()), Some(*one));
            assert!(!one.words().is_ascii(), "{one:?}");
            assert!(
                one.code()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-')
            );
        }
    }
}
