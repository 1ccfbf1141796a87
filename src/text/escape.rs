//! The sequences that steer a terminal, taken out of text as a whole: what is
//! behind the escape alone would be left as if a person had typed it.

use std::borrow::Cow;

const ESC: char = '\u{1B}';

/// `text` without CSI, OSC, DCS and the like, and SS3, in their forms of seven
/// and of eight bits, and without the short ones: an escape with intermediates
/// and a final character (what `tput sgr0` sends), or with one character.
///
/// A sequence that is broken off takes along only what cannot be meant for
/// reading: its introducer and the parameters behind that. An escape that
/// introduces none of these stays, as one character.
pub fn without(text: &str) -> Cow<'_, str> {
    let introduces = |c| matches!(c, ESC | '\u{8F}'..='\u{90}' | '\u{98}' | '\u{9B}'..='\u{9F}');
    if !text.contains(introduces) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let behind = rest.as_str();
        let kind = match (c, behind.chars().next()) {
            (ESC, Some(second)) => {
                Kind::of(second, behind).map(|kind| (kind, behind_first(behind)))
            }
            (c, _) => Kind::of_eight_bits(c).map(|kind| (kind, behind)),
        };
        match kind {
            Some((kind, body)) => rest = kind.skip(body).chars(),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn behind_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Parameters, intermediates, a final character.
    Csi,
    /// A text up to a bell or a string terminator.
    Osc,
    /// A text up to a string terminator (DCS, SOS, PM, APC).
    Text,
    /// One character: a key of the keypad.
    Ss3,
    /// Intermediates, of which the first introduced it, and a final character.
    Charset,
    /// Nothing more: what introduced it was all.
    Short,
}

impl Kind {
    /// What the escape before `behind` introduces with its `second` character.
    fn of(second: char, behind: &str) -> Option<Self> {
        match second {
            '[' => Some(Self::Csi),
            ']' => Some(Self::Osc),
            'P' | 'X' | '^' | '_' => Some(Self::Text),
            'O' => Some(Self::Ss3),
            '\\' | '7' | '8' | 'c' | '=' | '>' | 'D' | 'E' | 'H' | 'M' | 'N' | 'Z' => {
                Some(Self::Short)
            }
            // Brackets behind a lone escape are a person's; a final character
            // makes the difference.
            ' '..='/' => behind
                .trim_start_matches(|c| matches!(c, ' '..='/'))
                .starts_with(|c| matches!(c, '0'..='~'))
                .then_some(Self::Charset),
            _ => None,
        }
    }

    fn of_eight_bits(c: char) -> Option<Self> {
        match c {
            '\u{9B}' => Some(Self::Csi),
            '\u{9D}' => Some(Self::Osc),
            '\u{90}' | '\u{98}' | '\u{9E}' | '\u{9F}' => Some(Self::Text),
            '\u{8F}' => Some(Self::Ss3),
            _ => None,
        }
    }

    /// What is left of `body`, which begins behind the introducer.
    fn skip(self, body: &str) -> &str {
        match self {
            Self::Csi => {
                let rest = body.trim_start_matches(|c| matches!(c, '\u{30}'..='\u{3F}'));
                let end = rest.trim_start_matches(|c| matches!(c, '\u{20}'..='\u{2F}'));
                end.strip_prefix(|c| matches!(c, '\u{40}'..='\u{7E}'))
                    .unwrap_or(rest)
            }
            Self::Ss3 => body
                .strip_prefix(|c| matches!(c, 'A'..='I' | 'M'..='S' | 'X' | 'j'..='y'))
                .unwrap_or(body),
            Self::Charset => behind_first(body.trim_start_matches(|c| matches!(c, ' '..='/'))),
            Self::Short => body,
            Self::Osc | Self::Text => self.skip_text(body),
        }
    }

