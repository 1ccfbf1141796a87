//! 資格情報: what the central system answers about a person.

use super::person::Sex;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 資格有効性 (OQSCD006; DOM-59).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Validity {
    /// 1 有効
    Valid,
    /// 2 無効
    Invalid,
    /// 3 無効（新しい資格あり）
    InvalidNewer,
    /// 4 該当資格なし
    NotFound,
    /// 5 複数該当
    Several,
    /// 6 有効（未登録）, 医療扶助 only
    ValidUnregistered,
    /// Anything else, kept verbatim and never called valid.
    Unknown(String),
}

impl Validity {
    /// From the wire's code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "1" => Self::Valid,
            "2" => Self::Invalid,
            "3" => Self::InvalidNewer,
            "4" => Self::NotFound,
            "5" => Self::Several,
            "6" => Self::ValidUnregistered,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// To the wire's code.
    pub fn code(&self) -> &str {
        match self {
            Self::Valid => "1",
            Self::Invalid => "2",
            Self::InvalidNewer => "3",
            Self::NotFound => "4",
            Self::Several => "5",
            Self::ValidUnregistered => "6",
            Self::Unknown(code) => code,
        }
    }
}

/// A date as received: often not given (DOM-60), sometimes not a date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum GivenDate {
    /// Blank: "not given", which is neither "expired" nor "unlimited".
    #[default]
    NotGiven,
    /// A day.
    Day(Date),
    /// Not a day; shown as received.
    Raw(String),
}

/// One 資格確認結果 (wire: `ResultOfQualificationConfirmation`; OUT-60 to 80).
/// Strings are cleaned of control characters at the entrance; codes that we do
/// not know are kept verbatim (oqs-wire 16).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entitlement {
    /// 照会番号 (OUT-60), empty if none is registered.
    pub reference_number: String,
    /// 保険者番号, 6 or 8 digits, without the wire's padding.
    pub insurer_number: String,
    /// 保険者名.
    pub insurer_name: String,
    /// 記号.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: String,
    /// 氏名（券面）.
    pub name: String,
    /// Its reading in half-width kana.
    pub kana: String,
    /// 氏名（その他）, only if it has a value (OUT-77).
    pub other_name: String,
    /// Its reading.
    pub other_kana: String,
    /// 性別（表面).
    pub sex: Option<Sex>,
    /// 性別（裏面）, only if it has a value (OUT-78).
    pub sex_back: Option<Sex>,
    /// 生年月日.
    pub birth_date: GivenDate,
    /// 証区分 (OQSCD010), the code.
    pub card_class: String,
    /// 一部負担金割合, three-digit percent (`010`), 後期高齢者 only (DOM-62).
    pub burden: String,
    /// 有効開始日.
    pub valid_from: GivenDate,
    /// 有効終了日.
    pub valid_to: GivenDate,
    /// 資格取得年月日.
    pub acquired: GivenDate,
    /// 資格喪失年月日.
    pub lost: GivenDate,
    /// 交付年月日.
    pub issued: GivenDate,
    /// 資格喪失事由 (OQSCD008), the code.
    pub loss_reason: String,
    /// 本人・家族の別 (OQSCD009), the code.
    pub relation: String,
    /// 被保険者氏名 or 世帯主氏名: not the patient's name (DOM-41).
    pub insured_name: String,
    /// 郵便番号.
    pub postal_code: String,
    /// 住所.
    pub address: String,
    /// 未就学区分 (OQSCD015), the code.
    pub preschool: String,
    /// 高齢受給者証.
    pub elderly: Option<ElderlyCertificate>,
    /// 限度額適用認定証.
    pub limit: Option<LimitCertificate>,
    /// 特定疾病療養受療証.
    pub diseases: Vec<DiseaseCertificate>,
}

/// 高齢受給者証情報 (oqs-wire 6.4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ElderlyCertificate {
    /// 交付年月日.
    pub issued: GivenDate,
    /// 有効開始年月日.
    pub from: GivenDate,
    /// 有効終了年月日.
    pub to: GivenDate,
    /// 一部負担金割合, three-digit percent.
    pub burden: String,
}

/// 限度額適用認定証関連情報 (oqs-wire 6.5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LimitCertificate {
    /// 限度額適用認定証区分 (OQSCD011), the code.
    pub class: String,
    /// 適用区分 (OQSCD012), the code.
    pub income_class: String,
    /// 交付年月日.
    pub issued: GivenDate,
    /// 有効開始年月日.
    pub from: GivenDate,
    /// 有効終了年月日.
    pub to: GivenDate,
    /// 長期入院該当年月日.
    pub long_term: GivenDate,
}

/// 特定疾病療養受療証情報 (oqs-wire 6.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DiseaseCertificate {
    /// 認定疾病区分 (OQSCD013), the code.
    pub category: String,
    /// 交付年月日.
    pub issued: GivenDate,
    /// 有効開始年月日.
    pub from: GivenDate,
    /// 有効終了年月日.
    pub to: GivenDate,
    /// 自己負担限度額, yen a month.
    pub self_pay: String,
}

/// One answered check: the verdict and what it rests on. Never derive validity
/// from the presence of entitlements (oqs-wire 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    /// The verdict.
    pub validity: Validity,
    /// What was found; may hold an insurance and a 医療扶助 result side by side.
    pub entitlements: Vec<Entitlement>,
    /// 資格確認日 the answer is about.
    pub check_date: Date,
    /// 処理実行日時 as received, `YYYYMMDDHHmmss`.
    pub executed: String,
    /// 処理結果コード and メッセージ, which may come with success too (DOM-64).
    pub remark: Option<Remark>,
}

impl Eligibility {
    /// What a person's word stands for who made sure that nobody fits.
    pub fn absent(check_date: Date) -> Self {
        Self {
            validity: Validity::NotFound,
            entitlements: Vec::new(),
            check_date,
            executed: String::new(),
            remark: None,
        }
    }
}

/// A code and text of the central system, shown as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The code, `SIM…` from the stand-in.
    pub code: String,
    /// The text, cleaned.
    pub message: String,
}

/// One row of 「複数の資格該当者」 (OUT-41).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What to send back to choose this row; opaque.
    pub key: String,
    /// 氏名.
    pub name: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日.
    pub birth_date: GivenDate,
    /// 性別.
    pub sex: Option<Sex>,
    /// 住所 as registered; lists show its first 10 characters (OUT-42).
    pub address: String,
    /// 保険者名.
    pub insurer_name: String,
}

/// What the search by 4情報 found (OUT-39 to 46).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// 検索条件に入力された情報が存在しません.
    None,
    /// Exactly one: straight to 資格情報確認 (OUT-45).
    One(Box<Eligibility>),
    /// 2 to 5: a person chooses (OUT-40).
    Several(Vec<Candidate>),
    /// More than 5: the conditions are narrowed (OUT-39).
    TooMany,
}
