//! A reading in the other ways an insurer may have registered it (DOM-31).

/// What is written in two ways, the likeliest first: small kana as large ones,
/// the sounds that fall together, long vowels, and the rest.
const KANA: [(&str, &str); 25] = [
    ("ャ", "ヤ"),
    ("ュ", "ユ"),
    ("ョ", "ヨ"),
    ("ッ", "ツ"),
    ("ヨウ", "ョウ"),
    ("ユウ", "ュウ"),
    ("ヅ", "ズ"),
    ("ヂ", "ジ"),
    ("ズ", "ヅ"),
    ("ジ", "ヂ"),
    ("ョウ", "ョー"),
    ("ョー", "ョウ"),
    ("オオ", "オー"),
    ("オー", "オオ"),
    ("オウ", "オー"),
    ("オー", "オウ"),
    ("ュウ", "ュー"),
    ("ュー", "ュウ"),
    ("ツ", "ッ"),
    ("ヤ", "ャ"),
    ("ユ", "ュ"),
    ("ヨ", "ョ"),
    ("ヴァ", "バ"),
    ("ヴィ", "ビ"),
    ("ー", ""),
];

/// After these a small ャ, ュ or ョ is read.
const I_ROW: &str = "キギシジチヂニヒビピミリ";
/// Before these a small ッ is read.
const DOUBLED: &str = "カキクケコサシスセソタチツテトパピプペポ";

/// The reading with one such change each. A small kana only where one can be
/// read: never at the beginning.
pub(super) fn readings(kana: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (from, to) in KANA {
        for (at, _) in kana.match_indices(from) {
            let (before, rest) = kana.split_at(at);
            let after = rest.strip_prefix(from).unwrap_or_default();
            if fits(before.chars().last(), to, after.chars().next()) {
                out.push(format!("{before}{to}{after}"));
            }
        }
    }
    out
}

fn fits(before: Option<char>, to: &str, after: Option<char>) -> bool {
    let one_of = |row: &str, letter: Option<char>| letter.is_some_and(|c| row.contains(c));
    match to.chars().next() {
        Some('ャ' | 'ュ' | 'ョ') => one_of(I_ROW, before),
        Some('ッ') => before.is_some_and(|c| !"ッンー".contains(c)) && one_of(DOUBLED, after),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_likeliest_reading_comes_first_and_no_impossible_one() {
        let cases: [(&str, &[&str]); 9] = [
            ("ヤマダ", &[]),
            ("ツジ", &["ツヂ"]),
            ("ヨシダ", &[]),
            ("キョウコ", &["キヨウコ", "キョーコ"]),
            ("リヨウ", &["リョウ"]),
            ("ハツトリ", &["ハットリ"]),
            ("マツダ", &[]),
            ("ミヤザキ", &["ミャザキ"]),
            ("オオノ", &["オーノ"]),
        ];
        for (kana, expected) in cases {
            let mut all = readings(kana);
            all.dedup();
            assert_eq!(all, expected, "{kana}");
        }
    }

    proptest! {
        /// Where a small kana is put, one can be read.
        #[test]
        fn a_small_kana_stands_where_it_can_be_read(kana in "[アイキシヤユヨツタミンー]{1,8}") {
            for reading in readings(&kana) {
                let letters: Vec<char> = reading.chars().collect();
                for (at, letter) in letters.iter().enumerate() {
                    match letter {
                        'ャ' | 'ュ' | 'ョ' => prop_assert!(at > 0 && I_ROW.contains(letters[at - 1])),
                        'ッ' => prop_assert!(at > 0 && at + 1 < letters.len()),
                        _ => {}
                    }
                }
            }
        }
    }
}
