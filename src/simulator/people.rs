//! The people the stand-in knows, with everything an insurer may have
//! registered about them, and a generated population of any size.

pub mod generate;
mod names;
pub mod number;
mod places;
#[cfg(test)]
mod tests;

pub use generate::generate;

use crate::domain::entitlement::{ElderlyCertificate, Entitlement, GivenDate, LimitCertificate};
use crate::domain::person::Sex;
use jiff::civil::{Date, date};
use std::sync::Arc;

/// 証区分 of 医療扶助 (OQSCD010).
pub const ASSISTANCE: &str = "A1";

/// An insurer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Insurer {
    /// 保険者番号, 6 or 8 digits, leading zeros kept.
    pub number: String,
    /// 保険者名.
    pub name: String,
}

/// 本人・家族の別 (OQSCD009).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// 1 本人.
    Insured,
    /// 2 家族.
    Family,
}

impl Relation {
    /// The wire's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Insured => "1",
            Self::Family => "2",
        }
    }
}

/// One entitlement of a person, past or present.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cover {
    /// 保険者.
    pub insurer: Arc<Insurer>,
    /// 記号 as on the card, empty for 後期高齢者 (DOM-15).
    pub symbol: String,
    /// 番号 with the zeros the insurer registered (DOM-13).
    pub number: String,
    /// 枝番, two digits or empty.
    pub branch: String,
    /// 証区分 (OQSCD010), the code.
    pub class: String,
    /// 一部負担金割合, three-digit percent, or empty.
    pub burden: String,
    /// 本人・家族の別.
    pub relation: Relation,
    /// 被保険者氏名 or 世帯主氏名.
    pub insured_name: String,
    /// 有効開始日.
    pub from: Option<Date>,
    /// 有効終了日; often not given (DOM-60).
    pub to: Option<Date>,
    /// 資格取得年月日.
    pub acquired: Option<Date>,
    /// 資格喪失年月日: the first day without it.
    pub lost: Option<Date>,
    /// 交付年月日.
    pub issued: Option<Date>,
    /// 資格喪失事由 (OQSCD008), the code, or empty.
    pub loss_reason: String,
    /// 高齢受給者証.
    pub elderly: Option<Box<Elderly>>,
    /// 限度額適用認定証.
    pub limit: Option<Box<Limit>>,
    /// A 医療券 is registered (only asked of 医療扶助; ADM-172).
    pub ticket: bool,
    /// 照会番号 registered from the beginning, or empty.
    pub reference: String,
}

/// 高齢受給者証.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Elderly {
    /// 交付年月日.
    pub issued: Option<Date>,
    /// 有効開始年月日.
    pub from: Option<Date>,
    /// 有効終了年月日.
    pub to: Option<Date>,
    /// 一部負担金割合, three-digit percent.
    pub burden: String,
}

/// 限度額適用認定証.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limit {
    /// 区分 (OQSCD011), the code.
    pub class: String,
    /// 適用区分 (OQSCD012), the code.
    pub income_class: String,
    /// 交付年月日.
    pub issued: Option<Date>,
    /// 有効開始年月日.
    pub from: Option<Date>,
    /// 有効終了年月日.
    pub to: Option<Date>,
    /// 長期入院該当年月日.
    pub long_term: Option<Date>,
}

/// A person as registered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// Name of the case in the fixtures; `g000001` in a generated population.
    pub id: String,
    /// 氏名, parted by a full-width space.
    pub name: String,
    /// Reading in half-width katakana; may be missing (DOM-42).
    pub kana: String,
    /// 氏名（その他）, or empty.
    pub other_name: String,
    /// Its reading.
    pub other_kana: String,
    /// 性別（表面） as the insurer registered it (OUT-32).
    pub sex: Sex,
    /// 性別（裏面）.
    pub sex_back: Option<Sex>,
    /// 生年月日.
    pub birth_date: Date,
    /// 郵便番号 `NNN-NNNN`, or empty.
    pub postal_code: String,
    /// 住所, or empty if the insurer has not sent it (OUT-43).
    pub address: String,
    /// 不開示: address and postal code are never told (ADM-162).
    pub undisclosed: bool,
    /// 自己情報提供不可: nothing is told (ADM-163).
    pub withheld: bool,
    /// Entitlements, oldest first.
    pub covers: Vec<Cover>,
}