    fn skip_text(self, body: &str) -> &str {
        // The next control character ends it, well or not: a text without an
        // end takes nothing along that stands behind one.
        let broken = || body.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        let control = |&(_, c): &(usize, char)| c.is_control() && c != '\t';
        let Some((at, ends)) = body.char_indices().find(control) else {
            return broken();
        };
        let end = behind_first(body.get(at..).unwrap_or_default());
        match ends {
            '\u{9C}' => end,
            '\u{7}' if self == Self::Osc => end,
            ESC => end.strip_prefix('\\').unwrap_or_else(broken),
            _ => broken(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sequences_go_as_a_whole_and_text_stays() {
        for (text, left) in [
            ("\u{1B}[31m赤\u{1B}[0m", "赤"),
            ("\u{1B}[?2026h新橋\u{1B}[1;2H太郎", "新橋太郎"),
            ("\u{9B}2J新橋", "新橋"),
            ("\u{1B}]0;題\u{7}新橋", "新橋"),
            (
                "\u{1B}]8;;https://example.jp\u{1B}\\新橋\u{1B}]8;;\u{1B}\\",
                "新橋",
            ),
            ("\u{1B}P1$r0m\u{1B}\\新橋", "新橋"),
            ("\u{1B}_Gi=1\u{9C}新橋", "新橋"),
            ("\u{1B}OP新橋", "新橋"),
            ("\u{1B}[200~新橋\u{1B}[201~", "新橋"),
            // What `tput sgr0` sends, and the other short ones.
            ("\u{1B}(B\u{1B}[m新橋", "新橋"),
            ("\u{1B}\\新橋", "新橋"),
            ("\u{1B}7新\u{1B}8橋\u{1B}c", "新橋"),
            ("\u{1B}=新\u{1B}>橋", "新橋"),
            ("\u{1B}D\u{1B}E\u{1B}H\u{1B}M\u{1B}N\u{1B}Z新橋", "新橋"),
            ("\u{1B}#8新橋", "新橋"),
            ("\u{1B}%G新橋", "新橋"),
            ("\u{1B}$(D新橋", "新橋"),
            // A bracket that no final character follows is a person's.
            ("\u{1B}(新橋)", "\u{1B}(新橋)"),
            ("新橋\u{1B}(", "新橋\u{1B}("),
            // Broken off.
            ("新橋\u{1B}[", "新橋"),
            ("新橋\u{1B}[31", "新橋"),
            ("\u{1B}[新橋", "新橋"),
            ("\u{1B}[ 新橋", " 新橋"),
            ("\u{1B}]新橋太郎", "新橋太郎"),
            ("\u{1B}]0;新橋太郎\n", "新橋太郎\n"),
            ("\u{1B}P新橋\u{1B}[31m太郎", "新橋太郎"),
            ("\u{1B}O新橋", "新橋"),
            // None of these.
            ("新橋\u{1B}", "新橋\u{1B}"),
            ("\u{1B}新橋", "\u{1B}新橋"),
            ("[31m", "[31m"),
        ] {
            assert_eq!(without(text), left, "{text:?}");
        }
    }

    fn sequence() -> impl Strategy<Value = String> {
        prop_oneof![
            "(\u{1B}\\[|\u{9B})[0-?]{0,12}[ -/]{0,3}[@-~]",
            "(\u{1B}\\]|\u{9D})[ -~あ-ん]{0,20}(\u{7}|\u{1B}\\\\|\u{9C})",
            "(\u{1B}[PX\\^_]|[\u{90}\u{98}\u{9E}\u{9F}])[ -~あ-ん]{0,20}(\u{1B}\\\\|\u{9C})",
            "(\u{1B}O|\u{8F})[A-IM-SXj-y]",
            "\u{1B}[ -/]{1,3}[0-~]",
            "\u{1B}[\\\\78c=>DEHMNZ]",
        ]
    }

    proptest! {
        #[test]
        fn nothing_of_a_sequence_is_left_and_all_around_it_is(
            before in "[ -~あ-ん漢字]{0,12}", sequence in sequence(), after in "[ -~あ-ん漢字]{0,12}",
        ) {
            let left = without(&format!("{before}{sequence}{after}")).into_owned();
            prop_assert_eq!(left, format!("{}{}", before, after));
        }

        #[test]
        fn one_broken_off_takes_no_japanese_along(
            begin in "\u{1B}[\\[\\]PX\\^_O]|[\u{8F}\u{90}\u{98}\u{9B}\u{9D}\u{9E}\u{9F}]",
            number in "[0-9;]{0,8}", text in "[あ-んア-ン漢字、。]{1,20}",
        ) {
            let left = without(&format!("{text}{begin}{number}{text}")).into_owned();
            let kept = format!("{text}{number}{text}");
            prop_assert!(left == text.repeat(2) || left == kept, "{:?}", left);
        }

        #[test]
        fn any_text_is_taken_and_none_grows(text in any::<String>()) {
            prop_assert!(without(&text).len() <= text.len());
        }
    }
}
