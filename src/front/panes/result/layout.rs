//! How a result looks: the verdict stays at the top, the items scroll.

use super::{Mode, Origin, State, top, words};
use crate::domain::age;
use crate::domain::entitlement::{Eligibility, Entitlement, GivenDate};
use crate::domain::labels::{self, List, NOT_GIVEN, given_day};
use crate::domain::time::{Now, slash_date};
use crate::front::app::Known;
use crate::front::canvas::{Canvas, Role};
use crate::front::keys::Context;
use crate::front::keys::command::Command;
use crate::front::sheet::{Pair, Sheet, pair};
use crate::front::wording;

/// The character the central system puts where it has none (QG-35).
const LOST: char = '●';

/// 「照会 09:12:41  」 from 処理実行日時, as far as it is a time.
pub(super) fn asked_at(answer: &Eligibility) -> String {
    let digits: Vec<char> = answer.executed.chars().collect();
    if digits.len() != 14 || !digits.iter().all(char::is_ascii_digit) {
        return String::new();
    }
    let part = |from: usize| digits.iter().skip(from).take(2).collect::<String>();
    format!("照会 {}:{}:{}  ", part(8), part(10), part(12))
}

/// Rows that the items have at least where the verdict stays above them.
const LEAST: usize = 7;

/// Rows that scroll on the screen as it is, and the rows they have.
pub(super) fn rows(state: &State, known: &Known) -> (usize, usize) {
    let (above, below) = parts(state, known, known.page(), || known.sheet());
    let height = known.page().saturating_sub(above.sheet.height());
    (below.height(), height)
}

/// What stays at the top, and what scrolls below it. On a low screen all of it
/// scrolls, so that all of it can be read.
fn parts(
    state: &State,
    known: &Known,
    height: usize,
    sheet: impl Fn() -> Sheet,
) -> (top::Top, Sheet) {
    let mut above = top::verdict(state, sheet());
    told(state, known, &mut above.sheet);
    let mut below = sheet();
    items(&state.answer, &mut below);
    if above.sheet.height() + LEAST.min(below.height()) > height {
        let mut all = std::mem::replace(&mut above.sheet, sheet());
        all.append(below);
        below = all;
    }
    (above, below)
}

pub(super) fn draw(state: &State, known: &Known, _now: Now, canvas: &mut Canvas<'_>) {
    let (above, below) = parts(state, known, canvas.height(), || Sheet::new(canvas));
    let y = above.sheet.height();
    above.sheet.draw(&mut canvas.rows(0, y), 0);
    let height = canvas.height().saturating_sub(y);
    let key = known.keymap.key_for(state.context(), Command::PageDown);
    let more = key.map_or_else(String::new, |key| format!("{key} で続き"));
    // What is typed stands at the top.
    let top = if y > 0 || !matches!(state.mode, Mode::Editing(_)) {
        state.scroll.top()
    } else {
        0
    };
    below.scrolled(&mut canvas.rows(y, height), top, &more);
    if let Some((x, y)) = above.cursor {
        canvas.cursor(x, y);
    }
}

/// 「照会番号登録」 with 《OK》, in the pane, not over it.
fn told(state: &State, known: &Known, sheet: &mut Sheet) {
    let Mode::Told { title, text } = &state.mode else {
        return;
    };
    sheet.heading(title);
    sheet.text(3, text, Role::Good);
    let ok = known.keymap.fill(Context::Told, "《OK》 {next}");
    sheet.text(3, &ok, Role::Key);
    sheet.blank();
    if let Origin::Note(note) = &state.origin {
        let text = format!(
            "控え {} の結果は受け取ったときのまま残ります。この画面を開き直すと前の照会番号が出ます。",
            note.id
        );
        sheet.text(3, &text, Role::Dim);
        sheet.blank();
    }
}

