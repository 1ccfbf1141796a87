//! What keeps a note from being asked for, in words: why, what is to be done,
//! and by whom.

use crate::domain::account::{Access, Right, Staff, access, who_may};
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
    /// Why, in a few words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::FunctionClosed => "機能が開いていません",
            Self::NoRight => "照会できる権限の人がログインしていません",
            Self::NoCapability => "この接続では照会できません",
            Self::NoLogin => "ログインしている人がいません",
            Self::NotDuringOutage => "障害の間の控えではありません",
        }
    }

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
    /// outage function, if there is one; `able` who of this desk may look
    /// notes up.
    pub fn explain(self, period: Option<Period>, today: Date, able: &[Staff]) -> Explanation {
        let (why, next, procedure) = match self {
            Self::FunctionClosed => closed(period, today),
            Self::NoRight => (
                "4情報での照会（方法3）は、権限のある人がログインしている間だけできます。"
                    .to_owned(),
                who(Right::OutageSearch, able),
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
                who(Right::Lookup, able),
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

/// People named at most.
const NAMED: usize = 3;

/// Who has to log in: by name who is known at this desk, else by kind.
fn who(right: Right, able: &[Staff]) -> String {
    let mut those = (able.iter())
        .filter(|staff| access(staff.kind, right) == Access::Allowed)
        .map(|staff| match staff.name.as_str() {
            "" => format!("ユーザID {}", staff.user),
            name => format!("{name} さん（ユーザID {}）", staff.user),
        });
    let named: Vec<String> = those.by_ref().take(NAMED).collect();
    let kinds = format!("{} アカウントの人", who_may(right, None));
    let whom = match (named.is_empty(), those.next().is_some()) {
        (true, _) => kinds,
        (false, false) => named.join("、"),
        (false, true) => format!("{}など、{kinds}", named.join("、")),
    };
    format!("{whom}がログインしてください。ログインすると自動で照会します。")
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
            match period {
                // Announced, and refused all the same.
                Some(period) => format!(
                    "緊急時医療情報・資格確認機能が開いていません（利用期間のお知らせは {} から {} まで）。",
                    slash_date(period.from),
                    slash_date(period.to)
                ),
                None => "緊急時医療情報・資格確認機能が開いていません（利用期間は、まだ知らされていません）。"
                    .to_owned(),
            },
            "コールセンターに利用を申し出てください。開くと自動で照会します。保険証の番号が分かれば、先に方法2 で照会できます。"
                .to_owned(),
            true,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::AccountKind;
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
                None,
                date(2026, 11, 20),
                Block::FunctionClosed.reason(),
                true,
            ),
            (
                Some(period),
                date(2026, 11, 21),
                Block::FunctionClosed.reason(),
                true,
            ),
            (
                Some(period),
                date(2026, 11, 26),
                "2026/11/25 で終わり",
                true,
            ),
        ] {
            let told = Block::FunctionClosed.explain(period, today, &[]);
            assert!(told.why.contains(said), "{}", told.why);
            assert_eq!(told.procedure, procedure, "{said}");
        }
    }

    #[test]
    fn out_9_who_has_to_log_in_is_named() {
        let today = date(2026, 11, 20);
        let told = Block::NoRight.explain(None, today, &[]);
        assert!(told.next.contains("医療情報閲覧"), "{}", told.next);
        assert!(told.next.contains("管理"), "{}", told.next);
        assert!(!told.next.contains("一般"), "{}", told.next);

        let known = |user: &str, name: &str, kind| Staff {
            user: user.to_owned(),
            name: name.to_owned(),
            kind,
        };
        let able = [
            known("002", "受付 花子", AccountKind::General),
            known("003", "鈴木 三郎", AccountKind::MedicalViewer),
            known("001", "", AccountKind::Administrator),
        ];
        let right = Block::NoRight.explain(None, today, &able).next;
        assert_eq!(
            right,
            "鈴木 三郎 さん（ユーザID 003）、ユーザID 001がログインしてください。\
             ログインすると自動で照会します。"
        );
        let login = Block::NoLogin.explain(None, today, &able).next;
        assert!(login.contains("受付 花子 さん（ユーザID 002）"), "{login}");
        let many: Vec<Staff> = (1..=5)
            .map(|n| known(&n.to_string(), "鈴木", AccountKind::MedicalViewer))
            .collect();
        let many = Block::NoRight.explain(None, today, &many).next;
        assert!(many.contains("など、"), "{many}");
        assert_eq!(many.matches("ユーザID").count(), 3, "{many}");
    }

    fn known(user: &str, kind: AccountKind) -> Staff {
        Staff {
            user: user.to_owned(),
            name: format!("職員{user}"),
            kind,
        }
    }

    /// Who is named for each block, whoever is known at the desk.
    #[test]
    fn out_9_names_where_some_are_known_and_kinds_where_none_is() {
        use AccountKind::{Administrator, General, Master, MedicalViewer, WebApi};
        let kinds = |right| format!("{} アカウントの人が", who_may(right, None));
        let four = kinds(Right::OutageSearch);
        let lookup = kinds(Right::Lookup);
        let cases: [(&str, Block, Vec<Staff>, &str); 9] = [
            ("nobody is known", Block::NoRight, vec![], &four),
            ("nobody is known", Block::NoLogin, vec![], &lookup),
            (
                "only people without the right are known",
                Block::NoRight,
                vec![known("002", General), known("000", Master)],
                &four,
            ),
            (
                "the same people may look numbers up",
                Block::NoLogin,
                vec![known("002", General), known("000", Master)],
                "職員002 さん（ユーザID 002）が",
            ),
            (
                "a machine logs nobody in",
                Block::NoRight,
                vec![known("004", WebApi)],
                &four,
            ),
            (
                "one of a mixed facility",
                Block::NoRight,
                vec![known("002", General), known("001", Administrator)],
                "職員001 さん（ユーザID 001）が",
            ),
            (
                "all of them may look numbers up",
                Block::NoLogin,
                vec![known("002", General), known("001", Administrator)],
                "職員002 さん（ユーザID 002）、職員001 さん（ユーザID 001）が",
            ),
            (
                "three are all named",
                Block::NoRight,
                ["003", "013", "023"]
                    .map(|user| known(user, MedicalViewer))
                    .to_vec(),
                "職員003 さん（ユーザID 003）、職員013 さん（ユーザID 013）、職員023 さん（ユーザID 023）が",
            ),
            (
                "a fourth without the right makes them no more",
                Block::NoRight,
                vec![
                    known("003", MedicalViewer),
                    known("002", General),
                    known("013", MedicalViewer),
                    known("023", MedicalViewer),
                ],
                "職員003 さん（ユーザID 003）、職員013 さん（ユーザID 013）、職員023 さん（ユーザID 023）が",
            ),
        ];
        for (name, block, able, whom) in cases {
            let next = block.explain(None, date(2026, 11, 20), &able).next;
            let said = format!("{whom}ログインしてください。ログインすると自動で照会します。");
            assert_eq!(next, said, "{name}");
        }
    }

    #[test]
    fn out_5_what_no_login_would_unblock_names_nobody() {
        let able = [known("003", AccountKind::MedicalViewer)];
        for block in [
            Block::FunctionClosed,
            Block::NoCapability,
            Block::NotDuringOutage,
        ] {
            let told = block.explain(None, date(2026, 11, 20), &able);
            assert!(!told.next.contains("職員003"), "{}", told.next);
            assert!(!told.next.contains("ログイン"), "{}", told.next);
        }
    }
}
