//! Invented letters: each character of a real value becomes another one of the
//! same kind and width.

use crate::text::cells::cluster_cells;
use crate::text::fold;

const KANJI: &[char] = &[
    '見', '本', '例', '試', '験', '仮', '架', '空', '模', '擬', '作', '物',
];
/// Those that take a voiced mark.
const KATAKANA: &[char] = &['カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ'];
/// Those that take either mark.
const MARKED: &[char] = &['ハ', 'ヒ', 'フ', 'ヘ', 'ホ'];
const SMALL_LETTERS: &[char] = &['a', 'b', 'e', 'k', 'm', 'n', 'r', 's', 't', 'u'];
const LETTERS: &[char] = &['A', 'B', 'E', 'K', 'M', 'N', 'R', 'S', 'T', 'U'];
const DIGITS: &[char] = &['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// `text` in other letters; `nth` values of one form differ from each other.
pub fn other(text: &str, nth: usize) -> String {
    let signs: Vec<char> = text.chars().collect();
    let zeros = leading_zeros(&signs);
    let mut out = String::with_capacity(text.len());
    let mut letter = 0;
    for (at, &c) in signs.iter().enumerate() {
        if at < zeros {
            out.push(c);
            continue;
        }
        let marked = matches!(signs.get(at + 1), Some('ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309A}'));
        out.push(one(c, marked, nth, letter));
        letter += usize::from(!is_mark(c));
    }
    out
}

/// Zeros in front of a number stay: how many there are is what the central
/// system is particular about (INC-3).
fn leading_zeros(signs: &[char]) -> usize {
    let number = signs.len() > 1 && signs.iter().all(|c| fold::digit(*c).is_some());
    let zeros = signs
        .iter()
        .take_while(|c| fold::digit(**c) == Some('0'))
        .count();
    if number && zeros < signs.len() {
        zeros
    } else {
        0
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, 'ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309A}') || fold::is_selector(c)
}

fn one(c: char, marked: bool, nth: usize, letter: usize) -> char {
    let narrow = fold::narrow_char(c);
    let pick = |set: &[char], own: char| pick(set, own, nth, letter);
    match narrow {
        '0'..='9' => as_wide_as(c, pick(DIGITS, narrow)),
        'a'..='z' => as_wide_as(c, pick(SMALL_LETTERS, narrow)),
        'A'..='Z' => as_wide_as(c, pick(LETTERS, narrow)),
        // Of the sound marks only their place is kept.
        'ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309A}' | 'ー' | 'ｰ' | '・' | '･' => c,
        c if fold::is_selector(c) => '\u{FE00}',
        'ｦ'..='ﾝ' => {
            let set = if marked { MARKED } else { KATAKANA };
            half(pick(set, wide(narrow)))
        }
        'ァ'..='ヺ' => pick(if marked { MARKED } else { KATAKANA }, narrow),
        'ぁ'..='ゖ' => hiragana(pick(
            if marked { MARKED } else { KATAKANA },
            katakana(narrow),
        )),
        _ if !c.is_alphanumeric() && !fold::is_private(c) => c,
        _ => match cluster_cells(c.encode_utf8(&mut [0; 4])) {
            0 => c,
            2 => pick(KANJI, c),
            _ => pick(LETTERS, c),
        },
    }
}

/// One of `set` that is not `own`, another one for each of the first values.
fn pick(set: &[char], own: char, nth: usize, letter: usize) -> char {
    let turn = u32::try_from(letter.min(3)).unwrap_or(0);
    let step = nth / set.len().pow(turn) + letter * 3 + 1;
    let chosen = set[step % set.len()];
    if chosen == own {
        set[(step + 1) % set.len()]
    } else {
        chosen
    }
}

fn as_wide_as(like: char, narrow: char) -> char {
    if like.is_ascii() {
        return narrow;
    }
    char::from_u32(narrow as u32 + 0xFEE0).unwrap_or(narrow)
}

/// A digit as wide as the sign in whose place it stands.
pub fn digit_like(like: char, digit: char) -> char {
    as_wide_as(like, digit)
}

fn first(text: &str, or: char) -> char {
    text.chars().next().unwrap_or(or)
}

fn half(c: char) -> char {
    first(&fold::half_kana(c.encode_utf8(&mut [0; 4])), c)
}

fn wide(c: char) -> char {
    first(&fold::name_key(c.encode_utf8(&mut [0; 4])), c)
}

fn katakana(c: char) -> char {
    first(&fold::katakana(c.encode_utf8(&mut [0; 4])), c)
}

fn hiragana(c: char) -> char {
    first(&fold::hiragana(c.encode_utf8(&mut [0; 4])), c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::cells::cells;

    #[test]
    fn letters_keep_their_kind_and_width() {
        for text in [
            "山田　太郎",
            "ﾔﾏﾀﾞ ﾀﾛｳ",
            "やまだたろう",
            "札あ10",
            "ＡＢＣ１２",
        ] {
            let new = other(text, 0);
            assert_eq!(cells(&new), cells(text), "{text} {new}");
            assert_eq!(new.chars().count(), text.chars().count());
            for (a, b) in text.chars().zip(new.chars()) {
                assert!(a != b || !a.is_alphanumeric() || is_mark(a), "{text} {new}");
            }
        }
    }

    #[test]
    fn one_reading_is_masked_alike_in_every_script() {
        assert_eq!(fold::hiragana(&other("タロウ", 4)), other("たろう", 4));
        assert_eq!(fold::half_kana(&other("タロウ", 4)), other("ﾀﾛｳ", 4));
    }

    #[test]
    fn zeros_in_front_of_a_number_stay() {
        let new = other("0012345", 2);
        assert!(new.starts_with("00") && !new.starts_with("000"), "{new}");
        assert_ne!(other("000", 0), "000");
    }
}