fn items(answer: &Eligibility, sheet: &mut Sheet) {
    let all = answer.entitlements.len();
    if all == 0 {
        sheet.blank();
        let day = slash_date(answer.check_date);
        sheet.text(
            3,
            &format!("資格確認日 {day} の資格情報はありません。"),
            Role::Normal,
        );
        return;
    }
    for (n, found) in answer.entitlements.iter().enumerate() {
        let of = if all > 1 {
            format!(" {}/{all}", n + 1)
        } else {
            String::new()
        };
        insured(answer, found, &of, sheet);
        sheet.blank();
        entitlement(answer, found, &of, sheet);
        certificates(found, sheet);
        if n + 1 < all {
            sheet.blank();
        }
    }
}

/// Dashes where an item has no value but its place shall be seen.
fn or_not_given(text: &str) -> String {
    if text.is_empty() {
        NOT_GIVEN.to_owned()
    } else {
        crate::text::fold::shown(text)
    }
}

/// 被保険者情報 (OUT-60 to 68).
fn insured(answer: &Eligibility, found: &Entitlement, of: &str, sheet: &mut Sheet) {
    sheet.heading(&format!("被保険者情報{of}"));
    sheet.pairs(&[
        pair(2, "保険者番号", or_not_given(&found.insurer_number)),
        pair(30, "保険者名", or_not_given(&found.insurer_name)),
    ]);
    sheet.pairs(&[
        pair(2, "記号", or_not_given(&found.symbol)),
        pair(30, "番号", or_not_given(&found.number)),
        pair(56, "枝番", or_not_given(&found.branch)),
    ]);
    if !found.kana.is_empty() {
        sheet.text(14, &found.kana, Role::Dim);
    }
    let sex = found.sex.map_or(NOT_GIVEN, |sex| sex.label());
    sheet.pairs(&[
        pair(2, "氏名(券面)", or_not_given(&found.name)),
        pair(28, "性別(表面)", sex),
        pair(
            47,
            "生年月日",
            words::birth(&found.birth_date, answer.check_date),
        ),
    ]);
    if preschool(answer, found) {
        sheet.text(14, "義務教育就学前", Role::Warning);
    }
    let texts = [
        &found.name,
        &found.kana,
        &found.insured_name,
        &found.other_name,
        &found.other_kana,
        &found.address,
        &found.insurer_name,
    ];
    if let Some(codes) = wording::private(texts.map(String::as_str)) {
        sheet.text(3, &codes, Role::Normal);
    }
    if [&found.name, &found.address, &found.insured_name]
        .iter()
        .any(|text| text.contains(LOST))
    {
        let text = format!(
            "「{LOST}」は中央システムが表せない文字です。その項目は取り込まず、保険証か本人に確かめてください。"
        );
        sheet.text(3, &text, Role::Warning);
    }
}

/// OUT-53: by the arithmetic of DOM-27, or because the answer says so.
fn preschool(answer: &Eligibility, found: &Entitlement) -> bool {
    let young = match found.birth_date {
        GivenDate::Day(birth) => {
            birth <= answer.check_date && age::is_preschool(birth, answer.check_date)
        }
        _ => false,
    };
    young || found.preschool == "1"
}

