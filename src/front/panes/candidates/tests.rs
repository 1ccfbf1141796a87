use super::State;
use crate::domain::account::{AccountKind, Staff};
use crate::domain::entitlement::{Candidate, Eligibility, Entitlement, GivenDate, Validity};
use crate::domain::failure::Failure;
use crate::domain::field::Field;
use crate::domain::note::{Need, Note, NoteState, Way};
use crate::domain::person::{OutageQuery, Sex};
use crate::domain::readback::{Other, Proof, ReadBack};
use crate::front::app::Go;
use crate::front::keys::Context;
use crate::front::panes::Pane;
use crate::front::trial::{Trial, body, candidate, hint_fits, noted, survives};
use crate::front::wording::hold::Anew;
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
        Self::of(State::for_search(&query(), list))
    }

    fn of(pane: State) -> Self {
        Self {
            trial: Trial::new(),
            pane,
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
        "  1  新橋　太郎         昭29.03.26  男     東京都港区〇〇5丁目~  東京新橋サンプ\n     ｼﾝﾊﾞｼ ﾀﾛｳ                                                   ル保険者",
        "  2  新橋　太郎         昭29.03.26  男                           東京新橋サンプ\n",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    assert!(!text.contains("目500"), "the first ten characters: {text}");
    assert!(!text.contains(['!', '?']), "nothing differs: {text}");
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
    assert!(text.contains("= 昭和29年3月26日"), "{text}");
    assert!(
        text.contains("1954-03-26                   1954-03-26"),
        "{text}"
    );
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
    assert!(
        text.contains("入力                         5 番の人"),
        "{text}"
    );
    survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    desk.press(&["F12"]);
    survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
}

fn note_with(need: Need) -> Note {
    noted(NoteState::NeedsPerson(need))
}

#[test]
fn dom_32_whoever_is_looked_at_stands_beside_the_note() {
    let mut other = candidate("A", "大阪府堺市北区一丁目");
    other.name = "●橋　太郎".to_owned();
    let note = note_with(Need::Candidates {
        way: Way::KanaAlone,
        list: vec![other, candidate("B", "東京都港区〇〇5丁目500-1")],
    });
    let mut desk = Desk::of(State::for_note(&note).unwrap());
    let text = desk.text();
    assert!(
        text.contains("「氏名(カナ)だけ」で見つかりました。"),
        "{text}"
    );
    assert!(text.contains("0  この中にいない"), "{text}");
    desk.press(&["1"]);
    let text = desk.text();
    for says in [
        "> 1  ●橋　太郎",
        "? 氏名     新橋太郎                   ~ ●橋　太郎                  ●を確かめる",
        "  カナ     —                            ｼﾝﾊﾞｼ ﾀﾛｳ                  控えなし",
        "  生年月日 昭和29年3月26日            = 昭和29年3月26日            同じ",
        "           1954-03-26                   1954-03-26",
        "? 住所     東京都                     ! 大阪府堺市北区一丁目       違う",
        "  保険者名 —                            東京新橋サンプル保険者     控えなし",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    desk.press(&["Down"]);
    let text = desk.text();
    assert!(text.contains("> 2  新橋　太郎"), "{text}");
    assert!(
        text.contains("= 新橋　太郎                 空白・幅だけ"),
        "{text}"
    );
}

#[test]
fn who_was_found_by_a_fall_back_is_confirmed_and_not_asked_for_again() {
    let answer = Eligibility {
        validity: Validity::Valid,
        entitlements: vec![Entitlement {
            name: "新橋　太郎".to_owned(),
            birth_date: GivenDate::Day(date(1954, 3, 26)),
            ..Entitlement::default()
        }],
        check_date: date(2026, 11, 20),
        executed: String::new(),
        remark: None,
    };
    let note = note_with(Need::Confirm {
        way: Way::SexUnset,
        answer: Box::new(answer),
    });
    let mut desk = Desk::of(State::for_note(&note).unwrap());
    let text = desk.text();
    assert!(text.contains("別の調べ方で 1 人が見つかりました"), "{text}");
    assert!(text.contains("「性別 未設定」で見つかりました。"), "{text}");
    desk.press(&["F12"]);
    assert!(desk.trial.said().contains("まだ選ばれていません"));
    desk.press(&["1", "F12", "Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::ResolveNote { key, read_back: None, .. }] if key.is_empty()
    ));
}

#[test]
fn dom_40_what_tells_them_apart_is_answered_by_its_number() {
    let note = note_with(Need::Candidates {
        way: Way::Noted,
        list: vec![
            candidate("A", "東京都港区〇〇5丁目500-1"),
            candidate("B", "東京都足立区〇〇1丁目1-1"),
        ],
    });
    let mut desk = Desk::of(State::for_note(&note).unwrap());
    desk.press(&["2", "F12", "F12"]);
    desk.trial.sent();
    let other = |known_as: &str, address: &str| Other {
        known_as: known_as.to_owned(),
        address: address.to_owned(),
        insurer_name: String::new(),
        number: String::new(),
    };
    let asked = ReadBack::of(
        &other("", "東京都足立区〇〇1丁目1-1"),
        "03-0000-0000",
        vec![other("候補 1", "東京都港区〇〇5丁目500-1")],
    );
    let message = ToFront::Failed {
        ticket: desk.trial.ticket(),
        failure: Failure::ReadBack(Box::new(asked)),
    };
    desk.trial.with(|cx| desk.pane.hear(cx, &message));
    assert_eq!(desk.pane.context(), Context::ReadBack);
    let text = desk.text();
    for says in [
        "同じカナ・生年月日の人がほかにいます",
        "1 住所          東京都足立区〇〇1丁目1-1",
        "2 電話          03-0000-0000",
        "候補 1            東京都港区〇〇5丁目500-1",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    desk.press(&["Enter", "F12", "3", "y"]);
    assert_eq!(desk.trial.sent(), [], "only a number of the list counts");
    desk.press(&["1"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::ResolveNote { key, read_back: Some(Proof::Address), .. }] if key == "B"
    ));
}

#[test]
fn dom_91_none_of_them_is_said_and_confirmed() {
    let note = note_with(Need::Candidates {
        way: Way::Noted,
        list: vec![candidate("A", ""), candidate("B", "")],
    });
    let mut desk = Desk::of(State::for_note(&note).unwrap());
    desk.press(&["0"]);
    assert_eq!(desk.pane.context(), Context::Ask);
    desk.press(&["Enter"]);
    assert_eq!(desk.trial.sent(), [], "Enter decides nothing");
    desk.press(&["F12"]);
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::AbsentNote { .. }]
    ));
}

