//! One field's text to its value, or to the reason why it has none.

use crate::domain::declaration::Cover;
use crate::domain::entry::{DateReading, Purpose, read_date};
use crate::domain::era::Era;
use crate::domain::field::{Field, Problem};
use crate::domain::number::{branch_filled, holds_personal_number, insurer_shown, is_digits};
use crate::domain::person::Sex;
use crate::text::clean::clean_paste;
use crate::text::fold;
use jiff::civil::Date;

/// 見せたもの: the digit and what it stands for (DOM-70). Any other text is
/// taken as it is.
pub const EVIDENCE: [(&str, &str); 6] = [
    ("0", "なし"),
    ("1", "マイナポータルの画面"),
    ("2", "資格情報のお知らせ"),
    ("3", "前回の保険の口頭確認"),
    ("4", DECLARATION),
    ("5", "資格確認書"),
];

/// 見せたもの of a note whose 被保険者資格申立書 is at the facility.
pub const DECLARATION: &str = "申立書";

/// The code of a 見せたもの that stands in [`EVIDENCE`], as the rules have it;
/// empty for free words.
pub(super) fn evidence_code(label: &str) -> &'static str {
    let codes = [
        "none",
        "portal",
        "notice",
        "oral",
        "declaration",
        "certificate",
    ];
    EVIDENCE
        .iter()
        .zip(codes)
        .find(|((_, known), _)| *known == label)
        .map_or("", |(_, code)| code)
}

/// 負担: the digits and the ratio they stand for.
pub const BURDENS: [(&str, &str); 5] = [
    ("0", "0割"),
    ("1", "1割"),
    ("2", "2割"),
    ("3", "3割"),
    ("10", "10割"),
];

/// A field's value, or one sentence for the clerk.
pub(super) type Taken<T> = Result<T, String>;

/// Why a text is refused in every field: it holds a 個人番号 (DOM-44).
pub(super) fn refusal(text: &str) -> Option<String> {
    holds_personal_number(text).then(|| "個人番号は入れられません。".to_owned())
}

pub(super) fn problem(field: Field, text: impl Into<String>) -> Problem {
    Problem {
        field,
        text: text.into(),
    }
}

/// Free text: cleaned, trimmed, runs of spaces as one.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in clean_paste(text).trim().chars() {
        if !(c.is_whitespace() && out.ends_with(char::is_whitespace)) {
            out.push(c);
        }
    }
    out
}

