//! The fields a clerk fills, by name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Every input field of every form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// ユーザID
    User,
    /// パスワード
    Password,
    /// 保険者番号
    InsurerNumber,
    /// 記号
    Symbol,
    /// 番号
    Number,
    /// 枝番
    Branch,
    /// 生年月日
    BirthDate,
    /// 限度額情報
    LimitConsent,
    /// 資格確認日
    CheckDate,
    /// 氏名
    Name,
    /// 氏名(カナ)
    Kana,
    /// 性別
    Sex,
    /// 住所
    Address,
    /// 保険者名
    InsurerName,
    /// 照会番号
    Reference,
    /// 電話
    Telephone,
    /// 見せたもの
    Evidence,
    /// 負担
    Burden,
    /// 覚え書き
    Remark,
    /// 加入医療保険種別 (DOM-72)
    Cover,
    /// 事業所名 (DOM-72)
    Employer,
    /// 取消の理由
    Reason,
    /// 絞り込み
    Filter,
}

impl Field {
    /// The label of the official screen, or ours where it has none.
    pub fn label(self) -> &'static str {
        match self {
            Self::User => "ユーザID",
            Self::Password => "パスワード",
            Self::InsurerNumber => "保険者番号",
            Self::Symbol => "記号",
            Self::Number => "番号",
            Self::Branch => "枝番",
            Self::BirthDate => "生年月日",
            Self::LimitConsent => "限度額情報",
            Self::CheckDate => "資格確認日",
            Self::Name => "氏名",
            Self::Kana => "氏名(カナ)",
            Self::Sex => "性別",
            Self::Address => "住所",
            Self::InsurerName => "保険者名",
            Self::Reference => "照会番号",
            Self::Telephone => "電話",
            Self::Evidence => "見せたもの",
            Self::Burden => "負担",
            Self::Remark => "覚え書き",
            Self::Cover => "加入医療保険種別",
            Self::Employer => "事業所名",
            Self::Reason => "理由",
            Self::Filter => "絞り込み",
        }
    }
}

/// A field that cannot be taken as it is: which, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field.
    pub field: Field,
    /// One sentence for the clerk, without the label.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.label(), self.text)
    }
}
