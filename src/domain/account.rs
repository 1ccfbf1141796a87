//! Accounts and rights (requirements 3.2, 3.12 and the table of 8.2).

use serde::{Deserialize, Serialize};

/// 権限区分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AccountKind {
    /// マスタアカウント (ADM-29).
    Master,
    /// マスタアカウントリセット用アカウント (ADM-30).
    MasterReset,
    /// 管理アカウント (ADM-31).
    Administrator,
    /// 一般アカウント (ADM-32).
    General,
    /// 医療情報閲覧アカウント (ADM-33).
    MedicalViewer,
    /// WebAPI用アカウント (ADM-34).
    WebApi,
    /// 連携アプリ用アカウント (ADM-35).
    LinkApplication,
    /// 顔認証用アカウント (ADM-36).
    FaceReader,
}

impl AccountKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Master,
        Self::MasterReset,
        Self::Administrator,
        Self::General,
        Self::MedicalViewer,
        Self::WebApi,
        Self::LinkApplication,
        Self::FaceReader,
    ];

    /// The short name on the title line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Master => "マスタ",
            Self::MasterReset => "マスタリセット用",
            Self::Administrator => "管理",
            Self::General => "一般",
            Self::MedicalViewer => "医療情報閲覧",
            Self::WebApi => "WebAPI用",
            Self::LinkApplication => "連携アプリ用",
            Self::FaceReader => "顔認証用",
        }
    }

    /// The word used on our side of the wire and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::MasterReset => "master-reset",
            Self::Administrator => "administrator",
            Self::General => "general",
            Self::MedicalViewer => "medical-viewer",
            Self::WebApi => "web-api",
            Self::LinkApplication => "link-application",
            Self::FaceReader => "face-reader",
        }
    }

    /// Back from [`AccountKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Machine accounts never log in at a desk screen (ADM-220).
    pub fn is_machine(self) -> bool {
        matches!(
            self,
            Self::WebApi | Self::LinkApplication | Self::FaceReader
        )
    }
}

/// What someone may ask of the desk service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Right {
    /// 保険証／処方箋で確認, マイナンバーカードで確認, and 照会番号.
    Lookup,
    /// 緊急時医療情報・資格確認機能 (OUT-9 to 11).
    OutageSearch,
    /// Taking and correcting notes, and reading the ledger.
    Ledger,
    /// What becomes of a note: cancelling, settling, asking again, working
    /// the ledger off.
    Decide,
    /// お知らせ一覧.
    Notices,
    /// アカウント管理: here, who is locked out at this desk, and letting in
    /// again whom [`manages`] names.
    Accounts,
    /// Whole notes out of the ledger, and in from another one.
    Transfer,
    /// Reading the audit lines out (SEC-26, SEC-33).
    Audit,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 8] = [
        Self::Lookup,
        Self::OutageSearch,
        Self::Ledger,
        Self::Decide,
        Self::Notices,
        Self::Accounts,
        Self::Transfer,
        Self::Audit,
    ];
}

/// How a function shows itself to an account kind (table 8.2: ○ △ －).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// ○ may.
    Allowed,
    /// △ sees it, and is refused with a message (OUT-10).
    Refused,
    /// － does not see it (OUT-11).
    Hidden,
}

/// The rights table. Default deny: what is not listed is hidden (SEC-11).
pub fn access(kind: AccountKind, right: Right) -> Access {
    use AccountKind::{Administrator, General, MedicalViewer};
    match (right, kind) {
        (Right::Audit, Administrator | AccountKind::Master) => Access::Allowed,
        (Right::Audit, _) => Access::Hidden,
        (Right::OutageSearch | Right::Transfer, General) => Access::Refused,
        (Right::Accounts, Administrator | AccountKind::Master) => Access::Allowed,
        (Right::Accounts, _) => Access::Hidden,
        (_, Administrator | General | MedicalViewer) => Access::Allowed,
        (Right::Notices, kind) if !kind.is_machine() => Access::Allowed,
        _ => Access::Hidden,
    }
}

/// The kinds of account with a right, in words, without the one that does not
/// want to be told; for sentences that say who has to log in.
pub fn who_may(right: Right, but: Option<AccountKind>) -> String {
    let names: Vec<&str> = AccountKind::ALL
        .into_iter()
        .filter(|kind| Some(*kind) != but && access(*kind, right) == Access::Allowed)
        .map(AccountKind::label)
        .collect();
    names.join("か")
}

