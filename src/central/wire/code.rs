//! The codes of the stand-in. The real list (別紙6-1) is not public, so ours
//! carry the prefix `SIM`, which no real code has (oqs-wire 17.3). Their
//! meaning is fixed here once for both sides.

/// Why the stand-in refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The message is not understood.
    BadRequest,
    /// No such path.
    UnknownPath,
    /// User id or password wrong.
    WrongPassword,
    /// ロック中.
    Locked,
    /// 無効 or outside its period.
    Inactive,
    /// Logged in elsewhere; force ends that session (QG-37).
    AlreadyLoggedIn,
    /// No token, an unknown or an ended one.
    Unauthorized,
    /// This kind of account may not.
    NotAllowed,
    /// 医療機関コード is not that of the account.
    WrongInstitution,
    /// The outage function is not open on the day asked about.
    FunctionClosed,
    /// 自己情報提供不可: the person exists and is not told about.
    Withheld,
    /// No such entitlement or candidate (register, choose).
    NoSuchEntitlement,
    /// The fault of the stand-in itself.
    Internal,
}

/// On which level a refusal is told (oqs-wire 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// An HTTP status, with `SegmentOfResult` 9 in the body.
    Http(u16),
    /// HTTP 200, `SegmentOfResult` 1, `ProcessingResultStatus` 2.
    Person,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::BadRequest,
        Self::UnknownPath,
        Self::WrongPassword,
        Self::Locked,
        Self::Inactive,
        Self::AlreadyLoggedIn,
        Self::Unauthorized,
        Self::NotAllowed,
        Self::WrongInstitution,
        Self::FunctionClosed,
        Self::Withheld,
        Self::NoSuchEntitlement,
        Self::Internal,
    ];

    /// As written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "SIM0001E",
            Self::UnknownPath => "SIM0002E",
            Self::WrongPassword => "SIM0101E",
            Self::Locked => "SIM0102E",
            Self::Inactive => "SIM0103E",
            Self::AlreadyLoggedIn => "SIM0104E",
            Self::Unauthorized => "SIM0111E",
            Self::NotAllowed => "SIM0112E",
            Self::WrongInstitution => "SIM0113E",
            Self::FunctionClosed => "SIM0114E",
            Self::Withheld => "SIM0201E",
            Self::NoSuchEntitlement => "SIM0202E",
            Self::Internal => "SIM0901E",
        }
    }

    /// Back from [`Code::as_str`].
    pub fn from_wire(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }

    /// Its own text; a reply may carry a better one.
    pub fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "電文の形式が正しくありません。",
            Self::UnknownPath => "その機能はありません。",
            Self::WrongPassword => "ユーザIDかパスワードが違います。",
            Self::Locked => "アカウントがロックされています。",
            Self::Inactive => "アカウントが無効か、利用期間の外です。",
            Self::AlreadyLoggedIn => "該当ユーザは既に使用されています。",
            Self::Unauthorized => "ログインしていないか、ログインの期限が切れています。",
            Self::NotAllowed => "このアカウントの権限では利用できません。",
            Self::WrongInstitution => "医療機関コードがアカウントのものと違います。",
            Self::FunctionClosed => "緊急時医療情報・資格確認機能の利用期間の外です。",
            Self::Withheld => "資格情報を表示できません。",
            Self::NoSuchEntitlement => "対象の資格がありません。",
            Self::Internal => "模擬中央システムの内部の誤りです。",
        }
    }

    /// Where it is told.
    pub fn level(self) -> Level {
        match self {
            Self::BadRequest => Level::Http(400),
            Self::UnknownPath => Level::Http(404),
            Self::WrongPassword | Self::Unauthorized => Level::Http(401),
            Self::Locked
            | Self::Inactive
            | Self::NotAllowed
            | Self::WrongInstitution
            | Self::FunctionClosed => Level::Http(403),
            Self::AlreadyLoggedIn => Level::Http(409),
            Self::Withheld | Self::NoSuchEntitlement => Level::Person,
            Self::Internal => Level::Http(500),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_says_that_it_is_simulated() {
        for code in Code::ALL {
            assert!(code.as_str().starts_with("SIM"));
            assert_eq!(Code::from_wire(code.as_str()), Some(code));
            assert!(!code.text().is_empty());
        }
        assert_eq!(Code::from_wire("EPSB1032W"), None);
    }
}
