//! People: the basic four (4情報) and the search made with them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 性別 as the central system codes it (OQSCD007; OUT-31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sex {
    /// 1:男
    Male,
    /// 2:女
    Female,
    /// 3:未設定
    Unset,
}

impl Sex {
    /// All, in the order of the official screen.
    pub const ALL: [Self; 3] = [Self::Male, Self::Female, Self::Unset];

    /// `1`, `2` or `3`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
            Self::Unset => "3",
        }
    }

    /// From the wire's or the clerk's digit.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.code() == code)
    }

    /// 男, 女 or 未設定.
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
            Self::Unset => "未設定",
        }
    }
}

/// The search by 4情報, 資格情報照会（システム障害時） (OUT-22). Values are
/// checked and folded; an empty string is a field not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageQuery {
    /// 氏名, exact match but for spaces (OUT-26, FIX-12).
    pub name: String,
    /// 氏名(カナ), full-width katakana, exact match (OUT-27).
    pub kana: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別.
    pub sex: Sex,
    /// 住所: one or several fragments parted by spaces (OUT-33, OUT-36).
    pub address: String,
    /// 保険者名: one or several fragments (OUT-34, OUT-36).
    pub insurer_name: String,
    /// 資格確認日.
    pub check_date: Date,
}
