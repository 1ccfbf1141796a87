//! The words for the codes of an answer. A code that is not known is shown as
//! received (DOM-61, oqs-wire 16).

use crate::domain::age;
use crate::domain::entitlement::{GivenDate, Validity};
use crate::domain::era;
use crate::front::canvas::Role;
use jiff::civil::Date;

/// What stands where nothing was given (DOM-60): neither "expired" nor
/// "unlimited".
pub const NOT_GIVEN: &str = "(記載なし)";

/// The verdict, what it means for the desk, and whether it is good.
pub fn verdict(validity: &Validity) -> (String, &'static str, Role) {
    match validity {
        Validity::Valid => ("この資格は有効です。".to_owned(), "", Role::Good),
        Validity::Invalid => (
            "この資格は無効です。".to_owned(),
            "新しい保険証・資格確認書がないか、患者さんに確かめてください。届け出から登録まで 5 日ほどかかることがあります。",
            Role::Error,
        ),
        Validity::InvalidNewer => (
            "この資格は無効です。無効（新しい資格あり）".to_owned(),
            "新しい資格が登録されています。新しい保険証・資格確認書かマイナンバーカードで照会し直してください。",
            Role::Error,
        ),
        Validity::NotFound => (
            "該当資格なし".to_owned(),
            "番号と生年月日を券面と見比べてください（3・5・8、0・6、1・7 は読み違えやすい数字です）。合っていれば、まだ登録されていないことがあります（届け出から 5 日ほど）。",
            Role::Error,
        ),
        Validity::Several => (
            "複数該当".to_owned(),
            "家族の何人かが当てはまります。枝番を入れて照会し直してください。",
            Role::Warning,
        ),
        Validity::ValidUnregistered => (
            "有効（未登録）".to_owned(),
            "医療扶助の資格はありますが、この医療機関の委託先としての登録がありません。福祉事務所に確かめてください。",
            Role::Warning,
        ),
        Validity::Unknown(code) => (
            format!("資格有効性「{code}」の意味が分かりません。"),
            "有効とも無効とも言えません。コールセンターかシステム業者に確かめてください。",
            Role::Error,
        ),
    }
}

/// A code with its word, or as received.
fn word(code: &str, words: &[(&str, &str)]) -> String {
    if code.is_empty() {
        return NOT_GIVEN.to_owned();
    }
    words
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| format!("コード {code}"), |(_, word)| (*word).to_owned())
}

/// 証区分 (OUT-69), and whether it is one of those in red (OUT-70).
pub fn card_class(code: &str) -> (String, bool) {
    let words = [
        ("01", "被保険者証（一般）"),
        ("02", "被保険者証（退職）"),
        ("03", "短期被保険者証（一般）"),
        ("04", "短期被保険者証（退職）"),
        ("05", "被保険者資格証明書"),
        ("06", "特例退職被保険者証"),
        ("07", "自衛官診療証"),
        ("A1", "医療扶助"),
    ];
    (word(code, &words), matches!(code, "03" | "04" | "05"))
}

/// 資格喪失事由 (OUT-74).
pub fn loss_reason(code: &str) -> String {
    word(
        code,
        &[
            ("01", "死亡"),
            ("02", "生活保護受給開始"),
            ("03", "医療保険等の資格取得"),
            ("99", "その他"),
        ],
    )
}

/// 本人・家族の別 (OUT-75).
pub fn relation(code: &str) -> String {
    word(code, &[("1", "本人"), ("2", "家族")])
}

/// 限度額適用認定証区分.
pub fn limit_class(code: &str) -> String {
    word(
        code,
        &[
            ("01", "限度額適用区分認定証"),
            ("02", "限度額適用・標準負担額減額認定証"),
            ("03", "標準負担額減額認定証"),
        ],
    )
}

/// 適用区分 (OQSCD012).
pub fn income_class(code: &str) -> String {
    word(
        code,
        &[
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
    )
}

/// 認定疾病区分.
pub fn disease(code: &str) -> String {
    word(
        code,
        &[
            ("1", "人工透析を必要とする慢性腎不全"),
            ("2", "先天性血液凝固因子障害（第VIII・IX因子）"),
            ("3", "血液凝固因子製剤に起因するHIV感染症"),
        ],
    )
}

/// `010` is 1割 (DOM-62); anything else as received.
pub fn burden(percent: &str) -> String {
    if percent.is_empty() {
        return NOT_GIVEN.to_owned();
    }
    match percent.parse::<u32>() {
        Ok(n) if percent.len() == 3 && n % 10 == 0 && n <= 100 => format!("{}割", n / 10),
        Ok(n) if percent.len() == 3 && n <= 100 => format!("{n}％"),
        _ => format!("コード {percent}"),
    }
}

/// A day in 和暦 (OUT-68), "not given", or as received.
pub fn day(given: &GivenDate) -> String {
    match given {
        GivenDate::NotGiven => NOT_GIVEN.to_owned(),
        GivenDate::Day(day) => era::long(*day),
        GivenDate::Raw(text) => format!("{text}（日付として読めません）"),
    }
}

/// A birth date in 和暦 with the age at `check`.
pub fn birth(given: &GivenDate, check: Date) -> String {
    match given {
        GivenDate::Day(day) => match age::full_years(*day, check) {
            Some(years) => format!("{} ({years})", era::long(*day)),
            None => era::long(*day),
        },
        other => self::day(other),
    }
}
