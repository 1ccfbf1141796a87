//! Where words begin and end: Japanese has no spaces, so a word ends where the
//! script changes (東京都|みなと|タワー|12).

use unicode_segmentation::UnicodeSegmentation;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Space,
    Kanji,
    Hiragana,
    Katakana,
    Letters,
    Signs,
    /// The long vowel and the voiced marks: of whatever kana stands before.
    Kana,
}

fn script(cluster: &str) -> Script {
    match cluster.chars().next().unwrap_or(' ') {
        c if c.is_whitespace() => Script::Space,
        'ー' | 'ｰ' | '゛' | '゜' | 'ﾞ' | 'ﾟ' => Script::Kana,
        'ぁ'..='ゟ' => Script::Hiragana,
        'ァ'..='ヺ' | 'ヽ'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾝ' => Script::Katakana,
        '々'
        | '〆'
        | '〇'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
        | '\u{E000}'..='\u{F8FF}' => Script::Kanji,
        c if c.is_alphanumeric() => Script::Letters,
        _ => Script::Signs,
    }
}

/// Where words begin and end in `text`, in bytes, spaces left out.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut before = Script::Space;
    for (at, cluster) in text.grapheme_indices(true) {
        let end = at + cluster.len();
        let now = match (script(cluster), before) {
            (Script::Kana, Script::Hiragana) => Script::Hiragana,
            (Script::Kana, _) => Script::Katakana,
            (now, _) => now,
        };
        match words.last_mut() {
            _ if now == Script::Space => {}
            Some(last) if now == before => last.1 = end,
            _ => words.push((at, end)),
        }
        before = now;
    }
    words
}

/// The beginning of the last word.
pub(super) fn start(text: &str) -> usize {
    words(text).last().map_or(0, |(at, _)| *at)
}

/// The end of the first word.
pub(super) fn end(text: &str) -> usize {
    words(text).first().map_or(text.len(), |(_, end)| *end)
}
