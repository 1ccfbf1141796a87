//! Kana in its scripts and widths (DOM-29, DOM-31).

use super::{is_hyphen, narrow_char};
use unicode_normalization::UnicodeNormalization;

/// Half-width forms from U+FF61, in order.
const FROM_FF61: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソ\
タチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

fn wide_char(c: char) -> char {
    match c {
        '\u{FF61}'..='\u{FF9D}' => FROM_FF61.chars().nth(c as usize - 0xFF61).unwrap_or(c),
        '\u{FF9E}' | '゛' => '\u{3099}',
        '\u{FF9F}' | '゜' => '\u{309A}',
        c => c,
    }
}

fn katakana_char(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        c => c,
    }
}

fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー'..='ヿ')
}

/// Half-width katakana to full width, voiced marks joined (ｼﾝﾊﾞｼ → シンバシ).
/// A mark that nothing takes stays a mark of its own.
pub(super) fn wide(text: &str) -> String {
    let joined: String = text.chars().map(wide_char).nfc().collect();
    joined
        .chars()
        .map(|c| match c {
            '\u{3099}' => '゛',
            '\u{309A}' => '゜',
            c => c,
        })
        .collect()
}

/// Hiragana, half- and full-width katakana to full-width katakana with voiced
/// marks joined; a hyphen behind a kana is the long vowel mark (DOM-29,
/// DOM-31).
pub fn katakana(text: &str) -> String {
    let mut before = ' ';
    let katakana: String = text.chars().map(katakana_char).collect();
    wide(&katakana)
        .chars()
        .map(|c| {
            before = if is_hyphen(c) && is_katakana(before) {
                'ー'
            } else {
                c
            };
            before
        })
        .collect()
}

/// Katakana to hiragana, for those who search that way.
pub fn hiragana(text: &str) -> String {
    katakana(text)
        .chars()
        .map(|c| match c {
            'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// Kana to half-width katakana with separate voiced marks, ASCII and spaces
/// to half width: the form of `NameKana` on the wire (oqs-wire 18.2).
pub fn half_kana(text: &str) -> String {
    let mut out = String::new();
    for c in katakana(text).chars() {
        let plain = match c {
            'ヮ' => 'ワ',
            'ヵ' => 'カ',
            'ヶ' => 'ケ',
            'ヰ' => 'イ',
            'ヱ' => 'エ',
            '゛' => '\u{3099}',
            '゜' => '\u{309A}',
            c => narrow_char(c),
        };
        // Only kana is taken apart; é in a name is not.
        let parts: Vec<char> = if is_katakana(plain) {
            plain.nfd().collect()
        } else {
            vec![plain]
        };
        out.extend(parts.into_iter().map(half_char));
    }
    out
}

fn half_char(c: char) -> char {
    match c {
        '\u{3099}' => '\u{FF9E}',
        '\u{309A}' => '\u{FF9F}',
        c => FROM_FF61
            .chars()
            .position(|full| full == c)
            .and_then(|at| char::from_u32(0xFF61 + at as u32))
            .unwrap_or(c),
    }
}

/// A kana reading for loose comparison (DOM-31): small kana as large, long
/// vowel marks and hyphens out, ヴァ as バ, ヂ as ジ, ヅ as ズ, no spaces.
pub fn loose_kana(text: &str) -> String {
    let text: String = katakana(text)
        .chars()
        .map(narrow_char)
        .filter(|&c| {
            !c.is_whitespace() && !is_hyphen(c) && !matches!(c, '・' | '=' | '.' | '゛' | '゜')
        })
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == 'ヴ' {
            let voiced = match chars.peek() {
                Some('ァ') => Some('バ'),
                Some('ィ') => Some('ビ'),
                Some('ェ') => Some('ベ'),
                Some('ォ') => Some('ボ'),
                _ => None,
            };
            if voiced.is_some() {
                chars.next();
            }
            out.push(voiced.unwrap_or('ブ'));
            continue;
        }
        out.push(match c {
            'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
                char::from_u32(c as u32 + 1).unwrap_or(c)
            }
            'ヵ' => 'カ',
            'ヶ' => 'ケ',
            'ヂ' => 'ジ',
            'ヅ' => 'ズ',
            'ヷ' => 'バ',
            'ヸ' => 'ビ',
            'ヹ' => 'ベ',
            'ヺ' => 'ボ',
            c => c,
        });
    }
    out
}
