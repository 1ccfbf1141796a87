//! Folding: the same text written in other widths and scripts. For entry
//! fields and, on copies, for comparison; what a source gave is kept as it is
//! (DOM-36).

mod kana;
mod variants;

pub use kana::{half_kana, hiragana, katakana, loose_kana};
pub use variants::{plain_kanji, shapes_of};

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Full-width ASCII to half-width, U+3000 to a space.
pub fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

/// One character of [`narrow`].
pub fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        c => c,
    }
}

/// The digit a character of any width stands for (DOM-29).
pub fn digit(c: char) -> Option<char> {
    let c = narrow_char(c);
    c.is_ascii_digit().then_some(c)
}

/// For number fields: half-width, without spaces and hyphens of any kind. What
/// is no digit stays, to be seen and complained of.
pub fn digits(text: &str) -> String {
    text.chars()
        .map(narrow_char)
        .filter(|&c| !c.is_whitespace() && !is_hyphen(c))
        .collect()
}

/// Hyphens, dashes, minus signs and the long vowel mark: what people press
/// when they mean a hyphen between digits.
pub fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
                | 'ー'
                | 'ｰ'
                | '─'
                | '━'
    )
}

/// Signs that makers map to different code points (CP932 and JIS tables), to
/// one of each pair (tui-craft B.4).
pub fn one_sign(c: char) -> char {
    match c {
        '\u{301C}' | '\u{FF5E}' | '~' | '\u{223C}' => '～',
        '\u{2212}' | '\u{FF0D}' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' => '-',
        '\u{2014}' | '\u{2015}' => '―',
        '\u{2225}' | '\u{2016}' => '‖',
        '\u{FFE0}' => '¢',
        '\u{FFE1}' => '£',
        '\u{FFE2}' => '¬',
        '\u{FFE3}' => '¯',
        '\u{FFE5}' => '¥',
        '\u{FF65}' | '\u{B7}' | '\u{2022}' => '・',
        c => c,
    }
}

/// Whether `c` only chooses a shape of the character before it.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether `c` is 外字, whose shape exists on one machine only.
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// Whether `c` does something to its neighbours that terminals do not agree
/// about: it chooses a shape or a colour, joins, or makes a key or a flag.
fn is_disputed(c: char) -> bool {
    is_selector(c)
        || (super::clean::is_harmful(c) && !c.is_control())
        || matches!(c, '\u{20E3}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// `text` as it may be shown: 外字 and halves of flags as 〓, without what
/// terminals draw differently, and a sound mark that has no letter as one that
/// stands alone. The data keep all of it.
pub fn display(text: &str) -> Cow<'_, str> {
    let marks = |c| matches!(c, '\u{3099}' | '\u{309A}');
    if !text.starts_with(marks) && !text.chars().any(|c| is_private(c) || is_disputed(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{1F1E6}'..='\u{1F1FF}' => out.push(super::clean::LOSS),
            c if is_private(c) => out.push(super::clean::LOSS),
            c if is_disputed(c) => {}
            '\u{3099}' if out.is_empty() => out.push('゛'),
            '\u{309A}' if out.is_empty() => out.push('゜'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// [`display`], owned.
pub fn shown(text: &str) -> String {
    display(text).into_owned()
}

/// The 外字 of some texts by their codes, each once, for a detail view: a
/// shape that exists on one machine only can be looked up there.
pub fn private_codes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut codes = Vec::new();
    for c in texts
        .into_iter()
        .flat_map(str::chars)
        .filter(|&c| is_private(c))
    {
        let code = format!("U+{:04X}", u32::from(c));
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// A name or another text for exact comparison: no spaces, one width, one code
/// point for each sign, no selectors, NFC (FIX-12). Kanji variants and kana
/// scripts stay apart.
pub fn name_key(text: &str) -> String {
    let bare: String = text
        .chars()
        .filter(|&c| !c.is_whitespace() && !is_selector(c))
        .collect();
    kana::wide(&bare)
        .chars()
        .map(|c| narrow_char(one_sign(c)))
        .nfc()
        .collect()
}

#[cfg(test)]
mod tests;
