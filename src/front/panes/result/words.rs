//! The verdict as the result pane says it, with what it means for the desk. The
//! words of the code lists are in [`crate::domain::labels`].

use crate::domain::age;
use crate::domain::entitlement::{Eligibility, GivenDate, Validity};
use crate::domain::era;
use crate::domain::labels::given_day;
use crate::front::canvas::Role;
use jiff::civil::Date;

/// 資格喪失事由 死亡 (OUT-74).
pub const DEATH: &str = "01";

/// What to do about an entitlement that was lost, by 資格喪失事由 (OUT-74).
fn lost(answer: &Eligibility) -> &'static str {
    let mut reasons = answer
        .entitlements
        .iter()
        .map(|e| e.loss_reason.as_str())
        .filter(|reason| !reason.is_empty());
    let first = reasons.next().unwrap_or_default();
    let one = reasons.all(|reason| reason == first);
    match first {
        DEATH if one => "保険者かご家族に確かめてください。",
        "02" if one => "医療券・医療扶助の資格を確かめてください。福祉事務所に問い合わせられます。",
        "03" if one => {
            "新しい保険証・資格確認書かマイナンバーカードを見せてもらい、照会し直してください。"
        }
        _ => {
            "新しい保険証・資格確認書がないか、患者さんに確かめてください。届け出から登録まで 5 日ほどかかることがあります。"
        }
    }
}

/// The verdict, what it means for the desk, and whether it is good.
pub fn verdict(answer: &Eligibility) -> (String, &'static str, Role) {
    match &answer.validity {
        Validity::Valid => ("この資格は有効です。".to_owned(), "", Role::Good),
        Validity::Invalid => ("この資格は無効です。".to_owned(), lost(answer), Role::Error),
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
    use crate::domain::entitlement::Entitlement;

    fn said(validity: Validity, reasons: &[&str]) -> (String, &'static str, Role) {
        verdict(&Eligibility {
            validity,
            entitlements: reasons
                .iter()
                .map(|reason| Entitlement {
                    loss_reason: (*reason).to_owned(),
                    ..Entitlement::default()
                })
                .collect(),
            check_date: jiff::civil::date(2026, 11, 20),
            executed: String::new(),
            remark: None,
        })
    }

    #[test]
    fn out_51_only_what_is_valid_is_called_valid() {
        assert_eq!(said(Validity::Valid, &[]).0, "この資格は有効です。");
        assert_eq!(said(Validity::Invalid, &[]).0, "この資格は無効です。");
        for code in ["2", "3", "4", "5", "7", "", "01"] {
            let (text, _, role) = said(Validity::from_code(code), &[]);
            assert!(!text.contains("有効です"), "{code}: {text}");
            assert_ne!(role, Role::Good, "{code}");
        }
    }

    #[test]
    fn out_74_the_advice_follows_the_reason_of_the_loss() {
        for (reasons, says, never) in [
            (&["01"][..], "保険者かご家族", "患者さん"),
            (&["01", ""][..], "保険者かご家族", "患者さん"),
            (&["02"][..], "医療券", "新しい保険証"),
            (&["03"][..], "新しい保険証", "医療券"),
            (&["99"][..], "患者さんに確かめ", "医療券"),
            (&[""][..], "患者さんに確かめ", "医療券"),
            (&["01", "03"][..], "患者さんに確かめ", "ご家族"),
        ] {
            let (_, advice, _) = said(Validity::Invalid, reasons);
            assert!(advice.contains(says), "{reasons:?}: {advice}");
            assert!(!advice.contains(never), "{reasons:?}: {advice}");
        }
    }
}