/// Whose accounts a kind manages (table 8.2): マスタ those of 管理, 管理 the
/// five kinds below it. A kind that is not known is nobody's but 管理's.
pub fn manages(kind: AccountKind, other: Option<AccountKind>) -> bool {
    match (kind, other) {
        (AccountKind::Master, other) => other == Some(AccountKind::Administrator),
        (AccountKind::Administrator, Some(other)) => matches!(
            other,
            AccountKind::General
                | AccountKind::MedicalViewer
                | AccountKind::WebApi
                | AccountKind::LinkApplication
                | AccountKind::FaceReader
        ),
        (AccountKind::Administrator, None) => true,
        _ => false,
    }
}

/// The same for a login that only this desk has checked, while the central
/// system was away: noting, reading the ledger and the notices that are kept;
/// everything else is seen and refused (design: Notes).
pub fn access_offline(kind: AccountKind, right: Right) -> Access {
    match (access(kind, right), right) {
        (Access::Allowed, Right::Ledger | Right::Notices) => Access::Allowed,
        (Access::Allowed, _) => Access::Refused,
        (other, _) => other,
    }
}

/// A person at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Staff {
    /// ユーザID.
    pub user: String,
    /// ユーザ名.
    pub name: String,
    /// 権限区分.
    pub kind: AccountKind,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Access::{Allowed, Hidden, Refused};

    /// Table 8.2 as printed; ユーザ kinds in the order of its columns, the
    /// machine accounts last (OUT-9 to 11, ADM-215 to 220).
    #[test]
    fn table_8_2() {
        let kinds = [
            AccountKind::Master,
            AccountKind::MasterReset,
            AccountKind::Administrator,
            AccountKind::General,
            AccountKind::MedicalViewer,
            AccountKind::WebApi,
            AccountKind::LinkApplication,
            AccountKind::FaceReader,
        ];
        let table = [
            (
                Right::Lookup,
                [
                    Hidden, Hidden, Allowed, Allowed, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::OutageSearch,
                [
                    Hidden, Hidden, Allowed, Refused, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Ledger,
                [
                    Hidden, Hidden, Allowed, Allowed, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Notices,
                [
                    Allowed, Allowed, Allowed, Allowed, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Audit,
                [
                    Allowed, Hidden, Allowed, Hidden, Hidden, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Decide,
                [
                    Hidden, Hidden, Allowed, Allowed, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Accounts,
                [
                    Allowed, Hidden, Allowed, Hidden, Hidden, Hidden, Hidden, Hidden,
                ],
            ),
            (
                Right::Transfer,
                [
                    Hidden, Hidden, Allowed, Refused, Allowed, Hidden, Hidden, Hidden,
                ],
            ),
        ];
        for right in Right::ALL {
            let rows: Vec<_> = table.iter().filter(|(row, _)| *row == right).collect();
            assert_eq!(rows.len(), 1, "{right:?}");
            for (kind, expected) in kinds.into_iter().zip(rows[0].1) {
                assert_eq!(access(kind, right), expected, "{kind:?} {right:?}");
            }
        }
        assert_eq!(table.len(), Right::ALL.len());
    }

    /// Table 8.2, アカウント管理: the rows are who manages, the columns whom,
    /// the last one an account of a kind that is not known.
    #[test]
    fn table_8_2_who_manages_whom() {
        for (kind, row) in AccountKind::ALL.into_iter().zip([
            "--o------",
            "---------",
            "---oooooo",
            "---------",
            "---------",
            "---------",
            "---------",
            "---------",
        ]) {
            let others = AccountKind::ALL.into_iter().map(Some).chain([None]);
            for (other, cell) in others.zip(row.chars()) {
                assert_eq!(manages(kind, other), cell == 'o', "{kind:?} {other:?}");
            }
        }
    }

    #[test]
    fn adm_220_machine_accounts() {
        let machines: Vec<_> = AccountKind::ALL
            .into_iter()
            .filter(|kind| kind.is_machine())
            .collect();
        assert_eq!(
            machines,
            [
                AccountKind::WebApi,
                AccountKind::LinkApplication,
                AccountKind::FaceReader
            ]
        );
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(AccountKind::from_code("root"), None);
    }
}
