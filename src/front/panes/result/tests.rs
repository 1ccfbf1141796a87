use super::{Origin, State};
use crate::domain::entitlement::{
    DiseaseCertificate, ElderlyCertificate, Eligibility, Entitlement, GivenDate, LimitCertificate,
    Remark, Validity,
};
use crate::domain::failure::Failure;
use crate::domain::note::{Note, NoteState};
use crate::domain::person::Sex;
use crate::front::app::{Go, Input};
use crate::front::keys::Context;
use crate::front::panes::Pane;
use crate::front::trial::{Trial, body, hint_fits, noted, resolution, rows, survives};
use crate::link::message::{ToDesk, ToFront};
use crate::text::glyphs::Ambiguous;
use jiff::civil::date;

pub(super) fn person() -> Entitlement {
    Entitlement {
        insurer_number: "06139000".to_owned(),
        insurer_name: "東京新橋サンプル保険者".to_owned(),
        symbol: "9000".to_owned(),
        number: "10001".to_owned(),
        branch: "01".to_owned(),
        name: "新橋　太郎".to_owned(),
        kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
        sex: Some(Sex::Male),
        birth_date: GivenDate::Day(date(1954, 3, 26)),
        card_class: "01".to_owned(),
        valid_from: GivenDate::Day(date(2020, 1, 1)),
        relation: "1".to_owned(),
        insured_name: "新橋　太郎".to_owned(),
        other_name: "新橋　他太郎".to_owned(),
        postal_code: "151-1234".to_owned(),
        address: "東京都港区〇〇5丁目500-1".to_owned(),
        ..Entitlement::default()
    }
}

pub(super) fn answer(validity: Validity) -> Eligibility {
    Eligibility {
        validity,
        entitlements: vec![person()],
        check_date: date(2026, 11, 20),
        executed: "20261120091241".to_owned(),
        remark: None,
    }
}

fn note(answer: Eligibility) -> Note {
    noted(NoteState::Resolved(resolution(answer)))
}

struct Desk {
    trial: Trial,
    pane: State,
}

impl Desk {
    fn new(answer: Eligibility, origin: Origin) -> Self {
        Self {
            trial: Trial::new(),
            pane: State::new(answer, origin),
        }
    }

    fn valid() -> Self {
        Self::new(answer(Validity::Valid), Origin::Lookup)
    }

    /// Presses keys; the hint fits after each.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            hint_fits(self.pane.context(), &self.pane.hint(&self.trial.known));
            let (context, typing) = (self.pane.context(), self.pane.typing());
            let input = self.trial.input(context, typing, key);
            self.trial.with(|cx| self.pane.input(cx, input));
        }
    }

    fn hear(&mut self, message: &ToFront) {
        self.trial.with(|cx| self.pane.hear(cx, message));
    }

    fn body(&self) -> Vec<String> {
        body(|canvas| self.pane.view(&self.trial.known, self.trial.now, canvas))
    }

    fn text(&self) -> String {
        self.body().join("\n")
    }
}

#[test]
fn out_51_to_80_every_item_of_an_ordinary_answer() {
    let rows = Desk::valid().body();
    assert_eq!(
        rows,
        [
            " ○ この資格は有効です。                        照会番号 [編集]",
            " 被保険者情報 ──────────────────────────────────────────────────────────────",
            "  保険者番号  06139000        保険者名  東京新橋サンプル保険者",
            "  記号  9000                  番号  10001               枝番  01",
            "              ｼﾝﾊﾞｼ ﾀﾛｳ",
            "  氏名(券面)  新橋　太郎    性別(表面)  男     生年月日  昭和29年3月26日 (72)",
            "",
            " 資格情報 ──────────────────────────────────────────────────────────────────",
            "  証区分  被保険者証（一般）                  本人・家族の別  本人",
            "  有効開始日  令和2年1月1日       有効終了日  (記載なし)",
            "  一部負担金割合  (記載なし)      資格喪失事由  —",
            "  被保険者氏名  新橋　太郎",
            "  氏名(その他)  新橋　他太郎",
            "  郵便番号  151-1234      住所  東京都港区〇〇5丁目500-1",
            "  資格確認日  2026/11/20",
            "",
            "",
            "",
        ]
    );
}

