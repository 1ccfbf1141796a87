//! The verdict as the result pane says it, with what it means for the desk. The
//! words of the code lists are in [`crate::domain::labels`].

use crate::domain::age;
use crate::domain::entitlement::{GivenDate, Validity};
use crate::domain::era;
use crate::domain::labels::given_day;
use crate::front::canvas::Role;
use jiff::civil::Date;

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

/// A birth date in 和暦 with the age at `check`.
pub fn birth(given: &GivenDate, check: Date) -> String {
    match given {
        GivenDate::Day(day) => match age::full_years(*day, check) {
            Some(years) => format!("{} ({years})", era::long(*day)),
            None => era::long(*day),
        },
        other => given_day(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_51_only_what_is_valid_is_called_valid() {
        assert_eq!(verdict(&Validity::Valid).0, "この資格は有効です。");
        assert_eq!(verdict(&Validity::Invalid).0, "この資格は無効です。");
        for code in ["2", "3", "4", "5", "7", "", "01"] {
            let (text, _, role) = verdict(&Validity::from_code(code));
            assert!(!text.contains("有効です"), "{code}: {text}");
            assert_ne!(role, Role::Good, "{code}");
        }
    }
}
