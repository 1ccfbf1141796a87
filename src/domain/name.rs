//! Comparison of names in levels (DOM-31 to 36). The level is said; only the
//! first two pass silently, the rest is for a person to decide.

use crate::text::fold::{is_private, loose_kana, name_key, plain_kanji};
use unicode_segmentation::UnicodeSegmentation;

/// How well two names agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The same characters.
    Same,
    /// The same but for spaces and width.
    Spacing,
    /// The same but for variants of kanji (髙/高).
    Variants,
    /// The same where both can be read: ● or 外字 stands for one character
    /// (DOM-34).
    Unreadable,
    /// The names differ, the readings agree.
    Reading,
    /// Different, or nothing to compare.
    Different,
}

impl Agreement {
    /// Whether no one has to look (DOM-32).
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Same | Self::Spacing)
    }

    /// What to tell the clerk; empty where there is nothing to tell.
    pub fn label(self) -> &'static str {
        match self {
            Self::Same | Self::Spacing => "",
            Self::Variants => "異体字だけの違い",
            Self::Unreadable => "●の字を確かめる",
            Self::Reading => "カナは同じ、漢字が違う",
            Self::Different => "氏名が違う",
        }
    }
}

/// What stands for the hidden part of a name. U+3007 is two columns wide on
/// every terminal; two of them, so that the length is hidden too.
const HIDDEN: &str = "〇〇";

/// A name as lists show it until it is opened (DOM-45): the part before the
/// first space, else the first half, at most all but one character.
pub fn half(name: &str) -> String {
    let name = name.trim();
    if let Some((first, _)) = name.split_once(char::is_whitespace) {
        let gap = if first.is_ascii() { " " } else { "　" };
        return format!("{first}{gap}{HIDDEN}");
    }
    let all: Vec<&str> = name.graphemes(true).collect();
    if all.is_empty() {
        return String::new();
    }
    let shown = all.len().div_ceil(2).min(all.len() - 1);
    let first: String = all.into_iter().take(shown).collect();
    format!("{first}{HIDDEN}")
}

/// A name with its reading; either may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Named<'a> {
    /// 氏名.
    pub name: &'a str,
    /// Its reading, in any kana.
    pub kana: &'a str,
}

/// Compares two names by the levels of DOM-32.
pub fn compare(one: Named<'_>, other: Named<'_>) -> Agreement {
    if let Some(level) = compare_names(one.name, other.name) {
        return level;
    }
    if same_reading(one.kana, other.kana) {
        Agreement::Reading
    } else {
        Agreement::Different
    }
}

fn compare_names(one: &str, other: &str) -> Option<Agreement> {
    let (a, b) = (name_key(one), name_key(other));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if one == other && !one.contains(is_unreadable) {
        return Some(Agreement::Same);
    }
    if a == b && !a.contains(is_unreadable) {
        return Some(Agreement::Spacing);
    }
    let (a, b) = (plain_kanji(&a), plain_kanji(&b));
    if a == b && !a.contains(is_unreadable) {
        return Some(Agreement::Variants);
    }
    same_but_unreadable(&a, &b).then_some(Agreement::Unreadable)
}

fn is_unreadable(c: char) -> bool {
    matches!(c, '●' | '〓') || is_private(c)
}

/// Each unreadable character matches any one; something must be readable.
fn same_but_unreadable(one: &str, other: &str) -> bool {
    let same_length = one.chars().count() == other.chars().count();
    let mut readable = false;
    same_length
        && one.chars().zip(other.chars()).all(|(a, b)| {
            let blind = is_unreadable(a) || is_unreadable(b);
            readable |= !blind;
            blind || a == b
        })
        && readable
}

/// Whether two readings agree loosely (DOM-31). A missing one proves nothing
/// (DOM-42).
pub fn same_reading(one: &str, other: &str) -> bool {
    let (a, b) = (loose_kana(one), loose_kana(other));
    !a.is_empty() && a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dom_45_a_name_in_part() {
        for (name, shown) in [
            ("新橋　太郎", "新橋　〇〇"),
            ("新橋太郎", "新橋〇〇"),
            ("林太郎", "林太〇〇"),
            ("林純", "林〇〇"),
            ("李", "〇〇"),
            ("シンバシタロウ", "シンバシ〇〇"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ　〇〇"),
            ("か\u{3099}く", "か\u{3099}〇〇"),
            ("葛\u{e0100}城", "葛\u{e0100}〇〇"),
            ("John Fitzgerald Smith", "John 〇〇"),
            ("", ""),
        ] {
            assert_eq!(half(name), shown, "{name}");
        }
    }

    use proptest::prelude::*;

    fn level(one: &str, other: &str) -> Agreement {
        compare(
            Named {
                name: one,
                kana: "",
            },
            Named {
                name: other,
                kana: "",
            },
        )
    }

    #[test]
    fn dom_32_levels() {
        for (one, other, agreement) in [
            ("新橋　太郎", "新橋　太郎", Agreement::Same),
            ("新橋太郎", "新橋　太郎", Agreement::Spacing),
            ("ＪＯＨＮ", "JOHN", Agreement::Spacing),
            ("髙橋一郎", "高橋　一郎", Agreement::Variants),
            ("渡邉", "渡邊", Agreement::Variants),
            ("𠮷田", "吉田", Agreement::Variants),
            ("●橋一郎", "髙橋　一郎", Agreement::Unreadable),
            ("●橋一郎", "●橋一郎", Agreement::Unreadable),
            ("\u{E000}橋", "高橋", Agreement::Unreadable),
            ("●●", "高橋", Agreement::Different),
            ("●橋", "高橋一", Agreement::Different),
            ("新橋太郎", "新橋次郎", Agreement::Different),
            ("", "", Agreement::Different),
        ] {
            assert_eq!(level(one, other), agreement, "{one} {other}");
        }
    }

    #[test]
    fn dom_32_reading() {
        let one = Named {
            name: "佐藤花子",
            kana: "サトウ　ハナコ",
        };
        let other = Named {
            name: "佐東花子",
            kana: "ｻﾄｳ ﾊﾅｺ",
        };
        assert_eq!(compare(one, other), Agreement::Reading);
        let unread = Named { kana: "", ..other };
        assert_eq!(compare(one, unread), Agreement::Different);
        assert!(!Agreement::Reading.is_silent() && Agreement::Spacing.is_silent());
    }

    proptest! {
        #[test]
        fn comparing_has_no_direction(one in "[高髙橋●新 　]{0,5}", other in "[高髙橋●新 　]{0,5}") {
            prop_assert_eq!(level(&one, &other), level(&other, &one));
        }
    }
}
