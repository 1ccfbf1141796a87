//! What a person should look at before an answer is taken over: characters
//! that were lost or that a claim refuses, a share that the age does not
//! explain. Warnings only; nothing is concluded from them.

use super::age::{Burden, burden};
use super::entitlement::{Eligibility, Entitlement, GivenDate};
use super::labels;
use super::name::{Agreement, Named, compare};
use super::note::NoteContent;
use std::sync::OnceLock;

/// Kanji of JIS 第1・第2水準, in the order of Unicode.
const JIS: &str = include_str!("../../fixtures/jis-kanji.txt");

/// The character the central system puts where it has none (QG-35).
const LOST: char = '●';

/// The first character of `text` outside JIS 第1・第2水準: a claim may be
/// refused for it (DOM-37).
pub fn outside_jis(text: &str) -> Option<char> {
    static KANJI: OnceLock<Vec<char>> = OnceLock::new();
    let kanji = KANJI.get_or_init(|| JIS.chars().filter(|c| !c.is_whitespace()).collect());
    text.chars()
        .find(|c| is_kanji(*c) && kanji.binary_search(c).is_err())
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Everything to look at in an answer, with what the desk noted of the person;
/// each is one Japanese sentence.
pub fn cautions(answer: &Eligibility, content: Option<&NoteContent>) -> Vec<String> {
    let mut out = Vec::new();
    for found in &answer.entitlements {
        if let Some(content) = content {
            person(found, content, &mut out);
        }
        names(found, &mut out);
        share(answer, found, content, &mut out);
    }
    out.dedup();
    out
}

/// Numbers copied wrong can be somebody else's of the same birth date: the
/// answer is then as valid as it is another person's (DOM-32).
fn person(found: &Entitlement, content: &NoteContent, out: &mut Vec<String>) {
    let noted = Named {
        name: &content.name,
        kana: &content.kana,
    };
    let comparable = |name: &str, kana: &str| {
        (!noted.name.is_empty() && !name.is_empty()) || (!noted.kana.is_empty() && !kana.is_empty())
    };
    let named = [
        (found.name.as_str(), found.kana.as_str()),
        (found.other_name.as_str(), found.other_kana.as_str()),
    ];
    let best = named
        .into_iter()
        .filter(|(name, kana)| comparable(name, kana))
        .map(|(name, kana)| compare(noted, Named { name, kana }))
        .min();
    if best == Some(Agreement::Different) {
        let noted = if noted.name.is_empty() {
            noted.kana
        } else {
            noted.name
        };
        out.push(format!(
            "控えの「{noted}」と資格の「{}」は氏名が違います。番号の写し違いでないか、本人に確かめてください。",
            if found.name.is_empty() { &found.kana } else { &found.name }
        ));
    }
}

fn names(found: &Entitlement, out: &mut Vec<String>) {
    for (label, text) in [
        ("氏名", &found.name),
        ("住所", &found.address),
        ("被保険者氏名", &found.insured_name),
    ] {
        if text.contains(LOST) {
            out.push(format!(
                "{label}の「{LOST}」は中央システムが表せない字です。この項目は取り込まず、券面か本人に確かめてください。"
            ));
        }
    }
    if let Some(c) = outside_jis(&found.name) {
        out.push(format!(
            "氏名の「{c}」は JIS 第1・第2水準にありません。このまま請求に使うと受け付けられないことがあります。"
        ));
    }
}

/// DOM-95: wrong shares were shown for people of 70 and over.
fn share(
    answer: &Eligibility,
    found: &Entitlement,
    content: Option<&NoteContent>,
    out: &mut Vec<String>,
) {
    let given = if found.burden.is_empty() {
        found.elderly.as_ref().map_or("", |e| e.burden.as_str())
    } else {
        found.burden.as_str()
    };
    let GivenDate::Day(birth) = found.birth_date else {
        return;
    };
    let usual = burden(birth, answer.check_date);
    let tenths: Option<u8> = given.parse::<u8>().ok().map(|percent| percent / 10);
    if let Some(tenths) = tenths
        && !possible(usual).contains(&tenths)
    {
        out.push(format!(
            "一部負担金割合 {} は、年齢から見た割合（{}）と違います。証か本人に確かめてください。",
            labels::burden(given),
            usual.label()
        ));
    }
    let taken = content.map_or("", |content| content.burden.as_str());
    let taken_tenths: Option<u8> = taken.trim_end_matches('割').parse().ok();
    let right = match tenths {
        Some(tenths) => vec![tenths],
        None => possible(usual).to_vec(),
    };
    if let Some(taken_tenths) = taken_tenths
        && !right.contains(&taken_tenths)
    {
        let shown = match tenths {
            Some(_) => labels::burden(given).clone(),
            None => usual.label().to_owned(),
        };
        out.push(format!(
            "受付で取った負担 {taken} が、資格の割合（{shown}）と違います。差額の精算がいるか確かめてください。"
        ));
    }
}

fn possible(usual: Burden) -> &'static [u8] {
    match usual {
        Burden::Preschool => &[2],
        Burden::Ordinary => &[3],
        Burden::Elderly => &[2, 3],
        Burden::LateElderly => &[1, 2, 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entitlement::Validity;
    use jiff::civil::date;

    fn answer(birth: jiff::civil::Date, percent: &str, name: &str) -> Eligibility {
        Eligibility {
            validity: Validity::Valid,
            entitlements: vec![Entitlement {
                name: name.to_owned(),
                birth_date: GivenDate::Day(birth),
                burden: percent.to_owned(),
                ..Entitlement::default()
            }],
            check_date: date(2026, 11, 20),
            executed: String::new(),
            remark: None,
        }
    }

    #[test]
    fn dom_37_kanji_outside_the_two_levels() {
        for (name, outside) in [
            ("新橋　太郎", None),
            ("髙橋一郎", Some('髙')),
            ("山﨑", Some('﨑')),
            ("德田", Some('德')),
            ("𠮷田", Some('𠮷')),
            ("斎藤", None),
            ("齋藤", None),
            ("ジョン　スミス", None),
            ("々", None),
        ] {
            assert_eq!(outside_jis(name), outside, "{name}");
        }
    }

    #[test]
    fn dom_95_a_share_that_the_age_does_not_explain() {
        for (birth, percent, taken, said) in [
            (date(1990, 1, 1), "", "3割", 0),
            (date(1990, 1, 1), "", "1割", 1),
            (date(1952, 1, 1), "020", "2割", 0),
            (date(1952, 1, 1), "010", "1割", 1),
            (date(1952, 1, 1), "030", "2割", 1),
            (date(1940, 1, 1), "010", "", 0),
        ] {
            let mut content = NoteContent::bare(birth, date(2026, 11, 20));
            content.burden = taken.to_owned();
            let said_now = cautions(&answer(birth, percent, "新橋"), Some(&content));
            assert_eq!(
                said_now.len(),
                said,
                "{birth} {percent} {taken} {said_now:?}"
            );
        }
    }

    #[test]
    fn dom_32_an_answer_about_somebody_else_is_said() {
        for (name, kana, said) in [
            ("新橋太郎", "", 0),
            ("新橋 太郎", "シンバシタロウ", 0),
            ("新橋次郎", "シンバシタロウ", 0),
            ("", "シンバシタロウ", 0),
            ("新橋他太郎", "", 0),
            ("", "", 0),
            ("控野治郎", "", 1),
            ("控野治郎", "ヒカエノ", 1),
            ("", "ヒカエノ", 1),
        ] {
            let mut about = answer(date(1990, 1, 1), "", "新橋　太郎");
            for found in &mut about.entitlements {
                "ｼﾝﾊﾞｼ ﾀﾛｳ".clone_into(&mut found.kana);
                "新橋　他太郎".clone_into(&mut found.other_name);
            }
            let mut content = NoteContent::bare(date(1990, 1, 1), date(2026, 11, 20));
            name.clone_into(&mut content.name);
            kana.clone_into(&mut content.kana);
            let now = cautions(&about, Some(&content));
            assert_eq!(now.len(), said, "{name} {kana} {now:?}");
        }
    }

    #[test]
    fn qg_35_a_lost_character_is_said() {
        let said = cautions(&answer(date(1990, 1, 1), "", "●橋"), None);
        assert_eq!(said.len(), 1, "{said:?}");
    }
}