#[test]
fn out_51_dom_59_the_verdict_is_the_answers_own() {
    for (validity, says) in [
        (Validity::Valid, "○ この資格は有効です。"),
        (Validity::Invalid, "！ この資格は無効です。"),
        (
            Validity::InvalidNewer,
            "！ この資格は無効です。無効（新しい資格あり）",
        ),
        (Validity::NotFound, "！ 該当資格なし"),
        (Validity::Several, "！ 複数該当"),
        (Validity::ValidUnregistered, "！ 有効（未登録）"),
        (
            Validity::Unknown("8".to_owned()),
            "！ 資格有効性「8」の意味が分かりません。",
        ),
    ] {
        let valid = validity == Validity::Valid;
        let text = Desk::new(answer(validity), Origin::Lookup).text();
        assert!(text.contains(says), "{says}\n{text}");
        assert_eq!(text.contains("この資格は有効です。"), valid, "{text}");
        assert_eq!(text.contains('○'), valid, "{text}");
    }
}

#[test]
fn items_that_are_only_sometimes_there() {
    type Change = fn(&mut Entitlement);
    let cases: [(&str, Change, &str); 10] = [
        (
            "OUT-53",
            |e| e.birth_date = GivenDate::Day(date(2022, 5, 1)),
            "義務教育就学前",
        ),
        (
            "OUT-55",
            |e| {
                e.address.clear();
                e.postal_code.clear();
            },
            "患者さんに確かめてください",
        ),
        (
            "OUT-70",
            |e| e.card_class = "05".to_owned(),
            "！ 被保険者資格証明書",
        ),
        (
            "OUT-71",
            |e| e.burden = "010".to_owned(),
            "一部負担金割合  1割",
        ),
        (
            "OUT-74",
            |e| e.loss_reason = "02".to_owned(),
            "資格喪失事由  生活保護受給開始",
        ),
        (
            "OUT-75",
            |e| e.relation = "2".to_owned(),
            "本人・家族の別  家族",
        ),
        (
            "OUT-78",
            |e| e.sex_back = Some(Sex::Female),
            "性別(裏面)  女",
        ),
        (
            "DOM-60",
            |e| e.valid_to = GivenDate::Raw("令和9年".to_owned()),
            "令和9年（日付として読めません）",
        ),
        (
            "DOM-61",
            |e| e.card_class = "X9".to_owned(),
            "証区分  コード X9",
        ),
        (
            "QG-35",
            |e| e.name = "新●　太郎".to_owned(),
            "「●」は中央システムが表せない文字です",
        ),
    ];
    for (id, change, says) in cases {
        let mut answer = answer(Validity::Valid);
        assert!(
            !Desk::new(answer.clone(), Origin::Lookup)
                .text()
                .contains(says),
            "{id}"
        );
        answer.entitlements.iter_mut().for_each(change);
        let text = Desk::new(answer, Origin::Lookup).text();
        assert!(text.contains(says), "{id}: {says}\n{text}");
    }
}

#[test]
fn dom_64_a_remark_of_a_good_answer_is_shown() {
    let mut answer = answer(Validity::Valid);
    answer.remark = Some(Remark {
        code: "SIM0101".to_owned(),
        message: "電子証明書の期限が近づいています。".to_owned(),
    });
    let text = Desk::new(answer, Origin::Lookup).text();
    assert!(text.contains("電子証明書の期限が近づいています。（SIM0101）"));
}

#[test]
fn several_entitlements_and_certificates_scroll() {
    let mut answer = answer(Validity::Valid);
    if let Some(first) = answer.entitlements.first_mut() {
        first.elderly = Some(ElderlyCertificate {
            burden: "020".to_owned(),
            ..ElderlyCertificate::default()
        });
        first.limit = Some(LimitCertificate {
            class: "01".to_owned(),
            income_class: "B03".to_owned(),
            ..LimitCertificate::default()
        });
        first.diseases = vec![DiseaseCertificate {
            category: "1".to_owned(),
            self_pay: "10000".to_owned(),
            ..DiseaseCertificate::default()
        }];
    }
    let mut second = person();
    second.card_class = "A1".to_owned();
    answer.entitlements.push(second);
    let mut desk = Desk::new(answer, Origin::Lookup);
    let mut seen = desk.text();
    assert!(seen.contains("被保険者情報 1/2") && seen.contains("PageDown で続き"));
    for _ in 0..5 {
        desk.press(&["PageDown"]);
        let text = desk.text();
        assert!(text.contains("この資格は有効です。"), "the verdict stays");
        seen.push_str(&text);
    }
    for says in [
        "高齢受給者証",
        "2割",
        "限度額適用区分認定証",
        "現役並みⅠ",
        "人工透析を必要とする慢性腎不全",
        "10000 円/月",
        "被保険者情報 2/2",
        "医療扶助",
    ] {
        assert!(seen.contains(says), "{says}");
    }
    let end = desk.text();
    assert!(end.contains("ここまで") && !end.contains("で続き"), "{end}");
    desk.press(&["PageUp", "PageUp", "PageUp", "PageUp"]);
    assert!(desk.text().contains("被保険者情報 1/2"));
}

