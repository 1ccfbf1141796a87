use super::State;
use crate::domain::entitlement::{Candidate, Eligibility, GivenDate, Validity};
use crate::domain::failure::Failure;
use crate::domain::person::{OutageQuery, Sex};
use crate::front::app::Go;
use crate::front::keys::Context;
use crate::front::panes::Pane;
use crate::front::trial::{Trial, body, candidate, hint_fits, survives};
use crate::link::message::{ToDesk, ToFront};
use jiff::civil::date;

/// OUT-50: 新橋太郎 without a space finds two people in Tokyo.
fn query() -> OutageQuery {
    OutageQuery {
        name: "新橋太郎".to_owned(),
        kana: String::new(),
        birth_date: date(1954, 3, 26),
        sex: Sex::Male,
        address: "東京都".to_owned(),
        insurer_name: String::new(),
        check_date: date(2021, 1, 19),
    }
}

struct Desk {
    trial: Trial,
    pane: State,
}

impl Desk {
    fn new(list: &[Candidate]) -> Self {
        Self {
            trial: Trial::new(),
            pane: State::for_search(&query(), list),
        }
    }

    fn two() -> Self {
        Self::new(&[
            candidate("A", "東京都港区〇〇5丁目500-1"),
            candidate("B", "東京都足立区〇〇1丁目1-1"),
        ])
    }

    /// Presses keys; the hint fits after each.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            hint_fits(self.pane.context(), &self.pane.hint(&self.trial.known));
            let input = self.trial.input(self.pane.context(), false, key);
            self.trial.with(|cx| self.pane.input(cx, input));
        }
    }

    fn text(&self) -> String {
        body(|canvas| self.pane.view(&self.trial.known, self.trial.now, canvas)).join("\n")
    }
}

#[test]
fn out_40_to_43_the_list() {
    let mut list = vec![
        candidate("A", "東京都港区〇〇5丁目500-1"),
        candidate("B", ""),
    ];
    list[1].kana = String::new();
    let text = Desk::new(&list).text();
    for says in [
        "複数の資格該当者が見つかりました。資格確認の該当者を以下から選択してください。",
        "検索結果： 2 件",
        "  1  新橋　太郎         昭29.03.26  男     東京都港区〇〇5丁目   東京新橋サンプ\n     ｼﾝﾊﾞｼ ﾀﾛｳ                                                   ル保険者",
        "  2  新橋　太郎         昭29.03.26  男                           東京新橋サンプ\n",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    assert!(!text.contains("目500"), "the first ten characters: {text}");
    assert!(!text.contains('!'), "nothing differs: {text}");
}

#[test]
fn nobody_is_chosen_for_the_clerk() {
    let mut desk = Desk::two();
    desk.press(&["Enter", "F12"]);
    assert!(desk.trial.said().contains("まだ選ばれていません"));
    for key in ["3", "0", "y"] {
        desk.press(&[key]);
        assert_eq!(desk.trial.said(), "1 から 2 の番号か矢印で選びます。");
    }
    assert_eq!(desk.trial.sent(), []);
}

#[test]
fn out_44_what_is_chosen_is_read_back_and_then_opened() {
    let mut desk = Desk::two();
    desk.press(&["Down", "Down", "Enter"]);
    assert_eq!(desk.pane.context(), Context::Ask);
    let text = desk.text();
    assert!(text.contains("2 番の人に決めますか"), "{text}");
    assert!(text.contains("東京都足立区〇〇1丁目1-1"), "in full: {text}");
    assert!(text.contains("昭和29年3月26日  1954-03-26"), "{text}");
    desk.press(&["Enter", "Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter alone decides nothing");
    desk.press(&["Esc", "1", "F12", "F12"]);
    let sent = desk.trial.sent();
    assert!(
        matches!(sent.as_slice(), [ToDesk::Choose { key, check_date, .. }]
            if key == "A" && *check_date == date(2021, 1, 19)),
        "{sent:?}"
    );
    let ticket = desk.trial.ticket();
    desk.press(&["F12"]);
    assert_eq!(desk.trial.sent(), [], "asked once");
    let answer = Eligibility {
        validity: Validity::Valid,
        entitlements: Vec::new(),
        check_date: date(2021, 1, 19),
        executed: String::new(),
        remark: None,
    };
    let message = ToFront::LookedUp {
        ticket,
        answer: Box::new(answer),
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert!(matches!(
        desk.trial.went,
        Some(Go::Replace(Pane::Result(_)))
    ));
}

#[test]
fn a_failure_leaves_the_choice_open() {
    let mut desk = Desk::two();
    desk.press(&["1", "F12", "F12"]);
    let message = ToFront::Failed {
        ticket: desk.trial.ticket(),
        failure: Failure::NoAnswer,
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert_eq!(desk.trial.said(), Failure::NoAnswer.to_string());
    desk.press(&["F12", "F12"]);
    assert_eq!(desk.trial.sent().len(), 2);
}

#[test]
fn what_differs_carries_a_sign() {
    let mut other = candidate("A", "大阪府堺市");
    other.birth_date = GivenDate::Day(date(1955, 3, 26));
    other.sex = Some(Sex::Female);
    other.name = "新橋　次郎".to_owned();
    let text = Desk::new(&[other, candidate("B", "東京都港区")]).text();
    for says in [
        "!新橋　次郎",
        "!昭30.03.26",
        "!女",
        "!大阪府堺市",
        "! は入力と違うところ",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
}

#[test]
fn five_candidates_fit_and_nothing_panics_at_small_sizes() {
    let list: Vec<Candidate> = (0..5)
        .map(|n| candidate(&n.to_string(), "東京都港区〇〇5丁目500-1"))
        .collect();
    let mut desk = Desk::new(&list);
    desk.press(&["5"]);
    let text = desk.text();
    assert!(text.contains("> 5  新橋　太郎"), "{text}");
    assert!(text.contains("検索結果： 5 件"), "{text}");
    assert!(text.contains("入力: 新橋太郎"), "{text}");
    survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    desk.press(&["F12"]);
    survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
}

#[test]
fn dom_32_which_differences_are_shown() {
    use super::compare::differences;
    type Change = fn(&mut Candidate);
    let cases: [(&str, Change, bool); 10] = [
        ("same but for the space (DOM-33)", |_| {}, false),
        ("another name", |c| c.name = "新橋　次郎".to_owned(), true),
        (
            "● in the name (DOM-34)",
            |c| c.name = "新●　太郎".to_owned(),
            true,
        ),
        (
            "another birth date",
            |c| c.birth_date = GivenDate::Day(date(1954, 3, 27)),
            true,
        ),
        (
            "no birth date",
            |c| c.birth_date = GivenDate::NotGiven,
            true,
        ),
        ("another sex", |c| c.sex = Some(Sex::Female), true),
        ("no address sent (OUT-43)", |c| c.address.clear(), false),
        ("another address", |c| c.address = "大阪府".to_owned(), true),
        (
            "more of the address",
            |c| c.address = "東京都港区".to_owned(),
            false,
        ),
        (
            "insurer not asked for",
            |c| c.insurer_name = "別の保険者".to_owned(),
            false,
        ),
    ];
    for (case, change, differs) in cases {
        let mut found = candidate("A", "東京都港区〇〇5丁目500-1");
        change(&mut found);
        let pane = State::for_search(&query(), &[found.clone()]);
        assert_eq!(differences(&pane.asked, &found).any(), differs, "{case}");
    }
}