#[test]
fn who_may_not_decide_looks_side_by_side_and_is_told_who_may() {
    for (kind, offline, told) in [
        (
            AccountKind::MedicalViewer,
            true,
            "復旧したら、パスワードを入れ直すと使えます",
        ),
        (AccountKind::General, false, "管理"),
    ] {
        let need = Need::Candidates {
            way: Way::Noted,
            list: vec![
                candidate("A", "東京都港区〇〇5丁目500-1"),
                candidate("B", "東京都足立区〇〇1丁目1-1"),
            ],
        };
        let note = noted(NoteState::NeedsPerson(need));
        let mut desk = Desk::of(State::for_note(&note).unwrap());
        desk.trial.known.staff = Some(Staff {
            user: "003".to_owned(),
            name: "受付 花子".to_owned(),
            kind,
        });
        desk.trial.known.offline = offline.then_some(desk.trial.now.wall);
        let text = desk.text();
        assert!(!text.contains("選択してください"), "{text}");
        assert_eq!(text.contains("この中にいない"), !offline, "{text}");
        desk.press(&["1"]);
        assert!(desk.text().contains("1 番の人"), "{}", desk.text());
        desk.press(&["F12"]);
        assert_eq!(desk.pane.context(), Context::Candidates);
        assert!(desk.trial.said().contains(told), "{}", desk.trial.said());
        desk.press(&["Enter"]);
        assert_eq!(desk.trial.sent(), []);
    }
}

#[test]
fn what_the_note_has_from_the_card_is_said_beside_the_candidates() {
    let need = Need::Candidates {
        way: Way::Noted,
        list: vec![
            candidate("A", "東京都港区〇〇5丁目500-1"),
            candidate("B", "東京都足立区〇〇1丁目1-1"),
        ],
    };
    let mut note = noted(NoteState::NeedsPerson(need));
    assert!(
        !Desk::of(State::for_note(&note).unwrap())
            .text()
            .contains("カードから")
    );
    note.content.from_card = [Field::Name, Field::BirthDate].into();
    let mut desk = Desk::of(State::for_note(&note).unwrap());
    let says = "控え: カードから 氏名・生年月日。ほかは手で入れたものです。";
    assert!(desk.text().contains(says), "{}", desk.text());
    desk.press(&["1"]);
    assert!(desk.text().contains(says), "{}", desk.text());
}

#[test]
fn gaiji_of_whoever_is_looked_at_have_their_code_beside() {
    let mut one = candidate("A", "東京都港区");
    one.name = "新\u{e000}　太郎".to_owned();
    let mut desk = Desk::new(&[one, candidate("B", "東京都足立区")]);
    let list = desk.text();
    assert!(
        list.contains("新〓　太郎") && !list.contains("U+E000"),
        "{list}"
    );
    desk.press(&["1"]);
    let text = desk.text();
    assert!(text.contains("文字コード: U+E000"), "{text}");
}

#[test]
fn what_tells_the_candidates_apart_is_seen_in_the_list() {
    let mut desk = Desk::new(&[
        candidate("A", "東京都港区〇〇5丁目500-1"),
        candidate("B", "東京都港区〇〇5丁目72-3"),
    ]);
    for keys in [&[][..], &["1"]] {
        desk.press(keys);
        let text = desk.text();
        assert!(text.contains("?~500-1"), "{text}");
        assert!(text.contains("?~72-3"), "{text}");
    }
}

#[test]
fn what_another_screen_has_decided_is_not_left_open_here() {
    let note = note_with(Need::Candidates {
        way: Way::Noted,
        list: vec![candidate("A", ""), candidate("B", "")],
    });
    let settled = Note {
        state: NoteState::Noted,
        ..note.clone()
    };
    for (now, said, left) in [
        (Some(&note), "が空きました", false),
        (Some(&settled), "ほかの画面で「未照会」になりました", true),
        (None, "ログインしていません", false),
    ] {
        let mut desk = Desk::of(State::for_note(&note).unwrap());
        desk.trial.with(|cx| desk.pane.freed(cx, Anew::Free));
        assert!(matches!(
            desk.trial.sent().as_slice(),
            [ToDesk::OpenNote { id, .. }] if *id == note.id
        ));
        let ticket = desk.trial.ticket();
        let message = match now {
            Some(now) => ToFront::Noted {
                ticket,
                note: Box::new(now.clone()),
                spilled: false,
            },
            None => ToFront::Failed {
                ticket,
                failure: Failure::NotLoggedIn,
            },
        };
        desk.trial.with(|cx| desk.pane.hear(cx, &message));
        assert!(desk.trial.said().contains(said), "{}", desk.trial.said());
        assert_eq!(matches!(desk.trial.went, Some(Go::Back)), left);
        // Keys go on as before.
        desk.press(&["1", "Enter"]);
        assert_eq!(desk.pane.context(), Context::Ask);
    }
}