#[test]
fn long_names_are_wrapped_and_never_cut() {
    let name = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末";
    let mut answer = answer(Validity::Valid);
    if let Some(first) = answer.entitlements.first_mut() {
        name.clone_into(&mut first.name);
        name.clone_into(&mut first.insurer_name);
    }
    let pane = State::new(answer, Origin::Lookup);
    let trial = Trial::new();
    for (width, policy) in [
        (80, Ambiguous::Narrow),
        (80, Ambiguous::Wide),
        (50, Ambiguous::Narrow),
    ] {
        let (rows, _) = rows(width, 60, policy, |c| pane.view(&trial.known, trial.now, c));
        let all: String = rows.concat();
        for c in name.chars() {
            let wanted = 2 * name.matches(c).count();
            assert!(all.matches(c).count() >= wanted, "{c} {width} {rows:#?}");
        }
    }
}

#[test]
fn out_81_to_85_the_reference_number_is_registered_then_updated() {
    let mut desk = Desk::valid();
    desk.press(&["F3", "4", "7", "1", "1"]);
    assert!(desk.text().contains("照会番号 4711           [登録]"));
    desk.press(&["F12"]);
    let sent = desk.trial.sent();
    let [
        ToDesk::Register {
            ticket,
            insurance,
            reference,
        },
    ] = sent.as_slice()
    else {
        panic!("one registration");
    };
    assert_eq!(reference, "4711");
    assert_eq!(insurance.number, "10001");
    desk.hear(&ToFront::Done { ticket: *ticket });
    let text = desk.text();
    assert!(text.contains("照会番号登録") && text.contains("照会番号を登録しました。"));
    desk.press(&["Enter"]);
    assert!(desk.text().contains("照会番号 4711  [編集]"));
    desk.press(&["F3", "5"]);
    assert!(desk.text().contains("照会番号 47115          [更新]"));
    assert!(desk.pane.updates());
    desk.press(&["Enter"]);
    let ticket = desk.trial.ticket();
    desk.hear(&ToFront::Done { ticket });
    assert!(desk.text().contains("照会番号を更新しました。"));
}

#[test]
fn a_registration_that_fails_keeps_what_was_typed() {
    let mut desk = Desk::valid();
    desk.press(&["F3", "4", "7", "F12"]);
    let ticket = desk.trial.ticket();
    desk.hear(&ToFront::Failed {
        ticket,
        failure: Failure::NoAnswer,
    });
    assert_eq!(desk.trial.said(), Failure::NoAnswer.to_string());
    assert!(desk.text().contains("照会番号 47"));
    assert!(desk.pane.typing());
}

#[test]
fn dom_44_the_personal_number_goes_as_soon_as_it_is_typed() {
    let mut desk = Desk::valid();
    desk.press(&["F3"]);
    for c in "123456789018".chars() {
        desk.press(&[&c.to_string()]);
    }
    assert!(desk.trial.said().contains("個人番号"));
    assert!(!desk.text().contains("9018"), "{}", desk.text());
    desk.press(&["A-z"]);
    assert!(!desk.text().contains("9018"), "no way back");
    let pasted = Input::Paste("1234-5678-9018".to_owned());
    desk.trial.message = None;
    desk.trial.with(|cx| desk.pane.input(cx, pasted));
    assert!(desk.trial.said().contains("個人番号"));
    assert!(!desk.text().contains("9018"));
    desk.press(&["F12"]);
    assert_eq!(desk.trial.sent(), []);
}

#[test]
fn out_86_the_rule_is_that_of_the_form() {
    let mut desk = Desk::valid();
    desk.press(&["F3", "9", "/", "9", "+", "1", "-", "*", "*"]);
    let text = "照会番号: 英数字と - _ . / だけです。";
    assert_eq!(desk.trial.said(), text);
    desk.trial.message = None;
    desk.press(&["F12"]);
    assert_eq!(desk.trial.said(), text);
    assert_eq!(desk.trial.sent(), []);
    assert!(desk.pane.typing());
}