/// 資格情報 (OUT-69 to 80).
fn entitlement(answer: &Eligibility, found: &Entitlement, of: &str, sheet: &mut Sheet) {
    sheet.heading(&format!("資格情報{of}"));
    let (class, red) = labels::card_class(&found.card_class);
    let class = if red {
        pair(2, "証区分", format!("{} {class}", sheet.glyphs().attention)).role(Role::Error)
    } else {
        pair(2, "証区分", class)
    };
    let relation = pair(46, "本人・家族の別", List::Relation.label(&found.relation));
    sheet.pairs(&[class, relation]);
    sheet.pairs(&[
        pair(2, "有効開始日", given_day(&found.valid_from)),
        pair(34, "有効終了日", given_day(&found.valid_to)),
    ]);
    let loss = if found.loss_reason.is_empty() {
        pair(34, "資格喪失事由", sheet.glyphs().none)
    } else {
        pair(
            34,
            "資格喪失事由",
            List::LossReason.label(&found.loss_reason),
        )
        .role(Role::Warning)
    };
    sheet.pairs(&[
        pair(2, "一部負担金割合", labels::burden(&found.burden)),
        loss,
    ]);
    given_days(
        sheet,
        &[
            ("資格取得日", &found.acquired),
            ("資格喪失日", &found.lost),
            ("交付日", &found.issued),
        ],
    );
    sheet.pairs(&[pair(2, "被保険者氏名", or_not_given(&found.insured_name))]);
    if !found.other_name.is_empty() || !found.other_kana.is_empty() {
        let text = format!("{}  {}", found.other_name, found.other_kana);
        sheet.pairs(&[pair(2, "氏名(その他)", or_not_given(text.trim()))]);
    }
    if let Some(sex) = found.sex_back {
        sheet.pairs(&[pair(2, "性別(裏面)", sex.label())]);
    }
    if found.postal_code.is_empty() && found.address.is_empty() {
        let whom = if found.loss_reason == words::DEATH {
            ""
        } else {
            "要るときは患者さんに確かめてください。"
        };
        let text = format!("郵便番号・住所は送られていません。{whom}");
        sheet.text(2, &text, Role::Dim);
    } else {
        sheet.pairs(&[
            pair(2, "郵便番号", or_not_given(&found.postal_code)),
            pair(26, "住所", or_not_given(&found.address)),
        ]);
    }
    sheet.pairs(&[pair(2, "資格確認日", slash_date(answer.check_date))]);
}

/// Days that have a value, two in a row.
fn given_days(sheet: &mut Sheet, days: &[(&'static str, &GivenDate)]) {
    let given: Vec<(&'static str, &GivenDate)> = days
        .iter()
        .copied()
        .filter(|(_, day)| **day != GivenDate::NotGiven)
        .collect();
    for two in given.chunks(2) {
        let pairs: Vec<Pair> = two
            .iter()
            .zip([2, 34])
            .map(|((label, day), at)| pair(at, label, given_day(day)))
            .collect();
        sheet.pairs(&pairs);
    }
}

/// What may come with it: 高齢受給者証, 限度額適用認定証, 特定疾病療養受療証.
fn certificates(found: &Entitlement, sheet: &mut Sheet) {
    if let Some(elderly) = &found.elderly {
        sheet.blank();
        sheet.heading("高齢受給者証");
        sheet.pairs(&[
            pair(2, "一部負担金割合", labels::burden(&elderly.burden)),
            pair(34, "交付日", given_day(&elderly.issued)),
        ]);
        period(sheet, &elderly.from, &elderly.to);
    }
    if let Some(limit) = &found.limit {
        sheet.blank();
        sheet.heading("限度額適用認定証");
        sheet.pairs(&[
            pair(2, "区分", List::LimitClass.label(&limit.class)),
            pair(46, "適用区分", List::IncomeClass.label(&limit.income_class)),
        ]);
        period(sheet, &limit.from, &limit.to);
        given_days(
            sheet,
            &[
                ("交付日", &limit.issued),
                ("長期入院該当日", &limit.long_term),
            ],
        );
    }
    for disease in &found.diseases {
        sheet.blank();
        sheet.heading("特定疾病療養受療証");
        sheet.pairs(&[pair(2, "認定疾病", List::Disease.label(&disease.category))]);
        period(sheet, &disease.from, &disease.to);
        let pay = if disease.self_pay.is_empty() {
            NOT_GIVEN.to_owned()
        } else {
            format!("{} 円/月", disease.self_pay)
        };
        sheet.pairs(&[
            pair(2, "自己負担限度額", pay),
            pair(34, "交付日", given_day(&disease.issued)),
        ]);
    }
}

fn period(sheet: &mut Sheet, from: &GivenDate, to: &GivenDate) {
    sheet.pairs(&[
        pair(2, "有効開始日", given_day(from)),
        pair(34, "有効終了日", given_day(to)),
    ]);
}
