//! What keeps a note from being asked for, in words: why, what is to be done,
//! and by whom.

use crate::domain::account::{Right, who_may};
use crate::domain::time::{Period, slash_date};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What keeps a note from being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// The outage function is not open today (OUT-5).
    FunctionClosed,
    /// Nobody with the right is logged in (OUT-9).
    NoRight,
    /// This connection has no search by 4情報.
    NoCapability,
    /// Nobody is logged in, and the desk has no account of its own.
    NoLogin,
    /// Not taken during an outage, so 方法3 is not allowed (OUT-17), and the
    /// note has no insurance numbers to ask with.
    NotDuringOutage,
}

/// A block explained to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is in the way.
    pub why: String,
    /// What to do about it.
    pub next: String,
    /// The procedure that has the outage function opened (DOM-75) is what
    /// helps.
    pub procedure: bool,
}

impl Block {
    /// What unblocks it, for the ledger's column 次にすること.
    pub fn advice(self) -> &'static str {
        match self {
            Self::FunctionClosed => "機能が開くのを待つ",
            Self::NoRight => "閲覧か管理でログイン",
            Self::NoCapability => "公式画面で照会する",
            Self::NoLogin => "ログインすると照会",
            Self::NotDuringOutage => "保険証の番号を足す",
        }
    }

    /// Why, and what unblocks it. `period` is the announced period of the
    /// outage function, if there is one.
    pub fn explain(self, period: Option<Period>, today: Date) -> Explanation {
        let (why, next, procedure) = match self {
            Self::FunctionClosed => closed(period, today),
            Self::NoRight => (
                "4情報での照会（方法3）は、権限のある人がログインしている間だけできます。"
                    .to_owned(),
                format!(
                    "{} アカウントの人がログインしてください。ログインすると自動で照会します。",
                    who_may(Right::OutageSearch, None)
                ),
                false,
            ),
            Self::NoCapability => (
                "この接続には、この控えを照会する機能がありません。".to_owned(),
                "公式の画面（資格情報照会）に控えの内容を入れて照会し、結果をこの控えに残してください。"
                    .to_owned(),
                false,
            ),
            Self::NoLogin => (
                "中央システムにログインしている人がいません。".to_owned(),
                format!(
                    "{} アカウントの人がログインしてください。ログインすると自動で照会します。",
                    who_may(Right::Lookup, None)
                ),
                false,
            ),
            Self::NotDuringOutage => (
                "障害の間に控えたものではないので、4情報での照会（方法3）は使えません。".to_owned(),
                "保険証か資格確認書の番号を控えに足すと、方法2 で照会します。".to_owned(),
                false,
            ),
        };
        Explanation {
            why,
            next,
            procedure,
        }
    }
}

fn closed(period: Option<Period>, today: Date) -> (String, String, bool) {
    match period {
        Some(period) if today < period.from => (
            format!(
                "緊急時医療情報・資格確認機能の利用期間は {} からです。",
                slash_date(period.from)
            ),
            "その日になると自動で照会します。保険証の番号が分かれば、先に方法2 で照会できます。"
                .to_owned(),
            false,
        ),
        Some(period) if period.to < today => (
            format!(
                "緊急時医療情報・資格確認機能の利用期間は {} で終わりました。",
                slash_date(period.to)
            ),
            "延長が要るときはコールセンターに相談してください。保険証の番号が分かれば方法2 で照会できます。"
                .to_owned(),
            true,
        ),
        _ => (
            "緊急時医療情報・資格確認機能の利用期間が、まだ知らされていません。".to_owned(),
            "コールセンターに利用を申し出てください。開くと自動で照会します。保険証の番号が分かれば、先に方法2 で照会できます。"
                .to_owned(),
            true,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn out_5_a_closed_function_says_since_when_or_until_when() {
        let period = Period {
            from: date(2026, 11, 20),
            to: date(2026, 11, 25),
        };
        for (period, today, said, procedure) in [
            (None, date(2026, 11, 20), "まだ知らされていません", true),
            (Some(period), date(2026, 11, 19), "2026/11/20 から", false),
            (
                Some(period),
                date(2026, 11, 26),
                "2026/11/25 で終わり",
                true,
            ),
        ] {
            let told = Block::FunctionClosed.explain(period, today);
            assert!(told.why.contains(said), "{}", told.why);
            assert_eq!(told.procedure, procedure, "{said}");
        }
    }

    #[test]
    fn out_9_who_has_to_log_in_is_named() {
        let told = Block::NoRight.explain(None, date(2026, 11, 20));
        assert!(told.next.contains("医療情報閲覧"), "{}", told.next);
        assert!(told.next.contains("管理"), "{}", told.next);
        assert!(!told.next.contains("一般"), "{}", told.next);
    }
}
