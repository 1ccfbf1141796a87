//! 保険証・資格確認書: the numbers on an insurance card and the look-up made
//! with them (方法2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 保険者番号・記号・番号・枝番, folded (half-width digits) but with the
/// zeros the clerk typed: which zeros count is tried at the look-up (DOM-13).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct InsuranceNumbers {
    /// 保険者番号, 6 or 8 digits (DOM-1).
    pub insurer: String,
    /// 記号, empty where the card has none (DOM-15).
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番, two digits, or empty: blank is not 00 (DOM-14).
    pub branch: String,
}

/// The search by insurance card, 資格情報照会（被保険者証） (DOM-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupQuery {
    /// The numbers on the card.
    pub insurance: InsuranceNumbers,
    /// 生年月日.
    pub birth_date: Date,
    /// 限度額適用認定証提供同意フラグ.
    pub limit_consent: bool,
    /// 資格確認日.
    pub check_date: Date,
}
