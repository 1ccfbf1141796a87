//! The official code lists (OQSCD) in words. A code that no list knows is
//! shown as received, never refused (DOM-61).

use super::entitlement::GivenDate;
use super::era;

/// A code list of the official interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// OQSCD008 資格喪失事由 (OUT-74)
    LossReason,
    /// OQSCD009 本人・家族の別 (OUT-75)
    Relation,
    /// OQSCD011 限度額適用認定証区分
    LimitClass,
    /// OQSCD012 適用区分
    IncomeClass,
    /// OQSCD013 認定疾病区分
    Disease,
}

/// Words for a blank value: neither "expired" nor "unlimited" (DOM-60).
pub const NOT_GIVEN: &str = "(記載なし)";

type Words = &'static [(&'static str, &'static str)];

impl List {
    fn words(self) -> Words {
        match self {
            Self::LossReason => &[
                ("01", "死亡"),
                ("02", "生活保護受給開始"),
                ("03", "医療保険等の資格取得"),
                ("99", "その他"),
            ],
            Self::Relation => &[("1", "本人"), ("2", "家族")],
            Self::LimitClass => &[
                ("01", "限度額適用区分認定証"),
                ("02", "限度額適用・標準負担額減額認定証"),
                ("03", "標準負担額減額認定証"),
            ],
            Self::IncomeClass => &[
                ("A01", "ア"),
                ("A02", "イ"),
                ("A03", "ウ"),
                ("A04", "エ"),
                ("A05", "オ"),
                ("A06", "オ（境）"),
                ("B01", "現役並みⅢ"),
                ("B02", "現役並みⅡ"),
                ("B03", "現役並みⅠ"),
                ("B04", "一般"),
                ("B05", "低所得Ⅱ"),
                ("B06", "低所得Ⅰ"),
                ("B07", "低所得Ⅰ（老福）"),
                ("B08", "低所得Ⅰ（境）"),
                ("B09", "一般Ⅱ"),
                ("B10", "一般Ⅰ"),
            ],
            Self::Disease => &[
                ("1", "人工透析を必要とする慢性腎不全"),
                ("2", "先天性血液凝固因子障害（第VIII・IX因子）"),
                ("3", "血液凝固因子製剤に起因するHIV感染症"),
            ],
        }
    }

    /// The word, or the code as received, or [`NOT_GIVEN`].
    pub fn label(self, code: &str) -> String {
        let known = self.words().iter().find(|(known, _)| *known == code);
        as_received(code, known.map(|(_, word)| *word))
    }
}

fn as_received(code: &str, word: Option<&str>) -> String {
    match word {
        Some(word) => word.to_owned(),
        None if code.is_empty() => NOT_GIVEN.to_owned(),
        None => format!("コード {code}"),
    }
}

/// 証区分 (OQSCD010) in the words of the outage manual (OUT-69), or as received,
/// and whether it is one of those in red with a mark (OUT-70).
pub fn card_class(code: &str) -> (String, bool) {
    let word = match code {
        "01" => "被保険者証（一般）",
        "02" => "被保険者証（退職）",
        "03" => "短期被保険者証（一般）",
        "04" => "短期被保険者証（退職）",
        "05" => "被保険者資格証明書",
        "06" => "特例退職被保険者証",
        "07" => "自衛官診療証",
        "A1" => "医療扶助",
        _ => return (as_received(code, None), false),
    };
    (word.to_owned(), matches!(code, "03" | "04" | "05"))
}

/// 一部負担金割合: `010` is 1割 (DOM-62). A percentage that is no whole 割 is
/// given as such; anything else as received.
pub fn burden(percent: &str) -> String {
    let value = (percent.len() == 3)
        .then(|| percent.parse::<u16>().ok())
        .flatten()
        .filter(|value| *value <= 100 && percent.bytes().all(|b| b.is_ascii_digit()));
    match value {
        Some(value) if value % 10 == 0 => format!("{}割", value / 10),
        Some(value) => format!("{value}％"),
        None => as_received(percent, None),
    }
}

/// A day in 和暦 (OUT-68), [`NOT_GIVEN`], or as received.
pub fn given_day(given: &GivenDate) -> String {
    match given {
        GivenDate::NotGiven => NOT_GIVEN.to_owned(),
        GivenDate::Day(day) => era::long(*day),
        GivenDate::Raw(text) => format!("{text}（日付として読めません）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_69_70_card_classes() {
        for (code, manual, red) in [
            ("01", "被保険者証（一般）", false),
            ("02", "被保険者証（退職）", false),
            ("03", "短期被保険者証（一般）", true),
            ("04", "短期被保険者証（退職）", true),
            ("05", "被保険者資格証明書", true),
            ("06", "特例退職被保険者証", false),
        ] {
            assert_eq!(card_class(code), (manual.to_owned(), red), "{code}");
        }
        assert_eq!(card_class("Z9"), ("コード Z9".to_owned(), false));
        assert_eq!(card_class(""), (NOT_GIVEN.to_owned(), false));
    }

    #[test]
    fn dom_61_words_and_codes_as_received() {
        assert_eq!(List::LossReason.label("01"), "死亡");
        assert_eq!(List::LossReason.label("99"), "その他");
        assert_eq!(List::IncomeClass.label("A06"), "オ（境）");
        assert_eq!(List::IncomeClass.label("C01"), "コード C01");
        assert_eq!(List::Relation.label(""), NOT_GIVEN);
    }

    #[test]
    fn dom_62_burden() {
        for (percent, text) in [
            ("010", "1割"),
            ("020", "2割"),
            ("030", "3割"),
            ("100", "10割"),
            ("000", "0割"),
            ("015", "15％"),
            ("10", "コード 10"),
            ("+10", "コード +10"),
            ("999", "コード 999"),
            ("", NOT_GIVEN),
        ] {
            assert_eq!(burden(percent), text);
        }
    }

    #[test]
    fn dom_60_a_blank_day_is_told_as_blank() {
        assert_eq!(given_day(&GivenDate::NotGiven), NOT_GIVEN);
    }
}