fn within(day: Date, from: Option<Date>, to: Option<Date>) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

fn given(day: Option<Date>) -> GivenDate {
    day.map_or(GivenDate::NotGiven, GivenDate::Day)
}

impl Cover {
    /// Whether the entitlement holds on `day`.
    pub fn holds(&self, day: Date) -> bool {
        within(day, self.from, self.to) && self.lost.is_none_or(|lost| day < lost)
    }

    /// 医療扶助 and not an insurance.
    pub fn is_assistance(&self) -> bool {
        self.class == ASSISTANCE
    }
}

/// 義務教育就学前 on `day` (OUT-53, DOM-27): born on or after 2 April of the
/// year six years before the 年度.
pub fn preschool(birth: Date, day: Date) -> bool {
    let fiscal = day.year() - i16::from(day.month() <= 3);
    birth >= date(fiscal - 6, 4, 2)
}

impl Person {
    /// What an insurer tells on `day` about one entitlement. `limit` asks for
    /// 限度額 too; certificates that do not hold on the day are left out.
    pub fn entitlement(
        &self,
        cover: &Cover,
        day: Date,
        limit: bool,
        reference: &str,
    ) -> Entitlement {
        let hide = self.undisclosed;
        let shown = |text: &str| if hide { String::new() } else { text.to_owned() };
        let over = !cover.holds(day);
        Entitlement {
            reference_number: reference.to_owned(),
            insurer_number: cover.insurer.number.clone(),
            insurer_name: cover.insurer.name.clone(),
            symbol: cover.symbol.clone(),
            number: cover.number.clone(),
            branch: cover.branch.clone(),
            name: self.name.clone(),
            kana: self.kana.clone(),
            other_name: self.other_name.clone(),
            other_kana: self.other_kana.clone(),
            sex: Some(self.sex),
            sex_back: self.sex_back,
            birth_date: GivenDate::Day(self.birth_date),
            card_class: cover.class.clone(),
            burden: cover.burden.clone(),
            valid_from: given(cover.from),
            valid_to: given(cover.to),
            acquired: given(cover.acquired),
            lost: given(cover.lost.filter(|_| over)),
            issued: given(cover.issued),
            loss_reason: if over {
                cover.loss_reason.clone()
            } else {
                String::new()
            },
            relation: if cover.is_assistance() {
                String::new()
            } else {
                cover.relation.code().to_owned()
            },
            insured_name: cover.insured_name.clone(),
            postal_code: shown(&self.postal_code),
            address: shown(&self.address),
            preschool: if preschool(self.birth_date, day) {
                "1".to_owned()
            } else {
                String::new()
            },
            elderly: cover
                .elderly
                .as_deref()
                .filter(|e| within(day, e.from, e.to))
                .map(Elderly::told),
            limit: cover
                .limit
                .as_deref()
                .filter(|l| limit && within(day, l.from, l.to))
                .map(Limit::told),
            diseases: Vec::new(),
        }
    }
}

impl Elderly {
    fn told(&self) -> ElderlyCertificate {
        ElderlyCertificate {
            issued: given(self.issued),
            from: given(self.from),
            to: given(self.to),
            burden: self.burden.clone(),
        }
    }
}

impl Limit {
    fn told(&self) -> LimitCertificate {
        LimitCertificate {
            class: self.class.clone(),
            income_class: self.income_class.clone(),
            issued: given(self.issued),
            from: given(self.from),
            to: given(self.to),
            long_term: given(self.long_term),
        }
    }
}
