//! Text from outside, made safe for a screen (SEC-34).

use super::escape::without;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands where something was lost: U+FFFD of a decoder, or the rest
/// behind a length limit.
pub const LOSS: char = '〓';

/// Most combining marks kept on one base character.
const MARKS: usize = 8;

/// Whether `c` may steer a terminal, hide, or turn the reading order.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

/// `text` without what steers a terminal, as a whole, without control, bidi and zero-width characters, in NFC, with a tab
/// as one space and at most eight marks on a character.
pub fn clean(text: &str) -> String {
    few_marks(&nfc(&harmless(text)))
}

/// [`clean`] without NFC: for what has to stay as its source wrote it.
pub fn strip(text: &str) -> String {
    few_marks(&harmless(text))
}

fn harmless(text: &str) -> String {
    let harmless = |c| match c {
        '\t' => Some(' '),
        '\u{FFFD}' => Some(LOSS),
        c if is_harmful(c) => None,
        c => Some(c),
    };
    without(text).chars().filter_map(harmless).collect()
}

/// [`clean`], at most `max` characters long; a cut text ends with [`LOSS`].
pub fn clean_limited(text: &str, max: usize) -> String {
    // The limit is applied before the work too: a hostile text may be long.
    let long = text.chars().nth(max.saturating_mul(4)).is_some();
    let cleaned = if long {
        clean(&text.chars().take(max.saturating_mul(4)).collect::<String>())
    } else {
        clean(text)
    };
    if cleaned.chars().count() <= max && !long {
        return cleaned;
    }
    let kept: String = cleaned.chars().take(max.saturating_sub(1)).collect();
    if max == 0 {
        kept
    } else {
        format!("{kept}{LOSS}")
    }
}

/// [`clean`] for text of several lines: line ends stay, as `\n`.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .replace("\r\n", "\n")
        .split(['\n', '\r'])
        .map(clean)
        .collect();
    lines.join("\n")
}

/// [`clean`] for a paste into a one-line field: line ends become spaces, and
/// those at both ends go.
pub fn clean_paste(text: &str) -> String {
    let lines = clean_lines(text);
    lines.trim_matches('\n').replace('\n', " ")
}

/// NFC, but compatibility kanji (塚 U+FA10, 神 U+FA19) stay as the source gave
/// them: to their bearer they are not the same letter (DOM-36).
fn nfc(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars() {
        if matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') {
            out.extend(run.nfc());
            run.clear();
            out.push(c);
        } else {
            run.push(c);
        }
    }
    out.extend(run.nfc());
    out
}

fn few_marks(text: &str) -> String {
    let mut marks = 0;
    text.chars()
        .filter(|&c| {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            marks <= MARKS
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sec_34_corpus() {
        for (text, cleaned) in [
            ("新橋　太郎", "新橋　太郎"),
            ("\u{1B}[31m赤\u{7}", "赤"),
            ("a\u{9B}2Jb", "ab"),
            ("a\u{1B}b", "ab"),
            ("a\u{7F}b", "ab"),
            ("\u{202E}evil\u{202C}", "evil"),
            ("\u{2066}a\u{2069}\u{200E}\u{200F}\u{61C}", "a"),
            ("a\u{200B}b\u{200C}\u{200D}\u{2060}\u{FEFF}c", "abc"),
            ("a\u{E0041}\u{E007F}", "a"),
            ("か\u{3099}", "が"),
            ("a\tb", "a b"),
            ("\u{845B}\u{E0100}", "\u{845B}\u{E0100}"),
            ("\u{FA19}\u{FA10}", "\u{FA19}\u{FA10}"),
            ("\u{FFFD}", "〓"),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
        }
        let many = format!("x{}", "\u{334}".repeat(1000));
        assert_eq!(clean(&many).chars().count(), 9);
    }

    #[test]
    fn stripped_text_keeps_its_form() {
        assert_eq!(
            strip("か\u{3099}\u{212B}\u{FA19}"),
            "か\u{3099}\u{212B}\u{FA19}"
        );
        assert_eq!(strip("\u{202E}a\u{1B}[2J\tb\u{FFFD}"), "a b〓");
    }

    #[test]
    fn limits_and_pastes() {
        assert_eq!(clean_limited("あいう", 3), "あいう");
        assert_eq!(clean_limited("あいうえ", 3), "あい〓");
        assert_eq!(clean_limited(&"あ".repeat(10_000), 3), "ああ〓");
        assert_eq!(clean_limited("あ", 0), "");
        assert_eq!(clean_paste("山田\r\n太郎\n"), "山田 太郎");
        assert_eq!(clean_lines("一\r\n二\u{1B}\n三"), "一\n二\n三");
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(text in any::<String>()) {
            let once = clean(&text);
            prop_assert!(!once.contains(is_harmful));
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn the_limit_holds(text in any::<String>(), max in 0usize..20) {
            prop_assert!(clean_limited(&text, max).chars().count() <= max);
        }
    }
}
