//! 個人番号: recognised only to be refused (DOM-44, SEC-16).

use crate::text::clean::is_harmful;
use crate::text::fold::{is_hyphen, narrow_char};

/// Whether `text` holds twelve digits that pass the 個人番号 check digit, in
/// any width, also in groups parted by spaces, hyphens, dots or slashes.
pub fn holds_personal_number(text: &str) -> bool {
    let mut groups: Vec<String> = Vec::new();
    let mut open = false;
    for c in text
        .chars()
        .filter(|&c| !is_harmful(c) || c.is_whitespace())
    {
        let c = narrow_char(c);
        if c.is_ascii_digit() {
            if !open {
                groups.push(String::new());
                open = true;
            }
            if let Some(group) = groups.last_mut() {
                group.push(c);
            }
        } else if c.is_whitespace() || is_hyphen(c) || matches!(c, '.' | '/' | '・' | ',' | '_') {
            open = false;
        } else {
            if any_twelve(&groups) {
                return true;
            }
            groups.clear();
            open = false;
        }
    }
    any_twelve(&groups)
}

/// Whether some neighbouring groups together are a number of twelve digits.
fn any_twelve(groups: &[String]) -> bool {
    (0..groups.len()).any(|from| {
        let mut joined = String::new();
        groups.iter().skip(from).any(|group| {
            joined.push_str(group);
            joined.len() == 12 && is_personal_number(&joined)
        })
    })
}

/// 検査用数字 by 総務省令第85号 of 2014, article 5.
fn is_personal_number(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let [body @ .., check] = digits.as_slice() else {
        return false;
    };
    let sum: u32 = body
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6])
        .map(|(digit, weight)| digit * weight)
        .sum();
    let rest = sum % 11;
    let expected = if rest <= 1 { 0 } else { 11 - rest };
    body.len() == 11 && *check == expected
}
