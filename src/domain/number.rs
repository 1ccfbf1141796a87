//! Numbers of insurance and their check digits (DOM-1 to 14).

mod insurer;
mod personal;

pub(in crate::domain) use insurer::PREFECTURES;
pub use insurer::{insurer_kind, insurer_label, prefecture};
pub use personal::holds_personal_number;

use crate::text::fold;
use std::collections::BTreeSet;

/// What the check digit of a number says. A failure warns, it never blocks
/// (DOM-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// 一致.
    Good,
    /// 不一致.
    Bad,
    /// One of the numbers that stand for 不詳 in claims (DOM-10).
    UnknownByRule,
    /// Not a number of the right length yet.
    Incomplete,
}

/// Numbers that mean "nothing is known" (DOM-10); only the second passes the
/// check digit.
const UNKNOWN: [&str; 2] = ["77777777", "77777779"];

/// The check digit for the digits in front of it (DOM-2).
pub fn check_digit(digits: &str) -> Option<char> {
    let mut sum = 0;
    for (at, c) in digits.chars().rev().enumerate() {
        let digit = c.to_digit(10)?;
        let product = if at % 2 == 0 { digit * 2 } else { digit };
        sum += product / 10 + product % 10;
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

fn passes(number: &str) -> bool {
    let mut digits = number.chars();
    let last = digits.next_back();
    last.is_some() && check_digit(digits.as_str()) == last
}

/// The check of a 保険者番号 of 6 or 8 digits (DOM-2).
pub fn insurer_check(number: &str) -> Check {
    let number = insurer_shown(number);
    if UNKNOWN.contains(&number.as_str()) {
        Check::UnknownByRule
    } else if !is_digits(&number) || !matches!(number.len(), 6 | 8) {
        Check::Incomplete
    } else if passes(&number) {
        Check::Good
    } else {
        Check::Bad
    }
}

/// The check of a 医療機関等コード: 10 digits, a prefecture, a 点数表番号, and
/// the digit over all ten (DOM-7, DOM-8).
pub fn institution_check(code: &str) -> Check {
    let code = fold::digits(code);
    if code.len() != 10 || !is_digits(&code) {
        return Check::Incomplete;
    }
    let placed = code.get(..2).and_then(prefecture).is_some();
    let table = matches!(code.as_bytes().get(2), Some(b'1' | b'3' | b'4' | b'6'));
    if placed && table && passes(&code) {
        Check::Good
    } else {
        Check::Bad
    }
}

/// A 保険者番号 as people and files give it, in the form of the card: without
/// padding, 6 digits for 国保, else 8 (DOM-11). A leading zero that people
/// left out is put back. What is no such number comes back folded.
pub fn insurer_shown(number: &str) -> String {
    let folded = fold::digits(number);
    if !is_digits(&folded) {
        return folded;
    }
    match (folded.len(), folded.strip_prefix("00")) {
        (8, Some(six)) => six.to_owned(),
        (5, None) => format!("0{folded}"),
        (7, _) if !folded.starts_with('0') => format!("0{folded}"),
        _ => folded,
    }
}

/// Whether a number passes the check and its kind and prefecture exist.
pub fn is_known_insurer(number: &str) -> bool {
    insurer_check(number) == Check::Good && insurer_label(number).is_some()
}

/// Numbers of a kind and prefecture that exist, one digit or one swap of
/// neighbours away, that pass the check (DOM-4 to 6). The likeliest first: the
/// check digit itself, look-alike digits (DOM-17), swaps, the rest. Empty if
/// the number is not a wrong one of 6 or 8 digits.
pub fn insurer_corrections(number: &str) -> Vec<String> {
    let number = insurer_shown(number);
    if insurer_check(&number) != Check::Bad {
        return Vec::new();
    }
    let mut found: Vec<(u8, String)> = Vec::new();
    for (wrong, candidate) in neighbours_of(&number) {
        // 00 in front of six digits is padding, no number of its own.
        let same_kind = insurer_shown(&candidate).len() == number.len();
        if same_kind && is_known_insurer(&candidate) {
            found.push((wrong, candidate));
        }
    }
    found.sort();
    let mut known = BTreeSet::new();
    found.retain(|(_, candidate)| known.insert(candidate.clone()));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Every number one slip away, with how unlikely the slip is.
fn neighbours_of(number: &str) -> Vec<(u8, String)> {
    let digits: Vec<char> = number.chars().collect();
    let mut out = Vec::new();
    for at in 0..digits.len() {
        for new in '0'..='9' {
            if digits.get(at) != Some(&new) {
                let mut changed = digits.clone();
                let slip = match alike(digits[at], new) {
                    _ if at + 1 == digits.len() => 0,
                    true => 1,
                    false => 3,
                };
                changed[at] = new;
                out.push((slip, changed.iter().collect()));
            }
        }
        let mut swapped = digits.clone();
        if at + 1 < digits.len() && digits[at] != digits[at + 1] {
            swapped.swap(at, at + 1);
            out.push((2, swapped.iter().collect()));
        }
    }
    out
}

/// Digits that worn cards confuse (DOM-17).
fn alike(one: char, other: char) -> bool {
    ["358", "06", "17"]
        .iter()
        .any(|group| group.contains(one) && group.contains(other))
}

/// A number with one digit that worn cards confuse in its stead (DOM-17), from
/// the left.
pub fn look_alikes(number: &str) -> Vec<String> {
    let letters: Vec<char> = number.chars().collect();
    let mut out = Vec::new();
    for at in 0..letters.len() {
        for new in '0'..='9' {
            if letters[at] != new && alike(letters[at], new) {
                let mut changed = letters.clone();
                changed[at] = new;
                out.push(changed.into_iter().collect());
            }
        }
    }
    out
}

/// The ways to write a 番号 that are tried in turn: as typed, without leading
/// zeros, filled to the usual width (DOM-13).
pub fn number_forms(insurer: &str, number: &str) -> Vec<String> {
    let mut forms = vec![number.to_owned()];
    if is_digits(number) {
        let bare = number.trim_start_matches('0');
        let bare = if bare.is_empty() { "0" } else { bare };
        let width = if is_late_elderly(insurer) { 8 } else { 7 };
        for form in [bare.to_owned(), format!("{bare:0>width$}")] {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// 後期高齢者医療 (39…): no 記号, 番号 of 8 digits, no 枝番 (DOM-15).
pub fn is_late_elderly(insurer: &str) -> bool {
    let insurer = insurer_shown(insurer);
    insurer.len() == 8 && insurer.starts_with("39")
}

/// Why 同じ保険証の次の方 does not apply to a card, if it does not: 後期高齢者
/// have a number each (DOM-15, DOM-16).
pub fn no_family(insurer: &str) -> Option<&'static str> {
    is_late_elderly(insurer).then_some(
        "後期高齢者医療（39 で始まる）の番号はひとりずつ別です。次の方は初めから入れてください。",
    )
}

/// 枝番 of two digits; blank stays blank, for it is not 00 (DOM-14).
pub fn branch_filled(branch: &str) -> String {
    let branch = fold::digits(branch);
    if branch.len() == 1 && is_digits(&branch) {
        format!("0{branch}")
    } else {
        branch
    }
}

/// Whether `text` is ASCII digits and nothing else.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
