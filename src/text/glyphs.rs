//! Signs of our own screens, and how wide the terminal draws the characters
//! that Unicode calls ambiguous (tui-craft B.3, DOM-48).

mod ambiguous;

use super::cells;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// How many columns the terminal gives an ambiguous character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ambiguous {
    /// One column.
    #[default]
    Narrow,
    /// Two columns.
    Wide,
}

/// What a terminal has said about its widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Widths {
    /// Of marks and letters.
    pub ambiguous: Ambiguous,
    /// Box lines are not drawn so: no line may be drawn with them.
    pub lines_differ: bool,
}

/// Whether Unicode leaves the width of `c` to the terminal (class A of UAX #11
/// without combining marks).
pub fn is_ambiguous(c: char) -> bool {
    let code = c as u32;
    ambiguous::RANGES
        .binary_search_by(|&(from, to)| {
            if to < code {
                std::cmp::Ordering::Less
            } else if from > code {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

fn needs_filler(cluster: &str) -> bool {
    cluster.chars().next().is_some_and(is_ambiguous) && cells::cluster_cells(cluster) == 1
}

impl Ambiguous {
    /// Columns of `text` on such a terminal.
    pub fn cells(self, text: &str) -> usize {
        let narrow = cells::cells(text);
        match self {
            Self::Narrow => narrow,
            Self::Wide => narrow + text.graphemes(true).filter(|c| needs_filler(c)).count(),
        }
    }

    /// `text` with a filler space behind every glyph the terminal draws wider
    /// than it is counted: drawn so, every glyph owns the columns it covers.
    pub fn spread(self, text: &str) -> Cow<'_, str> {
        if self == Self::Narrow || !text.chars().any(is_ambiguous) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 8);
        for cluster in text.graphemes(true) {
            out.push_str(cluster);
            if needs_filler(cluster) {
                out.push(' ');
            }
        }
        Cow::Owned(out)
    }
}

impl Ambiguous {
    /// `text`, spread, in at most `columns`; one that is longer ends with
    /// `mark`, unless only blanks are left out.
    pub fn fit<'t>(self, text: &'t str, columns: usize, mark: &str) -> Cow<'t, str> {
        if self.cells(text.trim_end_matches(' ')) <= columns {
            let all = self.spread(text);
            let head = cells::cut(&all, columns);
            return if head.len() == all.len() {
                all
            } else {
                Cow::Owned(head.to_owned())
            };
        }
        let room = columns.saturating_sub(self.cells(mark));
        let mut out = String::new();
        let mut used = 0;
        for cluster in text.graphemes(true) {
            used += self.cells(cluster);
            if used > room {
                break;
            }
            out.push_str(&self.spread(cluster));
        }
        out.push_str(mark);
        Cow::Owned(out)
    }
}

/// The signs screens are made of. Never written as literals elsewhere, so
/// that a terminal that cannot show them can be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Horizontal rule.
    pub rule: &'static str,
    /// Vertical line.
    pub bar: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// 有効 (OUT-51).
    pub valid: &'static str,
    /// 無効, attention (OUT-51).
    pub attention: &'static str,
    /// 選択必須項目 1 (OUT-21).
    pub either_1: &'static str,
    /// 選択必須項目 2 (OUT-21).
    pub either_2: &'static str,
    /// 必須項目 (OUT-21).
    pub required: &'static str,
    /// The chosen row, in the margin.
    pub chosen: &'static str,
    /// The mark of a text that was cut.
    pub cut: &'static str,
    /// From here to there.
    pub arrow: &'static str,
    /// A child of the line above.
    pub branch: &'static str,
    /// A key without a function; something not given.
    pub none: &'static str,
}

/// Signs of an ordinary Unicode terminal.
pub const UNICODE: Glyphs = Glyphs {
    rule: "─",
    bar: "│",
    corners: ["┌", "┐", "└", "┘"],
    valid: "○",
    attention: "！",
    either_1: "※1",
    either_2: "※2",
    required: "*",
    chosen: ">",
    cut: "~",
    arrow: "→",
    branch: "└",
    none: "—",
};

/// Signs without an ambiguous character.
pub const ASCII: Glyphs = Glyphs {
    rule: "-",
    bar: "|",
    corners: ["+", "+", "+", "+"],
    valid: "〇",
    attention: "！",
    either_1: "#1",
    either_2: "#2",
    required: "*",
    chosen: ">",
    cut: "~",
    arrow: "->",
    branch: "`-",
    none: "-",
};

impl Glyphs {
    /// The set that is safe on such a terminal.
    pub fn for_policy(policy: Ambiguous) -> &'static Self {
        match policy {
            Ambiguous::Narrow => &UNICODE,
            Ambiguous::Wide => &ASCII,
        }
    }

    /// A rule of `columns`.
    pub fn rule(&self, columns: usize) -> String {
        self.rule.repeat(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(set: &Glyphs) -> Vec<&'static str> {
        let mut all = vec![
            set.rule,
            set.bar,
            set.valid,
            set.attention,
            set.either_1,
            set.either_2,
            set.required,
            set.chosen,
            set.cut,
            set.arrow,
            set.branch,
            set.none,
        ];
        all.extend(set.corners);
        all
    }

    #[test]
    fn dom_48_ambiguous_and_not() {
        for c in "●○※×→▼①─│…‐―■□★Ⅳ№℡°±’αЖ\u{E000}".chars()
        {
            assert!(is_ambiguous(c), "{c}");
        }
        for c in "〇〜～ー・㈱−あ亜aｶ 、！\u{301}".chars() {
            assert!(!is_ambiguous(c), "{c}");
        }
    }

    #[test]
    fn spread_owns_its_columns() {
        assert_eq!(Ambiguous::Wide.spread("●高→"), "● 高→ ");
        assert_eq!(Ambiguous::Narrow.spread("●高→"), "●高→");
        for text in ["新橋●郎", "─①…", "〇ー"] {
            assert_eq!(
                cells::cells(&Ambiguous::Wide.spread(text)),
                Ambiguous::Wide.cells(text)
            );
        }
        assert_eq!(Ambiguous::Wide.cells("●高"), 4);
        assert_eq!(Ambiguous::Narrow.cells("●高"), 3);
    }

    #[test]
    fn what_does_not_fit_ends_with_a_mark() {
        for (policy, text, columns, fitted) in [
            (Ambiguous::Narrow, "山田太郎", 8, "山田太郎"),
            (Ambiguous::Narrow, "山田太郎", 7, "山田太~"),
            (Ambiguous::Narrow, "山田太郎", 1, "~"),
            (Ambiguous::Narrow, "abc  ", 3, "abc"),
            (Ambiguous::Narrow, "○高", 3, "○高"),
            (Ambiguous::Wide, "○高", 4, "○ 高"),
            (Ambiguous::Wide, "○高", 3, "○ ~"),
            (Ambiguous::Wide, "高○", 3, "高~"),
            (Ambiguous::Wide, "○", 1, "~"),
        ] {
            assert_eq!(policy.fit(text, columns, "~"), fitted, "{text} {columns}");
        }
    }

    #[test]
    fn b3_safe_set_has_no_ambiguous_character() {
        for sign in all(&ASCII) {
            assert!(!sign.chars().any(is_ambiguous), "{sign}");
        }
        assert_eq!(Glyphs::for_policy(Ambiguous::Wide), &ASCII);
        assert_eq!(UNICODE.rule(3), "───");
    }

    #[test]
    fn table_is_sorted_and_disjoint() {
        for pair in ambiguous::RANGES.windows(2) {
            assert!(pair[0].1 < pair[1].0);
        }
    }
}