#[test]
fn out_83_while_the_number_is_typed_nothing_else_is_promised() {
    let mut desk = Desk::valid();
    desk.press(&["F3"]);
    assert_eq!(desk.pane.context(), Context::Reference);
    desk.press(&["4", "7", "F1"]);
    assert_eq!(desk.pane.context(), Context::Result);
    assert!(desk.trial.went.is_none());
    desk.press(&["F3"]);
    assert!(desk.text().contains("照会番号 47 "), "F1 loses nothing");
    desk.press(&["Esc", "F3"]);
    assert!(!desk.text().contains("照会番号 47 "), "Esc gives up");
}

#[test]
fn a_long_number_is_shown_whole_with_its_button() {
    let long = "12345678901234567890ABCDEFGHIJ-1234567890-12345678";
    for number in ["12345678901234567890", long] {
        let mut answer = answer(Validity::InvalidNewer);
        for found in &mut answer.entitlements {
            number.clone_into(&mut found.reference_number);
        }
        let pane = State::new(answer, Origin::Lookup);
        let trial = Trial::new();
        for width in [40, 60, 80, 120] {
            for policy in [Ambiguous::Narrow, Ambiguous::Wide] {
                let (rows, _) = rows(width, 24, policy, |c| pane.view(&trial.known, trial.now, c));
                let all: String = rows.concat().chars().filter(|c| *c != ' ').collect();
                assert!(all.contains("[編集]"), "{width} {rows:#?}");
                assert!(all.contains(number), "{width} {rows:#?}");
            }
        }
    }
}

#[test]
fn rel_13_a_note_keeps_its_answer_and_the_box_says_so() {
    let origin = Origin::Note(Box::new(note(answer(Validity::Valid))));
    let mut desk = Desk::new(answer(Validity::Valid), origin);
    desk.press(&["F3", "4", "7", "F12"]);
    let ticket = desk.trial.ticket();
    let note = Box::new(note(answer(Validity::Valid)));
    desk.hear(&ToFront::Noted {
        ticket,
        note,
        spilled: false,
    });
    assert_eq!(desk.pane.context(), Context::Told);
    let text = desk.text();
    assert!(text.contains("照会番号を登録しました。"), "{text}");
    assert!(text.contains("受け取ったときのまま"), "{text}");
    desk.press(&["F12"]);
    assert!(desk.text().contains("照会番号 47  [編集]"));
}

#[test]
fn out_57_out_58_where_the_keys_lead() {
    let note = || Origin::Note(Box::new(note(answer(Validity::Valid))));
    for (origin, key, back) in [
        (Origin::Lookup, "F1", true),
        (Origin::Search, "Esc", true),
        (Origin::Search, "F2", false),
        (Origin::Lookup, "F12", false),
        (note(), "F2", true),
    ] {
        let mut desk = Desk::new(answer(Validity::Valid), origin);
        desk.press(&[key]);
        match desk.trial.went {
            Some(Go::Back) => assert!(back, "{key}"),
            Some(Go::NextPatient) => assert!(!back, "{key}"),
            ref other => panic!("{key}: {other:?}"),
        }
    }
    let mut desk = Desk::new(answer(Validity::Valid), note());
    desk.press(&["F12"]);
    assert!(matches!(
        desk.trial.went,
        Some(Go::Replace(Pane::Settling(_)))
    ));
    assert_eq!(desk.trial.sent(), [], "what is left is shown first");
}

#[test]
fn out_56_download_tells_the_path() {
    let mut desk = Desk::valid();
    desk.press(&["F8"]);
    let ticket = desk.trial.ticket();
    assert!(matches!(
        desk.trial.sent().as_slice(),
        [ToDesk::Download { .. }]
    ));
    desk.hear(&ToFront::Saved {
        ticket,
        path: "20261120.xml".to_owned(),
    });
    assert!(desk.trial.said().contains("20261120.xml"));
}

#[test]
fn nothing_panics_at_small_sizes() {
    let mut desk = Desk::valid();
    for keys in [&[][..], &["F3"], &["1"]] {
        desk.press(keys);
        survives(|canvas| desk.pane.view(&desk.trial.known, desk.trial.now, canvas));
    }
}

#[test]
fn gaiji_are_one_sign_with_their_code_beside() {
    let mut found = answer(Validity::Valid);
    found.entitlements[0].address = "東京都\u{e000}町".to_owned();
    let text = Desk::new(found, Origin::Lookup).text();
    assert!(text.contains("文字コード: U+E000"), "{text}");
}