/// Fragments parted by one half-width space (OUT-36).
pub(super) fn fragments(text: &str) -> String {
    let text = clean_paste(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn insurer(text: &str) -> Taken<String> {
    let number = insurer_shown(&clean_paste(text));
    if !number.is_empty() && !is_digits(&number) {
        Err("数字だけで入れてください（8桁、国保は6桁）。".to_owned())
    } else if matches!(number.len(), 0 | 6 | 8) {
        Ok(number)
    } else {
        Err(format!("8桁（国保は6桁）です。いま{}桁。", number.len()))
    }
}

/// 記号 and 番号: half-width where there is a half width, otherwise as on the
/// card (DOM-12).
pub(super) fn symbol(text: &str) -> String {
    fold::narrow(&clean_paste(text)).trim().to_owned()
}

pub(super) fn number(text: &str) -> String {
    let narrow = fold::narrow(&clean_paste(text));
    narrow.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(super) fn branch(text: &str) -> Taken<String> {
    let branch = branch_filled(&clean_paste(text));
    if branch.is_empty() || branch.len() == 2 && is_digits(&branch) {
        Ok(branch)
    } else {
        Err("2桁の数字です。カードにないときは空。".to_owned())
    }
}

/// The day; `None` for an empty field.
pub(super) fn day(text: &str, purpose: Purpose, today: Date) -> Taken<Option<Date>> {
    let era = match purpose {
        Purpose::Birth => Some(Era::Showa),
        Purpose::Check => None,
    };
    match read_date(text, era, purpose, today) {
        DateReading::Empty => Ok(None),
        DateReading::Day { day, .. } => Ok(Some(day)),
        DateReading::Wrong(reason) => Err(reason),
        DateReading::Incomplete => Err(match purpose {
            Purpose::Birth => "日付が途中です（S29.3.26 や 19540326）。".to_owned(),
            Purpose::Check => "日付が途中です（20261120）。".to_owned(),
        }),
    }
}

pub(super) fn consent(text: &str) -> Taken<bool> {
    match fold::digits(text).as_str() {
        "" | "0" => Ok(false),
        "1" => Ok(true),
        _ => Err("0（同意しない）か 1（同意する）です。".to_owned()),
    }
}

/// `None` for an empty field.
pub(super) fn sex(text: &str) -> Taken<Option<Sex>> {
    let text = fold::digits(text);
    if text.is_empty() {
        return Ok(None);
    }
    Sex::ALL
        .into_iter()
        .find(|sex| sex.code() == text || sex.label() == text)
        .map(Some)
        .ok_or_else(|| "1（男）、2（女）、3（未設定）です。".to_owned())
}

/// Full-width katakana (OUT-27, DOM-29).
pub(super) fn kana(text: &str) -> Taken<String> {
    let kana = fold::katakana(&plain(text));
    let foreign = kana
        .chars()
        .find(|&c| !matches!(c, 'ァ'..='ヺ' | 'ー'..='ヾ' | '・' | '゛' | '゜' | ' ' | '　'));
    match foreign {
        None => Ok(kana),
        Some(c) => Err(format!("カナだけです。「{c}」は不可。")),
    }
}

/// Half-width letters, digits and the usual signs: schemes differ from one
/// facility to another (OUT-86).
pub(super) fn reference(text: &str) -> Taken<String> {
    let text = fold::narrow(&clean_paste(text)).trim().to_owned();
    if text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
    {
        Ok(text)
    } else {
        Err("英数字と - _ . / だけです。".to_owned())
    }
}

pub(super) fn telephone(text: &str) -> Taken<String> {
    let text: String = fold::narrow(&clean_paste(text))
        .trim()
        .chars()
        .map(|c| if fold::is_hyphen(c) { '-' } else { c })
        .collect();
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"-+() #".contains(&b))
    {
        Ok(text)
    } else {
        Err("数字とハイフンで入れてください。".to_owned())
    }
}

pub(super) fn evidence(text: &str) -> Taken<String> {
    let text = plain(text);
    let digits = fold::digits(&text);
    match EVIDENCE.iter().find(|(digit, _)| *digit == digits) {
        Some((_, label)) => Ok((*label).to_owned()),
        None if is_digits(&digits) => Err("0 から 5 のひとつか、言葉で。".to_owned()),
        None => Ok(text),
    }
}

pub(super) fn burden(text: &str) -> Taken<String> {
    let text = fold::digits(text);
    if text.is_empty() {
        return Ok(text);
    }
    BURDENS
        .iter()
        .find(|(digit, label)| *digit == text || *label == text)
        .map(|(_, label)| (*label).to_owned())
        .ok_or_else(|| "0 から 3（割）。全額を取ったなら 10 です。".to_owned())
}

/// The cover's digit or word; `None` for an empty field (DOM-72).
pub(super) fn cover(text: &str) -> Taken<Option<Cover>> {
    let text = fold::digits(text);
    if text.is_empty() {
        return Ok(None);
    }
    Cover::ALL
        .into_iter()
        .find(|cover| cover.digit() == text || cover.label() == text)
        .map(Some)
        .ok_or_else(|| "1 社保、2 国保、3 後期、0 わからない です。".to_owned())
}

/// Why `text` is no value of `field`.
pub(super) fn complaint(field: Field, text: &str) -> Option<String> {
    match field {
        Field::InsurerNumber => insurer(text).err(),
        Field::Branch => branch(text).err(),
        Field::Kana => kana(text).err(),
        Field::Reference => reference(text).err(),
        Field::Telephone => telephone(text).err(),
        Field::Evidence => evidence(text).err(),
        Field::Burden => burden(text).err(),
        Field::Cover => cover(text).err(),
        _ => None,
    }
}

/// Whether a 氏名 holds digits of any width: no card has them as a rule, but
/// nothing says that none may (FIX), so that it is asked and not refused.
pub fn has_digits(name: &str) -> bool {
    name.chars().any(|c| fold::digit(c).is_some())
}
