//! 被保険者資格申立書: what a patient whose 資格 cannot be looked up declares,
//! as far as they can (DOM-70 to 74).

use super::person::Sex;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 加入医療保険種別.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// Through an employer: 健保組合, 協会けんぽ, 共済 …
    Employees,
    /// 国民健康保険, its 組合 too.
    National,
    /// 後期高齢者医療.
    LateElderly,
    /// わからない.
    Unknown,
}

impl Cover {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [
        Self::Employees,
        Self::National,
        Self::LateElderly,
        Self::Unknown,
    ];

    /// The digit that chooses it.
    pub fn digit(self) -> &'static str {
        match self {
            Self::Employees => "1",
            Self::National => "2",
            Self::LateElderly => "3",
            Self::Unknown => "0",
        }
    }

    /// The word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Employees => "社保",
            Self::National => "国保",
            Self::LateElderly => "後期",
            Self::Unknown => "わからない",
        }
    }
}

/// What a declaration says beyond the note it belongs to: the rest of it
/// (券面情報, 連絡先, 保険者等名称, 割合) stands in the note itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Declaration {
    /// 加入医療保険種別; `None` while nothing is filled in.
    pub cover: Option<Cover>,
    /// 事業所名.
    pub employer: String,
}

/// A declaration as it is printed. Empty strings are lines for the patient's
/// own hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// 氏名.
    pub name: String,
    /// 氏名(カナ).
    pub kana: String,
    /// 生年月日.
    pub birth_date: Date,
    /// 性別.
    pub sex: Option<Sex>,
    /// 住所.
    pub address: String,
    /// 連絡先.
    pub telephone: String,
    /// 加入医療保険種別.
    pub cover: Option<Cover>,
    /// 保険者等名称.
    pub insurer_name: String,
    /// 事業所名.
    pub employer: String,
    /// 一部負担金の割合.
    pub burden: String,
    /// The visit.
    pub visit_date: Date,
}
